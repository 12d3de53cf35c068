"""The claim acknowledgement (277CA): what became of each claim at the door. Guide 005010X214."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from daysheet.formats.x12.envelope import GUIDES, TransactionSet, moment
from daysheet.formats.x12.labels import label
from daysheet.formats.x12.loop import Grammar, Loop, rule
from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment, composite, segment
from daysheet.formats.x12.write import OutgoingSet

from . import reading, writing
from .parts import Dates, Party, Procedure, Reference, find_reference

_REJECTED = frozenset(("A3", "A6", "A7", "A8"))


@record
class Status:
    """One statement (STC): category and code, who is meant, and whether the claim goes on (WQ) or not (U).

    `code_list` is RX where the code is a pharmacy's; an answer about a claim (277) may say what was paid, by what.
    """

    category: str
    code: str
    entity: str = ""
    on: date | None = None
    action: str = ""
    charge: Decimal | None = None
    more: tuple[tuple[str, ...], ...] = ()
    message: str = ""
    code_list: str = ""
    paid: Decimal | None = None
    finished_on: date | None = None
    method: str = ""
    paid_on: date | None = None
    check_number: str = ""

    @property
    def rejected(self) -> bool:
        """Return whether the claim was turned away: fix it and send it as new."""
        return self.category in _REJECTED or self.action == "U"

    @property
    def accepted(self) -> bool:
        """Return whether the claim goes on."""
        return not self.rejected and (self.category in ("A0", "A1", "A2", "A5") or self.action == "WQ")

    @property
    def proves_filing(self) -> bool:
        """Return whether this proves that the claim was filed in time."""
        return self.category in ("A1", "A2") and not self.rejected

    @property
    def next_action(self) -> str:
        """Return what the office does next, in our words."""
        if self.rejected and self.category not in _REJECTED:
            return label("next_action", "A3") or ""
        return label("next_action", self.category) or "Read the status and ask the payer."


@record
class Totals:
    """How many claims went on and how many did not, with their money."""

    accepted_count: int | None = None
    accepted: Decimal | None = None
    rejected_count: int | None = None
    rejected: Decimal | None = None


@record
class LineStatus:
    """What was said of one line."""

    procedure: Procedure
    charge: Decimal
    control: str = ""
    units: Decimal | None = None
    statuses: tuple[Status, ...] = ()
    served: Dates | None = None
    extras: tuple[Segment, ...] = ()


@record
class ClaimStatus:
    """What was said of one claim; `claim_id` is our number, sent back."""

    claim_id: str
    patient: Party
    statuses: tuple[Status, ...]
    payer_claim_number: str = ""
    clearinghouse_trace: str = ""
    bill_type: str = ""
    served: Dates | None = None
    lines: tuple[LineStatus, ...] = ()
    references: tuple[Reference, ...] = ()
    extras: tuple[Segment, ...] = ()

    @property
    def rejected(self) -> bool:
        """Return whether any statement turns the claim away."""
        return any(status.rejected for status in self.statuses)


@record
class ProviderStatus:
    """What was said of one provider, and of its claims."""

    provider: Party
    trace: str = ""
    statuses: tuple[Status, ...] = ()
    totals: Totals | None = None
    claims: tuple[ClaimStatus, ...] = ()
    extras: tuple[Segment, ...] = ()


@record
class StatusReport:
    """One 277CA. `batch_reference` is BHT03 of the claim file it answers; the source's entity is PR or AY."""

    reference: str
    at: datetime | None
    source: Party
    source_trace: str
    received_on: date | None
    processed_on: date | None
    receiver: Party
    batch_reference: str
    statuses: tuple[Status, ...] = ()
    totals: Totals | None = None
    providers: tuple[ProviderStatus, ...] = ()
    extras: tuple[Segment, ...] = ()


GRAMMAR_277CA = Grammar(
    rule("2000A HL 3=20", rule("2100A NM1"), rule("2200A TRN"), streamed=True),
    rule("2000B HL 3=21", rule("2100B NM1"), rule("2200B TRN"), streamed=True),
    rule("2000C HL 3=19", rule("2100C NM1"), rule("2200C TRN"), streamed=True),
    rule("2000D HL 3=PT", rule("2100D NM1"), rule("2200D TRN", rule("2220D SVC")), streamed=True),
)
# counts and sums: above all at the receiver's level, then at a provider's
_RECEIVER_TOTALS = ("90", "AA")
_PROVIDER_TOTALS = ("QA", "QC")


