"""The answer what became of a claim (277), to the question of a 276. Guide 005010X212."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from daysheet.formats.x12.envelope import GUIDES, TransactionSet
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment, segment
from daysheet.formats.x12.write import OutgoingSet

from . import reading, writing
from .parts import Dates, Party, Procedure, Reference
from .status import Status, read_status, write_status
from .status_inquiry import NOBODY, StatusInquiry, header, line_fields
from .status_levels import LEVELS, LevelReader, Tracked, grammar, numbers, write_levels

_STANDINGS = {
    "A": "received", "P": "pending", "R": "asks", "F": "finished", "E": "error", "D": "not found",
    "A3": "rejected", "A4": "not found", "A6": "rejected", "A7": "rejected", "A8": "rejected",
    "F1": "paid", "F2": "denied",
}  # fmt: skip


@record
class AnsweredLine:
    """What was said of one line of a claim."""

    procedure: Procedure
    charge: Decimal
    paid: Decimal | None = None
    units: Decimal | None = None
    statuses: tuple[Status, ...] = ()
    served: Dates | None = None
    control: str = ""
    revenue_code: str = ""
    references: tuple[Reference, ...] = ()
    extras: tuple[Segment, ...] = ()


@record
class StatusAnswer:
    """One answer; without a subscriber it is for all that the provider, or the receiver, asked."""

    payer: Party
    receiver: Party
    provider: Party | None = None
    subscriber: Party | None = None
    dependent: Party | None = None
    trace: str = ""
    statuses: tuple[Status, ...] = ()
    payer_claim_number: str = ""
    bill_type: str = ""
    account: str = ""
    prescription: str = ""
    voucher: str = ""
    clearinghouse_trace: str = ""
    served: Dates | None = None
    lines: tuple[AnsweredLine, ...] = ()
    references: tuple[Reference, ...] = ()
    trace_origin: str = ""
    extras: tuple[Segment, ...] = ()

    @property
    def patient(self) -> Party | None:
        """Return the person whose claim it is."""
        return self.dependent or self.subscriber

    @property
    def standing(self) -> str:
        """Return received, rejected, pending, asks, paid, denied, finished, not found, error, or empty text."""
        for status in self.statuses:
            category = status.category
            if said := _STANDINGS.get(category) or _STANDINGS.get(category[:1]):
                return said
        return ""

    @property
    def charge(self) -> Decimal | None:
        """Return the charge of the claim as the payer knows it (STC04)."""
        return next((one.charge for one in self.statuses if one.charge is not None), None)

    @property
    def paid(self) -> Decimal | None:
        """Return what was paid (STC05), if the answer says it."""
        return next((one.paid for one in self.statuses if one.paid is not None), None)

    @property
    def next_action(self) -> str:
        """Return what the office does next, in our words."""
        return self.statuses[0].next_action if self.statuses else "Ask the payer again."


@record
class StatusAnswerFile:
    """The answers of one 277; `reference` is BHT03."""

    reference: str
    at: datetime | None
    answers: tuple[StatusAnswer, ...]


GRAMMAR_277 = grammar("2220", traced="BCDE")
_NUMBERS = {
    "1K": "payer_claim_number",
    "BLT": "bill_type",
    "EJ": "account",
    "XZ": "prescription",
    "VV": "voucher",
    "D9": "clearinghouse_trace",
}
_NO_TRACE = "0"


def read_277(tset: TransactionSet) -> StatusAnswerFile:
    """Return the answers of a 277."""
    reader = LevelReader(tset, GRAMMAR_277)
    found = tuple([_answer(tset, item) for item in reader])
    return StatusAnswerFile(reader.reference, reader.at, found)


def _answer(tset: TransactionSet, item: Tracked) -> StatusAnswer:
    payer, receiver, *below = (
        party or NOBODY if place <= item.depth else None for place, party in enumerate(item.people)
    )
    fields, references, rest = numbers(item.said, _NUMBERS)
    more: dict[str, Any] = dict(fields)
    statuses, extras = [], []
    for one in rest:
        if one.id == "STC":
            statuses.append(read_status(tset, one))
        elif one.id == "DTP" and one[1] == "472" and "served" not in more:
            more["served"] = reading.dates(tset, one)
        else:
            extras.append(one)
    if item.trace is not None:
        # TR3 277 2200C TRN02: 0 stands where nothing was sent that could come back
        is_none = item.trace[2] == _NO_TRACE and LEVELS[item.depth].letter == "C"
        more["trace"] = "" if is_none else item.trace[2]
        more["trace_origin"] = item.trace[3]
        if not statuses:
            message, letter = "The answer says nothing of the claim.", LEVELS[item.depth].letter
            tset.report("error", "status.status-missing", message, item.trace, loop=f"2200{letter}")
    return StatusAnswer(
        payer or NOBODY, receiver or NOBODY, below[0], below[1], below[2], statuses=tuple(statuses),
        references=references, lines=tuple([_line(tset, loop) for loop in item.lines]), extras=tuple(extras), **more,
    )  # fmt: skip


def _line(tset: TransactionSet, loop: Loop) -> AnsweredLine:
    more, left = line_fields(tset, loop)
    return AnsweredLine(
        paid=reading.number(tset, loop.segments[0], 3),
        statuses=tuple([read_status(tset, item) for item in left if item.id == "STC"]),
        extras=tuple([item for item in left if item.id != "STC"]),
        **more,
    )


def answer_to(inquiry: StatusInquiry, *statuses: Status, **more: Any) -> StatusAnswer:
    """Return an answer to a question: its people without their birth dates, its trace, the numbers it gave."""
    echoed = {name: getattr(inquiry, name) for name in _NUMBERS.values() if hasattr(inquiry, name)}
    fields: dict[str, Any] = {"served": inquiry.served, **echoed, **more}
    people = (_named(inquiry.subscriber), _named(inquiry.dependent))
    return StatusAnswer(
        inquiry.payer, inquiry.receiver, inquiry.provider, *people, inquiry.trace, statuses, **fields
    )


def _named(party: Party | None) -> Party | None:
    """Return a person as an answer names it (TR3 277 2100D NM1)."""
    if party is None:
        return None
    return Party(
        party.name, party.first, party.middle, party.suffix, party.prefix, party.is_person, party.id_qualifier, party.id
    )  # fmt: skip


def build_277(file: StatusAnswerFile) -> OutgoingSet:
    """Return the answers as a 277.

    Raises CannotBuild when a name, a number, a trace, or a status with its day is missing.
    """
    told = [
        ((one.payer, one.receiver, one.provider, one.subscriber, one.dependent), list(_said(one)))
        for one in file.answers
    ]
    if not told:
        raise CannotBuild("A file of answers holds an answer (2200B TRN).")
    head = header("08", file.reference, file.at, "DG")
    return OutgoingSet("277", GUIDES["277"], (head, *write_levels(told)))


def _said(item: StatusAnswer) -> Iterator[Segment]:
    people = (item.payer, item.receiver, item.provider, item.subscriber, item.dependent)
    letter = LEVELS[sum(party is not None for party in people) - 1].letter
    if not item.statuses:
        raise CannotBuild(f"An answer says what became of the claim (2200{letter} STC).")
    trace = writing.clean(item.trace) or (_NO_TRACE if letter == "C" else "")
    number = writing.required(trace, f"The trace number (2200{letter} TRN02)")
    yield segment("TRN", "1" if letter == "C" else "2", number, writing.clean(item.trace_origin))
    yield from (_status(status, f"2200{letter}") for status in item.statuses)
    for qualifier, name in _NUMBERS.items():
        yield from writing.ref(qualifier, getattr(item, name))
    yield from writing.refs(item.references)
    if item.served is not None:
        yield writing.dtp(item.served)
    yield from item.extras
    for line in item.lines:
        yield from _line_said(line, letter)


def _line_said(line: AnsweredLine, letter: str) -> Iterator[Segment]:
    if not line.statuses:
        raise CannotBuild(f"A line says what became of it (2220{letter} STC).")
    if line.served is None:
        raise CannotBuild(f"The day of a line is missing (2220{letter} DTP).")
    charge = writing.cents(line.charge, f"The charge of a line (2220{letter} SVC02)")
    paid = (
        "" if line.paid is None else writing.cents(line.paid, f"The payment of a line (2220{letter} SVC03)")
    )
    yield segment(
        "SVC", writing.procedure(line.procedure), charge, paid, writing.clean(line.revenue_code), "", "",
        writing.plain(line.units),
    )  # fmt: skip
    yield from (_status(status, f"2220{letter}") for status in line.statuses)
    yield from writing.ref("FJ", line.control)
    yield from writing.refs(line.references)
    yield writing.dtp(line.served)
    yield from line.extras


def _status(item: Status, loop: str) -> Segment:
    writing.required(item.code, f"The code of a status ({loop} STC01-2)")
    if item.on is None:
        raise CannotBuild(f"A status carries its day ({loop} STC02).")
    return write_status(item)
