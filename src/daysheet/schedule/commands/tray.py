"""The hold tray: a booked visit is laid aside, another day is opened, and there it is placed by an ordinary move."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.schedule import tray
from daysheet.schedule.commands.asked import NotOnTheBooks
from daysheet.schedule.models import Appointment, TrayVisit


class TrayIsFull(Refusal):
    """As many visits lie in the tray as it takes."""


@command(needs=Can.BOOK_APPOINTMENT)
def put_in_tray(by: Actor, /, *, appointment_id: UUID) -> TrayVisit:
    """Lay a booked visit into one's own tray; it keeps its time until it is placed elsewhere.

    Raises NotOnTheBooks for a visit that is not booked or has begun, and TrayIsFull.
    """
    visit, whose = _visit(by, appointment_id)
    if visit.booking != "scheduled" or tray.has_begun(visit):
        raise NotOnTheBooks(
            _("Only a booked visit that has not begun can lie in the tray. Look at it again.")
        )
    _clear_out(by, whose)
    mine = TrayVisit.objects.filter(user_id=whose)
    if mine.exclude(appointment=visit).count() >= tray.MOST:
        raise TrayIsFull(
            _("Your tray is full: it takes %(n)d. Place one of them, or take it out.") % {"n": tray.MOST}
        )
    row, _made = TrayVisit.objects.get_or_create(
        user_id=whose, appointment=visit, defaults={"put_at": by.now}
    )
    record(by, "schedule.appointment.put-in-tray", visit)
    return row


@command(needs=Can.BOOK_APPOINTMENT)
def take_out_of_tray(by: Actor, /, *, appointment_id: UUID) -> int:
    """Take a visit out of one's own tray; it stays where it is booked. Return how many lay there.

    Raises NotOnTheBooks.
    """
    visit, whose = _visit(by, appointment_id)
    gone, _which = TrayVisit.objects.filter(user_id=whose, appointment=visit).delete()
    record(by, "schedule.appointment.taken-out-of-tray", visit, lay_there=gone)
    return gone


def _visit(by: Actor, appointment_id: UUID) -> tuple[Appointment, UUID]:
    """Return the visit, and whose tray it is about."""
    visit = Appointment.objects.filter(id=appointment_id).first()
    if visit is None or by.user_id is None:
        raise NotOnTheBooks(_("That appointment is not on the books."))
    return visit, by.user_id


def _clear_out(by: Actor, whose: UUID) -> None:
    """Forget what has lain there for days and can be placed no more. What was placed today may yet be undone."""
    TrayVisit.objects.filter(user_id=whose, put_at__lt=by.now - tray.REMEMBERED).exclude(
        appointment__booking="scheduled"
    ).delete()
