"""Screens: every view says who may open it. A view that does not say is not found: deny by default."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

from daysheet.kernel.access import Actor, Can

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What the shell and the views know of the acting practice."""

    practice_name: str
    kind: str
    location_id: UUID | None
    location_name: str
    zone: ZoneInfo
    today: date
    is_training: bool
    is_demo: bool
    clock_label: str = ""
    others: tuple[tuple[UUID, str], ...] = ()
    switch_url: str = ""


class Request(HttpRequest):
    """A request after the door: with its actor and its office."""

    actor: Actor
    office: OfficeFacts
    screen: Any


@dataclass(frozen=True, slots=True)
class ScreenRule:
    """Who may open a view, by which methods, and whether it stands outside the office."""

    needs: Can | None
    methods: tuple[str, ...]
    is_public: bool = False
    keeps_awake: bool = True
    """Polls and streams do not count as activity."""
    practice_kinds: tuple[str, ...] = field(default=())
    keeps_draft: bool = True
    """A form that is all secrets leaves nothing behind when the screen has locked."""


def screen(
    *,
    needs: Can | None = None,
    methods: tuple[str, ...] = ("GET", "HEAD"),
    public: bool = False,
    keeps_awake: bool = True,
    keeps_draft: bool = True,
) -> Callable[
    [Callable[Concatenate[Request, P], HttpResponseBase]], Callable[Concatenate[Request, P], HttpResponseBase]
]:
    """Declare a view: the permission it needs, or that it is public (no patient, no practice)."""
    if (needs is None) != public:
        raise TypeError("a screen needs a permission, or says that it is public")

    def build(
        view: Callable[Concatenate[Request, P], HttpResponseBase],
    ) -> Callable[Concatenate[Request, P], HttpResponseBase]:
        @wraps(view)
        def door(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        door.screen = ScreenRule(needs, methods, public, keeps_awake, keeps_draft=keeps_draft)  # type: ignore[attr-defined]
        return cast("Callable[Concatenate[Request, P], HttpResponseBase]", door)

    return build
