"""A visit by video on the patient's own phone: the steps, "I am ready", and the way in once the desk opens it."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from daysheet.portal import commands, rules
from daysheet.portal.models import SelfCheckIn
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import AppointmentType
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitStep
from tests import cast
from tests.desk import hidden_fields
from tests.house import House, appointment, desk
from tests.portal.test_kiosk import CONTACT, born, do

SOON = cast.NOW + timedelta(minutes=40)
WAIT = "/p/here/wait/"


def _by(house: House, mode: str) -> tuple[SelfCheckIn, Client]:
    cache.clear()
    AppointmentType.objects.update(mode=mode)
    house.follow_up.refresh_from_db()
    booked = appointment(house, SOON)
    row, token = commands.offer_link(house.rosa, appointment_id=booked.pk)
    return row, _come_in(house, f"/p/{token}/check-in/")


def _come_in(house: House, path: str) -> Client:
    browser = Client()
    form = hidden_fields(browser.get(path).content.decode())
    answer = browser.post(path, form | born(house), follow=True)
    assert "closed" not in answer.redirect_chain[-1][0]
    return browser


def _through(browser: Client, row: SelfCheckIn, place: str = "elsewhere") -> None:
    row.refresh_from_db()
    for number, step in enumerate(row.steps, 1):
        said = {
            "contact": CONTACT,
            "insurance": {"answer": "none"},
            "photo_id": {"answer": "none"},
            "telehealth": {"place": place, "agrees": "on"},
        }.get(step, {})
        if step.startswith("form-"):
            said = {"signed_by": "Maria Diaz", "agrees": "on"}
        answer = do(browser, number, **said)
        assert answer.status_code == 303, answer.content.decode()  # type: ignore[attr-defined]


def _wait(browser: Client) -> str:
    return browser.get(WAIT).content.decode()


def test_who_is_seen_by_video_is_asked_for_consent_and_place_and_stands_in_no_line(house: House) -> None:
    row, browser = _by(house, "video")
    row.refresh_from_db()
    assert "telehealth" in row.steps
    _through(browser, row)
    visit = Visit.objects.get()
    assert (visit.mode, visit.at_home, visit.flow) == ("video", False, "arrived")
    assert VisitStep.objects.get(kind="telehealth_consent").state == "done"
    assert not visit.tokens.exists()  # type: ignore[attr-defined]


def test_nobody_goes_on_without_saying_yes(house: House) -> None:
    row, browser = _by(house, "video")
    row.refresh_from_db()
    number = row.steps.index(rules.CONSENT) + 1
    answer = do(browser, number, place="home")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "Tick the box to go on" in answer.content.decode()  # type: ignore[attr-defined]


def test_the_patient_waits_until_the_desk_opens_it_and_then_joins(house: House) -> None:
    schedule.set_meeting_address(house.ana, pattern="https://meet.example.org/{clinician}/{room}")
    row, browser = _by(house, "video")
    _through(browser, row, place="home")
    told = _wait(browser)
    assert "You are expected at 10:40 am." in told
    assert "https://meet.example.org" not in told
    visit = Visit.objects.get()
    nora = desk(house, name="nora")
    page = nora.get(f"/desk/visits/{visit.pk}/check-in/").content.decode()
    assert "Let the patient join" in page
    form = hidden_fields(
        page, form=f'<form class="act" method="post" action="/desk/visits/{visit.pk}/check-in/meeting/"'
    )
    nora.post(f"/desk/visits/{visit.pk}/check-in/meeting/", form | {"act": "open"})
    assert 'href="https://meet.example.org/lee/' in _wait(browser)
    assert "Video, may join" in nora.get("/desk/").content.decode()
    visit.refresh_from_db()
    visits.close_meeting(house.rosa, visit_id=visit.pk, version=visit.version)
    assert "https://meet.example.org" not in _wait(browser)


def test_the_link_still_opens_for_who_closed_the_page_and_leads_to_waiting(house: House) -> None:
    row, browser = _by(house, "video")
    _through(browser, row)
    _row, token = commands.offer_link(house.rosa, appointment_id=row.appointment_id)
    again = _come_in(house, f"/p/{token}/check-in/")
    assert "We know that you are ready" in again.get("/p/here/", follow=True).content.decode()
    row.refresh_from_db()
    assert row.state == "finished"


def test_who_is_seen_by_phone_is_told_which_number_is_called(house: House) -> None:
    row, browser = _by(house, "phone")
    _through(browser, row)
    assert "We will call you at (413) 555" in _wait(browser)


def test_a_visit_that_is_over_is_told_so(house: House) -> None:
    row, browser = _by(house, "video")
    _through(browser, row)
    Visit.objects.update(flow="checked_out")
    told = _wait(browser)
    assert "Your visit is over" in told
    assert "http-equiv" not in told


def test_in_the_office_nothing_of_it_is_asked(house: House) -> None:
    row, browser = _by(house, "office")
    row.refresh_from_db()
    assert "telehealth" not in row.steps
    assert "Where do you wait?" in browser.get(f"/p/here/{len(row.steps)}/").content.decode()


@pytest.mark.parametrize("mode", ["office", "phone"])
def test_only_a_visit_by_video_is_opened(house: House, mode: str) -> None:
    AppointmentType.objects.update(mode=mode)
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, SOON).pk)
    with pytest.raises(visits.NoMeeting):
        visits.open_meeting(house.rosa, visit_id=visit.pk, version=visit.version)
