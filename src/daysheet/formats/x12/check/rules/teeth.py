"""Teeth, their sides, areas of the mouth, braces and questions beforehand (837D)."""

from collections.abc import Iterator
from datetime import date

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import Claim, Line, span
from daysheet.formats.x12.guides.reading import to_number
from daysheet.formats.x12.segment import Segment

from .claim_kinds import DENTISTS, SURFACES, TOOTH
from .claim_people import born_on

FRONT = frozenset("6 7 8 9 10 11 22 23 24 25 26 27 C D E F G H M N O P Q R".split())
"""Teeth that bite with an edge (I), not with a face (O)."""
MILK = frozenset("ABCDEFGHIJKLMNOPQRST")
GROWN_UP = 25
AREAS = frozenset("00 01 02 03 04 05 06 07 08 09 10 20 30 40 L R".split())


def _teeth(line: Line) -> list[Segment]:
    return [item for item in line.loop.segments if item.id == "TOO"]


def _served(claim: Claim, line: Line) -> date | None:
    return line.served_on or span(claim.dtp.get("472"))[0]


@rule(
    "codes.side-of-tooth",
    kinds=DENTISTS,
    at="2400 TOO03",
    snip=6,
    fix="I for the edge of a front tooth, O for the face of a back tooth.",
    severity="warning",
)
def side_of_tooth(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        for item in _teeth(line):
            sides = item.components(3) if item[3] else []
            if not TOOTH.fullmatch(item[2]) or any(one not in SURFACES for one in sides):
                continue
            if ("O" in sides) if item[2] in FRONT else ("I" in sides):
                where = "A front tooth has an edge" if item[2] in FRONT else "A back tooth has a face"
                yield Hit(item, 3, f"{where}; the line names the other.")


@rule(
    "codes.tooth-twice",
    kinds=DENTISTS,
    at="2400 TOO02",
    fix="Name each tooth once, with all its sides.",
    severity="warning",
)
def tooth_twice(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        met: set[str] = set()
        for item in _teeth(line):
            if item[2] and item[2] in met:
                yield Hit(item, 2, "A tooth stands twice on the line.")
            met.add(item[2])
    seen: set[str] = set()
    for item in claim.by_id.get("DN2", ()):
        if item[1] and item[1] in seen:
            yield Hit(item, 1, "The state of a tooth is told twice.", "2300")
        seen.add(item[1])


@rule(
    "codes.milk-tooth",
    kinds=DENTISTS,
    at="2400 TOO02",
    snip=6,
    fix="A to T are milk teeth; 1 to 32 are those of a grown-up.",
    severity="warning",
)
def milk_tooth(claim: Claim) -> Iterator[Hit]:
    _, born = born_on(claim)
    for line in claim.lines:
        day = _served(claim, line)
        if born and day and day.year - born.year > GROWN_UP:
            for item in _teeth(line):
                if item[2] in MILK:
                    yield Hit(item, 2, "A grown-up is treated at a milk tooth.")


@rule(
    "codes.missing-tooth-filled",
    when="DN2",
    kinds=DENTISTS,
    at="2400 TOO02",
    snip=6,
    fix="Correct the tooth, or its state (DN2).",
    severity="warning",
)
def missing_tooth_filled(claim: Claim) -> Iterator[Hit]:
    # a bridge, an implant or a denture stands in the gap: only sides speak of a tooth that is there
    gone = {item[1] for item in claim.by_id["DN2"] if item[2] == "M"}
    for line in claim.lines:
        for item in _teeth(line):
            if item[2] in gone and item[2] and item[3]:
                yield Hit(item, 2, "Sides of a tooth are treated that is said to be missing.")


@rule("codes.mouth-area", kinds=DENTISTS, at="2400 SV304", snip=5, fix="00, 01, 02; 10, 20, 30, 40.")
def mouth_area(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        told = [one for one in line.sv.components(4) if one] if line.sv[4] else []
        if any(one not in AREAS for one in told) or len({*told}) < len(told):
            yield Hit(line.sv, 4, "The mouth has no such area, or it is named twice.")


@rule(
    "place.area-and-tooth",
    kinds=DENTISTS,
    at="2400 SV304",
    snip=6,
    fix="Name the tooth alone, where the procedure is for teeth.",
    severity="warning",
)
def area_and_tooth(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if line.sv[4] and _teeth(line):
            yield Hit(line.sv, 4, "The line names an area of the mouth and a tooth.")


@rule("units.months-of-braces", when="DN1", kinds=DENTISTS, at="2300 DN102", fix="Correct the months.")
def months_of_braces(claim: Claim) -> Iterator[Hit]:
    for item in claim.by_id["DN1"]:
        whole, left = to_number(item[1]), to_number(item[2])
        if left is not None and (left < 0 or (whole is not None and left > whole)):
            yield Hit(item, 2, "More months of the treatment are left than it has.")
        elif whole is not None and whole <= 0:
            yield Hit(item, 1, "A treatment has months.")


@rule(
    "dates.banding-without-braces",
    when="DTP 452",
    kinds=DENTISTS,
    at="2300 DTP 452",
    fix="Add the months of the treatment (DN1), or leave the day out.",
    severity="warning",
)
def banding_without_braces(claim: Claim) -> Iterator[Hit]:
    if "DN1" not in claim.by_id:
        yield Hit(claim.dtp["452"], 3, "The day of the bands is told, and no treatment with braces.")


@rule(
    "dates.banding-in-future",
    when="DTP 452",
    kinds=DENTISTS,
    at="2300 DTP 452",
    fix="Correct the day, or ask beforehand (CLM19).",
    severity="warning",
)
def banding_in_future(claim: Claim) -> Iterator[Hit]:
    day, _ = span(claim.dtp["452"])
    if claim.clm[19] != "PB" and day and claim.above.sent_on and day > claim.above.sent_on:
        yield Hit(claim.dtp["452"], 3, "The bands are put on after the claim was sent.")


@rule(
    "dates.question-beforehand",
    kinds=DENTISTS,
    at="2300 DTP 472",
    fix="Leave the day out, or take PB out of CLM19.",
    severity="warning",
)
def question_beforehand(claim: Claim) -> Iterator[Hit]:
    if claim.clm[19] == "PB":
        found = [claim.dtp.get("472"), *(line.dtp.get("472") for line in claim.lines)]
        for item in [one for one in found if one is not None][:1]:
            loop = "2300" if item is found[0] else "2400"
            yield Hit(item, 3, "It is asked what would be paid, and the service is done.", loop)


@rule(
    "dates.earlier-piece-missing",
    kinds=DENTISTS,
    at="2400 DTP 441",
    fix="Say when the piece that is replaced was put in.",
    severity="warning",
)
def earlier_piece_missing(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if line.sv[5] == "R" and not {"139", "441"} & {*line.dtp}:
            yield Hit(line.sv, 5, "A piece is replaced, and it is not told when the old one was put in.")


@rule(
    "dates.earlier-piece-after-service",
    kinds=DENTISTS,
    at="2400 DTP 441",
    fix="Correct one of the two days.",
)
def earlier_piece_after_service(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        day, _ = span(line.dtp.get("441"))
        served = _served(claim, line)
        if day and served and day > served:
            yield Hit(line.dtp["441"], 3, "The old piece was put in after the service that replaces it.")
