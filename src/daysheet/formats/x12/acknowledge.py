"""The answer to a file that came in: TA1 for its envelopes, 999 for its groups, made from its problems."""

from typing import Literal

from .documents import contents
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
    for _ in contents(reader):  # claim by claim: the faults stay with the sets, nothing else is kept
        pass
    return [_answer(record) for record in reader.records]


def _answer(record: InterchangeRecord) -> Acknowledged:
    asked = [group for group in record.groups if group.group.code != "FA"]
    if record.groups and not asked:
        return Acknowledged(record.interchange, None, ())
    if not record.groups and not record.problems:
        return Acknowledged(record.interchange, None, ())
    ta1 = _envelope_answer(record)
    groups = () if ta1.status == "R" else tuple(_group_answer(group) for group in asked)
    return Acknowledged(record.interchange, ta1, groups)


def _envelope_answer(record: InterchangeRecord) -> InterchangeAck:
    codes = [_TA1_CODES[problem.code] for problem in record.problems if problem.code in _TA1_CODES]
    interchange = record.interchange
    if codes:
        return InterchangeAck(interchange.control_number, interchange.at, "R", codes[0])
    if interchange.at is None:
        return InterchangeAck(interchange.control_number, None, "E", "014")
    return InterchangeAck(interchange.control_number, interchange.at, "A", "000")


def _group_answer(record: GroupRecord) -> GroupAck:
    sets = tuple(_set_answer(tset) for tset in record.sets)
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


def _set_answer(tset: TransactionSet) -> SetAck:
    # sums are the business of the claim acknowledgement, not of the 999
    faults = [item for item in tset.problems if item.snip <= 2 and item.severity != "note"]
    faults = [item for item in faults if item.code != "envelope.old-version"]
    codes = [_SET_CODES[item.code] for item in faults if item.code in _SET_CODES]
    placed = [item for item in faults if item.code not in _SET_CODES]
    if placed:
        codes.append("5")
    status = "R" if any(item.severity == "error" for item in faults) else "E" if faults else "A"
    errors = tuple(_segment_error(item) for item in placed[:100])
    # TR3 999 AK203: the guide as the set itself names it
    return SetAck(tset.id, tset.control_number, tset.guide, status, tuple(dict.fromkeys(codes)), errors)


def _segment_error(item: Problem) -> SegmentError:
    if not item.element:
        return SegmentError(
            item.segment or "ST", item.position or 1, item.loop, "3" if item.code.endswith("missing") else "8"
        )
    value = "" if item.code == "element.missing" else item.value
    element = ElementError(item.element, _ELEMENT_CODES.get(item.code, "7"), value)
    return SegmentError(item.segment, item.position, item.loop, "8", (element,))
