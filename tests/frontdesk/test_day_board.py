"""The day board: who stands in which group, what the row says, what one press does, how many statements."""

import re
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.coverage import commands as coverage
from daysheet.frontdesk import board as boards
from daysheet.frontdesk import checkin, rules
from daysheet.frontdesk.rooms import rooms_now
from daysheet.kernel.models import AuditLine, AuditPatient
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import Balance
from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from daysheet.visits import queries as visits_queries
from daysheet.visits.models import Visit
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, furnished

TEN = cast.NOW  # Monday 10:00 in New York


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def read(house: House, minutes: int = 0) -> boards.Board:
    now = TEN + timedelta(minutes=minutes)
    return boards.board(location_id=house.door.id, day=cast.MONDAY, now=now, zone=house.door.zone)


def groups(house: House, minutes: int = 0) -> dict[str, list[str]]:
    return {key: [row.name for row in rows] for key, rows in read(house, minutes).groups.items() if rows}


def press(rosa: Client, address: str, to: str, **more: str) -> int:
    body = rosa.get(address).content.decode()
    fields = hidden_fields(body, form='<form class="act')
    return rosa.post(to, fields | more).status_code


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2199-12-31", "2200-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_breaks_no_page(house: House, day: str) -> None:
    browser = desk(house, "office_manager", "ana")
    for address in (
        f"/desk/?day={day}",
        reverse("frontdesk:board") + f"?day={day}",
        reverse("frontdesk:ask-day") + f"?day={day}",
        reverse("schedule:today") + f"?day={day}",
    ):
        assert browser.get(address, follow=True).status_code in (200, 404), address
    there = 200 if day == "2199-12-31" else 404
    for name in ("schedule:day", "schedule:rooms", "reports:daysheet"):
        address = reverse(name, args=[cast.MONDAY]).replace(cast.MONDAY.isoformat(), day)
        assert browser.get(address).status_code == there, address


def test_a_patient_goes_from_not_here_to_here_to_done(house: House) -> None:
    booked = appointment(house, TEN + timedelta(minutes=15))
    assert groups(house) == {"not_here": ["DIAZ, Maria"]}
    visit = visits.arrive(house.rosa, appointment_id=booked.id)
    assert groups(house) == {"here": ["DIAZ, Maria"]}
    Visit.objects.filter(id=visit.id).update(flow="checked_out")
    assert groups(house) == {"done": ["DIAZ, Maria"]}


def test_who_did_not_come_is_late_then_waits_for_a_decision_and_is_never_a_no_show_by_itself(
    house: House,
) -> None:
    booked = appointment(house, TEN)
    assert read(house, 12).groups["not_here"][0].late == ("attention", "late 12")
    assert read(house, 20).groups["not_here"][0].late == ("stop", "late 20")
    assert rules.lateness(cast.NOW, None, cast.NOW + timedelta(minutes=162)) == ("stop", "late 2 h 42")
    assert rules.lateness(cast.NOW, None, cast.NOW + timedelta(minutes=120)) == ("stop", "late 2 h")
    assert groups(house, 51) == {"unresolved": ["DIAZ, Maria"]}
    booked.refresh_from_db()
    assert booked.booking == "scheduled"


@pytest.mark.parametrize(
    ("state", "minutes", "said"),
    [
        ("arrived", 9, ("", "")),
        ("arrived", 10, ("attention", "long wait")),
        ("arrived", 20, ("stop", "very long wait")),
        ("with_provider", 39, ("", "")),
        ("with_provider", 60, ("stop", "very long wait")),
        ("checked_out", 900, ("", "")),
    ],
)
def test_a_long_wait_has_a_tone_and_a_word(state: str, minutes: int, said: tuple[str, str]) -> None:
    assert rules.wait(state, minutes) == said


def test_the_row_counts_minutes_in_the_state_and_in_the_house(house: House) -> None:
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    for step in visit.steps.filter(stage="check_in"):
        visits.do_step(house.rosa, visit_id=visit.id, stage="check_in", kind=step.kind)
    visits.check_in(house.rosa.at(TEN + timedelta(minutes=8)), visit_id=visit.id)
    row = read(house, 31).groups["here"][0]
    assert (row.in_state, row.in_house) == (23, 31)


