"""The plans of those who come: what needs a person, and asking for everybody of a day."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from daysheet.coverage import commands as coverage
from daysheet.coverage import queries as coverage_queries
from daysheet.coverage.rules.needs import ACTS
from daysheet.frontdesk import coming, commands
from daysheet.frontdesk.forms import NotNowForm
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.schedule import queries as schedule
from daysheet.schedule.models import Appointment
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.days import day_in_address
from daysheet.ui.screens import Request, screen

PAGE, PIECE = "frontdesk/needs.html", "frontdesk/_needs.html"
DAY_PAGE, DAY_PIECE = "frontdesk/ask_day.html", "frontdesk/_ask_day.html"
ASIDE_PAGE, ASIDE_PIECE = "frontdesk/put_aside.html", "_put_aside_form.html"
ROWS = 50
MATTERS = {
    "none": ("attention", gettext_lazy("No plan on file")),
    "bad_number": ("stop", gettext_lazy("Medicare number is wrong")),
    "not_found": ("stop", gettext_lazy("Member not found")),
    "inactive": ("stop", gettext_lazy("Not active")),
    "refused": ("attention", gettext_lazy("Plan did not answer the question")),
    "cannot_say": ("attention", gettext_lazy("Plan cannot say")),
    "silent": ("attention", gettext_lazy("Plan stayed silent")),
    "other_payer": ("attention", gettext_lazy("Another payer named")),
    "wrong_order": ("attention", gettext_lazy("Plans pay in another order")),
    "questions": ("attention", gettext_lazy("Medicare's questions are due")),
    "not_connected": ("neutral", gettext_lazy("Ask by phone")),
    "not_enrolled": ("neutral", gettext_lazy("Not enrolled: ask by phone")),
    "due": ("attention", gettext_lazy("To be asked again")),
    "unasked": ("neutral", gettext_lazy("Not asked")),
}


@screen(needs=Can.ASK_ELIGIBILITY)
def needs(request: Request) -> HttpResponse:
    """Show every coming visit whose plan needs a person, by time, with one act each."""
    return page(request, PAGE, _facts(request))


@screen(needs=Can.ASK_ELIGIBILITY, methods=("POST",))
def ask_again(request: Request, appointment_id: UUID) -> HttpResponse:
    """Ask a plan of a coming visit again: the one that the row is about, else the primary."""
    visit = _appointment(appointment_id)
    held = coverage_queries.coverage_on(visit.patient_id, visit.on_day)
    about = read_id(request.POST.get("coverage", ""))
    if about:
        plans = coverage_queries.coverages_on(visit.patient_id, visit.on_day)
        held = next((one for one in plans if one.pk == about), held)
    try:
        if held is None:
            raise commands.NotThere(_("No plan is known for this day. Add the card first."))
        coverage.ask_eligibility(
            request.actor, coverage_id=held.pk, service_on=visit.on_day, appointment_id=visit.pk
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request))
    toast = _("Asked %(plan)s. The answer comes by itself.") % {"plan": held.plan.name}
    return done(request, reverse("frontdesk:needs"), PIECE, _facts(request), toast=toast)


@screen(needs=Can.ASK_ELIGIBILITY, methods=("GET", "HEAD", "POST"))
def put_aside(request: Request, appointment_id: UUID, matter: str) -> HttpResponse:
    """Note why a matter of a visit is not for now."""
    if matter not in ACTS:
        raise Http404
    visit = _appointment(appointment_id)
    form = NotNowForm(request.POST or None)
    context = {
        **patients.around(request.actor, visit.patient, today=request.office.today),
        "visit": visit,
        "matter": matter,
        "words": MATTERS[matter][1],
        "zone": request.office.zone,
    }
    record(request.actor, "frontdesk.need.viewed", visit.patient)
    if request.method != "POST":
        return page(request, ASIDE_PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, ASIDE_PAGE, ASIDE_PIECE, form, context)
    try:
        noted = coverage.put_aside(
            request.actor,
            patient_id=visit.patient_id,
            service_on=visit.on_day,
            kind=matter,
            reason=form.cleaned_data["reason"],
        )
    except Refusal as no:
        return refused(request, ASIDE_PAGE, ASIDE_PIECE, form, no, context)
    undo = (reverse("frontdesk:take-up", args=[noted.pk]), _("Undo"))
    return done(request, reverse("frontdesk:needs"), toast=_("Put aside."), undo=undo)


@screen(needs=Can.ASK_ELIGIBILITY, methods=("POST",))
def take_up(request: Request, not_now_id: UUID) -> HttpResponse:
    """Put a matter back on the list."""
    try:
        coverage.take_up(request.actor, not_now_id=not_now_id)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request))
    return done(request, reverse("frontdesk:needs"), PIECE, _facts(request), toast=_("Back on the list."))


@screen(needs=Can.ASK_ELIGIBILITY, methods=("GET", "HEAD", "POST"))
def ask_day(request: Request) -> HttpResponse:
    """Show what asking for everybody of a day would do, and do it."""
    day = _day(request)
    if request.method != "POST":
        return page(request, DAY_PAGE, _day_facts(request, day))
    try:
        asked = commands.ask_everybody(request.actor, day=day)
    except Refusal as no:
        return refused(request, DAY_PAGE, DAY_PIECE, None, no, _day_facts(request, day))
    toast = ngettext(
        "%(num)s plan asked. The answers come by themselves.",
        "%(num)s plans asked. The answers come by themselves.",
        asked.asked,
    ) % {"num": asked.asked}
    address = f"{reverse('frontdesk:ask-day')}?day={day.isoformat()}"
    return done(request, address, DAY_PIECE, _day_facts(request, day), toast=toast)


def _facts(request: Request) -> dict[str, Any]:
    everywhere = request.GET.get("where") == "all"
    location_id = None if everywhere else request.office.location_id
    found = coming.needs(
        now=request.actor.now, today=request.office.today, zone=request.office.zone, location_id=location_id
    )
    rows = Paginator(found.rows, ROWS).get_page(request.GET.get("page"))
    aside = found.aside[:ROWS]
    shown = [one.appointment.patient_id for one in (*rows, *aside)]
    record(request.actor, "frontdesk.needs.viewed", patients=list(dict.fromkeys(shown)))
    policy = coverage_queries.policy()
    today = request.office.today
    return {
        "found": found,
        "rows": rows,
        "aside": aside,
        "matters": MATTERS,
        "zone": request.office.zone,
        "today": today,
        "days": [today + timedelta(days=lead) for lead in policy.leads],
        "policy": policy,
        "has_door": request.office.location_id is not None,
        "everywhere": everywhere,
        "may_edit": request.actor.can(Can.EDIT_COVERAGE),
        "may_enrol": request.actor.can(Can.SEND_CLAIMS),
        "may_manage": request.actor.can(Can.MANAGE_OFFICE),
        "refusal": None,
    }


def _day_facts(request: Request, day: date) -> dict[str, Any]:
    found = coming.of_day(day, now=request.actor.now, zone=request.office.zone)
    people = [one.patient_id for one in found.cannot]
    record(request.actor, "frontdesk.day-to-ask.viewed", patients=people, day=day.isoformat())
    names = Patient.objects.in_bulk(people)
    return {
        "batch": found,
        "day": day,
        "today": request.office.today,
        "one_day": timedelta(days=1),
        "cannot": [(names[one.patient_id], one) for one in found.cannot if one.patient_id in names],
        "why": {
            "pays_self": _("The patient pays this visit: no plan is used"),
            "no_plan": _("No plan on file"),
            "not_connected": _("The payer is not connected: ask by phone"),
            "not_enrolled": _("The payer takes questions only from enrolled offices: ask by phone"),
            "bad_number": _("The Medicare number on file is wrong"),
        },
        "may_edit": request.actor.can(Can.EDIT_COVERAGE),
        "refusal": None,
    }


def _appointment(appointment_id: UUID) -> Appointment:
    found = schedule.appointment(appointment_id)
    if found is None:
        raise Http404
    return found


def _day(request: Request) -> date:
    """Return the day asked for, tomorrow without a word; a day that is over is not asked for."""
    asked = request.POST if request.method == "POST" else request.GET
    tomorrow = request.office.today + timedelta(days=1)
    with suppress(ValueError):
        return max(day_in_address(asked.get("day", "")), request.office.today)
    return tomorrow
