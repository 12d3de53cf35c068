"""The downtime packets: those that are kept, and the making of one."""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.frontdesk import commands, packets
from daysheet.kernel.access import Can
from daysheet.kernel.clock import local_day
from daysheet.kernel.errors import Refusal
from daysheet.practice import queries as practice
from daysheet.ui.answers import done, page, refused
from daysheet.ui.days import day_in_address
from daysheet.ui.screens import Request, screen
from daysheet.ui.words import day as say_day

PAGE, PIECE = "frontdesk/packets.html", "frontdesk/_packets.html"


@screen(needs=Can.SEE_SCHEDULE)
def kept(request: Request) -> HttpResponse:
    """Show the packets and lists of the last days that the reader may open, by door, with one press for new ones."""
    return page(request, PAGE, _facts(request))


@screen(needs=Can.PRINT_PACKET, methods=("POST",))
def make(request: Request, location_id: UUID) -> HttpResponse:
    """Make the packet of a day at a door."""
    day = _day(request) or local_day(request.actor.now, request.office.zone)
    try:
        commands.make_packet(request.actor, location_id=location_id, day=day)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request))
    toast = _("The packet of %(day)s is made.") % {"day": say_day(day)}
    return done(request, reverse("frontdesk:packets"), PIECE, _facts(request), toast=toast)


def _facts(request: Request) -> dict[str, Any]:
    places = list(practice.locations())
    if request.office.location_id:
        places.sort(key=lambda one: one.pk != request.office.location_id)  # one's own door first
    now = request.actor.now
    today = {one.pk: one.today(now) for one in places}
    tomorrow = {key: date.fromordinal(day.toordinal() + 1) for key, day in today.items()}
    days = packets.next_open_days(places, tomorrow)
    papers = list(packets.kept(request.actor))
    return {
        "doors": [
            (place, today[place.pk], days[place.pk], [one for one in papers if one.subject_id == place.pk])
            for place in places
        ],
        "may_make": request.actor.can(Can.PRINT_PACKET),
        "refusal": None,
    }


def _day(request: Request) -> date | None:
    with suppress(ValueError):
        return day_in_address(request.POST.get("day", ""))
    return None
