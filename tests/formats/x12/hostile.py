"""Files that are meant to hurt, and one verb over one of them: what it read, found and needed, as JSON.

`python -m tests.formats.x12.hostile NAME VERB` is a process of its own, so that its memory can be measured.
"""

import json
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from daysheet.formats import x12
from daysheet.formats.x12.answer import answer_claims
from daysheet.formats.x12.check import check
from daysheet.formats.x12.mask import mask
from daysheet.formats.x12.sample import sample
from daysheet.formats.x12.sheets import sheets
from daysheet.formats.x12.told import told

PIECE = 1 << 16
HEADER = sample("837P")[:106]
CLAIM = sample("837P", count=2, seed=3)
PAYMENT = sample("835", count=2, seed=3)


class Source:
    """Pieces of a file, and how many bytes of it were taken."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces, self.taken = pieces, 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.taken += len(piece)
            yield piece


def endless(head: bytes, piece: bytes, megabytes: int) -> Iterator[bytes]:
    """Give a beginning and then the same piece again and again."""
    yield head
    for _ in range((megabytes << 20) // len(piece)):
        yield piece


def cut_up(data: bytes) -> Iterator[bytes]:
    """Give a file in pieces."""
    for at in range(0, len(data), PIECE):
        yield data[at : at + PIECE]


def _nested(count: int) -> Iterator[bytes]:
    yield CLAIM[: CLAIM.index(b"CLM*")]
    for start in range(10, count, 1000):
        yield b"".join(b"HL*%d*%d*22*1~" % (number, number - 1) for number in range(start, start + 1000))
    yield CLAIM[CLAIM.index(b"CLM*") :]


def _in_one_segment(sign: bytes, count: int) -> Iterator[bytes]:
    at = CLAIM.index(b"~", CLAIM.index(b"CLM*"))
    yield CLAIM[:at]
    for start in range(0, count, 10_000):
        yield b"".join(b"%b%d" % (sign, number) for number in range(start, start + 10_000))
    yield CLAIM[at:]


def _after(mark: bytes, what: bytes, times: int, data: bytes = CLAIM) -> Iterator[bytes]:
    at = data.index(b"~", data.index(mark)) + 1
    yield data[:at]
    for start in range(0, times, 1000):
        yield what * min(1000, times - start)
    yield data[at:]


def _charged(digits: bytes) -> bytes:
    at = CLAIM.index(b"*", CLAIM.index(b"CLM*") + 4) + 1
    return CLAIM[:at] + digits + CLAIM[CLAIM.index(b"*", at) :]


FILES: dict[str, Callable[[], Iterable[bytes]]] = {
    "500 MB without a terminator": lambda: endless(HEADER[:-1] + b"~GS", b"A" * PIECE, 500),
    "500 MB before any header": lambda: endless(b"", b"words " * 10_000, 500),
    "500 MB of a header alone": lambda: endless(b"ISA", b"*" * PIECE, 500),
    "a document of 500 MB": lambda: endless(
        sample("275")[: sample("275").index(b"BDS*")] + b"BDS*B64*524288000*", b"A" * PIECE, 500
    ),
    "a million empty segments": lambda: endless(HEADER, b"~" * 10_000, 1),
    "a million segments of a letter": lambda: _after(b"CLM*", b"X~", 1_000_000),
    "a million lines of a claim": lambda: _after(b"LX*", b"LX*1~", 1_000_000),
    "100,000 levels, each in the one before": lambda: _nested(100_000),
    "2,000,000 elements in a segment": lambda: _in_one_segment(b"*", 2_000_000),
    "100,000 elements in a segment": lambda: _in_one_segment(b"*", 100_000),
    "100,000 parts of an element": lambda: _in_one_segment(b":", 100_000),
    "NUL bytes": lambda: [CLAIM.replace(b"*", b"*\0")],
    "nothing but NUL bytes": lambda: endless(b"", b"\0" * PIECE, 8),
    "ISA only": lambda: [HEADER],
    "UTF-16": lambda: [CLAIM.decode().encode("utf-16")],
    "a byte order mark": lambda: [b"\xef\xbb\xbf" + CLAIM],
    "an amount of 10^30": lambda: [_charged(b"1" + b"0" * 30)],
    "an amount of a million digits": lambda: [_charged(b"9" * 1_000_000)],
    "one ISA13 2,000 times": lambda: (CLAIM for _ in range(2_000)),
    "200,000 headers": lambda: (HEADER for _ in range(200_000)),
    "200,000 sets of nothing": lambda: _after(b"GS*", b"ST*837*1*005010X222A1~SE*2*1~", 200_000),
    "200,000 empty groups": lambda: _after(b"ISA*", b"GS*HC~GE*0~", 200_000),
    "200,000 TA1": lambda: _after(b"ISA*", b"TA1*1*2*3*4~", 200_000),
    "200,000 payments beside claims": lambda: _after(b"TRN*", b"PLB*1*20261231*WO:1*1~", 200_000, PAYMENT),
    "200,000 names": lambda: _after(b"CLM*", b"NM1*82*1*LEE*%b~" % (b"J" * 9), 200_000),
    "300,000 numbers of people": lambda: (
        HEADER if number < 0 else b"REF*1W*%09d~" % number for number in range(-1, 300_000)
    ),
}
"""What is sent, made when it is read; none of them is a file."""
AT = datetime(2026, 3, 10, 12, 0)


def _acknowledged(source: Source) -> int:
    return sum(1 for one in x12.acknowledge(source) for group in one.groups for _ in group.sets)


VERBS: dict[str, Callable[[Source], int]] = {
    "read": lambda source: sum(len(one.problems) for one in x12.read(source)),
    "check": lambda source: sum(1 for _ in check(source)),
    "acknowledge": _acknowledged,
    "told": lambda source: sum(1 for _ in told(source)),
    "mask": lambda source: sum(len(piece) for piece in mask(source, b"of one run")),
    "sheets": lambda source: sum(1 for _ in sheets(source)),
    "answer": lambda source: sum(1 for _ in answer_claims(b"".join(source), at=AT)),
}


def peak() -> int:
    """Return the most memory of this process in MiB; ru_maxrss begins with that of the process that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) >> 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10


def main() -> None:
    """Do one verb, and say what it took."""
    name, verb = sys.argv[1:]
    source = Source(FILES[name]())
    found = VERBS[verb](source)
    print(json.dumps({"taken": source.taken, "found": found, "mib": peak()}))


if __name__ == "__main__":
    main()
