"""A visit that goes to another payer after its slip was posted takes with it what is due for it."""

from uuid import UUID

import pytest

from daysheet.charges.models import Charge
from daysheet.claims import commands, queries
from daysheet.claims.models import Claim
from daysheet.kernel.jobs import holding
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.models import LedgerLine
from daysheet.visits.models import Visit
from tests import make
from tests.claims.office import Loop
from tests.claims.test_cases_of_injury import enter, under

pytestmark = pytest.mark.django_db


def uncovered(loop: Loop) -> Visit:
    """A posted visit of 180.00 that the patient owes: nobody had said that it was an accident."""
    with make.acting(loop.office):
        loop.coverage.delete()
        loop.coverage = None  # type: ignore[assignment]
    return loop.visit()


def holds(loop: Loop) -> tuple[str, str, str]:
    with make.acting(loop.office):
        standing = books.balance(loop.diaz.pk)
        assert books.troubles() == []
    return (str(standing.insurance), str(standing.owes), str(standing.credit))


def due_from(loop: Loop) -> set[UUID | None]:
    """Which payers the book names for what is due from plans."""
    with make.acting(loop.office):
        sums: dict[UUID | None, int] = {}
        for payer_id, amount in LedgerLine.objects.filter(account="insurance").values_list(
            "payer_id", "amount"
        ):
            sums[payer_id] = sums.get(payer_id, 0) + amount
    return {payer_id for payer_id, amount in sums.items() if amount}


def test_what_the_patient_owed_is_due_from_the_insurer_of_the_case() -> None:
    loop = Loop()
    visit = uncovered(loop)
    assert holds(loop) == ("0.00", "180.00", "0.00")
    case = enter(loop, "auto", state="oh", employer="")
    under(loop, case, visit)
    assert holds(loop) == ("180.00", "0.00", "0.00")
    assert due_from(loop) == {case.payer_id}
    claim = commands.make_claim(loop.by(), visit_id=visit.pk)
    assert loop.due(claim) == (180, 0)
    with make.acting(loop.office):
        assert queries.count_to_bill() == 0
        assert Charge.objects.filter(state="posted").count() == 2


def test_what_was_paid_for_it_becomes_credit_and_it_goes_back_when_no_case_pays() -> None:
    loop = Loop()
    visit = uncovered(loop)
    with holding():
        ledger.take_payment(
            loop.by("rosa"),
            patient_id=loop.diaz.pk,
            amount=50,
            method="check",
            check_number="12",
            location_id=loop.door.pk,
        )
    under(loop, enter(loop), visit)
    assert holds(loop) == ("180.00", "0.00", "50.00")
    under(loop, None, visit)
    assert holds(loop) == ("0.00", "130.00", "0.00")


def test_what_was_due_from_the_health_plan_is_due_from_the_case() -> None:
    loop = Loop()
    visit = loop.visit()
    assert due_from(loop) == {loop.payer_row().pk}
    case = enter(loop)
    under(loop, case, visit)
    assert due_from(loop) == {case.payer_id}
    under(loop, None, visit)
    assert due_from(loop) == {loop.payer_row().pk}


def test_what_a_payer_has_or_has_answered_stays_where_it_is() -> None:
    loop = Loop()
    claim = loop.sent()
    with make.acting(loop.office):
        visit = Claim.objects.select_related("visit").get(pk=claim.pk).visit
    case = enter(loop)
    under(loop, case, visit)
    assert due_from(loop) == {claim.payer_id}
    loop.pay()
    before = holds(loop)
    under(loop, None, visit)
    assert holds(loop) == before


def test_of_what_was_written_off_in_part_the_rest_moves() -> None:
    loop = Loop()
    visit = uncovered(loop)
    ledger.write_off(loop.by(), patient_id=loop.diaz.pk, amount=20, reason="kindness")
    under(loop, enter(loop), visit)
    assert holds(loop) == ("160.00", "0.00", "0.00")
