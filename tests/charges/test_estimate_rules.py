"""Business days, deadlines and the patient's share, as pure rules."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.charges.rules import good_faith
from daysheet.charges.rules.business_days import (
    business_day_before,
    business_days_after,
    federal_holidays,
    is_business_day,
)
from daysheet.charges.rules.shares import Benefits, Service, share_of


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, "1/1 1/19 2/16 5/25 6/19 7/3 9/7 10/12 11/11 11/26 12/25"),
        (2025, "1/1 1/20 2/17 5/26 6/19 7/4 9/1 10/13 11/11 11/27 12/25"),
        (2023, "1/2 1/16 2/20 5/29 6/19 7/4 9/4 10/9 11/10 11/23 12/25"),
        (2022, "12/31 1/17 2/21 5/30 6/20 7/4 9/5 10/10 11/11 11/24 12/26"),
    ],
    ids=["2026", "2025", "2023", "2022"],
)
def test_the_federal_holidays_of_a_year(year: int, days: str) -> None:
    """As the Office of Personnel Management lists them; the first of 2022 was kept on the last day of 2021."""
    assert sorted(f"{one.month}/{one.day}" for one in federal_holidays(year)) == sorted(days.split())


def test_new_year_on_a_saturday_is_kept_in_the_old_year() -> None:
    assert not is_business_day(date(2021, 12, 31))
    assert is_business_day(date(2026, 12, 31))


@pytest.mark.parametrize(
    ("booked", "service", "due"),
    [
        ("2026-03-02", "2026-03-04", None),
        ("2026-03-02", "2026-03-05", "2026-03-03"),
        ("2026-03-06", "2026-03-11", "2026-03-09"),
        ("2026-03-02", "2026-03-15", "2026-03-03"),
        ("2026-03-02", "2026-03-16", "2026-03-05"),
        ("2026-11-25", "2026-11-30", None),
        ("2026-11-25", "2026-12-01", "2026-11-27"),
        ("2026-03-07", "2026-03-11", "2026-03-09"),
    ],
    ids=[
        "2 ahead",
        "3 ahead",
        "over a weekend",
        "9 ahead",
        "10 ahead",
        "thanksgiving 2",
        "thanksgiving 3",
        "on saturday",
    ],
)
def test_by_when_a_booked_visit_has_its_estimate(booked: str, service: str, due: str | None) -> None:
    found = good_faith.when_booked(date.fromisoformat(booked), date.fromisoformat(service))
    assert (found.on.isoformat() if found else None) == due


def test_a_request_has_three_business_days_and_a_change_the_day_before() -> None:
    assert good_faith.when_asked(date(2026, 7, 1)).on == date(2026, 7, 7)
    assert good_faith.when_changed(date(2026, 3, 2), date(2026, 3, 16)).on == date(2026, 3, 13)
    assert good_faith.when_changed(date(2026, 3, 15), date(2026, 3, 16)).on == date(2026, 3, 15)
    assert good_faith.when_changed(date(2026, 3, 2), None).on == date(2026, 3, 5)


def test_400_dollars_and_no_less_is_far_over() -> None:
    assert good_faith.far_over(billed=Decimal("639.99"), expected=Decimal(240)) is None
    assert good_faith.far_over(billed=Decimal(640), expected=Decimal(240)) == Decimal(400)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 30))
def test_business_days_go_forward_and_back(day: date, count: int) -> None:
    found = business_days_after(day, count)
    assert is_business_day(found)
    between = [day + timedelta(days=n) for n in range(1, (found - day).days + 1)]
    assert sum(map(is_business_day, between)) == count
    assert business_days_after(business_day_before(day), 1) >= day


@pytest.mark.parametrize(
    ("said", "total"),
    [
        ({"copay": 30, "deductible_left": 0, "coinsurance": 0}, "30.00"),
        ({"copay": 30, "deductible_left": 50, "coinsurance": 20}, "86.00"),
        ({"copay": 0, "deductible_left": 0, "coinsurance": 20}, "34.00"),
        ({"copay": 0, "deductible_left": 500, "coinsurance": 20}, "170.00"),
        ({"copay": 200, "deductible_left": 0, "coinsurance": 0}, "90.00"),
        ({"copay": 30, "deductible_left": 50, "coinsurance": 20, "limit_left": 40}, "40.00"),
        ({"copay": 30, "deductible_left": 50, "coinsurance": 20, "is_protected": True}, "0.00"),
    ],
    ids=["copay", "all three", "share", "deductible", "copay above the price", "limit", "protected"],
)
def test_what_a_member_pays(said: dict[str, Any], total: str) -> None:
    services = [
        Service("X0020", Decimal(120), Decimal(90), is_visit=True),
        Service("X0015", Decimal(120), Decimal(80)),
    ]
    held = Benefits(**{key: one if isinstance(one, bool) else Decimal(one) for key, one in said.items()})
    found = share_of(services, held)
    assert found.total.is_exact
    assert found.total.low == Decimal(total)


MONEY = st.decimals(0, 5000, places=2)
MAYBE = st.none() | MONEY


@given(
    st.lists(st.builds(Service, st.just("X"), MONEY, MAYBE, st.booleans()), max_size=5),
    st.builds(Benefits, MAYBE, MAYBE, MAYBE, st.none() | st.decimals(0, 100, places=2), MAYBE),
)
def test_a_share_is_a_range_within_what_is_charged_and_the_limit(
    services: list[Service], said: Benefits
) -> None:
    found = share_of(services, said)
    assert Decimal(0) <= found.total.low <= found.total.high <= found.allowed.high
    assert found.allowed.high <= sum((one.charge for one in services), Decimal(0))
    if said.limit_left is not None:
        assert found.total.high <= said.limit_left
