"""What a plan pays, to the cent, and every fault that can be named."""

from datetime import date
from decimal import Decimal

import pytest

from daysheet.kernel.money import ZERO, usd
from daysheet.payer import queries
from daysheet.payer.rules.decision import (
    ClaimedLine,
    Decision,
    Met,
    adjudicate,
    corrected,
    from_table,
    to_table,
)
from daysheet.payer.rules.faults import FAULTS, Chance, Stage
from daysheet.payer.rules.plans import Plan
from daysheet.payer.rules.receipt import is_npi, is_too_late, likeness, pay_day

VISIT = ClaimedLine("L1", "X0020", usd("120.00"), served_on=date(2026, 3, 9))
EXERCISE = ClaimedLine("L2", "X0015", usd("60.00"), served_on=date(2026, 3, 9))


def blue() -> Plan:
    profile = queries.profile("BLUE1")
    assert profile is not None
    return profile.plans["standard"]


def parts(decision: Decision) -> list[list[tuple[str, str, Decimal]]]:
    return [[(part.group, part.reason, part.amount) for part in item.adjustments] for item in decision.lines]


def test_before_the_deductible_the_patient_pays_the_plans_price() -> None:
    decision = adjudicate([VISIT, EXERCISE], plan=blue(), met=Met())
    assert parts(decision) == [
        [("CO", "45", usd("36.00")), ("PR", "3", usd("30.00")), ("PR", "1", usd("54.00"))],
        [("CO", "45", usd("18.00")), ("PR", "1", usd("42.00"))],
    ]
    assert (decision.paid, decision.patient_share) == (usd("0.00"), usd("126.00"))
    assert decision.deductible == usd("96.00")


def test_after_the_deductible_the_plan_pays_four_fifths_of_what_the_copay_leaves() -> None:
    decision = adjudicate(
        [VISIT, EXERCISE], plan=blue(), met=Met(deductible=usd("500.00"), out_of_pocket=usd("500.00"))
    )
    assert parts(decision) == [
        [("CO", "45", usd("36.00")), ("PR", "3", usd("30.00")), ("PR", "2", usd("10.80"))],
        [("CO", "45", usd("18.00")), ("PR", "2", usd("8.40"))],
    ]
    assert decision.paid == usd("76.80")


def test_the_patient_pays_no_more_than_the_yearly_most() -> None:
    decision = adjudicate(
        [VISIT], plan=blue(), met=Met(deductible=usd("500.00"), out_of_pocket=usd("2995.00"))
    )
    assert parts(decision) == [[("CO", "45", usd("36.00")), ("PR", "3", usd("5.00"))]]
    assert decision.paid == usd("79.00")


def test_a_code_that_the_table_does_not_know_is_priced_by_its_charge() -> None:
    odd = ClaimedLine("L1", "X9999", usd("33.33"))
    assert blue().price(code="X9999", units=Decimal(1), charge=odd.charge) == usd("23.33")


def test_a_price_is_never_above_the_charge() -> None:
    assert blue().price(code="X0020", units=Decimal(2), charge=usd("90.00")) == usd("90.00")


@pytest.mark.parametrize("fault", [name for name, item in FAULTS.items() if item.stage is Stage.DECISION])
def test_every_decision_adds_up_line_by_line(fault: str) -> None:
    met = Met(deductible=usd("480.00"), out_of_pocket=usd("480.00"))
    for lines in ([VISIT], [VISIT, EXERCISE]):
        decision = adjudicate(lines, plan=blue(), met=met, fault=fault)
        for item in decision.lines:
            assert item.line.charge == item.paid + sum((part.amount for part in item.adjustments), ZERO)
            assert item.paid >= 0
        assert from_table(to_table(decision), lines) == decision


