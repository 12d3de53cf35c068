"""The page of a visit: where a moved one went, what it says of who is here, and no door that only refuses."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.schedule import commands
from daysheet.schedule.history import happenings
from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk
from tests.schedule.needing import NINE


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def page_of(client: Client, one: Appointment) -> str:
    return client.get(f"/schedule/appointments/{one.id}/").content.decode()


def test_a_moved_visit_says_where_it_went_and_why_and_the_new_one_whence(rosa: Client, house: House) -> None:
    old = appointment(house, NINE)
    new = commands.move_appointment(
        house.rosa, appointment_id=old.id, version=1, starts_at=NINE + timedelta(days=1), why="Works that day"
    )
    body = page_of(rosa, old)
    line = next(one for one in body.splitlines() if 'id="moved-to"' in one)
    assert f'<a href="/schedule/appointments/{new.id}/">Mar 11, 9:00 am</a> with Dr. Lee' in line
    assert "because: Works that day" in line
    assert "Cancelled because" not in body
    line = next(one for one in page_of(rosa, new).splitlines() if 'id="moved-from"' in one)
    assert f'<a href="/schedule/appointments/{old.id}/">Mar 10, 9:00 am</a>' in line


def test_a_cancelled_visit_says_why_as_before(rosa: Client, house: House) -> None:
    one = appointment(house, NINE)
    commands.cancel_appointment(house.rosa, appointment_id=one.id, version=1, reason="Patient is ill")
    body = page_of(rosa, one)
    assert "Cancelled because" in body
    assert 'id="moved' not in body


def test_what_took_place_does_not_stand_again_by_the_press_for_what_was_given_up(
    rosa: Client, house: House
) -> None:
    done, gone = appointment(house, NINE, booking="completed"), appointment(house, NINE + timedelta(hours=1))
    commands.cancel_appointment(house.rosa, appointment_id=gone.id, version=1, reason="Patient is ill")
    again = f"/schedule/appointments/{done.id}/reopen/"
    assert again not in page_of(rosa, done)
    assert rosa.post(again).status_code == 409
    assert rosa.post(f"/schedule/appointments/{gone.id}/reopen/").status_code == 303
    states = Appointment.objects.order_by("starts_at").values_list("booking", flat=True)
    assert list(states) == ["completed", "scheduled"]


def test_a_visit_whose_patient_is_here_says_so_and_offers_nothing_that_refuses(
    rosa: Client, house: House
) -> None:
    one = appointment(house, cast.NOW + timedelta(hours=1))
    verbs = [
        f"/schedule/appointments/{one.id}/{verb}/" for verb in ("move", "cancel", "tray", "confirmation")
    ]
    body = page_of(rosa, one)
    assert all(verb in body for verb in verbs)
    visits.arrive(house.rosa, appointment_id=one.id)
    body = page_of(rosa, one)
    assert not [verb for verb in verbs if verb in body]
    assert "Arrived" in body


def test_a_visit_of_today_is_checked_in_or_missed_from_its_page(rosa: Client, house: House) -> None:
    check_in = f"/desk/check-in/{house.diaz.pk}/"
    began, later = (
        appointment(house, cast.NOW - timedelta(hours=1)),
        appointment(house, NINE, minutes=10),
    )
    missed = f"/desk/appointments/{began.id}/no-show/"
    body = page_of(rosa, began)
    assert check_in in body
    assert missed in body
    assert not [one for one in (check_in, "/no-show/") if one in page_of(rosa, later)]
    sent = hidden_fields(body, form=f'<form class="act" method="post" action="{missed}"')
    assert rosa.post(missed, sent).status_code == 303
    began.refresh_from_db()
    assert began.booking == "no_show"


def test_who_has_arrived_is_checked_in_from_the_page_of_the_visit(rosa: Client, house: House) -> None:
    one = appointment(house, cast.NOW + timedelta(hours=1))
    visits.arrive(house.rosa, appointment_id=one.id)
    assert f"/desk/check-in/{house.diaz.pk}/" in page_of(rosa, one)


def test_a_late_patients_visit_of_today_stands_on_the_patients_page_with_its_time(
    rosa: Client, house: House
) -> None:
    appointment(house, cast.NOW - timedelta(hours=1))
    body = rosa.get(f"/schedule/patients/{house.diaz.pk}/panel/").content.decode()
    assert "Nothing is booked." not in body
    assert "9:00 am</a> Follow-up with Dr. Lee" in body


def test_the_page_tells_who_did_what_and_when(rosa: Client, house: House) -> None:
    one = commands.book_appointment(
        house.rosa, patient_id=house.diaz.pk, provider_id=house.lee.pk, location_id=house.door.pk,
        type_id=house.follow_up.pk, starts_at=NINE,
    )  # fmt: skip
    commands.set_confirmation(house.ana, appointment_id=one.pk, confirmation="confirmed")
    commands.change_appointment(house.rosa, appointment_id=one.pk, version=None, minutes=40)
    one.refresh_from_db()
    new = commands.move_appointment(
        house.rosa,
        appointment_id=one.pk,
        version=one.version,
        starts_at=NINE + timedelta(days=1),
        why="Works",
    )
    commands.cancel_appointment(
        house.ana, appointment_id=new.pk, version=new.version, reason="Patient is ill"
    )
    commands.reopen_appointment(house.rosa, appointment_id=new.pk)
    zone = house.door.zone
    told = [(line.what, line.more, line.who.split()[0]) for line in happenings(one.pk, zone)]
    assert told == [
        ("Booked", "", "Rosa"),
        ("Confirmation", "Confirmed", "Ana"),
        ("Changed", "length", "Rosa"),
        ("Moved", "to Mar 11, 9:00 am: Works", "Rosa"),
    ]
    told = [(line.what, line.more, line.who.split()[0]) for line in happenings(new.pk, zone)]
    assert told == [
        ("Booked", "", "Rosa"),
        ("Cancelled", "Patient is ill", "Ana"),
        ("Stands again", "", "Rosa"),
    ]
    body = page_of(rosa, new)
    assert "History (3)" in body
    assert body.index("<b>Cancelled</b>, Patient is ill") < body.index("<b>Stands again</b>")


def test_the_history_of_a_visit_is_its_own_and_costs_one_statement(house: House) -> None:
    first = commands.book_appointment(
        house.rosa, patient_id=house.diaz.pk, provider_id=house.lee.pk, location_id=house.door.pk,
        type_id=house.follow_up.pk, starts_at=NINE,
    )  # fmt: skip
    other = appointment(house, NINE + timedelta(hours=1))
    commands.set_confirmation(house.rosa, appointment_id=other.pk, confirmation="declined")
    with CaptureQueriesContext(connection) as asked:
        assert [one.what for one in happenings(first.pk, house.door.zone)] == ["Booked"]
    assert len(asked) == 1


def test_booking_asks_who_has_a_plan_whether_it_is_used_and_the_page_changes_it(house: House) -> None:
    rosa = desk(house)
    there = f"/schedule/book/{house.diaz.pk}/"
    assert "the plan is not used for this visit" not in rosa.get(there).content.decode()
    make.coverage(house.diaz, make.plan())
    body = rosa.get(there).content.decode()
    assert "the plan is not used for this visit" in body
    slots = re.findall(r'name="slot" value="([^"]+\.[^"]+)"', body)
    typed = hidden_fields(body, form='id="book-act"') | {"slot": slots[-1], "paper": "told"}
    assert rosa.post(there, typed | {"pays_self": "on"}).status_code == 303
    booked = Appointment.objects.get()
    assert booked.pays_self
    page = f"/schedule/appointments/{booked.pk}/"
    body = rosa.get(page).content.decode()
    assert "the patient; no plan is used" in body
    to_plan = hidden_fields(body, form=f'action="{page}billed/"')
    assert rosa.post(f"{page}billed/", to_plan).status_code == 303
    assert not Appointment.objects.get().pays_self
    keys = hidden_fields(rosa.get(page).content.decode(), form=f'action="{page}billed/"')
    assert rosa.post(f"{page}billed/undo/?was=patient", keys).status_code == 303
    assert Appointment.objects.get().pays_self
    assert "Billed to" in rosa.get(page).content.decode()
