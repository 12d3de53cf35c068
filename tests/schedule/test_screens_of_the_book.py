"""The screens of the book: the day, the finder, moving, cancelling; by form alone and with htmx."""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.models import AuditLine, AuditPatient
from daysheet.patients.models import Patient
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, hours

TUESDAY = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # 10:00 am


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def book_address(house: House, **query: object) -> str:
    tail = "&".join(f"{key}={value}" for key, value in query.items())
    return f"/schedule/book/{house.diaz.id}/" + (f"?{tail}" if tail else "")


def form_of(rosa: Client, address: str) -> dict[str, str]:
    body = rosa.get(address).content.decode()
    return hidden_fields(body, form='<form method="post" action="/schedule/')


def first_slot(rosa: Client, address: str) -> str:
    body = rosa.get(address).content.decode()
    chosen = next(line for line in body.splitlines() if 'name="slot"' in line and " checked" in line)
    return chosen.split('value="')[1].split('"')[0]


def test_the_day_shows_a_column_for_each_clinician_and_whom_they_see(rosa: Client, house: House) -> None:
    appointment(house, TUESDAY)
    body = rosa.get("/schedule/2026-03-10/").content.decode()
    assert "Dr. Lee" in body
    assert "Dr. Osei" in body
    assert "DIAZ, Maria" in body
    assert "10:00 am" in body


def test_the_day_of_a_door_leaves_out_who_never_sees_anybody_there(rosa: Client, house: House) -> None:
    make.provider("Quill", at=make.location("Oak St", is_main=False), number=91)
    assert "Quill" not in rosa.get("/schedule/2026-03-10/").content.decode()
    assert "Quill" in rosa.get("/schedule/2026-03-10/?where=all").content.decode()


def test_the_day_by_room_and_as_a_list_show_the_same_people(rosa: Client, house: House) -> None:
    room = make.room(house.door)
    appointment(house, TUESDAY, room=room)
    for address in ("/schedule/2026-03-10/rooms/", "/schedule/2026-03-10/?as=list"):
        body = rosa.get(address).content.decode()
        assert "DIAZ, Maria" in body
        assert "Room 1" in body


def test_two_rooms_of_one_name_stand_in_the_calendar_with_their_doors(rosa: Client, house: House) -> None:
    make.room(house.door)
    make.room(make.location("Oak St", is_main=False))
    body = rosa.get("/schedule/2026-03-10/rooms/?where=all").content.decode()
    told = re.search(r"data-columns=(\"[^\"]*\"|'[^']*')", body)
    assert told is not None
    titles = [one["title"] for one in json.loads(unescape(told[1][1:-1]))]
    assert titles[1:] == [f"Room 1, {house.door.name}", "Room 1, Oak St"]


def test_the_day_takes_nine_statements_whatever_the_rows(rosa: Client, house: House) -> None:
    counts = []
    for n in range(3):
        for k in range(n * 5):
            who = make.patient(f"Roy{n}{k}")
            appointment(house, TUESDAY + timedelta(hours=n, minutes=k * 5), 5, patient=who)
        with CaptureQueriesContext(connection) as heard:
            assert rosa.get("/schedule/2026-03-10/").status_code == 200
        counts.append(len(heard))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= 9


def test_opening_a_day_is_written_down_for_everyone_on_it(rosa: Client, house: House) -> None:
    appointment(house, TUESDAY)
    rosa.get("/schedule/2026-03-10/")
    line = AuditLine.objects.get(action="schedule.day.viewed")
    assert AuditPatient.objects.filter(line_id=line.id, patient_id=house.diaz.id).exists()


@pytest.mark.parametrize("address", ["/schedule/2026-13-40/", "/schedule/2026-02-30/", "/schedule/tomorrow/"])
def test_a_day_that_does_not_exist_is_not_found(rosa: Client, address: str) -> None:
    rosa.raise_request_exception = False
    assert rosa.get(address).status_code == 404


