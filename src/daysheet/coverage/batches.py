"""Everybody of a day: whose plan is asked, whose answer is fresh, who cannot be asked and why; what needs a person."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from daysheet.coverage import cases, queries
from daysheet.coverage.models import Coverage
from daysheet.coverage.queries import Standing
from daysheet.coverage.rules import medicare
from daysheet.coverage.rules.batch import Choice, Known, choice_of, is_due_by
from daysheet.coverage.rules.needs import Facts, need_of
from daysheet.kernel import clock

NOBODY = Standing("none", "No plan on this day")


@dataclass(frozen=True, slots=True)
class Entry:
    """A visit of the day, its plan, and what the batch does with it."""

    patient_id: UUID
    appointment_id: UUID
    coverage: Coverage | None
    standing: Standing
    choice: Choice


@dataclass(frozen=True, slots=True)
class Batch:
    """Everybody of a day by what is done: asked, fresh, waiting, cannot."""

    asked: list[Entry] = field(default_factory=list)
    fresh: list[Entry] = field(default_factory=list)
    waiting: list[Entry] = field(default_factory=list)
    cannot: list[Entry] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Need:
    """What needs a person before a visit: the matter, how the plan stands, and whom its answer names."""

    kind: str
    coverage: Coverage | None
    standing: Standing
    fault: str = ""
    other: Mapping[str, Any] | None = None


def fault_of_card(held: Coverage) -> str:
    """Return what is wrong with the number of a card, for the plans whose numbers have a known shape."""
    if not medicare.is_original(held.plan.payer.filing_code):
        return ""
    return medicare.fault_of_number(held.member_id)


def batch(*, day: date, visits: Sequence[tuple[UUID, UUID]], now: datetime, zone: ZoneInfo) -> Batch:
    """Return what asking for everybody of a day would do: four statements for any number of visits.

    Two visits of one patient are one question.
    """
    first: dict[UUID, UUID] = {}
    injured = cases.under_cases([appointment_id for _, appointment_id in visits])
    for patient_id, appointment_id in visits:
        if appointment_id not in injured:  # its case pays, and no health plan is asked
            first.setdefault(patient_id, appointment_id)
    held = {one.patient_id: one for one in _held(list(first)) if one.rank == 1 and _holds(one, day)}
    stands = queries.standing_of(list(held.values()), day)
    found = Batch()
    lists = {"ask": found.asked, "fresh": found.fresh, "waiting": found.waiting, "cannot": found.cannot}
    for patient_id, appointment_id in first.items():
        coverage = held.get(patient_id)
        standing = stands[coverage.pk] if coverage else NOBODY
        choice = choice_of(_known(coverage, standing, zone), day=day, now=now)
        lists[choice.act].append(Entry(patient_id, appointment_id, coverage, standing, choice))
    return found


def needs(
    visits: Sequence[tuple[UUID, date]], *, today: date, zone: ZoneInfo
) -> dict[tuple[UUID, date], Need]:
    """Return what needs a person of some visits (patient, day): three statements for any number."""
    by_patient: dict[UUID, list[Coverage]] = defaultdict(list)
    for one in _held(list({patient_id for patient_id, _ in visits})):
        by_patient[one.patient_id].append(one)
    plans = {
        (patient_id, day): [one for one in by_patient[patient_id] if _holds(one, day)]
        for patient_id, day in visits
    }
    primary = {key: next((one for one in held if one.rank == 1), None) for key, held in plans.items()}
    stands = queries.standing_at([(one, day) for (_, day), one in primary.items() if one])
    found: dict[tuple[UUID, date], Need] = {}
    for (patient_id, day), held in primary.items():
        standing = stands[held.pk, day] if held else NOBODY
        other = _unknown_payer(standing, plans[patient_id, day])
        fault = fault_of_card(held) if held else ""
        facts = Facts(
            standing.state,
            aaa_code=standing.aaa_code,
            fault=fault,
            is_connected=held is not None and held.plan.payer.partner_id is not None,
            is_silent=standing.is_silent,
            waits=standing.waits,
            is_retried=standing.again_at is not None,
            other_payer=str(other["name"]) if other else "",
            is_due=_is_due(standing, day, zone),
        )
        kind = need_of(facts, day=day, today=today)
        if kind:
            found[patient_id, day] = Need(kind, held, standing, fault, other)
    return found


def _held(patient_ids: list[UUID]) -> Sequence[Coverage]:
    """Return all plans of some patients, in one statement."""
    rows = Coverage.objects.filter(patient_id__in=patient_ids, entered_in_error_at__isnull=True)
    return list(
        rows.select_related("plan__payer__partner").filter(rank__range=(1, 3)).order_by("rank", "-starts_on")
    )


def _holds(held: Coverage, day: date) -> bool:
    return held.starts_on <= day and (held.ends_on is None or day < held.ends_on)


def _known(held: Coverage | None, standing: Standing, zone: ZoneInfo) -> Known:
    if held is None:
        return Known(has_plan=False)
    at = standing.answered_at
    return Known(
        is_connected=held.plan.payer.partner_id is not None,
        fault=fault_of_card(held),
        waits=standing.waits,
        again_at=standing.again_at,
        answered_at=at,
        answered_on=clock.local_day(at, zone) if at else None,
        asked_for=standing.asked_for,
        is_covered=standing.state == "covered",
    )


def _is_due(standing: Standing, day: date, zone: ZoneInfo) -> bool:
    at = standing.answered_at
    return at is not None and is_due_by(clock.local_day(at, zone), day=day)


def _unknown_payer(standing: Standing, held: Sequence[Coverage]) -> Mapping[str, Any] | None:
    """Return the first payer whom the answer names and of whom the patient has no card."""
    ids = {one.plan.payer.payer_id.casefold() for one in held if one.plan.payer.payer_id}
    names = {one.plan.payer.name.casefold() for one in held} | {one.plan.name.casefold() for one in held}
    for other in standing.other_payers:
        if str(other["id"]).casefold() not in ids and str(other["name"]).casefold() not in names:
            return other
    return None
