"""One advice for each payer, office and day: it adds up, takes back what it must, and is never sent twice."""

from datetime import date
from decimal import Decimal

import pytest

from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.tenancy import acting_in
from daysheet.payer import commands
from daysheet.payer.models import PaymentMade, ReceivedClaim
from tests import cast
from tests.payer.office import EXERCISE, VISIT, PayerDesk, batch, claim

pytestmark = pytest.mark.django_db
PAY_DAY = date(2026, 3, 25)


def paid(fault: str = "", *lines: tuple[str, Decimal]) -> tuple[PayerDesk, x12.Remittance]:
    """One claim of Ms. Diaz, the deductible met, with a named fault, and its advice."""
    desk = PayerDesk()
    desk.enroll(fault=fault)
    desk.meet_deductible()
    desk.take(desk.envelope([batch(claim("C1", *(lines or (VISIT, EXERCISE))))]))
    (advice,) = desk.pay(PAY_DAY)
    return desk, advice


def errors(advice: x12.Remittance) -> list[str]:
    return [item.level for item in x12.balance(advice) if item.severity == "error"]


def test_an_advice_echoes_our_numbers_and_adds_up() -> None:
    _, advice = paid()
    (told,) = advice.claims
    assert (advice.amount, advice.method, advice.trace) == (Decimal("76.80"), "ACH", "BLUE10000001")
    assert (told.claim_id, told.payer_claim_number, told.status) == ("C1", "BLUE100000001", "1")
    assert [item.control for item in told.services] == ["C1-1", "C1-2"]
    assert [(p.group, p.reason, p.amount) for p in told.services[0].adjustments] == [
        ("CO", "45", Decimal("36")),
        ("PR", "3", Decimal("30")),
        ("PR", "2", Decimal("10.8")),
    ]
    assert errors(advice) == []


def test_nothing_is_paid_before_its_day() -> None:
    desk = PayerDesk()
    desk.enroll()
    desk.take(desk.envelope([batch(claim())]))
    assert desk.pay(date(2026, 3, 24)) == []


def test_what_was_paid_is_not_paid_again() -> None:
    desk, _ = paid()
    assert desk.pay(PAY_DAY) == []


def test_each_payer_sends_an_advice_of_its_own() -> None:
    desk = PayerDesk()
    desk.enroll()
    desk.enroll("H123456", "HARB1")
    claims = (claim("C1"), claim("C2", member_id="H123456", payer_id="HARB1"))
    desk.take(desk.envelope([batch(*claims)]))
    assert [advice.trace for advice in desk.pay(PAY_DAY)] == ["BLUE10000001", "HARB10000002"]


@pytest.mark.parametrize(
    ("fault", "status", "amount", "method"),
    [
        ("denied_co_16", "4", "0", "NON"),
        ("denied_co_97", "4", "0", "NON"),
        ("deductible", "1", "0", "NON"),
        ("partial", "1", "43.2", "ACH"),
        ("zero_pay", "1", "0", "NON"),
        ("bundled", "1", "43.2", "ACH"),
        ("crossed_over", "19", "76.8", "ACH"),
    ],
)
def test_a_named_fault_shows_on_the_advice_and_it_still_adds_up(
    fault: str, status: str, amount: str, method: str
) -> None:
    _, advice = paid(fault)
    assert (advice.claims[0].status, advice.amount, advice.method) == (status, Decimal(amount), method)
    assert errors(advice) == []


def test_bundled_lines_name_the_code_that_was_sent() -> None:
    _, advice = paid("bundled")
    joined = advice.claims[0].services[1]
    assert (joined.procedure.code, joined.submitted.code if joined.submitted else "") == ("X0020", "X0015")


def test_interest_stands_beside_the_claims_and_raises_the_payment() -> None:
    _, advice = paid("interest")
    assert [(item.reason, item.amount) for item in advice.provider_adjustments] == [("L6", Decimal("-0.77"))]
    assert advice.amount == Decimal("77.57")
    assert errors(advice) == []


def test_an_unbalanced_advice_is_wrong_by_ten_dollars_as_a_whole_alone() -> None:
    _, advice = paid("unbalanced")
    assert errors(advice) == ["transaction"]
    assert [item.difference for item in x12.balance(advice) if item.level == "transaction"] == [
        Decimal("10.00")
    ]


def test_an_unbalanced_claim_is_wrong_alone() -> None:
    _, advice = paid("unbalanced_claim")
    assert errors(advice) == ["claim"]


