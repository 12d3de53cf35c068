"""A kiosk in a real browser: the next patient sees nothing of the former, by Back, by address, or after a minute."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from daysheet.portal import commands
from daysheet.portal.models import SelfCheckIn
from daysheet.visits import commands as visits
from tests import make
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person
from tests.pictures import licence_picture

pytestmark = pytest.mark.browser
FAMILY = "Quillfeather"


def here(office: Office, given: str) -> SelfCheckIn:
    """Somebody stands at the desk, and gets a code."""
    with office.within():
        who = make.registered(FAMILY, given)
        who.street = "77 Telltale Row"
        who.save(update_fields=["street"])
        provider, door = office.played.providers[0], office.played.locations[0]
        rosa = office.played.by("receptionist", office.moment(9, 10))
        visit_id: UUID = visits.walk_in(
            rosa, patient_id=who.pk, provider_id=provider.pk, location_id=door.pk
        ).pk
        return commands.offer_for_visit(rosa, visit_id=visit_id)


def kiosk(office: Office, comes: Comes, *, script: bool = True) -> Person:
    rosa = comes("receptionist", script=script)
    rosa.go("/p/kiosks/")
    rosa.page.locator("main form.act button").first.click()
    rosa.page.wait_for_url("**/p/here/")
    return rosa


def begin(page: Page, row: SelfCheckIn) -> None:
    born = row.patient.born_on
    page.locator("#id_code").fill(row.code)
    for at, text in enumerate((born.month, born.day, born.year)):
        page.locator(f"[name=born_on_{at}]").fill(str(text))
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#id_street")).to_have_value("77 Telltale Row")


def says_nothing(page: Page) -> None:
    expect(page.locator("#id_code")).to_be_visible()
    told = page.content()
    assert FAMILY not in told
    assert "Telltale" not in told


def test_back_and_the_address_show_nothing_of_who_was_here(office: Office, comes: Comes) -> None:
    office.clock(9, 10)
    row = here(office, "June")
    someone = kiosk(office, comes)
    page = someone.page
    begin(page, row)
    page.get_by_role("button", name="Stop").click()
    says_nothing(page)
    page.go_back()
    page.wait_for_timeout(300)
    assert "Telltale" not in page.content()
    someone.go("/p/here/1/")
    says_nothing(page)
    someone.go("/desk/")
    says_nothing(page)


def test_a_minute_without_a_touch_warns_and_then_clears_the_screen(office: Office, comes: Comes) -> None:
    row = here(office, "Ada")
    page = kiosk(office, comes).page
    page.clock.install()
    begin(page, row)
    page.clock.run_for(45_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    page.get_by_role("button", name="I am still here").click()
    expect(page.get_by_role("alertdialog")).to_be_hidden()
    page.clock.run_for(61_000)
    expect(page).to_have_url(re.compile("/p/here/$"))
    says_nothing(page)


def test_a_screen_that_is_told_to_leave_more_than_once_leaves_once(office: Office, comes: Comes) -> None:
    row = here(office, "Lea")
    page = kiosk(office, comes).page
    page.clock.install()
    begin(page, row)
    went: list[str] = []
    page.on("request", lambda asked: went.append(asked.url) if asked.is_navigation_request() else None)
    page.route("**/p/here/state/", lambda route: route.fulfill(json={"state": "none"}))
    page.route("**/p/here/", lambda route: route.fulfill(body="away", content_type="text/html"))
    page.clock.run_for(20_000)
    expect(page.get_by_text("away")).to_be_visible()
    assert len(went) == 1, went


def test_it_works_without_script_and_clears_itself_by_its_own_refresh(office: Office, comes: Comes) -> None:
    row = here(office, "Ida")
    page = kiosk(office, comes, script=False).page
    begin(page, row)
    assert 'http-equiv="refresh" content="61; url=/p/here/"' in page.content()
    page.get_by_role("button", name="Yes, this is right").click()
    expect(page.locator("h1")).not_to_have_text("Is this still right?")
    page.get_by_label("I have no insurance now").check()
    page.get_by_role("button", name="Go on").click()
    picture = {"name": "id.png", "mimeType": "image/png", "buffer": licence_picture()}
    page.get_by_label("Back of the ID").set_input_files(picture)  # type: ignore[arg-type]
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you. The desk looks at it.")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("h1")).not_to_have_text("Your photo ID")
