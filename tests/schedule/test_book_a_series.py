"""A series: when its visits fall, what stands against each, all or none, and what is done to several of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.schedule import commands
from daysheet.schedule.models import Absence, Appointment, AppointmentSeries
from daysheet.schedule.planning import Wanted, plan
from daysheet.schedule.repeating import Repeat, days_of
from tests import make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

TUESDAY = date(2026, 3, 10)  # the clocks went forward on Sunday the eighth
NINE = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        (Repeat(TUESDAY, 1, "week", (), 3), ["03-10", "03-17", "03-24"]),
        (Repeat(TUESDAY, 2, "week", (0, 3), 3), ["03-12", "03-23", "03-26"]),
        (Repeat(TUESDAY, 10, "day", (), None, date(2026, 3, 30)), ["03-10", "03-20", "03-30"]),
        (Repeat(date(2026, 1, 31), 1, "month", (), 3), ["01-31", "02-28", "03-31"]),
        (Repeat(TUESDAY, 1, "week", (), None, date(2026, 3, 9)), []),
    ],
)
def test_the_days_of_a_series(rule: Repeat, days: list[str]) -> None:
    assert [f"{one:%m-%d}" for one in days_of(rule)] == days


def test_a_series_without_end_stops_at_sixty_and_at_two_years() -> None:
    assert len(days_of(Repeat(TUESDAY, 1, "day"))) == 60
    assert days_of(Repeat(TUESDAY, 1, "month"))[-1] <= TUESDAY + timedelta(days=732)


def wanted(house: House, clock: time = time(9)) -> Wanted:
    return Wanted(house.diaz.id, house.lee.id, house.door.id, house.follow_up.id, house.door.zone, clock)


def booked(house: House, starts: list[datetime], **more: Any) -> AppointmentSeries:
    facts = {
        "patient_id": house.diaz.id,
        "provider_id": house.lee.id,
        "location_id": house.door.id,
        "type_id": house.follow_up.id,
        "first_on": TUESDAY,
        "clock": time(9),
        "every": 1,
        "unit": "week",
        "weekdays": [],
    }
    return commands.book_series(house.rosa, **facts | more, starts=starts)


def test_what_stands_against_each_visit_is_said_with_the_nearest_free_time(house: House) -> None:
    appointment(house, NINE + WEEK, patient=house.ann)
    Absence.objects.create(
        provider=house.lee, starts_at=NINE + 2 * WEEK, ends_at=NINE + 2 * WEEK + timedelta(hours=1)
    )
    appointment(house, NINE + 3 * WEEK, provider=house.osei)
    days = days_of(Repeat(TUESDAY, 1, "week", (), 5))
    rows = plan(wanted(house), days, now=house.rosa.now)
    assert [one.against for one in rows] == [
        (),
        ("the clinician has another visit",),
        ("the clinician is away, or the door is closed",),
        ("the patient has another visit",),
        (),
    ]
    near = [one.near.starts_at if one.near else None for one in rows]
    later = timedelta(minutes=20)
    assert near == [None, NINE + WEEK + later, NINE + 2 * WEEK + 3 * later, NINE + 3 * WEEK + later, None]


def test_the_wall_clock_is_kept_over_the_change_of_the_clocks(house: House) -> None:
    days = [date(2026, 10, 27), date(2026, 11, 3)]
    first, second = plan(wanted(house), days, now=house.rosa.now)
    assert (first.starts_at.hour, second.starts_at.hour) == (13, 14)
    assert first.against == second.against == ()


def test_who_keeps_no_hours_has_a_series_at_any_time_and_elsewhere_is_outside_the_hours(house: House) -> None:
    evening = replace(wanted(house, time(19)), provider_id=house.osei.id)
    assert [one.against for one in plan(evening, [TUESDAY], now=house.rosa.now)] == [()]
    Absence.objects.create(provider=house.osei, starts_at=NINE, ends_at=NINE + WEEK)
    (away,) = plan(evening, [TUESDAY], now=house.rosa.now)
    assert away.against == ("the clinician is away, or the door is closed",)
    annex = replace(wanted(house), location_id=make.location("Annex", is_main=False).pk)
    (elsewhere,) = plan(annex, [TUESDAY], now=house.rosa.now)
    assert elsewhere.against == ("outside the clinician's hours",)


def test_outside_hours_and_past_are_said(house: House) -> None:
    (evening,) = plan(wanted(house, time(20)), [TUESDAY], now=house.rosa.now)
    assert evening.against == ("outside the clinician's hours",)
    (past,) = plan(wanted(house), [TUESDAY - WEEK], now=house.rosa.now)
    assert "the time has gone by" in past.against


def test_the_preview_takes_the_same_statements_for_any_number(house: House) -> None:
    counts = []
    for times in (2, 50):
        with CaptureQueriesContext(connection) as heard:
            plan(wanted(house), days_of(Repeat(TUESDAY, 1, "week", (), times)), now=house.rosa.now)
        counts.append(len(heard))
    assert counts[0] == counts[1] <= 7


def test_all_visits_are_booked_or_none(house: House) -> None:
    appointment(house, NINE + WEEK, patient=house.ann)
    with pytest.raises(commands.OneStandsAgainst, match=r"Tue, Mar 17, 2026: .* taken"):
        booked(house, [NINE, NINE + WEEK, NINE + 2 * WEEK])
    assert Appointment.objects.count() == 1
    assert not AppointmentSeries.objects.exists()
    series = booked(house, [NINE, NINE + 2 * WEEK])
    assert [one.number for one in series.visits.order_by("number")] == [1, 2]
    assert Appointment.objects.holding().filter(patient=house.diaz).count() == 2


def states(series: AppointmentSeries) -> list[str]:
    return [one.appointment.booking for one in series.visits.select_related("appointment").order_by("number")]


def test_this_and_those_following_are_cancelled_and_stand_again_together(house: House) -> None:
    series = booked(house, [NINE + n * WEEK for n in range(4)])
    alone, moved = (series.visits.get(number=n).appointment_id for n in (3, 2))
    commands.cancel_appointment(house.rosa, appointment_id=alone, version=None, reason="ill")
    commands.move_appointment(
        house.rosa, appointment_id=moved, version=None, starts_at=NINE + WEEK + timedelta(hours=1)
    )
    assert commands.cancel_series(house.rosa, series_id=series.pk, version=1, reason="better") == 2
    assert states(series) == ["late_cancelled", "rescheduled", "cancelled", "cancelled"]
    assert Appointment.objects.holding().count() == 1
    assert commands.let_series_stand_again(house.rosa, series_id=series.pk) == 2
    assert states(series) == ["scheduled", "rescheduled", "cancelled", "scheduled"]
    with pytest.raises(commands.NothingLeft):
        commands.let_series_stand_again(house.rosa, series_id=series.pk)


def test_one_that_stood_again_and_is_cancelled_alone_stays_out(house: House) -> None:
    series = booked(house, [NINE + WEEK * n for n in range(3)])
    commands.cancel_series(house.rosa, series_id=series.pk, version=None, reason="away")
    alone = series.visits.get(number=2).appointment_id
    commands.reopen_appointment(house.rosa, appointment_id=alone)
    commands.cancel_appointment(house.rosa, appointment_id=alone, version=None, reason="ill")
    assert commands.let_series_stand_again(house.rosa, series_id=series.pk) == 2
    assert states(series) == ["scheduled", "cancelled", "scheduled"]


def test_the_booking_of_a_series_is_taken_back_once(house: House) -> None:
    series = booked(house, [NINE, NINE + WEEK])
    assert commands.undo_series(house.rosa, series_id=series.pk) == 2
    assert states(series) == ["entered_in_error"] * 2
    for act in (commands.undo_series, commands.let_series_stand_again):
        with pytest.raises(commands.NothingLeft):
            act(house.rosa, series_id=series.pk)
    with pytest.raises(commands.NothingLeft):
        commands.cancel_series(house.rosa, series_id=series.pk, version=None, reason="ill")


# On screen


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def body(answer: Any) -> str:
    return str(answer.content.decode())


def typed(rosa: Client, house: House, **more: Any) -> dict[str, Any]:
    address = f"/schedule/book/{house.diaz.id}/series/"
    tokens = hidden_fields(body(rosa.get(address)), form='id="series-form"')
    facts = {
        "type": house.follow_up.id,
        "who": house.lee.id,
        "where": house.door.id,
        "first_on": "2026-03-10",
        "clock": "9",
        "every": "1",
        "unit": "week",
        "times": "3",
    }
    return tokens | facts | more


def test_every_visit_is_seen_before_any_is_booked(rosa: Client, house: House) -> None:
    appointment(house, NINE + WEEK, patient=house.ann)
    address = f"/schedule/book/{house.diaz.id}/series/"
    for headers in ({}, {"HX-Request": "true"}):
        shown = rosa.post(address, typed(rosa, house), headers=headers)
        assert shown.status_code == 200
        assert "the clinician has another visit" in body(shown)
    assert body(shown).lstrip().startswith("<form")
    assert not AppointmentSeries.objects.exists()
    minute = int((NINE + timedelta(0)).timestamp()) // 60
    chosen = {"book": "1", "visit_1": f"at.{minute}", "visit_2": "own", "visit_3": "skip"}
    bad = rosa.post(address, typed(rosa, house, **chosen, own_2="3/17 noonish"))
    assert bad.status_code == 422
    assert 'value="3/17 noonish"' in body(bad)
    good = rosa.post(address, typed(rosa, house, **chosen, own_2="3/17 10:40"))
    series = AppointmentSeries.objects.get()
    assert good["Location"] == f"/schedule/series/{series.pk}/"
    starts = [one.appointment.starts_at for one in series.visits.order_by("number")]
    assert starts == [NINE, NINE + WEEK + timedelta(minutes=100)]
    page = body(rosa.get(good["Location"]))
    assert "The series is booked." in page
    visit = series.visits.first()
    assert visit is not None
    assert good["Location"] in body(rosa.get(f"/schedule/appointments/{visit.appointment_id}/"))


def test_who_does_not_use_a_plan_says_so_once_for_the_whole_series(rosa: Client, house: House) -> None:
    address = f"/schedule/book/{house.diaz.id}/series/"
    assert "no plan is used for these visits" not in body(rosa.get(address))
    make.coverage(house.diaz, make.plan())
    assert "no plan is used for these visits" in body(rosa.get(address))
    minutes = [int((NINE + n * WEEK).timestamp()) // 60 for n in range(2)]
    chosen = {"book": "1", "visit_1": f"at.{minutes[0]}", "visit_2": f"at.{minutes[1]}", "visit_3": "skip"}
    assert rosa.post(address, typed(rosa, house, **chosen, pays_self="on")).status_code == 303
    assert list(Appointment.objects.values_list("pays_self", flat=True)) == [True, True]


def test_a_time_taken_meanwhile_is_refused_and_nothing_is_booked(rosa: Client, house: House) -> None:
    appointment(house, NINE, patient=house.ann)
    minute = int(NINE.timestamp()) // 60
    sent = typed(rosa, house, times="1", book="1", visit_1=f"at.{minute}")
    answer = rosa.post(f"/schedule/book/{house.diaz.id}/series/", sent)
    assert answer.status_code == 409
    assert "Tue, Mar 10, 2026" in body(answer)
    assert not AppointmentSeries.objects.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"times": ""}, "Say how many visits"),
        ({"clock": "noonish"}, "Write a time such as"),
        ({"until_on": "2026-03-09"}, "comes before the first one"),
        ({"every": "0"}, "at least 1"),
        ({"book": "1", "visit_1": "at.99999999999"}, "Choose one of the times"),
    ],
)
def test_what_cannot_be_read_is_said(rosa: Client, house: House, more: dict[str, str], said: str) -> None:
    answer = rosa.post(f"/schedule/book/{house.diaz.id}/series/", typed(rosa, house, **more))
    assert answer.status_code == 422
    assert said in body(answer)


def test_several_are_cancelled_from_the_page_of_the_series(rosa: Client, house: House) -> None:
    series = booked(house, [NINE + n * WEEK for n in range(3)])
    page = f"/schedule/series/{series.pk}/"
    assert "Every week with" in rosa.get(page).content.decode()

    def send(**more: str) -> Any:
        tokens = hidden_fields(body(rosa.get(page)), form='id="series-cancel-form"')
        return rosa.post(f"{page}cancel/", tokens | more)

    assert send(from_number="2", reason="").status_code == 422
    assert send(from_number="9", reason="Patient is ill").status_code == 409
    assert send(from_number="2", reason="Patient is ill")["Location"] == page
    assert "2 visits are cancelled." in body(rosa.get(page))
    tokens = hidden_fields(
        body(rosa.get(page)), form=f'<form class="act" method="post" action="{page}again/"'
    )
    assert rosa.post(f"{page}again/", tokens).status_code == 303
    assert rosa.post(f"{page}undo/").status_code in (303, 403)
    assert rosa.post(f"{page}again/", headers={"HX-Request": "true"}).status_code == 409