@pytest.mark.parametrize(
    ("fault", "status", "paid", "share"),
    [
        ("denied_co_16", "4", "0.00", "0.00"),
        ("denied_pr_204", "4", "0.00", "180.00"),
        ("deductible", "1", "0.00", "126.00"),
        ("partial", "1", "43.20", "40.80"),
        ("bundled", "1", "43.20", "40.80"),
        ("zero_pay", "1", "0.00", "49.20"),
        ("crossed_over", "19", "76.80", "49.20"),
        ("interest", "1", "76.80", "49.20"),
    ],
)
def test_a_named_fault_gives_its_figures(fault: str, status: str, paid: str, share: str) -> None:
    met = Met(deductible=usd("500.00"), out_of_pocket=usd("500.00"))
    decision = adjudicate([VISIT, EXERCISE], plan=blue(), met=met, fault=fault)
    assert (decision.status, decision.paid, decision.patient_share) == (status, usd(paid), usd(share))


def test_interest_is_a_hundredth_of_what_is_paid() -> None:
    met = Met(deductible=usd("500.00"), out_of_pocket=usd("500.00"))
    assert adjudicate([VISIT, EXERCISE], plan=blue(), met=met, fault="interest").interest == usd("0.77")


def test_a_second_opinion_pays_a_tenth_less_and_still_adds_up() -> None:
    met = Met(deductible=usd("500.00"), out_of_pocket=usd("500.00"))
    again = corrected(adjudicate([VISIT], plan=blue(), met=met))
    assert parts(again) == [
        [("CO", "45", usd("40.32")), ("PR", "3", usd("30.00")), ("PR", "2", usd("10.80"))]
    ]
    assert again.paid == usd("38.88")


def test_the_same_seed_draws_the_same_faults_and_another_seed_others() -> None:
    profile = queries.profile("BLUE1")
    assert profile is not None
    claims = [f"claim {number}" for number in range(400)]

    def drawn(seed: str) -> list[str]:
        return [Chance(seed, 100).draw(profile.rates, Stage.DECISION, claim) for claim in claims]

    assert drawn("7") == drawn("7")
    assert drawn("7") != drawn("8")
    assert sum(1 for fault in drawn("7") if fault) == 39  # of 400, at 110 in a thousand


def test_without_dice_nothing_goes_wrong_by_chance() -> None:
    profile = queries.profile("BLUE1")
    assert profile is not None
    assert Chance().draw(profile.rates, Stage.DECISION, "any") == ""


def test_two_copies_of_a_claim_are_alike_whatever_their_numbers() -> None:
    copy = ClaimedLine("OTHER", "X0020", usd("120.00"), served_on=date(2026, 3, 9))
    assert likeness(payer_id="BLUE1", member_id="M1", lines=[VISIT]) == likeness(
        payer_id="BLUE1", member_id="M1", lines=[copy]
    )


def test_payments_never_fall_on_a_weekend() -> None:
    assert pay_day(date(2026, 3, 9), 5) == date(2026, 3, 16)  # Saturday the 14th becomes Monday
    assert pay_day(date(2026, 3, 9), 4) == date(2026, 3, 13)


def test_a_claim_on_the_last_day_of_the_limit_is_in_time() -> None:
    served = date(2026, 3, 9)
    assert not is_too_late(served_on=served, received_on=date(2026, 6, 7), limit_days=90)
    assert is_too_late(served_on=served, received_on=date(2026, 6, 8), limit_days=90)


def test_an_npi_proves_itself_by_its_check_digit() -> None:
    assert is_npi("1234567893")
    assert not is_npi("1234567890")
    assert not is_npi("١٢٣٤٥٦٧٨٩٣")  # digits, but not ours


def test_every_profile_names_only_faults_that_exist_and_has_a_plan() -> None:
    profiles = queries.profiles()
    assert sorted(profiles) == ["BLUE1", "FEDS1", "HARB1", "SUNR1"]
    for profile in profiles.values():
        assert set(profile.rates) <= set(FAULTS)
        assert profile.plans
