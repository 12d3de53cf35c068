"""Offers by message, in tests: the switch, an offer that was written, its words, its link, the patient's browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from daysheet.kernel.access import Actor
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import texts
from daysheet.mailroom.delivery import deliver_envelope
from daysheet.patients.models import Patient
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, OfferMessage, OfferSending, SlotOffer
from tests import cast, make
from tests.asked import born
from tests.desk import hidden_fields
from tests.house import House, furnished
from tests.reminded import BASE, phone, system
from tests.schedule.waiting import freed, waits


def switched(house: House, mode: str = "press", **more: Any) -> OfferSending:
    """Open a telephone to play with, and let freed times be offered by message."""
    cache.clear()
    mailroom.open_telephone(house.ana)
    return switched_by(house.ana, mode, **more)


def switched_by(by: Actor, mode: str = "press", **more: Any) -> OfferSending:
    """Let freed times be offered by message: the next after half an hour, from nine to eight."""
    kept = OfferSending.objects.first()
    facts = {"interval_minutes": 30, "from_clock": time(9), "to_clock": time(20)}
    version = kept.version if kept else None
    return commands.keep_offer_sending(by, mode=mode, version=version, **facts | more)


def texted(name: str, number: int) -> Patient:
    """Return a patient who may be texted."""
    who = make.patient(name)
    phone(who, f"+1413555{number:04d}")
    return who


def asked(house: House, gone: Appointment | None = None, **wish: Any) -> SlotOffer:
    """Offer a freed time to Ms. Diaz, who waits for one."""
    waits(house, **wish)
    return commands.offer_slot(house.rosa, freed_by_id=(gone or freed(house)).id)[0]


def words(offer: SlotOffer) -> str:
    """Return the words of the text about an offer."""
    return texts.unpacked(bytes(OfferMessage.objects.get(offer=offer).envelope.content)).text


def path_of(offer: SlotOffer) -> str:
    """Return the path of the page to which the link in a message leads."""
    found = re.search(re.escape(BASE) + r"(/p/\S+)", words(offer))
    assert found
    return f"{found[1]}time/"


def delivered(house: House, offer: SlotOffer, minutes: int = 4) -> None:
    """Carry the message about an offer."""
    sent = OfferMessage.objects.get(offer=offer)
    deliver_envelope(system(house, cast.NOW + timedelta(minutes=minutes)), envelope_id=sent.envelope_id)


def let_in(path: str, patient: Patient) -> Client:
    """Return a browser that has opened a link with the birth date."""
    browser = Client()
    form = hidden_fields(browser.get(path).content.decode())
    assert browser.post(path, form | born(patient)).status_code == 303
    return browser


def press(browser: Client, path: str, act: str) -> HttpResponse:
    """Press an answer, and see the page after it."""
    form = hidden_fields(browser.get(path).content.decode(), form='class="portal-answers"')
    return browser.post(path, form | {"act": act}, follow=True)


@contextmanager
def reached_by_text(settings: Any) -> Iterator[House]:
    """An office with links that lead somewhere, whose Ms. Diaz may be texted."""
    settings.PUBLIC_URL = BASE
    office = furnished()
    with office.open():
        phone(office.diaz)
        yield office
