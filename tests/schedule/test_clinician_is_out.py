"""A clinician is out, or a snow day: the times vanish, and who is booked in them is moved, cancelled or left."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.access import Actor, NotPermitted
from daysheet.kernel.errors import StaleForm
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.schedule import closings, commands, queries
from daysheet.schedule.models import Absence, Appointment, Closing, ClosingRow
from daysheet.schedule.working_off import take_all_back, work_off
from tests import make, reminded
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, furnished

HTMX = {"HX-Request": "true"}
MORNING = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)  # Tuesday, nine in New York
DAY = (datetime(2026, 3, 10, 4, 0, tzinfo=UTC), datetime(2026, 3, 11, 4, 0, tzinfo=UTC))


def out(house: House, **more: Any) -> Closing:
    """Take Dr. Lee's Tuesday off the book."""
    facts = {"provider_id": house.lee.id, "starts_at": DAY[0], "ends_at": DAY[1], "cause": "clinician"}
    return commands.close_span(house.rosa, **facts | more)


def booked(house: House, count: int) -> list[Appointment]:
    """Book as many people with Dr. Lee on Tuesday, one after the other."""
    return [
        appointment(house, MORNING + timedelta(minutes=20 * n), patient=make.patient(f"Booked{n}"))
        for n in range(count)
    ]


def only(closing: Closing) -> ClosingRow:
    return closing.rows.select_related("appointment").get()


def slots(house: House) -> list[Any]:
    return queries.open_slots(
        type_id=house.follow_up.id,
        provider_ids=[house.lee.id],
        location_id=None,
        first_day=MORNING.date(),
        last_day=MORNING.date(),
        now=house.rosa.now,
    )


def test_the_times_vanish_and_who_is_booked_in_them_is_listed(house: House) -> None:
    mine = appointment(house, MORNING)
    appointment(house, MORNING + timedelta(days=1))
    appointment(house, MORNING, provider=house.osei, patient=house.ann)
    assert slots(house)
    closing = out(house, reason=" flu ")
    assert slots(house) == []
    assert Absence.objects.get().reason == "flu"
    assert [one.appointment_id for one in closing.rows.all()] == [mine.id]


def test_a_snow_day_lists_every_clinician_and_takes_the_managers_permission(house: House) -> None:
    appointment(house, MORNING)
    appointment(house, MORNING, provider=house.osei, patient=house.ann)
    for whole in ({"provider_id": None}, {"provider_id": None, "location_id": house.door.id}):
        with pytest.raises(NotPermitted):
            out(house, **whole, cause="weather")
    assert not Absence.objects.exists()
    facts = {"starts_at": DAY[0], "ends_at": DAY[1], "cause": "weather"}
    closing = commands.close_span(house.ana, **facts, location_id=house.door.id)
    assert closing.rows.count() == 2


@pytest.mark.parametrize(
    "facts",
    [
        {"ends_at": DAY[0]},
        {"starts_at": DAY[0] - timedelta(days=5), "ends_at": DAY[0] - timedelta(days=4)},
        {"ends_at": DAY[0] + timedelta(days=63)},
        {"cause": "else"},
        {"provider_id": UUID(int=7)},
    ],
)
def test_what_cannot_be_closed_is_refused_and_leaves_no_trace(house: House, facts: dict[str, Any]) -> None:
    with pytest.raises(Exception, match=r"\w+ .*\."):
        out(house, **facts)
    assert not Absence.objects.exists()
    assert not Closing.objects.exists()


def test_the_same_clinicians_next_free_times_are_proposed_once_each(house: House) -> None:
    booked(house, 3)
    appointment(house, MORNING + timedelta(days=1), patient=house.ann)
    closing = out(house)
    assert commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same") == 3
    rows = closing.rows.order_by("appointment__starts_at")
    after = MORNING + timedelta(days=1, minutes=20)
    assert [one.proposed_at for one in rows] == [after + timedelta(minutes=20 * n) for n in range(3)]


def test_a_proposal_passes_over_a_time_at_which_the_patient_is_elsewhere(house: House) -> None:
    appointment(house, MORNING)
    appointment(house, MORNING + timedelta(days=1), provider=house.osei)
    closing = out(house)
    commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same")
    assert only(closing).proposed_at == MORNING + timedelta(days=1, minutes=20)


