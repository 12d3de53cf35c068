"""A code from an app: half a sign-in opens nothing, a code works once, a recovery code works once."""

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client

from daysheet.kernel.models import AuditLine, Practice
from daysheet.practice.models import Membership
from daysheet.practice.signing_in import PRACTICE
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


@pytest.fixture
def secret(practice: Practice) -> str:
    """Rosa, with a password and a code app; the app's secret."""
    rosa = make.member()
    rosa.user.set_password(PASSWORD)
    rosa.user.save()
    made = generate_totp_secret()
    TOTP.activate(rosa.user, made)
    return made


def code_now(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def half_way() -> Client:
    browser = Client()
    answer = browser.post("/sign-in/", {"login": "rosa", "password": PASSWORD, "next": "/me/"})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    return browser


def test_half_a_sign_in_opens_no_page_of_the_office(secret: str) -> None:
    browser = half_way()
    assert browser.get("/me/")["Location"].startswith("/sign-in/")
    assert PRACTICE not in browser.session
    assert not AuditLine.objects.filter(action="practice.session.began").exists()


def test_the_code_opens_the_office_and_the_practice_is_chosen(secret: str, practice: Practice) -> None:
    browser = half_way()
    before = browser.session.session_key
    assert browser.post("/accounts/2fa/authenticate/", {"code": code_now(secret)}).status_code == 302
    assert browser.session[PRACTICE] == str(practice.pk)
    assert browser.session.session_key != before
    assert browser.get("/me/").status_code == 200
    assert AuditLine.objects.filter(action="practice.session.began").count() == 1


def test_a_code_that_was_used_is_refused(secret: str) -> None:
    code = code_now(secret)
    half_way().post("/accounts/2fa/authenticate/", {"code": code})
    second = half_way()
    assert second.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 200
    assert second.get("/me/").status_code == 302


def test_a_wrong_code_is_refused(secret: str) -> None:
    browser = half_way()
    wrong = f"{(int(code_now(secret)) + 1) % 1_000_000:06d}"
    assert browser.post("/accounts/2fa/authenticate/", {"code": wrong}).status_code == 200
    assert browser.get("/me/").status_code == 302


def test_a_recovery_code_opens_once(secret: str) -> None:
    codes = RecoveryCodes.activate(Membership.objects.get().user).get_unused_codes()
    first = half_way()
    assert first.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 302
    assert first.get("/me/").status_code == 200
    second = half_way()
    assert second.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200
