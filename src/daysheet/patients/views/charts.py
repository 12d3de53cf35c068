"""The screens of patients: search, new patient, patient page, edit, history, the check of a caller."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from daysheet.kernel import drafts
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.patients import coming_from, commands, queries
from daysheet.patients.boxed import Box, look
from daysheet.patients.forms import (
    LANGUAGES,
    CallerForm,
    PatientForm,
    StatusForm,
    carried,
    kept_draft,
    standing,
)
from daysheet.patients.models import Patient
from daysheet.patients.paying import who_pays
from daysheet.patients.people import Around, around_at_hand
from daysheet.patients.people_forms import TOPIC_WORDS
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import read_form_token

SHOWN = 20
IN_BOX = 7
GET_AND_POST = ("GET", "HEAD", "POST")
PANELS = (
    ("tasks:patient-panel", lazy("To do"), Can.WORK_TASKS),
    ("schedule:patient-panel", lazy("Appointments"), Can.SEE_SCHEDULE),
    ("coverage:patient-panel", lazy("Coverage"), Can.SEE_COVERAGE),
    ("coverage:cases", lazy("Work, car and liability cases"), Can.SEE_COVERAGE),
    ("coverage:authorizations", lazy("Authorizations and referrals"), Can.SEE_COVERAGE),
    ("coverage:notices", lazy("Advance notices (ABN)"), Can.SEE_COVERAGE),
    ("ledger:patient-panel", lazy("Money"), Can.SEE_MONEY),
    ("charges:patient-estimates", lazy("Estimates"), Can.ENTER_CHARGES),
    ("visits:patient-panel", lazy("Visits"), Can.SEE_SCHEDULE),
    ("claims:patient-panel", lazy("Claims"), Can.SEE_CLAIMS),
    ("documents:patient-panel", lazy("Papers"), Can.SEE_PAPERS),
    ("phones:patient-panel", lazy("Calls"), Can.ANSWER_PHONES),
    ("privacy:patient-panel", lazy("Notices and consents"), Can.SEE_PATIENTS),
)


@screen(needs=Can.SEE_PATIENTS, methods=GET_AND_POST)
def search(request: Request) -> HttpResponse:
    """Show the one box, and whom its text may mean."""
    text = request.POST.get("q", "")
    asked_for = request.POST.get("for") or request.GET.get("for") or ""
    on = coming_from.looks_for(asked_for)
    box = _box(request, text, limit=SHOWN + 1)
    hits = box.hits if on else box.acted or box.hits
    told: dict[str, Any] = {
        "text": text,
        "asked": bool(text.strip()),
        "hits": hits[:SHOWN],
        "more": len(hits) > SHOWN,
        "box": box,
        "looked_for": asked_for if on else "",
        "goes_on": on,
    }
    if is_htmx(request):
        return render(request, "patients/_hits.html", told)
    return page(request, "patients/search.html", told)


@screen(needs=Can.SEE_PATIENTS, methods=("POST",))
def palette(request: Request) -> HttpResponse:
    """Answer the box at the top of every page: the first few patients, and the pages and acts that fit."""
    box = _box(request, request.POST.get("q", ""), limit=IN_BOX + 1)
    told = {"box": box, "hits": box.hits[:IN_BOX], "acted": box.acted[:IN_BOX]}
    return render(
        request, "patients/_options.html", told | {"more": max(len(box.hits), len(box.acted)) > IN_BOX}
    )


@screen(needs=Can.EDIT_PATIENTS, methods=GET_AND_POST)
def patient_new(request: Request) -> HttpResponse:
    """Show an empty front sheet, or with what the search carried over; save it when it is filled in."""
    today = request.office.today
    if request.method != "POST" or "family" not in request.POST:
        start = {"sex": "U", "language": "en", **carried(request.POST.get("q", ""), today=today)}
        start, kept_at = _with_draft(request, start)
        told = {"form": PatientForm(initial=start), "alike": [], "compared": False, "kept_at": kept_at}
        told["came_from"] = request.POST.get("came_from", "")
        return page(request, "patients/patient-new.html", told)
    form = PatientForm(request.POST, today=today)
    sound = form.is_valid()
    alike = _alike(request, form)
    came_from = request.POST.get("came_from", "")
    told = {"alike": alike, "compared": "compared" in request.POST, "kept_at": None, "came_from": came_from}
    names = ("patients/patient-new.html", "_new_form.html")
    if not sound:
        return invalid(request, *names, form, told)
    because = form.cleaned_data["different_because"]
    if alike and not because and (not told["compared"] or any(one.is_strong for one in alike)):
        sentence = _("Compare first: this may be the same person. Nothing is saved yet.")
        return refused(request, *names, form, Refusal(sentence), told | {"compared": True})
    try:
        patient = commands.register_patient(request.actor, **form.facts(), different_because=because)
    except Refusal as no:
        return refused(request, *names, form, no, told)
    drafts.drop_draft(user_id=_user(request), form=request.path)
    toast = _("%(name)s has chart %(chart)s.") % {"name": _called(patient), "chart": patient.chart_number}
    on = coming_from.go_on(request.actor, came_from, patient)
    return done(request, on or queries.address("patients:patient-page", patient.pk), toast=toast)


@screen(needs=Can.EDIT_PATIENTS, methods=("POST",))
def patient_alike(request: Request) -> HttpResponse:
    """Show, while the front sheet is filled in, who may be the same person."""
    form = PatientForm(request.POST, today=request.office.today)
    form.is_valid()
    blank = PatientForm(initial={"different_because": request.POST.get("different_because", "")})
    return render(
        request, "patients/_alike.html", {"form": blank, "alike": _alike(request, form), "compared": True}
    )


@screen(needs=Can.SEE_PATIENTS)
def patient_page(request: Request, patient_id: UUID) -> HttpResponse:
    """Show a patient: who, what is next, what is open, what came before."""
    patient = queries.patient(patient_id)
    record(request.actor, "patients.chart.viewed", patient)
    chart = list(queries.chart_items(patient_id)) if request.actor.can(Can.SEE_CHART) else None
    people = around_at_hand(patient, today=request.office.today)
    told = _around(request, patient, "overview") | {
        "panels": _panels(request.actor, patient_id),
        "chart": chart,
        "timeline": queries.timeline(request.actor, patient),
        "acts": _acts(request.actor, patient_id),
        "language": str(dict(LANGUAGES).get(patient.language, patient.language)),
        "people": [(one.contact, _told(one)) for one in people],
        "guarantor": who_pays(patient, today=request.office.today, around=people).words,
    }
    return page(request, "patients/patient-page.html", told)


@screen(needs=Can.EDIT_PATIENTS, methods=GET_AND_POST)
def patient_edit(request: Request, patient_id: UUID) -> HttpResponse:
    """Change the front sheet; when somebody else did so meanwhile, show both."""
    patient = queries.patient(patient_id)
    names = ("patients/patient-edit.html", "_edit_form.html")
    told = _around(request, patient, "edit") | {"theirs": [], "kept_at": None}
    record(request.actor, "patients.chart.viewed", patient)
    if request.method != "POST":
        start, told["kept_at"] = _with_draft(request, standing(patient))
        return page(request, names[0], told | {"form": PatientForm(initial=start)})
    form = PatientForm(request.POST, today=request.office.today)
    try:
        told["version"] = version = _version(request, patient)
        if not form.is_valid():
            return invalid(request, *names, form, told)
        facts = form.facts()
        facts["is_own_guarantor"] = facts["guarantor"] is None
        patient = commands.change_patient(request.actor, patient_id=patient_id, version=version, **facts)
    except StaleForm as no:
        told |= {"version": patient.version, "theirs": _theirs(patient, form)}
        return refused(request, *names, form, no, told)
    except Refusal as no:
        return refused(request, *names, form, no, told)
    drafts.drop_draft(user_id=_user(request), form=request.path)
    return done(
        request, queries.address("patients:patient-page", patient_id), toast=_("Saved: %s") % _called(patient)
    )


@screen(needs=Can.EDIT_PATIENTS, methods=GET_AND_POST)
def patient_status(request: Request, patient_id: UUID) -> HttpResponse:
    """Say whether the office still cares for the patient, or that the patient died."""
    patient = queries.patient(patient_id)
    names = ("patients/patient-status.html", "_status_form.html")
    told = _around(request, patient, "edit")
    record(request.actor, "patients.chart.viewed", patient)
    if request.method != "POST":
        start = {"status": patient.status, "deceased_on": patient.deceased_on}
        return page(request, names[0], told | {"form": StatusForm(initial=start)})
    form = StatusForm(request.POST, today=request.office.today)
    try:
        version = _version(request, patient)
        if not form.is_valid():
            return invalid(request, *names, form, told)
        commands.set_status(request.actor, patient_id=patient_id, version=version, **form.cleaned_data)
    except Refusal as no:
        return refused(request, *names, form, no, told)
    return done(
        request, queries.address("patients:patient-page", patient_id), toast=_("Saved: %s") % _called(patient)
    )


@screen(needs=Can.SEE_PATIENTS)
def patient_changes(request: Request, patient_id: UUID) -> HttpResponse:
    """Show every saved change of the front sheet, newest first."""
    patient = queries.patient(patient_id)
    record(request.actor, "patients.changes.viewed", patient)
    shown = Paginator(queries.changes(patient_id), 50).get_page(request.GET.get("page"))
    told = _around(request, patient, "changes") | {"changes": shown, "labels": _labels()}
    return page(request, "patients/patient-changes.html", told)


@screen(needs=Can.SEE_PATIENTS, methods=GET_AND_POST)
def identity_check(request: Request, patient_id: UUID) -> HttpResponse:
    """Type what a caller says; learn whether it is this patient, never what differs."""
    patient = queries.patient(patient_id)
    names = ("patients/identity-check.html", "_identity_form.html")
    told: dict[str, Any] = {"patient": patient, "verdict": "", "misses": 0}
    if request.method != "POST":
        record(request.actor, "patients.identity.asked", patient)
        return page(request, names[0], told | {"form": CallerForm()})
    form = CallerForm(request.POST, today=request.office.today)
    if not form.is_valid():
        record(request.actor, "patients.identity.asked", patient)
        return invalid(request, *names, form, told)
    said = {name: value for name, value in form.cleaned_data.items() if value}
    matched = queries.two_identifiers(patient, said)
    commands.note_identity_check(request.actor, patient_id=patient_id, asked=list(said), matched=matched)
    told |= {"verdict": "match" if matched else "differs", "form": form}
    told["misses"] = 0 if matched else queries.misses(request.actor, patient_id)
    if is_htmx(request):
        return render(request, "patients/_identity_form.html", told | {"refusal": None})
    return page(request, names[0], told)


def _box(request: Request, text: str, *, limit: int) -> Box:
    box = look(text, by=request.actor, kind=request.office.kind, today=request.office.today, limit=limit)
    if text.strip():
        named = dict.fromkeys(hit.patient.pk for hit in (*box.hits, *box.acted))
        record(request.actor, "patients.search.answered", patients=list(named))
    return box


def _alike(request: Request, form: PatientForm) -> list[queries.Likeness]:
    compared = form.compared()
    if compared is None:
        return []
    alike = queries.possible_duplicates(**compared)
    if alike:
        record(request.actor, "patients.look-alikes.shown", patients=[one.patient.pk for one in alike])
    return alike


def _around(request: Request, patient: Patient, current: str) -> dict[str, Any]:
    """Return what stands around every page of a patient, and the version that its forms carry."""
    shown = queries.around(request.actor, patient, today=request.office.today, tab=current)
    return shown | {"version": patient.version}


def _panels(by: Actor, patient_id: UUID) -> list[tuple[str, str]]:
    found = [
        (queries.address(name, patient_id), str(words)) for name, words, needs in PANELS if by.can(needs)
    ]
    return [(url, words) for url, words in found if url]


def _acts(by: Actor, patient_id: UUID) -> list[tuple[str, str]]:
    """Return what is done from a patient's page, the first as its main button."""
    wanted = (
        (_("Book"), "schedule:appointment-book", Can.BOOK_APPOINTMENT),
        (_("Take payment"), "ledger:payment-take", Can.TAKE_PAYMENT),
        (_("Check in"), "frontdesk:patient-check-in", Can.MOVE_PATIENT),
        (_("Write a letter"), "letters:letter-write", Can.WRITE_LETTERS),
        (_("File a paper"), "documents:document-upload", Can.FILE_PAPERS),
        (_("Check a caller"), "patients:identity-check", Can.SEE_PATIENTS),
        (_("Change status"), "patients:patient-status", Can.EDIT_PATIENTS),
    )
    found = [(words, queries.address(name, patient_id)) for words, name, needs in wanted if by.can(needs)]
    return [(words, url) for words, url in found if url]


