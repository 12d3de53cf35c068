"""The clock of an item says how much time is left, and the group follows from it."""

from datetime import UTC, datetime, timedelta

import pytest

from daysheet.tasks.rules import clock_of, group_of

NOW = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)  # 10:00 in New York
DAY_END = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # midnight there


@pytest.mark.parametrize(
    ("left", "tone", "words", "group"),
    [
        (timedelta(hours=-2), "stop", "2 h over", "overdue"),
        (timedelta(minutes=-1), "stop", "1 min over", "overdue"),
        (timedelta(days=-3), "stop", "3 days over", "overdue"),
        (DAY_END - timedelta(days=3) - NOW, "stop", "3 days over", "overdue"),
        (timedelta(0), "attention", "0 min left", "today"),
        (timedelta(hours=3), "attention", "3 h left", "today"),
        (timedelta(hours=14), "neutral", "tomorrow", "week"),
        (timedelta(days=3), "neutral", "in 3 days", "week"),
        (timedelta(days=6, hours=13), "neutral", "in 6 days", "week"),
        (timedelta(days=6, hours=14), "neutral", "in 7 days", "later"),
    ],
)
def test_time_left_gives_clock_and_group(left: timedelta, tone: str, words: str, group: str) -> None:
    due_at = NOW + left
    clock = clock_of(due_at, now=NOW, day_end=DAY_END)
    assert (clock.tone, clock.words) == (tone, words)
    assert group_of(due_at=due_at, now=NOW, day_end=DAY_END, is_waiting=False, snoozed_until=None) == group


def test_a_snooze_that_ran_out_counts_no_more() -> None:
    over = NOW - timedelta(minutes=1)
    assert (
        group_of(
            due_at=NOW + timedelta(hours=1), now=NOW, day_end=DAY_END, is_waiting=False, snoozed_until=over
        )
        == "today"
    )


def test_a_snoozed_item_that_waits_is_snoozed_first() -> None:
    until = NOW + timedelta(hours=1)
    assert group_of(due_at=NOW, now=NOW, day_end=DAY_END, is_waiting=True, snoozed_until=until) == "snoozed"
