"""A panel of a patient's coverage and the forms behind it: shown beside the patient, judged, done, refused."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.models import Authorization, Coverage
from daysheet.coverage.notice import AdvanceNotice
from daysheet.documents import queries as documents
from daysheet.documents.models import Document
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request
from daysheet.ui.tokens import form_version

CARD_KINDS = ("card_front", "card_back")


def patient_panel(
    request: Request, panel: tuple[str, str], patient: Patient, facts: dict[str, object], *, said: str
) -> HttpResponse:
    """Show a panel: alone where another page fetches it, else as a page of its own. `panel` names page and piece."""
    record(request.actor, said, patient)
    whole, piece = panel
    if is_htmx(request):
        return render(request, piece, facts)
    return page(request, whole, patients.around(request.actor, patient, today=request.office.today) | facts)


def refused_at_panel(
    request: Request, panel: tuple[str, str], patient: Patient, facts: dict[str, object], no: Refusal
) -> HttpResponse:
    """Show a panel with the sentence of an act that was refused."""
    around = patients.around(request.actor, patient, today=request.office.today)
    return refused(request, *panel, None, no, around | facts)


def scans_of_cards(request: Request, patient: Patient) -> list[Document]:
    """Return the newest scans of a patient's insurance cards, front and back; none for who may see no papers."""
    if not request.actor.can(Can.SEE_PAPERS):
        return []
    return list(documents.newest_sides(patient.pk, CARD_KINDS)[:4])


def patient_form(
    request: Request,
    template: tuple[str, str],
    patient: Patient,
    form: Any,
    act: Callable[[int], str | tuple[str, tuple[str, str]]],
    *,
    title: str,
    label: str,
    held: AdvanceNotice | Authorization | Coverage | InjuryCase | None = None,
) -> HttpResponse:
    """Show a form, or do what it says: `act` takes the version shown and returns what to say, with its undo.

    `template` names the page and the piece of it that is the form; `held` is what the form is about, when it is there.
    """
    whole, piece = template
    context = {
        **patients.around(request.actor, patient, today=request.office.today),
        "held": held,
        "version": held.version if held else None,
        "title": title,
        "label": label,
        "scans": scans_of_cards(request, patient),
    }
    record(request.actor, "coverage.form.viewed", held or patient)
    if request.method != "POST":
        return page(request, whole, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, whole, piece, form, context)
    try:
        said = act(form_version(request) or 0)
    except Refusal as no:
        return refused(request, whole, piece, form, no, context)
    toast, undo = said if isinstance(said, tuple) else (said, None)
    return done(request, reverse("patients:patient-page", args=[patient.pk]), toast=toast, undo=undo)
