"""A newcomer's half hour in the academy: by mouse, on a phone, without script, by keyboard; every page with axe."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import Browser, Page, expect

from daysheet.academy.home import words
from daysheet.ui.templates import url_if
from tests.days import office as offices
from tests.days.person import SERVER_SAYS_NO, Person
from tests.days.test_every_page_with_axe import GRAVE, REFLOW, RULES, WIDEST
from tests.throwaway import Throwaway

pytestmark = pytest.mark.browser
ZIP, STATE, METRO = "60601", "Illinois", "Chicago"
PHONE = {"width": 390, "height": 844}
PLAN = (
    "?name=Jo&basics-state=done&training-state=now&training-by=6%2F15%2F2027&h1-kind=externship&h1-hours=120"
)
CASES = (
    f"programs/?near={ZIP}",
    "pay/?state=IL",
    "payback/?wage_now=30000",
    "payback/?program=own",
    "certificates/check/?high_school=on&program=on",
    "certificates/renewals/?c1-certificate=cmaa&c1-earned=3%2F9%2F2025",
    f"path/{PLAN}",
    "search/?q=cmaa",
    "search/?q=zzzz",
)
"""Answers besides the bare pages."""


@pytest.fixture(scope="module")
def academy(test_database: Throwaway, django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The academy of an empty office, open for this file."""
    connections.close_all()
    with offices.surroundings(), django_db_blocker.unblock(), offices.served() as url:
        yield f"{url}/academy/"
        connections.close_all()
    test_database.renew()


@pytest.fixture(scope="module")
def office(academy: str) -> str:
    """What the browser of this folder waits for: here no office is played."""
    return academy


@pytest.fixture(scope="module")
def newcomer(chromium: Browser, academy: str) -> Iterator[Person]:
    """Jo, in one browser for the whole half hour."""
    jo = Person.at(chromium, academy)
    yield jo
    jo.leave()


def test_from_the_front_door_to_a_plan_on_paper(newcomer: Person, academy: str, tmp_path: Path) -> None:
    jo = newcomer
    jo.go(academy)
    jo.sees("The short answer")
    jo.follow("Make my own plan")
    expect(jo.page.locator("main h1")).to_have_text("My path in five steps")
    finds_a_school(jo)
    looks_at_the_pay_at_home(jo)
    works_out_the_payback(jo)
    may_sit_the_exam(jo)
    jo.follow("Path", "header")
    fills_the_plan(jo)
    jo.sees("You are at: Training.")
    jo.sees("So far: externship 120, volunteer 0, job 0 hours.")
    prints(jo.page)
    with jo.page.expect_download() as file:
        jo.follow("Keep as a file")
    kept = tmp_path / file.value.suggested_filename
    file.value.save_as(kept)
    jo.go(f"{academy}path/")
    jo.page.get_by_label("Go on with a plan that you kept as a file").set_input_files(kept)
    jo.press_button("Open it")
    expect(jo.page.locator("main h1")).to_have_text("The path of Jo")
    expect(jo.page.locator("[name=training-by]")).to_have_value("6/15/2027")
    expect(jo.page.locator("[name=h1-hours]")).to_have_value("120")


def finds_a_school(jo: Person) -> None:
    """Near the ZIP code, and what it costs."""
    jo.follow("Programs", "header")
    jo.fill("ZIP code, town or state", ZIP)
    jo.press_button("Search")
    jo.sees(f"of ZIP {ZIP}")
    priced = jo.page.locator(".pr-list tbody tr", has_text="$").first
    jo.click(priced.locator("th a"))
    jo.sees("Published prices")
    jo.sees("$")


def looks_at_the_pay_at_home(jo: Person) -> None:
    """The state, then the city area."""
    jo.follow("Pay", "header")
    picks(jo, "state", STATE)
    jo.press_button("Show")
    expect(jo.page.locator("#answer")).to_contain_text(STATE)
    picks(jo, "metro", METRO)
    jo.press_button("Show")
    expect(jo.page.locator("#answer")).to_contain_text(METRO)
    jo.sees("a year is the middle")


def picks(jo: Person, name: str, words: str) -> None:
    """Choose an entry of a list by its words."""
    box = jo.page.locator(f"main [name={name}]")
    box.select_option(value=box.locator("option", has_text=words).first.get_attribute("value"))


def works_out_the_payback(jo: Person) -> None:
    """Months, or never."""
    jo.follow("Payback", "header")
    jo.fill("My pay now, a year", "30000")
    picks(jo, "state", STATE)
    picks(jo, "program", "Certificate course")
    jo.press_button("Work it out")
    jo.sees("Months until it has paid for itself")
    expect(jo.page.locator("#answer td.end b").first).to_have_text(re.compile(r"^\d+$"))


def may_sit_the_exam(jo: Person) -> None:
    """School and a course open at least one exam."""
    jo.follow("Certificates", "header")
    jo.follow("May I sit it?")
    jo.page.get_by_label("High school diploma or GED").check()
    jo.page.get_by_label("Finished a medical office course").check()
    jo.press_button("Check")
    expect(jo.page.locator("main tr", has_text="CMAA").first).to_contain_text("Yes")


