"""Everything killed by -9 in the middle of writes: what was acknowledged is there, and the books are sound."""

import json
import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread

import psycopg
import pytest

from daysheet.site import postgres
from tests.patience import PATIENCE
from tests.proofs.http import Browser, Furnished, furnish
from tests.proofs.offices import end_all, own_office
from tests.proofs.test_one_slot_many_browsers import TUESDAY, minute
from tests.site.test_runner import DAYSHEET, Office

DESKS = 4
RECEIPT = re.compile(r"/money/receipts/([0-9a-f-]{36})/")
THERE = """
import json
from django.db import transaction
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger.models import Payment
from daysheet.schedule.models import Appointment
with acting_in(Practice.objects.get(name=%r).pk), transaction.atomic():
    payments = [str(one) for one in Payment.objects.values_list("id", flat=True)]
    booked = [f"{a.patient_id} {int(a.starts_at.timestamp()) // 60}" for a in Appointment.objects.all()]
print(json.dumps([payments, booked]))
"""


@dataclass
class Clerk:
    """A clerk who takes a payment and books a visit, over and over, and notes what was acknowledged."""

    office: Office
    house: Furnished
    number: int
    receipts: list[str] = field(default_factory=list)
    booked: list[str] = field(default_factory=list)
    presses: int = 0

    def work(self, until: Event) -> None:
        """Work until told to stop or until the line goes dead."""
        browser = Browser(self.office.port, self.house.cookies[self.number])
        while not until.is_set():
            try:
                self.take(browser)
                self.book(browser)
            except (OSError, AssertionError, ValueError, StopIteration, IndexError):
                until.wait(0.05)  # the office is gone, or on its way

    def take(self, browser: Browser) -> None:
        patient = self.house.patients[self.number]
        form = browser.form(f"/money/of/{patient}/take/", "ledger:payment-take")
        typed = {"amount": "5.00", "method": "cash", "purpose": "balance"}
        reply = browser.ask("POST", form.action, form.body() | typed)
        if reply.status == 303:
            self.receipts.append(RECEIPT.findall(reply.goes_to)[0])

    def book(self, browser: Browser) -> None:
        self.presses += 1
        patient = self.house.patients[self.number * 50 + self.presses % 50]
        at = minute(TUESDAY + timedelta(days=7, minutes=20 * len(self.booked)))
        form = browser.form(f"/schedule/book/{patient}/", "schedule:appointment-book")
        choice = self.house.choice(self.number, at)
        reply = browser.ask("POST", form.action, form.body() | {"type": self.house.kind, "slot": choice})
        if reply.status == 303:
            self.booked.append(f"{patient} {at}")


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with own_office() as office:
        yield office


@pytest.mark.parametrize("rounds", [1, pytest.param(3, marks=pytest.mark.nightly)])
def test_nothing_acknowledged_is_lost_when_everything_is_killed(office: Office, rounds: int) -> None:
    runner = office.open()
    house = furnish(office, desks=DESKS)
    clerks = [Clerk(office, house, number) for number in range(DESKS)]
    for turn in range(rounds):
        stop = Event()
        before = sum(len(one.receipts) for one in clerks)
        hands = [Thread(target=one.work, args=(stop,)) for one in clerks]
        for hand in hands:
            hand.start()
        deadline = time.monotonic() + 240
        while sum(len(one.receipts) for one in clerks) < before + 8 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(random.Random(turn).random())
        end_all(office)  # the database, the pages and the jobs, at once
        stop.set()
        for hand in hands:
            hand.join()
        runner.wait()
        runner = office.open()
        assert office.get("/sign-in/") == 200
        kept = office.verb("manage", "shell", "--no-imports", "-c", THERE % house.practice)
        payments, booked = json.loads(kept.stdout.splitlines()[-1])
        assert len([r for one in clerks for r in one.receipts]) >= before + 8
        assert {r for one in clerks for r in one.receipts} <= set(payments)
        assert {b for one in clerks for b in one.booked} <= set(booked)
        proved = office.verb("verify")
        assert proved.returncode == 0, proved.stderr
    runner.terminate()
    assert runner.wait(PATIENCE) == 0


@pytest.mark.parametrize("moments", [1, pytest.param(3, marks=pytest.mark.nightly)])
def test_a_play_killed_at_any_moment_leaves_a_sound_book(office: Office, moments: int) -> None:
    office.verb("verify")  # makes the tables
    for seed in range(moments):
        words = [*DAYSHEET, "simulate", "--days", "4", "--visits", "12", "--seed", str(seed), "--json"]
        play = subprocess.Popen(
            words, env=office.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        lines = lines_written(office)
        goal = lines + random.Random(seed).randint(150, 900)
        while lines < goal:
            assert play.poll() is None, "the play was over before the kill"
            lines = lines_written(office)
        if seed % 2:
            end_all(office)  # with its database
        else:
            os.kill(play.pid, signal.SIGKILL)
        play.wait()
        proved = office.verb("verify")
        assert proved.returncode == 0, proved.stderr


def lines_written(office: Office) -> int:
    """Return how many lines stand in the diary, or none while no database answers."""
    found = postgres.find(office.state)
    if found is None:
        return 0
    with suppress(psycopg.Error), psycopg.connect(found.dsn("postgres"), autocommit=True) as link:
        row = link.execute("select count(*) from audit_line").fetchone()
        return int(row[0]) if row else 0
    return 0
