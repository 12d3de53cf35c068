"""The tables of other systems whose documents show them, read by the maps that come along."""

from datetime import date
from typing import Any

import pytest
from django.utils.timezone import localtime

from daysheet.charges.models import FeeItem
from daysheet.coverage.models import Coverage
from daysheet.kernel.models import Practice
from daysheet.movein import commands
from daysheet.movein.models import OldFile
from daysheet.patients.models import PatientAlert
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment, AppointmentType, Recall
from tests import cast
from tests.movein.conftest import PATIENTS, Bring
from tests.movein.test_take_the_rest import came, why

pytestmark = pytest.mark.django_db

DENTAL = "Open Dental"
OPEN_DENTAL = """AptNum,PatNum,AptStatus,Pattern,Op,ProvNum,AptDateTime,ProcDescript,ClinicNum,AppointmentTypeNum
1,101,1,//XXXX//,3,4,2026-03-10 09:00:00,"Seal, Seal",0,0
2,102,5,/XX/,3,4,2026-03-10 10:00:00,,0,0
3,102,6,/XX/,3,4,0001-01-01 00:00:00,,0,0
"""
DRCHRONO = """id,patient,doctor,office,exam_room,scheduled_time,duration,profile,reason,status
7,101,4,1,1,2026-03-10T09:00:00,30,,Annual checkup,Confirmed
8,102,4,1,1,2026-03-10T10:00:00,30,,,Cancelled
9,,4,1,1,2026-03-10T11:00:00,30,,Lunch,
"""
ATHENA = """appointmentid,patientid,appointmentstatus,appointmenttype,date,starttime,duration,providerid,departmentid
7,101,f,Follow-up,03/10/2026,09:00,30,4,1
8,102,x,Follow-up,03/10/2026,10:00,30,4,1
"""


@pytest.fixture(autouse=True)
def here(take: Bring) -> None:
    for system in (DENTAL, "DrChrono", "athenahealth"):
        take(PATIENTS, system=system, alike="join")


def taken(bring: Bring, take: Bring, system: str, text: str, **meanings: dict[str, str]) -> OldFile:
    """Take a file in by the map that fits it, with the words that were asked for told."""
    seen = bring(text, system=system)
    assert seen.map_name.startswith(f"{system}: ")
    commands.drop_file(cast.ana(seen.practice_id), file_id=seen.pk)
    more: dict[str, Any] = {"meanings": seen.meanings | meanings} if meanings else {}
    return take(text, system=system, **more)


@pytest.mark.parametrize(
    ("system", "text", "minutes", "outcome"),
    [
        (DENTAL, OPEN_DENTAL, 40, {"read": 3, "taken": 1, "left": 1, "bad": 1}),
        ("DrChrono", DRCHRONO, 30, {"read": 3, "taken": 1, "left": 1, "bad": 1}),
        ("athenahealth", ATHENA, 30, {"read": 2, "taken": 1, "left": 1}),
    ],
)
def test_appointments_come_at_their_time_and_those_that_are_over_stay(
    bring: Bring, take: Bring, system: str, text: str, minutes: int, outcome: dict[str, int]
) -> None:
    place = {} if system == DENTAL else {"location": {"1": "Main St"}}
    assert came(taken(bring, take, system, text, provider={"4": "Grace Lee"}, **place)) == outcome
    visit = Appointment.objects.get()
    assert f"{localtime(visit.starts_at, visit.location.zone):%Y-%m-%d %H:%M}" == "2026-03-10 09:00"
    assert (visit.patient.family, (visit.ends_at - visit.starts_at).seconds // 60) == ("Diaz", minutes)


def test_open_dentals_plans_come_with_their_subscribers(bring: Bring, take: Bring) -> None:
    text = (
        "PatNum,PatPlanNum,Ordinal,Relationship,SubscriberID,DateEffective,DateTerm,GroupName,GroupNum,CarrierName,"
        "ElectID,LName,FName,Birthdate,Gender\n"
        "101,1,1,0,XJ1,2025-01-01,0001-01-01,Acme,77,Delta,12345,Diaz,Maria,1962-03-14,1\n"
        "102,2,1,2,XJ2,2025-01-01,2025-12-31,Acme,77,Delta,12345,Okoye,Ada,1960-05-05,1\n"
    )
    assert came(taken(bring, take, DENTAL, text)) == {"read": 2, "taken": 2}
    own = Coverage.objects.get(patient__family="Diaz")
    child = Coverage.objects.get(patient__family="Okoye")
    assert (own.plan.payer.payer_id, own.plan.name, own.member_id, own.group_number, own.ends_on) == (
        "12345",
        "Acme",
        "XJ1",
        "77",
        None,
    )
    assert (child.relationship, child.subscriber_given, child.subscriber_sex) == ("child", "Ada", "F")


def test_athenas_insurances_come_with_their_policy_holders(bring: Bring, take: Bring) -> None:
    text = (
        "patientid,insuranceid,ircname,insuranceplanname,insuranceidnumber,policynumber,relationshiptoinsured,"
        "insurancepolicyholderlastname,insurancepolicyholderfirstname,insurancepolicyholderdob,"
        "insurancepolicyholdersex,expirationdate,sequencenumber\n"
        "101,5,Blue Cross,Blue PPO,XJ1,G1,Self,Diaz,Maria,03/14/1962,F,,1\n"
        "102,6,Blue Cross,Blue PPO,XJ2,G1,Spouse,Okoye,Ada,05/05/1960,F,12/31/2026,2\n"
    )
    assert came(taken(bring, take, "athenahealth", text)) == {"read": 2, "taken": 2}
    card = Coverage.objects.get(patient__family="Okoye")
    assert (card.plan.payer.name, card.plan.name, card.rank, card.relationship) == (
        "Blue Cross",
        "Blue PPO",
        2,
        "spouse",
    )


def test_open_dentals_recalls_alerts_and_fees_come(bring: Bring, take: Bring, northside: Practice) -> None:
    kind = AppointmentType.objects.get()
    schedule.keep_recall_type(
        cast.ana(northside.pk), name="Cleaning", every_months=6, visit_type_id=kind.pk, steps=[]
    )
    text = (
        "RecallNum,PatNum,DateDue,Note,IsDisabled,RecallTypeNum\n"
        "1,101,2026-09-01,Mornings,0,6\n2,102,2026-09-01,,1,6\n"
    )
    file = taken(bring, take, DENTAL, text, type={"6": "Cleaning"})
    assert came(file) == {"read": 2, "taken": 1, "left": 1}
    assert Recall.objects.get().own_reason == "Mornings"
    text = (
        "PopupNum,PatNum,Description,PopupLevel,DateTimeDisabled\n"
        "1,101,Ask about medications.,Patient,0001-01-01 00:00:00\n"
        "2,101,Bring the form.,Patient,2026-06-30 00:00:00\n"
        "3,102,Old,Patient,2025-06-30 08:00:00\n"
    )
    assert came(taken(bring, take, DENTAL, text)) == {"read": 3, "taken": 2, "left": 1}
    assert set(PatientAlert.objects.values_list("words", "until_on")) == {
        ("Ask about medications.", None),
        ("Bring the form.", date(2026, 6, 30)),
    }
    file = taken(bring, take, DENTAL, "ProcCode,Descript,Amount\nD0120,Exam,55.0\n")
    assert (came(file), why(file)) == ({"read": 1, "taken": 1}, [])
    assert FeeItem.objects.get(code="D0120").amount == 55