def build_277ca(report: StatusReport) -> OutgoingSet:
    """Return the report as a 277CA.

    Raises CannotBuild when the source, the receiver, a trace or a status is missing.
    """
    if report.at is None or report.received_on is None or report.processed_on is None:
        raise CannotBuild("The file, its receipt and its processing each need a day.")
    source, receiver = report.source, report.receiver
    if not report.statuses or any(not provider.statuses for provider in report.providers):
        raise CannotBuild("The whole file and each provider carry a status (2200B STC, 2200C STC).")
    reference = writing.required(report.reference, "The number of the file (BHT03)")
    lines = [
        segment(
            "BHT",
            "0085",
            "08",
            reference,
            f"{report.at:%Y%m%d}",
            f"{report.at:%H%M%S}".removesuffix("00"),
            "TH",
        ),
        segment("HL", "1", "", "20", "1"),
        *writing.party(source, source.entity or "PR"),
        segment("TRN", "1", writing.required(report.source_trace, "The trace of the source (2200A TRN02)")),
        writing.span("DTP", "050", report.received_on),
        writing.span("DTP", "009", report.processed_on),
        segment("HL", "2", "1", "21", "1" if report.providers else "0"),
        *writing.party(receiver, receiver.entity or "41"),
        segment(
            "TRN", "2", writing.required(report.batch_reference, "The number of the claim file (2200B TRN02)")
        ),
        *(_stc(status, "2200B") for status in report.statuses),
        *_totals(report.totals, _RECEIVER_TOTALS),
        *report.extras,
    ]
    count = 2
    for provider in report.providers:
        count += 1
        above = str(count)
        lines += _provider(provider, count)
        for claim in provider.claims:
            count += 1
            lines += [segment("HL", str(count), above, "PT"), *_claim(claim)]
    return OutgoingSet("277", GUIDES["277CA"], tuple(lines))


def _provider(item: ProviderStatus, count: int) -> list[Segment]:
    lines = [
        segment("HL", str(count), "2", "19", "1" if item.claims else "0"),
        *writing.party(item.provider, item.provider.entity or "85"),
    ]
    # TR3 277CA 2200C TRN02: 0 stands where the provider sent no trace
    lines.append(segment("TRN", "1", writing.clean(item.trace) or "0"))
    lines += [_stc(status, "2200C") for status in item.statuses]
    return [*lines, *_totals(item.totals, _PROVIDER_TOTALS), *item.extras]


def _claim(item: ClaimStatus) -> list[Segment]:
    if not item.statuses or item.served is None:
        raise CannotBuild("A claim in the report carries a status and its day of service (2200D STC, DTP).")
    lines = [
        *writing.party(item.patient, item.patient.entity or "QC"),
        segment("TRN", "2", writing.required(item.claim_id, "The claim number (2200D TRN02)")),
        *(_stc(status, "2200D") for status in item.statuses),
        *writing.ref("1K", item.payer_claim_number),
        *writing.ref("D9", item.clearinghouse_trace),
        *writing.ref("BLT", item.bill_type),
        *writing.refs(item.references),
        *([writing.dtp(item.served)] if item.served else []),
        *item.extras,
    ]
    for line in item.lines:
        lines.append(
            segment(
                "SVC", writing.procedure(line.procedure), writing.cents(line.charge, "SVC02"), "", "", "", "",
                writing.plain(line.units),
            )
        )  # fmt: skip
        lines += [_stc(status, "2220D") for status in line.statuses]
        lines += writing.ref("FJ", line.control)
        lines += [writing.dtp(line.served)] if line.served else []
        lines += line.extras
    return lines


