"""A freed time goes out by message and is taken on a phone, in Spanish; the pages are sound on every screen."""

import os
from datetime import time, timedelta
from typing import Any
from uuid import UUID

import pytest

from daysheet.mailroom import commands as mailroom
from daysheet.patients.models import Patient, PatientPhone
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment, ProviderHours, SlotOffer, WaitlistEntry
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person
from tests.days.test_a_freed_time import booked
from tests.days.test_every_page_with_axe import look
from tests.offered import path_of, switched_by
from tests.reminded import BASE

pytestmark = pytest.mark.browser
SCREENS = ((390, "light"), (390, "dark"), (1280, "dark"))


def offered(
    office: Office, settings: Any, family: str, *, days: int, language: str = "en"
) -> tuple[UUID, SlotOffer]:
    """Let a time be freed and offered by message to somebody who may be texted."""
    settings.PUBLIC_URL = BASE
    gone = booked(office, f"Gone{family}", [family], days=days)
    with office.within():
        freed = Appointment.objects.get(pk=gone)
        evening = {"weekday": freed.on_day.weekday(), "begins": time(18), "ends": time(21)}
        ProviderHours.objects.create(provider=freed.provider, location=freed.location, **evening)
        manager = office.played.by("office_manager", office.moment(9, 15))
        mailroom.open_telephone(manager)
        switched_by(manager)
        who = Patient.objects.get(family=family)
        Patient.objects.filter(pk=who.pk).update(language=language)
        PatientPhone.objects.filter(patient=who).update(may_text=True)
        schedule.cancel_appointment(manager, appointment_id=gone, version=None, reason="Patient is ill")
        entry = WaitlistEntry.objects.get(patient=who)
        return gone, schedule.offer_slot(manager, freed_by_id=gone, entry_ids=[entry.pk])[0]


def seen(person: Person, address: str, names: set[str], shot: str) -> dict[str, list[str]]:
    """Look at a page on every screen, and return what is wrong with it."""
    wrong = {}
    for width, theme in SCREENS:
        person.page.set_viewport_size({"width": width, "height": 900})
        person.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        person.go(address)
        person.settled()
        if folder := os.environ.get("DAYSHEET_SHOTS"):
            person.page.screenshot(path=f"{folder}/{shot}-{width}-{theme}.png", full_page=True)
        found = look(person.page, "offers", names)
        if found:
            wrong[f"{shot} {width} {theme}"] = found
    return wrong


def test_a_patient_takes_the_time_on_a_phone_in_spanish(office: Office, comes: Comes, settings: Any) -> None:
    gone, offer = offered(office, settings, "Azure", days=4, language="es")
    with office.within():
        path, born = path_of(offer), Patient.objects.get(family="Azure").born_on
    assert born is not None
    names = {"azure", "goneazure"}
    cleo = comes(width=390)
    wrong = seen(cleo, path, names, "birth")
    fields = cleo.page.locator("form input:visible, form select:visible")
    for field, said in zip(
        (fields.nth(0), fields.nth(1), fields.nth(2)), (born.month, born.day, born.year), strict=True
    ):
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(str(said))
        else:
            field.fill(str(said))
    cleo.page.locator("form button[type=submit]").last.click()
    cleo.sees("Hay una hora libre")
    wrong |= seen(cleo, path, names, "offered-es")
    wrong |= seen(cleo, f"{path}?language=en", names, "offered-en")
    cleo.page.get_by_role("button", name="Yes, book it").click()
    cleo.sees("Your visit is booked")
    wrong |= seen(cleo, path, names, "booked")
    stranger = comes(width=390)
    stranger.forgiven = "410"
    wrong |= seen(stranger, path, names, "over")
    with office.within():
        assert Appointment.objects.holding().get(patient__family="Azure").starts_at == offer.starts_at
    rosa = comes("office_manager")
    wrong |= seen(rosa, f"/schedule/freed/{gone}/", names, "freed")
    assert wrong == {}


def test_the_desk_sees_the_switch_and_what_is_on_its_way(office: Office, comes: Comes, settings: Any) -> None:
    gone, offer = offered(office, settings, "Teal", days=5)
    rosa = comes("office_manager")
    names = {"teal", "goneteal"}
    wrong = seen(rosa, "/schedule/offer-sending/", names, "switch")
    wrong |= seen(rosa, f"/schedule/freed/{gone}/", names, "on-its-way")
    rosa.sees("Message on its way")
    wrong |= seen(rosa, f"/schedule/waitlist/{offer.entry_id}/", names, "entry")
    wrong |= seen(rosa, "/schedule/waitlist/", names, "list")
    assert wrong == {}
    assert offer.expires_at > offer.offered_at + timedelta(minutes=15)
