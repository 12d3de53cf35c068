"""The question what became of a claim (276) and its answer (277)."""

from collections.abc import Iterator
from decimal import Decimal

from daysheet.formats.x12.check.finding import Hit, differing, rule
from daysheet.formats.x12.check.view import span
from daysheet.formats.x12.guides.reading import to_number
from daysheet.formats.x12.labels import labels
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from .eligibility import Part

ASKS, ANSWERS, BOTH = "276", "277", "276 277"
ZERO = Decimal(0)


def _claims(part: Part) -> Iterator[Loop]:
    """Give each claim that is asked after, or answered."""
    for inner in part.loop.loops:
        if inner.id.startswith("2200"):
            yield inner


def _lines_sum(claim: Loop, element: int) -> Decimal | None:
    """Return the sum over the lines of a claim; None without lines, or where one cannot be read."""
    told = [to_number(line.segments[0][element]) for line in claim.loops]
    known = [amount for amount in told if amount is not None]
    return sum(known, ZERO) if known and len(known) == len(told) else None


@rule(
    "hierarchy.nothing-asked",
    kinds=BOTH,
    at="2200D TRN",
    snip=2,
    fix="Give the claim a trace number, or leave the level out.",
    piece="part",
)
def nothing_asked(part: Part) -> Iterator[Hit]:
    levels = ("2000D",) if part.kind == ASKS else ("2000B", "2000C", "2000D")
    loop = part.loop
    if loop.id in levels and loop.segments[0][4] == "0" and not any(_claims(part)):
        yield Hit(loop.segments[0], 0, "The level holds no claim, and no level below it does.", loop.id)


@rule(
    "identity.asked-birth",
    kinds=ASKS,
    at="2000D DMG02",
    fix="Give the birth date of the one whose claim it is.",
    piece="part",
)
def asked_birth(part: Part) -> Iterator[Hit]:
    loop = part.loop
    if loop.id == "2000D" and any(_claims(part)) and loop.first("DMG") is None:
        yield Hit(loop.segments[0], 0, "The patient is the insured, and has no birth date.", loop.id)


@rule(
    "dates.asked-service-missing",
    kinds=ASKS,
    at="2200D DTP03",
    fix="Give the days of service of the claim.",
    piece="part",
)
def asked_service_missing(part: Part) -> Iterator[Hit]:
    for claim in _claims(part):
        if claim.first("DTP") is None and not claim.loops:
            yield Hit(
                claim.segments[0], 0, "The payer cannot find a claim without a day of service.", claim.id
            )


@rule(
    "dates.asked-service-in-future",
    kinds=BOTH,
    at="2200D DTP03",
    fix="Correct the day of service.",
    piece="part",
)
def asked_service_in_future(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("DTP"):
        begins = span(item)[0]
        if begins and part.today and begins > part.today:
            yield Hit(item, 3, "The service lies in the future.", loop)


@rule(
    "codes.asked-bill-type",
    kinds=BOTH,
    at="2200D REF02",
    snip=5,
    fix="Give the type of bill of the claim: place, kind and frequency.",
    piece="part",
)
def asked_bill_type(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("REF"):
        value = item[2]
        is_shaped = len(value) in (3, 4) and value[:-1].isdigit() and value.isalnum() and value.isascii()
        if item[1] == "BLT" and value and not is_shaped:
            yield Hit(item, 2, f"{value[:12]} is no type of bill.", loop)


@rule(
    "providers.asked-npi",
    kinds=BOTH,
    at="2100C NM109",
    snip=5,
    fix="Look the NPI up.",
    piece="part",
)
def asked_npi(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("NM1"):
        if item[8] == "XX" and item[9] and not part.codes.valid("npi", item[9]):
            yield Hit(item, 9, f"{item[9][:12]} is no NPI: its last digit does not fit.", loop)


@rule(
    "balance.asked-lines",
    kinds=ASKS,
    at="2200D AMT02",
    snip=3,
    fix="Correct the charge of the claim or of its lines.",
    piece="part",
)
def asked_lines(part: Part) -> Iterator[Hit]:
    for claim in _claims(part):
        amount = claim.first("AMT")
        stated = to_number(amount[2]) if amount else None
        total = _lines_sum(claim, 2)
        if amount and stated is not None and total is not None and total > stated:
            yield Hit(
                amount, 2, f"The lines come to more than the claim: {differing(total, stated)}", claim.id
            )


def _first(claim: Loop, element: int) -> tuple[Segment | None, Decimal | None]:
    """Return the first statement of a claim that says an amount, and the amount."""
    for item in claim.segments:
        if item.id == "STC" and item[element]:
            return item, to_number(item[element])
    return None, None


@rule(
    "balance.answered-lines",
    kinds=ANSWERS,
    at="2200D STC04",
    snip=3,
    fix="Ask the payer which amount is right.",
    piece="part",
)
def answered_lines(part: Part) -> Iterator[Hit]:
    yield from _lines_above(part, 4, 2, "charged")


@rule(
    "balance.answered-payment",
    kinds=ANSWERS,
    at="2200D STC05",
    snip=3,
    fix="Ask the payer which amount is right.",
    piece="part",
)
def answered_payment(part: Part) -> Iterator[Hit]:
    yield from _lines_above(part, 5, 3, "paid")


def _lines_above(part: Part, element: int, of_line: int, word: str) -> Iterator[Hit]:
    for claim in _claims(part):
        item, stated = _first(claim, element)
        total = _lines_sum(claim, of_line)
        if item is not None and stated is not None and total is not None and total > stated:
            message = f"More is {word} for the lines than for the claim: {differing(total, stated)}"
            yield Hit(item, element, message, claim.id)


@rule(
    "codes.answer-category",
    kinds=ANSWERS,
    at="2200D STC01",
    snip=5,
    fix="Ask the payer what it means.",
    severity="warning",
    piece="part",
)
def answer_category(part: Part) -> Iterator[Hit]:
    known = labels("status_category")
    for loop, item in part.every("STC"):
        for element in (1, 10, 11):
            code = item.component(element, 1)
            if item[element] and code not in known:
                yield Hit(item, element, f"{code or 'Nothing'} is no category that we know.", loop)


@rule(
    "coverage.answer-without-payment",
    kinds=ANSWERS,
    at="2200D STC05",
    fix="Look for the amount in the remittance.",
    severity="warning",
    piece="part",
)
def answer_without_payment(part: Part) -> Iterator[Hit]:
    for claim in _claims(part):
        told = [item for item in claim.segments if item.id == "STC"]
        paid = [item for item in told if item.component(1, 1) == "F1"]
        if paid and not any(item[5] for item in told):
            yield Hit(paid[0], 5, "The claim is paid, and the answer does not say how much.", claim.id)


@rule(
    "coverage.answer-denied-and-paid",
    kinds=ANSWERS,
    at="2200D STC05",
    fix="Ask the payer whether it paid.",
    piece="part",
)
def answer_denied_and_paid(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("STC"):
        paid = to_number(item[5])
        if item.component(1, 1) == "F2" and paid is not None and paid > ZERO:
            yield Hit(item, 5, "The claim is denied and paid at once.", loop)
