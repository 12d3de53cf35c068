"""From our rows to claims on the wire: a file of one kind, and the professional claim (837P)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from daysheet.claims.dental_build import dental_claim
from daysheet.claims.facts import Gathered
from daysheet.claims.institutional_build import institutional_claim
from daysheet.claims.models import Claim, ClaimLine
from daysheet.claims.of_cases import case_claim
from daysheet.claims.parties import line_shared, phone, shared
from daysheet.formats import x12
from daysheet.mailroom.models import TradingPartner
from daysheet.practice.models import Office
from daysheet.visits.places import INPATIENT

FILES = {
    Claim.Kind.PROFESSIONAL: "837P",
    Claim.Kind.DENTAL: "837D",
    Claim.Kind.INSTITUTIONAL: "837I",
}
"""The kinds of claim that are built, and the file in which each leaves."""


def claim_file(
    claims: Sequence[Gathered], *, office: Office, partner: TradingPartner, reference: str, at: datetime
) -> x12.OutgoingSet:
    """Return the claims, all of one kind, as one 837P, 837D or 837I.

    Raises x12.CannotBuild when a piece that no rule looked for is missing.
    """
    sender = x12.Party(
        office.legal_name,
        id_qualifier="46",
        id=partner.our_id or office.tax_id,
        contacts=(x12.Contact(name=office.legal_name, phone=phone(office.phone)),),
    )
    receiver = x12.Party(partner.name, id_qualifier="46", id=partner.their_id or partner.name)
    kinds = {Claim.Kind(found.claim.kind) for found in claims}
    if len(kinds) > 1:
        raise x12.CannotBuild("A file holds claims of one kind (GS08).")
    claim_of, file_of = _BUILDERS[kinds.pop()]
    batch: x12.ClaimBatch[Any] = x12.ClaimBatch(
        reference=reference,
        at=at,
        submitter=sender,
        receiver=receiver,
        claims=tuple(claim_of(item) for item in claims),
    )
    return x12.with_names_that_fit(file_of(batch))


def professional_claim(found: Gathered) -> x12.ProfessionalClaim:
    """Return one claim as the wire carries it."""
    assert found.office is not None
    claim = x12.ProfessionalClaim(
        **shared(found, found.office),
        lines=tuple(_line(line) for line in found.lines),
        dates=_admitted(found),
    )
    return case_claim(found, found.coverage.case, claim) if found.coverage.case is not None else claim


def _admitted(found: Gathered) -> tuple[x12.Dates, ...]:
    """Return since when the patient is an inpatient (TR3 837P 2300 DTP 435)."""
    since = found.claim.visit.admitted_on
    is_inpatient = found.claim.place_of_service in INPATIENT
    return (x12.Dates("435", since),) if since and is_inpatient else ()


def _line(line: ClaimLine) -> x12.ServiceLine:
    return x12.ServiceLine(**line_shared(line), pointers=tuple(line.charge.pointers))


_BUILDERS: dict[Claim.Kind, tuple[Callable[[Gathered], x12.Claim], Callable[[Any], x12.OutgoingSet]]] = {
    Claim.Kind.PROFESSIONAL: (professional_claim, x12.build_837p),
    Claim.Kind.DENTAL: (dental_claim, x12.build_837d),
    Claim.Kind.INSTITUTIONAL: (institutional_claim, x12.build_837i),
}
