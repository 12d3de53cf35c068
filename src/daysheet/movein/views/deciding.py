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
from daysheet.movein.pages import FILE, facts, found, page_asked
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
    """Say who those are who may be here, for all and row by row, and what the old system's words mean.

    Words that were given another meaning are looked through again; going to another page of rows keeps this one.
    """
    held = found(old_file_id)
    form = DecideForm(request.POST, file=held, ours=showing.ours(held))
    shown = page_asked(request.POST)
    if not form.is_valid():
        return invalid(request, FILE, FILE, form, facts(held, form, shown))
    then = page_asked({"page": request.POST.get("go", "")}) if "go" in request.POST else 0
    if not then and form.meanings(held.meanings) != held.meanings:
        return _keep(request, held, form)
    try:
        commands.decide_alike(
            request.actor,
            file_id=held.pk,
            version=form_version(request) or 0,
            alike=form.cleaned_data["alike"],
            rows=form.rows(),
        )
    except Refusal as no:
        return refused(request, FILE, FILE, form, no, facts(held, form, shown))
    return done(
        request, f"{_page(held)}?page={then or shown}#twins", toast="" if then else _("Kept for the run.")
    )


def _keep(request: Request, held: OldFile, form: DecideForm) -> HttpResponse:
    told = facts(held, form, page_asked(request.POST))
    try:
        kept = commands.decide_alike(
            request.actor,
            file_id=held.pk,
            version=form_version(request) or 0,
            alike=form.cleaned_data["alike"],
            rows=form.rows(),
        )
        commands.set_columns(
            request.actor,
            file_id=held.pk,
            version=kept.version,
            columns=held.mapped,
            day_first=held.day_first,
            meanings=form.meanings(held.meanings),
            alike=kept.alike,
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
    form = DecideForm(request.POST, file=held, ours=showing.ours(held)) if "alike" in request.POST else None
    if form and not form.is_valid():
        return invalid(request, FILE, FILE, form, facts(held, form))
    if form and form.meanings(held.meanings) != held.meanings:
        return _keep(request, held, form)
    try:
        commands.begin_run(
            request.actor,
            file_id=held.pk,
            version=form_version(request) or 0,
            alike=form.cleaned_data["alike"] if form else "",
            rows=form.rows() if form else None,
        )
    except Refusal as no:
        return refused(request, FILE, FILE, form, no, facts(held, form, page_asked(request.POST)))
    return done(request, _page(held))


@screen(needs=Can.IMPORT_DATA, methods=POST)
def file_stop(request: Request, old_file_id: UUID) -> HttpResponse:
    """End a run where it stands; stop looking a file through, of which nothing is kept."""
    held = found(old_file_id)
    is_looked_through = held.state == OldFile.State.CHECKING
    stop = commands.stop_look if is_looked_through else commands.stop_run
    try:
        stop(request.actor, file_id=held.pk, version=form_version(request) or 0)
    except Refusal as no:
        return refused(request, FILE, FILE, None, no, facts(held))
    if is_looked_through:
        return done(request, _page(held), toast=_("Stopped. Nothing of the file is here."))
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
