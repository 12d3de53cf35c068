"""A Qualified Medicare Beneficiary is asked for nothing: no copay is taken, no statement is made."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from daysheet.coverage import commands as coverage
from daysheet.coverage.models import Coverage
from daysheet.formats import x12
from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import holding
from daysheet.ledger import commands
from daysheet.ledger.models import Payment, Statement
from tests import cast, make
from tests.coverage.answering import ACTIVE, reply, take_in
from tests.ledger.conftest import Office

pytestmark = pytest.mark.django_db
QMB = x12.Benefit("1", service_types=("30",), insurance_type="QM")
LAST_YEAR = date(2025, 11, 3)


@pytest.fixture
def protected(office: Office) -> Office:
    """Ms. Diaz is a QMB in March, by the answer of her plan."""
    with holding():
        plan = make.plan("Medicare Part B", "MEDICARE", kind="medicare", by_partner=make.partner())
        card = make.coverage(office.diaz, plan)
        asked = coverage.ask_eligibility(office.rosa, coverage_id=card.pk, service_on=cast.MONDAY)
        take_in(office.practice.pk, reply(asked, ACTIVE, QMB))
    return office


def pay(office: Office, purpose: str) -> Payment:
    return commands.take_payment(
        office.rosa,
        patient_id=office.diaz.pk,
        amount=Decimal("20.00"),
        method="cash",
        location_id=office.door.pk,
        purpose=purpose,
    )


def test_no_copay_is_taken(protected: Office) -> None:
    with pytest.raises(commands.NothingMayBeAsked, match=r"1902\(n\)\(3\)"):
        pay(protected, "copay")
    assert not Payment.objects.exists()


def test_no_statement_asks_for_a_day_on_which_the_plan_said_so(protected: Office) -> None:
    protected.charge("80.00")
    with pytest.raises(commands.NothingMayBeAsked, match="Mar 9, 2026"):
        commands.make_statement(protected.ben, patient_id=protected.diaz.pk)
    assert not Statement.objects.exists()


def test_what_is_owed_from_before_may_be_asked_and_paid(protected: Office) -> None:
    protected.charge("80.00", on=LAST_YEAR)
    assert commands.make_statement(protected.ben, patient_id=protected.diaz.pk).amount == Decimal("80.00")
    assert pay(protected, "balance").amount == Decimal("20.00")


def test_no_copay_is_taken_after_the_plan_could_not_say_once_more(protected: Office) -> None:
    card = Coverage.objects.get()
    with holding():
        asked = coverage.ask_eligibility(office_later(protected), coverage_id=card.pk, service_on=cast.MONDAY)
        silent = reply(asked, rejections=(x12.Rejection("payer", "42", "Y"),))
        take_in(protected.practice.pk, silent, cast.NOW + timedelta(hours=1))
    with pytest.raises(commands.NothingMayBeAsked, match=r"1902\(n\)\(3\)"):
        pay(protected, "copay")


def office_later(office: Office) -> Actor:
    return cast.rosa(office.practice.pk, cast.NOW + timedelta(hours=1))
