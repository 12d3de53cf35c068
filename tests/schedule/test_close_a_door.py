"""Closing a door: refused while visits are booked there, and never the last one."""

import pytest
from django.urls import reverse

from daysheet.practice import commands as practice
from daysheet.practice.models import Location
from daysheet.schedule import commands, queries
from tests import cast, desk, make
from tests.house import House
from tests.schedule.test_book_appointment import book


def test_a_door_with_visits_booked_stays_open_and_closes_when_they_are_gone(house: House) -> None:
    other, booked = make.location("Oak St", is_main=False), book(house)
    ana = cast.ana(house.practice.pk, house.rosa.now)
    with pytest.raises(
        practice.LocationIsNeeded, match="1 visit is still booked at Main St, on Mar 10, 2026"
    ):
        practice.close_location(ana, location_id=house.door.pk)
    commands.undo_booking(house.rosa, appointment_id=booked.pk)
    practice.close_location(ana, location_id=house.door.pk)
    other.refresh_from_db()
    assert other.is_main
    assert not queries.hours_of([house.lee.pk])
    with pytest.raises(commands.NotOnTheBooks):
        book(house)


def test_the_only_door_is_not_closed_by_the_page_and_the_second_is(house: House) -> None:
    browser = desk.signed_in(make.member("office_manager", "ana"))
    page = reverse("practice:location", args=[house.door.pk])
    at = reverse("practice:location-close", args=[house.door.pk])
    fields = desk.hidden_fields(browser.get(page).content.decode(), form=f'action="{at}"')
    alone = browser.post(at, fields)
    assert (alone.status_code, "needs one open location" in alone.content.decode()) == (409, True)
    make.location("Oak St", is_main=False)
    assert browser.post(at, fields | {"_once": "another"})["Location"] == reverse("practice:places")
    assert Location.objects.get(pk=house.door.pk).closed_on is not None
    assert "since" in browser.get(reverse("practice:places")).content.decode()
