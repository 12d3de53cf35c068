"""The visit's forms with JavaScript off: each is a plain form that answers with a page."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests.days.conftest import Comes
from tests.days.office import Office

pytestmark = pytest.mark.browser


def test_a_visit_goes_through_plain_forms(office: Office, comes: Comes) -> None:
    office.enroll("BP20260888", "Alder", "June", date(1988, 6, 1))
    rosa = comes("receptionist", script=False)
    rosa.go("/patients/new/")
    for label, text in (("Family name", "Alder"), ("Given name", "June"), ("Phone", "413 555 0188")):
        rosa.fill(label, text)
    for label, text in (("Month", "6"), ("Day", "1"), ("Year", "1988")):
        rosa.fill(label, text)
    rosa.press_button("Add new patient")
    expect(rosa.page.locator(".banner-name")).to_contain_text("ALDER, June")
    page = rosa.page.url
    rosa.go(page.replace("/patients/", "/coverage/patient/") + "add/")
    rosa.fill("Plan", "Blue PPO Standard")
    rosa.fill("Member id", "BP20260888")
    rosa.fill("First day", "1/1/2026")
    rosa.press_button("Add the coverage")
    rosa.go(page.replace("/patients/", "/schedule/book/"))
    rosa.press_button("Book this time")
    rosa.sees("ALDER, June")
    rosa.follow("Day board", "#nav")
    rosa.click(rosa.row("ALDER").get_by_role("button", name=re.compile("^Arrived")))
    rosa.click(rosa.row("ALDER").get_by_role("link", name=re.compile("^Check in")))
    rosa.press_button("Said by the patient")
    rosa.press_button("Unchanged")
    rosa.press_button("Card and plan are the same")
    rosa.fill("Signed by", "June Alder")
    rosa.press_button("Keep")
    rosa.fill("Take", "30")
    rosa.press_button("Take and make receipt")
    expect(rosa.page.locator("#step-copay")).to_contain_text("done")
    rosa.press_button("Check in")
    rosa.click(rosa.row("ALDER").get_by_role("link", name=re.compile("^Choose a room")))
    rosa.press_button("Room 1")
    rosa.click(rosa.row("ALDER").get_by_role("button", name=re.compile("^With provider")))
    rosa.click(rosa.row("ALDER").get_by_role("button", name=re.compile("^Ready to leave")))
    writes_a_plain_slip(comes)
    rosa.click(rosa.row("ALDER").get_by_role("link", name=re.compile("^Check out")))
    rosa.click(rosa.page.locator("#step-follow_up").get_by_role("button", name=re.compile("^Book")).first)
    rosa.press_button("Check out")
    rosa.sees("Day board")


def writes_a_plain_slip(comes: Comes) -> None:
    """The code itself is typed where the search would help."""
    lee = comes("clinician", script=False)
    lee.go("/desk/")
    lee.click(lee.row("ALDER").locator("summary"))
    lee.click(lee.row("ALDER").get_by_role("link", name="Charge slip"))
    lee.page.locator("#diagnosis-form").get_by_role("textbox", name="Diagnosis").fill("M54.50")
    lee.press_button("Add the diagnosis")
    lee.page.locator("#line-form").get_by_role("textbox", name="Procedure").fill("X0020")
    lee.press_button("Add the line")
    lee.press_button("Post the charges")
    expect(lee.page.locator("#lines")).to_contain_text("Posted")
