"""The database itself keeps the book: entries that balance, only grow, and fall into open days."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import Error, IntegrityError, connection, transaction

from daysheet.ledger.models import Daysheet, LedgerEntry, LedgerLine, PostingDay
from tests import cast
from tests.ledger.conftest import Office


def bare_entry(day: PostingDay, number: int, **more: object) -> LedgerEntry:
    facts: dict[str, object] = {"posted_on": day.day, "at": cast.NOW, "by_name": "nobody"} | more
    return LedgerEntry.objects.create(number=number, kind="adjustment", posting_day=day, **facts)


def broken(day: PostingDay, *lines: tuple[str, str], entry: LedgerEntry | None = None) -> None:
    """Write lines that should not be, and let the database look at them."""
    with transaction.atomic():
        entry = entry or bare_entry(day, 99)
        for account, amount in lines:
            LedgerLine.objects.create(entry=entry, account=account, amount=Decimal(amount), posted_on=day.day)
        connection.check_constraints()


def refused(statement: str, *values: object) -> str:
    with pytest.raises(Error) as no, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return str(no.value)


def test_the_database_refuses_an_entry_that_does_not_sum_to_zero(office: Office) -> None:
    day = PostingDay.objects.create(day=cast.MONDAY)
    with pytest.raises(IntegrityError, match=r"sums to 0\.01"):
        broken(day, ("patient", "10.01"), ("charges", "-10.00"))


def test_the_database_refuses_an_entry_without_lines(office: Office) -> None:
    day = PostingDay.objects.create(day=cast.MONDAY)
    with pytest.raises(IntegrityError, match="must sum to zero"):
        broken(day)


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_line", "daysheet"])
@pytest.mark.parametrize("act", ["update {} set practice_id = practice_id", "delete from {}", "truncate {}"])
def test_the_application_may_not_edit_or_remove(office: Office, table: str, act: str) -> None:
    office.charge("10.00")
    told = refused(act.format(table))
    assert "permission denied" in told or "only grows" in told
    assert LedgerEntry.objects.count() == 1
    assert not Daysheet.objects.exists()


def test_a_cent_cannot_be_added_to_an_entry_afterwards(office: Office) -> None:
    entry = office.charge("10.00")
    with pytest.raises(IntegrityError, match="must sum to zero"):
        broken(entry.posting_day, ("patient", "0.01"), entry=entry)


def test_nothing_enters_a_closed_day_or_one_before_it(office: Office) -> None:
    before = PostingDay.objects.create(day=cast.MONDAY - timedelta(days=1))
    closed = PostingDay.objects.create(day=cast.MONDAY, closed_at=cast.NOW)
    for day in (closed, before):
        with pytest.raises(IntegrityError, match="is closed"), transaction.atomic():
            bare_entry(day, 7)


def test_a_closed_day_is_never_opened_again(office: Office) -> None:
    PostingDay.objects.create(day=cast.MONDAY, closed_at=cast.NOW)
    assert "closed for ever" in refused("update posting_day set closed_at = null")
    assert "closed for ever" in refused("delete from posting_day")


def test_an_entry_stays_whole_when_another_practice_acts_at_the_commit(office: Office) -> None:
    office.charge("10.00")
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.practice', '', true)")
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.practice', %s, true)", [str(office.practice.pk)])
