"""How money, days and spans are said."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils.html import escape

from daysheet.ui import words
from daysheet.ui.status import ICONS, STATES, status


@pytest.mark.parametrize(
    ("amount", "said"),
    [("1040", "$1,040.00"), ("-22", "credit $22.00"), ("0", "$0.00"), ("0.5", "$0.50")],
)
def test_an_amount_is_said_in_dollars_and_never_with_a_minus(amount: str, said: str) -> None:
    assert words.usd(Decimal(amount)) == said


def test_days_are_said_with_the_month_as_a_word() -> None:
    assert words.day(date(2026, 3, 9)) == "Mon Mar 9, 2026"
    assert words.born(date(1962, 3, 14)) == "Mar 14, 1962"


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (date(1962, 3, 14), "63"),
        (date(1962, 3, 9), "64"),
        (date(2024, 3, 10), "23 months"),
        (date(2026, 1, 10), "58 days"),
        (date(2026, 3, 9), "0 days"),
        (None, "age not known"),
    ],
)
def test_the_age_is_said_in_years_months_or_days(born: date | None, said: str) -> None:
    assert words.age(born, date(2026, 3, 9)) == said


@pytest.mark.parametrize(("minutes", "said"), [(12, "12 min"), (65, "1 h 05"), (0, "0 min"), (None, "")])
def test_a_span_is_said_short(minutes: int | None, said: str) -> None:
    assert words.span(minutes) == said


def test_a_moment_is_said_where_the_office_is() -> None:
    shown = engines["jinja2"].from_string(
        "{{ at|clock }}, {{ at|stamp }}, {{ at|clock('America/Los_Angeles') }}"
    )
    request = SimpleNamespace(office=SimpleNamespace(zone=ZoneInfo("America/New_York")))
    at = datetime(2026, 3, 9, 13, 15, tzinfo=UTC)  # the Monday after the clocks went forward
    assert shown.render({"at": at, "request": request}) == "9:15 am, Mar 9, 9:15 am, 6:15 am"


def test_a_number_that_nobody_can_read_is_shown_as_it_is() -> None:
    assert words.phone("ask Rosa") == "ask Rosa"
    assert words.phone("+442079460000") == "+44 20 7946 0000"


def test_every_state_has_a_word_and_one_of_the_six_tones() -> None:
    assert {shown.tone for shown in STATES.values()} == set(ICONS)
    assert all(str(shown.word) for shown in STATES.values())


def test_a_state_that_is_not_in_the_table_is_a_bug() -> None:
    with pytest.raises(KeyError):
        status("purple")


@pytest.mark.parametrize("state", sorted(STATES))
def test_complaint_colour_a_state_is_drawn_with_its_icon_its_word_and_its_tint(state: str) -> None:
    shown = engines["jinja2"].from_string("{% import 'ui/status.html' as s %}{{ s.tag(state) }}")
    drawn = shown.render({"state": state})
    meant = STATES[state]
    assert f"tag-{meant.tone}" in drawn
    assert f'href="#i-{ICONS[meant.tone]}"' in drawn
    assert escape(str(meant.word)) in drawn


def test_a_span_of_whole_days_is_said_without_midnight() -> None:
    told = engines["jinja2"].from_string("{{ a|since(zone) }} until {{ b|until(zone) }}")
    zone = ZoneInfo("America/New_York")
    first, last = datetime(2026, 12, 8, tzinfo=zone), datetime(2026, 12, 10, tzinfo=zone)
    assert told.render({"a": first, "b": last, "zone": zone}) == "Dec 8 until Dec 9"
    half = datetime(2026, 12, 9, 13, 30, tzinfo=zone)
    assert told.render({"a": half, "b": last, "zone": zone}) == "Dec 9, 1:30 pm until Dec 9"
