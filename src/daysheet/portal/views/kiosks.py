"""Kiosks and walls: a browser becomes one, is closed from the desk, and is left with a password."""

from typing import Any
from uuid import UUID

from django.contrib.auth import authenticate, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.portal import commands, queries, seat
from daysheet.portal.forms import LeaveForm
from daysheet.portal.seat import Seat, sitting
from daysheet.practice import queries as practice
from daysheet.practice import signing_in
from daysheet.practice.models import Location, User
from daysheet.ui.answers import done, page
from daysheet.ui.screens import Request, screen


@screen(needs=Can.MOVE_PATIENT)
def kiosks(request: Request) -> HttpResponse:
    """Show which kiosks and walls are open, and let this browser become one."""
    return page(request, "portal/kiosks.html", _facts(request))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def open_here(request: Request) -> HttpResponse:
    """Make this browser a kiosk or a wall: its sign-in ends, and it can do nothing else until somebody leaves it."""
    door = next((one for one in _doors(request) if str(one.pk) == request.POST.get("door")), None)
    if door is None:
        told = _facts(request) | {"refusal": _("Choose the door where the screen stands.")}
        return page(request, "portal/kiosks.html", told, status=409)
    is_wall = request.POST.get("shows") == "wall"
    made = commands.open_kiosk(request.actor, location_id=door.pk, is_wall=is_wall)
    signing_in.leave(request)
    logout(request)
    seat.bind(request, made)
    return done(request, reverse("portal:wall" if is_wall else "portal:here"))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def close(request: Request, kiosk_id: UUID) -> HttpResponse:
    """Close a kiosk or a wall from the desk."""
    closed = commands.close_kiosk(request.actor, kiosk_id=kiosk_id)
    kiosk, wall = _("The kiosk is closed."), _("The wall is closed.")
    said = f"{wall if closed.is_wall else kiosk} {_('Its screen shows nothing more.')}"
    return done(request, reverse("portal:kiosks"), toast=said)


@screen(public=True, methods=("GET", "HEAD", "POST"))
def leave(request: Request) -> HttpResponse:
    """Let a person of the office end the kiosk with the own password."""
    with sitting(request) as at:
        if at is None or at.kiosk is None:
            return HttpResponseRedirect(reverse("practice:sign-in"), status=303)
        key = f"leave:{at.kiosk.pk}"
        form = _leave_form(request, at)
        told: dict[str, Any] = {"form": form, "is_kiosk": True, "office": at.practice.name, "missed": False}
        told["is_wall"] = at.kiosk.is_wall
        if seat.must_ask_desk(key):
            return page(
                request,
                "portal/leave.html",
                told | {"form": _leave_form(request, at, is_new=True), "missed": True},
                status=429,
            )
        if request.method != "POST":
            return page(request, "portal/leave.html", told)
        who = _staff(request, at, form.cleaned_data) if form.is_valid() else None
        if who is None:
            seat.count_miss(key)
            return page(request, "portal/leave.html", told | {"missed": True}, status=422)
        commands.close_kiosk(who, kiosk_id=at.kiosk.pk)
        request.session.flush()
    return HttpResponseRedirect(reverse("practice:sign-in"), status=303)


def _facts(request: Request) -> dict[str, Any]:
    return {"kiosks": queries.open_kiosks(), "doors": _doors(request), "zone": request.office.zone}


def _doors(request: Request) -> list[Location]:
    return list(practice.locations())


def _leave_form(request: Request, at: Seat, *, is_new: bool = False) -> LeaveForm:
    """Return the form that ends a kiosk; only the people of a demonstration have no password."""
    form = LeaveForm(None if is_new else request.POST or None)
    form.fields["password"].required = not at.practice.is_demo
    return form


def _staff(request: Request, at: Seat, said: dict[str, str]) -> Actor | None:
    """Return the person of this office whose password this is; the demonstration's people have none."""
    name = said["username"].strip()
    user: Any = authenticate(request, username=name, password=said["password"])
    if user is None and name.startswith("demo-") and at.practice.is_demo:
        user = User.objects.filter(username=name, is_active=True).first()
    places = practice.places_of(user.pk) if user is not None else []
    place = next((one for one in places if one.practice_id == at.practice.pk), None)
    if place is None:
        return None
    who = Actor.of_role(
        place.role,
        practice_id=at.practice.pk,
        user_id=place.user_id,
        name=place.display_name,
        now=at.by.now,
        workstation="kiosk",
    )
    return who if who.can(Can.MOVE_PATIENT) else None
