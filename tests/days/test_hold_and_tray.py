"""In a browser: a time held while it is booked and seen in another window; visits carried over days in the tray."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from daysheet.patients import commands as patients
from daysheet.patients.rules.alerts import AlertFact
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, HeldTime
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person
from tests.patience import until
from tests.ui.carrying import carry

pytestmark = pytest.mark.browser


def awaited(office: Office, skip: int = 0) -> Appointment:
    """Return a visit of today that has not begun, at the desk's door."""
    with office.within():
        rows = Appointment.objects.filter(
            on_day=office.today, booking="scheduled", visit=None, location=office.played.locations[0]
        )
        return rows.select_related("patient", "provider").order_by("-starts_at", "id")[skip]


def held_times(office: Office) -> int:
    with office.within():
        return HeldTime.objects.count()


def chosen(page: Page) -> str:
    return page.locator("input[name=slot]:checked").input_value()


def test_a_time_that_one_clerk_has_chosen_is_seen_as_held_by_the_other_and_freed_on_leaving(
    office: Office, comes: Comes
) -> None:
    rosa, ana = comes("receptionist"), comes("office_manager")
    one = awaited(office)
    page = f"/schedule/book/{one.patient_id}/"
    rosa.go(page)
    expect(rosa.page.locator("#held-note")).to_contain_text("Held for you until")
    first = chosen(rosa.page)
    with office.within():
        held = HeldTime.objects.get()
    day = held.starts_at.astimezone(office.practice.zone).date()
    ana.go(f"/schedule/{day}/?where=all")
    ana.listens()
    expect(ana.page.locator("#sheet")).to_contain_text(f"held by {held.held_by}")
    ana.go(f"/schedule/book/{awaited(office, 1).patient_id}/")
    expect(ana.page.locator("#held-note")).to_contain_text("Held for you until")
    assert chosen(ana.page) != first
    ana.go(f"/schedule/{day}/?where=all")
    ana.listens()
    rosa.go("/desk/")
    expect(ana.page.locator("#sheet")).not_to_contain_text("held by")
    until(lambda: held_times(office) == 0, rest=lambda: ana.page.wait_for_timeout(20))


