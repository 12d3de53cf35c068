"""The demonstration's payment plans: one runs, one is due today, one waits for its signature."""

from types import SimpleNamespace
from typing import Any

import pytest

from daysheet.ledger import queries
from daysheet.ledger.models import PaymentPlan
from daysheet.site.simulate.paying import promise_to_pay
from tests import cast, make
from tests.ledger.conftest import furnish

pytestmark = pytest.mark.django_db


def test_three_patients_who_owe_enough_promise_to_pay() -> None:
    with make.acting(make.practice()) as practice:
        office = furnish(practice)
        office.charge("20.00")
        for number in range(4):
            office.charge("150.00", of=make.patient(family=f"Roe{number}"))
        play: Any = SimpleNamespace(office=SimpleNamespace(by=lambda _role, now: office.rosa.at(now)))
        assert promise_to_pay(play, cast.MONDAY, cast.NOW) == 3
        assert sorted(PaymentPlan.objects.values_list("state", flat=True)) == [
            "proposed",
            "running",
            "running",
        ]
        kept = [one.keeping.state for one in queries.plan_standings(today=cast.MONDAY)]
        assert kept == ["due", "kept"]
