"""A remittance: the payment, its claims, its lines, and the money beside them (835)."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from daysheet.formats.x12.check.finding import Hit, differing, rule
from daysheet.formats.x12.check.view import Paid, triplets
from daysheet.formats.x12.guides.reading import to_day, to_number
from daysheet.formats.x12.numbers import is_routing_number
from daysheet.formats.x12.segment import Segment

ZERO = Decimal(0)
K = "835"
PROCEDURES = frozenset("AD ER HC HP IV N1 N2 N3 N4 N5 N6 NU UI WK".split())


def _number(item: Segment, element: int) -> Decimal:
    return to_number(item[element]) or ZERO


def _adjusted(found: list[tuple[Segment, str]]) -> Decimal:
    return sum((to_number(amount) or ZERO for item, _ in found for _, _, amount in triplets(item)), ZERO)


def _own(inner: object, name: str) -> list[Segment]:
    return [item for item in inner.segments if item.id == name]  # type: ignore[attr-defined]


@rule(
    "balance.service",
    kinds=K,
    at="2110 SVC03",
    snip=3,
    fix="Ask the payer; post by hand what is sure.",
    piece="payment",
)
def service(paid: Paid) -> Iterator[Hit]:
    for inner in paid.services:
        svc = inner.segments[0]
        expected = _number(svc, 2) - _adjusted([(item, "") for item in _own(inner, "CAS")])
        if svc[2] and svc[3] and expected != _number(svc, 3):
            told = f"Charge less adjustments, and what the line pays: {differing(expected, _number(svc, 3))}"
            yield Hit(svc, 3, told, "2110")


@rule(
    "balance.payment",
    kinds=K,
    at="2100 CLP04",
    snip=3,
    fix="Ask the payer; post by hand what is sure.",
    piece="payment",
)
def payment(paid: Paid) -> Iterator[Hit]:
    clp = paid.clp
    expected = _number(clp, 3) - _adjusted(paid.adjustments)
    if clp[3] and clp[4] and expected != _number(clp, 4) and not any(True for _ in service(paid)):
        told = f"Charge less adjustments, and what the claim pays: {differing(expected, _number(clp, 4))}"
        yield Hit(clp, 4, told)


@rule(
    "balance.lines",
    kinds=K,
    at="2100 CLP03",
    snip=3,
    fix="Ask the payer which lines are missing.",
    piece="payment",
)
def lines(paid: Paid) -> Iterator[Hit]:
    charged = sum((_number(inner.segments[0], 2) for inner in paid.services), ZERO)
    if paid.services and charged != _number(paid.clp, 3):
        told = f"What the lines charge, and the claim: {differing(charged, _number(paid.clp, 3))}"
        yield Hit(paid.clp, 3, told)


@rule(
    "balance.patient-share",
    kinds=K,
    at="2100 CLP05",
    snip=3,
    fix="Bill the patient by the adjustments PR.",
    severity="warning",
    piece="payment",
)
def patient_share(paid: Paid) -> Iterator[Hit]:
    share = _adjusted([(item, loop) for item, loop in paid.adjustments if item[1] == "PR"])
    stated = to_number(paid.clp[5])
    if stated is not None and stated != share:
        yield Hit(paid.clp, 5, f"The patient's adjustments, and the claim: {differing(share, stated)}")


@rule(
    "identity.payment-twice",
    kinds=K,
    at="2100 CLP01",
    fix="Ask the payer: post it once.",
    severity="warning",
    piece="payment",
)
def payment_twice(paid: Paid) -> Iterator[Hit]:
    key = "|".join((paid.clp[1], paid.clp[2], paid.clp[7]))
    if key in paid.above.claim_ids:
        yield Hit(paid.clp, 1, "The same decision of the same claim stands twice in the file.")
    paid.above.claim_ids.add(key)


@rule(
    "coverage.denied-and-paid",
    kinds=K,
    at="2100 CLP02",
    fix="Ask the payer what it decided.",
    severity="warning",
    piece="payment",
)
def denied_and_paid(paid: Paid) -> Iterator[Hit]:
    if paid.clp[2] == "4" and _number(paid.clp, 4) > 0:
        yield Hit(paid.clp, 4, "The claim is denied, and money is paid for it.")


@rule(
    "coverage.estimate-paid", kinds=K, at="2100 CLP04", fix="Ask the payer what it decided.", piece="payment"
)
def estimate_paid(paid: Paid) -> Iterator[Hit]:
    if paid.clp[2] == "25" and _number(paid.clp, 4) != 0:
        yield Hit(paid.clp, 4, "An estimate pays nothing.")


@rule(
    "coverage.forwarded-to-nobody",
    kinds=K,
    at="2100 NM1 TT",
    fix="Ask the payer where it sent the claim.",
    severity="warning",
    piece="payment",
)
def forwarded_to_nobody(paid: Paid) -> Iterator[Hit]:
    if paid.clp[2] in ("19", "20", "21", "23") and paid.named("TT") is None:
        yield Hit(paid.clp, 2, "The claim was sent on, and it is not told to whom.")


@rule(
    "cob.reversal-sign",
    kinds=K,
    at="2100 CLP03",
    fix="Ask the payer: a reversal takes back.",
    piece="payment",
)
def reversal_sign(paid: Paid) -> Iterator[Hit]:
    if paid.clp[2] == "22" and (_number(paid.clp, 3) > 0 or _number(paid.clp, 4) > 0):
        yield Hit(paid.clp, 3, "A reversal takes back: its charge and payment are below zero.")


@rule(
    "cob.negative-payment",
    kinds=K,
    at="2100 CLP04",
    fix="Ask the payer whether it is a reversal.",
    severity="warning",
    piece="payment",
)
def negative_payment(paid: Paid) -> Iterator[Hit]:
    if paid.clp[2] not in ("22", "") and _number(paid.clp, 4) < 0:
        yield Hit(paid.clp, 4, "Money is taken back, and the claim is not called a reversal.")


@rule(
    "codes.reason",
    kinds=K,
    at="2110 CAS02",
    snip=5,
    fix="Look the code up; post by group and amount.",
    piece="payment",
)
def reason(paid: Paid) -> Iterator[Hit]:
    for item, loop in paid.adjustments:
        for place, code, _ in triplets(item):
            if code and not paid.codes.valid("carc", code):
                yield Hit(item, place, f"{code} is no adjustment reason.", loop)


@rule(
    "codes.reason-half",
    kinds=K,
    at="2110 CAS03",
    snip=2,
    fix="A reason and an amount stand together.",
    piece="payment",
)
def reason_half(paid: Paid) -> Iterator[Hit]:
    for item, loop in paid.adjustments:
        for place, code, amount in triplets(item):
            if place > 2 and bool(code) != bool(amount):
                yield Hit(
                    item, place if amount else place + 1, "An adjustment has a reason and an amount.", loop
                )


@rule(
    "codes.reason-of-nothing",
    kinds=K,
    at="2110 CAS03",
    fix="Nothing is to be posted.",
    severity="warning",
    piece="payment",
)
def reason_of_nothing(paid: Paid) -> Iterator[Hit]:
    for item, loop in paid.adjustments:
        for place, code, amount in triplets(item):
            if code and to_number(amount) == 0:
                yield Hit(item, place + 1, "An adjustment of nothing says nothing.", loop)


@rule("codes.remark", kinds=K, at="2110 LQ02", snip=5, fix="Look the code up.", piece="payment")
def remark(paid: Paid) -> Iterator[Hit]:
    for inner in paid.services:
        for item in _own(inner, "LQ"):
            if item[1] == "HE" and item[2] and not paid.codes.valid("rarc", item[2]):
                yield Hit(item, 2, f"{item[2]} is no remark code.")
    for item in paid.by_id.get("MOA", ()):
        for element in range(3, 8):
            if item[element] and not paid.codes.valid("rarc", item[element]):
                yield Hit(item, element, f"{item[element]} is no remark code.", "2100")


@rule(
    "codes.paid-procedure",
    kinds=K,
    at="2110 SVC01",
    snip=5,
    fix="Match the line by its number.",
    piece="payment",
)
def paid_procedure(paid: Paid) -> Iterator[Hit]:
    for inner in paid.services:
        svc = inner.segments[0]
        code = svc.component(1, 2)
        kind = svc.component(1, 1)
        if kind == "HC" and not paid.codes.valid("procedure", code):
            yield Hit(svc, 1, "This is not a procedure code.")
        elif svc[1] and kind not in PROCEDURES:
            yield Hit(svc, 1, "The kind of procedure code is not known here.")


@rule(
    "codes.submitted-is-paid",
    kinds=K,
    at="2110 SVC06",
    fix="Nothing is to be done.",
    severity="note",
    piece="payment",
)
def submitted_is_paid(paid: Paid) -> Iterator[Hit]:
    for inner in paid.services:
        svc = inner.segments[0]
        if svc[6] and svc.components(6)[:6] == svc.components(1)[:6]:
            yield Hit(svc, 6, "The submitted procedure is the paid one: it is named once.")


@rule(
    "dates.service-missing", kinds=K, at="2110 DTM 472", fix="Match the line by its number.", piece="payment"
)
def service_missing(paid: Paid) -> Iterator[Hit]:
    claim_day = any(item[1] in ("232", "233") for item in paid.by_id.get("DTM", ()))
    for inner in paid.services:
        if not claim_day and not _own(inner, "DTM"):
            yield Hit(inner.segments[0], 1, "Neither the line nor the claim says a day of service.")


@rule(
    "dates.paid-before-service-day",
    kinds=K,
    at="2110 DTM02",
    fix="Ask the payer.",
    severity="warning",
    piece="payment",
)
def paid_before_service_day(paid: Paid) -> Iterator[Hit]:
    header = paid.above.header
    bpr = header.first("BPR") if header else None
    paid_on = to_day(bpr[16]) if bpr is not None else None
    for inner in paid.services:
        for item in _own(inner, "DTM"):
            day = to_day(item[2])
            if day and paid_on and day > paid_on:
                yield Hit(item, 2, "The service lies after the payment.")


@rule("providers.paid-npi", kinds=K, at="2100 NM109", snip=5, fix="Look the NPI up.", piece="payment")
def paid_npi(paid: Paid) -> Iterator[Hit]:
    item = paid.named("82")
    if item is not None and item[8] == "XX" and item[9] and not paid.codes.valid("npi", item[9]):
        yield Hit(item, 9, "This is not an NPI: its check digit does not come out.")


@rule("units.paid-units", kinds=K, at="2110 SVC05", fix="Ask the payer.", severity="warning", piece="payment")
def paid_units(paid: Paid) -> Iterator[Hit]:
    for inner in paid.services:
        count = to_number(inner.segments[0][5])
        if count is not None and count < 0 and paid.clp[2] != "22":
            yield Hit(inner.segments[0], 5, "The number of units is below zero.")


@rule("units.paid-cents", kinds=K, at="2100 CLP04", snip=2, fix="Ask the payer.", piece="payment")
def paid_cents(paid: Paid) -> Iterator[Hit]:
    for item, elements, loop in [
        (paid.clp, (3, 4, 5), "2100"),
        *((inner.segments[0], (2, 3), "2110") for inner in paid.services),
    ]:
        for element in elements:
            if len(item[element].partition(".")[2].rstrip("0")) > 2:
                yield Hit(item, element, "An amount has more than two digits of cents.", loop)


# The payment itself: a piece is (header segments by id, remittance totals).


class Whole:
    """A whole 835: its header, the sum of its claims, its PLB segments."""

    def __init__(
        self, header: object, claims: Decimal, beside: list[Segment], codes: object, today: date | None
    ) -> None:
        self.header, self.claims, self.beside, self.codes, self.today = header, claims, beside, codes, today
        self.bpr = header.first("BPR") if header else None  # type: ignore[attr-defined]
        self.trn = header.first("TRN") if header else None  # type: ignore[attr-defined]

    def moved(self) -> Decimal:
        """Return the money that moves beside the claims."""
        return sum((_number(item, place) for item in self.beside for place in range(4, 15, 2)), ZERO)


@rule(
    "balance.transaction",
    kinds=K,
    at="ST BPR02",
    snip=3,
    fix="Park the payment and ask the payer; post no claim twice.",
    piece="whole",
)
def transaction(whole: Whole) -> Iterator[Hit]:
    if whole.bpr is None or not whole.bpr[2]:
        return
    stated = -_number(whole.bpr, 2) if whole.bpr[3] == "D" else _number(whole.bpr, 2)
    expected = whole.claims - whole.moved()
    if stated != expected and whole.bpr[1] != "H":
        told = f"Claims less provider adjustments, and the payment: {differing(expected, stated)}"
        yield Hit(whole.bpr, 2, told)


@rule("balance.nothing-paid", kinds=K, at="ST BPR02", snip=3, fix="Ask the payer.", piece="whole")
def nothing_paid(whole: Whole) -> Iterator[Hit]:
    bpr = whole.bpr
    if bpr is not None and bpr[1] == "H" and _number(bpr, 2) != 0:
        yield Hit(bpr, 2, "The notice pays nothing, and names an amount.")


@rule("coverage.notice-method", kinds=K, at="ST BPR04", fix="Ask the payer.", piece="whole")
def notice_method(whole: Whole) -> Iterator[Hit]:
    bpr = whole.bpr
    if bpr is not None and bpr[1] and bpr[4] and (bpr[1] == "H") != (bpr[4] == "NON"):
        yield Hit(bpr, 4, "A notice without payment (H) and the method NON belong together.")


@rule(
    "providers.bank",
    kinds=K,
    at="ST BPR06",
    fix="Ask the payer: the transfer cannot be matched.",
    severity="warning",
    piece="whole",
)
def bank(whole: Whole) -> Iterator[Hit]:
    bpr = whole.bpr
    if (
        bpr is not None
        and bpr[4] in ("ACH", "FWT", "BOP")
        and not (bpr[7] and bpr[9] and bpr[13] and bpr[15])
    ):
        element = next(place for place in (7, 9, 13, 15) if not bpr[place])
        yield Hit(bpr, element, "A transfer names both banks and both accounts.")


@rule("providers.routing-number", kinds=K, at="ST BPR07", snip=5, fix="Ask the payer.", piece="whole")
def routing_number(whole: Whole) -> Iterator[Hit]:
    bpr = whole.bpr
    for kind, place in ((6, 7), (12, 13)) if bpr is not None else ():
        if bpr is not None and bpr[kind] == "01" and bpr[place] and not is_routing_number(bpr[place]):
            yield Hit(bpr, place, "This is not a bank's routing number.")


@rule(
    "identity.payer-number",
    kinds=K,
    at="ST TRN03",
    fix="1 and the payer's tax number.",
    severity="warning",
    piece="whole",
)
def payer_number(whole: Whole) -> Iterator[Hit]:
    trn = whole.trn
    if trn is not None and len(trn[3]) == 10 and not (trn[3].isdigit() and trn[3][0] in "139"):
        yield Hit(trn, 3, "The payer is named by a 1 and its tax number.")


@rule(
    "identity.payer-numbers-differ",
    kinds=K,
    at="ST BPR10",
    fix="Ask the payer.",
    severity="warning",
    piece="whole",
)
def payer_numbers_differ(whole: Whole) -> Iterator[Hit]:
    bpr, trn = whole.bpr, whole.trn
    if bpr is not None and trn is not None and bpr[10] and trn[3] and bpr[10] != trn[3]:
        yield Hit(bpr, 10, "The payment and its number name two payers.")


@rule("providers.payee-npi", kinds=K, at="1000B N104", snip=5, fix="Look the NPI up.", piece="whole")
def payee_npi(whole: Whole) -> Iterator[Hit]:
    for inner in whole.header.loops:  # type: ignore[attr-defined]
        item = inner.segments[0]
        if inner.id == "1000B" and item[3] == "XX" and item[4] and not whole.codes.valid("npi", item[4]):  # type: ignore[attr-defined]
            yield Hit(item, 4, "This is not an NPI: its check digit does not come out.")


@rule("identity.payee-tax-number", kinds=K, at="1000B N104", fix="Nine digits.", piece="whole")
def payee_tax_number(whole: Whole) -> Iterator[Hit]:
    for inner in whole.header.loops:  # type: ignore[attr-defined]
        item = inner.segments[0]
        if inner.id == "1000B" and item[3] == "FI" and not (len(item[4]) == 9 and item[4].isdigit()):
            yield Hit(item, 4, "A tax number has nine digits.")


@rule("codes.provider-adjustment", kinds=K, at="PLB PLB03", snip=5, fix="Look the code up.", piece="whole")
def provider_adjustment(whole: Whole) -> Iterator[Hit]:
    for item in whole.beside:
        for place in range(3, 14, 2):
            code = item.component(place, 1)
            if item[place] and not whole.codes.valid("plb", code):  # type: ignore[attr-defined]
                yield Hit(item, place, f"{code or 'Nothing'} is no reason for money beside the claims.")


@rule(
    "codes.provider-adjustment-half",
    kinds=K,
    at="PLB PLB04",
    snip=2,
    fix="A reason and an amount stand together.",
    piece="whole",
)
def provider_adjustment_half(whole: Whole) -> Iterator[Hit]:
    for item in whole.beside:
        for place in range(5, 14, 2):
            if bool(item[place]) != bool(item[place + 1]):
                yield Hit(
                    item,
                    place if item[place + 1] else place + 1,
                    "Money beside the claims has a reason and an amount.",
                )


@rule(
    "cob.recovery-without-claim",
    kinds=K,
    at="PLB PLB03",
    fix="Ask the payer which payment is taken back.",
    severity="warning",
    piece="whole",
)
def recovery_without_claim(whole: Whole) -> Iterator[Hit]:
    for item in whole.beside:
        for place in range(3, 14, 2):
            if item.component(place, 1) in ("WO", "FB", "72") and not item.component(place, 2):
                yield Hit(item, place, "Money is taken back, and it is not told for what.")


@rule(
    "dates.paid-in-the-future",
    kinds=K,
    at="ST BPR16",
    fix="Wait for the money.",
    severity="note",
    piece="whole",
)
def paid_in_the_future(whole: Whole) -> Iterator[Hit]:
    day = to_day(whole.bpr[16]) if whole.bpr is not None else None
    if day and whole.today and (day - whole.today).days > 30:
        yield Hit(whole.bpr, 16, "The money comes more than a month after the notice.")  # type: ignore[arg-type]
