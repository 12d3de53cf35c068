"""A patient's coverages: the panel, and the forms to enter, change, end and take out one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import card_reading, commands, copays, paying, queries, ways_back
from daysheet.coverage.forms import (
    UNLISTED,
    AskDayForm,
    AskForm,
    CoverageForm,
    EndForm,
    ErrorForm,
    card_facts,
)
from daysheet.coverage.models import Coverage
from daysheet.coverage.patient_form import patient_form, scans_of_cards
from daysheet.coverage.rules import medicare
from daysheet.coverage.showing import card_of
from daysheet.coverage.switch_forms import named_facts
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen

GET_AND_POST = ("GET", "HEAD", "POST")
FORM = "coverage/card.html", "_card_form.html"
PANEL_PAGE, PANEL = "coverage/patient-panel.html", "coverage/_patient_panel.html"


@screen(needs=Can.SEE_COVERAGE)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show a patient's cards, how each stands, and what its plan last said."""
    patient = Patient.objects.get(pk=patient_id)
    record(request.actor, "coverage.patient.viewed", patient)
    context = _panel_facts(request, patient)
    return render(request, PANEL, context) if is_htmx(request) else page(request, PANEL_PAGE, context)


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def coverage_add(request: Request, patient_id: UUID) -> HttpResponse:
    """Enter a card."""
    patient = Patient.objects.get(pk=patient_id)
    first = {"rank": request.GET.get("rank", 1), "relationship": "self", **_named(request, patient)}
    read = _read(request, patient)
    first |= card_reading.first_values(read) if read else {}
    form = CoverageForm(request.POST or None, today=request.office.today, initial=first)
    form.card = read

    def act(_version: int) -> str:
        facts = form.facts()
        if form.is_unlisted:
            named = {name: facts.pop(name) for name in UNLISTED}
            added = commands.add_unlisted_coverage(request.actor, patient_id=patient_id, card=facts, **named)
        else:
            added = commands.add_coverage(request.actor, patient_id=patient_id, **facts)
        return _with_order(request, patient, _("%(plan)s entered.") % {"plan": added.plan.name})

    return patient_form(
        request, FORM, patient, form, act, title=_("Add coverage"), label=_("Add the coverage")
    )


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def coverage_edit(request: Request, coverage_id: UUID) -> HttpResponse:
    """Mend what was entered from a card."""
    held = _held(coverage_id)
    form = CoverageForm(request.POST or None, today=request.office.today, initial=card_facts(held))

    def act(version: int) -> str:
        commands.change_coverage(request.actor, coverage_id=coverage_id, version=version, **form.facts())
        return _with_order(request, held.patient, _("Coverage saved."))

    return patient_form(
        request, FORM, held.patient, form, act, title=_("Change coverage"), label=_("Save"), held=held
    )


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def coverage_end(request: Request, coverage_id: UUID) -> HttpResponse:
    """Say on which day a plan ends."""
    held = _held(coverage_id)
    form = EndForm(request.POST or None, today=request.office.today)

    def act(version: int) -> tuple[str, tuple[str, str]]:
        ends_on = form.cleaned_data["last_day"] + timedelta(days=1)
        ended = commands.end_coverage(
            request.actor, coverage_id=coverage_id, ends_on=ends_on, version=version
        )
        toast = _("%(plan)s ended.") % {"plan": held.plan.name}
        return toast, ways_back.end_back(ended, was=held.ends_on)

    title = _("End %(plan)s") % {"plan": held.plan.name}
    return patient_form(
        request, FORM, held.patient, form, act, title=title, label=_("End the coverage"), held=held
    )


@screen(needs=Can.EDIT_COVERAGE, methods=("POST",))
def coverage_end_undo(request: Request, coverage_id: UUID) -> HttpResponse:
    """Let a plan go on that was ended, or switched, by mistake."""
    held = _held(coverage_id)
    try:
        was = ways_back.read_end(coverage_id, request.GET.get("was", ""))
        commands.undo_end(request.actor, coverage_id=coverage_id, **was)
    except Refusal as no:
        record(request.actor, "coverage.patient.viewed", held.patient)
        return refused(request, PANEL_PAGE, PANEL, None, no, _panel_facts(request, held.patient))
    toast = _("%(plan)s stands as before.") % {"plan": held.plan.name}
    return done(request, reverse("patients:patient-page", args=[held.patient_id]), toast=toast)


@screen(needs=Can.EDIT_COVERAGE, methods=("POST",))
def payer_first_undo(request: Request, coverage_id: UUID) -> HttpResponse:
    """Take back that a plan was put before the others."""
    held = _held(coverage_id)
    try:
        commands.undo_put_first(request.actor, coverage_id=coverage_id)
    except Refusal as no:
        record(request.actor, "coverage.patient.viewed", held.patient)
        return refused(request, PANEL_PAGE, PANEL, None, no, _panel_facts(request, held.patient))
    toast = _("%(plan)s was taken out; the plans pay as before.") % {"plan": held.plan.name}
    return done(request, reverse("patients:patient-page", args=[held.patient_id]), toast=toast)


