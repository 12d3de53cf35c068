"""Alerts of the old system in a table of their own: several of one patient, for whom and until when."""

from datetime import date
from typing import Any

import pytest

from daysheet.kernel.models import Practice
from daysheet.movein import proving, showing
from daysheet.movein.rules.fields import KINDS
from daysheet.movein.rules.guessing import kind_of
from daysheet.patients import commands as patients
from daysheet.patients.models import Patient, PatientAlert
from tests import cast
from tests.movein.conftest import PATIENTS, Bring
from tests.movein.test_take_the_rest import came, taken_back, why

pytestmark = pytest.mark.django_db

LONG = "Ask for the daughter first. " * 8
ALERTS = f"""Patient ID,Alert ID,Alert,Audience,Expires
101,1,Fall risk,,
101,2,Check returned in May,Billing,6/30/2026
102,3,Hard of hearing,front desk,12/31/2099
102,4,Parking pass,all,1/1/2026
103,5,Father may not hear,Lawyers,
999,6,Fall risk,,
101,7,{LONG},,
101,8,Wheelchair,,whenever
"""


@pytest.fixture(autouse=True)
def here(take: Bring) -> None:
    take(PATIENTS)


def standing() -> list[tuple[Any, ...]]:
    return list(
        PatientAlert.objects.order_by("words").values_list("patient__family", "words", "audience", "until_on")
    )


def test_the_table_is_known_by_for_whom_and_until_when() -> None:
    assert kind_of(["Patient ID", "Alert", "Audience", "Expires"]) == "alerts"
    assert kind_of(["Patient ID", "Alert"]) == "notes"
    assert list(KINDS["alerts"].fields) == ["patient_key", "key", "alert", "audience", "until_on"]


def test_several_alerts_of_a_patient_come_each_for_whom_it_is_and_until_its_last_day(take: Bring) -> None:
    file = take(ALERTS)
    assert came(file) == {"read": 8, "taken": 3, "left": 1, "bad": 4}
    assert why(file) == ["audience", "no_patient", "long", "day"]
    assert standing() == [
        ("Diaz", "Check returned in May", "billing", date(2026, 6, 30)),
        ("Diaz", "Fall risk", "everybody", None),
        ("Okoye", "Hard of hearing", "desk", None),
    ]
    assert Patient.objects.get(family="Diaz").has_alerts
    assert PatientAlert.objects.get(words="Fall risk").places == ["book", "check_in", "call"]
    assert proving.proof_of(file).is_right
    assert came(take(ALERTS))["known"] == 3


def test_for_whom_an_alert_is_is_asked_where_nobody_here_is_called_so(bring: Bring, take: Bring) -> None:
    file = bring(ALERTS)
    assert file.found["strange"] == {"audience": {"Lawyers": 1}}
    assert ("billing", "Billing") in showing.ours(file)["audience"]
    assert (file.found["new"], file.found["left"], file.found["nobody"], file.found["bad"]) == (3, 1, 1, 3)
    file = take(ALERTS, meanings={"audience": {"Lawyers": "desk"}})
    assert ("Nguyen, Jr.", "Father may not hear", "desk", None) in standing()


def test_alerts_go_again_with_the_file_while_nobody_changed_one(take: Bring, northside: Practice) -> None:
    assert taken_back(take(ALERTS), northside).state == "undone"
    assert standing() == []
    assert not Patient.objects.get(family="Diaz").has_alerts
    file = take(ALERTS)
    alert = PatientAlert.objects.get(words="Fall risk")
    patients.close_alert(
        cast.ana(northside.pk), alert_id=alert.pk, version=1, today=cast.MONDAY, because="walks well"
    )
    stays = taken_back(file, northside)
    assert (stays.state, len(standing())) == ("done", 3)
