"""The slip on screen: favourites, searches, posting, voiding; and the fee schedule."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.charges import queries
from daysheet.charges.models import Charge, FeeItem
from daysheet.kernel.models import AuditLine
from daysheet.ledger.models import LedgerEntry
from tests import cast, desk, make
from tests.charges.conftest import Desk, furnish


@dataclass
class Screen:
    """The slip in Ana's browser."""

    desk: Desk
    browser: Client

    def slip(self) -> str:
        """Open the slip."""
        answer = self.browser.get(reverse("charges:slip", args=[self.desk.visit.pk]))
        assert answer.status_code == 200
        return answer.content.decode()

    def send(self, name: str, *args: object, **fields: object) -> tuple[int, str]:
        """Press a button of the slip."""
        hidden = {name: value for name, value in desk.hidden_fields(self.slip()).items() if name != "_once"}
        answer = self.browser.post(
            reverse(f"charges:{name}", args=args or [self.desk.visit.pk]), hidden | fields
        )
        return answer.status_code, answer.content.decode()


@pytest.fixture
def screen(db: None) -> Iterator[Screen]:
    """A manager may do it all."""
    with make.acting(make.practice(is_training=True, clock_at=cast.NOW)) as practice:
        furnished = furnish(practice)
        member = make.member("office_manager", "ana", at=furnished.door)
        yield Screen(furnished, desk.signed_in(member))


def test_a_slip_is_filled_posted_and_voided_by_plain_forms(screen: Screen) -> None:
    assert screen.send("diagnosis-add", code="m5450")[0] == 303
    assert screen.send("charge-add", code="X0020", units="1", pointers="1")[0] == 303
    assert screen.send("charge-add", code="X0015", units="2", pointers="1", modifiers="gp")[0] == 303
    assert screen.send("slip-post")[0] == 303
    assert [(one.code, one.state) for one in queries.charges_of(screen.desk.visit.pk)] == [
        ("X0020", "posted"),
        ("X0015", "posted"),
    ]
    page = screen.slip()
    assert "$240.00" in page
    charge = Charge.objects.get(code="X0015")
    assert screen.browser.get(reverse("charges:charge-void", args=[charge.pk])).status_code == 200
    assert screen.send("charge-void", charge.pk, reason="wrong visit")[0] == 303
    assert LedgerEntry.objects.count() == 3


@pytest.mark.parametrize("version", ["²", "x", ""])
def test_a_version_that_is_no_number_removes_nothing(screen: Screen, version: str) -> None:
    assert screen.send("diagnosis-add", code="m5450")[0] == 303
    assert screen.send("charge-add", code="X0020", units="1", pointers="1")[0] == 303
    charge = Charge.objects.get()
    assert screen.send("charge-remove", charge.pk, version=version)[0] == 409
    assert Charge.objects.filter(pk=charge.pk).exists()


def test_with_script_only_the_slip_is_swapped(screen: Screen) -> None:
    hidden = desk.hidden_fields(screen.slip())
    answer = screen.browser.post(
        reverse("charges:charge-add", args=[screen.desk.visit.pk]),
        hidden | {"code": "X0020", "units": "1", "pointers": "1"},
        headers={"HX-Request": "true"},
    )
    body = answer.content.decode()
    assert answer.status_code == 200
    assert body.lstrip().startswith('<div id="slip"')
    assert "X0020 is on the slip." in body


@pytest.mark.parametrize(
    ("name", "fields", "status", "sentence"),
    [
        ("charge-add", {"code": "X0099", "units": "1", "pointers": "1"}, 409, "no price for X0099"),
        ("charge-add", {"code": "X0020", "units": "many", "pointers": "1"}, 422, "Enter a number"),
        ("charge-add", {"code": "X0020", "units": "1", "pointers": "one"}, 422, "numbers of the diagnoses"),
        ("diagnosis-add", {"code": "sore"}, 409, "is no ICD-10-CM code"),
        ("diagnosis-add", {"code": ""}, 422, "Diagnosis is missing."),
        ("slip-post", {}, 409, "The slip is empty"),
    ],
)
def test_what_is_wrong_is_said_on_the_slip(
    screen: Screen, name: str, fields: dict[str, str], status: int, sentence: str
) -> None:
    told, page = screen.send(name, **fields)
    assert told == status
    assert sentence in page
    assert not Charge.objects.exists()