def test_the_row_says_what_is_due_and_how_the_plan_stands(house: House) -> None:
    plan = make.plan()
    plan.office_copay = Decimal("30.00")
    plan.save()
    make.coverage(house.diaz, plan)
    Balance.objects.create(patient=house.diaz, owes=Decimal("12.40"))
    appointment(house, TEN)
    row = read(house).groups["not_here"][0]
    assert (row.due, row.standing.state) == (Decimal("42.40"), "unasked")


def test_of_medicaids_own_the_board_asks_the_copay_alone(house: House) -> None:
    plan = make.plan()
    plan.kind, plan.office_copay = "medicaid", Decimal("3.00")
    plan.save()
    make.coverage(house.diaz, plan)
    Balance.objects.create(patient=house.diaz, owes=Decimal("12.40"))
    appointment(house, TEN)
    assert read(house).groups["not_here"][0].due == Decimal("3.00")


def test_of_whom_medicaid_covers_behind_another_plan_the_board_asks_nothing(house: House) -> None:
    plan = make.plan()
    plan.office_copay = Decimal("20.00")
    plan.save()
    make.coverage(house.diaz, plan)
    behind = make.plan("Sunrise Medicaid", "SUN", kind="medicaid")
    make.coverage(house.diaz, behind, rank=2, member_id="S1")
    booked = appointment(house, TEN)
    assert read(house).groups["not_here"][0].due == 0
    visit = visits.arrive(house.rosa, appointment_id=booked.id)
    assert read(house).groups["here"][0].due == checkin.money_of(visit).to_take == 0
    Balance.objects.create(patient=house.diaz, owes=Decimal("12.40"))
    assert read(house).groups["here"][0].due == 0


def test_a_copay_that_the_plan_names_after_the_arrival_is_asked_as_check_in_asks_it(house: House) -> None:
    plan = make.plan()
    plan.office_copay = Decimal("30.00")
    plan.save()
    held = make.coverage(house.diaz, plan)
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    assert read(house).groups["here"][0].due == Decimal("30.00")
    told = coverage.Told("eligible", "phone", "Kim", is_benefits=True, copay=Decimal("20.00"))
    coverage.note_told(house.rosa, coverage_id=held.pk, service_on=cast.MONDAY, told=told)
    assert read(house).groups["here"][0].due == checkin.money_of(visit).to_take == Decimal("20.00")


def test_what_was_given_back_over_the_desk_is_asked_again_as_check_in_asks_it(house: House) -> None:
    plan = make.plan()
    plan.office_copay = Decimal("20.00")
    plan.save()
    make.coverage(house.diaz, plan)
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    paid = ledger.take_payment(
        house.rosa,
        patient_id=house.diaz.pk,
        amount=Decimal("20.00"),
        method="cash",
        location_id=house.door.pk,
        purpose="copay",
        visit_id=visit.pk,
    )
    assert read(house).groups["here"][0].due == 0
    ledger.refund_payment(
        cast.ana(house.practice.pk),
        payment_id=paid.pk,
        amount=Decimal("15.00"),
        method="check",
        reason="error",
    )
    assert read(house).groups["here"][0].due == checkin.money_of(visit).to_take == Decimal("15.00")


def test_two_patients_of_a_name_are_pointed_out(house: House) -> None:
    anne = make.patient("Lee", "Anne")
    appointment(house, TEN, patient=house.ann)
    appointment(house, TEN + timedelta(minutes=30), patient=anne)
    first = read(house).groups["not_here"][0]
    assert first.alerts == [("attention", f"Name alert: LEE, Anne {anne.chart_number} at 10:30")]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Diaz", "Dias", True),
        ("Okafor", "Okafur", True),
        ("Lee", "lee", True),
        ("Diaz", "Roy", False),
        ("Lee", "Lo", False),
    ],
)
def test_names_that_look_alike_warn(one: str, other: str, alike: bool) -> None:
    found = rules.name_alerts([("a", one, "the first"), ("b", other, "the other")])
    assert (found == {"a": "the other", "b": "the first"}) is alike


