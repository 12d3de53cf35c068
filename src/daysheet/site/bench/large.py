"""Files of a hundred megabytes and more: how fast they are read, how soon the first finding comes, in how much memory.

A file is made for its row and removed behind it. Each measurement is a process of its own, so that its memory is its own.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from daysheet.site.bench.timing import Measured
from daysheet.site.bench.wire import mixed

SIZES = (100, 1_000)
KINDS = {"835": "835", "837": "837P"}
MOST_MIB, LEAST_MB_S, SOON_MS = 60, 8, 500


def measured(sizes: Sequence[int] = SIZES) -> Iterator[Measured]:
    """Measure reading and the first finding for every kind and size, in megabytes."""
    for name, kind in KINDS.items():
        for size in sizes:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "large.x12"
                with path.open("wb") as out:
                    out.writelines(pieces(kind, size))
                yield _reading(f"x12-{name}-{size}mb", path)
                yield _first_finding(f"x12-{name}-{size}mb-first", path)


def pieces(kind: str, megabytes: float) -> Iterator[bytes]:
    """Give a file of one set in pieces: its head, the same claims over and over, its end with the right count.

    The claims come again under their numbers, which is a fault: so there is something to find in it.
    """
    data = mixed(kind, 0.1)
    starts, ends = data.index(b"~LX*" if kind == "835" else b"~HL*") + 1, data.rindex(b"~SE*") + 1
    head, body, tail = data[:starts], data[starts:ends], data[ends:]
    times = max(1, round(megabytes * 1e6 / len(body)))
    yield head
    for _ in range(times):
        yield body
    trailer, after = tail.split(b"~", 1)
    count = head.count(b"~") - 2 + times * body.count(b"~") + 1  # ISA and GS are not of the set, SE is
    yield b"SE*%d*%s~" % (count, trailer.rpartition(b"*")[2]) + after


def _reading(name: str, path: Path) -> Measured:
    told, floor = _asked("read", path), _asked("split", path)
    rate, bare, peak = told["mb_s"], floor["mb_s"], told["peak_mib"]
    return Measured(
        name, "typed claims, one by one", "MB/s", rate, rate, rate, bare, bare, rate / bare, None,
        f"at least {LEAST_MB_S} MB/s, peak {peak:.0f} of at most {MOST_MIB} MiB", rate >= LEAST_MB_S and peak < MOST_MIB,
        told,
    )  # fmt: skip


def _first_finding(name: str, path: Path) -> Measured:
    told = _asked("first", path)
    took, peak = told["ms"], told["peak_mib"]
    return Measured(
        name, "until the first finding", "ms", took, took, took, 0, 0, 0, None,
        f"at most {SOON_MS} ms, peak {peak:.0f} of at most {MOST_MIB} MiB", took <= SOON_MS and peak < MOST_MIB, told,
    )  # fmt: skip


def _asked(what: str, path: Path) -> dict[str, float]:
    words = [sys.executable, "-m", "daysheet.site.bench.alone", what, str(path)]
    told: dict[str, float] = json.loads(subprocess.run(words, check=True, capture_output=True).stdout)
    return told
