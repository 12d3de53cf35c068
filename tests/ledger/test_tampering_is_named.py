"""What a stronger hand changes in the database behind the office's back is named by its place."""

import psycopg
import pytest

from daysheet.kernel.models import Practice
from daysheet.ledger import commands, queries
from tests import cast, make
from tests.ledger.conftest import Office, furnish
from tests.throwaway import Throwaway

DROPPED = """
    with gone as (delete from ledger_entry where number = 5 returning id)
    delete from ledger_line using gone where entry_id = gone.id"""
pytestmark = pytest.mark.django_db(transaction=True)


def a_closed_monday() -> tuple[Practice, Office]:
    practice = make.practice()
    with make.acting(practice):
        office = furnish(practice)
        charge = office.charge("180.00", to="insurance")
        office.answer(charge, "72.00", ("CO", "45", "60.00"), ("PR", "2", "48.00"))
        office.pay("20.00", method="check", check_number="1182")
        commands.close_day(office.ana, day=cast.MONDAY, open_visits=0)
        office.charge("15.00")
        assert queries.troubles() == []
    return practice, office


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        (
            "update ledger_line set amount = amount + 0.01 where account = 'patient' and amount = 48.00",
            [
                "Ledger entry 2 does not sum to zero: it is off by $0.01.",
                "Chart 10442: the balance says $43.00 owed by the patient, its entries say $43.01: $0.01 apart.",
                "The closed day 2026-03-09 was touched: its entries are not those it closed with.",
                "The day sheet of 2026-03-09 does not say what its entries say.",
                "The day sheet of 2026-03-09 ends with $28.00 due, the books with $28.01.",
            ],
        ),
        (
            DROPPED,
            [
                "Ledger entry 5 is missing: the numbers have a gap there.",
                "Chart 10442: the balance says $43.00 owed by the patient, its entries say $28.00: $15.00 apart.",
            ],
        ),
        (
            "delete from ledger_line where entry_id = (select id from ledger_entry where number = 5)",
            [
                "Ledger entry 5 has lost its lines.",
                "Chart 10442: the balance says $43.00 owed by the patient, its entries say $28.00: $15.00 apart.",
            ],
        ),
        (
            "update ledger_entry set memo = 'nothing to see' where number = 2",
            ["The closed day 2026-03-09 was touched: its entries are not those it closed with."],
        ),
        (
            "update balance set credit = 7.00",
            ["Chart 10442: the balance says $7.00 unapplied credit, its entries say $0.00: $7.00 apart."],
        ),
        (
            "update payment set amount = 19.00",
            ["Receipt 1 says $19.00, its entry says $20.00."],
        ),
        (
            "update daysheet set charges = 181.00, receivables_after = 29.00",
            [
                "The day sheet of 2026-03-09 does not say what its entries say.",
                "The day sheet of 2026-03-09 ends with $29.00 due, the books with $28.00.",
            ],
        ),
        ("delete from daysheet", ["The day 2026-03-09 is closed without a day sheet."]),
        (
            "update ledger_line set posted_on = '2026-03-08' where account = 'check'",
            ["Ledger entry 3 stands on two different days."],
        ),
    ],
)
def test_tampering_is_named_by_its_place(test_database: Throwaway, tampering: str, told: list[str]) -> None:
    practice, _ = a_closed_monday()
    with psycopg.connect(test_database.server.dsn("postgres"), autocommit=True) as strong:
        strong.execute("set session_replication_role = replica")  # past triggers and keys
        strong.execute(tampering)
    with make.acting(practice):
        found = [trouble.sentence for trouble in queries.troubles()]
    assert found[: len(told)] == told
