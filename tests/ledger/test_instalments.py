"""The instalments of a plan: to the cent, on the right days, and how a plan is kept."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.kernel.money import ZERO
from daysheet.ledger.instalments import EVERY, Due, Terms, Unsound, due_days, due_until, keeping, schedule

TODAY = date(2026, 3, 9)
JAN_31 = date(2026, 1, 31)
MONEY = st.decimals(min_value=Decimal("0.02"), max_value=Decimal("99999.99"), places=2)


def terms(total: str, **more: object) -> Terms:
    facts: dict[str, object] = {"every": "month", "first_on": date(2026, 4, 5), "begins_on": TODAY} | more
    return Terms(Decimal(total), **facts)  # type: ignore[arg-type]


def amounts(made: list[Due]) -> list[str]:
    return [str(one.amount) for one in made]


def test_the_last_instalment_takes_the_cents_that_are_left() -> None:
    assert amounts(schedule(terms("100.00", count=3))) == ["33.33", "33.33", "33.34"]


def test_the_last_one_is_smaller_where_each_is_said() -> None:
    assert amounts(schedule(terms("120.00", each=Decimal("50.00")))) == ["50.00", "50.00", "20.00"]


def test_the_down_payment_is_due_at_once() -> None:
    made = schedule(terms("120.00", down=Decimal("20.00"), count=2))
    assert [(one.on, str(one.amount)) for one in made] == [
        (TODAY, "20.00"),
        (date(2026, 4, 5), "50.00"),
        (date(2026, 5, 5), "50.00"),
    ]


def test_a_month_that_is_too_short_has_its_last_day() -> None:
    days = due_days(JAN_31, "month", 4)
    assert days == [JAN_31, date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_two_weeks_are_fourteen_days() -> None:
    assert due_days(TODAY, "two_weeks", 3) == [TODAY, date(2026, 3, 23), date(2026, 4, 6)]


@pytest.mark.parametrize(
    ("total", "more", "field"),
    [
        ("0.00", {"count": 2}, "amount"),
        ("50.00", {"count": 2, "down": Decimal("50.00")}, "down"),
        ("50.00", {"count": 2, "first_on": date(2026, 3, 8)}, "first_on"),
        ("50.00", {}, "count"),
        ("50.00", {"count": 2, "each": Decimal("5.00")}, "count"),
        ("50.00", {"count": 121}, "count"),
        ("50.00", {"count": 0}, "count"),
        ("0.01", {"count": 2}, "count"),
        ("50.00", {"each": Decimal("0.00")}, "each"),
        ("50.00", {"each": Decimal("0.10")}, "each"),
        ("50.00", {"count": 12, "first_on": date(9999, 12, 1)}, "first_on"),
    ],
)
def test_terms_that_give_no_plan_name_their_field(total: str, more: dict[str, object], field: str) -> None:
    with pytest.raises(Unsound) as no:
        schedule(terms(total, **more))
    assert no.value.args[0] == field


@given(total=MONEY, count=st.integers(1, 120), every=st.sampled_from(EVERY), ahead=st.integers(0, 400))
def test_instalments_add_up_to_the_balance_and_come_in_order(
    total: Decimal, count: int, every: str, ahead: int
) -> None:
    said = terms(str(total), count=count, every=every, first_on=TODAY + timedelta(days=ahead))
    if total < Decimal("0.01") * count:
        with pytest.raises(Unsound):
            schedule(said)
        return
    made = schedule(said)
    assert sum(one.amount for one in made) == total
    assert len(made) == count
    assert [one.on for one in made] == sorted({one.on for one in made})
    assert min(one.amount for one in made) > 0
    assert made[-1].amount == max(one.amount for one in made)


@given(total=MONEY, each=MONEY, down=st.decimals(min_value=0, max_value=Decimal("0.01"), places=2))
def test_so_much_each_time_adds_up_too(total: Decimal, each: Decimal, down: Decimal) -> None:
    if total - down > each * 120:
        with pytest.raises(Unsound):
            schedule(terms(str(total), each=each, down=down))
        return
    made = schedule(terms(str(total), each=each, down=down))
    assert sum(one.amount for one in made) == total
    assert all(one.amount <= each for one in made)


@given(total=MONEY, paid=MONEY, most=MONEY, count=st.integers(1, 24), day=st.integers(-10, 900))
def test_what_is_due_is_never_more_than_is_left(
    total: Decimal, paid: Decimal, most: Decimal, count: int, day: int
) -> None:
    try:
        made = schedule(terms(str(total), count=count))
    except Unsound:
        return
    held = keeping(made, paid, today=TODAY + timedelta(days=day), grace=5, most=most)
    assert held.left == min(max(total - paid, ZERO), most)
    assert ZERO <= held.late <= held.due <= held.left
    assert (held.state == "done") is (held.left == 0)


MARCH = [Due(date(2026, 3, 1), Decimal("50.00")), Due(date(2026, 4, 1), Decimal("50.00"))]


@pytest.mark.parametrize(
    ("paid", "today", "state", "due", "late"),
    [
        ("0.00", date(2026, 2, 28), "kept", "0.00", "0.00"),
        ("0.00", date(2026, 3, 1), "due", "50.00", "0.00"),
        ("0.00", date(2026, 3, 6), "due", "50.00", "0.00"),
        ("0.00", date(2026, 3, 7), "late", "50.00", "50.00"),
        ("20.00", date(2026, 3, 7), "late", "30.00", "30.00"),
        ("50.00", date(2026, 3, 7), "kept", "0.00", "0.00"),
        ("60.00", date(2026, 4, 1), "due", "40.00", "0.00"),
        ("100.00", date(2026, 9, 1), "done", "0.00", "0.00"),
    ],
)
def test_a_payment_fills_the_oldest_and_grace_is_counted(
    paid: str, today: date, state: str, due: str, late: str
) -> None:
    held = keeping(MARCH, Decimal(paid), today=today, grace=5)
    assert (held.state, str(held.due), str(held.late)) == (state, due, late)


def test_what_is_no_longer_owed_is_not_asked() -> None:
    held = keeping(MARCH, ZERO, today=date(2026, 4, 9), grace=5, most=Decimal("30.00"))
    assert (str(held.left), str(held.due), held.missed) == ("30.00", "30.00", 1)


def test_what_is_due_until_a_day_counts_what_was_paid() -> None:
    assert due_until(MARCH, Decimal("20.00"), date(2026, 4, 1)) == Decimal("80.00")
