"""A clinician's week, the agenda, the month's load, and a card carried to another place of the calendar."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.models import AuditLine, AuditPatient
from daysheet.schedule import commands, loads, queries
from daysheet.schedule.models import Absence, Appointment, ProviderHours
from daysheet.schedule.rules import turn_of
from tests import make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, hours

TUESDAY = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # 10:00 am
WEEK = "/schedule/2026-03-10/week/"


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def cards_of(body: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(unescape(re.findall(r"data-cards='([^']*)'", body)[0]))
    return found


def carried(
    rosa: Client, address: str, one: Appointment, column: object, starts_at: str, by: str = "day", **more: str
) -> Any:
    fields = hidden_fields(rosa.get(address).content.decode(), form="data-calendar-move")
    day = address.split("/")[2]
    typed = {"card": str(one.id), "version": str(one.version), "column": str(column), "starts_at": starts_at}
    return rosa.post(f"/schedule/{day}/carry/{by}/", fields | typed, **more)


def test_the_day_hands_the_calendar_each_card_by_the_clock_of_its_door(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    [card] = cards_of(rosa.get("/schedule/2026-03-10/").content.decode())
    assert (card["id"], card["column"]) == (str(one.id), str(one.provider_id))
    assert (card["begins"], card["ends"]) == ("2026-03-10T10:00", "2026-03-10T10:20")
    assert (card["fixed"], card["word"]) == (False, "Booked")


def test_a_time_given_up_is_in_the_list_alone(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    commands.cancel_appointment(house.rosa, appointment_id=one.id, version=1, reason="Patient is ill")
    body = rosa.get("/schedule/2026-03-10/").content.decode()
    assert cards_of(body) == []
    assert "DIAZ, Maria" in body


def test_a_visit_under_way_stays_where_it_is(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    Appointment.objects.filter(id=one.id).update(booking="completed")
    [card] = cards_of(rosa.get("/schedule/2026-03-10/").content.decode())
    assert card["fixed"]


def test_a_card_put_down_with_another_clinician_is_moved_and_can_be_taken_back(
    rosa: Client, house: House
) -> None:
    one = appointment(house, TUESDAY)
    answer = carried(rosa, "/schedule/2026-03-10/", one, house.osei.id, "2026-03-10T11:15")
    assert (answer.status_code, answer["Location"]) == (303, "/schedule/2026-03-10/")
    new = Appointment.objects.get(booking="scheduled")
    assert (new.provider_id, new.starts_at) == (house.osei.id, TUESDAY + timedelta(minutes=75))
    body = rosa.get(answer["Location"]).content.decode()
    assert "Moved to Tue Mar 10, 2026, 11:15 am" in body
    assert f"/schedule/appointments/{new.id}/undo/" in body


def test_a_card_keeps_its_room_unless_it_is_put_into_another(rosa: Client, house: House) -> None:
    first, second = make.room(house.door), make.room(house.door, name="Room 2")
    one = appointment(house, TUESDAY, room=first)
    carried(rosa, "/schedule/2026-03-10/", one, house.lee.id, "2026-03-10T11:00")
    moved = Appointment.objects.get(booking="scheduled")
    assert moved.room_id == first.id
    carried(rosa, "/schedule/2026-03-10/rooms/", moved, second.id, "2026-03-10T11:00", by="rooms")
    assert Appointment.objects.get(booking="scheduled").room_id == second.id
    again = Appointment.objects.get(booking="scheduled")
    carried(rosa, "/schedule/2026-03-10/rooms/", again, "", "2026-03-10T11:00", by="rooms")
    assert Appointment.objects.get(booking="scheduled").room_id is None


def test_a_card_of_the_week_goes_to_the_day_of_its_column(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    answer = carried(rosa, WEEK, one, "2026-03-12", "2026-03-09T15:00", by="week")
    assert answer["Location"] == f"{WEEK}?provider={house.lee.id}"
    new = Appointment.objects.get(booking="scheduled")
    assert new.starts_at == datetime(2026, 3, 12, 19, 0, tzinfo=UTC)


def test_a_taken_time_sends_the_card_back_with_the_reason(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    appointment(house, TUESDAY + timedelta(hours=1), patient=house.ann)
    answer = carried(
        rosa, "/schedule/2026-03-10/", one, house.lee.id, "2026-03-10T11:00", HTTP_HX_REQUEST="true"
    )
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "data-error-summary" in body
    assert "is taken" in body
    assert Appointment.objects.get(id=one.id).booking == "scheduled"


def test_a_card_changed_by_another_meanwhile_is_not_carried(rosa: Client, house: House) -> None:
    one = appointment(house, TUESDAY)
    Appointment.objects.filter(id=one.id).update(version=7)
    answer = carried(rosa, "/schedule/2026-03-10/", one, house.lee.id, "2026-03-10T11:00")
    assert answer.status_code == 409
    assert "Somebody changed this appointment" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        pytest.param({"card": "x"}, 422, id="no-id"),
        pytest.param({"card": "00000000-0000-0000-0000-000000000001"}, 409, id="nobodys-card"),
        pytest.param({"starts_at": "2026-03-08T02:30"}, 409, id="skipped-hour"),
        pytest.param({"starts_at": "soon"}, 422, id="no-time"),
        pytest.param({"starts_at": "9999-12-31T23:59"}, 409, id="end-of-time"),
        pytest.param({"starts_at": "0001-01-01T00:00"}, 409, id="beginning-of-time"),
        pytest.param({"version": "many"}, 422, id="no-version"),
    ],
)
def test_a_spoilt_carry_moves_nothing_and_says_so(
    rosa: Client, house: House, typed: dict[str, str], status: int
) -> None:
    one = appointment(house, TUESDAY)
    fields = hidden_fields(rosa.get("/schedule/2026-03-10/").content.decode(), form="data-calendar-move")
    good = {"card": str(one.id), "version": "1", "column": str(house.lee.id), "starts_at": "2026-03-10T11:00"}
    answer = rosa.post("/schedule/2026-03-10/carry/day/", fields | good | typed, HTTP_HX_REQUEST="true")
    assert answer.status_code == status
    assert "data-error-summary" in answer.content.decode()
    assert [row.booking for row in Appointment.objects.all()] == ["scheduled"]


def test_the_week_is_one_clinicians_with_a_column_a_working_day(rosa: Client, house: House) -> None:
    appointment(house, TUESDAY)
    appointment(house, TUESDAY + timedelta(days=1), patient=house.ann)
    body = rosa.get(WEEK).content.decode()
    assert "Week of Mon Mar 9, 2026" in body
    assert {card["column"] for card in cards_of(body)} == {"2026-03-10", "2026-03-11"}
    assert {card["begins"] for card in cards_of(body)} == {"2026-03-09T10:00"}
    assert "Sat Mar 14, 2026" not in body
    line = AuditLine.objects.get(action="schedule.week.viewed")
    assert AuditPatient.objects.filter(line_id=line.id).count() == 2


def test_a_saturday_with_somebody_gets_its_column(rosa: Client, house: House) -> None:
    appointment(house, datetime(2026, 3, 14, 14, 0, tzinfo=UTC))
    assert "Sat Mar 14, 2026" in rosa.get(WEEK).content.decode()


def test_the_agenda_lists_fourteen_days_of_one_clinician(rosa: Client, house: House) -> None:
    appointment(house, TUESDAY)
    appointment(house, TUESDAY + timedelta(days=13), patient=house.ann)
    appointment(house, TUESDAY + timedelta(days=14), patient=make.patient("Roy"))
    body = rosa.get(f"/schedule/2026-03-10/agenda/?provider={house.lee.id}").content.decode()
    assert "DIAZ, Maria" in body
    assert "LEE, Ann" in body
    assert "ROY" not in body
    other = rosa.get(f"/schedule/2026-03-10/agenda/?provider={house.osei.id}").content.decode()
    assert "Nobody is booked in these days" in other


@pytest.mark.parametrize("view", ["week", "agenda", "month"])
def test_each_takes_the_same_statements_whatever_the_rows(rosa: Client, house: House, view: str) -> None:
    counts = []
    for n in range(3):
        for k in range(n * 5):
            appointment(
                house, TUESDAY + timedelta(days=n, minutes=k * 5), 5, patient=make.patient(f"Roy{n}{k}")
            )
        with CaptureQueriesContext(connection) as heard:
            assert rosa.get(f"/schedule/2026-03-10/{view}/").status_code == 200
        counts.append(len(heard))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 10


def test_a_month_tells_how_full_each_day_is_and_names_nobody(rosa: Client, house: House) -> None:
    appointment(house, TUESDAY, 210)
    body = rosa.get(f"/schedule/2026-03-10/month/?provider={house.lee.id}").content.decode()
    assert "1 booked" in body
    assert "50% full" in body
    assert "DIAZ" not in body


def test_an_absence_takes_its_time_out_of_the_load(house: House) -> None:
    Absence.objects.create(
        provider=house.lee, starts_at=TUESDAY, ends_at=TUESDAY + timedelta(hours=4), reason="Course"
    )
    days = [date(2026, 3, 10), date(2026, 3, 11)]
    zone_day = queries.closures_between(TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=2))
    found = loads.open_minutes(days, queries.hours_of([house.lee.id]), zone_day)
    assert found == {days[0]: 60 + 180, days[1]: 420}


@pytest.mark.parametrize(
    ("day", "minutes"), [(date(2026, 3, 8), 120), (date(2026, 11, 1), 240)], ids=["23-hours", "25-hours"]
)
def test_the_two_odd_days_are_as_long_as_they_are(house: House, day: date, minutes: int) -> None:
    hours(house.lee, house.door, 6, time(0), time(3))
    assert loads.open_minutes([day], queries.hours_of([house.lee.id]), []) == {day: minutes}


def test_the_weeks_of_a_month_are_whole_and_begin_on_monday() -> None:
    for month in range(1, 13):
        weeks = loads.weeks_around(date(2026, month, 17))
        days = [day for week in weeks for day in week]
        assert all(week[0].weekday() == 0 and len(week) == 7 for week in weeks)
        assert days == [days[0] + timedelta(days=n) for n in range(len(days))]
        assert {day for day in days if day.month == month} == {
            date(2026, month, 1) + timedelta(days=n)
            for n in range(31)
            if (date(2026, month, 1) + timedelta(days=n)).month == month
        }


def test_complaint_calendar_shows_twelve_columns_with_somebody_first_and_says_how_many_more(
    rosa: Client, house: House
) -> None:
    more = [make.provider(f"Quill{n}", at=house.door, number=90 + n) for n in range(13)]
    appointment(house, TUESDAY, provider=more[-1])
    body = rosa.get("/schedule/2026-03-10/").content.decode()
    columns = json.loads(unescape(re.findall(r"data-columns='([^']*)'", body)[0]))
    assert (len(columns), columns[0]["id"]) == (12, str(more[-1].id))
    assert "3 more" in body
    [card] = cards_of(body)
    assert card["column"] == str(more[-1].id)
    as_list = rosa.get("/schedule/2026-03-10/?as=list").content.decode()
    assert "DIAZ, Maria" in as_list


def columns_of(body: str) -> dict[str, Any]:
    return {one["id"]: one for one in json.loads(unescape(re.findall(r"data-columns='([^']*)'", body)[0]))}


def test_what_lies_outside_a_clinicians_hours_is_drawn_on_the_day_and_on_the_week(
    rosa: Client, house: House
) -> None:
    ProviderHours.objects.all().delete()
    hours(house.lee, house.door, 1, time(7, 30), time(12))
    hours(house.lee, house.door, 1, time(13), time(18, 30))
    hours(house.lee, make.location("Elm St", is_main=False), 2, time(9), time(10))
    body = rosa.get("/schedule/2026-03-10/").content.decode()
    shut = {"id": str(house.lee.id), "title": str(house.lee)}
    shut |= {"shut": [["00:00", "07:30"], ["12:00", "13:00"], ["18:30", "23:59"]]}
    assert columns_of(body)[str(house.lee.id)] == shut
    assert "shut" not in columns_of(body)[str(house.osei.id)]  # no hours are set: nothing is outside
    assert ('data-begins="07:00"' in body, 'data-ends="19:00"' in body) == (True, True)
    assert "Hours: 7:30 am-12:00 pm, 1:00 pm-6:30 pm" in body
    week = rosa.get(f"{WEEK}?provider={house.lee.id}").content.decode()
    whole = [["00:00", "23:59"]]
    assert {day: one["shut"] for day, one in columns_of(week).items()} == {
        f"2026-03-{n:02d}": shut["shut"] if n == 10 else whole for n in range(9, 14)
    }
    assert week.count("No hours here on this day") == 4


def test_hours_that_end_or_take_turns_are_outside_in_their_own_weeks_alone(
    rosa: Client, house: House
) -> None:
    ProviderHours.objects.all().delete()
    row = hours(house.lee, house.door, 1, time(8), time(12))
    ProviderHours.objects.filter(pk=row.pk).update(
        turn=turn_of(date(2026, 3, 10)), until_on=date(2026, 3, 20)
    )
    found = []
    for day in ("2026-03-10", "2026-03-17", "2026-03-24"):
        body = rosa.get(f"/schedule/{day}/?provider={house.lee.id}").content.decode()
        found.append(len(columns_of(body)[str(house.lee.id)]["shut"]))
    assert found == [2, 1, 1]
