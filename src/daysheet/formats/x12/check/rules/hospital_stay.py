"""A stay and its bill: type and frequency, status, admission and discharge, days and rooms (837I)."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import Claim, span
from daysheet.formats.x12.guides.reading import to_day, to_number
from daysheet.formats.x12.segment import Segment

from .claim_kinds import HOSPITALS, LIES_IN
from .hospital_codes import CONDITION, OCCURRENCE, VALUE, VISITS, coded, codes_of

COUNTED = frozenset(("11", "18", "21", "41"))
"""Types of bill whose days are counted: hospital, swing bed, nursing home, religious house."""
PAYERS_OWN = frozenset("FGHIJKMPXYZ")
"""Frequencies that payers and Medicare's contractors use themselves (CMS 100-04 ch. 25 FL 4)."""
STATUS = frozenset(
    "01 02 03 04 05 06 07 09 20 21 30 40 41 42 43 50 51 61 62 63 64 65 66 69 70 81 82 83 84 85 86 87 88 89 90 91 92 93"
    " 94 95".split()
)
STILL_HERE = "30"
ADMISSIONS, SOURCES = frozenset("123459"), frozenset("1245689DEFG")
ROOM = re.compile(r"0(?:1[0-79]|2[01])\d")
"""Revenue codes of rooms by the day; 018x, days away, is counted apart."""
EMERGENCY = re.compile(r"045\d|0516|0526|0762")


def _cl1(claim: Claim) -> Segment | None:
    return claim.by_id.get("CL1", [None])[0]


def _status(claim: Claim) -> str:
    cl1 = _cl1(claim)
    return cl1[3] if cl1 is not None else ""


def _admitted(claim: Claim) -> date | None:
    item = claim.dtp.get("435")
    return to_day(item[3][:8]) if item is not None else None


def _days_hold(claim: Claim) -> tuple[date, date] | None:
    """Return the days of the bill, when nothing else on it speaks against them."""
    first, last = span(claim.dtp.get("434"))
    sent, admitted = claim.above.sent_on, _admitted(claim)
    if first is None or last is None or first > last or (sent and last > sent):
        return None
    if admitted is None or admitted > last:
        return None
    if any((day := line.served_on) and not first <= day <= last for line in claim.lines):
        return None
    return first, last


@rule(
    "codes.frequency-of-payers",
    kinds=HOSPITALS,
    at="2300 CLM05",
    snip=5,
    fix="1 whole stay, 2 first, 3 further, 4 last bill, 7 replacement, 8 void.",
    severity="warning",
)
def frequency_of_payers(claim: Claim) -> Iterator[Hit]:
    if claim.clm[5] and claim.frequency in PAYERS_OWN:
        yield Hit(claim.clm, 5, f"The frequency {claim.frequency} is for payers alone.")


@rule(
    "codes.status-of-patient",
    kinds=HOSPITALS,
    at="2300 CL103",
    snip=5,
    fix="Two digits: home 01, another hospital 02, still here 30, died 20.",
)
def status_of_patient(claim: Claim) -> Iterator[Hit]:
    cl1 = _cl1(claim)
    if cl1 is not None and cl1[3] and cl1[3] not in STATUS and len(cl1[3]) <= 2:
        yield Hit(cl1, 3, f"{cl1[3]} is no status of a patient.")


@rule(
    "codes.still-here",
    kinds=HOSPITALS,
    at="2300 CL103",
    fix="Frequency 2 or 3 while the patient stays; another status when the patient has left.",
    severity="warning",
)
def still_here(claim: Claim) -> Iterator[Hit]:
    cl1 = _cl1(claim)
    if cl1 is None or claim.place not in ("11", "21") or cl1[3] not in STATUS:
        return
    if cl1[3] == STILL_HERE and claim.frequency in ("1", "4"):
        yield Hit(cl1, 3, "The patient is still here, and the bill is the last of the stay.")
    elif cl1[3] != STILL_HERE and claim.frequency in ("2", "3"):
        yield Hit(cl1, 3, "The patient has left, and the bill says that more bills follow.")


