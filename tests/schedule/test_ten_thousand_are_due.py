"""Ten thousand are due: worked out, listed, counted and sent by the statements of ten, each within seconds."""

from datetime import timedelta
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.patients.models import Patient
from daysheet.schedule import commands, recalls
from daysheet.schedule.models import Appointment, Recall
from daysheet.schedule.recalling import Step
from tests import cast
from tests.house import House
from tests.schedule.test_recalls import WAYS, yearly

MANY = 10_000


def come_many(house: House, count: int, *, first: int) -> None:
    """Let as many patients have come, each a day or a minute apart, some over a year ago."""
    people = Patient.objects.bulk_create(
        Patient(
            chart_number=first + n,
            family=f"Many{n}",
            given="A",
            born_on=house.diaz.born_on,
            registered_at=cast.NOW,
        )
        for n in range(count)
    )
    Appointment.objects.bulk_create(
        Appointment(
            patient=one,
            provider=house.lee,
            location=house.door,
            type=house.follow_up,
            booking="completed",
            starts_at=(at := cast.NOW - timedelta(days=340, minutes=first + 5 * n)),
            ends_at=at + timedelta(minutes=5),
            on_day=at.date(),
            booked_at=cast.NOW,
            booked_by="Rosa Marin",
        )
        for n, one in enumerate(people)
    )


@pytest.mark.django_db
def test_ten_thousand_cost_the_statements_of_ten(house: House) -> None:
    yearly(house, steps=[Step(-30, "letter"), Step(30, "call")])
    counts, times = [], [0.0, 0.0]
    for count, first in ((10, 50_000), (MANY, 100_000)):
        come_many(house, count, first=first)
        with CaptureQueriesContext(connection) as heard:
            began = perf_counter()
            commands.work_out_recalls(house.ana)
            times[0] = perf_counter() - began
        with CaptureQueriesContext(connection) as read:
            began = perf_counter()
            told = recalls.counts(today=cast.MONDAY, now=cast.NOW)
            rows = list(recalls.listed("overdue", today=cast.MONDAY, now=cast.NOW)[:50])
            recalls.lines(rows, today=cast.MONDAY, now=cast.NOW, ways=WAYS)
            to_do = recalls.steps_to_do(today=cast.MONDAY, now=cast.NOW).count()
            times[1] = perf_counter() - began
        counts.append(len(read))
        if count == 10:
            few = len(heard)
    print(f"worked out in {times[0]:.2f} s ({len(heard)} statements), page {times[1]:.2f} s")
    assert Recall.objects.count() == MANY + 10
    assert counts[0] == counts[1]
    assert len(heard) <= few + MANY // 2000
    assert sum(told.values()) > MANY // 2
    assert to_do > MANY // 2
    # The counts above are the proof; the times keep out only what would read each of them over and over.
    assert times[0] < 60
    assert times[1] < 20
