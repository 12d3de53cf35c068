"""Two managers put the same plan into two other ones at once: one of them wins, and nothing is in both."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from daysheet.coverage import commands
from daysheet.coverage.enrolment import PlanMerge
from daysheet.coverage.models import Coverage, InsurancePlan
from daysheet.kernel.errors import Refusal
from tests import cast, make
from tests.house import House, furnished

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house() -> House:
    return furnished()


@pytest.fixture
def desks() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool
        both = Barrier(2)

        def leave(_: int) -> None:
            both.wait()
            connection.close()

        list(pool.map(leave, range(2)))


def test_one_of_two_merges_wins(house: House, desks: ThreadPoolExecutor) -> None:
    with house.open():
        plan = make.plan()
        kept = [plan, InsurancePlan.objects.create(payer=plan.payer, name="Blue PPO 2")]
        gone = InsurancePlan.objects.create(payer=plan.payer, name="BLUE P.P.O.")
        held = make.coverage(make.patient("Ortiz"), gone)
    ana = cast.ana(house.practice.pk)
    start = Barrier(2)

    def merge(place: int) -> bool:
        start.wait()
        try:
            commands.merge_plans(ana, gone_id=gone.pk, kept_id=kept[place].pk)
        except Refusal:
            return False
        return True

    assert sorted(desks.map(merge, range(2))) == [False, True]
    with house.open():
        merged = PlanMerge.objects.get()
        assert Coverage.objects.get(pk=held.pk).plan_id == merged.kept_id