@rule(
    "dates.discharge-of-who-is-here",
    when="DTP 096",
    kinds=HOSPITALS,
    at="2300 DTP 096",
    fix="Leave the hour out, or correct the patient's status (CL103).",
    severity="warning",
)
def discharge_of_who_is_here(claim: Claim) -> Iterator[Hit]:
    if _status(claim) == STILL_HERE:
        yield Hit(claim.dtp["096"], 3, "The hour of leaving is told, and the patient is still here.")


@rule(
    "dates.discharge-hour-missing",
    kinds=HOSPITALS,
    at="2300 DTP 096",
    fix="Say at which hour the patient left.",
    severity="warning",
)
def discharge_hour_missing(claim: Claim) -> Iterator[Hit]:
    left = _status(claim) not in ("", STILL_HERE)
    if left and claim.place == "11" and claim.frequency in ("1", "4") and "096" not in claim.dtp:
        yield Hit(claim.clm, 5, "The patient left, and the hour is not told.")


@rule(
    "dates.admission-hour-missing",
    when="DTP 435",
    kinds=HOSPITALS,
    at="2300 DTP 435",
    fix="Add the hour (DT).",
    severity="warning",
)
def admission_hour_missing(claim: Claim) -> Iterator[Hit]:
    item = claim.dtp["435"]
    if claim.place == "11" and item[2] == "D8":
        yield Hit(item, 3, "The day of admission stands without its hour.")


@rule(
    "codes.admission-type",
    kinds=HOSPITALS,
    at="2300 CL101",
    snip=5,
    fix="1 emergency, 2 urgent, 3 planned, 4 newborn, 5 trauma, 9 not known.",
)
def admission_type(claim: Claim) -> Iterator[Hit]:
    cl1 = _cl1(claim)
    if cl1 is not None and len(cl1[1]) == 1 and cl1[1] not in ADMISSIONS:
        yield Hit(cl1, 1, f"{cl1[1]} is no type of admission.")


@rule(
    "codes.admission-source",
    kinds=HOSPITALS,
    at="2300 CL102",
    snip=5,
    fix="Choose where the patient came from; 3 and 7 are no longer used.",
    severity="warning",
)
def admission_source(claim: Claim) -> Iterator[Hit]:
    cl1 = _cl1(claim)
    if cl1 is not None and len(cl1[2]) == 1 and cl1[1] != "4" and cl1[2] not in SOURCES:
        yield Hit(cl1, 2, f"{cl1[2]} is no source of an admission.")


@rule(
    "codes.admission-source-missing",
    kinds=HOSPITALS,
    at="2300 CL102",
    fix="Say where the patient came from.",
)
def admission_source_missing(claim: Claim) -> Iterator[Hit]:
    cl1 = _cl1(claim)
    if cl1 is not None and claim.place in LIES_IN and not cl1[2]:
        yield Hit(cl1, 2, "The patient lies in, and it is not told from where the patient came.")


@rule(
    "codes.newborn-source",
    kinds=HOSPITALS,
    at="2300 CL102",
    fix="5 born here, 6 born elsewhere.",
    severity="warning",
)
def newborn_source(claim: Claim) -> Iterator[Hit]:
    cl1 = _cl1(claim)
    if cl1 is not None and cl1[1] == "4" and cl1[2] and cl1[2] not in ("5", "6"):
        yield Hit(cl1, 2, "A newborn was born here or elsewhere; the source says something else.")


@rule(
    "codes.admitting-diagnosis",
    kinds=HOSPITALS,
    at="2300 HI ABJ",
    fix="Add the diagnosis on admission (ABJ).",
    severity="warning",
)
def admitting_diagnosis(claim: Claim) -> Iterator[Hit]:
    if claim.place in ("11", "12", "21", "41") and claim.diagnoses and not {"ABJ", "BJ"} & {*claim.coded}:
        yield Hit(claim.clm, 5, "The patient lies in, and the diagnosis on admission is not told.")


