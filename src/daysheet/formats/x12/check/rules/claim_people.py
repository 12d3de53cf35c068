"""Who is on a claim: the insured, the patient, the providers, and where they live (837)."""

import re
from collections.abc import Iterator
from datetime import date

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import Claim, first
from daysheet.formats.x12.guides.reading import to_day
from daysheet.formats.x12.numbers import is_social_security
from daysheet.formats.x12.segment import Segment

ALL = "837P 837I 837D"
BY_CAUSE = "837P 837D"  # a hospital says causes by occurrences (hospital_stay)
LETTERS = re.compile(r"[A-Z]", re.IGNORECASE)


@rule(
    "identity.insured-number",
    when="2000B",
    kinds=ALL,
    at="2010BA NM109",
    fix="Enter the member id from the card.",
)
def insured_number(claim: Claim) -> Iterator[Hit]:
    person = claim.insured_person
    if claim.insured_is_patient and person and not person.segments[0][9]:
        yield Hit(person.segments[0], 9, "The insured is the patient and has no member id.")


@rule(
    "identity.insured-birth",
    when="2000B",
    kinds=ALL,
    at="2010BA DMG",
    fix="Enter birth date and sex of the insured.",
)
def insured_birth(claim: Claim) -> Iterator[Hit]:
    person = claim.insured_person
    if claim.insured_is_patient and person and person.first("DMG") is None:
        yield Hit(person.segments[0], 0, "The insured is the patient and has no birth date (DMG).")


@rule(
    "identity.insured-address",
    when="2000B",
    kinds=ALL,
    at="2010BA N3",
    fix="Enter the street and town of the insured.",
)
def insured_address(claim: Claim) -> Iterator[Hit]:
    person = claim.insured_person
    if claim.insured_is_patient and person:
        for name in ("N3", "N4"):
            if person.first(name) is None:
                yield Hit(person.segments[0], 0, f"The insured is the patient and has no address ({name}).")


