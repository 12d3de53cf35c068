"""An insurer is opened by the founding page: its manager begins at the insurance desk, and it is played."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.delivery import deliver_envelope
from daysheet.mailroom.models import Envelope
from daysheet.payer.models import AnsweredInquiry, Member
from daysheet.practice import founding
from daysheet.practice.models import AddedSetting, Membership, User
from daysheet.practice.signing_in import PRACTICE
from daysheet.site.verify import verify
from tests import cast, desk, make
from tests.payer.office import PayerDesk, inquiry

pytestmark = pytest.mark.django_db

SENT = desk.opening("Lakeshore Mutual", by="Ida Fenwick") | {"setting": "insurer"}
MEMBER = {
    "plan": "BLUE1:standard",
    "member_id": "xj 4001",
    "family": "Diaz",
    "given": "Maria",
    "born_on_0": "3",
    "born_on_1": "14",
    "born_on_2": "1962",
    "starts_on": "2026-01-01",
}


def opened() -> tuple[Client, Practice]:
    browser = Client()
    answer = browser.post("/open/", SENT)
    assert (answer.status_code, answer["Location"]) == (303, "/insurance/")
    return browser, Practice.objects.get(name="Lakeshore Mutual")


def test_whoever_opens_an_insurer_is_its_manager_at_its_own_desk() -> None:
    assert "Insurer" in Client().get("/open/").content.decode()
    browser, made = opened()
    assert (made.kind, made.zone_name, made.is_own) == ("payer", "America/Chicago", True)
    assert (made.is_training, made.is_demo, made.clock_at) == (True, False, None)
    assert browser.session[PRACTICE] == str(made.pk)
    with acting_in(made.pk):
        manager = Membership.objects.get()
        assert (manager.role, manager.user.username) == ("insurance_manager", "ida")
        assert not AddedSetting.objects.exists()
    body = browser.get("/insurance/").content.decode()
    assert "TRAINING: nothing leaves this insurer, and it pays no real money" in body
    assert browser.get("/")["Location"] == "/insurance/"
    assert verify(practices=[made]) == []


def test_every_page_of_its_menu_opens_and_what_is_linked_there_too() -> None:
    browser, _made = opened()
    menu = re.findall(r"<nav[^>]*>.*?</nav>", browser.get("/insurance/").content.decode(), re.DOTALL)
    ways = {html.unescape(one) for part in menu for one in re.findall(r'href="(/[^"#?]*)"', part)}
    assert {"/insurance/", "/insurance/members/", "/mail/", "/office/staff/"} <= ways
    for way in sorted(ways | {"/mail/partners/", "/insurance/members/add/"}):
        answer = browser.get(way)
        assert answer.status_code == 200, way
        body = answer.content.decode()
        main = body[body.index("<main") : body.index("</main>")]
        for linked in set(re.findall(r'<a [^>]*href="(/[^"#]*)"', main)):
            assert browser.get(html.unescape(linked), follow=True).status_code == 200, (way, linked)


def test_its_people_are_those_of_an_insurer() -> None:
    browser, made = opened()
    assert browser.get("/office/")["Location"] == "/office/staff/"
    page = browser.get("/office/staff/").content.decode()
    assert "Insurance clerk" in page
    assert "Office manager" not in page
    assert "clinician" not in page.lower()
    fields = desk.hidden_fields(page, form='id="member-form"')
    clerk = {"display_name": "Paul Weber", "username": "paul", "password": "seven geese over a lake"}
    assert browser.post("/office/staff/add/", fields | clerk | {"role": "receptionist"}).status_code == 422
    assert browser.post("/office/staff/add/", fields | clerk | {"role": "insurance_clerk"}).status_code == 303
    with acting_in(made.pk):
        assert set(Membership.objects.values_list("role", flat=True)) == {
            "insurance_manager",
            "insurance_clerk",
        }


def test_the_page_is_closed_by_an_insurer_as_by_every_other_practice() -> None:
    make.practice("Northside: payers", kind="payer")
    _browser, _made = opened()
    assert not founding.may_found_by_page()
    stranger = Client()
    assert stranger.get("/open/").status_code == 404
    assert b'href="/open/"' not in stranger.get("/sign-in/").content
    answer = stranger.post("/open/", SENT | {"name": "Elm Mutual", "username": "mallory"})
    assert answer.status_code == 409
    assert b"A practice is open here already. Sign in to it." in answer.content
    assert not Practice.objects.filter(name="Elm Mutual").exists()
    assert not User.objects.filter(username="mallory").exists()


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"password": "short", "again": "short"}, 409, "too short"),
        ({"name": ""}, 422, "missing"),
        ({"setting": "circus"}, 422, "kind of practice"),
        ({"username": "taken"}, 409, "taken"),
    ],
)
def test_an_answer_that_will_not_do_opens_no_insurer(
    sent: dict[str, str], status: int, sentence: str
) -> None:
    User.objects.create(username="taken")
    answer = Client().post("/open/", SENT | sent)
    assert (answer.status_code, sentence in answer.content.decode()) == (status, True)
    assert not Practice.objects.exists()
    assert founding.may_found_by_page()


def test_a_play_never_takes_its_name() -> None:
    _browser, made = opened()
    founding.set_aside(name="Lakeshore")
    with pytest.raises(founding.NameIsTaken, match="opened here as an insurer"):
        founding.set_aside(name="Lakeshore Mutual")
    made.refresh_from_db()
    assert made.name == "Lakeshore Mutual"


def asked(browser: Client) -> dict[str, str]:
    """What the form of a member carries unseen."""
    page = browser.get("/insurance/members/add/").content.decode()
    return desk.hidden_fields(page, form='id="member-form"')


def test_a_member_is_entered_once_and_a_question_that_is_brought_by_hand_is_answered() -> None:
    browser, made = opened()
    fields = asked(browser)
    assert browser.post("/insurance/members/add/", fields | MEMBER).status_code == 303
    again = browser.post("/insurance/members/add/", asked(browser) | MEMBER)
    assert again.status_code == 409
    assert "has a member of this number already" in again.content.decode()
    with acting_in(made.pk):
        assert (Member.objects.get().member_id, Member.objects.get().plan) == ("XJ4001", "standard")
        partner = mailroom.add_partner(
            cast.system(made.pk), name="Northside", transport="none", our_id="PAYERS", their_id="NORTHSIDE"
        )
        (came,) = mailroom.receive(
            cast.system(made.pk),
            partner_id=partner.pk,
            content=PayerDesk.envelope(None, [inquiry()]),  # type: ignore[arg-type]
        )
        mailroom.handle_envelope(cast.system(made.pk), envelope_id=came.pk)
        assert AnsweredInquiry.objects.get().verdict == "active"
        answer = Envelope.objects.get(direction="out")
        kept = deliver_envelope(cast.system(made.pk), envelope_id=answer.pk)
    assert kept is not None
    assert "nothing leaves" in kept.trouble


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"plan": "BLUE1:gold"}, 422, "Plan"),
        ({"member_id": "?!"}, 409, "member numbers of that shape"),
        ({"ends_on": "12/31/2025"}, 409, "lies before the first one"),
        ({"born_on_2": "62"}, 422, "century"),
        ({"family": "x" * 61}, 422, "60"),
    ],
)
def test_a_member_that_cannot_be_is_not_entered(typed: dict[str, Any], status: int, sentence: str) -> None:
    browser, made = opened()
    fields = asked(browser)
    answer = browser.post("/insurance/members/add/", fields | MEMBER | typed)
    assert (answer.status_code, sentence in answer.content.decode()) == (status, True)
    with acting_in(made.pk):
        assert not Member.objects.exists()


def test_an_office_of_the_house_sends_to_it_only_where_both_name_each_other() -> None:
    _browser, made = opened()
    office = make.practice("Oak Street Clinic")
    by = cast.system(office.pk)
    with acting_in(office.pk):
        with pytest.raises(Refusal):
            mailroom.add_partner(by, name="None", transport="loopback", our_id="OAK", their_id="LAKE")
        partner = mailroom.add_partner(
            by,
            name="Lakeshore",
            transport="loopback",
            our_id="OAK",
            their_id="LAKE",
            other_practice_id=made.pk,
        )
        sent = mailroom.post_envelope(
            by, kind="270", partner_id=partner.pk, content=b"ISA", control_number="1"
        )
        told = deliver_envelope(by, envelope_id=sent.pk)
    assert told is not None
    assert "does not know this office" in told.trouble
    with acting_in(made.pk):
        assert not Envelope.objects.exists()
