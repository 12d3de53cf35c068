"""A claim for an injury at work, in a car, or that somebody else answers for: what the wire says of it (837P, 837D)."""

from dataclasses import replace
from typing import TypeVar

from daysheet.claims.facts import Gathered
from daysheet.coverage.injury import InjuryCase
from daysheet.coverage.rules.injury import DEALINGS
from daysheet.formats import x12

C = TypeVar("C", x12.ProfessionalClaim, x12.DentalClaim)
EMPLOYEE, OTHER = "20", "G8"  # 2000C PAT01


def case_claim(found: Gathered, case: InjuryCase, claim: C) -> C:
    """Return a claim as the insurer of a case needs it.

    TR3 837P: 2000B SBR01 P and SBR09 WC, AM or LM; the insured is the employer for an injury at work (2010BA NM102 2),
    else whose insurance it is; the number of the case in 2010CA REF Y4, or in 2010BA where the patient is the insured;
    the cause in 2300 CLM11-1, the state of a car accident in CLM11-4; the day of the accident in 2300 DTP 439.
    """
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
        related_causes=(dealing.cause,),
        accident_state=case.state if case.kind == InjuryCase.Kind.AUTO else "",
        dates=(*claim.dates, x12.Dates("439", case.happened_on)),
    )
