"""Who asks for a visit at this browser: a link and the birth date that went with it, for some minutes."""

from uuid import UUID

from django.core.cache import cache
from django.http import HttpRequest

from daysheet.kernel.ids import new_id
from daysheet.portal import rules

ASKS = "_asks_for_visit"
KEPT_FOR = 14 * 60 * 60


def know(request: HttpRequest, link_id: UUID) -> None:
    """Let who has said the birth date go on at this browser, by this link alone."""
    sitting_id = str(new_id())
    request.session[ASKS] = {"link": str(link_id), "sitting": sitting_id}
    cache.set(_key(sitting_id), _now(request), KEPT_FOR)


def knows(request: HttpRequest, link_id: UUID) -> bool:
    """Return whether the birth date was said at this browser for this link, and somebody was here lately."""
    told = request.session.get(ASKS) or {}
    if told.get("link") != str(link_id):
        return False
    key = _key(str(told.get("sitting", "")))
    seen = cache.get(key)
    if seen is None or _now(request) - float(seen) > rules.PHONE_IDLE_SECONDS:
        forget(request)
        return False
    cache.set(key, _now(request), KEPT_FOR)
    return True


def forget(request: HttpRequest) -> None:
    """Ask for the birth date again."""
    if told := request.session.pop(ASKS, None):
        cache.delete(_key(str(told.get("sitting", ""))))


def _key(sitting_id: str) -> str:
    return f"asks-for-visit-seen:{sitting_id}"


def _now(request: HttpRequest) -> float:
    return float(request.META["daysheet.moment"])