@screen(needs=Can.EDIT_COVERAGE, methods=GET_AND_POST)
def coverage_error(request: Request, coverage_id: UUID) -> HttpResponse:
    """Take out a coverage that was never true."""
    held = _held(coverage_id)
    form = ErrorForm(request.POST or None)

    def act(version: int) -> str:
        reason = form.cleaned_data["reason"]
        commands.mark_entered_in_error(request.actor, coverage_id=coverage_id, version=version, reason=reason)
        return _("%(plan)s taken out; the history keeps it.") % {"plan": held.plan.name}

    title = _("%(plan)s was never true") % {"plan": held.plan.name}
    return patient_form(
        request, FORM, held.patient, form, act, title=title, label=_("Take it out"), held=held
    )


@screen(needs=Can.ASK_ELIGIBILITY, methods=("POST",))
def eligibility_ask(request: Request, coverage_id: UUID) -> HttpResponse:
    """Ask the payer now, for today or the day of the visit that the form names."""
    held = _held(coverage_id)
    form = AskForm(request.POST)
    day = (form.cleaned_data["service_on"] if form.is_valid() else None) or request.office.today
    try:
        asked = commands.ask_eligibility(request.actor, coverage_id=coverage_id, service_on=day)
    except Refusal as no:
        record(request.actor, "coverage.patient.viewed", held.patient)
        return refused(request, PANEL_PAGE, PANEL, None, no, _panel_facts(request, held.patient))
    answer_page = reverse("coverage:eligibility-answer", args=[asked.pk])
    toast = _("Asked %(plan)s. The answer comes by itself.") % {"plan": held.plan.name}
    return done(request, answer_page, PANEL, _panel_facts(request, held.patient), toast=toast)


def _named(request: Request, patient: Patient) -> dict[str, Any]:
    """Return what an answer says of another payer, where the address names the answer and its line."""
    asked_id, line = read_id(request.GET.get("answer", "")), request.GET.get("line", "")
    asked = queries.inquiry(asked_id) if asked_id else None
    answer = getattr(asked, "response", None)
    if answer is None or answer.patient_id != patient.pk:
        return {}
    other = next((one for one in answer.other_payers if str(one["line"]) == line), None)
    return named_facts(other) if other else {}


def _read(request: Request, patient: Patient) -> card_reading.Beside | None:
    """Return what a card on file says, where the address names the card and nothing was typed yet."""
    card_id = read_id(request.GET.get("card", ""))
    if card_id is None or request.method == "POST" or not request.actor.can(Can.SEE_PAPERS):
        return None
    papers = card_reading.sides_of(patient.pk, card_id)
    return card_reading.beside(papers, patient, None) if papers else None


@screen(needs=Can.ASK_ELIGIBILITY, methods=GET_AND_POST)
def eligibility_ask_day(request: Request, coverage_id: UUID) -> HttpResponse:
    """Ask the payer for a day of service that is typed, of a plan that has ended as well."""
    held, today = _held(coverage_id), request.office.today
    is_past = held.ends_on is not None and held.ends_on <= today
    last = held.ends_on - timedelta(days=1) if held.ends_on and is_past else today
    form = AskDayForm(request.POST or None, today=today, initial={"service_on": last})

    def act(_version: int) -> str:
        commands.ask_eligibility(request.actor, coverage_id=coverage_id, **form.cleaned_data)
        return _("Asked %(plan)s. The answer comes by itself.") % {"plan": held.plan.name}

    title = _("Ask %(plan)s for a day of service") % {"plan": held.plan.name}
    return patient_form(request, FORM, held.patient, form, act, title=title, label=_("Ask"), held=held)


def _with_order(request: Request, patient: Patient, said: str) -> str:
    """Return what is said of a saved card, and of the order in which the plans pay now."""
    today = request.office.today
    held = queries.coverages_on(patient.pk, today)
    return " ".join([said, *paying.words_of_order(patient, held, day=today, zone=request.office.zone)])


def _panel_facts(request: Request, patient: Patient) -> dict[str, Any]:
    """Return what the panel shows: present cards first, past ones folded away."""
    held = list(queries.coverages(patient.pk))
    today, now = request.office.today, request.actor.now
    stands = queries.standing_of(held, today)
    said = queries.latest_answers([one.pk for one in held])
    cards = [card_of(one, stands[one.pk], said.get(one.pk), today=today, now=now) for one in held]
    return {
        "patient": patient,
        "cards": [card for card in cards if card.is_now or card.coverage.starts_on > today],
        "past": [card for card in cards if not card.is_now and card.coverage.starts_on <= today],
        "order": paying.words_of_order(
            patient,
            [card.coverage for card in cards if card.is_now],
            day=today,
            zone=request.office.zone,
        ),
        "services": [(one, copays.words_of(one)) for one in copays.in_use()],
        "scans": scans_of_cards(request, patient),
        "qmb_sentence": medicare.QMB_SENTENCE,
        "may_edit": request.actor.can(Can.EDIT_COVERAGE),
        "may_ask": request.actor.can(Can.ASK_ELIGIBILITY),
    }


def _held(coverage_id: UUID) -> Coverage:
    held = queries.coverage(coverage_id)
    if held is None:
        raise Http404
    return held
