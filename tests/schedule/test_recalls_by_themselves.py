"""Letters and messages of recalls go out by themselves: only once switched on, in the morning, each once."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from procrastinate.contrib.django import app

from daysheet.documents.models import Document
from daysheet.kernel import jobs
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.models import Practice
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope
from daysheet.patients.models import Patient
from daysheet.schedule import commands, recalls
from daysheet.schedule.commands import recall_contacts
from daysheet.schedule.models import RecallContact, RecallRun, RecallSending
from daysheet.schedule.recalling import Step
from tests import cast, desk
from tests.house import House
from tests.house import desk as at_desk
from tests.schedule.test_bring_in_who_is_due import due, with_a_phone
from tests.schedule.test_recalls import seen

HOURS: dict[str, Any] = {"from_clock": time(9), "to_clock": time(20)}
PAGE = "/schedule/recall-sending/"


def system(house: House, later: timedelta = timedelta()) -> Actor:
    return Actor.system(practice_id=house.practice.pk, now=cast.NOW + later)


@pytest.fixture
def one_is_due(house: House) -> House:
    mailroom.open_telephone(house.ana)
    with_a_phone(house.diaz)
    due(house, [Step(0, "sms")])
    return house


def test_nothing_goes_until_the_office_has_chosen(one_is_due: House) -> None:
    assert commands.send_recalls_by_themselves(system(one_is_due)) is None
    commands.keep_recall_sending(one_is_due.ana, is_on=False, **HOURS)
    assert commands.send_recalls_by_themselves(system(one_is_due)) is None
    assert not RecallContact.objects.exists()


def test_what_has_come_goes_once_with_its_envelope(one_is_due: House) -> None:
    commands.keep_recall_sending(one_is_due.ana, is_on=True, **HOURS)
    for hours in (0, 1, 24):
        commands.send_recalls_by_themselves(system(one_is_due, timedelta(hours=hours)))
    made = RecallContact.objects.get()
    sent = Envelope.objects.get()
    assert (made.envelope_id, made.outcome, made.way) == (sent.pk, "sent", "sms")
    assert sent.state == "queued"
    assert [(one.letters, one.messages, one.is_over) for one in recalls.runs()] == [
        (0, 0, True),
        (0, 1, True),
    ]


@pytest.mark.parametrize("status", ["inactive", "deceased"])
def test_nothing_goes_to_who_is_a_patient_no_more(one_is_due: House, status: str) -> None:
    Patient.objects.filter(id=one_is_due.diaz.id).update(status=status)
    commands.keep_recall_sending(one_is_due.ana, is_on=True, **HOURS)
    commands.send_recalls_by_themselves(system(one_is_due))
    assert not RecallContact.objects.exists()


def test_letters_are_written_and_calls_are_left_to_the_desk(house: House) -> None:
    for who in (house.diaz, house.ann):
        Patient.objects.filter(id=who.id).update(street="12 Elm St", city="Springfield")
    due(house, [Step(0, "letter"), Step(20, "call")])
    seen(house, 375, house.ann)
    commands.work_out_recalls(house.ana)
    commands.keep_recall_sending(house.ana, is_on=True, **HOURS)
    run = commands.send_recalls_by_themselves(system(house))
    assert run is not None
    assert (run.letters, run.messages) == (1, 0)
    assert Document.objects.get().patient_id == house.ann.pk


@pytest.mark.parametrize(("hour", "goes"), [(8, False), (9, True), (19, True), (20, False), (23, False)])
def test_it_goes_within_the_hours_of_the_office_alone(one_is_due: House, hour: int, goes: bool) -> None:
    commands.keep_recall_sending(one_is_due.ana, is_on=True, **HOURS)
    at = datetime.combine(cast.MONDAY, time(hour), tzinfo=one_is_due.practice.zone)
    done = commands.send_recalls_by_themselves(Actor.system(practice_id=one_is_due.practice.pk, now=at))
    assert (done is not None) is goes
    assert RecallContact.objects.exists() is goes


def test_a_message_written_at_the_end_of_the_hours_leaves_in_the_morning(one_is_due: House) -> None:
    commands.keep_recall_sending(one_is_due.ana, is_on=True, **HOURS)
    at = datetime.combine(cast.MONDAY, time(19, 59), tzinfo=one_is_due.practice.zone)
    commands.send_recalls_by_themselves(Actor.system(practice_id=one_is_due.practice.pk, now=at))
    leaves = Envelope.objects.get().next_try_at
    assert leaves is not None
    assert leaves.astimezone(one_is_due.practice.zone).time() == time(9)


def test_what_a_person_took_back_is_not_sent_again_by_itself(one_is_due: House) -> None:
    commands.keep_recall_sending(one_is_due.ana, is_on=True, **HOURS)
    commands.send_recalls_by_themselves(system(one_is_due))
    commands.take_back_recall_contact(one_is_due.rosa, contact_id=RecallContact.objects.get().pk)
    commands.send_recalls_by_themselves(system(one_is_due, timedelta(days=1)))
    assert RecallContact.objects.count() == 1
    assert len(commands.send_due_recalls(one_is_due.rosa)) == 1  # a person may


def test_more_than_one_run_can_take_goes_on_the_same_day(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daysheet.schedule.commands.recall_sending.MOST", 1)
    monkeypatch.setattr(recall_contacts, "MOST", 1)
    for who in (house.diaz, house.ann):
        Patient.objects.filter(id=who.id).update(street="12 Elm St", city="Springfield")
    due(house, [Step(0, "letter")])
    seen(house, 400, house.ann)
    commands.work_out_recalls(house.ana)
    commands.keep_recall_sending(house.ana, is_on=True, **HOURS)
    for _ in range(4):
        commands.send_recalls_by_themselves(system(house))
    assert [(one.letters, one.is_over) for one in RecallRun.objects.all()] == [(2, True)]


def test_who_asks_for_no_contact_hears_nothing(one_is_due: House) -> None:
    commands.want_no_recalls(one_is_due.rosa, patient_id=one_is_due.diaz.pk, reason="Asked so")
    commands.keep_recall_sending(one_is_due.ana, is_on=True, **HOURS)
    commands.send_recalls_by_themselves(system(one_is_due))
    assert not RecallContact.objects.exists()


def test_the_clock_asks_the_offices_that_have_switched_it_on(one_is_due: House) -> None:
    Practice.objects.update(kind=Practice.Kind.OFFICE)
    task = app.tasks["schedule.recall_letters"]
    with jobs.holding() as held:
        task(timestamp=0)
        assert held == []
        commands.keep_recall_sending(one_is_due.ana, is_on=True, **HOURS)
        task(timestamp=0)
    assert [one.name for one in held] == ["schedule.send_recalls"]
    for _ in range(2):  # a job may run twice
        held[0].run()
    assert RecallContact.objects.count() == 1


@pytest.mark.parametrize(
    "hours", [(time(20), time(9)), (time(9), time(9)), (time(7), time(9)), (time(9), time(22))]
)
def test_hours_at_which_nobody_should_be_written_to_are_refused(
    house: House, hours: tuple[time, time]
) -> None:
    with pytest.raises(commands.StrangeHours):
        commands.keep_recall_sending(house.ana, is_on=True, from_clock=hours[0], to_clock=hours[1])
    assert not RecallSending.objects.exists()


def test_only_a_manager_switches_and_a_stale_page_is_told(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.keep_recall_sending(house.rosa, is_on=True, **HOURS)
    commands.keep_recall_sending(house.ana, is_on=True, **HOURS)
    with pytest.raises(StaleForm):
        commands.keep_recall_sending(house.ana, is_on=False, **HOURS)
    assert RecallSending.objects.get().is_on


def test_the_manager_switches_it_on_and_sees_what_went(one_is_due: House) -> None:
    ana = at_desk(one_is_due, "office_manager", "ana")
    shown = ana.get(PAGE).content.decode()
    assert "1 step waits" in shown
    assert "Nothing has gone out by itself yet." in shown
    hidden = desk.hidden_fields(shown, form=f'action="{PAGE}"')
    bad = ana.post(PAGE, hidden | {"goes": "yes", "from_clock": "soon", "to_clock": "8 pm"})
    assert (bad.status_code, 'value="soon"' in bad.content.decode()) == (422, True)
    hidden = desk.hidden_fields(ana.get(PAGE).content.decode(), form=f'action="{PAGE}"')
    assert ana.post(PAGE, hidden | {"goes": "yes", "from_clock": "9", "to_clock": "8 pm"}).status_code == 303
    with one_is_due.open():
        commands.send_recalls_by_themselves(system(one_is_due))
    shown = ana.get(PAGE).content.decode()
    assert "They go out by themselves" in shown
    assert "Messages sent" in shown
    assert at_desk(one_is_due, "receptionist", "ben").get(PAGE).status_code == 403


def fails(house: House, made: RecallContact, at: datetime, *, times: int = 1) -> Envelope:
    """Let tries of a message fail, each a second after the one before was to come; return its envelope."""
    assert made.envelope_id is not None
    for _ in range(times):
        by = Actor.system(practice_id=house.practice.pk, now=at)
        if mailroom.begin_delivery(by, envelope_id=made.envelope_id) is not None:
            mailroom.note_not_delivered(by, envelope_id=made.envelope_id, sentence="No line.")
        sent = Envelope.objects.get(pk=made.envelope_id)
        at = (sent.next_try_at or at) + timedelta(seconds=1)
    return sent


def run_at(house: House, days: int, clock: time) -> list[RecallContact]:
    """Let recalls go by themselves on a day; return what was done until then and stands, the first first."""
    at = datetime.combine(cast.MONDAY + timedelta(days=days), clock, tzinfo=house.practice.zone)
    commands.send_recalls_by_themselves(Actor.system(practice_id=house.practice.pk, now=at))
    return list(RecallContact.objects.order_by("at", "id"))


def test_a_try_that_fails_in_the_evening_is_not_repeated_in_the_night_but_done_anew_in_the_morning(
    one_is_due: House,
) -> None:
    commands.keep_recall_sending(one_is_due.ana, is_on=True, **HOURS)
    (made,) = run_at(one_is_due, 0, time(19, 50))
    evening = datetime.combine(cast.MONDAY, time(19, 59, 30), tzinfo=one_is_due.practice.zone)
    sent = fails(one_is_due, made, evening)
    assert (sent.state, sent.next_try_at) == ("failed", None)
    assert not recalls.contacts_of([made.recall_id])[0].taken_back_at
    assert recalls.steps_to_do(today=cast.MONDAY, now=evening + timedelta(minutes=1)).count() == 1
    fallen, anew = run_at(one_is_due, 1, time(9))
    assert (fallen.pk, fallen.days, anew.days, anew.way) == (made.pk, None, 0, "sms")
    assert run_at(one_is_due, 2, time(9)) == [fallen, anew]  # what waits to leave is done


def test_after_two_that_came_back_the_next_way_is_taken_and_at_last_the_call(one_is_due: House) -> None:
    commands.keep_recall_sending(one_is_due.ana, is_on=True, **HOURS)
    for day in (0, 1):
        made = run_at(one_is_due, day, time(9))[-1]
        at = datetime.combine(
            cast.MONDAY + timedelta(days=day), time(19, 59, 30), tzinfo=one_is_due.practice.zone
        )
        assert fails(one_is_due, made, at).state == "failed"
    assert len(run_at(one_is_due, 2, time(9))) == 2
    with pytest.raises(commands.NothingIsDue, match="a call"):
        commands.send_recall_step(one_is_due.rosa, recall_id=made.recall_id, version=None)
    Patient.objects.filter(id=one_is_due.diaz.id).update(street="12 Elm St", city="Springfield")
    assert [one.way for one in run_at(one_is_due, 3, time(9))] == ["sms", "sms", "letter"]


def test_the_desk_sees_that_a_message_reached_nobody_and_sends_it_anew(one_is_due: House) -> None:
    made = commands.send_due_recalls(one_is_due.rosa)[0]
    evening = datetime.combine(cast.MONDAY, time(19, 59, 30), tzinfo=one_is_due.practice.zone)
    fails(one_is_due, made, evening)
    rosa = at_desk(one_is_due, "receptionist", "rosa")
    shown = rosa.get("/schedule/recalls/").content.decode()
    assert "Text message: reached nobody" in shown
    assert "Send text" in shown
    shown = rosa.get(f"/schedule/recalls/{made.recall_id}/").content.decode()
    assert "To be done now" in shown
    assert "Text message: reached nobody" in shown
    with one_is_due.open(), pytest.raises(commands.RecallStands, match="reached nobody"):
        commands.take_back_recall_contact(one_is_due.rosa, contact_id=made.pk)
