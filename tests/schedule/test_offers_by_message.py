"""Freed times are offered by message: only once switched on, to who can be reached, batch after batch."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import app

from daysheet.kernel import jobs
from daysheet.kernel.errors import NotPermitted, Refusal, StaleForm
from daysheet.kernel.models import AuditLine, Practice
from daysheet.mailroom.models import Envelope, PortalLink
from daysheet.patients.models import Patient
from daysheet.schedule import commands, offers_out
from daysheet.schedule.matching import is_worth_writing
from daysheet.schedule.models import OfferMessage, OfferSending, ProviderHours, SlotOffer, WaitlistEntry
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make
from tests.house import House
from tests.offered import asked, delivered, reached_by_text, switched, texted, words
from tests.reminded import BASE, one_rule, phone, reminded, system
from tests.schedule.waiting import FREED, freed, waits

HOURS: dict[str, Any] = {"interval_minutes": 30, "from_clock": time(9), "to_clock": time(20)}


@pytest.fixture
def house(db: None, settings: Any) -> Iterator[House]:
    with reached_by_text(settings) as office:
        yield office


def people(house: House, count: int) -> list[WaitlistEntry]:
    return [waits(house, texted(f"Waiting{n}", n)) for n in range(count)]


def books(house: House, who: Patient) -> None:
    """Book the freed time at the desk."""
    facts = {"provider_id": house.lee.id, "location_id": house.door.id, "type_id": house.follow_up.id}
    commands.book_appointment(house.rosa, patient_id=who.id, starts_at=FREED, **facts)


def at(hour: int, minute: int = 0) -> datetime:
    """Return a time of Monday at the door."""
    return datetime(2026, 3, 9, 4, minute, tzinfo=UTC) + timedelta(hours=hour)


def test_nothing_is_written_until_the_office_has_chosen(house: House) -> None:
    offer = asked(house)
    assert offer.answer == "ready"
    assert not Envelope.objects.exists()
    assert not offers_out.is_on(offers_out.sending())


def test_who_is_asked_is_written_to_and_the_words_name_no_reason_and_no_name(house: House) -> None:
    switched(house)
    offer = asked(house, reason="Chest pain")
    sent = Envelope.objects.get()
    assert (sent.kind, sent.state, sent.patient_ids) == ("sms", "queued", [str(house.diaz.pk)])
    assert (sent.subject_kind, sent.subject_id) == ("schedule.slotoffer", offer.pk)
    assert sent.next_try_at == cast.NOW + timedelta(minutes=3)
    assert sent.not_after == offer.expires_at
    said = words(offer)
    link = said[said.index(BASE) :].split()[0]
    assert said == (
        "Northside Family Medicine: A time is free on Tuesday, March 10, 2026 at 10:00 am with Dr. Lee. "
        "Place: Main St, 12 Main St, Springfield. The first who says yes has it. "
        "You can answer until Monday, March 9, 2026 at 2:00 pm. "
        f"Say yes or no here: {link} Reply STOP to get no more texts."
    )
    made = PortalLink.objects.get()
    assert (made.purpose, made.expires_at) == ("slot_offer", offer.expires_at)


def test_a_spanish_patient_reads_spanish(house: House) -> None:
    switched(house)
    Patient.objects.filter(pk=house.diaz.pk).update(language="es")
    said = words(asked(house))
    assert "Hay una hora libre el martes, 10 de marzo de 2026" in said
    assert "La primera persona que diga" in said


def test_who_has_no_way_or_wants_none_is_to_be_called(house: House) -> None:
    switched(house)
    for who in (house.diaz, house.ann):
        waits(house, who)
    phone(house.ann, "+14135550199")
    wish = {"prefers": "", "no_email": False, "no_reminders": True, "version": None}
    commands.note_reminder_wish(house.rosa, patient_id=house.ann.pk, **wish)
    waits(house, make.patient("Nophone"))
    made = commands.offer_slot(house.rosa, freed_by_id=freed(house, patient=make.patient("Gone")).id)
    assert len(made) == 3
    assert [one.offer.patient_id for one in OfferMessage.objects.all()] == [house.diaz.pk]


def test_a_wish_that_comes_in_the_three_minutes_keeps_the_message_back(house: House) -> None:
    switched(house)
    offer = asked(house)
    wish = {"prefers": "", "no_email": False, "no_reminders": True, "version": None}
    commands.note_reminder_wish(house.rosa, patient_id=house.diaz.pk, **wish)
    assert Envelope.objects.get().state == "stopped"
    assert SlotOffer.objects.get(pk=offer.pk).answer == "ready"


def test_in_the_quiet_hours_nobody_is_written_to(house: House) -> None:
    switched(house)
    waits(house)
    night = cast.rosa(house.practice.pk, at(20, 30))
    commands.offer_slot(night, freed_by_id=freed(house, FREED + timedelta(days=1)).id)
    assert not Envelope.objects.exists()
    assert SlotOffer.objects.get().answer == "ready"


def test_a_message_never_leaves_after_the_hours_of_the_switch(house: House) -> None:
    switched(house, to_clock=time(11))
    asked(house)
    assert Envelope.objects.get().not_after == at(11)


@pytest.mark.parametrize(("left", "worth"), [(14, False), (15, True), (240, True)])
def test_an_offer_that_ends_at_once_is_not_worth_a_message(left: int, worth: bool) -> None:
    assert is_worth_writing(cast.NOW, cast.NOW + timedelta(minutes=left)) is worth


def test_handed_over_is_pending_and_one_that_came_back_failed(house: House) -> None:
    switched(house)
    entries = people(house, 2)
    made = commands.offer_slot(house.rosa, freed_by_id=freed(house).id)
    delivered(house, made[0])
    Envelope.objects.filter(subject_id=made[1].pk).update(state="failed", next_try_at=None)
    assert commands.follow_offer_messages(system(house, cast.NOW + timedelta(minutes=5))) == (1, 1)
    assert [SlotOffer.objects.get(pk=one.pk).answer for one in made] == ["pending", "failed"]
    states = [WaitlistEntry.objects.get(pk=one.pk).state for one in entries]
    assert states == ["offered", "waiting"]
    assert commands.follow_offer_messages(system(house, cast.NOW + timedelta(minutes=9))) == (0, 0)


def test_the_time_taken_stops_what_has_not_left_and_ends_the_links(house: House) -> None:
    switched(house)
    people(house, 2)
    commands.offer_slot(house.rosa, freed_by_id=freed(house).id)
    books(house, make.patient("Quick"))
    assert set(Envelope.objects.values_list("state", flat=True)) == {"stopped"}
    assert not PortalLink.objects.filter(revoked_at=None).exists()


def test_an_answer_at_the_desk_the_end_and_leaving_the_list_silence_the_message(house: House) -> None:
    switched(house)
    entries = people(house, 3)
    made = commands.offer_slot(house.rosa, freed_by_id=freed(house).id)
    commands.answer_offer(house.rosa, offer_id=made[0].id, answer="declined")
    commands.withdraw_from_waitlist(house.rosa, entry_id=entries[1].id)
    assert PortalLink.objects.filter(revoked_at=None).count() == 1
    late = system(house, cast.NOW + timedelta(hours=5))
    commands.expire_offers(late, today=cast.MONDAY)
    assert set(Envelope.objects.values_list("state", flat=True)) == {"stopped"}


def test_an_offer_is_taken_back_until_its_message_has_left(house: House) -> None:
    switched(house)
    offer = asked(house)
    commands.take_offer_back(house.rosa, offer_id=offer.id)
    assert not SlotOffer.objects.exists()
    assert Envelope.objects.get().state == "stopped"
    assert WaitlistEntry.objects.get().state == "waiting"
    again = commands.offer_slot(house.rosa, freed_by_id=offer.freed_by_id)[0]
    delivered(house, again)
    with pytest.raises(commands.HasLeft):
        commands.take_offer_back(house.rosa, offer_id=again.id)


def test_where_they_go_by_themselves_none_is_taken_back(house: House) -> None:
    switched(house, "itself")
    offer = asked(house)
    with pytest.raises(Refusal):
        commands.take_offer_back(house.rosa, offer_id=offer.id)
    assert SlotOffer.objects.exists()


def test_a_text_that_answers_an_offer_confirms_no_other_visit(house: House) -> None:
    switched(house)
    one_rule()
    booked, sent = reminded(house)
    Envelope.objects.update(state="sent", sent_at=cast.NOW)
    waits(house)
    offer = commands.offer_slot(cast.rosa(house.practice.pk, at(10, 5)), freed_by_id=freed(house).id)[0]
    delivered(house, offer, 9)
    said = commands.hear_reply(system(house, at(10, 20)), channel="sms", sender="+14135550142", text="yes")
    booked.refresh_from_db()
    assert (booked.confirmation, sent.visits.get().answer) == ("none", "")
    assert said == "It answers an offered time: the patient is to be called."
    assert WorkqueueItem.objects.get().subject_id == offer.pk


def test_by_itself_a_batch_goes_then_the_next_after_the_interval(house: House) -> None:
    switched(house, "itself")
    people(house, 5)
    gone = freed(house)
    for minutes, count in ((0, 3), (5, 3), (29, 3), (30, 5), (60, 5), (90, 5)):
        by = system(house, cast.NOW + timedelta(minutes=minutes))
        commands.offer_by_itself(by, freed_by_id=gone.id)
        assert SlotOffer.objects.count() == count, minutes
    assert OfferMessage.objects.count() == 5
    assert SlotOffer.objects.values("patient_id").distinct().count() == 5


def test_by_itself_who_has_no_way_is_an_item_of_the_desk_until_the_offer_is_over(house: House) -> None:
    switched(house, "itself")
    waits(house, make.patient("Noway"))
    people(house, 1)
    made = commands.offer_by_itself(system(house), freed_by_id=freed(house).id)
    item = WorkqueueItem.objects.get()
    assert (item.reason_code, item.state) == ("OFFER-NO-WAY", "open")
    assert item.due_at == cast.NOW + timedelta(minutes=30)
    winner = next(one for one in made if one.pk != item.subject_id)
    commands.answer_offer(house.rosa, offer_id=winner.id, answer="accepted")
    item.refresh_from_db()
    assert item.state == "closed"


def test_the_next_batch_goes_at_once_when_all_have_answered(house: House) -> None:
    switched(house, "itself", interval_minutes=120)
    people(house, 4)
    gone = freed(house)
    for one in commands.offer_by_itself(system(house), freed_by_id=gone.id):
        commands.answer_offer(house.rosa, offer_id=one.id, answer="declined")
    assert offers_out.to_offer(cast.NOW) == [gone.id]
    assert len(commands.offer_by_itself(system(house), freed_by_id=gone.id)) == 1
    assert offers_out.to_offer(cast.NOW + timedelta(hours=3)) == []  # nobody is left


def test_it_stops_when_the_time_is_taken(house: House) -> None:
    switched(house, "itself")
    people(house, 1)
    gone = freed(house)
    books(house, make.patient("Quick"))
    assert offers_out.to_offer(cast.NOW) == []
    assert commands.offer_by_itself(system(house), freed_by_id=gone.id) == []


def test_the_notice_that_a_patient_needs_is_kept(house: House) -> None:
    switched(house, "itself")
    people(house, 1)
    gone = freed(house)
    late = FREED - timedelta(minutes=30)
    assert commands.offer_by_itself(system(house, late), freed_by_id=gone.id) == []


@pytest.mark.parametrize(("hour", "goes"), [(8, False), (9, True), (19, True), (20, False)])
def test_it_goes_within_the_hours_alone(house: House, hour: int, goes: bool) -> None:
    switched(house, "itself")
    people(house, 1)
    gone = freed(house, FREED + timedelta(days=1))
    assert bool(commands.offer_by_itself(system(house, at(hour)), freed_by_id=gone.id)) is goes
    assert SlotOffer.objects.exists() is goes


@pytest.mark.parametrize("mode", ["off", "press"])
def test_by_itself_nothing_goes_where_a_person_presses(house: House, mode: str) -> None:
    switched(house, mode)
    people(house, 1)
    assert commands.offer_by_itself(system(house), freed_by_id=freed(house).id) == []
    assert not SlotOffer.objects.exists()


def statements(house: House, waiting: int, at_: datetime) -> int:
    for n in range(waiting):
        waits(house, texted(f"More{at_.day}x{n}", 1000 * at_.day + n))
    gone = freed(house, at_)
    with CaptureQueriesContext(connection) as seen:
        assert len(commands.offer_by_itself(system(house), freed_by_id=gone.id)) == 3
    return len(seen)


def test_the_statements_of_a_freed_time_do_not_grow_with_who_waits(house: House) -> None:
    switched(house, "itself")
    few = statements(house, 3, FREED)
    assert statements(house, 25, FREED + timedelta(days=1)) == few
    for n in (0, 20, 40):
        freed(house, FREED + timedelta(days=2, minutes=n))
    with CaptureQueriesContext(connection) as of_five:
        offers_out.to_offer(cast.NOW)
    assert len(of_five) <= 10


def test_every_five_minutes_each_office_looks_and_a_job_asks(house: House) -> None:
    switched(house, "itself")
    people(house, 1)
    gone = freed(house)
    practice = str(house.practice.pk)
    Practice.objects.filter(pk=house.practice.pk).update(kind=Practice.Kind.OFFICE)
    task = app.tasks["schedule.offer"]
    with jobs.holding() as held:
        task.func(timestamp=0)
        mine = [one for one in held if one.kwargs["practice_id"] == practice]
        assert [one.name for one in mine] == ["schedule.offer_freed_time"]
        for one in mine * 2:  # safe to run twice
            one.run()
    made = SlotOffer.objects.get(freed_by=gone)
    delivered(house, made)
    with jobs.holding() as held:
        task.func(timestamp=0)
        (follow,) = [one for one in held if one.kwargs["practice_id"] == practice]
        follow.run()
    assert SlotOffer.objects.get().answer == "pending"


def test_the_switch_is_the_managers_and_keeps_no_strange_hours(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.keep_offer_sending(house.rosa, mode="itself", **HOURS)
    for strange in ({"from_clock": time(7)}, {"to_clock": time(22)}, {"from_clock": time(20)}):
        with pytest.raises(commands.StrangeHours):
            commands.keep_offer_sending(house.ana, mode="itself", **HOURS | strange)
    for unknown in ({"mode": "loud"}, {"interval_minutes": 7}):
        with pytest.raises(Refusal):
            commands.keep_offer_sending(house.ana, **{"mode": "press"} | HOURS | unknown)
    commands.keep_offer_sending(house.ana, mode="press", **HOURS)
    with pytest.raises(StaleForm):
        commands.keep_offer_sending(house.ana, mode="off", **HOURS)
    assert OfferSending.objects.get().mode == "press"
    assert AuditLine.objects.filter(action="schedule.offer-sending.kept").count() == 1


def test_outside_the_hours_of_the_clinician_nobody_is_asked(house: House) -> None:
    switched(house, "itself")
    people(house, 4)
    gone = freed(house)
    saturday = freed(house, datetime(2026, 3, 14, 14, 0, tzinfo=UTC))
    osei = freed(house, FREED + timedelta(hours=6), provider=house.osei)  # keeps no hours
    assert offers_out.to_offer(cast.NOW) == [gone.pk, osei.pk]
    assert commands.offer_by_itself(system(house), freed_by_id=saturday.pk) == []
    with pytest.raises(commands.SlotNotFree):
        commands.offer_slot(house.rosa, freed_by_id=saturday.pk)
    assert not SlotOffer.objects.exists()
    ProviderHours.objects.filter(provider=house.lee, weekday=1).delete()
    assert offers_out.to_offer(cast.NOW) == [osei.pk]


def test_who_may_book_outside_the_hours_may_ask_there_and_nobody_is_written_to(house: House) -> None:
    switched(house, "itself")
    people(house, 2)
    saturday = freed(house, datetime(2026, 3, 14, 14, 0, tzinfo=UTC))
    made = commands.offer_slot(house.ana, freed_by_id=saturday.pk)
    assert (len(made), OfferMessage.objects.count()) == (2, 0)


def test_who_waits_for_two_kinds_of_visit_is_asked_once_and_blocks_nobody(house: House) -> None:
    switched(house, "itself")
    waits(house, type_id=make.visit_type("Physical", 20).pk, priority=1)
    waits(house, priority=1)
    people(house, 3)
    made = commands.offer_by_itself(system(house), freed_by_id=freed(house).id)
    assert len(made) == len({one.patient_id for one in made}) == 3


def test_of_two_entries_with_two_starts_one_is_asked(house: House) -> None:
    waits(house)
    waits(house, type_id=make.visit_type("Physical", 20).pk, from_clock=time(10, 10))
    made = commands.offer_slot(house.rosa, freed_by_id=freed(house, minutes=40).id)
    assert [(one.patient_id, one.starts_at) for one in made] == [(house.diaz.pk, FREED)]


@pytest.mark.parametrize(
    ("clock", "goes"), [((8, 56), False), ((8, 57), True), ((19, 56), True), ((19, 57), False)]
)
def test_by_itself_nobody_is_asked_whose_message_could_not_leave(
    house: House, clock: tuple[int, int], goes: bool
) -> None:
    switched(house, "itself")
    people(house, 1)
    gone = freed(house, FREED + timedelta(days=1))
    assert (offers_out.to_offer(at(*clock)) == [gone.pk]) is goes
    assert bool(commands.offer_by_itself(system(house, at(*clock)), freed_by_id=gone.id)) is goes
    assert OfferMessage.objects.exists() is goes


def test_by_itself_the_hours_are_those_of_the_door(house: House) -> None:
    switched(house, "itself")
    people(house, 2)
    west = make.location("Pacific Ave", is_main=False, zone_name="America/Los_Angeles")
    here = freed(house, FREED + timedelta(days=1))
    there = freed(house, FREED + timedelta(days=1, hours=3), provider=house.osei, location=west)
    assert offers_out.to_offer(at(10)) == [here.pk]
    assert offers_out.to_offer(at(21)) == [there.pk]
    assert commands.offer_by_itself(system(house, at(10)), freed_by_id=there.pk) == []
    assert len(commands.offer_by_itself(system(house, at(21)), freed_by_id=there.pk)) == 2


def test_what_did_not_arrive_frees_its_place_in_the_batch(house: House) -> None:
    switched(house, "itself")
    people(house, 5)
    gone = freed(house)
    made = commands.offer_by_itself(system(house), freed_by_id=gone.id)
    Envelope.objects.filter(subject_id=made[1].pk).update(state="failed", next_try_at=None)
    soon = system(house, cast.NOW + timedelta(minutes=5))
    commands.follow_offer_messages(soon)
    assert offers_out.to_offer(soon.now) == [gone.id]
    (fourth,) = commands.offer_by_itself(soon, freed_by_id=gone.id)
    assert fourth.batch == 1
    assert offers_out.to_offer(soon.now) == []
