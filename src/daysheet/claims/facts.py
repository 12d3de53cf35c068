"""What a claim is made of, gathered once from the rooms below: for the rules, for the wire, for the screen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from daysheet.charges import codes
from daysheet.charges.authorization_rules import AuthorizationFacts
from daysheet.charges.case_rules import CaseClaimFacts
from daysheet.charges.claim_facts import ClaimFacts, DiagnosisFacts, LineFacts, Place
from daysheet.charges.counting import used_until
from daysheet.charges.models import Charge, VisitDiagnosis
from daysheet.charges.place_rules import SOMEWHERE, PlaceFacts
from daysheet.charges.placing import wanted_of_all
from daysheet.charges.queries import dental_needs
from daysheet.charges.rules.facility import FacilityFacts
from daysheet.claims.models import Claim, ClaimLine
from daysheet.coverage import enrolled
from daysheet.coverage.models import Authorization, Coverage, Payer
from daysheet.coverage.rules.authorizations import VISITS
from daysheet.coverage.rules.enrolment import NOTHING, Told
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.practice.models import Location, Office, Provider
from daysheet.visits import counting


@dataclass(frozen=True, slots=True)
class Gathered:
    """A claim with everything that stands on it."""

    claim: Claim
    patient: Patient
    coverage: Coverage
    payer: Payer
    office: Office | None
    location: Location
    provider: Provider
    lines: tuple[ClaimLine, ...]
    diagnoses: tuple[VisitDiagnosis, ...]
    providers: int
    authorizations: tuple[AuthorizationFacts, ...] = ()
    """Those of the visit whose number stands on the claim."""
    place: PlaceFacts = SOMEWHERE
    enrolment: Told = NOTHING
    bills: frozenset[str] = frozenset(("professional",))
    """The kinds of claim that the office's care settings bill."""
    needs: Mapping[str, tuple[str, bool]] = field(default_factory=dict)
    """By code: what a dental line must name, and whether it places a prosthesis."""


def gather(claim_ids: list[UUID]) -> list[Gathered]:
    """Return the claims with what stands on them, by payer and number, in a constant number of statements."""
    rows = (
        Claim.objects.filter(pk__in=claim_ids)
        .select_related("patient", "payer__partner", "provider", "visit__location")
        # Read beside: joined to all of these the database gives up comparing ways and may take minutes.
        .prefetch_related("coverage__case", "coverage__plan__payer", "visit__coverage__plan__payer")
        .prefetch_related("visit__care_place", "visit__authorization", "visit__referral")
        .prefetch_related("lines__charge", "visit__diagnoses")
        .order_by("payer__name", "number")
    )
    office, bills = practice.office_that_bills()
    count = practice.providers().count()
    claims = list(rows)
    named = {claim.pk: _authorizations(claim) for claim in claims}
    enrolments = enrolled.told_of_claims([claim.payer for claim in claims])
    wanted = wanted_of_all((claim.pk, claim.visit.mode, claim.payer) for claim in claims)
    places = _places([one for held in named.values() for one in held])
    dental = [one for one in claims if one.kind == Claim.Kind.DENTAL]
    needs = dental_needs(line.charge.code for one in dental for line in one.lines.all()) if dental else {}
    return [
        Gathered(
            claim=claim,
            patient=claim.patient,
            coverage=claim.coverage,
            payer=claim.payer,
            office=office,
            location=claim.visit.location,
            provider=claim.provider,
            lines=tuple(sorted(claim.lines.all(), key=lambda line: line.line)),
            diagnoses=tuple(sorted(claim.visit.diagnoses.all(), key=lambda item: item.rank)),
            providers=count,
            bills=bills,
            needs=needs if claim.kind == Claim.Kind.DENTAL else {},
            enrolment=enrolments[claim.payer_id],
            place=PlaceFacts(wanted.get(claim.pk), claim.visit.admitted_on),
            authorizations=tuple(
                _authorization(one, places.get((claim.visit_id, one.pk))) for one in named[claim.pk]
            ),
        )
        for claim in claims
    ]


def facility_facts(claim: Claim) -> FacilityFacts | None:
    """Return what a facility's claim says of the visit; None on claims of other kinds."""
    if claim.kind != Claim.Kind.INSTITUTIONAL:
        return None
    return FacilityFacts(claim.bill_type, claim.admission_type, claim.admission_source, claim.patient_status)