def test_the_page_to_book_opens_with_the_first_free_time_chosen(rosa: Client, house: House) -> None:
    slot = first_slot(rosa, book_address(house))
    assert slot == f"{house.lee.id}.{house.door.id}.{int(cast.NOW.timestamp()) // 60}"


def test_the_page_to_book_proposes_the_door_of_a_usual_clinician_who_is_never_here(
    rosa: Client, house: House
) -> None:
    far = make.location("Harbor Rd", is_main=False)
    kim = make.provider("Moreau", "Elena", at=far, number=9)
    hours(kim, far, cast.NOW.weekday(), time(9), time(12))
    house.diaz.usual_provider = kim
    house.diaz.save(update_fields=["usual_provider"])
    assert first_slot(rosa, book_address(house)).startswith(f"{kim.id}.{far.id}.")
    hours(kim, house.door, cast.NOW.weekday(), time(13), time(17))
    assert first_slot(rosa, book_address(house)).startswith(f"{kim.id}.{house.door.id}.")


def test_a_known_patient_is_booked_by_one_press_and_the_way_back_is_offered(
    rosa: Client, house: House
) -> None:
    fields = form_of(rosa, book_address(house))
    answer = rosa.post(book_address(house), fields | {"slot": first_slot(rosa, book_address(house))})
    booked = Appointment.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, "/schedule/2026-03-09/")
    body = rosa.get(answer["Location"]).content.decode()
    assert "Booked Mon Mar 9, 2026, 10:00 am with Dr. Lee." in body
    assert f"/schedule/appointments/{booked.id}/undo/" in body


