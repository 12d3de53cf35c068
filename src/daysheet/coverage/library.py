"""The library of plans as a person looks through it, and a plan found by what was typed."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet

from daysheet.coverage.enrolment import PlanMerge
from daysheet.coverage.models import InsurancePlan
from daysheet.coverage.rules.injury import PLAN_KINDS

SHOWN = 200


def plan(plan_id: UUID) -> InsurancePlan | None:
    """Return a plan with its payer, or None."""
    return InsurancePlan.objects.select_related("payer").filter(pk=plan_id).first()


def found(text: str = "") -> QuerySet[InsurancePlan]:
    """Return the health plans whose name, payer or network holds every word, with how many coverages each has."""
    rows = InsurancePlan.objects.select_related("payer").exclude(kind__in=PLAN_KINDS)
    for word in text.replace("\0", "").split():
        rows = rows.filter(
            Q(name__icontains=word) | Q(payer__name__icontains=word) | Q(network__icontains=word)
        )
    held = Count("coverages", filter=Q(coverages__entered_in_error_at__isnull=True))
    return rows.annotate(held=held).order_by("-is_active", "payer__name", "name", "id")


def twins(one: InsurancePlan) -> QuerySet[InsurancePlan]:
    """Return the other plans of the same payer that are in use."""
    rows = InsurancePlan.objects.filter(payer_id=one.payer_id, is_active=True).exclude(pk=one.pk)
    return rows.exclude(kind__in=PLAN_KINDS).order_by("name")


def merges() -> QuerySet[PlanMerge]:
    """Return the plans that were put together and not taken apart, the latest first."""
    rows = PlanMerge.objects.filter(undone_at__isnull=True).select_related("kept__payer", "gone")
    return rows.order_by("-merged_at", "-id")


def words(one: InsurancePlan) -> str:
    """Return a plan as it is typed and read: its payer and its name."""
    return one.name if one.name == one.payer.name else f"{one.payer.name}: {one.name}"


def covers(one: InsurancePlan) -> int:
    """Return how many coverages a plan has, past ones among them."""
    return one.coverages.filter(entered_in_error_at__isnull=True).count()
