"""Which patients may be asked for how little on which days: two statements, however many there are."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from daysheet.coverage.models import Coverage, EligibilityResponse
from daysheet.coverage.rules.protection import OFFICE, HeldPlan, Protection, protection
from daysheet.kernel.ready import Ready, Told

Month = tuple[int, int]
TELLING = (EligibilityResponse.Verdict.ELIGIBLE, EligibilityResponse.Verdict.INACTIVE)
"""Answers that would say QMB if it were so."""


class HeldAnswer(NamedTuple):
    """What a plan said for a month, whatever it could not say later."""

    verdict: str = ""
    copay: Decimal | None = None
    is_qmb: bool = False
    copays: Mapping[str, Decimal] = MappingProxyType({})


def protection_on(patient_id: UUID, day: date, *, service: str = OFFICE) -> Protection | None:
    """Return what protects a patient on a day at a visit of a service type, or None."""
    found = protections({patient_id: [day]}).get((patient_id, day))
    return found.for_service(service) if found else None


def protections(wanted: Mapping[UUID, Collection[date]]) -> dict[tuple[UUID, date], Protection]:
    """Return what protects each of some patients on some days; whom nothing protects is not in it.

    It is read for an office visit; `for_service` says it for a visit of another service type.
    """
    days = [day for some in wanted.values() for day in some]
    if not days:
        return {}
    held = _held(wanted, min(days), max(days))
    answers = _answers([one.pk for some in held.values() for one in some], min(days), max(days))
    found: dict[tuple[UUID, date], Protection] = {}
    for patient_id, some in wanted.items():
        for day in set(some):
            plans = [
                _plan(one, answers.get((one.pk, (day.year, day.month))))
                for one in held[patient_id]
                if one.starts_on <= day and (one.ends_on is None or day < one.ends_on)
            ]
            if told := protection(plans):
                found[patient_id, day] = told
    return found


def _held(wanted: Collection[UUID], first: date, last: date) -> dict[UUID, list[Coverage]]:
    found: dict[UUID, list[Coverage]] = defaultdict(list)
    for row in HELD(patients=list(wanted), first=first, last=last):
        found[row.patient_id].append(row)
    return found


HELD: Ready[Coverage] = Ready(
    lambda: (
        Coverage.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gt=Told("first")),
            patient_id__one_of=Told("patients"),
            starts_on__lte=Told("last"),
            rank__gt=0,
            entered_in_error_at__isnull=True,
        )
        .select_related("plan__payer")
        .order_by("rank", "starts_on")
    )
)


def of_this_card(rows: QuerySet[EligibilityResponse]) -> QuerySet[EligibilityResponse]:
    """Return answers to what was asked about the card as it is: plan, member and subscriber have not changed since."""
    return rows.filter(inquiry__card_version=F("inquiry__coverage__card_version"))


def speaking(rows: QuerySet[EligibilityResponse]) -> QuerySet[EligibilityResponse]:
    """Return answers without the silent ones where the same plan said something for the same month.

    A plan that cannot say (AAA 42, 80 and the like) takes nothing back of what it said.
    """
    silent = Q(verdict=EligibilityResponse.Verdict.CANNOT_SAY)
    said = EligibilityResponse.objects.exclude(silent)
    return rows.exclude(silent & Exists(said.filter(**_SAME_MONTH)))


def with_qmb(rows: QuerySet[EligibilityResponse]) -> QuerySet[EligibilityResponse]:
    """Return answers with `qmb`: the line by which the plan last called the patient a QMB for the month, or None.

    Only an answer that the patient is covered, or is not, can take it back by leaving it out.
    """
    own = rows.model.objects.filter(verdict__in=TELLING, **_SAME_MONTH).order_by("-answered_at", "-id")
    return rows.annotate(qmb=Subquery(own.values("qmb_line")[:1]))


_SAME_MONTH = {
    "inquiry__coverage_id": OuterRef("inquiry__coverage_id"),
    "inquiry__card_version": OuterRef("inquiry__card_version"),
    "inquiry__service_on__year": OuterRef("inquiry__service_on__year"),
    "inquiry__service_on__month": OuterRef("inquiry__service_on__month"),
}


def _answers(coverage_ids: Collection[UUID], first: date, last: date) -> dict[tuple[UUID, Month], HeldAnswer]:
    """Return what each plan said last for each month: an answer speaks for the month of the day it was asked for."""
    if not coverage_ids:
        return {}
    beyond = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
    found: dict[tuple[UUID, Month], HeldAnswer] = {}
    for row in ANSWERS(coverages=list(coverage_ids), first=first.replace(day=1), beyond=beyond):
        on = row.inquiry.service_on
        key = row.inquiry.coverage_id, (on.year, on.month)
        before = found.get(key, HeldAnswer())
        is_qmb = row.qmb_line is not None if row.verdict in TELLING else before.is_qmb
        is_silent = row.verdict == EligibilityResponse.Verdict.CANNOT_SAY
        if is_silent and before.verdict:
            continue
        found[key] = HeldAnswer(row.verdict, row.copay, is_qmb, row.copays_named)
    return found


ANSWERS: Ready[EligibilityResponse] = Ready(
    lambda: (
        of_this_card(
            EligibilityResponse.objects.filter(
                inquiry__coverage_id__one_of=Told("coverages"),
                inquiry__service_on__gte=Told("first"),
                inquiry__service_on__lt=Told("beyond"),
            )
        )
        .select_related("inquiry")
        .order_by("answered_at", "id")
    )
)


def _plan(held: Coverage, answer: HeldAnswer | None) -> HeldPlan:
    return HeldPlan(
        name=held.plan.name,
        is_medicaid=held.is_medicaid,
        verdict=answer.verdict if answer else "",
        is_qmb=answer is not None and answer.is_qmb,
        copay=answer.copay if answer else None,
        copays=answer.copays if answer else {},
    )