@rule(
    "identity.half-number",
    when="new name",
    kinds=ALL,
    at="2010AA NM108",
    fix="Give the number and what kind it is, or neither.",
)
def half_number(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_names:
        insured = loop == "2010BA" and not item[9]  # the insured's number itself: insured-number
        if bool(item[8]) != bool(item[9]) and not (insured and claim.above.patient is None):
            lacking = 9 if item[8] else 8
            yield Hit(item, lacking, "A number and its kind stand together (NM108, NM109).", loop)


@rule(
    "identity.organization-given-name",
    when="new name",
    kinds=ALL,
    at="2010AA NM104",
    fix="Put the whole name into NM103.",
)
def organization_given_name(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_names:
        if item[2] == "2" and item[4]:
            yield Hit(item, 4, "An organization has no given name.", loop)


@rule(
    "identity.name-without-letters",
    when="new name",
    kinds=ALL,
    at="2010BA NM103",
    fix="Write the name as it stands on the card.",
    severity="warning",
)
def name_without_letters(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_names:
        if item[3] and not LETTERS.search(item[3]) and item[3].isascii():
            yield Hit(item, 3, "The name holds no letter.", loop)


@rule(
    "identity.placeholder-number",
    when="2000B",
    kinds=ALL,
    at="2010BA NM109",
    fix="Enter the member id from the card.",
)
def placeholder_number(claim: Claim) -> Iterator[Hit]:
    person = claim.insured_person
    number = person.segments[0][9] if person else ""
    if len(number) > 3 and len(set(number)) == 1:
        yield Hit(person.segments[0], 9, "The member id is one sign again and again.")  # type: ignore[union-attr]


@rule(
    "identity.social-security-number",
    when="new number",
    kinds=ALL,
    at="2010BA REF02",
    fix="Nine digits, no dashes, or leave it out.",
)
def social_security_number(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_numbers:
        if item[1] == "SY" and not is_social_security(item[2]):
            yield Hit(item, 2, "This cannot be a social security number.", loop)


@rule("identity.tax-number", when="new number", kinds=ALL, at="2010AA REF02", fix="Nine digits, no dash.")
def tax_number(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_numbers:
        if item[1] == "EI" and not (len(item[2]) == 9 and item[2].isdigit()):
            yield Hit(item, 2, "A tax number has nine digits.", loop)


@rule(
    "identity.given-name",
    when="new name",
    kinds=ALL,
    at="2010BA NM104",
    fix="Enter the given name.",
    severity="warning",
)
def given_name(claim: Claim) -> Iterator[Hit]:
    for loop, item in claim.new_names:
        if loop in ("2010BA", "2010CA") and item[2] == "1" and not item[4]:
            yield Hit(item, 4, "A person stands here without a given name.", loop)


@rule(
    "identity.last-period-of-a-man",
    when="DTP 484",
    kinds="837P",
    at="2300 DTP 484",
    fix="Take the date out, or correct the sex.",
)
def last_period_of_a_man(claim: Claim) -> Iterator[Hit]:
    person = claim.within("2010CA") or claim.within("2010BA")
    item, told = claim.dtp.get("484"), first(person, "DMG")
    if item is not None and told is not None and told[3] == "M":
        yield Hit(item, 3, "A last menstrual period is given for a man.")


@rule(
    "hierarchy.insured-and-patient",
    when="2000C",
    kinds=ALL,
    at="2000B SBR02",
    fix="Leave out loop 2000C, or take 18 out of SBR02.",
)
def insured_and_patient(claim: Claim) -> Iterator[Hit]:
    if claim.above.patient is not None and claim.sbr[2] == "18":
        yield Hit(claim.sbr, 2, "The insured is said to be the patient, and a dependent follows.", "2000B")


@rule(
    "hierarchy.patient-unknown",
    when="2000B",
    kinds=ALL,
    at="2000B SBR02",
    fix="Say 18 when the insured is the patient, or add loop 2000C.",
)
def patient_unknown(claim: Claim) -> Iterator[Hit]:
    if (
        claim.above.patient is None
        and claim.above.insured is not None
        and claim.sbr.id == "SBR"
        and not claim.sbr[2]
    ):
        yield Hit(
            claim.sbr, 2, "It is not said who the patient is: no 18, and no dependent follows.", "2000B"
        )


@rule("coverage.filing-code", kinds=ALL, at="2000B SBR09", fix="Choose the kind of plan.")
def filing_code(claim: Claim) -> Iterator[Hit]:
    for loop, sbr in _plans(claim):
        if sbr.id == "SBR" and not sbr[9]:
            yield Hit(sbr, 9, "The kind of plan is not told.", loop)


def _plans(claim: Claim) -> list[tuple[str, Segment]]:
    return [("2000B", claim.sbr), *(("2320", other.sbr) for other in claim.others)]


@rule(
    "coverage.medicare-has-no-dependents",
    when="2000C",
    kinds=ALL,
    at="2000B SBR09",
    fix="Bill the patient's own Medicare number.",
)
def medicare_has_no_dependents(claim: Claim) -> Iterator[Hit]:
    if claim.above.patient is not None and claim.sbr[9] in ("MA", "MB"):
        yield Hit(claim.sbr, 9, "Medicare insures nobody as a dependent.", "2000B")


@rule(
    "coverage.medicare-second",
    when="later plan",
    kinds="837P 837I",
    at="2000B SBR05",
    fix="Say why Medicare pays second.",
)
def medicare_second(claim: Claim) -> Iterator[Hit]:
    if claim.sbr[9] in ("MA", "MB") and claim.sbr[1] not in ("P", "") and not claim.sbr[5]:
        yield Hit(claim.sbr, 5, "Medicare is not the first plan: it asks why.", "2000B")


@rule(
    "coverage.why-second-of-the-first",
    when="SBR05",
    kinds="837P 837I",
    at="2000B SBR05",
    fix="Leave SBR05 out.",
)
def why_second_of_the_first(claim: Claim) -> Iterator[Hit]:
    if claim.sbr[5] and (claim.sbr[1] == "P" or claim.sbr[9] not in ("MA", "MB")):
        yield Hit(claim.sbr, 5, "Only Medicare as a later plan is told why it pays second.", "2000B")


@rule(
    "coverage.one-rank-twice",
    when="2320",
    kinds=ALL,
    at="2320 SBR01",
    fix="Give each plan a rank of its own.",
)
def one_rank_twice(claim: Claim) -> Iterator[Hit]:
    met = {claim.sbr[1]}
    for other in claim.others:
        if other.sbr[1] in met and other.sbr[1] in ("P", "S", "T"):
            yield Hit(other.sbr, 1, f"Two plans of the claim have the rank {other.sbr[1]}.")
        met.add(other.sbr[1])


@rule(
    "coverage.first-plan-missing",
    when="later plan",
    kinds=ALL,
    at="2000B SBR01",
    fix="Add the first plan and what it paid (loop 2320).",
)
def first_plan_missing(claim: Claim) -> Iterator[Hit]:
    ranks = {other.sbr[1] for other in claim.others}
    if claim.sbr[1] in ("S", "T") and "P" not in ranks and all(len(one) == 1 for one in ranks):
        yield Hit(claim.sbr, 1, "The plan is not the first, and the first is not named.", "2000B")


@rule(
    "coverage.workers-compensation",
    when="SBR09 WC",
    kinds=BY_CAUSE,
    at="2300 CLM11",
    fix="Say that employment was the cause (EM).",
)
def workers_compensation(claim: Claim) -> Iterator[Hit]:
    if claim.sbr[9] == "WC" and "EM" not in claim.clm.components(11)[:3]:
        yield Hit(claim.clm, 11, "A claim to workers' compensation says that employment was the cause.")


@rule(
    "coverage.auto",
    when="SBR09 AM",
    kinds=BY_CAUSE,
    at="2300 CLM11",
    fix="Say that a car accident was the cause (AA).",
)
def auto(claim: Claim) -> Iterator[Hit]:
    if claim.sbr[9] == "AM" and "AA" not in claim.clm.components(11)[:3]:
        yield Hit(claim.clm, 11, "A claim to car insurance says that a car accident was the cause.")


@rule(
    "coverage.same-payer-twice",
    when="2320",
    kinds=ALL,
    at="2330B NM109",
    fix="Take the plan out of the other plans.",
)
def same_payer_twice(claim: Claim) -> Iterator[Hit]:
    payer, insured = claim.within("2010BB"), claim.within("2010BA")
    mine = (payer.segments[0][9], insured.segments[0][9]) if payer and insured else ("", "")
    for other in claim.others:
        theirs = next((inner for inner in other.loop.loops if inner.id == "2330A"), None)
        if other.payer and theirs and mine == (other.payer_id, theirs.segments[0][9]) and mine[0]:
            yield Hit(
                other.payer.segments[0], 9, "The plan that gets the claim stands among the other plans too."
            )


@rule(
    "identity.phone",
    when="2000A",
    kinds=ALL,
    at="1000A PER04",
    snip=5,
    fix="Ten digits for a telephone, an @ in an address.",
    severity="warning",
)
def phone(claim: Claim) -> Iterator[Hit]:
    header = [] if claim.above.claim_ids or claim.above.header is None else [claim.above.header]
    for top in (*header, *claim.new_loops):
        for inner in top.loops:
            for item in inner.segments:
                for kind in (3, 5, 7) if item.id == "PER" else ():
                    told = item[kind + 1]
                    number = item[kind] in ("TE", "FX") and not re.fullmatch(r"\d{10,15}", told)
                    if told and (number or (item[kind] == "EM" and "@" not in told)):
                        yield Hit(item, kind + 1, "Nobody can be reached by that.", inner.id)


def born_on(claim: Claim) -> tuple[Segment | None, date | None]:
    """Return where the patient's birth date stands, and the date."""
    person = claim.within("2010CA") if claim.above.patient else claim.within("2010BA")
    item = first(person, "DMG")
    return item, to_day(item[2]) if item is not None else None
