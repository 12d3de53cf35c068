"""A card that is changed to another plan, member or subscriber: what was said of the card before counts no more."""

from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from daysheet.coverage import batches, commands, protecting, queries
from daysheet.coverage.models import Coverage, EligibilityInquiry
from daysheet.formats import x12
from daysheet.kernel.ids import new_id
from daysheet.schedule import commands as schedule
from daysheet.schedule import sheets
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make
from tests.coverage.answering import ACTIVE, COPAY, reply, take_in

pytestmark = pytest.mark.django_db
QMB = x12.Benefit("1", service_types=("30",), insurance_type="QM")


@pytest.fixture
def card(office: Any) -> Coverage:
    return make.coverage(make.patient("Farrow"), make.plan("Harbor HMO", "HARB1", by_partner=make.partner()))


def asked(office: Any, card: Coverage, *benefits: x12.Benefit) -> EligibilityInquiry:
    question = commands.ask_eligibility(cast.rosa(office.pk), coverage_id=card.pk, service_on=cast.MONDAY)
    if benefits:
        take_in(office.pk, reply(question, *benefits))
    return question


def changed(office: Any, card: Coverage, **more: Any) -> Coverage:
    card.refresh_from_db()
    facts = {"plan_id": card.plan_id, "member_id": card.member_id, "starts_on": card.starts_on} | more
    return commands.change_coverage(cast.rosa(office.pk), coverage_id=card.pk, version=card.version, **facts)


def other_plan(card: Coverage) -> dict[str, Any]:
    return {"plan_id": make.plan("Blue PPO", by_partner=card.plan.payer.partner).pk}


def test_nothing_that_the_plan_before_said_is_told_of_the_new_one(office: Any, card: Coverage) -> None:
    question = asked(office, card, ACTIVE, COPAY, QMB)
    patient_id = card.patient_id
    assert queries.copay_due(patient_id, cast.MONDAY)[0] == Decimal(0)
    changed(office, card, **other_plan(card))
    standing = queries.standing([patient_id], cast.MONDAY)[patient_id]
    assert (standing.state, standing.words) == ("unasked", "Blue PPO, not asked for this month")
    assert (standing.copay, standing.asked_at, standing.is_qmb) == (None, None, False)
    assert queries.copay_due(patient_id, cast.MONDAY) == (None, "Blue PPO has not said")
    assert queries.latest_answer(patient_id) is queries.latest_answer(patient_id, card.pk) is None
    assert queries.latest_answers([card.pk]) == {}
    assert queries.qmb_answer(patient_id, cast.MONDAY) is None
    assert protecting.protection_on(patient_id, cast.MONDAY) is None
    page = desk.signed_in(make.member()).get(reverse("coverage:eligibility-answer", args=[question.pk]))
    assert "The card was changed after this was asked." in page.text


def test_the_new_plan_needs_a_person_and_is_asked_by_the_batch(office: Any, card: Coverage) -> None:
    asked(office, card, ACTIVE)
    key = card.patient_id, cast.MONDAY
    assert batches.needs([key], today=cast.MONDAY, zone=office.zone) == {}
    changed(office, card, **other_plan(card))
    assert batches.needs([key], today=cast.MONDAY, zone=office.zone)[key][0].kind == "unasked"
    visits = [(card.patient_id, new_id())]
    assert commands.ask_for_day(cast.rosa(office.pk), day=cast.MONDAY, visits=visits).asked == 1
    take_in(office.pk, reply(EligibilityInquiry.objects.latest("id"), ACTIVE, COPAY))
    assert queries.copay_due(card.patient_id, cast.MONDAY)[0] == COPAY.amount


def test_an_answer_that_comes_after_the_change_verifies_nothing(office: Any, card: Coverage) -> None:
    question = asked(office, card)
    changed(office, card, member_id="NEW1")
    take_in(office.pk, reply(question, ACTIVE, COPAY))
    card.refresh_from_db()
    assert (card.enrollment_verified_at, card.benefits_verified_at) == (None, None)
    assert queries.standing([card.patient_id], cast.MONDAY)[card.patient_id].state == "unasked"


def test_an_open_question_of_the_old_card_neither_holds_up_the_new_one_nor_calls_a_person(
    office: Any, card: Coverage
) -> None:
    question = asked(office, card)
    changed(office, card, member_id="NEW1")
    late = cast.system(office.pk, cast.NOW + timedelta(days=2))
    assert commands.give_up_waiting(late, inquiry_id=question.pk).state == "failed"
    assert not WorkqueueItem.objects.exists()
    assert asked(office, card).pk != question.pk


def test_other_days_or_another_group_leave_the_answer_standing(office: Any, card: Coverage) -> None:
    asked(office, card, ACTIVE, COPAY)
    changed(office, card, group_number="7", starts_on=card.starts_on + timedelta(days=1))
    assert queries.copay_due(card.patient_id, cast.MONDAY)[0] == COPAY.amount


def test_the_book_does_not_mark_the_new_plan_as_covered(office: Any, card: Coverage) -> None:
    asked(office, card, ACTIVE)
    door = make.location()
    doctor = make.provider(at=door)
    make.hours(doctor, door)
    schedule.book_appointment(
        cast.rosa(office.pk), patient_id=card.patient_id, type_id=make.visit_type().pk, provider_id=doctor.pk,
        location_id=door.pk, starts_at=cast.NOW + timedelta(hours=1),
    )  # fmt: skip
    changed(office, card, **other_plan(card))
    sheet = sheets.by_provider(day=cast.MONDAY, location_id=None, provider_id=None, people=[doctor])
    assert [one.row.plan_says for one in sheet.cards] == ["unasked"]


def test_what_was_asked_before_an_earlier_change_is_told_by_the_diary(office: Any, card: Coverage) -> None:
    before = asked(office, card, ACTIVE)
    later = cast.rosa(office.pk, cast.NOW + timedelta(hours=1))
    commands.change_coverage(
        later,
        coverage_id=card.pk,
        version=1,
        member_id="NEW1",
        plan_id=card.plan_id,
        starts_on=card.starts_on,
    )
    after = commands.ask_eligibility(
        cast.rosa(office.pk, cast.NOW + timedelta(hours=2)), coverage_id=card.pk, service_on=cast.MONDAY
    )
    Coverage.objects.update(card_version=1)
    EligibilityInquiry.objects.update(card_version=1)
    migration = import_module("daysheet.coverage.migrations.0009_which_card_was_asked_about")
    with connection.cursor() as cursor:
        cursor.execute(migration.ASKED_BEFORE)
    for one in (before, after, card):
        one.refresh_from_db()
    assert (before.card_version, after.card_version, card.card_version) == (1, 2, 2)
