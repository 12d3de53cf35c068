"""How much may be asked of a patient on a day: a table of what the plans are and what they have said."""

from decimal import Decimal

import pytest

from daysheet.coverage.rules.protection import HeldPlan, is_medicaid, protection

BLUE = HeldPlan("Blue PPO", verdict="eligible", copay=Decimal("30.00"))
MEDICARE_QMB = HeldPlan("Medicare", verdict="eligible", is_qmb=True)
UNASKED = HeldPlan("Sunrise Medicaid", is_medicaid=True)
ACTIVE = HeldPlan("Sunrise Medicaid", is_medicaid=True, verdict="eligible")
WITH_COPAY = HeldPlan("Sunrise Medicaid", is_medicaid=True, verdict="eligible", copay=Decimal("3.00"))
ENDED = HeldPlan("Sunrise Medicaid", is_medicaid=True, verdict="inactive")
UNKNOWN = HeldPlan("Sunrise Medicaid", is_medicaid=True, verdict="not_found")
CANNOT_SAY = HeldPlan("Sunrise Medicaid", is_medicaid=True, verdict="cannot_say")


@pytest.mark.parametrize(
    ("held", "kind", "allowed"),
    [
        ([MEDICARE_QMB], "qmb", "0.00"),
        ([MEDICARE_QMB, WITH_COPAY], "qmb", "0.00"),
        ([ACTIVE], "medicaid", "0.00"),
        ([WITH_COPAY], "medicaid", "3.00"),
        ([BLUE, WITH_COPAY], "medicaid", "3.00"),
        ([UNASKED], "medicaid", "0.00"),
        ([CANNOT_SAY], "medicaid", "0.00"),
    ],
)
def test_what_is_left_to_ask(held: list[HeldPlan], kind: str, allowed: str) -> None:
    told = protection(held)
    assert told is not None
    assert (told.kind, told.allowed, told.is_whole) == (kind, Decimal(allowed), allowed == "0.00")


@pytest.mark.parametrize("held", [[], [BLUE], [ENDED], [BLUE, UNKNOWN]])
def test_nothing_protects(held: list[HeldPlan]) -> None:
    assert protection(held) is None


def test_the_sentence_says_the_rule_and_what_to_do_next() -> None:
    told, asked = protection([UNASKED]), protection([WITH_COPAY])
    assert told
    assert asked
    assert told.sentence == (
        "Medicaid (Sunrise Medicaid) pays in full: ask the patient for nothing (42 CFR 447.15). "
        "Ask the plan about this day: a copay that it names may be asked."
    )
    assert asked.sentence == (
        "Medicaid (Sunrise Medicaid) pays in full: ask the patient for no more than the copay of $3.00 "
        "that it named (42 CFR 447.15)."
    )


@pytest.mark.parametrize(
    ("kind", "filing", "is_it"), [("medicaid", "CI", True), ("hmo", "MC", True), ("ppo", "CI", False)]
)
def test_medicaid_is_known_by_its_kind_or_its_code(kind: str, filing: str, is_it: bool) -> None:
    assert is_medicaid(kind, filing) is is_it
