"""From nothing to the first claim: an empty practice, and then only what its pages offer."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client

from daysheet.claims.models import Claim
from daysheet.kernel import clock
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom.models import Envelope
from daysheet.practice import queries
from daysheet.practice.rules import npi_from
from daysheet.site import cli
from daysheet.site.cli import practice as practice_verb
from daysheet.site.cli import user as user_verb
from tests import cast
from tests.practice.walker import Walker

pytestmark = pytest.mark.django_db
PASSWORD = "four quiet rivers run"
WEEK = dict.fromkeys(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"), "8-12, 1-5")
GOOD = "code,label,amount\nX0020,Office visit 20 minutes,145.00\nX0030,New patient visit,190\n"
BAD = "code,label,amount\nX0020,Office visit,145.00\nX3,Too short,10\nX0031,,20\nX0032,Odd,ten\n"


@pytest.fixture
def ten_on_monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's clock stands at ten in the morning of a working day."""
    monkeypatch.setattr(clock, "system_now", lambda: cast.NOW)


def test_an_empty_practice_comes_to_its_first_claim_by_its_own_links(ten_on_monday: None) -> None:
    ana = Walker(Client(), "/sign-in/")
    opens_a_practice(ana)
    sets_the_office_up(ana)
    sets_the_book_up(ana)
    brings_the_fees(ana)
    connects_the_first_payer(ana)
    registers_and_covers_a_patient(ana)
    books(ana)
    sees_the_patient(ana)
    bills(ana)


def opens_a_practice(ana: Walker) -> None:
    """The button of the sign-in page founds it."""
    ana.follow("Open your own practice")
    ana.press(
        "Open the practice",
        {
            "Name of the practice": "Oak Street Clinic",
            "Time zone": "Eastern",
            "Your name, as the office says it": "Ana Petrov",
            "User name": "ana",
            "Password": PASSWORD,
            "Password, again": PASSWORD,
        },
    )
    ana.sees("What the practice needs before its first patient")


def sets_the_office_up(ana: Walker) -> None:
    ana.follow("Go on: The office on paper")
    ana.press(
        "Save the office",
        {
            "Name on claims": "Oak Street Clinic",
            "NPI of the office": npi_from(1),
            "Tax number (EIN)": "12-3456789",
        }
        | {"Taxonomy code": "207Q00000X", "Street (no PO box)": "12 Main St", "City": "Springfield"}
        | {"State": "MA", "ZIP, nine digits for claims": "01103-0001", "Phone": "413 555 0100"},
    )
    ana.follow("Go on: Locations")
    ana.press(
        "Add the location",
        {"Name": "Main St", "Street": "12 Main St", "City": "Springfield", "State": "MA", "ZIP": "011030001"},
    )
    ana.follow("Rooms and hours")
    ana.press("Add the room", {"Room": "Room 1"})
    week = {f"{day} {word}": at for day in WEEK for word, at in (("opens", "08:00"), ("closes", "17:00"))}
    ana.press("Save the hours", week)
    ana.follow("Staff and clinicians", "next-step")
    ana.press(
        "Add the clinician",
        {"Given name": "Grace", "Family name": "Lee", "Credential (MD, DO, NP, ...)": "MD"}
        | {"NPI": npi_from(7), "Taxonomy code": "207Q00000X", "Usual location": "Main St"},
    )


def sets_the_book_up(ana: Walker) -> None:
    ana.follow("Visit types", "next-step")
    ana.press("Add the visit type", {"Name": "Follow-up", "Minutes": "20", "A copay is due": "on"})
    ana.follow("Clinicians' hours", "next-step")
    ana.follow("Dr. Lee")
    ana.press("Save the hours", WEEK)


def brings_the_fees(ana: Walker) -> None:
    """A file with bad rows is refused row by row, and nothing of it is kept."""
    ana.follow("Fees", "next-step")
    ana.follow("Bring a file")
    ana.press("Bring the file", file=BAD)
    assert ana.status == 409
    ana.sees("Nothing was kept: 3 lines of the file must be mended first.")
    assert [row.words().split()[0] for row in ana.part("problems").all("tr")][1:] == ["3", "4", "5"]
    ana.follow("Fee schedule")
    ana.sees("No fee yet")
    ana.follow("Bring a file")
    ana.press("Bring the file", file=GOOD)
    ana.sees("Office visit 20 minutes")


