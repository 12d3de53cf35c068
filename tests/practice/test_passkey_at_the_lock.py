"""At a locked workstation a passkey opens for its own person, and lets another person of the practice take over."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client

from daysheet.kernel import drafts
from daysheet.kernel.models import AuditLine, Practice
from daysheet.practice.models import Membership
from daysheet.practice.signing_in import LOCKED, PRACTICE
from tests import cast, make
from tests.desk import signed_in
from tests.practice.passkeys import Passkey
from tests.practice.test_passkeys import AS_JSON, PASSWORD, asked_on

pytestmark = pytest.mark.django_db
LOCK = "/lock/passkey/"


def with_passkey(member: Membership) -> Passkey:
    """Register a passkey of a person from the own settings."""
    member.user.set_password(PASSWORD)
    member.user.save()
    browser = Client(SERVER_NAME="localhost")
    browser.post("/sign-in/", {"login": member.user.username, "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    made = Passkey()
    key = made.register(
        asked_on(browser.get("/accounts/2fa/webauthn/add/").content.decode())["creation_options"]
    )
    sent = {"name": "A key", "passwordless": "on", "credential": json.dumps(key)}
    assert browser.post("/accounts/2fa/webauthn/add/", sent).status_code == 302
    return made


@pytest.fixture
def rosa(practice: Practice) -> Membership:
    return make.member("receptionist", "rosa")


@pytest.fixture
def passkey(rosa: Membership) -> Passkey:
    """Rosa's passkey."""
    return with_passkey(rosa)


@pytest.fixture
def locked(rosa: Membership, passkey: Passkey) -> Client:
    """Rosa's workstation, which she has locked."""
    browser = signed_in(rosa, SERVER_NAME="localhost")
    browser.post("/lock/")
    return browser


def touch(browser: Client, passkey: Passkey, **more: str) -> HttpResponse:
    """Press "Use a passkey" at the lock."""
    asked: Any = browser.get(LOCK, headers=AS_JSON).json()["request_options"]
    return browser.post(LOCK, {"credential": json.dumps(passkey.answer(asked))} | more)  # type: ignore[return-value]


def test_the_lock_offers_a_passkey(locked: Client) -> None:
    page = locked.get("/lock/").content.decode()
    assert f'action="{LOCK}"' in page
    assert "Use a passkey" in page


def test_its_own_person_goes_on_where_she_was(rosa: Membership, locked: Client, passkey: Passkey) -> None:
    answer = touch(locked, passkey, next="/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert locked.get("/me/").status_code == 200
    key = Authenticator.objects.get(user=rosa.user, type="webauthn")
    assert key.last_used_at is not None
    assert not AuditLine.objects.filter(action="practice.session.taken-over").exists()


def test_what_was_sent_while_it_was_locked_waits(locked: Client, passkey: Passkey) -> None:
    answer = touch(locked, passkey, next="/me/", draft="/patients/new/")
    assert answer["Location"] == "/resume/?draft=%2Fpatients%2Fnew%2F&next=%2Fme%2F"


def test_another_person_takes_over_and_the_diary_names_both(
    practice: Practice, rosa: Membership, locked: Client
) -> None:
    ben = make.member("biller", "ben")
    drafts.keep_draft(user_id=rosa.user_id, form="/patients/new/", fields={"family": ["Ash"]}, now=cast.NOW)
    answer = touch(locked, with_passkey(ben), next="/me/", draft="/patients/new/")
    assert answer["Location"] == "/"
    assert locked.session["_auth_user_id"] == str(ben.user_id)
    assert locked.session[PRACTICE] == str(practice.pk)
    assert locked.get("/me/").status_code == 200
    line = AuditLine.objects.get(action="practice.session.taken-over")
    assert (line.actor_name, line.details) == (ben.display_name, {"before": rosa.display_name})
    assert drafts.draft_of(user_id=ben.user_id, form="/patients/new/") is None


def test_a_passkey_of_another_practice_opens_nothing_here(rosa: Membership, locked: Client) -> None:
    elsewhere = make.practice("Southside")
    with make.acting(elsewhere):
        stranger = make.member("receptionist", "stella")
    refused = touch(locked, with_passkey(stranger))
    assert (refused.status_code, b"That passkey does not open this office" in refused.content) == (422, True)
    assert locked.session["_auth_user_id"] == str(rosa.user_id)
    assert locked.session[LOCKED] is True
    assert AuditLine.objects.filter(action="practice.passkey.refused").count() == 1


def test_a_key_that_nobody_registered_leaves_it_locked(locked: Client, passkey: Passkey) -> None:
    strange = Passkey()
    strange.owner = passkey.owner
    assert touch(locked, strange).status_code == 422
    assert locked.get("/me/").status_code == 302


def test_nobody_opens_a_lock_where_nobody_is_signed_in() -> None:
    assert Client().get(LOCK, headers=AS_JSON)["Location"] == "/sign-in/"
    assert Client().post(LOCK, {"credential": "{}"})["Location"] == "/sign-in/"
