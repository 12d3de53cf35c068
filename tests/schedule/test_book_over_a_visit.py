"""Booking over: a rule, a reason and a permission; a lane beside the ordinary one, held by the same constraint."""

from datetime import time, timedelta
from uuid import UUID

import pytest

from daysheet.kernel.errors import NotPermitted
from daysheet.schedule import commands, queries
from daysheet.schedule.lanes import LaneRule, highest_lane, lowest_free
from daysheet.schedule.models import Appointment
from tests import make
from tests.cast import MONDAY, NOW
from tests.house import House
from tests.schedule.needing import NINE, REASON, book, held, resource, rule, scan

FOLLOW_UP, PHYSICAL = UUID(int=1), UUID(int=2)


def over(house: House, **more: object) -> Appointment:
    """Let the manager book Ann over the visit of Ms. Diaz."""
    facts = {"by": house.ana, "patient_id": house.ann.id, "overbook_reason": REASON} | more
    return book(house, house.follow_up, facts.pop("at", NINE), **facts)  # type: ignore[arg-type]


def test_a_visit_is_booked_over_another_where_a_rule_lets_it(house: House) -> None:
    rule(house)
    book(house, house.follow_up)
    made = over(house)
    assert (made.lane, made.overbook_reason) == (1, REASON)


def test_without_a_reason_the_time_is_taken(house: House) -> None:
    rule(house)
    book(house, house.follow_up)
    with pytest.raises(commands.SlotTaken):
        over(house, overbook_reason="  ")


def test_without_the_permission_nobody_books_over(house: House) -> None:
    rule(house)
    book(house, house.follow_up)
    with pytest.raises(NotPermitted):
        over(house, by=house.rosa)
    assert Appointment.objects.count() == 1


def test_without_a_rule_nobody_books_over(house: House) -> None:
    book(house, house.follow_up)
    with pytest.raises(commands.NoRuleForIt):
        over(house)


def test_no_more_than_the_rule_lets_stand_side_by_side(house: House) -> None:
    rule(house)
    book(house, house.follow_up)
    over(house)
    with pytest.raises(commands.LanesAreFull, match="at most 2 patients at once"):
        over(house, patient_id=make.patient("Roy").id)


def test_a_reason_that_was_not_needed_is_not_kept(house: House) -> None:
    rule(house)
    made = over(house)
    assert (made.lane, made.overbook_reason) == (0, "")


def test_a_patient_is_never_in_two_places_at_once_whatever_the_rule(house: House) -> None:
    rule(house)
    book(house, house.follow_up)
    with pytest.raises(commands.PatientIsElsewhere):
        over(house, patient_id=house.diaz.id)


def test_what_a_visit_needs_is_never_booked_over(house: House) -> None:
    rule(house)
    kind = scan(house, resource(house))
    made = book(house, kind)
    with pytest.raises(commands.ResourceTaken):
        book(house, kind, by=house.ana, patient_id=house.ann.id, overbook_reason=REASON)
    assert held(made) == ["Ultrasound 1"]


def test_the_time_beside_a_visit_that_was_cancelled_is_not_free(house: House) -> None:
    rule(house)
    first = book(house, house.follow_up)
    over(house)
    commands.cancel_appointment(house.rosa, appointment_id=first.id, version=None, reason="ill")
    with pytest.raises(commands.SlotTaken):
        book(house, house.follow_up, patient_id=make.patient("Roy").id)
    slots = queries.open_slots(
        type_id=house.follow_up.id,
        provider_ids=[house.lee.id],
        location_id=None,
        first_day=MONDAY + timedelta(days=1),
        last_day=MONDAY + timedelta(days=1),
        now=NOW,
        limit=1,
    )
    assert slots[0].starts_at == NINE + timedelta(minutes=20)


def test_a_visit_that_was_booked_over_stands_again_in_its_lane_if_that_is_free(house: House) -> None:
    rule(house)
    book(house, house.follow_up)
    first = over(house)
    commands.cancel_appointment(house.rosa, appointment_id=first.id, version=None, reason="ill")
    second = over(house, patient_id=make.patient("Roy").id)
    with pytest.raises(commands.SlotTaken):
        commands.reopen_appointment(house.rosa, appointment_id=first.id)
    commands.cancel_appointment(house.rosa, appointment_id=second.id, version=None, reason="ill")
    commands.reopen_appointment(house.rosa, appointment_id=first.id)
    first.refresh_from_db()
    assert (first.booking, first.lane) == ("scheduled", 1)


def test_a_move_onto_a_taken_time_needs_its_own_reason(house: House) -> None:
    rule(house)
    book(house, house.follow_up)
    later = over(house, at=NINE + timedelta(hours=1))
    move = {"appointment_id": later.id, "version": None, "starts_at": NINE}
    with pytest.raises(commands.SlotTaken):
        commands.move_appointment(house.ana, **move)  # type: ignore[arg-type]
    assert commands.move_appointment(house.ana, **move, overbook_reason=REASON).lane == 1  # type: ignore[arg-type]


def test_a_rule_that_is_removed_lets_nothing_more_be_booked_over(house: House) -> None:
    one = rule(house)
    book(house, house.follow_up)
    commands.remove_overbook_rule(house.ana, overbook_rule_id=one.id)
    with pytest.raises(commands.NoRuleForIt):
        over(house)


EIGHT, NOON, SIX = time(8), time(12), time(18)


@pytest.mark.parametrize(
    ("rules", "highest"),
    [
        ([], 0),
        ([LaneRule(None, None, EIGHT, SIX, 2)], 2),
        ([LaneRule(PHYSICAL, None, EIGHT, SIX, 2)], 0),
        ([LaneRule(None, 3, EIGHT, SIX, 2)], 0),
        ([LaneRule(None, 1, EIGHT, SIX, 2)], 2),
        ([LaneRule(None, None, NOON, SIX, 2)], 0),
        ([LaneRule(None, None, EIGHT, time(9), 2)], 0),
        ([LaneRule(None, None, time(9), SIX, 2)], 2),
        ([LaneRule(None, None, EIGHT, SIX, 1), LaneRule(None, None, EIGHT, NOON, 3)], 3),
        ([LaneRule(None, None, EIGHT, SIX, 3), LaneRule(FOLLOW_UP, None, EIGHT, SIX, 0)], 0),
        ([LaneRule(None, 1, EIGHT, SIX, 1), LaneRule(None, None, EIGHT, SIX, 3)], 1),
        ([LaneRule(FOLLOW_UP, None, EIGHT, SIX, 2), LaneRule(None, 1, EIGHT, SIX, 1)], 2),
    ],
    ids=[
        "no-rule", "any", "another-kind", "another-day", "this-day", "later", "ends-before", "begins-then",
        "larger-of-two", "kind-forbids", "day-before-any-day", "kind-before-day",
    ],
)  # fmt: skip
def test_the_most_exact_rule_says_how_many_stand_side_by_side(rules: list[LaneRule], highest: int) -> None:
    assert highest_lane(rules, type_id=FOLLOW_UP, weekday=1, begins=time(9)) == highest


@pytest.mark.parametrize(
    ("taken", "free"), [((), 0), ((0,), 1), ((1,), 0), ((0, 2), 1)], ids=["none", "first", "second", "gap"]
)
def test_the_lowest_free_lane_is_taken(taken: tuple[int, ...], free: int) -> None:
    assert lowest_free(taken) == free
