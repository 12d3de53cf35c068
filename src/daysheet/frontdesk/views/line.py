"""The line at the desk: call the next, call again, not here, back in line, waits in the car; and the wall."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.frontdesk import line as lines
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.visits import commands as visits
from daysheet.visits.models import VisitToken

PAGE, PIECE = "frontdesk/line.html", "frontdesk/_line.html"
ACTS: dict[str, tuple[Callable[..., VisitToken], str]] = {
    "again": (visits.call_again, _("%(token)s is called again.")),
    "not-here": (visits.not_here, _("%(token)s is not here. The token is kept.")),
    "back": (visits.back_in_line, _("%(token)s is back in line.")),
    "car": (visits.wait_in_car, _("%(token)s waits in the car: call the number.")),
    "served": (visits.end_call, _("%(token)s has been at the desk.")),
}


@screen(needs=Can.SEE_SCHEDULE)
def line(request: Request) -> HttpResponse:
    """Show the line of the door."""
    return page(request, PAGE, _facts(request))


@screen(needs=Can.SEE_SCHEDULE, keeps_awake=False)
def line_list(request: Request) -> HttpResponse:
    """Show the line alone: what the board shows above its rows, and fetches when something changed."""
    return page(request, PIECE, _facts(request) | {"on_board": True})


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def call_next(request: Request, point_id: UUID) -> HttpResponse:
    """Call the first of the line to a desk."""
    return _act(request, lambda: visits.call_next(request.actor, point_id=point_id))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def call_token(request: Request, token_id: UUID, point_id: UUID) -> HttpResponse:
    """Call somebody out of turn."""
    return _act(request, lambda: visits.call_token(request.actor, token_id=token_id, point_id=point_id))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def call_again(request: Request, token_id: UUID) -> HttpResponse:
    """Call once more."""
    return _one(request, token_id, "again")


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def not_here(request: Request, token_id: UUID) -> HttpResponse:
    """Note that nobody came."""
    return _one(request, token_id, "not-here")


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def back_in_line(request: Request, token_id: UUID) -> HttpResponse:
    """Put somebody back in line."""
    return _one(request, token_id, "back")


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def wait_in_car(request: Request, token_id: UUID) -> HttpResponse:
    """Note that somebody waits in the car."""
    return _one(request, token_id, "car")


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def end_call(request: Request, token_id: UUID) -> HttpResponse:
    """Note that who was called has been at the desk."""
    return _one(request, token_id, "served")


@screen(needs=Can.SEE_SCHEDULE, keeps_awake=False)
def wall(request: Request) -> HttpResponse:
    """Show the waiting room's wall: read-only, by the door's policy."""
    return page(request, "frontdesk/wall.html", _wall_facts(request))


@screen(needs=Can.SEE_SCHEDULE, keeps_awake=False)
def wall_list(request: Request) -> HttpResponse:
    """Show the wall's two columns alone."""
    return page(request, "frontdesk/_wall.html", _wall_facts(request))


def _one(request: Request, token_id: UUID, key: str) -> HttpResponse:
    act, said = ACTS[key]
    return _act(request, lambda: act(request.actor, token_id=token_id), said)


def _act(request: Request, act: Callable[[], VisitToken], said: str = "") -> HttpResponse:
    try:
        token = act()
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request))
    told = said or _("%(token)s to %(point)s.")
    undo = None
    if token.state == VisitToken.State.CALLED:
        undo = (reverse("frontdesk:line-back", args=[token.pk]), _("Undo"))
    return done(
        request,
        reverse("frontdesk:line"),
        PIECE,
        _facts(request),
        toast=told % {"token": token, "point": token.point},
        undo=undo,
    )


def _facts(request: Request) -> dict[str, Any]:
    found = lines.line_of(request.office.location_id, request.office.today, request.actor.now)
    record(request.actor, "frontdesk.line.viewed", patients=found.patient_ids)
    return {
        "line": found,
        "refusal": None,
        "on_board": False,
        "may_move": request.actor.can(Can.MOVE_PATIENT),
        "may_manage": request.actor.can(Can.MANAGE_OFFICE),
    }


def _wall_facts(request: Request) -> dict[str, Any]:
    found = lines.wall_of(request.office.location_id, request.office.today, request.actor.now)
    record(request.actor, "frontdesk.wall.viewed", names=len(found.called) + len(found.following))
    return {
        "wall": found,
        "now": request.actor.now,
        "zone": request.office.zone,
        "list_url": reverse("frontdesk:wall-list"),
        "live_url": request.screen.live_url,
        "leave_url": "",
    }
