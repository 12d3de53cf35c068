"""Whoever is booked in a closed time is written to: that it cannot be, or when the visit is instead."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.live import announce
from daysheet.schedule import closings, messages
from daysheet.schedule.commands.closing import _standing
from daysheet.schedule.commands.telling import NobodyToWrite, _office_and_phone, _write_about
from daysheet.schedule.models import Appointment, ClosingRow


@command(needs=Can.BOOK_APPOINTMENT)
def write_closing(by: Actor, /, *, closing_id: UUID) -> int:
    """Write to all on the list who may be written to and do not know yet; return how many.

    Who is still to be called then counts as told. The messages wait three minutes; undoing a row keeps its message
    back while it has not left. Whose visit the closing has cancelled hears that. Raises ClosingIsOver or NobodyToWrite.
    """
    closing = _standing(closing_id)
    rows = ClosingRow.objects.select_for_update(of=("self",)).filter(closing=closing)
    rows = rows.select_related(*closings.WRITTEN_WITH).defer("envelope__content")
    held = list(rows.order_by("appointment__starts_at", "id"))
    ways = closings.ways(held, by.now)
    found = [one for one in held if closings.wants_message(one) and one.pk in ways]
    if not found:
        raise NobodyToWrite(_("Nobody is left who may be written to. Call the others."))
    for one in found:
        visit = closings.now_visit(one)
        sent = _write_about(
            by, visit, ways[one.pk], _words(one, visit), subject=one, until=_until(one, visit)
        )
        one.envelope, one.written_for = sent, closings.state_of(one)
        if one.written_for == "to_call":
            one.state, one.done_at, one.done_by, one.note = "told", by.now, by.name, ""
            one.taken_at, one.taken_by, one.written_for = None, "", "told"
        one.version += 1
        one.save()
    record(
        by,
        "schedule.closing.written",
        closing,
        patients=_patients(found),
        messages=len(found),
    )
    announce(by.practice_id, "closings")
    return len(found)


def _words(row: ClosingRow, visit: Appointment) -> messages.Words:
    was = row.appointment
    office, phone = _office_and_phone(was.location)
    facts = messages.ClosedFacts(
        office=office,
        phone=phone,
        at=was.starts_at.astimezone(was.location.zone),
        instead=visit.starts_at.astimezone(visit.location.zone) if visit.pk != was.pk else None,
        is_cancelled=closings.state_of(row) == "cancelled",
    )
    return messages.closed(facts, messages.spoken(was.patient.language))


def _until(row: ClosingRow, visit: Appointment) -> datetime:
    """Return when the message is of no use any more: the former time and the new one, whichever is first."""
    return min(row.appointment.starts_at, visit.starts_at)


def _patients(rows: Sequence[ClosingRow]) -> list[UUID]:
    return [one.appointment.patient_id for one in rows]
