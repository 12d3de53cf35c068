"""Which plan pays before which, and why; what a plan did to lines and sums (837 2000B, 2320, 2430)."""

from collections.abc import Iterator

from daysheet.formats.x12.check.finding import Hit, rule
from daysheet.formats.x12.check.view import Claim
from daysheet.formats.x12.guides.reading import to_number
from daysheet.formats.x12.segment import Segment

from .claim_lines import KINDS
from .claim_people import born_on

ALL = "837P 837I 837D"
RANKS = "PSTABCDEFGH"
PRIVATE = frozenset(("12", "13", "14", "15", "BL", "CI", "HM", "FI"))
MEDICAID, TRICARE = "MC", "CH"
OLD = 65


def _rank(sbr: Segment) -> int:
    return RANKS.find(sbr[1] or "-")


def _plans(claim: Claim) -> list[tuple[str, Segment]]:
    return [("2000B", claim.sbr), *(("2320", other.sbr) for other in claim.others)]


@rule(
    "coverage.second-plan-missing",
    when="2320",
    kinds=ALL,
    at="2000B SBR01",
    fix="Add the second plan (loop 2320), or give this one the rank S.",
    severity="warning",
)
def second_plan_missing(claim: Claim) -> Iterator[Hit]:
    told = {sbr[1] for _, sbr in _plans(claim)}
    for loop, sbr in _plans(claim):
        if sbr[1] == "T" and "S" not in told and "P" in told:
            yield Hit(sbr, 1, "A third plan is named, and no second one.", loop)


@rule(
    "coverage.last-plan-first",
    when="2320",
    kinds=ALL,
    at="2320 SBR01",
    fix="Medicaid pays last, TRICARE before it: put the other plan first.",
    severity="warning",
)
def last_plan_first(claim: Claim) -> Iterator[Hit]:
    # 42 CFR 433.139 (Medicaid pays after every other), 32 CFR 199.8 (TRICARE pays after private plans)
    plans = _plans(claim)
    private = max((_rank(sbr) for _, sbr in plans if sbr[9] in PRIVATE), default=-1)
    others = max((_rank(sbr) for _, sbr in plans if sbr[9] in ("MA", "MB", TRICARE)), default=-1)
    latest = {MEDICAID: max(private, others), TRICARE: private}
    for loop, sbr in plans:
        if latest.get(sbr[9], -1) > _rank(sbr) >= 0:
            yield Hit(sbr, 1, "A plan that pays last stands before another.", loop)
            return


@rule(
    "coverage.age-and-medicare",
    when="SBR05",
    kinds="837P 837I",
    at="2000B SBR05",
    fix="12 for workers from 65, 43 for the disabled below.",
    severity="warning",
)
def age_and_medicare(claim: Claim) -> Iterator[Hit]:
    # 42 CFR 411.20: working aged from 65, disabled below
    if claim.sbr[5] not in ("12", "43") or claim.sbr[9] not in ("MA", "MB") or not claim.insured_is_patient:
        return
    _, born = born_on(claim)
    day = claim.served_on
    if born and day and born <= day:
        age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        if (claim.sbr[5] == "12") != (age >= OLD):
            yield Hit(claim.sbr, 5, f"Why Medicare pays second does not fit an age of {age}.", "2000B")


@rule(
    "coverage.medicare-and-accident",
    when="SBR05",
    kinds="837P",
    at="2000B SBR05",
    fix="Name the cause (CLM11): employment for 15, a car or another accident for 14 and 47.",
    severity="warning",
)
def medicare_and_accident(claim: Claim) -> Iterator[Hit]:
    wanted = {"14": {"AA", "OA"}, "15": {"EM"}, "47": {"AA", "OA"}}.get(claim.sbr[5])
    if wanted and claim.sbr[9] in ("MA", "MB") and wanted.isdisjoint(claim.clm.components(11)[:3]):
        yield Hit(claim.sbr, 5, "Medicare pays second for an accident that the claim does not tell.", "2000B")


@rule(
    "cob.later-plan-decided",
    when="2320",
    kinds=ALL,
    at="2320 AMT D",
    fix="Look at the ranks, or take out what the later plan did.",
    severity="warning",
)
def later_plan_decided(claim: Claim) -> Iterator[Hit]:
    for other in claim.others:
        if other.sbr[1] in ("S", "T") and _rank(other.sbr) > _rank(claim.sbr) >= 0 and "D" in other.amounts:
            yield Hit(other.amounts["D"], 2, "A plan decided that comes after the one which is asked now.")


