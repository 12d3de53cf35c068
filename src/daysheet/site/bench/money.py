"""The book of money of the practice to measure: closed days, each of four hundred lines, and two open ones."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import psycopg

from daysheet.kernel.models import Counter
from daysheet.ledger.commands.book import ENTRY_NUMBER
from daysheet.ledger.models import Daysheet, LedgerEntry, LedgerLine, Payment, PostingDay
from daysheet.site.bench.copying import NULL, Table, key
from daysheet.site.bench.furnishing import Furniture
from daysheet.site.bench.plan import NOW, TODAY, Size, weekdays_before

DAY, ENTRY, LINE, PAYMENT, SHEET, COUNTER, PATIENT = 21, 22, 23, 24, 25, 26, 1
CHARGES, PLAN_PAYMENTS, DESK_PAYMENTS = 100, 40, 40
LINES_A_DAY = CHARGES * 2 + PLAN_PAYMENTS * 3 + DESK_PAYMENTS * 2
A_DAY = CHARGES + PLAN_PAYMENTS + DESK_PAYMENTS
CHARGED, PAID, WRITTEN_DOWN, AT_THE_DESK = 145, 90, 35, 20
Link = psycopg.Connection[Any]


class Post(NamedTuple):
    """An entry of the plan: its number, day, kind and sides."""

    number: int
    day: int
    kind: str
    sides: tuple[tuple[str, int], ...]


def days(size: Size) -> list[date]:
    """Return the posting days, the first day first; the last two are open."""
    return [*reversed(weekdays_before(TODAY, size.closed_days + 1)), TODAY]


def sheet_day(size: Size) -> date:
    """Return the open day whose sheet is read: the one before today."""
    return days(size)[-2]


def fill(link: Link, made: Furniture, size: Size) -> None:
    """Copy the days, entries, lines, payments and day sheets."""
    own, calendar = made.practice_id, days(size)
    closed = len(calendar) - 2
    Table(PostingDay, own, ("id", "day", "closed_at")).fill(
        link,
        (
            f"{key(DAY, n)}\t{day}\t{NOW.isoformat() if n < closed else NULL}"
            for n, day in enumerate(calendar)
        ),
    )
    Table(
        LedgerEntry,
        own,
        ("id", "number", "kind", "posting_day_id", "posted_on", "service_on"),
        at=NOW,
        by_name="Ben Okafor",
    ).fill(
        link,
        (
            f"{key(ENTRY, e.number)}\t{e.number}\t{e.kind}\t{key(DAY, e.day)}\t{calendar[e.day]}\t{calendar[e.day]}"
            for e in posts(len(calendar))
        ),
    )
    names = (
        "id",
        "entry_id",
        "account",
        "amount",
        "posted_on",
        "service_on",
        "patient_id",
        "provider_id",
        "location_id",
        "payer_id",
    )
    Table(LedgerLine, own, names).fill(link, _lines(made, size, calendar))
    desk = (e for e in posts(len(calendar)) if e.kind == "payment")
    Table(
        Payment,
        own,
        ("id", "number", "patient_id", "method", "entry_id", "received_on"),
        location_id=made.doors[0],
        amount=AT_THE_DESK,
        received_at=NOW,
        by_name="Rosa Marin",
    ).fill(
        link,
        (
            f"{key(PAYMENT, n)}\t{n + 1}\t{key(PATIENT, _patient(e, size))}\t{e.sides[0][0]}\t{key(ENTRY, e.number)}"
            f"\t{calendar[e.day]}"
            for n, e in enumerate(desk)
        ),
    )
    _sheets(link, made, calendar[:closed])
    counters = {ENTRY_NUMBER: len(calendar) * A_DAY + 1, "receipt": len(calendar) * DESK_PAYMENTS + 1}
    Table(Counter, own, ("id", "name", "next")).fill(
        link, (f"{key(COUNTER, n)}\t{name}\t{value}" for n, (name, value) in enumerate(counters.items()))
    )


def posts(count: int) -> Iterator[Post]:
    """Yield the entries of so many days."""
    number = 0
    for day in range(count):
        for place in range(A_DAY):
            number += 1
            if place < CHARGES:
                yield Post(number, day, "charge", (("insurance", CHARGED), ("charges", -CHARGED)))
            elif place < CHARGES + PLAN_PAYMENTS:
                sides = (("eft", PAID), ("contract", WRITTEN_DOWN), ("insurance", -PAID - WRITTEN_DOWN))
                yield Post(number, day, "insurance_payment", sides)
            else:
                method = ("cash", "card", "check")[number % 3]
                yield Post(number, day, "payment", ((method, AT_THE_DESK), ("unapplied", -AT_THE_DESK)))


def _lines(made: Furniture, size: Size, calendar: list[date]) -> Iterator[str]:
    number = 0
    for entry in posts(len(calendar)):
        day = calendar[entry.day]
        who = made.clinicians[entry.number % size.clinicians]
        door = made.doors[entry.number % len(made.doors)]
        payer = made.payer if entry.kind == "insurance_payment" else NULL
        patient = key(PATIENT, _patient(entry, size))
        for account, amount in entry.sides:
            number += 1
            yield (
                f"{key(LINE, number)}\t{key(ENTRY, entry.number)}\t{account}\t{amount}\t{day}\t{day}\t{patient}"
                f"\t{who}\t{door}\t{payer}"
            )


def _patient(entry: Post, size: Size) -> int:
    return entry.number * 37 % size.patients


def _sheets(link: Link, made: Furniture, closed: list[date]) -> None:
    charges, payments, adjustments = (
        CHARGES * CHARGED,
        PLAN_PAYMENTS * PAID + DESK_PAYMENTS * AT_THE_DESK,
        PLAN_PAYMENTS * WRITTEN_DOWN,
    )
    change = charges - payments - adjustments
    names = ("id", "posting_day_id", "day", "receivables_before", "receivables_after")
    same = {"charges": charges, "payments": payments, "adjustments": adjustments, "entries": A_DAY,
            "entries_hash": "copied", "figures": "{}", "closed_at": NOW, "closed_by": "Ana Petrov"}  # fmt: skip
    Table(Daysheet, made.practice_id, names, **same).fill(
        link,
        (
            f"{key(SHEET, n)}\t{key(DAY, n)}\t{day}\t{n * change}\t{(n + 1) * change}"
            for n, day in enumerate(closed)
        ),
    )
