"""How an institutional claim file is written (837I): the claim with its codes, and its lines."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.segment import Segment, composite, segment
from daysheet.formats.x12.write import OutgoingSet

from . import claim_writing as shared
from . import writing
from .claim import ClaimBatch
from .institutional import (
    CLAIM_NUMBERS,
    CLAIM_PROVIDERS,
    Diagnosis,
    HospitalLine,
    InstitutionalClaim,
    Occurrence,
)

_CLAIM_ORDER = ("CLM", "DTP", "CL1", "PWK", "CN1", "AMT", "REF", "K3", "NTE", "CRC", "HI", "HCP")
_LINE_ORDER = ("LX", "SV2", "PWK", "DTP", "REF", "AMT", "NTE", "HCP")
_IN_ONE = 12
"""Codes of one HI."""


def build_837i(batch: ClaimBatch[InstitutionalClaim]) -> OutgoingSet:
    """Return the claims as an 837I; neighbours of one office and one insured share their levels.

    Raises CannotBuild, with the place, when the guide asks for something that is missing.
    """
    return shared.build_claims(batch, "837I", _claim)


def _claim(claim: InstitutionalClaim) -> list[Segment]:
    _check(claim)
    head = [
        shared.clm(claim, claim.bill_type, "A", more=[*[""] * 10, claim.delay_reason]),
        *_stay(claim),
        segment("CL1", claim.admission_type, claim.admission_source, claim.patient_status),
        *shared.claim_head(claim, CLAIM_NUMBERS),
        *shared.amount("F3", claim.patient_estimate),
        *_codes(claim),
    ]
    return shared.claim_segments(claim, head, _CLAIM_ORDER, CLAIM_PROVIDERS, _line)


def _check(claim: InstitutionalClaim) -> None:
    if claim.principal is None:
        raise CannotBuild("A claim of a hospital names its principal diagnosis (2300 HI ABK).")
    if claim.statement_from is None or claim.statement_to is None:
        raise CannotBuild("A claim of a hospital says from when to when it speaks (2300 DTP 434).")
    writing.required(claim.patient_status, "The status of the patient (2300 CL103)")
    if len(claim.bill_type) != 2 or not claim.bill_type.isalnum():
        raise CannotBuild("The type of bill has two signs before its frequency (2300 CLM05-1).")
    if bool(claim.admission_hour) and claim.admitted_on is None:
        raise CannotBuild("An hour of admission needs its day (2300 DTP 435).")
    for what, codes, most in (
        ("reasons for the visit (APR)", claim.reasons, 3),
        ("causes of injury (ABN)", claim.causes, 12),
        ("other diagnoses (ABF)", claim.diagnoses, 24),
        ("procedures (BBR, BBQ)", claim.procedures, 25),
        ("spans (BI)", claim.spans, 24),
        ("occurrences (BH)", claim.occurrences, 24),
        ("values (BE)", claim.values, 24),
        ("conditions (BG)", claim.conditions, 24),
        ("treatments (TC)", claim.treatments, 24),
    ):
        if len(codes) > most:
            raise CannotBuild(f"A claim has at most {most} {what} (2300 HI).")


def _stay(claim: InstitutionalClaim) -> Iterator[Segment]:
    if claim.discharge_hour:
        yield segment("DTP", "096", "TM", claim.discharge_hour)
    # TR3 837I 2300 DTP 434: always a span, of one day too
    yield writing.span("DTP", "434", claim.statement_from, claim.statement_to)
    if claim.admission_hour:
        yield segment("DTP", "435", "DT", writing.day(claim.admitted_on) + claim.admission_hour)
    elif claim.admitted_on is not None:
        yield writing.span("DTP", "435", claim.admitted_on)


def _codes(claim: InstitutionalClaim) -> Iterator[Segment]:
    """Return the codes of a claim, those of one meaning together, twelve in a segment."""
    if claim.principal is not None:
        yield segment("HI", _diagnosis("ABK", claim.principal))
    yield from _bare("ABJ", [claim.admitting] if claim.admitting else [])
    yield from _bare("APR", claim.reasons)
    yield from _twelves(_diagnosis("ABN", one) for one in claim.causes)
    yield from _bare("DR", [claim.drg] if claim.drg else [])
    yield from _twelves(_diagnosis("ABF", one) for one in claim.diagnoses)
    done = [
        (writing.clean(one.code), *(("D8", writing.day(one.done_on)) if one.done_on else ()))
        for one in claim.procedures
    ]
    yield from _twelves(composite("BBR", *one) for one in done[:1])
    yield from _twelves(composite("BBQ", *one) for one in done[1:])
    yield from _twelves(composite("BI", one.code, "RD8", _span(one)) for one in claim.spans)
    yield from _twelves(composite("BH", one.code, "D8", writing.day(_day(one))) for one in claim.occurrences)
    yield from _twelves(composite("BE", one.code, "", "", writing.plain(one.value)) for one in claim.values)
    yield from _bare("BG", claim.conditions)
    yield from _bare("TC", claim.treatments)


def _diagnosis(qualifier: str, item: Diagnosis) -> str:
    return composite(qualifier, writing.clean(item.code), "", "", "", "", "", "", item.present)


def _bare(qualifier: str, codes: Sequence[str]) -> Iterator[Segment]:
    return _twelves(composite(qualifier, writing.clean(code)) for code in codes)


def _twelves(codes: Iterable[str]) -> Iterator[Segment]:
    values = list(codes)
    for start in range(0, len(values), _IN_ONE):
        yield segment("HI", *values[start : start + _IN_ONE])


def _day(item: Occurrence) -> date:
    if item.starts_on is None:
        raise CannotBuild(f"The occurrence {item.code} has no day (2300 HI BH).")
    return item.starts_on


def _span(item: Occurrence) -> str:
    if item.ends_on is None:
        raise CannotBuild(f"The span {item.code} has no end (2300 HI BI).")
    return f"{writing.day(_day(item))}-{writing.day(item.ends_on)}"


def _line(line: HospitalLine) -> list[Segment]:
    revenue = writing.required(line.revenue_code, f"The revenue code of line {line.number} (2400 SV201)")
    service = segment(
        "SV2", revenue, writing.procedure(line.procedure) if line.procedure else "",
        writing.cents(line.charge, "SV203"), line.unit, writing.plain(line.units), "",
        "" if line.non_covered is None else writing.cents(line.non_covered, "SV207"),
    )  # fmt: skip
    return shared.line_segments(line, [service], _LINE_ORDER, drug=line.drug)
