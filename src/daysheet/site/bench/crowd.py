"""Sixteen clerks at once: each does the same work on a subject of its own; the bookings then race for one time."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from statistics import median
from threading import Barrier
from typing import Any

from django.db import connection

from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands as schedule
from daysheet.schedule.commands import SlotTaken
from daysheet.site.bench import answering
from daysheet.site.bench.bare import Bare
from daysheet.site.bench.desk import AtTheDesk
from daysheet.site.bench.inside import Inside
from daysheet.site.bench.plan import NOW, Size
from daysheet.site.bench.subjects import Subjects
from daysheet.site.bench.timing import Measured, part

CLERKS = 16
EACH = 10
"""Acts of one clerk."""
RACES = 10
FIRST = 700
"""Where the free times of these rows begin; the rows of one clerk take those before."""
RACERS = 2000
"""Where the patients who race begin among those with nothing booked."""
ARRIVING, ARRIVING_BARE = 400, 600
"""Where the patients of these rows begin among those who are expected today."""
FILE = 13
"""Answers in the file that each of the sixteen reads: 208 in all."""


@dataclass(frozen=True, slots=True)
class AtOnce:
    """What each clerk does: by the number of the act, and by the floor's own connection."""

    name: str
    about: str
    ours: Callable[[int], object]
    floor: Callable[[Bare, int], object]
    each: int = EACH
    ready: Callable[[], object] = int
    """Makes what the row needs before the clock runs."""