def _stc(item: Status, loop: str) -> Segment:
    # TR3 277CA STC02, STC04: no day at the provider, no charge at the line, both elsewhere
    if (item.on is None) != (loop == "2200C"):
        raise CannotBuild(f"A status carries a day, except at the provider ({loop} STC02).")
    if (item.charge is None) != (loop == "2220D"):
        raise CannotBuild(f"A status carries a charge, except at the line ({loop} STC04).")
    return write_status(item)


def write_status(item: Status) -> Segment:
    """Return a statement as a segment. Raises CannotBuild without a category, or with a fourth reason."""
    more = [composite(*codes) for codes in item.more]
    if len(more) > 2:
        raise CannotBuild("A status has at most three reasons (STC01, STC10, STC11).")
    second, third = [*more, "", ""][:2]
    category = writing.required(item.category, "The category of a status")
    charge, paid = (
        "" if amount is None else writing.cents(amount, place)
        for amount, place in ((item.charge, "STC04"), (item.paid, "STC05"))
    )
    return segment(
        "STC", composite(category, item.code, item.entity, item.code_list), writing.day(item.on), item.action, charge,
        paid, writing.day(item.finished_on), item.method, writing.day(item.paid_on), writing.clean(item.check_number),
        second, third, writing.clean(item.message),
    )  # fmt: skip


def _totals(item: Totals | None, codes: tuple[str, str]) -> Iterator[Segment]:
    if item is None:
        return
    for code, count in zip(codes, (item.accepted_count, item.rejected_count), strict=True):
        if count is not None:
            yield segment("QTY", code, str(count))
    for code, amount in (("YU", item.accepted), ("YY", item.rejected)):
        if amount is not None:
            yield segment("AMT", code, writing.cents(amount, f"AMT {code}"))


def read_277ca(tset: TransactionSet) -> StatusReport:
    """Return the report of a 277CA."""
    found: dict[str, Any] = {
        "reference": "", "at": None, "source": Party(""), "source_trace": "", "received_on": None,
        "processed_on": None,
        "receiver": Party(""), "batch_reference": "",
    }  # fmt: skip
    providers: list[dict[str, Any]] = []
    for loop in GRAMMAR_277CA.walk(tset.segments, tset.report):
        if loop.id == "ST":
            bht = loop.first("BHT")
            if bht is not None:
                found |= {"reference": bht[3], "at": moment(bht[4], bht[5])}
        elif loop.id == "2000A":
            found |= _source(tset, loop)
        elif loop.id == "2000B":
            level = _level(tset, loop, _RECEIVER_TOTALS)
            found |= {"receiver": level["party"], "batch_reference": level["trace"]}
            found |= {name: level[name] for name in ("statuses", "totals", "extras")}
        elif loop.id == "2000C":
            level = _level(tset, loop, _PROVIDER_TOTALS)
            providers.append({"provider": level.pop("party"), **level, "claims": []})
        elif loop.id == "2000D":
            if not providers:
                tset.report(
                    "error",
                    "status.provider-missing",
                    "A claim stands under no provider.",
                    loop.segments[0],
                    loop="2000D",
                )
                providers.append({"provider": Party(""), "claims": []})
            providers[-1]["claims"].append(_read_claim(tset, loop))
    made = tuple(ProviderStatus(**(item | {"claims": tuple(item["claims"])})) for item in providers)
    return StatusReport(**found, providers=made)


def _who(tset: TransactionSet, loop: Loop) -> Party:
    for inner in loop.loops:
        if inner.segments[0].id == "NM1":
            return reading.party(
                tset, Loop("2100A status" if loop.id == "2000A" else inner.id, inner.segments)
            )
    tset.report(
        "error", "status.party-missing", "The level does not say who it is.", loop.segments[0], loop=loop.id
    )
    return Party("")


def _traced(loop: Loop) -> Iterator[Segment]:
    """Return what follows the trace number of a level."""
    yield from loop.segments[1:]
    for inner in loop.loops:
        if inner.segments[0].id == "TRN":
            yield from inner.segments


def _source(tset: TransactionSet, loop: Loop) -> dict[str, Any]:
    found: dict[str, Any] = {"source": _who(tset, loop)}
    for item in _traced(loop):
        if item.id == "TRN":
            found["source_trace"] = item[2]
        elif item.id == "DTP" and item[1] in ("050", "009"):
            name = "received_on" if item[1] == "050" else "processed_on"
            found[name] = reading.dates(tset, item).starts_on
    return found