def test_another_clinician_takes_them_on_the_same_day(house: House) -> None:
    from datetime import time

    from tests.house import hours

    hours(house.osei, house.door, 1, time(9), time(9, 30))
    booked(house, 2)
    closing = out(house)
    assert commands.propose_for_closing(house.rosa, closing_id=closing.id, how="other") == 1
    first, second = closing.rows.order_by("appointment__starts_at")
    assert (first.proposed_provider_id, first.proposed_at) == (house.osei.id, MORNING)
    assert (second.proposed_at, second.note) == (None, "No free time was found.")
    assert commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same", only_missing=True) == 1
    first.refresh_from_db()
    assert first.proposed_provider_id == house.osei.id


def test_a_visit_is_moved_as_proposed_and_back(house: House) -> None:
    old = appointment(house, MORNING)
    closing = out(house)
    commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same")
    row = only(closing)
    commands.move_row(house.rosa, row_id=row.id, version=row.version)
    old.refresh_from_db()
    assert (old.booking, old.moved_to.starts_at) == ("rescheduled", MORNING + timedelta(days=1))  # type: ignore[union-attr]
    assert (only(closing).state, only(closing).done_by) == ("moved", house.rosa.name)
    commands.undo_row(house.rosa, row_id=row.id)
    old.refresh_from_db()
    assert (old.booking, old.moved_to, only(closing).state) == ("scheduled", None, "to_call")


def test_a_cancellation_never_counts_against_the_patient(house: House) -> None:
    old = appointment(house, house.rosa.now + timedelta(hours=1))
    closing = out(house, starts_at=house.rosa.now, ends_at=DAY[0], cause="weather", reason="snow")
    row = only(closing)
    commands.cancel_row(house.rosa, row_id=row.id, version=row.version)
    old.refresh_from_db()
    assert (old.booking, old.cancel_reason) == ("cancelled", "Weather. snow")
    commands.undo_row(house.rosa, row_id=row.id)
    old.refresh_from_db()
    assert (old.booking, old.cancel_reason) == ("scheduled", "")


def test_told_and_left_are_noted_and_taken_back(house: House) -> None:
    appointment(house, MORNING)
    row = only(out(house))
    for act, state in ((commands.tell_row, "told"), (commands.leave_row, "left")):
        assert act(house.rosa, row_id=row.id, version=None).state == state
    with pytest.raises(commands.AlreadyDecided):
        commands.cancel_row(house.rosa, row_id=row.id, version=None)
    assert commands.undo_row(house.rosa, row_id=row.id).state == "to_call"
    with pytest.raises(commands.AlreadyDecided):
        commands.undo_row(house.rosa, row_id=row.id)


def test_who_calls_a_patient_is_left_alone_for_a_quarter_of_an_hour(house: House) -> None:
    appointment(house, MORNING)
    row = only(out(house))
    tim = replace(house.rosa, name="Tim Novak")
    commands.call_about_row(house.rosa, row_id=row.id, version=row.version)
    with pytest.raises(commands.RowIsTaken, match="Rosa Marin calls this patient"):
        commands.cancel_row(tim, row_id=row.id, version=None)
    with pytest.raises(StaleForm):
        commands.tell_row(house.rosa, row_id=row.id, version=row.version)
    later = replace(tim, now=tim.now + timedelta(minutes=15))
    assert commands.tell_row(later, row_id=row.id, version=None).done_by == "Tim Novak"


def test_a_move_without_a_proposal_is_refused(house: House) -> None:
    appointment(house, MORNING)
    with pytest.raises(commands.NothingProposed):
        commands.move_row(house.rosa, row_id=only(out(house)).id, version=None)


def test_what_was_moved_from_another_page_needs_no_call(house: House) -> None:
    old = appointment(house, MORNING)
    closing = out(house)
    moved = commands.move_appointment(
        house.rosa, appointment_id=old.id, version=None, starts_at=MORNING + timedelta(days=2)
    )
    assert closings.state_of(only(closing)) == "moved"
    commands.undo_booking(house.rosa, appointment_id=moved.id)
    assert closings.state_of(only(closing)) == "to_call"