def test_a_patient_who_stands_twice_on_the_board_is_not_mistaken_for_herself(house: House) -> None:
    appointment(house, TEN)
    appointment(house, TEN + timedelta(hours=1))
    assert [row.alerts for row in read(house).groups["not_here"]] == [[], []]


def test_the_board_takes_a_constant_number_of_statements(rosa: Client, house: House) -> None:
    counts = []
    plan = make.plan()
    for n in (1, 4, 12):
        for k in range(n):
            who = make.patient(f"Roy{n}x{k}")
            make.coverage(who, plan)
            one = appointment(house, TEN + timedelta(hours=n // 4, minutes=k * 5), 5, patient=who)
            if k % 2:
                visits.arrive(house.rosa, appointment_id=one.id)
        with CaptureQueriesContext(connection) as heard:
            assert rosa.get("/desk/").status_code == 200
        counts.append(len(heard))
    assert counts[1] == counts[2]
    assert max(counts) <= 9  # the ninth asks for the patients' own check-ins


def test_opening_the_board_is_written_down_for_everyone_on_it(rosa: Client, house: House) -> None:
    appointment(house, TEN)
    rosa.get("/desk/")
    line = AuditLine.objects.get(action="frontdesk.board.viewed")
    assert AuditPatient.objects.filter(line_id=line.id, patient_id=house.diaz.id).exists()


def test_one_press_says_that_a_patient_arrived_and_offers_the_way_back(rosa: Client, house: House) -> None:
    booked = appointment(house, TEN)
    fields = hidden_fields(rosa.get("/desk/").content.decode(), form='<form class="acts"')
    answer = rosa.post(f"/desk/appointments/{booked.id}/arrive/", fields, HTTP_HX_REQUEST="true")
    body = answer.content.decode()
    visit = Visit.objects.get(appointment=booked)
    assert answer.status_code == 200
    assert body.lstrip().startswith('<section id="board"')
    assert f"/desk/visits/{visit.id}/back/{visit.version}/" in body
    assert "Maria Diaz has arrived." in body


def test_undo_takes_back_the_act_that_it_names_and_no_later_one(rosa: Client, house: House) -> None:
    booked = appointment(house, TEN)
    fields = hidden_fields(rosa.get("/desk/").content.decode(), form='<form class="acts"')
    rosa.post(f"/desk/appointments/{booked.id}/arrive/", fields)
    visit = Visit.objects.get(appointment=booked)
    shown = rosa.get("/desk/").content.decode()
    undo = f"/desk/visits/{visit.id}/back/{visit.version}/"
    assert f'action="{undo}"' in shown
    for step in visit.steps.filter(stage="check_in"):
        visits.do_step(house.ana, visit_id=visit.id, stage="check_in", kind=step.kind)
    visits.check_in(house.ana, visit_id=visit.id)
    answer = rosa.post(undo, hidden_fields(shown, form='<form class="act toast-undo"'))
    assert answer.status_code == 409
    assert "Somebody moved this patient meanwhile" in answer.content.decode()
    menu = hidden_fields(shown, form='<form class="acts"') | {"version": str(visit.version)}
    assert rosa.post(f"/desk/visits/{visit.id}/back/", menu).status_code == 409
    visit.refresh_from_db()
    assert visit.flow == "checked_in"
    menu = hidden_fields(rosa.get("/desk/").content.decode(), form='<form class="acts"')
    assert rosa.post(f"/desk/visits/{visit.id}/back/{visit.version}/", menu).status_code == 303


def test_a_version_that_is_no_number_is_as_none(rosa: Client, house: House) -> None:
    booked = appointment(house, TEN - timedelta(hours=1))
    assert press(rosa, "/desk/", f"/desk/appointments/{booked.id}/no-show/", version="²") == 303


def test_the_same_press_twice_is_one_arrival(rosa: Client, house: House) -> None:
    booked = appointment(house, TEN)
    fields = hidden_fields(rosa.get("/desk/").content.decode(), form='<form class="acts"')
    answers = [rosa.post(f"/desk/appointments/{booked.id}/arrive/", fields).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert Visit.objects.get().events.count() == 1


def test_a_patient_already_taken_by_another_window_is_said_and_nothing_changes(
    rosa: Client, house: House
) -> None:
    booked = appointment(house, TEN)
    fields = hidden_fields(rosa.get("/desk/").content.decode(), form='<form class="acts"')
    visits.arrive(house.ana, appointment_id=booked.id)
    answer = rosa.post(f"/desk/appointments/{booked.id}/arrive/", fields, HTTP_HX_REQUEST="true")
    assert answer.status_code == 409
    assert "has arrived already" in answer.content.decode()
    assert Visit.objects.count() == 1


def test_a_no_show_is_pressed_and_taken_back(rosa: Client, house: House) -> None:
    missed = appointment(house, TEN - timedelta(hours=1))
    assert press(rosa, "/desk/", f"/desk/appointments/{missed.id}/no-show/") == 303
    missed.refresh_from_db()
    assert missed.booking == "no_show"
    assert rosa.post(f"/desk/appointments/{missed.id}/no-show/undo/").status_code == 303
    assert Appointment.objects.get(id=missed.id).booking == "scheduled"


def test_a_room_is_chosen_and_the_board_says_which(rosa: Client, house: House) -> None:
    room = make.room(house.door)
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    Visit.objects.filter(id=visit.id).update(flow="checked_in")
    address = f"/desk/visits/{visit.id}/room/"
    assert press(rosa, address, f"/desk/visits/{visit.id}/move/roomed/", room=str(room.id)) == 303
    visit.refresh_from_db()
    assert (visit.flow, visit.room_id) == ("roomed", room.id)
    assert "Room 1" in rosa.get("/desk/").content.decode()


def test_a_room_in_use_names_who_is_in_it_and_asks_why_both(rosa: Client, house: House) -> None:
    room = make.room(house.door)
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    other = visits.walk_in(
        house.rosa, patient_id=house.ann.pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    address, to = f"/desk/visits/{visit.id}/room/", f"/desk/visits/{visit.id}/move/roomed/"
    Visit.objects.filter(id=visit.id).update(flow="checked_in")
    early = hidden_fields(rosa.get(address).content.decode(), form=f'action="{to}"')
    Visit.objects.filter(id=other.id).update(flow="roomed", room=room)
    answer = rosa.post(to, early)
    assert (answer.status_code, "Ann Lee is in Room 1." in answer.content.decode()) == (409, True)
    body = rosa.get(address).content.decode()
    assert "in use: Ann Lee" in body
    fields = hidden_fields(body, form=f'action="{to}"')
    assert rosa.post(to, fields | {"because": "Same family"}).status_code == 303
    visit.refresh_from_db()
    assert (visit.flow, visit.room_id) == ("roomed", room.id)


def test_the_rooms_say_which_is_free_and_who_is_in_the_others(rosa: Client, house: House) -> None:
    one, other = make.room(house.door), make.room(house.door, "Room 2")
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    Visit.objects.filter(pk=visit.pk).update(flow="roomed", room=one, flow_since=TEN)
    found = rooms_now(house.door.pk, cast.MONDAY, TEN + timedelta(minutes=12))
    said = [(room.name, [(who.name, who.minutes) for who in room.inside]) for room in found]
    assert said == [(one.name, [("DIAZ, Maria", 12)]), (other.name, [])]
    assert reverse("frontdesk:rooms-list") in rosa.get("/desk/").content.decode()
    shown = rosa.get("/desk/rooms/").content.decode()
    assert ("1 of 2 free" in shown, "DIAZ, Maria" in shown) == (True, True)
    assert AuditPatient.objects.filter(patient_id=visit.patient_id).exists()
    Visit.objects.filter(pk=visit.pk).update(flow="checked_out", ended_at=TEN)
    assert "2 of 2 free" in rosa.get("/desk/rooms/list/").content.decode()


def test_the_rooms_take_two_statements_for_any_number(house: House) -> None:
    counted = []
    for n in (1, 4):
        make.room(house.door, f"Room {n}")
        make.room(house.door, f"Lab {n}")
        with CaptureQueriesContext(connection) as told:
            rooms_now(house.door.pk, cast.MONDAY, TEN)
        counted.append(len(told))
    assert counted == [2, 2]


def test_the_wall_shows_first_names_and_one_letter_and_no_more(rosa: Client, house: House) -> None:
    room = make.room(house.door)
    visits.set_wall_policy(house.ana, location_id=house.door.pk, shows="name")
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    Visit.objects.filter(id=visit.id).update(flow="roomed", room=room)
    visits.walk_in(
        house.rosa,
        patient_id=house.ann.id,
        provider_id=house.lee.id,
        location_id=house.door.id,
        reason="rash",
    )
    body = rosa.get("/desk/wall/").content.decode()
    assert "Maria D." in body
    assert "Room 1" in body
    assert "Ann L." in body
    assert not any(word in body for word in ("Diaz", "DIAZ", "1962", "rash", "10442"))


def test_who_may_only_look_sees_the_board_without_its_buttons(house: House) -> None:
    appointment(house, TEN)
    body = desk(house, "auditor", "otto").get("/desk/").content.decode()
    assert "DIAZ, Maria" in body
    assert "/arrive/" not in body


def test_a_role_without_the_right_moves_nobody(house: House) -> None:
    booked = appointment(house, TEN)
    other = desk(house, "auditor", "otto")
    answer = other.post(f"/desk/appointments/{booked.id}/arrive/")
    assert answer.status_code == 403
    assert not Visit.objects.exists()


def test_another_practice_neither_sees_nor_moves_our_patients(house: House) -> None:
    booked = appointment(house, TEN)
    visit = visits.arrive(house.rosa, appointment_id=booked.id)
    elsewhere = furnished("Elsewhere Clinic")
    stranger = desk(elsewhere, name="stranger")
    stranger.raise_request_exception = False
    assert "DIAZ, Maria" not in stranger.get(f"/desk/?where={house.door.id}").content.decode()
    for tail in ("check-in/", "check-out/", "room/", "left/"):
        assert stranger.get(f"/desk/visits/{visit.id}/{tail}").status_code == 404


def test_an_act_keeps_the_day_and_the_filters_of_the_board(rosa: Client, house: House) -> None:
    booked = appointment(house, TEN)
    appointment(house, TEN, patient=house.ann, provider=house.osei)
    filtered = f"provider={house.lee.id}"
    body = rosa.get(f"/desk/?{filtered}").content.decode()
    address = f"/desk/appointments/{booked.id}/arrive/?{filtered}"
    assert f'formaction="{address}"' in body
    fields = hidden_fields(body, form='<form class="acts"')
    answer = rosa.post(address, fields, HTTP_HX_REQUEST="true").content.decode()
    assert "DIAZ, Maria" in answer
    assert "LEE, Ann" not in answer


def test_every_way_back_to_the_board_keeps_its_filters(rosa: Client, house: House) -> None:
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    filtered = f"/desk/?provider={house.lee.id}"
    rosa.get(filtered)
    check_in, chosen, left = (f"/desk/visits/{visit.id}/{tail}/" for tail in ("check-in", "room", "left"))
    for page in (check_in, chosen, left):
        assert f'href="{filtered}"' in rosa.get(page).content.decode()
    for kind in visits_queries.steps(visit.id, "check_in").values_list("kind", flat=True):
        visits.not_now(house.rosa, visit_id=visit.id, stage="check_in", kind=kind, reason="later")
    fields = hidden_fields(rosa.get(check_in).content.decode(), form='id="desk-end"')
    assert rosa.post(check_in, fields)["Location"] == filtered
    fields = hidden_fields(rosa.get(chosen).content.decode(), form='<form class="act')
    assert rosa.post(f"/desk/visits/{visit.id}/move/roomed/", fields)["Location"] == filtered
    rosa.get("/desk/")
    assert f'href="{filtered}"' not in rosa.get(check_in).content.decode()


def test_who_has_left_is_looked_up_again_from_the_row(rosa: Client, house: House) -> None:
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    receipts = f'<a href="/desk/visits/{visit.id}/check-out/">Check-out and receipts</a>'
    assert receipts not in rosa.get("/desk/").content.decode()
    Visit.objects.filter(pk=visit.pk).update(flow="checked_out", ended_at=TEN)
    assert receipts in rosa.get("/desk/").content.decode()


def test_locking_leads_back_to_the_page_that_was_locked(rosa: Client, house: House) -> None:
    here = f"/desk/?provider={house.lee.id}"
    fields = hidden_fields(rosa.get(here).content.decode(), form='action="/lock/"')
    assert fields["next"] == here
    assert rosa.post("/lock/", fields)["Location"] == f"/lock/?{urlencode({'next': here})}"


def test_yesterdays_open_appointment_is_decided_on_its_own_board(rosa: Client, house: House) -> None:
    missed = appointment(house, TEN - timedelta(days=3))
    body = rosa.get("/desk/?day=2026-03-06").content.decode()
    assert "Unresolved" in body
    fields = hidden_fields(body, form='<form class="acts"')
    answer = rosa.post(f"/desk/appointments/{missed.id}/no-show/?day=2026-03-06", fields)
    missed.refresh_from_db()
    assert (answer["Location"], missed.booking) == ("/desk/?day=2026-03-06", "no_show")


def test_the_decision_list_holds_every_earlier_day_and_nobody_who_was_seen(
    rosa: Client, house: House
) -> None:
    appointment(house, TEN - timedelta(days=3))
    seen = appointment(house, TEN - timedelta(minutes=30), patient=house.ann)
    visits.arrive(house.rosa, appointment_id=seen.id)
    body = rosa.get("/desk/unresolved/").content.decode()
    assert "DIAZ, Maria" in body
    assert "/desk/?day=2026-03-06#group-unresolved" in body
    assert "LEE, Ann" not in body


def test_a_long_decision_list_goes_on_on_the_next_page(
    rosa: Client, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daysheet.frontdesk.views.board.ROWS", 1)
    appointment(house, TEN - timedelta(days=4))
    appointment(house, TEN - timedelta(days=3), patient=house.ann)
    assert "Page 1 of 2" in rosa.get("/desk/unresolved/").content.decode()
    assert "LEE, Ann" in rosa.get("/desk/unresolved/?page=2").content.decode()


def test_the_pages_hold_no_form_within_a_form(rosa: Client, house: House) -> None:
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    appointment(house, TEN + timedelta(hours=1), patient=house.ann)
    tails = ("check-in/", "check-out/", "room/", "left/")
    for address in ("/desk/", *(f"/desk/visits/{visit.id}/{tail}" for tail in tails)):
        depth = 0
        for tag in re.findall(r"</?form\b", rosa.get(address).content.decode()):
            depth += 1 if tag == "<form" else -1
            assert depth in (0, 1)


def test_the_board_of_sixty_is_light(rosa: Client, house: House) -> None:
    plan = make.plan()
    for n in range(60):
        who = make.patient(chr(65 + n % 26) * 4 + chr(97 + n // 3) * 4, "Alexandrina")  # no two alike
        make.coverage(who, plan)
        appointment(house, TEN - timedelta(hours=1) + timedelta(minutes=5 * n), 5, patient=who)
    for booked in list(Appointment.objects.all()[:20]):
        visits.arrive(house.rosa, appointment_id=booked.id)
    size = len(rosa.get("/desk/").content)
    assert size < 118_000  # under 2 kB a row: covered, some late, twenty here


def test_an_empty_board_names_the_walk_in_only_where_its_button_stands(rosa: Client, house: House) -> None:
    assert "taken in by Walk-in" in rosa.get("/desk/").text
    other = rosa.get("/desk/?day=2026-08-15").text
    assert "Nobody is booked on this day." in other
    assert "Walk-in" not in other
