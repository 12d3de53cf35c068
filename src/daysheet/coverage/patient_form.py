"""The form about one thing of a patient's coverage: shown beside the patient, judged, done, refused."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.models import Authorization, Coverage
from daysheet.coverage.notice import AdvanceNotice
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request
from daysheet.ui.tokens import form_version


def patient_form(
    request: Request,
    template: tuple[str, str],
    patient: Patient,
    form: Any,
    act: Callable[[int], str],
    *,
    title: str,
    label: str,
    held: AdvanceNotice | Authorization | Coverage | InjuryCase | None = None,
) -> HttpResponse:
    """Show a form, or do what it says: `act` takes the version that was shown and returns what to say then.

    `template` names the page and the piece of it that is the form; `held` is what the form is about, when it is there.
    """
    whole, piece = template
    context = {
        **patients.around(request.actor, patient, today=request.office.today),
        "held": held,
        "version": held.version if held else None,
        "title": title,
        "label": label,
    }
    record(request.actor, "coverage.form.viewed", held or patient)
    if request.method != "POST":
        return page(request, whole, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, whole, piece, form, context)
    try:
        toast = act(form_version(request) or 0)
    except Refusal as no:
        return refused(request, whole, piece, form, no, context)
    return done(request, reverse("patients:patient-page", args=[patient.pk]), toast=toast)
