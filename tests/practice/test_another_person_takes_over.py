"""On a shared desk machine another person takes over by PIN; drafts and drawer stay with their owner."""

from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.kernel import drafts
from daysheet.kernel.models import AuditLine, Draft, Practice
from daysheet.practice import commands, rules
from daysheet.practice.models import Membership
from tests import cast, make

PASSWORD = "a long enough password"
PIN = "409271"


@dataclass
class Shared:
    """A desk machine on which Rosa is signed in, and Ben who has a PIN."""

    browser: Client
    rosa: Membership
    ben: Membership

    def take_over(self, pin: str, who: Membership | None = None) -> int:
        """Press a name with a PIN."""
        answer = self.browser.post("/lock/take-over/", {"member": str((who or self.ben).pk), "pin": pin})
        return answer.status_code

    def signed_in(self) -> str:
        """Return who is signed in."""
        return str(self.browser.session["_auth_user_id"])


@pytest.fixture
def shared(practice: Practice) -> Shared:
    """Rosa has locked the screen."""
    rosa, ben = make.member("receptionist", "rosa"), make.member("biller", "ben")
    for one in (rosa, ben):
        one.user.set_password(PASSWORD)
        one.user.save()
    browser = Client()
    browser.post("/sign-in/", {"login": "ben", "password": PASSWORD})
    said = {"password": PASSWORD, "pin": PIN, "again": PIN}
    assert browser.post("/me/pin/", said).status_code == 303
    browser.post("/sign-out/")
    browser.post("/sign-in/", {"login": "rosa", "password": PASSWORD})
    browser.post("/lock/")
    return Shared(browser, rosa, ben)


def test_the_pin_is_kept_as_argon2_and_never_told(shared: Shared) -> None:
    shared.ben.refresh_from_db()
    assert shared.ben.pin.startswith("argon2")
    assert not any(PIN in str(line.details) for line in AuditLine.objects.all())


def test_the_lock_names_who_has_a_pin_and_nobody_else(shared: Shared) -> None:
    page = shared.browser.get("/lock/").content.decode()
    assert str(shared.ben.pk) in page
    assert str(shared.rosa.pk) not in page


def test_the_lock_says_the_name_as_the_office_says_it(shared: Shared) -> None:
    page = shared.browser.get("/lock/").content.decode()
    assert f"{shared.rosa.display_name}, unlock to go on" in page
    shared.take_over("000000")
    assert f"{shared.rosa.display_name}, unlock to go on" in shared.browser.get("/lock/").content.decode()


def test_own_name_and_pin_and_the_other_is_in(shared: Shared) -> None:
    assert shared.take_over(PIN) == 302
    assert shared.signed_in() == str(shared.ben.user_id)
    assert shared.browser.get("/me/").status_code == 200


def test_the_diary_names_both(shared: Shared) -> None:
    shared.take_over(PIN)
    line = AuditLine.objects.get(action="practice.session.taken-over")
    assert (line.actor_name, line.details) == (
        shared.ben.display_name,
        {"before": shared.rosa.display_name},
    )
    ended = AuditLine.objects.filter(action="practice.session.ended").latest("at")
    assert ended.actor_name == shared.rosa.display_name


def test_drafts_stay_with_their_owner(shared: Shared) -> None:
    drafts.keep_draft(
        user_id=shared.rosa.user_id, form="/patients/new/", fields={"family": ["Ash"]}, now=cast.NOW
    )
    shared.take_over(PIN)
    assert drafts.draft_of(user_id=shared.rosa.user_id, form="/patients/new/") is not None
    assert drafts.draft_of(user_id=shared.ben.user_id, form="/patients/new/") is None


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("account_change_password", {"oldpassword": PASSWORD, "password1": "x" * 20, "password2": "x" * 20}),
        ("account_reauthenticate", {"password": PASSWORD}),
        ("mfa_activate_totp", {"code": "123456"}),
        ("practice:pin", {"password": PASSWORD, "pin": PIN, "again": PIN}),
    ],
)
def test_a_form_that_asks_a_secret_leaves_no_draft_behind_the_lock(
    shared: Shared, name: str, fields: dict[str, str]
) -> None:
    answer = shared.browser.post(reverse(name), fields | {"csrfmiddlewaretoken": "t"})
    assert (answer.status_code, "draft=" in answer["Location"]) == (302, False)
    assert not Draft.objects.exists()


def test_another_form_s_draft_holds_no_secret(shared: Shared) -> None:
    secrets = ["oldpassword", "password1", "new-pin", "pin", "again", "code", "token", "secret", "api_secret"]
    plain = ["family", "zip_code", "line-0-code", "shipping", "opinion"]
    drafts.keep_draft(
        user_id=shared.rosa.user_id,
        form="/x/",
        fields={one: ["v"] for one in secrets + plain},
        now=cast.NOW,
    )
    assert sorted(Draft.objects.get().fields) == sorted(plain)
    answer = shared.browser.post("/patients/new/", {"family": "Ash", "csrfmiddlewaretoken": "t"})
    assert "draft=" in answer["Location"]
    assert Draft.objects.get(form="/patients/new/").fields == {"family": ["Ash"]}


def test_a_wrong_pin_leaves_the_screen_locked_for_its_person(shared: Shared) -> None:
    assert shared.take_over("409272") == 422
    assert shared.signed_in() == str(shared.rosa.user_id)
    assert shared.browser.get("/me/").status_code == 302
    assert AuditLine.objects.filter(action="practice.pin.refused").count() == 1


def test_after_five_wrong_ones_only_the_password_opens(shared: Shared) -> None:
    for _try in range(5):
        shared.take_over("000001")
    assert shared.take_over(PIN) == 422
    shared.browser.post("/sign-out/")
    shared.browser.post("/sign-in/", {"login": "ben", "password": PASSWORD})
    shared.browser.post("/lock/")
    assert shared.take_over(PIN) == 302


def test_who_has_no_pin_or_has_left_takes_nothing_over(shared: Shared) -> None:
    assert shared.take_over("", shared.rosa) == 422
    Membership.objects.filter(pk=shared.ben.pk).update(ended_at=cast.NOW)
    assert shared.take_over(PIN) == 422


def test_nobody_takes_over_where_nobody_is_signed_in(shared: Shared) -> None:
    shared.browser.post("/sign-out/")
    assert shared.take_over(PIN) == 302
    assert "_auth_user_id" not in shared.browser.session


def test_a_pin_is_set_only_with_the_password(shared: Shared) -> None:
    shared.take_over(PIN)
    said = {"password": "another one", "pin": "582013", "again": "582013"}
    assert shared.browser.post("/me/pin/", said).status_code == 422
    assert shared.browser.post("/me/pin/", said | {"again": "1"}).status_code == 422
    assert shared.browser.post("/me/pin/", said | {"password": PASSWORD}).status_code == 303


def test_a_new_password_from_the_manager_ends_the_pin(shared: Shared) -> None:
    by = cast.ana(shared.ben.practice_id)
    commands.set_password(by, membership_id=shared.ben.pk, password="quite another password")
    assert shared.take_over(PIN) == 422


@pytest.mark.parametrize("pin", ["12345", "123456", "987654", "777777", "12345a", "1" * 13])
def test_a_weak_pin_is_refused(shared: Shared, pin: str) -> None:
    with pytest.raises(commands.PinIsWeak):
        commands.set_pin(cast.ben(shared.ben.practice_id), pin=pin)


def test_which_pins_anybody_would_guess() -> None:
    assert [rules.is_guessable(pin) for pin in ("111111", "345678", "876543", "409271")] == [
        True, True, True, False,
    ]  # fmt: skip
