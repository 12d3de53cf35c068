"""The lines of a claim: procedures, modifiers, units, pointers, drugs (837)."""

import re
from collections.abc import Iterator

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import Claim, Line
from daysheet.formats.x12.guides.reading import to_number
from daysheet.formats.x12.segment import Segment

ALL = "837P 837I 837D"
ANAESTHESIA = {"AA", "AD", "QK", "QX", "QY", "QZ"}
"""Modifiers of who gave the anaesthesia (HCPCS): the lines that are billed by minutes."""
TELEHEALTH = {"02", "10"}
_ANAESTHESIA_CODES = re.compile(r"0(?:0[1-9]|1\d)\d\d")
"""The range 00100 to 01999 (CMS 100-04 ch. 12, 50): some payers ask for no modifier beside it."""


def is_anaesthesia(line: Line) -> bool:
    """Return whether a line says, by a modifier or by its procedure, that it is an anaesthesia."""
    if not ANAESTHESIA.isdisjoint(line.modifiers) or "QS" in line.modifiers:
        return True
    return _ANAESTHESIA_CODES.fullmatch(line.procedure) is not None


def _modifiers(line: Line) -> list[str]:
    return [one for one in line.modifiers if one]


def _element(line: Line) -> int:
    return 2 if line.sv.id == "SV2" else 1


@rule("hierarchy.line-numbers", kinds=ALL, at="2400 LX01", fix="Number the lines 1, 2, 3.")
def line_numbers(claim: Claim) -> Iterator[Hit]:
    for number, line in enumerate(claim.lines, 1):
        told = line.lx[1]
        if told != str(number) and told.isdigit() and told.isascii() and int(told[:9]) != number:
            yield Hit(line.lx, 1, f"The line is number {number} of the claim.")
            return


@rule("identity.line-number-twice", kinds=ALL, at="2400 REF02", fix="Give each line a number of its own.")
def line_number_twice(claim: Claim) -> Iterator[Hit]:
    met: set[str] = set()
    for line in claim.lines:
        item = line.refs.get("6R")
        if item is not None and item[2]:
            if item[2] in met:
                yield Hit(
                    item,
                    2,
                    "Two lines of the claim have the same number: their payments cannot be told apart.",
                )
            met.add(item[2])


