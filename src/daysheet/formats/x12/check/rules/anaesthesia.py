"""Anaesthesia: who gave it, for how long, to a patient in which state (837P). Source: CMS 100-04 ch. 12, 50 and 140."""

import re
from collections.abc import Iterator

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import Claim, Line
from daysheet.formats.x12.guides.reading import to_number

from .claim_lines import ANAESTHESIA, is_anaesthesia

STATE = re.compile(r"P[1-6]")
"""The patient's physical state, of six; no line but that of an anaesthesia has one."""
APART = (("AA", "QX"), ("QK", "QZ"), ("QY", "QZ"))
"""Who directed or did it alone, against what the other half says."""
MINUTES_OF_A_DAY = 1440
_UNITS = {"837P": 4, "837I": 5, "837D": 6}


def _told(line: Line) -> set[str]:
    return ANAESTHESIA & {*line.modifiers}


@rule(
    "modifiers.anaesthesia-two-ways",
    when="modifier",
    kinds="837P",
    at="2400 SV101",
    snip=6,
    fix="One of AA, AD, QK, QX, QY, QZ.",
    severity="warning",
)
def anaesthesia_two_ways(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if len(_told(line)) > 1:
            yield Hit(line.sv, 1, "The line says in two ways who gave the anaesthesia.")


@rule(
    "modifiers.anaesthesia-halves",
    when="modifier",
    kinds="837P",
    at="2400 SV101",
    snip=6,
    fix="AA stands alone or with QZ; QK, QY and AD with QX.",
    severity="warning",
)
def anaesthesia_halves(claim: Claim) -> Iterator[Hit]:
    met: dict[tuple[str, object], set[str]] = {}
    for line in claim.billed:
        told = _told(line)
        if len(told) != 1:
            continue
        before = met.setdefault((line.procedure, line.served_on), set())
        if any({mine, theirs} <= before | told and not {mine, theirs} <= before for mine, theirs in APART):
            yield Hit(line.sv, 1, "Two lines of one anaesthesia disagree on whether it was directed.")
        before |= told


@rule(
    "modifiers.watched-care-alone",
    when="modifier",
    kinds="837P",
    at="2400 SV101",
    snip=6,
    fix="Say who gave it beside QS: AA, QK, QX, QY or QZ.",
    severity="warning",
)
def watched_care_alone(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if "QS" in line.modifiers and not _told(line):
            yield Hit(line.sv, 1, "Monitored care is told, and not who gave it.")


@rule(
    "modifiers.physical-state-twice",
    when="modifier",
    kinds="837P",
    at="2400 SV101",
    snip=6,
    fix="One of P1 to P6.",
)
def physical_state_twice(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if len({one for one in line.modifiers if STATE.fullmatch(one)}) > 1:
            yield Hit(line.sv, 1, "The line tells two states of one patient.")


@rule(
    "modifiers.physical-state",
    when="modifier",
    kinds="837P",
    at="2400 SV101",
    snip=6,
    fix="Leave it out, or say that it was anaesthesia.",
    severity="warning",
)
def physical_state(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if any(STATE.fullmatch(one) for one in line.modifiers) and not is_anaesthesia(line):
            yield Hit(line.sv, 1, "A patient's physical state is told for something else than anaesthesia.")


@rule(
    "units.minutes-of-a-day",
    when="MJ",
    kinds="837P",
    at="2400 SV104",
    snip=6,
    fix="Write the minutes from the beginning of the anaesthesia to its end.",
    severity="warning",
)
def minutes_of_a_day(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        count = to_number(line.sv[4]) if line.sv[3] == "MJ" else None
        first, last = line.served
        days = (last - first).days + 1 if first and last and first < last else 1
        if count is not None and MINUTES_OF_A_DAY * days < count <= 9999:
            yield Hit(line.sv, 4, "These are more minutes than the days of the service have.")


@rule(
    "codes.operation-of-anaesthesia",
    when="codes",
    kinds="837P",
    at="2300 HI BP",
    fix="Leave the operation out: it explains an anaesthesia.",
    severity="warning",
)
def operation_of_anaesthesia(claim: Claim) -> Iterator[Hit]:
    found = claim.coded.get("BP")
    if found and claim.billed and not any(is_anaesthesia(line) for line in claim.billed):
        yield Hit(found[0][1], found[0][2], "The operation of an anaesthesia is told, and no line is one.")


@rule(
    "units.both-sides",
    when="modifier",
    kinds="837P",
    at="2400 SV104",
    snip=6,
    fix="One unit: the modifier 50 stands for both sides.",
    severity="warning",
)
def both_sides(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        count = to_number(line.sv[4])
        if "50" in line.modifiers and count is not None and count > 1:
            yield Hit(line.sv, 4, "Both sides are told by the modifier and by the units.")


@rule(
    "units.too-fine",
    when="fraction",
    kinds="837P 837I 837D",
    at="2400 SV104",
    snip=2,
    fix="At most three digits behind the point.",
)
def too_fine(claim: Claim) -> Iterator[Hit]:
    place = _UNITS[claim.kind]
    for line in claim.billed:
        units = line.sv[place]
        fine = "." in units and len(units.partition(".")[2].rstrip("0")) > 3
        if fine and line.sv[3] != "MJ" and to_number(units) is not None:
            yield Hit(line.sv, place, "Units are told finer than a thousandth.")
