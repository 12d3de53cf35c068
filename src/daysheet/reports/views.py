"""The day sheet on screen: the proof first, then what is open, then the close."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.queries.days import ACCOUNT_WORDS
from daysheet.reports import queries, sheets
from daysheet.reports import waits as waiting
from daysheet.reports.forms import CloseForm, WaitsForm
from daysheet.reports.tables import waits_as_csv
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

PAST_DAYS = 30


@screen(needs=Can.SEE_DAYSHEET)
def today(request: Request) -> HttpResponse:
    """Lead to the day that entries post to now."""
    return done(request, reverse("reports:daysheet", args=[books.posting_day(request.actor.now)]))


@screen(needs=Can.SEE_DAYSHEET)
def daysheet(request: Request, day: date) -> HttpResponse:
    """Show a day's sheet: live while the day is open, as it was closed afterwards."""
    facts = _facts(request, day)
    record(request.actor, "reports.daysheet.viewed", patients=facts["named"], day=day)
    return page(request, "reports/daysheet.html", facts | {"form": CloseForm()})


@screen(needs=Can.CLOSE_DAY, methods=("POST",))
def daysheet_close(request: Request, day: date) -> HttpResponse:
    """Close the day for ever."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        return invalid(request, "reports/daysheet.html", "_close_form.html", form, _facts(request, day))
    opened = queries.open_items(day, now=request.actor.now, zone=request.office.zone)
    try:
        ledger.close_day(request.actor, day=day, open_visits=opened.count, reason=form.cleaned_data["reason"])
    except Refusal as no:
        facts = _facts(request, day)
        record(request.actor, "reports.daysheet.viewed", patients=facts["named"], day=day)
        return refused(request, "reports/daysheet.html", "_close_form.html", form, no, facts)
    return done(
        request, reverse("reports:daysheet", args=[day]), toast=_("The day is closed. The books balance.")
    )


@screen(needs=Can.SEE_DAYSHEET)
def daysheet_pdf(request: Request, day: date) -> HttpResponse:
    """Hand out the sheet of a closed day as it was printed at the close."""
    sheet = queries.sheet(day)
    if sheet is None or sheet.document is None:
        raise Http404
    named = sheets.patients_on(sheets.of_closed_day(sheet))
    record(request.actor, "reports.daysheet.opened", sheet, patients=named)
    answer = HttpResponse(bytes(sheet.document.content), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="daysheet-{day:%Y-%m-%d}.pdf"'
    return answer


@screen(needs=Can.SEE_DAYSHEET)
def past_days(request: Request) -> HttpResponse:
    """Show the days that are closed, the newest first."""
    record(request.actor, "reports.past-days.viewed")
    return page(request, "reports/past-days.html", {"sheets": list(books.past_days()[:365])})


@screen(needs=Can.SEE_DAYSHEET)
def waits(request: Request) -> HttpResponse:
    """Show the waits of a day or a span of days, and what the days counted; no patient is named."""
    form, found = _waits(request)
    told = {
        "form": form,
        "found": found,
        "drawn": waiting.drawn(found),
        "query_string": request.META.get("QUERY_STRING", ""),
    }
    if not form.is_valid():
        return invalid(request, "reports/waits.html", "_waits_form.html", form, told)
    record(request.actor, "reports.waits.viewed", first=found.first, last=found.last)
    return page(request, "reports/waits.html", told)


@screen(needs=Can.SEE_DAYSHEET)
def waits_csv(request: Request) -> HttpResponse:
    """Hand out the same tables as a file of commas."""
    form, found = _waits(request)
    if not form.is_valid():
        raise Http404
    record(request.actor, "reports.waits.handed-out", first=found.first, last=found.last)
    answer = HttpResponse(waits_as_csv(found).encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="waits-{found.first}-{found.last}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _waits(request: Request) -> tuple[WaitsForm, waiting.Waits]:
    """Return the days that were asked for and their waits, of the door where the person sits or of all."""
    form = WaitsForm(request.GET, today=request.office.today)
    first, last = form.days(request.office.today)
    door = None if request.GET.get("where") == "all" else request.office.location_id
    return form, waiting.waits(first, last, zone=request.office.zone, location_id=door)


def _facts(request: Request, day: date) -> dict[str, Any]:
    kept = queries.sheet(day)
    if kept:
        shown, drawers = sheets.of_closed_day(kept), []
    else:
        figures = books.day_figures(day)
        shown, drawers = sheets.of_open_day(figures), figures.drawers
    is_blind = bool(drawers) and books.desk_rules().is_blind
    opened = (
        queries.OpenItems()
        if kept
        else queries.open_items(day, now=request.actor.now, zone=request.office.zone)
    )
    named = [
        *sheets.patients_on(shown),
        *(visit.patient_id for visit in [*opened.in_house, *opened.uncharged]),
        *(appointment.patient_id for appointment in opened.unresolved),
    ]
    return {
        "day": day,
        "kept": kept,
        "shown": shown,
        "opened": opened,
        "left_open": [one for one in drawers if one.is_open],
        "hidden": {one.name for one in drawers if is_blind and one.row and one.counted is None},
        "cash_word": ACCOUNT_WORDS["cash"],
        "way": books.on_its_way(day),
        "may_count": request.actor.can(Can.TAKE_PAYMENT),
        "named": named,
        "is_future": day > request.office.today,
        "may_close": request.actor.can(Can.CLOSE_DAY),
        "may_close_open": request.actor.can(Can.CLOSE_DAY_OPEN),
        "uncounted": [one["name"] for one in shown.drawers if one["counted"] is None],
        "past": list(books.past_days()[:PAST_DAYS]),
    }
