"""Many desks at the last resource and the last lane: one winner each round, and nobody refused without need."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, ResourceHold
from tests import make
from tests.house import House, clinician, furnished
from tests.schedule.needing import NINE, REASON, book, resource, rule, scan

CLERKS = 8
ROUNDS = 12
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house() -> House:
    return furnished()


@pytest.fixture
def desks() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(CLERKS) as pool:
        yield pool
        all_in = Barrier(CLERKS)

        def leave() -> None:
            all_in.wait()
            connection.close()

        list(pool.map(lambda _: leave(), range(CLERKS)))


def at_once(desks: ThreadPoolExecutor, acts: list[Callable[[], object]]) -> list[str]:
    """Do acts together, one a desk, and say what came of each."""
    start = Barrier(len(acts))

    def do(act: Callable[[], object]) -> str:
        start.wait()
        try:
            act()
        except Refusal as no:
            return type(no).__name__
        return "done"

    return sorted(desks.map(do, acts))


def test_the_last_resource_has_one_winner_each_round(house: House, desks: ThreadPoolExecutor) -> None:
    with house.open():
        kind = scan(house, resource(house), after_minutes=5)
        patients = [make.patient(f"Patient{n}").id for n in range(CLERKS)]
        clinicians = [clinician(f"Doctor{n}", house.door).id for n in range(CLERKS)]
    for turn in range(ROUNDS):
        at = NINE + timedelta(days=turn)
        acts = [
            lambda who=who, whom=whom, at=at: book(house, kind, at, patient_id=whom, provider_id=who)
            for who, whom in zip(clinicians, patients, strict=True)
        ]
        assert at_once(desks, acts) == ["ResourceTaken"] * (CLERKS - 1) + ["done"]
    with house.open():
        assert ResourceHold.objects.count() == ROUNDS


def test_as_many_resources_as_clerks_leave_nobody_out(house: House, desks: ThreadPoolExecutor) -> None:
    with house.open():
        resources = [resource(house) for _ in range(CLERKS)]
        kind = scan(house, resources[0])
        patients = [make.patient(f"Patient{n}").id for n in range(CLERKS)]
        clinicians = [clinician(f"Doctor{n}", house.door).id for n in range(CLERKS)]
    for turn in range(ROUNDS):
        at = NINE + timedelta(days=turn)
        acts = [
            lambda who=who, whom=whom, at=at: book(house, kind, at, patient_id=whom, provider_id=who)
            for who, whom in zip(clinicians, patients, strict=True)
        ]
        assert at_once(desks, acts) == ["done"] * CLERKS


def test_the_last_lane_has_one_winner_each_round(house: House, desks: ThreadPoolExecutor) -> None:
    with house.open():
        rule(house)
        patients = [make.patient(f"Patient{n}").id for n in range(CLERKS)]
        for turn in range(ROUNDS):
            book(house, house.follow_up, NINE + timedelta(days=7 * turn))

    def over(patient_id: UUID, turn: int) -> Appointment:
        at = NINE + timedelta(days=7 * turn)
        return book(house, house.follow_up, at, patient_id=patient_id, by=house.ana, overbook_reason=REASON)

    for turn in range(ROUNDS):
        acts = [lambda whom=whom, turn=turn: over(whom, turn) for whom in patients]
        assert at_once(desks, acts) == ["LanesAreFull"] * (CLERKS - 1) + ["done"]
    with house.open():
        assert list(Appointment.objects.filter(lane=1).values_list("lane", flat=True)) == [1] * ROUNDS


def test_a_visit_stands_again_or_another_is_booked_but_never_both(
    house: House, desks: ThreadPoolExecutor
) -> None:
    with house.open():
        kind = scan(house, resource(house))
        park = clinician("Park", house.door).id
    for turn in range(ROUNDS):
        at = NINE + timedelta(days=7 * turn)
        made = book(house, kind, at)
        commands.cancel_appointment(house.rosa, appointment_id=made.id, version=None, reason="ill")
        acts: list[Callable[[], object]] = [
            lambda made=made: commands.reopen_appointment(house.rosa, appointment_id=made.id),
            lambda at=at: book(house, kind, at, patient_id=house.ann.id, provider_id=park),
        ]
        assert at_once(desks, acts) == ["ResourceTaken", "done"]
