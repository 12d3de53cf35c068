"""The coming visits and their plans: what asking for a day would do, and what needs a person first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from daysheet.coverage import batches
from daysheet.coverage import queries as coverage
from daysheet.coverage.batches import Batch, Need
from daysheet.coverage.models import EligibilityNotNow
from daysheet.coverage.rules.needs import act_of
from daysheet.schedule.models import Appointment

AHEAD = 7
"""Days of the list, when the office asks no farther ahead."""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """A coming visit that needs a person because of its coverage."""

    appointment: Appointment
    need: Need
    act: str
    """add, card, ask, switch, first, second, enrol, told, order"""
    aside: EligibilityNotNow | None = None


@dataclass(frozen=True, slots=True)
class Needs:
    """What needs a person, and what somebody has put aside."""

    rows: Sequence[NeedRow]
    aside: Sequence[NeedRow]
    visits: int
    until: date


def of_day(day: date, *, now: datetime, zone: ZoneInfo) -> Batch:
    """Return what asking for everybody of a day would do: six statements for any number of visits."""
    return batches.batch(day=day, visits=booked_on(day), now=now, zone=zone, unused=paid_alone(day))


def booked_on(day: date) -> list[tuple[UUID, UUID]]:
    """Return (patient, appointment) of a day's visits that are still to come, by time."""
    rows = Appointment.objects.on(day).filter(booking=Appointment.Booking.SCHEDULED)
    return list(rows.order_by("starts_at", "id").values_list("patient_id", "id"))


def paid_alone(day: date) -> set[UUID]:
    """Return which appointments of a day the patient pays and uses no plan for."""
    return set(Appointment.objects.on(day).filter(pays_self=True).values_list("id", flat=True))


def needs(*, now: datetime, today: date, zone: ZoneInfo, location_id: UUID | None = None) -> Needs:
    """Return what of the coming visits needs a person, by time: seven statements for any number.

    A visit that the patient pays alone needs nobody: no plan is used for it.
    """
    until = today + timedelta(days=max([AHEAD, *coverage.policy().leads]))
    rows = Appointment.objects.with_people().filter(
        booking=Appointment.Booking.SCHEDULED, on_day__gte=today, on_day__lte=until
    )
    if location_id is not None:
        rows = rows.filter(location_id=location_id)
    coming = list(rows.order_by("starts_at", "patient__family", "id"))
    using = [one for one in coming if not one.pays_self]
    found = batches.needs([(one.patient_id, one.on_day) for one in using], today=today, zone=zone)
    noted = {
        (one.patient_id, one.service_on, one.kind): one
        for one in coverage.not_now([patient_id for patient_id, _ in found], today)
    }
    made = [_row(one, some, noted) for one in using if (some := found.get((one.patient_id, one.on_day), []))]
    return Needs(
        [one for one in made if one.aside is None],
        [one for one in made if one.aside is not None],
        len(coming),
        until,
    )


def _row(
    visit: Appointment, some: Sequence[Need], noted: Mapping[tuple[UUID, date, str], EligibilityNotNow]
) -> NeedRow:
    """Return the row of a visit: the first matter, by rank of the plan, that nobody has put aside."""
    told = [(one, noted.get((visit.patient_id, visit.on_day, one.kind))) for one in some]
    need, aside = next((one for one in told if one[1] is None), told[0])
    return NeedRow(visit, need, act_of(need.kind, need.standing.aaa_code, other=need.other), aside)
