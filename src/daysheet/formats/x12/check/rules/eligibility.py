"""Questions and answers about coverage, and answers about claims (270, 271, 277CA, 999)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from daysheet.formats.x12.check.codes import Codes
from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.guides.reading import to_day, to_number
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

ASKS, ANSWERS = "270", "271"
ACCEPTED, REFUSED = {"A0", "A1", "A2", "A5"}, {"A3", "A6", "A7", "A8"}


class Part:
    """One loop of a set that is not a claim, with what was met before it."""

    def __init__(self, kind: str, codes: Codes, today: date | None) -> None:
        self.kind, self.codes, self.today = kind, codes, today
        self.loop = Loop("", [])
        self.traces: set[str] = set()
        self.told: dict[str, Decimal] = {}
        self.seen: dict[str, Any] = {}

    def every(self, name: str) -> Iterator[tuple[str, Segment]]:
        """Give the segments of this id in the loop and the loops inside, with their loop's name."""
        yield from _every(self.loop, name)


def _every(loop: Loop, name: str) -> Iterator[tuple[str, Segment]]:
    for item in loop.segments:
        if item.id == name:
            yield loop.id, item
    for inner in loop.loops:
        yield from _every(inner, name)


def _persons(part: Part) -> Iterator[tuple[Loop, Segment]]:
    for inner in (part.loop, *part.loop.loops):
        if inner.segments and inner.segments[0].id == "NM1" and inner.segments[0][1] in ("IL", "03"):
            yield inner, inner.segments[0]


@rule(
    "identity.nothing-to-find-by",
    kinds=ASKS,
    at="2100C NM1",
    fix="Give the member id, or the whole name with the birth date.",
    piece="part",
)
def nothing_to_find_by(part: Part) -> Iterator[Hit]:
    for loop, item in _persons(part):
        dmg = loop.first("DMG")
        named = item[3] and item[4] and dmg is not None and dmg[2]
        if not item[9] and not named:
            yield Hit(
                item,
                9,
                "The plan cannot find this person: no member id, and no name with a birth date.",
                loop.id,
            )


