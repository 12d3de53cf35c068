"""What the payer says of claims when they come in (277CA): taken, passed on, or refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from daysheet.formats import x12
from daysheet.kernel.money import ZERO
from daysheet.payer.rules.plans import Profile
from daysheet.payer.rules.receipt import Level, Refused

BilledClaim = x12.ProfessionalClaim | x12.DentalClaim | x12.InstitutionalClaim
Batch = x12.ClaimBatch[Any]
"""Claims of one kind, professional, dental or of a facility."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A claim that came in, and what is said of it; without a refusal it is taken."""

    claim: BilledClaim
    number: str
    """The payer's own number of it; empty for a refused one."""
    refused: Refused | None = None
    is_forwarded: bool = False


def report(
    batch: Batch,
    taken: Sequence[Taken],
    *,
    profile: Profile | None,
    reference: str,
    at: datetime,
) -> x12.StatusReport:
    """Return the acknowledgement of a batch, with its totals, one block for each billing provider."""
    by_provider: dict[x12.Party, list[Taken]] = {}
    for item in taken:
        by_provider.setdefault(item.claim.billing, []).append(item)
    name = profile.name if profile else (batch.receiver.name or "Payer")
    number = profile.payer_id if profile else (batch.receiver.id or "PAYER")
    whole = next((item.refused for item in taken if item.refused and item.refused.level is Level.BATCH), None)
    return x12.StatusReport(
        reference=reference,
        at=at,
        source=x12.Party(name, id_qualifier="PI", id=number, entity="PR"),
        source_trace=reference,
        received_on=at.date(),
        processed_on=at.date(),
        receiver=x12.Party(
            batch.submitter.name or "Submitter",
            id_qualifier="46",
            id=batch.submitter.id or "SUBMITTER",
            entity="41",
        ),
        batch_reference=batch.reference,
        statuses=(_heard(whole, at.date(), _charge(taken)),),
        totals=_totals(taken),
        providers=tuple(_provider(party, items, at.date()) for party, items in by_provider.items()),
    )


def _provider(party: x12.Party, items: Sequence[Taken], day: date) -> x12.ProviderStatus:
    refused = next(
        (item.refused for item in items if item.refused and item.refused.level is Level.PROVIDER), None
    )
    shown = x12.Party(
        party.name or "UNKNOWN",
        is_person=party.is_person,
        first=party.first,
        id_qualifier=party.id_qualifier,
        id=party.id,
        entity="85",
    )
    return x12.ProviderStatus(
        provider=shown,
        trace="0",
        statuses=(_heard(refused, None, _charge(items)),),
        totals=_totals(items),
        claims=tuple(_claim(item, day) for item in items),
    )


def _claim(item: Taken, day: date) -> x12.ClaimStatus:
    claim = item.claim
    days = [line.served_on for line in claim.lines if line.served_on]
    refused = item.refused
    person = claim.patient_party
    at_line = refused is not None and refused.level is Level.LINE
    lines = (
        tuple(
            x12.LineStatus(
                procedure=billed_as(line),
                charge=line.charge,
                control=line.control,
                units=line.units,
                statuses=(_status(refused, day, None),),
                served=x12.Dates("472", line.served_on),
            )
            for line in claim.lines[:1]
        )
        if at_line
        else ()
    )
    return x12.ClaimStatus(
        claim_id=claim.claim_id or "UNKNOWN",
        patient=x12.Party(
            person.name or "UNKNOWN",
            first=person.first,
            middle=person.middle,
            is_person=True,
            id_qualifier="MI",
            id=claim.subscriber.party.id,
            entity="QC",
        ),
        statuses=(
            _forwarded(day, claim.charge) if item.is_forwarded else _status(refused, day, claim.charge),
        ),
        payer_claim_number=item.number,
        served=x12.Dates("472", min(days, default=day)),
        lines=lines,
    )


def billed_as(line: x12.ServiceLine | x12.DentalLine | x12.HospitalLine) -> x12.Procedure:
    """Return the procedure of a line; the revenue code of a facility's line that names none (SVC01 NU)."""
    if isinstance(line, x12.HospitalLine) and line.procedure is None:
        return x12.Procedure(line.revenue_code, (), "NU")
    assert line.procedure is not None  # the guides of the others ask for it
    return line.procedure


def _status(refused: Refused | None, day: date | None, charge: Decimal | None) -> x12.Status:
    if refused is None:
        return x12.Status("A2", "20", entity="PR", on=day, action="WQ", charge=charge)
    return x12.Status(
        refused.category, refused.code, entity=refused.entity, on=day, action="U", charge=charge
    )


def _heard(refused: Refused | None, day: date | None, charge: Decimal) -> x12.Status:
    """Return what stands above the claims: received, or refused for all below."""
    if refused is not None:
        return _status(refused, day, charge)
    return x12.Status("A1", "19", entity="PR", on=day, action="WQ", charge=charge)


def _forwarded(day: date, charge: Decimal) -> x12.Status:
    return x12.Status("A0", "16", entity="PR", on=day, action="WQ", charge=charge)


def _charge(items: Sequence[Taken]) -> Decimal:
    return sum((item.claim.charge for item in items), ZERO)


def _totals(items: Sequence[Taken]) -> x12.Totals:
    good = [item for item in items if item.refused is None]
    bad = [item for item in items if item.refused is not None]
    return x12.Totals(
        accepted_count=len(good) or None,
        accepted=_charge(good) if good else None,
        rejected_count=len(bad) or None,
        rejected=_charge(bad) if bad else None,
    )
