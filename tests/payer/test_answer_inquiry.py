"""The payer answers a 270: covered with its figures, not covered, or why it cannot say."""

from datetime import date
from decimal import Decimal

import pytest

from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.tenancy import acting_in
from daysheet.payer import answers, commands, queries
from daysheet.payer.models import AnsweredInquiry, Member
from daysheet.payer.rules.decision import Met
from tests import cast
from tests.payer.office import PayerDesk, inquiry, read

pytestmark = pytest.mark.django_db


def answer(desk: PayerDesk, question: x12.OutgoingSet, number: int = 1) -> x12.EligibilityAnswer:
    (envelope,) = desk.take(desk.envelope([question], number))
    assert envelope.kind == "271"
    return read(envelope)[0].content.answers[0]


def test_a_member_is_covered_with_copay_deductible_coinsurance_and_the_most_a_patient_pays() -> None:
    desk = PayerDesk()
    desk.enroll()
    said = answer(desk, inquiry())
    assert said.active is True
    assert said.trace == "T1"
    figures = {
        (item.code, item.service_types, item.period, item.network): item.amount
        for item in said.benefits
        if item.amount is not None
    }
    assert figures["B", ("98",), "27", "Y"] == Decimal("30.00")
    assert figures["C", ("30",), "23", "Y"] == Decimal("500.00")
    assert figures["C", ("30",), "29", "Y"] == Decimal("500.00")
    assert figures["G", ("30",), "29", "Y"] == Decimal("3000.00")
    assert [item.percent for item in said.benefits if item.code == "A"] == [Decimal("0.2"), Decimal("0.4")]


def test_the_deductible_that_is_left_follows_what_was_decided() -> None:
    desk = PayerDesk()
    desk.enroll()
    desk.meet_deductible()
    left = [
        item.amount for item in answer(desk, inquiry()).benefits if (item.code, item.period) == ("C", "29")
    ]
    assert left == [Decimal("0.00")]


def test_a_coverage_that_ended_before_the_day_is_not_active() -> None:
    desk = PayerDesk()
    desk.enroll(ends_on=date(2026, 3, 1))
    assert answer(desk, inquiry()).active is False


@pytest.mark.parametrize(
    ("fault", "reason"), [("not_found", "75"), ("birth_date", "71"), ("cannot_answer", "42")]
)
def test_a_named_fault_gives_its_reason(fault: str, reason: str) -> None:
    desk = PayerDesk()
    desk.enroll(fault=fault)
    assert [item.reason for item in answer(desk, inquiry()).rejections] == [reason]


def test_the_fault_inactive_says_the_coverage_has_ended() -> None:
    desk = PayerDesk()
    desk.enroll(fault="inactive")
    assert answer(desk, inquiry()).active is False


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (inquiry("XJ9999"), "75"),
        (inquiry("99"), "72"),
        (inquiry(born_on=date(1963, 3, 14)), "71"),
        (inquiry(name="Dias"), "73"),
        (inquiry(payer_id="NOBODY"), "42"),
    ],
    ids=["unknown-number", "odd-number", "other-birth-date", "other-name", "other-payer"],
)
def test_a_person_who_cannot_be_found_gets_the_reason(question: x12.OutgoingSet, reason: str) -> None:
    desk = PayerDesk()
    desk.enroll()
    assert [item.reason for item in answer(desk, question).rejections] == [reason]


def test_a_name_with_accents_is_the_same_name_on_the_wire() -> None:
    desk = PayerDesk()
    desk.enroll(family="Díaz")
    assert answer(desk, inquiry()).active is True


def test_every_question_and_its_verdict_are_kept_for_the_clerk() -> None:
    desk = PayerDesk()
    desk.enroll()
    answer(desk, inquiry())
    answer(desk, inquiry("XJ9999"), 2)
    with acting_in(desk.practice.pk):
        kept = list(AnsweredInquiry.objects.order_by("id").values_list("member_id", "verdict"))
    assert kept == [("XJ4001", "active"), ("XJ9999", "75")]


def test_the_same_file_again_is_not_answered_again() -> None:
    desk = PayerDesk()
    desk.enroll()
    data = desk.envelope([inquiry()])
    assert len(desk.take(data)) == 1
    assert desk.take(data) == []


def test_a_clerk_without_the_permission_enrolls_nobody() -> None:
    desk = PayerDesk()
    with pytest.raises(NotPermitted):
        commands.enroll_member(
            cast.rosa(desk.practice.pk),
            payer_id="BLUE1",
            member_id="XJ1",
            family="Diaz",
            given="Maria",
            born_on=date(1962, 3, 14),
            starts_on=date(2025, 1, 1),
        )
    with acting_in(desk.practice.pk):
        assert Member.objects.count() == 0


def test_a_fault_that_does_not_exist_is_refused_in_a_sentence() -> None:
    desk = PayerDesk()
    with pytest.raises(commands_refusal(), match="called gremlins"):
        desk.enroll(fault="gremlins")


def commands_refusal() -> type[Exception]:
    from daysheet.payer.commands.members import NoSuchFault

    return NoSuchFault


def test_what_went_to_the_deductible_was_paid_out_of_pocket_and_a_plan_may_have_no_maximum() -> None:
    desk = PayerDesk()
    desk.enroll(has_met_deductible=True)
    most = [item.amount for item in answer(desk, inquiry()).benefits if item.code == "G"]
    assert most == [Decimal("3000.00"), Decimal("2500.00")]
    senior = queries.profile("FEDS1")
    assert senior is not None
    standing = answers.Standing(senior.plan("standard"), date(2026, 1, 1), None, Met())
    assert not [item for item in answers._benefits(standing) if item.code == "G"]
