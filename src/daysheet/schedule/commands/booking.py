"""Booking: promise a time, move it, take the promise back."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from daysheet.coverage import authorizing, cases
from daysheet.coverage import commands as coverage
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.patients.models import Patient
from daysheet.schedule import queries
from daysheet.schedule.commands.offers_gone import _ask_again, _let_offers_go, _wait_with
from daysheet.schedule.confirming import write_confirmation
from daysheet.schedule.models import Appointment
from daysheet.schedule.rules import LONGEST, SHORTEST

THERE = """select
(select minutes from appointment_type where practice_id = %(practice)s and id = %(type)s),
(select name from appointment_type where practice_id = %(practice)s and id = %(type)s),
(select zone_name from location where practice_id = %(practice)s and id = %(place)s and closed_on is null),
(select status from patient where practice_id = %(practice)s and id = %(patient)s),
exists (select from provider where practice_id = %(practice)s and id = %(provider)s and left_on is null),
exists (select from exam_room where practice_id = %(practice)s and id = %(room)s::uuid and location_id = %(place)s
        and is_active)"""


class SlotTaken(Refusal):
    """The clinician already has an appointment in that time."""


class SlotIsPast(Refusal):
    """The time has already gone by."""


class PatientIsElsewhere(Refusal):
    """The patient already has an appointment in that time."""


class RoomTaken(Refusal):
    """The room is promised to somebody else in that time."""


class OutsideHours(Refusal):
    """The clinician does not see patients there in that time."""


class StrangeLength(Refusal):
    """The visit is too short, too long, or does not begin on a whole minute."""


class NotOnTheBooks(Refusal):
    """A patient, clinician, door, room or visit type that this practice does not have."""


class NoAddress(Refusal):
    """The patient has no e-mail address to confirm to."""


@command(needs=Can.BOOK_APPOINTMENT)
def book_appointment(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    provider_id: UUID,
    location_id: UUID,
    type_id: UUID,
    starts_at: datetime,
    minutes: int | None = None,
    room_id: UUID | None = None,
    reason: str = "",
    is_walk_in: bool = False,
    confirm_by_email: bool = False,
    case_id: UUID | None = None,
) -> Appointment:
    """Promise a clinician's time, and a room's where one is named, to a patient.

    Raises SlotIsPast, OutsideHours, StrangeLength or NotOnTheBooks, what a case of injury refuses; and SlotTaken,
    RoomTaken or PatientIsElsewhere when the time is already promised.
    """
    if starts_at < by.now and not is_walk_in:
        raise SlotIsPast("That time has already gone by. Choose a later one.")
    usual, kind, zone = _on_the_books(patient_id, provider_id, location_id, type_id, room_id)
    length = usual if minutes is None else minutes
    ends_at = _end(starts_at, length)
    day = local_day(starts_at, zone)
    fits = is_walk_in or queries.is_within_hours(
        provider_id=provider_id, location_id=location_id, day=day, starts_at=starts_at, ends_at=ends_at
    )
    if not fits and not by.can(Can.OVERBOOK):
        raise OutsideHours("The clinician does not see patients there at that time. Choose another time.")
    _take_turns(provider_id, patient_id, room_id)
    under = authorizing.under(patient_id, day, [kind], today=local_day(by.now, zone))
    with _telling_who_is_taken():
        appointment = Appointment.objects.create(
            patient_id=patient_id,
            **under._asdict(),
            provider_id=provider_id,
            location_id=location_id,
            room_id=room_id,
            type_id=type_id,
            starts_at=starts_at,
            ends_at=ends_at,
            on_day=day,
            is_walk_in=is_walk_in,
            reason=reason.strip(),
            booked_at=by.now,
            booked_by=by.name,
        )
    if case_id is not None:
        _put_under(by, appointment, case_id)
    told: dict[str, Any] = {"at": starts_at.isoformat(), "minutes": length, "outside_hours": not fits}
    record(by, "schedule.appointment.booked", appointment, provider=str(provider_id), **told)
    _let_offers_go(by, appointment)
    if confirm_by_email:
        _confirm(by, appointment)
    _tell_screens(by)
    return appointment


@command(needs=Can.BOOK_APPOINTMENT)
def move_appointment(
    by: Actor,
    /,
    *,
    appointment_id: UUID,
    version: int | None,
    starts_at: datetime,
    provider_id: UUID | None = None,
    location_id: UUID | None = None,
    type_id: UUID | None = None,
    room_id: UUID | None = None,
    minutes: int | None = None,
    reason: str = "",
    confirm_by_email: bool = False,
) -> Appointment:
    """Move a promise to another time: a new appointment, the old one kept as moved, the two linked.

    Raises what book_appointment raises, and StaleForm when somebody changed it meanwhile.
    """
    old = _held(appointment_id, version)
    if old.booking != "scheduled":
        raise NotOnTheBooks("Only a booked appointment can be moved. Book a new one.")
    # First the old promise is let go, so that the new one may overlap it.
    Appointment.objects.filter(id=old.id).update(booking="rescheduled", version=old.version + 1)
    new = book_appointment(
        by,
        patient_id=old.patient_id,
        provider_id=provider_id or old.provider_id,
        location_id=location_id or old.location_id,
        type_id=type_id or old.type_id,
        starts_at=starts_at,
        minutes=minutes or old.minutes,
        room_id=room_id,
        reason=reason or old.reason,
        confirm_by_email=confirm_by_email,
    )
    Appointment.objects.filter(id=old.id).update(moved_to=new)
    _wait_with(by, old, new)
    _under_the_same_case(by, old, new)
    record(
        by,
        "schedule.appointment.moved",
        old,
        from_at=old.starts_at.isoformat(),
        to_at=starts_at.isoformat(),
        to=str(new.id),
    )
    return new


@command(needs=Can.BOOK_APPOINTMENT)
def undo_booking(by: Actor, /, *, appointment_id: UUID) -> Appointment:
    """Take a booking or a move back at once: the new one was entered in error, a moved one stands again.

    Raises NotOnTheBooks when the patient has come, and SlotTaken when the old time is gone meanwhile.
    """
    new = _held(appointment_id, None)
    if new.booking != "scheduled" or hasattr(new, "visit"):
        raise NotOnTheBooks("This appointment has gone on meanwhile. Cancel it with a reason instead.")
    old = Appointment.objects.filter(moved_to=new).first()
    Appointment.objects.filter(id=new.id).update(booking="entered_in_error", version=new.version + 1)
    _ask_again(by, new)
    if old:
        _take_turns(old.provider_id, old.patient_id, old.room_id)
        with _telling_who_is_taken():
            Appointment.objects.filter(id=old.id).update(
                booking="scheduled", moved_to=None, version=old.version + 1
            )
        _let_offers_go(by, old)
        _wait_with(by, new, old)
    record(by, "schedule.appointment.undone", new, restored=str(old.id) if old else "")
    _tell_screens(by)
    new.refresh_from_db()
    return new


def _under_the_same_case(by: Actor, old: Appointment, new: Appointment) -> None:
    """Put a moved appointment under the case of the old one, as long as the case pays for the new day."""
    case = cases.case_of_appointment(old.id)
    if case is not None and case.holds(new.on_day):
        _put_under(by, new, case.pk)


def _put_under(by: Actor, one: Appointment, case_id: UUID) -> None:
    coverage.put_appointment_under(
        by, appointment_id=one.id, patient_id=one.patient_id, day=one.on_day, case_id=case_id
    )


def _held(appointment_id: UUID, version: int | None) -> Appointment:
    """Return an appointment, locked against others, in the version that the form showed.

    Raises NotOnTheBooks or StaleForm.
    """
    appointment = Appointment.objects.select_for_update(of=("self",)).filter(id=appointment_id).first()
    if appointment is None:
        raise NotOnTheBooks("That appointment is not on the books.")
    if version is not None and appointment.version != version:
        raise StaleForm("Somebody changed this appointment meanwhile. Look at it again, then decide.")
    return appointment


def _on_the_books(
    patient_id: UUID, provider_id: UUID, location_id: UUID, type_id: UUID, room_id: UUID | None
) -> tuple[int, str, ZoneInfo]:
    """Return length and name of the kind of visit and the door's zone; one statement asks for all that must be there."""
    asked = {
        "practice": acting_practice_id(),
        "type": type_id,
        "place": location_id,
        "patient": patient_id,
        "provider": provider_id,
        "room": room_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(THERE, asked)
        minutes, kind, zone_name, status, works, has_room = cursor.fetchone()
    if minutes is None or zone_name is None:
        raise NotOnTheBooks("That visit type or location is not on the books. Choose another.")
    if status is None or not works:
        raise NotOnTheBooks("That patient or clinician is not on the books.")
    if status == Patient.Status.DECEASED:
        raise NotOnTheBooks("This patient is marked as deceased. Check the chart before you book.")
    if room_id and not has_room:
        raise NotOnTheBooks("That room is not at this location. Choose another.")
    return minutes, kind, ZoneInfo(zone_name)


def _end(starts_at: datetime, minutes: int) -> datetime:
    if not SHORTEST <= minutes <= LONGEST:
        raise StrangeLength(f"A visit lasts {SHORTEST} to {LONGEST} minutes.")
    if starts_at.second or starts_at.microsecond:
        raise StrangeLength("An appointment begins on a whole minute.")
    return starts_at + timedelta(minutes=minutes)


def _take_turns(provider_id: UUID, patient_id: UUID, room_id: UUID | None) -> None:
    """Let two bookings for the same clinician, patient or room go one after the other.

    Two rows that come at the same moment and exclude each other would wait for each other inside the
    constraint, until the database ends one of them a second later. In a queue the second is refused at once.
    """
    keys = sorted(f"appointment {one}" for one in (provider_id, patient_id, room_id) if one)
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(key, 0)) from unnest(%s::text[]) as key", [keys]
        )


def _telling_who_is_taken() -> AbstractContextManager[None]:
    return refusing(
        appointment_provider_is_free=SlotTaken("That time has just been taken. Choose another one."),
        appointment_room_is_free=RoomTaken("That room is promised to somebody else. Choose another room."),
        appointment_patient_is_in_one_place=PatientIsElsewhere(
            "The patient already has an appointment in that time. Move that one, or choose another time."
        ),
    )


def _confirm(by: Actor, appointment: Appointment) -> None:
    email = Patient.objects.values_list("email", flat=True).get(id=appointment.patient_id)
    if not email:
        raise NoAddress(
            "The patient has no e-mail address. Book without the message, or add the address first.",
            confirm_by_email="There is no e-mail address in the chart.",
        )
    write_confirmation(by, appointment=appointment, email=email)


def _tell_screens(by: Actor) -> None:
    announce(by.practice_id, "schedule")
    announce(by.practice_id, "visits")
