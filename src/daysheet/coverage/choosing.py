"""The form that says who pays for a visit: a case of injury, or the health plan. Shown by the rooms that hold visits."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from daysheet.coverage import cases
from daysheet.coverage.case_forms import CaseChoiceForm
from daysheet.coverage.injury import InjuryCase
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request
from daysheet.ui.tokens import form_version

PAGE, PIECE = "coverage/case-choice.html", "_case_choice_form.html"


def choose_case(
    request: Request,
    patient: Patient,
    *,
    day: date,
    now: InjuryCase | None,
    subject: UUID,
    version: int,
    act: Callable[[UUID | None, int], None],
    back: str,
) -> HttpResponse:
    """Show who may pay for a visit of a day, or do what was chosen: `act` takes the case, or None, and the version."""
    held = cases.open_on(patient.pk, day)
    form = CaseChoiceForm(
        request.POST or None, cases=held, initial={"case": str(now.pk) if now and now in held else ""}
    )
    context = {
        **patients.around(request.actor, patient, today=request.office.today),
        "day": day,
        "subject": subject,
        "version": version,
        "back": back,
        "cases": held,
    }
    record(request.actor, "coverage.case-choice.viewed", patient)
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context)
    chosen = form.chosen()
    try:
        act(chosen, form_version(request) or 0)
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context)
    words = next((cases.words_of(one) for one in held if one.pk == chosen), _("The health plan"))
    return done(request, back, toast=_("Who pays for this visit: %(who)s.") % {"who": words})
