"""What comes back about an offer that is over, or of which the desk must know: a text, a wish, a yes taken back."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest

from daysheet.mailroom.models import Envelope, PortalLink
from daysheet.schedule import commands, offer_lines
from daysheet.schedule.models import Appointment, OfferMessage, SlotOffer, WaitlistEntry
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make
from tests.house import House, appointment
from tests.offered import asked, delivered, reached_by_text, switched, texted
from tests.reminded import one_rule, reminded, system
from tests.schedule.waiting import FREED, freed, waits

NUMBER = "+14135550142"


@pytest.fixture
def house(db: None, settings: Any) -> Iterator[House]:
    with reached_by_text(settings) as office:
        yield office


def later(minutes: int) -> Any:
    return cast.NOW + timedelta(minutes=minutes)


def hears(house: House, minutes: int, text: str) -> str:
    return commands.hear_reply(system(house, later(minutes)), channel="sms", sender=NUMBER, text=text)


@pytest.mark.parametrize("text", ["No thanks", "Yes", "I would rather come on Friday"])
def test_a_text_that_answers_an_offer_that_is_over_leaves_the_visit_reminded_of_alone(
    house: House, text: str
) -> None:
    switched(house)
    one_rule()
    booked, sent = reminded(house)
    Envelope.objects.update(state="sent", sent_at=cast.NOW)
    waits(house)
    offer = commands.offer_slot(cast.rosa(house.practice.pk, later(5)), freed_by_id=freed(house).id)[0]
    delivered(house, offer, 9)
    facts = {"provider_id": house.lee.id, "location_id": house.door.id, "type_id": house.follow_up.id}
    commands.book_appointment(house.rosa, patient_id=make.patient("Quick").pk, starts_at=FREED, **facts)
    said = hears(house, 20, text)
    booked.refresh_from_db()
    assert (booked.booking, booked.confirmation, sent.visits.get().answer) == ("scheduled", "none", "")
    assert said == "It answers an offered time: the patient is to be called."
    item = WorkqueueItem.objects.get()
    assert (item.subject_id, item.due_at) == (offer.pk, later(50))


def test_the_words_that_came_back_stand_with_the_offer(house: House) -> None:
    switched(house)
    waits(house)
    offer = commands.offer_slot(house.rosa, freed_by_id=freed(house).id)[0]
    delivered(house, offer)
    hears(house, 20, "Yes please,\n can I bring my son?")
    assert OfferMessage.objects.get().wrote == "Yes please, can I bring my son?"
    (row,) = SlotOffer.objects.select_related("message__envelope", "entry", "location")
    (line,) = offer_lines.offer_lines([row], {}, {}, later(21), zone=house.door.zone)
    assert line.wrote == "Yes please, can I bring my son?"


def an_hour(**more: Any) -> dict[str, Any]:
    return {"starts_at": FREED, "ends_at": FREED + timedelta(hours=1)} | more


@pytest.mark.parametrize("how", ["closing", "door", "holiday", "on_call", "absence", "elsewhere", "osei"])
def test_an_offer_ends_with_the_time_that_is_taken_off_the_book(house: House, how: str) -> None:
    switched(house)
    offer = asked(house)
    if how in ("closing", "osei"):
        who = house.lee if how == "closing" else house.osei
        commands.close_span(house.rosa, **an_hour(cause="clinician", provider_id=who.pk))
    elif how == "door":
        commands.close_span(house.ana, **an_hour(cause="weather", location_id=house.door.pk))
    elif how == "elsewhere":
        other = make.location("Elm St", is_main=False)
        commands.close_span(house.ana, **an_hour(cause="weather", location_id=other.pk))
    elif how == "holiday":
        commands.keep_holidays(house.ana, days=[commands.DayOff(FREED.date(), "Staff day")])
    elif how == "on_call":
        commands.put_on_call(house.ana, **an_hour(provider_id=house.lee.pk))
    else:
        commands.add_absence(house.ana, **an_hour())
    stays = how in ("elsewhere", "osei")
    offer.refresh_from_db()
    entry = WaitlistEntry.objects.get()
    assert (offer.answer, entry.state) == (("ready", "offered") if stays else ("expired", "waiting"))
    assert Envelope.objects.get().state == ("queued" if stays else "stopped")
    assert (PortalLink.objects.get().revoked_at is None) is stays


def test_an_offer_ends_when_the_patient_is_booked_sooner_than_it(house: House) -> None:
    switched(house)
    offer = asked(house)
    facts = {"provider_id": house.osei.id, "location_id": house.door.id, "type_id": house.follow_up.id}
    sooner = FREED - timedelta(hours=19)
    commands.book_appointment(house.rosa, patient_id=house.diaz.pk, starts_at=sooner, **facts)
    offer.refresh_from_db()
    assert (offer.answer, WaitlistEntry.objects.get().state) == ("expired", "waiting")
    assert Envelope.objects.get().state == "stopped"


@pytest.mark.parametrize(("days", "answer"), [(-1, "expired"), (1, "ready")])
def test_an_offer_ends_when_the_visit_is_moved_to_before_it(house: House, days: int, answer: str) -> None:
    old = appointment(house, FREED + timedelta(days=7), provider=house.osei)
    offer = asked(house, source="booked", moves_id=old.pk)
    at = FREED + timedelta(days=days, hours=5)
    commands.move_appointment(house.rosa, appointment_id=old.pk, version=None, starts_at=at)
    offer.refresh_from_db()
    assert offer.answer == answer


WISH: dict[str, Any] = {
    "provider_ids": [],
    "location_id": None,
    "weekdays": [],
    "from_clock": None,
    "to_clock": None,
    "earliest_on": None,
    "latest_on": None,
    "notice_minutes": 120,
    "priority": 2,
    "reason": "",
}


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"weekdays": [4]}, "expired"),
        ({"from_clock": time(14)}, "expired"),
        ({"latest_on": cast.MONDAY}, "expired"),
        ({"priority": 1, "reason": "cough"}, "ready"),
    ],
)
def test_another_wish_ends_what_is_offered(house: House, change: dict[str, Any], answer: str) -> None:
    switched(house)
    offer = asked(house)
    facts = WISH | {"type_id": house.follow_up.pk} | change
    kept = commands.change_waitlist_entry(house.rosa, entry_id=offer.entry_id, version=None, **facts)
    offer.refresh_from_db()
    assert offer.answer == answer
    assert kept.state == WaitlistEntry.objects.get().state == ("offered" if answer == "ready" else "waiting")
    assert Envelope.objects.get().state == ("queued" if answer == "ready" else "stopped")


def test_another_kind_of_visit_ends_what_is_offered(house: House) -> None:
    offer = asked(house)
    facts = WISH | {"type_id": make.visit_type("Physical", 40).pk}
    commands.change_waitlist_entry(house.rosa, entry_id=offer.entry_id, version=None, **facts)
    with pytest.raises(commands.OfferIsOver):
        commands.answer_offer(house.rosa, offer_id=offer.pk, answer="accepted")


def to_call(offer: SlotOffer) -> list[str]:
    rows = WorkqueueItem.objects.filter(subject_id=offer.pk).exclude(state="closed")
    return list(rows.values_list("reason_code", flat=True))


def two_asked(house: House) -> tuple[SlotOffer, SlotOffer]:
    """Offer a time to two: the first message leaves, the second still waits."""
    waits(house)
    waits(house, texted("Slower", 7))
    made = commands.offer_slot(house.rosa, freed_by_id=freed(house).id)
    first, second = sorted(made, key=lambda one: one.patient_id != house.diaz.pk)
    delivered(house, first)
    return first, second


def undone(house: House, offer: SlotOffer, minutes: int = 5) -> None:
    """Book an offer by its link, and take the booking back at the desk."""
    commands.answer_by_link(system(house, later(minutes)), offer_id=offer.pk, answer="accepted")
    booked = WaitlistEntry.objects.get(pk=offer.entry_id).booked_as
    assert booked
    commands.undo_booking(cast.rosa(house.practice.pk, later(minutes + 1)), appointment_id=booked.pk)


def test_a_yes_taken_back_lets_the_links_hold_again_and_the_desk_calls_whoever_has_none(
    house: House,
) -> None:
    switched(house)
    first, second = two_asked(house)
    undone(house, second)
    for one in (first, second):
        one.refresh_from_db()
    assert (first.answer, second.answer) == ("pending", "ready")
    assert OfferMessage.objects.get(offer=first).link.is_live(later(6))  # type: ignore[union-attr]
    assert not OfferMessage.objects.get(offer=second).link.is_live(later(6))  # type: ignore[union-attr]
    assert (to_call(first), to_call(second)) == ([], ["OFFER-UNDONE"])
    commands.answer_by_link(system(house, later(8)), offer_id=first.pk, answer="accepted")
    assert to_call(second) == []


def test_who_said_yes_by_the_link_is_called_when_that_is_taken_back(house: House) -> None:
    switched(house)
    first, second = two_asked(house)
    undone(house, first)
    assert (to_call(first), to_call(second)) == (["OFFER-UNDONE"], ["OFFER-UNDONE"])
    assert OfferMessage.objects.get(offer=first).link.is_live(later(6))  # type: ignore[union-attr]


def test_a_yes_taken_back_after_its_end_is_called_about(house: House) -> None:
    switched(house)
    offer = asked(house)
    delivered(house, offer)
    commands.answer_by_link(system(house, later(5)), offer_id=offer.pk, answer="accepted")
    booked = WaitlistEntry.objects.get().booked_as
    assert booked
    commands.undo_booking(cast.rosa(house.practice.pk, later(300)), appointment_id=booked.pk)
    offer.refresh_from_db()
    assert (offer.answer, to_call(offer)) == ("accepted_failed", ["OFFER-UNDONE"])


def test_where_nobody_is_written_to_a_yes_taken_back_is_no_item(house: House) -> None:
    offer = asked(house)
    undone(house, offer)
    assert not WorkqueueItem.objects.exists()


def test_a_link_that_wrong_birth_dates_ended_does_not_hold_again(house: House) -> None:
    switched(house)
    first, second = two_asked(house)
    for _n in range(3):
        commands.know_offered(system(house, later(5)), offer_id=first.pk, born_on=cast.MONDAY)
    undone(house, second)
    assert not OfferMessage.objects.get(offer=first).link.is_live(later(7))  # type: ignore[union-attr]
    assert to_call(first) == ["OFFER-UNDONE"]


def test_the_third_wrong_birth_date_is_an_item_of_the_desk(house: House) -> None:
    switched(house)
    offer = asked(house)
    for misses in range(3):
        assert to_call(offer) == []
        commands.know_offered(system(house, later(misses)), offer_id=offer.pk, born_on=cast.MONDAY)
    assert to_call(offer) == ["OFFER-MISSED"]


def test_a_wish_for_no_messages_that_keeps_one_back_is_an_item_of_the_desk(house: House) -> None:
    switched(house)
    first, second = two_asked(house)
    for who in (first.patient_id, second.patient_id):
        wish = {"prefers": "", "no_email": False, "no_reminders": True, "version": None}
        commands.note_reminder_wish(house.rosa, patient_id=who, **wish)
    assert (to_call(first), to_call(second)) == ([], ["OFFER-NO-WAY"])
    assert OfferMessage.objects.get(offer=second).envelope.state == "stopped"


def test_a_stop_holds_back_the_text_that_is_queued_and_the_patient_waits_on(house: House) -> None:
    switched(house)
    offer = asked(house)
    hears(house, 1, "STOP")
    delivered(house, offer)
    envelope = Envelope.objects.get()
    assert (envelope.state, envelope.trouble) == (
        "failed",
        "Whoever holds this number wants no more messages.",
    )
    assert commands.follow_offer_messages(system(house, later(5))) == (0, 1)
    offer.refresh_from_db()
    assert (offer.answer, WaitlistEntry.objects.get().state) == ("failed", "waiting")


def test_who_wants_messages_again_gets_what_is_queued(house: House) -> None:
    switched(house)
    offer = asked(house)
    hears(house, 1, "STOP")
    hears(house, 2, "START")
    delivered(house, offer)
    assert Envelope.objects.get().state == "sent"


def test_a_yes_is_taken_back_though_its_patient_waits_anew_meanwhile(house: House) -> None:
    entry = waits(house)
    (offer,) = commands.offer_slot(house.rosa, freed_by_id=freed(house).id)
    commands.answer_offer(house.rosa, offer_id=offer.id, answer="accepted")
    booked = Appointment.objects.get(booking="scheduled")
    anew = waits(house, source="booked", moves_id=booked.id)
    commands.undo_booking(house.rosa, appointment_id=booked.id)
    for one in (entry, anew, offer):
        one.refresh_from_db()
    assert (entry.state, entry.closed_because) == ("withdrawn", "Waits for this kind of visit anew")
    assert (anew.state, anew.moves, offer.answer) == ("waiting", None, "accepted_failed")


def test_a_visit_that_stands_again_ends_what_is_no_earlier_than_it(house: House) -> None:
    own = appointment(house, FREED)
    entry = waits(house, source="booked", moves_id=own.id)
    commands.cancel_appointment(house.rosa, appointment_id=own.id, version=None, reason="ill")
    gone = freed(house, FREED + timedelta(days=1))
    (offer,) = commands.offer_slot(house.rosa, freed_by_id=gone.id)
    commands.reopen_appointment(house.rosa, appointment_id=own.id)
    for one in (entry, offer):
        one.refresh_from_db()
    assert (entry.state, offer.answer) == ("waiting", "expired")


def test_a_move_that_is_taken_back_ends_what_is_no_earlier_than_the_old_time(house: House) -> None:
    own = appointment(house, FREED)
    moved = commands.move_appointment(
        house.rosa, appointment_id=own.id, version=None, starts_at=FREED + timedelta(days=2)
    )
    entry = waits(house, source="booked", moves_id=moved.id)
    gone = freed(house, FREED + timedelta(days=1))
    (offer,) = commands.offer_slot(house.rosa, freed_by_id=gone.id)
    commands.undo_booking(house.rosa, appointment_id=moved.id)
    for one in (entry, offer):
        one.refresh_from_db()
    assert (entry.state, entry.moves_id, offer.answer) == ("waiting", own.id, "expired")


def test_who_lost_a_time_and_has_an_earlier_visit_since_is_not_asked_again(house: House) -> None:
    first, second = waits(house), waits(house, make.patient("Roy"))
    won, lost = commands.offer_slot(house.rosa, freed_by_id=freed(house, FREED + timedelta(days=1)).id)
    assert (won.entry_id, lost.entry_id) == (first.id, second.id)
    commands.answer_offer(house.rosa, offer_id=won.id, answer="accepted")
    facts = {"provider_id": house.lee.id, "location_id": house.door.id, "type_id": house.follow_up.id}
    commands.book_appointment(house.rosa, patient_id=second.patient_id, starts_at=FREED, **facts)
    booked = Appointment.objects.get(patient=house.diaz, booking="scheduled")
    commands.undo_booking(house.rosa, appointment_id=booked.id)
    for one in (second, won, lost):
        one.refresh_from_db()
    assert (won.answer, lost.answer, second.state) == ("ready", "slot_gone", "waiting")
