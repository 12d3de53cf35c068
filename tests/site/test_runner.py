"""`daysheet run` opens the office, ends all that it started, and comes back after a kill."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.patience import PATIENCE, free_port, until

ROSA_SIGNS_IN = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from daysheet.kernel import clock
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.practice.models import Membership, User
from daysheet.practice.signing_in import BACKEND, LOCKED, PRACTICE, SEEN, WORKSTATION
from django.db import transaction
rosa, _ = User.objects.get_or_create(username="rosa")
office = Practice.objects.create(name="Northside Family Medicine")
with acting_in(office.pk), transaction.atomic():
    Membership.objects.create(user=rosa, role="receptionist", display_name="Rosa")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session.update({SESSION_KEY: str(rosa.pk), HASH_SESSION_KEY: rosa.get_session_auth_hash(), BACKEND_SESSION_KEY: BACKEND})
session.update({PRACTICE: str(office.pk), SEEN: clock.system_now().timestamp(), LOCKED: False, WORKSTATION: "desk"})
session.create()
print(settings.SESSION_COOKIE_NAME + "=" + session.session_key, office.pk)
"""
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
DAYSHEET = [sys.executable, "-m", "daysheet.site.cli"]


class Office:
    """One office of a state folder, opened by the command that people type."""

    patience = 600  # seconds: tables are made on a machine that does much else
    """Seconds until it must have opened."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = free_port()
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("DAYSHEET_", "DATABASE_"))
        }
        self.environment = {**kept, "DAYSHEET_STATE": str(state), "DAYSHEET_DEMO": "0"}

    def open(self) -> subprocess.Popen[str]:
        words = [*DAYSHEET, "run", "--port", str(self.port), "--processes", "2"]
        log = (self.state.parent / "log").open("a")
        runner = subprocess.Popen(words, env=self.environment, stdout=log, stderr=log, text=True)
        log.close()
        deadline = time.monotonic() + self.patience
        while self.get("/health/") != 200:
            assert runner.poll() is None, self.log()
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.1)
        return runner

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as said:
                return int(said.status)
        except urllib.error.HTTPError as no:
            no.close()
            return no.code
        except OSError:
            return 0

    def verb(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*DAYSHEET, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    def processes(self) -> set[int]:
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
                dead = "\nState:\tZ" in (folder / "status").read_text()
            except OSError:
                continue
            if str(self.state).encode() in told and not dead and int(folder.name) != os.getpid():
                found.add(int(folder.name))
        return found

    def kill_all(self) -> None:
        """Kill everything that it started, database, pages and jobs, at once."""
        for number in self.processes():
            with suppress(ProcessLookupError):  # who sees its parent die may have ended by itself
                os.kill(number, signal.SIGKILL)

    def log(self) -> str:
        return (self.state.parent / "log").read_text()

    def all_gone(self) -> bool:
        deadline = time.monotonic() + PATIENCE
        while self.processes():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    folder = Path(tempfile.mkdtemp(prefix="daysheet-runner-", dir=MEMORY))
    folder.chmod(0o711)
    office = Office(folder / "var")
    yield office
    office.kill_all()
    office.all_gone()
    shutil.rmtree(folder)


def test_it_opens_and_sigterm_ends_every_process(office: Office) -> None:
    runner = office.open()
    assert office.get("/") == 200
    assert office.get("/sse/?topics=visits") == 403
    assert office.get("/static/../settings.py") == 404
    assert len(office.processes()) >= 5
    runner.send_signal(signal.SIGTERM)
    assert runner.wait(PATIENCE) == 0, office.log()
    assert office.all_gone(), office.log()
    assert "Traceback" not in office.log()


def test_a_signed_in_screen_hears_news_and_sigterm_does_not_wait_for_it(
    office: Office,
) -> None:
    runner = office.open()
    cookie, practice = office.verb("manage", "shell", "--no-imports", "-c", ROSA_SIGNS_IN).stdout.split()
    asked = urllib.request.Request(
        f"http://127.0.0.1:{office.port}/sse/?topics=visits", headers={"Cookie": cookie}
    )
    with urllib.request.urlopen(asked, timeout=PATIENCE) as stream:
        announced = (
            f"from daysheet.kernel.live import announce; from uuid import UUID; "
            f"announce(UUID('{practice}'), 'visits', '7')"
        )
        assert office.verb("manage", "shell", "--no-imports", "-c", announced).returncode == 0
        news = 'data: {"topic": "visits", "key": "7"}'
        assert news in (line.decode().strip() for line in stream)  # reads until it comes, or the stream ends
        runner.terminate()
        assert b"data:" not in stream.read()  # the server ends it; the browser comes back by itself
        assert runner.wait(PATIENCE) == 0
    assert "graceful shutdown exceeded" not in office.log()  # as the server says when it has waited for one


def test_a_second_office_of_the_same_folder_or_port_is_refused(office: Office) -> None:
    runner = office.open()
    twice = office.verb("run", "--port", str(office.port + 1))
    beside = Office(office.state.with_name("other"))
    taken = beside.verb("run", "--port", str(office.port))
    runner.terminate()
    runner.wait(PATIENCE)
    assert (twice.returncode, taken.returncode) == (1, 1)
    assert f"is open already (process {runner.pid})" in twice.stderr
    assert f"Port {office.port} cannot be used" in taken.stderr


def test_a_verb_works_beside_the_office_and_alone(office: Office) -> None:
    program = (
        "from django.db import connection as c; k = c.cursor(); k.execute('select current_user'); print(*k)"
    )
    question = ("manage", "shell", "--no-imports", "-c", program)
    runner = office.open()
    beside = office.verb(*question)
    assert office.get("/health/") == 200
    runner.terminate()
    runner.wait(PATIENCE)
    alone = office.verb(*question)
    assert beside.stdout.strip() == "('daysheet_app',)", beside.stderr
    assert alone.stdout.strip() == "('daysheet_app',)", alone.stderr
    assert office.all_gone()


def test_after_kill_9_of_the_runner_the_others_leave_and_the_next_start_serves(office: Office) -> None:
    runner = office.open()
    runner.kill()
    runner.wait()
    until(lambda: office.get("/health/") == 0, why=lambda: "the page processes outlived their runner")
    again = office.open()
    again.terminate()
    assert again.wait(PATIENCE) == 0
    assert office.all_gone(), office.log()


def test_after_kill_9_of_everything_the_next_start_serves(office: Office) -> None:
    runner = office.open()
    office.kill_all()
    runner.wait()
    again = office.open()
    assert office.get("/") == 200
    again.terminate()
    assert again.wait(PATIENCE) == 0
    assert office.all_gone(), office.log()
