"""How an institutional claim file is read (837I): one claim at a time, its codes by what they mean."""

from collections.abc import Callable, Iterator
from typing import Any

from daysheet.formats.x12.envelope import TransactionSet
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from . import claim_reading as shared
from . import reading
from .claim import ClaimBatch
from .institutional import (
    CLAIM_NUMBERS,
    CLAIM_PROVIDERS,
    GRAMMAR_837I,
    Diagnosis,
    HospitalLine,
    HospitalProcedure,
    InstitutionalClaim,
    Occurrence,
    ValueCode,
)

_NUMBER_FIELDS = {code: name for name, code in CLAIM_NUMBERS}
_PROVIDER_FIELDS = {loop: name for name, _, loop, _ in CLAIM_PROVIDERS}


def read_837i(tset: TransactionSet) -> ClaimBatch[InstitutionalClaim]:
    """Return the claims of an 837I."""
    return shared.read_claims(tset, stream_837i)


def stream_837i(
    tset: TransactionSet, above: shared.ClaimsAbove | None = None
) -> Iterator[InstitutionalClaim]:
    """Return the claims of an 837I one after the other; `above` is filled meanwhile."""
    return shared.stream_claims(tset, above or shared.ClaimsAbove(), GRAMMAR_837I, _claim)


def _claim(tset: TransactionSet, loop: Loop, above: shared.ClaimsAbove) -> InstitutionalClaim:
    clm = loop.segments[0]
    found: dict[str, Any] = {}
    kept = shared.lists()
    extras = [item for item in loop.segments[1:] if not _claim_detail(tset, item, found, kept)]
    extras += shared.core(tset, loop, above, _PROVIDER_FIELDS, _line, found)
    if not any(item.id == "HI" for item in loop.segments) and tset.guide[:6] != "004010":
        shared.missing(tset, "claim.diagnosis-missing", "The claim names no diagnosis (HI).", loop, "2300")
    if "statement_from" not in found:
        message = "The claim does not say which days it covers (DTP 434)."
        shared.missing(tset, "claim.statement-missing", message, loop, "2300")
    kind, _, frequency = (*clm.components(5), "", "", "")[:3]
    return InstitutionalClaim(
        **found, bill_type=kind, frequency=frequency, extras=tuple(extras), **shared.tuples(kept)
    )


def _claim_detail(tset: TransactionSet, item: Segment, found: dict[str, Any], kept: shared.Lists) -> bool:
    """Promise that a segment of the claim itself is kept; False when it has no field."""
    match item.id:
        case "HI":
            return _codes(item, found, kept)
        case "CL1" if "admission_type" not in found and len(item) <= 4:
            found |= {"admission_type": item[1], "admission_source": item[2], "patient_status": item[3]}
        case "DTP" if item[1] in _STAY:
            return _stay(item, found)
        case "AMT" if item[1] == "F3" and "patient_estimate" not in found:
            found["patient_estimate"] = reading.money(tset, item, 2)
        case _:
            return shared.claim_detail(tset, item, _NUMBER_FIELDS, found, kept)
    return True


_STAY = frozenset(("434", "435", "096"))


def _stay(item: Segment, found: dict[str, Any]) -> bool:
    """Keep from when to when the claim speaks, the admission, the hour of discharge; False for what says it otherwise."""
    what, form, text = item[1], item[2], item[3]
    first, _, last = text.partition("-")
    if what == "434" and form in ("RD8", "D8") and "statement_from" not in found:
        starts, ends = reading.to_day(first), reading.to_day(last or first)
        if starts is None or ends is None:
            return False
        found["statement_from"], found["statement_to"] = starts, ends
        return True
    if what == "435" and "admitted_on" not in found and form in ("D8", "DT"):
        day, hour = reading.to_day(text[:8]), text[8:]
        if day is None or (form == "DT") != bool(hour):
            return False
        found["admitted_on"], found["admission_hour"] = day, hour
        return True
    if what == "096" and form == "TM" and "discharge_hour" not in found and text:
        found["discharge_hour"] = text
        return True
    return False


def _diagnosis(parts: list[str]) -> Diagnosis | None:
    if any(parts[2:8]) or len(parts) > 9:
        return None
    return Diagnosis(parts[1], parts[8] if len(parts) > 8 else "")


