"""Medicare at the desk: the shape of its number, and whom nobody may ask for money (QMB)."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from daysheet.coverage import commands, queries
from daysheet.coverage.models import Coverage
from daysheet.coverage.rules.answer import read_answer
from daysheet.coverage.rules.medicare import fault_of_number
from daysheet.formats import x12
from daysheet.schedule import commands as schedule
from daysheet.schedule import sheets
from tests import cast, desk, make
from tests.coverage.answering import ACTIVE, COPAY, reply, take_in

pytestmark = pytest.mark.django_db
QMB = x12.Benefit("1", service_types=("30",), insurance_type="QM")


def medicare(filing_code: str = "MB") -> Any:
    plan = make.plan("Medicare Part B", "MEDICARE", kind="medicare", by_partner=make.partner())
    plan.payer.filing_code = filing_code
    plan.payer.save()
    return plan


def answered(office: Any, *lines: x12.Benefit, **more: Any) -> Coverage:
    card = make.coverage(make.patient(), medicare(), member_id="1EG4TE5MK73")
    asked = commands.ask_eligibility(cast.rosa(office.pk), coverage_id=card.pk, service_on=cast.MONDAY)
    take_in(office.pk, reply(asked, *lines, **more))
    return card


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("1EG4-TE5-MK73", ""),  # the number of the sample card of CMS
        ("1eg4te5mk73", ""),
        ("9AC0AA0AA00", ""),
        ("0EG4TE5MK73", "digit, letter"),
        ("1EG4TE5MK7", "has 10"),
        ("1EG4TE5MK733", "has 12"),
        ("1SG4TE5MK73", "never holds"),
        ("1EG4TE5MB73", "never holds"),
        ("1EGATE5MK73", "digit, letter"),
        ("1EG4TE5M373", "digit, letter"),
        ("", "has 0"),
        ("1EG4TE5MK7٣", "digit, letter"),
    ],
)
def test_the_shape_of_a_medicare_number(number: str, told: str) -> None:
    found = fault_of_number(number)
    assert told in found
    assert bool(found) == bool(told)


def test_a_card_of_original_medicare_with_a_wrong_number_is_refused_with_the_sentence(office: Any) -> None:
    plan, patient = medicare(), make.patient()
    browser = desk.signed_in(make.member())
    address = reverse("coverage:coverage-add", args=[patient.pk])
    sent = desk.hidden_fields(browser.get(address).content.decode(), form='id="coverage-form"') | {
        "plan": str(plan.pk), "member_id": "1SG4TE5MK73", "rank": "1",
        "starts_on": "1/1/2026", "relationship": "self",
    }  # fmt: skip
    wrong = browser.post(address, sent)
    assert wrong.status_code == 409
    assert "never holds the letters" in wrong.content.decode()
    assert "1SG4TE5MK73" in wrong.content.decode()
    assert not Coverage.objects.exists()
    assert browser.post(address, sent | {"member_id": "1EG4-TE5-MK73"}).status_code == 303
    assert Coverage.objects.get().member_id == "1EG4TE5MK73"


def test_the_dashes_of_the_card_are_on_no_question_whichever_way_the_number_came(office: Any) -> None:
    plan, by = medicare(), cast.rosa(office.pk)
    facts = {"plan_id": plan.pk, "starts_on": date(2026, 1, 1)}
    added = commands.add_coverage(by, patient_id=make.patient().pk, member_id="1eg0-a00-ae59", **facts)
    assert added.member_id == "1EG0A00AE59"
    changed = commands.change_coverage(
        by, coverage_id=added.pk, version=1, member_id="1EG4 TE5 MK73", **facts
    )
    assert changed.member_id == "1EG4TE5MK73"
    made_up = {"member_id": "demo-77", "is_derived": True}
    cards = [
        commands.NewCoverage(patient_id=make.patient(name).pk, **facts | more)
        for name, more in (("Lee", {"member_id": "1EG0-A00-AE59"}), ("Roy", made_up))
    ]
    taken = commands.add_coverages(by, cards=cards)
    assert [getattr(one, "member_id", one) for one in taken] == ["1EG0A00AE59", "DEMO-77"]
    asked = commands.ask_eligibility(by, coverage_id=changed.pk, service_on=cast.MONDAY)
    assert asked.envelope is not None
    assert b"*MI*1EG4TE5MK73" in bytes(asked.envelope.content)


def test_numbers_stored_with_dashes_are_made_plain_and_may_be_asked_anew(office: Any) -> None:
    plan = medicare()
    dashed = make.coverage(make.patient(), plan, member_id="1EG0-A00-AE59")
    wrong = make.coverage(make.patient("Lee"), plan, member_id="DEMO-77")
    other = make.coverage(make.patient("Roy"), make.plan("Mill", "MILL"), member_id="1EG0-A00-AE59")
    asked = commands.ask_eligibility(cast.rosa(office.pk), coverage_id=dashed.pk, service_on=cast.MONDAY)
    take_in(office.pk, reply(asked, rejections=(x12.Rejection("subscriber", "72", "C"),)))
    migration = import_module("daysheet.coverage.migrations.0011_plain_medicare_numbers")
    with connection.cursor() as cursor:
        cursor.execute(migration.PLAIN)
    kept = Coverage.objects.in_bulk([dashed.pk, wrong.pk, other.pk])
    assert [kept[one.pk].member_id for one in (dashed, wrong, other)] == [
        "1EG0A00AE59", "DEMO-77", "1EG0-A00-AE59",
    ]  # fmt: skip
    assert queries.standing([dashed.patient_id], cast.MONDAY)[dashed.patient_id].state == "unasked"


def test_a_medicare_advantage_plan_has_numbers_of_its_own(office: Any) -> None:
    plan = medicare("HM")
    added = commands.add_coverage(
        cast.rosa(office.pk),
        patient_id=make.patient().pk,
        plan_id=plan.pk,
        member_id="H-77",
        starts_on=date(2026, 1, 1),
    )
    assert added.member_id == "H-77"


def test_of_a_qmb_no_copay_is_due_and_the_sentence_says_why(office: Any) -> None:
    card = answered(office, ACTIVE, COPAY, QMB)
    due, why = queries.copay_due(card.patient_id, cast.MONDAY)
    assert due == Decimal(0)
    assert "1902(n)(3)" in why
    standing = queries.standing([card.patient_id], cast.MONDAY)[card.patient_id]
    assert (standing.is_qmb, standing.copay) == (True, Decimal(0))


def test_who_is_no_qmb_owes_the_copay(office: Any) -> None:
    card = answered(office, ACTIVE, COPAY)
    assert queries.copay_due(card.patient_id, cast.MONDAY)[0] == Decimal("20.00")


@pytest.mark.parametrize(
    ("dates", "is_qmb"),
    [
        ((), True),
        ((x12.Dates("291", date(2026, 1, 1), date(2026, 12, 31)),), True),
        ((x12.Dates("291", date(2025, 1, 1), date(2025, 12, 31)),), False),
        ((x12.Dates("346", date(2025, 1, 1)), x12.Dates("347", date(2025, 12, 31))), False),
        ((x12.Dates("346", date(2025, 1, 1)), x12.Dates("347", date(2026, 12, 31))), True),
        ((x12.Dates("348", date(2026, 5, 1)),), False),
    ],
)
def test_a_qmb_line_holds_on_its_own_days_alone(dates: tuple[x12.Dates, ...], is_qmb: bool) -> None:
    line = x12.Benefit("1", service_types=("30",), insurance_type="QM", dates=dates)
    answer = x12.EligibilityAnswer(payer=x12.Party("MEDICARE"), benefits=(ACTIVE, line))
    reading = read_answer(answer, service_on=cast.MONDAY, plan="Medicare")
    assert (reading.qmb_line is not None) == is_qmb


def test_next_months_visit_of_a_qmb_is_not_known_yet(office: Any) -> None:
    card = answered(office, ACTIVE, QMB)
    assert queries.qmb_answer(card.patient_id, cast.MONDAY) is not None
    assert queries.qmb_answer(card.patient_id, cast.MONDAY + timedelta(days=40)) is None


def test_the_answer_page_tells_to_collect_nothing(office: Any) -> None:
    card = answered(office, ACTIVE, QMB)
    answer = queries.latest_answer(card.patient_id)
    assert answer is not None
    page = desk.signed_in(make.member()).get(reverse("coverage:eligibility-answer", args=[answer.inquiry_id]))
    assert "Collect nothing from the patient" in page.content.decode()


def later(office: Any, card: Coverage, *lines: x12.Benefit, days: int = 1, **more: Any) -> None:
    now = cast.NOW + timedelta(hours=days)
    asked = commands.ask_eligibility(
        cast.rosa(office.pk, now), coverage_id=card.pk, service_on=cast.MONDAY + timedelta(days=days)
    )
    take_in(office.pk, reply(asked, *lines, **more), now)


def told_of(card: Coverage) -> tuple[bool, bool, Decimal | None, str]:
    standing = queries.standing([card.patient_id], cast.MONDAY)[card.patient_id]
    due = queries.copay_due(card.patient_id, cast.MONDAY)[0]
    return queries.qmb_answer(card.patient_id, cast.MONDAY) is not None, standing.is_qmb, due, standing.state


def test_a_plan_that_cannot_say_takes_nothing_back(office: Any) -> None:
    card = answered(office, ACTIVE, COPAY, QMB)
    later(office, card, rejections=(x12.Rejection("payer", "42", "Y"),))
    assert told_of(card) == (True, True, Decimal(0), "covered")
    latest = queries.latest_answer(card.patient_id, card.pk)
    assert latest is not None
    assert latest.verdict == "eligible"
    assert queries.latest_answers([card.pk])[card.pk] == latest


def test_a_copay_that_was_named_outlives_a_silent_answer(office: Any) -> None:
    card = answered(office, ACTIVE, COPAY)
    later(office, card, rejections=(x12.Rejection("payer", "80", "N"),))
    assert told_of(card) == (False, False, Decimal("20.00"), "covered")


def test_a_member_not_found_is_a_qmb_still(office: Any) -> None:
    card = answered(office, ACTIVE, QMB)
    later(office, card, rejections=(x12.Rejection("subscriber", "75", "C"),))
    assert told_of(card) == (True, True, Decimal(0), "not_found")


def test_an_answer_without_it_ends_it(office: Any) -> None:
    card = answered(office, ACTIVE, QMB)
    later(office, card, ACTIVE, COPAY)
    later(office, card, rejections=(x12.Rejection("payer", "42", "Y"),), days=2)
    assert told_of(card) == (False, False, Decimal("20.00"), "covered")


def test_the_schedule_marks_a_qmb_whose_plan_cannot_say_any_more(office: Any) -> None:
    card = answered(office, ACTIVE, QMB)
    door = make.location()
    doctor = make.provider(at=door)
    make.hours(doctor, door)
    schedule.book_appointment(
        cast.rosa(office.pk), patient_id=card.patient_id, type_id=make.visit_type().pk, provider_id=doctor.pk,
        location_id=door.pk, starts_at=cast.NOW + timedelta(hours=1),
    )  # fmt: skip
    later(office, card, rejections=(x12.Rejection("payer", "42", "Y"),))
    (found,) = sheets.by_provider(day=cast.MONDAY, location_id=None, provider_id=None, people=[doctor]).cards
    assert (found.row.plan_says, found.row.is_qmb) == ("eligible", True)
