"""Named faults of enrolments and premium payments (see faults.py)."""

from .fault import Fault
from .spoil import Lines, after, at, drop, more, put

LISTED, PAID, PERSONS, SUMS = ("834",), ("820", "820S"), ("820",), ("820S",)


def _no_cover(lines: Lines) -> Lines:
    """Leave everything out that the first new member has: from the first HD to the next member or the end."""
    start = at(lines, "HD*")
    stop = next(place for place in range(start, len(lines)) if lines[place].startswith(("INS*", "SE*")))
    return [*lines[:start], *lines[stop:]]


FAULTS: dict[str, Fault] = {
    "members-counted": Fault(LISTED, "members are counted wrongly", put("QTY*TO*", 2, more), "balance.members-counted"),
    "no-sponsor": Fault(LISTED, "no sponsor is named", drop("N1*P5*"), "loop.missing"),
    "no-subscriber": Fault(LISTED, "a member has no subscriber's number", drop("REF*0F*"), "segment.missing"),
    "no-cover": Fault(LISTED, "a new member has no cover", _no_cover, "coverage.nothing-covered"),
    "no-day": Fault(LISTED, "a cover has no day", drop("DTP*348*"), "segment.missing"),
    "maintenance": Fault(LISTED, "there is no such change", put("INS*", 3, "099"), "element.value"),
    "unborn": Fault(LISTED, "a member is born later", put("DMG*", 2, "20290101"), "dates.member-birth-in-future"),
    "long-gone": Fault(
        LISTED, "cover ends first", after("DTP*348*", "DTP*349*D8*20200101"), "dates.cover-ends-before-it-begins"
    ),
    "event": Fault(LISTED, "an event continues nothing", put("INS*", 7, "1"), "coverage.event-without-continuing"),
    "no-state": Fault(LISTED, "a member lives in no state", put("N4*", 2, "ZZ"), "place.member-state"),
    "premium-total": Fault(PAID, "premiums are not the payment", put("BPR*", 2, more), "balance.premium-payment"),
    "no-plan": Fault(PAID, "no plan is paid", drop("N1*PE*"), "loop.missing"),
    "billed": Fault(PAID, "a premium does not come out", put("RMR*", 5, more), "balance.premium"),
    "no-number": Fault(PAID, "the payment has no number", drop("TRN*"), "segment.missing"),
    "two-sponsors": Fault(PAID, "it names two sponsors", put("TRN*", 3, "1912345679"), "identity.sponsor-numbers-differ"),
    "numbering": Fault(PAID, "a person is numbered wrongly", put("ENT*1*", 1, "7"), "hierarchy.premium-numbers"),
    "period": Fault(PERSONS, "a period ends first", put("DTM*582*", 6, "20260430-20260401"), "dates.premium-period"),
    "head-count": Fault(SUMS, "heads are counted in nothing", put("SLN*", 5, "ZZ"), "element.value"),
}  # fmt: skip
