"""The diary tells of each sign-in: begun, ended, refused, changed by its own person; never what was typed."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session
from django.test import Client

from daysheet.kernel.models import AuditLine, Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.practice.models import DeskSession, Membership
from daysheet.practice.rules import sign_in_changes
from tests import make

pytestmark = pytest.mark.django_db
PASSWORD, NEXT_ONE = "a long enough password", "another long password"


@pytest.fixture
def rosa(practice: Practice) -> Membership:
    """Rosa, with a password."""
    made = make.member()
    made.user.set_password(PASSWORD)
    made.user.save()
    return made


def sign_in(password: str = PASSWORD, login: str = "rosa") -> Client:
    browser = Client()
    browser.post("/sign-in/", {"login": login, "password": password})
    return browser


def sure(browser: Client) -> Client:
    """Give the password again, as the library asks before a change."""
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def lines() -> list[str]:
    told = AuditLine.objects.filter(action__startswith="practice.").order_by("at", "id")
    return [line.action.removeprefix("practice.") for line in told]


def code_of(secret: str) -> str:
    """Return the code of now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_a_sign_in_and_its_end_are_two_lines_of_the_person(rosa: Membership) -> None:
    sign_in().post("/sign-out/")
    assert lines() == ["session.began", "session.ended"]
    assert {line.actor_id for line in AuditLine.objects.all()} == {rosa.user_id}
    assert DeskSession.objects.get().ended_at is not None


def test_the_librarys_own_sign_out_is_told_too(rosa: Membership) -> None:
    sign_in().post("/accounts/logout/")
    assert lines() == ["session.began", "session.ended"]


def test_going_over_to_another_office_ends_the_sign_in_here(rosa: Membership) -> None:
    other = make.practice("Southside")
    with acting_in(other.pk):
        Membership.objects.create(user=rosa.user, role="receptionist", display_name="Rosa")
    sign_in().post("/switch/", {"practice": str(other.pk)})
    assert lines() == ["session.began", "session.ended"]
    with acting_in(other.pk):
        assert lines() == ["session.began"]


@pytest.mark.parametrize("login", ["rosa", "ROSA"])
def test_a_wrong_password_is_told_with_the_person_and_nothing_that_was_typed(
    rosa: Membership, login: str
) -> None:
    sign_in("what Rosa mistyped", login)
    line = AuditLine.objects.get()
    assert (line.action, line.actor_id, line.subject_id) == ("practice.session.refused", None, rosa.pk)
    assert line.details == {"how": "password", "user": str(rosa.user_id)}
    assert "mistyped" not in str(vars(line))


def test_a_name_that_nobody_has_is_told_without_the_name(practice: Practice) -> None:
    sign_in(login="a password typed as a name")
    line = AuditLine.objects.get()
    assert (line.action, line.subject_id, line.details) == (
        "practice.session.refused",
        None,
        {"how": "password"},
    )
    assert "typed" not in str(vars(line))


def test_a_wrong_code_is_told(rosa: Membership) -> None:
    TOTP.activate(rosa.user, generate_totp_secret())
    sign_in().post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert AuditLine.objects.get().details == {"how": "code", "user": str(rosa.user_id)}


def test_an_unknown_passkey_is_told(practice: Practice) -> None:
    Client().post("/sign-in/passkey/", {"credential": "[1]"})
    assert AuditLine.objects.get().details == {"how": "passkey"}


def test_an_own_code_app_and_its_recovery_codes_are_told(rosa: Membership) -> None:
    browser = sure(sign_in())
    browser.get("/accounts/2fa/totp/activate/")
    secret = browser.session[SECRET_SESSION_KEY]
    browser.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert Authenticator.objects.count() == 2
    assert lines()[0] == "session.began"
    assert sorted(lines()[1:]) == ["recovery-codes.made", "second-factor.added"]  # of one moment
    browser.post("/accounts/2fa/recovery-codes/generate/")
    assert lines()[3:] == ["recovery-codes.made"]
    browser.post("/accounts/2fa/totp/deactivate/")
    assert not Authenticator.objects.exists()
    assert lines()[4:] == ["second-factor.removed"]


def test_an_own_new_password_is_told_and_ends_the_sign_ins_elsewhere(rosa: Membership) -> None:
    elsewhere, here = sign_in(), sure(sign_in())
    sent = {"oldpassword": PASSWORD, "password1": NEXT_ONE, "password2": NEXT_ONE}
    here.post("/accounts/password/change/", sent)
    assert lines() == ["session.began", "session.began", "password.changed"]
    assert here.get("/me/").content.count(b"This one") == 1
    assert elsewhere.get("/me/").status_code == 302
    assert Session.objects.count() == 1
    assert DeskSession.objects.filter(ended_at__isnull=True).count() == 1


def test_a_change_that_is_refused_leaves_no_line(rosa: Membership) -> None:
    here = sure(sign_in())
    here.post("/accounts/password/change/", {"oldpassword": "x", "password1": "y", "password2": "z"})
    assert lines() == ["session.began"]


def test_codes_that_go_with_the_last_factor_are_not_told_by_themselves() -> None:
    assert sign_in_changes({1: "totp", 2: "recovery_codes"}, {}) == [
        ("practice.second-factor.removed", "totp")
    ]
