"""What the scanner of this station put down, filed for a step of check-in, and put back."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.documents import queries as documents
from daysheet.documents.station_here import station_id_here
from daysheet.frontdesk import commands, licence
from daysheet.frontdesk.at_desk import desk_of
from daysheet.frontdesk.checkin import NOTICE_STEP
from daysheet.frontdesk.scanned import sides_of
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import people
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

SCANS, MOST_SCANS = "frontdesk/step-scans.html", 20


@screen(needs=Can.MOVE_PATIENT)
def step_scans(request: Request, visit_id: UUID, step: str) -> HttpResponse:
    """Show what the scanner of this station put down, to be filed for a step."""
    return page(request, SCANS, _scans(request, visit_id, step))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def step_scan(request: Request, visit_id: UUID, step: str, scanned_file_id: UUID) -> HttpResponse:
    """File a scanned file for a step; a photo ID whose barcode can be read leads to the licence beside the chart."""
    told = _scans(request, visit_id, step)
    try:
        paper = commands.file_scan(
            request.actor,
            visit_id=visit_id,
            step=step,
            scan_id=scanned_file_id,
            version=form_version(request) or 0,
            side=request.POST.get("side", ""),
            signed_by=request.POST.get("signed_by", ""),
        )
    except Refusal as no:
        return refused(request, SCANS, SCANS, None, no, told)
    back = (reverse("frontdesk:step-scan-back", args=[visit_id, step, scanned_file_id]), _("Undo"))
    there = reverse("frontdesk:check-in", args=[visit_id])
    if len(told["sides"]) > 1 and len(told["scans"]) > 1:
        there = reverse("frontdesk:step-scans", args=[visit_id, step])
    patient, today = told["visit"].patient, request.office.today
    if step == "photo_id" and licence.beside(paper, patient, today).licence:
        there = reverse("frontdesk:licence", args=[visit_id, paper.pk])
    words = {
        "card": _("The card is filed."),
        "photo_id": _("The photo ID is filed."),
        NOTICE_STEP: _("The notice is filed."),
    }
    return done(request, there, toast=words.get(step, _("The form is filed.")), undo=back)


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def step_scan_back(request: Request, visit_id: UUID, step: str, scanned_file_id: UUID) -> HttpResponse:
    """Let a scan that was filed for a step wait again."""
    told = _scans(request, visit_id, step)
    try:
        commands.put_filed_scan_back(request.actor, visit_id=visit_id, step=step, scan_id=scanned_file_id)
    except Refusal as no:
        return refused(request, SCANS, SCANS, None, no, told)
    there = reverse("frontdesk:step-scans", args=[visit_id, step])
    return done(request, there, toast=_("The file waits again."))


def _scans(request: Request, visit_id: UUID, step: str) -> dict[str, Any]:
    desk = desk_of(visit_id, "check_in")
    sides = sides_of(desk.visit, step)
    if not sides:
        raise Http404
    record(request.actor, "frontdesk.step-scans.viewed", desk.visit)
    around = patients.around(request.actor, desk.patient, today=request.office.today)
    waiting, more = documents.first_scans(station_id_here(request), MOST_SCANS)
    titles = {
        "card": _("The card from the scanner"),
        "photo_id": _("The photo ID from the scanner"),
        NOTICE_STEP: _("The signed notice from the scanner"),
    }
    plan = desk.visit.coverage.plan.name if desk.visit.coverage else ""
    return {
        "visit": desk.visit,
        "step": step,
        "sides": sides,
        "title": titles.get(step, _("The signed form from the scanner")),
        "sub": (plan or _("No plan is on file: the card is kept for the patient"))
        if step == "card"
        else sides[0].title
        if len(sides) == 1
        else "",
        "scans": waiting,
        "signers": _signers(desk.patient, request.office.today) if step == NOTICE_STEP else None,
        "more": more,
    } | around


def _signers(patient: Patient, today: date) -> list[str]:
    """Return whose name is likely under a paper: the patient's own, or of a minor those who may sign."""
    if people.is_minor(patient, today=today):
        return people.signers(patient, today=today)
    return [f"{patient.given} {patient.family}"]
