"""A patient's cases of injury: the panel, and the forms to enter, change, close, open again and take out one."""

from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import cases, commands
from daysheet.coverage.case_forms import CaseForm, CloseCaseForm, case_facts
from daysheet.coverage.forms import ErrorForm
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.patient_form import patient_form, patient_panel, refused_at_panel
from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.patients.models import Patient
from daysheet.ui.answers import done
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
FORM = "coverage/case.html", "_case_form.html"
PANEL = "coverage/cases.html", "coverage/_cases.html"


@screen(needs=Can.SEE_COVERAGE)
def panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show a patient's cases: what happened, who pays, whom to call."""
    patient = Patient.objects.get(pk=patient_id)
    return patient_panel(
        request, PANEL, patient, _panel_facts(request, patient), said="coverage.cases.viewed"
    )


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def add(request: Request, patient_id: UUID) -> HttpResponse:
    """Enter a case."""
    patient = Patient.objects.get(pk=patient_id)
    today = request.office.today
    form = CaseForm(request.POST or None, today=today)

    def act(_version: int) -> str:
        added = commands.add_case(
            request.actor,
            patient_id=patient_id,
            facts=form.facts(),
            today=today,
            insurer=form.insurer_named,
        )
        return _("%(case)s entered.") % {"case": cases.words_of(added)}

    return patient_form(request, FORM, patient, form, act, title=_("Add a case"), label=_("Add the case"))


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def change(request: Request, case_id: UUID) -> HttpResponse:
    """Mend a case, or write down what the insurer has told meanwhile."""
    held = _held(case_id)
    today = request.office.today
    form = CaseForm(request.POST or None, today=today, initial=case_facts(held))

    def act(version: int) -> str:
        commands.change_case(
            request.actor,
            case_id=case_id,
            version=version,
            facts=form.facts(),
            today=today,
            insurer=form.insurer_named,
        )
        return _("Saved.")

    title = _("Change %s") % cases.words_of(held)
    return patient_form(request, FORM, held.patient, form, act, title=title, label=_("Save"), held=held)


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def close(request: Request, case_id: UUID) -> HttpResponse:
    """Say until when a case pays, and why no longer."""
    held = _held(case_id)
    today = request.office.today
    form = CloseCaseForm(request.POST or None, today=today)

    def act(version: int) -> str:
        commands.close_case(request.actor, case_id=case_id, version=version, today=today, **form.facts())
        return _("Case closed.")

    title = _("Close %s") % cases.words_of(held)
    return patient_form(
        request, FORM, held.patient, form, act, title=title, label=_("Close the case"), held=held
    )


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def error(request: Request, case_id: UUID) -> HttpResponse:
    """Take out a case that was never true."""
    held = _held(case_id)
    form = ErrorForm(request.POST or None)

    def act(version: int) -> str:
        reason = form.cleaned_data["reason"]
        commands.mark_case_in_error(request.actor, case_id=case_id, version=version, reason=reason)
        return _("Taken out; the history keeps it.")

    title = _("%s was never true") % cases.words_of(held)
    return patient_form(
        request, FORM, held.patient, form, act, title=title, label=_("Take it out"), held=held
    )


@screen(needs=Can.EDIT_COVERAGE, methods=("POST",))
def reopen(request: Request, case_id: UUID) -> HttpResponse:
    """Open a closed case again."""
    held = _held(case_id)
    try:
        commands.reopen_case(request.actor, case_id=case_id, version=form_version(request) or 0)
    except Refusal as no:
        return refused_at_panel(request, PANEL, held.patient, _panel_facts(request, held.patient), no)
    address = reverse("coverage:cases", args=[held.patient_id])
    return done(
        request, address, PANEL[1], _panel_facts(request, held.patient), toast=_("The case is open again.")
    )


def _panel_facts(request: Request, patient: Patient) -> dict[str, object]:
    today = request.office.today
    every = list(cases.cases(patient.pk))
    return {
        "patient": patient,
        "open_cases": [one for one in every if one.closed_on is None or one.closed_on > today],
        "closed_cases": [
            (one, one.closed_on - timedelta(days=1))
            for one in every
            if one.closed_on is not None and one.closed_on <= today
        ],
        "words_of": cases.words_of,
        "may_edit": request.actor.can(Can.EDIT_COVERAGE),
    }


def _held(case_id: UUID) -> InjuryCase:
    held = cases.case(case_id)
    if held is None:
        raise Http404
    return held
