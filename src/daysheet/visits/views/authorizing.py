"""Under which prior authorization or referral a visit counts: chosen by hand where several fit."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from daysheet.coverage import authorizing
from daysheet.coverage.granted import granted
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version
from daysheet.visits import commands, queries
from daysheet.visits.forms import PaperForm

PAGE, PIECE = "visits/visit-authorization.html", "_authorization_choice_form.html"


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def visit_authorization(request: Request, visit_id: UUID) -> HttpResponse:
    """Show what could hold a visit, with what is left of each, and choose one."""
    visit = queries.visit(visit_id)
    if visit is None:
        raise Http404
    rows = [
        one
        for one in authorizing.authorizations(visit.patient_id)
        if authorizing.grant_of(one).holds(visit.service_on)
    ]
    now = {visit.authorization_id, visit.referral_id}
    form = PaperForm(request.POST or None, papers=granted(rows, visit.service_on))
    back = patients.address("frontdesk:check-in", visit_id) or patients.address(
        "patients:patient-page", visit.patient_id
    )
    context = {
        **patients.around(request.actor, visit.patient, today=request.office.today),
        "visit": visit,
        "under": [one for one in rows if one.pk in now],
        "has_papers": bool(rows),
        "back": back,
    }
    record(request.actor, "visits.visit-authorization.viewed", visit, patients=[visit.patient_id])
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context)
    try:
        commands.choose_authorization(
            request.actor,
            visit_id=visit_id,
            version=form_version(request) or 0,
            authorization_id=UUID(form.cleaned_data["paper"]),
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context)
    return done(request, back, toast=_("The visit counts under it."))
