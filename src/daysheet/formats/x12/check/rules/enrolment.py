"""Enrolments and premium payments (834, 820): what depends on something else, and their sums."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from daysheet.formats.x12.check.finding import Hit, differing, rule
from daysheet.formats.x12.check.view import span
from daysheet.formats.x12.guides.reading import to_day, to_number
from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.numbers import is_social_security
from daysheet.formats.x12.segment import Segment

from .eligibility import Part

ENROLLED, PREMIUMS = "834 834HIX", "820 820HIX"
GROUPS = ("2000A", "2000B")
TOTALS = {"TO": "members", "ET": "subscribers", "DT": "dependents"}


def _dated(loop: Loop, code: str) -> Segment | None:
    return next((item for item in loop.segments if item.id == "DTP" and item[1] == code), None)


def _inner(loop: Loop, name: str) -> list[Loop]:
    return [one for one in loop.loops if one.id == name]


@rule(
    "balance.members-counted",
    kinds=ENROLLED,
    at="ST QTY02",
    snip=3,
    fix="Count the members of the file again.",
    piece="part",
)
def members_counted(part: Part) -> Iterator[Hit]:
    if part.loop.id == "ST":
        part.seen["totals"] = [item for item in part.loop.segments if item.id == "QTY"]
    elif part.loop.id == "2000":
        kind = "ET" if part.loop.segments[0][1] == "Y" else "DT"
        for code in (kind, "TO"):
            part.seen[code] = part.seen.get(code, 0) + 1
    elif part.loop.id == "SE":
        for item in part.seen.get("totals", ()):
            stated, met = to_number(item[2]), part.seen.get(item[1], 0)
            if stated is not None and item[1] in TOTALS and stated != met:
                yield Hit(item, 2, f"The file says {stated} {TOTALS[item[1]]}; it holds {met}.")


@rule(
    "coverage.subscriber-relationship",
    kinds="834",
    at="2000 INS02",
    fix="Say 18 for the subscriber, and for nobody else.",
    piece="part",
)
def subscriber_relationship(part: Part) -> Iterator[Hit]:
    ins = part.loop.segments[0]
    if part.loop.id == "2000" and ins[1] == "N" and ins[2] == "18":
        yield Hit(ins, 2, "Somebody who is not the subscriber is said to be the subscriber's own self.")


@rule(
    "coverage.nothing-covered",
    kinds="834",
    at="2000 INS03",
    fix="Say what is covered (HD), or ask the plan whether it knows.",
    severity="warning",
    piece="part",
)
def nothing_covered(part: Part) -> Iterator[Hit]:
    ins = part.loop.segments[0]
    if part.loop.id == "2000" and ins[3] == "021" and not _inner(part.loop, "2300"):
        yield Hit(ins, 3, "A new member has no cover.")


@rule(
    "coverage.ended-without-day",
    kinds="834",
    at="2000 INS03",
    fix="Say until when there is cover (DTP 357, or 349 at the coverage).",
    severity="warning",
    piece="part",
)
def ended_without_day(part: Part) -> Iterator[Hit]:
    ins = part.loop.segments[0]
    if part.loop.id != "2000" or ins[3] != "024":
        return
    covers = _inner(part.loop, "2300")
    if _dated(part.loop, "357") is None and not any(_dated(one, "349") for one in covers):
        yield Hit(ins, 3, "Cover ends, and it is not said when.")


@rule(
    "coverage.continued-without-event",
    kinds="834",
    at="2000 INS07",
    fix="Say which event continues the cover.",
    piece="part",
)
def continued_without_event(part: Part) -> Iterator[Hit]:
    ins = part.loop.segments[0]
    if part.loop.id == "2000" and ins[5] == "C" and not ins[7]:
        yield Hit(ins, 7, "Cover is continued by law, and the event is not named.")


@rule(
    "coverage.event-without-continuing",
    kinds="834",
    at="2000 INS05",
    fix="Say C in INS05, or leave the event out.",
    severity="warning",
    piece="part",
)
def event_without_continuing(part: Part) -> Iterator[Hit]:
    ins = part.loop.segments[0]
    if part.loop.id == "2000" and ins[7] and ins[5] != "C":
        yield Hit(
            ins, 5, "An event is named that continues cover, and it is not said that cover is continued."
        )


@rule(
    "dates.cover-ends-before-it-begins",
    kinds=ENROLLED,
    at="2300 DTP03",
    fix="Correct the days of the cover.",
    piece="part",
)
def cover_ends_before_it_begins(part: Part) -> Iterator[Hit]:
    if part.loop.id != "2000":
        return
    pairs = [(part.loop, "356", "357")] + [(one, "348", "349") for one in _inner(part.loop, "2300")]
    for loop, begin, end in pairs:
        first, last = span(_dated(loop, begin))[0], _dated(loop, end)
        ends = span(last)[0]
        if first and last and ends and ends < first:
            yield Hit(last, 3, "The cover ends before it begins.", loop.id)


@rule(
    "dates.member-birth-in-future",
    kinds=ENROLLED,
    at="2100A DMG02",
    fix="Correct the birth date.",
    piece="part",
)
def member_birth_in_future(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("DMG"):
        born = to_day(item[2])
        if born and part.today and born > part.today:
            yield Hit(item, 2, "The birth date lies in the future.", loop)


@rule(
    "dates.member-death",
    kinds=ENROLLED,
    at="2000 INS12",
    fix="Correct the day of death.",
    piece="part",
)
def member_death(part: Part) -> Iterator[Hit]:
    ins = part.loop.segments[0]
    died = to_day(ins[12]) if part.loop.id == "2000" else None
    if died is None:
        return
    born = _born(part.loop)
    if (part.today and died > part.today) or (born and died < born):
        yield Hit(ins, 12, "Somebody dies before birth, or in the future.")


def _born(loop: Loop) -> date | None:
    for one in _inner(loop, "2100A"):
        item = one.first("DMG")
        return to_day(item[2]) if item else None
    return None


@rule(
    "identity.corrected-from-what",
    kinds="834",
    at="2100A NM101",
    fix="Give the name that was wrong (2100B), or say IL.",
    piece="part",
)
def corrected_from_what(part: Part) -> Iterator[Hit]:
    if part.loop.id != "2000" or _inner(part.loop, "2100B"):
        return
    for one in _inner(part.loop, "2100A"):
        if one.segments[0][1] == "74":
            yield Hit(one.segments[0], 1, "A name is corrected, and the wrong one is not told.", one.id)


@rule(
    "identity.member-social-security-number",
    kinds="834",
    at="2100A NM109",
    snip=5,
    fix="Look the number up.",
    severity="warning",
    piece="part",
)
def member_social_security_number(part: Part) -> Iterator[Hit]:
    for one in _inner(part.loop, "2100A"):
        item = one.segments[0]
        if item[8] == "34" and item[9] and not is_social_security(item[9]):
            yield Hit(item, 9, "This can be no social security number.", one.id)


@rule("codes.medicare-plan", kinds="834", at="2000 INS06", snip=5, fix="Say A, B, C, D or E.", piece="part")
def medicare_plan(part: Part) -> Iterator[Hit]:
    ins = part.loop.segments[0]
    if part.loop.id == "2000" and ins[6] and ins.component(6, 1) not in tuple("ABCDE"):
        yield Hit(ins, 6, f"{ins[6][:12]} is no part of Medicare.")


@rule("place.member-state", kinds=ENROLLED, at="2100A N402", snip=5, fix="Correct the state.", piece="part")
def member_state(part: Part) -> Iterator[Hit]:
    if part.loop.id != "2000":
        return
    for loop, item in part.every("N4"):
        home = not item[4] or item[4] in ("US", "USA")
        if item[2] and home and not part.codes.valid("state", item[2]):
            yield Hit(item, 2, f"There is no state {item[2]}.", loop)


@rule(
    "balance.premium-payment",
    kinds=PREMIUMS,
    at="ST BPR02",
    snip=3,
    fix="Add the premiums up again.",
    piece="part",
)
def premium_payment(part: Part) -> Iterator[Hit]:
    if part.loop.id == "ST":
        part.seen["bpr"] = part.loop.first("BPR")
    elif part.loop.id in GROUPS:
        here = [(item, 4 if item.id == "RMR" else 1) for item in _paid(part.loop)]
        amounts = (to_number(item[place]) or Decimal(0) for item, place in here)
        part.seen["paid"] = sum(amounts, part.seen.get("paid", Decimal(0)))
        part.seen["unclear"] = part.seen.get("unclear") or any(
            to_number(item[place]) is None for item, place in here
        )
    elif part.loop.id == "SE" and part.seen.get("bpr") and not part.seen.get("unclear"):
        stated, paid = to_number(part.seen["bpr"][2]), part.seen.get("paid", Decimal(0))
        if stated is not None and stated != paid:
            message = f"The premiums and the payment differ: {differing(paid, stated)}"
            yield Hit(part.seen["bpr"], 2, message)


def _paid(loop: Loop) -> Iterator[Segment]:
    """Give the premiums of a group, and what is moved beside them."""
    for one in loop.loops:
        if one.segments[0].id in ("RMR", "ADX"):
            yield one.segments[0]


def _premiums(part: Part) -> Iterator[tuple[Segment, list[Segment], Loop]]:
    for one in part.loop.loops if part.loop.id in GROUPS else ():
        if one.segments[0].id == "RMR":
            yield one.segments[0], [two.segments[0] for two in one.loops if two.segments[0].id == "ADX"], one


@rule(
    "balance.premium",
    kinds=PREMIUMS,
    at="2300B RMR04",
    snip=3,
    fix="Correct what is billed, adjusted or paid.",
    piece="part",
)
def premium(part: Part) -> Iterator[Hit]:
    for rmr, moved, loop in _premiums(part):
        amounts = [to_number(rmr[4]), to_number(rmr[5]), *(to_number(item[1]) for item in moved)]
        known = [one for one in amounts if one is not None]
        if len(known) == len(amounts) and known[0] != sum(known[1:]):
            message = f"Billed with its adjustments and paid differ: {differing(sum(known[1:], Decimal(0)), known[0])}"
            yield Hit(rmr, 4, message, loop.id)


@rule(
    "coverage.adjusted-from-what",
    kinds=PREMIUMS,
    at="2300B RMR05",
    fix="Say what was billed.",
    piece="part",
)
def adjusted_from_what(part: Part) -> Iterator[Hit]:
    for rmr, moved, loop in _premiums(part):
        if moved and not rmr[5]:
            yield Hit(rmr, 5, "A premium is adjusted, and it is not said what was billed.", loop.id)


@rule(
    "dates.premium-period",
    kinds=PREMIUMS,
    at="2300B DTM06",
    fix="Correct the days of the period.",
    piece="part",
)
def premium_period(part: Part) -> Iterator[Hit]:
    for loop, item in part.every("DTM"):
        begins, ends = span(item, 6)
        if begins and ends and ends < begins:
            yield Hit(item, 6, "The period ends before it begins.", loop)


@rule(
    "hierarchy.premium-numbers",
    kinds=PREMIUMS,
    at="2000B ENT01",
    fix="Number them 1, 2, 3.",
    severity="warning",
    piece="part",
)
def premium_numbers(part: Part) -> Iterator[Hit]:
    if part.loop.id in GROUPS:
        ent = part.loop.segments[0]
        number = part.seen[part.loop.id] = part.seen.get(part.loop.id, 0) + 1
        if ent[1] and ent[1].lstrip("0") != str(number):
            yield Hit(ent, 1, f"This is number {number}.", part.loop.id)


@rule(
    "identity.sponsor-numbers-differ",
    kinds="820",
    at="ST TRN03",
    fix="Ask the sponsor.",
    severity="warning",
    piece="part",
)
def sponsor_numbers_differ(part: Part) -> Iterator[Hit]:
    bpr, trn = part.loop.first("BPR"), part.loop.first("TRN")
    if part.loop.id == "ST" and bpr and trn and bpr[10] and trn[3] and bpr[10] != trn[3]:
        yield Hit(trn, 3, "The payment and its number name two sponsors.")
