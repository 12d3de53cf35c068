"""The essentials by keyboard alone, and how many acts each task takes against what it may take (docs: usability)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from daysheet.coverage import commands as coverage
from daysheet.coverage.models import EligibilityInquiry
from daysheet.schedule.models import Appointment
from daysheet.visits.models import Visit
from tests import make
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import MAIL, Person
from tests.days.test_the_commonest_tasks import within_their_acts
from tests.days.test_the_commonest_tasks_by_mouse import goes_through
from tests.patience import until

pytestmark = pytest.mark.browser
NAME = "VERDANT"


def test_the_essentials_by_keyboard_stay_inside_their_acts(office: Office, comes: Comes) -> None:
    patient_id = known(office)
    rosa = comes("receptionist")
    with rosa.task("1 open a known patient", most=2):
        rosa.key("Control+k")
        rosa.finds("verdan")
        rosa.key("Enter")
        expect(rosa.page.locator(".banner-name")).to_contain_text(NAME)
    rosa.go("/desk/")
    with rosa.task("2 book into the next free slot", most=5):
        rosa.key("Control+k")
        rosa.finds("verdan")
        rosa.key("Enter")
        expect(rosa.page.locator(".banner-name")).to_contain_text(NAME)
        rosa.key("Control+Enter")
        expect(rosa.page.locator("#book-form")).to_be_visible()
        rosa.page.wait_for_load_state()  # the form may be drawn before its keys are
        rosa.key("Control+Enter")
        rosa.toast("Booked")
    until(lambda: is_answered(office, patient_id), within=240, why=lambda: "The plan does not answer.")
    check_in(rosa)
    asks_again(rosa)
    goes_through(office, patient_id)
    check_out(rosa)
    with office.within():
        visit = Visit.objects.get(patient_id=patient_id)
        assert visit.flow == "checked_out"
        due = visit.service_on + timedelta(days=85)
        assert Appointment.objects.holding().filter(patient_id=patient_id, on_day__gt=due).count() == 1
    within_their_acts(rosa)


def known(office: Office) -> UUID:
    """Somebody with a plan who signed the notice before."""
    office.enroll("BP20260777", "Verdant", "Ada", date(1962, 3, 14))
    with office.within():
        ada = make.registered("Verdant", "Ada", phones=["+14135550177"])
        plan = office.played.plans["BLUE1", "standard"]
        card = make.coverage(ada, plan, member_id="BP20260777")
        rosa = office.played.by("receptionist", office.moment(9, 10))
        coverage.ask_eligibility(rosa, coverage_id=card.pk, service_on=office.today)
        return ada.pk


def is_answered(office: Office, patient_id: UUID) -> bool:
    with office.within():
        return EligibilityInquiry.objects.filter(
            coverage__patient=patient_id, response__isnull=False
        ).exists()


def check_in(rosa: Person) -> None:
    rosa.go("/desk/")
    expect(rosa.row(NAME)).to_contain_text("Covered")
    row = rosa.stands_on(NAME)
    with rosa.task("  arrive, row", most=1):
        rosa.key("Enter")
        expect(rosa.page.locator("#group-here")).to_contain_text(NAME)
    expect(row).to_be_focused()
    page = rosa.page
    with rosa.task("5 check in with cash copay and receipt, row", most=5):
        rosa.key("Enter")
        expect(page.locator("#check-in")).to_be_visible()
        rosa.key("Enter")  # said by the patient: the page begins there
        expect(page.locator("#step-identity")).to_contain_text("done")
        expect(page.locator("#signed_by")).to_be_focused()
        rosa.type("Ada Verdant")
        rosa.key("Enter")
        expect(page.locator("#step-privacy_notice")).to_contain_text("done")
        expect(page.get_by_label("Take", exact=True)).to_be_focused()
        rosa.key("Enter")
        rosa.toast("Receipt ")
        receipt = page.get_by_role("link", name="Print receipt")
        expect(receipt).to_be_focused()  # one key prints it
        address = receipt.get_attribute("href")
        rosa.key("Control+Enter")
        rosa.toast("checked in")
    rosa.go(address or "")
    rosa.sees("Receipt")
    rosa.press_button("Print receipt")
    rosa.is_pdf()


def asks_again(rosa: Person) -> None:
    rosa.stands_on(NAME)
    with rosa.task("7 ask the plan again and read the copay, row", most=3):
        rosa.key(".")
        rosa.key("Enter")
        rosa.toast("Asked the plan")
        expect(rosa.row(NAME)).to_contain_text("Covered", timeout=MAIL)


def check_out(rosa: Person) -> None:
    rosa.stands_on(NAME)
    with rosa.task("8 check out with a follow-up in three months, row", most=5):
        rosa.key("Enter")
        expect(rosa.page.locator("#check-out")).to_be_visible()
        rosa.settled()
        expect(rosa.page.locator("#step-follow_up .btn").first).to_be_focused()
        rosa.key("Enter")
        expect(rosa.page.locator("#step-follow_up")).to_contain_text("done")
        rosa.key("Control+Enter")
        rosa.toast("checked out")
