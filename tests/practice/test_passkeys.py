"""A passkey is registered by its person and then opens the office alone: no name, no password, the way back kept."""

import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client

from daysheet.kernel.models import AuditLine, Practice
from daysheet.practice.signing_in import PRACTICE
from tests import make
from tests.practice.passkeys import Passkey

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
AS_JSON = {"Accept": "application/json"}


@pytest.fixture
def passkey(practice: Practice) -> Passkey:
    """Rosa's passkey, registered from her own settings."""
    rosa = make.member()
    rosa.user.set_password(PASSWORD)
    rosa.user.save()
    browser = Client(SERVER_NAME="localhost")
    browser.post("/sign-in/", {"login": "rosa", "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = browser.get("/accounts/2fa/webauthn/add/").content.decode()
    made = Passkey()
    key = made.register(asked_on(page)["creation_options"])
    sent = {"name": "The blue key", "passwordless": "on", "credential": json.dumps(key)}
    assert browser.post("/accounts/2fa/webauthn/add/", sent).status_code == 302
    assert Authenticator.objects.filter(type="webauthn", user=rosa.user).count() == 1
    return made


def asked_on(page: str) -> Any:
    """What a page of the library gives its script."""
    found = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


def ask(browser: Client) -> Any:
    return browser.get("/sign-in/passkey/", headers=AS_JSON).json()["request_options"]


def give(browser: Client, answer: object, **more: str) -> HttpResponse:
    return browser.post("/sign-in/passkey/", {"credential": json.dumps(answer)} | more)  # type: ignore[return-value]


def test_a_passkey_opens_the_office_without_a_password_and_goes_on_as_asked(
    passkey: Passkey, practice: Practice
) -> None:
    browser = Client(SERVER_NAME="localhost")
    answer = give(browser, passkey.answer(ask(browser)), next="/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert browser.session[PRACTICE] == str(practice.pk)
    assert b"My settings" in browser.get("/me/").content
    assert AuditLine.objects.filter(action="practice.session.began").count() == 2


def test_a_passkey_leads_to_no_other_house(passkey: Passkey) -> None:
    browser = Client(SERVER_NAME="localhost")
    answer = give(browser, passkey.answer(ask(browser)), next="https://elsewhere.example/")
    assert answer["Location"] == "/"


def test_an_answer_to_an_older_challenge_opens_nothing(passkey: Passkey) -> None:
    browser = Client(SERVER_NAME="localhost")
    old = passkey.answer(ask(browser))
    ask(browser)
    answer = give(browser, old, next="/me/")
    assert answer.status_code == 422
    assert b"That passkey does not open this office" in answer.content
    assert b'name="next" value="/me/"' in answer.content
    assert browser.get("/me/").status_code == 302


def test_a_key_that_nobody_registered_opens_nothing(passkey: Passkey) -> None:
    browser = Client(SERVER_NAME="localhost")
    stranger = Passkey()
    stranger.owner = passkey.owner
    assert give(browser, stranger.answer(ask(browser))).status_code == 422
    assert browser.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", '"x"', '{"id": "x", "response": {"userHandle": "AA"}}']
)
def test_an_answer_that_is_none_is_refused_in_a_sentence(practice: Practice, credential: str) -> None:
    browser = Client(SERVER_NAME="localhost")
    ask(browser)
    assert browser.post("/sign-in/passkey/", {"credential": credential}).status_code == 422


def test_a_key_after_the_password_is_a_second_factor_and_another_is_told(passkey: Passkey) -> None:
    browser = Client(SERVER_NAME="localhost")
    browser.post("/sign-in/", {"login": "rosa", "password": PASSWORD, "next": "/me/"})
    address = "/accounts/2fa/authenticate/"
    assert browser.post(address, {"credential": '{"id": "x"}'}).status_code == 200
    told = AuditLine.objects.get(action="practice.session.refused")
    assert (told.details["how"], told.actor_id) == ("passkey", None)
    page = browser.get(address).content.decode()
    sent = {"credential": json.dumps(passkey.answer(asked_on(page)["request_options"]))}
    assert browser.post(address, sent)["Location"] == "/me/"


def test_the_librarys_own_sign_in_page_is_no_second_door(practice: Practice) -> None:
    browser = Client()
    assert browser.get("/accounts/login/?next=/me/")["Location"] == "/sign-in/?next=%2Fme%2F"
    assert (
        browser.post("/accounts/login/", {"login": "rosa", "password": PASSWORD})["Location"] == "/sign-in/"
    )
