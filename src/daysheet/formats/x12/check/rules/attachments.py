"""Papers for a claim: a payer's request (277RFAI) and what is sent, asked or unasked (275)."""

import re
from collections.abc import Iterator

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.guides.reading import to_day
from daysheet.formats.x12.payload import FROM_HL7, inside, is_base64
from daysheet.formats.x12.segment import BinarySegment, Segment

from .eligibility import Part

ASKS, SENDS, BOTH = "277RFAI", "275", "277RFAI 275"
_LOINC = re.compile(r"\d{1,7}-\d")
_ANSWERED = "purpose 11"
_ASKED_ON = re.compile(r"R\d\d?")


def is_loinc(code: str) -> bool:
    """Return whether a code is shaped as LOINC codes are, with the right check digit (mod 10) behind its dash."""
    if not _LOINC.fullmatch(code):
        return False
    stem, _, check = code.partition("-")
    total = 0
    for place, sign in enumerate(reversed(stem)):
        digit = int(sign) * (2 if place % 2 == 0 else 1)
        total += digit - 9 if digit > 9 else digit
    return (10 - total % 10) % 10 == int(check)


def _codes(part: Part) -> Iterator[tuple[str, Segment, int, list[str]]]:
    for loop, item in part.every("STC"):
        for element in (1, 10, 11):
            if item[element]:
                yield loop, item, element, [*item.components(element), "", "", ""]


def _is_whole(item: Segment) -> bool:
    """Return whether a segment holds a document whose length is right."""
    return isinstance(item, BinarySegment) and item.fault is None and bool(item.data.strip())


def _is_misnamed(item: BinarySegment) -> bool:
    """Return whether a document goes for base64 and is none."""
    return item.id == "BDS" and item[1] == "B64" and not is_base64(item.data)


@rule(
    "codes.loinc",
    kinds=BOTH,
    at="2200D STC01",
    snip=5,
    fix="Take the code from the LOINC list.",
    piece="part",
)
def loinc(part: Part) -> Iterator[Hit]:
    for loop, item, element, codes in _codes(part):
        if (codes[3] == "LOI" or (not codes[3] and "-" in codes[1])) and not is_loinc(codes[1]):
            yield Hit(
                item,
                element,
                f"{codes[1][:20] or 'Nothing'} is no LOINC code: its check digit is wrong.",
                loop,
            )


@rule(
    "codes.asking-category",
    kinds=BOTH,
    at="2200D STC01",
    snip=5,
    fix="Ask the payer what it means.",
    piece="part",
)
def asking_category(part: Part) -> Iterator[Hit]:
    for loop, item, element, codes in _codes(part):
        if not _ASKED_ON.fullmatch(codes[0]):
            yield Hit(
                item, element, f"{codes[0][:20] or 'Nothing'} is no category of a request for papers.", loop
            )


@rule("dates.answer-by", kinds=ASKS, at="2200D DTP03", fix="Call the payer: the time is over.", piece="part")
def answer_by(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("DTP"):
        day = to_day(item[3]) if item[1] in ("106", "097") else None
        if day and part.today and day < part.today:
            yield Hit(item, 3, "The answer is wanted by a day before the question.", loop)


@rule(
    "identity.paper-number-twice",
    kinds=BOTH,
    at="2000A TRN02",
    fix="Give each paper and each question a number of its own.",
    piece="part",
)
def paper_number_twice(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("TRN"):
        key = f"paper {item[2]}"
        if item[2] and key in part.traces:
            yield Hit(
                item, 2, "Two of them have the same number: what comes back cannot be told apart.", loop
            )
        part.traces.add(key)


@rule(
    "attachments.purpose-and-number",
    kinds=SENDS,
    at="2000A TRN01",
    fix="1 with the number in the claim's PWK, 2 with the number of the payer's question.",
    piece="part",
)
def purpose_and_number(part: Part) -> Iterator[Hit]:
    for _, item in part.every("BGN"):
        if item[1] == "11":
            part.traces.add(_ANSWERED)
    is_answer = _ANSWERED in part.traces
    for loop, item in part.every("TRN"):
        if item[1] == "2" and not is_answer:
            yield Hit(
                item, 1, "The papers are sent unasked, and this one names the number of a question.", loop
            )
        elif item[1] == "1" and is_answer:
            yield Hit(item, 1, "The papers answer a question, and this one does not name its number.", loop)


@rule(
    "attachments.document-missing",
    kinds=SENDS,
    at="2110A BDS03",
    snip=2,
    fix="Put the document in.",
    piece="part",
)
def document_missing(part: Part) -> Iterator[Hit]:
    for inner in part.loop.loops:
        if inner.id != "2110A":
            continue
        found = [item for item in inner.segments if item.id in ("BIN", "BDS")]
        if not found:
            yield Hit(
                inner.segments[0], 2, "The form of a document is told, and no document follows.", inner.id
            )
        for item in found:
            if isinstance(item, BinarySegment) and item.fault is None and not item.data.strip():
                yield Hit(item, 0, "The document is empty.", inner.id)


@rule(
    "attachments.not-base64",
    kinds=SENDS,
    at="2110A BDS01",
    fix="Put the document into base64, or name the filter ASC.",
    piece="part",
)
def not_base64(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("BDS"):
        if isinstance(item, BinarySegment) and _is_whole(item) and _is_misnamed(item):
            yield Hit(item, 1, "The filter says base64; the document is not.", loop)


@rule(
    "attachments.form",
    kinds=SENDS,
    at="2110A CAT02",
    fix="HL is for documents by HL7 alone.",
    severity="warning",
    piece="part",
)
def form(part: Part) -> Iterator[Hit]:
    for inner in part.loop.loops:
        cat = inner.first("CAT")
        for item in inner.segments:
            if (
                cat is None
                or not isinstance(item, BinarySegment)
                or not _is_whole(item)
                or _is_misnamed(item)
            ):
                continue
            kind = inside(item).kind
            if cat[2] == "HL" and kind not in FROM_HL7:
                yield Hit(cat, 2, f"The form says a document by HL7; it is {kind}.", inner.id)


@rule(
    "attachments.answer-without-kind",
    kinds=SENDS,
    at="2000A STC01",
    fix="Send back what was asked for (STC).",
    severity="warning",
    piece="part",
)
def answer_without_kind(part: Part) -> Iterator[Hit]:
    trn, stc = part.loop.first("TRN"), part.loop.first("STC")
    if part.loop.id == "2000A" and trn is not None and trn[1] == "2" and stc is None:
        yield Hit(trn, 2, "The answer does not say which of the papers that were asked for this is.")
