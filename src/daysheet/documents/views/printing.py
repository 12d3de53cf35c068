"""Stations and their printers, what is printed here, and what waits for a printer."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.documents import commands, queries, rules
from daysheet.documents.forms import StationForm
from daysheet.documents.models import PrintStation
from daysheet.documents.station_here import printed_here, stand_at
from daysheet.documents.station_here import station_here as here_of
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.practice import queries as practices
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
STATIONS = "documents/stations.html"
STATION, STATION_FORM = "documents/station.html", "_station_form.html"
PRINTS, PRINTS_PIECE = "documents/prints.html", "_prints.html"


@screen(needs=Can.WORK)
def stations(request: Request) -> HttpResponse:
    """Show the stations, and let a person say at which one this computer stands."""
    return page(request, STATIONS, _stations(request))


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def station_add(request: Request) -> HttpResponse:
    """Add a station with its printers."""
    return _station(request, None)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def station_change(request: Request, print_station_id: UUID) -> HttpResponse:
    """Change a station or its printers."""
    return _station(request, _found(print_station_id))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def station_retire(request: Request, print_station_id: UUID) -> HttpResponse:
    """Use a station no more."""
    try:
        commands.retire_station(request.actor, station_id=_found(print_station_id).pk)
    except Refusal as no:
        return refused(request, STATIONS, STATIONS, None, no, _stations(request))
    return done(request, reverse("documents:stations"), toast=_("Nothing is printed there any more."))


@screen(needs=Can.WORK, methods=("POST",))
def station_here(request: Request, print_station_id: UUID) -> HttpResponse:
    """Say that this computer stands at a station."""
    station = _found(print_station_id)
    told = _("This computer prints at %(name)s now.") % {"name": station.name}
    return stand_at(done(request, reverse("documents:stations"), toast=told), station.pk)


@screen(needs=Can.WORK, methods=("POST",))
def station_none(request: Request) -> HttpResponse:
    """Say that this computer stands at no station: papers open in the browser."""
    told = _("Papers open in the browser now.")
    return stand_at(done(request, reverse("documents:stations"), toast=told), None)


@screen(needs=Can.FILE_PAPERS, methods=("POST",))
def station_test(request: Request, print_station_id: UUID, sort: str) -> HttpResponse:
    """Send a test page to one of a station's printers."""
    station = _found(print_station_id)
    try:
        commands.print_test_page(request.actor, station_id=station.pk, sort=sort)
    except Refusal as no:
        return refused(request, STATIONS, STATIONS, None, no, _stations(request))
    told = _("A test page goes to the printer at %(name)s; what it says stands under Printing.")
    return done(request, reverse("documents:stations"), toast=told % {"name": station.name})


@screen(needs=Can.SEE_PAPERS, methods=("POST",))
def document_print(request: Request, document_id: UUID) -> HttpResponse:
    """Print a paper at this station; where it has no printer, the browser shows it."""
    paper = queries.document(document_id)
    request.actor.must(rules.needed(paper.kind))
    there = reverse("documents:document-view", args=[document_id])
    told = printed_here(request, paper)
    if told:
        return done(request, there, toast=told)
    record(request.actor, "documents.document.viewed", paper, patients=queries.named_in(paper))
    return done(
        request,
        there,
        toast=_("This computer has no printer for that: open the paper and print it from there."),
    )


@screen(needs=Can.SEE_PAPERS)
def prints(request: Request) -> HttpResponse:
    """Show what waits for a printer, what was not printed, and what was sent last."""
    return page(request, f"documents/{PRINTS_PIECE}" if is_htmx(request) else PRINTS, _prints(request))


@screen(needs=Can.SEE_PAPERS, methods=("POST",))
def print_again(request: Request, print_job_id: UUID) -> HttpResponse:
    """Send again what was not printed."""
    return _do(request, print_job_id, commands.print_again, _("It is sent again."))


@screen(needs=Can.SEE_PAPERS, methods=("POST",))
def print_drop(request: Request, print_job_id: UUID) -> HttpResponse:
    """Drop what was not printed."""
    return _do(request, print_job_id, commands.drop_print, _("Dropped."))


def _do(request: Request, job_id: UUID, act: Any, told: str) -> HttpResponse:
    if queries.print_job(job_id) is None:
        raise Http404
    try:
        act(request.actor, job_id=job_id, version=form_version(request) or 0)
    except Refusal as no:
        return refused(request, PRINTS, PRINTS_PIECE, None, no, _prints(request))
    return done(request, reverse("documents:prints"), toast=told)


def _prints(request: Request) -> dict[str, Any]:
    shown = [one for one in queries.prints() if request.actor.can(rules.needed(one.document.kind))]
    about = {one.document.patient_id for one in shown if one.document.patient_id}
    record(request.actor, "documents.prints.viewed", patients=sorted(about))
    silent = {one.pk for one in shown if queries.is_silent(one, request.actor.now)}
    return {"prints": shown, "silent": silent, "words": queries.kind_words, "here": here_of(request)}


def _stations(request: Request) -> dict[str, Any]:
    return {
        "stations": list(queries.print_stations()),
        "here": here_of(request),
        "may_manage": request.actor.can(Can.MANAGE_OFFICE),
        "may_test": request.actor.can(Can.FILE_PAPERS),
    }


def _station(request: Request, found: PrintStation | None) -> HttpResponse:
    held = {row.sort: row.uri for row in found.printers.all()} if found else {}
    at = {}
    if found:
        at = {
            "name": found.name,
            "location_id": str(found.location_id or ""),
            "scan_folder": found.scan_folder,
        }
    doors = [(str(one.pk), one.name) for one in practices.locations()]
    form = StationForm(request.POST or None, doors=doors, initial=at | held)
    context = {"station": found}
    if request.method != "POST":
        return page(request, STATION, context | {"form": form})
    if not form.is_valid():
        return invalid(request, STATION, STATION_FORM, form, context)
    try:
        kept = commands.keep_station(
            request.actor,
            station_id=found.pk if found else None,
            version=form_version(request) or 0,
            **form.facts(),
        )
    except Refusal as no:
        return refused(request, STATION, STATION_FORM, form, no, context)
    return done(request, reverse("documents:stations"), toast=_("Kept: %(name)s.") % {"name": kept.name})


def _found(station_id: UUID) -> PrintStation:
    station = queries.print_station(station_id)
    if station is None:
        raise Http404
    return station
