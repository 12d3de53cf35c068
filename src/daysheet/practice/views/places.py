"""The office on paper, its doors, rooms and hours; and the way to open a new practice, step by step."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.practice import commands, queries
from daysheet.practice.forms import WEEKDAYS, BillTypeForm, HoursForm, LocationForm, OfficeForm, RoomForm
from daysheet.practice.founding import may_found_by_page
from daysheet.practice.rules import hours_version
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version


@screen(needs=Can.MANAGE_OFFICE)
def set_up(request: Request) -> HttpResponse:
    """Show what a new practice still needs before its first patient; an insurer has none, only people."""
    if request.office.kind == "payer":
        return HttpResponseRedirect(reverse("practice:staff"))
    in_demo = request.office.is_demo or request.office.is_training
    told = {"steps": queries.first_steps(), "may_found": in_demo and may_found_by_page()}
    return page(request, "practice/set-up.html", told)


def _office_form() -> OfficeForm:
    kept = queries.office()
    return OfficeForm(
        initial={name: getattr(kept, name) for name in OfficeForm.base_fields} if kept else None
    )


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def office(request: Request) -> HttpResponse:
    """Write down what the practice is on paper."""
    if request.method != "POST":
        return page(request, "practice/office.html", {"form": _office_form()})
    form = OfficeForm(request.POST)
    if not form.is_valid():
        return invalid(request, "practice/office.html", "_office_form.html", form)
    try:
        commands.set_up_office(request.actor, **form.cleaned_data)
    except Refusal as no:
        return refused(request, "practice/office.html", "_office_form.html", form, no)
    return done(request, reverse("practice:set-up"), toast=_("The office is on paper."))


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def places(request: Request) -> HttpResponse:
    """Show the doors with their rooms, and open another."""
    found = [
        (door, list(queries.rooms(door.pk)), list(queries.opening_hours(door.pk)))
        for door in queries.locations()
    ]
    told: dict[str, Any] = {"doors": found, "closed": queries.closed_locations(), "weekdays": WEEKDAYS}
    if request.method != "POST":
        return page(
            request,
            "practice/places.html",
            told | {"form": LocationForm(), "next_step": queries.next_step()},
        )
    form = LocationForm(request.POST)
    if not form.is_valid():
        return invalid(request, "practice/places.html", "_location_form.html", form, context=told)
    try:
        commands.add_location(request.actor, **form.cleaned_data, is_main=not found)
    except Refusal as no:
        return refused(request, "practice/places.html", "_location_form.html", form, no, context=told)
    return done(request, reverse("practice:places"), toast=_("The location is open."))


@screen(needs=Can.MANAGE_OFFICE, methods=("GET", "HEAD", "POST"))
def location(request: Request, location_id: UUID) -> HttpResponse:
    """Show a door's rooms and hours, and set the hours anew."""
    told: dict[str, Any] = {**_door(location_id), "room_form": RoomForm()}
    if request.method != "POST":
        return page(
            request,
            "practice/location.html",
            told | {"hours_form": _hours_form(location_id), "next_step": queries.next_step()},
        )
    form = HoursForm(request.POST)
    if not form.is_valid():
        return invalid(
            request, "practice/location.html", "_hours_form.html", form, context=told | {"hours_form": form}
        )
    try:
        commands.set_opening_hours(
            request.actor, location_id=location_id, hours=form.hours(), version=form_version(request)
        )
    except Refusal as no:
        return refused(
            request,
            "practice/location.html",
            "_hours_form.html",
            form,
            no,
            context=told | {"hours_form": form},
        )
    return done(request, reverse("practice:location", args=[location_id]), toast=_("The hours hold."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def room_add(request: Request, location_id: UUID) -> HttpResponse:
    """Add a room to a door."""
    told: dict[str, Any] = {**_door(location_id), "hours_form": _hours_form(location_id)}
    form = RoomForm(request.POST)
    if not form.is_valid():
        return invalid(
            request, "practice/location.html", "_room_form.html", None, context=told | {"room_form": form}
        )
    try:
        commands.add_room(request.actor, location_id=location_id, **form.cleaned_data)
    except Refusal as no:
        return refused(
            request, "practice/location.html", "_room_form.html", None, no, context=told | {"room_form": form}
        )
    return done(request, reverse("practice:location", args=[location_id]), toast=_("The room is in use."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def bill_type_set(request: Request, location_id: UUID) -> HttpResponse:
    """Say which type of bill the facility's claims of a door have."""
    told: dict[str, Any] = {
        **_door(location_id),
        "room_form": RoomForm(),
        "hours_form": _hours_form(location_id),
    }
    form = BillTypeForm(request.POST)
    told |= {"bill_form": form}
    if not form.is_valid():
        return invalid(request, "practice/location.html", "_bill_type_form.html", form, context=told)
    try:
        commands.set_bill_type(request.actor, location_id=location_id, **form.cleaned_data)
    except Refusal as no:
        return refused(request, "practice/location.html", "_bill_type_form.html", form, no, context=told)
    return done(request, reverse("practice:location", args=[location_id]), toast=_("The type of bill holds."))


@screen(needs=Can.MANAGE_OFFICE, methods=("POST",))
def location_close(request: Request, location_id: UUID) -> HttpResponse:
    """Close a door for good; refused while visits are booked there."""
    try:
        closed = commands.close_location(request.actor, location_id=location_id)
    except Refusal as no:
        told = {
            **_door(location_id),
            "room_form": RoomForm(),
            "hours_form": _hours_form(location_id),
            "is_closing": True,
        }
        return refused(request, "practice/location.html", "_close_form.html", None, no, context=told)
    return done(request, reverse("practice:places"), toast=_("%(name)s is closed.") % {"name": closed.name})


def _door(location_id: UUID) -> dict[str, Any]:
    """Return a door, its rooms, its type of bill where the facility bills, and the version of its hours."""
    door = queries.location(location_id)
    bills = "institutional" in queries.claim_kinds()
    return {
        "door": door,
        "bill_type": queries.bill_type_of(door) if bills else "",
        "bill_form": BillTypeForm(initial={"bill_type": door.bill_type}) if bills else None,
        "rooms": list(queries.rooms(location_id)),
        "hours_version": hours_version(queries.hours_of(location_id)),
    }


def _hours_form(location_id: UUID) -> HoursForm:
    kept = {f"opens_{one.weekday}": one.opens for one in queries.opening_hours(location_id)}
    kept |= {f"closes_{one.weekday}": one.closes for one in queries.opening_hours(location_id)}
    return HoursForm(initial=kept)
