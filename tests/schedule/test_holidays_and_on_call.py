"""Days on which the office is closed, times on call, and hours of every second week."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.access import NotPermitted
from daysheet.kernel.errors import Refusal
from daysheet.practice.models import Location, Provider
from daysheet.schedule import commands, patterns, queries
from daysheet.schedule.commands.setting import NotASpan
from daysheet.schedule.holidays import federal_holidays, kept_on
from daysheet.schedule.models import Absence, Holiday, ProviderHours
from daysheet.schedule.rules import turn_of
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, hours
from tests.schedule.needing import NINE, book
from tests.schedule.waiting import freed, waits

TUESDAY = date(2026, 3, 10)
WEEK = timedelta(days=7)
HTMX = {"HTTP_HX_REQUEST": "true"}


def found(house: House, day: date) -> list[str]:
    slots = queries.open_slots(
        type_id=house.follow_up.id,
        provider_ids=[house.lee.id],
        location_id=house.door.id,
        first_day=day,
        last_day=day,
        now=house.rosa.now,
        limit=99,
    )
    return [f"{one.starts_at.astimezone(house.door.zone):%H:%M}" for one in slots]


def test_the_federal_holidays_of_2026_are_those_of_the_law() -> None:
    told = {one.name: (f"{one.day:%m-%d}", f"{one.kept_on:%m-%d}") for one in federal_holidays(2026)}
    assert told == {
        "New Year's Day": ("01-01", "01-01"),
        "Birthday of Martin Luther King, Jr.": ("01-19", "01-19"),
        "Washington's Birthday": ("02-16", "02-16"),
        "Memorial Day": ("05-25", "05-25"),
        "Juneteenth National Independence Day": ("06-19", "06-19"),
        "Independence Day": ("07-04", "07-03"),  # a Saturday
        "Labor Day": ("09-07", "09-07"),
        "Columbus Day": ("10-12", "10-12"),
        "Veterans Day": ("11-11", "11-11"),
        "Thanksgiving Day": ("11-26", "11-26"),
        "Christmas Day": ("12-25", "12-25"),
    }


@pytest.mark.parametrize(
    ("day", "kept"),
    [
        (date(2022, 1, 1), date(2021, 12, 31)),  # a Saturday: the year before
        (date(2023, 1, 1), date(2023, 1, 2)),  # a Sunday
        (date(2027, 12, 25), date(2027, 12, 24)),
        (date(2026, 12, 25), date(2026, 12, 25)),
    ],
)
def test_a_holiday_on_a_weekend_is_kept_on_the_weekday_beside_it(day: date, kept: date) -> None:
    assert kept_on(day) == kept


def test_a_holiday_closes_the_office_and_what_is_booked_stays(house: House) -> None:
    visit = book(house, house.follow_up)
    commands.keep_holidays(house.ana, days=[commands.DayOff(TUESDAY, "Staff day")])
    assert found(house, TUESDAY) == []
    with pytest.raises(commands.OutsideHours):
        book(house, house.follow_up, NINE + timedelta(hours=1), patient_id=house.ann.id)
    visit.refresh_from_db()
    assert visit.booking == "scheduled"
    assert [one.booked for one in patterns.holidays(TUESDAY)] == [1]


def test_the_office_can_close_at_noon(house: House) -> None:
    commands.keep_holidays(house.ana, days=[commands.DayOff(TUESDAY, "Eve", time(12))])
    assert found(house, TUESDAY)[-1] == "11:40"


def test_a_holiday_of_the_day_of_23_hours_ends_with_it(house: House) -> None:
    (kept,) = commands.keep_holidays(house.ana, days=[commands.DayOff(date(2026, 11, 1), "Fall")])
    assert kept.absence.ends_at - kept.absence.starts_at == timedelta(hours=25)


def test_an_opened_holiday_is_booked_again(house: House) -> None:
    (kept,) = commands.keep_holidays(house.ana, days=[commands.DayOff(TUESDAY, "Staff day")])
    was = commands.remove_holiday(house.ana, holiday_id=kept.pk)
    assert was == commands.DayOff(TUESDAY, "Staff day")
    assert found(house, TUESDAY)[0] == "09:00"
    assert not Absence.objects.exists()
    with pytest.raises(Refusal):
        commands.remove_holiday(house.ana, holiday_id=kept.pk)


@pytest.mark.parametrize(
    "days",
    [
        [],
        [commands.DayOff(date(2026, 3, 2), "Gone by")],
        [commands.DayOff(TUESDAY, " ")],
        [commands.DayOff(TUESDAY, "Twice"), commands.DayOff(TUESDAY, "On one day")],
    ],
    ids=["none", "past", "nameless", "twice"],
)
def test_a_holiday_that_cannot_be_kept_leaves_no_trace(house: House, days: list[commands.DayOff]) -> None:
    with pytest.raises(Refusal):
        commands.keep_holidays(house.ana, days=days)
    assert not Holiday.objects.exists()
    assert not Absence.objects.exists()


def test_only_who_manages_the_office_closes_it(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.keep_holidays(house.rosa, days=[commands.DayOff(TUESDAY, "Mine")])
    with pytest.raises(NotPermitted):
        commands.put_on_call(
            house.rosa, provider_id=house.lee.id, starts_at=NINE, ends_at=NINE + timedelta(hours=1)
        )
    assert not Absence.objects.exists()


def test_time_on_call_is_shown_and_never_booked(house: House) -> None:
    commands.put_on_call(
        house.ana,
        provider_id=house.lee.id,
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=2),
        reason="Hospital",
    )
    assert found(house, TUESDAY)[0] == "11:00"
    body = desk(house).get("/schedule/2026-03-10/").content.decode()
    assert "9:00 am-11:00 am On call: Hospital" in body


@pytest.mark.parametrize("hours", [-1, 0, 24 * 40])
def test_time_on_call_is_a_span(house: House, hours: int) -> None:
    with pytest.raises(NotASpan):
        commands.put_on_call(
            house.ana, provider_id=house.lee.id, starts_at=NINE, ends_at=NINE + timedelta(hours=hours)
        )


def test_every_second_week_takes_turns_over_a_year_of_53_weeks() -> None:
    mondays = [date(2026, 12, 21) + n * WEEK for n in range(4)]  # 2026 has 53 weeks
    assert [turn_of(one) for one in mondays] in ([1, 2, 1, 2], [2, 1, 2, 1])
    assert turn_of(date(2026, 12, 27)) == turn_of(date(2026, 12, 21))


def test_hours_of_every_second_week_are_open_in_those_alone(house: House) -> None:
    saturday = date(2026, 3, 14)
    commands.set_provider_hours(
        house.ana,
        provider_id=house.lee.id,
        hours=[(house.door.id, 5, time(9), time(10))],
        turn=turn_of(saturday),
    )
    assert [found(house, saturday + n * WEEK) != [] for n in range(3)] == [True, False, True]
    assert found(house, TUESDAY)[0] == "09:00"  # what holds every week stays


def test_hours_of_one_week_may_not_meet_those_of_every_week(house: House) -> None:
    ask = {"provider_id": house.lee.id, "hours": [(house.door.id, 1, time(11), time(14))]}
    with pytest.raises(Refusal, match="Tuesday overlap"):
        commands.set_provider_hours(house.ana, turn=1, **ask)
    evening = [(house.door.id, 1, time(18), time(20))]
    for turn in (1, 2):  # the same evening in both weeks is no overlap
        commands.set_provider_hours(house.ana, provider_id=house.lee.id, hours=evening, turn=turn)
    with pytest.raises(Refusal, match="Tuesday overlap"):
        commands.set_provider_hours(
            house.ana, provider_id=house.lee.id, hours=[(house.door.id, 1, time(19), time(21))]
        )
    assert ProviderHours.objects.filter(turn=2).count() == 1


@pytest.fixture
def ana(house: House) -> Client:
    return desk(house, "office_manager", "ana")


def post(browser: Client, page: str, action: str, typed: dict[str, object], **more: str) -> object:
    body = browser.get(page).content.decode()
    fields = hidden_fields(body, form=f' method="post" action="{action}"')
    return browser.post(action, fields | typed, **more)  # type: ignore[arg-type]


def test_a_manager_keeps_the_federal_holidays_that_are_proposed(ana: Client, house: House) -> None:
    page = "/schedule/holidays/"
    body = ana.get(page).content.decode()
    assert "No holiday is kept yet" in body
    assert "Independence Day (observed)" in body
    ticked = {"holidays": ["2026-05-25", "2026-07-03"]}
    assert post(ana, page, "/schedule/holidays/federal/", ticked).status_code == 303  # type: ignore[attr-defined]
    body = ana.get(page).content.decode()
    assert 'value="2026-05-25"' not in body
    assert [one.name for one in Holiday.objects.order_by("day")] == ["Memorial Day", "Independence Day"]
    one = Holiday.objects.earliest("day")
    act = f"/schedule/holidays/{one.pk}/remove/"
    assert post(ana, page, act, {}).status_code == 303  # type: ignore[attr-defined]
    assert Holiday.objects.count() == 1


@pytest.mark.parametrize("htmx", [{}, HTMX], ids=["plain", "htmx"])
def test_a_day_that_stands_already_is_refused_and_nothing_typed_is_lost(
    ana: Client, house: House, htmx: dict[str, str]
) -> None:
    commands.keep_holidays(house.ana, days=[commands.DayOff(TUESDAY, "Staff day")])
    typed = {"name": "Retreat", "day": "3/10/2026", "from_clock": "12 pm"}
    answer = post(ana, "/schedule/holidays/", "/schedule/holidays/", typed, **htmx)
    body = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert "This day is on the list already." in body
    assert 'value="Retreat"' in body


def test_an_hour_that_cannot_be_read_is_said_beside_its_field(ana: Client, house: House) -> None:
    typed = {"name": "Retreat", "day": "3/11/2026", "from_clock": "midday"}
    answer = post(ana, "/schedule/holidays/", "/schedule/holidays/", typed)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert not Holiday.objects.exists()


def test_the_list_of_holidays_takes_one_statement_whatever_is_booked(house: House) -> None:
    counts = []
    for n in range(3):
        commands.keep_holidays(house.ana, days=[commands.DayOff(TUESDAY + n * WEEK, f"Day {n}")])
        for k in range(n):
            appointment(house, NINE + n * WEEK + timedelta(hours=k))
        with CaptureQueriesContext(connection) as heard:
            patterns.holidays(TUESDAY)
        counts.append(len(heard))
    assert counts == [1, 1, 1]


def test_a_manager_sets_the_hours_of_one_of_the_two_weeks(ana: Client, house: House) -> None:
    turn = turn_of(date(2026, 3, 14))
    page = f"/schedule/clinicians/{house.lee.id}/hours/?weeks={turn}"
    assert post(ana, page, page, {"at_0_5": "9-12"}).status_code == 303  # type: ignore[attr-defined]
    assert ProviderHours.objects.get(turn=turn).weekday == 5
    assert ProviderHours.objects.filter(turn=0).count() == 10
    body = ana.get(f"/schedule/clinicians/{house.lee.id}/hours/").content.decode()
    assert "every second one: Saturday 09:00-12:00" in body


def test_a_manager_notes_a_time_on_call(ana: Client, house: House) -> None:
    page = f"/schedule/clinicians/{house.lee.id}/hours/"
    act = f"/schedule/clinicians/{house.lee.id}/absences/"
    typed = {
        "sort": "on_call",
        "from_day": "3/13/2026",
        "from_clock": "5 pm",
        "to_day": "3/16/2026",
        "to_clock": "8 am",
    }
    assert post(ana, page, act, typed).status_code == 303  # type: ignore[attr-defined]
    kept = Absence.objects.get()
    assert (kept.sort, kept.ends_at) == ("on_call", datetime(2026, 3, 16, 12, 0, tzinfo=UTC))
    assert "On call" in ana.get(page).content.decode()


def test_a_holiday_is_not_taken_off_as_an_absence(house: House) -> None:
    commands.keep_holidays(house.ana, days=[commands.DayOff(date(2026, 7, 3), "Independence Day")])
    absence = Absence.objects.get()
    with pytest.raises(Refusal, match="under Holidays"):
        commands.remove_absence(house.ana, absence_id=absence.pk)
    assert Absence.objects.filter(pk=absence.pk).exists()


def west(house: House) -> Location:
    """Open a door in Los Angeles, where Dr. Osei sees patients from eight to five."""
    door = make.location("Ocean Ave", is_main=False, zone_name="America/Los_Angeles")
    hours(house.osei, door, 1, time(8), time(17))
    return door


def times(house: House, door: Location, who: Provider, day: date = TUESDAY) -> list[str]:
    """Return the free times of a clinician on a day by a door's own clock."""
    slots = queries.open_slots(
        type_id=house.follow_up.id,
        provider_ids=[who.id],
        location_id=door.id,
        first_day=day,
        last_day=day,
        now=house.rosa.now,
        limit=99,
    )
    return [f"{one.starts_at.astimezone(door.zone):%H:%M}" for one in slots]


