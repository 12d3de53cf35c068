"""The entrance: from a session cookie to the person, the practice and the role that act."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.crypto import constant_time_compare

from daysheet.documents.station_here import station_id_here
from daysheet.kernel import clock, live
from daysheet.kernel.access import Actor, Can, roles
from daysheet.kernel.joined import Joined
from daysheet.kernel.models import Practice
from daysheet.practice.models import Location, Membership, User
from daysheet.practice.queries import IDLE_SECONDS
from daysheet.practice.signing_in import LOCKED, OTHERS, PRACTICE, SEEN, WORKSTATION
from daysheet.ui.screens import OfficeFacts

TOUCH_EVERY = 30  # seconds between two writes of the session for activity alone


@dataclass(frozen=True, slots=True)
class Pass:
    """What the session claims, before the database has confirmed it."""

    user_id: UUID
    practice_id: UUID | None
    workstation: str
    is_locked: bool


def read_pass(request: HttpRequest) -> Pass | None:
    """Return who the session says it is; idle beyond the workstation's limit counts as locked."""
    user_id, practice = request.session.get(SESSION_KEY), request.session.get(PRACTICE)
    if not user_id:
        return None
    workstation = request.session.get(WORKSTATION, "desk")
    seen = datetime.fromtimestamp(request.session.get(SEEN, 0), UTC)
    idle = (clock.system_now() - seen).total_seconds()
    locked = bool(request.session.get(LOCKED)) or idle > IDLE_SECONDS.get(workstation, 600)
    return Pass(UUID(user_id), UUID(practice) if practice else None, workstation, locked)


def touch(request: HttpRequest) -> None:
    """Note activity, at most once in half a minute, so that a page does not write the session each time."""
    now = clock.system_now().timestamp()
    if now - request.session.get(SEEN, 0) > TOUCH_EVERY:
        request.session[SEEN] = now


def member(request: HttpRequest, claim: Pass) -> Membership | None:
    """Return the person's place in the acting practice, or None where it ended or the password changed since.

    To be called inside the practice's transaction: one statement.
    """
    rows = _place().first({"practice": claim.practice_id, "user": claim.user_id})
    if rows is None:
        return None
    found: Membership = rows[0]
    found.user, found.practice, found.location = rows[1:]
    if not found.user.is_active:
        return None
    kept = request.session.get(HASH_SESSION_KEY, "")
    return found if constant_time_compare(kept, found.user.get_session_auth_hash()) else None


def admit(request: Any, found: Membership, workstation: str) -> None:
    """Hang actor, office and screen on the request."""
    practice = found.practice
    now = practice.now()
    role = roles().get(found.role)
    request.user = found.user
    actor = Actor.of_role(
        found.role,
        practice_id=practice.id,
        user_id=found.user_id,
        name=found.display_name,
        now=now,
        workstation=workstation,
    )
    request.actor = replace(actor, station_id=station_id_here(request))
    zone = ZoneInfo(found.location.zone_name) if found.location else practice.zone
    request.office = OfficeFacts(
        practice_name=practice.name,
        kind=practice.kind,
        location_id=found.location_id,
        location_name=found.location.name if found.location else "",
        zone=zone,
        today=clock.local_day(now, zone),
        is_training=practice.is_training,
        is_demo=practice.is_demo,
        clock_label=f"{now.astimezone(zone):%a %b %d, %H:%M}" if practice.clock_at else "",
        others=tuple((UUID(one), name) for one, name in request.session.get(OTHERS, [])),
        switch_url=_address("practice:switch"),
    )
    request.screen = SimpleNamespace(
        nav=navigation(request.actor, practice.kind),
        role_label=role.name if role else found.role,
        search_url=_address("patients:search") if request.actor.can(Can.SEE_PATIENTS) else "",
        palette_url=_address("patients:palette") if request.actor.can(Can.SEE_PATIENTS) else "",
        sign_out_url=_address("practice:sign-out"),
        profile_url=_address("practice:profile"),
        help_url=_address("practice:help"),
        lock_url=_address("practice:lock"),
        keep_alive_url=_address("practice:keep-alive"),
        phones_url=_address("phones:panel-list") if request.actor.can(Can.ANSWER_PHONES) else "",
        work_url=_address("tasks:my-work"),
        live_url=live.stream_address(),
        lock_after=IDLE_SECONDS.get(workstation, 600),
        theme="",
        density=found.density,
        letter_keys=found.user.letter_keys,
    )


def navigation(by: Actor, kind: str) -> list[SimpleNamespace]:
    """Return the entries that the role may open, in the same order for all; nine at most for a desk."""
    entries = [
        SimpleNamespace(key=key, label=label, url=_address(name), icon=icon, count=None)
        for key, label, name, icon, needs, _rank, kinds in _entries()
        if by.can(needs) and kind in kinds
    ]
    return [entry for entry in entries if entry.url]


@cache
def _place() -> Joined:
    """Return the statement with which every page begins: a person's place in the acting practice."""
    return Joined(
        {"m": Membership, "u": User, "p": Practice, "l": Location},
        f"""join {User._meta.db_table} u on u.id = m.user_id join practice p on p.id = m.practice_id
        left join location l on l.id = m.location_id
        where m.practice_id = %(practice)s and m.user_id = %(user)s and m.ended_at is null""",
    )


@cache
def _entries() -> list[tuple[str, str, str, str, Can, int, tuple[str, ...]]]:
    found = []
    for room in settings.ROOMS:
        for entry in getattr(import_module(f"daysheet.{room}.apps"), "NAV", []):
            kinds = entry[6] if len(entry) > 6 else ("office", "billing")
            found.append((*entry[:6], kinds))
    return sorted(found, key=lambda entry: entry[5])


@cache
def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
