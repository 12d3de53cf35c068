"""The alerts of a patient: the list, a new one, one changed or ended, and what ends soon in the office."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import alerts, commands, queries
from daysheet.patients.alert_forms import AUDIENCE_WORDS, AlertCloseForm, AlertForm, standing_alert
from daysheet.patients.models import Patient, PatientAlert
from daysheet.ui import words
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
LIST, NEW_FORM = "patients/alerts.html", "_alert_new.html"
ONE, CHANGE_FORM, CLOSE_FORM = "patients/alert.html", "_alert_change.html", "_alert_close.html"


@screen(needs=Can.SEE_PATIENTS)
def alert_list(request: Request, patient_id: UUID) -> HttpResponse:
    """Show every alert of a patient with what happened to it, and the form for a new one."""
    return page(request, LIST, _list(request, patient_id) | {"form": AlertForm(by=request.actor)})


@screen(needs=Can.NOTE_ALERTS, methods=("POST",))
def alert_add(request: Request, patient_id: UUID) -> HttpResponse:
    """Write an alert."""
    today, told = request.office.today, _list(request, patient_id)
    form = AlertForm(request.POST, by=request.actor, today=today)
    if not form.is_valid():
        return invalid(request, LIST, NEW_FORM, form, told)
    try:
        made = commands.write_alert(request.actor, patient_id=patient_id, today=today, fact=form.fact())
    except Refusal as no:
        return refused(request, LIST, NEW_FORM, form, no, told)
    toast = (
        _("The alert stands until %(day)s.") % {"day": words.day(made.until_on)}
        if made.until_on
        else _("The alert stands.")
    )
    return done(request, _address(patient_id), toast=toast)


@screen(needs=Can.NOTE_ALERTS, methods=GET_AND_POST)
def alert_change(request: Request, alert_id: UUID) -> HttpResponse:
    """Change an alert."""
    alert, by, today = _found(request, alert_id), request.actor, request.office.today
    told = _one(request, alert)
    if request.method != "POST":
        return page(request, ONE, told | {"form": AlertForm(initial=standing_alert(alert), by=by)})
    form = AlertForm(request.POST, by=by, today=today)
    if not form.is_valid():
        return invalid(request, ONE, CHANGE_FORM, form, told)
    try:
        version = form_version(request) or 0
        commands.change_alert(by, alert_id=alert_id, version=version, today=today, fact=form.fact())
    except Refusal as no:
        return refused(request, ONE, CHANGE_FORM, form, no, told)
    return done(request, _address(alert.patient_id), toast=_("The alert is changed; it is to be read anew."))


@screen(needs=Can.NOTE_ALERTS, methods=("POST",))
def alert_close(request: Request, alert_id: UUID) -> HttpResponse:
    """End an alert, with the reason."""
    alert, by, today = _found(request, alert_id), request.actor, request.office.today
    told = _one(request, alert)
    close_form = AlertCloseForm(request.POST)
    told |= {"change_form": AlertForm(initial=standing_alert(alert), by=by), "close_form": close_form}
    if not close_form.is_valid():
        return invalid(request, ONE, CLOSE_FORM, close_form, told)
    try:
        because, version = close_form.cleaned_data["because"], form_version(request) or 0
        commands.close_alert(by, alert_id=alert_id, version=version, today=today, because=because)
    except Refusal as no:
        return refused(request, ONE, CLOSE_FORM, close_form, no, told)
    undo = (reverse("patients:alert-reopen", args=[alert_id]), _("Undo"))
    return done(request, _address(alert.patient_id), toast=_("The alert has ended."), undo=undo)


@screen(needs=Can.NOTE_ALERTS, methods=("POST",))
def alert_reopen(request: Request, alert_id: UUID) -> HttpResponse:
    """Open an alert again that was ended by mistake."""
    alert = _found(request, alert_id)
    try:
        commands.reopen_alert(request.actor, alert_id=alert_id, today=request.office.today)
    except Refusal as no:
        told = _list(request, alert.patient_id) | {"at": "list"}
        return refused(request, LIST, LIST, AlertForm(by=request.actor), no, told)
    return done(request, _address(alert.patient_id), toast=_("The alert stands again."))


@screen(needs=Can.SEE_PATIENTS)
def alerts_ending(request: Request) -> HttpResponse:
    """Show the alerts of the office that end within two weeks."""
    found = alerts.ending(request.actor, today=request.office.today)
    shown = Paginator(found, 50).get_page(request.GET.get("page"))
    seen = list({one.patient_id for one in shown})
    record(request.actor, "patients.alerts-ending.viewed", patients=seen)
    return page(request, "patients/alerts-ending.html", {"shown": shown, "audiences": AUDIENCE_WORDS})


def _list(request: Request, patient_id: UUID) -> dict[str, Any]:
    by, today = request.actor, request.office.today
    row = Patient.objects.prefetch_related("phones").get(pk=patient_id)
    record(by, "patients.alerts.viewed", row)
    found = alerts.of_patient(by, patient_id)
    stands = [one for one in found if not one.closed_at and (one.until_on is None or one.until_on >= today)]
    return queries.around(by, row, today=today, tab="alerts") | {
        "standing": stands,
        "over": [one for one in found if one not in stands],
        "may_write": by.can(Can.NOTE_ALERTS),
        "at": "new",
        **_words(),
    }


def _one(request: Request, alert: PatientAlert) -> dict[str, Any]:
    by, today = request.actor, request.office.today
    row = Patient.objects.prefetch_related("phones").get(pk=alert.patient_id)
    record(by, "patients.alert.viewed", alert, patients=[row.pk])
    shown = queries.around(by, row, today=today, tab="alerts")
    return shown | {"alert": alert, "close_form": AlertCloseForm(), **_words()}


def _words() -> dict[str, Any]:
    steps = {
        "made": _("written by"),
        "changed": _("changed by"),
        "read": _("read by"),
        "closed": _("ended by"),
        "reopened": _("opened again by"),
    }
    return {"audiences": AUDIENCE_WORDS, "place_words": alerts.PLACE_WORDS, "step_words": steps}


def _found(request: Request, alert_id: UUID) -> PatientAlert:
    found = alerts.alert(request.actor, alert_id)
    if found is None:
        raise Http404
    return found


def _address(patient_id: UUID) -> str:
    return reverse("patients:alerts", args=[patient_id])
