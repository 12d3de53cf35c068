"""How a dental claim file is read (837D): one claim at a time, with teeth and their surfaces."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from daysheet.formats.x12.envelope import TransactionSet
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from . import claim_reading as shared
from . import reading
from .claim import ClaimBatch
from .dental import (
    CLAIM_NUMBERS,
    CLAIM_PROVIDERS,
    GRAMMAR_837D,
    DentalClaim,
    DentalLine,
    Orthodontics,
    Tooth,
    ToothStatus,
)
from .parts import Procedure

ONE = Decimal(1)
_NUMBER_FIELDS = {code: name for name, code in CLAIM_NUMBERS}
_PROVIDER_FIELDS = {loop: name for name, _, loop, _ in CLAIM_PROVIDERS}


def read_837d(tset: TransactionSet) -> ClaimBatch[DentalClaim]:
    """Return the claims of an 837D."""
    return shared.read_claims(tset, stream_837d)


def stream_837d(tset: TransactionSet, above: shared.ClaimsAbove | None = None) -> Iterator[DentalClaim]:
    """Return the claims of an 837D one after the other; `above` is filled meanwhile."""
    return shared.stream_claims(tset, above or shared.ClaimsAbove(), GRAMMAR_837D, _claim)


def _claim(tset: TransactionSet, loop: Loop, above: shared.ClaimsAbove) -> DentalClaim:
    clm = loop.segments[0]
    found: dict[str, Any] = {}
    kept = shared.lists()
    extras = [item for item in loop.segments[1:] if not _claim_detail(tset, item, found, kept)]
    extras += shared.core(tset, loop, above, _PROVIDER_FIELDS, _line, found)
    place, _, frequency = (*clm.components(5), "", "", "")[:3]
    asks = clm[19] == "PB"
    if not (asks or "served_on" in found or kept["dates"] or all(line.served_on for line in found["lines"])):
        message = "Neither the claim nor each of its lines says when (DTP 472)."
        tset.report("warning", "claim.date-missing", message, clm, loop="2300")
    return DentalClaim(
        **found, place=place, frequency=frequency, signature_on_file=clm[6], **shared.causes(clm),
        special_program=clm[12], is_predetermination=asks, extras=tuple(extras), **shared.tuples(kept),
    )  # fmt: skip


def _claim_detail(tset: TransactionSet, item: Segment, found: dict[str, Any], kept: shared.Lists) -> bool:
    """Promise that a segment of the claim itself is kept; False when it has no field."""
    match item.id:
        case "DTP" if item[1] == "472":
            when = reading.dates(tset, item)
            if when.raw or "served_on" in found:
                kept["dates"].append(when)
            else:
                found["served_on"], found["served_to"] = when.starts_on, when.ends_on
        case "DN1" if "orthodontics" not in found and not item[3] and len(item) <= 5:
            found["orthodontics"] = Orthodontics(
                reading.number(tset, item, 1), reading.number(tset, item, 2), item[4]
            )
        case "DN2" if item[6] in ("JP", "") and not (item[3] or item[4] or item[5]) and item[1] and item[2]:
            kept["tooth_status"].append(ToothStatus(item[1], item[2]))
        case "HI" if not kept["diagnoses"] and (codes := shared.diagnoses(item)):
            kept["diagnoses"] += codes
        case "AMT" if item[1] == "F5" and "patient_paid" not in found:
            found["patient_paid"] = reading.money(tset, item, 2)
        case _:
            return shared.claim_detail(tset, item, _NUMBER_FIELDS, found, kept)
    return True


def _line(tset: TransactionSet, loop: Loop) -> DentalLine:
    head = loop.segments[0]
    found: dict[str, Any] = {}
    kept = shared.lists()
    extras = [item for item in loop.segments[1:] if not _line_detail(tset, item, found, kept)]
    if loop.loops:
        extras += shared.line_loops(tset, loop, "2420A", found, kept)
    if "procedure" not in found:
        message = "The line has no dental service (SV3)."
        tset.report("error", "claim.service-missing", message, head, loop="2400")
        found |= {"procedure": Procedure(""), "charge": reading.ZERO, "units": reading.ZERO}
    found.setdefault("served_on", None)
    return DentalLine(shared.line_number(head), extras=tuple(extras), **shared.tuples(kept), **found)


def _line_detail(tset: TransactionSet, item: Segment, found: dict[str, Any], kept: shared.Lists) -> bool:
    """Promise that a segment of the line itself is kept; False when it has no field."""
    match item.id:
        case "SV3" if "procedure" not in found:
            count = reading.number(tset, item, 6)
            found |= {
                "procedure": reading.procedure(item, 1) or Procedure(""),
                "charge": reading.money(tset, item, 2),
                "place": item[3],
                "areas": tuple([part for part in item.components(4) if part]),
                "prosthesis": item[5],
                # TR3 837D 2400 SV306: a service without a count was done once
                "units": ONE if count is None else count,
                "pointers": shared.pointers(tset, item, 11) if item[11] else (),
            }
        case "TOO" if item[2]:
            surfaces = tuple([part for part in item.components(3) if part])
            kept["teeth"].append(Tooth(item[2], surfaces, item[1]))
        case _:
            return shared.line_detail(tset, item, found, kept)
    return True
