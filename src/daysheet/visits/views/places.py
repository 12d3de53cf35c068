"""The hospitals and homes where patients are seen, for the manager."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.visits import commands, queries
from daysheet.visits.models import CarePlace
from daysheet.visits.places import labels
from daysheet.visits.round_forms import CarePlaceForm

PAGE, PIECE = "visits/care-places.html", "_care_place_form.html"


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def care_places(request: Request) -> HttpResponse:
    """Show the places, and add one."""
    form, told = CarePlaceForm(request.POST or None), _facts()
    if request.method != "POST":
        return page(request, PAGE, told | {"form": form})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, told)
    try:
        kept = commands.add_care_place(request.actor, **form.cleaned_data)
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, told)
    undo = (reverse("visits:care-place-drop", args=[kept.pk]), _("Undo"))
    return done(request, _here(), toast=_("%(name)s can be chosen.") % {"name": kept.name}, undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def care_place_drop(request: Request, place_id: UUID) -> HttpResponse:
    """Choose a place no more."""
    held = commands.drop_care_place(request.actor, place_id=place_id)
    undo = (reverse("visits:care-place-take-up", args=[place_id]), _("Undo"))
    return done(request, _here(), toast=_("%(name)s is off the list.") % {"name": held.name}, undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def care_place_take_up(request: Request, place_id: UUID) -> HttpResponse:
    """Choose a dropped place again."""
    try:
        commands.take_up_care_place(request.actor, place_id=place_id)
    except Refusal as no:
        return refused(request, PAGE, PAGE, CarePlaceForm(), no, _facts())
    return done(request, _here(), toast=_("It can be chosen again."))


def _here() -> str:
    return reverse("visits:care-places")


def _facts() -> dict[str, Any]:
    return {
        "places": list(queries.care_places()),
        "dropped": list(CarePlace.objects.exclude(dropped_at=None).order_by("name")),
        "labels": labels(),
    }
