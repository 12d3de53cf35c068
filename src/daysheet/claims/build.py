"""From our rows to a claim on the wire (837P): who bills, who is insured, who was seen, what was done."""

import re
from collections.abc import Sequence
from datetime import datetime

from daysheet.claims.facts import Gathered
from daysheet.claims.models import ClaimLine
from daysheet.claims.of_cases import case_claim
from daysheet.coverage.models import Coverage
from daysheet.formats import x12
from daysheet.mailroom.models import TradingPartner
from daysheet.patients.models import Patient
from daysheet.practice.models import Office
from daysheet.visits.places import HOME, INPATIENT

RANKS = {1: "P", 2: "S", 3: "T"}  # 2000B SBR01
RELATIONSHIPS = {"spouse": "01", "child": "19", "other": "G8"}  # 2000C PAT01


def claim_file(
    claims: Sequence[Gathered], *, office: Office, partner: TradingPartner, reference: str, at: datetime
) -> x12.OutgoingSet:
    """Return the claims as one 837P. Raises x12.CannotBuild when a piece that no rule looked for is missing."""
    body = x12.build_837p(
        x12.ClaimBatch(
            reference=reference,
            at=at,
            submitter=x12.Party(
                office.legal_name,
                id_qualifier="46",
                id=partner.our_id or office.tax_id,
                contacts=(x12.Contact(name=office.legal_name, phone=phone(office.phone)),),
            ),
            receiver=x12.Party(partner.name, id_qualifier="46", id=partner.their_id or partner.name),
            claims=tuple(professional_claim(item) for item in claims),
        )
    )
    return x12.with_names_that_fit(body)


def professional_claim(found: Gathered) -> x12.ProfessionalClaim:
    """Return one claim as the wire carries it."""
    coverage, office = found.coverage, found.office
    assert office is not None
    if coverage.case is not None:
        return case_claim(found, coverage.case, _whole(found, office))
    return _whole(found, office)


def _whole(found: Gathered, office: Office) -> x12.ProfessionalClaim:
    claim, coverage = found.claim, found.coverage
    is_self = coverage.relationship == Coverage.Relationship.SELF
    patient = patient_party(found.patient, member_id=coverage.member_id if is_self else "")
    return x12.ProfessionalClaim(
        claim_id=claim.control,
        charge=claim.charge,
        place=claim.place_of_service,
        frequency=claim.frequency,
        # TR3 837P 2300 REF F8: only a replacement or void names the payer's number of the first claim
        original_claim=claim.payer_control if claim.frequency in ("7", "8") else "",
        prior_authorization=claim.prior_authorization,
        referral=claim.referral,
        billing=_billing(office),
        subscriber=x12.Subscriber(
            party=patient if is_self else _subscriber(coverage),
            rank=RANKS.get(coverage.rank, "U"),
            relationship="18" if is_self else "",
            group_number=coverage.group_number,
            filing_code=found.payer.filing_code,
        ),
        patient=None if is_self else patient,
        patient_relationship="" if is_self else RELATIONSHIPS.get(coverage.relationship, "G8"),
        payer=x12.Party(found.payer.name, id_qualifier="PI", id=found.payer.payer_id),
        diagnoses=tuple(item.code.replace(".", "") for item in found.diagnoses),
        rendering=_rendering(found, office),
        facility=_facility(found, office),
        lines=tuple(_line(line) for line in found.lines),
        dates=_admitted(found),
    )


def _admitted(found: Gathered) -> tuple[x12.Dates, ...]:
    """Return since when the patient is an inpatient (TR3 837P 2300 DTP 435)."""
    since = found.claim.visit.admitted_on
    is_inpatient = found.claim.place_of_service in INPATIENT
    return (x12.Dates("435", since),) if since and is_inpatient else ()


def patient_party(patient: Patient, *, member_id: str) -> x12.Party:
    """Return the patient with address, birth date and sex; with the member id when the plan is the patient's own."""
    return x12.Party(
        patient.family,
        first=patient.given,
        middle=patient.middle,
        suffix=patient.suffix,
        is_person=True,
        id_qualifier="MI" if member_id else "",
        id=member_id,
        address=x12.Address(
            patient.street, patient.street2, city=patient.city, state=patient.state, zip=digits(patient.zip)
        ),
        born_on=patient.born_on,
        gender=patient.sex,
    )


def _subscriber(coverage: Coverage) -> x12.Party:
    return x12.Party(
        coverage.subscriber_family,
        first=coverage.subscriber_given,
        is_person=True,
        id_qualifier="MI",
        id=coverage.member_id,
        born_on=coverage.subscriber_born_on,
        gender=(coverage.subscriber_sex or "U") if coverage.subscriber_born_on else "",
    )


def _billing(office: Office) -> x12.Party:
    return x12.Party(
        office.legal_name,
        id_qualifier="XX",
        id=office.npi,
        taxonomy=office.taxonomy,
        address=x12.Address(
            office.street, office.street2, city=office.city, state=office.state, zip=digits(office.zip)
        ),
        references=(x12.Reference("EI", digits(office.tax_id)),),
    )


def _rendering(found: Gathered, office: Office) -> x12.Party | None:
    """Return who gave the care, unless the billing provider is that person (TR3 837P 2310B)."""
    provider = found.provider
    if provider.npi == office.npi:
        return None
    return x12.Party(
        provider.family,
        first=provider.given,
        is_person=True,
        id_qualifier="XX",
        id=provider.npi,
        taxonomy=provider.taxonomy,
    )


def _facility(found: Gathered, office: Office) -> x12.Party | None:
    """Return the place where it happened, unless it is the billing address or a home (TR3 837P 2310C)."""
    if found.claim.place_of_service == HOME:
        return None
    door = found.claim.visit.care_place or found.location
    same = (door.street.strip().casefold(), digits(door.zip)[:5]) == (
        office.street.strip().casefold(),
        digits(office.zip)[:5],
    )
    if same or not (door.street and door.city):
        return None
    return x12.Party(
        door.name,
        id_qualifier="XX" if door.npi else "",
        id=door.npi,
        entity="77",
        address=x12.Address(door.street, city=door.city, state=door.state, zip=digits(door.zip)),
    )


def _line(line: ClaimLine) -> x12.ServiceLine:
    charge = line.charge
    return x12.ServiceLine(
        number=line.line,
        procedure=x12.Procedure(charge.code, tuple(charge.modifiers)),
        charge=charge.amount,
        units=charge.units,
        served_on=charge.service_on,
        # TR3 837P 2400 REF 6R: the remittance names the line by it
        control=line.control,
        pointers=tuple(charge.pointers),
    )


def digits(text: str) -> str:
    """Return the digits of a number that people write with signs in between."""
    return re.sub(r"[^0-9]", "", text)


def phone(number: str) -> str:
    """Return a phone number as ten digits, as the wire wants it."""
    return digits(number)[-10:]
