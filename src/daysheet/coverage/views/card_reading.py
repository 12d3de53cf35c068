"""An insurance card beside what is on file: read, looked at, taken over field by field, put back."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import card_reading, commands, queries
from daysheet.documents.rules import needed
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "coverage/card-reading.html", "_card_reading.html"


@screen(needs=Can.EDIT_COVERAGE, methods=("GET", "HEAD", "POST"))
def card_beside(request: Request, patient_id: UUID, document_id: UUID) -> HttpResponse:
    """Show what a card says beside what is on file, and take over what is ticked."""
    papers = card_reading.sides_of(patient_id, document_id)
    if not papers:
        raise Http404
    for paper in papers:
        request.actor.must(needed(paper.kind))
    patient = Patient.objects.get(pk=patient_id)
    record(request.actor, "coverage.card.read", patient, papers=[one.number for one in papers])
    held = card_reading.coverage_of(papers, patient_id, request.office.today)
    found = card_reading.beside(papers, patient, held)
    facts: dict[str, Any] = patients.around(request.actor, patient, today=request.office.today) | {
        "found": found,
        "version": held.version if held else None,
        "field_words": {name: _(words) for name, words in card_reading.FIELD_WORDS.items()},
        "ticked": request.POST.getlist("take"),
    }
    if request.method != "POST":
        return page(request, PAGE, facts)
    try:
        taken = commands.take_from_card(
            request.actor,
            found=found,
            version=form_version(request) or 0,
            fields=facts["ticked"],
            is_theirs="theirs" in request.POST,
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, facts)
    undo = reverse("coverage:card-back", args=[taken.pk, taken.version]), _("Undo")
    here = reverse("patients:patient-page", args=[patient_id])
    return done(request, here, toast=_("Taken over from the card. Ask the plan again."), undo=undo)


@screen(needs=Can.EDIT_COVERAGE, methods=("POST",))
def card_back(request: Request, coverage_id: UUID, version: int) -> HttpResponse:
    """Put back what was taken over from a card."""
    held = queries.coverage(coverage_id)
    if held is None:
        raise Http404
    here = reverse("patients:patient-page", args=[held.patient_id])
    try:
        commands.put_card_back(request.actor, coverage_id=coverage_id, version=version)
    except Refusal as no:
        return done(request, here, toast=no.sentence)
    return done(request, here, toast=_("The plan is as it was."))
