"""How a remittance is written (835)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import groupby

from daysheet.formats.x12.envelope import GUIDES
from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.segment import Segment, composite, segment
from daysheet.formats.x12.write import OutgoingSet

from . import writing
from .parts import Party, Reference
from .remittance import CLAIM_PARTIES, Bank, ClaimPayment, ProviderAdjustment, Remittance, ServicePayment


def build_835(remittance: Remittance) -> OutgoingSet:
    """Return the remittance as an 835. It is written as it is: sums that do not come out stay so.

    Raises CannotBuild when the trace, the payer, the payee or a claim's number is missing.
    """
    if remittance.paid_on is None:
        raise CannotBuild("The day of the payment is missing (BPR16).")
    trace = writing.required(remittance.trace, "The number of the payment (TRN02)")
    tin = writing.required(remittance.payer_tin, "The tax number of the payer (TRN03)")
    lines = [
        bpr(
            remittance.handling, remittance.amount, remittance.credit, remittance.method, remittance.bank,
            remittance.paid_on,
        ),
        segment("TRN", "1", trace, tin, writing.clean(remittance.trace_extra)),
        *writing.ref("EV", remittance.receiver_id),
        *writing.ref("F2", remittance.version),
        *writing.refs(remittance.references),
    ]  # fmt: skip
    if remittance.produced_on is not None:
        lines.append(segment("DTM", "405", writing.day(remittance.produced_on)))
    lines += _organization(remittance.payer, "PR", "payer (1000A)")
    lines += _organization(remittance.payee, "PE", "payee (1000B)")
    lines += remittance.extras
    summaries = {item.batch: item.segments for item in remittance.summaries}
    for batch, claims in groupby(remittance.claims, key=lambda claim: claim.batch):
        lines += [segment("LX", batch), *summaries.get(batch, ())] if batch else []
        lines += (line for claim in claims for line in _claim(claim))
    lines += _beside(remittance.provider_adjustments)
    return OutgoingSet("835", GUIDES["835"], tuple(lines))


def bpr(
    handling: str, amount: Decimal, credit: str, method: str, bank: Bank | None, paid_on: date | None
) -> Segment:
    """Return a payment of a remittance or of premiums as a BPR."""
    accounts = bank.values if bank else ("",) * 11
    return segment(
        "BPR", handling, writing.cents(amount, "BPR02"), credit, method,
        *("CCP" if method == "ACH" and not accounts[0] else accounts[0], *accounts[1:11]),
        writing.day(paid_on),
    )  # fmt: skip


def _organization(party: Party, entity: str, what: str) -> list[Segment]:
    name = writing.required(party.name, f"The name of the {what}")
    head = segment("N1", entity, name, party.id_qualifier if party.id else "", writing.clean(party.id))
    return [head, *writing.party(party, entity)[1:]]


def _claim(claim: ClaimPayment) -> Iterable[Segment]:
    number = writing.required(claim.claim_id, "The claim number (2100 CLP01)")
    yield segment(
        "CLP", number, writing.required(claim.status, "The status of the claim (2100 CLP02)"),
        writing.cents(claim.charge, "CLP03"), writing.cents(claim.paid, "CLP04"),
        "" if claim.patient_responsibility is None else writing.cents(claim.patient_responsibility, "CLP05"),
        claim.filing_code, writing.clean(claim.payer_claim_number), claim.place, claim.frequency,
    )  # fmt: skip
    yield from writing.cas(claim.adjustments)
    for entity, field in CLAIM_PARTIES.items():
        party: Party | None = getattr(claim, field)
        if party is not None:
            yield from writing.party(party, entity)
    if claim.mia:
        yield segment("MIA", *claim.mia)
    if claim.moa:
        yield segment("MOA", *claim.moa)
    yield from writing.refs(claim.references)
    for dated in claim.dates:
        yield writing.dtm(dated)
    yield from writing.contacts(claim.contacts)
    yield from writing.amounts(claim.amounts)
    yield from writing.quantities(claim.quantities)
    yield from claim.extras
    for service in claim.services:
        yield from _service(service)


def _service(item: ServicePayment) -> Iterable[Segment]:
    yield segment(
        "SVC", writing.procedure(item.procedure), writing.cents(item.charge, "SVC02"),
        writing.cents(item.paid, "SVC03"),
        item.revenue_code, writing.plain(item.units),
        writing.procedure(item.submitted) if item.submitted else "",
        writing.plain(item.submitted_units),
    )  # fmt: skip
    if item.served_on is not None:
        # TR3 835 2110 DTM: one day is 472, a span is 150 to 151
        yield segment("DTM", "150" if item.served_to else "472", writing.day(item.served_on))
    if item.served_to is not None:
        yield segment("DTM", "151", writing.day(item.served_to))
    for dated in item.dates:
        yield writing.dtm(dated)
    yield from writing.cas(item.adjustments)
    yield from writing.refs((*_own_number(item), *item.references))
    yield from writing.amounts(item.amounts)
    yield from writing.quantities(item.quantities)
    for code in item.remarks:
        yield segment("LQ", "HE", code)
    yield from item.extras


def _own_number(item: ServicePayment) -> tuple[Reference, ...]:
    return (Reference("6R", item.control),) if item.control else ()


def _beside(items: Iterable[ProviderAdjustment]) -> Iterable[Segment]:
    for (provider, end), members in groupby(items, key=lambda item: (item.provider_id, item.fiscal_end)):
        if end is None:
            raise CannotBuild("A provider adjustment names the end of the fiscal year (PLB02).")
        pairs = list(members)
        for start in range(0, len(pairs), 6):
            values: list[str] = []
            for item in pairs[start : start + 6]:
                values += [
                    composite(item.reason, writing.clean(item.reference)),
                    writing.cents(item.amount, "PLB04"),
                ]
            yield segment(
                "PLB",
                writing.required(provider, "The provider of an adjustment (PLB01)"),
                writing.day(end),
                *values,
            )
