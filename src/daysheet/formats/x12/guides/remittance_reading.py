"""How a remittance is read (835): one claim at a time, its money first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from daysheet.formats.x12.envelope import TransactionSet
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from . import reading
from .parts import Adjustment, Amount, Dates, Party, Procedure, Quantity, Reference
from .remittance import (
    CLAIM_PARTIES,
    GRAMMAR_835,
    Bank,
    ClaimPayment,
    ProviderAdjustment,
    Remittance,
    ServicePayment,
    Summary,
)

_NOBODY = Party("")


@dataclass(slots=True)
class PaymentAbove:
    """What stands above and below the claims of a remittance, filled while it is read."""

    fields: dict[str, Any] = field(default_factory=dict)
    beside: list[ProviderAdjustment] = field(default_factory=list)
    batch: str = ""
    summaries: list[Summary] = field(default_factory=list)
    extras: list[Segment] = field(default_factory=list)


def read_835(tset: TransactionSet) -> Remittance:
    """Return the payment of an 835 with all its claims."""
    above = PaymentAbove()
    claims = tuple(stream_835(tset, above))
    return remittance_of(above, claims)


def remittance_of(above: PaymentAbove, claims: tuple[ClaimPayment, ...]) -> Remittance:
    """Return the payment that stands above some claims."""
    return Remittance(
        **above.fields,
        claims=claims,
        provider_adjustments=tuple(above.beside),
        summaries=tuple(above.summaries),
        extras=tuple(above.extras),
    )


def stream_835(tset: TransactionSet, above: PaymentAbove | None = None) -> Iterator[ClaimPayment]:
    """Return the claims of an 835 one after the other; `above` is filled meanwhile."""
    above = above or PaymentAbove()
    for loop in GRAMMAR_835.walk(tset.segments, tset.report):
        name = loop.id
        if name == "2100":
            yield _claim(tset, loop, above.batch)
        elif name == "2000":
            above.batch = loop.segments[0][1]
            if len(loop.segments) > 1:
                above.summaries.append(Summary(above.batch, tuple(loop.segments[1:])))
        elif name == "PLB":
            above.beside += _beside(tset, loop.segments[0])
            above.extras += loop.segments[1:]
        elif name == "ST":
            above.fields = _header(tset, loop, above)


def _header(tset: TransactionSet, loop: Loop, above: PaymentAbove) -> dict[str, Any]:
    found: dict[str, Any] = {
        "payer": _NOBODY, "payee": _NOBODY, "amount": reading.ZERO, "method": "", "paid_on": None,
        "trace": "",
    }  # fmt: skip
    bpr, trn = loop.first("BPR"), loop.first("TRN")
    if bpr is None:
        tset.report("error", "remittance.bpr-missing", "The payment itself is missing (BPR).")
    else:
        found |= transfer(tset, bpr)
    if trn is None:
        tset.report("error", "remittance.trn-missing", "The number of the payment is missing (TRN).")
    else:
        found |= {"trace": trn[2], "payer_tin": trn[3], "trace_extra": trn[4]}
    references: list[Reference] = []
    for item in loop.segments[1:]:
        if item.id == "REF" and item[1] == "EV" and "receiver_id" not in found:
            found["receiver_id"] = item[2]
        elif item.id == "REF" and item[1] == "F2" and "version" not in found:
            found["version"] = item[2]
        elif item.id == "REF" and len(item) <= 4:
            references.append(reading.reference(item))
        elif item.id == "DTM" and item[1] == "405" and "produced_on" not in found:
            found["produced_on"] = reading.day(tset, item, 2)
        elif item is not bpr and item is not trn:
            above.extras.append(item)
    for inner in loop.loops:
        name = "payer" if inner.id == "1000A" else "payee"
        if found[name] is _NOBODY:
            found[name] = reading.party(tset, inner)
        else:
            above.extras += inner.every()
    found["references"] = tuple(references)
    for name, at in (("payer", "1000A"), ("payee", "1000B")):
        if found[name] is _NOBODY:
            tset.report("error", f"remittance.{name}-missing", f"The {name} is not named.", loop=at)
    return found


def transfer(tset: TransactionSet, bpr: Segment) -> dict[str, Any]:
    """Return what a BPR says: how much goes which way on which day, and from which account to which."""
    found: dict[str, Any] = {
        "handling": bpr[1],
        "amount": reading.money(tset, bpr, 2),
        "credit": bpr[3],
        "method": bpr[4],
        "paid_on": reading.day(tset, bpr, 16),
    }
    if not bpr[16]:
        tset.report("error", "element.missing", "The day of the payment is missing.", bpr, 16)
    bank = tuple(bpr[index] for index in range(5, 16))
    if any(bank[1:]) or bank[0] not in ("", "CCP"):
        found["bank"] = Bank(bank)
    return found


def _beside(tset: TransactionSet, plb: Segment) -> Iterator[ProviderAdjustment]:
    end = reading.day(tset, plb, 2)
    for index in range(3, len(plb), 2):
        if plb[index] or plb[index + 1]:
            reason, reference = plb.component(index, 1), plb.component(index, 2)
            yield ProviderAdjustment(plb[1], end, reason, reference, reading.money(tset, plb, index + 1))


def _claim(tset: TransactionSet, loop: Loop, batch: str) -> ClaimPayment:
    clp, *rest = loop.segments
    adjustments: list[Adjustment] = []
    references: list[Reference] = []
    dates: list[Dates] = []
    amounts: list[Amount] = []
    extras: list[Segment] = []
    rare: dict[str, Any] = {}
    patient = _NOBODY
    for item in rest:
        name = item.id
        if name == "CAS":
            adjustments += reading.adjustments(tset, item)
        elif name == "REF" and len(item) <= 4:
            references.append(reading.reference(item))
        elif name == "DTM":
            dates.append(reading.dates(tset, item))
        elif name == "AMT":
            amounts.append(reading.amount(tset, item))
        elif name == "NM1" and item[1] == "QC" and patient is _NOBODY:
            patient = reading.name_of(item)
        elif not _rare(tset, item, rare):
            extras.append(item)
    for name in ("quantities", "contacts"):
        if name in rare:
            rare[name] = tuple(rare[name])
    if patient is _NOBODY:
        tset.report("error", "remittance.patient-missing", "The patient is not named.", clp, loop="2100")
    if not clp[2]:
        tset.report("error", "element.missing", "The status of the claim is missing.", clp, 2, loop="2100")
    if not clp[1]:
        tset.report("error", "remittance.claim-missing", "The claim has no number.", clp, 1, loop="2100")
    return ClaimPayment(
        clp[1], clp[2], _amount(tset, clp, 3), _amount(tset, clp, 4), patient,
        reading.number(tset, clp, 5), clp[6], clp[7], clp[8], clp[9],
        tuple(adjustments), tuple([_service(tset, inner) for inner in loop.loops]),
        references=tuple(references), dates=tuple(dates), amounts=tuple(amounts), extras=tuple(extras),
        batch=batch,
        **rare,
    )  # fmt: skip


def _rare(tset: TransactionSet, item: Segment, found: dict[str, Any]) -> bool:
    """Promise that a less common segment of a claim is kept; False when it has no field."""
    name = item.id
    if name == "NM1":
        whom = CLAIM_PARTIES.get(item[1], "patient")
        if whom == "patient" or whom in found:
            return False
        found[whom] = reading.name_of(item)
    elif name in ("MOA", "MIA") and name.lower() not in found:
        found[name.lower()] = tuple(item.elements[1:])
    elif name == "QTY":
        found.setdefault("quantities", []).append(reading.quantity(tset, item))
    elif name == "PER" and reading.fits_contact(item):
        found.setdefault("contacts", []).append(reading.contact(item))
    else:
        return False
    return True


def _amount(tset: TransactionSet, item: Segment, index: int) -> Decimal:
    """Return a required amount; the common case without a detour."""
    value = reading.to_number(item[index])
    return reading.money(tset, item, index) if value is None else value


def _service(tset: TransactionSet, loop: Loop) -> ServicePayment:
    svc, *rest = loop.segments
    adjustments: list[Adjustment] = []
    references: list[Reference] = []
    dates: list[Dates] = []
    amounts: list[Amount] = []
    quantities: list[Quantity] = []
    remarks: list[str] = []
    extras: list[Segment] = []
    served_on = served_to = None
    control = ""
    for item in rest:
        name = item.id
        if name == "CAS":
            adjustments += reading.adjustments(tset, item)
        elif name == "DTM":
            kind = item[1]
            if kind in ("472", "150") and served_on is None:
                served_on = reading.day(tset, item, 2)
            elif kind == "151" and served_to is None:
                served_to = reading.day(tset, item, 2)
            else:
                dates.append(reading.dates(tset, item))
        elif name == "REF" and len(item) <= 4:
            if item[1] == "6R" and not control:
                control = item[2]
            else:
                references.append(reading.reference(item))
        elif name == "AMT":
            amounts.append(reading.amount(tset, item))
        elif name == "LQ" and item[1] == "HE":
            remarks.append(item[2])
        elif name == "QTY":
            quantities.append(reading.quantity(tset, item))
        else:
            extras.append(item)
    return ServicePayment(
        reading.procedure(svc, 1) or Procedure(""), _amount(tset, svc, 2), _amount(tset, svc, 3),
        reading.number(tset, svc, 5), served_on, served_to, control, tuple(adjustments), tuple(remarks),
        svc[4],
        reading.procedure(svc, 6), reading.number(tset, svc, 7), tuple(amounts), tuple(quantities),
        tuple(references),
        tuple(dates), tuple(extras),
    )  # fmt: skip
