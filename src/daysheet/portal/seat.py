"""Who sits at this browser: which kiosk it is, and whose own check-in is open in it, for how long."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from daysheet.kernel.access import Actor
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.portal import queries, rules
from daysheet.portal.models import Kiosk, SelfCheckIn

KIOSK, SELF, LANGUAGE = "_kiosk", "_self_check_in", "_kiosk_language"
SHOWS, DAY, LINK = "shows", "day", "link"
ON_WALL = "The waiting room's wall"
LASTS = 30 * 24 * 60 * 60
"""A kiosk's browser keeps what it is for so long without being used, in seconds."""
ASK_AGAIN_AFTER = 60
KEPT_FOR = 14 * 60 * 60  # longer than any patient sits at a screen


@dataclass(frozen=True, slots=True)
class Seat:
    """A browser outside the office: the practice, who acts, its kiosk, and the check-in that is open in it."""

    practice: Practice
    by: Actor
    kiosk: Kiosk | None
    row: SelfCheckIn | None


@contextmanager
def sitting(request: HttpRequest) -> Iterator[Seat | None]:
    """Act in the practice of a kiosk or of a phone that came in by a link; None for any other browser."""
    told = request.session.get(SELF) or {}
    at = request.session.get(KIOSK) or told
    if not at:
        yield None
        return
    practice_id = UUID(at["practice"])
    with acting_in(practice_id), transaction.atomic():
        practice = Practice.objects.get(pk=practice_id)
        kiosk_id = (request.session.get(KIOSK) or {}).get("kiosk")
        kiosk = queries.kiosk(UUID(kiosk_id)) if kiosk_id else None
        if kiosk_id and kiosk is None:  # closed at the desk: nothing of the office is left here
            request.session.flush()
            yield None
            return
        row = _row(request, told)
        if row is not None and row.kiosk_id != (kiosk.pk if kiosk else None):  # it goes on elsewhere
            row = None
        name = rules.ON_PHONE if kiosk is None else ON_WALL if kiosk.is_wall else rules.AT_KIOSK
        by = Actor.system(practice_id=practice_id, now=practice.now(), name=name)
        yield Seat(practice, by, kiosk, row)


def bind(request: HttpRequest, kiosk: Kiosk) -> None:
    """Make this browser a kiosk, or a wall, and nothing else; it stays one when the browser is started anew."""
    told = {"practice": str(kiosk.practice_id), "kiosk": str(kiosk.pk), SHOWS: str(kiosk.shows)}
    request.session[KIOSK] = told
    request.session.set_expiry(LASTS)


def is_wall(session: Mapping[str, Any]) -> bool:
    """Return whether a session is that of a browser that shows the waiting room's wall alone."""
    return bool((session.get(KIOSK) or {}).get(SHOWS) == Kiosk.Shows.WALL)


def last_on(request: HttpRequest) -> None:
    """Let a wall's browser stay one for as long as it is on: nobody presses anything there, so its days count anew."""
    told, day = request.session[KIOSK], int(_now(request) // (24 * 60 * 60))
    if told.get(DAY) != day:
        request.session[KIOSK] = told | {DAY: day}


def sit_down(request: HttpRequest, practice_id: UUID, row_id: UUID, *, link_id: UUID | None = None) -> None:
    """Let a patient begin at this browser; on the own phone by a link, and no longer than that is the one."""
    sitting_id = str(new_id())
    told = {"practice": str(practice_id), "row": str(row_id), "sitting": sitting_id}
    request.session[SELF] = told | ({LINK: str(link_id)} if link_id else {})
    cache.set(seen_key(sitting_id), _now(request), KEPT_FOR)


def stay(request: HttpRequest) -> None:
    """Note that somebody is at the screen.

    The moment is not kept in the session: a touch that is still on its way when the screen is cleared would
    write the session as it was, and bring the patient back who has just been forgotten.
    """
    key = seen_key(request.session.get(SELF, {}).get("sitting", ""))
    if cache.get(key) is not None:
        cache.set(key, _now(request), KEPT_FOR)


def wipe(request: HttpRequest) -> None:
    """Forget whoever was at this browser, and the language; a kiosk stays a kiosk."""
    if told := request.session.pop(SELF, None):
        cache.delete(seen_key(told.get("sitting", "")))
    request.session.pop(LANGUAGE, None)


def seen_key(sitting_id: str) -> str:
    """Return under which name the moment of the last touch is kept; without it nobody sits there."""
    return f"self-check-in-seen:{sitting_id}"


def language(request: HttpRequest) -> str:
    """Return the language that was chosen at this browser."""
    return "es" if request.session.get(LANGUAGE) == "es" else "en"


def must_ask_desk(key: str) -> bool:
    """Return whether so much was wrong that the desk has to be asked."""
    return int(cache.get(f"self-check-in-miss:{key}", 0)) >= rules.MOST_MISSES


def count_miss(key: str) -> None:
    """Count a wrong code or birth date."""
    full = f"self-check-in-miss:{key}"
    if not cache.add(full, 1, ASK_AGAIN_AFTER):
        cache.set(full, int(cache.get(full, 0)) + 1, ASK_AGAIN_AFTER)


def forget_misses(key: str) -> None:
    """Begin to count anew: the next one in the line is another patient."""
    cache.delete(f"self-check-in-miss:{key}")


def _row(request: HttpRequest, told: dict[str, object]) -> SelfCheckIn | None:
    if not told:
        return None
    row = queries.self_check_in(UUID(str(told["row"])))
    if row is None:
        return None
    limit = rules.PHONE_IDLE_SECONDS if row.is_phone else rules.IDLE_SECONDS
    is_secret = row.state in (SelfCheckIn.State.DOING, SelfCheckIn.State.HELPED) or not row.is_phone
    if row.is_phone and told.get(LINK) not in (None, str(row.link_id)):  # another link has taken its place
        wipe(request)
        return None
    seen = cache.get(seen_key(str(told.get("sitting", ""))))
    if seen is None or (is_secret and _now(request) - float(seen) > limit):
        wipe(request)
        return None
    return row


def _now(request: HttpRequest) -> float:
    """Return the real moment of a request, as the site's door has stamped it; a training clock may stand still."""
    return float(request.META["daysheet.moment"])