def test_an_office_over_several_zones_closes_at_noon_by_the_clock_of_each_door(house: House) -> None:
    door = west(house)
    early = appointment(house, NINE + timedelta(hours=3, minutes=20), provider=house.osei, location=door)
    (kept,) = commands.keep_holidays(house.ana, days=[commands.DayOff(TUESDAY, "Eve", time(12))])
    assert times(house, house.door, house.lee)[-1] == "11:40"
    assert times(house, door, house.osei)[-1] == "11:40"
    assert [one.booked for one in patterns.holidays(TUESDAY)] == [0]  # at 12:20 pm in New York, 9:20 there
    at_two = appointment(house, NINE + timedelta(hours=5), patient=house.ann)
    assert [one.booked for one in patterns.holidays(TUESDAY)] == [1]
    assert (early.on_day, at_two.on_day) == (TUESDAY, TUESDAY)
    commands.remove_holiday(house.ana, holiday_id=kept.pk)
    assert not Absence.objects.exists()
    assert times(house, door, house.osei)[-1] == "16:40"


def test_a_whole_day_closes_each_door_from_midnight_to_midnight_of_its_own(house: House) -> None:
    door = west(house)
    hours(house.osei, door, 0, time(20), time(23, 40))
    commands.keep_holidays(house.ana, days=[commands.DayOff(TUESDAY, "Staff day")])
    assert times(house, door, house.osei) == []
    assert times(house, door, house.osei, cast.MONDAY)[-1] == "23:20"


def test_an_offer_ends_and_holds_again_with_a_holiday_of_its_door_alone(house: House) -> None:
    door = west(house)
    gone = freed(house, NINE + timedelta(hours=5), provider=house.osei, location=door)  # 11 am there
    waits(house)
    (offer,) = commands.offer_slot(house.rosa, freed_by_id=gone.pk)
    commands.keep_holidays(house.ana, days=[commands.DayOff(TUESDAY, "Eve", time(12))])
    offer.refresh_from_db()
    assert offer.answer == "ready"


def test_the_day_of_a_door_shows_its_holiday_once_whatever_clocks_others_keep(house: House) -> None:
    ana = desk(house, "office_manager", "ana")

    def seen() -> int:
        with house.open():
            (kept,) = commands.keep_holidays(house.ana, days=[commands.DayOff(TUESDAY, "Eve", time(12))])
            body = ana.get(f"/schedule/{TUESDAY}/").content.decode()
            commands.remove_holiday(house.ana, holiday_id=kept.pk)
        return body.count("Holiday: Eve")

    alone = seen()
    with house.open():
        west(house)
    assert seen() == alone > 0
