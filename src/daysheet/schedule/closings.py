"""Readings of closings: which visits one meets, what became of each, and what the desk reads of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from daysheet.schedule.models import Appointment, Closing, ClosingRow
from daysheet.schedule.reaching import Way, ways_to
from daysheet.schedule.rules import HOLDING
from daysheet.schedule.waitlist import phones_of

OPEN = ("to_call", "told")
"""What still asks for a decision."""
TAKEN_FOR = timedelta(minutes=15)
"""How long a row is kept for the one who calls."""
WRITTEN_WITH = (
    "appointment__patient",
    "appointment__location",
    "appointment__practice",
    "appointment__moved_to__location",
    "appointment__moved_to__practice",
    "envelope",
)
"""What a message about a row needs to know."""
CANCELLED = ("cancelled", "late_cancelled")
MOVED_AWAY = {"rescheduled": "moved", "cancelled": "cancelled", "late_cancelled": "cancelled"}


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """A visit of a closing as the desk works on it."""

    row: ClosingRow
    state: str
    is_open: bool
    is_unheard: bool
    """It is cancelled and the patient has still to be told, or the message about what became of it came back."""
    phone: str
    waited: int
    """Days since it was booked."""
    elsewhere: Sequence[Appointment]
    """The patient's other visits on the days of the closing."""
    caller: str
    """Who calls the patient now."""
    is_here: bool
    """Whether that is the one who looks."""
    way: Way | None = None
    """How the patient may be written to, where there is something to write."""


def state_of(row: ClosingRow) -> str:
    """Return what became of a visit, also where it was moved or cancelled from another page."""
    booking = row.appointment.booking
    if booking == "scheduled":
        is_heard = row.state in (*OPEN, "left") and not (row.state == "told" and came_back(row))
        return row.state if is_heard else "to_call"
    return MOVED_AWAY.get(booking, "left")


def came_back(row: ClosingRow) -> bool:
    """Return whether the last message about a visit reached nobody: what it says is to be told by the desk."""
    return row.envelope is not None and row.envelope.came_back


def caller_of(row: ClosingRow, now: datetime) -> str:
    """Return who calls the patient now; after a while nobody does any more."""
    return row.taken_by if row.taken_at and now - row.taken_at < TAKEN_FOR else ""


def met_by(closing: Closing) -> QuerySet[Appointment]:
    """Return the visits that are booked in the span of a closing and whose patient has not come."""
    rows = Appointment.objects.filter(
        Q(visit__isnull=True) | Q(visit__flow="undone"),
        booking="scheduled",
        starts_at__lt=closing.ends_at,
        ends_at__gt=closing.starts_at,
    )
    if closing.provider_id:
        rows = rows.filter(provider_id=closing.provider_id)
    if closing.location_id:
        rows = rows.filter(location_id=closing.location_id)
    return rows


def not_listed(closing: Closing) -> QuerySet[Appointment]:
    """Return the visits in the span that stand on no row of it: they were booked meanwhile."""
    listed = ClosingRow.objects.filter(closing=closing, appointment=OuterRef("pk"))
    return met_by(closing).filter(~Exists(listed))


def latest(now: datetime, most: int = 50) -> list[Closing]:
    """Return the latest closings, each with how many visits it met, and how many are still to be decided or told."""
    waiting = Q(rows__state__in=OPEN, rows__appointment__booking="scheduled")
    waiting |= Q(
        rows__state="cancelled",
        rows__written_for="",
        rows__appointment__booking__in=CANCELLED,
        rows__appointment__starts_at__gt=now,
    )
    waiting |= Q(
        rows__envelope__state__in=("failed", "rejected"),
        rows__appointment__booking__in=(*CANCELLED, "rescheduled"),
        rows__appointment__starts_at__gt=now,
    )
    rows = Closing.objects.select_related("provider", "location").annotate(
        met=Count("rows"), waiting=Count("rows", filter=waiting)
    )
    return list(rows.order_by("-made_at")[:most])


