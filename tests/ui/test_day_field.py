"""What a desk types for a day."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import RequestFactory

from daysheet.ui import views
from daysheet.ui.forms import DayField, Form

MONDAY = date(2026, 3, 9)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-03-09", date(2026, 3, 9)),
        ("3/9", date(2026, 3, 9)),  # today counts as coming
        ("3/8", date(2027, 3, 8)),  # gone by this year
        ("3/9/26", date(2026, 3, 9)),
        ("3-9-2026", date(2026, 3, 9)),
        ("3/8/2026", date(2026, 3, 8)),
        ("mon", date(2026, 3, 16)),
        ("Tue", date(2026, 3, 10)),
        ("sunday", date(2026, 3, 15)),
        ("today", date(2026, 3, 9)),
        ("tomorrow", date(2026, 3, 10)),
        ("yesterday", date(2026, 3, 8)),
        ("+2w", date(2026, 3, 23)),
        ("+3d", date(2026, 3, 12)),
        ("-1d", date(2026, 3, 8)),
        ("+3m", date(2026, 6, 9)),
        ("+1y", date(2027, 3, 9)),
        ("Mar 14", date(2026, 3, 14)),
        ("March 14, 2027", date(2027, 3, 14)),
        ("Mon Mar 9, 2026", date(2026, 3, 9)),
        ("2/29", date(2028, 2, 29)),
    ],
)
def test_a_day_is_read_as_a_desk_writes_it(typed: str, meant: date) -> None:
    assert DayField(today=MONDAY).clean(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3/9", date(2026, 3, 9)),
        ("3/10", date(2025, 3, 10)),
        ("fri", date(2026, 3, 6)),
        ("mon", date(2026, 3, 2)),
    ],
)
def test_looking_back_takes_the_last_such_day(typed: str, meant: date) -> None:
    assert DayField(today=MONDAY, back=True).clean(typed) == meant


@pytest.mark.parametrize("typed", ["13/40", "2/30/2026", "2025-02-29", "0/5", "Feb 30"])
def test_a_day_that_does_not_exist_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"There is no such day\. Check the month and the day\."):
        DayField(today=MONDAY).clean(typed)


@pytest.mark.parametrize("typed", ["soon", "3", "3/9/026", "+2", "+2h", "mo", "Foo 3", "<script>"])
def test_what_is_no_day_is_refused_with_examples(typed: str) -> None:
    with pytest.raises(ValidationError, match=r"Write a day such as 3/9, mon, \+2w"):
        DayField(today=MONDAY).clean(typed)


@pytest.mark.parametrize("typed", ["+9999y", "-9999y", "-9999m", "+9999m"])
def test_a_day_too_far_away_never_breaks_the_page(typed: str) -> None:
    field = DayField(today=date(9200, 1, 1) if typed == "+9999m" else date(800, 1, 1))
    with pytest.raises(ValidationError, match="too far away"):
        field.clean(typed)


def test_the_end_of_a_month_stays_inside_the_next_one() -> None:
    assert DayField(today=date(2026, 1, 31)).clean("+1m") == date(2026, 2, 28)


def test_the_form_tells_its_fields_what_today_is() -> None:
    class Book(Form):
        day = DayField()

    form = Book({"day": "tue"}, today=MONDAY)
    assert form.is_valid()
    assert form.cleaned_data == {"day": date(2026, 3, 10)}


def test_a_kept_day_stands_in_the_box_so_that_it_can_be_read_again() -> None:
    field = DayField(today=date(2026, 1, 1))
    shown = field.prepare_value(MONDAY)
    assert shown == "3/9/2026"
    assert field.clean(shown) == MONDAY


@pytest.mark.parametrize(
    ("asked", "said"),
    [("q=%2B2w", "Mon Mar 23, 2026"), ("q=3/10&back=1", "Mon Mar 10, 2025"), ("q=soon", ""), ("", "")],
)
def test_the_day_is_said_in_words_seen_from_today_at_the_location(asked: str, said: str) -> None:
    request: Any = RequestFactory().get(f"/ui/day/?{asked}")
    request.office = SimpleNamespace(today=MONDAY)
    assert views.day_in_words(request).content.decode() == said  # type: ignore[attr-defined]


@pytest.mark.parametrize("typed", ["1/1/0001", "12/31/9999"])
def test_a_day_that_nobody_can_mean_is_asked_again(typed: str) -> None:
    field = DayField(today=MONDAY)
    with pytest.raises(ValidationError, match="years away"):
        field.clean(typed)
