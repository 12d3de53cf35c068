"""The day board: a row carried to another group is its own button pressed; where none leads there, it is said why."""

import pytest
from playwright.sync_api import Locator, expect

from daysheet.schedule.models import Appointment
from daysheet.visits.models import Visit
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person

pytestmark = pytest.mark.browser


def expected(office: Office, how_many: int = 1) -> list[Appointment]:
    """Return visits of today whose patients have not come."""
    with office.within():
        rows = Appointment.objects.filter(on_day=office.today, booking="scheduled", visit=None)
        found = list(rows.filter(location=office.played.locations[0]).order_by("-starts_at")[:how_many])
        assert len(found) == how_many
        return found


def row_of(rosa: Person, key: object) -> Locator:
    return rosa.page.locator(f"#r{str(key)[-12:]}")


def carry(rosa: Person, key: object, to: str) -> None:
    rosa.settled()
    rosa.page.wait_for_timeout(1500)  # the news of the own act has come
    row_of(rosa, key).locator("td").first.drag_to(rosa.page.locator(f"#group-{to} > summary"))


def test_a_row_is_carried_to_here_and_no_further(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    (one,) = expected(office)
    rosa.go("/desk/")
    carry(rosa, one.pk, "done")
    expect(rosa.page.locator("#board-refused")).to_contain_text("has not come yet")
    carry(rosa, one.pk, "here")
    rosa.toast("has arrived")
    expect(rosa.page.locator(f"#group-here #r{str(one.pk)[-12:]}")).to_be_visible()
    with office.within():
        assert Visit.objects.get(appointment=one).flow == "arrived"


@pytest.mark.parametrize("by_mouse", ["carried", "pressed"])
def test_a_second_row_is_taken_while_the_first_is_still_on_its_way(
    office: Office, comes: Comes, by_mouse: str
) -> None:
    rosa = comes("receptionist")
    both = expected(office, 2)
    rosa.go("/desk/")
    rosa.settled()
    # The first answer waits until the second act has been made.
    rosa.page.route("**/arrive/**", lambda route: (rosa.page.wait_for_timeout(600), route.continue_()))
    for one in both:
        if by_mouse == "carried":
            row_of(rosa, one.pk).locator("td").first.drag_to(rosa.page.locator("#group-here > summary"))
        else:
            row_of(rosa, one.pk).locator('[formaction*="/arrive/"]').click(no_wait_after=True)
    for one in both:
        expect(rosa.page.locator(f"#group-here #r{str(one.pk)[-12:]}")).to_be_visible()
    with office.within():
        assert Visit.objects.filter(appointment__in=both, flow="arrived").count() == 2
