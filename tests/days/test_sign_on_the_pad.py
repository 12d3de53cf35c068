"""A consent is signed on the screen by mouse, and by keyboard alone where nobody can draw."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from daysheet.visits import commands as visits
from tests import make
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person

pytestmark = pytest.mark.browser


def came_in(office: Office, family: str) -> UUID:
    """Somebody without an appointment stands at the desk."""
    with office.within():
        who = make.registered(family, "June")
        rosa = office.played.by("receptionist", office.moment(9, 10) + timedelta(minutes=1))
        provider, door = office.played.providers[0], office.played.locations[0]
        return visits.walk_in(rosa, patient_id=who.pk, provider_id=provider.pk, location_id=door.pk).pk


def draw(rosa: Person) -> None:
    rosa.settled()
    pad = rosa.page.locator(".sign-pad canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    mouse = rosa.page.mouse
    mouse.move(box["x"] + 40, box["y"] + 90)
    mouse.down()
    for step in range(1, 8):
        mouse.move(box["x"] + 40 + step * 30, box["y"] + (40 if step % 2 else 120))
    mouse.up()


def test_a_signature_is_drawn_cleared_and_drawn_again(office: Office, comes: Comes) -> None:
    visit_id = came_in(office, "Penn")
    rosa = comes("receptionist")
    rosa.go(f"/desk/visits/{visit_id}/forms/treatment/")
    strokes = rosa.page.locator("input[name=strokes]")
    draw(rosa)
    expect(strokes).not_to_have_value("")
    rosa.press_button("Clear the pad")
    expect(strokes).to_have_value("")
    rosa.press_button("Sign and keep")
    expect(rosa.page.locator(".error-summary")).to_contain_text("Sign on the pad, or tick")
    draw(rosa)
    expect(strokes).not_to_have_value("")
    rosa.press_button("Sign and keep")
    expect(rosa.page.locator("#step-form-treatment")).to_contain_text("done")


def test_by_keyboard_a_name_and_a_tick_are_enough(office: Office, comes: Comes) -> None:
    visit_id = came_in(office, "Quay")
    rosa = comes("receptionist")
    rosa.go(f"/desk/visits/{visit_id}/forms/treatment/")
    rosa.page.get_by_label("I sign by typing my name").focus()
    rosa.key("Space")
    rosa.key("Control+Enter")
    expect(rosa.page.locator("#step-form-treatment")).to_contain_text("done")
