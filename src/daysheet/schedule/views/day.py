"""A day of the book: by clinician, by room, as a list; a patient's appointments."""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.ids import read_id
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.schedule import missed_fees, papers, queries, recalls, requests, sheets, waitlist
from daysheet.schedule.frame import frame, held_here, in_hand, place
from daysheet.schedule.grids import grid
from daysheet.schedule.own_hours import write_hours
from daysheet.schedule.shades import shade, shades
from daysheet.schedule.sheet_people import had_walk_ins, people_of_sheet, who_keeps
from daysheet.ui.answers import page
from daysheet.ui.days import FIRST_YEAR, LAST_YEAR, UnreadableDay, read_day
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen


@screen(needs=Can.SEE_SCHEDULE)
def today(request: Request) -> HttpResponse:
    """Go to today's page, or to the day that was typed."""
    day = request.office.today
    with suppress(UnreadableDay):
        typed = read_day(request.GET.get("day", "") or "today", today=day)
        day = typed if FIRST_YEAR <= typed.year <= LAST_YEAR else day
    return HttpResponseRedirect(reverse("schedule:day", args=[day]))


@screen(needs=Can.SEE_SCHEDULE)
def by_provider(request: Request, day: date) -> HttpResponse:
    """Show a day with a column for each clinician of the door, or as a list."""
    location_id, provider_id = place(request), read_id(request.GET.get("provider"))
    span: dict[str, Any] = {"first": day, "last": day, "location_id": location_id, "provider_id": provider_id}
    people = people_of_sheet(day, user_id=request.actor.user_id, **span)
    sheet = sheets.by_provider(day=day, location_id=location_id, provider_id=provider_id, people=people)
    held, tray = held_here(request, day, 1, provider_id, people), in_hand(request, people)
    behind = shades(
        [day],
        provider_ids=[UUID(one.key) for one in sheet.columns],
        keeping=who_keeps(people),
        location_id=location_id,
        zone=request.office.zone,
        now=request.actor.now,
        held=held,
    )
    drawn = shade(sheet, behind, "provider")
    write_hours(sheet, people, [day], location_id, "provider")
    as_list = request.GET.get("as") == "list"
    came = sheets.walk_ins(**span) if as_list or had_walk_ins(people) else []
    seen = [*sheet.patient_ids, *(one.patient_id for one in tray), *(one.patient_id for one in came)]
    record(request.actor, "schedule.day.viewed", patients=seen, day=day.isoformat())
    facts = {
        "sheet": sheet,
        "grid": None if as_list else grid(sheet, "provider", drawn, came),
        "as_list": as_list,
        "walk_ins": came,
        "by": "provider",
        "tray": tray,
        "held": held,
    }
    return page(request, "schedule/day.html", frame(request, day, location_id) | facts)


@screen(needs=Can.SEE_SCHEDULE)
def by_room(request: Request, day: date) -> HttpResponse:
    """Show a day with a column for each room."""
    location_id = place(request)
    sheet = sheets.by_room(day=day, location_id=location_id, rooms=practice.rooms(location_id))
    tray = in_hand(request)
    came = sheets.walk_ins(first=day, last=day, location_id=location_id, provider_id=None)
    seen = [*sheet.patient_ids, *(one.patient_id for one in tray), *(one.patient_id for one in came)]
    record(request.actor, "schedule.rooms.viewed", patients=seen, day=day.isoformat())
    facts: dict[str, Any] = {"sheet": sheet, "grid": grid(sheet, "room", came=came), "as_list": False}
    facts |= {"by": "room", "tray": tray, "walk_ins": came}
    return page(request, "schedule/day.html", frame(request, day, location_id) | facts)


@screen(needs=Can.SEE_SCHEDULE)
def on_paper(request: Request, day: date) -> HttpResponse:
    """Hand out a day by clinician as PDF: who holds a time, for the wall of a clinician or a day without power."""
    location_id = place(request)
    rows = queries.on_paper(day, location_id)
    where = practice.location(location_id).name if location_id else _("All locations")
    people = list(dict.fromkeys(row.patient_id for row in rows))
    record(request.actor, "schedule.day.printed", patients=people, day=day.isoformat())
    paper = papers.day_list(request.actor, rows, day=day, place=where, zone=request.office.zone)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="day-{day.isoformat()}.pdf"'
    return response


@screen(needs=Can.SEE_SCHEDULE)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show a patient's coming appointments and the last ones."""
    patient = Patient.objects.get(pk=patient_id)
    record(request.actor, "schedule.patient-panel.viewed", patient)
    begun, today = list(queries.before(patient_id, request.actor.now)[:5]), request.office.today
    open_today = [one for one in begun if one.booking == "scheduled" and one.on_day == today]
    past = [one for one in begun if one not in open_today]
    coming = open_today[::-1] + list(queries.of_patient(patient_id, since=request.actor.now))
    facts = {
        "patient": patient,
        "coming": coming,
        "past": past,
        "waits": list(waitlist.open_entries_of(patient_id)),
        "restrictions": missed_fees.restrictions_on(patient_id, request.office.today),
        "recalls": list(recalls.of_patient(patient_id)),
        "asked": requests.of_patient(patient_id),
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
        "may_send_link": requests.rules().exists(),
        "zone": request.office.zone,
    }
    template = "schedule/_patient_panel.html" if is_htmx(request) else "schedule/patient_panel.html"
    return page(request, template, facts)
