"""Which patients may be asked for how little on which days: two statements, however many there are."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from daysheet.coverage.models import Coverage, EligibilityResponse
from daysheet.coverage.rules.protection import HeldPlan, Protection, is_medicaid, protection

Month = tuple[int, int]


def protection_on(patient_id: UUID, day: date) -> Protection | None:
    """Return what protects a patient on a day, or None."""
    return protections({patient_id: [day]}).get((patient_id, day))


def protections(wanted: Mapping[UUID, Collection[date]]) -> dict[tuple[UUID, date], Protection]:
    """Return what protects each of some patients on some days; whom nothing protects is not in it."""
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
    rows = Coverage.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=first),
        patient_id__in=list(wanted),
        starts_on__lte=last,
        rank__gt=0,
        entered_in_error_at__isnull=True,
    )
    found: dict[UUID, list[Coverage]] = defaultdict(list)
    for row in rows.select_related("plan__payer").order_by("rank", "starts_on"):
        found[row.patient_id].append(row)
    return found


def _answers(
    coverage_ids: Collection[UUID], first: date, last: date
) -> dict[tuple[UUID, Month], EligibilityResponse]:
    """Return what each plan said last for each month: an answer speaks for the month of the day it was asked for."""
    if not coverage_ids:
        return {}
    beyond = (last.replace(day=1) + timedelta(days=32)).replace(day=1)
    rows = EligibilityResponse.objects.filter(
        inquiry__coverage_id__in=list(coverage_ids),
        inquiry__service_on__gte=first.replace(day=1),
        inquiry__service_on__lt=beyond,
    )
    found: dict[tuple[UUID, Month], EligibilityResponse] = {}
    for row in rows.select_related("inquiry").order_by("answered_at", "id"):
        on = row.inquiry.service_on
        found[row.inquiry.coverage_id, (on.year, on.month)] = row
    return found


def _plan(held: Coverage, answer: EligibilityResponse | None) -> HeldPlan:
    return HeldPlan(
        name=held.plan.name,
        is_medicaid=is_medicaid(held.plan.kind, held.plan.payer.filing_code),
        verdict=answer.verdict if answer else "",
        is_qmb=answer is not None and answer.qmb_line is not None,
        copay=answer.copay if answer else None,
    )
