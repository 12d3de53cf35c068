"""What became of an appointment: confirmed, cancelled, not kept, completed; and each of them taken back."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.mailroom import queries as mail
from daysheet.schedule import followers
from daysheet.schedule.commands.booking import _held, _take_turns, _tell_screens, _telling_who_is_taken
from daysheet.schedule.commands.confirming import _confirm_as_before
from daysheet.schedule.commands.keeping import _mind_maximum
from daysheet.schedule.commands.offers_gone import _end_offers_not_before, _let_offers_go
from daysheet.schedule.commands.promising import _hold_again, _kinds_of, _release
from daysheet.schedule.commands.recalling import _work_out
from daysheet.schedule.commands.reminders_gone import _let_reminders_go
from daysheet.schedule.commands.telling import _keep_back
from daysheet.schedule.models import Appointment, SeriesVisit
from daysheet.schedule.rules import MISSED

GIVEN_UP = ("cancelled", "late_cancelled")


class AlreadyOver(Refusal):
    """The appointment already has another outcome."""


@command(needs=Can.BOOK_APPOINTMENT)
def cancel_appointment(
    by: Actor,
    /,
    *,
    appointment_id: UUID,
    version: int | None,
    reason: str,
    late: bool = False,
    kind_id: UUID | None = None,
) -> Appointment:
    """Give a promised time back, with the reason.

    Raises AlreadyOver when the patient is here or it has an outcome, and StaleForm.
    """
    if not reason.strip():
        raise Refusal("Say why it is cancelled.", reason="Choose or write a reason.")
    appointment = _to_be_decided(appointment_id, version)
    state = "late_cancelled" if late else "cancelled"
    _release(appointment)
    gone = _set(
        by, appointment, "cancelled", booking=state, cancel_reason=reason.strip(), cancel_kind_id=kind_id
    )
    _keep_back(by, mail.waiting_about(gone.pk))
    _let_reminders_go(by, gone)
    for follow in followers.given_up:
        follow(by, gone.pk)
    return gone


@command(needs=Can.BOOK_APPOINTMENT)
def set_confirmation(by: Actor, /, *, appointment_id: UUID, confirmation: str) -> Appointment:
    """Note what the patient said about coming: confirmed, message left, declined, call back."""
    if confirmation not in Appointment.Confirmation.values:
        raise Refusal("That is not an answer a patient can give. Choose one of the list.")
    appointment = _to_be_decided(appointment_id, None)
    return _set(by, appointment, "confirmation-noted", confirmation=confirmation)


@command(needs=Can.MOVE_PATIENT)
def mark_no_show(by: Actor, /, *, appointment_id: UUID, version: int | None) -> Appointment:
    """Decide that the patient did not come. A person decides it, never a clock.

    Refuses before the time has come, and when the patient is here.
    """
    appointment = _to_be_decided(appointment_id, version)
    if appointment.starts_at > by.now:
        raise AlreadyOver("The time of this appointment has not come yet. Cancel it instead.")
    _release(appointment)
    return _set(by, appointment, "not-kept", booking="no_show")


@command(needs=Can.MOVE_PATIENT)
def undo_no_show(by: Actor, /, *, appointment_id: UUID) -> Appointment:
    """Take a no-show back: the patient came after all."""
    appointment = _held(appointment_id, None)
    if appointment.booking != "no_show":
        raise AlreadyOver("This appointment is not marked as a no-show.")
    return _stand_again(by, appointment)


@command(needs=Can.MOVE_PATIENT)
def complete_appointment(by: Actor, /, *, appointment_id: UUID) -> Appointment:
    """Note that the visit it was made for has taken place."""
    appointment = _held(appointment_id, None)
    if appointment.booking == "completed":
        record(by, "schedule.appointment.completed-again", appointment)
        return appointment
    if appointment.booking != "scheduled":
        raise AlreadyOver("This appointment has another outcome already.")
    kept = _set(by, appointment, "completed", booking="completed")
    _work_out(patient_id=appointment.patient_id)
    return kept


@command(needs=Can.MOVE_PATIENT)
def reopen_appointment(by: Actor, /, *, appointment_id: UUID) -> Appointment:
    """Take an outcome back (cancelled, completed): it stands again, if its time is still free.

    Raises TimeIsKept when the session of a cancelled one has as many as it takes.
    """
    appointment = _held(appointment_id, None)
    if appointment.booking not in ("cancelled", "late_cancelled", "completed", "no_show"):
        raise AlreadyOver("There is no outcome to take back here.")
    return _stand_again(by, appointment)


@command(needs=Can.MOVE_PATIENT)
def let_stand_again(by: Actor, /, *, appointment_id: UUID, block_reason: str = "") -> Appointment:
    """Let a cancelled or missed appointment stand again, if its time is still free.

    Raises AlreadyOver; what took place is taken back where the visit is, on the day board. Raises TimeIsKept when the
    session of a cancelled one has as many as it takes and no reason is given.
    """
    appointment = _held(appointment_id, None)
    if appointment.booking not in (*GIVEN_UP, "no_show"):
        raise AlreadyOver(_("Only a cancelled or missed appointment can stand again."))
    return _stand_again(by, appointment, block_reason.strip())


@command(needs=Can.BOOK_APPOINTMENT)
def close_missed(by: Actor, /, *, appointment_id: UUID, version: int | None, because: str) -> Appointment:
    """Follow a visit that was not kept up no more, with the reason.

    Raises AlreadyOver when it was kept or is followed up no more already, and StaleForm.
    """
    if not because.strip():
        raise Refusal(_("Say why nothing more is done."), because=_("Choose a reason."))
    missed = _held(appointment_id, version)
    if missed.booking not in MISSED or missed.missed_closed:
        raise AlreadyOver(_("This visit is not among those that were missed."))
    return _set(by, missed, "missed-closed", missed_closed=because.strip())


@command(needs=Can.BOOK_APPOINTMENT)
def open_missed(by: Actor, /, *, appointment_id: UUID) -> Appointment:
    """Follow a visit that was not kept up again."""
    missed = _held(appointment_id, None)
    if missed.booking not in MISSED or not missed.missed_closed:
        raise AlreadyOver(_("This visit is followed up already."))
    return _set(by, missed, "missed-opened", missed_closed="")


def _to_be_decided(appointment_id: UUID, version: int | None) -> Appointment:
    """Return a booked appointment whose patient is not here."""
    appointment = _held(appointment_id, version)
    if appointment.booking != "scheduled":
        raise AlreadyOver(
            f"This appointment is already {appointment.get_booking_display().lower()}. Undo that first."
        )
    visit = getattr(appointment, "visit", None)
    if visit is not None and visit.flow != "undone":
        raise AlreadyOver("The patient has come for this appointment. Go on from the day board.")
    return appointment


def _stand_again(by: Actor, appointment: Appointment, block_reason: str = "") -> Appointment:
    kinds = _kinds_of(appointment)
    _take_turns(appointment.provider_id, appointment.patient_id, appointment.room_id, kinds)
    before = appointment.booking
    new: dict[str, Any] = {"booking": "scheduled", "cancel_reason": "", "cancel_kind_id": None}
    if appointment.missed_closed:  # is it missed once more, it is followed up once more
        new["missed_closed"] = ""
    # Who was missed and came after all is seen, as a walk-in is; who gave the time up asks for it anew.
    if before in GIVEN_UP:
        reason = _mind_maximum(by, appointment, block_reason)
        new |= {"block_reason": reason} if reason != appointment.block_reason else {}
    with _telling_who_is_taken():
        if kinds:
            _hold_again(appointment)
        stands = _set(by, appointment, "reopened", **new)
    if before in GIVEN_UP:  # who is then cancelled alone was not cancelled together with the others
        SeriesVisit.objects.filter(appointment=stands, ended_at__isnull=False).update(ended_at=None)
        for follow in followers.stands_after_all:
            follow(by, stands.pk)
        _confirm_as_before(by, stands)
    if before == "completed":
        _work_out(patient_id=appointment.patient_id)
    for follow in followers.stands_again if before in MISSED else ():
        follow(by, stands.pk)
    _let_offers_go(by, stands)
    _end_offers_not_before(by, stands)
    return stands


def _set(by: Actor, appointment: Appointment, verb: str, **fields: Any) -> Appointment:
    old = {name: getattr(appointment, name) for name in fields}
    for name, value in fields.items():
        setattr(appointment, name, value)
    appointment.version += 1
    appointment.save(update_fields=[*fields, "version"])
    record(by, f"schedule.appointment.{verb}", appointment, old=old, new=fields)
    _tell_screens(by)
    return appointment
