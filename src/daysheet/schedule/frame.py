"""What stands around every sheet of the book: the day, the door, what the person may do."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from daysheet.kernel.access import Can
from daysheet.kernel.clock import day_bounds
from daysheet.kernel.ids import read_id
from daysheet.practice.models import Provider
from daysheet.schedule.drawing import drawn
from daysheet.schedule.held import Held, held_by_others
from daysheet.schedule.models import Appointment
from daysheet.schedule.sheet_people import somebody_holds, tray_is_used
from daysheet.schedule.tray import Laid, laid
from daysheet.ui.days import day_in_address
from daysheet.ui.screens import Request

SHEETS = {"day": "schedule:day", "rooms": "schedule:rooms", "week": "schedule:week"}
"""The sheets of the book to which a card can be carried, by the word in the address."""


def frame(request: Request, day: date, location_id: UUID | None) -> dict[str, object]:
    """Return the facts that every sheet's page shows."""
    zone = request.office.zone
    return {
        "sheet": None,
        "grid": None,
        "who": "",
        "as_list": False,
        "day": day,
        "one_day": timedelta(days=1),
        "today": request.office.today,
        "location_id": location_id,
        "zone": zone,
        "now": request.actor.now.astimezone(zone).replace(tzinfo=None),
        "may_packet": request.actor.can(Can.PRINT_PACKET) or request.actor.can(Can.SEE_CHART),
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
        "tray": (),
        "held": (),
        "walk_ins": (),
        "drawn": drawn,
    }


def place(request: Request) -> UUID | None:
    """Return the door asked for, the person's own without a word, none for all doors."""
    where = request.GET.get("where")
    return None if where == "all" else read_id(where) or request.office.location_id


def held_here(
    request: Request, first: date, days: int, provider_id: UUID | None, people: Iterable[Provider]
) -> list[Held]:
    """Return the times of some days that others hold while they book; `people` are the clinicians of the sheet."""
    if not somebody_holds(people):
        return []
    since, _end = day_bounds(first, request.office.zone)
    _begin, until = day_bounds(first + timedelta(days=days - 1), request.office.zone)
    return held_by_others(request.actor.user_id, since=since, until=until, provider_id=provider_id)


def in_hand(request: Request, people: Sequence[Provider] = ()) -> Sequence[Laid]:
    """Return what lies in the person's own tray; nothing for who books nothing."""
    if not request.actor.can(Can.BOOK_APPOINTMENT):
        return ()
    return laid(request.actor.user_id) if not people or tray_is_used(people) else ()


def sheet_address(by: str, day: date, asked: QueryDict) -> str:
    """Return the address of a sheet with the door, the clinician and the list that were asked for."""
    shown: dict[str, str] = {}
    where, whose = asked.get("where", ""), read_id(asked.get("provider"))
    if where == "all" or read_id(where):
        shown["where"] = where
    if whose:
        shown["provider"] = str(whose)
    if asked.get("as") == "list":
        shown["as"] = "list"
    path = reverse(SHEETS.get(by, "schedule:day"), args=[day])
    return f"{path}?{urlencode(shown)}" if shown else path


def day_of(request: Request, one: Appointment) -> str:
    """Return the address of the day on which an appointment stands, at its own door."""
    path = reverse("schedule:day", args=[one.on_day])
    here = request.office.location_id
    return path if here in (None, one.location_id) else f"{path}?{urlencode({'where': one.location_id})}"


def read_sheet(request: Request, usual: date) -> tuple[str, str]:
    """Return the address of the sheet from which an act came, and the words that name it in an act's own address."""
    asked = request.POST if "day" in request.POST else request.GET
    by, day = asked.get("by", "day"), usual
    with suppress(ValueError):
        day = day_in_address(asked.get("day", ""))
    back = sheet_address(by, day, asked)
    shown = {"by": by if by in SHEETS else "day", "day": day.isoformat()}
    more = urlsplit(back).query
    return back, f"?{urlencode(shown)}{'&' + more if more else ''}"
