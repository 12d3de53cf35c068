"""Visits that come again on screen: listed, kept with their ladder, taken out of use."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands, queries, recalls
from daysheet.schedule.models import RecallType
from daysheet.schedule.recall_forms import RecallTypeForm, first_type, kept_type
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "schedule/recall-types.html", "_recall_types.html"
TYPE, TYPE_FORM = "schedule/recall-type.html", "_recall_type_form.html"
GET_AND_POST = ("GET", "HEAD", "POST")


@screen(needs=Can.MANAGE_OFFICE)
def every(request: Request) -> HttpResponse:
    """Show which visits come again."""
    record(request.actor, "schedule.recall-types.viewed")
    return page(request, PAGE, _facts())


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def add(request: Request) -> HttpResponse:
    """Add one."""
    return _type(request, None)


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def change(request: Request, recall_type_id: UUID) -> HttpResponse:
    """Say one anew; every due day follows at once."""
    found = recalls.recall_type(recall_type_id)
    if found is None:
        raise Http404
    return _type(request, found)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def use(request: Request, recall_type_id: UUID) -> HttpResponse:
    """Ask nobody for it any more, or again."""
    is_active = request.POST.get("use") == "again"
    try:
        commands.use_recall_type(
            request.actor, type_id=recall_type_id, version=form_version(request), is_active=is_active
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts())
    toast = _("Patients are asked for it again.") if is_active else _("Nobody is asked for it any more.")
    return done(request, reverse("schedule:recall-types"), toast=toast)


def _type(request: Request, found: RecallType | None) -> HttpResponse:
    types = list(queries.types())
    facts: dict[str, Any] = {"kept": found}
    if request.method != "POST":
        begins = kept_type(found) if found else first_type()
        return page(request, TYPE, facts | {"form": RecallTypeForm(types=types, initial=begins)})
    form = RecallTypeForm(request.POST, types=types)
    if not form.is_valid():
        return invalid(request, TYPE, TYPE_FORM, form, facts)
    named: dict[str, Any] = {"type_id": found.pk, "version": form_version(request)} if found else {}
    try:
        commands.keep_recall_type(request.actor, **form.facts(), **named)
    except Refusal as no:
        return refused(request, TYPE, TYPE_FORM, form, no, facts)
    return done(request, reverse("schedule:recall-types"), toast=_("Kept. Every due day follows from it."))


def _facts() -> dict[str, Any]:
    return {"types": list(recalls.types()), "retired": list(recalls.retired_types())}
