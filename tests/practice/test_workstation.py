"""A manager says what kind of workstation stands here; it decides the idle limit of every later sign-in."""

import pytest
from django.test import Client

from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import AuditLine, Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.practice import commands
from daysheet.practice.forms import WORKSTATION_NAMES, WORKSTATIONS
from daysheet.practice.models import DeskSession, Membership
from daysheet.practice.queries import IDLE_SECONDS
from daysheet.practice.signing_in import WORKSTATION, WORKSTATION_COOKIE
from tests import cast, desk, make

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"


def sign_in(browser: Client, member: Membership) -> Client:
    member.user.set_password(PASSWORD)
    member.user.save()
    browser.post("/sign-in/", {"login": member.user.username, "password": PASSWORD})
    return browser


@pytest.fixture
def exam_room(practice: Practice) -> Client:
    """The browser of an exam room, as Ana left it when she had set it up and signed out."""
    browser = sign_in(Client(), make.member("office_manager", "ana"))
    answer = browser.post("/office/workstation/", {"kind": "exam_room"})
    assert answer["Location"] == "/office/"
    assert DeskSession.objects.get().workstation_kind == "exam_room"
    assert b"Exam room" in browser.get("/me/").content
    browser.post("/sign-out/")
    return browser


def test_the_kind_holds_for_whoever_signs_in_there_next(exam_room: Client) -> None:
    sign_in(exam_room, make.member())
    assert exam_room.session[WORKSTATION] == "exam_room"
    assert b'data-lock-after="300"' in exam_room.get("/me/").content
    assert DeskSession.objects.filter(workstation_kind="exam_room", ended_at__isnull=True).count() == 1


def test_the_diary_tells_the_old_and_the_new_kind(exam_room: Client) -> None:
    line = AuditLine.objects.get(action="practice.workstation.set")
    assert (line.actor_name, line.details) == ("Ana", {"kind": ["desk", "exam_room"]})


def test_a_kind_that_nobody_signed_is_a_desk(exam_room: Client, practice: Practice) -> None:
    exam_room.cookies[WORKSTATION_COOKIE] = f"{practice.pk}:back_office"
    sign_in(exam_room, make.member())
    assert exam_room.session[WORKSTATION] == "desk"


def test_one_practices_manager_says_nothing_about_another(exam_room: Client) -> None:
    other = make.practice("Southside")
    with acting_in(other.pk):
        sign_in(exam_room, make.member(name="sam"))
    assert exam_room.session[WORKSTATION] == "desk"


@pytest.mark.parametrize("kind", ["", "roof"])
def test_a_kind_that_does_not_exist_is_refused(practice: Practice, kind: str) -> None:
    browser = desk.signed_in(make.member("office_manager", "ana"))
    answer = browser.post("/office/workstation/", {"kind": kind})
    assert answer.status_code == 422
    assert WORKSTATION_COOKIE not in answer.cookies
    assert browser.session[WORKSTATION] == "back_office"


def test_a_receptionist_does_not_choose_the_idle_limit(practice: Practice) -> None:
    browser = desk.signed_in(make.member())
    assert browser.get("/office/workstation/").status_code == 403
    with pytest.raises(NotPermitted):
        commands.set_workstation(cast.rosa(practice.pk), session_key="x", kind="back_office")
    assert not AuditLine.objects.filter(action="practice.workstation.set").exists()


def test_every_kind_has_its_limit_and_its_name() -> None:
    assert [kind for kind, _words in WORKSTATIONS] == list(IDLE_SECONDS) == list(WORKSTATION_NAMES)


def test_a_manager_sets_a_new_password_from_the_list_of_staff(practice: Practice) -> None:
    rosa = make.member()
    browser = desk.signed_in(make.member("office_manager", "ana"))
    address = f"/office/staff/{rosa.pk}/password/"
    assert f'href="{address}"' in browser.get("/office/staff/").content.decode()
    assert b"A new password for Rosa" in browser.get(address).content
    assert browser.post(address, {"password": "short"}).status_code == 409
    assert browser.post(address, {"password": PASSWORD})["Location"] == "/office/staff/"
    rosa.user.refresh_from_db()
    assert rosa.user.check_password(PASSWORD)
