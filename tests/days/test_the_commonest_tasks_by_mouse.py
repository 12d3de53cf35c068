"""The commonest tasks by mouse alone: each within the clicks that it may take. A denied claim has a file of its own."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from daysheet.charges import commands as charges
from daysheet.charges.models import VisitDiagnosis
from daysheet.coverage import commands as coverage
from daysheet.patients.models import Patient
from daysheet.phones.models import Call
from daysheet.privacy import commands as privacy
from daysheet.privacy.rules import EDITION
from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import make
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import MAIL, Person
from tests.days.test_the_commonest_tasks import booked, within_their_acts

pytestmark = pytest.mark.browser
NAME = "VERDANT"


def known(office: Office) -> UUID:
    """Somebody whose plan was asked and who signed the notice before."""
    office.enroll("BP20260777", "Verdant", "Ada", date(1962, 3, 14))
    with office.within():
        ada = make.registered("Verdant", "Ada", phones=["+14135550177"])
        card = make.coverage(ada, office.played.plans["BLUE1", "standard"], member_id="BP20260777")
        rosa = office.played.by("receptionist", office.moment(9, 10))
        coverage.ask_eligibility(rosa, coverage_id=card.pk, service_on=office.today)
        privacy.sign_notice(
            rosa,
            patient_id=ada.pk,
            kind="npp",
            edition=EDITION,
            signed_by="Ada Verdant",
            signed_on=office.today - timedelta(days=30),
        )
        return ada.pk


def opens(rosa: Person) -> None:
    """Click into the box at the top, type a part of the name, click the hit."""
    rosa.click(rosa.page.get_by_role("combobox", name="Find a patient"))
    rosa.finds("verdan")
    rosa.click(rosa.page.locator("#top-q-list [role=option]", has_text=NAME).first)
    expect(rosa.page.locator(".banner-name")).to_contain_text(NAME)


def test_one_visit_takes_no_more_clicks_than_it_may(office: Office, comes: Comes) -> None:
    patient_id = known(office)
    rosa = comes("receptionist")
    with rosa.task("1 open a known patient", most=2):
        opens(rosa)
    rosa.go("/desk/")
    with rosa.task("2 book into the next free slot", most=5):
        opens(rosa)
        rosa.follow("Book")
        expect(rosa.page.locator("#book-form input[name=slot]:checked")).to_have_count(1)
        rosa.press_button("Book this time")
        rosa.toast("Booked")
    checks_in(rosa)
    asks_again(rosa)
    goes_through(office, patient_id)
    checks_out(rosa)
    within_their_acts(rosa)


def checks_in(rosa: Person) -> None:
    rosa.go("/desk/")
    rosa.row(NAME).get_by_role("button", name=re.compile("^Arrived")).click()
    expect(rosa.page.locator("#group-here")).to_contain_text(NAME)
    with rosa.task("5 check in, cash copay, receipt", most=4):
        rosa.click(rosa.row(NAME).get_by_role("link", name=re.compile("^Check in")))
        expect(rosa.page.locator("#check-in")).to_be_visible()
        rosa.press_button("Said by the patient")
        expect(rosa.page.locator("#step-identity")).to_contain_text("done")
        rosa.press_button("Take and make receipt")
        expect(rosa.page.locator("#step-copay")).to_contain_text("done")
        rosa.press_button("Check in")
        rosa.toast("checked in")


def asks_again(rosa: Person) -> None:
    rosa.go("/desk/")
    with rosa.task("7 ask the plan again and read the copay", most=2):
        rosa.click(rosa.row(NAME).get_by_label(f"More for {NAME}"))
        rosa.click(rosa.row(NAME).get_by_role("button", name=re.compile("^Ask")).first)
        rosa.toast("Asked the plan")
        expect(rosa.row(NAME)).to_contain_text("Covered", timeout=MAIL)


def goes_through(office: Office, patient_id: UUID) -> None:
    """Room, clinician and charges: the work of others."""
    with office.within():
        lee = office.played.by("office_manager", office.moment(9, 20))
        visit = Visit.objects.get(patient_id=patient_id)
        VisitDiagnosis.objects.create(visit=visit, rank=1, code="M54.50", label="Low back pain")
        charges.put_charge(lee, visit_id=visit.pk, code="X0020")
        charges.post_charges(lee, visit_id=visit.pk)
        for state in ("roomed", "with_provider", "ready_for_checkout"):
            visits.move_on(lee, visit_id=visit.pk, to=state)


def checks_out(rosa: Person) -> None:
    rosa.go("/desk/")
    with rosa.task("8 check out with a follow-up in three months", most=5):
        rosa.click(rosa.row(NAME).get_by_role("link", name=re.compile("^Check out")))
        expect(rosa.page.locator("#check-out")).to_be_visible()
        rosa.follow("three months")
        rosa.click(rosa.page.locator("#step-follow_up").get_by_role("button", name=re.compile("^Book")).first)
        expect(rosa.page.locator("#step-follow_up")).to_contain_text("done")
        rosa.press_button("Check out")
        rosa.toast("checked out")


def test_a_visit_is_moved_to_another_day_by_five_clicks(office: Office, comes: Comes) -> None:
    held = booked(office, "Umber", hour=19)
    rosa = comes("receptionist")
    rosa.go("/desk/")
    with rosa.task("3 move a visit to another day", most=5):
        rosa.click(rosa.row("UMBER").get_by_role("link").first)
        expect(rosa.page.locator("#appointment")).to_be_visible()
        rosa.click(rosa.page.locator("main :is(.page-acts, .form-buttons) [data-primary]").first)
        expect(rosa.page.locator("#book-form input[name=slot]:checked")).to_have_count(1)
        rosa.click(rosa.page.locator("#book-form button[data-primary]"))
        rosa.toast("Moved")
    with office.within():
        assert Appointment.objects.get(pk=held).booking == "rescheduled"
    within_their_acts(rosa)


def test_who_lacks_nothing_is_checked_in_by_two_clicks(office: Office, comes: Comes) -> None:
    booked(office, "Sienna", hour=19, minute=30)
    rosa = comes("receptionist")
    rosa.go("/desk/")
    rosa.row("SIENNA").get_by_role("button", name=re.compile("^Arrived")).click()
    expect(rosa.page.locator("#group-here")).to_contain_text("SIENNA")
    with rosa.task("4 check in, nothing missing", most=2):
        rosa.click(rosa.row("SIENNA").get_by_role("link", name=re.compile("^Check in")))
        expect(rosa.page.locator("#check-in")).to_be_visible()
        rosa.press_button("Said by the patient: check in")
        rosa.toast("checked in")
    with office.within():
        assert Visit.objects.get(patient__family="Sienna").flow == "checked_in"
    within_their_acts(rosa)


def test_somebody_new_on_the_telephone_is_registered_and_booked(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    rosa.go("/desk/")
    with rosa.task("6 new patient by phone, then booked", most=14):
        rosa.follow("Patients", "#nav")
        rosa.fill("Name, birth date", "quirin zinnober")
        rosa.press_button("Find")
        rosa.sees("Nobody fits")
        rosa.press_button("Add new patient with what I typed")
        expect(rosa.page.locator("#id_family")).to_have_value("Zinnober")
        for label, part in (("Month", "3"), ("Day", "14"), ("Year", "1971"), ("Phone", "4135550199")):
            rosa.fill(label, part)
        rosa.press_button("Add new patient")
        expect(rosa.page.locator(".banner-name")).to_contain_text("ZINNOBER")
        rosa.follow("Book")
        expect(rosa.page.locator("#book-form input[name=slot]:checked")).to_have_count(1)
        rosa.press_button("Book this time")
        rosa.toast("Booked")
    with office.within():
        who = Patient.objects.get(family="Zinnober")
        assert who.born_on == date(1971, 3, 14)
        assert Appointment.objects.holding().filter(patient=who).count() == 1
    within_their_acts(rosa)


def test_a_call_with_a_message_is_logged_by_six_clicks(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    rosa.go("/desk/")
    with rosa.task("9 log a call with a message for a provider", most=6):
        rosa.click(rosa.page.locator("[data-new-call]"))
        expect(rosa.page.locator("#id_number")).to_be_focused()
        rosa.type("4135550122")
        rosa.click(rosa.page.locator("#id_caller_name"))
        rosa.type("Joy Okafor")
        rosa.acts += 2  # a list is opened, an entry chosen
        entry = rosa.page.locator("#id_reason option", has_text="Medicine").first
        rosa.page.locator("#id_reason").select_option(value=entry.get_attribute("value"))
        rosa.click(rosa.page.locator("#id_note"))
        rosa.type("Asks for the blood pressure tablets, five days left.")
        rosa.press_button("It is done: write it down")
        rosa.toast("is written down")
    with office.within():
        call = Call.objects.latest("number")
        assert (call.state, call.caller_name, call.outcome) == ("done", "Joy Okafor", "message")
    within_their_acts(rosa)
