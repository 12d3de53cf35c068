"""The forms of the office: listed, written, given a new edition, retired."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.privacy import commands, filling
from daysheet.privacy.forms import OfficeFormForm
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "privacy/office-form.html", "_office_form_form.html"


@screen(needs=Can.MANAGE_OFFICE)
def forms(request: Request) -> HttpResponse:
    """Show the forms of the office, and those that are retired."""
    every = filling.forms_at_hand(retired=True).values()
    told = {
        "shown": [one for one in every if not one.is_retired],
        "retired": [one for one in every if one.is_retired],
    }
    return page(request, "privacy/office-forms.html", told)


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def form_new(request: Request) -> HttpResponse:
    """Write a form."""
    return _worded(request, None)


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def form_change(request: Request, key: str) -> HttpResponse:
    """Show what a form says, and write its next edition."""
    at_hand = filling.form_at_hand(key)
    if at_hand is None:
        raise Http404
    return _worded(request, at_hand)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def form_retire(request: Request, key: str) -> HttpResponse:
    """Ask for a form no more."""
    return _set(request, lambda: commands.retire_form(request.actor, key=key), _("It is asked for no more."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def form_restore(request: Request, key: str) -> HttpResponse:
    """Let a retired form be asked for again."""
    return _set(
        request, lambda: commands.restore_form(request.actor, key=key), _("It can be asked for again.")
    )


def _set(request: Request, act: Any, toast: str) -> HttpResponse:
    try:
        act()
    except Refusal as no:
        toast = no.sentence
    return done(request, reverse("privacy:forms"), toast=toast)


def _worded(request: Request, at_hand: filling.FormAtHand | None) -> HttpResponse:
    told: dict[str, Any] = {"at_hand": at_hand}
    if request.method != "POST":
        return page(request, PAGE, told | {"form": OfficeFormForm(initial=_start(at_hand))})
    form = OfficeFormForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, told)
    try:
        edition = commands.keep_form(
            request.actor,
            key=at_hand.key if at_hand else "",
            edition=form_version(request) or 0,
            **form.cleaned_data,
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, told)
    toast = _("Edition %(number)d is read and signed from now on.") % {"number": edition.number}
    return done(request, reverse("privacy:forms"), toast=toast)


def _start(at_hand: filling.FormAtHand | None) -> dict[str, Any]:
    if at_hand is None:
        return {"needs_signature": True}
    names = ("title", "title_es", "text", "text_es", "needs_signature", "consent")
    return {name: getattr(at_hand, name) for name in names} | {"questions": at_hand.lines}
