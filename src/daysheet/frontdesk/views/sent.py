"""The photo ID that a patient sent at the own check-in: shown beside the chart, filed or put aside by a person."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.documents import queries as documents
from daysheet.documents.models import Document
from daysheet.documents.rules import needed
from daysheet.frontdesk import commands, licence
from daysheet.frontdesk.at_desk import desk_of, frame, part
from daysheet.frontdesk.licence import FIELD_WORDS, Beside
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen

PAGE, PIECE = "frontdesk/sent_id.html", "_sent_id.html"


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def sent_id(request: Request, visit_id: UUID) -> HttpResponse:
    """Show the pictures and what the licence says beside the chart; file them, or put them aside."""
    request.actor.must(needed("photo_id"))
    if request.method == "POST":
        return _decided(request, visit_id)
    facts = _facts(request, visit_id)
    record(request.actor, "frontdesk.sent-id.viewed", facts["visit"], patients=[facts["visit"].patient_id])
    return page(request, PAGE, facts)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def sent_id_back(request: Request, visit_id: UUID) -> HttpResponse:
    """Let the pictures that were put aside last wait again."""
    return part(
        request,
        visit_id,
        "check_in",
        lambda: commands.let_sent_id_wait(request.actor, visit_id=visit_id),
        _("The picture waits again."),
    )


def _decided(request: Request, visit_id: UUID) -> HttpResponse:
    acts = {"take": commands.take_sent_id, "refuse": commands.refuse_sent_id}
    act = request.POST.get("act", "")
    if act not in acts:
        raise Http404
    visit = desk_of(visit_id, "check_in").visit
    seen = _looked_at(request, visit.patient_id)
    try:
        papers = acts[act](request.actor, visit_id=visit_id, document_ids=seen)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, visit_id))
    here = reverse("frontdesk:check-in", args=[visit_id])
    if act == "refuse":
        undo = (reverse("frontdesk:sent-id-back", args=[visit_id]), _("Undo"))
        return done(request, here, toast=_("The picture is not used."), undo=undo)
    found = _beside(request, papers, visit_id)
    if found and found.differing:
        here = reverse("frontdesk:licence", args=[visit_id, found.paper.pk])
    return done(request, here, toast=_("The photo ID is filed."))


def _looked_at(request: Request, patient_id: UUID) -> list[UUID]:
    """Return which of the pictures that wait were on the page of the person who decides."""
    seen = request.POST.get("papers", "").split(",")
    return [paper.pk for paper in documents.sent(patient_id, "photo_id") if str(paper.pk) in seen]


def _beside(request: Request, papers: list[Document], visit_id: UUID) -> Beside | None:
    """Return the licence that one of the pictures shows beside the chart, the back looked at first."""
    patient = desk_of(visit_id, "check_in").patient
    read = (licence.beside(paper, patient, request.office.today) for paper in reversed(papers))
    return next((one for one in read if one.licence), None)


def _facts(request: Request, visit_id: UUID) -> dict[str, Any]:
    desk = desk_of(visit_id, "check_in")
    papers = list(documents.sent(desk.visit.patient_id, "photo_id"))
    return frame(request, desk) | {
        "sent": papers,
        "found": _beside(request, papers, visit_id),
        "field_words": {name: _(words) for name, words in FIELD_WORDS.items()},
        "may_file": request.actor.can(Can.FILE_PAPERS),
    }
