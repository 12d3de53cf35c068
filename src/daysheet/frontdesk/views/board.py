"""The day board: who is expected, here, done; and the acts on its rows."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from daysheet.frontdesk import board as boards
from daysheet.frontdesk import checkin, commands
from daysheet.frontdesk.at_desk import board_address, keep_filters, kept_money, told_token, undo_of
from daysheet.frontdesk.drawing import Look, drawn
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.kernel.together import read_together
from daysheet.patients import queries as patients
from daysheet.schedule import commands as schedule
from daysheet.schedule import queries as schedule_queries
from daysheet.ui.answers import done, page, refused
from daysheet.ui.days import day_in_address
from daysheet.ui.screens import Request, screen
from daysheet.ui.templates import url_if
from daysheet.ui.tokens import form_version
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries
from daysheet.visits.models import Visit

PAGE, PIECE = "frontdesk/board.html", "frontdesk/_board.html"
ROWS = 50
NOBODY = UUID(int=0)
SAID = {
    "roomed": _("%(who)s is in %(room)s."),
    "with_provider": _("%(who)s is with the clinician."),
    "ready_for_checkout": _("%(who)s is ready to leave."),
}


@screen(needs=Can.SEE_SCHEDULE)
def board(request: Request) -> HttpResponse:
    """Show the day board."""
    keep_filters(request)
    return page(request, PAGE, _facts(request))


@screen(needs=Can.SEE_SCHEDULE, keeps_awake=False)
def board_list(request: Request) -> HttpResponse:
    """Show the board's rows alone: what another window fetches when something changed."""
    return page(request, PIECE, _facts(request))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def arrive(request: Request, appointment_id: UUID) -> HttpResponse:
    """Note that the patient of an appointment is here."""

    def act() -> tuple[str, tuple[str, str] | None]:
        visit = visits.arrive(request.actor, appointment_id=appointment_id)
        said = _("%(who)s has arrived.") % {"who": _name(visit)}
        return told_token(said, visit), undo_of(visit)

    return _act(request, act)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def move_on(request: Request, visit_id: UUID, to: str) -> HttpResponse:
    """Take a patient one step further through the house."""

    def act() -> tuple[str, tuple[str, str] | None]:
        visit = visits.move_on(
            request.actor,
            visit_id=visit_id,
            to=to,
            room_id=read_id(request.POST.get("room")),
            version=_version(request),
            because=request.POST.get("because", ""),
        )
        found = visit_queries.visit(visit_id)
        place = found.room.name if found and found.room else _("a room")
        return SAID.get(to, "%(who)s") % {"who": _name(visit), "room": place}, undo_of(visit)

    return _act(request, act)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def step_back(request: Request, visit_id: UUID, version: int | None = None) -> HttpResponse:
    """Undo the last act on a visit, if it still is the one that was shown; of an arrival, say what was paid for it."""
    way: list[tuple[str, str]] = []

    def act() -> tuple[str, tuple[str, str] | None]:
        shown = _version(request) if version is None else version
        visit = commands.step_back(request.actor, visit_id=visit_id, version=shown)
        said = _("Undone. %(who)s: %(state)s.") % {
            "who": _name(visit),
            "state": visit.get_flow_display().lower(),
        }
        if visit.flow == Visit.Flow.UNDONE:
            kept, give_back = kept_money(request, visit)
            way.extend([give_back] if give_back else [])
            said = f"{said} {kept}".strip()
        return said, None

    return _act(request, act, way)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def no_show(request: Request, appointment_id: UUID) -> HttpResponse:
    """Decide that a patient did not come."""

    def act() -> tuple[str, tuple[str, str] | None]:
        schedule.mark_no_show(request.actor, appointment_id=appointment_id, version=_version(request))
        undo = reverse("frontdesk:no-show-undo", args=[appointment_id])
        return _("Marked as a no-show."), (undo, _("Undo"))

    return _act(request, act)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def no_show_undo(request: Request, appointment_id: UUID) -> HttpResponse:
    """Take a no-show back."""

    def act() -> tuple[str, tuple[str, str] | None]:
        schedule.undo_no_show(request.actor, appointment_id=appointment_id)
        return _("The appointment stands again."), None

    return _act(request, act)


