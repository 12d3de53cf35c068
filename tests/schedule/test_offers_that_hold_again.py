"""Offers that were ended hold again: the closing is taken back, or who was asked waits after all."""

from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest

from daysheet.mailroom.models import PortalLink
from daysheet.schedule import commands
from daysheet.schedule.models import Absence, Closing, Holiday, SlotOffer, WaitlistEntry
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make
from tests.house import House, appointment
from tests.offered import asked, delivered, reached_by_text, switched
from tests.schedule.test_offers_that_are_over import WISH, an_hour, later, to_call
from tests.schedule.waiting import FREED, freed, many, waits


@pytest.fixture
def house(db: None, settings: Any) -> Iterator[House]:
    with reached_by_text(settings) as office:
        yield office


def closed(house: House, **more: Any) -> Closing:
    """Take the hour of the freed time off Dr. Lee's book."""
    return commands.close_span(house.rosa, **an_hour(cause="clinician", provider_id=house.lee.pk) | more)


def opened(house: House, closing: Closing, minutes: int = 5) -> None:
    commands.take_closing_back(cast.rosa(house.practice.pk, later(minutes)), closing_id=closing.pk)


def answers(*offers: SlotOffer) -> list[str]:
    for one in offers:
        one.refresh_from_db()
    return [one.answer for one in offers]


def test_an_offer_that_a_closing_ended_holds_again_and_the_desk_calls(house: House) -> None:
    switched(house)
    offer = asked(house)
    closing = closed(house)
    assert answers(offer) == ["expired"]
    opened(house, closing)
    assert answers(offer) == ["ready"]
    assert (offer.answered_at, offer.answered_by) == (None, "")
    assert WaitlistEntry.objects.get().state == "offered"
    assert to_call(offer) == ["OFFER-UNDONE"]
    item = WorkqueueItem.objects.get(subject_id=offer.pk)
    assert item.sentence.startswith("A free time that was gone is free again.")
    commands.answer_offer(cast.rosa(house.practice.pk, later(6)), offer_id=offer.pk, answer="accepted")
    assert WaitlistEntry.objects.get().state == "booked"


def test_its_link_opens_again_where_the_message_had_left(house: House) -> None:
    switched(house)
    offer = asked(house)
    delivered(house, offer)
    closing = closed(house)
    assert PortalLink.objects.get().revoked_at is not None
    opened(house, closing)
    assert answers(offer) == ["pending"]
    assert PortalLink.objects.get().revoked_at is None
    assert to_call(offer) == []


@pytest.mark.parametrize("how", ["absence", "holiday"])
def test_a_day_off_that_is_taken_back_lets_offers_hold_again_too(house: House, how: str) -> None:
    offer = asked(house)
    if how == "absence":
        commands.add_absence(house.ana, **an_hour())
        assert answers(offer) == ["expired"]
        commands.remove_absence(house.ana, absence_id=Absence.objects.get().pk)
    else:
        commands.keep_holidays(house.ana, days=[commands.DayOff(FREED.date(), "Staff day")])
        assert answers(offer) == ["expired"]
        commands.remove_holiday(house.ana, holiday_id=Holiday.objects.get().pk)
    assert answers(offer) == ["ready"]


@pytest.mark.parametrize("why", ["closed twice", "too late", "another wish", "booked", "off the list"])
def test_an_offer_that_is_of_no_use_any_more_stays_ended(house: House, why: str) -> None:
    offer = asked(house)
    closing = closed(house)
    entry, minutes = offer.entry, 5
    if why == "closed twice":
        commands.add_absence(house.ana, **an_hour())
    elif why == "too late":
        minutes = 241
    elif why == "another wish":
        facts = WISH | {"type_id": house.follow_up.pk, "weekdays": [4]}
        commands.change_waitlist_entry(house.rosa, entry_id=entry.pk, version=None, **facts)
    elif why == "booked":
        appointment(house, FREED, patient=make.patient("Quick"))
    else:
        commands.withdraw_from_waitlist(house.rosa, entry_id=entry.pk)
    opened(house, closing, minutes)
    entry.refresh_from_db()
    assert answers(offer) == ["expired"]
    assert entry.state == ("withdrawn" if why == "off the list" else "waiting")


def test_what_was_declined_is_not_asked_again(house: House) -> None:
    offer = asked(house)
    commands.answer_offer(house.rosa, offer_id=offer.pk, answer="declined")
    opened(house, closed(house))
    assert answers(offer) == ["declined"]


def test_who_is_asked_about_another_time_meanwhile_is_asked_about_that_alone(house: House) -> None:
    offer = asked(house)
    closing = closed(house)
    (other,) = commands.offer_slot(house.rosa, freed_by_id=freed(house, FREED + timedelta(days=1)).id)
    opened(house, closing)
    assert answers(offer, other) == ["expired", "ready"]


