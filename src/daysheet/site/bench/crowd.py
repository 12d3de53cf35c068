"""Sixteen clerks who book at once: each a time of their own, and then all of them the same one."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from threading import Barrier

from django.db import connection

from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands as schedule
from daysheet.schedule.commands import SlotTaken
from daysheet.site.bench.bare import Bare
from daysheet.site.bench.subjects import Subjects
from daysheet.site.bench.timing import Measured, part

CLERKS = 16
EACH = 10
RACES = 10
FIRST = 700
"""Where the free times of these rows begin; the row of one clerk takes those before."""


def measured(who: Subjects, address: str) -> Measured:
    """Book with sixteen clerks at once; the ratio is ours against bare inserts by as many connections."""
    kind, rosa = who.kinds["Follow-up"], who.rosa

    def ours(number: int) -> None:
        clinician, door, at = who.free[FIRST + number]
        schedule.book_appointment(
            rosa,
            patient_id=who.spare[FIRST + number],
            provider_id=clinician,
            location_id=door,
            type_id=kind,
            starts_at=at,
        )

    bares = [Bare(address, who.practice.id) for _ in range(CLERKS)]

    def floor(number: int) -> None:
        clinician, door, at = who.free[FIRST + 300 + number]
        bares[number // EACH].book(who.spare[FIRST + 300 + number], clinician, door, kind, at)

    mine, refused = _at_once(ours)
    bare, _ = _at_once(floor)
    winners = [_race(who, number) for number in range(RACES)]
    once = all(count == 1 for count in winners)
    return Measured(
        "booking-16", "sixteen clerks book at once, then race for one time", "ms", median(mine), part(mine, 0.95),
        part(mine, 0.1), median(bare), part(bare, 0.95), median(mine) / median(bare), None,
        "never twice, never refused in vain", once and not refused,
        {"refused": refused, "races": RACES, "winners": winners},
    )  # fmt: skip


def _at_once(act: Callable[[int], None]) -> tuple[list[float], int]:
    """Let each clerk act some times, all beginning together; return the times in milliseconds and the refusals."""
    gate = Barrier(CLERKS)

    def clerk(place: int) -> list[float | None]:
        gate.wait()
        found: list[float | None] = []
        for number in range(EACH):
            began = time.perf_counter()
            try:
                act(place * EACH + number)
                found.append((time.perf_counter() - began) * 1000)
            except Refusal:
                found.append(None)
        connection.close()
        return found

    with ThreadPoolExecutor(CLERKS) as pool:
        every = [ms for one in pool.map(clerk, range(CLERKS)) for ms in one]
    return [ms for ms in every if ms is not None], every.count(None)


def _race(who: Subjects, number: int) -> int:
    """Let every clerk book the same time, each for another patient; return how many got it."""
    gate = Barrier(CLERKS)
    clinician, door, at = who.free[FIRST + 600 + number]

    def clerk(place: int) -> bool:
        gate.wait()
        try:
            schedule.book_appointment(
                who.rosa, patient_id=who.spare[2000 + number * CLERKS + place], provider_id=clinician, location_id=door,
                type_id=who.kinds["Follow-up"], starts_at=at,
            )  # fmt: skip
        except SlotTaken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(CLERKS) as pool:
        return sum(pool.map(clerk, range(CLERKS)))
