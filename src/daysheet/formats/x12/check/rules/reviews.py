"""Requests for review and what a payer decides (278, 278R): what depends on something else."""

from collections.abc import Iterator
from datetime import date

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import first, span
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from .eligibility import Part

ASKS, ANSWERS, BOTH = "278", "278R", "278 278R"
CERTIFIED, WAITING, REFUSED = ("A1", "A2", "A6"), "A4", ("A3", "C")
CHANGES = ("1", "2", "3", "4", "R", "S")
"""UM02: an appeal, a cancellation, an extension, a renewal, a revision."""
TENTH_EDITION = ("ABF", "ABJ", "ABK", "APR")


def _events(part: Part) -> Iterator[Loop]:
    if part.loop.id == "2000E":
        yield part.loop


def _decided(part: Part) -> Iterator[Loop]:
    """Give the event and its services, all of which may be decided."""
    for event in _events(part):
        yield event
        yield from (inner for inner in event.loops if inner.id == "2000F")


def _number(loop: Loop, *qualifiers: str) -> bool:
    return any(item.id == "REF" and item[1] in qualifiers for item in loop.segments)


def _dated(loop: Loop, qualifier: str) -> Segment | None:
    return next((item for item in loop.segments if item.id == "DTP" and item[1] == qualifier), None)


def _begins(item: Segment | None) -> date | None:
    return span(item)[0]


@rule(
    "hierarchy.one-event",
    kinds=BOTH,
    at="2000E HL03",
    snip=2,
    fix="Send each event in a set of its own.",
    piece="part",
)
def one_event(part: Part) -> Iterator[Hit]:
    for event in _events(part):
        if "an event" in part.traces:
            yield Hit(event.segments[0], 3, "The set is about a second event.")
        part.traces.add("an event")


@rule(
    "authorization.changes-what",
    kinds=ASKS,
    at="2000E UM02",
    fix="Give the number of the earlier review (REF BB or NT).",
    severity="warning",
    piece="part",
)
def changes_what(part: Part) -> Iterator[Hit]:
    for event in _events(part):
        item = first(event, "UM")
        if item and item[2] in CHANGES and not _number(event, "BB", "NT"):
            yield Hit(item, 2, "The request changes an earlier one, and does not say which.")


@rule(
    "authorization.admission-day",
    kinds=ASKS,
    at="2000E DTP",
    fix="Give the day of admission (DTP 435).",
    piece="part",
)
def admission_day(part: Part) -> Iterator[Hit]:
    for event in _events(part):
        item = first(event, "UM")
        if item and item[1] == "AR" and item[2] != "3" and _dated(event, "435") is None:
            yield Hit(item, 1, "An admission is asked for without its day.")


@rule(
    "authorization.service-unnamed",
    kinds=ASKS,
    at="2000F SV1",
    fix="Name the procedure, or the type of service.",
    piece="part",
)
def service_unnamed(part: Part) -> Iterator[Hit]:
    for inner in _decided(part):
        if inner.id == "2000F" and not any(item.id in ("SV1", "SV2", "SV3", "UM") for item in inner.segments):
            yield Hit(inner.segments[0], 0, "A service is asked for without a name.")


@rule(
    "authorization.number-missing",
    kinds=ANSWERS,
    at="2000E HCR02",
    fix="Ask the payer for the number before the service.",
    severity="warning",
    piece="part",
)
def number_missing(part: Part) -> Iterator[Hit]:
    found = [(loop, item) for loop in _decided(part) if (item := first(loop, "HCR"))]
    of_event = any(loop.id == "2000E" and item[2] for loop, item in found)
    of_services = any(loop.id == "2000F" and item[2] for loop, item in found)
    for loop, item in found:
        has_number = item[2] or (of_event if loop.id == "2000F" else of_services)
        if item[1] in ("A1", "A6") and not has_number:
            yield Hit(item, 2, "It is certified, and no number is given for the claim.", loop.id)


@rule(
    "authorization.reason-missing",
    kinds=ANSWERS,
    at="2000E HCR03",
    fix="Ask the payer why.",
    severity="warning",
    piece="part",
)
def reason_missing(part: Part) -> Iterator[Hit]:
    for loop in _decided(part):
        item = first(loop, "HCR")
        if item and item[1] in ("A3", WAITING) and not item[3]:
            said = any(one.id in ("MSG", "PWK", "AAA") for one in loop.segments)
            if not said:
                yield Hit(item, 3, "It is not certified, and the payer does not say why.", loop.id)


