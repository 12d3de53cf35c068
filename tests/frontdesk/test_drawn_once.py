"""A row of the board is drawn once for all who see the same; whoever may do less, or sees it changed, has another."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from daysheet.frontdesk import drawing
from daysheet.ledger.models import Balance
from tests import cast
from tests.drawing import newly_drawn
from tests.house import House, appointment, desk

BOARD = reverse("frontdesk:board-list")


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    drawing._drawn.cache_clear()


def drawn(browser: Client, address: str = BOARD) -> tuple[str, int]:
    return newly_drawn(drawing._drawn, browser, address)


def test_the_second_who_looks_is_served_what_was_drawn_for_the_first(house: House) -> None:
    appointment(house, cast.NOW)
    rosa, page = desk(house), ""
    page, count = drawn(rosa)
    assert count == 1
    again, count = drawn(rosa)
    assert count == 0
    assert "DIAZ, Maria" in page
    assert "DIAZ, Maria" in again


def test_what_was_drawn_holds_nothing_of_who_looked(house: House) -> None:
    appointment(house, cast.NOW)
    drawn(desk(house))
    row = drawing._drawn.cache_info()
    assert row.currsize == 1
    kept = str(drawing.drawn(*_row_and_look(house)))
    assert "csrf" not in kept
    assert "_once" not in kept
    assert "_form" not in kept
    assert "Rosa" not in kept


def test_a_row_that_changed_is_drawn_anew(house: House) -> None:
    appointment(house, cast.NOW)
    rosa = desk(house)
    drawn(rosa)
    house.diaz.preferred = "Mia"
    house.diaz.save()
    page, count = drawn(rosa)
    assert count == 1
    assert "(Mia)" in page


def test_who_may_not_see_money_is_never_served_a_row_with_a_sum(house: House) -> None:
    appointment(house, cast.NOW)
    Balance.objects.create(patient=house.diaz, owes=Decimal("12.40"))
    page, _count = drawn(desk(house))
    assert "$12.40" in page
    page, count = drawn(desk(house, "coder", "may"))
    assert count == 1
    assert "$12.40" not in page


def test_the_filters_of_a_board_stand_in_its_own_acts(house: House) -> None:
    appointment(house, cast.NOW)
    rosa = desk(house)
    drawn(rosa)
    page, count = drawn(rosa, f"{BOARD}?where=all")
    assert count == 1
    assert "arrive/?where=all" in page


def test_each_language_has_its_own(house: House) -> None:
    appointment(house, cast.NOW)
    row, look = _row_and_look(house)
    with override("en"):
        english = drawing.drawn(row, look._replace(language="en"))
    with override("es"):
        spanish = drawing.drawn(row, look._replace(language="es"))
    assert english is not spanish
    assert drawing._drawn.cache_info().misses == 2


def _row_and_look(house: House) -> tuple[drawing.BoardRow, drawing.Look]:
    from daysheet.frontdesk import board as boards

    now = cast.NOW
    found = boards.board(location_id=house.door.id, day=cast.MONDAY, now=now, zone=house.door.zone)
    look = drawing.Look("en-us", house.door.zone, "", True, True, True, True, True)
    return found.rows[0], look
