"""Closed bills of earlier books: behind this book's first day, once, and nothing of them is due."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.ids import new_id
from daysheet.ledger import commands, queries
from daysheet.ledger.models import LedgerEntry, PostingDay
from daysheet.ledger.past import PastBill, entries_of
from tests import cast
from tests.ledger.conftest import Office

SUNDAY = cast.MONDAY - timedelta(days=1)
OLD = date(2009, 9, 13)
DUE = {"insurance", "patient", "unapplied"}


def bill(office: Office, key: str = "b-1", **more: object) -> PastBill:
    """77.49 charged; the plan paid 16.62 and left 60.87, of which the patient paid 60.00."""
    facts: dict[str, object] = {
        "charge": Decimal("77.49"),
        "payer_id": office.blue.pk,
        "visit_id": new_id(),
        "plan_paid": Decimal("16.62"),
        "shares": [("3", Decimal("60.00")), ("2", Decimal("0.87"))],
        "own_payments": [("cash", Decimal("60.00"))],
    }
    return PastBill(key, office.diaz.pk, OLD, **(facts | more))  # type: ignore[arg-type]


def test_every_entry_sums_to_zero_and_nothing_is_left_due(office: Office) -> None:
    told = entries_of(bill(office))
    assert [one.kind for one in told] == ["charge", "insurance_payment", "payment", "brought_forward"]
    assert [sum(side.amount for side in one.sides) for one in told] == [0, 0, 0, 0]
    assert sum(side.amount for one in told for side in one.sides if side.account in DUE) == 0


@pytest.mark.parametrize(
    ("facts", "closing"),
    [
        ({"own_payments": [("cash", Decimal("60.87"))]}, None),
        ({"own_payments": []}, Decimal("60.87")),
        ({"own_payments": [("cash", Decimal("80.00"))]}, Decimal("-19.13")),
        ({"payer_id": None, "own_payments": [("card", Decimal("77.49"))]}, None),
        ({"plan_paid": Decimal("0.00"), "shares": [], "own_payments": []}, Decimal("77.49")),
    ],
)
def test_what_the_file_does_not_tell_is_closed_against_the_earlier_books(
    office: Office, facts: dict[str, object], closing: Decimal | None
) -> None:
    told = entries_of(bill(office, **facts))
    rest = [side.amount for one in told for side in one.sides if side.account == "brought_forward"]
    assert rest == ([closing] if closing else [])


def test_history_stands_before_the_first_day_of_the_book(office: Office) -> None:
    rows = commands.bring_history(cast.system(office.practice.pk), bills=[bill(office)])
    day = PostingDay.objects.get(is_history=True)
    assert day.day == SUNDAY
    assert {(one.posted_on, one.service_on, one.source_kind) for one in rows} == {(SUNDAY, OLD, "history")}
    assert queries.balance(office.diaz.pk) == queries.Standing()
    assert queries.troubles() == []


def test_a_bill_comes_once(office: Office) -> None:
    system = cast.system(office.practice.pk)
    twice = bill(office)
    commands.bring_history(system, bills=[twice, twice])
    assert commands.bring_history(system, bills=[twice]) == []
    assert LedgerEntry.objects.count() == 4


def test_history_hinders_no_close_and_changes_no_closed_day(office: Office) -> None:
    system = cast.system(office.practice.pk)
    commands.bring_history(system, bills=[bill(office)])
    office.charge("60.00")
    commands.close_day(office.ana, day=cast.MONDAY, open_visits=0)
    commands.bring_history(system, bills=[bill(office, "b-2", own_payments=[])])
    assert LedgerEntry.objects.get(source_key="b-2").posted_on == SUNDAY
    assert queries.troubles() == []


def test_the_day_of_history_is_not_closed_by_anybody(office: Office) -> None:
    commands.bring_history(cast.system(office.practice.pk), bills=[bill(office)])
    with pytest.raises(commands.DayIsClosed, match="earlier books"):
        commands.close_day(office.ana, day=SUNDAY, open_visits=0)


def test_a_desk_may_not_bring_history(office: Office) -> None:
    with pytest.raises(NotPermitted):
        commands.bring_history(office.rosa, bills=[bill(office)])
    assert not PostingDay.objects.filter(is_history=True).exists()


def test_the_patients_bill_says_that_nothing_of_it_is_due(office: Office) -> None:
    commands.bring_history(cast.system(office.practice.pk), bills=[bill(office, own_payments=[])])
    told = queries.explain(office.diaz.pk)
    assert told[-1].text == "This was settled before we kept these books: nothing of it is due."
    assert sum(line.effect for line in told) == 0
