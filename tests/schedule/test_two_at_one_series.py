"""Two desks at one series: it is changed once, whoever presses first; one that presses later looks again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import time
from threading import Barrier

import pytest
from django.db import connection

from daysheet.kernel.errors import Refusal
from daysheet.schedule import changing, commands
from daysheet.schedule.changing import Change
from tests.house import furnished
from tests.schedule.test_change_a_series import booked

CLERKS = 6
pytestmark = pytest.mark.django_db(transaction=True)


def test_six_who_change_one_series_at_once_change_it_once() -> None:
    house = furnished()
    with house.open():
        series = booked(house, 3)
        seen = [(one.appointment.pk, one.appointment.version) for one in changing.places(series.pk)]
    start = Barrier(CLERKS)

    def act(number: int) -> str:
        start.wait()
        try:
            commands.change_series(
                house.rosa,
                series_id=series.pk,
                version=1,
                visits=seen,
                change=Change(clock=time(10 + number % 2)),
            )
        except Refusal as no:
            return type(no).__name__
        finally:
            connection.close()
        return "moved"

    with ThreadPoolExecutor(CLERKS) as pool:
        answers = list(pool.map(act, range(CLERKS)))
    assert sorted(answers) == ["StaleForm"] * (CLERKS - 1) + ["moved"]
    with house.open():
        clocks = {one.clock(Change()) for one in changing.places(series.pk)}
    assert len(clocks) == 1