def connects_the_first_payer(ana: Walker) -> None:
    ana.follow("How files travel", "next-step")
    ana.press(
        "Add the partner",
        {"Name": "Clearwater House", "How it goes": "A folder", "Folder name": "clearwater"}
        | {"Our id": "OAKSTREET", "Their id": "CLEARWATER"},
    )
    ana.follow("Payers and plans", "next-step")
    ana.follow("Add a payer")
    ana.press("Add the payer", {"Name": "Blue Plan", "Payer id": "BLUE1", "Envelopes go by": "Clearwater"})
    ana.follow("Add a plan")
    ana.press("Add the plan", {"Plan": "Blue PPO", "Kind": "PPO", "Copay on the card": "30"})


def registers_and_covers_a_patient(ana: Walker) -> None:
    ana.follow("The first patient", "next-step")
    ana.press(
        "Add new patient",
        {"Family name": "Diaz", "Given name": "Maria", "Month": "3", "Day": "14", "Year": "1962"}
        | {"Sex": "Female", "Street": "4 Elm St", "City": "Springfield", "State": "MA", "ZIP code": "01103"},
    )
    ana.follow("Coverage")
    ana.follow("Add", "coverage-panel")
    ana.press(
        "Add the coverage", {"Plan": "Blue Plan: Blue PPO", "Member id": "XJ4001", "First day": "1/1/2026"}
    )


def books(ana: Walker) -> None:
    ana.follow("Book")
    ana.press("Book this time")
    ana.sees("DIAZ, Maria")


def sees_the_patient(ana: Walker) -> None:
    ana.follow("Day board", "nav")
    ana.press("Arrived: DIAZ")
    ana.follow("Check in", "DIAZ")
    ana.press("Said by the patient")
    ana.press("Unchanged")
    ana.press("Card and plan are the same")
    ana.press("Keep", {"Signed by": "Maria Diaz"})
    ana.press("Take and make receipt")
    ana.press("Check in")
    ana.follow("Choose a room", "DIAZ")
    ana.press("Room 1")
    ana.press("With provider: DIAZ")
    ana.follow("Charge slip", "DIAZ")
    ana.press("Add the diagnosis", {"Diagnosis": "M54.50"})
    ana.press("Add the line", {"Procedure": "X0020"})
    ana.press("Post the charges")
    ana.follow("Day board", "nav")
    ana.press("Ready to leave: DIAZ")
    ana.follow("Check out", "DIAZ")
    ana.press("Check out")
    ana.sees("Day board")


def bills(ana: Walker) -> None:
    """The claim leaves in an envelope for the clearinghouse's folder."""
    ana.follow("Claims", "nav")
    ana.press("Make claims of")
    ana.press("Send 1 claim")
    with acting_in(Practice.objects.get().pk):
        assert Claim.objects.get().state == "sent"
        left = Envelope.objects.get(kind="837P")
        assert b"*OAKSTREET" in bytes(left.content)
        assert queries.next_step() is None


def test_a_practice_made_by_the_verb_greets_its_manager_with_the_first_step(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def here() -> Iterator[None]:
        yield

    monkeypatch.setattr(practice_verb, "office", here)
    monkeypatch.setattr(user_verb, "office", here)
    assert cli.answer(["practice", "create", "Oak Street Clinic"]) == 0
    made = ["user", "create", "ana", "--practice", "Oak Street Clinic", "--role", "office_manager"]
    assert cli.answer(made) == 0
    password = capsys.readouterr().out.split()[-1]
    ana = Walker(Client(), "/sign-in/")
    ana.press("Sign in", {"E-mail or user name": "ana", "Password": password})
    ana.follow("Staff and office", "nav")
    ana.follow("Go on: The office on paper")
    ana.sees("Name on claims")
