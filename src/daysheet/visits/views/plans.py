"""A past visit is put under the plan that held its day, where the card came later."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.ui.answers import done, page, refused
from daysheet.ui.forms import Form
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version
from daysheet.visits import commands, queries, ways_back
from daysheet.visits.models import Visit
from daysheet.visits.views.found import visit_or_404

PAGE, PIECE = "visits/visit-plan.html", "_visit_plan_form.html"


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def visit_plan(request: Request, visit_id: UUID) -> HttpResponse:
    """Show which plan held the day of a visit that is not under it, and put it there."""
    visit = visit_or_404(visit_id)
    form = Form(request.POST or None)
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **_facts(request, visit)})
    try:
        now = commands.put_visit_under_plan(
            request.actor, visit_id=visit_id, version=form_version(request) or 0
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, _facts(request, visit))
    undo = ways_back.plan_back(visit, now.version)
    return done(request, _back(visit), toast=_("The visit is under the plan of its day."), undo=undo)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def visit_plan_undo(request: Request, visit_id: UUID) -> HttpResponse:
    """Let a visit be paid for as it was before it was put under the plan of its day."""
    visit = visit_or_404(visit_id)
    try:
        was = ways_back.read_plan(visit_id, request.GET.get("was", ""))
        commands.undo_put_under_plan(request.actor, visit_id=visit_id, **was)
    except Refusal as no:
        return refused(request, PAGE, PIECE, Form(None), no, _facts(request, visit))
    return done(request, _back(visit), toast=_("The visit is paid for as before."))


def _facts(request: Request, visit: Visit) -> dict[str, Any]:
    record(request.actor, "visits.visit-plan.viewed", visit, patients=[visit.patient_id])
    return {
        **patients.around(request.actor, visit.patient, today=request.office.today),
        "visit": visit,
        "plan": queries.plans_of_the_days(visit.patient_id, [visit]).get(visit.pk),
        "back": _back(visit),
    }


def _back(visit: Visit) -> str:
    return patients.address("patients:patient-page", visit.patient_id)