@rule(
    "identity.line-number-missing",
    kinds="837P",
    at="2400 REF 6R",
    fix="Give the line a number (REF 6R).",
    severity="warning",
)
def line_number_missing(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        if "6R" not in line.refs:
            yield Hit(line.lx, 1, "The line has no number of ours: its payment is matched by guessing.")


@rule("codes.procedure", when="new line", kinds="837P 837I", at="2400 SV101", snip=5, fix="Look the code up.")
def procedure(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        named = line.procedure or line.sv.id == "SV2"  # a professional line without one: procedure-missing
        if (
            line.procedure_kind == "HC"
            and named
            and not claim.codes.valid("procedure", line.procedure, line.served_on)
        ):
            yield Hit(line.sv, _element(line), "This is not a procedure code.")


KINDS = {"837P": {"HC", "ER", "IV", "WK"}, "837I": {"HC", "ER", "HP", "IV", "WK"}, "837D": {"AD", "ER"}}
"""Kinds of procedure codes (SV101, SV202, SV301)."""


@rule(
    "codes.procedure-kind",
    when="new line",
    kinds=ALL,
    at="2400 SV101",
    snip=2,
    fix="HC, ER, IV or WK; AD in dental claims.",
)
def procedure_kind(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        element = _element(line)
        if line.sv[element] and line.procedure_kind not in KINDS[claim.kind]:
            yield Hit(line.sv, element, "The kind of procedure code is not known here.")


@rule(
    "codes.procedure-missing",
    when="new line",
    kinds="837P 837D",
    at="2400 SV101",
    snip=2,
    fix="Enter the procedure code.",
)
def procedure_missing(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        if line.sv[1] and not line.procedure:
            yield Hit(line.sv, 1, "The procedure code is missing.")


@rule(
    "codes.drug",
    when="2410",
    kinds="837P 837I",
    at="2410 LIN03",
    snip=6,
    fix="Eleven digits, 5-4-2, without dashes.",
)
def drug(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        for inner in line.loop.loops:
            item = inner.segments[0]
            if inner.id == "2410" and item[2] == "N4" and item[3] and not claim.codes.valid("ndc", item[3]):
                yield Hit(item, 3, "A National Drug Code has eleven digits.")


@rule("units.drug-unit", when="2410", kinds="837P 837I", at="2410 CTP05", snip=6, fix="F2, GR, ME, ML or UN.")
def drug_unit(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        for inner in line.loop.loops:
            item = inner.first("CTP") if inner.id == "2410" else None
            if item is not None and item[5] and item.component(5, 1) not in ("F2", "GR", "ME", "ML", "UN"):
                yield Hit(item, 5, "The drug's unit is not one of those that a claim knows.")


@rule(
    "units.drug-quantity",
    when="2410",
    kinds="837P 837I",
    at="2410 CTP04",
    snip=6,
    fix="Enter how much was given.",
)
def drug_quantity(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        for inner in line.loop.loops:
            item = inner.first("CTP") if inner.id == "2410" else None
            count = to_number(item[4]) if item is not None else None
            if item is not None and count is not None and count <= 0:
                yield Hit(item, 4, "The quantity of the drug is not above zero.")


@rule(
    "modifiers.shape",
    when="modifier",
    kinds=ALL,
    at="2400 SV101",
    snip=5,
    fix="Two signs: letters or digits.",
)
def modifier_shape(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if any(not claim.codes.valid("modifier", one) for one in _modifiers(line)):
            yield Hit(line.sv, _element(line), "A modifier has two signs.")


@rule("modifiers.twice", when="modifier", kinds=ALL, at="2400 SV101", fix="Say each modifier once.")
def modifier_twice(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if len({*_modifiers(line)}) < len(_modifiers(line)):
            yield Hit(line.sv, _element(line), "A modifier stands twice on the line.")


@rule(
    "modifiers.gap",
    when="modifier",
    kinds=ALL,
    at="2400 SV101",
    snip=2,
    fix="Move the modifiers to the front.",
)
def modifier_gap(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if [bool(one) for one in line.modifiers] != sorted(
            (bool(one) for one in line.modifiers), reverse=True
        ):
            yield Hit(line.sv, _element(line), "A modifier stands behind an empty place.")


@rule(
    "modifiers.professional-and-technical",
    when="modifier",
    kinds="837P",
    at="2400 SV101",
    snip=6,
    fix="Bill the whole, or each part on a line of its own.",
)
def professional_and_technical(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if {"26", "TC"} <= {*line.modifiers}:
            yield Hit(line.sv, 1, "One line cannot be the professional and the technical part.")


@rule(
    "modifiers.sides",
    when="modifier",
    kinds="837P",
    at="2400 SV101",
    snip=6,
    fix="Say that both sides were treated (50), or bill two lines.",
    severity="warning",
)
def sides(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if {"LT", "RT"} <= {*line.modifiers} or ("50" in line.modifiers and {"LT", "RT"} & {*line.modifiers}):
            yield Hit(line.sv, 1, "The line speaks of one side and of both.")


@rule(
    "modifiers.telehealth-place",
    when="modifier",
    kinds="837P",
    at="2400 SV101",
    snip=6,
    fix="Place of service 02 or 10, or no such modifier.",
    severity="warning",
)
def telehealth_place(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if {"95", "93"} & {*line.modifiers} and (line.sv[5] or claim.place) not in TELEHEALTH:
            yield Hit(line.sv, 1, "A telehealth modifier stands with a place where people meet.")


@rule(
    "modifiers.waived-test",
    when="modifier",
    kinds="837P",
    at="2300 REF X4",
    snip=6,
    fix="Enter the laboratory's CLIA number (REF X4).",
)
def waived_test(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if "QW" in line.modifiers and "X4" not in line.refs and "X4" not in claim.refs:
            yield Hit(line.sv, 1, "A waived laboratory test needs the CLIA number.")


@rule("units.zero", when="new line", kinds="837P 837I", at="2400 SV104", fix="Say how many.")
def units_zero(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        place = 5 if line.sv.id == "SV2" else 4
        count = to_number(line.sv[place])
        if count is not None and count <= 0:
            yield Hit(line.sv, place, "The number of units is not above zero.")


@rule(
    "units.very-many",
    when="new line",
    kinds="837P",
    at="2400 SV104",
    fix="Look whether the charge got into the units.",
    severity="warning",
)
def units_very_many(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        count = to_number(line.sv[4])
        if count is not None and count > 9999:
            yield Hit(line.sv, 4, "More than 9,999 units are hardly meant.")


@rule("units.part-of-a-minute", when="MJ", kinds="837P", at="2400 SV104", snip=6, fix="Write whole minutes.")
def part_of_a_minute(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        count = to_number(line.sv[4])
        if line.sv[3] == "MJ" and count is not None and count != count.to_integral_value():
            yield Hit(line.sv, 4, "Minutes are counted whole.")


@rule(
    "units.anaesthesia-minutes",
    when="modifier",
    kinds="837P",
    at="2400 SV103",
    snip=6,
    fix="Bill anaesthesia by minutes (MJ).",
    severity="warning",
)
def anaesthesia_minutes(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        if line.sv[3] == "UN" and not ANAESTHESIA.isdisjoint(line.modifiers):
            yield Hit(line.sv, 3, "Anaesthesia is billed by minutes.")


@rule(
    "units.minutes-of-something-else",
    when="MJ",
    kinds="837P",
    at="2400 SV103",
    snip=6,
    fix="Bill units (UN).",
)
def minutes_of_something_else(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        readable = line.procedure and all(len(one) == 2 for one in _modifiers(line))
        if line.sv[3] == "MJ" and readable and not is_anaesthesia(line):
            yield Hit(line.sv, 3, "Only anaesthesia is billed by minutes, and nothing says that it is.")


@rule("units.cents", kinds=ALL, at="2400 SV102", snip=2, fix="Write dollars and two digits of cents.")
def cents(claim: Claim) -> Iterator[Hit]:
    found = [(claim.clm, 2, "2300"), *((line.sv, line.money, "2400") for line in claim.billed)]
    for item, element, loop in found:
        told = item[element]
        if told[-3:-2] != "." and len(told.partition(".")[2].rstrip("0")) > 2:
            yield Hit(item, element, "An amount has more than two digits of cents.", loop)


@rule(
    "units.negative-charge",
    kinds=ALL,
    at="2400 SV102",
    fix="A charge is taken back by a void, not by a minus.",
)
def negative_charge(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if line.charge is not None and line.charge < 0:
            yield Hit(line.sv, line.money, "A charge is below zero.", "2400")


@rule(
    "pointers.missing-diagnosis",
    kinds="837P 837D",
    at="2400 SV107",
    snip=6,
    fix="Point to a diagnosis of the claim.",
)
def missing_diagnosis(claim: Claim) -> Iterator[Hit]:
    count = len(claim.diagnoses)
    for line in claim.billed:
        place = 7 if line.sv.id == "SV1" else 11
        for one in line.pointers:
            if one.isdigit() and one.isascii() and 0 < int(one[:9]) <= 12 and int(one[:9]) > count and count:
                yield Hit(line.sv, place, f"The line points to diagnosis {one}; the claim has {count}.")
                break


@rule(
    "pointers.no-number",
    when="new line",
    kinds="837P 837D",
    at="2400 SV107",
    snip=2,
    fix="A number from 1 to 12.",
)
def no_number(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        place = 7 if line.sv.id == "SV1" else 11
        if any(one and not _is_pointer(one) for one in line.pointers):
            yield Hit(line.sv, place, "A pointer is a number from 1 to 12.")


def _is_pointer(text: str) -> bool:
    return text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 12


@rule(
    "pointers.twice",
    when="new line",
    kinds="837P 837D",
    at="2400 SV107",
    snip=6,
    fix="Point to each diagnosis once.",
)
def pointer_twice(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        told = [one for one in line.pointers if one]
        if len({*told}) < len(told):
            yield Hit(line.sv, 7 if line.sv.id == "SV1" else 11, "The line points to one diagnosis twice.")


@rule(
    "pointers.gap",
    when="new line",
    kinds="837P 837D",
    at="2400 SV107",
    snip=2,
    fix="Move the pointers to the front.",
)
def pointer_gap(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        told = line.pointers
        if told and "" in told[: len(told)] and any(told[told.index("") :]):
            yield Hit(line.sv, 7 if line.sv.id == "SV1" else 11, "A pointer stands behind an empty place.")


@rule(
    "pointers.too-many",
    when="new line",
    kinds="837P 837D",
    at="2400 SV107",
    snip=2,
    fix="Point to at most four.",
)
def too_many(claim: Claim) -> Iterator[Hit]:
    for line in claim.new_lines:
        if len(line.pointers) > 4:
            yield Hit(line.sv, 7 if line.sv.id == "SV1" else 11, "A line points to at most four diagnoses.")


@rule(
    "pointers.never-used",
    kinds="837P",
    at="2300 HI",
    snip=6,
    fix="Point to it from a line, or leave it out.",
    severity="note",
)
def never_used(claim: Claim) -> Iterator[Hit]:
    used = {one for line in claim.lines for one in line.pointers}
    if not all(line.pointers and line.pointers[0].isdigit() for line in claim.lines):
        return  # a line that points nowhere is told by itself
    for number, (_, _, item, element) in enumerate(claim.diagnoses[:12], 1):
        if str(number) not in used and claim.lines and number == 1:
            yield Hit(item, element, "No line points to the first diagnosis.")


def segment_of(line: Line) -> Segment:
    """Return the segment that tells the service."""
    return line.sv
