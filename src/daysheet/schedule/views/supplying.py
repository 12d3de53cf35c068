"""Keeping resources, and what a kind of visit takes of them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.practice import queries as practice
from daysheet.schedule import commands, supply
from daysheet.schedule.forms import TypeForm
from daysheet.schedule.taking import GivenForm, ResourceForm, TakesForm, takes_told
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

PAGE, PIECE = "schedule/resources.html", "_resource_form.html"


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def resources(request: Request) -> HttpResponse:
    """Show what can be promised to visits beside clinicians, and add to it."""
    told = _told(request)
    if request.method != "POST":
        return page(request, PAGE, told | {"form": _form()})
    form = _form(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context=told)
    try:
        one = commands.add_resource(request.actor, **form.facts())
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context=told)
    said = _("%(name)s can be promised. Say on the page of a visit type that it needs it.") % {
        "name": one.name
    }
    return done(request, reverse("schedule:resources"), toast=said)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def resource_retire(request: Request, resource_id: UUID) -> HttpResponse:
    """Promise a resource no more."""
    commands.retire_resource(request.actor, resource_id=resource_id)
    undo = reverse("schedule:resource-restore", args=[resource_id])
    said = _("It is promised no more; visits that have it keep it.")
    return done(request, reverse("schedule:resources"), toast=said, undo=(undo, _("Undo")))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def resource_restore(request: Request, resource_id: UUID) -> HttpResponse:
    """Promise a retired resource again."""
    commands.restore_resource(request.actor, resource_id=resource_id)
    return done(request, reverse("schedule:resources"), toast=_("It can be promised again."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def type_takes(request: Request, type_id: UUID) -> HttpResponse:
    """Say what a kind of visit takes beside its minutes, and for whom it is."""
    told = takes_told(type_id)
    form = TakesForm(request.POST, kinds=supply.kinds())
    told |= {"takes_form": form, "type_form": TypeForm(initial=TypeForm.kept(told["kind"]))}
    if not form.is_valid():
        return invalid(request, "schedule/type.html", "_takes_form.html", form, context=told)
    try:
        commands.set_what_a_visit_takes(request.actor, type_id=type_id, **form.facts())
    except Refusal as no:
        return refused(request, "schedule/type.html", "_takes_form.html", form, no, context=told)
    return done(
        request,
        reverse("schedule:type-change", args=[type_id]),
        toast=_("Kept. What is booked already stays as it is."),
    )


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def type_given(request: Request, type_id: UUID) -> HttpResponse:
    """Say who gives a kind of visit."""
    told = takes_told(type_id)
    form = GivenForm(request.POST, type_id=type_id)
    told |= {"given_form": form, "type_form": TypeForm(initial=TypeForm.kept(told["kind"]))}
    if not form.is_valid():
        return invalid(request, "schedule/type.html", "_given_form.html", form, context=told)
    try:
        commands.set_who_gives(request.actor, type_id=type_id, **form.facts())
    except Refusal as no:
        return refused(request, "schedule/type.html", "_given_form.html", form, no, context=told)
    return done(
        request,
        reverse("schedule:type-change", args=[type_id]),
        toast=_("Kept. What is booked already stays as it is."),
    )


def _form(*args: Any) -> ResourceForm:
    return ResourceForm(*args, doors=list(practice.locations()), rooms=practice.rooms(None))


def _told(request: Request) -> dict[str, Any]:
    now = request.actor.now
    return {
        "resources": supply.resources(now),
        "retired": supply.resources(now, is_active=False),
        "kinds": supply.kinds(),
    }
