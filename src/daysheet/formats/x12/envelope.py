"""The envelopes: interchange, group, set; their numbers and counts are checked while they are read."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from .problems import Problem, Problems, Severity
from .record import record
from .segment import DATA_AT, STANDARD, BinarySegment, Delimiters, Segment
from .text import SegmentStream, Source

GUIDES = {
    "837P": "005010X222A1",
    "837I": "005010X223A2",
    "837D": "005010X224A2",
    "835": "005010X221A1",
    "270": "005010X279A1",
    "271": "005010X279A1",
    "277CA": "005010X214",
    "278": "005010X217",
    "999": "005010X231A1",
    "276": "005010X212",
    "277": "005010X212",
    "277RFAI": "006020X313",
    "275": "006020X314",
    "834": "005010X220A1",
    "820": "005010X218",
}
GROUP_CODES = {
    "837": "HC",
    "835": "HP",
    "270": "HS",
    "271": "HB",
    "275": "PI",
    "276": "HR",
    "277": "HN",
    "278": "HI",
    "820": "RA",
    "834": "BE",
    "999": "FA",
}
_KINDS = {
    ("837", "X222"): "837P",
    ("837", "X223"): "837I",
    ("837", "X224"): "837D",
    ("837", "X098"): "837P",  # the guides of 4010: read, never written
    ("837", "X096"): "837I",
    ("837", "X097"): "837D",
    ("277", "X214"): "277CA",
    ("277", "X213"): "277RFAI",
    ("277", "X313"): "277RFAI",
    ("834", "X307"): "834HIX",
    ("820", "X306"): "820HIX",
}
MOST_NUMBERS = 100_000
"""Interchanges of one file whose numbers are compared."""


class Mailbox(NamedTuple):
    """Who stands on the envelope: a qualifier and an id."""

    qualifier: str
    id: str


@record
class InterchangeAck:
    """A TA1: one interchange was taken, taken with errors, or refused."""

    control_number: str
    interchange_at: datetime | None
    status: str
    code: str = "000"


@record
class Interchange:
    """The outer envelope, ISA to IEA."""

    sender: Mailbox
    receiver: Mailbox
    control_number: str
    at: datetime | None
    usage: str = "T"
    ack_requested: bool = False
    version: str = "00501"
    delimiters: Delimiters = STANDARD
    header: Segment | None = field(default=None, compare=False, repr=False)


@record
class Group:
    """The inner envelope, GS to GE."""

    code: str
    sender: str
    receiver: str
    control_number: str
    guide: str
    at: datetime | None = None


@dataclass(eq=False, slots=True)
class TransactionSet:
    """One set, ST to SE: its segments are read once, in order; `problems` fills meanwhile."""

    id: str
    control_number: str
    guide: str
    interchange: Interchange
    group: Group | None
    segments: Iterator[Segment]
    problems: Problems = field(default_factory=Problems)

    @property
    def kind(self) -> str:
        """Return the name of the set in the trade: 837P, 277CA, 835."""
        return kind_of(self.id, self.guide)

    def report(
        self,
        severity: Severity,
        code: str,
        message: str,
        at: Segment | None = None,
        element: int = 0,
        *,
        loop: str = "",
        snip: int = 2,
    ) -> None:
        """Note a fault of this set at a segment."""
        where = (at.id, at.position, at[element] if element else "") if at else ("", 0, "")
        self.problems.keep(
            Problem(severity, code, message, snip, loop, where[0], where[1], element, where[2])
        )


def kind_of(set_id: str, guide: str) -> str:
    """Return the kind of a set by its id and the number of its guide, whatever the A-suffix."""
    return _KINDS.get((set_id, guide[6:10]), set_id)


def moment(day: str, clock: str) -> datetime | None:
    """Return the moment of a date (6 or 8 digits) and a time, or None when they are none."""
    if len(day) == 6:
        day = "20" + day
    digits = day + (clock + "000000")[:6]
    if len(digits) != 14 or not (digits.isascii() and digits.isdigit()):
        return None
    try:
        return datetime(*(int(digits[a:b]) for a, b in _PLACES))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


_PLACES = ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14))


@dataclass(slots=True)
class GroupRecord:
    """What was met in one group: its sets, the count it declares (-1: none), its faults."""

    group: Group
    declared: int = -1
    sets: list[TransactionSet] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)


@dataclass(slots=True)
class InterchangeRecord:
    """What was met in one interchange: its groups and the faults of its own envelope."""

    interchange: Interchange
    groups: list[GroupRecord] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)


class EnvelopeReader:
    """The sets of a source in order; TA1s stand in `acks`, faults outside any set in `problems`.

    With `is_passing` only the interchange that is being read is known, and no set that is over is kept: a file of any
    number of them takes the memory of one.
    """

    def __init__(
        self, source: Source, kept: list[Segment] | None = None, *, is_passing: bool = False
    ) -> None:
        self.stream = SegmentStream(source)
        self.problems = self.stream.problems
        self.acks: list[tuple[Interchange, InterchangeAck, Segment]] = []
        self.interchanges: list[Interchange] = []
        self.records: list[InterchangeRecord] = []
        self._kept = kept
        self.is_passing = is_passing
        self._numbers: set[tuple[Mailbox, Mailbox, str]] = set()

    def __iter__(self) -> Iterator[TransactionSet]:
        segments = iter(self.stream) if self._kept is None else _keeping(iter(self.stream), self._kept)
        interchange: Interchange | None = None
        group: Group | None = None
        sets = groups = 0
        ended = True
        set_numbers: set[str] = set()
        waiting: list[Segment] = []  # what ended a set that had no end of its own
        while (segment := waiting.pop() if waiting else next(segments, None)) is not None:
            name = segment.id
            if name == "ISA":
                if not ended:
                    self._report(
                        "error", "envelope.iea-missing", "An interchange has no end (IEA).", interchange
                    )
                interchange, group, groups, ended = self._open(segment), None, 0, False
            elif interchange is None:
                continue
            elif name == "GS":
                if group is not None:
                    self._report("error", "envelope.ge-missing", "A group has no end (GE).", interchange)
                group, sets, groups = _group(segment), 0, groups + 1
                self._keep_group(group)
                set_numbers = set()
            elif name == "ST":
                sets += 1
                opened = TransactionSet(
                    segment[1],
                    segment[2],
                    segment[3] or (group.guide if group else ""),
                    interchange,
                    group,
                    iter(()),
                )
                self._check_set_header(opened, set_numbers)
                left: list[Segment] = []
                opened.segments = self._set(segment, segments, opened, left)
                self._keep_set(opened)
                yield opened
                for _ in opened.segments:
                    pass
                opened.segments = iter(())  # a set that is kept for the answer keeps no reading position
                waiting += left
            elif name == "GE":
                self._close_group(segment, group, sets, interchange)
                group = None
            elif name == "IEA":
                if group is not None:
                    self._report("error", "envelope.ge-missing", "A group has no end (GE).", interchange)
                self._close_interchange(segment, interchange, groups)
                ended, group = True, None
            elif name == "TA1":
                self.acks.append((interchange, _interchange_ack(segment), segment))
            else:
                self._report(
                    "warning", "envelope.stray", "A segment stands outside any set.", interchange, segment
                )
        if not ended:
            self._report("error", "envelope.iea-missing", "An interchange has no end (IEA).", interchange)

    def _keep_group(self, group: Group) -> None:
        if self.is_passing:
            self.records[-1].groups.clear()
        self.records[-1].groups.append(GroupRecord(group))

    def _keep_set(self, opened: TransactionSet) -> None:
        if opened.group is not None and not self.is_passing:
            self.records[-1].groups[-1].sets.append(opened)

    def _open(self, header: Segment) -> Interchange:
        interchange = Interchange(
            sender=Mailbox(header[5].strip(), header[6].strip()),
            receiver=Mailbox(header[7].strip(), header[8].strip()),
            control_number=header[13].strip(),
            at=moment(header[9].strip(), header[10].strip()),
            usage=header[15].strip(),
            ack_requested=header[14].strip() == "1",
            version=header[12].strip(),
            delimiters=header.delimiters,
            header=header if self.is_passing or self._kept is not None else None,
        )
        if self.is_passing:
            self.interchanges.clear()
            self.records.clear()
        self.interchanges.append(interchange)
        self.records.append(InterchangeRecord(interchange))
        key = (interchange.sender, interchange.receiver, interchange.control_number)
        if key in self._numbers:
            self._report(
                "error",
                "envelope.isa-repeated",
                "Two interchanges carry the same number.",
                interchange,
                header,
                13,
            )
        if len(self._numbers) < MOST_NUMBERS:
            self._numbers.add(key)
        return interchange

    def _set(
        self, header: Segment, segments: Iterator[Segment], opened: TransactionSet, left: list[Segment]
    ) -> Iterator[Segment]:
        """Return the segments of one set; what belongs to the envelope again goes to `left`."""
        position = header.position = 1
        yield header
        for segment in segments:
            name = segment.id
            if name not in _MATTERS_TO_A_SET:  # nearly all
                segment.position = position = position + 1
                yield segment
                continue
            if name in _ENDS_A_SET:
                left.append(segment)
                break
            segment.position = position = position + 1
            if isinstance(segment, BinarySegment) and segment.fault:
                opened.report("error", *segment.fault, segment, DATA_AT[name] - 1, snip=1)
            yield segment
            if name == "SE":
                _check_set_trailer(opened, segment, position)
                return
        opened.report("error", "envelope.se-missing", "The set has no end (SE): it may be cut off.", snip=1)

    def _check_set_header(self, opened: TransactionSet, numbers: set[str]) -> None:
        if opened.group is None:
            opened.report("error", "envelope.gs-missing", "The set stands outside any group.", snip=1)
        if opened.control_number in numbers:
            opened.report(
                "error", "envelope.st-repeated", "Two sets of the group carry the same number.", snip=1
            )
        numbers.add(opened.control_number)
        if opened.guide[:6] == "004010":
            opened.report(
                "warning",
                "envelope.old-version",
                "This set is of version 4010; it is read as far as it is alike.",
                snip=1,
            )
        expected = GROUP_CODES.get(opened.id)
        if opened.group and expected and opened.group.code != expected:
            # harmless: a set is known by ST01 and its guide
            message = f"A group of {opened.id} sets is marked {expected}, this one {opened.group.code}."
            opened.report("warning", "envelope.gs-code", message, snip=1)

    def _close_group(
        self, trailer: Segment, group: Group | None, sets: int, interchange: Interchange
    ) -> None:
        if group is None:
            self._report(
                "error", "envelope.ge-stray", "A group ends that has not begun.", interchange, trailer
            )
            return
        self.records[-1].groups[-1].declared = _count(trailer[1])
        if trailer[2].strip() != group.control_number:
            message = f"The group ends with number {trailer[2]}, it began with {group.control_number}."
            self._report("error", "envelope.ge-number", message, interchange, trailer, 2)
        if _count(trailer[1]) != sets:
            message = f"The group says it holds {trailer[1]} sets; it holds {sets}."
            self._report("error", "envelope.ge-count", message, interchange, trailer, 1)

    def _close_interchange(self, trailer: Segment, interchange: Interchange, groups: int) -> None:
        if trailer[2].strip() != interchange.control_number:
            message = (
                f"The interchange ends with number {trailer[2]}, it began with {interchange.control_number}."
            )
            self._report("error", "envelope.iea-number", message, interchange, trailer, 2)
        if _count(trailer[1]) != groups:
            message = f"The interchange says it holds {trailer[1]} groups; it holds {groups}."
            self._report("error", "envelope.iea-count", message, interchange, trailer, 1)

    def _report(
        self,
        severity: Severity,
        code: str,
        message: str,
        interchange: Interchange | None,
        at: Segment | None = None,
        element: int = 0,
    ) -> None:
        name, value = (at.id, at[element] if element else "") if at else ("ISA", "")
        if interchange and not value:
            value = interchange.control_number
        problem = Problem(severity, code, message, 1, "", name, 0, element, value)
        self.problems.keep(problem)
        if self.records:
            record = self.records[-1]
            inner = record.groups and code.startswith("envelope.ge-") and code != "envelope.ge-stray"
            (record.groups[-1].problems if inner else record.problems).keep(problem)


_ENDS_A_SET = frozenset(("ST", "GE", "GS", "IEA", "ISA"))
_MATTERS_TO_A_SET = _ENDS_A_SET | {"SE", *DATA_AT}


def _keeping(segments: Iterator[Segment], kept: list[Segment]) -> Iterator[Segment]:
    for segment in segments:
        kept.append(segment)
        yield segment


def _count(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else -1


def _group(header: Segment) -> Group:
    return Group(
        header[1],
        header[2].strip(),
        header[3].strip(),
        header[6].strip(),
        header[8].strip(),
        moment(header[4], header[5]),
    )


def _interchange_ack(segment: Segment) -> InterchangeAck:
    return InterchangeAck(segment[1], moment(segment[2], segment[3]), segment[4], segment[5])


def _check_set_trailer(opened: TransactionSet, trailer: Segment, position: int) -> None:
    if _count(trailer[1]) != position:
        message = f"The set says it has {trailer[1]} segments; it has {position}."
        opened.report("error", "envelope.se-count", message, trailer, 1, snip=1)
    if trailer[2].strip() != opened.control_number.strip():
        message = f"The set ends with number {trailer[2]}, it began with {opened.control_number}."
        opened.report("error", "envelope.se-number", message, trailer, 2, snip=1)
