"""What claims of all kinds share on the wire: who bills, who is insured, who was seen, who gave the care, and where."""

import re
from typing import Any

from daysheet.claims.facts import Gathered
from daysheet.claims.models import ClaimLine
from daysheet.coverage.models import Coverage
from daysheet.formats import x12
from daysheet.patients.models import Patient
from daysheet.practice.models import Office, Provider
from daysheet.visits.places import HOME

RANKS = {1: "P", 2: "S", 3: "T"}  # 2000B SBR01
RELATIONSHIPS = {"spouse": "01", "child": "19", "other": "G8"}  # 2000C PAT01


def shared(found: Gathered, office: Office) -> dict[str, Any]:
    """Return the fields of a claim that do not depend on its kind (TR3 837P, 837D: 2000A to 2310C; 837I: to 2310E)."""
    claim, coverage = found.claim, found.coverage
    is_self = coverage.relationship == Coverage.Relationship.SELF
    patient = patient_party(found.patient, member_id=coverage.member_id if is_self else "")
    return {
        "claim_id": claim.control,
        "charge": claim.charge,
        "place": claim.place_of_service,
        "frequency": claim.frequency,
        # TR3 837P, 837D 2300 REF F8: only a replacement or void names the payer's number of the first claim
        "original_claim": claim.payer_control if claim.frequency in ("7", "8") else "",
        "prior_authorization": claim.prior_authorization,
        "referral": claim.referral,
        "billing": billing_party(office),
        "subscriber": x12.Subscriber(
            party=patient if is_self else subscriber_party(coverage),
            rank=RANKS.get(coverage.rank, "U"),
            relationship="18" if is_self else "",
            group_number=coverage.group_number,
            filing_code=found.payer.filing_code,
        ),
        "patient": None if is_self else patient,
        "patient_relationship": "" if is_self else RELATIONSHIPS.get(coverage.relationship, "G8"),
        "payer": x12.Party(found.payer.name, id_qualifier="PI", id=found.payer.payer_id),
        "diagnoses": tuple(item.code.replace(".", "") for item in found.diagnoses),
        "rendering": rendering_party(found, office),
        "facility": facility_party(found, office),
    }


def line_shared(line: ClaimLine, qualifier: str = "HC") -> dict[str, Any]:
    """Return what a line says on each kind of claim (TR3 2400): its number, procedure, charge, units, day and name."""
    charge = line.charge
    return {
        "number": line.line,
        "procedure": x12.Procedure(charge.code, tuple(charge.modifiers), qualifier),
        "charge": charge.amount,
        "units": charge.units,
        "served_on": charge.service_on,
        # TR3 2400 REF 6R: the remittance names the line by it
        "control": line.control,
    }


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


def subscriber_party(coverage: Coverage) -> x12.Party:
    """Return through whom the patient is covered."""
    return x12.Party(
        coverage.subscriber_family,
        first=coverage.subscriber_given,
        is_person=True,
        id_qualifier="MI",
        id=coverage.member_id,
        born_on=coverage.subscriber_born_on,
        gender=(coverage.subscriber_sex or "U") if coverage.subscriber_born_on else "",
    )


def billing_party(office: Office) -> x12.Party:
    """Return who bills."""
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


def rendering_party(found: Gathered, office: Office) -> x12.Party | None:
    """Return who gave the care, unless the billing provider is that person (TR3 837P, 837D 2310B)."""
    return None if found.provider.npi == office.npi else provider_party(found.provider)


def provider_party(provider: Provider) -> x12.Party:
    """Return a clinician with NPI and specialty."""
    return x12.Party(
        provider.family,
        first=provider.given,
        is_person=True,
        id_qualifier="XX",
        id=provider.npi,
        taxonomy=provider.taxonomy,
    )


def facility_party(found: Gathered, office: Office) -> x12.Party | None:
    """Return the place where it happened, unless it is the billing address or a home (TR3 837P, 837D 2310C)."""
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


def digits(text: str) -> str:
    """Return the digits of a number that people write with signs in between."""
    return re.sub(r"[^0-9]", "", text)


def phone(number: str) -> str:
    """Return a phone number as ten digits, as the wire wants it."""
    return digits(number)[-10:]
