"""The certificates on screen: what they ask, when they run out, and odd input."""

import pytest
from django.test import Client

from daysheet.academy.planner.rules.catalogue import certificates

pytestmark = pytest.mark.django_db


def body(address: str, **query: str) -> str:
    answer = Client().get(address, query)
    assert answer.status_code == 200
    assert not answer.cookies
    return answer.content.decode()


def test_all_seven_stand_side_by_side_with_who_said_what_when() -> None:
    page = body("/academy/certificates/")
    assert [one.short for one in certificates()] == ["CMAA", "CEHRS", "CBCS", "CMAS", "CMOM", "CPPM", "RHIT"]
    assert all(f'id="{one.key}"' in page for one in certificates())
    assert "Sources conflict" in page
    assert len(page.encode()) <= 50_000


def test_a_person_is_told_yes_and_what_is_missing() -> None:
    page = body("/academy/certificates/check/", high_school="on", office_years="1")
    assert page.count("Yes") == 1
    assert "training on an electronic records system" in page


@pytest.mark.parametrize("typed", ["-1", "many", "9" * 400, "<script>alert(1)</script>"])
def test_odd_numbers_get_a_sentence(typed: str) -> None:
    page = body("/academy/certificates/check/", office_years=typed)
    assert "error-summary" in page
    assert "<script>alert" not in page


def test_a_certificate_of_a_leap_day_runs_out_on_the_28th() -> None:
    page = body("/academy/certificates/renewals/", **{"c1-certificate": "cmaa", "c1-earned": "2/29/2024"})
    assert "Feb 28, 2026" in page
    assert "Run out" in page


def test_the_learning_log_counts_towards_its_certificate() -> None:
    rows = {"c1-certificate": "cmaa", "c1-earned": "3/1/2026", "c1-credits": "2"}
    rows |= {"l1-certificate": "cmaa", "l1-credits": "5", "l1-what": "Privacy course"}
    assert "7 done, 3 to go" in body("/academy/certificates/renewals/", **rows)


@pytest.mark.parametrize("day", ["2/30/2025", "yesterday-ish", "1/1/0001"])
def test_an_impossible_day_is_shown_with_its_sentence(day: str) -> None:
    page = body("/academy/certificates/renewals/", **{"c1-certificate": "cmaa", "c1-earned": day})
    assert "field-error" in page


def test_the_days_go_into_a_calendar() -> None:
    query = {"c1-certificate": "rhit", "c1-earned": "3/1/2026"}
    answer = Client().get("/academy/certificates/renewals/calendar.ics", query)
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20280301" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
