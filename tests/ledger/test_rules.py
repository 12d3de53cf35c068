"""Double entry as pure rules, for any figures."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.kernel.cards import holds_card_number
from daysheet.kernel.ids import new_id
from daysheet.ledger import rules
from daysheet.ledger.models import Account
from daysheet.ledger.rules import PatientLine, PlanPosting, Side

CENTS = st.integers(-50_000, 50_000).map(lambda cents: Decimal(cents) / 100)
DAY = date(2026, 3, 9)
PATIENT = new_id()


def test_every_account_belongs_to_a_class() -> None:
    assert set(rules.CLASS_OF) == {str(account) for account in Account}


def test_a_debit_and_a_credit_need_an_amount_above_zero_and_a_known_account() -> None:
    assert rules.debit("cash", Decimal("5")).amount == Decimal("5.00")
    assert rules.credit("patient", Decimal("5")).amount == Decimal("-5.00")
    for amount in ("0", "-1"):
        with pytest.raises(rules.Unbalanced):
            rules.debit("cash", Decimal(amount))
    with pytest.raises(rules.Unbalanced, match="no account petty"):
        rules.debit("petty", Decimal("5"))


def test_sides_that_do_not_sum_to_zero_are_no_entry() -> None:
    with pytest.raises(rules.Unbalanced, match=r"sum to 0\.01"):
        rules.balanced([rules.debit("cash", Decimal("5.01")), rules.credit("patient", Decimal("5.00"))])


@given(st.lists(CENTS, min_size=1))
def test_a_mirror_undoes_its_entry(amounts: list[Decimal]) -> None:
    sides = [rules.signed("patient", amount) for amount in amounts]
    total = sum(side.amount for side in [*sides, *rules.mirror(sides)])
    assert total == 0


@given(CENTS, st.lists(st.tuples(st.sampled_from(["CO", "PR", "OA", "PI", "CR"]), CENTS), max_size=6))
def test_what_a_plan_says_always_balances_and_only_pr_is_the_patients(
    paid: Decimal, adjusted: list[tuple[str, Decimal]]
) -> None:
    posting = PlanPosting(
        PATIENT, None, None, None, None, paid, [(group, "1", amount) for group, amount in adjusted]
    )
    sides = rules.plan_sides(posting, payer_id=new_id(), money="eft")
    assert sum(side.amount for side in sides) == 0
    patient = sum((side.amount for side in sides if side.account == "patient"), Decimal(0))
    assert patient == sum((amount for group, amount in adjusted if group == "PR"), Decimal(0))


ITEMS = st.lists(st.tuples(st.integers(0, 5), CENTS, st.booleans()), max_size=12)


@given(ITEMS, CENTS)
def test_settling_leaves_no_overpaid_thing_and_no_credit_beside_a_debt(
    lines: list[tuple[int, Decimal, bool]], unapplied: Decimal
) -> None:
    items = rules.items_of(
        PatientLine(number, applied, Side("patient", amount, PATIENT, service_on=DAY + timedelta(days=day)))
        for number, (day, amount, applied) in enumerate(lines)
    )
    moves = rules.settle(items, unapplied)
    left = {id(item): item.owed for item in items}
    anew = Decimal(0)
    for move in moves:
        if move.item is None:
            anew -= move.amount
        else:
            left[id(move.item)] -= move.amount
    credit = unapplied - sum(move.amount for move in moves)
    assert credit >= 0
    assert all(owed >= 0 for owed in left.values())
    assert credit == 0 or (not any(left.values()) and anew == 0)
    assert sum(left.values()) + anew - credit == sum((item.owed for item in items), Decimal(0)) - unapplied
    sides = rules.settling_sides(moves, patient_id=PATIENT, today=DAY)
    assert sum(side.amount for side in sides) == 0


@given(st.lists(st.integers(0, 5000), max_size=8), st.integers(0, 20_000))
def test_credit_pays_the_oldest_first(owed: list[int], credit: int) -> None:
    items = rules.items_of(
        PatientLine(n, False, Side("patient", Decimal(cents), PATIENT, service_on=DAY + timedelta(days=n)))
        for n, cents in enumerate(owed)
    )
    left = [item.owed for item in items]
    for move in rules.settle(items, Decimal(credit)):
        assert move.item is not None
        left[items.index(move.item)] -= move.amount
    first_open = next((n for n, cents in enumerate(left) if cents), len(left))
    assert all(left[n] == items[n].owed for n in range(first_open + 1, len(left)))


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(rules.CLASS_OF)), st.sampled_from(sorted(rules.CLASS_OF)), CENTS)
    )
)
def test_any_balanced_day_proves_itself(moves: list[tuple[str, str, Decimal]]) -> None:
    sums: dict[str, Decimal] = {}
    for debited, credited, amount in moves:
        sums[debited] = sums.get(debited, Decimal(0)) + amount
        sums[credited] = sums.get(credited, Decimal(0)) - amount
    assert rules.prove(sums).off_by == 0


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "my card 4111-1111-1111-1111 ok",
        "378282246310005",
        "6011000990139424123",
    ],
)
def test_a_card_number_is_seen_however_it_is_typed(text: str) -> None:
    assert holds_card_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1182",
        "A1B2C3",
        "555 201 0142",
        "123456789012",
        "20 digits 12345678901234567890",
        "01999999-9999-7999-8999-999999999999",
    ],
)
def test_other_numbers_are_no_card(text: str) -> None:
    assert not holds_card_number(text)
