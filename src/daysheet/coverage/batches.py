"""Everybody of a day: whose plan is asked, whose answer is fresh, who cannot be asked and why; what needs a person."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from daysheet.coverage import cases, enrolled, queries
from daysheet.coverage.models import Coverage, PayingFacts
from daysheet.coverage.paying import matters_of_order
from daysheet.coverage.queries import Standing
from daysheet.coverage.rules import medicare
from daysheet.coverage.rules.batch import Choice, Known, choice_of, is_due_by
from daysheet.coverage.rules.enrolment import NOTHING, Told
from daysheet.coverage.rules.needs import BEHIND_THE_ORDER, Facts, need_of
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
    """What needs a person before a visit: the matter, how the plan stands, what is wrong, whom its answer names."""

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


def is_connected(held: Coverage) -> bool:
    """Return whether questions reach the payer of a plan by wire."""
    partner = held.plan.payer.partner
    return partner is not None and partner.is_active


def batch(
    *,
    day: date,
    visits: Sequence[tuple[UUID, UUID]],
    now: datetime,
    zone: ZoneInfo,
    unused: Collection[UUID] = (),
) -> Batch:
    """Return what asking for everybody of a day would do: four statements for any number of visits.

    Every plan that holds the day is asked, by rank; two visits of one patient are one question to each. Nobody is
    asked about visits for which no plan is used.
    """
    first: dict[UUID, UUID] = {}
    alone: dict[UUID, UUID] = {}
    injured = cases.under_cases([appointment_id for _, appointment_id in visits])
    for patient_id, appointment_id in visits:
        if appointment_id not in injured:  # its case pays, and no health plan is asked
            (alone if appointment_id in unused else first).setdefault(patient_id, appointment_id)
    held: dict[UUID, list[Coverage]] = defaultdict(list)
    for one in _held(list(first)):
        if _holds(one, day):
            held[one.patient_id].append(one)
    every = [one for some in held.values() for one in some]
    stands = queries.standing_of(every, day)
    told = enrolled.told_of_each([one.plan.payer for one in every], "eligibility")
    found = Batch()
    lists = {"ask": found.asked, "fresh": found.fresh, "waiting": found.waiting, "cannot": found.cannot}
    for patient_id, appointment_id in first.items():
        for coverage in _by_rank(held[patient_id]):
            standing = stands[coverage.pk] if coverage else NOBODY
            choice = choice_of(_known(coverage, standing, told, zone), day=day, now=now)
            lists[choice.act].append(Entry(patient_id, appointment_id, coverage, standing, choice))
    for patient_id, appointment_id in alone.items():
        if patient_id not in first:
            choice = choice_of(Known(is_used=False), day=day, now=now)
            lists[choice.act].append(Entry(patient_id, appointment_id, None, NOBODY, choice))
    return found


def needs(
    visits: Sequence[tuple[UUID, date]], *, today: date, zone: ZoneInfo
) -> dict[tuple[UUID, date], list[Need]]:
    """Return what needs a person of some visits (patient, day), by rank of the plan: four statements for any number.

    Plans in a wrong order, and Medicare's questions, stand before what only waits to be asked.
    """
    by_patient: dict[UUID, list[Coverage]] = defaultdict(list)
    for one in _held(list({patient_id for patient_id, _ in visits})):
        by_patient[one.patient_id].append(one)
    plans = {
        (patient_id, day): [one for one in by_patient[patient_id] if _holds(one, day)]
        for patient_id, day in visits
    }
    every = [(one, day) for (_, day), some in plans.items() for one in some]
    stands = queries.standing_at(every)
    told = enrolled.told_of_each([one.plan.payer for one, _ in every], "eligibility")
    several = list({patient_id for (patient_id, _), some in plans.items() if len(some) > 1})
    facts = {one.patient_id: one for one in PayingFacts.objects.filter(patient_id__in=several)}
    found: dict[tuple[UUID, date], list[Need]] = defaultdict(list)
    for (patient_id, day), some in plans.items():
        for held in _by_rank(some):
            standing = stands[held.pk, day] if held else NOBODY
            enrolment = told[held.plan.payer_id] if held else NOTHING
            need = _need(held, standing, enrolment, day=day, today=today, zone=zone)
            if need is not None:
                found[patient_id, day].append(need)
        if order := _of_order(some, facts.get(patient_id), stands, day=day, zone=zone):
            mine = found[patient_id, day]
            at = next((n for n, one in enumerate(mine) if one.kind in BEHIND_THE_ORDER), len(mine))
            mine[at:at] = order
    return dict(found)


def _of_order(
    held: Sequence[Coverage],
    facts: PayingFacts | None,
    stands: Mapping[tuple[UUID, date], Standing],
    *,
    day: date,
    zone: ZoneInfo,
) -> list[Need]:
    """Return what of the order of the plans of a day needs a person."""
    if len(held) < 2:
        return []
    plan, questions = matters_of_order(held[0].patient, held, facts, day=day, zone=zone)
    kinds = [("wrong_order", plan)] if plan else []
    kinds += [("questions", "")] if questions else []
    return [Need(kind, held[0], stands[held[0].pk, day], said) for kind, said in kinds]


def _need(
    held: Coverage | None, standing: Standing, enrolment: Told, *, day: date, today: date, zone: ZoneInfo
) -> Need | None:
    """Return what of one plan needs a person before a day, or None."""
    fault = fault_of_card(held) if held else ""
    facts = Facts(
        standing.state,
        aaa_code=standing.aaa_code,
        fault=fault,
        is_connected=held is not None and is_connected(held),
        is_enrolled=not enrolment.stops,
        is_silent=standing.is_silent,
        waits=standing.waits,
        is_retried=standing.again_at is not None,
        other_payer=str(standing.unknown_payer["name"]) if standing.unknown_payer else "",
        is_due=_is_due(standing, day, zone),
    )
    kind = need_of(facts, day=day, today=today)
    said = enrolment.sentence if kind == "not_enrolled" else fault
    return Need(kind, held, standing, said, standing.unknown_payer) if kind else None


def _by_rank(held: Sequence[Coverage]) -> Sequence[Coverage | None]:
    """Return the plans of a day by rank; None first where nothing is primary."""
    return held if any(one.rank == 1 for one in held) else [None, *held]


def _held(patient_ids: list[UUID]) -> Sequence[Coverage]:
    """Return all plans of some patients, in one statement."""
    rows = Coverage.objects.filter(patient_id__in=patient_ids, entered_in_error_at__isnull=True)
    return list(
        rows.select_related("patient", "plan__payer__partner")
        .filter(rank__range=(1, 3))
        .order_by("rank", "-starts_on")
    )


def _holds(held: Coverage, day: date) -> bool:
    return held.starts_on <= day and (held.ends_on is None or day < held.ends_on)


def _known(held: Coverage | None, standing: Standing, told: Mapping[UUID, Told], zone: ZoneInfo) -> Known:
    if held is None:
        return Known(has_plan=False)
    at = standing.answered_at
    return Known(
        is_connected=is_connected(held),
        is_enrolled=not told[held.plan.payer_id].stops,
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
