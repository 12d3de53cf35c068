"""Ten thousand wait: who fits is found in the same statements as for ten, and never by reading each of them."""

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.patients.models import Patient
from daysheet.schedule import waitlist
from daysheet.schedule.models import WaitlistEntry
from tests import cast
from tests.house import House
from tests.schedule.waiting import FREED, freed

MANY = 10_000


def put_many(house: House, count: int, *, first: int) -> None:
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
    WaitlistEntry.objects.bulk_create(
        WaitlistEntry(
            patient=one,
            type=house.follow_up,
            provider_ids=[house.lee.id] if n % 2 else [],
            weekdays=[n % 5] if n % 3 else [],
            added_at=cast.NOW - timedelta(minutes=n),
            added_by="Rosa Marin",
        )
        for n, one in enumerate(people)
    )


@pytest.mark.django_db
def test_ten_thousand_cost_the_statements_of_ten(house: House) -> None:
    gone = [freed(house, FREED + timedelta(minutes=20 * n)) for n in range(12)]
    counts = []
    assert gone[0].location.zone  # at hand before the count begins
    for count, first in ((10, 50_000), (MANY, 60_000)):
        put_many(house, count, first=first)
        with CaptureQueriesContext(connection) as heard:
            rows, fits = waitlist.match_rows(gone[0], cast.NOW, most=25)
            listed = waitlist.freed(cast.NOW)
        counts.append(len(heard))
    assert counts[0] == counts[1]
    assert len(rows) == 25
    assert fits > MANY // 5
    assert len(listed) == 12


@pytest.mark.django_db
def test_twelve_freed_times_cost_less_than_twelve_times_one(house: House) -> None:
    gone = [freed(house, FREED + timedelta(minutes=20 * n)) for n in range(12)]
    put_many(house, MANY, first=60_000)
    waitlist.match_rows(gone[0], cast.NOW, most=25)  # what is read only once is read
    turns = [  # in turn, so that what else the machine does falls on both
        (
            _seconds(lambda: waitlist.match_rows(gone[0], cast.NOW, most=25)),
            _seconds(lambda: waitlist.freed(cast.NOW)),
        )
        for _ in range(4)
    ]
    one, twelve = (min(some) for some in zip(*turns, strict=True))
    print(f"one time {one:.2f} s, twelve times {twelve:.2f} s")
    assert twelve < 8 * one


def _seconds(asked: Callable[[], object]) -> float:
    began = perf_counter()
    asked()
    return perf_counter() - began
