"""The reasons for cancelling and moving on screen: listed with how often, kept, offered no more."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands, reasons
from daysheet.schedule.models import CancelReason
from daysheet.schedule.office_forms import ReasonForm
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "schedule/cancel-reasons.html", "_cancel_reasons.html"
REASON, REASON_FORM = "schedule/cancel-reason.html", "_cancel_reason_form.html"
GET_AND_POST = ("GET", "HEAD", "POST")
COUNTED = timedelta(days=90)


@screen(needs=Can.MANAGE_OFFICE)
def every(request: Request) -> HttpResponse:
    """Show the reasons, each with how often it was given."""
    record(request.actor, "schedule.cancel-reasons.viewed")
    return page(request, PAGE, _facts(request))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def usual(request: Request) -> HttpResponse:
    """Begin with the usual reasons."""
    commands.take_usual_cancel_reasons(request.actor)
    return done(
        request, reverse("schedule:cancel-reasons"), toast=_("The usual reasons are yours to change.")
    )


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def add(request: Request) -> HttpResponse:
    """Add a reason."""
    return _reason(request, None)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def change(request: Request, cancel_reason_id: UUID) -> HttpResponse:
    """Say a reason anew."""
    found = reasons.reason(cancel_reason_id)
    if found is None:
        raise Http404
    return _reason(request, found)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def use(request: Request, cancel_reason_id: UUID) -> HttpResponse:
    """Offer a reason no more, or again."""
    is_active = request.POST.get("use") == "again"
    try:
        commands.use_cancel_reason(
            request.actor, reason_id=cancel_reason_id, version=form_version(request), is_active=is_active
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request))
    toast = _("The reason is offered again.") if is_active else _("The reason is offered no more.")
    return done(request, reverse("schedule:cancel-reasons"), toast=toast)


def _reason(request: Request, found: CancelReason | None) -> HttpResponse:
    facts: dict[str, Any] = {"kept": found}
    if request.method != "POST":
        names = ("words", "doing", "counts_late", "asks_words")
        begins = (
            {name: getattr(found, name) for name in names}
            if found
            else {"doing": "patient", "counts_late": True}
        )
        return page(request, REASON, facts | {"form": ReasonForm(initial=begins)})
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return invalid(request, REASON, REASON_FORM, form, facts)
    named: dict[str, Any] = {"reason_id": found.pk, "version": form_version(request)} if found else {}
    try:
        commands.keep_cancel_reason(request.actor, **form.cleaned_data, **named)
    except Refusal as no:
        return refused(request, REASON, REASON_FORM, form, no, facts)
    return done(request, reverse("schedule:cancel-reasons"), toast=_("The reason is kept."))


def _facts(request: Request) -> dict[str, Any]:
    rows = list(reasons.kept())
    often = reasons.how_often(request.actor.now - COUNTED)
    return {
        "rows": [(one, *often.get(one.pk, (0, 0))) for one in rows if one.is_active],
        "retired": [one for one in rows if not one.is_active],
        "usual": [reasons.said(one) for one in reasons.USUAL],
    }
