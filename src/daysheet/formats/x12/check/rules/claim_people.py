"""Who is on a claim: the insured, the patient, the providers, and where they live (837)."""

import re
from collections.abc import Iterator
from datetime import date

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import Claim
from daysheet.formats.x12.guides.reading import to_day
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

ALL = "837P 837I 837D"
PO_BOX = re.compile(r"\b(?:P\.?\s*O\.?\s*BOX|POST OFFICE BOX|LOCK ?BOX)\b", re.IGNORECASE)
LETTERS = re.compile(r"[A-Z]", re.IGNORECASE)


def _own(claim: Claim, loop_id: str) -> Loop | None:
    return claim.within(loop_id)


def _detail(loop: Loop | None, name: str) -> Segment | None:
    return loop.first(name) if loop else None


def _places(claim: Claim) -> Iterator[tuple[str, Segment]]:
    """Give each N4 that the claim brings with it, and those above it once, with the first claim."""
    for top in claim.new_loops:
        for inner in top.loops:
            for item in inner.segments:
                if item.id == "N4":
                    yield inner.id, item


@rule(
    "identity.insured-number",
    when="2000B",
    kinds=ALL,
    at="2010BA NM109",
    fix="Enter the member id from the card.",
)
def insured_number(claim: Claim) -> Iterator[Hit]:
    person = _own(claim, "2010BA")
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
    person = _own(claim, "2010BA")
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
    person = _own(claim, "2010BA")
    if claim.insured_is_patient and person:
        for name in ("N3", "N4"):
            if person.first(name) is None:
                yield Hit(person.segments[0], 0, f"The insured is the patient and has no address ({name}).")


@rule(
    "identity.half-number",
    when="people",
    kinds=ALL,
    at="2010AA NM108",
    fix="Give the number and what kind it is, or neither.",
)
def half_number(claim: Claim) -> Iterator[Hit]:
    for loop, item, _ in claim.new_people:
        if bool(item[8]) != bool(item[9]) and loop != "2010BA":
            lacking = 9 if item[8] else 8
            yield Hit(item, lacking, "A number and its kind stand together (NM108, NM109).", loop)


@rule(
    "identity.organization-given-name",
    when="people",
    kinds=ALL,
    at="2010AA NM104",
    fix="Put the whole name into NM103.",
)
def organization_given_name(claim: Claim) -> Iterator[Hit]:
    for loop, item, _ in claim.new_people:
        if item[2] == "2" and item[4]:
            yield Hit(item, 4, "An organization has no given name.", loop)


@rule(
    "identity.name-without-letters",
    when="people",
    kinds=ALL,
    at="2010BA NM103",
    fix="Write the name as it stands on the card.",
    severity="warning",
)
def name_without_letters(claim: Claim) -> Iterator[Hit]:
    for loop, item, _ in claim.new_people:
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
    person = _own(claim, "2010BA")
    number = person.segments[0][9] if person else ""
    if len(number) > 3 and len(set(number)) == 1:
        yield Hit(person.segments[0], 9, "The member id is one sign again and again.")  # type: ignore[union-attr]


@rule(
    "identity.social-security-number",
    when="people",
    kinds=ALL,
    at="2010BA REF02",
    fix="Nine digits, no dashes, or leave it out.",
)
def social_security_number(claim: Claim) -> Iterator[Hit]:
    for _, _, loop in claim.new_people:
        for item in loop.segments:
            if item.id == "REF" and item[1] == "SY" and not _is_ssn(item[2]):
                yield Hit(item, 2, "This cannot be a social security number.", loop.id)


def _is_ssn(text: str) -> bool:
    if len(text) != 9 or not text.isdigit():
        return False
    return text[:3] not in ("000", "666") and text[0] != "9" and text[3:5] != "00" and text[5:] != "0000"


@rule("identity.tax-number", when="people", kinds=ALL, at="2010AA REF02", fix="Nine digits, no dash.")
def tax_number(claim: Claim) -> Iterator[Hit]:
    for _, _, loop in claim.new_people:
        for item in loop.segments:
            if item.id == "REF" and item[1] == "EI" and not (len(item[2]) == 9 and item[2].isdigit()):
                yield Hit(item, 2, "A tax number has nine digits.", loop.id)


@rule(
    "identity.given-name",
    when="people",
    kinds=ALL,
    at="2010BA NM104",
    fix="Enter the given name.",
    severity="warning",
)
def given_name(claim: Claim) -> Iterator[Hit]:
    for loop, item, _ in claim.new_people:
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
    person = _own(claim, "2010CA") or _own(claim, "2010BA")
    item, told = claim.dtp.get("484"), _detail(person, "DMG")
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


@rule("coverage.medicare-second", kinds="837P 837I", at="2000B SBR05", fix="Say why Medicare pays second.")
def medicare_second(claim: Claim) -> Iterator[Hit]:
    if claim.sbr[9] in ("MA", "MB") and claim.sbr[1] not in ("P", "") and not claim.sbr[5]:
        yield Hit(claim.sbr, 5, "Medicare is not the first plan: it asks why.", "2000B")


