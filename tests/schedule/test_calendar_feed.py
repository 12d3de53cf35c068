"""A clinician's calendar feed: Busy and no more, by an address that is shown once and can be closed."""

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import AuditLine
from daysheet.practice.models import Location
from daysheet.schedule import commands, feeds
from daysheet.schedule.commands.days_off import DayOff
from daysheet.schedule.models import CalendarFeed, ProviderHours
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk


def opened(house: House) -> str:
    return reverse("schedule:feed", args=[commands.open_feed(house.ana, provider_id=house.lee.pk)])


def test_it_says_busy_with_its_times_for_sixty_days_and_names_nobody(house: House) -> None:
    address = opened(house)
    appointment(house, cast.NOW + timedelta(days=1), reason="Chest pain")
    appointment(house, cast.NOW + timedelta(days=61), patient=house.ann)
    appointment(house, cast.NOW + timedelta(days=2), booking="cancelled")
    appointment(house, cast.NOW + timedelta(days=3), provider=house.osei)
    answer = Client().get(address)
    told = answer.content.decode()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert told.count("BEGIN:VEVENT") == 1
    assert "DTSTART:20260310T140000Z\r\nDTEND:20260310T142000Z\r\nSUMMARY:Busy\r\n" in told
    assert told.endswith("END:VCALENDAR\r\n")
    assert not [word for word in ("DIAZ", "Diaz", "Maria", "Chest", "Follow-up") if word in told]
    assert AuditLine.objects.filter(action="schedule.feed.read", actor_name="Calendar feed").count() == 1


def test_it_is_busy_while_the_office_or_the_clinicians_door_is_closed(house: House) -> None:
    address = opened(house)
    other = make.location("Oak Ave", is_main=False)
    make.hours(house.lee, other, weekdays=range(1))  # Mondays
    day = timedelta(days=1)
    at = cast.NOW + day
    commands.keep_holidays(house.ana, days=[DayOff((at + day).date(), "Staff day")])
    commands.add_absence(house.ana, location_id=other.pk, starts_at=at, ends_at=at + 7 * day)
    told = Client().get(address).content.decode()
    assert "DTSTART:20260311T040000Z\r\nDTEND:20260312T040000Z" in told
    assert (
        told.count("DTSTART:20260316T") == told.count("BEGIN:VEVENT") - 1 == 2
    )  # hours of one Monday, no more
    assert len({line for line in told.splitlines() if line.startswith("UID")}) == 3


def holiday(house: House, from_clock: time | None = None) -> None:
    commands.keep_holidays(house.ana, days=[DayOff(date(2026, 3, 11), "Staff day", from_clock)])


def events(address: str) -> list[list[str]]:
    """Return when each event begins and ends, and at which door."""
    told = Client().get(address).content.decode().split("BEGIN:VEVENT")[1:]
    names = ("DTSTART", "DTEND", "LOCATION")
    return [[line for line in one.split("\r\n") if line.startswith(names)] for one in told]


@pytest.fixture
def ocean(house: House) -> Location:
    """A door in California; the others are in New York."""
    return make.location("Ocean Ave", is_main=False, zone_name="America/Los_Angeles")


@pytest.mark.usefixtures("ocean")
def test_a_holiday_of_several_clocks_stands_once_by_the_clock_of_the_clinicians_door(house: House) -> None:
    address = opened(house)
    holiday(house)
    assert events(address) == [["DTSTART:20260311T040000Z", "DTEND:20260312T040000Z"]]


@pytest.mark.usefixtures("ocean")
def test_who_keeps_no_hours_is_busy_once_while_the_whole_office_is_closed(house: House) -> None:
    free = make.provider("Roy", "Ada", at=house.door, number=9)
    ProviderHours.objects.filter(provider=free).delete()
    address = reverse("schedule:feed", args=[commands.open_feed(house.ana, provider_id=free.pk)])
    holiday(house)
    assert events(address) == [["DTSTART:20260311T070000Z", "DTEND:20260312T040000Z"]]


def test_a_whole_day_at_doors_of_several_clocks_is_that_day(house: House, ocean: Location) -> None:
    address = opened(house)
    make.hours(house.lee, ocean)
    holiday(house)
    assert events(address) == [["DTSTART;VALUE=DATE:20260311", "DTEND;VALUE=DATE:20260312"]]


def test_half_a_day_at_doors_of_several_clocks_stands_once_for_each_and_names_it(
    house: House, ocean: Location
) -> None:
    address = opened(house)
    make.hours(house.lee, ocean)
    holiday(house, time(12))
    assert events(address) == [
        ["DTSTART:20260311T160000Z", "DTEND:20260312T040000Z", "LOCATION:Main St"],
        ["DTSTART:20260311T190000Z", "DTEND:20260312T070000Z", "LOCATION:Ocean Ave"],
    ]


def test_the_doors_of_the_weekday_count(house: House, ocean: Location) -> None:
    address = opened(house)
    make.hours(house.lee, ocean, weekdays=range(1))  # Mondays
    holiday(house, time(12))
    assert events(address) == [["DTSTART:20260311T160000Z", "DTEND:20260312T040000Z"]]


def test_a_closed_a_replaced_and_a_guessed_address_open_nothing(house: House) -> None:
    first = opened(house)
    second = opened(house)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    commands.close_feed(house.ana, provider_id=house.lee.pk)
    assert Client().get(second).status_code == 404
    for guess in ("x", f"{house.practice.pk.hex}-guess", "0" * 32 + "-x", "z" * 32 + "-x"):
        assert Client().get(reverse("schedule:feed", args=[guess])).status_code == 404


def test_the_token_of_one_office_opens_nothing_of_another(house: House) -> None:
    token = commands.open_feed(house.ana, provider_id=house.lee.pk)
    other = make.practice("Southside")
    forged = f"{other.pk.hex}-{token.partition('-')[2]}"
    assert Client().get(reverse("schedule:feed", args=[forged])).status_code == 404


def test_the_manager_sees_the_address_once_and_it_is_kept_as_its_hash(house: House) -> None:
    ana = desk(house, "office_manager", "ana")
    page = reverse("schedule:feed-setting", args=[house.lee.pk])
    sent = hidden_fields(ana.get(page).content.decode(), form=f'action="{page}"')
    shown = ana.post(page, sent).content.decode()
    row = CalendarFeed.objects.get()
    token = shown.split("/schedule/feed/")[1].split(".ics")[0]
    assert row.token_hash == feeds.hash_of(token)
    again = ana.get(page).content.decode()
    assert token not in again
    assert "An address is open" in again
    closing = reverse("schedule:feed-close", args=[house.lee.pk])
    assert ana.post(closing, hidden_fields(again, form=f'action="{closing}"')).status_code == 303
    assert "No address is open." in ana.get(page).content.decode()


def test_who_does_not_manage_the_office_opens_none(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.open_feed(house.rosa, provider_id=house.lee.pk)


def test_lines_are_folded_at_75_octets_and_texts_escaped() -> None:
    line = feeds.folded("X-WR-CALNAME:" + "é" * 80)
    assert all(len(piece) <= 75 for piece in line.split(b"\r\n"))
    assert line.replace(b"\r\n ", b"").decode() == "X-WR-CALNAME:" + "é" * 80 + "\r\n"
    assert feeds.escaped("a;b,c\\d\ne") == "a\\;b\\,c\\\\d\\ne"
