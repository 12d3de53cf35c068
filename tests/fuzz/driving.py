"""Every verb of the X12 library over one file: what must hold of any bytes at all."""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from types import FrameType

from daysheet.formats import x12
from daysheet.formats.x12.answer import answer_claims
from daysheet.formats.x12.check import MOST, check, check_sets
from daysheet.formats.x12.mask import mask
from daysheet.formats.x12.sheets import sheets
from daysheet.formats.x12.told import told

AT = datetime(2026, 3, 10, 12, 0)
KEY = b"of one run alone"
PIECE = 4096
CALLS = 60_000
"""Calls that any verb may make for a file of no size: tables and rules are read once."""
CALLS_A_BYTE = 60
"""Calls that any verb may make for each byte: a clean file needs about six."""


class Counted:
    """A source in pieces that knows how much of it was read."""

    def __init__(self, data: bytes) -> None:
        self.data, self.taken = data, 0

    def __iter__(self) -> Iterator[bytes]:
        for at in range(0, len(self.data), PIECE):
            piece = self.data[at : at + PIECE]
            self.taken += len(piece)
            yield piece


def read(data: bytes) -> None:
    """Documents, each with its problems."""
    source = Counted(data)
    found = list(x12.read(source))
    assert source.taken <= len(data)
    assert sum(len(one.segments) for one in found) <= len(data)
    assert all(problem.message.endswith(".") for one in found for problem in one.problems)


def stream(data: bytes) -> None:
    """Claims one at a time."""
    assert sum(1 for _ in x12.stream(Counted(data))) <= len(data)


def tell(data: bytes) -> None:
    """Plain records, fit for JSON."""
    for one in told(data):
        json.dumps(one)


def look_through(data: bytes) -> None:
    """Findings, capped."""
    source = Counted(data)
    found = list(check(source))
    assert source.taken <= len(data)
    assert len(found) <= MOST + 1
    for one in found:
        assert one.message.endswith("."), one
        assert one.place is not None


def explain(data: bytes) -> None:
    """Every segment in our words, open and hidden, the findings beside."""
    lines = x12.outline(data, findings=check_sets(data))
    assert len(lines) == len(x12.outline(data, is_hidden=True)) == sum(1 for _ in x12.segments(data))


def tables(data: bytes) -> None:
    """Sheets, open and hidden, every row as wide as its head."""
    for is_hidden in (False, True):
        for one in sheets(data, is_hidden=is_hidden):
            assert {len(row) for row in one.rows} <= {len(one.columns)}, one.title


def acknowledge(data: bytes) -> None:
    """The answer to the envelopes, which can be written and read again."""
    for one in x12.acknowledge(data):
        for group in one.groups:
            (back,) = _written(x12.build_999(group))
            assert len(back.content.sets) == len(group.sets)  # type: ignore[union-attr]


def answer(data: bytes) -> None:
    """The answer claim by claim, which can be written unless a claim has nothing to be known by."""
    for one in answer_claims(data, at=AT):
        try:
            body = x12.build_277ca(one.report)
        except x12.CannotBuild:
            continue
        (back,) = _written(body)
        claims = [claim for provider in back.content.providers for claim in provider.claims]  # type: ignore[union-attr]
        assert len(claims) == len(one.claims)


def hide(data: bytes) -> None:
    """The masked file, segment for segment."""
    masked = b"".join(mask(data, KEY))
    if not _can_be_told_again(list(x12.segments(data))):
        return
    assert sum(1 for _ in x12.segments(masked)) == sum(1 for _ in x12.segments(data))


def write_again(data: bytes) -> None:
    """What was read is written, and what was written is read and written the same, byte for byte."""
    file = x12.parse(data)
    once = x12.render(file)
    if not _can_be_told_again(file.segments):
        return
    again = x12.parse(once)
    assert x12.render(again) == once
    assert [one.content for one in again.documents] == [one.content for one in file.documents]


def _can_be_told_again(segments: Sequence[x12.Segment]) -> bool:
    """Return whether what is written tells its own signs and ends.

    Where a document of a wrong length ends depends on blanks and cut pieces, which are not written; and a header
    without ISA16 is known by the segment that follows.
    """
    return not any(getattr(one, "fault", None) or (one.id == "ISA" and not one[16]) for one in segments)


def _written(body: x12.OutgoingSet) -> list[x12.Document]:
    box = x12.Mailbox("ZZ", "US")
    group = x12.OutgoingGroup(1, [body])
    data = x12.render_interchange(sender=box, receiver=box, control_number=1, at=AT, groups=[group])
    assert [one for one in check(data, levels=[1]) if one.severity == "error"] == []
    return list(x12.read(data))


VERBS = {
    "read": read,
    "stream": stream,
    "told": tell,
    "check": look_through,
    "explain": explain,
    "sheets": tables,
    "acknowledge": acknowledge,
    "answer": answer,
    "mask": hide,
    "render": write_again,
}


class TooMuch(Exception):
    """A verb does more work than the size of its file allows."""


def calls_of(verb: str, data: bytes, most: int | None = None) -> int:
    """Return how many calls a verb makes for a file; raises TooMuch beyond `most`."""
    made = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal made
        if event in ("call", "c_call"):
            made += 1
            if most is not None and made > most:
                raise TooMuch(f"{verb}: more than {most:,} calls for {len(data):,} bytes")

    sys.setprofile(count)
    try:
        VERBS[verb](data)
    finally:
        sys.setprofile(None)
    return made


def drive(data: bytes) -> None:
    """Do everything that can be done with a file; whatever is wrong with us is an exception."""
    for verb in VERBS.values():
        verb(data)
