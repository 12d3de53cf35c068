"""What comes back about an offer that is over, or of which the desk must know: a text, a wish, a yes taken back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from daysheet.mailroom.models import Envelope
from daysheet.schedule import commands, offer_lines
from daysheet.schedule.models import OfferMessage, SlotOffer
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make
from tests.house import House, furnished
from tests.offered import delivered, switched
from tests.reminded import BASE, one_rule, phone, reminded, system
from tests.schedule.waiting import FREED, freed, waits

NUMBER = "+14135550142"


@pytest.fixture
def house(db: None, settings: Any) -> Iterator[House]:
    settings.PUBLIC_URL = BASE
    office = furnished()
    with office.open():
        phone(office.diaz)
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
