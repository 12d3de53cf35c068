"""The rules of a facility's claim alone (837I): its type of bill, revenue codes, who attended, its specialty. Pure."""

from collections.abc import Iterator

from daysheet.charges.claim_facts import ClaimFacts
from daysheet.charges.dental_rules import TAXONOMY, OfFacts
from daysheet.charges.rules.facility import FacilityFacts, facts_problem, revenue_problem

MOST_LINES, MOST_DIAGNOSES = 999, 25
SLIP, OFFICE, PLACES, CLAIM = "charges:slip", "practice:office", "practice:places", "claims:claim-correct"


def bill_type_is_missing(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that neither the claim nor its location says the type of bill."""
    if not (facts.facility and facts.facility.bill_type):
        yield (
            "The claim has no type of bill: write it here, and on the page of the location for later ones.",
            "bill_type",
            None,
        )


def visit_is_told_wrongly(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield what is wrong with the type of bill, or with how the patient came and left."""
    told = facts.facility or FacilityFacts("")
    if told.bill_type and (wrong := facts_problem(told)):
        yield wrong[1], wrong[0], None


def revenue_code_is_missing(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield a line without a revenue code."""
    for line in facts.lines:
        if not line.revenue_code:
            yield (
                f"{line.code} has no revenue code: correct the line here, and the fee for later ones.",
                "revenue_code",
                line.number,
            )


def revenue_code_is_wrong(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield a revenue code that has not four digits, or that is of no service."""
    for line in facts.lines:
        if wrong := revenue_problem(line.revenue_code):
            yield wrong, "revenue_code", line.number


def lines_in_number(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a claim has no line, or more than it can carry."""
    if not facts.lines:
        yield "The claim has no line.", "lines", None
    elif len(facts.lines) > MOST_LINES:
        yield "A facility's claim carries 999 lines at most.", "lines", None


def diagnoses_in_number(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a claim has no diagnosis, or more than it can carry."""
    if not facts.diagnoses:
        yield "The claim has no diagnosis.", "diagnoses", None
    elif len(facts.diagnoses) > MOST_DIAGNOSES:
        yield "A facility's claim carries twenty-five diagnoses at most.", "diagnoses", None


def cause_stands_first(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that what caused an injury stands as the first diagnosis."""
    if facts.diagnoses and facts.diagnoses[0].code[:1] in "VWXY":
        told = facts.diagnoses[0].code
        yield f"{told} says what caused an injury: put first what was treated.", "diagnoses", None


def attending_is_the_facility(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that the facility's own number stands for the person who attended."""
    if facts.provider_npi and facts.provider_npi == facts.office_npi:
        yield (
            f"The facility's NPI stands where {facts.provider_name}'s own should: the attending provider is a person.",
            "provider_npi",
            None,
        )


def taxonomy_is_missing(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that the facility or the attending provider has no specialty code."""
    if not facts.office_taxonomy:
        yield "The office has no taxonomy: plans tell a facility's claims by it.", "taxonomy", None
    if not facts.provider_taxonomy:
        yield f"{facts.provider_name} has no taxonomy: plans ask it of who attended.", "taxonomy", None


def taxonomy_is_wrong(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a specialty code has another shape than nine letters or digits and an X."""
    for whose, code in (
        ("the office", facts.office_taxonomy),
        (facts.provider_name, facts.provider_taxonomy),
    ):
        if code and not TAXONOMY.fullmatch(code):
            yield f"The taxonomy of {whose} is ten signs, the last an X.", "taxonomy", None


FACILITY_RULES: tuple[tuple[str, str, str, str, OfFacts], ...] = (
    ("facility-taxonomy", "TR3 837I 2000A, 2310A PRV03", "warning", OFFICE, taxonomy_is_missing),
    ("facility-taxonomy-shape", "TR3 837I 2000A, 2310A PRV03", "error", OFFICE, taxonomy_is_wrong),
    ("facility-attending", "TR3 837I 2310A NM109", "error", OFFICE, attending_is_the_facility),
    ("facility-bill-type", "TR3 837I 2300 CLM05-1", "error", PLACES, bill_type_is_missing),
    ("facility-visit", "TR3 837I 2300 CLM05-1, CL1", "error", CLAIM, visit_is_told_wrongly),
    ("facility-diagnoses", "TR3 837I 2300 HI", "error", SLIP, diagnoses_in_number),
    ("facility-first-diagnosis", "TR3 837I 2300 HI ABK", "error", SLIP, cause_stands_first),
    ("facility-lines", "TR3 837I 2400 LX", "error", SLIP, lines_in_number),
    ("facility-revenue-code", "TR3 837I 2400 SV201", "error", SLIP, revenue_code_is_missing),
    ("facility-revenue-shape", "TR3 837I 2400 SV201", "error", SLIP, revenue_code_is_wrong),
)
