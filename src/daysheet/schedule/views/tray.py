"""The hold tray: a visit laid into it, and taken out of it."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands, queries
from daysheet.schedule.frame import read_sheet
from daysheet.ui.answers import done, refused
from daysheet.ui.screens import Request, screen

PAGE, PIECE = "schedule/tray-refused.html", "_tray_refused.html"


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def put(request: Request, appointment_id: UUID) -> HttpResponse:
    """Lay a visit into one's tray."""
    return _act(
        request,
        appointment_id,
        lambda: commands.put_in_tray(request.actor, appointment_id=appointment_id),
        _("In your tray. Open another day and place it there; until then it keeps its time."),
        "schedule:tray-out",
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def take_out(request: Request, appointment_id: UUID) -> HttpResponse:
    """Take a visit out of one's tray."""
    return _act(
        request,
        appointment_id,
        lambda: commands.take_out_of_tray(request.actor, appointment_id=appointment_id),
        _("Out of your tray. It stays where it is booked."),
        "schedule:tray-put",
    )


def _act(
    request: Request, appointment_id: UUID, act: Callable[[], object], toast: str, undo: str
) -> HttpResponse:
    visit = queries.appointment(appointment_id)
    if visit is None:
        raise Http404
    back, asked = read_sheet(request, visit.on_day)
    try:
        act()
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, {"back": back})
    way_back = reverse(undo, args=[appointment_id]) + asked
    return done(request, back, toast=toast, undo=(way_back, _("Undo")))
