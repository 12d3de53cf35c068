"""A day on paper: by clinician, who holds a time, and who printed it."""

import io
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from daysheet.kernel.models import AuditLine
from daysheet.patients.models import PatientPhone
from daysheet.schedule import papers, queries
from tests import cast, make
from tests.house import House, appointment, desk

ADDRESS = reverse("schedule:day-print", args=[cast.MONDAY])


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u200b", "")


def test_it_lists_by_clinician_who_holds_a_time(house: House) -> None:
    PatientPhone.objects.create(patient=house.diaz, number="+15552010142")
    appointment(house, cast.NOW)
    appointment(house, cast.NOW + timedelta(hours=2), patient=house.ann, provider=house.osei)
    appointment(house, cast.NOW + timedelta(hours=3), booking="cancelled", patient=make.patient("Roy", "Jo"))
    answer = desk(house).get(ADDRESS)
    assert answer["Content-Type"] == "application/pdf"
    told = text_of(answer.content)
    for part in ("Mon Mar 9, 2026", "Main St", "10:00 am", "DIAZ, Maria", "Mar 14, 1962", "(555) 201-0142"):
        assert part in told
    assert (
        told.index("Grace Lee, MD")
        < told.index("DIAZ")
        < told.index("Kwame Osei, MD")
        < told.index("12:00 pm")
    )
    assert "ROY" not in told
    assert "Hill Rd" not in told


def test_all_doors_on_one_paper_say_the_door_of_each_visit(house: House) -> None:
    hill = make.location("Hill Rd", is_main=False)
    appointment(house, cast.NOW)
    appointment(house, cast.NOW, patient=house.ann, provider=house.osei, location=hill)
    told = text_of(desk(house).get(f"{ADDRESS}?where=all").content)
    assert "All locations" in told
    assert "20 min" in told
    assert "Follow-up, Hill Rd" in told.replace("\n", " ")
    assert "LEE, Ann" not in text_of(desk(house, name="ruth").get(ADDRESS).content)


def test_a_day_without_appointments_says_so(house: House) -> None:
    assert "Nobody is booked on this day." in text_of(desk(house).get(ADDRESS).content)


def test_who_may_not_see_patients_prints_no_telephone_numbers(house: House) -> None:
    PatientPhone.objects.create(patient=house.diaz, number="+15552010142")
    appointment(house, cast.NOW)
    rows = queries.on_paper(cast.MONDAY, None)
    labels = [column["label"] for column in papers.parts(rows, phones=False)[0]["columns"]]
    assert "Phone" not in labels


def test_the_reason_is_printed_for_who_may_see_patients(house: House) -> None:
    appointment(house, cast.NOW, reason="Cough since Friday")
    told = " ".join(text_of(desk(house).get(ADDRESS).content).split())
    assert "Follow-up: Cough since Friday" in told
    rows = queries.on_paper(cast.MONDAY, None)
    assert "Cough" not in str(papers.parts(rows, phones=False))


def test_who_printed_it_stands_in_the_diary(house: House) -> None:
    appointment(house, cast.NOW)
    desk(house).get(ADDRESS)
    line = AuditLine.objects.get(action="schedule.day.printed")
    assert line.patient_ids == [house.diaz.pk]


def test_the_number_of_statements_is_the_same_for_any_number_of_visits(house: House) -> None:
    rosa = desk(house)
    appointment(house, cast.NOW)
    with CaptureQueriesContext(connection) as one:
        rosa.get(ADDRESS)
    for number in range(5):
        appointment(house, cast.NOW + timedelta(hours=number + 1), patient=make.patient(f"P{number}"))
    with CaptureQueriesContext(connection) as six:
        rosa.get(ADDRESS)
    assert len(six) == len(one)


def test_the_days_page_leads_to_it(house: House) -> None:
    shown = desk(house).get(reverse("schedule:day", args=[cast.MONDAY])).content.decode()
    assert ADDRESS in shown
