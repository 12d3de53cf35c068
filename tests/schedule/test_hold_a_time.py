"""A time is held while it is booked: for three minutes, in sight of the others, and it refuses nobody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.models import AuditLine
from daysheet.schedule import commands, held
from daysheet.schedule.models import Appointment, HeldTime
from daysheet.schedule.ranking import Why, ranked
from daysheet.schedule.slots import OpenSlot
from tests import make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

NINE = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)  # Tuesday, 9:00 am


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def bob(house: House) -> Client:
    return desk(house, name="bob")


def page_of(house: House) -> str:
    asked = f"type={house.follow_up.id}&who={house.lee.id}&where={house.door.id}&from_day=3/10"
    return f"/schedule/book/{house.diaz.id}/?{asked}"


def slot(house: House, at: datetime = NINE) -> str:
    return f"{house.lee.id}.{house.door.id}.{int(at.timestamp()) // 60}"


def holds(client: Client, house: House, chosen: str, key: str = "page-1", **more: str) -> Any:
    """Tell the office, as the page's script does, which time stands chosen."""
    page = page_of(house)
    fields = hidden_fields(client.get(page).content.decode(), form='<form method="post" action="/schedule/')
    fields.pop("_once")
    return client.post(f"/schedule/book/{house.diaz.id}/hold/", fields | {"slot": chosen, "page": key} | more)


def test_complaint_stolen_slot_a_chosen_time_is_held_for_three_minutes_and_others_see_by_whom(
    rosa: Client, bob: Client, house: House
) -> None:
    said = holds(rosa, house, slot(house)).content.decode()
    assert "Held for you until 10:03" in said  # the office's clock stands at ten
    kept = HeldTime.objects.get()
    assert (kept.provider_id, kept.starts_at, kept.ends_at) == (
        house.lee.id,
        NINE,
        NINE + timedelta(minutes=20),
    )
    body = bob.get(page_of(house)).content.decode()
    assert f"held by {kept.held_by} until 10:03" in body
    day = bob.get("/schedule/2026-03-10/").content.decode()
    assert f"9:00 am-9:20 am held by {kept.held_by}" in day
    assert f"held by {kept.held_by}" not in rosa.get("/schedule/2026-03-10/").content.decode()


def test_a_held_time_stands_behind_the_free_ones_and_is_not_the_one_that_is_chosen(
    rosa: Client, bob: Client, house: House
) -> None:
    holds(rosa, house, slot(house))
    lines = bob.get(page_of(house)).content.decode().splitlines()
    times = [line for line in lines if 'type="radio"' in line and "slot_1_" in line]
    assert len(times) == 4  # three that are free, and behind them the one that is held
    assert slot(house) in times[-1]
    assert [" checked" in line for line in times] == [True, False, False, False]


def test_a_hold_refuses_nobody(rosa: Client, bob: Client, house: House) -> None:
    holds(rosa, house, slot(house))
    fields = hidden_fields(
        bob.get(page_of(house)).content.decode(), form='<form method="post" action="/schedule/'
    )
    answer = bob.post(f"/schedule/book/{house.diaz.id}/", fields | {"slot": slot(house)})
    assert answer.status_code == 303
    assert Appointment.objects.get().starts_at == NINE


def test_of_two_at_one_time_each_is_told_of_the_other(rosa: Client, bob: Client, house: House) -> None:
    holds(rosa, house, slot(house))
    said = holds(bob, house, slot(house)).content.decode()
    assert "Held for you" in said
    assert "until 10:03" in said.split("held by", 1)[1]
    assert HeldTime.objects.count() == 2


def test_another_time_lets_the_first_go_and_a_page_that_is_left_holds_nothing(
    rosa: Client, house: House
) -> None:
    holds(rosa, house, slot(house))
    later = NINE + timedelta(hours=1)
    holds(rosa, house, slot(house, later))
    assert HeldTime.objects.get().starts_at == later
    holds(rosa, house, slot(house), key="page-2")
    assert HeldTime.objects.count() == 2
    said = holds(rosa, house, "", key="page-1").content.decode()
    assert "Held" not in said
    assert HeldTime.objects.get().page == "page-2"


def test_a_hold_runs_out_by_itself_also_where_the_offices_clock_stands_still(
    rosa: Client, bob: Client, house: House
) -> None:
    holds(rosa, house, slot(house))
    HeldTime.objects.update(until=Now() - timedelta(seconds=1))
    assert "held by" not in bob.get(page_of(house)).content.decode()
    holds(bob, house, slot(house))
    assert HeldTime.objects.count() == 1  # what ran out is swept when the next is held


