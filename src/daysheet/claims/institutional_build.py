"""From our rows to a facility's claim on the wire (837I): type of bill, days, how the patient came, revenue codes."""

from dataclasses import replace

from daysheet.charges.rules.facility import asks_why
from daysheet.claims.facts import Gathered
from daysheet.claims.models import ClaimLine
from daysheet.claims.of_cases import facility_case_claim
from daysheet.claims.parties import line_shared, provider_party, shared
from daysheet.formats import x12


def institutional_claim(found: Gathered) -> x12.InstitutionalClaim:
    """Return one claim as the wire carries it: of one day, by who attended (TR3 837I 2300, 2310A)."""
    assert found.office is not None
    claim = found.claim
    facts = shared(found, found.office)
    del facts["place"], facts["rendering"]  # TR3 837I 2310D: only who is another one than who attended
    first, *others = facts.pop("diagnoses") or ("",)
    built = x12.InstitutionalClaim(
        **facts,
        lines=tuple(_line(line) for line in found.lines),
        bill_type=claim.bill_type,
        # TR3 837I 2300 DTP 434: the day of the visit, as a span
        statement_from=claim.service_on,
        statement_to=claim.service_on,
        admission_type=claim.admission_type,
        admission_source=claim.admission_source,
        patient_status=claim.patient_status,
        principal=x12.Diagnosis(first) if first else None,
        diagnoses=tuple(x12.Diagnosis(code) for code in others),
        reasons=(first,) if first and asks_why(claim.bill_type, claim.admission_type) else (),
        # TR3 837I 2310A: the clinician of the visit
        attending=replace(provider_party(found.provider), entity="71"),
    )
    case = found.coverage.case
    return facility_case_claim(found, case, built) if case is not None else built


def _line(line: ClaimLine) -> x12.HospitalLine:
    return x12.HospitalLine(**line_shared(line), revenue_code=line.charge.revenue_code)
