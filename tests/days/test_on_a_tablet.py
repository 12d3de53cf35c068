"""The day board and the day by rooms on a tablet: what is to be read stands on one line, and nothing scrolls sideways."""

import pytest
from playwright.sync_api import expect

from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from tests.days.conftest import Comes
from tests.days.office import TODAY, Office
from tests.days.person import Person

pytestmark = pytest.mark.browser
TABLET = 1024
BROKEN = """() => [1, 4, 5].flatMap(place => [...document.querySelectorAll(`.board td:nth-child(${place}) .tag`)]
  .filter(one => one.offsetHeight > 30).map(one => one.innerText))"""
"""The marks of hour, state and plan that are broken over two lines."""
OVER = """() => [...document.querySelectorAll(".board-acts")].flatMap(acts => [...acts.children]
  .filter(one => one.getBoundingClientRect().left < acts.getBoundingClientRect().left - 1).map(one => one.innerText))"""
"""The buttons that reach out of their place over what stands before them."""
NARROW = """() => [...document.querySelectorAll("[data-calendar-grid] [data-card]")]
  .filter(one => one.offsetWidth < 100).map(one => one.innerText)"""
GAP = """() => document.querySelector("#rooms").getBoundingClientRect().top
  - document.querySelector("#line").getBoundingClientRect().bottom"""
SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.fixture
def rosa(office: Office, comes: Comes) -> Person:
    """Rosa at a tablet; four of the morning have come, and wait for long."""
    with office.within():
        by = office.played.by("receptionist", office.moment(9, 10))
        coming = Appointment.objects.filter(on_day=TODAY, booking="scheduled", visit=None)
        for one in coming.order_by("starts_at")[:4]:
            visits.arrive(by, appointment_id=one.pk)
    office.clock(11, 5)
    return comes("receptionist", width=TABLET)


def test_the_marks_of_the_board_stand_on_one_line_each(rosa: Person) -> None:
    rosa.go("/desk/?where=all")
    rosa.settled()
    assert rosa.page.locator(".board tr[data-row]").count() > 5
    assert rosa.page.evaluate(BROKEN) == []
    for words in (None, "Ready to leave"):
        if words:
            rosa.page.locator(".board-acts .btn-primary").evaluate_all(
                f"all => all.forEach(one => one.textContent = '{words}')"
            )
        assert rosa.page.evaluate(OVER) == []
    expect(rosa.page.locator("#line")).to_be_visible()
    assert rosa.page.evaluate(GAP) >= 16
    for width in (TABLET, 768, 390):
        rosa.page.set_viewport_size({"width": width, "height": 900})
        assert rosa.page.evaluate(SIDEWAYS) <= 0


def test_cards_without_a_room_are_wide_enough_to_be_read(rosa: Person) -> None:
    rosa.go(f"/schedule/{TODAY}/rooms/?where=all")
    rosa.settled()
    expect(rosa.page.locator("[data-calendar-grid] [data-card]").nth(5)).to_be_visible()
    assert rosa.page.evaluate(NARROW) == []
    expect(rosa.page.locator("[data-calendar-grid] .ec-col-head").first).to_have_text("No room yet")
    assert rosa.page.evaluate(SIDEWAYS) <= 0
