"""Two clerks begin the estimate of one visit: one of them does."""

import pytest

from daysheet.charges import commands
from daysheet.charges.models import Estimate
from daysheet.kernel.jobs import holding
from tests import make
from tests.charges.test_estimates import House
from tests.ledger.test_at_the_same_time import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_visit_gets_one_estimate_whoever_asks() -> None:
    practice = make.practice()
    with make.acting(practice), holding():
        house = House(practice)
        booked = house.book(4)

    def begin(_: int) -> str:
        try:
            house.ask(booked)
        except commands.EstimateStands:
            return "stands"
        return "begun"

    assert sorted(at_once(practice, 4, 8, begin)) == ["begun"] + ["stands"] * 7
    with make.acting(practice):
        assert Estimate.objects.count() == 1
