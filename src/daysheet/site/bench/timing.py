"""A row of the table: one piece of work and its floor, timed in turn, with the statements it took."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from django.db import connection

Work = Callable[[int], object]
"""Does one round of a row; takes the number of the round."""


@dataclass(frozen=True, slots=True)
class Row:
    """A piece of work: ours and the floor's, how often, and what is asked of it."""

    name: str
    about: str
    ours: Work
    floor: Work
    rounds: int = 60
    at_most_ms: float | None = None
    at_most_statements: int | None = None
    megabytes: float | None = None
    """How much one round reads: the row is then told in megabytes a second."""
    at_least_mb_s: float | None = None
    warming: int = 2
    """Rounds before the clock runs."""
    whole_page: bool = False
    """The statements that open and close the page's transaction count too."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a row came to; times in milliseconds, rates a second."""

    name: str
    about: str
    unit: str
    p50: float
    p95: float
    quiet: float
    """The best tenth: what it takes while nobody else uses the machine."""
    floor_p50: float
    floor_p95: float
    ratio: float
    """How many times as long as the floor; of rates, what part of the floor's."""
    statements: int | None
    target: str
    meets: bool | None
    more: dict[str, Any] = field(default_factory=dict)


@contextmanager
def counting() -> Iterator[list[str]]:
    """Collect the statements that the block asks of the database; BEGIN and COMMIT are not among them."""
    heard: list[str] = []

    def hear(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        heard.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hear):
        yield heard


def measure(row: Row) -> Measured:
    """Time a row and its floor in turn, so that a busy moment of the machine strikes both."""
    for work in (row.ours, row.floor):
        for number in range(row.warming):
            work(number)
    statements = 0 if row.megabytes else _statements(row)
    # What lives already is not looked through again in the middle of a round: a floor of many rows would let ours pay.
    gc.collect()
    gc.freeze()
    ours, floor = [], []
    for number in range(row.rounds):
        ours.append(_timed(row.ours, number))
        floor.append(_timed(row.floor, number))
    if row.megabytes:
        return _as_rate(row, ours, floor, row.megabytes)
    p95 = part(ours, 0.95)
    asked = [f"p95 at most {row.at_most_ms:g} ms"] if row.at_most_ms else []
    asked += [f"at most {row.at_most_statements} statements"] if row.at_most_statements else []
    met = (row.at_most_ms is None or p95 <= row.at_most_ms) and (
        row.at_most_statements is None or statements <= row.at_most_statements
    )
    return Measured(
        row.name, row.about, "ms", median(ours), p95, part(ours, 0.1), median(floor), part(floor, 0.95),
        median(ours) / median(floor), statements, ", ".join(asked), met if asked else None,
    )  # fmt: skip


def part(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def _timed(work: Work, number: int) -> float:
    began = time.perf_counter()
    work(number)
    return (time.perf_counter() - began) * 1000


def _statements(row: Row) -> int:
    """Return the most that one of a few rounds asked."""
    most = 0
    for number in range(row.rounds, row.rounds + 3):
        with counting() as heard:
            row.ours(number)
        most = max(most, len(heard) + (2 if row.whole_page else 0))
    return most


def _as_rate(row: Row, ours: list[float], floor: list[float], megabytes: float) -> Measured:
    rates = [megabytes / ms * 1000 for ms in ours]
    bare = [megabytes / ms * 1000 for ms in floor]
    target = f"at least {row.at_least_mb_s:g} MB/s" if row.at_least_mb_s else ""
    met = median(rates) >= row.at_least_mb_s if row.at_least_mb_s else None
    return Measured(
        row.name, row.about, "MB/s", median(rates), part(rates, 0.05), part(rates, 0.9), median(bare), part(bare, 0.05),
        median(rates) / median(bare), None, target, met,
    )  # fmt: skip
