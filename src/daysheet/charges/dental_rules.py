"""The rules of the kind of a claim, and of a dentist's alone: teeth, areas, prostheses, diagnoses. Pure."""

import re
from collections.abc import Callable, Iterator

from daysheet.charges.claim_facts import ClaimFacts
from daysheet.charges.rules import mouth
from daysheet.charges.rules.kinds import DENTAL_CODE, INSTITUTIONAL, PROFESSIONAL, a_kind
from daysheet.charges.rules.mouth import REPLACEMENT

OfFacts = Callable[[ClaimFacts], Iterator[tuple[str, str, int | None]]]
"""What is wrong, as a sentence, a field and a line."""
MOST_DIAGNOSES, MOST_LINES, MOST_POINTERS = 4, 50, 4
SLIP, OFFICE = "charges:slip", "practice:office"
TAXONOMY = re.compile(r"[0-9A-Z]{9}X")


def is_of_no_kind_here(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a claim is of a kind that this office does not bill."""
    kind = facts.claim_kind
    if kind in (PROFESSIONAL, INSTITUTIONAL) and kind not in facts.office_bills:
        told = " and ".join(sorted(facts.office_bills))
        yield (
            f"This office bills {told} claims, and this is {a_kind(kind)} one: take it back, then make it anew.",
            "setting",
            None,
        )


def too_many_diagnoses(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a dental claim names more diagnoses than it can; it needs none."""
    if len(facts.diagnoses) > MOST_DIAGNOSES:
        yield "A dental claim carries four diagnoses at most; it needs none.", "diagnoses", None


def lines_in_number(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a claim has no line, or more than it can carry."""
    if not facts.lines:
        yield "The claim has no line.", "lines", None
    elif len(facts.lines) > MOST_LINES:
        yield "A dental claim carries fifty lines at most.", "lines", None


def points_nowhere(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a line points to a diagnosis which is not there, where the claim names some."""
    count = len(facts.diagnoses)
    for line in facts.lines if count else ():
        if len(line.pointers) > MOST_POINTERS or any(not 1 <= one <= count for one in line.pointers):
            yield "The line points to a diagnosis that the claim does not have.", "pointers", line.number


def is_no_dental_code(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield a code that has not the shape of a dental one: a sample that nobody replaced, or a medical code."""
    for line in facts.lines:
        if not DENTAL_CODE.fullmatch(line.code):
            yield f"{line.code} has not the shape of a dental code: D and four digits.", "code", line.number


def area_is_wrong(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield what is wrong with the areas of lines."""
    for line in facts.lines:
        if wrong := mouth.areas_problem(line.mouth.areas):
            yield wrong, "mouth", line.number
        elif line.mouth.areas and line.mouth.teeth:
            yield "The line names a tooth and an area: name the tooth alone.", "mouth", line.number


def tooth_is_wrong(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield what is wrong with the teeth of lines."""
    for line in facts.lines:
        if wrong := mouth.teeth_problem(line.mouth.teeth):
            yield wrong, "mouth", line.number


def surface_is_wrong(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield what is wrong with the surfaces of teeth."""
    for line in facts.lines:
        for tooth in line.mouth.teeth:
            if wrong := mouth.surfaces_problem(tooth):
                yield wrong, "mouth", line.number


def place_is_missing(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a line does not name the tooth, surfaces or area that its service needs, or first or replacement."""
    for line in facts.lines:
        need, is_prosthesis = line.mouth_need, line.is_prosthesis
        if wrong := mouth.lack(
            line.code, line.mouth, line.prosthesis, need=need, is_prosthesis=is_prosthesis
        ):
            yield wrong[1], wrong[0], line.number


def prosthesis_is_unknown(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that something else is said of a prosthesis than first or replacement."""
    for line in facts.lines:
        if line.prosthesis not in mouth.PROSTHESES:
            yield (
                "A prosthesis is placed for the first time (I), or a replacement (R).",
                "prosthesis",
                line.number,
            )


def prior_placement_is_missing(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that nobody said when the prosthesis was placed that is replaced, or a day that cannot be."""
    for line in facts.lines:
        if line.prosthesis != REPLACEMENT:
            continue
        if line.prior_placed_on is None:
            yield (
                "A replacement says when the earlier prosthesis was placed: void the line, enter it with that day.",
                "prior_placed_on",
                line.number,
            )
        elif line.prior_placed_on > (line.service_on or facts.service_on):
            yield (
                "The earlier prosthesis was placed after the service that replaces it.",
                "prior_placed_on",
                line.number,
            )


def taxonomy_is_missing(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a dentist who is not the billing provider has no specialty code."""
    if facts.provider_npi != facts.office_npi and not facts.provider_taxonomy:
        yield f"{facts.provider_name} has no taxonomy: plans pay a dentist by it.", "taxonomy", None


def taxonomy_is_wrong(facts: ClaimFacts) -> Iterator[tuple[str, str, int | None]]:
    """Yield that a specialty code has another shape than nine letters or digits and an X."""
    if facts.provider_taxonomy and not TAXONOMY.fullmatch(facts.provider_taxonomy):
        yield f"The taxonomy of {facts.provider_name} is ten signs, the last an X.", "taxonomy", None


DENTAL_RULES: tuple[tuple[str, str, str, str, OfFacts], ...] = (
    ("dental-taxonomy", "TR3 837D 2310B PRV03", "warning", OFFICE, taxonomy_is_missing),
    ("dental-taxonomy-shape", "TR3 837D 2310B PRV03", "error", OFFICE, taxonomy_is_wrong),
    ("dental-diagnoses", "TR3 837D 2300 HI", "error", SLIP, too_many_diagnoses),
    ("dental-lines", "TR3 837D 2400 LX", "error", SLIP, lines_in_number),
    ("dental-code", "TR3 837D 2400 SV301-2", "warning", SLIP, is_no_dental_code),
    ("dental-area", "TR3 837D 2400 SV304", "error", SLIP, area_is_wrong),
    ("dental-needs", "TR3 837D 2400 TOO02", "error", SLIP, place_is_missing),
    ("dental-prosthesis", "TR3 837D 2400 SV305", "error", SLIP, prosthesis_is_unknown),
    ("dental-pointers", "TR3 837D 2400 SV311", "error", SLIP, points_nowhere),
    ("dental-tooth", "TR3 837D 2400 TOO02", "error", SLIP, tooth_is_wrong),
    ("dental-surface", "TR3 837D 2400 TOO03", "error", SLIP, surface_is_wrong),
    ("dental-prior-placement", "TR3 837D 2400 DTP 441", "error", SLIP, prior_placement_is_missing),
)
