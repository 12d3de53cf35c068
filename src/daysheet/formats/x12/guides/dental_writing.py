"""How a dental claim file is written (837D): the claim and its lines, with teeth and their surfaces."""

from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.segment import Segment, composite, segment
from daysheet.formats.x12.write import OutgoingSet

from . import claim_writing as shared
from . import writing
from .claim import ClaimBatch
from .dental import CLAIM_NUMBERS, CLAIM_PROVIDERS, DentalClaim, DentalLine, Orthodontics

_CLAIM_ORDER = ("CLM", "DTP", "DN1", "DN2", "PWK", "CN1", "AMT", "REF", "K3", "NTE", "HI", "HCP")
_LINE_ORDER = ("LX", "SV3", "TOO", "DTP", "CN1", "REF", "AMT", "K3", "NTE", "HCP")


def build_837d(batch: ClaimBatch[DentalClaim]) -> OutgoingSet:
    """Return the claims as an 837D; neighbours of one office and one insured share their levels.

    Raises CannotBuild, with the place, when the guide asks for something that is missing.
    """
    return shared.build_claims(batch, "837D", _claim)


def _claim(claim: DentalClaim) -> list[Segment]:
    _check(claim)
    where = shared.accident(claim.related_causes, claim.accident_state)
    asks = "PB" if claim.is_predetermination else ""
    last = ("", where, claim.special_program, *[""] * 6, asks, claim.delay_reason)
    head = [
        shared.clm(claim, claim.place, "B", claim.signature_on_file, last),
        *shared.service_dates(claim.served_on, claim.served_to),
        *shared.claim_head(claim, CLAIM_NUMBERS),
        *(_braces(claim.orthodontics) if claim.orthodontics else []),
        *(
            segment("DN2", writing.clean(one.number), one.status, "", "", "", "JP")
            for one in claim.tooth_status
        ),
        *shared.amount("F5", claim.patient_paid),
        *([shared.diagnoses(claim.diagnoses)] if claim.diagnoses else []),
    ]
    return shared.claim_segments(claim, head, _CLAIM_ORDER, CLAIM_PROVIDERS, _line)


def _check(claim: DentalClaim) -> None:
    if len(claim.diagnoses) > 4:
        raise CannotBuild("A claim of a dentist names at most four diagnoses (2300 HI).")
    if len(claim.tooth_status) > 35:
        raise CannotBuild("A claim tells of at most 35 teeth (2300 DN2).")
    is_dated = claim.served_on is not None or all(line.served_on for line in claim.lines)
    # TR3 837D 2300 DTP 472: what only asks has no day, what bills has one
    if claim.is_predetermination and (claim.served_on or any(line.served_on for line in claim.lines)):
        raise CannotBuild(
            "A predetermination asks before anything is done: it has no date of service (2300 DTP 472)."
        )
    if not claim.is_predetermination and not is_dated:
        raise CannotBuild("The claim or each of its lines has a date of service (2300 DTP 472).")
    for line in claim.lines:
        if line.pointers:
            shared.has_pointers(line.number, line.pointers, len(claim.diagnoses))
        if len(line.areas) > 5:
            raise CannotBuild(f"Line {line.number} names at most five areas of the mouth (2400 SV304).")
        if len(line.teeth) > 32:
            raise CannotBuild(f"Line {line.number} names at most 32 teeth (2400 TOO).")


def _braces(item: Orthodontics) -> list[Segment]:
    return [
        segment(
            "DN1", writing.plain(item.months), writing.plain(item.months_left), "", writing.clean(item.words)
        )
    ]


def _line(line: DentalLine) -> list[Segment]:
    service = [
        segment(
            "SV3", writing.procedure(line.procedure), writing.cents(line.charge, "SV302"), line.place,
            composite(*line.areas), line.prosthesis, writing.plain(line.units), "", "", "", "",
            composite(*(str(one) for one in line.pointers)),
        ),
        *(
            segment("TOO", tooth.numbering, writing.clean(tooth.number), composite(*tooth.surfaces))
            for tooth in line.teeth
        ),
    ]  # fmt: skip
    return shared.line_segments(line, service, _LINE_ORDER, role="PE")
