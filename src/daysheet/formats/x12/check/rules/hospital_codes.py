"""What a hospital's bill says by code: conditions, occurrences, values, what was there on admission (837I 2300 HI)."""

import re
from collections.abc import Iterator
from datetime import date

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.structure import is_day
from daysheet.formats.x12.check.view import Claim, Coded, span
from daysheet.formats.x12.guides.reading import to_day, to_number

from .claim_kinds import HOSPITALS

KINDS = frozenset("ABK ABJ APR ABN ABF BK BJ PR BN BF DR BBR BBQ BR BQ CAH BH BI BE BG TC".split())
TWO_SIGNS = re.compile(r"[0-9A-Z]{2}")
CONDITION, OCCURRENCE, SPAN, VALUE = "BG", "BH", "BI", "BE"
OPERATIONS = ("BBR", "BBQ", "BR", "BQ")
BEFORE = frozenset(("01", "02", "03", "04", "05", "06", "10", "11"))
"""Occurrences that come before care: accidents and crimes, the last period, the first signs (CMS 100-04 ch. 25)."""
ACCIDENTS = frozenset(("01", "02", "03", "04", "05", "06"))
DAYS = frozenset(("80", "81", "82", "83"))
VISITS = frozenset(("13", "14", "83", "85"))
"""Types of bill of patients who come and go."""
DIED = frozenset(("20", "40", "41", "42"))


def coded(claim: Claim, *qualifiers: str) -> Iterator[Coded]:
    """Give the codes of these kinds, in the order of the qualifiers."""
    for qualifier in qualifiers:
        yield from claim.coded.get(qualifier, ())


def codes_of(claim: Claim, qualifier: str) -> set[str]:
    """Return the codes of one kind."""
    return {parts[1] for parts, _, _ in coded(claim, qualifier)}


def days_of(parts: list[str]) -> tuple[date | None, date | None]:
    """Return the first and last day of an occurrence, a span or an operation; None where it is no day."""
    first, _, last = parts[3].partition("-")
    begin = to_day(first) if is_day(first) else None
    return begin, (to_day(last) if is_day(last) else begin)


@rule(
    "codes.kind-on-a-bill",
    kinds=HOSPITALS,
    at="2300 HI",
    snip=2,
    fix="ABK, ABF for diagnoses; BBR, BBQ for operations; BG, BH, BI, BE for the bill's codes.",
)
def kind_on_a_bill(claim: Claim) -> Iterator[Hit]:
    for qualifier, found in claim.coded.items():
        if qualifier not in KINDS:
            _, item, element = found[0]
            yield Hit(item, element, f"{qualifier[:10] or 'Nothing'} is no kind of code that a bill knows.")


@rule("codes.on-a-bill", kinds=HOSPITALS, at="2300 HI", snip=5, fix="Two signs: letters or digits.")
def on_a_bill(claim: Claim) -> Iterator[Hit]:
    for parts, item, element in coded(claim, CONDITION, OCCURRENCE, SPAN, VALUE):
        if not TWO_SIGNS.fullmatch(parts[1]):
            yield Hit(item, element, "A code for a condition, an occurrence or a value has two signs.")


@rule("dates.of-a-code", kinds=HOSPITALS, at="2300 HI", snip=2, fix="D8 and a day, or RD8 and two days.")
def of_a_code(claim: Claim) -> Iterator[Hit]:
    for parts, item, element in coded(claim, OCCURRENCE, SPAN, *OPERATIONS):
        first, dash, last = parts[3].partition("-")
        if parts[0] == SPAN:
            good = parts[2] == "RD8" and bool(dash) and is_day(first) and is_day(last)
        else:
            good = parts[2] == "D8" and is_day(parts[3])
        if not good:
            yield Hit(item, element, "The day that belongs to the code is missing or is no day.")


@rule(
    "dates.code-span-wrong-way-round",
    kinds=HOSPITALS,
    at="2300 HI BI",
    fix="Put the first day first.",
)
def code_span_wrong_way_round(claim: Claim) -> Iterator[Hit]:
    for parts, item, element in coded(claim, SPAN):
        first, last = days_of(parts)
        if first and last and last < first:
            yield Hit(item, element, "The span ends before it begins.")