def test_diagnoses_change_their_order_and_go(screen: Screen) -> None:
    screen.desk.diagnoses("M54.50", "E11.9", "I10")
    screen.send("diagnosis-first", code="I10")
    screen.send("diagnosis-remove", code="M54.50")
    assert list(queries.diagnoses(screen.desk.visit.pk).values_list("code", flat=True)) == ["I10", "E11.9"]


def test_a_search_answers_with_options(screen: Screen) -> None:
    answer = screen.browser.get(reverse("charges:fee-search"), {"q": "exer"})
    assert 'data-value="X0015"' in answer.content.decode()
    nothing = screen.browser.get(reverse("charges:icd-search"), {"q": "zzyzx"})
    assert "Nothing found" in nothing.content.decode()


def test_reading_a_slip_is_written_down_and_takes_constant_statements(screen: Screen) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            screen.slip()
        return len(seen)

    screen.desk.line()
    statements()
    few = statements()
    for _ in range(5):
        screen.desk.line("X0015")
    assert statements() == few
    lines = AuditLine.objects.filter(practice_id=screen.desk.practice.pk, action="charges.slip.viewed")
    assert lines.count() == 3
    assert all(line.patient_ids == [screen.desk.diaz.pk] for line in lines)


def test_fees_are_set_and_brought_on_screen(screen: Screen) -> None:
    page = screen.browser.get(reverse("charges:fees")).content.decode()
    assert "$120.00" in page
    hidden = desk.hidden_fields(page, form='id="fee-form"')
    facts = {"code": "X0031", "label": "New visit", "amount": "180", "starts_on": "3/9/2026"}
    assert screen.browser.post(reverse("charges:fees"), hidden | facts).status_code == 303
    url = reverse("charges:fees-import")
    for text, status in (("X0041,Long visit,200\nX41,Bad,1\n", 409), ("X0041,Long visit,200\n", 303)):
        hidden = desk.hidden_fields(screen.browser.get(url).content.decode(), form='id="import-form"')
        file = SimpleUploadedFile("fees.csv", text.encode(), "text/csv")
        answer = screen.browser.post(url, hidden | {"file": file, "starts_on": "3/9/2026"})
        assert answer.status_code == status
    assert FeeItem.objects.filter(code="X0041").count() == 1
    page = screen.browser.get(reverse("charges:fees")).content.decode()
    assert page.count('data-label="Slip"') == FeeItem.objects.filter(is_favourite=True).count()
    binary = SimpleUploadedFile("fees.xls", b"\xff\xfe\x00", "application/vnd.ms-excel")
    hidden = desk.hidden_fields(screen.browser.get(url).content.decode(), form='id="import-form"')
    answer = screen.browser.post(url, hidden | {"file": binary, "starts_on": "3/9/2026"})
    assert answer.status_code == 422
    assert "no text file" in answer.content.decode()


def test_the_later_window_overwrites_no_diagnosis_and_sees_both_lists(screen: Screen) -> None:
    screen.desk.diagnoses("M5450")
    visit, page = screen.desk.visit, screen.slip()
    screen.desk.diagnoses("G894", "M5450")
    address = reverse("charges:diagnosis-add", args=[visit.pk])
    drawn = desk.hidden_fields(page, form=f'action="{address}"')
    answer = screen.browser.post(address, drawn | {"code": "R51.9"})
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "On the slip now: G89.4, M54.50. Yours would be: M54.50, R51.9." in body
    lines = reverse("charges:charge-add", args=[visit.pk])
    drawn = desk.hidden_fields(page, form='id="line-form"')
    answer = screen.browser.post(lines, drawn | {"code": "X0020", "units": "1", "pointers": "1"})
    assert answer.status_code == 409
    assert [one.code for one in queries.diagnoses(visit.pk)] == ["G89.4", "M54.50"]
    assert not Charge.objects.exists()
