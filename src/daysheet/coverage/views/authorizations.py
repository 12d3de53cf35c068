"""A patient's prior authorizations and referrals: the panel with its counts, and the forms."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, commands
from daysheet.coverage.forms import AuthorizationForm, EndAuthorizationForm, ErrorForm, paper_facts
from daysheet.coverage.granted import granted
from daysheet.coverage.models import Authorization
from daysheet.coverage.patient_form import patient_form, patient_panel
from daysheet.kernel.access import Can
from daysheet.patients.models import Patient
from daysheet.ui.screens import Request, screen

GET_AND_POST = ("GET", "HEAD", "POST")
FORM = "coverage/authorization.html", "_authorization_form.html"
PANEL = "coverage/authorizations.html", "coverage/_authorizations.html"


@screen(needs=Can.SEE_COVERAGE)
def panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show what is authorized for a patient, how much of it is used and booked, and what to be warned of."""
    patient = Patient.objects.get(pk=patient_id)
    today = request.office.today
    shown = granted(authorizing.authorizations(patient_id), today)
    facts: dict[str, object] = {
        "patient": patient,
        "held": [one for one in shown if one.held.ends_on is None or one.held.ends_on > today],
        "past": [one for one in shown if one.held.ends_on is not None and one.held.ends_on <= today],
        "may_edit": request.actor.can(Can.EDIT_COVERAGE),
    }
    return patient_panel(request, PANEL, patient, facts, said="coverage.authorizations.viewed")


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def add(request: Request, patient_id: UUID) -> HttpResponse:
    """Enter an authorization or a referral."""
    patient = Patient.objects.get(pk=patient_id)
    form = AuthorizationForm(request.POST or None, patient_id=patient_id, today=request.office.today)

    def act(_version: int) -> str:
        added = commands.add_authorization(request.actor, patient_id=patient_id, **form.facts())
        return _("%(kind)s entered.") % {"kind": added.get_kind_display()}

    return patient_form(
        request, FORM, patient, form, act, title=_("Add an authorization or referral"), label=_("Add it")
    )


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

    return patient_form(
        request, FORM, held.patient, form, act, title=_("Change %s") % held, label=_("Save"), held=held
    )


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

    return patient_form(
        request, FORM, held.patient, form, act, title=_("End %s") % held, label=_("End it"), held=held
    )


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
    return patient_form(
        request, FORM, held.patient, form, act, title=title, label=_("Take it out"), held=held
    )


def _held(authorization_id: UUID) -> Authorization:
    held = authorizing.authorization(authorization_id)
    if held is None:
        raise Http404
    return held
