"""Two clerks at one patient's plan: one of them makes it."""

from decimal import Decimal

import pytest

from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands
from daysheet.ledger.models import PaymentPlan
from tests import make
from tests.ledger.test_at_the_same_time import at_once, opened
from tests.ledger.test_payment_plans import offer, sign

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_clerks_make_one_plan_of_a_patient() -> None:
    practice, office = opened()
    with make.acting(practice):
        office.charge("150.00")

    def clerk(_number: int) -> None:
        try:
            sign(office, offer(office))
        except Refusal:
            return

    at_once(practice, 4, 8, clerk)
    with make.acting(practice):
        assert PaymentPlan.objects.filter(state="running").count() == 1
        assert PaymentPlan.objects.filter(state="proposed").count() == 0


def test_payments_at_once_fill_no_more_than_the_plan() -> None:
    practice, office = opened()
    with make.acting(practice):
        office.charge("150.00")
        sign(office, offer(office))

    def pay(_number: int) -> None:
        try:
            office.pay("50.00", purpose="plan")
        except commands.MoreThanThePlan:
            return

    at_once(practice, 4, 8, pay)
    with make.acting(practice):
        assert office.holds() == ("0.00", "0.00", "0.00")
        filled = sum(one.amount for one in PaymentPlan.objects.get().fills.all())
        assert filled == Decimal("150.00")
