"""Staff and clinicians: who works here, in which role, by which sign-in."""

from datetime import date
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from daysheet.formats.x12.numbers import is_npi
from daysheet.kernel.access import Actor, Can, roles
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.practice.models import DeskSession, Membership, Provider, User
from daysheet.practice.naming import given_must_fit_wire, must_fit_wire
from daysheet.practice.queries import IDLE_SECONDS, places_of
from daysheet.practice.rules import is_guessable, is_pin


class OpensOtherOffices(Refusal):
    """The sign-in opens other practices too: its password and second factor are not one manager's to reset."""


@command(needs=Can.MANAGE_STAFF)
def add_member(
    by: Actor,
    /,
    *,
    username: str,
    display_name: str,
    role: str,
    password: str | None = None,
    email: str = "",
    location_id: UUID | None = None,
    user_id: UUID | None = None,
) -> Membership:
    """Give a person a place in the practice, and a sign-in unless they have one.

    Without a password the sign-in is closed until one is set. A user name is never given twice, in any case.
    """
    if role not in roles() or role == "system":
        raise Refusal("There is no such role.", role="Choose one of the list.")
    person = (
        User.objects.get(pk=user_id)
        if user_id
        else _new_person(username, password, email, display_name.strip())
    )
    with refusing(
        membership_is_one_at_a_time=Refusal("This person works here already. Change the role instead.")
    ):
        member = Membership.objects.create(
            user=person,
            role=role,
            display_name=display_name.strip() or person.username,
            location_id=location_id,
        )
    record(by, "practice.member.added", member, role=role, username=person.username)
    return member


def _new_person(username: str, password: str | None, email: str, called: str) -> User:
    name = User.normalize_username(username).strip().lower()
    if not name or len(name) > 150:
        raise Refusal("A sign-in needs a user name of up to 150 letters.", username="Write a user name.")
    if User.objects.filter(username=name).exists():
        raise Refusal("That user name is taken, or was once. Choose another.", username="Choose another.")
    if password is not None:
        _check_password(password, User(username=name))
    return User.objects.create(
        username=name, email=email, first_name=called[:150], password=make_password(password)
    )


def _check_password(password: str, person: User) -> None:
    try:
        validate_password(password, person)
    except ValidationError as no:
        raise Refusal(" ".join(no.messages), password=" ".join(no.messages)) from no


@command(needs=Can.MANAGE_STAFF)
def set_password(by: Actor, /, *, membership_id: UUID, password: str) -> Membership:
    """Give a member of this practice a new password; their open sign-ins end.

    Raises OpensOtherOffices.
    """
    member = _member_of_ours_alone(membership_id)
    _check_password(password, member.user)
    member.user.set_password(password)
    member.user.save(update_fields=["password"])
    member.pin = ""
    member.save(update_fields=["pin"])
    _end_sessions(by, member)
    record(by, "practice.member.password_set", member)
    return member


@command(needs=Can.MANAGE_STAFF)
def change_role(by: Actor, /, *, membership_id: UUID, role: str) -> Membership:
    """Give a member another role; it holds from the next page on."""
    if role not in roles() or role == "system":
        raise Refusal("There is no such role.", role="Choose one of the list.")
    member = Membership.objects.get(pk=membership_id)
    if member.user_id == by.user_id and role != member.role:
        raise Refusal("You cannot change your own role. Ask another manager.")
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    record(by, "practice.member.role_changed", member, role=[before, role])
    return member


@command(needs=Can.MANAGE_STAFF)
def end_membership(by: Actor, /, *, membership_id: UUID) -> Membership:
    """Close every door to a person who leaves: the place ends and the open sign-ins die at once.

    45 CFR 164.308(a)(3)(ii)(C). What they did stays under their name.
    """
    member = Membership.objects.select_related("user").get(pk=membership_id)
    if member.user_id == by.user_id:
        raise Refusal("You cannot end your own place. Ask another manager.")
    member.ended_at = by.now
    member.save(update_fields=["ended_at"])
    _end_sessions(by, member)
    record(by, "practice.member.ended", member)
    return member


def _member_of_ours_alone(membership_id: UUID) -> Membership:
    """Return a member whose sign-in opens this practice and no other: no manager holds the key to another's door."""
    member = Membership.objects.select_related("user").get(pk=membership_id)
    if any(place.practice_id != member.practice_id for place in places_of(member.user_id)):
        raise OpensOtherOffices(
            "This person's sign-in opens other offices too, so no single office can reset it. "
            "Ask whoever runs this installation."
        )
    return member


