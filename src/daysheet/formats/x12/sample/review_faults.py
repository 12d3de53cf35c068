"""Named faults of requests for review and of a payer's answers (278)."""

from .fault import Fault
from .spoil import after, composite, drop, other_digit, put

ASKED, DECIDED, BOTH = ("278",), ("278R",), ("278", "278R")

FAULTS: dict[str, Fault] = {
    "review-levels": Fault(BOTH, "the payer stands below a level", put("HL*1*", 2, "1"), "hierarchy.parent-of-the-first"),
    "review-requester": Fault(BOTH, "the last digit is wrong", put("NM1*1P*", 9, other_digit), "providers.review-npi"),
    "review-service": Fault(BOTH, "there is no such service", put("UM*", 3, "Z9"), "codes.review-service-type"),
    "review-place": Fault(BOTH, "there is no such place", put("UM*", 4, composite(1, "00")), "place.of-review"),
    "review-diagnosis": Fault(BOTH, "a code has a dot", put("HI*", 1, composite(2, "E11.9")), "codes.review-diagnosis"),
    "review-nobody": Fault(ASKED, "nobody is asked", drop("NM1*X3*"), "loop.missing"),
    "review-kind": Fault(ASKED, "there is no such review", put("UM*", 1, "ZZ"), "element.value"),
    "review-nothing": Fault(ASKED, "nothing is to be reviewed", drop("UM*AR*"), "segment.missing"),
    "review-member": Fault(ASKED, "the insured has no number", put("NM1*IL*", 9, ""), "element.missing"),
    "review-day": Fault(ASKED, "an admission has no day", drop("DTP*435*"), "authorization.admission-day"),
    "review-which": Fault(ASKED, "it changes nobody knows what", put("UM*", 2, "S"), "authorization.changes-what"),
    "review-leaves": Fault(ASKED, "one leaves too early", put("DTP*096*", 3, "20260301"), "dates.review-discharge"),
    "review-days": Fault(ASKED, "five of nothing", put("HSD*", 1, ""), "units.delivery-half"),
    "answer-decision": Fault(DECIDED, "there is no such decision", put("HCR*", 1, "ZZ"), "element.value"),
    "answer-number": Fault(DECIDED, "certified without a number", put("HCR*", 2, ""), "authorization.number-missing"),
    "answer-reason": Fault(DECIDED, "denied without a reason", put("HCR*", 1, "A3"), "authorization.reason-missing"),
    "answer-twice": Fault(
        DECIDED, "refused and certified", after("TRN*2*", "AAA*N**57*C"), "authorization.refused-and-certified"
    ),
    "answer-until": Fault(DECIDED, "it ends before it begins", put("DTP*036*", 3, "20260311"), "dates.certified-until"),
    "answer-type": Fault(DECIDED, "there is no such answer", put("BHT*", 6, "77"), "element.value"),
}  # fmt: skip
