"""Holidays and teams have a way back from each act: kept, removed, named, changed, forgotten."""

import re
from datetime import date, time
from html import unescape

import pytest
from django.test import Client

from daysheet.schedule import commands, patterns
from daysheet.schedule.models import Absence, ClinicianTeam, Holiday
from tests.desk import hidden_fields
from tests.house import House, desk

HOLIDAYS, TEAMS = "/schedule/holidays/", "/schedule/teams/"


@pytest.fixture
def ana(house: House) -> Client:
    return desk(house, "office_manager", "ana")


def press(ana: Client, page: str, action: str, **typed: object) -> str:
    """Press a form of a page and return the page that it leads to."""
    body = ana.get(page).content.decode()
    fields = hidden_fields(body, form=f'action="{action}"')
    answer = ana.post(action, fields | typed)
    assert answer.status_code == 303
    return ana.get(answer["Location"]).content.decode()


def undo(ana: Client, body: str, page: str) -> str:
    """Press the Undo of the corner."""
    corner = body[body.index('id="toasts"') :]
    address = unescape(re.findall(r'action="([^"]+)"', corner)[0])
    answer = ana.post(address, hidden_fields(corner))
    assert (answer.status_code, answer["Location"]) == (303, page)
    return address


def test_federal_holidays_that_were_kept_at_one_press_go_at_one(ana: Client, house: House) -> None:
    body = ana.get(HOLIDAYS).content.decode()
    days = re.findall(r'name="holidays" value="([^"]+)"', body)[:3]
    said = press(ana, HOLIDAYS, f"{HOLIDAYS}federal/", holidays=days)
    assert Holiday.objects.count() == 3
    address = undo(ana, said, HOLIDAYS)
    assert not Holiday.objects.exists()
    assert not Absence.objects.exists()
    again = ana.post(address, hidden_fields(ana.get(HOLIDAYS).content.decode()))
    assert again.status_code == 409
    assert "not on the book any more" in again.content.decode()


def test_a_holiday_that_was_removed_stands_again_with_its_hour(ana: Client, house: House) -> None:
    fact = commands.DayOff(date(2026, 3, 10), "Staff day", time(13))
    [kept] = commands.keep_holidays(house.ana, days=[fact])
    said = press(ana, HOLIDAYS, f"{HOLIDAYS}{kept.pk}/remove/")
    assert not Holiday.objects.exists()
    undo(ana, said, HOLIDAYS)
    row = Holiday.objects.get()
    assert (row.day, row.name, row.from_clock) == tuple(fact)


def test_a_team_that_was_named_changed_or_forgotten_comes_back_as_it_was(ana: Client, house: House) -> None:
    said = press(ana, TEAMS, TEAMS, name="Blue", people=[str(house.lee.id), str(house.osei.id)])
    undo(ana, said, TEAMS)
    assert not ClinicianTeam.objects.exists()
    team = commands.add_team(house.ana, name="Blue", provider_ids=[house.lee.id, house.osei.id])
    here = f"{TEAMS}{team.pk}/"
    said = press(ana, here, here, name="Red", people=[str(house.osei.id)])
    assert patterns.members(team.pk) == [house.osei.id]
    undo(ana, said, TEAMS)
    team.refresh_from_db()
    assert (team.name, set(patterns.members(team.pk))) == ("Blue", {house.lee.id, house.osei.id})
    said = press(ana, TEAMS, f"{here}remove/")
    undo(ana, said, TEAMS)
    team = ClinicianTeam.objects.get()
    assert (team.name, set(patterns.members(team.pk))) == ("Blue", {house.lee.id, house.osei.id})


def test_what_somebody_else_changed_meanwhile_is_not_covered_up(ana: Client, house: House) -> None:
    team = commands.add_team(house.ana, name="Blue", provider_ids=[house.lee.id])
    here = f"{TEAMS}{team.pk}/"
    body = press(ana, here, here, name="Red", people=[str(house.osei.id)])
    commands.change_team(house.ana, team_id=team.pk, version=None, name="Green", provider_ids=[house.osei.id])
    corner = body[body.index('id="toasts"') :]
    address = unescape(re.findall(r'action="([^"]+)"', corner)[0])
    answer = ana.post(address, hidden_fields(corner))
    assert answer.status_code == 409
    assert "Somebody changed this team meanwhile" in answer.content.decode()
    assert ClinicianTeam.objects.get().name == "Green"


@pytest.mark.parametrize("page", [HOLIDAYS, TEAMS])
@pytest.mark.parametrize("word", ["", "x", "a:b:c", "\x00"])
def test_a_way_back_that_was_tampered_with_does_nothing_and_says_so(
    ana: Client, house: House, page: str, word: str
) -> None:
    fields = hidden_fields(ana.get(page).content.decode())
    answer = ana.post(f"{page}undo/", fields, query_params={"was": word})
    assert answer.status_code == 409
    assert "This way back is damaged" in answer.content.decode()
