"""Days of a plan and of what it pays, against the day asked for and each other (270, 271)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import span
from daysheet.formats.x12.guides.reading import to_number
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.segment import Segment

from .eligibility import ANSWERS, ASKS, Part

PAIRS = (("346", "347"), ("348", "349"), ("356", "357"))
"""First and last day of the plan, of a benefit, of the person's cover."""
WHOLE = ("291", "307", "292")
"""The same as a span or a day."""
ASKED = "472"
ACTIVE = frozenset("12345")


class Days(NamedTuple):
    """From when to when, and which segments say so."""

    first: date | None
    last: date | None
    begins: Segment | None
    ends: Segment | None


def _dtp(loop: Loop) -> dict[str, Segment]:
    found: dict[str, Segment] = {}
    for item in loop.segments:
        if item.id == "DTP":
            found.setdefault(item[1], item)
    return found


def _days(told: dict[str, Segment], pairs: tuple[tuple[str, str], ...], whole: tuple[str, ...]) -> Days:
    """Return the days that a loop tells: of its first pair, or of a span of the same kind."""
    for one in whole:
        item = told.get(one)
        if item is not None and item[2] == "RD8":
            first, last = span(item)
            return Days(first, last, item, item)
    for begin, end in pairs:
        if begin in told or end in told:
            first, _ = span(told.get(begin))
            last, _ = span(told.get(end))
            return Days(first, last, told.get(begin), told.get(end))
    return Days(None, None, None, None)


def _persons(part: Part) -> Iterator[tuple[Loop, dict[str, Segment], Days]]:
    for inner in part.loop.loops:
        if inner.id in ("2100C", "2100D"):
            told = _dtp(inner)
            yield inner, told, _days(told, (PAIRS[2], PAIRS[0]), WHOLE[:2])


def _benefits(loop: Loop) -> Iterator[Loop]:
    for inner in loop.loops:
        if inner.first("EB") is not None:
            yield inner


def _upright(days: Days) -> bool:
    return not (days.first and days.last and days.last < days.first)