class Crowd:
    """The work of sixteen clerks; what it needs is made when a row first asks for it."""

    def __init__(self, who: Subjects, desk: AtTheDesk, size: Size) -> None:
        self.who, self.desk = who, desk
        self.one = Inside(who, desk.bare, size)
        self.kind = who.kinds["Follow-up"]
        self.mine: dict[int, Any] = {}
        self.bares: dict[int, Any] = {}

    def book(self, number: int) -> Any:
        """Book a time of one's own."""
        return self._book(_place(0, number))

    def bare_book(self, bare: Bare, number: int) -> Any:
        """Book it by one bare statement."""
        return self._bare_book(bare, _place(1, number))

    def move(self, number: int) -> None:
        """Move the clerk's own visit to the next of the clerk's own times."""
        now, (clinician, door, at) = self.mine[number // EACH], self.who.free[_place(2, number)]
        self.mine[number // EACH] = schedule.move_appointment(
            self.who.rosa, appointment_id=now.id, version=None, provider_id=clinician, location_id=door, starts_at=at
        )  # fmt: skip

    def bare_move(self, bare: Bare, number: int) -> None:
        """Move it by two bare statements."""
        place = _place(4, CLERKS + number // EACH)
        now, (clinician, door, at) = self.bares[number // EACH], self.who.free[_place(3, number)]
        self.bares[number // EACH] = bare.move(now, self.who.spare[place], clinician, door, self.kind, at)

    def book_to_move(self) -> None:
        """Book the visits that are moved from time to time."""
        self.mine = {clerk: self._book(_place(4, clerk)) for clerk in range(CLERKS)}
        self.bares = {
            clerk: self._bare_book(self.desk.bare, _place(4, CLERKS + clerk)) for clerk in range(CLERKS)
        }

    def check_in(self, number: int) -> None:
        """Let a patient arrive, tick what the desk ticks, and check in."""
        self.one.arrive_and_check_in(self.who.here[ARRIVING + number])

    def bare_check_in(self, bare: Bare, number: int) -> None:
        """Write a visit and its steps down."""
        bare.arrive(self.who.here[ARRIVING_BARE + number], 8_000_000 + number)

    def race(self, number: int) -> int:
        """Let every clerk book the same time, each for another patient; return how many got it."""
        gate = Barrier(CLERKS)
        clinician, door, at = self.who.free[_place(4, 2 * CLERKS + number)]

        def clerk(place: int) -> bool:
            gate.wait()
            try:
                schedule.book_appointment(
                    self.who.rosa, patient_id=self.who.spare[RACERS + number * CLERKS + place], provider_id=clinician,
                    location_id=door, type_id=self.kind, starts_at=at,
                )  # fmt: skip
            except SlotTaken:
                return False
            finally:
                connection.close()
            return True

        with ThreadPoolExecutor(CLERKS) as pool:
            return sum(pool.map(clerk, range(CLERKS)))

    def _book(self, place: int) -> Any:
        clinician, door, at = self.who.free[place]
        return schedule.book_appointment(
            self.who.rosa, patient_id=self.who.spare[place], provider_id=clinician, location_id=door,
            type_id=self.kind, starts_at=at,
        )  # fmt: skip

    def _bare_book(self, bare: Bare, place: int) -> Any:
        clinician, door, at = self.who.free[place]
        return bare.book(self.who.spare[place], clinician, door, self.kind, at)


def _place(part: int, number: int) -> int:
    """Return where a free time, and a patient for it, stands: each part of the rows has its own."""
    return FIRST + part * CLERKS * EACH + number


def rows(who: Subjects, desk: AtTheDesk, size: Size) -> list[AtOnce]:
    """Return the rows of sixteen."""
    me, behind = Crowd(who, desk, size), answering.ANSWERS * answering.TURNS
    answers = answering.Answers(who, desk.bare, answers=FILE, turns=CLERKS, first=behind)
    return [
        AtOnce("booking-16", "a time of one's own is promised", me.book, me.bare_book),
        AtOnce("move-16", "a visit is moved to a free time", me.move, me.bare_move, ready=me.book_to_move),
        AtOnce("check-in-16", "arrival, steps and check-in", me.check_in, me.bare_check_in),
        AtOnce("slots-16", "the next nine times, 50 clinicians, 60 days", me.one.slots("Follow-up"),
               lambda bare, number: bare.times(me.one.clinicians, NOW, 7)),
        AtOnce("waitlist-16", "who of the list fits a time that was given up", desk.match, desk.match_by,
               ready=lambda: desk.match(0)),
        AtOnce("answers-16", f"a file of {FILE} answers is filed, line by line", answers.read_at, answers.read_by,
               ready=answers.envelopes, each=1),
    ]  # fmt: skip


def measured(
    who: Subjects, desk: AtTheDesk, address: str, size: Size, names: Sequence[str]
) -> Iterator[Measured]:
    """Measure the rows of these names; the ratio is ours against bare statements by as many connections."""
    with ExitStack() as links:
        bares = [Bare(address, who.practice.id) for _ in range(CLERKS)]
        for one in bares:
            links.enter_context(one.link)
        for row in rows(who, desk, size):
            if row.name not in names:
                continue
            row.ready()
            mine, refused = _at_once(row.ours, row.each)
            bare, _ = _at_once(partial(_by_its_own, row, bares), row.each)
            races = RACES if row.name == "booking-16" else 0
            yield _told(row, mine, refused, bare, [Crowd(who, desk, size).race(one) for one in range(races)])


def _by_its_own(row: AtOnce, bares: Sequence[Bare], number: int) -> object:
    return row.floor(bares[number // row.each], number)


def _told(row: AtOnce, mine: list[float], refused: int, bare: list[float], winners: list[int]) -> Measured:
    goal = "never twice, never refused in vain" if winners else "never refused in vain"
    more = {"refused": refused} | ({"races": RACES, "winners": winners} if winners else {})
    return Measured(
        row.name, f"{row.about}, {CLERKS} at once", "ms", median(mine), part(mine, 0.95), part(mine, 0.1), median(bare),
        part(bare, 0.95), median(mine) / median(bare), None, goal,
        not refused and all(count == 1 for count in winners), more,
    )  # fmt: skip


def _at_once(act: Callable[[int], object], each: int) -> tuple[list[float], int]:
    """Let each clerk act some times, all beginning together; return the times in milliseconds and the refusals."""
    gate = Barrier(CLERKS)

    def clerk(place: int) -> list[float | None]:
        gate.wait()
        found: list[float | None] = []
        for number in range(each):
            began = time.perf_counter()
            try:
                act(place * each + number)
                found.append((time.perf_counter() - began) * 1000)
            except Refusal:
                found.append(None)
        connection.close()
        return found

    with ThreadPoolExecutor(CLERKS) as pool:
        every = [ms for one in pool.map(clerk, range(CLERKS)) for ms in one]
    return [ms for ms in every if ms is not None], every.count(None)
