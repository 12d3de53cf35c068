"""A card carried to another time, clinician, room or day of the calendar, or placed there from the tray."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.patients import reading
from daysheet.schedule import commands, queries
from daysheet.schedule.carrying import CarryForm
from daysheet.schedule.frame import SHEETS, sheet_address
from daysheet.ui.answers import done, invalid, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.words import day as say_day

PAGE, PIECE = "schedule/carried.html", "_carried.html"


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def carry(request: Request, day: date, by: str) -> HttpResponse:
    """Move an appointment to where its card was put down; what is refused for want of a reason asks for it."""
    if by not in SHEETS:
        raise Http404
    form = CarryForm(request.POST, by=by, day=day)
    facts: dict[str, Any] = {"day": day, "back": sheet_address(by, day, request.POST), "said": None}
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, facts)
    old = queries.appointment(form.cleaned_data["card"])
    try:
        if old is not None:
            reading.must_be_read(request, old.patient, "book")
        moved = commands.move_appointment(request.actor, **form.act(old))
    except Refusal as no:
        facts["said"] = reading.read_out(request, old.patient, "book") if old else None
        return refused(request, PAGE, PIECE, form, no, facts)
    local = moved.starts_at.astimezone(moved.location.zone)
    said = _("Moved to %(when)s with %(who)s.") % {
        "when": f"{say_day(local.date())}, {local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}",
        "who": moved.provider,
    }
    undo = reverse("schedule:appointment-undo", args=[moved.id])
    asked = request.POST.copy()
    if by == "week":
        asked["provider"] = str(moved.provider_id)
    return done(request, sheet_address(by, day, asked), toast=said, undo=(undo, _("Undo")))
