"""Two small days of the family practice: every area of the front desk is played, and all balances."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from daysheet.kernel.models import Practice
from daysheet.site.simulate import week
from daysheet.site.verify import verify
from tests.played_days import played_days
from tests.throwaway import Throwaway

RUN = week.Run(days=2, visits=12, seed=1)


@pytest.fixture(scope="module")
def played(
    django_db_setup: None,
    django_db_blocker: Any,
    test_database: Throwaway,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Any]]:
    with played_days(RUN, django_db_blocker, test_database, tmp_path_factory) as told:
        yield told


def test_freed_times_are_filled_by_message_by_telephone_and_by_who_calls(played: dict[str, Any]) -> None:
    fill, answers = played["fill"], played["offers"]["answers"]
    assert fill["filled_by"]["message"] + fill["filled_by"]["phone"] > 0
    assert set(answers) >= {"accepted", "slot_gone"}
    assert 0 < fill["rate"] <= 1


def test_patients_come_in_by_desk_kiosk_and_phone_in_both_languages(played: dict[str, Any]) -> None:
    ways = played["check_ins"]
    assert all(ways[name] > 0 for name in ("desk", "kiosk", "phone", "in_spanish", "in_car", "changes_taken"))
    visits = played["totals"]["visits"] - played["elsewhere"]["round"]
    assert ways["desk"] + ways["kiosk"] + ways["phone"] == visits
    assert 0 < sum(played["tokens"].values()) <= visits
    assert played["flow"]["walk_ins"] > 0
    assert played["flow"]["left_unseen"] > 0


def test_who_cancels_late_is_charged_by_the_rule_or_not(played: dict[str, Any]) -> None:
    missed = played["missed"]
    assert missed["late_cancelled"] > 0
    assert sum(missed["fees"].values()) >= missed["late_cancelled"]


def test_who_is_reminded_answers_and_who_is_due_is_asked(played: dict[str, Any]) -> None:
    messages, recalls = played["messages"], played["recalls"]
    assert sum(messages["reminders"].values()) >= sum(messages["answers"].values()) > 0
    assert messages["answers"]["confirmed"] > 0
    assert set(recalls["contacts"]) >= {"call", "letter", "sms"}


def test_a_series_is_made_and_changed_and_who_meets_a_closed_time_is_moved(played: dict[str, Any]) -> None:
    assert played["series"] == {"made": 1, "visits": 4, "moved": 1, "cancelled": 1}
    closings = played["closings"]
    assert closings["made"] == {"clinician": 1}
    assert closings["visits"].get("to_call", 0) == 0 < sum(closings["visits"].values())
    assert played["blocks"]["kept"] >= played["blocks"]["booked_after_release"] > 0


def test_cards_are_taken_held_declined_and_given_back_and_cash_goes_to_the_safe(
    played: dict[str, Any],
) -> None:
    cards, drawers = played["cards"], played["drawers"]
    assert set(cards["charge"]) == {"captured", "declined", "returned"}
    assert set(cards["hold"]) == {"captured", "released"}
    assert cards["given_back"] > 0
    assert drawers["opened"] == drawers["closed"] <= drawers["counted"]
    assert drawers["dropped"] > 0


def test_patients_are_seen_by_video_and_on_a_round_prices_are_told_and_papers_kept(
    played: dict[str, Any],
) -> None:
    assert played["elsewhere"]["video"] > 0
    assert played["elsewhere"]["round"] == 4
    estimates = played["estimates"]
    assert estimates["good_faith"] > 0
    assert estimates["insured"] > 0
    assert estimates["papers"] >= estimates["handed_over"] > 0
    assert played["cases"] == {"auto": 1, "work": 1, "visits": 2}
    assert played["notices"]["signed"] == 1
    assert played["authorizations"]["used"] + played["authorizations"]["booked"] > 0


def test_the_books_are_sound_and_nothing_is_left_over(
    played: dict[str, Any], django_db_blocker: Any, test_database: Throwaway
) -> None:
    assert played["parked"] == played["unmatched"] == 0
    with django_db_blocker.unblock():
        practices = list(Practice.objects.filter(name__startswith="Simulation"))
        assert verify(practices=practices, seal=test_database.server.dsn("daysheet_sealer")) == []


def test_the_same_seed_plays_the_same(played: dict[str, Any], django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        assert json.dumps(week.simulate(RUN)) == json.dumps(played)