@rule(
    "authorization.refused-and-certified",
    kinds=ANSWERS,
    at="2000E AAA",
    fix="Call the payer.",
    piece="part",
)
def refused_and_certified(part: Part) -> Iterator[Hit]:
    for loop in _decided(part):
        refused, decided = first(loop, "AAA"), first(loop, "HCR")
        if refused and decided and decided[1] in CERTIFIED:
            yield Hit(refused, 3, "The payer refuses to look at it, and certifies it.", loop.id)


@rule(
    "authorization.decisions-differ",
    kinds=ANSWERS,
    at="2000F HCR01",
    fix="Call the payer before the service.",
    severity="warning",
    piece="part",
)
def decisions_differ(part: Part) -> Iterator[Hit]:
    for event in _events(part):
        whole = first(event, "HCR")
        for inner in event.loops:
            item = first(inner, "HCR") if inner.id == "2000F" else None
            if item is None or whole is None:
                continue
            if whole[1] == "A1" and item[1] in (*REFUSED, WAITING):
                yield Hit(item, 1, "The event is certified whole, and this service is not.")
            elif whole[1] in REFUSED and item[1] in CERTIFIED:
                yield Hit(item, 1, "The event is not certified, and this service is.")


@rule(
    "dates.review-wrong-way-round",
    kinds=BOTH,
    at="2000E DTP03",
    fix="Put the first day before the last.",
    piece="part",
)
def wrong_way_round(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("DTP"):
        begins, ends = span(item)
        if item[2] == "RD8" and begins and ends and ends < begins:
            yield Hit(item, 3, "The span ends before it begins.", loop)


@rule(
    "dates.review-discharge",
    kinds=BOTH,
    at="2000E DTP03",
    fix="Correct the day of admission or of discharge.",
    piece="part",
)
def discharge(part: Part) -> Iterator[Hit]:
    for event in _events(part):
        came, goes = _dated(event, "435"), _dated(event, "096")
        begins, ends = _begins(came), _begins(goes)
        if goes is not None and begins and ends and ends < begins:
            yield Hit(goes, 3, "Somebody leaves before the admission.")


@rule(
    "dates.certified-until",
    kinds=ANSWERS,
    at="2000E DTP03",
    fix="Ask the payer from when until when it is certified.",
    piece="part",
)
def certified_until(part: Part) -> Iterator[Hit]:
    for loop in _decided(part):
        until = _dated(loop, "036")
        begins, ends = _begins(_dated(loop, "007")), _begins(until)
        if until is not None and begins and ends and ends < begins:
            yield Hit(until, 3, "It is certified until a day before it begins.", loop.id)


@rule(
    "codes.review-service-type",
    kinds=BOTH,
    at="2000E UM03",
    snip=5,
    fix="Choose a type of service from the list.",
    piece="part",
)
def service_type(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("UM"):
        if item[3] and not part.codes.valid("service_type", item[3]):
            yield Hit(item, 3, f"{item[3][:8]} is no type of service.", loop)


@rule(
    "codes.review-diagnosis",
    kinds=BOTH,
    at="2000E HI01",
    snip=5,
    fix="Write a code of ICD-10-CM, without its dot.",
    piece="part",
)
def diagnosis(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("HI"):
        for element in range(1, len(item)):
            parts = item.components(element)
            code = parts[1] if len(parts) > 1 else ""
            if parts[0] in TENTH_EDITION and not part.codes.valid("icd10cm", code):
                yield Hit(item, element, f"{code[:12] or 'Nothing'} cannot be a diagnosis.", loop)


@rule(
    "providers.review-npi",
    kinds=BOTH,
    at="2010E NM109",
    snip=5,
    fix="Correct the provider's number.",
    piece="part",
)
def npi(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("NM1"):
        if item[8] == "XX" and item[9] and not part.codes.valid("npi", item[9]):
            yield Hit(item, 9, f"{item[9][:12]} is no provider's number.", loop)


@rule(
    "place.of-review",
    kinds=BOTH,
    at="2000E UM04",
    snip=5,
    fix="Choose a place of service from the list.",
    piece="part",
)
def place(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("UM"):
        code, kind = item.component(4, 1), item.component(4, 2)
        if kind == "B" and code and not part.codes.valid("pos", code):
            yield Hit(item, 4, f"{code[:8]} is no place of service.", loop)


@rule(
    "units.delivery-half",
    kinds=BOTH,
    at="2000E HSD02",
    fix="Say how many, and of what.",
    piece="part",
)
def delivery_half(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("HSD"):
        if bool(item[1]) != bool(item[2]):
            yield Hit(item, 1 if item[2] else 2, "A number of visits or days says half of itself.", loop)
