"""Every page of the product, as the role that owns it: axe, reflow, weight, one heading, no name in a title."""

import re
from hashlib import blake2b

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from daysheet.coverage.models import EligibilityResponse
from daysheet.kernel.access import roles
from daysheet.patients.models import Patient
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.prices import tell_prices
from daysheet.site.simulate.recalls import play_recalls
from tests.days.conftest import Comes
from tests.days.office import TODAY, Office
from tests.days.person import SERVER_SAYS_NO, Person
from tests.world import ANOTHER_PAYER, Address, World, addresses

pytestmark = pytest.mark.browser
WIDTHS, THEMES = (390, 768, 1280), ("light", "dark")
GRAVE = {"serious", "critical"}
FIRST = (
    "receptionist",
    "biller",
    "office_manager",
    "privacy_officer",
    "clinician",
    "coder",
    "insurance_clerk",
)
"""Who is asked first whether a page is theirs."""
HEAVY = {"frontdesk:board": 115_000, "ui:gallery": 200_000, "practice:staff": 70_000}
"""Pages that may weigh more than 60 kB: sixty rows, and every component at once."""
NOT_PAGES = re.compile(r"-(file|raw|csv|pdf|list|slots|search|calendar)$|:(day|slots|draft|sitemap)$|:data-")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


class Here(World):
    """The open office, as a source of things that fill addresses."""

    def __init__(self, office: Office) -> None:
        self.office, self.practice = office.played, office.practice
        self._members = {}


def owner(address: Address) -> str | None:
    """Return the first role that may open a page."""
    if address.name.startswith("payer:"):
        return "insurance_clerk"
    needs = address.rule.needs
    return next((role for role in FIRST if needs is None or needs in roles()[role].may), None)


def pages() -> list[Address]:
    """Return the addresses that answer a plain GET with a page."""
    return [one for one in addresses() if "GET" in one.rule.methods and not NOT_PAGES.search(one.name)]


def look(page: Page, name: str, names: set[str]) -> list[str]:
    """Return what is wrong with the page that is open."""
    wrong = []
    found = Axe().run(page, options={"runOnly": RULES["runOnly"], "resultTypes": ["violations"]})
    for one in found.response["violations"]:
        if one["impact"] in GRAVE:
            wrong.append(f"axe {one['id']}: {one['nodes'][0]['html'][:160]}")
    if (count := page.locator("h1").count()) != 1:
        wrong.append(f"{count} first headings")
    title = page.title().lower()
    wrong += [f"a name in the title: {title}" for one in names if re.search(rf"\b{re.escape(one)}\b", title)]
    page.set_viewport_size({"width": 320, "height": 800})
    if page.evaluate(REFLOW) > 320:
        wrong.append(f"scrolls sideways at 320: {page.evaluate(WIDEST)}")
    return wrong


REFLOW = "() => document.documentElement.scrollWidth"
WIDEST = """() => [...document.querySelectorAll('main *, header *')].filter(e => e.getBoundingClientRect().right > 321
    && !e.closest('[data-scrolls], .data-scroll, .ac-wide, .ac-nav'))
    .slice(0, 3).map(e => e.outerHTML.slice(0, 90)).join(' | ')"""


def test_every_page_is_sound(office: Office, chromium: Browser, comes: Comes) -> None:
    here, seen = Here(office), 0
    people: dict[str, Person] = {}
    wrong: dict[str, list[str]] = {}
    with office.within():
        names = {name.lower() for name in Patient.objects.values_list("family", flat=True)}
        EligibilityResponse.objects.update(other_payers=[ANOTHER_PAYER])
        story = PlayedPractice(office.played, Chance("axe"), 1)
        tell_prices(story, TODAY, office.moment(9, 15))
        play_recalls(story, TODAY, office.moment(9, 15))
        here._a_check_goes_to_the_bank(office.moment(9, 15))
    for address in pages():
        with office.within():
            url = address.url(here)
        role = owner(address)
        if url is None or role is None:
            continue
        if role not in people:
            people[role] = comes(role)
        number = int.from_bytes(blake2b(address.name.encode(), digest_size=4).digest())
        faults = visit(people[role], address.name, url, number, names)
        seen += 1
        if faults:
            wrong[address.name] = faults
    told = "\n".join(f"{name}: {fault}" for name, faults in wrong.items() for fault in faults)
    assert not wrong, told
    assert seen > 60


def visit(person: Person, name: str, url: str, number: int, names: set[str]) -> list[str]:
    """Open a page at the width and in the theme that its name decides."""
    page = person.page
    page.set_viewport_size({"width": WIDTHS[number % 3], "height": 900})
    page.emulate_media(color_scheme=THEMES[number // 3 % 2])
    person.said.clear()
    answer = page.goto(url)
    assert answer is not None
    if "text/html" not in (answer.headers.get("content-type") or ""):
        return []
    if answer.status != 200:
        return [f"answers {answer.status}"]
    person.settled()
    faults = look(page, name, names)
    if (weight := len(answer.body())) > HEAVY.get(name, 60_000):
        faults.append(f"weighs {weight}")
    return faults + [f"console: {line}" for line in person.said if SERVER_SAYS_NO not in line]
