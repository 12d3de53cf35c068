"""The downtime packet: what it says, who may make and open it, once a night, a week, few statements."""

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from daysheet.coverage.models import Coverage
from daysheet.documents.models import Document
from daysheet.frontdesk import commands, jobs, packets, rules
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import AuditLine, AuditPatient, Practice
from daysheet.ledger.models import Balance
from daysheet.patients import commands as patients
from daysheet.patients.models import ChartItem, Guarantor, PatientContact, PatientPhone
from daysheet.patients.rules import ContactFact
from daysheet.practice.models import Location, OpeningHours
from daysheet.schedule.models import Absence, Appointment
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

TUESDAY = cast.MONDAY + timedelta(days=1)
AT_TEN = cast.NOW + timedelta(days=1)
EVENING = datetime.fromisoformat("2026-03-10T03:40:00+00:00")  # Monday 23:40 in New York


def text_of(content: bytes | memoryview) -> str:
    pages = PdfReader(io.BytesIO(bytes(content))).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u200b", "")


def made(house: House, day: date = TUESDAY) -> Document:
    return commands.make_packet(house.rosa, location_id=house.door.pk, day=day)


def carded(house: House, **more: Any) -> Coverage:
    plan = make.plan()
    plan.office_copay = Decimal("30.00")
    plan.save()
    return make.coverage(house.diaz, plan, group_number="G77", **more)


def next_day(house: House, first: date = TUESDAY) -> date:
    return packets.next_open_days([house.door], {house.door.pk: first})[house.door.pk]


def test_it_holds_the_schedule_a_face_sheet_for_each_patient_and_blank_forms(house: House) -> None:
    appointment(house, AT_TEN)
    appointment(house, AT_TEN + timedelta(minutes=30), patient=house.ann, provider=house.osei)
    house.diaz.street, house.diaz.city, house.diaz.state, house.diaz.zip = (
        "9 Elm St",
        "Springfield",
        "MA",
        "01103",
    )
    house.diaz.save()
    PatientPhone.objects.create(patient=house.diaz, number="+15552010142")
    PatientContact.objects.create(
        patient=house.diaz, name="Luis Diaz", relationship="husband", phone="+15552010143"
    )
    Guarantor.objects.create(patient=house.diaz, is_self=False, name="Luis Diaz", street="9 Elm St")
    Balance.objects.create(patient=house.diaz, owes=Decimal("42.40"), credit=Decimal("30.00"))
    carded(house)
    reader = PdfReader(io.BytesIO(bytes(made(house).content)))
    pages = [page.extract_text().replace("\u200b", "") for page in reader.pages]
    assert len(pages) == 6
    for part in ("Downtime packet", "Tue Mar 10, 2026", "Main St", "Grace Lee, MD", "Kwame Osei, MD"):
        assert part in pages[0]
    for part in ("10:00 am", "DIAZ, Maria", "Mar 14, 1962", str(house.diaz.chart_number), "(555) 201-0142"):
        assert part in pages[0]
    assert pages[0].index("10:30 am") > pages[0].index("10:00 am")
    for part in (
        "9 Elm St, Springfield, MA 01103",
        "(555) 201-0142",
        "Luis Diaz, husband (555) 201-0143",
        "Luis Diaz, 9 Elm St",
        "Blue PPO",
        "XJ4001",
        "G77",
        "$30.00",
        "$12.40",
        "Follow-up",
    ):
        assert part in pages[1]
    assert "LEE, Ann" in pages[2]
    assert "No coverage on this day." in pages[2]
    assert [
        title for title in ("Check-in sheet", "Paper receipt", "New patient") if title in "".join(pages[3:])
    ]
    assert "Page 6 of 6" in pages[5]


def test_who_is_cancelled_or_booked_at_another_door_or_day_is_not_in_it(house: House) -> None:
    other = make.location("Hill Rd", is_main=False)
    appointment(house, AT_TEN, booking="cancelled")
    appointment(house, AT_TEN, location=other, provider=house.osei, patient=house.ann)
    appointment(house, AT_TEN + timedelta(days=1))
    told = text_of(made(house).content)
    assert "Nobody is booked on this day. The blank forms follow." in told
    assert "DIAZ" not in told
    assert "LEE, Ann" not in told


