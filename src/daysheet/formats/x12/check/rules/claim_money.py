"""The sums of a claim, and what other plans did with it before (837)."""

from collections.abc import Iterator
from decimal import Decimal

from daysheet.formats.x12.check.finding import Hit, differing, rule
from daysheet.formats.x12.check.view import Claim, Line, triplets
from daysheet.formats.x12.guides.reading import to_number
from daysheet.formats.x12.segment import Segment

ALL = "837P 837I 837D"
ZERO = Decimal(0)


def _number(item: Segment, element: int) -> Decimal:
    return to_number(item[element]) or ZERO


@rule("balance.claim", kinds=ALL, at="2300 CLM02", snip=3, fix="Correct the claim's charge or a line's.")
def claim_charge(claim: Claim) -> Iterator[Hit]:
    total = sum([line.charge or ZERO for line in claim.billed], ZERO)
    stated = to_number(claim.clm[2])
    if claim.billed and stated is not None and total != stated:
        yield Hit(claim.clm, 2, f"The lines and the claim do not agree: {differing(total, stated)}")


def _adjudications(line: Line) -> Iterator[tuple[Segment, list[Segment]]]:
    for inner in line.loop.loops:
        if inner.id == "2430":
            yield inner.segments[0], [item for item in inner.segments if item.id == "CAS"]


def _adjusted(cas: list[Segment]) -> Decimal:
    return sum((to_number(amount) or ZERO for item in cas for _, _, amount in triplets(item)), ZERO)


@rule(
    "balance.other-plan-line",
    when="2320",
    kinds=ALL,
    at="2430 SVD02",
    snip=3,
    fix="Copy paid amount and adjustments from the remittance.",
)
def other_plan_line(claim: Claim) -> Iterator[Hit]:
    for line in claim.lines:
        charge = line.charge or ZERO
        said: dict[str, tuple[Segment, Decimal]] = {}
        for svd, cas in _adjudications(line):  # a payer that has split a line says more than one thing of it
            first, before = said.get(svd[1], (svd, ZERO))
            said[svd[1]] = first, before + _number(svd, 2) + _adjusted(cas)
        for svd, explained in said.values():
            if explained != charge:
                told = f"What the other plan explains is not what the line charges: {differing(explained, charge)}"
                yield Hit(svd, 2, told)


@rule(
    "balance.other-plan",
    when="2320",
    kinds=ALL,
    at="2320 AMT D",
    snip=3,
    fix="Copy paid amount and adjustments from the remittance.",
)
def other_plan(claim: Claim) -> Iterator[Hit]:
    for other in claim.others:
        if other.paid is None or not other.payer_id:
            continue
        on_lines = [
            cas for line in claim.lines for svd, cas in _adjudications(line) if svd[1] == other.payer_id
        ]
        broken = any(True for _ in other_plan_line(claim)) or any(True for _ in unknown_plan(claim))
        explained = other.paid + _adjusted(other.cas) + sum((_adjusted(cas) for cas in on_lines), ZERO)
        charge = _number(claim.clm, 2)
        if explained != charge and not broken:
            told = (
                f"What the other plan explains is not what the claim charges: {differing(explained, charge)}"
            )
            yield Hit(other.amounts["D"], 2, told)


@rule(
    "balance.patient-paid",
    when="AMT",
    kinds=ALL,
    at="2300 AMT F5",
    snip=3,
    fix="Look whether the amount belongs to another claim.",
    severity="warning",
)
def patient_paid(claim: Claim) -> Iterator[Hit]:
    for item in claim.by_id.get("AMT", ()):
        paid, charge = to_number(item[2]), to_number(claim.clm[2])
        if item[1] == "F5" and paid is not None and charge is not None and paid > charge >= 0:
            yield Hit(item, 2, "The patient paid more than the claim charges.")


@rule(
    "cob.not-decided",
    when="2320",
    kinds=ALL,
    at="2320 AMT D",
    fix="Add what the first plan paid, zero too, and its adjustments.",
)
def not_decided(claim: Claim) -> Iterator[Hit]:
    for other in claim.others:
        ranks = "PST"
        mine, theirs = ranks.find(claim.sbr[1] or "-"), ranks.find(other.sbr[1] or "-")
        if any(svd[1] == other.payer_id for line in claim.lines for svd, _ in _adjudications(line)):
            continue  # the lines tell it: paid-amount-missing
        decided = "D" in other.amounts or "A8" in other.amounts or other.cas  # A8: not covered, not asked
        if mine > theirs >= 0 and not decided:
            yield Hit(other.sbr, 1, "The plan comes before, and it is not told what it decided.")


@rule(
    "cob.day-missing",
    when="2320",
    kinds=ALL,
    at="2330B DTP 573",
    fix="Say on which day the other plan decided.",
)
def day_missing(claim: Claim) -> Iterator[Hit]:
    for other in claim.others:
        lines = [svd for line in claim.lines for svd, _ in _adjudications(line) if svd[1] == other.payer_id]
        if other.payer_id and "D" in other.amounts and other.paid_on is None and not lines:
            yield Hit(other.amounts["D"], 2, "It is not told on which day the other plan decided.", "2320")


