"""The screens of privacy: notices and consents, who looked at a chart, the diary and its file."""

import csv
import io
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import AuditLine
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.privacy import commands, filling, queries
from daysheet.privacy.forms import DiaryForm, SignatureForm
from daysheet.privacy.models import Consent
from daysheet.privacy.queries import Filters
from daysheet.privacy.rules import WORDS
from daysheet.privacy.words import say
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen

MOST_EXPORTED = 50_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so as a formula; an apostrophe makes it text."""


@screen(needs=Can.SEE_PATIENTS)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show what a patient signed, and what is still to be signed."""
    patient = patients.patient(patient_id)
    record(request.actor, "privacy.consents.viewed", patient)
    told = _consents(request, patient)
    if is_htmx(request):
        return page(request, "privacy/_patient_panel.html", told)
    return page(request, "privacy/consents.html", told | _around(request, patient, "consents"))


@screen(needs=Can.EDIT_PATIENTS, methods=("GET", "HEAD", "POST"))
def notice_sign(request: Request, patient_id: UUID) -> HttpResponse:
    """Note who signed a notice, or why nobody did."""
    patient = patients.patient(patient_id)
    names = ("privacy/notice-sign.html", "_sign_form.html")
    told = _around(request, patient)
    today = request.office.today
    record(request.actor, "privacy.consents.viewed", patient)
    if request.method != "POST":
        missing = queries.missing_notices(patient_id, today)
        start = {"kind": request.GET.get("kind") or (missing or ["npp"])[0], "signed_on": today}
        return page(request, names[0], told | {"form": SignatureForm(initial=start)})
    form = SignatureForm(request.POST, today=today)
    if not form.is_valid():
        return invalid(request, *names, form, told)
    said = form.cleaned_data
    try:
        if said["because"]:
            commands.note_refusal(
                request.actor, patient_id=patient_id, kind=said["kind"], because=said["because"]
            )
        else:
            facts = {name: said[name] for name in ("kind", "signed_by", "signed_on")}
            commands.sign_notice(request.actor, patient_id=patient_id, **facts)
    except Refusal as no:
        return refused(request, *names, form, no, told)
    toast = _("Noted: %s") % _(WORDS[said["kind"]])
    return done(request, reverse("privacy:patient-panel", args=[patient_id]), toast=toast)


@screen(needs=Can.EDIT_PATIENTS, methods=("POST",))
def consent_withdraw(request: Request, consent_id: UUID) -> HttpResponse:
    """Note that a consent was taken back."""
    try:
        consent = commands.withdraw_consent(request.actor, consent_id=consent_id)
    except Refusal as no:
        consent = Consent.objects.select_related("patient").get(pk=consent_id)
        record(request.actor, "privacy.consents.viewed", consent.patient)
        told = _consents(request, consent.patient) | _around(request, consent.patient, "consents")
        return refused(request, "privacy/consents.html", "_patient_panel.html", None, no, told)
    toast = _("Withdrawn: %s") % _(WORDS.get(consent.kind, consent.kind))
    return done(request, reverse("privacy:patient-panel", args=[consent.patient_id]), toast=toast)


@screen(needs=Can.SEE_DIARY)
def lookers(request: Request, patient_id: UUID) -> HttpResponse:
    """Show who looked at a chart or changed it, newest first, and how far the diary is sealed."""
    patient = patients.patient(patient_id)
    record(request.actor, "privacy.lookers.viewed", patient)
    person = request.GET.get("person", "")
    shown = Paginator(queries.lookers(patient_id, person=person), 50).get_page(request.GET.get("page"))
    form = DiaryForm(request.GET or None, people=queries.people(patient_id), today=request.office.today)
    told = _lines(list(shown)) | {
        "shown": shown,
        "form": form,
        "person": person,
        "sealing": queries.sealing(),
    }
    return page(request, "privacy/lookers.html", told | _around(request, patient, "lookers"))


@screen(needs=Can.SEE_DIARY)
def diary(request: Request) -> HttpResponse:
    """Show the diary of the practice, newest first, filtered by day, person, action and chart."""
    form, lines = _asked(request)
    shown = Paginator(lines, 50).get_page(request.GET.get("page"))
    rows = list(shown)
    record(request.actor, "privacy.diary.viewed", patients={one for line in rows for one in line.patient_ids})
    told = _lines(rows) | {"shown": shown, "form": form, "sealing": queries.sealing()}
    told["filtered"] = bool(request.GET.keys() - {"page"})
    return page(
        request, "privacy/diary.html", told, status=200 if form.is_valid() or not form.is_bound else 422
    )


@screen(needs=Can.SEE_DIARY)
def diary_csv(request: Request) -> HttpResponse:
    """Hand out the filtered diary as a file for a spreadsheet."""
    _form, lines = _asked(request)
    rows = list(lines[:MOST_EXPORTED])
    named = {one for line in rows for one in line.patient_ids}
    record(request.actor, "privacy.diary.exported", patients=named, lines=len(rows))
    numbers, seals = queries.charts(rows), queries.sealed(rows)
    paper = io.StringIO()
    out = csv.writer(paper)
    out.writerow(["at", "who", "role", "workstation", "action", "charts", "purpose", "details", "seal"])
    for line in rows:
        shown = [str(numbers[one]) for one in line.patient_ids if one in numbers]
        cells = [line.at.isoformat(), line.actor_name, line.actor_role, line.workstation, line.action]
        cells += [" ".join(shown), line.purpose, str(line.details), str(seals.get(line.pk, ""))]
        out.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    response = HttpResponse(paper.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="diary.csv"'
    return response


def _asked(request: Request) -> tuple[DiaryForm, Any]:
    people = queries.people(since=request.actor.now)
    form = DiaryForm(request.GET or None, people=people, today=request.office.today)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    patient_id = None
    if said.get("chart"):
        found = Patient.objects.filter(chart_number=said["chart"]).values_list("pk", flat=True).first()
        patient_id = found or UUID(int=0)
    filters = Filters(
        said.get("first"), said.get("last"), said.get("person") or "", said.get("action") or "", patient_id
    )
    return form, queries.diary(filters, zone=request.office.zone)


def _lines(rows: list[AuditLine]) -> dict[str, Any]:
    numbers, seals = queries.charts(rows), queries.sealed(rows)
    lines = [
        {
            "line": line,
            "words": say(line.action),
            "charts": [(numbers[one], one) for one in line.patient_ids[:5] if one in numbers],
            "more": max(len(line.patient_ids) - 5, 0),
            "seal": seals.get(line.pk),
        }
        for line in rows
    ]
    return {"lines": lines}


def _consents(request: Request, patient: Patient) -> dict[str, Any]:
    missing = queries.missing_notices(patient.pk, request.office.today)
    return {
        "patient": patient,
        "consents": [(row, _(WORDS.get(row.kind, row.kind))) for row in queries.consents(patient.pk)],
        "filled": list(filling.filled_of(patient.pk)[:20]),
        "missing": [(kind, _(WORDS[kind])) for kind in missing],
        "may_edit": request.actor.can(Can.EDIT_PATIENTS),
    }


def _around(request: Request, patient: Patient, current: str = "") -> dict[str, Any]:
    return patients.around(request.actor, patient, today=request.office.today, tab=current)