@rule(
    "cob.not-covered-sum",
    when="2320",
    kinds=ALL,
    at="2320 AMT A8",
    fix="Put the claim's whole charge, and nothing of a decision beside it.",
    severity="warning",
)
def not_covered_sum(claim: Claim) -> Iterator[Hit]:
    charge = to_number(claim.clm[2])
    for other in claim.others:
        if (item := other.amounts.get("A8")) is not None:
            amount = to_number(item[2])
            if amount is not None and charge is not None and amount != charge:
                yield Hit(item, 2, "What the other plan does not cover is not the whole claim.")


@rule(
    "cob.patient-owes-more",
    when="2320",
    kinds=ALL,
    at="2320 AMT EAF",
    snip=3,
    fix="Copy what the patient still owes.",
    severity="warning",
)
def patient_owes_more(claim: Claim) -> Iterator[Hit]:
    found = [(other.amounts.get("EAF"), claim.clm, 2, "2320") for other in claim.others]
    for line in claim.lines:
        for inner in line.loop.loops:
            if inner.id == "2430":
                found += [(inner.first("AMT"), line.sv, line.money, "2430")]
    for item, whole, element, loop in found:
        owed = to_number(item[2]) if item is not None and item[1] == "EAF" else None
        charge = to_number(whole[element])
        if item is not None and owed is not None and charge is not None and owed > charge >= 0:
            yield Hit(item, 2, "After the other plan the patient owes more than was charged.", loop)


@rule(
    "cob.joined-with-nothing",
    when="2430",
    kinds=ALL,
    at="2430 SVD06",
    fix="The number of the line (LX01) into which the plan put this one.",
)
def joined_with_nothing(claim: Claim) -> Iterator[Hit]:
    numbers = {line.lx[1] for line in claim.lines}
    for line in claim.lines:
        for inner in line.loop.loops:
            into = inner.segments[0][6] if inner.id == "2430" else ""
            if into.isdigit() and (into not in numbers or into == line.lx[1]):
                yield Hit(inner.segments[0], 6, "The line was put into another that the claim does not have.")


@rule(
    "cob.two-kinds-of-remarks",
    when="2320",
    kinds="837I",
    at="2320 MOA",
    fix="MIA for a stay, MOA for a visit.",
    severity="warning",
)
def two_kinds_of_remarks(claim: Claim) -> Iterator[Hit]:
    for other in claim.others:
        found = {item.id: item for item in other.loop.segments}
        if "MIA" in found and "MOA" in found:
            yield Hit(found["MOA"], 0, "The other plan speaks of a stay and of a visit.")


@rule(
    "units.negative-sum",
    when="sums",
    kinds=ALL,
    at="2320 AMT02",
    fix="A sum beside the claim is zero or more.",
)
def negative_sum(claim: Claim) -> Iterator[Hit]:
    found = [("2300", item) for item in claim.by_id.get("AMT", ())]
    found += [("2320", item) for other in claim.others for item in other.amounts.values()]
    for loop, item in found:
        amount = to_number(item[2])
        if amount is not None and amount < 0:
            yield Hit(item, 2, "A sum that was paid or is owed is below zero.", loop)


@rule(
    "attachments.number-long",
    when="PWK",
    kinds=ALL,
    at="2300 PWK06",
    fix="At most fifty signs.",
    severity="warning",
)
def number_long(claim: Claim) -> Iterator[Hit]:
    found = [("2300", item) for item in claim.by_id.get("PWK", ())]
    found += [("2400", item) for line in claim.lines for item in line.loop.segments if item.id == "PWK"]
    for loop, item in found:
        if item[2] == "EL" and 50 < len(item[6]) <= 80:
            # TR3 275 2000A TRN02 holds fifty
            yield Hit(item, 6, "The papers themselves cannot say a number that long.", loop)


@rule(
    "codes.decided-procedure",
    when="2430",
    kinds=ALL,
    at="2430 SVD03",
    snip=5,
    fix="Copy the procedure from the remittance.",
)
def decided_procedure(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        for inner in line.loop.loops:
            item = inner.segments[0]
            if inner.id != "2430" or not item[3]:
                continue
            kind, code = (*item.components(3), "", "")[:2]
            name = {"HC": "procedure", "AD": "dental"}.get(kind, "")
            known = kind in KINDS[claim.kind] | {"HP", "HC", "AD"}
            if not known or not code or (name and not claim.codes.valid(name, code, line.served_on)):
                yield Hit(item, 3, "What the other plan decided on is no procedure.")
