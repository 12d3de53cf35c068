"""How a professional claim file is read (837P): one claim at a time, with all that stands above it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from daysheet.formats.x12.envelope import TransactionSet, moment
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from . import reading
from .claim import Attachment, Drug, LineAdjudication, Note, OtherPayer, Subscriber
from .parts import Party, Procedure
from .professional import (
    CLAIM_NUMBERS,
    CLAIM_PROVIDERS,
    GRAMMAR_837P,
    ClaimBatch,
    ProfessionalClaim,
    ServiceLine,
)

_NOBODY = Party("")
_POINTERS = {str(number): number for number in range(1, 13)} | {
    f"{number}.00": number for number in range(1, 13)
}
_UNKNOWN = Subscriber(_NOBODY, "", "")
_NUMBER_FIELDS = {code: name for name, code in CLAIM_NUMBERS}
_PROVIDER_FIELDS = {loop: name for name, _, loop, _ in CLAIM_PROVIDERS}


@dataclass(slots=True)
class ClaimsAbove:
    """What stands above the claims of a file while it is read."""

    reference: str = ""
    at: datetime | None = None
    purpose: str = ""
    kind: str = ""
    submitter: Party = _NOBODY
    receiver: Party = _NOBODY
    billing: Party = _NOBODY
    pay_to: Party | None = None
    subscriber: Subscriber = _UNKNOWN
    payer: Party = _NOBODY
    patient: Party | None = None
    relationship: str = ""


def read_837p(tset: TransactionSet) -> ClaimBatch:
    """Return the claims of an 837P."""
    above = ClaimsAbove()
    claims = tuple(stream_837p(tset, above))
    return ClaimBatch(
        above.reference, above.at, above.submitter, above.receiver, claims, above.kind, above.purpose
    )


def stream_837p(tset: TransactionSet, above: ClaimsAbove | None = None) -> Iterator[ProfessionalClaim]:
    """Return the claims of an 837P one after the other; `above` is filled meanwhile."""
    above = above or ClaimsAbove()
    for loop in GRAMMAR_837P.walk(tset.segments):
        match loop.id:
            case "2300":
                yield _claim(tset, loop, above)
            case "2000C":
                _patient(tset, loop, above)
            case "2000B":
                _insured(tset, loop, above)
            case "2000A":
                _office(tset, loop, above)
            case "ST":
                _header(tset, loop, above)


def _header(tset: TransactionSet, loop: Loop, above: ClaimsAbove) -> None:
    bht = loop.first("BHT")
    if bht is None:
        tset.report("error", "claim.bht-missing", "The file has no header (BHT).")
    else:
        above.purpose, above.reference, above.kind = bht[2], bht[3], bht[6]
        above.at = moment(bht[4], bht[5])
    for inner in loop.loops:
        if inner.id == "1000A":
            above.submitter = reading.party(tset, inner)
        elif inner.id == "1000B":
            above.receiver = reading.party(tset, inner)
    for party, name, code in ((above.submitter, "1000A", "submitter"), (above.receiver, "1000B", "receiver")):
        if party is _NOBODY:
            tset.report("error", f"claim.{code}-missing", f"The {code} is not named ({name} NM1).", loop=name)


def _office(tset: TransactionSet, loop: Loop, above: ClaimsAbove) -> None:
    billing, above.pay_to, extras = _NOBODY, None, []
    taxonomy = ""
    for item in loop.segments[1:]:
        if item.id == "PRV" and item[2] == "PXC" and not taxonomy:
            taxonomy = item[3]
        else:
            extras.append(item)
    later: list[Segment] = []
    for inner in loop.loops:
        if inner.id == "2010AA":
            billing = reading.party(tset, inner)
        elif inner.id == "2010AB" and above.pay_to is None:
            above.pay_to = reading.party(tset, inner)
        else:
            later += inner.every()
    if billing is not _NOBODY and billing.address is None:
        _missing(
            tset, "claim.address-missing", "The billing provider has no address (N3, N4).", loop, "2010AA"
        )
    if billing is _NOBODY:
        tset.report(
            "error",
            "claim.billing-missing",
            "The billing provider is not named.",
            loop.segments[0],
            loop="2010AA",
        )
    above.billing = replace(
        billing, taxonomy=taxonomy or billing.taxonomy, extras=(*extras, *billing.extras, *later)
    )
    above.patient, above.relationship = None, ""
    above.subscriber, above.payer = _UNKNOWN, _NOBODY


def _insured(tset: TransactionSet, loop: Loop, above: ClaimsAbove) -> None:
    above.patient, above.relationship, above.payer = None, "", _NOBODY
    sbr = loop.first("SBR")
    if sbr is None:
        _missing(tset, "claim.plan-missing", "The place of the plan is not told (SBR).", loop, "2000B")
        sbr = Segment(["SBR"])
    person = _NOBODY
    extras = [item for item in loop.segments[1:] if item is not sbr]
    for inner in loop.loops:
        if inner.id == "2010BA" and person is _NOBODY:
            person = reading.party(tset, inner)
        elif inner.id == "2010BB" and above.payer is _NOBODY:
            above.payer = reading.party(tset, inner)
        else:
            extras += inner.every()
    if person is _NOBODY:
        tset.report(
            "error", "claim.insured-missing", "The insured is not named.", loop.segments[0], loop="2010BA"
        )
    if above.payer is _NOBODY:
        tset.report(
            "error", "claim.payer-missing", "The payer is not named.", loop.segments[0], loop="2010BB"
        )
    if extras:
        person = replace(person, extras=(*extras, *person.extras))
    above.subscriber = Subscriber(person, sbr[1], sbr[2], sbr[3], sbr[4], sbr[5], sbr[9])


def _missing(tset: TransactionSet, code: str, message: str, loop: Loop, name: str) -> None:
    tset.report("error", code, message, loop.segments[0], loop=name)


def _patient(tset: TransactionSet, loop: Loop, above: ClaimsAbove) -> None:
    pat = loop.first("PAT")
    if pat is None:
        _missing(
            tset, "claim.relationship-missing", "The patient's relationship is missing (PAT).", loop, "2000C"
        )
    person = _NOBODY
    extras = [item for item in loop.segments[1:] if item is not pat]
    if pat is not None and len(pat) > 2:
        extras.insert(0, pat)
    for inner in loop.loops:
        if inner.id == "2010CA" and person is _NOBODY:
            person = reading.party(tset, inner)
        else:
            extras += inner.every()
    if person is _NOBODY:
        tset.report(
            "error", "claim.patient-missing", "The patient is not named.", loop.segments[0], loop="2010CA"
        )
    above.patient = replace(person, extras=(*extras, *person.extras)) if extras else person
    above.relationship = pat[1] if pat else ""


def _claim(tset: TransactionSet, loop: Loop, above: ClaimsAbove) -> ProfessionalClaim:
    clm = loop.segments[0]
    found: dict[str, Any] = {}
    kept: dict[str, list[Any]] = {
        "references": [],
        "dates": [],
        "notes": [],
        "attachments": [],
        "diagnoses": [],
    }
    extras = [item for item in loop.segments[1:] if not _claim_detail(tset, item, found, kept)]
    lines, others = [], []
    for inner in loop.loops:
        name = _PROVIDER_FIELDS.get(inner.id)
        if inner.id == "2400":
            lines.append(_line(tset, inner))
        elif inner.id == "2320":
            others.append(_other_payer(tset, inner))
        elif name and name not in found:
            found[name] = reading.party(tset, inner)
        else:
            extras += inner.every()
    if not lines:
        tset.report("error", "claim.lines-missing", "The claim has no service line.", clm, 1, loop="2300")
    if not any(item.id == "HI" for item in loop.segments) and tset.guide[:6] != "004010":
        _missing(tset, "claim.diagnosis-missing", "The claim names no diagnosis (HI).", loop, "2300")
    if above.subscriber is _UNKNOWN:
        message = "The claim stands under no insured (2000B)."
        tset.report("error", "claim.insured-missing", message, clm, 1, loop="2300")
    if not clm[1]:
        tset.report("error", "claim.number-missing", "The claim has no number.", clm, 1, loop="2300")
    e = reading.padded(clm, 21)
    place, _, frequency = (*clm.components(5), "", "", "")[:3]
    causes = (*clm.components(11), "", "", "")
    return ProfessionalClaim(
        e[1], reading.money(tset, clm, 2), above.billing, above.subscriber, above.payer, tuple(lines),
        place=place, frequency=frequency,
        patient=above.patient, patient_relationship=above.relationship, pay_to=above.pay_to,
        signature_on_file=e[6], assignment=e[7], benefits_assigned=e[8], release=e[9], patient_signature=e[10],
        related_causes=tuple([cause for cause in causes[:3] if cause]), accident_state=causes[3],
        special_program=e[12], delay_reason=e[20],
        other_payers=tuple(others), extras=tuple(extras),
        **_tuples(kept), **found,
    )  # fmt: skip


def _tuples(kept: dict[str, list[Any]]) -> dict[str, Any]:
    return {name: tuple(values) for name, values in kept.items() if values}


def _claim_detail(
    tset: TransactionSet, item: Segment, found: dict[str, Any], kept: dict[str, list[Any]]
) -> bool:
    """Promise that a segment of the claim itself is kept; False when it has no field."""
    match item.id:
        case "DTP":
            kept["dates"].append(reading.dates(tset, item))
        case "REF" if item[1] in _NUMBER_FIELDS and _NUMBER_FIELDS[item[1]] not in found and len(item) == 3:
            found[_NUMBER_FIELDS[item[1]]] = item[2]
        case "REF" if len(item) <= 4:
            kept["references"].append(reading.reference(item))
        case "AMT" if item[1] == "F5" and "patient_paid" not in found:
            found["patient_paid"] = reading.money(tset, item, 2)
        case "NTE":
            kept["notes"].append(Note(item[1], item[2]))
        case "PWK" if not (item[3] or item[4] or len(item) > 7):
            kept["attachments"].append(Attachment(item[1], item[2], item[6]))
        case "HI" if not kept["diagnoses"] and (codes := _diagnoses(item)):
            kept["diagnoses"] += codes
        case _:
            return False
    return True


def _diagnoses(item: Segment) -> list[str]:
    """Return the codes of an HI that names diagnoses and nothing else."""
    codes = []
    for index in range(1, len(item)):
        parts = item.components(index)
        if len(parts) != 2 or parts[0] != ("ABF" if index > 1 else "ABK"):
            return []
        codes.append(parts[1])
    return codes


def _other_payer(tset: TransactionSet, loop: Loop) -> OtherPayer:
    sbr = loop.segments[0]
    found: dict[str, Any] = {"payer": _NOBODY, "subscriber": _NOBODY, "benefits_assigned": "", "release": ""}
    adjustments, extras = [], []
    for item in loop.segments[1:]:
        if item.id == "CAS":
            adjustments += reading.adjustments(tset, item)
        elif item.id == "AMT" and item[1] in _OTHER_AMOUNTS:
            found[_OTHER_AMOUNTS[item[1]]] = reading.money(tset, item, 2)
        elif item.id == "OI":
            found |= {"benefits_assigned": item[3], "patient_signature": item[4], "release": item[6]}
        elif item.id == "MOA":
            found["moa"] = tuple(item.elements[1:])
        else:
            extras.append(item)
    for inner in loop.loops:
        if inner.id == "2330A":
            found["subscriber"] = reading.party(tset, inner)
        elif inner.id == "2330B":
            found |= _payer_before(tset, inner)
        else:
            found["payer"] = replace(found["payer"], extras=(*found["payer"].extras, *inner.every()))
    return OtherPayer(
        rank=sbr[1], relationship=sbr[2], group_number=sbr[3], group_name=sbr[4], insurance_type=sbr[5],
        filing_code=sbr[9], adjustments=tuple(adjustments), extras=tuple(extras), **found,
    )  # fmt: skip


_OTHER_AMOUNTS = {"D": "paid", "A8": "non_covered", "EAF": "remaining"}


def _payer_before(tset: TransactionSet, loop: Loop) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rest = []
    for item in loop.segments:
        if item.id == "DTP" and item[1] == "573" and "paid_on" not in found:
            found["paid_on"] = reading.dates(tset, item).starts_on
        elif item.id == "REF" and item[1] == "F8" and "claim_number" not in found:
            found["claim_number"] = item[2]
        else:
            rest.append(item)
    return found | {"payer": reading.party(tset, Loop(loop.id, rest))}


def _line(tset: TransactionSet, loop: Loop) -> ServiceLine:
    head = loop.segments[0]
    found: dict[str, Any] = {
        "procedure": Procedure(""),
        "charge": reading.ZERO,
        "units": reading.ZERO,
        "served_on": None,
    }
    kept: dict[str, list[Any]] = {"references": [], "dates": [], "notes": [], "adjudications": []}
    extras = [item for item in loop.segments[1:] if not _line_detail(tset, item, found, kept)]
    for inner in loop.loops:
        if inner.id == "2430":
            kept["adjudications"].append(_adjudication(tset, inner))
        elif inner.id == "2420A" and "rendering" not in found:
            found["rendering"] = reading.party(tset, inner)
        elif inner.id == "2410" and "drug" not in found and (drug := _drug(tset, inner)):
            found["drug"] = drug
        else:
            extras += inner.every()
    if "pointers" not in found:
        tset.report(
            "error", "claim.service-missing", "The line has no professional service (SV1).", head, loop="2400"
        )
        found["pointers"] = ()
    elif found["served_on"] is None:
        _missing(tset, "claim.date-missing", "The line has no date of service (DTP 472).", loop, "2400")
    number = int(head[1]) if head[1].isascii() and head[1].isdigit() and len(head[1]) < 7 else 0
    return ServiceLine(number, extras=tuple(extras), **_tuples(kept), **found)


def _line_detail(
    tset: TransactionSet, item: Segment, found: dict[str, Any], kept: dict[str, list[Any]]
) -> bool:
    """Promise that a segment of the line itself is kept; False when it has no field."""
    match item.id:
        case "SV1" if "pointers" not in found:
            e = reading.padded(item, 10)
            found |= {
                "procedure": reading.procedure(item, 1) or Procedure(""),
                "charge": reading.money(tset, item, 2),
                "unit": e[3],
                "units": reading.money(tset, item, 4),
                "place": e[5],
                "pointers": _pointers(tset, item, e[7]),
                "emergency": e[9],
            }
        case "DTP" if (
            item[1] == "472" and found["served_on"] is None and not (when := reading.dates(tset, item)).raw
        ):
            found["served_on"], found["served_to"] = when.starts_on, when.ends_on
        case "DTP":
            kept["dates"].append(reading.dates(tset, item))
        case "REF" if item[1] == "6R" and "control" not in found:
            found["control"] = item[2]
        case "REF" if item[1] == "G1" and "prior_authorization" not in found and len(item) == 3:
            found["prior_authorization"] = item[2]
        case "REF" if len(item) <= 4:
            kept["references"].append(reading.reference(item))
        case "NTE":
            kept["notes"].append(Note(item[1], item[2]))
        case _:
            return False
    return True


def _pointers(tset: TransactionSet, item: Segment, text: str) -> tuple[int, ...]:
    """Return which diagnoses a line points to; some write 1.00 for 1."""
    wanted = [part for part in text.split(item.delimiters.component) if part]
    found = tuple([_POINTERS[part] for part in wanted if part in _POINTERS])
    if len(found) != len(wanted):
        tset.report(
            "error", "claim.pointer-wrong", "This is no diagnosis of the claim.", item, 7, loop="2400"
        )
    return found


def _drug(tset: TransactionSet, loop: Loop) -> Drug | None:
    head, *rest = loop.segments
    if head[2] != "N4" or len(head) > 4 or len(rest) > 1 or (rest and rest[0].id != "CTP"):
        return None
    if not rest:
        return Drug(head[3])
    return Drug(head[3], reading.number(tset, rest[0], 4), rest[0][5])


def _adjudication(tset: TransactionSet, loop: Loop) -> LineAdjudication:
    svd = loop.segments[0]
    adjustments = []
    paid_on, remaining = None, None
    for item in loop.segments[1:]:
        if item.id == "CAS":
            adjustments += reading.adjustments(tset, item)
        elif item.id == "DTP" and item[1] == "573":
            paid_on = reading.dates(tset, item).starts_on
        elif item.id == "AMT" and item[1] == "EAF":
            remaining = reading.money(tset, item, 2)
    procedure = reading.procedure(svd, 3) or Procedure("")
    units = reading.money(tset, svd, 5)
    return LineAdjudication(
        svd[1], reading.money(tset, svd, 2), procedure, units, tuple(adjustments), paid_on, remaining
    )
