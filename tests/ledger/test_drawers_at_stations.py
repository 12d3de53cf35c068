"""A drawer at the station where one sits: whose it is, where cash goes, who is told that somebody holds it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from daysheet.documents import commands as papers
from daysheet.documents.models import PrintStation
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands, queries
from daysheet.ledger.models import CashDrawer
from tests import cast, desk, make
from tests.ledger.conftest import Office
from tests.ledger.test_at_the_same_time import at_once, opened
from tests.ledger.test_money_on_screen import Screens, screens

__all__ = ["screens"]
pytestmark = pytest.mark.django_db


def station(office: Office, name: str) -> PrintStation:
    return papers.keep_station(office.ana, name=name, location_id=office.door.pk, printers={})


def at(by: Actor, place: PrintStation | None) -> Actor:
    return replace(by, station_id=place.pk if place else None)


def opens(office: Office, by: Actor, amount: str = "100.00", **more: Any) -> CashDrawer:
    facts = {"location_id": office.door.pk, "opening_float": Decimal(amount), "station_id": by.station_id}
    return commands.open_drawer(by, **(facts | more))


def closes(by: Actor, drawer: CashDrawer) -> CashDrawer:
    facts = {"drawer_id": drawer.pk, "counted": queries.drawer_expected(drawer)}
    row = commands.count_drawer(by, version=drawer.version, **facts)
    return commands.close_drawer(by, drawer_id=drawer.pk, version=row.version)


def test_cash_goes_to_the_drawer_of_the_station_where_it_is_taken(office: Office) -> None:
    left, right = station(office, "Desk 1"), station(office, "Desk 2")
    one = opens(office, at(office.rosa, left))
    other = opens(office, at(office.rosa, right), "50.00")
    office.pay("7.00", by=at(office.rosa, left))
    office.pay("9.00", by=at(office.rosa, right))
    assert queries.drawer_expected(one) == Decimal("107.00")
    assert queries.drawer_expected(other) == Decimal("59.00")
    assert [row.name for row in queries.drawers(cast.MONDAY)] == [
        f"Main St, {name}, {office.rosa.name}" for name in ("Desk 1", "Desk 2")
    ]
    with pytest.raises(commands.DrawerIsClosed, match="drawers at Desk 1 and Desk 2"):
        office.pay("5.00")


def test_a_machine_without_a_station_leads_to_ones_only_drawer(office: Office) -> None:
    drawer = opens(office, at(office.rosa, station(office, "Desk 1")))
    office.pay("5.00")
    assert queries.drawer_expected(drawer) == Decimal("105.00")


def test_a_station_is_held_by_one_person_and_the_second_is_told_by_whom(office: Office) -> None:
    left = station(office, "Desk 1")
    drawer = opens(office, at(office.rosa, left))
    told = f"{office.rosa.name} holds the drawer at Desk 1"
    with pytest.raises(commands.DrawerIsOpen, match=told):
        opens(office, at(office.ben, left))
    with pytest.raises(commands.DrawerIsClosed, match=told):
        office.pay("5.00", by=at(office.ben, left))
    closes(office.rosa, drawer)
    opens(office, at(office.ben, left), "40.00")
    office.pay("5.00", by=at(office.ben, left))
    drawer.refresh_from_db()
    with pytest.raises(commands.DrawerIsOpen, match=f"{office.ben.name} holds the drawer at Desk 1"):
        commands.reopen_drawer(office.ana, drawer_id=drawer.pk, version=drawer.version, reason="late")
    assert queries.troubles() == []


def test_who_sits_at_anothers_station_works_from_the_doors(office: Office) -> None:
    left = station(office, "Desk 1")
    doors = opens(office, office.ana)
    opens(office, at(office.rosa, left))
    office.pay("5.00", by=at(office.ben, left))
    assert queries.drawer_expected(doors) == Decimal("105.00")


def test_a_drawer_at_another_station_is_not_reached_from_here(office: Office) -> None:
    left, right = station(office, "Desk 1"), station(office, "Desk 2")
    opens(office, at(office.rosa, left))
    with pytest.raises(commands.DrawerIsClosed, match="Your drawer stands at Desk 1"):
        office.pay("5.00", by=at(office.rosa, right))


def test_a_station_of_another_location_or_one_that_is_gone_has_no_drawer(office: Office) -> None:
    left, other = station(office, "Desk 1"), make.location("Hill", is_main=False)
    with pytest.raises(Refusal, match="Desk 1 stands at Main St"):
        opens(office, at(office.rosa, left), location_id=other.pk)
    papers.retire_station(office.ana, station_id=left.pk)
    with pytest.raises(Refusal, match="not used any more"):
        opens(office, at(office.rosa, left))
    assert not CashDrawer.objects.exists()


def test_the_machine_says_at_which_station_a_drawer_is_opened(screens: Screens) -> None:
    place = station(screens.office, "Desk 1")
    body = screens.browser.get(reverse("documents:stations")).content.decode()
    hidden = desk.hidden_fields(body, form='id="stations-acts"')
    screens.browser.post(reverse("documents:station-here", args=[place.pk]), hidden)
    assert "It stands here, at Desk 1" in screens.get("drawer")
    facts = {"location_id": screens.office.door.pk, "opening_float": "100", "at_station": "on"}
    status, there = screens.send("drawer", form='id="drawer-form"', **facts)
    drawer = CashDrawer.objects.get()
    assert (status, there) == (303, reverse("ledger:drawer-page", args=[drawer.pk]))
    assert (drawer.station, bool(drawer.keeper_id)) == (place, True)
    for page, args in (("drawer", []), ("drawer-page", [drawer.pk]), ("drawer-count", [drawer.pk])):
        assert "Main St, Desk 1, " in screens.get(page, *args)
    paid = {"amount": "5", "method": "cash"}
    assert screens.send("payment-take", screens.office.diaz.pk, form='id="payment-form"', **paid)[0] == 303
    assert queries.drawer_expected(drawer) == Decimal("105.00")


@pytest.mark.django_db(transaction=True)
def test_of_two_people_one_has_the_station() -> None:
    practice, office = opened()
    with make.acting(practice):
        left = station(office, "Desk 1")

    def tried(number: int) -> Any:
        try:
            return opens(office, at((office.rosa, office.ben)[number % 2], left))
        except Refusal:
            return None

    done = [one for one in at_once(practice, 4, 8, tried) if one is not None]
    assert len(done) == 1