def _with_draft(request: Request, start: dict[str, Any]) -> tuple[dict[str, Any], datetime | None]:
    """Return what the form begins with, the person's own draft where it was asked for, and when one was kept."""
    kept = drafts.draft_of(user_id=_user(request), form=request.path)
    if kept is None or "draft" not in request.GET:
        return start, kept.kept_at if kept else None
    return start | kept_draft(kept.fields), None


def _user(request: Request) -> UUID:
    return request.actor.user_id or UUID(int=0)


def _told(one: Around) -> str:
    """Return what a person around the patient may be told, as the page of the people answers it."""
    answer = one.answers["hear"]
    if answer.word == "ask":
        return answer.why
    if answer.word == "no":
        return _("Tell nothing but that we called")
    if answer.word == "yes":
        return _("May be told about visits and care")
    topics = ", ".join(str(TOPIC_WORDS[topic]) for topic in answer.topics)
    return _("May be told of: %(topics)s") % {"topics": topics}


def _called(patient: Patient) -> str:
    return f"{patient.preferred or patient.given} {patient.family}"


def _version(request: Request, patient: Patient) -> int:
    """Return the version that the form was drawn from; a form of another patient is refused."""
    token = read_form_token(request)
    if token is None or token.subject != str(patient.pk):
        raise Refusal(_("This form was opened for another patient. Nothing was saved."))
    return int(token.version)


def _labels() -> dict[str, str]:
    labels = {name: str(field.label) for name, field in PatientForm.base_fields.items()}
    return labels | {
        "phones": _("Phones"),
        "contact": _("Contact"),
        "guarantor": _("Guarantor"),
        "status": _("Status"),
        "deceased_on": _("Day of death"),
        "photo": _("Photo"),
    }


def _theirs(patient: Patient, form: PatientForm) -> list[tuple[str, str, str]]:
    """Return the fields in which the chart and the form differ: label, what the chart says, what was typed."""
    now = standing(queries.patient(patient.pk))
    labels = _labels()
    return [
        (labels[name], _words(now.get(name)), _words(typed))
        for name, typed in form.cleaned_data.items()
        if name in labels and name != "different_because" and _words(now.get(name)) != _words(typed)
    ]


def _words(value: Any) -> str:
    return (
        {None: "", True: _("yes"), False: ""}.get(value, str(value)) if not isinstance(value, str) else value
    )