@rule(
    "dates.occurrence-after-statement",
    kinds=HOSPITALS,
    at="2300 HI BH",
    fix="Correct the day of the occurrence, or the days of the bill.",
)
def occurrence_after_statement(claim: Claim) -> Iterator[Hit]:
    _, last = span(claim.dtp.get("434"))
    for parts, item, element in coded(claim, OCCURRENCE):
        day, _ = days_of(parts)
        if last and day and day > last and parts[1] in BEFORE:
            yield Hit(item, element, "What brought the patient here lies after the days of the bill.")


@rule(
    "dates.earlier-stay-after-admission",
    kinds=HOSPITALS,
    at="2300 HI BI",
    fix="Correct the days of the earlier stay, or the admission.",
    severity="warning",
)
def earlier_stay_after_admission(claim: Claim) -> Iterator[Hit]:
    admitted, _ = span(claim.dtp.get("435"))
    for parts, item, element in coded(claim, SPAN):
        first, last = days_of(parts)
        if admitted and first and last and first <= last and last > admitted and parts[1] in ("71", "78"):
            yield Hit(item, element, "An earlier stay ends after this one began.")


@rule(
    "codes.condition-twice",
    kinds=HOSPITALS,
    at="2300 HI BG",
    fix="Say each condition once.",
    severity="warning",
)
def condition_twice(claim: Claim) -> Iterator[Hit]:
    yield from _twice(claim, CONDITION, 1, "A condition stands twice on the bill.")


@rule(
    "codes.value-twice",
    kinds=HOSPITALS,
    at="2300 HI BE",
    fix="Say each value once, with the sum.",
    severity="warning",
)
def value_twice(claim: Claim) -> Iterator[Hit]:
    yield from _twice(claim, VALUE, 1, "A value stands twice on the bill.")


@rule(
    "codes.occurrence-twice",
    kinds=HOSPITALS,
    at="2300 HI BH",
    fix="Say each occurrence of a day once.",
    severity="warning",
)
def occurrence_twice(claim: Claim) -> Iterator[Hit]:
    yield from _twice(claim, OCCURRENCE, 3, "An occurrence stands twice with one day.")
    yield from _twice(claim, SPAN, 3, "A span stands twice with the same days.")


def _twice(claim: Claim, qualifier: str, last: int, words: str) -> Iterator[Hit]:
    met: set[tuple[str, ...]] = set()
    for parts, item, element in coded(claim, qualifier):
        key = tuple(parts[1 : last + 1])
        if key in met and key[0]:
            yield Hit(item, element, words)
        met.add(key)


@rule(
    "units.value-amount",
    kinds=HOSPITALS,
    at="2300 HI BE",
    snip=2,
    fix="A number of zero or more, with at most two digits of cents.",
)
def value_amount(claim: Claim) -> Iterator[Hit]:
    for parts, item, element in coded(claim, VALUE):
        amount = to_number(parts[4])
        if amount is None or amount < 0 or len(parts[4].partition(".")[2].rstrip("0")) > 2:
            yield Hit(item, element, "The value is missing, or no amount in dollars and cents.")


@rule("units.part-of-a-day", kinds=HOSPITALS, at="2300 HI BE", fix="Write whole days.")
def part_of_a_day(claim: Claim) -> Iterator[Hit]:
    for parts, item, element in coded(claim, VALUE):
        amount = to_number(parts[4]) if parts[1] in DAYS else None
        if amount is not None and amount >= 0 and amount != amount.to_integral_value():
            yield Hit(item, element, "Days are counted whole.")


@rule(
    "codes.present-on-a-visit",
    kinds=HOSPITALS,
    at="2300 HI",
    fix="Leave it out: only who lies in is asked.",
    severity="warning",
)
def present_on_a_visit(claim: Claim) -> Iterator[Hit]:
    for qualifier, _, item, element in claim.diagnoses:
        parts = item.components(element)
        if claim.place in VISITS and qualifier in ("ABK", "ABF", "ABN") and len(parts) > 8 and parts[8]:
            yield Hit(item, element, "A visit says that an illness was there on admission.")
            return