def test_a_reversal_takes_back_every_figure_and_a_correction_follows_in_one_file() -> None:
    desk, first = paid("reversal")
    (second,) = desk.pay(date(2026, 4, 1))
    back, again = second.claims
    assert (back.status, back.claim_id, back.paid) == ("22", "C1", Decimal("-76.80"))
    assert [item.amount for item in back.services[0].adjustments] == [
        -item.amount for item in first.claims[0].services[0].adjustments
    ]
    assert again.paid == Decimal("69.12")
    # 69.12 - 76.80 is below zero: nothing is paid, the rest is brought forward
    assert (second.amount, second.method) == (Decimal("0"), "NON")
    assert [(item.reason, item.amount) for item in second.provider_adjustments] == [("FB", Decimal("-7.68"))]
    assert errors(second) == []


def test_what_was_brought_forward_lowers_the_next_payment() -> None:
    desk, _ = paid("reversal")
    desk.pay(date(2026, 4, 1))
    commands.set_fault(desk.at(), payer_id="BLUE1", member_id="XJ4001", fault="")
    desk.take(desk.envelope([batch(claim("C2", served_on=date(2026, 3, 8)))], 2))
    (third,) = desk.pay(date(2026, 4, 30))
    assert [(item.reason, item.amount) for item in third.provider_adjustments] == [("FB", Decimal("7.68"))]
    assert third.amount == Decimal("43.20") - Decimal("7.68")
    assert errors(third) == []


def test_an_overpayment_is_held_back_from_a_later_file() -> None:
    desk, _ = paid("take_back")
    (second,) = desk.pay(date(2026, 4, 1))
    assert [(item.reason, item.amount) for item in second.provider_adjustments] == [("WO", Decimal("-7.68"))]
    assert (second.amount, errors(second)) == (Decimal("0"), [])
    commands.set_fault(desk.at(), payer_id="BLUE1", member_id="XJ4001", fault="")
    desk.take(desk.envelope([batch(claim("C2", served_on=date(2026, 3, 8)))], 2))
    (third,) = desk.pay(date(2026, 4, 30))
    assert [(item.reason, item.amount) for item in third.provider_adjustments] == [("WO", Decimal("7.68"))]
    assert third.amount == Decimal("35.52")


def test_a_replacement_reverses_the_first_and_pays_anew_under_its_own_number() -> None:
    desk, _ = paid("denied_co_16")
    fixed = claim("C2", VISIT, EXERCISE, frequency="7", original_claim="BLUE100000001")
    desk.take(desk.envelope([batch(fixed)], 2))
    (second,) = desk.pay(date(2026, 3, 31))
    assert [(item.claim_id, item.status, item.paid) for item in second.claims] == [
        ("C1", "22", Decimal("0")),
        ("C2", "1", Decimal("76.8")),
    ]
    assert errors(second) == []


def test_a_void_takes_the_payment_back_and_pays_nothing() -> None:
    desk, _ = paid()
    desk.take(
        desk.envelope([batch(claim("C2", VISIT, EXERCISE, frequency="8", original_claim="BLUE100000001"))], 2)
    )
    (second,) = desk.pay(date(2026, 3, 31))
    assert [(item.status, item.paid) for item in second.claims] == [("22", Decimal("-76.8"))]
    assert second.amount == 0


def test_a_claim_that_was_voided_may_be_sent_as_new() -> None:
    desk, _ = paid()
    desk.take(
        desk.envelope([batch(claim("C2", VISIT, EXERCISE, frequency="8", original_claim="BLUE100000001"))], 2)
    )
    desk.take(desk.envelope([batch(claim("C3", VISIT, EXERCISE))], 3))
    with acting_in(desk.practice.pk):
        assert ReceivedClaim.objects.get(control="C3").decision["fault"] == ""


def test_whoever_may_not_answer_as_payer_pays_nothing() -> None:
    desk = PayerDesk()
    desk.enroll()
    desk.take(desk.envelope([batch(claim())]))
    with pytest.raises(NotPermitted):
        commands.pay_due(cast.ana(desk.practice.pk), day=PAY_DAY)
    with acting_in(desk.practice.pk):
        assert PaymentMade.objects.count() == 0
        assert ReceivedClaim.objects.get().state == "decided"


def test_a_correction_is_paid_by_a_job_of_its_own_day() -> None:
    desk, _ = paid("reversal")
    days = [job.at.date().isoformat() for job in desk.jobs if job.name == "payer.pay_due" and job.at]
    assert days == ["2026-03-25", "2026-04-01"]
