"""One thing done with one X12 file in a process of its own that loads nothing else, so that its memory is its own."""

import json
import resource
import sys
import time
from decimal import Decimal
from pathlib import Path

from daysheet.formats import x12
from daysheet.formats.x12.check import check

MIB = 1 << 20


def _read(path: Path) -> None:
    total = Decimal(0)
    with path.open("rb") as stream:
        for _, one in x12.stream(stream):
            total += one.charge  # type: ignore[union-attr]


def _split(path: Path) -> None:
    """The floor: pieces of a megabyte, split into segments and elements."""
    rest = ""
    with path.open("rb") as stream:
        while piece := stream.read(MIB):
            *whole, rest = (rest + piece.decode("latin-1")).split("~")
            for segment in whole:
                segment.split("*")


def _first(path: Path) -> None:
    with path.open("rb") as stream:
        if next(check(stream), None) is None:
            raise RuntimeError("nothing was found")


def main(what: str, file: str) -> None:
    """Do one thing with a file and print how long it took, in how much memory."""
    path = Path(file)
    began = time.perf_counter()
    {"read": _read, "split": _split, "first": _first}[what](path)
    took = time.perf_counter() - began
    print(json.dumps({"ms": took * 1000, "mb_s": path.stat().st_size / 1e6 / took, "peak_mib": _peak()}))


def _peak() -> float:
    """Return the most memory that this process held, in MiB."""
    status = Path("/proc/self/status")
    if status.exists():  # what the kernel tells of resources counts the process before this one in
        return (
            next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
            / 1024
        )
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MIB if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(*sys.argv[1:])
