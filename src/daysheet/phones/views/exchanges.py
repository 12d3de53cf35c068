"""A line that signs in at an exchange: begun, changed, ended."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.phones import commands, queries
from daysheet.phones.exchange_forms import ExchangeForm
from daysheet.phones.models import PhoneLine
from daysheet.phones.standing import standing
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
PAGE, FORM = "phones/exchange.html", "_exchange_form.html"


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def exchange_add(request: Request) -> HttpResponse:
    """Add a line that signs in at an exchange."""
    return _exchange(request, None)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def exchange(request: Request, phone_line_id: UUID) -> HttpResponse:
    """Show how a line stands with its exchange; change where and as whom it signs in."""
    return _exchange(request, _found(phone_line_id))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def exchange_end(request: Request, phone_line_id: UUID) -> HttpResponse:
    """Let a line sign in nowhere any more."""
    found = _found(phone_line_id)
    try:
        commands.end_sign_in(request.actor, line_id=phone_line_id)
    except Refusal as no:
        return refused(request, PAGE, FORM, ExchangeForm(line=found), no, _told(request, found))
    return done(request, reverse("phones:system"), toast=_("It signs in no more; the password is forgotten."))


def _exchange(request: Request, found: PhoneLine | None) -> HttpResponse:
    form = ExchangeForm(request.POST if request.method == "POST" else None, line=found)
    told = _told(request, found) | {"form": form}
    if request.method != "POST":
        record(request.actor, "phones.line.viewed", found)
        return page(request, PAGE, told)
    if not form.is_valid():
        return invalid(request, PAGE, FORM, form, told)
    try:
        commands.sign_line_in(
            request.actor,
            line_id=found.pk if found else None,
            version=form_version(request) or 0,
            name=form.cleaned_data["name"],
            sign_in=form.sign_in(),
        )
    except Refusal as no:
        return refused(request, PAGE, FORM, form, no, told)
    return done(request, reverse("phones:system"), toast=_("Saved. The line signs in within seconds."))


def _told(request: Request, found: PhoneLine | None) -> dict[str, object]:
    return {"line": found, "standing": standing(found, now=request.actor.now) if found else None}


def _found(line_id: UUID) -> PhoneLine:
    found = queries.line(line_id)
    if found is None:
        raise Http404
    return found