@rule(
    "cob.day-twice",
    when="2320",
    kinds=ALL,
    at="2330B DTP 573",
    fix="Leave it out of the claim: the lines say it.",
)
def day_twice(claim: Claim) -> Iterator[Hit]:
    for other in claim.others:
        lines = [svd for line in claim.lines for svd, _ in _adjudications(line) if svd[1] == other.payer_id]
        if other.paid_on is not None and lines:
            yield Hit(other.paid_on, 3, "The day stands with the claim and with its lines.")


@rule("cob.unknown-plan", when="2430", kinds=ALL, at="2430 SVD01", fix="Use the payer id of loop 2330B.")
def unknown_plan(claim: Claim) -> Iterator[Hit]:
    known = {other.payer_id for other in claim.others}
    if "" in known:  # a plan without its number is told by itself
        return
    for line in claim.lines:
        for svd, _ in _adjudications(line):
            if svd[1] and svd[1] not in known:
                yield Hit(svd, 1, "The line was decided by a plan that the claim does not name.")


@rule(
    "cob.paid-amount-missing",
    when="2320",
    kinds=ALL,
    at="2320 AMT D",
    fix="Add what the plan paid for the claim (AMT D).",
)
def paid_amount_missing(claim: Claim) -> Iterator[Hit]:
    for other in claim.others:
        lines = [svd for line in claim.lines for svd, _ in _adjudications(line) if svd[1] == other.payer_id]
        if lines and "D" not in other.amounts:
            yield Hit(other.sbr, 1, "The plan decided the lines, and what it paid for the claim is missing.")


def _all_cas(claim: Claim) -> Iterator[tuple[str, list[Segment]]]:
    for other in claim.others:
        yield "2320", other.cas
    for line in claim.lines:
        for _, cas in _adjudications(line):
            yield "2430", cas


@rule(
    "cob.group-twice",
    when="2320",
    kinds=ALL,
    at="2430 CAS01",
    fix="Put all adjustments of a group into one segment.",
    severity="warning",
)
def group_twice(claim: Claim) -> Iterator[Hit]:
    for loop, found in _all_cas(claim):
        met: set[str] = set()
        for item in found:
            if item[1] in met and len(item) < 20:
                yield Hit(item, 1, f"The group {item[1]} stands in two segments.", loop)
            met.add(item[1])


@rule(
    "cob.reason-twice",
    when="2320",
    kinds=ALL,
    at="2430 CAS02",
    fix="Add the two amounts up.",
    severity="warning",
)
def reason_twice(claim: Claim) -> Iterator[Hit]:
    for loop, found in _all_cas(claim):
        met: set[tuple[str, str]] = set()
        for item in found:
            for place, reason, _ in triplets(item):
                if reason and (item[1], reason) in met:
                    yield Hit(item, place, f"{item[1]}-{reason} stands twice.", loop)
                met.add((item[1], reason))


@rule(
    "cob.adjustment-half",
    when="2320",
    kinds=ALL,
    at="2430 CAS03",
    snip=2,
    fix="A reason and an amount stand together.",
)
def adjustment_half(claim: Claim) -> Iterator[Hit]:
    for loop, found in _all_cas(claim):
        for item in found:
            for place, reason, amount in triplets(item):
                if place > 2 and bool(reason) != bool(amount):
                    yield Hit(
                        item,
                        place if amount else place + 1,
                        "An adjustment has a reason and an amount.",
                        loop,
                    )


@rule("cob.adjustment-of-nothing", when="2320", kinds=ALL, at="2430 CAS03", fix="Leave the adjustment out.")
def adjustment_of_nothing(claim: Claim) -> Iterator[Hit]:
    for loop, found in _all_cas(claim):
        for item in found:
            for place, reason, amount in triplets(item):
                if reason and to_number(amount) == 0:
                    yield Hit(item, place + 1, "An adjustment of nothing says nothing.", loop)


@rule(
    "codes.adjustment-reason",
    when="2320",
    kinds=ALL,
    at="2430 CAS02",
    snip=5,
    fix="Copy the code from the remittance.",
)
def adjustment_reason(claim: Claim) -> Iterator[Hit]:
    for loop, found in _all_cas(claim):
        for item in found:
            for place, reason, _ in triplets(item):
                if reason and not claim.codes.valid("carc", reason, claim.served_on):
                    yield Hit(item, place, f"{reason} is no adjustment reason.", loop)


@rule(
    "codes.remark-of-other-plan",
    when="2320",
    kinds=ALL,
    at="2320 MOA03",
    snip=5,
    fix="Copy the code from the remittance.",
)
def remark_of_other_plan(claim: Claim) -> Iterator[Hit]:
    for other in claim.others:
        for item in other.loop.segments:
            for element in range(3, 8) if item.id == "MOA" else ():
                if item[element] and not claim.codes.valid("rarc", item[element], claim.served_on):
                    yield Hit(item, element, f"{item[element]} is no remark code.")
