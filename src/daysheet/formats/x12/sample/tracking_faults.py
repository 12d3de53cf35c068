"""Named faults of questions after claims and of their answers (276, 277)."""

from .fault import Fault
from .spoil import Lines, after, at, composite, drop, other_digit, put


def _asked_twice(lines: Lines) -> Lines:
    """Ask the first question again, behind itself."""
    place = at(lines, "TRN*1*")
    stop = next(other for other in range(place + 1, len(lines)) if lines[other][:3] in ("HL*", "SE*"))
    return [*lines[:stop], *lines[place:stop], *lines[stop:]]


def _no_trace(lines: Lines) -> Lines:
    """Leave the first claim out, with all that is said of it."""
    place = at(lines, "TRN*")
    stop = next(other for other in range(place + 1, len(lines)) if lines[other][:3] in ("HL*", "SE*"))
    return [*lines[:place], *lines[stop:]]


ASKED, ANSWERED, BOTH = ("276",), ("277",), ("276", "277")

FAULTS: dict[str, Fault] = {
    "asked-twice": Fault(ASKED, "two questions have one number", _asked_twice, "identity.trace-twice"),
    "asked-nothing": Fault(BOTH, "a person without a claim", _no_trace, "hierarchy.nothing-asked"),
    "asked-birth": Fault(ASKED, "the patient has no birth date", drop("DMG*"), "identity.asked-birth"),
    "asked-total": Fault(
        ASKED, "the lines come to more than the claim", put("AMT*T3*", 2, "1"), "balance.asked-lines"
    ),
    "asked-bill-type": Fault(
        BOTH, "there is no such bill", after("REF*1K*", "REF*BLT*HOSPITAL"), "codes.asked-bill-type"
    ),
    "asked-tomorrow": Fault(
        BOTH, "a service of next year", put("DTP*472*", 3, "20270101"), "dates.asked-service-in-future"
    ),
    "asked-provider": Fault(
        BOTH, "the provider's last digit is wrong", put("NM1*1P*", 9, other_digit), "providers.asked-npi"
    ),
    "asked-nobody": Fault(BOTH, "no insured is named", drop("NM1*IL*"), "loop.missing"),
    "answer-category": Fault(
        ANSWERED, "there is no such answer", put("STC*F1:", 1, composite(1, "Z9")), "codes.answer-category"
    ),
    "answer-code": Fault(
        ANSWERED,
        "an answer lacks its second code",
        put("STC*F1:", 1, composite(2, "")),
        "codes.status-missing",
    ),
    "answer-unpaid": Fault(
        ANSWERED, "paid, not said how much", put("STC*F1:", 5, ""), "coverage.answer-without-payment"
    ),
    "answer-denied": Fault(
        ANSWERED, "denied and paid", put("STC*F1:", 1, composite(1, "F2")), "coverage.answer-denied-and-paid"
    ),
    "answer-lines": Fault(
        ANSWERED, "the lines are paid more", put("STC*F1:", 5, "1"), "balance.answered-payment"
    ),
    "answer-charge": Fault(
        ANSWERED, "the lines come to more", put("STC*F1:", 4, "1"), "balance.answered-lines"
    ),
    "answer-day": Fault(ANSWERED, "an answer has no day", put("STC*F1:", 2, ""), "element.missing"),
    "answer-for-nobody": Fault(
        ANSWERED, "what was asked does not come back", put("TRN*2*", 2, ""), "element.missing"
    ),
    "answer-header": Fault(ANSWERED, "it is no answer", put("BHT*", 2, "13"), "element.value"),
    "asked-level": Fault(
        ASKED, "a level below is announced", put("HL*4*", 4, "1"), "hierarchy.child-missing"
    ),
    "asked-charge": Fault(ASKED, "the charge is a word", put("AMT*T3*", 2, "MUCH"), "element.number"),
}
