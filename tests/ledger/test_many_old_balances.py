"""Thousands of old balances come in one batch after the other; what each costs does not grow with the book."""

from decimal import Decimal

from django.db import connection

from daysheet.ledger import commands
from daysheet.ledger.commands import OldBalance
from tests import cast
from tests.ledger.conftest import Office

READ = """
select coalesce(sum(pg_stat_get_xact_tuples_returned(c.oid)), 0)::int
from pg_class c left join pg_index i on i.indexrelid = c.oid
where c.relname = 'ledger_line' or i.indrelid = 'ledger_line'::regclass"""


def test_whether_an_entry_sums_to_zero_is_asked_of_its_own_lines(office: Office) -> None:
    """Also where the database believes that a practice has few lines, as it does while it knows no better."""
    by = cast.system(office.practice.pk)

    def checked(first: int, count: int) -> int:
        balances = [
            OldBalance(office.diaz.pk, Decimal("5.00"), cast.MONDAY, f"old-{n}")
            for n in range(first, first + count)
        ]
        commands.bring_forward_many(by, balances=balances, memo="From the old books")
        with connection.cursor() as cursor:
            cursor.execute(READ)
            before = cursor.fetchone()[0]
            cursor.execute("set constraints ledger_entry_sums_to_zero, ledger_line_sums_to_zero immediate")
            cursor.execute(READ)
            read = cursor.fetchone()[0] - before
            cursor.execute("set constraints ledger_entry_sums_to_zero, ledger_line_sums_to_zero deferred")
        return int(read)

    few, more = checked(0, 50), checked(50, 50)
    assert (
        0 < few == more <= 50 * 3 * 4
    )  # an entry and two lines ask, each of two lines, by an index and in the table
