"""Dollars and cents."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.kernel.money import NotMoney, say, share, usd

amounts = st.integers(-(10**11), 10**11).map(lambda cents: Decimal(cents) / 100)


@pytest.mark.parametrize(
    "value", [1.5, True, "1.005", "NaN", "Infinity", "ten", "1e11", Decimal("0.001"), None, ""]
)
def test_what_is_no_money_is_refused(value: object) -> None:
    with pytest.raises(NotMoney):
        usd(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "amount"), [("12.5", "12.50"), (7, "7.00"), ("-0.00", "0.00"), ("-3.10", "-3.10")]
)
def test_money_has_two_places(value: str | int, amount: str) -> None:
    assert str(usd(value)) == amount


@given(amounts, st.lists(st.integers(0, 1000), min_size=1, max_size=12))
def test_shares_add_up_to_the_total_and_differ_from_the_exact_part_by_less_than_a_cent(
    total: Decimal, parts: list[int]
) -> None:
    shares = share(total, parts)
    assert sum(shares) == total
    weights = parts if any(parts) else [1] * len(parts)
    for part, weight in zip(shares, weights, strict=True):
        exact = total * weight / sum(weights)
        assert abs(part - exact) <= Decimal("0.01")


def test_a_dollar_in_three_gives_the_odd_cent_to_the_first() -> None:
    assert share(usd("1.00"), [1, 1, 1]) == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]


def test_shares_refuse_no_parts_and_negative_parts() -> None:
    for parts in ([], [1, -1]):
        with pytest.raises(NotMoney):
            share(usd(1), parts)


def test_an_amount_is_said_as_the_desk_says_it() -> None:
    assert say(usd("1040")) == "$1,040.00"
    assert say(usd("-22")) == "credit $22.00"