def test_the_same_form_pressed_twice_books_once(rosa: Client, house: House) -> None:
    fields = form_of(rosa, book_address(house)) | {"slot": first_slot(rosa, book_address(house))}
    answers = [rosa.post(book_address(house), fields).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert Appointment.objects.count() == 1


def test_a_stolen_slot_keeps_what_was_typed_and_offers_the_next_three(rosa: Client, house: House) -> None:
    slot = first_slot(rosa, book_address(house))
    fields = form_of(rosa, book_address(house))
    appointment(house, cast.NOW, patient=house.ann)
    answer = rosa.post(
        book_address(house), fields | {"slot": slot, "reason": "sore throat"}, HTTP_HX_REQUEST="true"
    )
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "That time is taken by another visit" in body
    assert "sore throat" in body
    assert body.count('id="offered_') == 3
    assert Appointment.objects.count() == 1


def test_the_finder_narrows_by_part_of_day_and_clinician(rosa: Client, house: House) -> None:
    address = book_address(
        house,
        type=house.follow_up.id,
        who=house.lee.id,
        where=house.door.id,
        from_day="2026-03-10",
        part="afternoon",
    )
    slot = first_slot(rosa, address)
    assert slot.endswith(str(int(datetime(2026, 3, 10, 17, 0, tzinfo=UTC).timestamp()) // 60))  # 1:00 pm


@pytest.mark.parametrize(
    ("wish", "says"),
    [({"from_day": "13/45"}, "day"), ({"after": "abc"}, "time"), ({"type": "none"}, "choose one")],
)
def test_what_cannot_be_read_in_the_finder_is_said_and_no_time_is_offered(
    rosa: Client, house: House, wish: dict[str, str], says: str
) -> None:
    physical = make.visit_type("Physical", 40)
    asked = {"type": str(physical.pk), "who": "", "where": "", "from_day": "2026-03-10", **wish}
    for address in (f"/schedule/book/{house.diaz.pk}/slots/", book_address(house)):
        answer = rosa.get(address, asked)
        body = answer.content.decode()
        piece = body[body.index('id="book-form"') :]
        assert answer.status_code == 422
        assert "data-error-summary" in piece
        assert says in piece
        assert 'name="slot"' not in piece
        assert "Book this time" not in piece
    tokens = hidden_fields(rosa.get(book_address(house)).content.decode(), form='id="book-act"')
    slot = first_slot(rosa, book_address(house))
    assert rosa.post(book_address(house), tokens | asked | {"slot": slot}).status_code == 422
    assert not Appointment.objects.exists()


def test_a_visit_the_patient_has_already_is_shown_and_marked(rosa: Client, house: House) -> None:
    hours(house.osei, house.door, 0, time(9), time(17))
    appointment(house, cast.NOW + timedelta(minutes=20))
    body = rosa.get(book_address(house)).content.decode()
    assert "Has other visits coming" in body
    assert "patient is elsewhere" in body


def own_time(house: House, day: str, clock: str, **more: str) -> dict[str, str]:
    return {
        "slot": "other",
        "type": str(house.follow_up.id),
        "who": str(house.lee.id),
        "where": str(house.door.id),
        "from_day": "2026-03-09",
        "day": day,
        "clock": clock,
        **more,
    }


@pytest.mark.parametrize(
    ("day", "clock", "sentence"),
    [
        ("3/14/2027", "2:30 am", "that time does not exist on this day"),
        ("11/1/2026", "1:30 am", "that time comes twice"),
        ("3/10/2026", "25:00", "There is no such time of day"),
        ("3/10/2026", "noonish", "Write a time such as"),
        ("2/30/2026", "9:00", "There is no such day"),
        ("", "9:00", "Write the day and the time of day"),
    ],
)
def test_a_time_that_cannot_be_is_said_so(
    rosa: Client, house: House, day: str, clock: str, sentence: str
) -> None:
    fields = form_of(rosa, book_address(house)) | own_time(house, day, clock)
    answer = rosa.post(book_address(house), fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(("turn", "hour"), [("0", 5), ("1", 6)])
def test_the_hour_that_comes_twice_is_booked_as_the_one_that_was_said(
    rosa: Client, house: House, turn: str, hour: int
) -> None:
    hours(house.lee, house.door, 6, time(0), time(8))
    fields = form_of(rosa, book_address(house)) | own_time(house, "11/1/2026", "1:30 am", turn=turn)
    assert rosa.post(book_address(house), fields).status_code == 303
    assert Appointment.objects.get().starts_at == datetime(2026, 11, 1, hour, 30, tzinfo=UTC)


def test_a_visit_is_moved_and_the_form_of_an_older_version_is_refused(rosa: Client, house: House) -> None:
    old = appointment(house, TUESDAY)
    address = f"/schedule/appointments/{old.id}/move/"
    fields = form_of(rosa, address) | {"slot": first_slot(rosa, address)}
    Appointment.objects.filter(id=old.id).update(version=2)
    assert rosa.post(address, fields).status_code == 409
    fields = form_of(rosa, address) | {"slot": first_slot(rosa, address)}
    assert rosa.post(address, fields).status_code == 303
    old.refresh_from_db()
    assert old.booking == "rescheduled"


def test_a_visit_of_a_kind_that_is_booked_no_more_is_still_moved(rosa: Client, house: House) -> None:
    old = appointment(house, TUESDAY)
    commands.retire_appointment_type(house.ana, type_id=house.follow_up.pk)
    address = f"/schedule/appointments/{old.id}/move/"
    fields = form_of(rosa, address) | {"slot": first_slot(rosa, address)}
    assert rosa.post(address, fields).status_code == 303
    old.refresh_from_db()
    assert (old.booking, old.moved_to.type_id) == ("rescheduled", house.follow_up.pk)


def test_a_cancellation_asks_why_and_knows_when_it_is_late(rosa: Client, house: House) -> None:
    soon = appointment(house, cast.NOW + timedelta(hours=3))
    address = f"/schedule/appointments/{soon.id}/cancel/"
    assert "late cancellation" in rosa.get(address).content.decode()
    assert rosa.post(address, form_of(rosa, address) | {"reason": ""}).status_code == 422
    answer = rosa.post(address, form_of(rosa, address) | {"reason": "Other", "words": "snow"})
    soon.refresh_from_db()
    assert (answer.status_code, soon.booking, soon.cancel_reason) == (303, "late_cancelled", "snow")


def test_a_name_with_script_in_it_is_only_a_name(rosa: Client, house: House) -> None:
    Patient.objects.filter(id=house.diaz.id).update(family="<script>alert(1)</script>")
    appointment(house, TUESDAY)
    body = rosa.get("/schedule/2026-03-10/").content.decode()
    assert "<script>alert" not in body.lower()


@pytest.mark.parametrize("role", ["billing_clerk", "privacy_officer"])
def test_a_role_without_the_schedule_sees_none_of_it(house: House, role: str) -> None:
    other = desk(house, role, "else")
    one = appointment(house, TUESDAY)
    for address in ("/schedule/2026-03-10/", f"/schedule/appointments/{one.id}/", book_address(house)):
        answer = other.get(address)
        assert answer.status_code == 403
        assert "DIAZ" not in answer.content.decode()


def test_an_appointment_of_another_practice_is_not_found(house: House) -> None:
    from tests.house import furnished

    mine = appointment(house, TUESDAY)
    elsewhere = furnished("Elsewhere Clinic")
    stranger = desk(elsewhere, name="stranger")
    stranger.raise_request_exception = False
    for address in (f"/schedule/appointments/{mine.id}/", book_address(house)):
        answer = stranger.get(address)
        assert answer.status_code == 404
        assert "DIAZ" not in answer.content.decode()


def test_the_patients_panel_shows_what_is_coming(rosa: Client, house: House) -> None:
    appointment(house, TUESDAY)
    body = rosa.get(f"/schedule/patients/{house.diaz.id}/panel/", HTTP_HX_REQUEST="true").content.decode()
    assert body.lstrip().startswith('<section id="schedule-panel">')
    assert "Tue Mar 10, 2026" in body
    assert date(2026, 3, 10)


def moved_by_form(rosa: Client, house: House, old: Appointment, kind: object) -> Appointment:
    address = f"/schedule/appointments/{old.id}/move/"
    typed = {
        "type": str(kind),
        "who": str(house.lee.id),
        "where": str(house.door.id),
        "from_day": "3/10/2026",
    }
    typed |= {"slot": "other", "day": "3/11", "clock": "11:00"}
    assert rosa.post(address, form_of(rosa, address) | typed).status_code == 303
    old.refresh_from_db()
    assert old.moved_to is not None
    return old.moved_to


def test_a_visit_moved_to_another_kind_lasts_as_long_as_that_kind(rosa: Client, house: House) -> None:
    longer = make.visit_type("Physical", minutes=60)
    new = moved_by_form(rosa, house, appointment(house, TUESDAY, 20), longer.id)
    assert (new.type_id, new.minutes) == (longer.id, 60)


def test_a_visit_moved_within_its_kind_keeps_its_own_length_and_only_times_that_hold_it_are_offered(
    rosa: Client, house: House
) -> None:
    old = appointment(house, TUESDAY, 60)
    # Of Tuesday only nine to nine thirty and the hour of the visit itself are left before noon.
    appointment(house, TUESDAY - timedelta(minutes=30), 30, patient=house.ann)
    appointment(house, TUESDAY + timedelta(hours=1), 60, patient=house.ann)
    address = f"/schedule/appointments/{old.id}/move/"
    at = f"{house.lee.id}.{house.door.id}.{int((TUESDAY - timedelta(hours=1)).timestamp()) // 60}"
    shown = f"{address}?type={house.follow_up.id}&who={house.lee.id}&from_day=3/10/2026"
    assert f'value="{at}"' not in rosa.get(shown).content.decode()
    longer = make.visit_type("Short", minutes=30)
    assert (
        f'value="{at}"' in rosa.get(shown.replace(str(house.follow_up.id), str(longer.id))).content.decode()
    )
    assert moved_by_form(rosa, house, old, house.follow_up.id).minutes == 60
