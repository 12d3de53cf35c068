"""A file on its way to being read: brought, its columns told, or dropped again."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.movein import commands, maps, queries, showing
from daysheet.movein.forms import BringForm, ColumnsForm, KindForm
from daysheet.movein.models import OldFile
from daysheet.movein.pages import FILE, facts, found, page_asked
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
BRING, BRING_FORM = "movein/bring.html", "_bring_form.html"
COLUMNS, COLUMNS_FORM = "movein/columns.html", "_columns_form.html"


@screen(needs=Can.IMPORT_DATA)
def files(request: Request) -> HttpResponse:
    """Show the files of the old system, and the maps that are kept."""
    record(request.actor, "movein.files.viewed")
    told = {
        "files": showing.lines(list(queries.files())),
        "maps": list(queries.kept_maps()),
        "shipped": maps.shipped(),
    }
    return page(request, "movein/files.html", told)


@screen(needs=Can.IMPORT_DATA, methods=GET_AND_POST)
def file_bring(request: Request) -> HttpResponse:
    """Bring a file of the old system."""
    record(request.actor, "movein.files.viewed")
    if request.method != "POST":
        last = queries.files().first()
        form = BringForm(initial={"system": last.system if last else ""})
        return page(request, BRING, {"form": form})
    form = BringForm(request.POST, request.FILES)
    if not form.is_valid():
        return invalid(request, BRING, BRING_FORM, form)
    said = form.cleaned_data
    try:
        file = commands.bring_file(
            request.actor,
            name=said["file"].name,
            content=said["file"].read(),
            system=said["system"],
            kind=said["kind"],
            map_name=said["map_name"],
        )
    except Refusal as no:
        return refused(request, BRING, BRING_FORM, form, no)
    return done(request, reverse("movein:file-columns", args=[file.pk]))


@screen(needs=Can.IMPORT_DATA)
def file(request: Request, old_file_id: UUID) -> HttpResponse:
    """Show a file where it stands: found, being taken in, proven."""
    held = found(old_file_id)
    shown = page_asked(request.GET)
    record(request.actor, "movein.file.viewed", held, patients=queries.named_in(held, shown))
    return page(request, FILE, facts(held, page=shown))


@screen(needs=Can.IMPORT_DATA, keeps_awake=False)
def file_progress(request: Request, old_file_id: UUID) -> HttpResponse:
    """Show how far a file has come."""
    held = found(old_file_id)
    record(request.actor, "movein.file.viewed", held, patients=queries.named_in(held))
    if held.state in {OldFile.State.RUNNING, OldFile.State.CHECKING, OldFile.State.UNDOING}:
        return page(request, "movein/_progress.html", {"file": held})
    return done(request, reverse("movein:file", args=[held.pk]))


@screen(needs=Can.IMPORT_DATA, methods=GET_AND_POST)
def file_columns(request: Request, old_file_id: UUID) -> HttpResponse:
    """Say which column tells what."""
    held = found(old_file_id)
    record(request.actor, "movein.file.viewed", held, patients=queries.named_in(held))
    form = ColumnsForm(request.POST if request.method == "POST" else None, file=held)
    told = {
        "file": held,
        "kind_form": KindForm(initial={"kind": held.kind}),
        "unmapped": showing.unmapped(held),
    }
    if request.method != "POST":
        return page(request, COLUMNS, told | {"form": form})
    if not form.is_valid():
        return invalid(request, COLUMNS, COLUMNS_FORM, form, told)
    said = form.cleaned_data
    try:
        commands.set_columns(
            request.actor,
            file_id=held.pk,
            version=form_version(request) or 0,
            columns=form.columns(),
            day_first=bool(said["day_first"]),
            meanings=held.meanings,
            alike=held.alike,
        )
        if said["keep_as"]:
            commands.keep_map(request.actor, file_id=held.pk, name=said["keep_as"])
        commands.look(request.actor, file_id=held.pk)
    except Refusal as no:
        return refused(request, COLUMNS, COLUMNS_FORM, form, no, told)
    return done(request, reverse("movein:file", args=[held.pk]))


@screen(needs=Can.IMPORT_DATA, methods=("POST",))
def file_kind(request: Request, old_file_id: UUID) -> HttpResponse:
    """Say that a file holds something else."""
    held = found(old_file_id)
    form = KindForm(request.POST)
    told = {"file": held, "kind_form": form, "unmapped": showing.unmapped(held)}
    if not form.is_valid():
        return invalid(request, COLUMNS, COLUMNS, ColumnsForm(file=held), told)
    try:
        commands.set_columns(
            request.actor,
            file_id=held.pk,
            version=form_version(request) or 0,
            columns=held.mapped,
            kind=form.cleaned_data["kind"],
            day_first=held.day_first,
        )
    except Refusal as no:
        return refused(request, COLUMNS, COLUMNS, ColumnsForm(file=held), no, told)
    return done(request, reverse("movein:file-columns", args=[held.pk]))


@screen(needs=Can.IMPORT_DATA, methods=("POST",))
def file_drop(request: Request, old_file_id: UUID) -> HttpResponse:
    """Forget a file of which nothing was taken in."""
    held = found(old_file_id)
    try:
        commands.drop_file(request.actor, file_id=held.pk)
    except Refusal as no:
        return refused(request, FILE, FILE, None, no, facts(held))
    return done(
        request, reverse("movein:files"), toast=_("The file is forgotten. Nothing of it was taken in.")
    )


@screen(needs=Can.IMPORT_DATA, methods=("POST",))
def map_forget(request: Request, column_map_id: UUID) -> HttpResponse:
    """Forget a map of columns."""
    try:
        commands.forget_map(request.actor, map_id=column_map_id)
    except Refusal as no:
        told = {
            "files": showing.lines(list(queries.files())),
            "maps": list(queries.kept_maps()),
            "shipped": maps.shipped(),
        }
        return refused(request, "movein/files.html", "movein/files.html", None, no, told)
    return done(request, reverse("movein:files"), toast=_("The map is forgotten."))
