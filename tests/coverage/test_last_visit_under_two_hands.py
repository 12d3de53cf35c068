"""Two clerks book the last authorized visit at once: both bookings stand, and the counts tell."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from daysheet.coverage import authorizing
from daysheet.coverage import commands as coverage
from daysheet.coverage.granted import granted
from daysheet.kernel.errors import StaleForm
from daysheet.schedule import commands
from tests import make
from tests.house import House, furnished

TUESDAY = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)  # 9:00 am in New York
MONDAY = date(2026, 3, 9)
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


def test_both_book_the_last_visit_and_the_warning_tells(house: House, desks: ThreadPoolExecutor) -> None:
    with house.open():
        patient = make.patient("Ortiz")
        card = make.coverage(patient, make.plan())
        coverage.add_authorization(
            house.rosa, patient_id=patient.pk, coverage_id=card.pk, kind="prior", number="AUTH1",
            starts_on=MONDAY, visits_approved=1,
        )  # fmt: skip
    start = Barrier(2)

    def book(place: int) -> UUID | None:
        start.wait()
        return commands.book_appointment(
            house.rosa,
            patient_id=patient.pk,
            provider_id=house.lee.id,
            location_id=house.door.id,
            type_id=house.follow_up.id,
            starts_at=TUESDAY + timedelta(hours=place),
        ).authorization_id

    assert None not in list(desks.map(book, range(2)))
    with house.open():
        (shown,) = granted(authorizing.authorizations(patient.pk), MONDAY)
    assert shown.counts == "0 of 1 used, 2 booked, 0 left"
    assert [word for _tone, word in shown.marks] == ["1 visit too many"]


def test_both_choose_the_last_visit_by_hand_and_the_warning_tells(
    house: House, desks: ThreadPoolExecutor
) -> None:
    with house.open():
        patient = make.patient("Ortiz")
        card = make.coverage(patient, make.plan())
        facts = {"patient_id": patient.pk, "coverage_id": card.pk, "kind": "prior", "starts_on": MONDAY}
        coverage.add_authorization(house.rosa, number="AUTH1", **facts)
        last = coverage.add_authorization(
            house.rosa, number="AUTH2", visits_approved=1, what_for=["Nothing booked"], **facts
        )
        booked = [
            commands.book_appointment(
                house.rosa,
                patient_id=patient.pk,
                provider_id=house.lee.id,
                location_id=house.door.id,
                type_id=house.follow_up.id,
                starts_at=TUESDAY + timedelta(hours=place),
            )
            for place in range(2)
        ]
    start = Barrier(2)

    def choose(place: int) -> UUID | None:
        start.wait()
        one = booked[place]
        return commands.count_appointment_under(
            house.rosa, appointment_id=one.pk, version=one.version, authorization_id=last.pk
        ).authorization_id

    assert list(desks.map(choose, range(2))) == [last.pk, last.pk]
    with house.open():
        shown = {one.held.number: one for one in granted(authorizing.authorizations(patient.pk), MONDAY)}
    assert shown["AUTH2"].counts == "0 of 1 used, 2 booked, 0 left"
    assert [word for _tone, word in shown["AUTH2"].marks] == ["1 visit too many"]
    assert shown["AUTH1"].counts == "0 used, 0 booked, no limit"


def test_two_who_choose_for_one_visit_do_not_overwrite_each_other(
    house: House, desks: ThreadPoolExecutor
) -> None:
    with house.open():
        patient = make.patient("Ortiz")
        card = make.coverage(patient, make.plan())
        facts = {"patient_id": patient.pk, "coverage_id": card.pk, "kind": "prior", "starts_on": MONDAY}
        both = [coverage.add_authorization(house.rosa, number=f"AUTH{n}", **facts) for n in range(2)]
        one = commands.book_appointment(
            house.rosa,
            patient_id=patient.pk,
            provider_id=house.lee.id,
            location_id=house.door.id,
            type_id=house.follow_up.id,
            starts_at=TUESDAY,
        )
    start = Barrier(2)

    def choose(place: int) -> str:
        start.wait()
        try:
            commands.count_appointment_under(
                house.rosa, appointment_id=one.pk, version=one.version, authorization_id=both[place].pk
            )
        except StaleForm:
            return "stale"
        return "kept"

    assert sorted(desks.map(choose, range(2))) == ["kept", "stale"]