def _level(tset: TransactionSet, loop: Loop, codes: tuple[str, str]) -> dict[str, Any]:
    counts = dict(zip(codes, ("accepted_count", "rejected_count"), strict=True))
    totals: dict[str, Any] = {}
    statuses, extras, trace = [], [], ""
    for item in _traced(loop):
        if item.id == "TRN":
            trace = "" if item[2] == "0" else item[2]
        elif item.id == "STC":
            statuses.append(read_status(tset, item))
        elif item.id == "QTY" and item[1] in counts:
            totals[counts[item[1]]] = int(reading.money(tset, item, 2))
        elif item.id == "AMT" and item[1] in ("YU", "YY"):
            totals["accepted" if item[1] == "YU" else "rejected"] = reading.money(tset, item, 2)
        else:
            extras.append(item)
    return {
        "party": _who(tset, loop), "trace": trace, "statuses": tuple(statuses),
        "totals": Totals(**totals) if totals else None, "extras": tuple(extras),
    }  # fmt: skip


def read_status(tset: TransactionSet, item: Segment) -> Status:
    """Return a statement (STC); an amount or a day that cannot be read is a problem of the set."""
    category, code, entity, *rest = _codes(item, 1)
    return Status(
        category, code, entity, reading.day(tset, item, 2), item[3], reading.number(tset, item, 4),
        tuple(_codes(item, index) for index in (10, 11) if item[index]), item[12], "".join(rest[:1]),
        reading.number(tset, item, 5), reading.day(tset, item, 6), item[7], reading.day(tset, item, 8), item[9],
    )  # fmt: skip


def _codes(item: Segment, index: int) -> tuple[str, ...]:
    """Return category, code and entity, and what stands behind them, such as the list of the code."""
    parts = item.components(index)
    return (*parts, *[""] * (3 - len(parts)))


_CLAIM_NUMBERS = {"1K": "payer_claim_number", "D9": "clearinghouse_trace", "BLT": "bill_type"}


def _read_claim(tset: TransactionSet, loop: Loop) -> ClaimStatus:
    found: dict[str, Any] = {"claim_id": ""}
    references, statuses, extras = [], [], []
    for item in _traced(loop):
        if item.id == "TRN":
            found["claim_id"] = item[2]
        elif item.id == "STC":
            statuses.append(read_status(tset, item))
        elif item.id == "REF" and item[1] in _CLAIM_NUMBERS:
            found[_CLAIM_NUMBERS[item[1]]] = item[2]
        elif item.id == "REF":
            references.append(reading.reference(item))
        elif item.id == "DTP" and "served" not in found:
            found["served"] = reading.dates(tset, item)
        else:
            extras.append(item)
    if not found["claim_id"]:
        tset.report(
            "error", "status.claim-missing", "The status names no claim.", loop.segments[0], loop="2200D"
        )
    services = [service for inner in loop.loops for service in inner.loops]
    return ClaimStatus(
        patient=_who(tset, loop), statuses=tuple(statuses), lines=tuple(_read_line(tset,
        item) for item in services),
        references=tuple(references), extras=tuple(extras), **found,
    )  # fmt: skip


def _read_line(tset: TransactionSet, loop: Loop) -> LineStatus:
    svc, *rest = loop.segments
    own: Sequence[Reference] = [
        reading.reference(item) for item in rest if item.id == "REF" and item[1] == "FJ"
    ]
    dated = [item for item in rest if item.id == "DTP"]
    used = {"STC", "DTP"}
    return LineStatus(
        reading.procedure(svc, 1) or Procedure(""), reading.money(tset, svc, 2), find_reference(tuple(own),
        "FJ"),
        reading.number(tset, svc, 7), tuple(read_status(tset, item) for item in rest if item.id == "STC"),
        reading.dates(tset, dated[0]) if dated else None,
        tuple(item for item in (*dated[1:], *(i for i in rest if i.id not in used and (i.id, i[1]) != ("REF",
        "FJ")))),
    )  # fmt: skip