def test_many_are_moved_and_the_one_that_is_refused_stops_no_other(house: House) -> None:
    booked(house, 3)
    closing = out(house)
    commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same")
    rows = list(closing.rows.order_by("appointment__starts_at"))
    appointment(house, rows[1].proposed_at, patient=house.ann)  # type: ignore[arg-type]
    came = work_off(house.rosa, "move", [(one.id, one.version) for one in rows])
    assert (came.done, len(came.refused)) == (2, 1)
    assert [one.state for one in closing.rows.order_by("appointment__starts_at")] == [
        "moved",
        "to_call",
        "moved",
    ]
    assert "taken" in closing.rows.get(pk=rows[1].pk).note


def test_the_whole_is_taken_back(house: House) -> None:
    visits = booked(house, 3)
    closing = out(house)
    commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same")
    first, second, third = closing.rows.order_by("appointment__starts_at")
    commands.move_row(house.rosa, row_id=first.id, version=None)
    commands.cancel_row(house.rosa, row_id=second.id, version=None)
    commands.leave_row(house.rosa, row_id=third.id, version=None)
    came = take_all_back(house.rosa, closing)
    assert (came.done, came.refused) == (2, [])
    assert not Absence.objects.exists()
    assert {one.booking for one in Appointment.objects.filter(pk__in=[v.pk for v in visits])} == {"scheduled"}
    with pytest.raises(commands.ClosingIsOver):
        commands.tell_row(house.rosa, row_id=first.id, version=None)
    with pytest.raises(commands.ClosingIsOver):
        commands.take_closing_back(house.rosa, closing_id=closing.id)


def test_who_may_not_open_the_door_again_touches_no_visit(house: House) -> None:
    appointment(house, MORNING)
    closing = commands.close_span(house.ana, starts_at=DAY[0], ends_at=DAY[1], cause="weather")
    commands.cancel_row(house.rosa, row_id=only(closing).id, version=None)
    with pytest.raises(NotPermitted):
        take_all_back(house.rosa, closing)
    assert only(closing).appointment.booking == "cancelled"


def test_a_visit_whose_old_time_is_gone_stays_moved(house: House) -> None:
    appointment(house, MORNING)
    closing = out(house)
    commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same")
    commands.move_row(house.rosa, row_id=only(closing).id, version=None)
    appointment(house, MORNING, patient=house.ann)
    came = take_all_back(house.rosa, closing)
    assert (came.done, len(came.refused)) == (0, 1)
    assert only(closing).appointment.booking == "rescheduled"


def test_what_was_booked_meanwhile_is_put_on_the_list_once(house: House) -> None:
    closing = out(house)
    appointment(house, MORNING)
    assert commands.list_booked_since(house.rosa, closing_id=closing.id) == 1
    assert commands.list_booked_since(house.rosa, closing_id=closing.id) == 0


# On screen


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def body(answer: Any) -> str:
    return str(answer.content.decode())


def test_rosa_takes_a_clinician_off_the_book_and_works_the_list_off(rosa: Client, house: House) -> None:
    booked(house, 2)
    address = "/schedule/closings/"
    sent = hidden_fields(body(rosa.get(address)), form='id="closing-form"')
    typed = {"who": f"clinician.{house.lee.id}", "from_day": "3/10", "cause": "clinician", "reason": "flu"}
    answer = rosa.post(address, sent | typed)
    closing = Closing.objects.get()
    page = f"/schedule/closings/{closing.id}/"
    assert (answer.status_code, answer["Location"]) == (303, page)
    assert (closing.starts_at, closing.ends_at) == DAY
    shown = body(rosa.get(page))
    assert "Booked0" in shown or "BOOKED0" in shown
    token = hidden_fields(shown, form='id="propose-form"')
    piece = rosa.post(f"{page}propose/", token | {"how": "same"}, headers=HTMX)
    assert body(piece).lstrip().startswith('<div id="closing"')
    assert "Move 2 as proposed" in body(piece)
    keys = hidden_fields(body(piece), form=f'<form class="act" method="post" action="{page}work-off/"')
    answer = rosa.post(f"{page}work-off/", keys)
    assert answer["Location"] == page
    assert "2 done." in body(rosa.get(page))
    assert {one.state for one in closing.rows.all()} == {"moved"}
    keys = hidden_fields(body(rosa.get(page)), form=f'<form class="act" method="post" action="{page}undo/"')
    assert rosa.post(f"{page}undo/", keys).status_code == 303
    assert "Taken back by" in body(rosa.get(page))


