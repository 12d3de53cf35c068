"""The lines of the telephone system: added, changed, secured, retired and taken back."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.phones import commands, queries, showing
from daysheet.phones.forms import LineForm
from daysheet.phones.models import PhoneLine
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
POST = ("POST",)
LINE, LINE_FORM, SECRET, SYSTEM = (
    "phones/line.html",
    "_line_form.html",
    "phones/line-secret.html",
    "phones/system.html",
)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def line_add(request: Request) -> HttpResponse:
    """Add a line."""
    return _line(request, None)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def line_change(request: Request, phone_line_id: UUID) -> HttpResponse:
    """Change a line: its name, from where it may ring."""
    return _line(request, _found(phone_line_id))


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def line_secret(request: Request, phone_line_id: UUID) -> HttpResponse:
    """Make a secret for a line; it is shown in this answer and never again."""
    found = _found(phone_line_id)
    told = {"line": found, "secret": ""}
    record(request.actor, "phones.line.viewed", found)
    if request.method != "POST":
        return page(request, SECRET, told)
    secret = commands.secure_line(request.actor, line_id=phone_line_id)
    return page(request, SECRET, told | {"secret": secret})


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def line_open(request: Request, phone_line_id: UUID) -> HttpResponse:
    """Ask a line for no secret any more."""
    _found(phone_line_id)
    commands.open_line(request.actor, line_id=phone_line_id)
    return done(request, reverse("phones:system"), toast=_("Its calls prove no secret any more."))


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def line_retire(request: Request, phone_line_id: UUID) -> HttpResponse:
    """Hear nothing on a line any more."""
    _found(phone_line_id)
    commands.retire_line(request.actor, line_id=phone_line_id)
    undo = reverse("phones:line-restore", args=[phone_line_id])
    toast = _("The line is heard no more; its calls stay.")
    return done(request, reverse("phones:system"), toast=toast, undo=(undo, _("Undo")))


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def line_restore(request: Request, phone_line_id: UUID) -> HttpResponse:
    """Hear on a retired line again."""
    _found(phone_line_id)
    try:
        commands.restore_line(request.actor, line_id=phone_line_id)
    except Refusal as no:
        return refused(request, SYSTEM, SYSTEM, None, no, showing.system(request))
    return done(request, reverse("phones:system"), toast=_("The line is heard again."))


def _line(request: Request, found: PhoneLine | None) -> HttpResponse:
    form = LineForm(request.POST if request.method == "POST" else None, line=found)
    told = {"line": found, "form": form}
    if request.method != "POST":
        record(request.actor, "phones.line.viewed", found)
        return page(request, LINE, told)
    if not form.is_valid():
        return invalid(request, LINE, LINE_FORM, form, told)
    try:
        commands.keep_line(
            request.actor,
            line_id=found.pk if found else None,
            version=form_version(request) or 0,
            **form.cleaned_data,
        )
    except Refusal as no:
        return refused(request, LINE, LINE_FORM, form, no, told)
    return done(request, reverse("phones:system"), toast=_("Saved. The line is heard within seconds."))


def _found(line_id: UUID) -> PhoneLine:
    found = queries.line(line_id)
    if found is None:
        raise Http404
    return found
