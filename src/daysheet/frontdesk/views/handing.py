"""Label and encounter form at the desk: printed at this station without a question, else shown by the browser."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.documents import queries as documents
from daysheet.documents.models import Document
from daysheet.documents.station_here import printed_here
from daysheet.frontdesk import commands
from daysheet.frontdesk.at_desk import desk_of, done_here, paper_address, part
from daysheet.kernel.access import Can
from daysheet.kernel.ids import read_id
from daysheet.ui.answers import done
from daysheet.ui.screens import Request, screen


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def label(request: Request, visit_id: UUID) -> HttpResponse:
    """Print the label of a visit's patient."""
    desk_of(visit_id, "check_in")
    return _handed(request, visit_id, commands.print_label(request.actor, visit_id=visit_id))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def encounter_form(request: Request, visit_id: UUID) -> HttpResponse:
    """Print the encounter form of a visit."""
    desk_of(visit_id, "check_in")
    return _handed(request, visit_id, commands.print_encounter_form(request.actor, visit_id=visit_id))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def hand_over(request: Request, visit_id: UUID) -> HttpResponse:
    """Print a paper of the visit, note that it or all were handed over, or take that back."""
    wish = request.POST.get("act", "")
    ids = [found for word in request.POST.get("papers", "").split(",") if (found := read_id(word))]
    if not ids or wish not in {"print", "hand", "back"}:
        raise Http404
    desk = desk_of(visit_id, "check_out")
    if wish == "hand":
        return part(
            request,
            visit_id,
            "check_out",
            lambda: commands.hand_over(request.actor, visit_id=visit_id, document_ids=ids),
            _("Handed over."),
        )
    if wish == "back":
        return part(
            request,
            visit_id,
            "check_out",
            lambda: commands.take_hand_over_back(request.actor, visit_id=visit_id, document_id=ids[0]),
            _("It stands as not handed over."),
        )
    visit = desk.visit
    papers = documents.to_hand_over(visit.patient_id, visit_id, visit.arrived_at, by=request.actor)
    paper = papers.filter(pk=ids[0]).first()
    if paper is None:
        raise Http404
    told = printed_here(request, paper)
    if told:
        return done_here(request, visit_id, "check_out", told)
    there = paper_address(paper.pk, reverse("frontdesk:check-out", args=[visit_id]))
    return done(request, there, toast=_("It is ready: open it and print it from the browser."))


def _handed(request: Request, visit_id: UUID, paper: Document) -> HttpResponse:
    told = printed_here(request, paper)
    here = reverse("frontdesk:check-in", args=[visit_id])
    if told:
        return done(request, here, toast=told)
    return done(
        request, paper_address(paper.pk, here), toast=_("It is ready: open it and print it from the browser.")
    )