def test_what_cannot_be_read_is_said_and_nothing_typed_is_lost(rosa: Client, house: House) -> None:
    sent = hidden_fields(body(rosa.get("/schedule/closings/")), form='id="closing-form"')
    typed = {
        "who": f"clinician.{house.lee.id}",
        "from_day": "3/10",
        "from_clock": "noonish",
        "cause": "weather",
    }
    for headers in ({}, HTMX):
        answer = rosa.post("/schedule/closings/", sent | typed, headers=headers)
        assert answer.status_code == 422
        assert 'value="noonish"' in body(answer)
    gone = {"who": f"clinician.{house.lee.id}", "from_day": "2026-03-02", "cause": "weather"}
    assert rosa.post("/schedule/closings/", sent | gone).status_code == 409
    assert rosa.post("/schedule/closings/", sent | gone | {"who": "office"}).status_code == 422
    assert not Absence.objects.exists()


def test_one_row_is_worked_from_its_buttons(rosa: Client, house: House) -> None:
    appointment(house, MORNING)
    closing = out(house)
    row = only(closing)
    page, here = f"/schedule/closings/{closing.id}/", f"/schedule/closing-rows/{row.id}/"

    def press(act: str, headers: Any = None) -> Any:
        token = hidden_fields(body(rosa.get(page)), form='id="closing-acts"')
        return rosa.post(here, token | {"act": act}, headers=headers or HTMX)

    assert "You call." in body(press(f"call.{row.version}"))
    assert press(f"cancel.{row.version}").status_code == 409
    assert press("cancel." + "9" * 30).status_code == 200
    assert press("undo", headers={"X-Plain": "yes"}).status_code == 303
    assert press("dance").status_code == 409
    assert only(closing).state == "to_call"


def test_the_page_takes_the_same_statements_for_few_and_for_three_hundred(rosa: Client, house: House) -> None:
    counts = []
    for number, size in enumerate((2, 298)):
        for n in range(size):
            at = MORNING + timedelta(days=number, minutes=0) + timedelta(minutes=n)
            appointment(house, at, 1, patient=make.patient(f"Some{number}x{n}"))
        if number == 0:
            closing = out(house, ends_at=DAY[1] + timedelta(days=7))
        else:
            commands.list_booked_since(house.rosa, closing_id=closing.id)
        with CaptureQueriesContext(connection) as proposing:
            commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same")
        with CaptureQueriesContext(connection) as heard:
            assert rosa.get(f"/schedule/closings/{closing.id}/").status_code == 200
        counts.append((len(heard), len(proposing)))
    assert closing.rows.count() == 300
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 20, counts


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_one_row_have_one_winner() -> None:
    house = furnished()
    with house.open():
        visits = booked(house, 12)
        closing = out(house)
        commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same")
        rows = [(one.id, one.version) for one in closing.rows.order_by("id")]
    start = Barrier(2)

    def works(by: Actor, act: str) -> int:
        start.wait()
        try:
            return work_off(by, act, rows).done
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as desks:
        tim = replace(house.rosa, name="Tim Novak")
        done = list(desks.map(works, [house.rosa, tim], ["move", "cancel"]))
    assert sum(done) == 12
    with house.open():
        states = [one.state for one in closing.rows.all()]
        assert (states.count("moved"), states.count("cancelled")) == tuple(done)
        assert {one.booking for one in Appointment.objects.filter(pk__in=[v.pk for v in visits])} <= {
            "rescheduled",
            "cancelled",
        }


def writable(house: House, *patients: Any) -> None:
    """Give the office a telephone to play with, and let patients be texted."""
    mailroom.open_telephone(house.ana)
    for number, one in enumerate(patients):
        reminded.phone(one, f"+141355501{number:02d}")