def test_the_allergies_are_a_list_of_their_own_for_those_who_may_see_the_chart(house: House) -> None:
    appointment(house, AT_TEN)
    appointment(house, AT_TEN + timedelta(minutes=30), patient=house.ann)
    ChartItem.objects.create(patient=house.diaz, kind="allergy", label="Penicillin")
    ChartItem.objects.create(patient=house.diaz, kind="allergy", label="Latex", ended_on=cast.MONDAY)
    ChartItem.objects.create(patient=house.ann, kind="condition", label="Asthma")
    packet = text_of(made(house).content)
    paper = Document.objects.get(kind="packet_chart")
    told = text_of(paper.content)
    assert "Penicillin" in told
    assert "none on file" in told
    assert not [word for word in ("Latex", "Asthma") if word in told]
    assert "Penicillin" not in packet
    address = reverse("documents:document-file", args=[paper.pk])
    assert desk(house).get(address).status_code == 403
    doctor = desk(house, "clinician", "lee")
    assert address in doctor.get(reverse("frontdesk:packets")).content.decode()
    assert doctor.get(address).status_code == 200


def test_the_face_sheet_of_a_child_in_care_says_who_may_bring_hear_sign_and_owe(house: House) -> None:
    leo = make.registered(given="Leo", born_on=date(2018, 5, 1), contact=ContactFact("Ana Diaz", "Mother"))
    facts = {"routine": "foster", "more": "agency", "owes": "medicaid", "hear": ["agency", "foster"]}
    patients.record_care(
        house.rosa,
        patient_id=leo.pk,
        agency="Hampden Children's Services",
        from_on=date(2026, 1, 1),
        foster_name="Joan Reed",
        **facts,
    )
    leo.refresh_from_db()
    appointment(house, AT_TEN, patient=leo)
    told = " ".join(text_of(made(house).content).split())
    assert "In care of Hampden Children's Services; placed with Joan Reed" in told
    assert "Who pays Medicaid" in told
    assert "Joan Reed, Foster parent within limits yes within limits NO" in told


def test_two_visits_of_a_patient_make_one_face_sheet(house: House) -> None:
    appointment(house, AT_TEN)
    appointment(house, AT_TEN + timedelta(hours=1), provider=house.osei)
    sheets = packets.packet(house.door, TUESDAY).sheets
    assert [len(one.visits) for one in sheets] == [2]


def test_the_number_of_statements_is_the_same_for_any_number_of_patients(house: House) -> None:
    appointment(house, AT_TEN)
    carded(house)
    with CaptureQueriesContext(connection) as one:
        made(house)
    for number in range(7):
        patient = make.patient(f"P{number}")
        make.coverage(patient, make.plan(f"Plan {number}", f"P{number}"))
        PatientPhone.objects.create(patient=patient, number=f"+1555201020{number}")
        appointment(house, AT_TEN + timedelta(minutes=30 * (number + 1)), patient=patient)
    with CaptureQueriesContext(connection) as eight:
        paper = made(house)
    assert len(eight) == len(one)
    assert "P6, Maria" in text_of(paper.content)


def test_a_day_that_is_over_is_refused(house: House) -> None:
    with pytest.raises(commands.DayIsOver):
        made(house, cast.MONDAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-03-09T23:40:00-04:00", date(2026, 3, 10)),
        ("2026-03-10T03:40:00-04:00", date(2026, 3, 10)),
        ("2026-03-09T11:00:00-04:00", date(2026, 3, 9)),
        ("2026-03-09T12:00:00-04:00", date(2026, 3, 10)),
    ],
)
def test_a_night_is_for_the_day_that_it_leads_to(house: House, now: str, day: date) -> None:
    assert rules.day_to_come(datetime.fromisoformat(now), house.door.zone) == day


def test_the_next_open_day_skips_weekend_holiday_and_absence_but_no_booked_day(house: House) -> None:
    friday, monday = cast.MONDAY + timedelta(days=4), cast.MONDAY + timedelta(days=7)
    assert next_day(house) == TUESDAY
    assert next_day(house, friday + timedelta(days=1)) == monday
    zone = house.door.zone
    Absence.objects.create(
        location=house.door,
        starts_at=datetime.combine(monday, time(0), zone),
        ends_at=datetime.combine(monday + timedelta(days=1), time(0), zone),
        reason="Holiday",
    )
    assert next_day(house, friday + timedelta(days=1)) == monday + timedelta(days=1)
    saturday = appointment(house, cast.NOW + timedelta(days=5))
    assert next_day(house, friday + timedelta(days=1)) == saturday.on_day
    Appointment.objects.all().delete()
    OpeningHours.objects.create(location=house.door, weekday=2, opens=time(8), closes=time(12))
    assert next_day(house) == TUESDAY + timedelta(days=1)