@rule(
    "codes.reason-for-visit",
    kinds=HOSPITALS,
    at="2300 HI APR",
    fix="Add why the patient came (APR).",
    severity="warning",
)
def reason_for_visit(claim: Claim) -> Iterator[Hit]:
    cl1 = _cl1(claim)
    unplanned = cl1 is not None and cl1[1] in ("1", "2", "5") and claim.place in ("13", "85")
    if unplanned and not {"APR", "PR"} & {*claim.coded}:
        for line in claim.billed:
            if EMERGENCY.fullmatch(line.sv[1]):
                yield Hit(line.sv, 1, "An unplanned visit says why the patient came.", "2400")
                return


@rule(
    "dates.statement-in-future",
    when="DTP 434",
    kinds=HOSPITALS,
    at="2300 DTP 434",
    fix="Correct the days of the bill.",
)
def statement_in_future(claim: Claim) -> Iterator[Hit]:
    first, last = span(claim.dtp["434"])
    sent = claim.above.sent_on
    later = sent and any((day := line.served[1]) and day > sent for line in claim.lines)
    if sent and first and last and first <= last and last > sent and not later:
        yield Hit(claim.dtp["434"], 3, "The bill ends after the day on which it was sent.")


@rule(
    "dates.first-bill-after-admission",
    when="DTP 435",
    kinds=HOSPITALS,
    at="2300 DTP 434",
    fix="Begin the bill with the admission, or say that it is a further one (3, 4).",
    severity="warning",
)
def first_bill_after_admission(claim: Claim) -> Iterator[Hit]:
    days, admitted = _days_hold(claim), _admitted(claim)
    if days and admitted and claim.place == "11" and claim.frequency in ("1", "2") and admitted < days[0]:
        yield Hit(claim.dtp["434"], 3, "The bill is the first of the stay, and begins after the admission.")


@rule(
    "dates.further-bill-from-admission",
    when="DTP 435",
    kinds=HOSPITALS,
    at="2300 DTP 434",
    fix="Say that it is the first (2) or the only bill (1), or correct the days.",
    severity="warning",
)
def further_bill_from_admission(claim: Claim) -> Iterator[Hit]:
    days, admitted = _days_hold(claim), _admitted(claim)
    if days and admitted and claim.place == "11" and claim.frequency in ("3", "4") and admitted >= days[0]:
        yield Hit(
            claim.dtp["434"], 3, "The bill is a further one of the stay, and begins with the admission."
        )


def _value(claim: Claim, code: str) -> Decimal | None:
    for parts, _, _ in coded(claim, VALUE):
        if parts[1] == code:
            return to_number(parts[4])
    return None


def _told_days(claim: Claim) -> tuple[Decimal, Segment, int] | None:
    """Return covered and other days together, and where they stand."""
    found = [one for one in coded(claim, VALUE) if one[0][1] in ("80", "81")]
    counts = [to_number(parts[4]) for parts, _, _ in found]
    whole = [one for one in counts if one is not None and one >= 0 and one == one.to_integral_value()]
    if not found or len(whole) < len(found) or len({parts[1] for parts, _, _ in found}) < len(found):
        return None
    return sum(whole, Decimal(0)), found[0][1], found[0][2]


def _length(claim: Claim) -> int | None:
    """Return how many days the bill is long: the day of leaving does not count, save when it is the only one."""
    days = _days_hold(claim)
    if days is None or claim.place not in COUNTED or _status(claim) not in STATUS:
        return None
    return max(1, (days[1] - days[0]).days + (_status(claim) == STILL_HERE))


@rule(
    "units.days-of-the-bill",
    kinds=HOSPITALS,
    at="2300 HI BE",
    snip=3,
    fix="Covered (80) and other days (81) together are the days of the bill.",
    severity="warning",
)
def days_of_the_bill(claim: Claim) -> Iterator[Hit]:
    told, length = _told_days(claim), _length(claim)
    if told and length is not None and told[0] != length:
        yield Hit(told[1], told[2], f"The bill is {length} days long; its values tell {told[0]}.")


