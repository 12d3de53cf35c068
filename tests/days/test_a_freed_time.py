"""A visit is cancelled and its time goes to somebody who waits: by keyboard, without script, on a phone."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from daysheet.practice.models import Provider
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment, AppointmentType, SlotOffer, WaitlistEntry
from tests import make
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.test_every_page_with_axe import look

pytestmark = pytest.mark.browser


def booked(office: Office, family: str, waits: list[str], *, days: int) -> UUID:
    """Book somebody outside the hours of that day, and let others wait for such a time."""
    with office.within():
        manager = office.played.by("office_manager", office.moment(9, 10))
        kind = AppointmentType.objects.order_by("rank", "name").first()
        lee = Provider.objects.order_by("rank", "family").first()
        assert kind is not None
        assert lee is not None
        at: datetime = office.moment(19) + timedelta(days=days)
        made = schedule.book_appointment(
            manager,
            patient_id=make.registered(family, "Ada", phones=["+14135550177"]).pk,
            provider_id=lee.pk,
            location_id=office.played.locations[0].pk,
            type_id=kind.pk,
            starts_at=at,
            hours_reason="Only then",
        )
        for number, one in enumerate(waits):
            who = make.registered(one, "Cleo", phones=[f"+1413555019{number}"])
            schedule.add_to_waitlist(
                manager, patient_id=who.pk, type_id=kind.pk, notice_minutes=0, priority=1, reason="cough"
            )
        return made.pk


def test_by_keyboard_a_cancelled_time_is_asked_about_and_booked(office: Office, comes: Comes) -> None:
    gone = booked(office, "Umber", ["Sienna", "Ochre"], days=1)
    ana = comes("office_manager")
    ana.go(f"/schedule/appointments/{gone}/cancel/")
    ana.page.get_by_label("Reason", exact=True).select_option("Patient is ill")
    button = ana.page.locator("main").get_by_role("button", name="Cancel the visit")
    ana.tab_to(button)
    ana.key("Enter")
    ana.sees("Who fits, in turn")
    asks = ana.page.get_by_role("button", name=re.compile("^Ask the next"))
    ana.tab_to(asks)
    ana.key("Enter")
    expect(ana.page.locator("#asked")).to_contain_text("To be called")
    ana.settled()
    yes = ana.page.get_by_role("button", name=re.compile("^SIENNA, Cleo says yes"))
    ana.tab_to(yes)
    ana.key("Enter")
    expect(ana.page.locator("#asked")).to_contain_text("Taken by another")
    ana.toast("Booked.")
    with office.within():
        won = Appointment.objects.holding().get(patient__family="Sienna")
        assert won.starts_at == Appointment.objects.get(id=gone).starts_at


def test_without_script_the_forms_are_plain_and_do_the_same(office: Office, comes: Comes) -> None:
    gone = booked(office, "Madder", ["Indigo"], days=2)
    ana = comes("office_manager", script=False)
    ana.go(f"/schedule/appointments/{gone}/wait/")
    ana.fill("Done by", "12")
    ana.press_button("Put on the list")
    ana.sees("Booked, wants to come earlier")
    ana.go(f"/schedule/appointments/{gone}/cancel/")
    ana.page.get_by_label("Reason", exact=True).select_option("Patient is ill")
    ana.press_button("Cancel the visit")
    ana.page.get_by_role("button", name="Ask INDIGO, Cleo").click()
    ana.page.get_by_label("What INDIGO, Cleo said", exact=True).select_option("pending")
    ana.page.get_by_role("button", name="Note what INDIGO, Cleo said").click()
    ana.sees("Message left")
    ana.page.get_by_role("button", name="INDIGO, Cleo says yes: book it").click()
    ana.sees("This time is taken again.")
    with office.within():
        assert Appointment.objects.holding().filter(patient__family="Indigo").exists()


def test_the_pages_are_sound_on_every_screen(office: Office, comes: Comes) -> None:
    gone = booked(office, "Cobalt", ["Viridian", "Sepia"], days=3)
    with office.within():
        by = office.played.by("receptionist", office.moment(9, 20))
        schedule.cancel_appointment(by, appointment_id=gone, version=None, reason="Patient is ill")
        entry = WaitlistEntry.objects.get(patient__family="Sepia")
        ana = office.played.by("office_manager", office.moment(9, 20))  # who may book outside the hours
        schedule.offer_slot(ana, freed_by_id=gone, entry_ids=[entry.pk])
        assert SlotOffer.objects.filter(entry=entry).exists()
    rosa = comes("receptionist")
    wrong: dict[str, Any] = {}
    for address in (
        "/schedule/waitlist/",
        f"/schedule/waitlist/{entry.pk}/",
        f"/schedule/waitlist/{entry.pk}/change/",
        "/schedule/freed/",
        "/schedule/missed/",
        f"/schedule/missed/{gone}/close/",
        f"/schedule/freed/{gone}/",
        f"/schedule/appointments/{gone}/",
    ):
        for width, theme in ((390, "light"), (1280, "dark")):
            rosa.page.set_viewport_size({"width": width, "height": 900})
            rosa.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            rosa.go(address)
            rosa.settled()
            found = look(rosa.page, "schedule", {"viridian", "sepia", "cobalt"})
            if found:
                wrong[f"{address.split('/')[2]} {width} {theme}"] = found
    assert wrong == {}
