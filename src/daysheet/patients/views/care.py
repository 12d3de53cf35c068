"""A child in the care of an agency: recorded, ended, opened again."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import care, commands, people, queries
from daysheet.patients.care_forms import CareEndForm, CareForm, standing_care
from daysheet.patients.models import ChildInCare, Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

PAGE, FORM, END_FORM = "patients/care.html", "_care_form.html", "_care_end.html"


@screen(needs=Can.EDIT_PATIENTS, methods=("GET", "HEAD", "POST"))
def child_in_care(request: Request, patient_id: UUID) -> HttpResponse:
    """Record in whose care a child is, and what the agency's papers say."""
    told, today = _facts(request, patient_id), request.office.today
    around = people.contacts(patient_id)
    if request.method != "POST":
        return page(
            request, PAGE, told | {"form": CareForm(initial=standing_care(told["held"]), around=around)}
        )
    form = CareForm(request.POST, today=today, around=around)
    if not form.is_valid():
        return invalid(request, PAGE, FORM, form, told)
    try:
        commands.record_care(request.actor, patient_id=patient_id, **form.facts(today=today))
    except Refusal as no:
        return refused(request, PAGE, FORM, form, no, told)
    return done(
        request,
        _address(patient_id),
        toast=_("Recorded. It is read out when booking, at check-in and on a call."),
    )


@screen(needs=Can.EDIT_PATIENTS, methods=("POST",))
def care_end(request: Request, care_id: UUID) -> HttpResponse:
    """Say that a child is in care no more."""
    patient_id = _patient_of(care_id)
    told, end_form = _facts(request, patient_id), CareEndForm(request.POST)
    if told["held"] is None:
        return done(request, _address(patient_id), toast=_("That was ended already."))
    around = people.contacts(patient_id)
    told |= {"end_form": end_form, "care_form": CareForm(initial=standing_care(told["held"]), around=around)}
    if not end_form.is_valid():
        return invalid(request, PAGE, END_FORM, end_form, told)
    try:
        commands.end_care(request.actor, care_id=care_id, because=end_form.cleaned_data["because"])
    except Refusal as no:
        return refused(request, PAGE, END_FORM, end_form, no, told)
    undo = (reverse("patients:care-reopen", args=[care_id]), _("Undo"))
    return done(request, _address(patient_id), toast=_("The child is in care no more."), undo=undo)


@screen(needs=Can.EDIT_PATIENTS, methods=("POST",))
def care_reopen(request: Request, care_id: UUID) -> HttpResponse:
    """Let a care stand again that was ended by mistake."""
    patient_id = _patient_of(care_id)
    try:
        commands.reopen_care(request.actor, care_id=care_id)
    except Refusal as no:
        told = _facts(request, patient_id)
        form = CareForm(initial=standing_care(told["held"]), around=people.contacts(patient_id))
        return refused(request, PAGE, PAGE, form, no, told)
    return done(request, _address(patient_id), toast=_("It stands again."))


def _facts(request: Request, patient_id: UUID) -> dict[str, Any]:
    today = request.office.today
    row = Patient.objects.prefetch_related("phones").get(pk=patient_id)
    record(request.actor, "patients.care.viewed", row)
    return queries.around(request.actor, row, today=today, tab="people") | {
        "held": care.open_care(row),
        "lines": care.lines(row, today=today),
        "recorded": care.history(patient_id),
        "is_child": care.is_child(row, today=today),
        "end_form": CareEndForm(),
    }


def _patient_of(care_id: UUID) -> UUID:
    held = ChildInCare.objects.filter(pk=care_id).first()
    if held is None:
        raise Http404
    return held.patient_id


def _address(patient_id: UUID) -> str:
    return reverse("patients:people", args=[patient_id])
