"""The answer to a file that came in: TA1 for its envelopes, 999 for its groups, made from its problems."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal

from .documents import READERS, STREAMED
from .envelope import (
    EnvelopeReader,
    GroupRecord,
    Interchange,
    InterchangeAck,
    InterchangeRecord,
    TransactionSet,
)
from .guides.acks import ElementError, GroupAck, SegmentError, SetAck
from .problems import Problem
from .record import record
from .segment import Segment, composite, segment
from .text import Source

# which fault of an envelope is which code of a TA1
_TA1_CODES = {
    "envelope.iea-number": "001",
    "envelope.iea-count": "021",
    "envelope.iea-missing": "023",
    "envelope.isa-repeated": "025",
    "envelope.ge-stray": "022",
}
_GROUP_CODES = {"envelope.ge-missing": "3", "envelope.ge-number": "4", "envelope.ge-count": "5"}
_SET_CODES = {
    "envelope.se-missing": "2",
    "envelope.se-number": "3",
    "envelope.se-count": "4",
    "envelope.st-repeated": "23",
    "envelope.gs-code": "1",
}
# TR3 999 2100 CTX: what a fault belongs to, by the number its sender knows it by
_UNITS = {
    "837": ("CLM", 1), "270": ("TRN", 2), "271": ("TRN", 2), "276": ("TRN", 2), "277": ("TRN", 2), "278": ("TRN", 2),
}  # fmt: skip
_Units = list[tuple[int, str]]
"""Where a claim or an inquiry begins, and its number; a new level (HL) belongs to none until it names its own."""
# required element missing, wrong kind of sign, wrong date
_ELEMENT_CODES = {"element.missing": "1", "element.number": "6", "element.date": "8"}


@record
class Acknowledged:
    """The answer to one interchange; empty when it holds acknowledgements alone: those are never answered."""

    interchange: Interchange
    ta1: InterchangeAck | None
    groups: tuple[GroupAck, ...]


def acknowledge(source: Source) -> list[Acknowledged]:
    """Return the answer to every interchange of a file."""
    reader = EnvelopeReader(source)
    units = {
        id(tset): _read(tset) for tset in reader
    }  # the records below hold every set: its id stays its own
    return [_answer(record, units) for record in reader.records]


def _read(tset: TransactionSet) -> _Units:
    """Read a set, so that its problems are known; return where its claims or inquiries begin."""
    units: _Units = []
    if tset.id in _UNITS:
        tset.segments = _noting(tset.segments, *_UNITS[tset.id], units)
    if one_by_one := STREAMED.get(tset.kind):  # the faults stay with the set, nothing else is kept
        for _ in one_by_one(tset):
            pass
    elif guide := READERS.get(tset.kind):
        guide.read(tset)
    for _ in tset.segments:
        pass
    return units


def _noting(segments: Iterator[Segment], name: str, element: int, units: _Units) -> Iterator[Segment]:
    for item in segments:
        if item.id == name:
            units.append((item.position, item[element]))
        elif item.id == "HL" and units and units[-1][1]:
            units.append((item.position, ""))
        yield item


def _answer(record: InterchangeRecord, units: dict[int, _Units]) -> Acknowledged:
    asked = [group for group in record.groups if group.group.code != "FA"]
    if record.groups and not asked:
        return Acknowledged(record.interchange, None, ())
    if not record.groups and not record.problems:
        return Acknowledged(record.interchange, None, ())
    ta1 = _envelope_answer(record)
    groups = () if ta1.status == "R" else tuple(_group_answer(group, units) for group in asked)
    return Acknowledged(record.interchange, ta1, groups)


def _envelope_answer(record: InterchangeRecord) -> InterchangeAck:
    codes = [_TA1_CODES[problem.code] for problem in record.problems if problem.code in _TA1_CODES]
    interchange = record.interchange
    if codes:
        return InterchangeAck(interchange.control_number, interchange.at, "R", codes[0])
    if interchange.at is None:
        return InterchangeAck(interchange.control_number, None, "E", "014")
    return InterchangeAck(interchange.control_number, interchange.at, "A", "000")


def _group_answer(record: GroupRecord, units: dict[int, _Units]) -> GroupAck:
    sets = tuple(_set_answer(tset, units[id(tset)]) for tset in record.sets)
    codes = tuple(
        dict.fromkeys(_GROUP_CODES[item.code] for item in record.problems if item.code in _GROUP_CODES)
    )
    accepted = 0 if codes else sum(item.taken for item in sets)
    received = len(sets)
    included = record.declared if record.declared >= 0 else received
    group = record.group
    status = _group_status(sets, accepted, bool(codes))
    return GroupAck(
        group.code, group.control_number, group.guide, status, included, received, accepted, sets, codes
    )


def _group_status(sets: tuple[SetAck, ...], accepted: int, broken: bool) -> Literal["A", "E", "P", "R"]:
    if broken or accepted == 0:
        return "R"
    if accepted < len(sets):
        return "P"
    return "E" if any(item.status == "E" for item in sets) else "A"


def _set_answer(tset: TransactionSet, units: _Units) -> SetAck:
    # sums are the business of the claim acknowledgement, not of the 999
    faults = [item for item in tset.problems if item.snip <= 2 and item.severity != "note"]
    faults = [item for item in faults if item.code != "envelope.old-version"]
    codes = [_SET_CODES[item.code] for item in faults if item.code in _SET_CODES]
    placed = [item for item in faults if item.code not in _SET_CODES]
    if placed:
        codes.append("5")
    status = "R" if any(item.severity == "error" for item in faults) else "E" if faults else "A"
    errors = tuple(_segment_error(item, _context(item, tset.id, units)) for item in placed[:100])
    # TR3 999 AK203: the guide as the set itself names it
    return SetAck(tset.id, tset.control_number, tset.guide, status, tuple(dict.fromkeys(codes)), errors)


def _context(item: Problem, set_id: str, units: _Units) -> tuple[Segment, ...]:
    """Return the claim or inquiry that a fault belongs to, as a CTX; nothing for one above all of them."""
    place = bisect_right(units, item.position, key=lambda one: one[0])
    number = units[place - 1][1] if place else ""
    if not number:
        return ()
    name, element = _UNITS[set_id]
    return (segment("CTX", composite(f"{name}{element:02d}", number.replace(":", " "))),)


def _segment_error(item: Problem, context: tuple[Segment, ...]) -> SegmentError:
    if not item.element:
        return SegmentError(
            item.segment or "ST", item.position or 1, item.loop, "3" if item.code.endswith("missing") else "8",
            contexts=context,
        )  # fmt: skip
    value = "" if item.code == "element.missing" else item.value
    element = ElementError(item.element, _ELEMENT_CODES.get(item.code, "7"), value)
    return SegmentError(item.segment, item.position, item.loop, "8", (element,), context)
