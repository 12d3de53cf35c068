"""The commonest tasks that another file does not count: by keyboard alone, each within what it may take."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from daysheet.patients.models import Patient
from daysheet.practice.models import Provider
from daysheet.privacy import commands as privacy
from daysheet.privacy.rules import EDITION
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.visits.models import Visit
from tests import make
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person

pytestmark = pytest.mark.browser


def within_their_acts(rosa: Person) -> None:
    print()
    for one in rosa.tasks:
        print(f"  {one.name:<44} {one.acts:>2} of {one.most}")
    assert [one.name for one in rosa.tasks if one.acts > one.most] == []


def booked(office: Office, family: str, *, hour: int, minute: int = 0) -> UUID:
    """Book somebody who has no plan and has signed the notice, outside the hours of the day."""
    with office.within():
        who = make.registered(family, "Ada", phones=["+14135550166"])
        desk = office.played.by("office_manager", office.moment(9, 10))
        privacy.sign_notice(
            desk,
            patient_id=who.pk,
            kind="npp",
            edition=EDITION,
            signed_by=f"Ada {family}",
            signed_on=office.today - timedelta(days=30),
        )
        kind = AppointmentType.objects.order_by("rank", "name").first()
        lee = Provider.objects.order_by("rank", "family").first()
        assert kind is not None
        assert lee is not None
        return schedule.book_appointment(
            desk,
            patient_id=who.pk,
            provider_id=lee.pk,
            location_id=office.played.locations[0].pk,
            type_id=kind.pk,
            starts_at=office.moment(hour, minute),
            hours_reason="Only then",
        ).pk


def test_a_visit_is_moved_to_another_day_from_its_row(office: Office, comes: Comes) -> None:
    held = booked(office, "Umber", hour=19)
    rosa = comes("receptionist")
    rosa.stands_on("UMBER")
    with rosa.task("3 move a visit to another day", most=6):
        rosa.key("Tab", "Enter")
        expect(rosa.page.locator("#appointment")).to_be_visible()
        rosa.page.wait_for_load_state()
        rosa.key("Control+Enter")
        expect(rosa.page.locator("#book-form input[name=slot]:checked")).to_have_count(1)
        rosa.page.wait_for_load_state()
        rosa.key("Control+Enter")
        rosa.toast("Moved")
    with office.within():
        was = Appointment.objects.get(pk=held)
        assert was.booking == "rescheduled"
        assert was.moved_to is not None
    within_their_acts(rosa)


def test_who_lacks_nothing_is_checked_in_by_three_keys(office: Office, comes: Comes) -> None:
    booked(office, "Sienna", hour=19, minute=30)
    rosa = comes("receptionist")
    row = rosa.stands_on("SIENNA")
    rosa.key("Enter")
    expect(rosa.page.locator("#group-here")).to_contain_text("SIENNA")
    expect(row).to_be_focused()
    with rosa.task("4 check in, nothing missing", most=3):
        rosa.key("Enter")
        expect(rosa.page.locator("#check-in")).to_be_visible()
        rosa.page.wait_for_load_state()
        expect(rosa.page.get_by_role("button", name="Said by the patient: check in")).to_be_focused()
        rosa.key("Enter")
        rosa.toast("checked in")
    with office.within():
        assert Visit.objects.get(patient__family="Sienna").flow == "checked_in"
    within_their_acts(rosa)


def test_somebody_new_on_the_telephone_is_registered_and_booked(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    rosa.go("/desk/")
    page = rosa.page
    with rosa.task("6 new patient by phone, then booked", most=16):
        rosa.key("Control+k")
        rosa.type("ida zinnober")
        expect(page.locator("#top-q-list")).to_contain_text("Nobody fits")
        rosa.key("Enter")
        expect(page.get_by_role("button", name="Add new patient with what I typed")).to_be_visible()
        page.wait_for_load_state()
        rosa.tab_to(page.get_by_role("button", name="Add new patient with what I typed"))
        rosa.key("Enter")
        expect(page.locator("#id_family")).to_have_value("Zinnober")
        for number, part in enumerate(("3", "14", "1971")):
            rosa.tab_to(page.locator(f"#id_born_on_{number}"))
            rosa.type(part)
        rosa.tab_to(page.locator("#id_phone"))
        rosa.type("4135550199")
        rosa.key("Control+Enter")
        expect(page.locator(".banner-name")).to_contain_text("ZINNOBER")
        page.wait_for_load_state()
        rosa.key("Control+Enter")
        expect(page.locator("#book-form input[name=slot]:checked")).to_have_count(1)
        page.wait_for_load_state()
        rosa.key("Control+Enter")
        rosa.toast("Booked")
    with office.within():
        who = Patient.objects.get(family="Zinnober")
        assert who.born_on == date(1971, 3, 14)
        assert Appointment.objects.holding().filter(patient=who).count() == 1
    within_their_acts(rosa)
