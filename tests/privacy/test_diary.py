"""Who looked at a chart stands in the diary; the diary can be read, filtered and taken away by those who may."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.kernel.audit import record
from daysheet.kernel.models import AuditLine, Practice
from daysheet.privacy import queries
from daysheet.privacy.words import say
from tests import cast, make
from tests.desk import signed_in


@pytest.fixture
def watch(practice: Practice) -> Client:
    """Omar's browser: he watches over privacy."""
    return signed_in(make.member("privacy_officer", "omar"))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def test_who_looked_shows_readers_newest_first_and_is_itself_written_down(
    watch: Client, practice: Practice
) -> None:
    diaz, roy = make.patient(), make.patient("Roy", "Sam")
    record(cast.rosa(practice.pk), "patients.chart.viewed", diaz)
    record(
        cast.ben(practice.pk, cast.NOW.replace(hour=15)), "ledger.account.viewed", patients=[diaz.pk, roy.pk]
    )
    body = text(watch.get(reverse("privacy:lookers", args=[diaz.pk])))
    assert body.index("Looked at: account (ledger)") < body.index("Opened the chart")
    assert body.index("Looked at who looked") < body.index("Looked at: account (ledger)")
    assert AuditLine.objects.filter(action="privacy.lookers.viewed").get().patient_ids == [diaz.pk]


def test_who_looked_is_filtered_by_person(watch: Client, practice: Practice) -> None:
    diaz = make.patient()
    record(cast.rosa(practice.pk), "patients.chart.viewed", diaz)
    record(cast.ben(practice.pk), "ledger.account.viewed", diaz)
    body = text(watch.get(reverse("privacy:lookers", args=[diaz.pk]), {"person": "Ben Okafor"}))
    assert "Looked at: account (ledger)" in body
    assert "Opened the chart" not in body
    nobody = text(watch.get(reverse("privacy:lookers", args=[diaz.pk]), {"person": "Nobody"}))
    assert "Nothing matches these filters." in nobody


def test_a_line_of_another_patient_is_not_shown(watch: Client, practice: Practice) -> None:
    diaz, roy = make.patient(), make.patient("Roy", "Sam")
    record(cast.rosa(practice.pk), "patients.chart.viewed", roy)
    assert "Opened the chart" not in text(watch.get(reverse("privacy:lookers", args=[diaz.pk])))
    assert list(queries.lookers(roy.pk)) == [AuditLine.objects.get(action="patients.chart.viewed")]


@pytest.mark.parametrize("role", ["receptionist", "biller", "clinician", "coder"])
def test_a_role_without_the_diary_sees_neither_screen(practice: Practice, role: str) -> None:
    browser = signed_in(make.member(role, role))
    diaz = make.patient()
    for address in (
        reverse("privacy:lookers", args=[diaz.pk]),
        reverse("privacy:diary"),
        reverse("privacy:diary-csv"),
    ):
        assert browser.get(address).status_code == 403


def test_the_diary_is_filtered_by_day_person_action_and_chart(watch: Client, practice: Practice) -> None:
    diaz, roy = make.patient(), make.patient("Roy", "Sam")
    record(cast.rosa(practice.pk), "patients.chart.viewed", diaz)
    record(cast.rosa(practice.pk, cast.NOW.replace(day=8)), "patients.patient.changed", roy)
    record(cast.ben(practice.pk), "ledger.account.viewed", roy)

    def rows(**asked: str) -> list[str]:
        body = text(watch.get(reverse("privacy:diary"), asked))
        words = ("Opened the chart", "Changed the details", "Looked at: account (ledger)")
        return [one for one in words if f">{one}" in body]

    assert rows(first="3/9/2026", last="3/9/2026") == ["Opened the chart", "Looked at: account (ledger)"]
    assert rows(first="3/8/2026", last="3/8/2026") == ["Changed the details"]
    assert rows(action="patients.patient") == ["Changed the details"]
    assert rows(chart=str(diaz.chart_number)) == ["Opened the chart"]
    assert rows(chart="99999999") == []
    assert rows(action="'; drop table audit_line --") == []


def test_a_wrong_filter_is_said(watch: Client) -> None:
    answer = watch.get(reverse("privacy:diary"), {"first": "2/30/2026"})
    assert answer.status_code == 422


def test_looking_into_the_diary_names_whom_it_showed(watch: Client, practice: Practice) -> None:
    diaz = make.patient()
    record(cast.rosa(practice.pk), "patients.chart.viewed", diaz)
    watch.get(reverse("privacy:diary"))
    assert AuditLine.objects.get(action="privacy.diary.viewed").patient_ids == [diaz.pk]


def test_the_file_holds_the_lines_and_no_formula(watch: Client, practice: Practice) -> None:
    diaz = make.patient()
    record(cast.rosa(practice.pk), "patients.chart.viewed", diaz, purpose="=HYPERLINK(1)")
    answer = watch.get(reverse("privacy:diary-csv"), {"action": "patients.chart"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert [(row["who"], row["action"], row["charts"], row["purpose"], row["seal"]) for row in rows] == [
        ("Rosa Marin", "patients.chart.viewed", str(diaz.chart_number), "'=HYPERLINK(1)", "")
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="diary.csv"'
    assert AuditLine.objects.get(action="privacy.diary.exported").patient_ids == [diaz.pk]


def test_the_diary_costs_the_same_statements_with_one_or_fifty_lines(
    watch: Client, practice: Practice
) -> None:
    diaz = make.patient()
    record(cast.rosa(practice.pk), "patients.chart.viewed", diaz)
    watch.get(reverse("privacy:diary"))
    counts = []
    for more in (0, 50):
        for _ in range(more):
            record(cast.rosa(practice.pk), "patients.chart.viewed", diaz)
        with CaptureQueriesContext(connection) as asked:
            watch.get(reverse("privacy:diary"))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16


def test_another_practice_keeps_its_own_diary(watch: Client) -> None:
    other = make.practice("Southside Dental")
    with make.acting(other):
        theirs = make.patient("Canary", "Yellow")
        record(cast.rosa(other.pk), "patients.chart.viewed", theirs)
    assert watch.get(reverse("privacy:lookers", args=[theirs.pk])).status_code == 404
    assert str(theirs.pk) not in text(watch.get(reverse("privacy:diary")))


def test_every_action_is_said_in_words() -> None:
    assert say("patients.chart.viewed") == "Opened the chart"
    assert say("schedule.day.viewed") == "Looked at: day (schedule)"
    assert say("claims.claim.made-again") == "Claim made again (claims)"


def test_without_a_seal_the_screen_says_so(watch: Client) -> None:
    assert "Not sealed yet." in text(watch.get(reverse("privacy:diary")))