def fills_the_plan(jo: Person) -> None:
    """A day for each of two steps and a line of hours."""
    jo.page.locator("[name=name]").fill("Jo")
    jo.page.locator("[name=basics-state]").select_option("done")
    jo.page.locator("[name=training-state]").select_option("now")
    jo.page.locator("[name=training-by]").fill("6/15/2027")
    jo.page.locator("[name=h1-kind]").select_option("externship")
    jo.page.locator("[name=h1-place]").fill("Northside Family Medicine")
    jo.page.locator("[name=h1-hours]").fill("120")
    jo.press_button("Show my plan")


def prints(page: Page) -> None:
    """On paper stand the steps and days; no ways on, no buttons."""
    page.emulate_media(media="print")
    try:
        for gone in (".ac-top", ".ac-foot", ".ac-acts", "form[action$='open/']"):
            expect(page.locator(gone).first).to_be_hidden()
        for kept in ("h1", ".ac-steps", "[name=training-by]", "#hours"):
            expect(page.locator(kept).first).to_be_visible()
    finally:
        page.emulate_media(media="screen")


def test_on_a_phone(newcomer: Person, academy: str) -> None:
    jo = newcomer
    jo.page.set_viewport_size(PHONE)
    jo.go(academy)
    jo.follow("Make my own plan")
    finds_a_school(jo)
    looks_at_the_pay_at_home(jo)
    works_out_the_payback(jo)
    jo.go(f"{academy}path/")
    fills_the_plan(jo)
    jo.sees("You are at: Training.")
    assert jo.page.evaluate(REFLOW) <= PHONE["width"], jo.page.evaluate(WIDEST)
    jo.page.set_viewport_size({"width": 1280, "height": 900})


def test_without_script(chromium: Browser, academy: str, tmp_path: Path) -> None:
    jo = Person.at(chromium, academy, script=False)
    jo.go(academy)
    jo.follow("Make my own plan")
    finds_a_school(jo)
    looks_at_the_pay_at_home(jo)
    works_out_the_payback(jo)
    may_sit_the_exam(jo)
    jo.follow("Path", "header")
    fills_the_plan(jo)
    jo.sees("You are at: Training.")
    with jo.page.expect_download() as file:
        jo.follow("Keep as a file")
    file.value.save_as(tmp_path / "plan.json")
    jo.page.locator("[type=file]").set_input_files(tmp_path / "plan.json")
    jo.press_button("Open it")
    expect(jo.page.locator("main h1")).to_have_text("The path of Jo")
    jo.leave()


def test_by_keyboard_alone(newcomer: Person, academy: str) -> None:
    jo = newcomer
    jo.go(f"{academy}path/")
    jo.key("Tab", "Enter")  # the skip link: past the ways on
    jo.tab_to(jo.page.locator("[name=name]"))
    jo.type("Jo")
    jo.tab_to(jo.page.locator("[name=basics-state]"))
    jo.key("ArrowDown", "ArrowDown")
    jo.tab_to(jo.page.locator("[name=training-by]"))
    jo.type("6/15/2027")
    jo.key("Enter")
    expect(jo.page.locator("main h1")).to_have_text("The path of Jo")
    jo.sees("You are at: Training.")
    jo.go(f"{academy}payback/")
    jo.key("Tab", "Enter")
    jo.tab_to(jo.page.locator("[name=wage_now]"))
    jo.type("30000")
    jo.tab_to(jo.page.locator("[name=state]"))
    jo.type("Ill")
    jo.tab_to(jo.page.get_by_role("button", name="Work it out"))
    assert jo.page.evaluate(OUTLINED), "The button shows no focus."
    jo.key("Enter")
    expect(jo.page.locator("#answer")).to_contain_text(f"The answer for {STATE}")


OUTLINED = "() => getComputedStyle(document.activeElement).outlineStyle !== 'none'"


def test_every_page_is_sound(newcomer: Person, academy: str) -> None:
    jo, wrong = newcomer, []
    door = url_if("academy:home")
    named = [address for one in words.pages() if (address := url_if(f"academy:{one.name}"))]
    addresses = [*dict.fromkeys(one.removeprefix(door) for one in named), *CASES]
    for address in addresses:
        jo.page.set_viewport_size({"width": 1280, "height": 900})
        jo.page.emulate_media(color_scheme="light")
        answer = jo.page.goto(academy + address)
        assert answer is not None
        if answer.status != 200:
            wrong.append(f"{address}: answers {answer.status}")
            continue
        wrong += [f"{address}: {fault}" for fault in faults(jo.page)]
    assert not wrong, "\n".join(wrong)
    assert len(addresses) > 20
    assert [line for line in jo.said if SERVER_SAYS_NO not in line] == []


def faults(page: Page) -> list[str]:
    """Return what is wrong with the open page in light, in dark, on a phone and at 320 pixels."""
    wrong = grave(page, "light", RULES["runOnly"])
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # colors on their way are no colors
    page.set_viewport_size(PHONE)
    wrong += grave(page, "dark", {"type": "rule", "values": ["color-contrast", "target-size"]})
    if page.locator("h1").count() != 1:
        wrong.append("not one first heading")
    for width in (PHONE["width"], 320):
        page.set_viewport_size({"width": width, "height": 844})
        if (wide := page.evaluate(REFLOW)) > width:
            wrong.append(f"{wide} wide at {width}: {page.evaluate(WIDEST)}")
    return wrong


def grave(page: Page, theme: str, rules: Any) -> list[str]:
    """Return what axe finds serious or critical, and headings out of order."""
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    return [
        f"axe in {theme}, {one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in found.response["violations"]
        if one["impact"] in GRAVE or one["id"] == "heading-order"
    ]
