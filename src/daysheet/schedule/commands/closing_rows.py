"""The visits that a closing meets, one by one: called, told, moved, cancelled, left, and each taken back."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.schedule import closings, reasons
from daysheet.schedule.commands.booking import _held, move_appointment, undo_booking
from daysheet.schedule.commands.closing import ClosingIsOver
from daysheet.schedule.commands.outcome import _stand_again, cancel_appointment
from daysheet.schedule.commands.telling import _keep_back
from daysheet.schedule.models import Closing, ClosingRow


class RowIsTaken(Refusal):
    """Somebody else calls this patient at the moment."""


class AlreadyDecided(Refusal):
    """What becomes of the visit was decided meanwhile."""


class NothingProposed(Refusal):
    """No other time is proposed for the visit."""


@command(needs=Can.BOOK_APPOINTMENT)
def call_about_row(by: Actor, /, *, row_id: UUID, version: int | None) -> ClosingRow:
    """Take a patient to call; nobody else does for a quarter of an hour.

    Raises RowIsTaken, AlreadyDecided, ClosingIsOver or StaleForm.
    """
    row = _open(by, row_id, version, or_unheard=True)
    return _keep(by, row, "taken", taken_at=by.now, taken_by=by.name)


@command(needs=Can.BOOK_APPOINTMENT)
def tell_row(by: Actor, /, *, row_id: UUID, version: int | None) -> ClosingRow:
    """Note that the patient knows, or has a message; what becomes of the visit is still open.

    Of a visit that the closing cancelled, or of whose new time a message came back, it is noted that the patient
    knows that.
    """
    row = _open(by, row_id, version, or_unheard=True)
    if not closings.is_unheard(row):
        return _decide(by, row, "told", written_for="told", **_without_message(row))
    knows = "moved" if closings.state_of(row) == "moved" else "told"
    return _decide(by, row, row.state, written_for=knows, **_without_message(row))


@command(needs=Can.BOOK_APPOINTMENT)
def leave_row(by: Actor, /, *, row_id: UUID, version: int | None) -> ClosingRow:
    """Leave a visit where it is, though the time is closed."""
    return _decide(by, _open(by, row_id, version), "left")


@command(needs=Can.BOOK_APPOINTMENT)
def move_row(by: Actor, /, *, row_id: UUID, version: int | None) -> ClosingRow:
    """Move a visit to the time that is proposed.

    Raises NothingProposed, and what moving an appointment raises.
    """
    row = _open(by, row_id, version)
    if row.proposed_at is None:
        raise NothingProposed(
            _("No other time is proposed. Propose one, or find one on the page of the visit.")
        )
    move_appointment(
        by,
        appointment_id=row.appointment_id,
        version=row.appointment.version,
        starts_at=row.proposed_at,
        provider_id=row.proposed_provider_id,
        location_id=row.proposed_location_id,
    )
    return _decide(by, row, "moved", **_without_message(row))


@command(needs=Can.BOOK_APPOINTMENT)
def cancel_row(by: Actor, /, *, row_id: UUID, version: int | None) -> ClosingRow:
    """Cancel a visit because of the closing; it never counts against the patient, however late it is.

    Whoever has the patient on the telephone tells it; else the patient is still to be told.
    """
    row = _open(by, row_id, version)
    cancel_appointment(
        by,
        appointment_id=row.appointment_id,
        version=row.appointment.version,
        reason=_why(row.closing),
        late=False,
        kind_id=reasons.of_the_office(),
    )
    was_told = "" if closings.came_back(row) else row.written_for
    heard = was_told or ("told" if closings.caller_of(row, by.now) else "")
    return _decide(by, row, "cancelled", written_for=heard, **_without_message(row))


@command(needs=Can.BOOK_APPOINTMENT)
def undo_row(by: Actor, /, *, row_id: UUID) -> ClosingRow:
    """Take back what was done about a visit: it stands as before, and is to be called.

    Raises AlreadyDecided when nothing was done, and SlotTaken when the old time is gone meanwhile.
    """
    row = _row(row_id, None)
    appointment = row.appointment
    if appointment.booking == "rescheduled" and row.state == "moved" and appointment.moved_to_id:
        undo_booking(by, appointment_id=appointment.moved_to_id)
    elif appointment.booking == "cancelled" and row.state == "cancelled":
        _stand_again(by, _held(appointment.pk, None))
    elif appointment.booking != "scheduled" or (row.state == "to_call" and not row.taken_by):
        raise AlreadyDecided(_("There is nothing to take back here. Look at the visit itself."))
    _keep_back(by, [row.envelope_id if row.envelope and row.envelope.state == "queued" else None])
    whole: dict[str, Any] = {"done_at": None, "done_by": "", "taken_at": None, "taken_by": "", "note": ""}
    whole |= _without_message(row)
    return _keep(by, row, "undone", state="to_call", written_for="", **whole)


@command(needs=Can.BOOK_APPOINTMENT)
def note_refusal(by: Actor, /, *, row_id: UUID, sentence: str) -> ClosingRow:
    """Keep on the list why an act of many did not go through for one visit."""
    return _keep(by, _row(row_id, None), "not-done", note=sentence)


def _without_message(row: ClosingRow) -> dict[str, Any]:
    """Return that a row has no message any more where the one that it had came back: the mailroom keeps it."""
    return {"envelope": None} if closings.came_back(row) else {}


def _why(closing: Closing) -> str:
    """Return the reason of a closing as a cancelled visit keeps it."""
    return ". ".join(filter(None, [str(closing.get_cause_display()), closing.reason]))


def _row(row_id: UUID, version: int | None) -> ClosingRow:
    """Return a row, locked; the visit behind it is locked after it."""
    rows = ClosingRow.objects.select_for_update(of=("self",)).select_related(
        "closing", "appointment", "envelope"
    )
    row = rows.filter(pk=row_id).first()
    if row is None or row.closing.undone_at:
        raise ClosingIsOver(_("This was taken back already. Nothing more can be done on its list."))
    if version is not None and row.version != version:
        raise StaleForm(_("Somebody has worked on this visit meanwhile. Look at it again, then decide."))
    return row


def _open(by: Actor, row_id: UUID, version: int | None, *, or_unheard: bool = False) -> ClosingRow:
    row = _row(row_id, version)
    caller = closings.caller_of(row, by.now)
    if caller not in ("", by.name):
        raise RowIsTaken(_("%(who)s calls this patient at the moment.") % {"who": caller})
    if closings.state_of(row) not in closings.OPEN and not (or_unheard and closings.is_unheard(row)):
        raise AlreadyDecided(_("What becomes of this visit is decided already. Undo that first."))
    return row


def _decide(by: Actor, row: ClosingRow, state: str, **more: Any) -> ClosingRow:
    facts = {"state": state, "done_at": by.now, "done_by": by.name, "note": ""} | more
    return _keep(by, row, state, **facts, taken_at=None, taken_by="")


def _keep(by: Actor, row: ClosingRow, verb: str, **facts: Any) -> ClosingRow:
    for name, value in facts.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*facts, "version"])
    record(by, f"schedule.closing-row.{verb}", row, patients=[row.appointment.patient_id])
    announce(by.practice_id, "closings")
    return row
