"""Patients who may not simply be booked: asked at every booking, passed by those who may, with the reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from daysheet.schedule import commands, missed_fees
from daysheet.schedule.missing import Held, against
from daysheet.schedule.models import Appointment, BookingRestriction
from daysheet.schedule.reminders import to_come
from daysheet.visits import commands as visits
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


def test_the_booking_page_asks_only_what_helps_this_person(rosa: Client, house: House) -> None:
    def shown(kind: str, browser: Client) -> str:
        BookingRestriction.objects.all().delete()
        restricted(house, kind)
        return browser.get(f"/schedule/book/{house.diaz.id}/").content.decode()

    field = 'name="limit_reason"'
    ana = desk(house, "office_manager", "ana")
    body = shown("same_day", rosa)
    assert "You can book it for today only." in body
    assert field not in body
    assert "For any day but today" in shown("same_day", ana)
    assert field not in shown("manager", rosa)
    assert field in shown("manager", ana)
    assert field not in shown("remind_twice", rosa)
    body = shown("prepay", rosa)
    label = body[: body.index(field)].rpartition("<label")[2]
    assert "(optional)" not in label
    assert "For who pays before: the receipt" in label


def test_a_series_asks_for_the_receipt_on_its_page_and_books_with_it(rosa: Client, house: House) -> None:
    restricted(house, "prepay")
    address = f"/schedule/book/{house.diaz.id}/series/"
    body = rosa.get(address).content.decode()
    assert "Three missed visits" in body
    facts = {"type": house.follow_up.id, "who": house.lee.id, "where": house.door.id, "first_on": "3/10"}
    facts |= {"clock": "10", "every": "1", "unit": "week", "times": "2", "book": "1"}
    typed = hidden_fields(body, form='id="series-form"') | {name: str(one) for name, one in facts.items()}
    answer = rosa.post(address, typed, headers=HX)
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "Take the payment first, then write the receipt." in said
    assert "Write the receipt." in said
    again = hidden_fields(said, form='id="series-form"')
    assert rosa.post(address, typed | again | {"limit_reason": "Receipt 12"}).status_code == 303
    assert set(Appointment.objects.values_list("limit_reason", flat=True)) == {"Receipt 12"}


def test_a_kind_that_is_not_meant_for_the_patient_asks_why_of_a_series(rosa: Client, house: House) -> None:
    house.follow_up.youngest = 90
    house.follow_up.save()
    address = f"/schedule/book/{house.diaz.id}/series/"
    body = rosa.get(address).content.decode()
    assert 'name="limit_reason"' not in body
    facts = {"type": house.follow_up.id, "who": house.lee.id, "where": house.door.id, "first_on": "3/10"}
    facts |= {"clock": "10", "every": "1", "unit": "week", "times": "2", "book": "1"}
    typed = hidden_fields(body, form='id="series-form"') | {name: str(one) for name, one in facts.items()}
    said = rosa.post(address, typed, headers=HX).content.decode()
    assert 'name="limit_reason"' in said
    again = hidden_fields(said, form='id="series-form"')
    assert rosa.post(address, typed | again | {"limit_reason": "Asked the doctor"}).status_code == 303


def test_a_carried_card_asks_for_the_receipt_where_it_was_put_down(rosa: Client, house: House) -> None:
    stands = appointment(house, TOMORROW)
    restricted(house, "prepay")
    day = "/schedule/2026-03-10/"
    fields = hidden_fields(rosa.get(day).content.decode(), form="data-calendar-move")
    typed = fields | {"card": str(stands.id), "version": "1", "column": str(house.lee.id)}
    typed |= {"starts_at": "2026-03-10T11:00"}
    answer = rosa.post(f"{day}carry/day/", typed, headers=HX)
    body = answer.content.decode()
    assert (answer.status_code, "data-carry-again" in body) == (409, True)
    assert 'name="limit_reason"' in body
    assert 'name="block_reason"' not in body
    assert rosa.post(f"{day}carry/day/", typed | {"limit_reason": " "}, headers=HX).status_code in (409, 422)
    assert (
        rosa.post(f"{day}carry/day/", typed | {"limit_reason": "Receipt 12"}, headers=HX).status_code == 200
    )
    assert Appointment.objects.get(booking="scheduled").limit_reason == "Receipt 12"


def test_the_follow_up_at_check_out_asks_for_the_receipt(rosa: Client, house: House) -> None:
    came = visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    came.__class__.objects.filter(pk=came.pk).update(flow="ready_for_checkout")
    restricted(house, "prepay")
    page = f"/desk/visits/{came.pk}/check-out/"
    to = f"{page}follow-up/"
    fields = hidden_fields(rosa.get(page).content.decode(), form=f'action="{to}"')
    refused = rosa.post(to, fields, headers=HX)
    body = refused.content.decode()
    assert refused.status_code == 409
    assert "then write the receipt" in body
    again = hidden_fields(body, form='id="follow-up-form"')
    assert again["minute"] == fields["minute"]
    assert rosa.post(to, again | {"limit_reason": "Receipt 12"}).status_code == 303
    assert Appointment.objects.get(starts_at__gt=TOMORROW).limit_reason == "Receipt 12"