@rule(
    "dates.asked-birth-in-future",
    kinds="270 271 276 278 278R",
    at="2100C DMG02",
    fix="Correct the birth date.",
    piece="part",
)
def asked_birth_in_future(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("DMG"):
        day = to_day(item[2])
        if day and part.today and day > part.today:
            yield Hit(item, 2, "The birth date lies in the future.", loop)


@rule(
    "codes.service-type",
    kinds=ASKS,
    at="2110C EQ01",
    snip=5,
    fix="Choose a type of service from the list.",
    piece="part",
)
def service_type(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("EQ"):
        for one in item.repeats(1):
            if not part.codes.valid("service_type", one):
                yield Hit(item, 1, f"{one} is no type of service.", loop)


@rule(
    "codes.benefit-service-type",
    kinds=ANSWERS,
    at="2110C EB03",
    snip=5,
    fix="Ask the plan what it means.",
    severity="warning",
    piece="part",
)
def benefit_service_type(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("EB"):
        for one in item.repeats(3):
            if not part.codes.valid("service_type", one):
                yield Hit(item, 3, f"{one} is no type of service.", loop)
                break


@rule(
    "codes.benefit", kinds=ANSWERS, at="2110C EB01", snip=5, fix="Ask the plan what it means.", piece="part"
)
def benefit(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("EB"):
        if item[1] and not part.codes.valid("eb", item[1]):
            yield Hit(item, 1, f"{item[1]} is no kind of benefit.", loop)


@rule("codes.refusal", kinds="271", at="2100C AAA03", snip=5, fix="Ask the plan what it means.", piece="part")
def refusal(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("AAA"):
        if item[3] and not part.codes.valid("aaa", item[3]):
            yield Hit(item, 3, f"{item[3]} is no reason for a refusal.", loop)


@rule(
    "coverage.refused-and-answered",
    kinds=ANSWERS,
    at="2100C AAA",
    fix="Call the plan.",
    severity="warning",
    piece="part",
)
def refused_and_answered(part: Part) -> Iterator[Hit]:
    refused = [(loop, item) for loop, item in part.every("AAA") if item[1] == "N"]
    if refused and any(item[1] == "1" for _, item in part.every("EB")):
        loop, item = refused[0]
        yield Hit(item, 3, "The plan refuses the question, and says that the person is covered.", loop)


@rule(
    "coverage.active-and-inactive",
    kinds=ANSWERS,
    at="2110C EB01",
    fix="Call the plan.",
    severity="warning",
    piece="part",
)
def active_and_inactive(part: Part) -> Iterator[Hit]:
    whole = [item for _, item in part.every("EB") if "30" in item.repeats(3) and not item[4]]
    kinds = {item[1] for item in whole}
    if "1" in kinds and "6" in kinds:
        item = next(one for one in whole if one[1] == "6")
        yield Hit(item, 1, "The plan says that the person is covered, and that the person is not.", "2110C")


@rule(
    "units.amount-and-percent",
    kinds=ANSWERS,
    at="2110C EB07",
    fix="Call the plan.",
    severity="warning",
    piece="part",
)
def amount_and_percent(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("EB"):
        if item[7] and item[8]:
            yield Hit(item, 8, "A benefit is told as an amount and as a part.", loop)


@rule(
    "units.percent",
    kinds=ANSWERS,
    at="2110C EB08",
    fix="Call the plan: a part is between 0 and 1.",
    severity="warning",
    piece="part",
)
def percent(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("EB"):
        share = to_number(item[8])
        if share is not None and not 0 <= share <= 1:
            yield Hit(item, 8, "A patient's part is told as more than the whole.", loop)


@rule(
    "coverage.copay-without-amount",
    kinds=ANSWERS,
    at="2110C EB07",
    fix="Call the plan, or look at the card.",
    severity="warning",
    piece="part",
)
def copay_without_amount(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("EB"):
        if item[1] == "B" and not item[7] and not item[8]:
            yield Hit(item, 7, "A copay is told without an amount.", loop)


@rule(
    "identity.trace-twice",
    kinds="270 276 277CA",
    at="2000C TRN02",
    fix="Give each question a number of its own.",
    piece="part",
)
def trace_twice(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("TRN"):
        key = f"{loop} {item[1]} {item[2]}"
        if item[2] and key in part.traces and item[1] in ("1",):
            yield Hit(
                item, 2, "Two questions have the same number: their answers cannot be told apart.", loop
            )
        part.traces.add(key)


def _statuses(part: Part) -> Iterator[tuple[str, Segment, int, str]]:
    for loop, item in part.every("STC"):
        for element in (1, 10, 11):
            if item[element]:
                yield loop, item, element, item.component(element, 1)


@rule(
    "codes.category",
    kinds="277CA",
    at="2200D STC01",
    snip=5,
    fix="Ask the payer what it means.",
    piece="part",
)
def category(part: Part) -> Iterator[Hit]:
    for loop, item, element, code in _statuses(part):
        if code not in ACCEPTED | REFUSED | {"A4"}:
            yield Hit(item, element, f"{code or 'Nothing'} is no category of an acknowledgement.", loop)


@rule(
    "coverage.accepted-or-refused",
    kinds="277CA",
    at="2200D STC03",
    fix="Ask the payer whether it took the claim.",
    piece="part",
)
def accepted_or_refused(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("STC"):
        code = item.component(1, 1)
        if (item[3] == "WQ" and code in REFUSED) or (item[3] == "U" and code in ACCEPTED):
            yield Hit(item, 3, "The line says taken and refused at once.", loop)


@rule(
    "codes.status-missing",
    kinds="277CA 277",
    at="2200D STC01",
    snip=2,
    fix="Ask the payer what is wrong.",
    piece="part",
)
def status_missing(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("STC"):
        if item[1] and not item.component(1, 2):
            yield Hit(item, 1, "The status stands without its second code.", loop)


@rule(
    "balance.acknowledged",
    kinds="999",
    at="ST AK902",
    snip=3,
    fix="Ask the payer to send it again.",
    piece="part",
)
def acknowledged(part: Part) -> Iterator[Hit]:
    ends = [item for _, item in part.every("AK9")]
    sets = [item for _, item in part.every("IK5")]
    for item in ends:
        taken = sum(one[1] in ("A", "E") for one in sets)
        if item[3].isdigit() and sets and int(item[3][:9]) != len(sets):
            yield Hit(item, 3, f"The answer speaks of {item[3]} sets, and answers {len(sets)}.")
        elif item[4].isdigit() and sets and int(item[4][:9]) != taken:
            yield Hit(item, 4, f"The answer says that {item[4]} sets were taken; it takes {taken}.")


@rule(
    "coverage.group-answer", kinds="999", at="ST AK901", fix="Ask the payer to send it again.", piece="part"
)
def group_answer(part: Part) -> Iterator[Hit]:
    sets = [item for _, item in part.every("IK5")]
    refused = sum(one[1] not in ("A", "E") for one in sets)
    for _, item in part.every("AK9"):
        if (
            (item[1] == "A" and refused)
            or (item[1] == "R" and sets and not refused)
            or (item[1] == "P" and refused in (0, len(sets)) and sets)
        ):
            yield Hit(item, 1, "The answer for the group does not fit the answers for its sets.")
