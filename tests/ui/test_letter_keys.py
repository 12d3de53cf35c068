"""Keys of one letter, switched off by a person who cannot use them: no letter acts, all other keys do (WCAG 2.1.4)."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from tests.ui.gallery_server import serving
from tests.ui.test_script import CALENDAR, CARDS, LIST, Desk

pytestmark = pytest.mark.browser
WORK = """
{% import "ui/worklist.html" as w with context %}
{% call w.group("Today", 2) %}{% for name in ("diaz", "lee") %}{{ w.row({"id": name, "tone": "stop", "clock": "2 h over",
 "kind": "Call back", "subject": name, "reason": "asks", "act": ("Open", "/open/" ~ name ~ "/", false),
 "snooze_url": "/snooze/" ~ name ~ "/", "hand_url": "/hand/" ~ name ~ "/"}) }}{% endfor %}{% endcall %}"""


@pytest.fixture
def quiet() -> Iterator[Desk]:
    """A test page of somebody who has switched the letters off."""
    made = Desk()
    made.ways = {"letter_keys": False}
    with serving(made.answer) as made.address:
        yield made


def asked(desk: Desk) -> list[str]:
    return [path for _method, path, _body in desk.heard]


def test_with_letters_off_a_row_answers_to_no_letter_and_to_all_other_keys(quiet: Desk, tab: Page) -> None:
    quiet.shows("/", WORK)
    quiet.shows("/open/lee/", "<p>Lee is open</p>")
    tab.goto(quiet.address)
    tab.focus("#work-diaz")
    for letter in ("s", "h", "n", "x", "."):
        tab.keyboard.press(letter)
    expect(tab.locator("#work-diaz")).to_be_focused()
    assert [path for path in asked(quiet) if "diaz" in path or "lee" in path] == []
    tab.keyboard.press("ArrowDown")
    expect(tab.locator("#work-lee")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_contain_text("Lee is open")


def test_with_letters_off_no_letter_looks_for_a_surname(quiet: Desk, tab: Page) -> None:
    quiet.shows("/", LIST, names=["Diaz", "Lee"], turn=1)
    tab.goto(quiet.address)
    tab.focus("#row-Diaz")
    tab.keyboard.press("l")
    expect(tab.locator("#row-Diaz")).to_be_focused()
    tab.keyboard.press("Control+/")
    expect(tab.locator("#keys")).to_contain_text("Keys of one letter are off")
    expect(tab.locator("#keys")).not_to_contain_text("Snooze")


def test_with_letters_off_no_card_is_taken_up_by_m(quiet: Desk, tab: Page) -> None:
    quiet.shows("/", CALENDAR, day=date(2026, 3, 9), cards=CARDS)
    tab.goto(quiet.address)
    tab.locator('[data-card="1"]').focus()
    tab.keyboard.press("m")
    tab.wait_for_timeout(80)
    expect(tab.locator(".is-moving")).to_have_count(0)
    tab.keyboard.press("ArrowDown")
    tab.wait_for_timeout(80)
    assert "/move/" not in asked(quiet)