def for_rules(found: Gathered, *, today: date) -> ClaimFacts:
    """Return the claim as the rules look at it."""
    claim, patient, coverage, office = found.claim, found.patient, found.coverage, found.office
    return ClaimFacts(
        today=today,
        service_on=claim.service_on,
        charge=claim.charge,
        lines=tuple(_line(line, found.needs) for line in found.lines),
        diagnoses=tuple(_diagnosis(item.code) for item in found.diagnoses),
        office_name=office.legal_name if office else "",
        office_npi=office.npi if office else "",
        office_tax_id=office.tax_id if office else "",
        office_place=Place(office.street, office.city, office.state, office.zip) if office else Place(),
        office_phone=office.phone if office else "",
        provider_name=str(found.provider),
        provider_npi=found.provider.npi,
        provider_taxonomy=found.provider.taxonomy,
        providers=found.providers,
        patient_family=patient.family,
        patient_given=patient.given,
        patient_born_on=patient.born_on,
        patient_sex=patient.sex,
        patient_place=Place(patient.street, patient.city, patient.state, patient.zip),
        payer_id=found.payer.payer_id,
        has_way_out=found.payer.partner_id is not None,
        file_by=claim.file_by,
        member_id=coverage.member_id,
        relationship=coverage.relationship,
        subscriber_family=coverage.subscriber_family,
        subscriber_given=coverage.subscriber_given,
        subscriber_born_on=coverage.subscriber_born_on,
        covered_from=coverage.starts_on,
        covered_until=coverage.ends_on,
        place_of_service=claim.place_of_service,
        frequency=claim.frequency,
        payer_control=claim.payer_control,
        goes_to=found.payer.name,
        covered_by=plan.payer.name if (plan := coverage.plan).payer_id != claim.payer_id else "",
        prior_authorization=claim.prior_authorization,
        authorizations=found.authorizations,
        case=_case(found),
        place=found.place,
        enrolment=found.enrolment.sentence,
        enrolment_stops=found.enrolment.stops,
        claim_kind=claim.kind,
        facility=facility_facts(claim),
        office_taxonomy=office.taxonomy if office else "",
        office_bills=found.bills,
    )


def _case(found: Gathered) -> CaseClaimFacts:
    visit_plan, coverage = found.claim.visit.coverage, found.coverage
    case = coverage.case
    is_for_case = case is not None or (visit_plan is not None and visit_plan.case_id is not None)
    is_mixed = is_for_case and (visit_plan is None or visit_plan.pk != coverage.pk)
    return CaseClaimFacts(
        is_case=case is not None,
        kind=str(case) if case else "",
        claim_number=case.claim_number if case else "",
        is_gone=case is not None and case.entered_in_error_at is not None,
        pays_from=case.happened_on if case else None,
        pays_until=case.closed_on if case else None,
        visit_goes_to=(visit_plan.plan.payer.name if visit_plan else "no plan") if is_mixed else "",
        claim_goes_to=found.payer.name,
    )


def _places(held: list[Authorization]) -> dict[tuple[UUID, UUID], int | Decimal]:
    """Return, by visit and authorization, the how manieth visit it is, or how much was used with it."""
    visits = [one.pk for one in held if one.counted_in == VISITS]
    others = [one.pk for one in held if one.counted_in != VISITS]
    return {**counting.places_under(visits), **used_until(others)}


def _authorizations(claim: Claim) -> list[Authorization]:
    """Return what the visit counts under, where the claim carries its number: another one typed there is trusted."""
    pairs = ((claim.visit.authorization, claim.prior_authorization), (claim.visit.referral, claim.referral))
    return [one for one, number in pairs if one and one.number == number]


def _authorization(held: Authorization, place: int | Decimal | None) -> AuthorizationFacts:
    return AuthorizationFacts(
        words=f"{held.get_kind_display()} {held.number}",
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        approved=held.visits_approved,
        place=place or (1 if held.counted_in == VISITS else 0),
        counted_in=held.counted_in,
    )


def _diagnosis(code: str) -> DiagnosisFacts:
    if not codes.is_loaded():
        return DiagnosisFacts(code)
    listed = codes.icd(code)
    return DiagnosisFacts(code, is_known=listed is not None, is_billable=listed.billable if listed else None)


def _line(line: ClaimLine, needs: Mapping[str, tuple[str, bool]]) -> LineFacts:
    charge = line.charge
    need, is_prosthesis = needs.get(charge.code, ("", False))
    return LineFacts(
        number=line.line,
        code=charge.code,
        amount=charge.amount,
        units=charge.units,
        modifiers=tuple(charge.modifiers),
        pointers=tuple(charge.pointers),
        service_on=charge.service_on,
        is_void=charge.state == Charge.State.VOIDED,
        mouth=charge.mouth,
        prosthesis=charge.prosthesis,
        prior_placed_on=charge.prior_placed_on,
        revenue_code=charge.revenue_code,
        mouth_need=need,
        is_prosthesis=is_prosthesis,
    )