@rule("coverage.why-second-of-the-first", kinds="837P 837I", at="2000B SBR05", fix="Leave SBR05 out.")
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
    kinds=ALL,
    at="2000B SBR01",
    fix="Add the first plan and what it paid (loop 2320).",
)
def first_plan_missing(claim: Claim) -> Iterator[Hit]:
    if claim.sbr[1] in ("S", "T") and not any(other.sbr[1] == "P" for other in claim.others):
        yield Hit(claim.sbr, 1, "The plan is not the first, and the first is not named.", "2000B")


@rule(
    "coverage.workers-compensation", kinds=ALL, at="2300 CLM11", fix="Say that employment was the cause (EM)."
)
def workers_compensation(claim: Claim) -> Iterator[Hit]:
    if claim.sbr[9] == "WC" and "EM" not in claim.clm.components(11)[:3]:
        yield Hit(claim.clm, 11, "A claim to workers' compensation says that employment was the cause.")


@rule("coverage.auto", kinds=ALL, at="2300 CLM11", fix="Say that a car accident was the cause (AA).")
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
    payer, insured = _own(claim, "2010BB"), _own(claim, "2010BA")
    mine = (payer.segments[0][9], insured.segments[0][9]) if payer and insured else ("", "")
    for other in claim.others:
        theirs = next((inner for inner in other.loop.loops if inner.id == "2330A"), None)
        if other.payer and theirs and mine == (other.payer_id, theirs.segments[0][9]) and mine[0]:
            yield Hit(
                other.payer.segments[0], 9, "The plan that gets the claim stands among the other plans too."
            )


@rule(
    "providers.billing-npi",
    when="2000A",
    kinds=ALL,
    at="2010AA NM109",
    fix="Enter the NPI of the billing provider.",
)
def billing_npi(claim: Claim) -> Iterator[Hit]:
    for loop, item, _ in claim.new_people:
        if loop == "2010AA" and not item[9] and not item[8]:
            yield Hit(item, 9, "The billing provider has no NPI.")


@rule(
    "providers.npi",
    when="people",
    kinds=ALL,
    at="2010AA NM109",
    snip=5,
    fix="Look the NPI up: a digit is wrong.",
)
def npi(claim: Claim) -> Iterator[Hit]:
    for loop, item, _ in claim.new_people:
        if item[8] == "XX" and item[9] and not claim.codes.valid("npi", item[9]):
            yield Hit(item, 9, "This is not an NPI: its check digit does not come out.", loop)


@rule(
    "providers.taxonomy", when="people", kinds=ALL, at="2000A PRV03", snip=5, fix="Ten signs, the last an X."
)
def taxonomy(claim: Claim) -> Iterator[Hit]:
    for top in claim.new_loops:
        for item in top.every():
            if item.id == "PRV" and len(item[3]) == 10 and not claim.codes.valid("taxonomy", item[3]):
                yield Hit(item, 3, "This is not a taxonomy code.")


@rule(
    "providers.rendering-is-billing",
    when="2310B",
    kinds="837P 837D",
    at="2310B NM109",
    fix="Leave loop 2310B out.",
    severity="warning",
)
def rendering_is_billing(claim: Claim) -> Iterator[Hit]:
    billing = _own(claim, "2010AA")
    for loop, item, _ in claim.own_people:
        if loop == "2310B" and item[1] == "82" and billing and item[9] and item[9] == billing.segments[0][9]:
            yield Hit(item, 9, "The rendering provider is the billing provider: it is named once.")


@rule(
    "providers.referring-twice",
    when="2310A",
    kinds=ALL,
    at="2310A NM101",
    fix="One referring provider, and one primary care provider.",
)
def referring_twice(claim: Claim) -> Iterator[Hit]:
    met: set[str] = set()
    for loop, item, _ in claim.own_people:
        if loop == "2310A" and item[1] in ("DN", "P3"):
            if item[1] in met:
                yield Hit(item, 1, "The same kind of referring provider is named twice.")
            met.add(item[1])


@rule(
    "providers.primary-care-alone",
    when="2310A",
    kinds="837P 837D",
    at="2310A NM101",
    fix="Name the referring provider first (DN).",
)
def primary_care_alone(claim: Claim) -> Iterator[Hit]:
    own = [item for loop, item, _ in claim.own_people if loop == "2310A"]
    if own and not any(item[1] == "DN" for item in own):
        yield Hit(own[0], 1, "A primary care provider is named without a referring one.")


@rule(
    "providers.referring-number",
    when="people",
    kinds="837P",
    at="2310A NM109",
    fix="Enter the NPI of the referring provider.",
)
def referring_number(claim: Claim) -> Iterator[Hit]:
    for loop, item, within in claim.own_people:
        if loop in ("2310A", "2310B", "2310D") and not item[9] and within.first("REF") is None:
            yield Hit(item, 9, "The provider has neither an NPI nor another number.", loop)


