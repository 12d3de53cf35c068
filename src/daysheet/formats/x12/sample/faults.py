"""Named faults: one change of a clean sample file, and the finding that it must bring."""

import re

from .fault import Fault
from .spoil import Lines, after, at, composite, drop, more, other_digit, put


def _claim_twice(lines: Lines) -> Lines:
    """Say the first claim again, behind itself."""
    return _again(lines, "CLM*", "CLM|HL|SE")


def _payment_twice(lines: Lines) -> Lines:
    """Pay the first claim once more; the payment is raised by it."""
    paid = lines[at(lines, "CLP*")].split("*")[4]
    return put("BPR*", 2, lambda total: _sum(total, paid))(_again(lines, "CLP*", "CLP|PLB|SE"))


def _again(lines: Lines, head: str, ends: str) -> Lines:
    start = at(lines, head)
    stop = next(place for place in range(start + 1, len(lines)) if re.match(rf"({ends})\*", lines[place]))
    return [*lines[:stop], *lines[start:stop], *lines[stop:]]


def _sum(*amounts: str) -> str:
    parts = (amount.partition(".") for amount in amounts)
    cents = sum(int(whole) * 100 + int(f"{part}00"[:2]) for whole, _, part in parts)
    return f"{cents // 100}.{cents % 100:02d}".rstrip("0").rstrip(".")


def _no_street(lines: Lines) -> Lines:
    """Leave out the street of the first insured."""
    place = at(lines, "NM1*IL*")
    return [*lines[: place + 1], *lines[place + 2 :]]


def _no_number(lines: Lines) -> Lines:
    """Leave out the number of the first insured, and what kind of number it is."""
    return put("NM1*IL*", 8, "")(put("NM1*IL*", 9, "")(lines))


def _only_a_name(lines: Lines) -> Lines:
    """Leave out number and birth date of the first insured."""
    place = at(lines, "NM1*IL*")
    named = "*".join(lines[place].split("*")[:4])
    return [*lines[:place], named, *lines[place + 2 :]]


def _yes_and_no(lines: Lines) -> Lines:
    """Say of the same cover that there is one and that there is none."""
    return after("EB*1*", "EB*6*IND*30")(put("EB*1*", 4, "")(lines))


def _one_set_refused(lines: Lines) -> Lines:
    """Refuse the first set; the group counts it so, and says all the same that it is taken."""
    return put("AK9*", 4, lambda text: str(int(text) - 1))(put("IK5*", 1, "R")(lines))


def _repeated(text: str) -> str:
    return f"{text}:25:25"


def _ninth(text: str) -> str:
    return f"{text}:9"


ALL = (
    "270", "271", "275", "276", "277", "277CA", "277RFAI", "278", "278R", "820", "820S", "834", "835",
    "837D", "837I", "837P", "999", "999E", "999P", "999R",
)  # fmt: skip
CLAIMS, OFFICE = ("837P", "837I", "837D"), ("837P",)
PAID, ASKED, ANSWERED, RECEIVED, TAKEN = ("835",), ("270",), ("271",), ("277CA",), ("999",)
HOSPITAL, TEETH = ("837I",), ("837D",)

