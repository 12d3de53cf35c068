"""More than a day of the book: a clinician's week, a list of the coming days, the load of a month."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.ids import read_id
from daysheet.practice import queries as practice
from daysheet.practice.models import Provider
from daysheet.schedule import loads, sheets
from daysheet.schedule.frame import frame, held_here, in_hand, place
from daysheet.schedule.grids import grid
from daysheet.schedule.own_hours import write_hours
from daysheet.schedule.shades import days_from, shade, shades
from daysheet.schedule.sheet_people import had_walk_ins, people_of_sheet, who_keeps
from daysheet.ui.answers import page
from daysheet.ui.screens import Request, screen

WEEK, AGENDA = 7, 14
"""Days of the week's page, and days that the agenda lists."""


@screen(needs=Can.SEE_SCHEDULE)
def week(request: Request, day: date) -> HttpResponse:
    """Show the week of one clinician, a column a day."""
    monday = day - timedelta(days=day.weekday())
    return _days(request, day, monday, WEEK, "schedule/week.html", "schedule.week.viewed")


@screen(needs=Can.SEE_SCHEDULE)
def agenda(request: Request, day: date) -> HttpResponse:
    """List one clinician's appointments of the fourteen days from a day on."""
    return _days(request, day, day, AGENDA, "schedule/agenda.html", "schedule.agenda.viewed")


@screen(needs=Can.SEE_SCHEDULE)
def month(request: Request, day: date) -> HttpResponse:
    """Show how full each day of a month is: numbers alone, nobody's name."""
    location_id, provider_id = place(request), read_id(request.GET.get("provider"))
    people = _people(request, day, location_id)
    first = day.replace(day=1)
    facts = {
        "weeks": loads.month(day, location_id=location_id, provider_id=provider_id),
        "people": people,
        "provider_id": provider_id,
        "before": first - timedelta(days=1),
        "after": (first + timedelta(days=32)).replace(day=1),
        "by": "month",
    }
    return page(request, "schedule/month.html", frame(request, day, location_id) | facts)


def _days(request: Request, day: date, first: date, days: int, template: str, said: str) -> HttpResponse:
    location_id = place(request)
    people = _people(request, day, location_id)
    chosen = _chosen(request, people)
    facts: dict[str, Any] = {"people": people, "provider_id": chosen.pk if chosen else None}
    if chosen:
        sheet = sheets.by_day(
            first=first,
            days=days,
            location_id=location_id,
            provider_id=chosen.pk,
        )
        held = held_here(request, first, days, chosen.pk, people)
        tray = in_hand(request, people) if days == WEEK else ()
        came = _walk_ins(first, days, location_id, chosen)
        seen = [*sheet.patient_ids, *(one.patient_id for one in tray), *(one.patient_id for one in came)]
        record(request.actor, said, patients=seen, day=first.isoformat(), clinician=str(chosen.pk))
        behind = shades(
            days_from(first, days),
            provider_ids=[chosen.pk],
            keeping=who_keeps([chosen]),
            location_id=location_id,
            zone=request.office.zone,
            now=request.actor.now,
            held=held,
        )
        drawn = shade(sheet, behind, "day")
        write_hours(sheet, [chosen], days_from(first, days), location_id, "day")
        facts |= {
            "sheet": sheet,
            "grid": grid(sheet, "day", drawn, came),
            "who": str(chosen),
            "tray": tray,
            "held": held,
            "walk_ins": came,
        }
    facts |= {
        "by": "week" if days == WEEK else "agenda",
        "first": first,
        "last": first + timedelta(days=days - 1),
    }
    facts |= {"before": day - timedelta(days=days), "after": day + timedelta(days=days)}
    return page(request, template, frame(request, day, location_id) | facts)


def _walk_ins(first: date, days: int, location_id: UUID | None, chosen: Provider) -> list[sheets.WalkIn]:
    """Return who came to a clinician without an appointment; nothing is asked where nobody did."""
    if not had_walk_ins([chosen]):
        return []
    last = first + timedelta(days=days - 1)
    return sheets.walk_ins(first=first, last=last, location_id=location_id, provider_id=chosen.pk)


def _people(request: Request, day: date, location_id: UUID | None) -> list[Provider]:
    return people_of_sheet(
        day,
        location_id=location_id,
        user_id=request.actor.user_id,
        first=day - timedelta(days=WEEK - 1),
        last=day + timedelta(days=AGENDA - 1),
    )


def _chosen(request: Request, people: list[Provider]) -> Provider | None:
    """Return the clinician asked for; else the person's own self; else the first."""
    asked = read_id(request.GET.get("provider"))
    for one in people:
        if one.pk == asked:
            return one
    mine = practice.clinician_of(request.actor.user_id)
    return next((one for one in people if one.pk == mine), people[0] if people else None)