def test_who_waits_after_all_is_asked_again_while_less_than_a_batch_is(house: House) -> None:
    offer = asked(house)
    gone = offer.freed_by
    commands.withdraw_from_waitlist(house.rosa, entry_id=offer.entry_id)
    back = commands.put_back_on_waitlist(house.rosa, entry_id=offer.entry_id)
    assert (back.state, answers(offer)) == ("offered", ["ready"])
    commands.withdraw_from_waitlist(house.rosa, entry_id=offer.entry_id)
    many(house, 3)
    assert len(commands.offer_slot(house.rosa, freed_by_id=gone.pk)) == 3
    back = commands.put_back_on_waitlist(house.rosa, entry_id=offer.entry_id)
    assert (back.state, answers(offer)) == ("waiting", ["expired"])


def test_whose_time_is_booked_meanwhile_waits_on_without_an_offer(house: House) -> None:
    offer = asked(house)
    commands.withdraw_from_waitlist(house.rosa, entry_id=offer.entry_id)
    appointment(house, FREED, patient=make.patient("Quick"))
    back = commands.put_back_on_waitlist(house.rosa, entry_id=offer.entry_id)
    assert (back.state, answers(offer)) == ("waiting", ["expired"])


def test_of_two_offers_that_one_wish_was_ended_the_later_holds_again(house: House) -> None:
    first = asked(house)
    closing = closed(house)
    (second,) = commands.offer_slot(
        cast.rosa(house.practice.pk, later(1)), freed_by_id=freed(house, FREED + timedelta(days=1)).id
    )
    opened(house, closing)
    by = cast.rosa(house.practice.pk, later(6))
    commands.withdraw_from_waitlist(by, entry_id=first.entry_id)
    commands.put_back_on_waitlist(by, entry_id=first.entry_id)
    assert answers(first, second) == ["expired", "ready"]


def test_two_closings_of_one_time_are_both_taken_back_before_it_is_offered_again(house: House) -> None:
    offer = asked(house)
    waits(house, make.patient("Roy"))
    both = [closed(house), closed(house)]
    opened(house, both[0])
    assert answers(offer) == ["expired"]
    opened(house, both[1], 6)
    assert answers(offer) == ["ready"]
    assert SlotOffer.objects.count() == 1


def wished(house: House, offer: SlotOffer, minutes: int, **wish: Any) -> WaitlistEntry:
    facts = WISH | {"type_id": house.follow_up.pk} | wish
    by = cast.rosa(house.practice.pk, later(minutes))
    return commands.change_waitlist_entry(by, entry_id=offer.entry_id, version=None, **facts)


@pytest.mark.parametrize("change", ["kind", "days", "hours"])
def test_a_wish_that_is_changed_there_and_back_lets_its_offer_hold_again(house: House, change: str) -> None:
    switched(house)
    offer = asked(house)
    delivered(house, offer)
    there: dict[str, dict[str, Any]] = {
        "kind": {"type_id": make.visit_type("Check-up").pk},
        "days": {"weekdays": [4]},
        "hours": {"from_clock": time(16)},
    }
    assert (wished(house, offer, 5, **there[change]).state, answers(offer)) == ("waiting", ["expired"])
    assert (wished(house, offer, 6).state, answers(offer)) == ("offered", ["pending"])
    assert (offer.answered_at, offer.answered_by) == (None, "")
    assert PortalLink.objects.get().revoked_at is None
    wished(house, offer, 7, **there[change])
    assert answers(offer) == ["expired"]
    wished(house, offer, 8)
    commands.answer_offer(cast.rosa(house.practice.pk, later(9)), offer_id=offer.pk, answer="accepted")
    assert WaitlistEntry.objects.get().state == "booked"


def test_the_desk_calls_where_the_message_had_not_left(house: House) -> None:
    switched(house)
    offer = asked(house)
    wished(house, offer, 1, weekdays=[4])
    wished(house, offer, 2)
    assert (answers(offer), to_call(offer)) == (["ready"], ["OFFER-UNDONE"])
    item = WorkqueueItem.objects.get(subject_id=offer.pk)
    assert item.sentence.startswith("Waits for that time again, and it is free.")


@pytest.mark.parametrize("why", ["booked", "too late", "another kind", "no other wish", "declined"])
def test_a_wish_that_is_changed_back_opens_no_offer_that_is_of_no_use(house: House, why: str) -> None:
    offer = asked(house)
    other = make.visit_type("Check-up").pk
    if why == "declined":
        commands.answer_offer(house.rosa, offer_id=offer.pk, answer="declined")
    wished(house, offer, 1, type_id=other)
    minutes, back = 5, {}
    if why == "booked":
        appointment(house, FREED, patient=make.patient("Quick"))
    elif why == "too late":
        minutes = 241
    elif why == "another kind":
        back = {"type_id": make.visit_type("Injection").pk}
    elif why == "no other wish":
        back = {"type_id": other, "priority": 1}
    kept = wished(house, offer, minutes, **back)
    assert (kept.state, answers(offer)) == ("waiting", ["declined" if why == "declined" else "expired"])
