"""A series is changed: this visit, those that follow, all to come; seen before, moved at once, taken back at once."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.errors import StaleForm
from daysheet.schedule import changing, commands
from daysheet.schedule.changing import Change, Place
from daysheet.schedule.models import Appointment, AppointmentSeries
from tests import make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, hours

TUESDAY = date(2026, 3, 10)
NINE = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)
WEEK, HOUR = timedelta(days=7), timedelta(hours=1)
TEN = Change(clock=time(10))


def booked(house: House, times: int = 4, starts: list[datetime] | None = None) -> AppointmentSeries:
    return commands.book_series(
        house.rosa,
        patient_id=house.diaz.id,
        provider_id=house.lee.id,
        location_id=house.door.id,
        type_id=house.follow_up.id,
        first_on=TUESDAY,
        clock=time(9),
        every=1,
        unit="week",
        weekdays=[],
        starts=starts or [NINE + n * WEEK for n in range(times)],
        reason="Cough",
    )


def now(series: AppointmentSeries) -> list[Place]:
    return changing.places(series.pk)


def starts(series: AppointmentSeries) -> list[datetime]:
    return [one.appointment.starts_at for one in now(series)]


def change(house: House, series: AppointmentSeries, what: Change, *numbers: int, **more: Any) -> list[Any]:
    seen = [
        (one.appointment.pk, one.appointment.version)
        for one in now(series)
        if not numbers or one.number in numbers
    ]
    facts = {"series_id": series.pk, "version": None, "visits": seen} | more
    return commands.change_series(house.rosa, **facts, change=what)


@pytest.mark.parametrize(("scope", "numbers"), [("this", [2]), ("following", [2, 4]), ("all", [1, 2, 4])])
def test_which_visits_a_change_is_about(house: House, scope: Any, numbers: list[int]) -> None:
    series = booked(house)
    third = now(series)[2].appointment
    commands.cancel_appointment(house.rosa, appointment_id=third.pk, version=None, reason="ill")
    assert [one.number for one in changing.in_scope(now(series), scope, 2, house.rosa.now)] == numbers
    later = NINE + timedelta(hours=1)
    past = changing.in_scope(now(series), "all", 1, later)
    assert 1 not in [one.number for one in past]


def test_what_stands_against_each_visit_is_said_and_its_own_time_is_no_obstacle(house: House) -> None:
    series = booked(house)
    appointment(house, NINE + WEEK + timedelta(minutes=20), patient=house.ann)
    rows = changing.preview(now(series), Change(clock=time(9, 10)), now=house.rosa.now)
    assert [one.against for one in rows] == [(), ("the clinician has another visit",), (), ()]
    assert [one.is_usual for one in rows] == [True, False, True, True]
    assert rows[0].starts_at == NINE + timedelta(minutes=10)
    longer = changing.preview(now(series), Change(minutes=40), now=house.rosa.now)
    assert [bool(one.against) for one in longer] == [False, True, False, False]
    assert starts(series)[0] == NINE


def test_the_preview_takes_the_same_statements_for_any_number(house: House) -> None:
    counts = []
    for first, times in ((NINE, 2), (NINE + 2 * HOUR, 20)):
        series = booked(house, starts=[first + n * WEEK for n in range(times)])
        with CaptureQueriesContext(connection) as heard:
            changing.preview(now(series), Change(clock=time(16)), now=house.rosa.now)
        counts.append(len(heard))
    assert counts[0] == counts[1] <= 10


def test_those_that_follow_are_moved_and_keep_their_place_and_their_former(house: House) -> None:
    series = booked(house)
    olds = [one.appointment.pk for one in now(series)]
    new = change(house, series, Change(clock=time(10), minutes=30, reason="Knee"), 2, 3, 4)
    assert starts(series) == [NINE, *(NINE + n * WEEK + HOUR for n in (1, 2, 3))]
    assert [one.alone for one in now(series)] == [False] * 4
    assert [one.number for one in now(series)] == [1, 2, 3, 4]
    moved = [Appointment.objects.get(pk=pk) for pk in olds[1:]]
    assert [(one.booking, one.moved_to_id) for one in moved] == [("rescheduled", one.pk) for one in new]
    assert {(one.minutes, one.reason) for one in new} == {(30, "Knee")}
    assert commands.undo_series_change(house.rosa, series_id=series.pk, appointment_id=new[0].pk) == 3
    assert [one.appointment.pk for one in now(series)] == olds
    assert starts(series) == [NINE + n * WEEK for n in range(4)]
    with pytest.raises(commands.NothingLeft):
        commands.undo_series_change(house.rosa, series_id=series.pk, appointment_id=new[0].pk)


def test_another_clinician_and_another_kind_keep_the_time_and_the_kind_says_how_long(house: House) -> None:
    hours(house.osei, house.door, 1, time(8), time(17))
    longer = make.visit_type("Long visit", minutes=40)
    series = booked(house, 2)
    appointment(house, NINE + timedelta(minutes=30), provider=house.osei, patient=house.ann)
    what = Change(provider_id=house.osei.pk, type_id=longer.pk)
    rows = changing.preview(now(series), what, now=house.rosa.now)
    assert [one.against for one in rows] == [("the clinician has another visit",), ()]
    Appointment.objects.filter(patient=house.ann).update(booking="cancelled")
    new = change(house, series, Change(provider_id=house.osei.pk, type_id=longer.pk))
    assert [(one.provider_id, one.type_id, one.minutes) for one in new] == [
        (house.osei.pk, longer.pk, 40)
    ] * 2
    assert starts(series) == [NINE, NINE + WEEK]


def test_this_visit_alone_stays_out_of_what_is_done_to_several_unless_it_is_chosen(house: House) -> None:
    series = booked(house, 3)
    (alone,) = change(house, series, TEN, 2, alone=True)
    assert [one.alone for one in now(series)] == [False, True, False]
    found = changing.visit_of(alone.pk)
    assert found is not None
    assert found.number == 2
    rows = changing.preview(now(series), Change(clock=time(11)), now=house.rosa.now)
    assert [one.is_usual for one in rows] == [True, False, True]
    new = change(house, series, Change(clock=time(11)))
    assert starts(series) == [NINE + n * WEEK + 2 * HOUR for n in range(3)]
    assert commands.undo_series_change(house.rosa, series_id=series.pk, appointment_id=new[2].pk) == 3
    assert starts(series) == [NINE, NINE + WEEK + HOUR, NINE + 2 * WEEK]
    assert [one.alone for one in now(series)] == [False, True, False]


def test_all_are_moved_or_none(house: House) -> None:
    series = booked(house, 3)
    appointment(house, NINE + WEEK + HOUR, patient=house.ann)
    with pytest.raises(commands.OneStandsAgainst, match=r"Tue, Mar 17, 2026: .* taken"):
        change(house, series, TEN)
    assert starts(series) == [NINE + n * WEEK for n in range(3)]
    assert len(change(house, series, TEN, 1, 3)) == 2


def test_what_was_changed_meanwhile_is_refused(house: House) -> None:
    series = booked(house, 3)
    seen = [(one.appointment.pk, one.appointment.version) for one in now(series)]
    with pytest.raises(StaleForm):
        change(house, series, TEN, version=series.version + 1)
    commands.move_appointment(
        house.rosa, appointment_id=seen[1][0], version=None, starts_at=NINE + WEEK + HOUR
    )
    with pytest.raises(StaleForm):
        change(house, series, TEN, visits=seen)
    with pytest.raises(StaleForm):
        change(house, series, TEN, visits=[(pk, version + 1) for pk, version in seen[:1]])
    other = appointment(house, NINE + 3 * HOUR, patient=house.ann)
    with pytest.raises(StaleForm):
        change(house, series, TEN, visits=[(other.pk, other.version)])
    for what, visits in ((Change(), seen), (TEN, [])):
        with pytest.raises(commands.NothingLeft):
            change(house, series, what, visits=visits)


def test_the_wall_clock_is_kept_over_the_change_of_the_clocks(house: House) -> None:
    october = datetime(2026, 10, 27, 13, 0, tzinfo=UTC)
    series = booked(house, starts=[october, october + WEEK + HOUR])
    new = change(house, series, TEN)
    assert [one.starts_at.hour for one in new] == [14, 15]
    hours(house.lee, house.door, 6, time(0), time(6))
    sunday = datetime(2027, 3, 14, 6, 30, tzinfo=UTC)
    night = booked(house, starts=[sunday])
    (row,) = changing.preview(now(night), Change(clock=time(2, 30)), now=house.rosa.now)
    assert "the clocks go forward then" in row.against
    with pytest.raises(commands.OneStandsAgainst, match="does not exist"):
        change(house, night, Change(clock=time(2, 30)))


def test_one_of_them_taken_back_alone_stands_in_the_series_again(house: House) -> None:
    series = booked(house, 2)
    first, second = (one.appointment.pk for one in now(series))
    new = change(house, series, TEN)
    commands.undo_booking(house.rosa, appointment_id=new[0].pk)
    assert [(one.appointment.pk, one.alone) for one in now(series)] == [(first, False), (new[1].pk, False)]
    with pytest.raises(commands.NothingLeft, match="changed meanwhile"):
        commands.undo_series(house.rosa, series_id=series.pk)
    assert commands.undo_series_change(house.rosa, series_id=series.pk, appointment_id=new[1].pk) == 1
    assert [one.appointment.pk for one in now(series)] == [first, second]
    assert commands.cancel_series(house.rosa, series_id=series.pk, version=None, reason="better") == 2


def test_a_change_is_not_taken_back_when_the_old_time_is_gone(house: House) -> None:
    series = booked(house, 2)
    new = change(house, series, TEN)
    appointment(house, NINE + WEEK, patient=house.ann)
    with pytest.raises(commands.SlotTaken):
        commands.undo_series_change(house.rosa, series_id=series.pk, appointment_id=new[0].pk)
    assert starts(series) == [NINE + HOUR, NINE + WEEK + HOUR]


# On screen


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def body(answer: Any) -> str:
    return str(answer.content.decode())


def address(series: AppointmentSeries) -> str:
    return f"/schedule/series/{series.pk}/change/"


def typed(rosa: Client, series: AppointmentSeries, **more: Any) -> dict[str, Any]:
    tokens = hidden_fields(body(rosa.get(address(series))), form='id="series-change"')
    return tokens | {"visit": "1", "scope": "all", "clock": "10", "look": "1"} | more


def test_every_visit_is_seen_then_those_that_are_ticked_are_moved(rosa: Client, house: House) -> None:
    series = booked(house, 3)
    appointment(house, NINE + WEEK + HOUR, patient=house.ann)
    first = now(series)[0].appointment
    assert f"{address(series)}?visit=1" in body(rosa.get(f"/schedule/appointments/{first.pk}/"))
    assert address(series) in body(rosa.get(f"/schedule/series/{series.pk}/"))
    for headers in ({}, {"HX-Request": "true"}):
        sent = typed(rosa, series)
        shown = rosa.post(address(series), sent, headers=headers)
        assert shown.status_code == 200
        assert "the clinician has another visit" in body(shown)
    assert body(shown).lstrip().startswith("<form")
    assert body(shown).count('name="visits"') == 3
    assert body(shown).count(" checked><span>Visit") == 2
    assert starts(series)[0] == NINE
    sent = sent | hidden_fields(body(shown)) | {"move": "1"}
    del sent["look"]
    keys = [f"{one.appointment.pk}.{one.appointment.version}" for one in now(series)]
    taken = rosa.post(address(series), sent | {"visits": keys})
    assert taken.status_code == 409
    assert "Tue, Mar 17, 2026" in body(taken)
    assert body(taken).count(" checked><span>Visit") == 3
    sent |= hidden_fields(body(taken), form='id="series-change"')
    good = rosa.post(address(series), sent | {"visits": [keys[0], keys[2]]})
    assert good["Location"] == f"/schedule/series/{series.pk}/"
    assert starts(series) == [NINE + HOUR, NINE + WEEK, NINE + 2 * WEEK + HOUR]
    assert "2 visits are moved." in body(rosa.get(good["Location"]))
    back = f"{address(series)}{now(series)[0].appointment.pk}/undo/"
    assert rosa.post(back)["Location"] == good["Location"]
    assert starts(series) == [NINE + n * WEEK for n in range(3)]
    gone = rosa.post(back, headers={"HX-Request": "true"})
    assert gone.status_code == 409
    assert "Nothing of that change is left" in body(gone)


def test_a_preview_that_is_no_longer_true_is_refused(rosa: Client, house: House) -> None:
    series = booked(house, 2)
    sent = typed(rosa, series)
    shown = rosa.post(address(series), sent)
    sent = sent | hidden_fields(body(shown), form='id="series-change"') | {"move": "1"}
    keys = [f"{one.appointment.pk}.{one.appointment.version}" for one in now(series)]
    another = rosa.post(address(series), sent | {"visits": keys, "clock": "11"})
    assert another.status_code == 409
    assert "You changed the form after you looked at the visits" in body(another)
    commands.set_confirmation(
        house.rosa, appointment_id=now(series)[1].appointment.pk, confirmation="confirmed"
    )
    sent |= hidden_fields(body(another), form='id="series-change"') | {"seen": sent["seen"]}
    stale = rosa.post(address(series), sent | {"visits": keys})
    assert stale.status_code == 409
    assert "Somebody changed a visit of this series" in body(stale)
    assert starts(series) == [NINE, NINE + WEEK]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"clock": ""}, "Say what is otherwise"),
        ({"clock": "9"}, "These visits are so already"),
        ({"clock": "noonish"}, "Write a time such as"),
        ({"minutes": "4"}, "at least 5"),
        ({"visit": "99"}, "choose one from the list"),
        ({"scope": "everything"}, "choose one from the list"),
        ({"who": "' or 1=1"}, "choose one from the list"),
    ],
)
def test_what_cannot_be_read_is_said(rosa: Client, house: House, more: dict[str, str], said: str) -> None:
    series = booked(house, 2)
    answer = rosa.post(address(series), typed(rosa, series, **more))
    assert answer.status_code == 422
    assert said in body(answer)


def test_forged_ticks_move_nothing(rosa: Client, house: House) -> None:
    series = booked(house, 2)
    other = appointment(house, NINE + 3 * HOUR, patient=house.ann)
    sent = typed(rosa, series)
    shown = rosa.post(address(series), sent)
    sent = sent | hidden_fields(body(shown), form='id="series-change"') | {"move": "1"}
    for ticks in (["\x00"], [f"{other.pk}.{other.version}"], ["1.1", "<b>"], []):
        answer = rosa.post(address(series), sent | {"visits": ticks})
        assert answer.status_code == 409
        sent |= hidden_fields(body(answer), form='id="series-change"')
    assert starts(series) == [NINE, NINE + WEEK]


def test_to_thursdays_each_visit_stays_in_its_week_and_all_come_back_at_one_press(house: House) -> None:
    series = booked(house)
    appointment(house, NINE + WEEK + timedelta(days=2), patient=house.ann)
    thursday = Change(weekday=3)
    rows = changing.preview(now(series), thursday, now=house.rosa.now)
    assert [one.starts_at for one in rows] == [NINE + n * WEEK + timedelta(days=2) for n in range(4)]
    assert [bool(one.against) for one in rows] == [False, True, False, False]
    new = change(house, series, thursday, 1, 3, 4)
    assert [one.on_day.weekday() for one in new] == [3, 3, 3]
    assert [one.alone for one in now(series)] == [False] * 4
    assert starts(series)[1] == NINE + WEEK
    assert commands.undo_series_change(house.rosa, series_id=series.pk, appointment_id=new[0].pk) == 3
    assert starts(series) == [NINE + n * WEEK for n in range(4)]


def test_to_an_earlier_weekday_with_another_time_the_wall_clock_counts(house: House) -> None:
    series = booked(house, 2)
    new = change(house, series, Change(clock=time(10), weekday=0), 2)
    assert [one.starts_at for one in new] == [NINE + timedelta(days=6) + HOUR]


def test_what_has_gone_by_and_what_is_so_already_is_not_moved(house: House) -> None:
    series = booked(house, 2)
    assert [one.is_changed(Change(weekday=1)) for one in now(series)] == [False, False]
    rows = changing.preview(now(series), Change(weekday=0), now=house.rosa.now)
    assert rows[0].against == ("the time has gone by",)
    assert rows[1].against == ()


def test_two_visits_of_a_week_do_not_fall_on_one_day(house: House) -> None:
    series = booked(house, starts=[NINE, NINE + timedelta(days=2)])
    rows = changing.preview(now(series), Change(weekday=4), now=house.rosa.now)
    assert rows[0].against == ()
    assert "the patient has another visit" in rows[1].against


def test_the_page_takes_a_weekday_and_shows_where_each_visit_would_be(house: House) -> None:
    series = booked(house, 2)
    rosa = desk(house)
    page = f"/schedule/series/{series.pk}/change/"
    fields = hidden_fields(rosa.get(page).content.decode(), form='id="series-change"')
    typed = {"visit": "1", "scope": "all", "weekday": "3", "look": "1"}
    body = rosa.post(page, fields | typed).content.decode()
    assert "Mar 12, 9:00 am" in body
    assert "Mar 19, 9:00 am" in body
    assert rosa.post(page, fields | typed | {"weekday": "7", "_once": "x"}).status_code == 422