@rule(
    "units.days-of-rooms",
    kinds=HOSPITALS,
    at="2400 SV205",
    snip=3,
    fix="The days of the rooms are the covered days, or all days.",
    severity="warning",
)
def days_of_rooms(claim: Claim) -> Iterator[Hit]:
    told, length = _told_days(claim), _length(claim)
    rooms = [line for line in claim.billed if ROOM.fullmatch(line.sv[1]) and line.sv[4] == "DA"]
    counts = [to_number(line.sv[5]) for line in rooms]
    if not told or told[0] != length or not rooms or None in counts:
        return
    days = sum((one for one in counts if one is not None), Decimal(0))
    if all(one is not None and one > 0 for one in counts) and days not in (told[0], _value(claim, "80")):
        yield Hit(rooms[0].sv, 5, f"The rooms were billed for {days} days; the bill has {told[0]}.")


@rule(
    "units.room-by-the-day",
    kinds=HOSPITALS,
    at="2400 SV204",
    fix="Count rooms in days (DA).",
    severity="warning",
)
def room_by_the_day(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if ROOM.fullmatch(line.sv[1]) and line.sv[4] == "UN":
            yield Hit(line.sv, 4, "A room is counted in days.")


@rule(
    "codes.room-on-a-visit",
    kinds=HOSPITALS,
    at="2400 SV201",
    fix="Look at the type of bill, or at the revenue code.",
    severity="warning",
)
def room_on_a_visit(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if claim.place in VISITS and ROOM.fullmatch(line.sv[1]):
            yield Hit(line.sv, 1, "A visit is billed with a room by the day.")


@rule(
    "codes.total-as-a-line",
    kinds=HOSPITALS,
    at="2400 SV201",
    snip=5,
    fix="Leave the line out: the claim itself says the total.",
    severity="warning",
)
def total_as_a_line(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        if line.sv[1] == "0001":
            yield Hit(line.sv, 1, "The total of a paper bill stands among the lines.")


@rule(
    "balance.not-covered",
    kinds=HOSPITALS,
    at="2400 SV207",
    snip=3,
    fix="What is not covered is a part of the line's charge.",
)
def not_covered(claim: Claim) -> Iterator[Hit]:
    for line in claim.billed:
        part, whole = to_number(line.sv[7]), to_number(line.sv[3])
        if part is not None and whole is not None and whole >= 0 and not 0 <= part <= whole:
            yield Hit(line.sv, 7, "What is not covered is more than the line charges, or less than nothing.")


@rule(
    "dates.line-of-a-visit",
    kinds=HOSPITALS,
    at="2400 DTP 472",
    fix="Say on which day each service was done.",
    severity="warning",
)
def line_of_a_visit(claim: Claim) -> Iterator[Hit]:
    first, last = span(claim.dtp.get("434"))
    if claim.place not in VISITS or first is None or last is None or first >= last:
        return
    for line in claim.billed:
        if line.procedure and "472" not in line.dtp:
            yield Hit(line.sv, 2, "The bill is for several days, and the line does not say its own.")


@rule(
    "coverage.workers-compensation-bill",
    kinds=HOSPITALS,
    at="2300 HI BH",
    fix="Say that employment was the cause (occurrence 04, or condition 02).",
    severity="warning",
)
def workers_compensation_bill(claim: Claim) -> Iterator[Hit]:
    told = "04" in codes_of(claim, OCCURRENCE) or "02" in codes_of(claim, CONDITION)
    if claim.sbr[9] == "WC" and not told:
        yield Hit(claim.clm, 0, "A bill to workers' compensation does not say that employment was the cause.")


@rule(
    "coverage.auto-bill",
    kinds=HOSPITALS,
    at="2300 HI BH",
    fix="Say on which day the accident was (occurrence 01, 02 or 03).",
    severity="warning",
)
def auto_bill(claim: Claim) -> Iterator[Hit]:
    if claim.sbr[9] == "AM" and not {"01", "02", "03"} & codes_of(claim, OCCURRENCE):
        yield Hit(claim.clm, 0, "A bill to car insurance does not tell the accident.")