@rule(
    "providers.provider-is-a-person",
    when="people",
    kinds="837P",
    at="2310A NM102",
    fix="Name the person (1).",
    severity="warning",
)
def provider_is_a_person(claim: Claim) -> Iterator[Hit]:
    for loop, item, _ in claim.own_people:
        if loop in ("2310A", "2310D") and item[2] == "1" and item[3] and not item[4]:
            yield Hit(item, 4, "A person stands here without a given name.", loop)


@rule(
    "place.billing-post-box",
    when="2000A",
    kinds=ALL,
    at="2010AA N301",
    fix="Give the street; a box belongs to the pay-to address.",
)
def billing_post_box(claim: Claim) -> Iterator[Hit]:
    for loop, _, within in claim.new_people:
        item = within.first("N3") if loop == "2010AA" else None
        if item is not None and (PO_BOX.search(item[1]) or PO_BOX.search(item[2])):
            yield Hit(item, 1, "The billing provider's address is a post box.")


@rule(
    "place.billing-zip",
    when="people",
    kinds=ALL,
    at="2010AA N403",
    fix="Give the ZIP code with its four digits behind.",
)
def billing_zip(claim: Claim) -> Iterator[Hit]:
    for loop, item in _places(claim):
        if loop in ("2010AA", "2310C") and item[4] in ("", "US") and len(item[3]) == 5:
            yield Hit(item, 3, "This ZIP code needs nine digits here.", loop)


@rule(
    "place.state",
    when="people",
    kinds=ALL,
    at="2010AA N402",
    snip=5,
    fix="Two letters of a state or territory.",
)
def state(claim: Claim) -> Iterator[Hit]:
    for loop, item in _places(claim):
        if (
            item[4] in ("", "US", "CA")
            and item[2]
            and item[4] != "CA"
            and not claim.codes.valid("state", item[2])
        ):
            yield Hit(item, 2, f"{item[2]} is no state.", loop)


@rule("place.state-missing", when="people", kinds=ALL, at="2010AA N402", fix="Give the state.")
def state_missing(claim: Claim) -> Iterator[Hit]:
    for loop, item in _places(claim):
        if item[4] in ("", "US") and not item[2]:
            yield Hit(item, 2, "An address in the United States names its state.", loop)


@rule("place.zip", when="people", kinds=ALL, at="2010AA N403", snip=5, fix="Five or nine digits, no dash.")
def zip_code(claim: Claim) -> Iterator[Hit]:
    for loop, item in _places(claim):
        if item[4] in ("", "US") and len(item[3]) >= 3 and not claim.codes.valid("zip", item[3]):
            yield Hit(item, 3, "This is not a ZIP code.", loop)


@rule("place.zip-missing", when="people", kinds=ALL, at="2010AA N403", fix="Give the ZIP code.")
def zip_missing(claim: Claim) -> Iterator[Hit]:
    for loop, item in _places(claim):
        if item[4] in ("", "US") and not item[3]:
            yield Hit(item, 3, "An address in the United States has a ZIP code.", loop)


@rule("place.zip-placeholder", when="people", kinds=ALL, at="2010AA N403", fix="Look the ZIP code up.")
def zip_placeholder(claim: Claim) -> Iterator[Hit]:
    for loop, item in _places(claim):
        if (
            len(item[3]) in (5, 9)
            and item[3].isdigit()
            and (len(set(item[3])) == 1 or item[3][5:] in ("0000", "9999"))
        ):
            yield Hit(item, 3, "This ZIP code stands for none.", loop)


@rule(
    "place.subdivision-at-home",
    when="people",
    kinds=ALL,
    at="2010AA N407",
    fix="Leave N407 out in the United States.",
)
def subdivision_at_home(claim: Claim) -> Iterator[Hit]:
    for loop, item in _places(claim):
        if item[7] and item[4] in ("", "US"):
            yield Hit(item, 7, "Only addresses abroad have a subdivision.", loop)


@rule(
    "place.same-address-twice",
    when="2000A",
    kinds=ALL,
    at="2010AB N3",
    fix="Leave loop 2010AB out.",
    severity="warning",
)
def same_address_twice(claim: Claim) -> Iterator[Hit]:
    billing, pay_to = _own(claim, "2010AA"), _own(claim, "2010AB")
    if claim.above.office in claim.new_loops and billing and pay_to:
        mine, theirs = _detail(billing, "N3"), _detail(pay_to, "N3")
        if (
            mine is not None
            and theirs is not None
            and mine == theirs
            and _detail(billing, "N4") == _detail(pay_to, "N4")
        ):
            yield Hit(theirs, 1, "The address to pay to is the billing address: it is left out then.")


def born_on(claim: Claim) -> tuple[Segment | None, date | None]:
    """Return where the patient's birth date stands, and the date."""
    person = _own(claim, "2010CA") if claim.above.patient else _own(claim, "2010BA")
    item = _detail(person, "DMG")
    return item, to_day(item[2]) if item is not None else None
