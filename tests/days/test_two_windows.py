"""Two windows, two practices, two patients, a lock in the middle of a form: nothing is lost and nothing strays."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect

from daysheet.kernel.access import Actor
from daysheet.patients.models import Patient
from daysheet.practice import commands as practice
from daysheet.practice.founding import found_practice
from daysheet.practice.models import Membership
from daysheet.schedule.models import Appointment
from daysheet.visits.models import Visit
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person
from tests.patience import until

pytestmark = pytest.mark.browser
HEARS = """() => {
  window.heard = false;
  new BroadcastChannel("daysheet-charts").addEventListener("message", () => setTimeout(() => (window.heard = true)));
}"""
"""Let a page remember that another has said whose chart it shows."""


def expected(office: Office) -> str:
    """Return the family name of somebody who has not come yet, and whom nobody shares it with today."""
    with office.within():
        today = Appointment.objects.filter(on_day=office.today, location=office.played.locations[0])
        come = Visit.objects.values("appointment_id")
        awaited = today.exclude(pk__in=come).order_by("-starts_at").values_list("patient__family", flat=True)
        all_of_today = list(today.values_list("patient__family", flat=True))
        return next(name for name in awaited if all_of_today.count(name) == 1).upper()


def arrives(person: Person, name: str) -> None:
    person.row(name).get_by_role("button", name=re.compile("^Arrived")).click()
    expect(person.page.locator("#group-here")).to_contain_text(name)


def test_two_boards_agree_without_a_reload(office: Office, comes: Comes) -> None:
    rosa, ana = comes("receptionist"), comes("office_manager")
    ana.go("/desk/")
    ana.listens()
    name = expected(office)
    arrives(rosa, name)
    expect(ana.page.locator("#group-here")).to_contain_text(name)


def test_with_the_stream_cut_a_reload_agrees(office: Office, comes: Comes) -> None:
    rosa, ana = comes("receptionist"), comes("office_manager")
    ana.forgiven = "ERR_FAILED"
    ana.context.route("**/sse/**", lambda route: route.abort())
    ana.go("/desk/")
    name = expected(office)
    arrives(rosa, name)
    expect(ana.page.locator("#group-not_here")).to_contain_text(name)
    ana.page.reload()
    expect(ana.page.locator("#group-here")).to_contain_text(name)


def test_what_changed_before_the_stream_was_open_is_shown_when_it_opens(office: Office, comes: Comes) -> None:
    rosa, ana = comes("receptionist"), comes("office_manager")
    held: list[Route] = []
    # Only what the board asks for: the page that she leaves may ask for its own in that very moment.
    ana.context.route(re.compile(r"/sse/.*visits"), lambda route: held.append(route))
    ana.go("/desk/")
    until(lambda: held, rest=lambda: ana.page.wait_for_timeout(20))
    name = expected(office)
    arrives(rosa, name)
    expect(ana.page.locator("#group-not_here")).to_contain_text(name)
    held.pop().continue_()
    expect(ana.page.locator("#group-here")).to_contain_text(name)
    # Whoever comes back to the page fetches it again anyway: the next stream asks for nothing from before.
    ana.page.evaluate(
        "dispatchEvent(new Event('pagehide')), document.dispatchEvent(new Event('visibilitychange'))"
    )
    until(lambda: held, rest=lambda: ana.page.wait_for_timeout(20))
    assert "since" not in held[0].request.url
    held.pop().abort()
    ana.forgiven = "ERR_FAILED"


def test_a_second_window_shows_what_the_first_heard_while_it_was_on_its_way(
    office: Office, comes: Comes
) -> None:
    rosa, ana = comes("receptionist"), comes("office_manager")
    ana.go("/desk/")
    ana.listens()
    second, held = ana.context.new_page(), list[Route]()
    second.route(re.compile(r"/app\.\w+\.js"), lambda route: held.append(route))
    second.goto("/desk/", wait_until="commit")
    name = expected(office)
    expect(second.locator("#group-not_here")).to_contain_text(name)
    arrives(rosa, name)
    expect(ana.page.locator("#group-here")).to_contain_text(name)
    until(lambda: held, rest=lambda: second.wait_for_timeout(20))
    held.pop().continue_()
    expect(second.locator("#group-here")).to_contain_text(name)


def test_a_tab_left_under_one_practice_cannot_write_into_another(office: Office, comes: Comes) -> None:
    other = found_practice(name="Eastside Clinic", now=office.moment(8), is_training=True)
    with office.within():
        ana = manager(office)
    with office.within(other.id):
        by = Actor.system(practice_id=other.id, now=office.moment(8))
        practice.add_member(
            by, username="demo-office_manager", display_name="Ana", role="office_manager", user_id=ana
        )
    person = comes("office_manager")
    person.go("/patients/new/")
    second = person.context.new_page()
    person.listen(second)
    second.goto("/desk/")
    second.locator(".top-place summary").click()
    second.get_by_role("button", name="Switch to Eastside Clinic").click()
    expect(second.locator(".top-practice")).to_have_text("Eastside Clinic")
    before = patients(office, other.id)
    fill_in(person.page)
    person.page.locator("main").get_by_role("button", name="Add new patient").click()
    expect(person.page.locator("body")).to_contain_text("Switch back to go on")
    assert patients(office, other.id) == before


def manager(office: Office) -> UUID:
    """Return the user who manages the office."""
    return Membership.objects.get(role="office_manager").user_id


def patients(office: Office, practice_id: UUID) -> int:
    with office.within(practice_id):
        return Patient.objects.count()


def fill_in(page: Page) -> None:
    for label, text in (("Family name", "Lindqvist"), ("Given name", "Olle"), ("Month", "4"), ("Day", "5")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("Year", exact=True).fill("1977")


def test_two_patients_in_two_tabs_are_told_apart(office: Office, comes: Comes) -> None:
    with office.within():
        one, two = Patient.objects.order_by("chart_number")[:2]
    rosa = comes("receptionist")
    rosa.go(f"/patients/{one.pk}/")
    rosa.page.evaluate(HEARS)
    second = rosa.context.new_page()
    rosa.listen(second)
    second.goto(f"/patients/{two.pk}/")
    # The browser carries it over on its own way.
    until(lambda: rosa.page.evaluate("heard"), rest=lambda: rosa.page.wait_for_timeout(20))
    rosa.page.bring_to_front()
    rosa.page.evaluate("() => window.dispatchEvent(new Event('focus'))")
    warning = rosa.page.locator(".banner-last")
    expect(warning).to_contain_text(f"You were last in {two.family.upper()}")
    assert str(one.chart_number) in warning.inner_text()
    assert second.title() != rosa.page.title()


def test_a_lock_in_the_middle_of_a_form_keeps_the_text(office: Office, comes: Comes) -> None:
    rosa = comes("receptionist")
    rosa.go("/patients/new/")
    second = rosa.context.new_page()
    second.goto("/desk/")
    fill_in(rosa.page)
    rosa.settled()
    second.locator(".top-user").click()
    second.get_by_role("button", name="Lock this screen").click()
    # Who may be the same person is asked as the last box is left: all of it is typed, and the screen is locked.
    rosa.page.keyboard.press("Tab")
    rosa.page.wait_for_url("**/lock/**")
    rosa.page.get_by_role("button", name=re.compile("^Unlock")).click()
    rosa.page.get_by_role("button", name="Send it now").click()
    expect(rosa.page.locator(".banner-name")).to_contain_text("LINDQVIST, Olle")


def test_back_after_the_lock_shows_nothing(office: Office, comes: Comes) -> None:
    with office.within():
        one = Patient.objects.order_by("chart_number").first()
    assert one is not None
    rosa = comes("receptionist")
    rosa.go(f"/patients/{one.pk}/")
    rosa.page.locator(".top-user").click()
    rosa.page.get_by_role("button", name="Lock this screen").click()
    rosa.page.wait_for_url("**/lock/**")
    rosa.page.go_back()
    expect(rosa.page.get_by_role("button", name=re.compile("^Unlock"))).to_be_visible()
    assert one.family.upper() not in rosa.page.content().upper()
