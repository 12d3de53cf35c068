"""A claim for an injury at work, in a car, or that somebody else answers for: what the wire says of it (837)."""

from dataclasses import replace
from typing import TypeVar

from daysheet.claims.facts import Gathered
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.rules.injury import DEALINGS
from daysheet.formats import x12

C = TypeVar("C", x12.ProfessionalClaim, x12.DentalClaim)
B = TypeVar("B", x12.ProfessionalClaim, x12.DentalClaim, x12.InstitutionalClaim)
EMPLOYEE, OTHER = "20", "G8"  # 2000C PAT01
OCCURRENCES = {"auto": "01", "liability": "03", "work": "04"}  # TR3 837I 2300 HI BH
BY_FAULT = {"no_fault": "02", "nobody": "05"}
"""Where the case says so: insurance pays whoever caused it; nobody else answers and no accident insurance pays."""


def case_claim(found: Gathered, case: InjuryCase, claim: C) -> C:
    """Return a claim as the insurer of a case needs it.

    TR3 837P: 2000B SBR01 P and SBR09 WC, AM or LM; the insured is the employer for an injury at work (2010BA NM102 2),
    else whose insurance it is; the number of the case in 2010CA REF Y4, or in 2010BA where the patient is the insured;
    the cause in 2300 CLM11-1, the state of a car accident in CLM11-4; the day of the accident in 2300 DTP 439.
    """
    claim = _insured(found, case, claim)
    return replace(
        claim,
        related_causes=(DEALINGS[case.kind].cause,),
        accident_state=case.state if case.kind == InjuryCase.Kind.AUTO else "",
        dates=(*claim.dates, x12.Dates("439", case.happened_on)),
    )


def facility_case_claim(
    found: Gathered, case: InjuryCase, claim: x12.InstitutionalClaim
) -> x12.InstitutionalClaim:
    """Return a facility's claim as the insurer of a case needs it: who is insured as on all claims.

    TR3 837I: the accident is an occurrence with its day (2300 HI BH); the state of a car accident is 2300 REF LU.
    """
    claim = _insured(found, case, claim)
    accident = x12.Occurrence(BY_FAULT.get(case.fault) or OCCURRENCES[case.kind], case.happened_on)
    state = (x12.Reference("LU", case.state),) if case.kind == InjuryCase.Kind.AUTO else ()
    return replace(claim, occurrences=(accident,), references=(*claim.references, *state))


def _insured(found: Gathered, case: InjuryCase, claim: B) -> B:
    dealing = DEALINGS[case.kind]
    number = (x12.Reference("Y4", case.claim_number),) if case.claim_number else ()
    person = replace(claim.patient_party, id="", id_qualifier="")
    holder = case.holder or (case.employer if case.kind == InjuryCase.Kind.WORK else "")
    subscriber = replace(
        claim.subscriber, rank="P", group_number="", group_name="", filing_code=dealing.filing
    )
    # 2010BA NM109: readers ask for a number of the insured, the policy's or else the case's
    own = case.policy_number or case.claim_number
    if holder:
        subscriber = replace(
            subscriber, party=x12.Party(holder, id_qualifier="MI" if own else "", id=own), relationship=""
        )
        patient = replace(person, references=number)
    else:
        insured = replace(person, references=number, id_qualifier="MI" if own else "", id=own)
        subscriber = replace(subscriber, party=insured, relationship="18")
        patient = None
    return replace(
        claim,
        subscriber=subscriber,
        patient=patient,
        patient_relationship=(EMPLOYEE if case.kind == InjuryCase.Kind.WORK else OTHER) if patient else "",
    )
