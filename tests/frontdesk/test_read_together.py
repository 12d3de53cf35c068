"""Screens that ask for the board at once are answered by one reading of it, each with what its own person may see."""

from decimal import Decimal

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.kernel.models import AuditLine
from daysheet.kernel.together import coming
from daysheet.ledger.models import Balance
from daysheet.visits import commands as visits
from tests import cast
from tests.house import House, appointment, desk

BOARD = reverse("frontdesk:board-list")


def asked(browser: Client, address: str = BOARD) -> tuple[str, int]:
    """Return a board and how often the day was read for it."""
    with CaptureQueriesContext(connection) as heard:
        page = browser.get(address)
    assert page.status_code == 200
    return page.text, sum("with seen as" in one["sql"] for one in heard)


def test_the_day_is_read_once_for_all_who_asked_before(house: House) -> None:
    appointment(house, cast.NOW)
    rosa, other = desk(house), desk(house, "coder", "may")
    with coming():
        pages = [asked(rosa), asked(other), asked(rosa)]
    assert [count for _page, count in pages] == [1, 0, 0]
    assert all("DIAZ, Maria" in page for page, _count in pages)


def test_who_asks_after_an_act_is_shown_it(house: House) -> None:
    booked = appointment(house, cast.NOW)
    rosa = desk(house)
    with coming():
        assert "Arrived" in asked(rosa)[0]
    visits.arrive(house.rosa, appointment_id=booked.id)
    with coming():
        page, count = asked(rosa)
    assert count == 1
    assert "Here 1" in page


def test_who_acts_is_shown_the_own_act(house: House) -> None:
    booked = appointment(house, cast.NOW)
    rosa = desk(house)
    with coming():
        assert "Here 0" in asked(rosa)[0]
    rosa.post(reverse("frontdesk:arrive", args=[booked.id]))
    with coming():
        assert "Here 1" in asked(rosa)[0]


def test_each_is_shown_what_the_own_rights_show(house: House) -> None:
    appointment(house, cast.NOW)
    Balance.objects.create(patient=house.diaz, owes=Decimal("12.40"))
    with coming():
        assert "$12.40" in asked(desk(house))[0]
        page, count = asked(desk(house, "coder", "may"))
    assert count == 0
    assert "$12.40" not in page


def test_another_filter_is_another_reading(house: House) -> None:
    appointment(house, cast.NOW)
    rosa = desk(house)
    with coming():
        counts = [asked(rosa, f"{BOARD}{more}")[1] for more in ("", "?where=all", "?day=2026-08-04", "")]
    assert counts == [1, 1, 1, 0]


def test_everybody_who_was_shown_it_stands_in_the_diary(house: House) -> None:
    appointment(house, cast.NOW)
    browsers = [desk(house), desk(house, "coder", "may")]
    with coming():
        for one in browsers:
            asked(one)
    lines = AuditLine.objects.filter(action="frontdesk.board.viewed")
    assert lines.values("actor_id").distinct().count() == 2