def _bare(parts: list[str]) -> str | None:
    return parts[1] if len(parts) == 2 else None


def _procedure(parts: list[str]) -> HospitalProcedure | None:
    if len(parts) == 2:
        return HospitalProcedure(parts[1])
    day = reading.to_day(parts[3]) if len(parts) == 4 and parts[2] == "D8" else None
    return HospitalProcedure(parts[1], day) if day else None


def _occurrence(parts: list[str]) -> Occurrence | None:
    day = reading.to_day(parts[3]) if len(parts) == 4 and parts[2] == "D8" else None
    return Occurrence(parts[1], day) if day else None


def _span(parts: list[str]) -> Occurrence | None:
    if len(parts) != 4 or parts[2] != "RD8":
        return None
    first, _, last = parts[3].partition("-")
    starts, ends = reading.to_day(first), reading.to_day(last)
    return Occurrence(parts[1], starts, ends) if starts and ends else None


def _value(parts: list[str]) -> ValueCode | None:
    if len(parts) != 5 or parts[2] or parts[3]:
        return None
    figure = reading.to_number(parts[4])
    return None if figure is None else ValueCode(parts[1], figure)


_CODES: dict[str, tuple[str, Callable[[list[str]], Any]]] = {
    "ABK": ("principal", _diagnosis),
    "ABJ": ("admitting", _bare),
    "APR": ("reasons", _bare),
    "ABN": ("causes", _diagnosis),
    "DR": ("drg", _bare),
    "ABF": ("diagnoses", _diagnosis),
    "BBR": ("procedures", _procedure),
    "BBQ": ("procedures", _procedure),
    "BI": ("spans", _span),
    "BH": ("occurrences", _occurrence),
    "BE": ("values", _value),
    "BG": ("conditions", _bare),
    "TC": ("treatments", _bare),
}
"""Qualifier of a code (HI C022-1): its field, and how one is read."""
_ONCE = frozenset(("principal", "admitting", "drg"))


def _codes(item: Segment, found: dict[str, Any], kept: shared.Lists) -> bool:
    """Keep the codes of an HI by what they mean; False, and nothing kept, when one of them has no field."""
    read: list[tuple[str, Any]] = []
    for index in range(1, len(item)):
        parts = item.components(index)
        name, make = _CODES.get(parts[0], ("", _bare))
        value = make(parts) if name and len(parts) > 1 and parts[1] else None
        if value is None or (name in _ONCE and (name in found or any(name == one for one, _ in read))):
            return False
        # TR3 837I 2300 HI: the principal procedure is BBR, the others BBQ
        if parts[0] == "BBR" and (kept["procedures"] or any(one == name for one, _ in read)):
            return False
        read.append((name, value))
    for name, value in read:
        if name in _ONCE:
            found[name] = value
        else:
            kept[name].append(value)
    return True


def _line(tset: TransactionSet, loop: Loop) -> HospitalLine:
    head = loop.segments[0]
    found: dict[str, Any] = {}
    kept = shared.lists()
    extras = [item for item in loop.segments[1:] if not _line_detail(tset, item, found, kept)]
    if loop.loops:
        extras += shared.line_loops(tset, loop, "2420C", found, kept)
    if "revenue_code" not in found:
        message = "The line has no institutional service (SV2)."
        tset.report("error", "claim.service-missing", message, head, loop="2400")
        found |= {"procedure": None, "charge": reading.ZERO, "units": reading.ZERO}
    found.setdefault("served_on", None)
    return HospitalLine(shared.line_number(head), extras=tuple(extras), **shared.tuples(kept), **found)


def _line_detail(tset: TransactionSet, item: Segment, found: dict[str, Any], kept: shared.Lists) -> bool:
    """Promise that a segment of the line itself is kept; False when it has no field."""
    if item.id != "SV2" or "revenue_code" in found:
        return shared.line_detail(tset, item, found, kept)
    found |= {
        "revenue_code": item[1],
        "procedure": reading.procedure(item, 2),
        "charge": reading.money(tset, item, 3),
        "unit": item[4],
        "units": reading.money(tset, item, 5),
        "non_covered": reading.number(tset, item, 7),
    }
    return True
