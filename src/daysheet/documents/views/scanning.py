"""What a scanner put down at this station: whose it is, and what could not be filed."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.documents import commands, queries, rules
from daysheet.documents.forms import TakeForm
from daysheet.documents.models import ScannedFile
from daysheet.documents.station_here import station_here, station_id_here
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SCANS, PIECE = "documents/scans.html", "_scans.html"
MOST_SHOWN = 20


@screen(needs=Can.FILE_PAPERS)
def patient_scans(request: Request, patient_id: UUID) -> HttpResponse:
    """Show what the scanner of this station put down, to be filed for a patient."""
    told = _scans(request, patient_id)
    return page(request, f"documents/{PIECE}" if is_htmx(request) else SCANS, told)


@screen(needs=Can.FILE_PAPERS)
def scan_line(request: Request, patient_id: UUID) -> HttpResponse:
    """Show how many files wait from the scanner of this station: a line for other pages."""
    count = queries.scans_waiting(station_id_here(request)).count()
    told = {"count": count, "patient_id": patients.patient(patient_id).pk}
    return page(request, f"documents/{'_scan_line' if is_htmx(request) else 'scan-line'}.html", told)


@screen(needs=Can.FILE_PAPERS)
def scan_file(request: Request, scanned_file_id: UUID) -> HttpResponse:
    """Hand out a scanned file: a picture is shown, a PDF from outside is offered for saving."""
    scan = _found(scanned_file_id)
    if not scan.content:
        raise Http404
    record(request.actor, "documents.scan.opened", scan)
    how = "inline" if rules.may_be_inline("other", scan.media_type) else "attachment"
    response = HttpResponse(bytes(scan.content), content_type=scan.media_type)
    response["Content-Disposition"] = f'{how}; filename="scan.{rules.ENDINGS[scan.media_type]}"'
    response["X-Content-Type-Options"] = "nosniff"
    if how == "inline":
        response["Content-Security-Policy"] = SANDBOX
    return response


@screen(needs=Can.FILE_PAPERS, methods=("POST",))
def scan_take(request: Request, patient_id: UUID, scanned_file_id: UUID) -> HttpResponse:
    """File a scanned file for a patient."""
    patient, scan = patients.patient(patient_id), _found(scanned_file_id)
    form = TakeForm(request.POST, auto_id=f"%s-{scan.pk}")
    if not form.is_valid():
        return invalid(request, SCANS, PIECE, form, _scans(request, patient_id, form, scan))
    try:
        paper = commands.take_scan(
            request.actor,
            scan_id=scan.pk,
            patient_id=patient.pk,
            version=form_version(request) or 0,
            **form.cleaned_data,
        )
    except Refusal as no:
        told = _scans(request, patient_id, form, scan)
        still_there = any(row.pk == scan.pk for row, _take in told["rows"])
        return refused(request, SCANS, PIECE, form if still_there else None, no, told)
    return done(
        request,
        reverse("documents:patient-scans", args=[patient_id]),
        toast=_("Filed: %s") % queries.kind_words(paper.kind),
        undo=(reverse("documents:scan-back", args=[patient_id, scan.pk]), _("Undo")),
    )


@screen(needs=Can.FILE_PAPERS, methods=("POST",))
def scan_drop(request: Request, patient_id: UUID, scanned_file_id: UUID) -> HttpResponse:
    """Say that a scanned file is for nobody."""
    scan = _found(scanned_file_id)
    try:
        commands.drop_scan(request.actor, scan_id=scan.pk, version=form_version(request) or 0)
    except Refusal as no:
        return refused(request, SCANS, PIECE, None, no, _scans(request, patient_id))
    return done(
        request,
        reverse("documents:patient-scans", args=[patient_id]),
        toast=_("It is for nobody."),
        undo=(reverse("documents:scan-back", args=[patient_id, scan.pk]), _("Undo")),
    )


@screen(needs=Can.FILE_PAPERS, methods=("POST",))
def scan_back(request: Request, patient_id: UUID, scanned_file_id: UUID) -> HttpResponse:
    """Let a scanned file wait again."""
    scan = _found(scanned_file_id)
    try:
        commands.put_scan_back(request.actor, scan_id=scan.pk)
    except Refusal as no:
        return refused(request, SCANS, PIECE, None, no, _scans(request, patient_id))
    there = reverse("documents:patient-scans", args=[patient_id])
    return done(request, there, toast=_("The file waits again."))


@screen(needs=Can.FILE_PAPERS, methods=("POST",))
def scans_look(request: Request, patient_id: UUID) -> HttpResponse:
    """Look into the scanner's folder now."""
    there = reverse("documents:patient-scans", args=[patients.patient(patient_id).pk])
    station = station_here(request)
    if station is None:
        return done(request, there, toast=_("This computer stands at no station."))
    try:
        commands.look_now(request.actor, station_id=station.pk)
    except Refusal as no:
        return refused(request, SCANS, PIECE, None, no, _scans(request, patient_id))
    return done(request, there, toast=_("The folder is looked at: a whole file is here in some ten seconds."))


@screen(needs=Can.MANAGE_OFFICE)
def scans_refused(request: Request) -> HttpResponse:
    """Show what scanners put down and could not be filed, and why."""
    shown = Paginator(queries.scans_refused(), 50).get_page(request.GET.get("page"))
    return page(request, "documents/scans-refused.html", {"scans": shown})


def _scans(
    request: Request, patient_id: UUID, tried: TakeForm | None = None, of: ScannedFile | None = None
) -> dict[str, Any]:
    patient = patients.patient(patient_id)
    here = station_here(request)
    waiting, more = queries.first_scans(here.pk if here else None, MOST_SHOWN)
    rows = [
        (scan, tried if tried and of and of.pk == scan.pk else TakeForm(auto_id=f"%s-{scan.pk}"))
        for scan in waiting
    ]
    record(request.actor, "patients.chart.viewed", patient)
    around = patients.around(request.actor, patient, today=request.office.today, tab="papers")
    return {"patient": patient, "rows": rows, "more": more, "here": here} | around


def _found(scan_id: UUID) -> ScannedFile:
    scan = queries.scan(scan_id)
    if scan is None:
        raise Http404
    return scan
