"""A file that was read: looked through, decided about, taken in, proven, signed, taken back."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.movein import commands, leftover, papers, queries, showing
from daysheet.movein.forms import DecideForm
from daysheet.movein.models import OldFile
from daysheet.movein.pages import FILE, facts, found
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
POST = ("POST",)


@screen(needs=Can.IMPORT_DATA, methods=POST)
def file_look(request: Request, old_file_id: UUID) -> HttpResponse:
    """Look a file through: nothing of it enters a chart."""
    held = found(old_file_id)
    try:
        commands.look(request.actor, file_id=held.pk)
    except Refusal as no:
        return refused(request, FILE, FILE, None, no, facts(held))
    return done(request, _page(held))


@screen(needs=Can.IMPORT_DATA, methods=POST)
def file_decide(request: Request, old_file_id: UUID) -> HttpResponse:
    """Say who those are who may be here, and what the old system's words mean; then look again."""
    held = found(old_file_id)
    form = DecideForm(request.POST, file=held, ours=showing.ours())
    if not form.is_valid():
        return invalid(request, FILE, FILE, form, facts(held, form))
    return _keep(request, held, form)


def _keep(request: Request, held: OldFile, form: DecideForm) -> HttpResponse:
    told = facts(held, form)
    try:
        commands.set_columns(
            request.actor,
            file_id=held.pk,
            version=form_version(request) or 0,
            columns=held.mapped,
            day_first=held.day_first,
            meanings=form.meanings(held.meanings),
            alike=form.cleaned_data["alike"] or held.alike,
        )
        commands.look(request.actor, file_id=held.pk)
    except Refusal as no:
        return refused(request, FILE, FILE, form, no, told)
    return done(request, _page(held), toast=_("Kept, and looked through again."))


@screen(needs=Can.IMPORT_DATA, methods=POST)
def file_run(request: Request, old_file_id: UUID) -> HttpResponse:
    """Take a file in, or go on with one that was stopped; what was decided beside the button counts.

    Words that were given another meaning are looked at first: other rows may come of them.
    """
    held = found(old_file_id)
    form = DecideForm(request.POST, file=held, ours=showing.ours()) if "alike" in request.POST else None
    if form and not form.is_valid():
        return invalid(request, FILE, FILE, form, facts(held, form))
    if form and form.meanings(held.meanings) != held.meanings:
        return _keep(request, held, form)
    alike = form.cleaned_data["alike"] if form else ""
    try:
        commands.begin_run(request.actor, file_id=held.pk, version=form_version(request) or 0, alike=alike)
    except Refusal as no:
        return refused(request, FILE, FILE, form, no, facts(held, form))
    return done(request, _page(held))


@screen(needs=Can.IMPORT_DATA, methods=POST)
def file_stop(request: Request, old_file_id: UUID) -> HttpResponse:
    """End a run where it stands."""
    held = found(old_file_id)
    try:
        commands.stop_run(request.actor, file_id=held.pk, version=form_version(request) or 0)
    except Refusal as no:
        return refused(request, FILE, FILE, None, no, facts(held))
    return done(request, _page(held), toast=_("Stopped. What was taken in can be taken back."))


@screen(needs=Can.IMPORT_DATA)
def file_left(request: Request, old_file_id: UUID) -> HttpResponse:
    """Hand out the rows that are not taken, as a CSV with the reason."""
    held = found(old_file_id)
    record(request.actor, "movein.left-rows.handed-out", held, patients=queries.named_in(held))
    response = HttpResponse(
        leftover.left_rows(held, today=request.office.today).encode(), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="not-taken-{held.number}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


@screen(needs=Can.IMPORT_DATA, methods=POST)
def file_sign(request: Request, old_file_id: UUID) -> HttpResponse:
    """Sign the proof of a file."""
    held = found(old_file_id)
    try:
        commands.sign_proof(request.actor, file_id=held.pk, version=form_version(request) or 0)
    except Refusal as no:
        return refused(request, FILE, FILE, None, no, facts(held))
    return done(request, _page(held), toast=_("Signed. The paper bears your name and the moment."))


@screen(needs=Can.IMPORT_DATA)
def file_proof(request: Request, old_file_id: UUID) -> HttpResponse:
    """Show the proof of a file as a paper."""
    held = found(old_file_id)
    record(request.actor, "movein.proof.printed", held)
    response = HttpResponse(papers.proof_paper(request.actor, held), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="proof-{held.number}.pdf"'
    return response


@screen(needs=Can.IMPORT_DATA, methods=GET_AND_POST)
def file_undo(request: Request, old_file_id: UUID) -> HttpResponse:
    """Take a file back, while nobody has gone on with what it brought."""
    held = found(old_file_id)
    told: dict[str, Any] = facts(held)
    record(request.actor, "movein.file.viewed", held, patients=queries.named_in(held))
    if request.method != "POST":
        return page(request, "movein/undo.html", told)
    try:
        commands.begin_undo(request.actor, file_id=held.pk, version=form_version(request) or 0)
    except Refusal as no:
        return refused(request, "movein/undo.html", "movein/undo.html", None, no, told)
    return done(request, _page(held))


def _page(held: OldFile) -> str:
    return reverse("movein:file", args=[held.pk])
