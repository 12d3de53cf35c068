"""The box on top: whoever has a visit today, or the next to come, stands first for an act that concerns a visit."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.patients import finding
from daysheet.patients.models import Patient
from daysheet.visits import commands as visits
from tests import cast, make
from tests.house import House, appointment, desk


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def prescotts(house: House) -> list[Patient]:
    """Six of a name, in the order of the alphabet."""
    return [make.registered("Prescott", f"{letter}da") for letter in "ABCEFI"]


def offered(rosa: Client, text: str, route: str) -> list[str]:
    """Return for whom the box offers the act, in its order."""
    body = rosa.post(reverse("patients:palette"), {"q": text}, HTTP_HX_REQUEST="true").content.decode()
    around = re.escape(reverse(route, args=["00000000-0000-0000-0000-000000000000"]))
    return re.findall(around.replace("00000000\\-0000\\-0000\\-0000\\-000000000000", "([0-9a-f-]{36})"), body)


@pytest.mark.parametrize("text", ["cancel presc", "no show prescott", "move prescott"])
def test_who_is_booked_today_stands_before_who_comes_next_and_who_does_not(
    rosa: Client, house: House, prescotts: list[Patient], text: str
) -> None:
    ada, bda, cda, eda, fda, ida = prescotts
    appointment(house, cast.NOW + timedelta(days=9), patient=cda)
    appointment(house, cast.NOW + timedelta(days=2), patient=fda)
    appointment(house, cast.NOW - timedelta(hours=1), patient=ida)
    appointment(house, cast.NOW - timedelta(days=3), patient=ada)
    found = offered(rosa, text, "schedule:patient-panel")
    assert found == [str(one.pk) for one in (ida, fda, cda, ada, bda, eda)]


def test_the_box_says_when_the_visit_is(rosa: Client, house: House, prescotts: list[Patient]) -> None:
    appointment(house, cast.NOW, patient=prescotts[5])
    appointment(house, cast.NOW + timedelta(days=1), patient=prescotts[4])
    body = rosa.post(reverse("patients:palette"), {"q": "cancel presc"}).content.decode()
    assert "<small>today 10:00 am, " in body
    assert "<small>next Tue Mar 10, 10:00 am, " in body


def test_who_is_in_the_house_without_a_booking_is_checked_in_before_others_of_the_name(
    rosa: Client, house: House, prescotts: list[Patient]
) -> None:
    visits.walk_in(
        house.rosa, patient_id=prescotts[4].pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    assert offered(rosa, "check in prescott", "frontdesk:patient-check-in")[0] == str(prescotts[4].pk)


def test_an_act_without_a_visit_keeps_the_alphabet(
    rosa: Client, house: House, prescotts: list[Patient]
) -> None:
    appointment(house, cast.NOW, patient=prescotts[5])
    found = offered(rosa, "book prescott", "schedule:appointment-book")
    assert found == [str(one.pk) for one in prescotts]


def test_who_is_due_is_found_among_more_of_a_name_than_are_looked_at(
    rosa: Client, house: House, prescotts: list[Patient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST", 3)
    appointment(house, cast.NOW, patient=prescotts[5])
    assert offered(rosa, "cancel presc", "schedule:patient-panel")[0] == str(prescotts[5].pk)


def test_one_or_six_of_a_name_cost_the_same_statements(rosa: Client, house: House) -> None:
    counts = []
    for letter in "ABCEFI":
        who = make.registered("Prescott", f"{letter}da")
        appointment(house, cast.NOW + timedelta(minutes=20 * len(counts)), patient=who)
        with CaptureQueriesContext(connection) as ran:
            assert len(offered(rosa, "cancel presc", "schedule:patient-panel")) == len(counts) + 1
        counts.append(len(ran))
    assert len(set(counts[1:])) == 1
