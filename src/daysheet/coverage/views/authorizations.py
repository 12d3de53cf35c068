"""A patient's prior authorizations and referrals: the panel with its counts, and the forms."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, commands
from daysheet.coverage.forms import AuthorizationForm, EndAuthorizationForm, ErrorForm, paper_facts
from daysheet.coverage.granted import granted
from daysheet.coverage.models import Authorization
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
FORM_PAGE, FORM = "coverage/authorization.html", "_authorization_form.html"
PANEL_PAGE, PANEL = "coverage/authorizations.html", "coverage/_authorizations.html"


@screen(needs=Can.SEE_COVERAGE)
def panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show what is authorized for a patient, how much of it is used and booked, and what to be warned of."""
    patient = Patient.objects.get(pk=patient_id)
    record(request.actor, "coverage.authorizations.viewed", patient)
    today = request.office.today
    shown = granted(authorizing.authorizations(patient_id), today)
    context = {
        "patient": patient,
        "held": [one for one in shown if one.held.ends_on is None or one.held.ends_on > today],
        "past": [one for one in shown if one.held.ends_on is not None and one.held.ends_on <= today],
        "may_edit": request.actor.can(Can.EDIT_COVERAGE),
    }
    if is_htmx(request):
        return render(request, PANEL, context)
    return page(request, PANEL_PAGE, {**patients.around(request.actor, patient, today=today), **context})


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def add(request: Request, patient_id: UUID) -> HttpResponse:
    """Enter an authorization or a referral."""
    patient = Patient.objects.get(pk=patient_id)
    form = AuthorizationForm(request.POST or None, patient_id=patient_id, today=request.office.today)

    def act(_version: int) -> str:
        added = commands.add_authorization(request.actor, patient_id=patient_id, **form.facts())
        return _("%(kind)s entered.") % {"kind": added.get_kind_display()}

    return _form(request, patient, form, act, title=_("Add an authorization or referral"), label=_("Add it"))


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def change(request: Request, authorization_id: UUID) -> HttpResponse:
    """Mend an authorization, or write down that more was approved."""
    held = _held(authorization_id)
    form = AuthorizationForm(
        request.POST or None,
        patient_id=held.patient_id,
        today=request.office.today,
        initial=paper_facts(held),
    )

    def act(version: int) -> str:
        commands.change_authorization(
            request.actor, authorization_id=authorization_id, version=version, **form.facts()
        )
        return _("Saved.")

    return _form(request, held.patient, form, act, title=_("Change %s") % held, label=_("Save"), held=held)


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def end(request: Request, authorization_id: UUID) -> HttpResponse:
    """Say on which day an authorization ends early, and why."""
    held = _held(authorization_id)
    form = EndAuthorizationForm(request.POST or None, today=request.office.today)

    def act(version: int) -> str:
        said = form.cleaned_data
        commands.end_authorization(
            request.actor,
            authorization_id=authorization_id,
            version=version,
            ends_on=said["last_day"] + timedelta(days=1),
            reason=said["reason"],
        )
        return _("%s ended.") % held

    return _form(request, held.patient, form, act, title=_("End %s") % held, label=_("End it"), held=held)


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def error(request: Request, authorization_id: UUID) -> HttpResponse:
    """Take out an authorization that was never true."""
    held = _held(authorization_id)
    form = ErrorForm(request.POST or None)

    def act(version: int) -> str:
        commands.mark_authorization_in_error(
            request.actor,
            authorization_id=authorization_id,
            version=version,
            reason=form.cleaned_data["reason"],
        )
        return _("%s taken out; the history keeps it.") % held

    title = _("%s was never true") % held
    return _form(request, held.patient, form, act, title=title, label=_("Take it out"), held=held)


def _form(
    request: Request,
    patient: Patient,
    form: Any,
    act: Callable[[int], str],
    *,
    title: str,
    label: str,
    held: Authorization | None = None,
) -> HttpResponse:
    """Show a form about an authorization, or do what it says."""
    context = {
        **patients.around(request.actor, patient, today=request.office.today),
        "held": held,
        "version": held.version if held else None,
        "title": title,
        "label": label,
    }
    record(request.actor, "coverage.form.viewed", held or patient)
    if request.method != "POST":
        return page(request, FORM_PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, FORM_PAGE, FORM, form, context)
    try:
        toast = act(form_version(request) or 0)
    except Refusal as no:
        return refused(request, FORM_PAGE, FORM, form, no, context)
    return done(request, reverse("patients:patient-page", args=[patient.pk]), toast=toast)


def _held(authorization_id: UUID) -> Authorization:
    held = authorizing.authorization(authorization_id)
    if held is None:
        raise Http404
    return held