def _end_sessions(by: Actor, member: Membership) -> None:
    open_ones = DeskSession.objects.filter(user_id=member.user_id, ended_at__isnull=True)
    Session.objects.filter(session_key__in=list(open_ones.values_list("session_key", flat=True))).delete()
    open_ones.update(ended_at=by.now)


@command(needs=Can.WORK)
def revoke_session(by: Actor, /, *, desk_session_id: UUID) -> DeskSession:
    """End one of one's own open sign-ins at another workstation, at once."""
    found = DeskSession.objects.get(pk=desk_session_id, ended_at__isnull=True)
    if found.user_id != by.user_id:
        raise DeskSession.DoesNotExist  # somebody else's is like a missing one
    Session.objects.filter(session_key=found.session_key).delete()
    found.ended_at = by.now
    found.save(update_fields=["ended_at"])
    record(by, "practice.session.revoked", found)
    return found


class PinIsWeak(Refusal):
    """The PIN is too short, or the first one that anybody would try."""


@command(needs=Can.WORK)
def set_pin(by: Actor, /, *, pin: str) -> Membership:
    """Set one's own PIN for taking over a locked workstation, or with an empty one let it go. Raises PinIsWeak."""
    if pin and not is_pin(pin):
        raise PinIsWeak(_("A PIN has six to twelve digits."), pin=_("Write six digits or more."))
    if pin and is_guessable(pin):
        raise PinIsWeak(_("Anybody would try that PIN first."), pin=_("Choose another one."))
    if by.user_id is None:
        raise PinIsWeak(_("Only a person who signs in has a PIN."))
    member = Membership.objects.select_for_update().get(user_id=by.user_id, ended_at__isnull=True)
    member.pin, member.pin_tries = make_password(pin) if pin else "", 0
    member.save(update_fields=["pin", "pin_tries"])
    record(by, "practice.pin.set" if pin else "practice.pin.dropped", member)
    return member


@command(needs=Can.WORK)
def set_letter_keys(by: Actor, /, *, are_on: bool) -> User:
    """Switch one's own keys of one letter on or off; it holds wherever this person signs in, from the next page on."""
    if by.user_id is None:
        raise Refusal(_("Only a person who signs in has keys."))
    person = User.objects.select_for_update().get(pk=by.user_id)
    before, person.letter_keys = person.letter_keys, are_on
    person.save(update_fields=["letter_keys"])
    record(by, "practice.letter_keys.set", person, letter_keys=[before, are_on])
    return person


@command(needs=Can.MANAGE_OFFICE)
def set_workstation(by: Actor, /, *, session_key: str, kind: str) -> None:
    """Say what kind of workstation a sign-in stands at, which decides how long it may stand idle."""
    if kind not in IDLE_SECONDS:
        raise Refusal("There is no such kind of workstation.", kind="Choose one from the list.")
    here = DeskSession.objects.filter(session_key=session_key, ended_at__isnull=True)
    here.update(workstation_kind=kind)
    record(by, "practice.workstation.set", here.first(), kind=[by.workstation, kind])


@command(needs=Can.MANAGE_STAFF)
def reset_second_factor(by: Actor, /, *, membership_id: UUID) -> Membership:
    """Take a lost second factor off a member's sign-in, so that they can set up a new one.

    Raises OpensOtherOffices.
    """
    member = _member_of_ours_alone(membership_id)
    gone, _ = Authenticator.objects.filter(user_id=member.user_id).delete()
    _end_sessions(by, member)
    record(by, "practice.member.second_factor_reset", member, removed=gone)
    return member


@command(needs=Can.MANAGE_OFFICE)
def add_provider(
    by: Actor,
    /,
    *,
    given: str,
    family: str,
    credential: str = "",
    npi: str = "",
    taxonomy: str = "",
    location_id: UUID | None = None,
    membership_id: UUID | None = None,
    rank: int = 1,
    left_on: date | None = None,
) -> Provider:
    """Add a clinician who renders care here, or rendered it until a day."""
    if npi and not is_npi(npi):
        raise Refusal("That NPI is not right: its check digit does not fit.", npi="Check the NPI.")
    must_fit_wire(family=family)
    given_must_fit_wire(given=given)
    with refusing(provider_npi_is_own=Refusal("Another clinician here has that NPI.", npi="Check the NPI.")):
        provider = Provider.objects.create(
            given=given.strip(),
            family=family.strip(),
            credential=credential.strip(),
            npi=npi,
            taxonomy=taxonomy,
            location_id=location_id,
            membership_id=membership_id,
            rank=rank,
            left_on=left_on,
        )
    record(by, "practice.provider.added", provider, npi=npi)
    return provider