FAULTS: dict[str, Fault] = {
    # envelopes
    "set-count": Fault(ALL, "the set counts its segments wrongly", put("SE*", 1, more), "envelope.se-count", False),
    "set-number": Fault(ALL, "the set ends with another number", put("SE*", 2, "9999"), "envelope.se-number", False),
    "set-cut-off": Fault(ALL, "the set has no end", drop("SE*"), "envelope.se-missing", False),
    "group-count": Fault(ALL, "the group counts its sets wrongly", put("GE*", 1, "7"), "envelope.ge-count", False),
    "group-number": Fault(ALL, "the group ends with another number", put("GE*", 2, "77777"), "envelope.ge-number", False),
    "group-cut-off": Fault(ALL, "the group has no end", drop("GE*"), "envelope.ge-missing", False),
    "file-count": Fault(ALL, "the file counts its groups wrongly", put("IEA*", 1, "4"), "envelope.iea-count", False),
    "file-number": Fault(ALL, "it ends with another number", put("IEA*", 2, "99999998"), "envelope.iea-number", False),
    "file-cut-off": Fault(ALL, "the file has no end", drop("IEA*"), "envelope.iea-missing", False),
    # claims
    "claim-total": Fault(CLAIMS, "the lines do not come to the claim's charge", put("CLM*", 2, more), "balance.claim"),
    "claim-twice": Fault(OFFICE, "a claim number stands there twice", _claim_twice, "identity.claim-number-twice"),
    "no-charge": Fault(CLAIMS, "a claim has no charge", put("CLM*", 2, ""), "element.missing"),
    "npi-digit": Fault(OFFICE, "a number's last digit is wrong", put("NM1*82*", 9, other_digit), "providers.npi"),
    "half-number": Fault(CLAIMS, "a number has no kind", put("NM1*85*", 8, ""), "identity.half-number"),
    "taxonomy": Fault(CLAIMS, "a specialty code is too long", put("PRV*BI*", 3, "207Q000000"), "providers.taxonomy"),
    "tax-number": Fault(CLAIMS, "the tax number has a letter", put("REF*EI*", 2, "91A345678"), "identity.tax-number"),
    "post-box": Fault(CLAIMS, "the billing address is a post box", put("N3*", 1, "PO BOX 9"), "place.billing-post-box"),
    "short-zip": Fault(CLAIMS, "the billing ZIP code has five digits", put("N4*", 3, "01103"), "place.billing-zip"),
    "state": Fault(CLAIMS, "there is no such state", put("N4*", 2, "ZZ"), "place.state"),
    "member-number": Fault(CLAIMS, "the insured has no number", _no_number, "identity.insured-number"),
    "no-birth-date": Fault(CLAIMS, "the insured has no birth date", drop("DMG*"), "identity.insured-birth"),
    "born-tomorrow": Fault(CLAIMS, "somebody is born later", put("DMG*", 2, "20290101"), "dates.birth-in-future"),
    "no-street": Fault(CLAIMS, "the insured has no street", _no_street, "identity.insured-address"),
    "no-payer": Fault(CLAIMS, "nobody is named to pay", drop("NM1*PR*"), "loop.missing"),
    "filing-code": Fault(CLAIMS, "the kind of plan is missing", put("SBR*", 9, ""), "coverage.filing-code"),
    "levels": Fault(CLAIMS, "the first level has one above it", put("HL*1*", 2, "1"), "hierarchy.parent-of-the-first"),
    "odd-segment": Fault(CLAIMS, "a segment has no place there", after("CLM*", "ZZZ*1"), "segment.unexpected"),
    "line-number": Fault(CLAIMS, "a line is numbered wrongly", put("LX*", 1, "5"), "hierarchy.line-numbers"),
    "place-of-service": Fault(
        ("837P", "837D"), "there is no such place of service", put("CLM*", 5, composite(1, "00")), "place.of-service"
    ),
    "frequency": Fault(
        ("837P", "837D"), "there is no such frequency", put("CLM*", 5, composite(3, "5")), "authorization.frequency"
    ),
    "replaces-nothing": Fault(
        CLAIMS, "it does not say what it replaces", put("CLM*", 5, composite(3, "7")), "authorization.original-missing"
    ),
    "no-diagnosis": Fault(OFFICE, "a claim has no diagnosis", drop("HI*"), "codes.diagnosis-missing"),
    "diagnosis": Fault(OFFICE, "a diagnosis cannot be", put("HI*", 1, composite(2, "ZZZZZ")), "codes.diagnosis"),
    "diagnosis-dot": Fault(OFFICE, "a diagnosis has a dot", put("HI*", 1, composite(2, "E11.9")), "codes.diagnosis-dot"),
    "pointer": Fault(OFFICE, "a line points to no diagnosis", put("SV1*", 7, _ninth), "pointers.missing-diagnosis"),
    "procedure": Fault(OFFICE, "a procedure has a space", put("SV1*", 1, composite(2, "X00 0")), "codes.procedure"),
    "modifier": Fault(OFFICE, "a modifier has three signs", put("SV1*", 1, composite(3, "255")), "modifiers.shape"),
    "modifier-twice": Fault(OFFICE, "a modifier stands there twice", put("SV1*", 1, _repeated), "modifiers.twice"),
    "no-units": Fault(OFFICE, "a line has no units", put("SV1*", 4, "0"), "units.zero"),
    "not-a-number": Fault(OFFICE, "the units are a word", put("SV1*", 4, "MANY"), "element.number"),
    "no-service-date": Fault(OFFICE, "a line has no day", drop("DTP*472*"), "segment.missing"),
    "future-service": Fault(OFFICE, "a service of next year", put("DTP*472*", 3, "20270101"), "dates.service-in-future"),
    "not-a-day": Fault(OFFICE, "the thirtieth of February", put("DTP*472*", 3, "20260230"), "element.date"),
    # hospitals and dentists
    "revenue-code": Fault(HOSPITAL, "a revenue code has three digits", put("SV2*", 1, "120"), "codes.revenue"),
    "bill-type": Fault(HOSPITAL, "there is no such bill", put("CLM*", 5, composite(1, "01")), "codes.bill-type"),
    "on-admission": Fault(
        HOSPITAL, "present on admission is no answer", put("HI*ABF:", 1, composite(9, "Q")), "codes.present-on-admission"
    ),
    "admission-late": Fault(
        HOSPITAL, "somebody comes after leaving", put("DTP*435*", 3, "202603101000"), "dates.admission-after-statement"
    ),
    "tooth": Fault(TEETH, "nobody has this tooth", put("TOO*", 2, "33"), "codes.tooth"),
    "surface": Fault(TEETH, "a side of a tooth twice", put("TOO*", 3, "M:M"), "codes.surface"),
    # remittances
    "payment-total": Fault(PAID, "the payment is not what its claims are", put("BPR*", 2, more), "balance.transaction"),
    "service-sum": Fault(PAID, "a service does not come out", put("SVC*", 3, more), "balance.service"),
    "patient-share": Fault(PAID, "the patient's share differs", put("CLP*", 5, more), "balance.patient-share"),
    "payment-twice": Fault(PAID, "a claim is paid twice", _payment_twice, "identity.payment-twice"),
    "reason": Fault(PAID, "there is no such reason", put("CAS*", 2, "ZZ9"), "codes.reason"),
    "denied-and-paid": Fault(PAID, "a claim is denied and paid", put("CLP*", 2, "4"), "coverage.denied-and-paid"),
    "estimate-paid": Fault(PAID, "an estimate is paid", put("CLP*", 2, "25"), "coverage.estimate-paid"),
    "paid-procedure": Fault(PAID, "a code has a space", put("SVC*", 1, composite(2, "X00 0")), "codes.paid-procedure"),
    "payee-number": Fault(PAID, "the payee's last digit is wrong", put("N1*PE*", 4, other_digit), "providers.payee-npi"),
    "recovery": Fault(PAID, "taken back, not said for what", put("PLB*", 3, "WO"), "cob.recovery-without-claim"),
    "no-trace": Fault(PAID, "the payment has no number", drop("TRN*"), "segment.missing"),
    "no-payee": Fault(PAID, "nobody is paid", drop("N1*PE*"), "loop.missing"),
    # questions and answers
    "only-a-name": Fault(ASKED, "somebody has a name alone", _only_a_name, "identity.nothing-to-find-by"),
    "service-type": Fault(ASKED, "there is no such service", put("EQ*", 1, "ZZZ"), "codes.service-type"),
    "nobody-asked": Fault(ASKED, "no plan is asked", drop("NM1*PR*"), "loop.missing"),
    "yes-and-no": Fault(ANSWERED, "a plan says yes and no", _yes_and_no, "coverage.active-and-inactive"),
    "no-copay": Fault(ANSWERED, "a copay has no amount", put("EB*B*", 7, ""), "coverage.copay-without-amount"),
    "benefit": Fault(ANSWERED, "there is no such benefit", put("EB*C*", 1, "ZZ"), "codes.benefit"),
    "refused": Fault(ANSWERED, "refused and answered", after("NM1*IL*", "AAA*N**75*C"), "coverage.refused-and-answered"),
    "on-or-not": Fault(RECEIVED, "a claim goes on and does not", put("STC*A2:", 3, "U"), "coverage.accepted-or-refused"),
    "category": Fault(RECEIVED, "there is no such answer", put("STC*A2:", 1, composite(1, "Z9")), "codes.category"),
    "group-answer": Fault(TAKEN, "the group is taken, a set is not", _one_set_refused, "coverage.group-answer"),
    "sets-counted": Fault(TAKEN, "more sets are taken than came in", put("AK9*", 4, "9"), "balance.acknowledged"),
}  # fmt: skip
