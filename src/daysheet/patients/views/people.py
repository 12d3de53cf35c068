"""The people around a patient: who may bring, hear, sign and owe, and why."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import care, commands, people, queries
from daysheet.patients.models import ContactRight, Patient, PatientContact
from daysheet.patients.people_forms import ACT_WORDS, TOPIC_WORDS, PersonForm, RightsForm
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

LIST, ADD_FORM = "patients/people.html", "_person_form.html"
ONE, RIGHTS_FORM = "patients/person.html", "_rights_form.html"


@screen(needs=Can.SEE_PATIENTS)
def people_list(request: Request, patient_id: UUID) -> HttpResponse:
    """Show who stands around a patient, and what each may today."""
    return page(request, LIST, _list(request, patient_id) | {"form": PersonForm()})


@screen(needs=Can.EDIT_PATIENTS, methods=("POST",))
def person_add(request: Request, patient_id: UUID) -> HttpResponse:
    """Put a person around a patient."""
    form, told = PersonForm(request.POST), _list(request, patient_id)
    if not form.is_valid():
        return invalid(request, LIST, ADD_FORM, form, told)
    try:
        made = commands.add_person(request.actor, patient_id=patient_id, **form.cleaned_data)
    except Refusal as no:
        return refused(request, LIST, ADD_FORM, form, no, told)
    toast = _("Now say what %(name)s may.") % {"name": made.name}
    return done(request, reverse("patients:person", args=[made.pk]), toast=toast)


@screen(needs=Can.EDIT_PATIENTS, methods=("GET", "HEAD", "POST"))
def person(request: Request, contact_id: UUID) -> HttpResponse:
    """Record what a person may, from when until when, with the paper that proves it."""
    found, today = _found(contact_id), request.office.today
    told = _one(request, found)
    if request.method != "POST":
        return page(request, ONE, told | {"form": RightsForm()})
    form = RightsForm(request.POST, today=today)
    if not form.is_valid():
        return invalid(request, ONE, RIGHTS_FORM, form, told)
    try:
        commands.record_rights(request.actor, contact_id=contact_id, **form.facts(today=today))
    except Refusal as no:
        return refused(request, ONE, RIGHTS_FORM, form, no, told)
    return done(request, _address(found), toast=_("Recorded for %(name)s.") % {"name": found.name})


@screen(needs=Can.EDIT_PATIENTS, methods=("POST",))
def right_end(request: Request, right_id: UUID) -> HttpResponse:
    """Take back what was recorded."""
    right = ContactRight.objects.select_related("contact").filter(pk=right_id).first()
    found = _found(right.contact_id) if right else None
    if found is None:
        raise Http404
    try:
        commands.end_right(request.actor, right_id=right_id)
    except Refusal as no:
        return refused(request, ONE, ONE, RightsForm(), no, _one(request, found))
    return done(request, _address(found), toast=_("Taken back; it stays to be seen."))


def _list(request: Request, patient_id: UUID) -> dict[str, Any]:
    today = request.office.today
    row = Patient.objects.prefetch_related("phones").get(pk=patient_id)
    record(request.actor, "patients.people.viewed", row)
    return queries.around(request.actor, row, today=today, tab="people") | {
        "people": people.around(row, today=today),
        "is_minor": people.is_minor(row, today=today),
        "lines": care.lines(row, today=today),
        "may_write": request.actor.can(Can.EDIT_PATIENTS),
        **_words(),
    }


def _one(request: Request, found: PatientContact) -> dict[str, Any]:
    today = request.office.today
    row = Patient.objects.prefetch_related("phones").get(pk=found.patient_id)
    record(request.actor, "patients.person.viewed", found, patients=[row.pk])
    shown = queries.around(request.actor, row, today=today, tab="people")
    return shown | {"one": found, "recorded": people.history(found.pk), **_words()}


def _words() -> dict[str, Any]:
    said = {"yes": _("yes"), "limits": _("within limits"), "no": _("no"), "ask": _("ask")}
    tones = {"yes": "done", "limits": "attention", "no": "stop", "ask": "attention"}
    return {"act_words": ACT_WORDS, "topic_words": TOPIC_WORDS, "said_words": said, "tones": tones}


def _found(contact_id: UUID) -> PatientContact:
    found = people.contact(contact_id)
    if found is None:
        raise Http404
    return found


def _address(found: PatientContact) -> str:
    return reverse("patients:person", args=[found.pk])
