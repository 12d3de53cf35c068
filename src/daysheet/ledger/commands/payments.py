"""Money over the desk: taken, put to what is owed, given back, voided, bounced."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import say
from daysheet.kernel.numbers import next_number
from daysheet.ledger import queries, rules
from daysheet.ledger.checks import amount_above_zero, no_card_numbers, said_why
from daysheet.ledger.commands.book import Book
from daysheet.ledger.models import Balance, LedgerEntry, Payment
from daysheet.ledger.protected import nothing_if_qmb

DESK_METHODS = (Payment.Method.CASH, Payment.Method.CHECK, Payment.Method.CARD)
PURPOSES = ("copay", "balance", "prepayment")


class NoSuchCredit(Refusal):
    """The patient has less unapplied credit than that."""


class PaymentIsGone(Refusal):
    """The payment was voided or returned, or its day is closed."""


@command(needs=Can.TAKE_PAYMENT)
def take_payment(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    amount: Decimal,
    method: str,
    location_id: UUID | None,
    purpose: str = "balance",
    visit_id: UUID | None = None,
    check_number: str = "",
    card_brand: str = "",
    card_last4: str = "",
    approval: str = "",
    received_on: date | None = None,
) -> Payment:
    """Take money from a patient and give it a receipt number.

    It becomes credit first, then goes to what the patient owes, the oldest service day first; what is
    left stays visible as unapplied credit. A card is taken on the office's own terminal: only brand,
    last four digits and approval number are kept.
    """
    money = amount_above_zero(amount, what="The payment")
    _method_is_told(method, check_number, card_brand, card_last4, approval)
    if purpose not in PURPOSES:
        raise Refusal("Say what the payment is for.", purpose="Say what the payment is for.")
    if purpose == "copay":
        nothing_if_qmb(patient_id, [received_on or queries.posting_day(by.now)])
    book = Book.open(by, [patient_id])
    who = {"patient_id": patient_id, "location_id": location_id, "visit_id": visit_id}
    entry = book.post(
        kind=LedgerEntry.Kind.PAYMENT,
        sides=[rules.debit(method, money, **who), rules.credit("unapplied", money, **who)],
        service_on=received_on or book.day.day,
        memo=purpose,
        source_kind="payment",
    )
    payment = Payment.objects.create(
        number=next_number("receipt"),
        patient_id=patient_id,
        location_id=location_id,
        visit_id=visit_id,
        purpose=purpose,
        method=method,
        amount=money,
        check_number=check_number.strip() if method == "check" else "",
        card_brand=card_brand.strip() if method == "card" else "",
        card_last4=card_last4.strip() if method == "card" else "",
        approval=approval.strip() if method == "card" else "",
        received_on=received_on or book.day.day,
        received_at=by.now,
        by_name=by.name,
        entry=entry,
    )
    record(by, "ledger.payment.taken", payment, amount=money, method=method, receipt=payment.number)
    return payment


@command(needs=Can.TAKE_PAYMENT)
def void_payment(by: Actor, /, *, payment_id: UUID, reason: str) -> Payment:
    """Undo a payment of today by its mirror image; the receipt stays, marked void."""
    payment = Payment.objects.select_related("entry__posting_day").get(pk=payment_id)
    entry = _standing_entry(payment)
    book = Book.open(by, [payment.patient_id])
    if entry.posting_day_id != book.day.pk:
        raise PaymentIsGone(
            "That payment is of an earlier day. Refund it instead, or mark its check as returned."
        )
    book.reverse(entry, reason=reason)
    return _marked_gone(by, payment, "voided", reason)


@command(needs=Can.ADJUST)
def return_check(by: Actor, /, *, payment_id: UUID, reason: str) -> Payment:
    """Record that the bank gave a check back: what it had paid is owed again."""
    payment = Payment.objects.select_related("entry").get(pk=payment_id)
    entry = _standing_entry(payment)
    if payment.method != Payment.Method.CHECK:
        raise Refusal("Only a check can come back from the bank.")
    book = Book.open(by, [payment.patient_id])
    book.reverse(entry, reason=reason, kind=LedgerEntry.Kind.RETURNED_CHECK)
    return _marked_gone(by, payment, "returned", reason)


@command(needs=Can.REFUND)
def refund(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    amount: Decimal,
    method: str,
    reason: str,
    location_id: UUID | None = None,
) -> LedgerEntry:
    """Give unapplied credit back to the patient. Raises NoSuchCredit beyond what there is."""
    money = amount_above_zero(amount, what="The refund")
    why = said_why(reason)
    if method not in DESK_METHODS:
        raise Refusal("Say how the money goes back.", method="Choose cash, check or card.")
    book = Book.open(by, [patient_id])
    there = Balance.objects.get(patient_id=patient_id).credit
    if money > there:
        sentence = f"The account holds {say(there)} of credit, less than {say(money)}."
        raise NoSuchCredit(sentence, amount=sentence)
    who = {"patient_id": patient_id, "location_id": location_id, "reason_code": why}
    entry = book.post(
        kind=LedgerEntry.Kind.REFUND,
        sides=[rules.debit("unapplied", money, **who), rules.credit(method, money, **who)],
        memo=why,
        service_on=book.day.day,
    )
    record(
        by,
        "ledger.payment.refunded",
        entry,
        patients=[patient_id],
        amount=money,
        method=method,
        reason=reason,
    )
    return entry


def _method_is_told(method: str, check_number: str, card_brand: str, card_last4: str, approval: str) -> None:
    no_card_numbers(
        check_number=check_number, card_brand=card_brand, card_last4=card_last4, approval=approval
    )
    if method not in DESK_METHODS:
        raise Refusal("Choose cash, check or card.", method="Choose cash, check or card.")
    if method == Payment.Method.CHECK and not check_number.strip():
        raise Refusal("Type the number of the check.", check_number="Type the number of the check.")
    if method == Payment.Method.CARD:
        last4 = card_last4.strip()
        if not (len(last4) == 4 and last4.isascii() and last4.isdigit()):
            raise Refusal("Type the last four digits of the card.", card_last4="Type four digits.")
        if not approval.strip():
            raise Refusal(
                "Type the approval number of the terminal.", approval="It stands on the terminal's slip."
            )


def _standing_entry(payment: Payment) -> LedgerEntry:
    if payment.entry is None:
        raise PaymentIsGone("A plan's payment is taken back by the plan's own remittance.")
    if payment.voided_at:
        raise PaymentIsGone("That payment was taken back already.")
    return payment.entry


def _marked_gone(by: Actor, payment: Payment, how: str, reason: str) -> Payment:
    payment.voided_at = by.now
    payment.void_reason = reason.strip()
    payment.save(update_fields=["voided_at", "void_reason"])
    record(by, f"ledger.payment.{how}", payment, amount=payment.amount, receipt=payment.number, reason=reason)
    return payment
