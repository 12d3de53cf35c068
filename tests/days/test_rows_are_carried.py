"""The day board: a row carried to another group is its own button pressed; where none leads there, it is said why."""

import pytest
from playwright.sync_api import Locator, expect

from daysheet.schedule.models import Appointment
from daysheet.visits.models import Visit
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person

pytestmark = pytest.mark.browser


def expected(office: Office) -> Appointment:
    """Return a visit of today whose patient has not come."""
    with office.within():
        rows = Appointment.objects.filter(on_day=office.today, booking="scheduled", visit=None)
        first = rows.filter(location=office.played.locations[0]).order_by("-starts_at").first()
        assert first is not None
        return first


def row_of(rosa: Person, key: object) -> Locator:
    return rosa.page.locator(f"#r{str(key)[-12:]}")


def carry(rosa: Person, key: object, to: str) -> None:
    rosa.settled()
    rosa.page.wait_for_timeout(1500)  # the news of the own act has come
    row_of(rosa, key).locator("td").first.drag_to(rosa.page.locator(f"#group-{to} > summary"))


def test_a_row_is_carried_to_here_and_no_further(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    one = expected(office)
    rosa.go("/desk/")
    carry(rosa, one.pk, "done")
    expect(rosa.page.locator("#board-refused")).to_contain_text("has not come yet")
    carry(rosa, one.pk, "here")
    rosa.toast("has arrived")
    expect(rosa.page.locator(f"#group-here #r{str(one.pk)[-12:]}")).to_be_visible()
    with office.within():
        assert Visit.objects.get(appointment=one).flow == "arrived"
