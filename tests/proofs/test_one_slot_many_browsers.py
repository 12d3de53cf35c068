"""Sixteen browsers at one free slot of the real office: one gets it; who asks for different slots all get theirs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest

from daysheet.kernel.ids import new_id
from tests.proofs.forms import PageForm
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


def day_of(clinicians: int, turn: int) -> datetime:
    """Return a time of the proof below: twenty a day, from nine on, on days of its own."""
    return TUESDAY + timedelta(days=7 * 60 + clinicians + turn // 20, minutes=20 * (turn % 20))


@pytest.mark.parametrize(
    ("clinicians", "times"), [(5, 8), pytest.param(50, 100, marks=pytest.mark.nightly)], ids=["few", "many"]
)
def test_no_free_slot_is_refused_to_its_only_asker(
    office: tuple[Office, Furnished], clinicians: int, times: int
) -> None:
    """Every clinician's every time is wanted by one patient, all by sixteen browsers: every one of them is booked.

    A patient's form stands open, and is pressed once for each of the patient's visits. The long one (50 clinicians,
    100 times each: 5,000 visits of 400 patients) was seen green on 2 cores that much else kept busy: 5,000 booked, none
    refused, in 571 seconds, the office being opened before it.
    """
    opened, house = office
    if clinicians > len(house.doctors):
        house = furnish(opened, desks=DESKS, doctors=clinicians)
    wanted: list[list[tuple[int, int, int]]] = [[] for _ in range(DESKS)]
    for turn in range(times):
        for doctor in range(clinicians):
            patient = (doctor + clinicians * turn) % len(house.patients)
            wanted[patient % DESKS].append((turn, doctor, patient))
    start = Barrier(DESKS)

    def work(number: int) -> list[tuple[int, int, int]]:
        browser, forms = Browser(opened.port, house.cookies[number]), dict[int, PageForm]()
        refused = []
        start.wait(60)
        for turn, doctor, patient in wanted[number]:
            if patient not in forms:
                path = f"/schedule/book/{house.patients[patient]}/"
                forms[patient] = browser.form(path, "schedule:appointment-book")
            choice = house.choice(doctor, minute(day_of(clinicians, turn)))
            typed = {"type": house.kind, "slot": choice, "_once": str(new_id()), **WHY}
            reply = browser.ask("POST", forms[patient].action, forms[patient].body() | typed)
            if reply.status != 303:
                refused.append((turn, doctor, reply.status))
        browser.close()
        return refused

    with ThreadPoolExecutor(DESKS) as people:
        refused = [one for some in people.map(work, range(DESKS)) for one in some]
    assert refused == []
