"""Many say yes to one freed time at once: one is booked, the others are told that it is gone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands
from daysheet.schedule.matching import BATCH
from daysheet.schedule.models import Appointment, SlotOffer, WaitlistEntry
from tests import make
from tests.desk import hidden_fields
from tests.house import House, appointment, furnished
from tests.offered import let_in, path_of, switched, texted
from tests.patience import PATIENCE, until_somebody_waits
from tests.reminded import BASE, system
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
        assert [one.result(PATIENCE) for one in acts] == ["booked", "ended", "left"]
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
        until_somebody_waits()  # the yes has read the entry and stands before the visit
        assert not said.done()
    assert said.result(PATIENCE) == "StaleForm"
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


def test_of_two_who_say_yes_by_link_one_is_booked_and_the_other_is_told_kindly(
    house: House, desks: ThreadPoolExecutor, settings: Any
) -> None:
    settings.PUBLIC_URL = BASE
    with house.open():
        switched(house)
    for turn in range(ROUNDS // 3):
        at = FREED + timedelta(minutes=20 * turn)
        with house.open():
            gone = freed(house, at)
            people = [texted(f"Link{turn}x{n}", 10 * turn + n) for n in range(2)]
            entries = [waits(house, one) for one in people]
            offers = commands.offer_slot(
                house.rosa, freed_by_id=gone.id, entry_ids=[one.id for one in entries]
            )
            pages = {one.id: path_of(one) for one in offers}
            browsers = {one.id: let_in(pages[one.id], one.patient) for one in offers}
        start = Barrier(2)
        acts = [desks.submit(by_link, browsers[one.id], pages[one.id], start) for one in offers]
        pages_seen = [one.result(PATIENCE) for one in acts]
        assert sum("Your visit is booked" in one for one in pages_seen) == 1
        assert sum("That time has just been taken." in one for one in pages_seen) == 1
        with house.open():
            assert Appointment.objects.holding().filter(starts_at=at).count() == 1
            said = sorted(SlotOffer.objects.filter(freed_by=gone).values_list("answer", flat=True))
            assert said == ["accepted", "slot_gone"]
            for one in WaitlistEntry.objects.filter(state="waiting"):
                commands.withdraw_from_waitlist(house.rosa, entry_id=one.id)


def test_two_runs_at_once_ask_one_batch(house: House, desks: ThreadPoolExecutor) -> None:
    with house.open():
        switched(house, "itself")
        for n in range(2 * BATCH):
            waits(house, make.patient(f"Runs{n}"))
        gone = freed(house)
    start = Barrier(2)
    acts = [desks.submit(run, house, gone.id, start) for _n in range(2)]
    assert sorted(one.result(PATIENCE) for one in acts) == [0, BATCH]
    with house.open():
        assert SlotOffer.objects.count() == BATCH


def by_link(browser: Client, path: str, start: Barrier) -> str:
    form = hidden_fields(browser.get(path).content.decode(), form='class="portal-answers"')
    start.wait(PATIENCE)
    return browser.post(path, form | {"act": "yes"}, follow=True).content.decode()


def run(house: House, freed_by_id: UUID, start: Barrier) -> int:
    start.wait(PATIENCE)
    return len(commands.offer_by_itself(system(house), freed_by_id=freed_by_id))
