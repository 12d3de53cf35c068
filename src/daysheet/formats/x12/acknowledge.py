"""The answer to a file that came in: TA1 for its envelopes, 999 for its groups, made from what `check` finds in it."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal

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
# TR3 999 2110 IK403 and 2100 IK304: our own names for what they mean
_ELEMENT_CODES = {
    "element.missing": "1",
    "element.short": "4",
    "element.long": "5",
    "element.number": "6",
    "element.value": "7",
    "element.date": "8",
    "element.time": "9",
    "element.unused": "I10",
}
_SEGMENT_CODES = {
    "segment.unexpected": "2",
    "segment.missing": "3",
    "loop.missing": "3",
    "loop.too-many": "4",
    "segment.too-many": "5",
    "segment.order": "7",
}
SYNTAX = (1, 2)
"""What a 999 speaks of: envelopes and what a guide requires. Sums and codes are the business of a 277CA."""
MOST = 100
"""Errors that are told of one set."""


@record
class Acknowledged:
    """The answer to one interchange; empty when it holds acknowledgements alone: those are never answered."""

    interchange: Interchange
    ta1: InterchangeAck | None
    groups: tuple[GroupAck, ...]


def acknowledge(source: Source) -> list[Acknowledged]:
    """Return the answer to every interchange of a file; of a set no more than its errors is kept."""
    reader = EnvelopeReader(source)
    answers = {
        id(tset): _read(tset) for tset in reader
    }  # the records below hold every set: its id stays its own
    return [_answer(record, answers) for record in reader.records]


def _read(tset: TransactionSet) -> "_Faults":
    """Look a set through, and note where its claims or inquiries begin."""
    from .check import check_set  # whoever only reads does not wait for its rules and tables

    faults = _Faults()
    if tset.id in _UNITS:
        tset.segments = _noting(tset.segments, *_UNITS[tset.id], faults.units)
    for one in check_set(tset, SYNTAX):
        if one.severity != "note" and one.code != "envelope.old-version":
            faults.take(one)
    return faults


class _Faults:
    """What is wrong with a set, and where its claims begin."""

    def __init__(self) -> None:
        self.units: _Units = []
        self.told: list[Problem] = []
        self.codes: dict[str, None] = {}
        self.is_refused = self.is_any = False

    def take(self, one: Problem) -> None:
        self.is_any = True
        self.is_refused = self.is_refused or one.severity == "error"
        code = _SET_CODES.get(one.code)
        self.codes.setdefault(code or "5")
        if code is None and len(self.told) < MOST:
            self.told.append(one)


def _noting(segments: Iterator[Segment], name: str, element: int, units: _Units) -> Iterator[Segment]:
    for item in segments:
        if item.id == name:
            units.append((item.position, item[element]))
        elif item.id == "HL" and units and units[-1][1]:
            units.append((item.position, ""))
        yield item


def _answer(record: InterchangeRecord, faults: dict[int, _Faults]) -> Acknowledged:
    asked = [group for group in record.groups if group.group.code != "FA"]
    if record.groups and not asked:
        return Acknowledged(record.interchange, None, ())
    if not record.groups and not record.problems:
        return Acknowledged(record.interchange, None, ())
    ta1 = _envelope_answer(record)
    groups = () if ta1.status == "R" else tuple(_group_answer(group, faults) for group in asked)
    return Acknowledged(record.interchange, ta1, groups)


def _envelope_answer(record: InterchangeRecord) -> InterchangeAck:
    codes = [_TA1_CODES[problem.code] for problem in record.problems if problem.code in _TA1_CODES]
    interchange = record.interchange
    if codes:
        return InterchangeAck(interchange.control_number, interchange.at, "R", codes[0])
    if interchange.at is None:
        return InterchangeAck(interchange.control_number, None, "E", "014")
    return InterchangeAck(interchange.control_number, interchange.at, "A", "000")


def _group_answer(record: GroupRecord, faults: dict[int, _Faults]) -> GroupAck:
    sets = tuple(_set_answer(tset, faults[id(tset)]) for tset in record.sets)
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


def _set_answer(tset: TransactionSet, faults: _Faults) -> SetAck:
    status = "R" if faults.is_refused else "E" if faults.is_any else "A"
    errors = tuple(_segment_error(item, _context(item, tset.id, faults.units)) for item in faults.told)
    # TR3 999 AK203: the guide as the set itself names it
    return SetAck(tset.id, tset.control_number, tset.guide, status, tuple(faults.codes), errors)


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
        code = _SEGMENT_CODES.get(item.code, "3" if item.code.endswith("missing") else "8")
        return SegmentError(item.segment or "ST", item.position or 1, item.loop, code, contexts=context)
    value = "" if item.code == "element.missing" else item.value
    element = ElementError(item.element, _ELEMENT_CODES.get(item.code, "7"), value)
    return SegmentError(item.segment, item.position, item.loop, "8", (element,), context)
