"""Sixteen browsers at one free slot of the real office: one gets it; who asks for different slots all get theirs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from tests.proofs.http import Browser, Furnished, Reply, furnish
from tests.proofs.offices import opened_office
from tests.site.test_runner import Office

DESKS = 16
TUESDAY = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)  # 9:00 am in New York
TAKEN = "That time has just been taken"


@pytest.fixture(scope="module")
def office() -> Iterator[tuple[Office, Furnished]]:
    with opened_office() as (office, _):
        yield office, furnish(office, desks=DESKS)


def minute(at: datetime) -> int:
    """Return a moment as the booking form writes it."""
    return int(at.timestamp()) // 60


WHY = {"hours_reason": "Longer hours in the proof"}
"""Some of the times lie outside the clinicians' hours; whoever may book there says why."""


def press(browser: Browser, house: Furnished, patient: str, choice: str, start: Barrier | None) -> Reply:
    """Open the booking form of a patient, choose a time, and book when all are ready."""
    path = f"/schedule/book/{patient}/"
    form = browser.form(path, "schedule:appointment-book")
    if start:
        start.wait(60)
    return browser.ask("POST", form.action, form.body() | {"type": house.kind, "slot": choice} | WHY)


@pytest.mark.parametrize("rounds", [5, pytest.param(40, marks=pytest.mark.nightly)])
def test_sixteen_browsers_at_one_free_slot_have_one_winner(
    office: tuple[Office, Furnished], rounds: int
) -> None:
    opened, house = office
    browsers = [Browser(opened.port, cookie) for cookie in house.cookies]
    week = 10 if rounds == 40 else 1
    with ThreadPoolExecutor(DESKS) as people:
        for turn in range(rounds):
            at = TUESDAY + timedelta(days=7 * (week + turn // 8), minutes=20 * (turn % 8))
            start = Barrier(DESKS)
            asked = [
                people.submit(press, browser, house, house.patients[n], house.choice(0, minute(at)), start)
                for n, browser in enumerate(browsers)
            ]
            replies = [one.result() for one in asked]
            assert sorted(reply.status for reply in replies) == [303] + [409] * (DESKS - 1), turn
            assert all(TAKEN in reply.body for reply in replies if reply.status == 409)
    for browser in browsers:
        browser.close()


@pytest.mark.parametrize("many", [80, pytest.param(400, marks=pytest.mark.nightly)])
def test_different_slots_at_once_are_all_booked(office: tuple[Office, Furnished], many: int) -> None:
    opened, house = office
    monday = TUESDAY + timedelta(days=6 + 7 * 30 + many)
    start = Barrier(many)

    def one(number: int) -> int:
        browser = Browser(opened.port, house.cookies[number % DESKS])
        at = monday + timedelta(minutes=20 * (number // 10))
        try:
            choice = house.choice(number % 10, minute(at))
            return press(browser, house, house.patients[number], choice, start).status
        finally:
            browser.close()

    with ThreadPoolExecutor(many) as people:
        assert list(people.map(one, range(many))) == [303] * many
