"""One visit by mouse: from the first call of a person nobody knows to a day sheet that balances."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from tests import make
from tests.days.conftest import Comes
from tests.days.office import Office
from tests.days.person import MAIL, Person

pytestmark = pytest.mark.browser
THURSDAY = date(2026, 3, 5)
BORN = date(1962, 3, 14)
MARIA, OLDER = "OCAMPO, Maria", "DIAZ, Maria"


def test_a_person_who_calls_is_seen_billed_and_closed(office: Office, comes: Comes) -> None:
    known(office)
    rosa = comes("receptionist")
    finds_nobody(rosa)
    registers(rosa)
    covers(rosa)
    asks_the_plan(rosa)
    books(rosa)
    office.clock(10, 30)
    checks_in(rosa)
    lee = comes("clinician")
    is_seen(rosa, lee)
    writes_the_slip(lee)
    checks_out(rosa)
    ben, ana = comes("biller"), comes("office_manager")
    bills(ben)
    office.clock(17, 30)
    closes(office, rosa, ana)
    office.clock(9, 30, day=THURSDAY)
    office.pay_until(3)
    is_paid(ben)
    opens_the_drawer(rosa)
    pays_the_rest(rosa, ben)
    office.clock(17, 30, day=THURSDAY)
    closes(office, rosa, ana)


def known(office: Office) -> None:
    """Somebody of the same given name, birth date and phone is known already; the plan knows the caller."""
    with office.within():
        make.registered("Diaz", "Maria", born_on=BORN, phones=["+14135550142"])
    office.enroll("BP20260001", "Ocampo", "Maria", BORN)


def finds_nobody(rosa: Person) -> None:
    rosa.follow("Patients", "#nav")
    rosa.fill("Name, birth date", "ocampo")
    rosa.press_button("Find")
    rosa.sees("Nobody fits")
    rosa.press_button("Add new patient with what I typed")


def registers(rosa: Person) -> None:
    main = rosa.page.locator("main")
    expect(main.get_by_label("Family name", exact=True)).to_have_value("Ocampo")
    rosa.fill("Family name", "Ocampo")
    rosa.fill("Given name", "Maria")
    rosa.fill("Month", "3")
    rosa.fill("Day", "14")
    rosa.fill("Year", "1962")
    rosa.fill("Phone", "413 555 0142")
    rosa.fill("Street", "4 Elm St")
    rosa.fill("City", "Springfield")
    rosa.fill("State", "MA")
    rosa.fill("ZIP code", "01103")
    rosa.choose("Sex", "Female")
    rosa.sees("May be the same person")
    rosa.sees("same birth date")
    rosa.press_button("Add new patient")
    rosa.sees("Nothing is saved yet")
    main.get_by_label(re.compile("different|Not the same|because", re.IGNORECASE)).select_option(index=1)
    rosa.press_button("Add new patient")
    rosa.toast("has chart")
    expect(rosa.page.locator(".banner-name")).to_contain_text(MARIA)


def covers(rosa: Person) -> None:
    rosa.follow("Add", "#coverage-panel")
    rosa.fill("Plan", "Blue PPO Standard")
    rosa.fill("Member id", "BP20260001")
    rosa.fill("First day", "1/1/2026")
    rosa.press_button("Add the coverage")
    expect(rosa.page.locator("#coverage-panel")).to_contain_text("BP20260001")


def asks_the_plan(rosa: Person) -> None:
    panel = rosa.page.locator("#coverage-panel")
    rosa.click(panel.get_by_role("button", name=re.compile("^Ask Blue PPO")))
    expect(panel).to_contain_text("$30.00", timeout=MAIL)
    rosa.follow("What the plan said", "#coverage-panel")
    rosa.sees("$30.00")
    rosa.page.go_back()


def books(rosa: Person) -> None:
    rosa.follow("Book")
    first = rosa.page.locator("#book-form input[name=slot]:checked")
    expect(first).to_have_count(1)
    rosa.press_button("Book this time")
    rosa.toast("Booked")
    rosa.sees(MARIA)


def checks_in(rosa: Person) -> None:
    rosa.follow("Day board", "#nav")
    row = rosa.row("OCAMPO")
    rosa.click(row.get_by_role("button", name=re.compile("^Arrived")))
    rosa.click(row.get_by_role("link", name=re.compile("^Check in")))
    step = rosa.page.locator
    rosa.press_button("Said by the patient")
    expect(step("#step-identity")).to_contain_text("done")
    rosa.press_button("Unchanged")
    expect(step("#step-demographics")).to_contain_text("done")
    rosa.press_button("Ask again")
    rosa.toast("Asked")
    rosa.press_button("Card and plan are the same")
    expect(step("#step-coverage")).to_contain_text("done")
    rosa.fill("Signed by", "Maria Ocampo")
    rosa.press_button("Keep")
    expect(step("#step-privacy_notice")).to_contain_text("done")
    expect(rosa.page.get_by_label("Take", exact=True)).to_have_value("30.00")
    rosa.press_button("Take and make receipt")
    expect(step("#step-copay")).to_contain_text("done")
    rosa.press_button("Check in")
    rosa.toast("checked in")
    row = rosa.row("OCAMPO")
    rosa.click(row.get_by_role("link", name=re.compile("^Choose a room")))
    rosa.press_button("Room 1")


def is_seen(rosa: Person, lee: Person) -> None:
    rosa.click(rosa.row("OCAMPO").get_by_role("button", name=re.compile("^With provider")))
    expect(rosa.row("OCAMPO")).to_contain_text("With provider", ignore_case=True)
    lee.follow("Day board", "#nav")
    lee.click(lee.row("OCAMPO").get_by_label("More for OCAMPO"))
    lee.click(lee.row("OCAMPO").get_by_role("link", name="Charge slip"))


def writes_the_slip(lee: Person) -> None:
    lee.look_up("#diagnosis-form", "low back pain", "M54.50")
    lee.press_button("Add the diagnosis")
    expect(lee.page.locator("#diagnoses ol")).to_contain_text("M54.50")
    lee.look_up("#line-form", "office visit", "X0020")
    lee.press_button("Add the line")
    expect(lee.page.locator("#lines")).to_contain_text("$145.00")
    lee.press_button("Post the charges")
    expect(lee.page.locator("#lines")).to_contain_text("Posted")
    lee.follow("Day board", "#nav")
    lee.click(lee.row("OCAMPO").get_by_role("button", name=re.compile("^Ready to leave")))


def checks_out(rosa: Person) -> None:
    rosa.click(rosa.row("OCAMPO").get_by_role("link", name=re.compile("^Check out")))
    expect(rosa.page.locator("#step-charges")).to_contain_text("slip is posted")
    rosa.follow("three months")
    rosa.click(rosa.page.locator("#step-follow_up").get_by_role("button", name=re.compile("^Book")).first)
    expect(rosa.page.locator("#step-follow_up")).to_contain_text("done")
    rosa.press_button("Check out")
    rosa.toast("checked out")


def bills(ben: Person) -> None:
    ben.follow("Claims", "#nav")
    ben.click(ben.page.get_by_role("button", name=re.compile("^Make claims of")))
    row = ben.row("Ocampo")
    expect(row).to_contain_text("$145.00")
    ben.click(ben.page.locator("main").get_by_role("button", name=re.compile(r"^Send \d+ claims?$")))
    expect(ben.row("Ocampo")).to_contain_text("Accepted", timeout=MAIL)


def closes(office: Office, rosa: Person, ana: Person) -> None:
    """Count every drawer, close the day; what other patients of the day left open takes a reason."""
    for door, expected in office.in_the_drawers().items():
        rosa.follow("Cash drawer", "#nav")
        rosa.follow(f"Count the drawer at {door}")
        rosa.fill("Counted", str(expected))
        rosa.click(rosa.page.locator("main form .btn-primary"))
        rosa.sees("exact")
        rosa.press_button("Close the drawer")
        rosa.sees("Closed by")
    ana.follow("Day sheet", "#nav")
    ana.sees("The books balance")
    ana.fill("Reason", "Two patients did not come")
    ana.press_button("Close the day")
    ana.sees("Closed by")


def is_paid(ben: Person) -> None:
    ben.follow("Claims", "#nav")
    ben.click(ben.row("Ocampo").get_by_role("link").first)
    ben.sees("What the plan decided")


def opens_the_drawer(rosa: Person) -> None:
    rosa.follow("Cash drawer", "#nav")
    rosa.fill("Opening float", "100")
    rosa.press_button("Open the drawer")
    rosa.sees("not yet")


def pays_the_rest(rosa: Person, ben: Person) -> None:
    """The statement says what is left in plain sentences; it is paid at the desk."""
    ben.follow("Statements", "#nav")
    row = ben.page.locator("tr", has_text="OCAMPO")
    ben.click(row.get_by_role("button", name=re.compile("^Make the statement")))
    ben.is_pdf()
    rosa.click(rosa.page.get_by_role("combobox", name="Find a patient"))
    rosa.type("ocampo")
    rosa.click(rosa.page.locator("#top-q-list [role=option]", has_text="OCAMPO"))
    rosa.follow("Take payment")
    rosa.press_button("Take payment")
    rosa.sees("Receipt")
    rosa.press_button("Print receipt")
    rosa.is_pdf()
    rosa.page.go_back()
    rosa.follow("To the account")
    rosa.sees("It adds up.")
