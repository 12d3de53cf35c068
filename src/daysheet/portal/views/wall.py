"""The waiting room's wall in a browser that shows nothing else: by the door's policy, without a sign-in."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from daysheet.frontdesk.line import wall_of
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.live import stream_address
from daysheet.portal import seat
from daysheet.portal.models import Kiosk
from daysheet.portal.seat import Seat, sitting
from daysheet.ui.answers import page
from daysheet.ui.htmx import hx_redirect, is_htmx
from daysheet.ui.screens import Request, screen


@screen(public=True, keeps_awake=False)
def wall(request: Request) -> HttpResponse:
    """Show the wall of the door at which this browser was opened."""
    with sitting(request) as at:
        if at is None or at.kiosk is None or not at.kiosk.is_wall:
            return HttpResponseRedirect(reverse("portal:here"), status=303)
        seat.last_on(request)
        record(at.by, "portal.wall.opened", at.kiosk)
        return page(request, "frontdesk/wall.html", _facts(at, at.kiosk))


@screen(public=True, keeps_awake=False)
def wall_list(request: Request) -> HttpResponse:
    """Show the wall's two columns alone; a wall that was closed at the desk shows nothing more."""
    with sitting(request) as at:
        if at is None or at.kiosk is None or not at.kiosk.is_wall:
            away = reverse("portal:here")
            return hx_redirect(away) if is_htmx(request) else HttpResponseRedirect(away, status=303)
        seat.last_on(request)
        return page(request, "frontdesk/_wall.html", _facts(at, at.kiosk))


def _facts(at: Seat, kiosk: Kiosk) -> dict[str, Any]:
    zone, now = kiosk.location.zone, at.by.now
    return {
        "wall": wall_of(kiosk.location_id, local_day(now, zone), now),
        "now": now,
        "zone": zone,
        "list_url": reverse("portal:wall-list"),
        "live_url": stream_address(),
        "leave_url": reverse("portal:kiosk-leave"),
    }
