"""The premium payment (820): what a sponsor pays a plan, for whom, and its sums. Guide 005010X218.

The exchanges' own guide (005010X306) is read by the same loops, as far as they are alike.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from daysheet.formats.x12.envelope import GUIDES, TransactionSet
from daysheet.formats.x12.loop import Grammar, Loop, rule
from daysheet.formats.x12.problems import CannotBuild, Severity
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment, composite, segment
from daysheet.formats.x12.write import OutgoingSet

from . import reading, writing
from .parts import Dates, Imbalance, Party, Reference
from .remittance import Bank
from .remittance_reading import transfer
from .remittance_writing import bpr

_NOBODY = Party("")
_CENTS = Decimal(100)


@record
class PremiumAdjustment:
    """Money more or less, and why (ADX)."""

    amount: Decimal
    reason: str


@record
class PremiumCharge:
    """A charge of a bill (SAC): which, and how much."""

    code: str
    amount: Decimal


@record
class HeadCount:
    """How many are covered (SLN): `unit` is IE (employees), 10 (groups) or PR (pairs)."""

    number: str
    count: Decimal
    unit: str


@record
class BillLine:
    """One line of a bill by sums (IT1), with its charges and head counts."""

    number: str
    charges: tuple[PremiumCharge, ...] = ()
    counts: tuple[HeadCount, ...] = ()
    extras: tuple[Segment, ...] = ()


@record
class Premium:
    """One premium (RMR): `billed` plus its adjustments is what is `paid`."""

    qualifier: str
    reference: str
    paid: Decimal
    billed: Decimal | None = None
    action: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    lines: tuple[BillLine, ...] = ()
    adjustments: tuple[PremiumAdjustment, ...] = ()
    extras: tuple[Segment, ...] = ()


@record
class PremiumGroup:
    """For whom premiums are paid (ENT): one person (2J), or an organization in one sum."""

    number: str
    kind: str
    id_qualifier: str = ""
    id: str = ""
    people: tuple[Party, ...] = ()
    adjustments: tuple[PremiumAdjustment, ...] = ()
    premiums: tuple[Premium, ...] = ()
    extras: tuple[Segment, ...] = ()

    @property
    def is_organization(self) -> bool:
        """Return whether this is an organization's sum (2000A) and no person's (2000B)."""
        return self.kind in ORGANIZATIONS

    @property
    def paid(self) -> Decimal:
        """Return what is paid here: the premiums and what is moved beside them."""
        return _sum(one.paid for one in self.premiums) + _sum(one.amount for one in self.adjustments)


@record
class PremiumPayment:
    """One payment of premiums; `trace` is its number. The payee is the plan, the payer the sponsor."""

    payer: Party
    payee: Party
    amount: Decimal
    method: str
    paid_on: date | None
    trace: str
    payer_number: str = ""
    groups: tuple[PremiumGroup, ...] = ()
    trace_kind: str = "1"
    trace_extra: str = ""
    handling: str = "I"
    credit: str = "C"
    bank: Bank | None = None
    currency: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    others: tuple[Party, ...] = ()
    extras: tuple[Segment, ...] = ()


ORGANIZATIONS = frozenset(("2L", "AG", "NH", "RGA", "UN"))
GRAMMAR_820 = Grammar(
    rule("1000A N1 1=PE"),
    rule("1000B N1 1=PR,RM"),
    rule("1000C N1"),
    rule(
        "2000A ENT 2=2L,AG,NH,RGA,UN",
        rule("2200A ADX"),
        rule("2300A RMR", rule("2310A IT1", rule("2312A SAC"), rule("2315A SLN")), rule("2320A ADX")),
        streamed=True,
    ),
    rule(
        "2000B ENT",
        rule("2100B NM1"),
        rule("2200B ADX"),
        rule("2300B RMR", rule("2320B ADX")),
        streamed=True,
    ),
)


def balance_premium(payment: PremiumPayment) -> list[Imbalance]:
    """Return every sum that does not come out: each premium, and the payment over all of them."""
    found = [item for group in payment.groups for one in group.premiums if (item := _uneven(one))]
    expected = _sum(group.paid for group in payment.groups)
    if expected != payment.amount:
        message = f"The premiums come to {expected}, the payment says {payment.amount}."
        found.append(Imbalance("premium payment", "", "", expected, payment.amount, "error", message))
    return found


def _uneven(one: Premium) -> Imbalance | None:
    if one.billed is None:
        return None
    expected = one.billed + _sum(item.amount for item in one.adjustments)
    if expected == one.paid:
        return None
    message = f"Billed and adjusted is {expected}, the premium says {one.paid} is paid."
    return Imbalance("premium", one.reference, "", expected, one.paid, "error", message)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


@dataclass(slots=True)
class PremiumAbove:
    """What stands above the premiums of a payment, filled while it is read."""

    fields: dict[str, Any] = field(default_factory=dict)


def read_820(tset: TransactionSet) -> PremiumPayment:
    """Return the payment of an 820 with all its premiums."""
    above = PremiumAbove()
    groups = tuple(stream_820(tset, above))
    return PremiumPayment(**above.fields, groups=groups)


def stream_820(tset: TransactionSet, above: PremiumAbove | None = None) -> Iterator[PremiumGroup]:
    """Return person after person, or organization, whose premiums are paid; `above` is filled meanwhile."""
    above = above or PremiumAbove()
    for loop in GRAMMAR_820.walk(tset.segments):
        if loop.id in ("2000A", "2000B"):
            yield _read_group(tset, loop)
        elif loop.id == "ST":
            above.fields = _read_header(tset, loop)


def _read_header(tset: TransactionSet, loop: Loop) -> dict[str, Any]:
    found: dict[str, Any] = {
        "payer": _NOBODY, "payee": _NOBODY, "amount": reading.ZERO, "method": "", "paid_on": None,
        "trace": "",
    }  # fmt: skip
    # before version 4010 a payment had other segments; those stay as they stand
    severity: Severity = "warning" if _is_old(tset) else "error"
    head, trn = loop.first("BPR"), loop.first("TRN")
    if head is None:
        tset.report(severity, "premium.bpr-missing", "The payment itself is missing (BPR).")
    else:
        found |= transfer(tset, head)
    if trn is None:
        tset.report(severity, "premium.trn-missing", "The number of the payment is missing (TRN).")
    else:
        found |= {
            "trace_kind": trn[1],
            "trace": trn[2],
            "payer_number": trn[3],
            "trace_extra": trn[4],
        }
    references, dates, extras = [], [], []
    for item in loop.segments[1:]:
        if item.id == "CUR" and "currency" not in found:
            found["currency"] = tuple(item.elements[1:])
        elif item.id == "REF" and len(item) <= 4:
            references.append(reading.reference(item))
        elif item.id == "DTM":
            dates.append(_dates(tset, item))
        elif item is not head and item is not trn:
            extras.append(item)
    others = []
    for inner in loop.loops:
        name = {"1000A": "payee", "1000B": "payer"}.get(inner.id, "")
        role = inner.segments[0][1]
        if name and found[name] is _NOBODY:
            found[name] = replace(reading.party(tset, inner), entity="RM" if role == "RM" else "")
        else:
            others.append(replace(reading.party(tset, inner), entity=role))
    for name, at in (("payee", "1000A"), ("payer", "1000B")):
        if found[name] is _NOBODY:
            tset.report(severity, f"premium.{name}-missing", f"The {name} is not named.", loop=at)
    return found | {
        "references": tuple(references), "dates": tuple(dates), "others": tuple(others),
        "extras": tuple(extras),
    }  # fmt: skip


def _is_old(tset: TransactionSet) -> bool:
    return "" < tset.guide[:6] < "004010"


def _dates(tset: TransactionSet, item: Segment) -> Dates:
    """Return a DTM: a day, or in its last elements a span; what is neither is kept as it stands."""
    if not item[5]:
        # its years had two digits
        old = _is_old(tset) and len(item[2]) == 6
        return Dates(item[1], None, None, item[2]) if old else reading.dates(tset, item)
    return reading.dates(tset, Segment(["DTP", item[1], item[5], item[6]], item.delimiters, item.position))


def _adjustment(tset: TransactionSet, loop: Loop, extras: list[Segment]) -> PremiumAdjustment:
    adx, *rest = loop.segments
    extras += rest
    return PremiumAdjustment(reading.money(tset, adx, 1), adx[2])


def _read_group(tset: TransactionSet, loop: Loop) -> PremiumGroup:
    ent, *rest = loop.segments
    extras = list(rest)
    people, adjustments, premiums = [], [], []
    for inner in loop.loops:
        name = inner.id
        if name == "2100B":
            people.append(replace(reading.party(tset, inner), entity=inner.segments[0][1]))
        elif name.startswith("2200"):
            adjustments.append(_adjustment(tset, inner, extras))
        elif name.startswith("2300"):
            premiums.append(_premium(tset, inner))
        else:
            extras += inner.every()
    return PremiumGroup(
        ent[1], ent[2], ent[3], ent[4], tuple(people), tuple(adjustments), tuple(premiums), tuple(extras)
    )


def _premium(tset: TransactionSet, loop: Loop) -> Premium:
    rmr, *rest = loop.segments
    references, dates, lines, adjustments = [], [], [], []
    extras: list[Segment] = []
    for item in rest:
        if item.id == "REF" and len(item) <= 4:
            references.append(reading.reference(item))
        elif item.id == "DTM":
            dates.append(_dates(tset, item))
        else:
            extras.append(item)
    for inner in loop.loops:
        if inner.id == "2310A":
            lines.append(_line(tset, inner))
        else:
            adjustments.append(_adjustment(tset, inner, extras))
    return Premium(
        rmr[1], rmr[2], reading.money(tset, rmr, 4), reading.number(tset, rmr, 5), rmr[3], tuple(references),
        tuple(dates), tuple(lines), tuple(adjustments), tuple(extras),
    )  # fmt: skip


def _line(tset: TransactionSet, loop: Loop) -> BillLine:
    it1, *rest = loop.segments
    charges, counts = [], []
    extras = list(rest)
    for inner in loop.loops:
        head, *more = inner.segments
        if inner.id == "2312A":
            charges.append(PremiumCharge(head[2], reading.money(tset, head, 5) / _CENTS))
        else:
            counts.append(HeadCount(head[1], reading.money(tset, head, 4), head[5]))
        extras += more
    return BillLine(it1[1], tuple(charges), tuple(counts), tuple(extras))


def build_820(payment: PremiumPayment) -> OutgoingSet:
    """Return the payment as an 820. It is written as it is: sums that do not come out stay so.

    Raises CannotBuild when the number, the day, a party or a premium is missing.
    """
    if payment.paid_on is None:
        raise CannotBuild("The day of the payment is missing (BPR16).")
    if not payment.groups:
        raise CannotBuild("A payment says for whom it is (2000A or 2000B ENT).")
    trace = writing.required(payment.trace, "The number of the payment (TRN02)")
    lines = [
        bpr(payment.handling, payment.amount, payment.credit, payment.method, payment.bank, payment.paid_on),
        segment(
            "TRN",
            payment.trace_kind,
            trace,
            writing.clean(payment.payer_number),
            writing.clean(payment.trace_extra),
        ),
        *([segment("CUR", *payment.currency)] if payment.currency else []),
        *writing.refs(payment.references),
        *(_dtm(item) for item in payment.dates),
        *payment.extras,
        *_organization(payment.payee, "PE", "payee (1000A)"),
        *_organization(payment.payer, payment.payer.entity or "PR", "payer (1000B)"),
    ]
    for other in payment.others:
        lines += _organization(other, writing.required(other.entity, "The part of a party (1000C N101)"), "")
    for group in payment.groups:
        lines += _group(group)
    return OutgoingSet("820", GUIDES["820"], tuple(lines))


def _organization(party: Party, entity: str, what: str) -> list[Segment]:
    """Return a party; more of its name (N2) stands before its address. One of name and number must be there."""
    if what and not writing.clean(party.id):
        writing.required(party.name, f"The name of the {what}")
    number = writing.clean(party.id)
    lines = [segment("N1", entity, writing.clean(party.name), party.id_qualifier if number else "", number)]
    lines += [item for item in party.extras if item.id == "N2"]
    rest = tuple(item for item in party.extras if item.id != "N2")
    return lines + writing.party(replace(party, extras=rest), entity)[1:]


def _dtm(item: Dates) -> Segment:
    if item.ends_on is not None:
        return segment(
            "DTM",
            item.qualifier,
            "",
            "",
            "",
            "RD8",
            f"{writing.day(item.starts_on)}-{writing.day(item.ends_on)}",
        )
    form, blank, value = item.raw.partition(" ")
    return segment("DTM", item.qualifier, "", "", "", form, value) if blank else writing.dtm(item)


def _group(item: PremiumGroup) -> Iterator[Segment]:
    if not item.premiums:
        raise CannotBuild("Nothing is paid here (2300 RMR).")
    kind = writing.required(item.kind, "What is paid for (2000 ENT02)")
    number = writing.required(item.id, "The number of whom is paid for (2000 ENT04)")
    yield segment(
        "ENT", writing.required(item.number, "The number (2000 ENT01)"), kind, item.id_qualifier, number
    )
    yield from item.extras
    for person in item.people:
        entity = writing.required(person.entity, "As what somebody is named (2100B NM101)")
        yield from writing.party(person, entity)
    for one in item.adjustments:
        yield _adx(one)
    for premium in item.premiums:
        yield from _rmr(premium, is_organization=item.is_organization)


def _adx(item: PremiumAdjustment) -> Segment:
    reason = writing.required(item.reason, "Why money is moved (ADX02)")
    return segment("ADX", writing.cents(item.amount, "ADX01"), reason)


def _rmr(item: Premium, *, is_organization: bool) -> Iterator[Segment]:
    if item.lines and not is_organization:
        raise CannotBuild("A person's premium has no bill of its own (2300B RMR).")
    yield segment(
        "RMR", writing.required(item.qualifier, "What a premium's number is (2300 RMR01)"),
        writing.required(item.reference, "The number of a premium (2300 RMR02)"), item.action,
        writing.cents(item.paid, "RMR04"), "" if item.billed is None else writing.cents(item.billed, "RMR05"),
    )  # fmt: skip
    yield from writing.refs(item.references)
    for dated in item.dates:
        yield _dtm(dated)
    yield from item.extras
    for line in item.lines:
        yield segment("IT1", writing.required(line.number, "The number of a bill's line (2310A IT101)"))
        yield from line.extras
        for charge in line.charges:
            writing.cents(charge.amount, "SAC05")
            yield segment("SAC", "C", charge.code, "", "", writing.plain(charge.amount * _CENTS))
        for count in line.counts:
            yield segment("SLN", count.number, "", "O", writing.plain(count.count), composite(count.unit))
    for one in item.adjustments:
        yield _adx(one)
