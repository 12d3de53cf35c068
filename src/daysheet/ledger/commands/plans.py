"""What a plan's remittance says, put into the book: once, claim by claim, balanced."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, say, usd
from daysheet.kernel.numbers import next_number
from daysheet.ledger import rules
from daysheet.ledger.commands.book import Book
from daysheet.ledger.models import LedgerEntry, Payment
from daysheet.ledger.rules import PlanClaim, PlanPosting

PLAN_METHODS = ("eft", "check")


class RemittanceDoesNotBalance(Refusal):
    """What the plan paid is not what its claims and provider-level adjustments say."""


@command(needs=Can.POST_REMITTANCES)
def post_remitted_claim(
    by: Actor,
    /,
    *,
    payer_id: UUID,
    trace: str,
    postings: Sequence[PlanPosting],
    source_key: str,
    method: str = "eft",
    source_id: UUID | None = None,
    is_reversal: bool = False,
) -> LedgerEntry | None:
    """Put one remitted claim into the book: paid, taken off, left to the patient; once by its key.

    A plan's reversal (CLP02 22) comes with all figures negated and is an entry of its own. The patient's
    credit is put to the share that becomes known. Nothing to post (all zero): None.
    """
    claim = PlanClaim(source_key, postings, source_id, is_reversal)
    return _post_claim(by, payer_id=payer_id, trace=trace, claim=claim, method=method)


@command(needs=Can.POST_REMITTANCES)
def post_provider_level(
    by: Actor,
    /,
    *,
    payer_id: UUID,
    trace: str,
    amount: Decimal,
    source_key: str,
    reason_code: str = "",
    method: str = "eft",
    source_id: UUID | None = None,
) -> LedgerEntry | None:
    """Put a provider-level adjustment (PLB) into the book; above zero it lowers the payment, as on the wire."""
    money = usd(amount)
    book = Book.open(by)
    if before := book.posted_before(source_key):
        record(by, "ledger.provider-level.seen-again", before)
        return before
    if money == ZERO:
        record(by, "ledger.provider-level.nothing-to-post", trace=trace)
        return None
    who = {"payer_id": payer_id, "reason_code": reason_code}
    entry = book.post(
        kind=LedgerEntry.Kind.ADJUSTMENT,
        sides=[rules.signed("provider_level", money, **who), rules.signed(method, -money, **who)],
        service_on=book.day.day,
        memo=trace,
        source_kind="remittance",
        source_id=source_id,
        source_key=source_key,
    )
    record(by, "ledger.provider-level.posted", entry, amount=money, trace=trace)
    return entry


@command(needs=Can.POST_REMITTANCES)
def post_plan_payment(
    by: Actor,
    /,
    *,
    payer_id: UUID,
    amount: Decimal,
    trace: str,
    received_on: date,
    lines: Sequence[PlanClaim],
    source_key: str,
    provider_level: Decimal = ZERO,
    method: str = "eft",
) -> Payment | None:
    """Put a plan's whole payment into the book: its claims, its provider-level part, its deposit.

    Claims that were posted before are left as they are. Returns the deposit, or None when the plan paid nothing.
    Raises RemittanceDoesNotBalance when the parts are not the amount.
    """
    money = usd(amount)
    if method not in PLAN_METHODS:
        raise Refusal("A plan pays by electronic transfer or by check.")
    claimed = sum((posting.paid for claim in lines for posting in claim.postings), ZERO)
    off = claimed - usd(provider_level) - money
    if off != 0:
        raise RemittanceDoesNotBalance(
            f"The claims say {say(claimed)}, less {say(usd(provider_level))} at provider level; "
            f"the plan paid {say(money)}. That is {say(abs(off))} apart."
        )
    patients = sorted({posting.patient_id for claim in lines for posting in claim.postings})
    Book.open(by, patients)
    for claim in lines:
        _post_claim(by, payer_id=payer_id, trace=trace, claim=claim, method=method)
    if provider_level:
        post_provider_level(
            by,
            payer_id=payer_id,
            trace=trace,
            amount=provider_level,
            source_key=f"{source_key}/plb",
            method=method,
        )
    payment = _deposit(
        by, payer_id=payer_id, amount=money, trace=trace, received_on=received_on, method=method
    )
    record(
        by,
        "ledger.plan-payment.posted",
        payment,
        patients=patients,
        amount=money,
        trace=trace,
        claims=len(lines),
    )
    return payment


def _post_claim(
    by: Actor, *, payer_id: UUID, trace: str, claim: PlanClaim, method: str
) -> LedgerEntry | None:
    patients = sorted({posting.patient_id for posting in claim.postings})
    book = Book.open(by, patients)
    if before := book.posted_before(claim.source_key):
        record(by, "ledger.remitted-claim.seen-again", before, patients=patients)
        return before
    sides = [
        side
        for posting in claim.postings
        for side in rules.plan_sides(posting, payer_id=payer_id, money=method)
    ]
    if all(side.amount == 0 for side in sides):
        record(by, "ledger.remitted-claim.nothing-to-post", patients=patients, trace=trace)
        return None
    entry = book.post(
        kind=LedgerEntry.Kind.INSURANCE_PAYMENT,
        sides=sides,
        service_on=next((posting.service_on for posting in claim.postings if posting.service_on), None),
        memo=f"{trace} taken back" if claim.is_reversal else trace,
        source_kind="claim",
        source_id=claim.source_id or next((posting.claim_id for posting in claim.postings), None),
        source_key=claim.source_key,
    )
    paid = sum((posting.paid for posting in claim.postings), ZERO)
    record(by, "ledger.remitted-claim.posted", entry, patients=patients, paid=paid, trace=trace)
    return entry


def _deposit(
    by: Actor, *, payer_id: UUID, amount: Decimal, trace: str, received_on: date, method: str
) -> Payment | None:
    before = Payment.objects.filter(payer_id=payer_id, trace=trace).first()
    if before or amount <= 0:
        return before
    return Payment.objects.create(
        number=next_number("receipt"),
        payer_id=payer_id,
        purpose="remittance",
        method=method,
        amount=amount,
        trace=trace,
        check_number=trace if method == "check" else "",
        received_on=received_on,
        received_at=by.now,
        by_name=by.name,
    )
