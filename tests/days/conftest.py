"""An open office and a Chromium for whole days; each file of tests begins at the same moment of the same Tuesday."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections, transaction
from playwright.sync_api import Browser, expect, sync_playwright

from tests.days import office as offices
from tests.days.office import Office
from tests.days.person import Person
from tests.throwaway import Throwaway
from tests.ui.conftest import CHROMIUM, FLAGS

expect.set_options(timeout=20_000)  # a busy machine draws a page in more than five seconds

Comes = Callable[..., Person]


@pytest.fixture(scope="session")
def played(test_database: Throwaway, django_db_setup: None, django_db_blocker: Any) -> Office:
    """The practice of these days, played once and set aside."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            office = offices.play()
        connections.close_all()
    offices.keep(test_database)
    return office


@pytest.fixture(scope="module")
def office(
    played: Office, test_database: Throwaway, django_db_blocker: Any, django_db_setup: None
) -> Iterator[Office]:
    """The office, open for one file of tests."""
    connections.close_all()
    offices.bring_back(test_database)
    with offices.surroundings(), django_db_blocker.unblock(), offices.served() as url:
        played.url = url
        yield played
        connections.close_all()
    test_database.renew()


@pytest.fixture(scope="module")
def chromium(office: Office) -> Iterator[Browser]:
    """One browser program for a file of tests."""
    found = shutil.which("chromium") or CHROMIUM
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        connections.close_all()  # those opened beside the driver's loop are found only while it runs
        browser.close()


@pytest.fixture
def comes(chromium: Browser, office: Office) -> Iterator[Comes]:
    """Let people come to the office: comes("receptionist") is signed in, in a browser of their own."""
    here: list[Person] = []

    def arrive(role: str = "", *, at: str = "", **how: Any) -> Person:
        person = Person.at(chromium, at or office.url, **how)
        here.append(person)
        if role:
            person.sign_in(role)
        return person

    yield arrive
    for number, person in enumerate(here):
        if folder := os.environ.get("DAYSHEET_SHOTS"):
            person.page.screenshot(path=f"{folder}/last-{number}.png", full_page=True)
        person.leave()
