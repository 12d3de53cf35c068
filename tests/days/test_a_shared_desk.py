"""One desk, two people: whoever has a PIN takes over a locked screen, and what the first one began stays the first's."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Request, expect

from daysheet.patients.models import Patient
from daysheet.practice.models import Membership
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import Person

pytestmark = pytest.mark.browser
SEVEN = Decimal("7.00")
PINS = {"receptionist": "409271", "office_manager": "582013"}
KEYS, PAGES = 7, 3
"""What a takeover may cost: four Tabs to the PIN, one for each name as far as one's own, Enter; the PIN that is sent, the
way in, the first page."""


def test_a_drawer_and_a_draft_stay_with_who_began_them(office: Office, comes: Comes) -> None:
    rosa, ana = (name_of(office, role) for role in PINS)
    elsewhere, desk = comes("office_manager"), comes("receptionist")
    for one, role in ((elsewhere, "office_manager"), (desk, "receptionist")):
        sets_a_pin(one, PINS[role])
    opens_an_own_drawer(desk)
    types_a_draft(desk)
    locks(desk)
    takes_over(desk, ana, PINS["office_manager"])
    own, doors = in_own_and_in_doors(office, rosa)
    takes_cash(desk, office)
    assert in_own_and_in_doors(office, rosa) == (own, doors + SEVEN)
    desk.go(reverse("ledger:drawer"))
    desk.sees(f"opened by {rosa}")
    with desk.page.expect_response(lambda answer: f"{reverse('practice:draft')}?" in answer.url) as asked:
        desk.go(reverse("patients:patient-new"))
    asked.value.finished()
    desk.settled()
    expect(desk.page.locator(".draft-offer")).to_have_count(0)
    locks(desk)
    takes_over(desk, rosa, PINS["receptionist"])
    takes_cash(desk, office)
    assert in_own_and_in_doors(office, rosa) == (own + SEVEN, doors + SEVEN)
    desk.go(reverse("patients:patient-new"))
    desk.page.locator(".draft-offer button").click()
    expect(desk.page.locator("#id_family")).to_have_value("Lindqvist")
    print([(one.name, one.acts, one.most) for one in desk.tasks])
    assert [one.name for one in desk.tasks if one.acts > one.most] == []


def in_own_and_in_doors(office: Office, keeper: str) -> tuple[Decimal, Decimal]:
    """Return what must lie in a person's own drawer, and in those of the doors together."""
    held = office.in_the_drawers()
    own = sum((much for name, much in held.items() if keeper in name), Decimal(0))
    return own, sum(held.values(), Decimal(0)) - own


def name_of(office: Office, role: str) -> str:
    with office.within():
        return Membership.objects.get(role=role).display_name


def sets_a_pin(person: Person, pin: str) -> None:
    person.go(reverse("practice:pin"))
    person.fill("New PIN, six digits or more", pin)
    person.fill("New PIN, again", pin)
    person.press_button("Keep the PIN")
    person.toast("Your PIN opens")


def opens_an_own_drawer(person: Person) -> None:
    person.go(reverse("ledger:drawer"))
    person.fill("Opening float", "40")
    person.page.get_by_label("Mine alone").check()
    person.press_button("Open the drawer")
    person.toast("open")


def takes_cash(person: Person, office: Office) -> None:
    with office.within():
        who = Patient.objects.order_by("chart_number")[0]
    person.go(reverse("ledger:payment-take", args=[who.pk]))
    person.fill("Amount", str(SEVEN))
    person.press_button("Take payment")
    person.sees("Receipt")


def types_a_draft(person: Person) -> None:
    person.go(reverse("patients:patient-new"))
    with person.page.expect_response(lambda answer: answer.url.endswith(reverse("practice:draft"))):
        # All at once: what is typed letter by letter is kept in parts when two seconds lie between.
        person.page.get_by_label("Family name", exact=True).fill("Lindqvist")


def locks(person: Person) -> None:
    person.go(reverse("practice:profile"))
    person.page.locator(".top-user").click()
    person.page.get_by_role("button", name="Lock this screen").click()
    person.page.wait_for_url("**/lock/**")


def takes_over(person: Person, name: str, pin: str) -> None:
    """By keyboard, from the lock: the PIN, then one's own name."""
    asked: list[Request] = []
    person.page.on("request", lambda one: asked.append(one) if one.is_navigation_request() else None)
    with person.task(f"{name} takes over a locked screen", most=KEYS):
        person.tab_to(person.page.locator("#pin"))
        person.type(pin)
        person.tab_to(person.page.get_by_role("button", name=name, exact=True))
        person.key("Enter")
        expect(person.page.locator(".top-user")).to_contain_text(name)
    assert len(asked) <= PAGES, [f"{one.method} {one.url}" for one in asked]
