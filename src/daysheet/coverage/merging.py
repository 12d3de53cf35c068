"""Two payers that are one: what would go over to the other, what stays, and what rooms above take along."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from daysheet.coverage.enrolment import PayerEnrolment, PayerMerge
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.models import Coverage, Payer
from daysheet.coverage.telehealth_rule import TelehealthRule
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal


class PayersAreNotOne(Refusal):
    """The two payers cannot be put together, or cannot be taken apart again."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of something a payer has, and whether it goes over."""

    words: str
    many: int
    stays: bool = False


counts: list[Callable[[UUID], Sequence[Counted]]] = []
"""What rooms above count of a payer: registered by them at start-up."""


@dataclass(frozen=True, slots=True)
class Follower:
    """What a room above does when payers are put together, and when they are taken apart again."""

    room: str
    go: Callable[[Actor, UUID, UUID], dict[str, Any]]
    """After a payer (the first) was put into another one (the second): what goes along, by ids."""
    back: Callable[[Actor, PayerMerge, Sequence[UUID]], None]
    """After these coverages went back: takes back what went along, or raises PayersAreNotOne."""


followers: list[Follower] = []
"""The rooms above that take something along: registered by them at start-up."""


def look(payer: Payer) -> list[Counted]:
    """Return what would go over if a payer were put into another one, and what stays as it was sent."""
    covers = Coverage.objects.filter(plan__payer=payer, entered_in_error_at__isnull=True)
    own = [
        Counted(_("Plans"), payer.plans.count()),
        Counted(_("Coverages"), covers.count()),
        Counted(_("Cases of injury"), InjuryCase.objects.filter(payer=payer).count()),
        Counted(_("Enrollments"), PayerEnrolment.objects.filter(payer=payer).count()),
        Counted(_("Rules of visits by video"), TelehealthRule.objects.filter(payer=payer).count()),
    ]
    return [one for one in [*own, *(more for count in counts for more in count(payer.pk))] if one.many]


def others(payer: Payer) -> list[Payer]:
    """Return the payers in use into which one may be put: billed under the same kind."""
    rows = Payer.objects.filter(is_active=True, filing_code=payer.filing_code).exclude(pk=payer.pk)
    return list(rows.order_by("name"))


def merges() -> QuerySet[PayerMerge]:
    """Return the payers that were put together and not taken apart, the latest first."""
    rows = PayerMerge.objects.filter(undone_at__isnull=True).select_related("kept", "gone")
    return rows.order_by("-pk")
