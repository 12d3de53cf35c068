"""What only hospitals bill, and what only dentists do (837I, 837D)."""

import re
from collections.abc import Iterator

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import Claim, span
from daysheet.formats.x12.guides.reading import to_day

HOSPITALS, DENTISTS = "837I", "837D"
BILL_TYPE = re.compile(r"[1-9][1-9]")
LIES_IN = frozenset(("11", "12", "18", "21", "22", "41", "65", "66", "86"))
"""Types of bill of patients who lie in: they have a day of admission."""
TOOTH = re.compile(r"[1-9]|[12]\d|3[0-2]|[A-T]|5[1-9]|[67]\d|8[0-2]|[A-T]S")
SURFACES = frozenset("BDFILMO")
PRESENT = frozenset(("", "Y", "N", "U", "W", "1"))


@rule(
    "codes.bill-type",
    kinds=HOSPITALS,
    at="2300 CLM05",
    snip=5,
    fix="Two digits: the kind of house and the kind of stay.",
)
def bill_type(claim: Claim) -> Iterator[Hit]:
    if claim.clm[5] and not BILL_TYPE.fullmatch(claim.place):
        yield Hit(claim.clm, 5, f"{claim.place or 'Nothing'} is no type of bill.")


@rule(
    "codes.bill-frequency", kinds=HOSPITALS, at="2300 CLM05", snip=5, fix="One sign from 0 to 9 or a letter."
)
def bill_frequency(claim: Claim) -> Iterator[Hit]:
    if claim.clm[5] and not re.fullmatch(r"[0-9A-Z]", claim.frequency):
        yield Hit(claim.clm, 5, "The third digit of the bill's type is missing or wrong.")


@rule(
    "dates.admission-of-who-lies-in",
    kinds=HOSPITALS,
    at="2300 DTP 435",
    fix="Say on which day and hour the patient was admitted.",
)
def admission_of_who_lies_in(claim: Claim) -> Iterator[Hit]:
    if claim.place in LIES_IN and "435" not in claim.dtp:
        yield Hit(claim.clm, 5, "The patient lies in, and the admission is not told.")


@rule(
    "dates.line-outside-statement",
    kinds=HOSPITALS,
    at="2400 DTP03",
    fix="Correct the day, or the days of the bill.",
    severity="warning",
)
def line_outside_statement(claim: Claim) -> Iterator[Hit]:
    first, last = span(claim.dtp.get("434"))
    for line in claim.lines:
        day = line.served_on
        if first and last and day and not first <= day <= last:
            yield Hit(line.dtp["472"], 3, "The service lies outside the days of the bill.")


@rule(
    "dates.admission-after-statement", kinds=HOSPITALS, at="2300 DTP 435", fix="Correct one of the two days."
)
def admission_after_statement(claim: Claim) -> Iterator[Hit]:
    _, last = span(claim.dtp.get("434"))
    admitted = to_day(claim.dtp["435"][3][:8]) if "435" in claim.dtp else None
    if last and admitted and admitted > last:
        yield Hit(claim.dtp["435"], 3, "The patient was admitted after the days of the bill.")


@rule("providers.attending", kinds=HOSPITALS, at="2310A NM1", fix="Name the attending provider (2310A).")
def attending(claim: Claim) -> Iterator[Hit]:
    if claim.place in LIES_IN and not any(inner.id == "2310A" for inner in claim.loop.loops):
        yield Hit(claim.clm, 5, "The bill names no attending provider.")


@rule("codes.revenue", kinds=HOSPITALS, at="2400 SV201", snip=5, fix="Four digits, a zero in front.")
def revenue(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if line.sv[1] and not claim.codes.valid("revenue", line.sv[1]):
            yield Hit(line.sv, 1, "This is not a revenue code.")


@rule(
    "codes.present-on-admission",
    kinds=HOSPITALS,
    at="2300 HI",
    snip=5,
    fix="Y, N, U, W, or nothing where it is not asked.",
)
def present_on_admission(claim: Claim) -> Iterator[Hit]:
    for qualifier, _, item, element in claim.diagnoses:
        parts = item.components(element)
        if qualifier in ("ABK", "ABF") and len(parts) > 8 and parts[8] not in PRESENT:
            yield Hit(
                item, element, "It is not said in a known way whether the illness was there on admission."
            )


@rule("codes.operation", kinds=HOSPITALS, at="2300 HI", snip=5, fix="Look the code up: seven signs.")
def operation(claim: Claim) -> Iterator[Hit]:
    for item in claim.by_id.get("HI", ()):
        for element in range(1, len(item)):
            parts = item.components(element)
            if (
                parts[0] in ("BBR", "BBQ")
                and len(parts) > 1
                and not claim.codes.valid("icd10pcs", parts[1], claim.served_on)
            ):
                yield Hit(item, element, "This is not an ICD-10 procedure.")


@rule("codes.dental-procedure", kinds=DENTISTS, at="2400 SV301", snip=5, fix="A D and four digits.")
def dental_procedure(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if (
            line.procedure
            and line.sv.component(1, 1) == "AD"
            and not claim.codes.valid("dental", line.procedure, line.served_on)
        ):
            yield Hit(line.sv, 1, "This is not a dental procedure code.")


@rule(
    "codes.tooth", kinds=DENTISTS, at="2400 TOO02", snip=5, fix="1 to 32, A to T; 51 to 82 for one too many."
)
def tooth(claim: Claim) -> Iterator[Hit]:
    found = [("2300", item, 1) for item in claim.by_id.get("DN2", ())]
    found += [("2400", item, 2) for line in claim.lines for item in line.loop.segments if item.id == "TOO"]
    for loop, item, element in found:
        if item[element] and not TOOTH.fullmatch(item[element]):
            yield Hit(item, element, f"{item[element][:10]} is no tooth.", loop)


@rule("codes.surface", kinds=DENTISTS, at="2400 TOO03", snip=5, fix="B, D, F, I, L, M or O.")
def surface(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        for item in line.loop.segments:
            told = item.components(3) if item.id == "TOO" and item[3] else []
            if any(one not in SURFACES for one in told) or len({*told}) < len(told):
                yield Hit(item, 3, "A tooth has no such surface, or it is named twice.")


@rule("dates.service-of-dental-line", kinds=DENTISTS, at="2300 DTP 472", fix="Say on which day it was done.")
def service_of_dental_line(claim: Claim) -> Iterator[Hit]:
    if (
        claim.clm[19] != "PB"
        and "472" not in claim.dtp
        and any("472" not in line.dtp for line in claim.lines)
    ):
        yield Hit(claim.clm, 0, "Neither the claim nor each of its lines says the day of the service.")
