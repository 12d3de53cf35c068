"""What one window does, every other window of the practice hears, and nothing about whom."""

import json

import psycopg
import pytest

from daysheet.kernel.live import CHANNEL
from daysheet.schedule import commands as schedule
from daysheet.visits import commands as visits
from tests import cast
from tests.house import House, appointment, furnished
from tests.patience import PATIENCE
from tests.throwaway import Throwaway

pytestmark = pytest.mark.django_db(transaction=True)


def heard(
    connection: "psycopg.Connection[tuple[object, ...]]", within: float = PATIENCE
) -> list[dict[str, str]]:
    return [json.loads(news.payload) for news in connection.notifies(timeout=within, stop_after=2)]


def test_an_arrival_is_heard_by_the_other_windows(test_database: Throwaway) -> None:
    house = furnished()
    with house.open():
        booked = appointment(house, cast.NOW)
    with psycopg.connect(test_database.server.dsn("daysheet_app"), autocommit=True) as other:
        other.execute(f"listen {CHANNEL}")
        visit = visits.arrive(house.rosa, appointment_id=booked.id)
        news = next(iter(other.notifies(timeout=PATIENCE, stop_after=1)))
    assert json.loads(news.payload) == {
        "practice": str(house.practice.id),
        "topic": "visits",
        "key": str(visit.id),
    }


def test_a_booking_is_heard_by_the_schedule_and_by_the_board(test_database: Throwaway) -> None:
    house = furnished()
    with house.open():
        booked = appointment(house, cast.NOW)
    with psycopg.connect(test_database.server.dsn("daysheet_app"), autocommit=True) as other:
        other.execute(f"listen {CHANNEL}")
        schedule.cancel_appointment(house.rosa, appointment_id=booked.id, version=1, reason="ill")
        topics = {one["topic"] for one in heard(other)}
    assert topics == {"schedule", "visits"}


def test_what_is_refused_is_not_heard(test_database: Throwaway) -> None:
    house: House = furnished()
    with house.open():
        booked = appointment(house, cast.NOW, booking="cancelled")
    with psycopg.connect(test_database.server.dsn("daysheet_app"), autocommit=True) as other:
        other.execute(f"listen {CHANNEL}")
        with pytest.raises(visits.NotToBeSeen):
            visits.arrive(house.rosa, appointment_id=booked.id)
        assert heard(other, within=1) == []
