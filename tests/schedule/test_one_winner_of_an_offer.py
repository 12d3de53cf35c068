"""Many say yes to one freed time at once: one is booked, the others are told that it is gone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import sleep
from uuid import UUID

import pytest
from django.db import connection

from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands
from daysheet.schedule.matching import BATCH
from daysheet.schedule.models import Appointment, SlotOffer, WaitlistEntry
from tests import make
from tests.house import House, appointment, furnished
from tests.schedule.waiting import FREED, freed, waits

ROUNDS = 12
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house() -> House:
    return furnished()


@pytest.fixture
def desks() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(BATCH + 1) as pool:
        yield pool
        all_in = Barrier(BATCH + 1)

        def leave() -> None:
            all_in.wait()
            connection.close()

        list(pool.map(lambda _: leave(), range(BATCH + 1)))


def test_three_who_say_yes_and_a_booking_at_the_desk_have_one_winner_each_round(
    house: House, desks: ThreadPoolExecutor
) -> None:
    for turn in range(ROUNDS):
        at = FREED + timedelta(days=7 * (turn // 6), minutes=20 * (turn % 6))
        with house.open():
            gone = freed(house, at)
            entries = [waits(house, make.patient(f"Yes{turn}x{n}")) for n in range(BATCH)]
            offers = commands.offer_slot(
                house.rosa, freed_by_id=gone.id, entry_ids=[one.id for one in entries]
            )
            walks_in = make.patient(f"Desk{turn}")
        start = Barrier(BATCH + 1)
        acts = [desks.submit(yes, house, one.id, start) for one in offers]
        acts.append(desks.submit(book, house, walks_in.id, at, start))
        answers = sorted(one.result() for one in acts)
        assert answers.count("booked") == 1, answers
        assert set(answers) <= {"booked", "OfferIsOver", "SlotTaken"}
        with house.open():
            held = Appointment.objects.holding().get(starts_at=at)
            said = sorted(SlotOffer.objects.filter(freed_by=gone).values_list("answer", flat=True))
            won = held.patient_id != walks_in.id
            assert said == (["accepted"] if won else []) + ["slot_gone"] * (BATCH - won)
            mine = WaitlistEntry.objects.filter(id__in=[one.id for one in entries])
            assert mine.filter(state="booked").count() == won
            for one in mine.filter(state="waiting"):
                commands.withdraw_from_waitlist(house.rosa, entry_id=one.id)


def test_a_yes_and_the_end_of_all_offers_at_once_do_not_lock_each_other_out(
    house: House, desks: ThreadPoolExecutor
) -> None:
    for turn in range(ROUNDS):
        at = FREED + timedelta(days=7 * (turn // 6), minutes=20 * (turn % 6))
        with house.open():
            gone = freed(house, at)
            entries = [waits(house, make.patient(f"Yes{turn}x{n}")) for n in range(BATCH)]
            offers = commands.offer_slot(
                house.rosa, freed_by_id=gone.id, entry_ids=[one.id for one in entries]
            )
            SlotOffer.objects.filter(id=offers[1].id).update(expires_at=house.rosa.now)
        start = Barrier(BATCH)
        acts = [
            desks.submit(yes, house, offers[2].id, start),
            desks.submit(end, house, start),
            desks.submit(leave_list, house, entries[0].id, start),
        ]
        assert [one.result(30) for one in acts] == ["booked", "ended", "left"]
        with house.open():
            for one in WaitlistEntry.objects.filter(state__in=("waiting", "offered")):
                commands.withdraw_from_waitlist(house.rosa, entry_id=one.id)


def test_a_yes_while_the_visit_behind_it_is_moved_makes_no_second_visit(
    house: House, desks: ThreadPoolExecutor
) -> None:
    with house.open():
        old = appointment(house, FREED + timedelta(days=14))
        entry = waits(house, source="booked", moves_id=old.id)
        offers = commands.offer_slot(house.rosa, freed_by_id=freed(house).id, entry_ids=[entry.id])
    with house.open():
        commands.move_appointment(
            house.rosa, appointment_id=old.id, version=None, starts_at=FREED + timedelta(days=7)
        )
        said = desks.submit(yes, house, offers[0].id, Barrier(1))
        sleep(0.5)  # the yes has read the entry and waits for the visit
        assert not said.done()
    assert said.result(30) == "StaleForm"
    assert yes(house, offers[0].id, Barrier(1)) == "booked"
    with house.open():
        assert Appointment.objects.holding().get(patient=house.diaz).starts_at == FREED


def yes(house: House, offer_id: UUID, start: Barrier) -> str:
    start.wait()
    try:
        commands.answer_offer(house.rosa, offer_id=offer_id, answer="accepted")
    except Refusal as no:
        return type(no).__name__
    return "booked"


def book(house: House, patient_id: UUID, at: object, start: Barrier) -> str:
    start.wait()
    try:
        commands.book_appointment(
            house.rosa,
            patient_id=patient_id,
            provider_id=house.lee.id,
            location_id=house.door.id,
            type_id=house.follow_up.id,
            starts_at=at,  # type: ignore[arg-type]
        )
    except Refusal as no:
        return type(no).__name__
    return "booked"


def end(house: House, start: Barrier) -> str:
    start.wait()
    commands.expire_offers(house.rosa, today=house.rosa.now.date())
    return "ended"


def leave_list(house: House, entry_id: UUID, start: Barrier) -> str:
    start.wait()
    commands.withdraw_from_waitlist(house.rosa, entry_id=entry_id)
    return "left"
