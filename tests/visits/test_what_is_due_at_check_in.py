"""The rule that makes the to-do of a check-in: by kind of visit, age, and what was done before."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.visits.due import (
    OFTEN,
    Ask,
    Guest,
    Last,
    a_year_after,
    in_force,
    is_due,
    shipped,
    steps_due,
    the_ask,
)

TODAY = date(2026, 3, 9)
PHYSICAL, FOLLOW_UP = UUID(int=1), UUID(int=2)
ADULT = Guest(age=63, today=TODAY, type_id=FOLLOW_UP, is_covered=True)


@pytest.mark.parametrize(
    ("often", "last", "due"),
    [
        pytest.param("every_visit", Last(TODAY), True, id="every visit, done today"),
        pytest.param("yearly", Last(), True, id="yearly, never done"),
        pytest.param("yearly", Last(date(2025, 3, 10)), False, id="yearly, a year less a day ago"),
        pytest.param("yearly", Last(date(2025, 3, 9)), True, id="yearly, a year ago"),
        pytest.param("yearly", Last(date(2026, 3, 1), is_changed=True), True, id="yearly, but changed"),
        pytest.param("once", Last(date(2001, 1, 1), is_changed=True), False, id="once, long ago"),
        pytest.param("once", Last(), True, id="once, never done"),
        pytest.param("changed", Last(date(2001, 1, 1)), False, id="when it changes, unchanged"),
        pytest.param("changed", Last(date(2026, 3, 1), is_changed=True), True, id="when it changes, changed"),
    ],
)
def test_a_step_is_due_by_how_often_it_is_asked(often: str, last: Last, due: bool) -> None:
    assert is_due(Ask("card", often), last, TODAY) is due


def test_a_year_after_the_leap_day_is_the_first_of_march() -> None:
    assert a_year_after(date(2024, 2, 29)) == date(2025, 3, 1)


def test_a_rule_for_the_kind_of_visit_counts_before_one_for_the_age_and_that_before_one_for_all() -> None:
    all_of_them = Ask("photo_id", "once")
    of_an_age = Ask("photo_id", "yearly", youngest=60)
    of_a_kind = Ask("photo_id", "never", type_id=FOLLOW_UP)
    asks = [all_of_them, of_an_age, of_a_kind]
    assert the_ask(asks, ADULT) == of_a_kind
    assert the_ask(asks[:2], ADULT) == of_an_age
    assert the_ask(asks[:1], ADULT) == all_of_them
    assert the_ask(asks[1:], Guest(age=17, today=TODAY, type_id=PHYSICAL)) is None


def test_of_two_rules_as_exact_the_stricter_one_counts() -> None:
    weak, strict = Ask("card", "once"), Ask("card", "yearly", is_required=True)
    assert the_ask([weak, strict], ADULT) == strict


def test_an_office_rule_takes_the_place_of_what_is_shipped_for_that_step_alone() -> None:
    asks = in_force([Ask("photo_id", "never"), Ask("form-asthma", "yearly")])
    assert [ask.often for ask in asks if ask.kind == "photo_id"] == ["never"]
    assert [ask.kind for ask in asks] == [*(ask.kind for ask in shipped()), "form-asthma"]


def test_what_was_done_and_is_not_due_stands_on_file_with_its_day() -> None:
    before = Last(date(2025, 11, 3))
    plans = {plan.kind: plan for plan in steps_due(in_force([]), ADULT, {"photo_id": before})}
    assert (plans["photo_id"].on_file, plans["photo_id"].last_on) == (True, date(2025, 11, 3))
    assert (plans["card"].on_file, plans["card"].often) == (False, "changed")
    assert plans["identity"].is_required


def test_a_copay_that_is_known_to_be_nothing_stands_on_file() -> None:
    def copay(guest: Guest) -> bool:
        return next(plan for plan in steps_due(in_force([]), guest, {}) if plan.kind == "copay").on_file

    assert (copay(replace(ADULT, copay_is_nothing=True)), copay(ADULT)) == (True, False)


def test_a_step_without_anything_to_do_is_left_out() -> None:
    guest = Guest(age=5, today=TODAY, takes_copay=False, is_covered=False)
    kinds = [plan.kind for plan in steps_due(in_force([]), guest, {})]
    assert not {"card", "copay", "old_balance", "authorization", "form-health"} & {*kinds}
    coverage = next(plan for plan in steps_due(in_force([]), guest, {}) if plan.kind == "coverage")
    assert not coverage.is_required


asks = st.builds(
    Ask,
    kind=st.sampled_from(["card", "photo_id", "form-health"]),
    often=st.sampled_from(OFTEN),
    is_required=st.booleans(),
    type_id=st.sampled_from([None, PHYSICAL, FOLLOW_UP]),
    youngest=st.none() | st.integers(0, 130),
    oldest=st.none() | st.integers(0, 130),
)


@given(st.lists(asks, max_size=8), st.integers(0, 130))
def test_whatever_the_rules_each_step_comes_once_and_in_order(own: list[Ask], age: int) -> None:
    guest = Guest(age=age, today=TODAY, type_id=PHYSICAL, is_covered=True)
    kinds = [plan.kind for plan in steps_due(in_force(own), guest, {})]
    assert len(kinds) == len({*kinds})
    order = [kind for kind in (ask.kind for ask in in_force(own)) if kind in kinds]
    assert kinds == list(dict.fromkeys(order))