def test_a_hold_moves_with_the_choice_and_ends_with_the_booking(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    rosa.go(f"/schedule/book/{awaited(office).patient_id}/")
    expect(rosa.page.locator("#held-note")).to_contain_text("Held for you until")
    with rosa.page.expect_response("**/hold/"):
        rosa.page.locator("input[name=slot]:not(:checked):not([value=other])").last.check()
    with office.within():
        held = HeldTime.objects.get()
    assert chosen(rosa.page).endswith(f".{int(held.starts_at.timestamp()) // 60}")
    rosa.press_button("Book this time")
    rosa.toast("Booked")
    until(lambda: held_times(office) == 0, rest=lambda: rosa.page.wait_for_timeout(20))


def laid(person: Person, one: Appointment) -> Locator:
    return person.page.locator(f"#tray-{one.pk}")


def next_days(person: Person, times: int = 1) -> str:
    for _ in range(times):
        person.follow("Day after")
    return urlsplit(person.page.url).path.split("/")[2]


def stands(office: Office, was: Appointment) -> Appointment:
    with office.within():
        new: Appointment = Appointment.objects.select_related("moved_to").get(pk=was.pk)
        assert new.moved_to is not None
        return new.moved_to


def test_by_keyboard_a_card_is_laid_aside_another_day_opened_and_the_visit_placed_and_undone(
    office: Office, comes: Comes
) -> None:
    rosa = comes("receptionist")
    one = awaited(office)
    rosa.go(f"/schedule/{office.today}/")
    rosa.page.locator(f'[data-card="{one.pk}"]').focus()
    rosa.key("h")
    expect(laid(rosa, one)).to_be_visible()
    day = next_days(rosa, 7)
    pick = laid(rosa, one).get_by_role("button", name="Place").first
    pick.focus()
    rosa.key("Enter")
    ghost = rosa.page.locator(f'[data-card="tray-{one.pk}"]')
    expect(ghost).to_be_focused()
    rosa.key("Escape")
    expect(ghost).to_have_count(0)
    expect(pick).to_be_focused()
    rosa.key("Enter")
    expect(ghost).to_be_focused()
    rosa.key("ArrowDown")
    expect(ghost).to_be_focused()
    rosa.key("Enter")
    rosa.toast("Moved to")
    expect(laid(rosa, one)).to_have_count(0)
    new = stands(office, one)
    local = new.starts_at.astimezone(office.practice.zone)
    assert (str(new.on_day), new.provider_id) == (day, one.provider_id)
    was = one.starts_at.astimezone(office.practice.zone)
    assert (local - timedelta(minutes=15)).time() == was.time()
    rosa.page.wait_for_load_state()
    rosa.key("Control+z")
    expect(laid(rosa, one)).to_be_visible()


def test_by_mouse_the_menu_of_a_card_lays_it_aside_and_a_press_on_a_time_places_it(
    office: Office, comes: Comes
) -> None:
    rosa = comes("receptionist")
    one = awaited(office)
    rosa.go(f"/schedule/{office.today}/")
    place = rosa.page.locator(f'[data-card="{one.pk}"]')
    place.scroll_into_view_if_needed()
    place.hover()
    rosa.page.locator("[data-calendar-more]").click()
    rosa.page.locator("[data-card-hold]").click()
    expect(laid(rosa, one)).to_be_visible()
    next_days(rosa, 7)
    laid(rosa, one).get_by_role("button", name="Place").first.click()
    ghost = rosa.page.locator(f'[data-card="tray-{one.pk}"]')
    expect(ghost).to_be_focused()
    box = ghost.bounding_box()
    assert box is not None
    # Late in the morning it goes to an earlier time, else to a later one: lunch is no time to be seen.
    hour = one.starts_at.astimezone(office.practice.zone).hour
    rosa.page.mouse.click(box["x"] + 60, box["y"] - 50 if hour in (10, 11) else box["y"] + box["height"] + 20)
    rosa.toast("Moved to")
    new = stands(office, one)
    at = [row.starts_at.astimezone(office.practice.zone).time() for row in (one, new)]
    assert at[0] != at[1]
    assert new.on_day > office.today


def test_on_a_phone_and_without_script_two_visits_lie_in_the_tray_and_one_is_placed_by_words(
    office: Office, comes: Comes
) -> None:
    rosa = comes("receptionist", script=False, width=390)
    first, second = awaited(office), awaited(office, 1)
    rosa.go(f"/schedule/{office.today}/")
    for one in (first, second):
        rosa.page.locator(f'button[formaction*="{one.pk}/tray/"]').first.click()
        expect(laid(rosa, one)).to_be_visible()
    expect(laid(rosa, first)).to_be_visible()
    day = next_days(rosa, 7)
    mine = laid(rosa, second)
    mine.locator("summary").click()
    mine.get_by_label("Time of day").fill(f"{second.starts_at.astimezone(office.practice.zone):%H:%M}")
    mine.get_by_role("button", name="Place").last.click()
    expect(rosa.page.locator("body")).to_contain_text("Moved to")
    assert str(stands(office, second).on_day) == day
    expect(laid(rosa, first)).to_be_visible()
    expect(laid(rosa, second)).to_have_count(0)


def test_a_card_of_a_patient_with_an_alert_is_moved_after_the_tick_and_the_receipt(
    office: Office, comes: Comes
) -> None:
    rosa = comes("receptionist")
    one = awaited(office, 1)
    today = office.today
    with office.within():
        by = office.played.by("receptionist", office.moment(9))
        fact = AlertFact("Needs the lift", places=("book",), must_confirm=True)
        patients.write_alert(by, patient_id=one.patient_id, today=today, fact=fact)
        commands.restrict_booking(
            by, patient_id=one.patient_id, kind="prepay", reason="Missed visits", since=today
        )
    rosa.go(f"/schedule/{office.today}/")
    place = rosa.page.locator(f'[data-card="{one.pk}"]')
    place.focus()
    carry(rosa.page, "m", "ArrowDown")
    rosa.page.keyboard.press("Enter")
    again = rosa.page.get_by_role("button", name="Move it there")
    again.click()
    rosa.page.get_by_label("Needs the lift").check()
    again.click()
    receipt = rosa.page.get_by_label("Why it is booked all the same")
    expect(receipt).to_be_focused()
    receipt.fill("Receipt 12")
    again.click()
    rosa.toast("Moved to")
    assert stands(office, one).limit_reason == "Receipt 12"


def test_a_card_put_into_kept_time_stays_there_while_the_reason_is_asked(
    office: Office, comes: Comes
) -> None:
    ana = comes("office_manager")
    one = awaited(office)
    local = one.starts_at.astimezone(office.practice.zone)
    after = local + timedelta(minutes=15)
    with office.within():
        fact = commands.BlockFact(
            location_id=one.location_id,
            name="New patients",
            type_ids=[],
            begins=after.time(),
            ends=(after + timedelta(hours=2)).time(),
            release=0,
            release_unit="hours",
        )
        commands.add_blocks(
            office.played.by("office_manager", office.moment(9)),
            provider_id=one.provider_id,
            weekdays=[local.weekday()],
            fact=fact,
        )
    ana.go(f"/schedule/{office.today}/")
    place = ana.page.locator(f'[data-card="{one.pk}"]')
    place.focus()
    carry(ana.page, "m", "ArrowDown", "ArrowDown")
    ana.page.keyboard.press("Enter")
    reason = ana.page.get_by_label("Why it is booked into kept time")
    expect(reason).to_be_focused()
    ana.page.get_by_role("button", name="Put it back").click()
    expect(reason).to_have_count(0)
    place.focus()
    carry(ana.page, "m", "ArrowDown", "ArrowDown")
    ana.page.keyboard.press("Enter")
    reason.fill("Comes from far away")
    ana.page.keyboard.press("Enter")
    ana.toast("Moved to")
    new = stands(office, one)
    assert new.starts_at == one.starts_at + timedelta(minutes=30)
    assert new.block_reason == "Comes from far away"
