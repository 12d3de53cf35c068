"""The table of all rows: which there are, how they are run, how they are printed."""

import os
import platform
from collections.abc import Iterator, Sequence

from daysheet.site import compiled
from daysheet.site.bench import large, peers, wire
from daysheet.site.bench.plan import Size
from daysheet.site.bench.store import Bar, opened
from daysheet.site.bench.timing import Measured, measure

INSIDE = (
    "search-phone", "search-part", "search-name", "search-family", "search-typo", "search-birth", "day", "week",
    "month", "board", "slots", "slots-none", "booking", "move", "check-in", "check-in-page",
    "waitlist", "answers-200", "chart", "day-sheet",
)  # fmt: skip
PAGES = (
    "http-phone",
    "http-name",
    "http-day",
    "http-week",
    "http-board",
    "http-slots",
    "http-check-in",
    "http-chart",
    "http-booking",
    "http-academy",
)
CROWD = (
    "booking-16",
    "move-16",
    "check-in-16",
    "slots-16",
    "waitlist-16",
    "answers-16",
)
LISTENERS = ("board-60", "board-60-shown")
MOVING = "move-in"
WIRE = ("x12-835", "x12-837", "x12-835-check", "x12-837-check", "x12-837-write")
PEERS = tuple(peers.PEERS)
ACADEMY = "academy-near"
NAMES = (
    *INSIDE,
    ACADEMY,
    *CROWD,
    *LISTENERS,
    MOVING,
    *WIRE,
    *PEERS,
    *(f"{page}-{clients}" for page in PAGES for clients in (1, 16)),
)


def chosen(row: str) -> list[str]:
    """Return the rows that a word names: itself, or all that begin with it."""
    return [row] if row in NAMES else [name for name in NAMES if name.startswith(row)]


def run_large(sizes: Sequence[int]) -> Iterator[Measured]:
    """Measure X12 files of so many megabytes."""
    return large.measured(sizes)


def run(row: str, bar: Bar, size: Size | None = None) -> Iterator[Measured]:
    """Measure the rows that a word names, one after the other."""
    wanted, size = chosen(row), size or Size()
    for one in wire.rows() if {*WIRE} & {*wanted} else ():
        if one.name in wanted:
            yield measure(one)
    yield from peers.measured([name for name in PEERS if name in wanted])
    if not {*wanted} - {*WIRE, *PEERS}:
        return
    with opened(size, bar) as server:
        from daysheet.site.bench import crowd, inside, listeners, moving, schools, served, tidying
        from daysheet.site.bench.bare import Bare
        from daysheet.site.bench.desk import AtTheDesk
        from daysheet.site.bench.subjects import subjects

        tidying.tidy(server.dsn("postgres"))
        who = subjects(size)
        try:
            desk = AtTheDesk(who, Bare(server.dsn(), who.practice.id))
            for one in inside.rows(who, desk, size):
                if one.name in wanted:
                    yield measure(one)
            if ACADEMY in wanted:
                yield measure(schools.near())
            if {*CROWD} & {*wanted}:
                yield from crowd.measured(who, desk, server.dsn(), size, wanted)
            if {*LISTENERS} & {*wanted}:
                yield from listeners.measured(server, who, wanted)
            if MOVING in wanted:
                yield moving.measured(server.dsn("postgres"))
            if pages := [name for name in wanted if name.startswith("http-")]:
                yield from served.measured(server, who, desk, pages)
        finally:
            tidying.tidy(server.dsn("postgres"))


def machine() -> str:
    """Return what kind of machine this is, in words that name none."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    wire_is = "X12 compiled" if compiled.is_in_use() else "X12 as plain Python"
    python = platform.python_version()
    return f"{os.cpu_count()} cores, {platform.system()}, Python {python}, {wire_is}, load {load:.1f}"


def lines(measured: Sequence[Measured], *, heading: bool = True) -> list[str]:
    """Return the rows as a person reads them."""
    found = []
    if heading:
        found.append(
            f"{'row':<18} {'unit':<5} {'p50':>8} {'p95':>8} {'quiet':>8} {'floor':>8} {'ratio':>7} {'SQL':>4}  target"
        )
    for one in measured:
        verdict = "" if one.meets is None else "  met" if one.meets else "  MISSED"
        asked = "" if one.statements is None else str(one.statements)
        found.append(
            f"{one.name:<18} {one.unit:<5} {one.p50:>8.1f} {one.p95:>8.1f} {one.quiet:>8.1f} {one.floor_p50:>8.1f}"
            f" {one.ratio:>7.2f} {asked:>4}  {one.target}{verdict}"
        )
    return found
