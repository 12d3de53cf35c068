"""How a professional claim file is written (837P): the claim and its lines, in the order of the guide."""

from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.segment import Segment, composite, segment
from daysheet.formats.x12.write import OutgoingSet

from . import claim_writing as shared
from . import writing
from .claim import ClaimBatch
from .professional import CLAIM_NUMBERS, CLAIM_PROVIDERS, ProfessionalClaim, ServiceLine

_CLAIM_ORDER = (
    "CLM",
    "DTP",
    "CL1",
    "PWK",
    "CN1",
    "AMT",
    "REF",
    "K3",
    "NTE",
    "CR1",
    "CR2",
    "CRC",
    "HI",
    "HCP",
)
_LINE_ORDER = (
    "LX", "SV1", "SV5", "PWK", "CR1", "CR3", "CRC", "DTP", "QTY", "MEA", "CN1", "REF", "AMT", "K3", "NTE",
    "PS1", "HCP",
)  # fmt: skip


def build_837p(batch: ClaimBatch[ProfessionalClaim]) -> OutgoingSet:
    """Return the claims as an 837P; neighbours of one office and one insured share their levels.

    Raises CannotBuild, with the place, when the guide asks for something that is missing.
    """
    return shared.build_claims(batch, "837P", _claim)


def _claim(claim: ProfessionalClaim) -> list[Segment]:
    if not 1 <= len(claim.diagnoses) <= 12:
        raise CannotBuild("A claim names one to twelve diagnoses (2300 HI).")
    for line in claim.lines:
        shared.has_pointers(line.number, line.pointers, len(claim.diagnoses))
    where = shared.accident(claim.related_causes, claim.accident_state)
    last = (claim.patient_signature, where, claim.special_program, *[""] * 7, claim.delay_reason)
    head = [
        shared.clm(claim, claim.place, "B", claim.signature_on_file, last),
        *shared.claim_head(claim, CLAIM_NUMBERS),
        *shared.amount("F5", claim.patient_paid),
        shared.diagnoses(claim.diagnoses),
    ]
    return shared.claim_segments(claim, head, _CLAIM_ORDER, CLAIM_PROVIDERS, _line)


def _line(line: ServiceLine) -> list[Segment]:
    if line.served_on is None:
        raise CannotBuild(f"Line {line.number} has no date of service (2400 DTP 472).")
    return shared.line_segments(line, [_sv1(line)], _LINE_ORDER, drug=line.drug, role="PE")


def _sv1(line: ServiceLine) -> Segment:
    pointers = composite(*(str(pointer) for pointer in line.pointers))
    return segment(
        "SV1", writing.procedure(line.procedure), writing.cents(line.charge, "SV102"), line.unit,
        writing.plain(line.units),
        line.place, "", pointers, "", line.emergency,
    )  # fmt: skip