@rule(
    "codes.present-is-not-asked",
    kinds=HOSPITALS,
    at="2300 HI",
    fix="Leave it empty where it is not asked (the 1 belongs to older files).",
    severity="warning",
)
def present_is_not_asked(claim: Claim) -> Iterator[Hit]:
    for qualifier, _, item, element in claim.diagnoses:
        parts = item.components(element)
        if qualifier in ("ABK", "ABF", "ABN") and len(parts) > 8 and parts[8] == "1":
            yield Hit(
                item, element, "Whether it was there on admission is answered as files did before 2011."
            )


@rule(
    "codes.accident-without-cause",
    kinds=HOSPITALS,
    at="2300 HI BH",
    fix="Add what caused the injury (ABN), where it is known.",
    severity="note",
)
def accident_without_cause(claim: Claim) -> Iterator[Hit]:
    for parts, item, element in coded(claim, OCCURRENCE):
        if parts[1] in ACCIDENTS and not {"ABN", "BN"} & {*claim.coded}:
            yield Hit(item, element, "An accident is told, and not what caused the injury.")
            return


@rule(
    "codes.death-day-missing",
    kinds=HOSPITALS,
    at="2300 HI BH",
    fix="Add the day of death (occurrence 55).",
    severity="warning",
)
def death_day_missing(claim: Claim) -> Iterator[Hit]:
    cl1 = claim.by_id.get("CL1", [None])[0]
    if cl1 is not None and cl1[3] in DIED and "55" not in codes_of(claim, OCCURRENCE):
        yield Hit(cl1, 3, "The patient died, and the day is not told.")


@rule(
    "codes.death-of-somebody-alive",
    kinds=HOSPITALS,
    at="2300 HI BH",
    fix="Correct the patient's status (CL103), or take the day of death out.",
    severity="warning",
)
def death_of_somebody_alive(claim: Claim) -> Iterator[Hit]:
    cl1 = claim.by_id.get("CL1", [None])[0]
    for parts, item, element in coded(claim, OCCURRENCE):
        if cl1 is not None and cl1[3] and cl1[3] not in DIED and parts[1] == "55":
            yield Hit(item, element, "A day of death is told, and the status says that the patient is alive.")


@rule(
    "dates.operation-outside-stay",
    kinds=HOSPITALS,
    at="2300 HI BBR",
    fix="Correct the day of the operation, or the days of the bill.",
    severity="warning",
)
def operation_outside_stay(claim: Claim) -> Iterator[Hit]:
    first, last = span(claim.dtp.get("434"))
    for parts, item, element in coded(claim, *OPERATIONS):
        day, _ = days_of(parts)
        # CMS 100-04 ch. 25 FL 74: what was done in the three days before admission belongs to the stay
        if day and first and last and first <= last and not -3 <= (day - first).days <= (last - first).days:
            yield Hit(item, element, "The operation lies outside the days of the bill and the three before.")


@rule(
    "providers.operating",
    kinds=HOSPITALS,
    at="2310B NM1",
    fix="Name who operated (2310B).",
    severity="warning",
)
def operating(claim: Claim) -> Iterator[Hit]:
    for _, item, element in coded(claim, "BBR", "BR"):
        if not any(inner.id == "2310B" for inner in claim.loop.loops):
            yield Hit(item, element, "An operation is told, and not who operated.")


@rule(
    "codes.first-operation",
    kinds=HOSPITALS,
    at="2300 HI BBQ",
    fix="Mark the operation that mattered most as the first (BBR).",
    severity="warning",
)
def first_operation(claim: Claim) -> Iterator[Hit]:
    if not {"BBR", "BR", "CAH"} & {*claim.coded}:
        for _, item, element in list(coded(claim, "BBQ", "BQ"))[:1]:
            yield Hit(item, element, "Further operations are told, and no first one.")


@rule(
    "codes.operation-on-a-visit",
    kinds=HOSPITALS,
    at="2300 HI BBR",
    fix="Bill it by procedure codes on the lines.",
    severity="warning",
)
def operation_on_a_visit(claim: Claim) -> Iterator[Hit]:
    if claim.place in VISITS:
        for _, item, element in list(coded(claim, *OPERATIONS))[:1]:
            yield Hit(item, element, "ICD-10 procedures are for patients who lie in.")
