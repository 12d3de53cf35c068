"""Patients who may not simply be booked: asked at every booking, passed by those who may, with the reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from daysheet.schedule import commands, missed_fees
from daysheet.schedule.missing import Held, against
from daysheet.schedule.models import Appointment, BookingRestriction
from daysheet.schedule.reminders import to_come
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

HX = {"HX-Request": "true"}
TODAY = cast.MONDAY
TOMORROW = cast.NOW + timedelta(days=1)


def test_what_stands_against_a_booking_depends_on_the_day() -> None:
    every = [Held(kind, TODAY, None) for kind in ("prepay", "same_day", "manager", "remind_twice")]
    assert against(every, today=TODAY, day=TODAY) == ["manager", "prepay"]
    assert against(every, today=TODAY, day=date(2026, 3, 10)) == ["manager", "same_day", "prepay"]
    over = [Held("manager", date(2026, 1, 1), date(2026, 3, 8)), Held("prepay", date(2026, 3, 10), None)]
    assert against(over, today=TODAY, day=TODAY) == []


def restricted(house: House, kind: str, **more: Any) -> BookingRestriction:
    facts = {"patient_id": house.diaz.id, "kind": kind, "reason": "Three missed visits", "since": TODAY}
    return commands.restrict_booking(house.rosa, **facts | more)


def book(house: House, by: Any = None, **more: Any) -> Appointment:
    facts = {
        "patient_id": house.diaz.id,
        "provider_id": house.lee.id,
        "location_id": house.door.id,
        "type_id": house.follow_up.id,
        "starts_at": TOMORROW,
    }
    return commands.book_appointment(by or house.rosa, **facts | more)


def test_only_the_manager_books_whom_only_the_manager_may_book(house: House) -> None:
    restricted(house, "manager")
    with pytest.raises(commands.BookingIsRestricted, match="Three missed visits"):
        book(house, limit_reason="Please")
    with pytest.raises(commands.NeedsReason):
        book(house, house.ana)
    assert book(house, house.ana, limit_reason="Spoke with her").limit_reason == "Spoke with her"


def test_who_pays_before_is_booked_with_the_receipt(house: House) -> None:
    restricted(house, "prepay")
    with pytest.raises(commands.NeedsReason) as refused:
        book(house)
    assert "limit_reason" in refused.value.fields
    assert book(house, limit_reason="Receipt 12").limit_reason == "Receipt 12"


def test_who_is_booked_on_the_same_day_alone_comes_today(house: House) -> None:
    restricted(house, "same_day")
    with pytest.raises(commands.BookingIsRestricted):
        book(house)
    book(house, starts_at=cast.NOW + timedelta(hours=3))
    assert book(house, house.ana, limit_reason="Needs an interpreter").booking == "scheduled"


def test_what_has_ended_or_not_begun_stands_against_nothing(house: House) -> None:
    ended = restricted(house, "manager")
    with pytest.raises(commands.BookingIsRestricted):
        commands.end_restriction(house.rosa, restriction_id=ended.pk)
    commands.end_restriction(house.ana, restriction_id=ended.pk)
    restricted(house, "prepay", since=date(2026, 4, 1))
    assert book(house).limit_reason == ""
    with pytest.raises(commands.RestrictionStands):
        commands.end_restriction(house.ana, restriction_id=ended.pk)
    commands.let_restriction_hold(house.rosa, restriction_id=ended.pk)
    with pytest.raises(commands.RestrictionStands):
        commands.let_restriction_hold(house.rosa, restriction_id=ended.pk)


def test_one_of_a_kind_holds_for_a_patient(house: House) -> None:
    restricted(house, "prepay")
    with pytest.raises(commands.RestrictionStands):
        restricted(house, "prepay")


def test_moving_asks_again_and_who_walks_in_is_not_asked(house: House) -> None:
    stands = appointment(house, TOMORROW)
    restricted(house, "prepay")
    asked: dict[str, Any] = {
        "appointment_id": stands.id,
        "version": None,
        "starts_at": TOMORROW + timedelta(hours=1),
    }
    with pytest.raises(commands.NeedsReason):
        commands.move_appointment(house.rosa, **asked)
    commands.move_appointment(house.rosa, **asked, limit_reason="Receipt 12")
    book(house, is_walk_in=True, starts_at=cast.NOW)


def test_a_move_never_answers_a_restriction_with_the_receipt_of_before(house: House) -> None:
    restricted(house, "prepay")
    stands = book(house, limit_reason="Receipt 12")
    asked: dict[str, Any] = {
        "appointment_id": stands.id,
        "version": None,
        "starts_at": TOMORROW + timedelta(hours=1),
    }
    with pytest.raises(commands.NeedsReason) as refused:
        commands.move_appointment(house.rosa, **asked)
    assert "limit_reason" in refused.value.fields
    assert (
        commands.move_appointment(house.rosa, **asked, limit_reason="Receipt 13").limit_reason == "Receipt 13"
    )


def test_why_a_kind_is_booked_all_the_same_goes_along_to_another_time_but_to_no_other_kind(
    house: House,
) -> None:
    old, older = (make.visit_type(name, 20, youngest=70) for name in ("Old age", "Older age"))
    stands = book(house, type_id=old.id, limit_reason="Asked the doctor")
    later: dict[str, Any] = {"version": None, "starts_at": TOMORROW + timedelta(hours=1)}
    with pytest.raises(commands.NeedsReason):
        commands.move_appointment(house.rosa, appointment_id=stands.id, type_id=older.id, **later)
    moved = commands.move_appointment(house.rosa, appointment_id=stands.id, **later)
    assert moved.limit_reason == "Asked the doctor"


def test_who_is_reminded_again_hears_it_after_confirming(house: House) -> None:
    appointment(house, TOMORROW, confirmation="confirmed")
    [visit] = to_come(cast.NOW, cast.NOW + timedelta(days=2))
    assert visit.booked().is_confirmed
    restricted(house, "remind_twice")
    [visit] = to_come(cast.NOW, cast.NOW + timedelta(days=2))
    assert not visit.booked().is_confirmed
    assert book(house, starts_at=TOMORROW + timedelta(hours=1)).booking == "scheduled"


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def test_it_is_kept_on_screen_shown_at_booking_and_ended(rosa: Client, house: House) -> None:
    address = f"/schedule/patients/{house.diaz.id}/restrictions/"
    tokens = hidden_fields(rosa.get(address).content.decode(), form='id="restrict-form"')
    piece = rosa.post(address, tokens | {"kind": "prepay", "since": "3/9"}, headers=HX)
    assert piece.status_code == 422
    assert piece.content.decode().lstrip().startswith('<div id="restrictions"')
    typed = {"kind": "prepay", "since": "3/9", "until": "9/1", "reason": "Two missed visits"}
    assert rosa.post(address, tokens | typed).status_code == 303
    assert "Two missed visits" in rosa.get(f"/schedule/book/{house.diaz.id}/").content.decode()
    assert "Two missed visits" in rosa.get(f"/schedule/patients/{house.diaz.id}/panel/").content.decode()
    held = missed_fees.restrictions_on(house.diaz.id, TODAY)[0]
    end = f"/schedule/restrictions/{held.pk}/end/"
    shown = rosa.get(address).content.decode()
    assert rosa.post(end, hidden_fields(shown, form=f'action="{end}"')).status_code == 303
    hold = f"/schedule/restrictions/{held.pk}/hold/"
    shown = rosa.get(address).content.decode()
    assert rosa.post(hold, hidden_fields(shown, form=f'action="{hold}"')).status_code == 303


def test_the_booking_page_asks_for_the_receipt_and_loses_nothing(rosa: Client, house: House) -> None:
    restricted(house, "prepay")
    address = f"/schedule/book/{house.diaz.id}/"
    body = rosa.get(address).content.decode()
    tokens = hidden_fields(body, form='id="book-act"')
    typed = tokens | {
        "slot": "other",
        "day": "3/10",
        "clock": "10:00",
        "who": str(house.lee.id),
        "where": str(house.door.id),
        "reason": "Cough",
    }
    answer = rosa.post(address, typed, headers=HX)
    assert answer.status_code == 409
    assert "Cough" in answer.content.decode()
    assert rosa.post(address, typed | {"limit_reason": "Receipt 12"}).status_code == 303
    assert Appointment.objects.get().limit_reason == "Receipt 12"
