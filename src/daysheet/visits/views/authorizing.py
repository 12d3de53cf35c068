"""Under which prior authorization or referral a visit counts: chosen by hand where several fit."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, by_hand, cases
from daysheet.coverage.granted import Granted, granted
from daysheet.coverage.paper_form import PaperForm
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version
from daysheet.visits import commands
from daysheet.visits.models import Visit
from daysheet.visits.views.found import visit_or_404

PAGE, PIECE = "visits/visit-authorization.html", "_authorization_choice_form.html"


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def visit_authorization(request: Request, visit_id: UUID) -> HttpResponse:
    """Show what could hold a visit, with what is left of each, and choose one, or none with a reason."""
    visit = visit_or_404(visit_id)
    form, context = PaperForm(request.POST or None, papers=_papers(visit)), _facts(request, visit)
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context)
    try:
        version = form_version(request) or 0
        commands.choose_authorization(request.actor, visit_id=visit_id, version=version, **form.said())
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context)
    undo = (reverse("visits:visit-authorization-undo", args=[visit_id]), _("Undo"))
    return done(request, context["back"], toast=_("It is counted so."), undo=undo)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def visit_authorization_undo(request: Request, visit_id: UUID) -> HttpResponse:
    """Take back what was last said by hand."""
    visit = visit_or_404(visit_id)
    try:
        commands.undo_choice_of_authorization(request.actor, visit_id=visit_id)
    except Refusal as no:
        return refused(request, PAGE, PIECE, PaperForm(papers=_papers(visit)), no, _facts(request, visit))
    return done(request, _back(visit), toast=_("Taken back."))


def _papers(visit: Visit) -> list[Granted]:
    rows = authorizing.authorizations(visit.patient_id)
    grants, case, day = (
        map(authorizing.grant_of, rows),
        cases.payer_of_visit(visit.coverage_id),
        visit.service_on,
    )
    fitting = {one.id for one in grants if one.holds(day) and one.pays(day, case)}
    return granted([one for one in rows if one.pk in fitting], day)


def _facts(request: Request, visit: Visit) -> dict[str, Any]:
    record(request.actor, "visits.visit-authorization.viewed", visit, patients=[visit.patient_id])
    return {
        **patients.around(request.actor, visit.patient, today=request.office.today),
        "visit": visit,
        "under": by_hand.papers_of(visit),
        "said_by_hand": by_hand.words_of(visit),
        "back": _back(visit),
    }


def _back(visit: Visit) -> str:
    return patients.address("frontdesk:check-in", visit.pk) or patients.address(
        "patients:patient-page", visit.patient_id
    )