def test_whoever_may_be_written_to_hears_that_the_visit_cannot_be(house: House) -> None:
    writable(house, house.diaz)
    appointment(house, MORNING)
    appointment(house, MORNING + timedelta(hours=1), patient=house.ann)
    closing = out(house)
    assert commands.write_closing(house.rosa, closing_id=closing.id) == 1
    sent = Envelope.objects.get(kind="sms")
    assert "We cannot see you on Tuesday, March 10, 2026 at 9:00 am" in sent.content.decode()
    assert [(one.state, one.written_for) for one in closing.rows.order_by("appointment__starts_at")] == [
        ("told", "told"),
        ("to_call", ""),
    ]
    with pytest.raises(commands.NobodyToWrite):
        commands.write_closing(house.rosa, closing_id=closing.id)


def test_of_a_closing_nobody_hears_in_the_quiet_hours_and_who_would_hear_too_late_is_called(
    house: House,
) -> None:
    writable(house, house.diaz, house.ann)
    appointment(house, MORNING)
    later = appointment(house, MORNING + timedelta(hours=3), patient=house.ann)
    closing = out(house)
    in_the_night = house.rosa.at(MORNING - timedelta(hours=3))  # six in the morning of that day
    assert commands.write_closing(in_the_night, closing_id=closing.id) == 1
    sent = Envelope.objects.get(kind="sms")
    assert [str(one) for one in sent.patient_ids] == [str(later.patient_id)]
    assert sent.next_try_at == MORNING


def test_whoever_was_moved_hears_the_new_time_once(house: House) -> None:
    writable(house, house.diaz)
    appointment(house, MORNING)
    closing = out(house)
    commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same")
    row = only(closing)
    commands.move_row(house.rosa, row_id=row.id, version=row.version)
    assert commands.write_closing(house.rosa, closing_id=closing.id) == 1
    text = Envelope.objects.get(kind="sms").content.decode()
    assert "is now on Wednesday, March 11, 2026 at 9:00 am" in text
    assert "Diaz" not in text
    with pytest.raises(commands.NobodyToWrite):
        commands.write_closing(house.rosa, closing_id=closing.id)


@pytest.mark.parametrize("how", ["row", "all"])
def test_taking_it_back_keeps_a_message_that_has_not_left(house: House, how: str) -> None:
    writable(house, house.diaz)
    appointment(house, MORNING)
    closing = out(house)
    commands.write_closing(house.rosa, closing_id=closing.id)
    if how == "row":
        commands.undo_row(house.rosa, row_id=only(closing).id)
        assert (only(closing).state, only(closing).written_for) == ("to_call", "")
    else:
        take_all_back(house.rosa, closing)
    assert Envelope.objects.get(kind="sms").state == "stopped"


def test_the_desk_writes_to_all_by_one_press(house: House) -> None:
    writable(house, house.diaz)
    appointment(house, MORNING)
    closing = out(house)
    rosa = desk(house)
    assert "Write to 1 patient" in rosa.get(f"/schedule/closings/{closing.id}/").content.decode()
    answer = rosa.post(f"/schedule/closings/{closing.id}/write/", headers=HTMX)
    assert answer.status_code == 200
    assert "Write to" not in rosa.get(f"/schedule/closings/{closing.id}/").content.decode()


def cancelled(house: House) -> Closing:
    """Let a visit of Ms. Diaz meet a closing that cancels it."""
    appointment(house, MORNING)
    closing = out(house)
    row = only(closing)
    commands.cancel_row(house.rosa, row_id=row.id, version=row.version)
    return closing


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "We had to cancel your visit on Tuesday"), ("es", "Tuvimos que cancelar su cita del martes")],
)
def test_whoever_is_cancelled_is_written_to_once(house: House, language: str, says: str) -> None:
    writable(house, house.diaz)
    type(house.diaz).objects.filter(pk=house.diaz.pk).update(language=language)
    closing = cancelled(house)
    assert commands.write_closing(house.rosa, closing_id=closing.id) == 1
    assert says in Envelope.objects.get(kind="sms").content.decode()
    assert (only(closing).state, only(closing).written_for) == ("cancelled", "cancelled")
    with pytest.raises(commands.NobodyToWrite):
        commands.write_closing(house.rosa, closing_id=closing.id)


