"""The day sheet: the proof first, what is open, the close, and the paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.kernel.models import AuditLine
from daysheet.kernel.numbers import next_number
from daysheet.ledger import commands, queries
from daysheet.ledger.models import Daysheet
from daysheet.reports import queries as reports
from daysheet.visits.models import Visit
from tests import cast, desk, make
from tests.ledger.conftest import Office, furnish


@dataclass
class Sheet:
    """The office on its Monday, and a browser."""

    office: Office
    browser: Client

    def visit(self, flow: str, who: object = None) -> Visit:
        """Let somebody through the door."""
        return Visit.objects.create(
            number=next_number("visit"),
            patient=who or self.office.diaz,
            provider=self.office.dr_lee,
            location=self.office.door,
            service_on=cast.MONDAY,
            flow=flow,
            flow_since=cast.NOW,
            arrived_at=cast.NOW,
        )

    def get(self, name: str = "daysheet", *args: object) -> str:
        """Open a page."""
        answer = self.browser.get(reverse(f"reports:{name}", args=args or [cast.MONDAY]))
        assert answer.status_code == 200
        return answer.content.decode()

    def close(self, **fields: str) -> tuple[int, str]:
        """Press Close the day."""
        hidden = desk.hidden_fields(self.get(), form='id="close-form"')
        answer = self.browser.post(reverse("reports:daysheet-close", args=[cast.MONDAY]), hidden | fields)
        return answer.status_code, answer.content.decode()


def opened(role: str) -> Iterator[Sheet]:
    with make.acting(make.practice(is_training=True, clock_at=cast.NOW)) as practice:
        office = furnish(practice)
        member = make.member(role, role, at=office.door)
        yield Sheet(office, desk.signed_in(member))


@pytest.fixture
def sheet(db: None) -> Iterator[Sheet]:
    """Ana's sheet."""
    yield from opened("office_manager")


@pytest.fixture
def rosas(db: None) -> Iterator[Sheet]:
    """Rosa's sheet."""
    yield from opened("receptionist")


def test_the_proof_stands_first_and_the_figures_agree(sheet: Sheet) -> None:
    charge = sheet.office.charge("180.00", to="insurance")
    sheet.office.answer(charge, "72.00", ("CO", "45", "60.00"), ("PR", "2", "48.00"))
    sheet.office.pay("20.00", method="check", check_number="1182")
    page = sheet.get()
    assert "Charges 180.00 − payments 92.00 − adjustments 60.00 = receivables up 28.00" in " ".join(
        page.split()
    )
    assert "Receivables, net of unapplied credit: 0.00 to 28.00." in " ".join(page.split())
    assert page.index('id="proof"') < page.index('id="by-method"') < page.index('id="deposits"')
    assert "1182" in page


def test_a_day_closes_on_screen_and_shows_its_close_for_ever(sheet: Sheet) -> None:
    sheet.office.charge("60.00")
    assert sheet.close()[0] == 303
    kept = Daysheet.objects.get()
    page = sheet.get()
    assert "Ana" in page or "Office_Manager" in page
    assert kept.entries_hash[:16] in page
    assert 'id="close-form"' not in page
    pdf = sheet.browser.get(reverse("reports:daysheet-pdf", args=[cast.MONDAY]))
    assert (pdf["Content-Type"], pdf.content[:4]) == ("application/pdf", b"%PDF")
    late = sheet.office.charge("15.00")
    assert late.posted_on == date(2026, 3, 10)
    assert "15.00" not in sheet.get()


def test_what_is_open_is_listed_and_needs_a_reason(sheet: Sheet) -> None:
    sheet.visit("with_provider")
    sheet.visit("checked_out", make.patient("Roy", "Sam"))
    page = sheet.get()
    assert "No charge" in page
    assert 'data-count">2' in page
    status, page = sheet.close()
    assert status == 409
    assert "2 visits are open. Settle it, or say why the day closes so." in page
    assert sheet.close(reason="will be done on Tuesday")[0] == 303
    kept = Daysheet.objects.get()
    assert (kept.open_visits, kept.reason) == (2, "will be done on Tuesday")
    assert "will be done on Tuesday" in sheet.get()


def test_the_desk_may_close_a_clean_day_and_no_other(rosas: Sheet) -> None:
    rosas.visit("with_provider")
    status, page = rosas.close(reason="please")
    assert status == 409
    assert "ask a manager" in page
    assert not Daysheet.objects.exists()
    Visit.objects.update(flow="lwobs")
    assert rosas.close()[0] == 303


def test_a_future_day_and_an_impossible_day(sheet: Sheet) -> None:
    assert 'id="close-form"' not in sheet.get("daysheet", date(2026, 3, 20))
    assert sheet.browser.get("/reports/day/2026-02-30/").status_code == 404


def test_the_sheet_opens_in_a_constant_number_of_statements(sheet: Sheet) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            sheet.get()
        return len(seen)

    sheet.visit("checked_out")
    sheet.office.pay("1.00")
    statements()
    few = statements()
    for _ in range(6):
        sheet.visit("checked_out")
        sheet.office.pay("1.00", of=make.patient("Okafor", "Joy"))
    assert statements() == few


def test_reading_the_sheet_is_written_down_with_everybody_on_it(sheet: Sheet) -> None:
    roy = make.patient("Roy", "Sam")
    sheet.office.pay("1.00")
    sheet.visit("checked_out", roy)
    sheet.get()
    line = AuditLine.objects.get(practice_id=sheet.office.practice.pk, action="reports.daysheet.viewed")
    assert set(line.patient_ids) == {sheet.office.diaz.pk, roy.pk}


def test_past_days_are_listed(sheet: Sheet) -> None:
    sheet.office.charge("60.00")
    commands.close_day(sheet.office.ana, day=cast.MONDAY, open_visits=0)
    page = sheet.browser.get(reverse("reports:past-days")).content.decode()
    assert "Mon Mar 9, 2026" in page
    assert "$60.00" in page
    there = sheet.browser.get(reverse("reports:today"))
    assert there["Location"] == "/reports/day/2026-03-10/"


def test_open_items_count_visits_in_the_house_uncharged_and_undecided(sheet: Sheet) -> None:
    sheet.visit("arrived")
    sheet.visit("lwobs")
    done = sheet.visit("checked_out")
    found = reports.open_items(cast.MONDAY, now=cast.NOW, zone=sheet.office.practice.zone)
    assert found.count == 2
    assert [visit.pk for visit in found.uncharged] == [done.pk]
    assert queries.day_figures(cast.MONDAY).proof.charges == Decimal("0.00")


def test_while_a_drawer_is_to_be_counted_blind_no_figure_gives_its_cash_away(sheet: Sheet) -> None:
    office = sheet.office
    drawer = commands.open_drawer(office.rosa, location_id=office.door.pk, opening_float=Decimal(100))
    office.charge("91.00")
    office.pay("17.31")
    office.pay("9.00", method="check", check_number="1182")
    page = sheet.get()
    for amount in ("17.31", "26.31", "64.69", "117.31"):
        assert amount not in page
    assert "$9.00" in page
    assert "once every drawer is counted" in page
    over_or_short = page[page.index("not counted") :].partition("</tr>")[0]
    assert "$0.00" not in over_or_short
    commands.count_drawer(office.rosa, drawer_id=drawer.pk, version=drawer.version, counted=Decimal("117.31"))
    page = sheet.get()
    for amount in ("17.31", "26.31", "64.69", "117.31"):
        assert amount in page
