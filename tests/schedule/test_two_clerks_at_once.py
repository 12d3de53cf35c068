"""Many desks at once: one winner for one slot, and nobody refused who asks for a slot of his own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.practice.models import Provider
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment
from tests import make
from tests.house import House, clinician, furnished

CLERKS = 16
ROUNDS = 40
TUESDAY = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)  # 9:00 am in New York
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


def test_sixteen_clerks_at_one_free_slot_have_one_winner_each_round(
    house: House, desks: ThreadPoolExecutor
) -> None:
    with house.open():
        patients = [make.patient(f"Patient{n}").id for n in range(CLERKS)]
    act = book_with(house)
    for turn in range(ROUNDS):
        start = Barrier(CLERKS)
        at = TUESDAY + timedelta(days=7 * (turn // 8), minutes=20 * (turn % 8))
        answers = list(desks.map(act, patients, [house.lee] * CLERKS, [at] * CLERKS, [start] * CLERKS))
        assert sorted(answers) == ["SlotTaken"] * (CLERKS - 1) + ["booked"]
    with house.open():
        assert Appointment.objects.holding().count() == ROUNDS


def test_four_hundred_different_slots_at_once_are_all_booked(house: House, desks: ThreadPoolExecutor) -> None:
    with house.open():
        patients = [make.patient(f"Patient{n}").id for n in range(400)]
        clinicians = [clinician(f"Doctor{n}", house.door) for n in range(10)]
    act = book_with(house)
    asked = [
        (patient, clinicians[n % 10], TUESDAY + timedelta(minutes=20 * (n // 10)))
        for n, patient in enumerate(patients)
    ]
    answers = list(desks.map(lambda one: act(*one, None), asked))
    assert answers == ["booked"] * 400


def book_with(house: House, by: Actor | None = None) -> Callable[..., str]:
    """Return a clerk's act: book, and say what came of it."""

    def act(patient: object, clinician: Provider, at: datetime, start: Barrier | None) -> str:
        if start:
            start.wait()
        try:
            commands.book_appointment(
                by or house.rosa,
                patient_id=patient,  # type: ignore[arg-type]
                provider_id=clinician.id,
                location_id=house.door.id,
                type_id=house.follow_up.id,
                starts_at=at,
            )
        except Refusal as no:
            return type(no).__name__
        return "booked"

    return act


def test_complaint_10_one_patient_at_two_clinicians_has_one_winner_each_round(
    house: House, desks: ThreadPoolExecutor
) -> None:
    with house.open():
        clinicians = [clinician(f"Doctor{n}", house.door) for n in range(CLERKS)]
    act = book_with(house, by=house.ana)
    for turn in range(8):
        start = Barrier(CLERKS)
        at = TUESDAY + timedelta(minutes=20 * turn)
        answers = list(desks.map(act, [house.diaz.id] * CLERKS, clinicians, [at] * CLERKS, [start] * CLERKS))
        assert sorted(answers) == ["PatientIsElsewhere"] * (CLERKS - 1) + ["booked"]
    with house.open():
        assert Appointment.objects.holding().count() == 8
