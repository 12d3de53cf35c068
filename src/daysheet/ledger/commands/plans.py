"""What a plan's remittance says, put into the book: once, claim by claim, balanced."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, say, usd
from daysheet.kernel.numbers import next_number
from daysheet.ledger import followers, queries, rules
from daysheet.ledger.commands.book import Book
from daysheet.ledger.models import LedgerEntry, LedgerLine, Payment
from daysheet.ledger.rules import PlanClaim, PlanPosting, Side

PLAN_METHODS = ("eft", "check")
TAKEN_BACK = " taken back"
NOTHING_TO_GIVE_UP = "The plan took its answer back: there is nothing to give up."


class NotAPlansPosting(Refusal):
    """The entry is not what a remittance posted."""


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
    received_on: date | None = None,
) -> LedgerEntry | None:
    """Put one remitted claim into the book: paid, taken off, left to the patient; once by its key.

    A plan's reversal (CLP02 22) comes with all figures negated and is an entry of its own. The patient's
    credit is put to the share that becomes known. Nothing to post (all zero): None. With the day on which the
    plan paid, the deposit of the payment grows by the claim: one that is posted after its neighbours.
    """
    claim = PlanClaim(source_key, postings, source_id, is_reversal)
    before = LedgerEntry.objects.filter(source_key=source_key).exists()
    entry = _post_claim(by, payer_id=payer_id, trace=trace, claim=claim, method=method)
    if received_on and entry and not before:
        paid = sum((posting.paid for posting in postings), ZERO)
        _move_deposit(by, payer_id=payer_id, trace=trace, paid=paid, received_on=received_on, method=method)
    return entry


@command(needs=Can.POST_REMITTANCES)
def take_back_remitted_claim(by: Actor, /, *, entry_id: UUID, reason: str) -> LedgerEntry:
    """Take a whole remitted claim out of the book again by its mirror image; its deposit shrinks by it.

    It posts today, or on the next open day. Raises NotAPlansPosting, EntryIsReversed, and OthersStandOnIt when
    part of what it left to the patient was moved or written off since.
    """
    entry = LedgerEntry.objects.get(pk=entry_id)
    if entry.kind != LedgerEntry.Kind.INSURANCE_PAYMENT:
        raise NotAPlansPosting("No remittance posted this. Take it back on the account.")
    lines = list(entry.lines.all())
    patients = sorted({line.patient_id for line in lines if line.patient_id})
    book = Book.open(by, patients)
    trace = entry.memo.removesuffix(TAKEN_BACK)
    mirrored = book.reverse(entry, reason=reason, memo=f"{trace}{TAKEN_BACK}")
    money = [line for line in lines if line.account in PLAN_METHODS]
    if money:
        paid = sum((line.amount for line in money), ZERO)
        _move_deposit(
            by,
            payer_id=money[0].payer_id,
            trace=trace,
            paid=-paid,
            received_on=book.day.day,
            method=money[0].account,
        )
    record(
        by,
        "ledger.remitted-claim.taken-back",
        mirrored,
        patients=patients,
        reverses=entry.number,
        reason=reason,
    )
    return mirrored


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
    _take_back_given_up(book, patients, sides)
    entry = book.post(
        kind=LedgerEntry.Kind.INSURANCE_PAYMENT,
        sides=sides,
        service_on=next((posting.service_on for posting in claim.postings if posting.service_on), None),
        memo=f"{trace}{TAKEN_BACK}" if claim.is_reversal else trace,
        source_kind="claim",
        source_id=claim.source_id or next((posting.claim_id for posting in claim.postings), None),
        source_key=claim.source_key,
    )
    paid = sum((posting.paid for posting in claim.postings), ZERO)
    record(by, "ledger.remitted-claim.posted", entry, patients=patients, paid=paid, trace=trace)
    return entry


def _take_back_given_up(book: Book, patients: Sequence[UUID], sides: Sequence[Side]) -> None:
    """Take back what the office gave up or moved of a share that the plan takes back; the rest of it stays given up.

    Else it would become credit that nobody paid.
    """
    for patient_id in patients:
        theirs = [side for side in sides if side.account == "patient" and side.patient_id == patient_id]
        missing = rules.made_up(queries.items(patient_id), theirs)
        for entry in queries.given_up(patient_id) if missing else ():
            told = [queries.side_of(line) for line in sorted(entry.lines.all(), key=lambda one: one.pk)]
            off = {rules.item_key(side): -side.amount for side in told if side.account == "patient"}
            given = {key: min(off[key], missing[key]) for key in off.keys() & missing.keys()}
            from_plan = [side.turned() for side in told if side.account == "insurance"]
            if not any(given.values()) or rules.made_up(queries.items(patient_id, "insurance"), from_plan):
                continue
            book.reverse(entry, reason=NOTHING_TO_GIVE_UP)
            if left := rules.without(told, given):
                book.post(
                    kind=entry.kind,
                    sides=left,
                    service_on=left[0].service_on,
                    memo=entry.memo,
                    source_kind=entry.source_kind,
                    source_id=entry.source_id,
                )
            missing = {key: amount - given.get(key, ZERO) for key, amount in missing.items()}
            followers.tell(book.by, [side.visit_id for side in told])


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


def _move_deposit(
    by: Actor, *, payer_id: UUID | None, trace: str, paid: Decimal, received_on: date, method: str
) -> None:
    """Keep a plan's deposit in step with its claims: it grows, shrinks, begins, or is gone when nothing is left."""
    if payer_id is None or paid == 0:
        return
    deposit = Payment.objects.filter(payer_id=payer_id, trace=trace).first()
    stands = deposit is not None and deposit.voided_at is None
    now = deposit.amount + paid if deposit and stands else _booked(payer_id, trace)
    if deposit is None:
        _deposit(by, payer_id=payer_id, amount=now, trace=trace, received_on=received_on, method=method)
        return
    if now > 0:
        deposit.amount, deposit.voided_at, deposit.void_reason = now, None, ""
    elif stands:
        deposit.voided_at, deposit.void_reason = by.now, "Every claim of it was taken back."
    deposit.save(update_fields=["amount", "voided_at", "void_reason"])
    record(by, "ledger.deposit.moved", deposit, by_amount=paid, amount=max(now, ZERO), trace=trace)


def _booked(payer_id: UUID, trace: str) -> Decimal:
    """Return what the book holds of a plan's payment."""
    lines = LedgerLine.objects.filter(payer_id=payer_id, account__in=PLAN_METHODS)
    told = lines.filter(entry__memo__in=(trace, f"{trace}{TAKEN_BACK}"))
    return told.aggregate(total=Sum("amount"))["total"] or ZERO
