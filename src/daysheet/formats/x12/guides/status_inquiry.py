"""The question what became of a claim (276). Guide 005010X212."""

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
from .status_levels import LevelReader, Tracked, grammar, numbers, write_levels

NOBODY = Party("")


@record
class AskedLine:
    """One line that is asked after; `control` is our number of it (FJ)."""

    procedure: Procedure
    charge: Decimal
    units: Decimal | None = None
    served: Dates | None = None
    control: str = ""
    revenue_code: str = ""
    references: tuple[Reference, ...] = ()
    extras: tuple[Segment, ...] = ()


@record
class StatusInquiry:
    """One claim that is asked after; `trace` comes back in the answer, `account` is our number of the claim (EJ)."""

    payer: Party
    receiver: Party
    provider: Party
    subscriber: Party
    trace: str
    dependent: Party | None = None
    payer_claim_number: str = ""
    bill_type: str = ""
    location: str = ""
    group_number: str = ""
    account: str = ""
    prescription: str = ""
    clearinghouse_trace: str = ""
    charge: Decimal | None = None
    served: Dates | None = None
    lines: tuple[AskedLine, ...] = ()
    references: tuple[Reference, ...] = ()
    trace_origin: str = ""
    extras: tuple[Segment, ...] = ()

    @property
    def patient(self) -> Party:
        """Return the person whose claim it is."""
        return self.dependent or self.subscriber


@record
class StatusInquiryFile:
    """The questions of one 276; `reference` is BHT03."""

    reference: str
    at: datetime | None
    inquiries: tuple[StatusInquiry, ...]


GRAMMAR_276 = grammar("2210", traced="DE")
_NUMBERS = {
    "1K": "payer_claim_number",
    "BLT": "bill_type",
    "LU": "location",
    "6P": "group_number",
    "EJ": "account",
    "XZ": "prescription",
    "D9": "clearinghouse_trace",
}


def read_276(tset: TransactionSet) -> StatusInquiryFile:
    """Return the questions of a 276."""
    reader = LevelReader(tset, GRAMMAR_276)
    found = tuple([_inquiry(tset, item) for item in reader])
    return StatusInquiryFile(reader.reference, reader.at, found)


def _inquiry(tset: TransactionSet, item: Tracked) -> StatusInquiry:
    payer, receiver, provider, subscriber = (party or NOBODY for party in item.people[:4])
    fields, references, rest = numbers(item.said, _NUMBERS)
    more: dict[str, Any] = dict(fields)
    extras = []
    for one in rest:
        if one.id == "AMT" and one[1] == "T3" and "charge" not in more:
            more["charge"] = reading.number(tset, one, 2)
        elif one.id == "DTP" and one[1] == "472" and "served" not in more:
            more["served"] = reading.dates(tset, one)
        else:
            extras.append(one)
    trace = item.trace
    return StatusInquiry(
        payer, receiver, provider, subscriber, trace[2] if trace else "", item.people[4],
        lines=tuple([_line(tset, loop) for loop in item.lines]), references=references, extras=tuple(extras),
        trace_origin=trace[3] if trace else "", **more,
    )  # fmt: skip


def line_fields(tset: TransactionSet, loop: Loop) -> tuple[dict[str, Any], list[Segment]]:
    """Return what a service line says in a question and in an answer, and the segments that are left."""
    svc, *said = loop.segments
    found, references, rest = numbers(said, {"FJ": "control"})
    more: dict[str, Any] = {
        "procedure": reading.procedure(svc, 1) or Procedure(""), "charge": reading.money(tset, svc, 2),
        "units": reading.number(tset, svc, 7), "revenue_code": svc[4], "references": references, **found,
    }  # fmt: skip
    left = []
    for item in rest:
        if item.id == "DTP" and item[1] == "472" and "served" not in more:
            more["served"] = reading.dates(tset, item)
        else:
            left.append(item)
    return more, left


def _line(tset: TransactionSet, loop: Loop) -> AskedLine:
    more, extras = line_fields(tset, loop)
    return AskedLine(extras=tuple(extras), **more)


def build_276(file: StatusInquiryFile) -> OutgoingSet:
    """Return the questions as a 276.

    Raises CannotBuild when a name, a number, a birth date of a patient, a trace or a day of service is missing.
    """
    told = [
        ((one.payer, one.receiver, one.provider, one.subscriber, one.dependent), list(_question(one)))
        for one in file.inquiries
    ]
    if not told:
        raise CannotBuild("A file of questions asks after a claim (2200D TRN).")
    head = header("13", file.reference, file.at)
    return OutgoingSet("276", GUIDES["276"], (head, *write_levels(told)))


def header(purpose: str, reference: str, at: datetime | None, kind: str = "") -> Segment:
    """Return the header of a question or an answer. Raises CannotBuild without a number or a moment."""
    if at is None:
        raise CannotBuild("The moment of the file is missing (BHT04).")
    number = writing.required(reference, "The number of the file (BHT03)")
    clock = f"{at:%H%M%S}".removesuffix("00")
    return segment("BHT", "0010", purpose, number, f"{at:%Y%m%d}", clock, kind)


def _question(item: StatusInquiry) -> Iterator[Segment]:
    letter = "E" if item.dependent else "D"
    # TR3 276 2000D DMG: the birth date of the one whose claim it is
    if item.patient.born_on is None:
        raise CannotBuild(f"The birth date of the patient is missing (2000{letter} DMG02).")
    if item.served is None and not item.lines:
        raise CannotBuild(f"The day of service is missing (2200{letter} DTP).")
    trace = writing.required(item.trace, f"The trace number (2200{letter} TRN02)")
    yield segment("TRN", "1", trace, writing.clean(item.trace_origin))
    for qualifier, name in _NUMBERS.items():
        yield from writing.ref(qualifier, getattr(item, name))
    yield from writing.refs(item.references)
    if item.charge is not None:
        yield segment("AMT", "T3", writing.cents(item.charge, f"The charge (2200{letter} AMT02)"))
    if item.served is not None:
        yield writing.dtp(item.served)
    yield from item.extras
    for line in item.lines:
        if line.served is None:
            raise CannotBuild(f"The day of a line is missing (2210{letter} DTP).")
        charge = writing.cents(line.charge, f"The charge of a line (2210{letter} SVC02)")
        yield segment(
            "SVC", writing.procedure(line.procedure), charge, "", writing.clean(line.revenue_code), "", "",
            writing.plain(line.units),
        )  # fmt: skip
        yield from writing.ref("FJ", line.control)
        yield from writing.refs(line.references)
        yield writing.dtp(line.served)
        yield from line.extras
