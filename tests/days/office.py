"""An office that is open: a played practice with its people, served by programs of its own on the test database."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as wall_time
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_day, local_instant
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import queries as books
from daysheet.payer import commands as payer
from daysheet.practice import commands as practice
from daysheet.practice.founding import set_training_clock
from daysheet.site.simulate.calls import play_calls
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.day import book_day, play_day
from daysheet.site.simulate.founding import STAFF, PlayedOffice, found_office
from daysheet.site.simulate.moving import leave_a_file
from daysheet.site.simulate.played import PlayedPractice
from tests.patience import free_port
from tests.throwaway import NAME, Throwaway

FRIDAY, MONDAY = date(2026, 2, 27), date(2026, 3, 2)
TODAY = date(2026, 3, 3)
"""A Tuesday, five days before daylight saving begins."""
VISITS = 14
PLAYED = "daysheet_played"


@dataclass(slots=True)
class Office:
    """The open office, as its tests see it."""

    played: PlayedOffice
    story: PlayedPractice
    """The people of the practice, as far as they have been played."""
    url: str = ""

    @property
    def practice(self) -> Practice:
        """The practice that is open."""
        return self.played.practice

    def moment(self, hour: int, minute: int = 0, day: date = TODAY) -> datetime:
        """Return an instant by the practice's wall clock."""
        return local_instant(datetime.combine(day, wall_time(hour, minute)), self.practice.zone)

    def clock(self, hour: int, minute: int = 0, day: date = TODAY) -> None:
        """Put the practice's clock, and the payers', to a moment."""
        for one in (self.played.practice, self.played.twin):
            set_training_clock(practice_id=one.id, at=self.moment(hour, minute, day))

    @contextmanager
    def within(self, practice_id: UUID | None = None) -> Iterator[None]:
        """Act within the practice, or another, in one transaction."""
        with transaction.atomic(), acting_in(practice_id or self.practice.id):
            yield

    def enroll(self, member_id: str, family: str, given: str, born_on: date, *, fault: str = "") -> None:
        """Let the insurance company know a member of its Blue PPO, or of what goes wrong with one."""
        with transaction.atomic(), acting_in(self.played.twin.id):
            payer.enroll_member(
                self.played.clerk_at_payer(self.moment(8)),
                payer_id=BLUE,
                member_id=member_id,
                family=family,
                given=given,
                born_on=born_on,
                plan=PLAN,
                starts_on=date(2025, 1, 1),
                fault=fault,
            )

    @property
    def today(self) -> date:
        """The day on the practice's clock."""
        return local_day(Practice.objects.get(pk=self.practice.pk).now(), self.practice.zone)

    def in_the_drawers(self) -> dict[str, Decimal]:
        """Return what must lie in the open drawer of each door now, by the door's name."""
        with self.within():
            return {one.name: one.expected for one in books.drawers(self.today) if one.is_open}

    def pay_until(self, days: int) -> None:
        """Let the payers pay on each of the coming days, on their own clock."""
        with transaction.atomic(), acting_in(self.played.twin.id):
            for number in range(days):
                day = TODAY + timedelta(days=number)
                clerk = self.played.clerk_at_payer(self.moment(17, 0, day))
                payer.pay_due(clerk, day=day)


BLUE, PLAN = "BLUE1", "standard"


def play(name: str = "Northside Family Medicine") -> Office:
    """Found a demonstration practice and play it from Monday to the middle of Tuesday's morning."""
    eve = local_instant(datetime.combine(FRIDAY, wall_time(13)), Practice(name=name).zone)
    played = found_office(name=name, now=eve, seed="days", is_demo=True, answer_days=1)
    story = PlayedPractice(played, Chance("days"), VISITS)
    office = Office(played, story)
    with acting_in(played.practice.id):
        for role, person in STAFF.items():
            member(office.played.by("system", eve), role, person, played.locations[0].id)
        for day, before, until in ((MONDAY, FRIDAY, None), (TODAY, MONDAY, office.moment(9, 10))):
            booked = book_day(story, day, office.moment(17, 20, before), VISITS)
            play_day(story, day, booked, until=until)
        play_calls(story, office.moment(9, 10))
        leave_a_file(played.by("office_manager", office.moment(9)), office.moment(9))
    with acting_in(played.twin.id):
        member(played.clerk_at_payer(eve), "insurance_clerk", "Ida Fenwick", None)
    return office


def member(by: Actor, role: str, person: str, location_id: UUID | None) -> None:
    """Give a person of the demonstration a place, and a card on the sign-in page."""
    practice.add_member(by, username=f"demo-{role}", display_name=person, role=role, location_id=location_id)


def keep(test_database: Throwaway) -> None:
    """Set the played practice aside, so that each file of tests begins at the same moment."""
    test_database.cluster.sql(f"create database {PLAYED} template {NAME} strategy file_copy;")
    test_database.renew()


def bring_back(test_database: Throwaway) -> None:
    """Put the test database to the moment at which the played practice was set aside."""
    test_database.cluster.sql(
        f"drop database if exists {NAME} with (force);"
        f"create database {NAME} template {PLAYED} owner daysheet_owner strategy file_copy;"
        f"revoke all on database {NAME} from public;"
        f"grant connect on database {NAME} to daysheet_app, daysheet_sealer;"
    )


@contextmanager
def served() -> Iterator[str]:
    """Serve pages and work through the queue, each in a program of its own; give the address."""
    port = free_port()
    wanted = (["pages", "127.0.0.1", str(port)], ["jobs"])
    key = {"DAYSHEET_SECRET_KEY": settings.SECRET_KEY}  # where none is kept, each program would make its own
    programs = [
        subprocess.Popen([sys.executable, "-m", "daysheet.site.serve", *words], env=os.environ | key)
        for words in wanted
    ]
    try:
        _wait_until_open(f"http://127.0.0.1:{port}", programs)
        yield f"http://127.0.0.1:{port}"
    finally:
        for program in programs:
            program.send_signal(signal.SIGTERM)
        for program in programs:
            try:
                program.wait(30)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()


def _wait_until_open(address: str, programs: list[subprocess.Popen[bytes]]) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until and programs[0].poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health/", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError("The office did not open.")


ENVIRONMENT = {"DJANGO_ALLOW_ASYNC_UNSAFE": "true", "DAYSHEET_THREADS": "4"}
"""The browser's driver keeps a loop running in this thread, beside which the tests may still ask the database."""


@contextmanager
def surroundings() -> Iterator[None]:
    """Set the environment of a file of tests, and put it back."""
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
