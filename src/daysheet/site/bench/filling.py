"""The large part of the practice, by COPY: patients with their search keys, appointments, the book of money."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from daysheet.coverage.models import Coverage, EligibilityInquiry, EligibilityResponse
from daysheet.kernel.models import Counter
from daysheet.ledger.models import Balance
from daysheet.patients.matching import keys
from daysheet.patients.models import Guarantor, Patient, PatientContact, PatientKey, PatientPhone
from daysheet.privacy.models import Consent
from daysheet.schedule.models import Appointment
from daysheet.site.bench import money
from daysheet.site.bench.copying import Table, key, rest_indexes, wake_indexes
from daysheet.site.bench.furnishing import Furniture
from daysheet.site.bench.plan import NOW, TODAY, ZONE, Person, Size, phone
from daysheet.visits.models import Visit

(
    PATIENT,
    PHONE,
    CONTACT,
    GUARANTOR,
    SEARCH,
    COVERAGE,
    BALANCE,
    APPOINTMENT,
    CONSENT,
    ASKED,
    ANSWERED,
    VISIT,
) = range(1, 13)
SEEN_SINCE = TODAY - timedelta(days=90)
"""Appointments from this day on have their visit; older ones came with the books of another system."""
Link = psycopg.Connection[Any]
Act = Callable[[Link], None]
Tell = Callable[[int, int], None]
BIG = (
    "appointment", "patient_key", "patient", "patient_phone", "patient_contact", "guarantor", "coverage", "balance",
    "consent", "visit", "eligibility_inquiry", "eligibility_response", "ledger_entry", "ledger_line", "payment",
    "daysheet",
)  # fmt: skip


def fill(address: str, made: Furniture, size: Size, tell: Tell) -> None:
    """Copy everything in, then build the indexes and gather the statistics; two things at a time.

    The login must be one that row-level security lets pass. Foreign keys are not asked: the plan holds them.
    """
    with _connect(address) as link:
        rest_indexes(link, BIG)
    copies: list[Act] = [
        lambda link: _appointments(link, made, size),
        lambda link: _patients(link, made, size),
        lambda link: _search_keys(link, made, size),
        lambda link: _around(link, made, size),
        lambda link: _answers(link, made, size),
        lambda link: _visits(link, made, size),
        lambda link: money.fill(link, made, size),
    ]
    wakings: list[Act] = [_waking(table) for table in BIG]
    done, steps = 0, len(copies) + len(wakings)
    for acts in (copies, wakings):
        for _ in _side_by_side(address, acts):
            done += 1
            tell(done, steps)


def _connect(address: str) -> Link:
    link = psycopg.connect(address, autocommit=True)
    link.execute("set session_replication_role = replica")
    link.execute("set synchronous_commit = off")
    link.execute("set maintenance_work_mem = '512MB'")
    link.execute("set max_parallel_maintenance_workers = 0")
    return link


def _side_by_side(address: str, acts: Sequence[Act]) -> Iterator[None]:
    def one(act: Act) -> None:
        with _connect(address) as link:
            act(link)

    with ThreadPoolExecutor(2) as pool:
        for ended in [pool.submit(one, act) for act in acts]:
            ended.result()
            yield


def _waking(table: str) -> Act:
    return lambda link: wake_indexes(link, table)


def _patients(link: Link, made: Furniture, size: Size) -> None:
    names = ("id", "chart_number", "family", "given", "born_on", "sex", "street")
    table = Table(
        Patient, made.practice_id, names, city="Springfield", state="MA", zip="01103", registered_at=NOW
    )
    table.fill(link, (_patient(person) for person in size.people()))
    next_chart = Table(Counter, made.practice_id, ("id",), name="chart", next=10_001 + size.patients)
    next_chart.fill(link, [key(PATIENT + 100, 1)])


def _patient(person: Person) -> str:
    n, who = person.number, person.who
    sex = "F" if person.is_woman else "M"
    street = f"{n % 480 + 1} Main St"
    return f"{key(PATIENT, n)}\t{who.chart_number}\t{who.family}\t{who.given}\t{who.born_on}\t{sex}\t{street}"


def _search_keys(link: Link, made: Furniture, size: Size) -> None:
    table = Table(PatientKey, made.practice_id, ("id", "patient_id", "kind", "key"))

    def lines() -> Iterator[str]:
        number = 0
        for person in size.people():
            patient = key(PATIENT, person.number)
            for kind, word in keys(person.who):
                number += 1
                yield f"{key(SEARCH, number)}\t{patient}\t{kind}\t{word}"

    table.fill(link, lines())


def _around(link: Link, made: Furniture, size: Size) -> None:
    """Copy what stands around a patient: phone, contact, guarantor, notice, coverage of four in five, balance."""
    own, every = made.practice_id, range(size.patients)
    numbered = ("id", "patient_id")
    Table(PatientPhone, own, (*numbered, "number")).fill(
        link, (f"{key(PHONE, n)}\t{key(PATIENT, n)}\t{phone(n)}" for n in every)
    )
    Table(PatientContact, own, (*numbered, "phone"), name="Kim Thorne", relationship="Parent").fill(
        link, (f"{key(CONTACT, n)}\t{key(PATIENT, n)}\t{phone(n * 3 + 1)}" for n in every if n % 3 == 0)
    )
    Table(Guarantor, own, numbered).fill(link, (f"{key(GUARANTOR, n)}\t{key(PATIENT, n)}" for n in every))
    signed = {"kind": "npp", "edition": "2026", "signed_on": TODAY, "signed_by": "Kim Thorne", "at": NOW}
    Table(Consent, own, numbered, **signed).fill(
        link, (f"{key(CONSENT, n)}\t{key(PATIENT, n)}" for n in every if n % 2)
    )
    since = TODAY - timedelta(days=900)
    Table(Coverage, own, (*numbered, "member_id"), plan_id=made.plan, starts_on=since).fill(
        link, (f"{key(COVERAGE, n)}\t{key(PATIENT, n)}\tXJ4{n:07d}" for n in every if n % 5)
    )
    Table(Balance, own, (*numbered, "owes", "insurance")).fill(
        link,
        (
            f"{key(BALANCE, n)}\t{key(PATIENT, n)}\t{n % 9 * 5 if n % 7 == 0 else 0}\t{n % 3 * 40}"
            for n in every
        ),
    )


def _answers(link: Link, made: Furniture, size: Size) -> None:
    """Copy what the plan said of every fourth patient who is covered."""
    own = made.practice_id
    asked = [n for n in range(0, size.patients, 4) if n % 5]
    question = {
        "service_on": TODAY,
        "asked_at": NOW - timedelta(days=1),
        "asked_by": "Rosa Marin",
        "state": "answered",
    }
    Table(EligibilityInquiry, own, ("id", "patient_id", "coverage_id", "trace"), **question).fill(
        link, (f"{key(ASKED, n)}\t{key(PATIENT, n)}\t{key(COVERAGE, n)}\tB{n:08d}" for n in asked)
    )
    answer = {
        "answered_at": NOW - timedelta(days=1),
        "verdict": "eligible",
        "sentence": "Covered.",
        "copay": 25,
    }
    Table(EligibilityResponse, own, ("id", "patient_id", "inquiry_id"), **answer).fill(
        link, (f"{key(ANSWERED, n)}\t{key(PATIENT, n)}\t{key(ASKED, n)}" for n in asked)
    )


def _visits(link: Link, made: Furniture, size: Size) -> None:
    names = ("id", "number", "patient_id", "appointment_id", "provider_id", "location_id", "service_on")
    then = NOW - timedelta(days=1)
    same = {"flow": "checked_out", "flow_since": then, "arrived_at": then, "ended_at": then}
    people = [str(one) for one in made.clinicians]
    doors = [str(made.doors[size.door_of(n)]) for n in range(size.clinicians)]

    def lines() -> Iterator[str]:
        for n, one in enumerate(size.promises()):
            if one.booking == "completed" and one.day >= SEEN_SINCE:
                yield (
                    f"{key(VISIT, n)}\t{n + 1}\t{key(PATIENT, one.patient)}\t{key(APPOINTMENT, n)}"
                    f"\t{people[one.clinician]}\t{doors[one.clinician]}\t{one.day}"
                )
            elif one.day < SEEN_SINCE:
                return

    Table(Visit, made.practice_id, names, **same).fill(link, lines())
    next_visit = Table(Counter, made.practice_id, ("id",), name="visit", next=size.appointments + 1)
    next_visit.fill(link, [key(VISIT + 100, 1)])


def _appointments(link: Link, made: Furniture, size: Size) -> None:
    names = (
        "id",
        "patient_id",
        "provider_id",
        "location_id",
        "type_id",
        "starts_at",
        "ends_at",
        "on_day",
        "booking",
    )
    table = Table(
        Appointment, made.practice_id, names, booked_at=NOW - timedelta(days=30), booked_by="Rosa Marin"
    )
    table.fill(link, appointment_lines(made, size))


def appointment_lines(made: Furniture, size: Size) -> Iterator[str]:
    """Yield the appointments of the plan as COPY reads them."""
    people = [str(one) for one in made.clinicians]
    doors = [str(made.doors[size.door_of(n)]) for n in range(size.clinicians)]
    kinds = {10: str(made.kinds["Brief"]), 15: str(made.kinds["Follow-up"])}
    moments: dict[tuple[date, int], str] = {}

    def at(day: date, minute: int) -> str:
        if (day, minute) not in moments:
            clock = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZONE)
            moments[day, minute] = clock.isoformat()
        return moments[day, minute]

    for number, one in enumerate(size.promises()):
        who, day = one.clinician, one.day
        begins, ends = at(day, one.minute), at(day, one.minute + one.lasts)
        yield (
            f"{key(APPOINTMENT, number)}\t{key(PATIENT, one.patient)}\t{people[who]}\t{doors[who]}\t{kinds[one.lasts]}"
            f"\t{begins}\t{ends}\t{day}\t{one.booking}"
        )


def patient_key(number: int) -> UUID:
    """Return the key of a patient by its running number."""
    return UUID(key(PATIENT, number))
