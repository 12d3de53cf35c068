"""What a fresh session is told: the practice, the workstation, since when; at the edge, before a practice acts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from daysheet.kernel import clock
from daysheet.kernel.access import Actor, roles
from daysheet.kernel.audit import record
from daysheet.kernel.tenancy import acting_in
from daysheet.practice import queries
from daysheet.practice.care_settings import care_settings
from daysheet.practice.founding import found_by_page
from daysheet.practice.models import DeskSession, Membership, User
from daysheet.practice.rules import MOST_PIN_TRIES, sign_in_changes

PRACTICE, SEEN, LOCKED, WORKSTATION, OTHERS = "_practice", "_seen", "_locked", "_workstation", "_others"
WORKSTATION_COOKIE = "daysheet_workstation"
WRONG_TRIES, MOST_TRIES = "_wrong_tries", 5
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def enter(request: HttpRequest, user: Any, *, practice_id: UUID | None = None) -> Membership | None:
    """Choose a practice for the signed-in session: the asked one, else the first. None where the person has none."""
    places = queries.places_of(user.pk)
    chosen = next((place for place in places if practice_id in (None, place.practice_id)), None)
    now = clock.system_now()
    session = request.session
    session[SEEN] = now.timestamp()
    session[LOCKED] = False
    session[WORKSTATION] = _workstation(request, chosen)
    if chosen is None:
        session.pop(PRACTICE, None)
        return None
    session[PRACTICE] = str(chosen.practice_id)
    session[OTHERS] = [
        [str(place.practice_id), place.practice.name]
        for place in places
        if place.practice_id != chosen.practice_id
    ]
    session.save()
    _note(request, chosen)
    return chosen


def _workstation(request: HttpRequest, place: Membership | None) -> str:
    """Return the kind that a manager of this practice gave the workstation; a desk until one did."""
    told = request.get_signed_cookie(WORKSTATION_COOKIE, "", salt=WORKSTATION_COOKIE)
    practice_id, _, kind = (told or "").partition(":")
    ours = place is not None and practice_id == str(place.practice_id)
    return kind if ours and kind in queries.IDLE_SECONDS else "desk"


def remember_workstation(request: HttpRequest, response: HttpResponse, practice_id: UUID, kind: str) -> None:
    """Let the browser carry the workstation's kind, signed, into every later sign-in of the practice, and into this."""
    request.session[WORKSTATION] = kind
    response.set_signed_cookie(
        WORKSTATION_COOKIE,
        f"{practice_id}:{kind}",
        salt=WORKSTATION_COOKIE,
        max_age=400 * 24 * 60 * 60,  # the longest that browsers keep one
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _actor(request: HttpRequest, place: Membership) -> Actor:
    """Return the person at the workstation, before the office door has been passed."""
    return Actor.of_role(
        place.role,
        practice_id=place.practice.id,
        user_id=place.user_id,
        name=place.display_name,
        now=place.practice.now(),
        workstation=request.session.get(WORKSTATION, "desk"),
    )


def _place(request: HttpRequest) -> Membership | None:
    """Return the signed-in person's place in the session's practice."""
    practice_id = request.session.get(PRACTICE)
    if practice_id is None or not request.user.is_authenticated:
        return None
    places = queries.places_of(UUID(str(request.user.pk)))
    return next((place for place in places if str(place.practice_id) == practice_id), None)


def _note(request: HttpRequest, place: Membership) -> None:
    """List the sign-in for its person, and write it into the practice's diary."""
    now = clock.system_now()
    by = _actor(request, place)
    with acting_in(place.practice_id), transaction.atomic():
        DeskSession.objects.update_or_create(
            session_key=request.session.session_key,
            defaults={
                "user_id": place.user_id,
                "workstation_kind": request.session[WORKSTATION],
                "browser": request.headers.get("User-Agent", "")[:200],
                "address": request.META.get("REMOTE_ADDR", "")[:60],
                "began_at": now,
                "seen_at": now,
                "ended_at": None,
            },
        )
        Membership.objects.filter(pk=place.pk, pin_tries__gt=0).update(pin_tries=0)
        record(by, "practice.session.began", place)


def enter_demo(request: HttpRequest, *, role: str) -> Membership | None:
    """Sign in as the demonstration practice's person of a role. Works in a demonstration practice alone."""
    person = User.objects.filter(username=f"demo-{role}", is_active=True).first()
    place = next((p for p in queries.places_of(person.pk) if p.practice.is_demo), None) if person else None
    if person is None or place is None:
        return None
    login(request, person, backend=BACKEND)
    return enter(request, person, practice_id=place.practice_id)


def found_and_enter(request: HttpRequest, **facts: str) -> Membership | None:
    """Found the installation's own practice and sign its manager in, in place of whoever looked at the demonstration.

    Raises what founding raises, with nobody signed in or out.
    """
    place = found_by_page(**facts, now=clock.system_now())
    leave(request)
    login(request, place.user, backend=BACKEND)
    return enter(request, place.user, practice_id=place.practice_id)


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A sign-in card of the demonstration practice."""

    role: str
    role_name: str
    description: str
    person: str


def demo_cards() -> list[tuple[str, list[DemoCard]]]:
    """Return the cards of the demonstrations' people, one a role: the ordinary one's under no name, then each setting's.

    None where there is no demonstration: one statement.
    """
    people = {u.username: u for u in User.objects.filter(username__startswith="demo-", is_active=True)}
    found = [("", "demo-")] + [
        (f"{one.name}: {one.demonstration.name}", f"demo-{one.key}-") for one in care_settings()
    ]
    groups = []
    for name, begins in found:
        cards = [
            DemoCard(
                f"{begins}{key}".removeprefix("demo-"),
                role.name,
                role.description,
                person.get_full_name() or person.username,
            )
            for key, role in roles().items()
            if (person := people.get(f"{begins}{key}"))
        ]
        groups += [(name, cards)] if cards else []
    return groups


def unlock(request: HttpRequest, password: str) -> bool:
    """Unlock the screen for its own person; the demonstration's people need no password."""
    person = request.user
    if not isinstance(person, User):
        return False
    name = person.get_username()
    demo = name.startswith("demo-") and any(p.practice.is_demo for p in queries.places_of(person.pk))
    if not demo and not person.check_password(password):
        _note_wrong_try(request)
        return False
    _open_again(request)
    return True


def _open_again(request: HttpRequest) -> None:
    request.session[LOCKED] = False
    request.session.pop(WRONG_TRIES, None)
    request.session[SEEN] = clock.system_now().timestamp()


def knows_password(request: HttpRequest, password: str) -> bool:
    """Return whether the signed-in person says the own password; a wrong one counts as at the lock."""
    return unlock(request, password)


def name_of(request: HttpRequest) -> str:
    """Return the signed-in person's name as the office says it."""
    place = _place(request)
    return place.display_name if place else str(request.user.get_username())


def may_take_over(request: HttpRequest) -> list[Membership]:
    """Return who may take over a workstation that stands locked: the practice's people who have set a PIN."""
    place = _place(request)
    if place is None:
        return []
    with acting_in(place.practice_id), transaction.atomic():
        return [one for one in queries.members() if one.pin and one.user.is_active]


def take_over(request: HttpRequest, *, membership_id: UUID, pin: str) -> Membership | None:
    """Sign another person of the practice in by PIN in place of the one before; None where it does not fit.

    Drafts and drawer stay with the person before. After the fifth wrong PIN only the password opens.
    """
    before = _place(request)
    if before is None:
        return None
    with acting_in(before.practice_id), transaction.atomic():
        member = (
            queries.members().select_for_update(of=("self",)).filter(pk=membership_id).exclude(pin="").first()
        )
        if member is None or not member.user.is_active or member.pin_tries >= MOST_PIN_TRIES:
            return None
        fits = check_password(pin, member.pin)
        member.pin_tries = 0 if fits else member.pin_tries + 1
        member.save(update_fields=["pin_tries"])
        if not fits:
            record(_actor(request, before), "practice.pin.refused", member, tries=member.pin_tries)
    return _hand_over(request, before, member.user) if fits else None


def open_by_passkey(request: HttpRequest, person: User) -> Membership | None:
    """Open a locked workstation by a passkey: its own person goes on, another person of the practice takes over.

    None where the passkey is of somebody else.
    """
    before = _place(request)
    if before is None or not person.is_active:
        return None
    if person.pk == before.user_id:
        _open_again(request)
        return before
    if not any(place.practice_id == before.practice_id for place in queries.places_of(person.pk)):
        with acting_in(before.practice_id), transaction.atomic():
            record(_actor(request, before), "practice.passkey.refused", before)
        return None
    return _hand_over(request, before, person)


def _hand_over(request: HttpRequest, before: Membership, person: User) -> Membership | None:
    """Sign a person in, in place of the one before, in the same practice; the diary names both."""
    leave(request)
    login(request, person, backend=BACKEND)
    place = enter(request, person, practice_id=before.practice_id)
    if place is not None:
        with acting_in(place.practice_id), transaction.atomic():
            record(_actor(request, place), "practice.session.taken-over", place, before=before.display_name)
    return place


def _note_wrong_try(request: HttpRequest) -> None:
    """Write a wrong password at the lock into the diary; the fifth ends the sign-in."""
    tries = request.session.get(WRONG_TRIES, 0) + 1
    request.session[WRONG_TRIES] = tries
    place = _place(request)
    if place is not None:
        with acting_in(place.practice_id), transaction.atomic():
            record(_actor(request, place), "practice.session.unlock-failed", place, tries=tries)
    if tries >= MOST_TRIES:
        leave(request)
        logout(request)


def leave(request: HttpRequest) -> None:
    """Note the end of a sign-in, in the person's list and in the practice's diary."""
    if not (key := request.session.session_key):
        return
    place = _place(request)
    with acting_in(place.practice_id if place else None), transaction.atomic():
        mine = DeskSession.objects.filter(session_key=key, ended_at__isnull=True)
        ended = mine.update(ended_at=clock.system_now())
        if place is not None and ended:  # pressed twice, it is told once
            record(_actor(request, place), "practice.session.ended", place)


def note_failed(person: User | None, *, how: str) -> None:
    """Write a sign-in that failed into the diary of each office that it would have opened; nothing that was typed.

    A name that nobody has is noted where one office alone lives in the installation.
    """
    told: dict[str, Any] = {"how": how} | ({"user": str(person.pk)} if person else {})
    places = queries.places_of(person.pk) if person else []
    offices = [place.practice for place in places] if person else queries.only_office()
    for number, office in enumerate(offices):
        by = Actor.of_role(
            "", practice_id=office.id, user_id=None, name="Somebody at the door", now=office.now()
        )
        with acting_in(office.id), transaction.atomic():
            record(by, "practice.session.refused", places[number] if places else None, **told)


def watched(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Let a person change the own sign-in on the library's pages, and write what changed into the diary.

    All of it is one transaction: no line, no change. A new password ends the person's other sign-ins.
    """
    place = _place(request)
    if place is None:
        return answer()
    by, key = _actor(request, place), request.session.session_key
    with acting_in(place.practice_id), transaction.atomic():
        password, factors = queries.keys_of(place.user_id)
        response = answer()
        password_after, factors_after = queries.keys_of(place.user_id)
        for action, kind in sign_in_changes(factors, factors_after):
            record(by, action, place, kind=kind)
        if password != password_after:
            record(by, "practice.password.changed", place)
            _end_others(request, key, place.user_id)
    return response


def _end_others(request: HttpRequest, key: str | None, user_id: UUID) -> None:
    """End a person's other sign-ins; this one has got a new key from the new password."""
    mine = DeskSession.objects.filter(user_id=user_id, ended_at__isnull=True)
    others = mine.exclude(session_key=key)
    Session.objects.filter(session_key__in=list(others.values_list("session_key", flat=True))).delete()
    others.update(ended_at=clock.system_now())
    if request.session.session_key:
        mine.filter(session_key=key).update(session_key=request.session.session_key)
