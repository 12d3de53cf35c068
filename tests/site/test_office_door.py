"""The one door into the office: who passes, who does not, and what is kept."""

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.kernel import clock
from daysheet.kernel.models import AuditLine, Draft, OnceKey, Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.practice import queries
from daysheet.practice.signing_in import LOCKED, PRACTICE, SEEN
from daysheet.ui import tokens
from tests import desk, make

pytestmark = pytest.mark.django_db


def token(practice: Practice) -> str:
    from django.core import signing

    return signing.Signer(salt=tokens.SALT).sign_object([str(practice.pk), "", ""])


def test_nobody_passes_without_signing_in_and_the_way_back_is_kept() -> None:
    answer = Client().get("/me/?tab=1")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/me/%3Ftab%3D1")


def test_a_dead_sign_in_answers_a_piece_with_a_whole_page() -> None:
    answer = Client().get("/me/", headers={"HX-Request": "true", "HX-Current-URL": "http://x/desk/"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/sign-in/?next=/desk/")


def test_a_member_sees_the_own_page(practice: Practice) -> None:
    answer = desk.signed_in(make.member()).get("/me/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]


def test_a_place_that_ended_closes_the_door_at_the_next_page(practice: Practice) -> None:
    rosa = make.member()
    browser = desk.signed_in(rosa)
    rosa.ended_at = clock.system_now()
    rosa.save()
    assert browser.get("/me/").status_code == 302


def test_an_idle_desk_locks_and_keeps_what_was_sent(practice: Practice) -> None:
    browser = desk.signed_in(make.member(), workstation="desk")
    session = browser.session
    session[SEEN] = clock.system_now().timestamp() - queries.IDLE_SECONDS["desk"] - 1
    session.save()
    answer = browser.post("/switch/", {"practice": "x", "note": "half a sentence", "password": "secret"})
    assert answer["Location"] == "/lock/?next=/&draft=/switch/"
    draft = Draft.objects.get()
    assert draft.fields == {"practice": ["x"], "note": ["half a sentence"]}
    assert browser.get("/me/")["Location"].startswith("/lock/")
    assert b"half a sentence" not in browser.get("/lock/").content


def test_unlocking_offers_the_form_again(practice: Practice) -> None:
    rosa = make.member()
    rosa.user.set_password("a long enough password")
    rosa.user.save()
    browser = desk.signed_in(rosa)
    session = browser.session
    session[LOCKED] = True
    session.save()
    browser.post("/switch/", {"practice": "x", "note": "half a sentence"})
    wrong = browser.post("/lock/", {"password": "no", "draft": "/switch/", "next": "/me/"})
    assert wrong.status_code == 422
    right = browser.post(
        "/lock/", {"password": "a long enough password", "draft": "/switch/", "next": "/me/"}
    )
    page = browser.get(right["Location"])
    assert b'name="note" value="half a sentence"' in page.content
    assert b'action="/switch/"' in page.content


def test_polls_and_the_lock_page_do_not_open_the_door(practice: Practice) -> None:
    browser = desk.signed_in(make.member())
    session = browser.session
    session[LOCKED] = True
    session.save()
    browser.get("/lock/")
    assert browser.get("/me/").status_code == 302


def test_five_wrong_passwords_at_the_lock_end_the_sign_in_and_stand_in_the_diary(practice: Practice) -> None:
    rosa = make.member()
    rosa.user.set_password("a long enough password")
    rosa.user.save()
    browser = desk.signed_in(rosa)
    session = browser.session
    session[LOCKED] = True
    session.save()
    answers = [browser.post("/lock/", {"password": "no"}).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 302]
    assert AuditLine.objects.filter(action="practice.session.unlock-failed").count() == 5
    assert browser.post("/lock/", {"password": "a long enough password"})["Location"] == "/sign-in/"
    assert browser.get("/me/")["Location"].startswith("/sign-in/")


def test_old_answers_and_drafts_are_forgotten_at_night(practice: Practice) -> None:
    from datetime import timedelta

    from daysheet.kernel import drafts
    from daysheet.site.jobs import tidy_up

    now, rosa = clock.system_now(), make.member()
    for days in (1, 3):
        OnceKey.objects.create(key=f"k{days}", path="/", made_at=now - timedelta(days=days))
    for days in (6, 8):
        drafts.keep_draft(user_id=rosa.user_id, form=f"/{days}/", fields={}, now=now - timedelta(days=days))
    tidy_up(0)
    assert [kept.key for kept in OnceKey.objects.all()] == ["k1"]
    assert [kept.form for kept in Draft.objects.all()] == ["/6/"]


def test_a_locked_screen_opens_no_page_of_the_second_factor(practice: Practice) -> None:
    browser = desk.signed_in(make.member())
    session = browser.session
    session[LOCKED] = True
    session.save()
    assert browser.get("/accounts/2fa/")["Location"].startswith("/lock/")


def test_a_form_of_another_practice_writes_nothing(practice: Practice) -> None:
    other = make.practice("Southside")
    browser = desk.signed_in(make.member())
    answer = browser.post("/keep-alive/", {"_form": token(other), "_once": "k1"})
    assert answer.status_code == 409
    assert "another practice" in answer.content.decode()
    assert not OnceKey.objects.exists()


def test_a_forged_form_is_refused(practice: Practice) -> None:
    answer = desk.signed_in(make.member()).post("/keep-alive/", {"_form": token(practice)[:-2] + "xx"})
    assert answer.status_code == 409


def test_the_same_form_pressed_twice_acts_once(practice: Practice) -> None:
    browser = desk.signed_in(make.member())
    sent = {"_form": token(practice), "_once": "k1", "_page": "/patients/new/", "family": "Diaz"}
    first = browser.post("/draft/", sent)
    Draft.objects.all().delete()
    second = browser.post("/draft/", sent)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert not Draft.objects.exists()


def test_a_key_of_another_person_gets_no_answer_of_theirs(practice: Practice) -> None:
    sent = {"_form": token(practice), "_once": "k1", "_page": "/patients/new/", "family": "Diaz"}
    desk.signed_in(make.member()).post("/draft/", sent)
    answer = desk.signed_in(make.member("biller", "ben")).post("/draft/", sent)
    assert answer.status_code == 409


def test_a_view_that_does_not_say_who_may_open_it_is_not_found(practice: Practice) -> None:
    from django.http import HttpRequest

    from daysheet.site.middleware import OfficeDoor

    def bare(request: HttpRequest) -> None: ...

    from django.http import Http404

    with pytest.raises(Http404):
        OfficeDoor(lambda r: None).process_view(HttpRequest(), bare, (), {})  # type: ignore[arg-type,return-value]


def test_a_person_of_two_practices_goes_over_and_back(practice: Practice) -> None:
    rosa = make.member()
    other = make.practice("Southside")
    with acting_in(other.pk):
        make.member("biller")
    browser = desk.signed_in(rosa)
    browser.post("/switch/", {"practice": str(other.pk)})
    assert browser.session[PRACTICE] == str(other.pk)
    browser.post("/switch/", {"practice": str(practice.pk)})
    assert browser.session[PRACTICE] == str(practice.pk)
    third = make.practice("Elsewhere")
    browser.post("/switch/", {"practice": str(third.pk)})
    assert browser.session[PRACTICE] == str(practice.pk)


def test_signing_in_is_written_into_the_diary_and_listed(practice: Practice) -> None:
    rosa = make.member()
    rosa.user.set_password("a long enough password")
    rosa.user.save()
    browser = Client()
    answer = browser.post(
        "/sign-in/", {"login": "rosa", "password": "a long enough password", "next": "/me/"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert AuditLine.objects.filter(action="practice.session.began").count() == 1
    assert queries.desk_sessions(rosa.user_id).count() == 1
    browser.post(reverse("practice:sign-out"))
    assert queries.desk_sessions(rosa.user_id).count() == 0
    assert browser.get("/me/").status_code == 302


def test_a_wrong_password_says_so_and_keeps_the_name(practice: Practice) -> None:
    make.member()
    answer = Client().post("/sign-in/", {"login": "rosa", "password": "wrong"})
    assert answer.status_code == 422
    assert b"does not match" in answer.content
    assert b'value="rosa"' in answer.content


def test_the_demonstrations_cards_open_no_other_practice(practice: Practice) -> None:
    make.member(name="demo-receptionist")
    answer = Client().post("/sign-in/demo/", {"role": "receptionist"})
    assert answer["Location"] == "/sign-in/"