@rule(
    "dates.cover-wrong-way-round",
    kinds="270 271",
    at="2100C DTP03",
    fix="Put the first day first, or ask the plan again.",
    piece="part",
)
def cover_wrong_way_round(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("DTP"):
        first, last = span(item)
        if item[2] == "RD8" and first and last and last < first:
            yield Hit(item, 3, "The span ends before it begins.", loop)
    for inner in _all(part.loop):
        told = _dtp(inner)
        for begin, end in PAIRS:
            first, _ = span(told.get(begin))
            last, _ = span(told.get(end))
            if first and last and last < first:
                yield Hit(told[end], 3, "The cover ends before it begins.", inner.id)


def _all(loop: Loop) -> Iterator[Loop]:
    yield loop
    for inner in loop.loops:
        yield from _all(inner)


def _asked_on(part: Part, told: dict[str, Segment]) -> date | None:
    """Return the day that the answer is about: one of service that it names, else its own."""
    item = told.get(ASKED)
    return span(item)[0] if item is not None else part.today


@rule(
    "coverage.active-outside-days",
    kinds=ANSWERS,
    at="2100C DTP03",
    fix="Call the plan: ask for the day of the service.",
    severity="warning",
    piece="part",
)
def active_outside_days(part: Part) -> Iterator[Hit]:
    for inner, told, days in _persons(part):
        on = _asked_on(part, told)
        active = any(
            eb[1] in ACTIVE and "30" in eb.repeats(3)
            for one in _benefits(inner)
            if (eb := one.first("EB")) is not None
        )
        if not active or on is None or not _upright(days):
            continue
        if days.last and days.ends is not None and days.last < on:
            yield Hit(
                days.ends, 3, "The cover ended before the day asked for, and is called active.", inner.id
            )
        elif days.first and days.begins is not None and days.first > on:
            yield Hit(days.begins, 3, "The cover begins later, and is called active.", inner.id)


@rule(
    "coverage.inactive-within-days",
    kinds=ANSWERS,
    at="2110C EB01",
    fix="Call the plan.",
    severity="warning",
    piece="part",
)
def inactive_within_days(part: Part) -> Iterator[Hit]:
    for inner, told, days in _persons(part):
        on = _asked_on(part, told)
        for one in _benefits(inner):
            eb = one.first("EB")
            if eb is None or eb[1] != "6" or "30" not in eb.repeats(3) or eb[4]:
                continue
            if on and days.first and days.last and days.first <= on <= days.last:
                yield Hit(
                    eb, 1, "The days of the cover hold the day asked for; it is called inactive.", one.id
                )


@rule(
    "coverage.benefit-outside-plan",
    kinds=ANSWERS,
    at="2110C DTP03",
    fix="Call the plan.",
    severity="warning",
    piece="part",
)
def benefit_outside_plan(part: Part) -> Iterator[Hit]:
    for inner, _, days in _persons(part):
        for one in _benefits(inner):
            own = _days(_dtp(one), (PAIRS[1],), ("292",))
            if not _upright(own) or not _upright(days):
                continue
            if own.first and own.begins is not None and days.last and own.first > days.last:
                yield Hit(own.begins, 3, "The benefit begins after the plan has ended.", one.id)
            elif own.last and own.ends is not None and days.first and own.last < days.first:
                yield Hit(own.ends, 3, "The benefit ends before the plan begins.", one.id)


@rule(
    "dates.asked-beyond-reach",
    kinds=ASKS,
    at="2100C DTP 291",
    fix="Ask for a day of the last twelve months, or of this month.",
    severity="note",
    piece="part",
)
def asked_beyond_reach(part: Part) -> Iterator[Hit]:
    # CAQH CORE, eligibility: a plan answers for twelve months back and to the end of the month; more is its choice
    today = part.today
    for loop, item in part.every("DTP") if today else ():
        first, last = span(item)
        if today is None or item[1] != "291" or first is None or last is None:
            continue
        month = (last.year - today.year) * 12 + last.month - today.month
        if month > 0 or (today.year - first.year) * 12 + today.month - first.month > 12:
            yield Hit(item, 3, "A plan need not answer for that day.", loop)


@rule(
    "balance.benefit-remaining",
    kinds=ANSWERS,
    at="2110C EB07",
    snip=3,
    fix="Call the plan.",
    severity="warning",
    piece="part",
)
def benefit_remaining(part: Part) -> Iterator[Hit]:
    for inner, _, _ in _persons(part):
        whole: dict[tuple[str, ...], Decimal] = {}
        left: list[tuple[tuple[str, ...], Decimal, Segment, str]] = []
        for one in _benefits(inner):
            eb = one.first("EB")
            amount = to_number(eb[7]) if eb is not None else None
            if eb is None or amount is None or eb[1] not in ("C", "G", "F"):
                continue
            key: tuple[str, ...] = (eb[1], eb[2], eb[3], eb[4], eb[12])
            if eb[6] == "29":
                left.append((key, amount, eb, one.id))
            else:
                whole[key] = max(amount, whole.get(key, amount))
        for key, amount, eb, loop in left:
            if key in whole and amount > whole[key]:
                yield Hit(eb, 7, f"More is left ({amount:,.2f}) than there is ({whole[key]:,.2f}).", loop)


@rule(
    "coverage.nothing-asked",
    kinds=ASKS,
    at="2110 EQ01",
    fix="Say what is asked for: 30 is the whole cover.",
    piece="part",
)
def nothing_asked(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("EQ"):
        if not item[1] and not item[2]:
            yield Hit(item, 1, "The question asks for no service.", loop)


@rule(
    "identity.asked-half-number",
    kinds="270 271",
    at="2100C NM108",
    fix="Give the number and what kind it is, or neither.",
    piece="part",
)
def asked_half_number(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("NM1"):
        if item[9] and not item[8]:
            yield Hit(item, 8, "A number stands without its kind.", loop)
        elif item[8] and not item[9]:
            yield Hit(item, 9, "A kind of number stands without the number.", loop)
