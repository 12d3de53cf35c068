"""Which rooms are free: a strip on the day board, and a page of its own."""

from typing import Any

from django.http import HttpResponse

from daysheet.frontdesk.rooms import rooms_now
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.ui.answers import page
from daysheet.ui.screens import Request, screen


@screen(needs=Can.SEE_SCHEDULE)
def rooms(request: Request) -> HttpResponse:
    """Show the rooms of the door, free and in use."""
    return page(request, "frontdesk/rooms.html", _facts(request))


@screen(needs=Can.SEE_SCHEDULE, keeps_awake=False)
def rooms_list(request: Request) -> HttpResponse:
    """Show the rooms alone: what the board shows above its rows, and fetches when something changed."""
    return page(request, "frontdesk/_rooms.html", _facts(request))


def _facts(request: Request) -> dict[str, Any]:
    found = rooms_now(request.office.location_id, request.office.today, request.actor.now)
    seen = [one.patient_id for room in found for one in room.inside]
    record(request.actor, "frontdesk.rooms-now.viewed", patients=list(dict.fromkeys(seen)))
    return {
        "rooms": found,
        "free": sum(1 for room in found if not room.inside),
        "may_move": request.actor.can(Can.MOVE_PATIENT),
    }
