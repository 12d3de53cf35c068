"""Each person switches keys of one letter off and on again in My settings; it goes along to every workstation."""

import pytest
from django.test import Client

from daysheet.kernel.access import Actor
from daysheet.kernel.clock import system_now
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import AuditLine, Practice
from daysheet.practice import commands
from daysheet.practice.models import User
from tests import desk, make
from tests.proofs.forms import forms_of

pytestmark = pytest.mark.django_db
OFF = 'data-letter-keys="off"'


@pytest.fixture
def rosa(practice: Practice) -> Client:
    return desk.signed_in(make.member())


def press(browser: Client) -> None:
    page = browser.get("/me/").content.decode()
    found = next(one for one in forms_of(page, at="/me/") if one.action == "/me/keys/")
    answer = browser.post("/me/keys/", dict(found.body()))
    assert answer["Location"] == "/me/"


def test_the_letters_are_on_until_a_person_switches_them_off_and_on_again(rosa: Client) -> None:
    assert OFF not in rosa.get("/me/").content.decode()
    press(rosa)
    assert OFF in rosa.get("/help/").content.decode()
    press(rosa)
    assert OFF not in rosa.get("/help/").content.decode()


def test_it_is_kept_with_the_person_and_nobody_else(rosa: Client) -> None:
    press(rosa)
    ana = desk.signed_in(make.member("office_manager", "ana"))
    assert OFF not in ana.get("/me/").content.decode()
    place = User.objects.get(letter_keys=False).memberships.get()
    assert OFF in desk.signed_in(place, workstation="exam_room").get("/me/").content.decode()


def test_the_diary_tells_who_switched_them_off(rosa: Client) -> None:
    press(rosa)
    line = AuditLine.objects.get(action="practice.letter_keys.set")
    assert (line.actor_name, line.details) == ("Rosa", {"letter_keys": [True, False]})


def test_a_program_has_no_keys(practice: Practice) -> None:
    by = Actor.system(practice_id=practice.pk, now=system_now())
    with pytest.raises(Refusal):
        commands.set_letter_keys(by, are_on=False)
