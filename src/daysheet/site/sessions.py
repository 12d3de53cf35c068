"""Who is behind the cookies of a live stream: asked as a page would, but outside any request."""

from collections.abc import Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import close_old_connections, transaction

from daysheet.kernel.tenancy import acting_in
from daysheet.portal.queries import kiosk
from daysheet.portal.seat import KIOSK, is_wall
from daysheet.site import entrance
from daysheet.site.live import Listener

OF_THE_WALL = frozenset({"visits"})


def may_listen(cookies: Mapping[str, str]) -> Listener | None:
    """Return the acting practice and the user of a signed-in browser, or None; no idle clock is touched.

    A waiting room's wall listens too, as long as it is not closed, to news of visits alone.
    """
    if not (key := cookies.get(settings.SESSION_COOKIE_NAME)):
        return None
    request: Any = SimpleNamespace(session=import_module(settings.SESSION_ENGINE).SessionStore(key))
    if is_wall(request.session):
        told = request.session[KIOSK]
        with acting_in(UUID(told["practice"])), transaction.atomic():
            is_open = kiosk(UUID(told["kiosk"])) is not None
            return Listener(told["practice"], told["kiosk"], OF_THE_WALL) if is_open else None
    claim = entrance.read_pass(request)
    if claim is None or claim.practice_id is None or claim.is_locked:
        return None
    with acting_in(claim.practice_id), transaction.atomic():
        found = entrance.member(request, claim)
    return Listener(str(claim.practice_id), str(claim.user_id)) if found else None


def asked_between_requests(cookies: Mapping[str, str]) -> Listener | None:
    """Answer like `may_listen`, on a connection that may have died since the last question."""
    close_old_connections()
    return may_listen(cookies)