def closing(closing_id: UUID) -> Closing | None:
    """Return a closing, if it is of this practice."""
    return Closing.objects.select_related("provider", "location").filter(pk=closing_id).first()


def row(row_id: UUID) -> ClosingRow | None:
    """Return one visit of a closing, if it is of this practice."""
    return (
        ClosingRow.objects.select_related("closing__provider", "closing__location").filter(pk=row_id).first()
    )


def lines(found: Closing, *, now: datetime, who: str) -> list[ClosingLine]:
    """Return the visits of a closing, the next one first, in a constant number of statements."""
    rows = list(
        found.rows.select_related(
            "appointment__patient",
            "appointment__type",
            "appointment__provider",
            "appointment__location",
            "appointment__moved_to__provider",
            "appointment__moved_to__location",
            "appointment__moved_to__practice",
            "appointment__practice",
            "envelope",
            "proposed_provider",
            "proposed_location",
        )
        .defer("envelope__content")
        .order_by("appointment__starts_at", "appointment__provider__rank", "id")
    )
    patients = [one.appointment.patient_id for one in rows]
    phones = phones_of(patients)
    elsewhere, open_ways = _elsewhere(rows), ways(rows, now)
    told = []
    for one in rows:
        state, caller = state_of(one), caller_of(one, now)
        told.append(
            ClosingLine(
                row=one,
                state=state,
                is_open=state in OPEN,
                is_unheard=is_unheard(one) and one.appointment.starts_at > now,
                phone=phones.get(one.appointment.patient_id, ""),
                waited=(now - one.appointment.booked_at).days,
                elsewhere=elsewhere.get(one.appointment.patient_id, ()),
                caller=caller,
                is_here=caller == who,
                way=open_ways.get(one.pk),
            )
        )
    return told


def now_visit(row: ClosingRow) -> Appointment:
    """Return the visit as it is now: moved to another time, or where it was."""
    moved_to = row.appointment.moved_to
    return moved_to if state_of(row) == "moved" and moved_to is not None else row.appointment


def is_unheard(row: ClosingRow) -> bool:
    """Return whether the closing cancelled a visit and nobody has told the patient, or the message came back."""
    state = state_of(row)
    if state in ("moved", "cancelled") and came_back(row):
        return True
    return row.state == state == "cancelled" and not row.written_for


def wants_message(row: ClosingRow) -> bool:
    """Return whether the patient has still to hear what became of the visit."""
    state = state_of(row)
    return not came_back(row) and (
        is_unheard(row)
        or (state == "to_call" and not row.written_for)
        or (state == "moved" and row.written_for != "moved")
    )


def ways(rows: Sequence[ClosingRow], now: datetime) -> dict[UUID, Way]:
    """Return how the patients of rows may be written to now, by the row."""
    visits = {one.pk: now_visit(one) for one in rows if wants_message(one)}
    of_use = {
        visits[one.pk].pk: min(one.appointment.starts_at, visits[one.pk].starts_at)
        for one in rows
        if one.pk in visits
    }
    found = ways_to(list(visits.values()), now, until=of_use, gone=True)
    return {row: found[visit.pk] for row, visit in visits.items() if visit.pk in found}


def counts(told: Iterable[ClosingLine]) -> dict[str, int]:
    """Return how many visits stand in each state."""
    return Counter(one.state for one in told)


def _elsewhere(rows: Sequence[ClosingRow]) -> dict[UUID, list[Appointment]]:
    """Return the other visits that the patients have on the same days."""
    if not rows:
        return {}
    days = {one.appointment.on_day for one in rows}
    theirs = Appointment.objects.filter(
        patient_id__in={one.appointment.patient_id for one in rows}, on_day__in=days, booking__in=HOLDING
    ).exclude(pk__in=[one.appointment_id for one in rows])
    found: dict[UUID, list[Appointment]] = {}
    for one in theirs.select_related("provider", "location").order_by("starts_at"):
        found.setdefault(one.patient_id, []).append(one)
    return found
