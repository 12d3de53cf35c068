"""Where a visit took place, on its slip: said anew."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.charges import queries
from daysheet.charges.place_forms import PlaceForm, kept
from daysheet.charges.placing import placed
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version
from daysheet.visits import commands as visits
from daysheet.visits.queries import care_places

PAGE, PIECE = "charges/visit-place.html", "_place_form.html"


@screen(needs=Can.ENTER_CHARGES, methods=("GET", "HEAD", "POST"))
def visit_place(request: Request, visit_id: UUID) -> HttpResponse:
    """Say where a visit took place, and what its claim says of it."""
    visit = queries.visit_with_place(visit_id)
    if visit is None:
        raise Http404
    record(request.actor, "charges.visit-place.viewed", visit, patients=[visit.patient_id])
    form = PlaceForm(
        request.POST or None,
        places=care_places(also=visit.care_place_id),
        follows=placed(visit, said=False).words,
        today=request.office.today,
        initial=kept(visit),
    )
    context = {"visit": visit, **patients.around(request.actor, visit.patient, today=request.office.today)}
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context)
    try:
        visits.say_where(request.actor, visit_id=visit_id, version=form_version(request) or 0, **form.said())
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context)
    return done(request, reverse("charges:slip", args=[visit_id]), toast=_("Saved where it took place."))
