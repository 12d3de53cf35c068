"""A full disk, or a database that is started anew in the middle of a request: a clean 503, and nothing half done."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.test import Client
from django.urls import resolve

from daysheet.kernel.tenancy import acting_in
from daysheet.ledger.models import AskedAnyway
from tests.proofs.conftest import Standing
from tests.proofs.fill import plausible
from tests.proofs.test_every_form_twice import Book
from tests.world import TODAY

WRITES = ("insert into", "update ")


@pytest.fixture
def book(standing: Standing) -> Book:
    return Book(standing.throwaway.server.dsn("postgres"))


def at_the_nth_write(number: int, act: Callable[[], None]) -> Callable[..., Any]:
    """Return a wrapper that does something at one of a request's writes."""
    seen = [0]

    def wrapped(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if str(sql).lower().lstrip().startswith(WRITES):
            seen[0] += 1
            if seen[0] == number:
                act()
        return execute(sql, params, many, context)

    return wrapped


def take_a_payment(standing: Standing) -> tuple[Client, str, dict[str, list[str]]]:
    """Return a browser with the filled form of a payment."""
    form = next(f for _, f in standing.forms("office_manager").values() if f.address == "ledger:payment-take")
    with acting_in(standing.world.practice.pk), transaction.atomic():
        AskedAnyway.objects.create(  # else Medicaid lets nothing be taken
            patient_id=resolve(form.action).kwargs["patient_id"],
            service_on=TODAY,
            why=AskedAnyway.Why.NOT_COVERED,
            said="Signed on paper",
            at=datetime.combine(TODAY, time(14), UTC),
            by_name="Ana Petrov",
        )
    return standing.browser("office_manager"), form.action, form.body(plausible)


@pytest.mark.parametrize("number", [2, 4, 7])
def test_a_full_disk_at_any_write_is_a_503_and_nothing_is_half_done(
    standing: Standing, book: Book, number: int
) -> None:
    browser, action, body = take_a_payment(standing)

    def full() -> None:
        raise OperationalError("no space left on device") from psycopg.errors.DiskFull()

    before = book.told()
    with connection.execute_wrapper(at_the_nth_write(number, full)):
        answer = browser.post(action, body)
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "Nothing was saved." in answer.content.decode()
    assert book.told() == before
    assert browser.post(action, body).status_code == 303  # the same form, once there is room


def test_a_database_that_ends_in_mid_request_is_a_503_and_the_next_request_works(
    standing: Standing, book: Book
) -> None:
    browser, action, body = take_a_payment(standing)
    superuser = standing.throwaway.server.dsn("postgres")

    def end_it() -> None:
        with psycopg.connect(superuser, autocommit=True) as link:
            link.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'daysheet_app'"
            )

    before = book.told()
    with connection.execute_wrapper(at_the_nth_write(4, end_it)):
        answer = browser.post(action, body)
    assert answer.status_code == 503
    connections.close_all()  # what the start of the next request does
    assert book.told() == before
    assert browser.post(action, body).status_code == 303
