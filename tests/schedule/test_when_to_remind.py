"""When a message goes, by which way, and what a reply means: rules without a database."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.kernel.ids import new_id
from daysheet.schedule.reminding import (
    Booked,
    Rule,
    awake_until,
    due_rule,
    in_turn,
    is_awake,
    moment_to_send,
    next_awake,
    reads_as,
    stand_in,
)

NEW_YORK = ZoneInfo("America/New_York")
OPENS, CLOSES = time(9), time(20)
DAY = timedelta(days=1)


def here(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)


@pytest.mark.parametrize(
    ("starts_at", "lead", "goes_at"),
    [
        (here(3, 11, 10), DAY, here(3, 10, 10)),
        (here(3, 11, 8), DAY, here(3, 10, 9)),
        (here(3, 11, 21), DAY, here(3, 11, 9)),
        (here(3, 11, 10, 30), timedelta(hours=2), here(3, 10, 19)),
        (here(3, 11, 11), timedelta(hours=2), here(3, 11, 9)),
        (here(3, 11, 8), timedelta(hours=2), here(3, 10, 19)),
        (here(3, 8, 10), DAY, here(3, 7, 9)),
        (here(11, 1, 10), DAY, here(10, 31, 11)),
        (here(3, 11, 20), DAY, here(3, 11, 9)),
    ],
    ids=[
        "within-the-hours",
        "before-they-begin-it-waits-for-the-morning",
        "after-they-end-it-waits-for-the-next-morning",
        "too-close-in-the-morning-it-goes-on-the-eve",
        "two-hours-before-it-goes-in-the-morning",
        "an-early-visit-is-told-of-on-the-eve",
        "a-day-is-24-hours-when-the-clocks-go-forward",
        "a-day-is-24-hours-when-the-clocks-go-back",
        "the-last-hour-is-quiet-already",
    ],
)
def test_a_message_goes_its_lead_before_and_never_in_the_quiet_hours(
    starts_at: datetime, lead: timedelta, goes_at: datetime
) -> None:
    assert moment_to_send(starts_at, lead, OPENS, CLOSES, NEW_YORK) == goes_at


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
    st.integers(60, 43_200),
    st.integers(0, 22),
    st.integers(1, 23),
)
def test_whatever_the_visit_the_message_comes_before_it_and_awake(
    starts: datetime, minutes: int, opens: int, closes: int
) -> None:
    starts_at = starts.replace(tzinfo=UTC, second=0, microsecond=0)
    begin, end = time(min(opens, closes - 1)), time(closes)
    at = moment_to_send(starts_at, timedelta(minutes=minutes), begin, end, NEW_YORK)
    assert at < starts_at
    skipped = at.astimezone(NEW_YORK).date().month in (3, 11)  # the clock has no such hour, or has it twice
    assert skipped or is_awake(at, begin, end, NEW_YORK)


def test_the_next_moment_awake_is_now_or_when_the_quiet_hours_end() -> None:
    assert next_awake(here(3, 11, 10), OPENS, CLOSES, NEW_YORK) == here(3, 11, 10)
    assert next_awake(here(3, 11, 7), OPENS, CLOSES, NEW_YORK) == here(3, 11, 9)
    assert next_awake(here(3, 11, 20), OPENS, CLOSES, NEW_YORK) == here(3, 12, 9)
    assert awake_until(here(3, 11, 10), CLOSES, NEW_YORK) == here(3, 11, 20)


TYPE = new_id()


def rule(lead: timedelta, *, type_id: UUID | None = None, also_confirmed: bool = False) -> Rule:
    return Rule(new_id(), type_id, lead, ("sms",), OPENS, CLOSES, also_confirmed)


def booked(**more: object) -> Booked:
    facts = {"booked_at": here(1, 5, 10), "is_confirmed": False, "reminded_at": None} | more
    return Booked(new_id(), new_id(), TYPE, new_id(), NEW_YORK, here(3, 11, 10), **facts)  # type: ignore[arg-type]


THREE, ONE = rule(3 * DAY), rule(DAY)
OWN = rule(2 * DAY, type_id=TYPE)


@pytest.mark.parametrize(
    ("visit", "rules", "now", "due"),
    [
        (booked(), [THREE, ONE], here(3, 8, 9, 59), None),
        (booked(), [THREE, ONE], here(3, 8, 10), THREE),
        (booked(), [THREE, ONE], here(3, 10, 10), ONE),
        (booked(reminded_at=here(3, 8, 11)), [THREE, ONE], here(3, 9, 10), None),
        (booked(reminded_at=here(3, 8, 11)), [THREE, ONE], here(3, 10, 10), ONE),
        (booked(reminded_at=here(3, 10, 10)), [THREE, ONE], here(3, 10, 11), None),
        (booked(booked_at=here(3, 10, 12)), [THREE, ONE], here(3, 10, 13), None),
        (booked(is_confirmed=True), [THREE, ONE], here(3, 10, 10), None),
        (booked(is_confirmed=True), [rule(DAY, also_confirmed=True)], here(3, 10, 9), None),
        (booked(), [THREE, OWN], here(3, 8, 10), None),
        (booked(), [THREE, OWN], here(3, 9, 10), OWN),
        (booked(), [ONE], here(3, 10, 21), None),
        (booked(), [ONE], here(3, 11, 10), None),
    ],
    ids=[
        "not-yet",
        "three-days-before",
        "the-closest-when-both-are-due",
        "once-by-a-rule",
        "then-by-the-next",
        "not-twice",
        "not-what-was-booked-within-the-lead",
        "not-who-has-confirmed",
        "not-yet-for-who-has-confirmed",
        "a-kind-of-visit-with-its-own-rule-follows-no-other",
        "but-its-own",
        "not-at-night",
        "not-when-it-begins",
    ],
)
def test_which_rule_is_due(visit: Booked, rules: list[Rule], now: datetime, due: Rule | None) -> None:
    assert due_rule(visit, rules, now=now) == due


def test_who_has_confirmed_hears_by_a_rule_that_says_so() -> None:
    also = rule(DAY, also_confirmed=True)
    assert due_rule(booked(is_confirmed=True), [THREE, also], now=here(3, 10, 10)) == also


def test_a_message_asked_for_follows_the_closest_rule_or_the_usual_hours() -> None:
    assert stand_in(TYPE, [THREE, ONE]) == ONE
    assert stand_in(TYPE, [ONE, OWN]) == OWN
    assert stand_in(TYPE, []).channels == ("sms", "email", "voice")


def test_the_preferred_way_is_first_and_only_what_works_is_tried() -> None:
    every = {"sms": "+14135550142", "email": "m@example.org", "voice": "+14135550142"}
    turn = ("sms", "email", "voice")
    assert in_turn(turn, reachable=every, open_ways={*turn}) == ["sms", "email", "voice"]
    assert in_turn(turn, reachable=every, open_ways={*turn}, prefers="voice") == ["voice", "sms", "email"]
    assert in_turn(turn, reachable=every | {"sms": ""}, open_ways={"sms", "voice"}) == ["voice"]
    assert in_turn(("sms",), reachable=every, open_ways={*turn}, prefers="email") == ["sms"]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("1", "confirmed"),
        (" Yes! ", "confirmed"),
        ("SÍ", "confirmed"),
        ("2", "cannot_come"),
        ("no puedo", "cannot_come"),
        ("can't", "cannot_come"),
        ("3.", "call_me"),
        ("Call me", "call_me"),
        ("STOP", "stop"),
        ("Please stop this", "stop"),
        ("unsubscribe", "stop"),
        ("Stop, please!", "stop"),
        ("stop texting me", "stop"),
        ("ALTO por favor", "stop"),
        ("Cancelar", "stop"),
        ("will stop by later", "wrote"),
        ("I'll stop by", "wrote"),
        ("bus stop", "wrote"),
        ("please", "wrote"),
        ("9", "stop"),
        ("START", "start"),
        ("", "wrote"),
        ("👍", "wrote"),
        ("1 or 2?", "wrote"),
        ("yes but later", "wrote"),
        ("0", "wrote"),
        ("11", "wrote"),
        ("do not stop the treatment of my mother", "wrote"),
    ],
    ids=str,
)
def test_what_a_reply_means(text: str, meaning: str) -> None:
    assert reads_as(text) == meaning


@given(st.text(max_size=2000))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert reads_as(text) in {"confirmed", "cannot_come", "call_me", "stop", "start", "wrote"}
