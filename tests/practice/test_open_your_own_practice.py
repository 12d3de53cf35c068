"""The page that opens the installation's own practice: once, and never again."""

import pytest
from django.test import Client

from daysheet.kernel.models import AuditLine, Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.practice import founding
from daysheet.practice.models import Membership, User
from daysheet.practice.signing_in import PRACTICE
from tests import cast, desk, make

pytestmark = pytest.mark.django_db

SENT = desk.opening("Oak Street Clinic", by="Ana Petrov")


@pytest.fixture
def demo(db: None) -> Practice:
    return make.practice(is_training=True, is_demo=True)


def test_the_sign_in_page_of_a_demonstration_offers_an_own_practice(demo: Practice) -> None:
    assert b'href="/open/"' in Client().get("/sign-in/").content
    assert b"Open your own practice" in Client().get("/open/").content


def test_the_manager_of_the_demonstration_is_offered_one_too(demo: Practice) -> None:
    with acting_in(demo.pk):
        browser = desk.signed_in(make.member("office_manager", "demo-office_manager"))
    page = browser.get("/office/").content
    assert b'href="/open/"' in page
    assert page.count(b"what the wall shows, the letters of the tokens") == 1


def test_opening_founds_an_empty_practice_and_signs_its_manager_in(demo: Practice) -> None:
    browser = Client()
    browser.get("/sign-in/")
    answer = browser.post("/open/", SENT)
    assert (answer.status_code, answer["Location"]) == (303, "/office/")
    made = Practice.objects.get(name="Oak Street Clinic")
    assert (made.zone_name, made.is_training, made.is_demo) == ("America/Chicago", False, False)
    assert browser.session[PRACTICE] == str(made.pk)
    with acting_in(made.pk):
        manager = Membership.objects.get()
        assert (manager.role, manager.display_name, manager.user.username) == (
            "office_manager",
            "Ana Petrov",
            "ana",
        )
        told = set(AuditLine.objects.values_list("action", flat=True))
    assert {"practice.practice.founded", "practice.member.added", "practice.session.began"} <= told
    page = browser.get("/office/").content.decode()
    assert "Go on: The office on paper" in page
    assert "Not everything is set up yet" in page


def test_whoever_looked_at_the_demonstration_is_signed_out_of_it(demo: Practice) -> None:
    with acting_in(demo.pk):
        browser = desk.signed_in(make.member("office_manager", "demo-office_manager"))
    before = browser.session.session_key
    browser.post("/open/", SENT)
    assert browser.session.session_key != before
    assert browser.session["_auth_user_id"] == str(User.objects.get(username="ana").pk)


def test_once_a_live_practice_exists_the_page_is_gone(demo: Practice) -> None:
    browser = Client()
    browser.post("/open/", SENT)
    stranger = Client()
    assert stranger.get("/open/").status_code == 404
    assert b'href="/open/"' not in stranger.get("/sign-in/").content
    answer = stranger.post("/open/", SENT | {"name": "Elm Street Clinic", "username": "mallory"})
    assert answer.status_code == 409
    assert b"A practice is open here already. Sign in to it." in answer.content
    assert b"Your name" not in answer.content
    assert not Practice.objects.filter(name="Elm Street Clinic").exists()
    assert not User.objects.filter(username="mallory").exists()
    assert "_auth_user_id" not in stranger.session


def test_the_payers_of_the_demonstration_do_not_close_it_but_a_billing_service_does(demo: Practice) -> None:
    make.practice("Northside: payers", kind="payer")
    assert founding.may_found_by_page()
    make.practice("Clear Billing", kind="billing")
    assert not founding.may_found_by_page()


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"password": "short", "again": "short"}, 409, "too short"),
        ({"again": "four quiet rivers ran"}, 422, "The two passwords differ"),
        ({"name": ""}, 422, "missing"),
        ({"zone_name": "Mars/Olympus"}, 422, "zone"),
        ({"name": "Northside Family Medicine"}, 409, "already"),
        ({"username": "taken"}, 409, "taken"),
    ],
)
def test_an_answer_that_will_not_do_founds_nothing_and_loses_nothing_typed(
    demo: Practice, sent: dict[str, str], status: int, sentence: str
) -> None:
    User.objects.create(username="taken")
    browser = Client()
    answer = browser.post("/open/", SENT | sent)
    body = answer.content.decode()
    assert (answer.status_code, sentence in body) == (status, True)
    assert 'value="Ana Petrov"' in body
    assert SENT["password"] not in body
    assert Practice.objects.count() == 1
    assert User.objects.count() == 1
    assert "_auth_user_id" not in browser.session


def test_a_zone_that_does_not_exist_is_refused_beneath_the_form_too(demo: Practice) -> None:
    facts = {name: value for name, value in SENT.items() if name != "again"}
    with pytest.raises(founding.Refusal, match="time zone"):
        founding.found_by_page(**facts | {"zone_name": "Mars/Olympus"}, now=cast.NOW)
    assert Practice.objects.count() == 1