def test_whoever_is_cancelled_and_cannot_be_written_to_is_called(house: House) -> None:
    closing, rosa = cancelled(house), desk(house)
    address = f"/schedule/closings/{closing.id}/"
    body = rosa.get(address).content.decode()
    assert "1 patient whose visit is cancelled or moved has not been told" in body
    assert "DIAZ, Maria was told" in body
    assert [one.waiting for one in closings.latest(house.rosa.now)] == [1]  # type: ignore[attr-defined]
    row = only(closing)
    commands.call_about_row(house.rosa, row_id=row.id, version=row.version)
    row = only(closing)
    commands.tell_row(house.rosa, row_id=row.id, version=row.version)
    assert only(closing).state == "cancelled"
    body = rosa.get(address).content.decode()
    assert "has not been told" not in body
    assert "was told" not in body
    assert [one.waiting for one in closings.latest(house.rosa.now)] == [0]  # type: ignore[attr-defined]
    commands.undo_row(house.rosa, row_id=row.id)
    assert (only(closing).state, only(closing).appointment.booking) == ("to_call", "scheduled")


@pytest.mark.parametrize("how", ["call", "tell", "write"])
def test_whoever_knows_already_is_not_told_of_the_cancellation_again(house: House, how: str) -> None:
    writable(house, house.diaz)
    appointment(house, MORNING)
    closing = out(house)
    if how == "write":
        commands.write_closing(house.rosa, closing_id=closing.id)
    else:
        act = commands.call_about_row if how == "call" else commands.tell_row
        act(house.rosa, row_id=only(closing).id, version=only(closing).version)
    row = only(closing)
    commands.cancel_row(house.rosa, row_id=row.id, version=row.version)
    with pytest.raises(commands.NobodyToWrite):
        commands.write_closing(house.rosa, closing_id=closing.id)


def test_who_was_not_reached_by_the_message_is_to_be_called(house: House) -> None:
    writable(house, house.diaz)
    appointment(house, MORNING)
    closing = out(house)
    commands.write_closing(house.rosa, closing_id=closing.id)
    Envelope.objects.filter(kind="sms").update(state="failed", next_try_at=None)
    assert closings.state_of(only(closing)) == "to_call"
    with pytest.raises(commands.NobodyToWrite):
        commands.write_closing(house.rosa, closing_id=closing.id)
    commands.tell_row(house.rosa, row_id=only(closing).id, version=only(closing).version)
    assert (closings.state_of(only(closing)), only(closing).envelope) == ("told", None)


@pytest.mark.parametrize("act", ["cancel", "move"])
def test_what_became_of_a_visit_is_to_be_told_where_its_message_came_back(house: House, act: str) -> None:
    writable(house, house.diaz)
    appointment(house, MORNING)
    closing = out(house)
    commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same")
    does = {"cancel": commands.cancel_row, "move": commands.move_row}[act]
    does(house.rosa, row_id=only(closing).id, version=only(closing).version)
    commands.write_closing(house.rosa, closing_id=closing.id)
    assert not closings.is_unheard(only(closing))
    Envelope.objects.filter(kind="sms").update(state="failed", next_try_at=None)
    assert closings.is_unheard(only(closing))
    assert [one.waiting for one in closings.latest(house.rosa.now)] == [1]  # type: ignore[attr-defined]
    page = desk(house).get(f"/schedule/closings/{closing.id}/").content.decode()
    assert "not told yet" in page
    assert "DIAZ, Maria was told" in page
    commands.tell_row(house.rosa, row_id=only(closing).id, version=only(closing).version)
    assert not closings.is_unheard(only(closing))
    assert not closings.wants_message(only(closing))
    assert [one.waiting for one in closings.latest(house.rosa.now)] == [0]  # type: ignore[attr-defined]


def test_who_cancelled_the_visit_elsewhere_is_not_told_so(house: House) -> None:
    writable(house, house.diaz)
    one = appointment(house, MORNING)
    closing = out(house)
    commands.cancel_appointment(house.rosa, appointment_id=one.pk, version=None, reason="Patient is ill")
    with pytest.raises(commands.NobodyToWrite):
        commands.write_closing(house.rosa, closing_id=closing.id)
