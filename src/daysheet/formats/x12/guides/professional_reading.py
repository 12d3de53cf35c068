"""How a professional claim file is read (837P): one claim at a time, with all that stands above it."""

from collections.abc import Iterator
from typing import Any

from daysheet.formats.x12.envelope import TransactionSet
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from . import claim_reading as shared
from . import reading
from .claim import ClaimBatch
from .parts import Procedure
from .professional import CLAIM_NUMBERS, CLAIM_PROVIDERS, GRAMMAR_837P, ProfessionalClaim, ServiceLine

_NUMBER_FIELDS = {code: name for name, code in CLAIM_NUMBERS}
_PROVIDER_FIELDS = {loop: name for name, _, loop, _ in CLAIM_PROVIDERS}


def read_837p(tset: TransactionSet) -> ClaimBatch[ProfessionalClaim]:
    """Return the claims of an 837P."""
    return shared.read_claims(tset, stream_837p)


def stream_837p(tset: TransactionSet, above: shared.ClaimsAbove | None = None) -> Iterator[ProfessionalClaim]:
    """Return the claims of an 837P one after the other; `above` is filled meanwhile."""
    return shared.stream_claims(tset, above or shared.ClaimsAbove(), GRAMMAR_837P, _claim)


def _claim(tset: TransactionSet, loop: Loop, above: shared.ClaimsAbove) -> ProfessionalClaim:
    clm = loop.segments[0]
    found: dict[str, Any] = {}
    kept = shared.lists()
    extras = [item for item in loop.segments[1:] if not _claim_detail(tset, item, found, kept)]
    extras += shared.core(tset, loop, above, _PROVIDER_FIELDS, _line, found)
    if "diagnoses" not in kept and loop.first("HI") is None and tset.guide[:6] != "004010":
        shared.missing(tset, "claim.diagnosis-missing", "The claim names no diagnosis (HI).", loop, "2300")
    told = reading.padded(clm, 13)
    place, _, frequency = (*clm.components(5), "", "", "")[:3]
    if told[11]:
        found |= shared.causes(clm)
    return ProfessionalClaim(
        **found, place=place, frequency=frequency, signature_on_file=told[6], patient_signature=told[10],
        special_program=told[12], extras=tuple(extras), **shared.tuples(kept),
    )  # fmt: skip


def _claim_detail(tset: TransactionSet, item: Segment, found: dict[str, Any], kept: shared.Lists) -> bool:
    """Promise that a segment of the claim itself is kept; False when it has no field."""
    match item.id:
        case "HI" if not kept["diagnoses"] and (codes := shared.diagnoses(item)):
            kept["diagnoses"] += codes
        case "AMT" if item[1] == "F5" and "patient_paid" not in found:
            found["patient_paid"] = reading.money(tset, item, 2)
        case _:
            return shared.claim_detail(tset, item, _NUMBER_FIELDS, found, kept)
    return True


def _line(tset: TransactionSet, loop: Loop) -> ServiceLine:
    head = loop.segments[0]
    found: dict[str, Any] = {}
    kept = shared.lists()
    extras = []
    for item in loop.segments[1:]:
        if item.id == "SV1" and "pointers" not in found:
            _service(tset, item, found)
        elif not shared.line_detail(tset, item, found, kept):
            extras.append(item)
    if loop.loops:
        extras += shared.line_loops(tset, loop, "2420A", found, kept)
    if "pointers" not in found:
        tset.report(
            "error", "claim.service-missing", "The line has no professional service (SV1).", head, loop="2400"
        )
        found |= {"procedure": Procedure(""), "charge": reading.ZERO, "units": reading.ZERO, "pointers": ()}
    elif "served_on" not in found:
        shared.missing(tset, "claim.date-missing", "The line has no date of service (DTP 472).", loop, "2400")
    found.setdefault("served_on", None)
    return ServiceLine(shared.line_number(head), extras=tuple(extras), **shared.tuples(kept), **found)


def _service(tset: TransactionSet, item: Segment, found: dict[str, Any]) -> None:
    """Keep what an SV1 says."""
    _, _, _, found["unit"], _, found["place"], _, _, _, found["emergency"] = reading.padded(item, 10)
    found["procedure"] = reading.procedure(item, 1) or Procedure("")
    found["charge"] = reading.money(tset, item, 2)
    found["units"] = reading.money(tset, item, 4)
    found["pointers"] = shared.pointers(tset, item, 7)