@screen(needs=Can.SEE_SCHEDULE)
def unresolved(request: Request) -> HttpResponse:
    """Show every appointment whose time has passed with no outcome: a person decides, never a clock."""
    rows = Paginator(schedule_queries.unresolved(request.actor.now), ROWS).get_page(request.GET.get("page"))
    record(request.actor, "frontdesk.unresolved.viewed", patients=[row.patient_id for row in rows])
    return page(request, "frontdesk/unresolved.html", {"rows": rows})


@screen(needs=Can.MOVE_PATIENT)
def room(request: Request, visit_id: UUID) -> HttpResponse:
    """Show the rooms of the door, to choose one for a patient."""
    visit = visit_queries.visit(visit_id)
    if visit is None:
        raise Http404
    record(request.actor, "frontdesk.rooms.viewed", visit)
    return page(
        request,
        "frontdesk/room.html",
        {
            "visit": visit,
            "rooms": checkin.rooms_of(visit),
            "board_url": board_address(request),
            **patients.around(request.actor, visit.patient, today=request.office.today),
        },
    )


def _act(
    request: Request,
    act: Callable[[], tuple[str, tuple[str, str] | None]],
    way: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    try:
        toast, undo = act()
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request))
    asked = request.META.get("QUERY_STRING", "")  # the day and the filters that the pressed board showed
    address = f"{reverse('frontdesk:board')}?{asked}" if asked else board_address(request)
    facts = _facts(request) | {"changed": True}
    return done(request, address, PIECE, facts, toast=toast, undo=undo, way=next(iter(way), None))


def _facts(request: Request) -> dict[str, Any]:
    today = request.office.today
    day = _day(request) or today
    location_id = None if request.GET.get("where") == "all" else request.office.location_id
    provider_id = read_id(request.GET.get("provider"))
    now, zone = request.actor.now, request.office.zone
    found = read_together(
        (boards.board, location_id, day, zone, provider_id),
        lambda: boards.board(location_id=location_id, day=day, now=now, zone=zone, provider_id=provider_id),
    )
    record(request.actor, "frontdesk.board.viewed", patients=found.patient_ids, day=day.isoformat())
    return {
        "board": found,
        "day": day,
        "today": today,
        "one_day": timedelta(days=1),
        "provider_id": provider_id,
        "all_doors": location_id is None,
        "has_door": request.office.location_id is not None,
        "zone": zone,
        "now": now,
        "may_move": request.actor.can(Can.MOVE_PATIENT),
        "may_ask": request.actor.can(Can.ASK_ELIGIBILITY),
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
        "may_packet": request.actor.can(Can.PRINT_PACKET) or request.actor.can(Can.SEE_CHART),
        "may_see_money": request.actor.can(Can.SEE_MONEY),
        "refusal": None,
        "query_string": request.META.get("QUERY_STRING", ""),
        "drawn": drawn,
        "look": _look(request, day),
    }


def _look(request: Request, day: date) -> Look:
    asked = request.META.get("QUERY_STRING", "")
    return Look(
        language=get_language(),
        zone=request.office.zone,
        tail=f"?{asked}" if asked else "",
        is_today=day == request.office.today,
        may_move=request.actor.can(Can.MOVE_PATIENT),
        may_ask=request.actor.can(Can.ASK_ELIGIBILITY),
        may_see_money=request.actor.can(Can.SEE_MONEY),
        slip_is_built=bool(url_if("charges:slip", NOBODY)),
    )


def _name(visit: Visit) -> str:
    return f"{visit.patient.given} {visit.patient.family}"


def _version(request: Request) -> int | None:
    """Return the version of the row whose button was pressed: one form stands around a whole group."""
    said = request.POST.get("version", "")
    return int(said) if said.isdecimal() and len(said) < 10 else form_version(request)


def _day(request: Request) -> date | None:
    with suppress(ValueError):
        return day_in_address(request.GET.get("day", ""))
    return None
