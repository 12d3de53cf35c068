"""The day as a calendar: a visit is carried to another time by keys and by mouse, and comes back by Undo."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from daysheet.schedule.models import Appointment
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.ui.carrying import carry

pytestmark = pytest.mark.browser
STEP = timedelta(minutes=15)


def movable(office: Office) -> Appointment:
    """Return a visit of today that has the hour after it free, so that it may be carried there."""
    with office.within():
        door = office.played.locations[0]
        rows = Appointment.objects.filter(on_day=office.today, booking="scheduled", visit=None, location=door)
        every = list(Appointment.objects.holding().filter(on_day=office.today))
        for one in rows.order_by("-starts_at"):
            until = one.ends_at + timedelta(hours=1)
            others = [
                other
                for other in every
                if other.id != one.id
                and (other.provider_id == one.provider_id or other.patient_id == one.patient_id)
            ]
            if one.starts_at > office.moment(10) and not any(
                other.starts_at < until and other.ends_at > one.ends_at for other in others
            ):
                return one
    raise AssertionError("nobody has a free hour behind")


def stands(office: Office, was: Appointment) -> Appointment:
    with office.within():
        new: Appointment = Appointment.objects.get(
            patient=was.patient_id, on_day=office.today, booking="scheduled", type=was.type_id
        )
        return new


def test_keys_carry_a_visit_and_undo_brings_it_back(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    one = movable(office)
    rosa.go(f"/schedule/{office.today}/")
    place = rosa.page.locator(f'[data-card="{one.id}"]')
    place.focus()
    carry(rosa.page, "m", "ArrowDown", "ArrowDown")
    rosa.page.keyboard.press("Enter")
    rosa.toast("Moved to")
    assert stands(office, one).starts_at == one.starts_at + 2 * STEP
    rosa.key("Control+z")
    expect(rosa.page.locator(f'[data-card="{one.id}"]')).to_be_visible()
    assert stands(office, one).starts_at == one.starts_at


def test_the_mouse_carries_a_visit(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    one = movable(office)
    rosa.go(f"/schedule/{office.today}/")
    place = rosa.page.locator(f'[data-card="{one.id}"]')
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    assert box is not None
    x, y = box["x"] + 40, box["y"] + 6
    rosa.page.mouse.move(x, y)
    rosa.page.mouse.down()
    for n in range(1, 8):
        rosa.page.mouse.move(x, y + n * 8)
    rosa.page.mouse.up()
    rosa.toast("Moved to")
    assert stands(office, one).starts_at == one.starts_at + 2 * STEP


def test_a_visit_that_has_begun_stays(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    with office.within():
        here = Appointment.objects.filter(on_day=office.today, location=office.played.locations[0])
        begun = here.filter(visit__isnull=False, booking__in=("scheduled", "completed")).first()
    assert begun is not None
    rosa.go(f"/schedule/{office.today}/")
    rosa.page.locator(f'[data-card="{begun.id}"]').focus()
    rosa.page.keyboard.press("m")
    expect(rosa.page.locator("#say-politely")).to_contain_text("It stays where it is")
