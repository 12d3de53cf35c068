"""What every test stands on: the throwaway database, the application role, and honesty about skips."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.db import connections
from django.test import TransactionTestCase
from playwright.sync_api import expect

from tests import throwaway

os.environ["PYTHONPATH"] = str(Path(__file__).resolve().parents[1] / "src")  # for programs that tests start
if TYPE_CHECKING:
    from daysheet.kernel.models import Practice

# Property tests count behaviours, not seconds: a busy machine must not fail them.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")
expect.set_options(timeout=20_000)  # milliseconds: the same for what a browser must come to show

ALLOWED_SKIPS = ("../shared",)  # data that only some machines have; anything else must be installed in CI


@pytest.fixture(scope="session")
def test_database(django_test_environment: None) -> Iterator[throwaway.Throwaway]:
    """The private server of this run, with its test database."""
    with throwaway.database() as made:
        yield made


@pytest.fixture(scope="session")
def django_db_setup(test_database: throwaway.Throwaway) -> Iterator[None]:
    """Lead Django to the test database as the application role, which owns nothing there."""
    server = test_database.server
    settings = connections["default"].settings_dict
    settings.update(HOST=server.socket_dir, PORT=str(server.port), NAME=server.database, USER="daysheet_app")
    settings["OPTIONS"].pop("pool", None)  # a pool keeps connections of an earlier role and database
    os.environ.update(server.environment())

    def renew(_: TransactionTestCase) -> None:
        connections.close_all()
        test_database.renew()

    with pytest.MonkeyPatch.context() as patch:
        # After a test that really commits, a fresh copy of the template (0.03 s) beats emptying every
        # table: it also brings back the rows that migrations made, and the application role may not TRUNCATE.
        patch.setattr(TransactionTestCase, "_fixture_teardown", renew)
        yield
        connections.close_all()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    outcome = yield
    _no_silent_skip(outcome.get_result())


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report() -> Iterator[None]:
    outcome = yield
    _no_silent_skip(outcome.get_result())


def _no_silent_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """In CI, turn a skip for a missing package, browser, Node or oracle into a failure."""
    if not (os.environ.get("CI") and report.skipped) or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not any(allowed in reason for allowed in ALLOWED_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"Skipped, and CI accepts no skip for this reason: {reason}"


@pytest.fixture
def practice(db: None) -> Iterator["Practice"]:
    """Act within a founded, empty practice, for the whole test."""
    from daysheet.kernel.tenancy import acting_in
    from tests import make

    found = make.practice()
    with acting_in(found.pk):
        yield found
