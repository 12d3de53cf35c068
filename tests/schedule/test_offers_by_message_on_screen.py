"""Offers by message on screen: the switch, what went out when and what came back, an offer taken back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.mailroom.models import Envelope
from daysheet.schedule import commands
from daysheet.schedule.models import OfferSending, SlotOffer
from tests import cast
from tests.desk import hidden_fields
from tests.house import House, desk
from tests.offered import asked, delivered, let_in, path_of, press, reached_by_text, switched, texted
from tests.reminded import system
from tests.schedule.waiting import freed, waits

PAGE = "/schedule/offer-sending/"


@pytest.fixture
def house(db: None, settings: Any) -> Iterator[House]:
    with reached_by_text(settings) as office:
        yield office


def body(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def manager(house: House) -> Client:
    return desk(house, "office_manager", "ana")


def test_the_manager_switches_it_from_the_waitlist(house: House) -> None:
    ana = manager(house)
    assert PAGE in body(ana, "/schedule/waitlist/")
    rosa = desk(house)
    assert PAGE not in body(rosa, "/schedule/waitlist/")
    assert rosa.get(PAGE).status_code == 403
    shown = body(ana, PAGE)
    assert "No way out is open" in shown
    sent = hidden_fields(shown, form='id="offer-sending-form"')
    before = hidden_fields(body(ana, PAGE), form='id="offer-sending-form"')
    said = {"mode": "itself", "interval": "60", "from_clock": "9:00", "to_clock": "6 pm"}
    assert ana.post(PAGE, sent | said | {"to_clock": "late"}).status_code == 422
    assert ana.post(PAGE, sent | said | {"from_clock": "7:00"}).status_code == 409
    assert ana.post(PAGE, sent | said).status_code == 303
    kept = OfferSending.objects.get()
    assert (kept.mode, kept.interval_minutes, kept.to_clock.hour) == ("itself", 60, 18)
    assert "Switched by" in body(ana, PAGE)
    assert ana.post(PAGE, before | said).status_code == 409


def test_the_page_of_a_freed_time_shows_what_went_and_what_came_back(house: House) -> None:
    switched(house)
    rosa, ana = desk(house), manager(house)
    offer = asked(house)
    address = f"/schedule/freed/{offer.freed_by_id}/"
    first = body(rosa, address)
    assert "Message on its way" in first
    assert "Text message: Leaves Mar 9, 10:03 am" in first
    delivered(house, offer)
    commands.follow_offer_messages(system(house, cast.NOW + timedelta(minutes=5)))
    then = body(ana, address)
    assert "Message sent" in then
    assert f"/mail/{Envelope.objects.get().pk}/" in then
    assert "Take back" not in then
    path = path_of(offer)
    browser = let_in(path, house.diaz)
    assert "Opened the message" in body(rosa, address)
    press(browser, path, "call")
    assert "Asks for a call" in body(rosa, address)
    assert "Text message: Sent" in body(rosa, f"/schedule/waitlist/{offer.entry_id}/")
    assert "Text message: Sent" in body(rosa, "/schedule/waitlist/")


def test_what_was_written_back_is_read_on_the_page_of_the_time_also_once_it_is_taken(house: House) -> None:
    switched(house)
    offer = asked(house)
    delivered(house, offer)
    facts = {"provider_id": house.lee.id, "location_id": house.door.id, "type_id": house.follow_up.id}
    commands.book_appointment(house.rosa, patient_id=house.ann.pk, starts_at=offer.starts_at, **facts)
    by = system(house, cast.NOW + timedelta(minutes=9))
    commands.hear_reply(by, channel="sms", sender="+14135550142", text="Is <b>my</b> Thursday kept?")
    shown = body(desk(house), f"/schedule/freed/{offer.freed_by_id}/")
    assert "Is &lt;b&gt;my&lt;/b&gt; Thursday kept?" in shown
    assert "/mail/" not in shown


def test_a_message_that_came_back_is_said_so(house: House) -> None:
    switched(house)
    offer = asked(house)
    Envelope.objects.update(state="failed", next_try_at=None)
    commands.follow_offer_messages(system(house))
    assert "Message did not arrive" in body(desk(house), f"/schedule/freed/{offer.freed_by_id}/")


def test_who_presses_is_told_whom_to_call_and_may_take_it_back(house: House) -> None:
    switched(house)
    waits(house)
    waits(house, house.ann)
    rosa = desk(house)
    gone = freed(house, patient=texted("Gone", 1))
    address = f"/schedule/freed/{gone.id}/"
    act = f'<form class="act" method="post" action="{address}offer/"'
    rosa.post(f"{address}offer/", hidden_fields(body(rosa, address), form=act))
    shown = body(rosa, address)
    assert "Messages that leave in three minutes: 1. To be called: 1." in shown
    offer = SlotOffer.objects.get(patient=house.diaz)
    back = f"/schedule/offers/{offer.id}/take-back/"
    form = hidden_fields(shown, form=f'<form class="act" method="post" action="{back}"')
    assert rosa.post(back, form)["Location"] == address
    assert not SlotOffer.objects.filter(pk=offer.pk).exists()
    assert rosa.post("/schedule/offers/00000000-0000-7000-8000-000000000000/take-back/").status_code in (
        403,
        404,
    )


def test_the_statements_of_the_page_do_not_grow_with_the_messages(house: House) -> None:
    switched(house)
    rosa = desk(house)

    def statements(gone: Any) -> int:
        with CaptureQueriesContext(connection) as seen:
            rosa.get(f"/schedule/freed/{gone.id}/")
        return len(seen)

    one, three = freed(house), freed(house, cast.NOW + timedelta(days=2))
    entry = waits(house, texted("First", 1))
    commands.offer_slot(house.rosa, freed_by_id=one.id, entry_ids=[entry.id])
    for n in range(3):
        waits(house, texted(f"More{n}", 10 + n))
    commands.offer_slot(house.rosa, freed_by_id=three.id)
    assert SlotOffer.objects.filter(freed_by=three).count() == 3
    statements(one)
    assert statements(three) <= statements(one)
