"""A patient's advance notices (ABN): the panel, and the forms to write, sign, replace, print and take out one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import commands, notices, queries
from daysheet.coverage.forms import ErrorForm
from daysheet.coverage.notice import AdvanceNotice
from daysheet.coverage.notice_forms import NoticeForm, SignForm, notice_facts
from daysheet.coverage.patient_form import patient_form, patient_panel, refused_at_panel
from daysheet.coverage.rules.notices import SOURCE, edition_is_over, proposal_of
from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.patients.models import Patient
from daysheet.ui.answers import done
from daysheet.ui.screens import Request, screen

GET_AND_POST = ("GET", "HEAD", "POST")
FORM = "coverage/notice.html", "_notice_form.html"
PANEL = "coverage/notices.html", "coverage/_notices.html"


@screen(needs=Can.SEE_COVERAGE)
def panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show a patient's advance notices, what was chosen, and what follows for the claim."""
    patient = Patient.objects.get(pk=patient_id)
    return patient_panel(
        request, PANEL, patient, _panel_facts(request, patient), said="coverage.notices.viewed"
    )


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def add(request: Request, patient_id: UUID) -> HttpResponse:
    """Write an advance notice."""
    patient = Patient.objects.get(pk=patient_id)
    return _write(request, patient, None)


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def replace(request: Request, notice_id: UUID) -> HttpResponse:
    """Write another notice in the place of one that is signed or out of date."""
    held = _held(notice_id)
    return _write(request, held.patient, held)


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def change(request: Request, notice_id: UUID) -> HttpResponse:
    """Mend a notice that is not signed yet."""
    held = _held(notice_id)
    today = request.office.today
    form = NoticeForm(request.POST or None, today=today, initial=notice_facts(held))

    def act(version: int) -> str:
        facts = form.facts()
        commands.change_notice(request.actor, notice_id=notice_id, version=version, facts=facts, today=today)
        return _("Saved.")

    title = _("Change the notice about %s") % held
    return patient_form(request, FORM, held.patient, form, act, title=title, label=_("Save"), held=held)


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def sign(request: Request, notice_id: UUID) -> HttpResponse:
    """Write down what the patient chose, who signed and when."""
    held = _held(notice_id)
    today = request.office.today
    who = f"{held.patient.given} {held.patient.family}"
    form = SignForm(request.POST or None, today=today, initial={"signed_on": today, "signed_by": who})

    def act(version: int) -> str:
        commands.sign_notice(
            request.actor, notice_id=notice_id, version=version, today=today, **form.cleaned_data
        )
        return _("Signed. Give the patient a copy.")

    title = _("The notice about %s was signed") % held
    return patient_form(
        request, FORM, held.patient, form, act, title=title, label=_("Keep the signature"), held=held
    )


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def error(request: Request, notice_id: UUID) -> HttpResponse:
    """Take out a notice that was never true."""
    held = _held(notice_id)
    form = ErrorForm(request.POST or None)

    def act(version: int) -> str:
        reason = form.cleaned_data["reason"]
        commands.mark_notice_in_error(request.actor, notice_id=notice_id, version=version, reason=reason)
        return _("Taken out; the history keeps it.")

    title = _("The notice about %s was never true") % held
    return patient_form(
        request, FORM, held.patient, form, act, title=title, label=_("Take it out"), held=held
    )


@screen(needs=Can.EDIT_COVERAGE, methods=("POST",))
def on_paper(request: Request, notice_id: UUID) -> HttpResponse:
    """Put a notice on paper and show it."""
    held = _held(notice_id)
    try:
        paper = commands.print_notice(request.actor, notice_id=notice_id)
    except Refusal as no:
        return refused_at_panel(request, PANEL, held.patient, _panel_facts(request, held.patient), no)
    return done(request, reverse("documents:document-view", args=[paper.pk]))


def _write(request: Request, patient: Patient, old: AdvanceNotice | None) -> HttpResponse:
    today = request.office.today
    first: dict[str, Any] = {"why": "not_necessary", "service_on": today}
    if old is not None:
        first |= notice_facts(old) | {"service_on": max(today, old.service_on)}
    form = NoticeForm(request.POST or None, today=today, initial=first)

    def act(_version: int) -> str:
        commands.write_notice(
            request.actor,
            patient_id=patient.pk,
            facts=form.facts(),
            today=today,
            replaces_id=old.pk if old else None,
        )
        return _("Notice written. Print it and let the patient read, choose and sign.")

    title = _("Another notice about %s") % old if old else _("Write an advance notice (ABN)")
    return patient_form(request, FORM, patient, form, act, title=title, label=_("Write the notice"))


def _panel_facts(request: Request, patient: Patient) -> dict[str, object]:
    today = request.office.today
    every = [(one, proposal_of(notices.as_notice(one))) for one in notices.notices(patient.pk)]
    return {
        "patient": patient,
        "one_day": timedelta(days=1),
        "old_form": edition_is_over(today),
        "notices": [pair for pair in every if pair[0].expires_on > today],
        "past": [pair for pair in every if pair[0].expires_on <= today],
        "takes_notices": notices.original_medicare(patient.pk, today) is not None,
        "is_qmb": queries.qmb_answer(patient.pk, today) is not None,
        "source": SOURCE,
        "may_edit": request.actor.can(Can.EDIT_COVERAGE),
    }


def _held(notice_id: UUID) -> AdvanceNotice:
    held = notices.notice(notice_id)
    if held is None:
        raise Http404
    return held
