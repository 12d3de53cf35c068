"""The essentials by keyboard alone, and how many acts each task takes against what it may take (docs: usability)."""

from datetime import date
from uuid import UUID

import pytest
from playwright.sync_api import expect

from daysheet.coverage import commands as coverage
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import make
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person

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
    check_in(rosa, office)
    asks_again(rosa)
    goes_through(office, patient_id)
    check_out(rosa)
    print()
    for one in rosa.tasks:
        print(f"  {one.name:<44} {one.acts:>2} of {one.most}")
    assert [one.name for one in rosa.tasks if one.acts > one.most] == []


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


def row_has_focus(rosa: Person) -> None:
    rosa.go("/desk/")
    rosa.row(NAME).focus()


def check_in(rosa: Person, office: Office) -> None:
    row_has_focus(rosa)
    with rosa.task("5 arrive, check in, cash copay, receipt", most=6):
        rosa.key("Enter")
        expect(rosa.page.locator("#group-here")).to_contain_text(NAME)
        rosa.row(NAME).focus()
        rosa.key("Enter")
        expect(rosa.page.locator("#check-in")).to_be_visible()
        rosa.key("Enter")  # said by the patient: the page begins there
        expect(rosa.page.locator("#step-identity")).to_contain_text("done")
        if rosa.page.locator("#signed_by").count():
            expect(rosa.page.locator("#signed_by")).to_be_focused()
            rosa.type("Ada Verdant")
            rosa.key("Enter")
            expect(rosa.page.locator("#step-privacy_notice")).to_contain_text("done")
        rosa.page.get_by_label("Take", exact=True).focus()
        rosa.key("Enter")
        expect(rosa.page.locator("#step-copay")).to_contain_text("done")
        rosa.key("Control+Enter")
        rosa.toast("checked in")


def asks_again(rosa: Person) -> None:
    row_has_focus(rosa)
    with rosa.task("7 ask the plan again and read the copay", most=3):
        rosa.key(".")
        rosa.key("Enter")
        rosa.toast("Asked the plan")
        expect(rosa.row(NAME)).to_contain_text("Covered", timeout=15000)


def goes_through(office: Office, patient_id: UUID) -> None:
    """Room, clinician and charges: the work of others."""
    with office.within():
        lee = office.played.by("office_manager", office.moment(9, 20))
        visit = Visit.objects.get(patient_id=patient_id)
        for state in ("roomed", "with_provider", "ready_for_checkout"):
            visits.move_on(lee, visit_id=visit.pk, to=state)


def check_out(rosa: Person) -> None:
    row_has_focus(rosa)
    with rosa.task("8 check out with a follow-up in three months", most=5):
        rosa.key("Enter")
        expect(rosa.page.locator("#check-out")).to_be_visible()
        rosa.page.locator("#step-follow_up .btn").first.focus()
        rosa.key("Enter")
        expect(rosa.page.locator("#step-follow_up")).to_contain_text("done")