def test_the_night_makes_each_doors_packet_once_and_forgets_the_old(house: House) -> None:
    appointment(house, AT_TEN)
    make.location("Hill Rd", is_main=False)
    old = made(house)
    Document.objects.filter(pk=old.pk).update(made_at=EVENING - timedelta(days=8))
    receipt = Document.objects.create(
        number=99,
        kind="receipt",
        title="",
        media_type="",
        content=b"",
        sha256="",
        made_at=old.made_at,
        by_name="",
    )
    Document.objects.filter(pk=receipt.pk).update(made_at=EVENING - timedelta(days=400))
    Practice.objects.filter(pk=house.practice.pk).update(clock_at=EVENING)
    for _ in range(2):
        jobs.make_packets(practice_id=str(house.practice.pk))
    assert sorted(Document.objects.filter(kind="packet").values_list("title", flat=True)) == [
        "Downtime packet, Hill Rd, Tue Mar 10, 2026",
        "Downtime packet, Main St, Tue Mar 10, 2026",
    ]
    assert Document.objects.filter(pk=receipt.pk).exists()
    by = cast.system(house.practice.pk, EVENING + timedelta(days=1))
    assert commands.make_tonights_packets(by) == 2


def test_every_night_each_working_office_has_its_own_job(house: House) -> None:
    Practice.objects.filter(pk=house.practice.pk).update(is_training=False, clock_at=None)
    with holding() as held:
        jobs.make_packets_everywhere(0)
    assert [(one.name, one.kwargs) for one in held] == [
        ("frontdesk.make_packets", {"practice_id": str(house.practice.pk)})
    ]


def test_who_opened_it_stands_in_the_diary_for_every_patient_in_it(house: House) -> None:
    appointment(house, AT_TEN)
    appointment(house, AT_TEN + timedelta(minutes=30), patient=house.ann)
    paper = made(house)
    opened = desk(house).get(reverse("documents:document-file", args=[paper.pk]))
    assert opened["Content-Disposition"].startswith("inline")
    line = AuditLine.objects.get(action="documents.document.opened")
    named = set(AuditPatient.objects.filter(line_id=line.pk).values_list("patient_id", flat=True))
    assert named == {house.diaz.pk, house.ann.pk}


@pytest.mark.parametrize("role", ["biller", "clinician", "auditor", "coder"])
def test_who_may_not_print_it_can_neither_see_make_nor_open_one(house: House, role: str) -> None:
    paper = made(house)
    other = desk(house, role, "other")
    assert paper.title not in other.get(reverse("frontdesk:packets")).content.decode()
    assert other.post(reverse("frontdesk:packet-make", args=[house.door.pk])).status_code == 403
    assert other.get(reverse("documents:document-file", args=[paper.pk])).status_code == 403
    with pytest.raises(NotPermitted):
        commands.make_packet(house.auditor, location_id=house.door.pk, day=TUESDAY)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_one_press_makes_it_and_the_list_says_when(house: House, headers: dict[str, str]) -> None:
    appointment(house, AT_TEN)
    rosa = desk(house)
    assert 'href="/desk/packets/"' in rosa.get(reverse("frontdesk:board")).content.decode()
    shown = rosa.get(reverse("frontdesk:packets")).content.decode()
    assert "Next open day: Tue Mar 10, 2026" in shown
    assert "DIAZ" not in shown
    sent = hidden_fields(shown, form='action="/desk/packets/')
    answer = rosa.post(reverse("frontdesk:packet-make", args=[house.door.pk]), sent, headers=headers)
    assert answer.status_code == (200 if headers else 303)
    after = rosa.get(reverse("frontdesk:packets")).content.decode()
    assert "Downtime packet, Main St, Tue Mar 10, 2026" in after
    assert "Mar 9, 10:00 am" in after
    assert Document.objects.get(kind="packet").by_name == "Rosa"


def test_a_day_of_the_past_is_refused_with_a_sentence_on_the_page(house: House) -> None:
    rosa = desk(house)
    sent = hidden_fields(
        rosa.get(reverse("frontdesk:packets")).content.decode(), form='action="/desk/packets/'
    )
    answer = rosa.post(reverse("frontdesk:packet-make", args=[house.door.pk]), sent | {"day": "2026-03-02"})
    assert answer.status_code in (409, 422)
    assert "That day is over." in answer.content.decode()


def test_the_list_asks_no_more_for_more_packets_and_doors(house: House) -> None:
    rosa = desk(house)
    made(house)
    with CaptureQueriesContext(connection) as one:
        rosa.get(reverse("frontdesk:packets"))
    for name in ("Hill Rd", "Lake Ave"):
        door: Location = make.location(name, is_main=False)
        commands.make_packet(house.rosa, location_id=door.pk, day=TUESDAY)
    with CaptureQueriesContext(connection) as three:
        rosa.get(reverse("frontdesk:packets"))
    assert len(three) == len(one)
