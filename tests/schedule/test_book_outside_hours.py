"""Who may book outside the hours says why, and the visit tells it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from daysheet.kernel.models import AuditLine
from daysheet.schedule import commands
from daysheet.schedule.models import Absence, Appointment
from daysheet.schedule.slots import minute_of
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

TEN = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # Tuesday 10:00 am
EVENING = TEN + timedelta(hours=8)
HTMX = {"HTTP_HX_REQUEST": "true"}


def book(house: House, at: datetime = TEN, **more: Any) -> Appointment:
    facts: dict[str, Any] = {
        "patient_id": house.diaz.id,
        "provider_id": house.lee.id,
        "location_id": house.door.id,
        "type_id": house.follow_up.id,
        "starts_at": at,
    }
    return commands.book_appointment(house.ana, **facts | more)


@pytest.fixture
def conference(house: House) -> Absence:
    """Dr. Lee is out from nine to noon on Tuesday."""
    return commands.add_absence(
        house.ana,
        starts_at=TEN - timedelta(hours=1),
        ends_at=TEN + timedelta(hours=2),
        provider_id=house.lee.id,
        reason="Conference",
    )


def test_who_may_book_there_is_told_what_stands_against_it_and_asked_why(
    house: House, conference: Absence
) -> None:
    with pytest.raises(commands.OutsideHours, match="out then: Conference") as no:
        book(house)
    assert list(no.value.fields) == ["hours_reason"]
    with pytest.raises(commands.OutsideHours, match="does not see patients there at that time"):
        book(house, EVENING, hours_reason="  ")
    assert not Appointment.objects.exists()
    assert book(house, hours_reason="Comes back for it").hours_reason == "Comes back for it"
    line = AuditLine.objects.get(action="schedule.appointment.booked")
    assert line.details["outside_hours"] is True


def test_within_the_hours_no_reason_is_kept(house: House) -> None:
    assert book(house, hours_reason="never asked").hours_reason == ""


def test_moved_within_the_day_it_keeps_the_reason_and_on_another_it_is_asked_anew(house: House) -> None:
    first = book(house, EVENING, hours_reason="Only then")
    later: dict[str, Any] = {
        "appointment_id": first.id,
        "version": None,
        "starts_at": EVENING + timedelta(hours=1),
    }
    second = commands.move_appointment(house.ana, **later)
    assert second.hours_reason == "Only then"
    with pytest.raises(commands.OutsideHours):
        commands.move_appointment(
            house.ana, appointment_id=second.id, version=None, starts_at=EVENING + timedelta(days=1)
        )
    assert Appointment.objects.get(booking="scheduled").pk == second.pk


def test_the_page_asks_why_and_the_visit_shows_it(house: House, conference: Absence) -> None:
    ana = desk(house, "office_manager", "ana")
    address = f"/schedule/book/{house.diaz.pk}/"
    fields = hidden_fields(ana.get(address).content.decode(), form='id="book-act"')
    typed = {"slot": f"{house.lee.pk}.{house.door.pk}.{minute_of(TEN)}"}
    answer = ana.post(address, fields | typed, **HTMX)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "out then: Conference" in body
    assert 'name="hours_reason"' in body
    assert ana.post(address, fields | typed | {"hours_reason": "Comes back for it"}).status_code == 303
    visit = Appointment.objects.get()
    body = ana.get(f"/schedule/appointments/{visit.pk}/").content.decode()
    for words in ("outside the hours", "out then: Conference", "Comes back for it"):
        assert words in body


def test_a_visit_that_was_left_in_a_closed_time_says_so(house: House) -> None:
    visit = appointment(house, TEN)
    rosa, address = desk(house), f"/schedule/appointments/{visit.pk}/"
    assert "outside the hours" not in rosa.get(address).content.decode()
    commands.add_absence(
        house.ana, starts_at=TEN, ends_at=EVENING, location_id=house.door.id, reason="Burst pipe"
    )
    body = rosa.get(address).content.decode()
    assert "outside the hours" in body
    assert "Closed then: Burst pipe" in body


def test_a_card_that_is_put_there_asks_why(house: House, conference: Absence) -> None:
    visit = appointment(house, TEN + timedelta(days=1))
    ana, day = desk(house, "office_manager", "ana"), "/schedule/2026-03-10/"
    fields = hidden_fields(ana.get(day).content.decode(), form="data-calendar-move")
    typed = {
        "card": str(visit.pk),
        "version": "1",
        "column": str(house.lee.pk),
        "starts_at": "2026-03-10T10:00",
    }
    answer = ana.post(f"{day}carry/day/", fields | typed, **HTMX)
    assert answer.status_code == 409
    assert 'name="hours_reason"' in answer.content.decode()
    again = ana.post(f"{day}carry/day/", fields | typed | {"hours_reason": "Comes back for it"}, **HTMX)
    assert again.status_code == 200
    assert Appointment.objects.get(booking="scheduled").hours_reason == "Comes back for it"
