"""A series of visits: how they repeat, what stands against each, the visits, and what is done to several."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.patients import queries as patients
from daysheet.patients import reading
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.schedule import commands, giving, missed_fees, planning, queries
from daysheet.schedule.models import AppointmentSeries
from daysheet.schedule.paying_self import may_pay_self
from daysheet.schedule.repeating import days_of
from daysheet.schedule.requests import also_needs
from daysheet.schedule.series_forms import CancelSeriesForm, PlannedVisit, SeriesForm
from daysheet.schedule.showing import say_clock
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

BEGIN, FORM = "schedule/series-book.html", "_series_form.html"
PAGE, PIECE = "schedule/series.html", "_series.html"
POST = ("POST",)


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def begin(request: Request, patient_id: UUID) -> HttpResponse:
    """Say how visits repeat, look at each, and book them."""
    patient = Patient.objects.get(pk=patient_id)
    form = _form(request, patient)
    facts = _facts_of_booking(request, patient)
    if request.method != "POST":
        record(request.actor, "schedule.booking.viewed", patient)
        return page(request, BEGIN, facts | {"form": form})
    if not form.is_valid():
        return invalid(request, BEGIN, FORM, form, facts)
    planned = _planned(request, patient, form)
    facts["planned"] = planned
    facts["asks_why"] = request.actor.can(Can.OVERBOOK) and any(one.row.given for one in planned)
    if not planned:
        form.add_error("first_on", _("No visit falls into that time."))
        return invalid(request, BEGIN, FORM, form, facts)
    starts = [one.settle(request.office.today) for one in planned]
    if "book" not in request.POST:
        record(request.actor, "schedule.slots.viewed", patient)
        return page(
            request,
            f"schedule/{FORM}" if request.headers.get("HX-Request") else BEGIN,
            facts | {"form": form},
        )
    if any(one.error for one in planned):
        return invalid(request, BEGIN, FORM, form, facts)
    try:
        reading.must_be_read(request, patient, "book")
        series = commands.book_series(
            request.actor, patient_id=patient.pk, starts=[one for one in starts if one], **form.facts()
        )
    except Refusal as no:
        facts["said"] = reading.read_out(request, patient, "book")
        return refused(request, BEGIN, FORM, form, no, facts)
    undo = (reverse("schedule:series-undo", args=[series.pk]), _("Undo"))
    return done(
        request, reverse("schedule:series", args=[series.pk]), toast=_("The series is booked."), undo=undo
    )


@screen(needs=Can.SEE_SCHEDULE)
def one(request: Request, appointment_series_id: UUID) -> HttpResponse:
    """Show the visits of a series."""
    found = _series(appointment_series_id)
    record(request.actor, "schedule.series.viewed", found)
    return page(request, PAGE, _facts(request, found))


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def cancel(request: Request, appointment_series_id: UUID) -> HttpResponse:
    """Cancel the visits from one on."""
    found = _series(appointment_series_id)
    form = CancelSeriesForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, _facts(request, found))
    try:
        count = commands.cancel_series(
            request.actor,
            series_id=found.pk,
            version=form_version(request),
            reason=form.sentence(),
            from_number=form.cleaned_data["from_number"],
            why=form.chosen,
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, _facts(request, found))
    said = ngettext("%(n)d visit is cancelled.", "%(n)d visits are cancelled.", count) % {"n": count}
    undo = (reverse("schedule:series-stand-again", args=[found.pk]), _("Undo"))
    return done(request, reverse("schedule:series", args=[found.pk]), toast=said, undo=undo)


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def stand_again(request: Request, appointment_series_id: UUID) -> HttpResponse:
    """Let the visits that were cancelled together stand again."""
    return _act(request, appointment_series_id, commands.let_series_stand_again, _("The visits stand again."))


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def undo(request: Request, appointment_series_id: UUID) -> HttpResponse:
    """Take the booking of a series back."""
    return _act(request, appointment_series_id, commands.undo_series, _("The series is taken back."))


def _act(request: Request, series_id: UUID, act: Callable[..., int], toast: str) -> HttpResponse:
    found = _series(series_id)
    try:
        act(request.actor, series_id=found.pk)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, found))
    return done(request, reverse("schedule:series", args=[found.pk]), toast=toast)


def _facts_of_booking(request: Request, patient: Patient) -> dict[str, Any]:
    """Return what the page of booking shows around the form: the patient, and what is to be known of the patient."""
    restrictions = missed_fees.restrictions_on(patient.pk, request.office.today)
    return {
        **patients.around(request.actor, patient, today=request.office.today),
        "planned": [],
        "asks_why": False,
        "may_pay_self": may_pay_self(request.actor, patient.pk, request.office.today),
        "said": reading.read_out(request, patient, "book"),
        "restrictions": restrictions,
        "way_past": missed_fees.way_past(request.actor, restrictions),
    }


def _planned(request: Request, patient: Patient, form: SeriesForm) -> list[PlannedVisit]:
    wanted = form.wanted(patient.pk, also_needs(patient))
    given = giving.not_given(wanted.type_id, wanted.provider_id)
    rows = planning.plan(wanted, days_of(form.rule()), now=request.actor.now)
    rows = [replace(one, given=given) for one in rows]
    if request.actor.can(Can.SEE_COVERAGE):
        kind = next(one.name for one in queries.types() if one.pk == wanted.type_id)
        rows = planning.with_units(rows, patient.pk, kind, today=request.office.today)
    books = "book" in request.POST
    return [PlannedVisit(one, request.POST, wanted.zone, books=books) for one in rows]


def _form(request: Request, patient: Patient) -> SeriesForm:
    told: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    today = request.office.today
    like_id = read_id(request.GET.get("like"))
    like = queries.appointment(like_id) if like_id else None
    start: dict[str, Any] = {"who": patient.usual_provider_id, "where": request.office.location_id}
    if like is not None and like.patient_id == patient.pk:
        local = like.starts_at.astimezone(like.location.zone)
        start = {
            "type": like.type_id,
            "who": like.provider_id,
            "where": like.location_id,
            "clock": say_clock(local.time()),
            "reason": like.reason,
        }
    return SeriesForm(
        **told,
        types=list(queries.types()),
        people=list(practice.providers(day=today)),
        doors=list(practice.locations()),
        today=today,
        initial={name: str(value) for name, value in start.items() if value}
        | {"every": 1, "unit": "week", "times": 6},
    )


def _facts(request: Request, found: AppointmentSeries) -> dict[str, Any]:
    rows = found.visits.select_related("appointment__provider", "appointment__moved_to").order_by("number")
    visits = list(rows)
    now = request.actor.now
    return {
        "series": found,
        "visits": visits,
        "zone": found.location.zone,
        "coming": [
            one
            for one in visits
            if one.appointment.booking == "scheduled" and one.appointment.starts_at > now
        ],
        "ended": any(one.ended_at for one in visits),
        "cancel_form": CancelSeriesForm(),
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
        **patients.around(request.actor, found.patient, today=request.office.today),
    }


def _series(series_id: UUID) -> AppointmentSeries:
    rows = AppointmentSeries.objects.select_related("patient", "type", "provider", "location")
    found = rows.filter(pk=series_id).first()
    if found is None:
        raise Http404
    return found
