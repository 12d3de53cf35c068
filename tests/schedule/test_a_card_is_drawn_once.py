"""A card of the day is said and drawn once for all who see the same; changed, or with other acts, it is another."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.schedule import drawing, sheets
from tests import cast
from tests.drawing import newly_drawn
from tests.house import House, appointment, clinician, desk

DAY = reverse("schedule:day", args=[cast.MONDAY])
ROOMS = reverse("schedule:rooms", args=[cast.MONDAY])


@pytest.fixture(autouse=True)
def _nothing_is_kept() -> None:
    drawing._drawn.cache_clear()
    sheets.card_of.cache_clear()


def drawn(browser: Client, address: str = DAY) -> tuple[str, int]:
    return newly_drawn(drawing._drawn, browser, address)


def test_the_second_who_looks_is_served_what_was_drawn_for_the_first(house: House) -> None:
    appointment(house, cast.NOW)
    rosa, other = desk(house), desk(house, "office_manager", "ana")
    page, count = drawn(rosa)
    assert (count, page.count("DIAZ, Maria</b>")) == (1, 1)
    page, count = drawn(other)
    assert (count, page.count("DIAZ, Maria</b>")) == (0, 1)


def test_a_visit_that_changed_is_drawn_anew(house: House) -> None:
    one = appointment(house, cast.NOW)
    rosa = desk(house)
    drawn(rosa)
    one.ends_at += timedelta(minutes=10)
    one.save()
    page, count = drawn(rosa)
    assert count == 1
    assert "30 min" in page


def test_who_may_not_book_is_never_served_the_button_that_lays_it_aside(house: House) -> None:
    appointment(house, cast.NOW)
    page, _count = drawn(desk(house))
    assert "lay-aside" in page
    page, count = drawn(desk(house, "auditor", "otto"))
    assert count == 1
    assert "DIAZ, Maria</b>" in page
    assert "lay-aside" not in page


def test_by_room_a_card_names_its_clinician(house: House) -> None:
    who = clinician("Quist", house.door)
    appointment(house, cast.NOW, provider=who)
    rosa = desk(house)
    drawn(rosa)
    page, count = drawn(rosa, ROOMS)
    assert count == 1
    card = page[page.index("slot-card") :]
    assert str(who) in card[: card.index("</li>")]


def test_each_language_says_its_own(house: House) -> None:
    appointment(house, cast.NOW)
    rows = sheets.by_provider(day=cast.MONDAY, location_id=None, provider_id=None, people=[]).cards
    english, again = (sheets.card_of(rows[0].row, "en-us") for _n in range(2))
    assert english is again
    assert sheets.card_of(rows[0].row, "es") is not english
