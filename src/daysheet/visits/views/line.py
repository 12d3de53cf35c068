"""The line as the manager rules it: what the wall shows, the letters of the tokens, the desks that call."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.practice import queries as practice
from daysheet.schedule import queries as schedule
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version
from daysheet.visits import commands, line
from daysheet.visits.forms import CategoryForm, PointForm, WallForm

PAGE = "visits/line-rules.html"
POST = ("POST",)


@screen(needs=Can.MANAGE_OFFICE)
def line_rules(request: Request) -> HttpResponse:
    """Show what the walls show, the letters and the desks of every door."""
    return page(request, PAGE, _facts())


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def wall_policy(request: Request, location_id: UUID) -> HttpResponse:
    """Choose what a door's wall shows."""
    form = WallForm(request.POST)
    told = _facts() | {"chosen_at": location_id}
    if not form.is_valid():
        return invalid(request, PAGE, PAGE, form, told)
    try:
        commands.set_wall_policy(
            request.actor,
            location_id=location_id,
            **form.cleaned_data,
            version=form_version(request),
        )
    except Refusal as no:
        return refused(request, PAGE, PAGE, form, no, told)
    return done(request, _here(), toast=_("The wall shows it from now on."))


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def category_add(request: Request) -> HttpResponse:
    """Add a letter."""
    told = _facts()
    form = CategoryForm(request.POST, doors=told["doors"], types=told["types"])
    told["category_form"] = form
    if not form.is_valid():
        return invalid(request, PAGE, PAGE, form, told)
    try:
        kept = commands.add_token_category(request.actor, **form.said())
    except Refusal as no:
        return refused(request, PAGE, PAGE, form, no, told)
    undo = (reverse("visits:category-drop", args=[kept.pk]), _("Undo"))
    return done(request, _here(), toast=_("From the next arrival on it is drawn."), undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def category_drop(request: Request, category_id: UUID) -> HttpResponse:
    """Let a letter go."""
    commands.drop_token_category(request.actor, category_id=category_id)
    undo = (reverse("visits:category-take-up", args=[category_id]), _("Undo"))
    return done(request, _here(), toast=_("The letter is dropped."), undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def category_take_up(request: Request, category_id: UUID) -> HttpResponse:
    """Let a dropped letter be drawn again."""
    return _again(request, lambda: commands.take_up_token_category(request.actor, category_id=category_id))


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def point_add(request: Request) -> HttpResponse:
    """Add a desk that calls."""
    told = _facts()
    form = PointForm(request.POST, doors=told["doors"])
    told["point_form"] = form
    if not form.is_valid():
        return invalid(request, PAGE, PAGE, form, told)
    try:
        kept = commands.add_calling_point(request.actor, **form.said())
    except Refusal as no:
        return refused(request, PAGE, PAGE, form, no, told)
    undo = (reverse("visits:point-drop", args=[kept.pk]), _("Undo"))
    return done(request, _here(), toast=_("The desk can call."), undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def point_drop(request: Request, point_id: UUID) -> HttpResponse:
    """Let a desk call no more."""
    commands.drop_calling_point(request.actor, point_id=point_id)
    undo = (reverse("visits:point-take-up", args=[point_id]), _("Undo"))
    return done(request, _here(), toast=_("The desk calls no more."), undo=undo)


@screen(needs=Can.MANAGE_OFFICE, methods=POST)
def point_take_up(request: Request, point_id: UUID) -> HttpResponse:
    """Let a dropped desk call again."""
    return _again(request, lambda: commands.take_up_calling_point(request.actor, point_id=point_id))


def _again(request: Request, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Refusal as no:
        return done(request, _here(), toast=no.sentence)
    return done(request, _here(), toast=_("It stands again."))


def _here() -> str:
    return reverse("visits:line-rules")


def _facts() -> dict[str, Any]:
    doors, types = list(practice.locations()), list(schedule.types())
    names = {one.pk: one.name for one in types}
    return {
        "doors": doors,
        "types": types,
        "walls": [(door, line.policy(door.pk)) for door in doors],
        "categories": [
            (door, row, ", ".join(names[pk] for pk in row.type_ids if pk in names))
            for door in doors
            for row in line.categories(door.pk)
        ],
        "points": [(door, row) for door in doors for row in line.points(door.pk)],
        "category_form": CategoryForm(doors=doors, types=types),
        "point_form": PointForm(doors=doors),
        "form": None,
        "refusal": None,
        "chosen_at": None,
    }
