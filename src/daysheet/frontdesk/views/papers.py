"""Papers at the desk: card and photo ID from a camera or a file, the licence beside the chart, the walkout statement."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import card_reading
from daysheet.documents.rules import needed
from daysheet.documents.station_here import printed_here
from daysheet.frontdesk import commands, licence
from daysheet.frontdesk.at_desk import again, desk_of, done_here, frame, paper_address, part
from daysheet.frontdesk.forms import CardForm
from daysheet.frontdesk.licence import FIELD_WORDS
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

LICENCE = "frontdesk/licence.html"


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def card(request: Request, visit_id: UUID) -> HttpResponse:
    """File the insurance card."""
    form = CardForm(request.POST, request.FILES, prefix="card")
    if not form.is_valid():
        return again(request, visit_id, "check_in", {"card_form": form})
    try:
        papers = commands.file_card(request.actor, visit_id=visit_id, **form.contents())
    except Refusal as no:
        return again(request, visit_id, "check_in", {"card_form": form}, no)
    way = None
    if card_reading.can_read() and request.actor.can(Can.EDIT_COVERAGE):
        there = reverse("coverage:card-beside", args=[papers[0].patient_id, papers[0].pk])
        way = there, _("Read it beside the file")
    return done_here(request, visit_id, "check_in", _("The card is filed."), way=way)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def photo_id(request: Request, visit_id: UUID) -> HttpResponse:
    """File the photo ID."""
    form = CardForm(request.POST, request.FILES, prefix="photo-id")
    if not form.is_valid():
        return again(request, visit_id, "check_in", {"photo_id_form": form})
    try:
        papers = commands.file_photo_id(request.actor, visit_id=visit_id, **form.contents())
    except Refusal as no:
        return again(request, visit_id, "check_in", {"photo_id_form": form}, no)
    patient, today = desk_of(visit_id, "check_in").patient, request.office.today
    read = next((paper for paper in reversed(papers) if licence.beside(paper, patient, today).licence), None)
    toast = _("The photo ID is filed.")
    if read is None:
        return done_here(request, visit_id, "check_in", toast)
    return done(request, reverse("frontdesk:licence", args=[visit_id, read.pk]), toast=toast)


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def licence_beside(request: Request, visit_id: UUID, document_id: UUID) -> HttpResponse:
    """Show what the licence says beside the chart, and take over what is ticked."""
    request.actor.must(needed("photo_id"))
    desk = desk_of(visit_id, "check_in")
    paper = licence.paper_of(desk.visit.patient_id, document_id)
    if paper is None:
        raise Http404
    record(request.actor, "frontdesk.licence.viewed", paper, patients=[desk.visit.patient_id])
    found = licence.beside(paper, desk.patient, request.office.today)
    facts: dict[str, Any] = frame(request, desk) | {
        "found": found,
        "version": desk.patient.version,
        "field_words": {name: _(words) for name, words in FIELD_WORDS.items()},
        "may_edit": request.actor.can(Can.EDIT_PATIENTS),
        "ticked": request.POST.getlist("take"),
        "because": request.POST.get("because", ""),
        "may_file": request.actor.can(Can.FILE_PAPERS),
    }
    if request.method != "POST":
        return page(request, LICENCE, facts)
    try:
        change = commands.take_over(
            request.actor,
            visit_id=visit_id,
            document_id=document_id,
            version=form_version(request) or 0,
            fields=facts["ticked"],
            because=facts["because"],
        )
    except Refusal as no:
        return refused(request, LICENCE, "_licence.html", None, no, facts)
    undo = reverse("frontdesk:licence-undo", args=[visit_id, change.pk])
    here = reverse("frontdesk:check-in", args=[visit_id])
    return done(request, here, toast=_("Taken over from the license."), undo=(undo, _("Undo")))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def licence_off(request: Request, visit_id: UUID, document_id: UUID) -> HttpResponse:
    """Take a photo ID off the file that is another person's."""
    request.actor.must(needed("photo_id"))
    return part(
        request,
        visit_id,
        "check_in",
        lambda: commands.take_card_off(request.actor, visit_id=visit_id, document_id=document_id),
        _("The card is off the file. Ask for this patient's own photo ID."),
    )


@screen(needs=Can.EDIT_PATIENTS, methods=("POST",))
def licence_undo(request: Request, visit_id: UUID, change_id: UUID) -> HttpResponse:
    """Put back what was taken over from a licence."""
    return part(
        request,
        visit_id,
        "check_in",
        lambda: commands.put_back(request.actor, visit_id=visit_id, change_id=change_id),
        _("The chart is as it was."),
    )


@screen(needs=Can.SEE_MONEY, methods=("POST",))
def walkout(request: Request, visit_id: UUID) -> HttpResponse:
    """Print the walkout statement of a visit."""
    desk_of(visit_id, "check_out")
    paper = commands.print_walkout(request.actor, visit_id=visit_id)
    told = printed_here(request, paper)
    here = reverse("frontdesk:check-out", args=[visit_id])
    if told:
        return done(request, here, toast=told)
    return done(request, paper_address(paper.pk, here), toast=_("The walkout statement is ready."))