def test_touching_the_page_renews_it(rosa: Client, house: House) -> None:
    holds(rosa, house, slot(house))
    HeldTime.objects.update(until=Now() + timedelta(seconds=20))
    holds(rosa, house, slot(house))
    [one] = held.held_by_others(None, since=NINE)
    assert timedelta(seconds=150) < one.left <= held.HOLDS_FOR
    assert [
        line.details["renewed"]
        for line in AuditLine.objects.filter(action="schedule.time.held").order_by("id")
    ] == [
        False,
        True,
    ]


def test_a_time_of_ones_own_is_held_too(rosa: Client, house: House) -> None:
    holds(rosa, house, "other", day="3/11", clock="9:40")
    assert HeldTime.objects.get().starts_at == datetime(2026, 3, 11, 13, 40, tzinfo=UTC)
    holds(rosa, house, "other", day="3/11", clock="nine or so")
    assert not HeldTime.objects.exists()


@pytest.mark.parametrize(
    "chosen", ["x", "a.b.c", "other", "\x00", "00000000-0000-0000-0000-000000000001.x.1"], ids=repr
)
def test_what_names_no_time_holds_nothing(rosa: Client, house: House, chosen: str) -> None:
    assert holds(rosa, house, chosen).status_code == 200
    assert not HeldTime.objects.exists()


def test_nobodys_clinician_is_not_held(rosa: Client, house: House) -> None:
    strange = f"00000000-0000-0000-0000-000000000001.{house.door.id}.{int(NINE.timestamp()) // 60}"
    assert holds(rosa, house, strange).status_code == 200
    assert not HeldTime.objects.exists()


def test_who_may_not_book_holds_nothing(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.hold_time(house.auditor, page="p", provider_id=house.lee.id, starts_at=NINE, minutes=20)
    assert not HeldTime.objects.exists()


def test_the_line_in_the_diary_names_no_patient(rosa: Client, house: House) -> None:
    holds(rosa, house, slot(house))
    line = AuditLine.objects.get(action="schedule.time.held")
    assert line.patient_ids == []


def test_the_page_to_book_takes_the_same_statements_however_much_is_held(
    rosa: Client, bob: Client, house: House
) -> None:
    counts = []
    for n in range(3):
        for k in range(n * 4):
            holds(bob, house, slot(house, NINE + timedelta(minutes=20 * k)), key=f"page-{n}-{k}")
        with CaptureQueriesContext(connection) as heard:
            assert rosa.get(page_of(house)).status_code == 200
        counts.append((len(heard), len([one for one in heard if "held_time" in one["sql"]])))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0][1] == 1


def test_of_times_that_fit_alike_the_held_one_comes_last_but_before_what_clashes(house: House) -> None:
    slots = [
        OpenSlot(NINE.date(), house.lee.id, house.door.id, at, at + timedelta(minutes=20))
        for at in (NINE + timedelta(minutes=20 * n) for n in range(3))
    ]
    order = ranked(slots, usual_id=None, shortest=20, clashing={slots[0].key}, held={slots[1].key})
    assert [one.slot for one in order] == [slots[2], slots[1], slots[0]]


def test_the_soonest_is_one_that_the_patient_can_come_to(house: House) -> None:
    slots = [
        OpenSlot(NINE.date(), house.lee.id, house.door.id, at, at + timedelta(minutes=20))
        for at in (NINE + timedelta(minutes=20 * n) for n in range(2))
    ]
    order = ranked(slots, usual_id=None, shortest=20, clashing={slots[0].key})
    assert [Why.SOONEST in one.why for one in order] == [True, False]
    assert [one.slot for one in order] == [slots[1], slots[0]]


def test_where_everything_is_held_the_first_is_chosen_all_the_same(
    rosa: Client, bob: Client, house: House
) -> None:
    for at in (9, 10, 11, 13, 14, 15, 16):
        appointment(
            house, NINE + timedelta(hours=at - 9), 60 if at > 9 else 40, patient=make.patient(f"Roy{at}")
        )
    only = NINE + timedelta(minutes=40)
    holds(rosa, house, slot(house, only))
    lines = bob.get(page_of(house)).content.decode().splitlines()
    mine = next(line for line in lines if slot(house, only) in line)
    assert " checked" not in mine  # the next day is free


def test_what_else_is_typed_on_the_page_is_no_matter_of_the_hold(rosa: Client, house: House) -> None:
    holds(rosa, house, slot(house), case=str(house.diaz.id), why_moved="x", reason="Cough " * 90)
    assert HeldTime.objects.get().starts_at == NINE
