"""A payment that was put to the wrong account and found later: moved to the right one, or given back."""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.money import ZERO, say
from daysheet.ledger import followers, queries, rules
from daysheet.ledger.checks import amount_above_zero, said_why
from daysheet.ledger.commands.book import Book
from daysheet.ledger.commands.filling import PlanPart
from daysheet.ledger.commands.payments import (
    MoreThanWasTaken,
    PaymentIsGone,
    _behind_the_lock,
    _came_by_card,
    _gave_back,
    _must_be_there,
)
from daysheet.ledger.models import CardCharge, LedgerEntry, Payment
from daysheet.ledger.queries.payments import MOVED


@command(needs=Can.ADJUST)
def move_payment(by: Actor, /, *, payment_id: UUID, to_id: UUID, reason: str) -> LedgerEntry:
    """Put a payment that was taken on the wrong account, with all of its receipt, to the account of another patient.

    No money moves: what it had paid is owed again there, and the oldest is paid here. It counts for no visit any more.
    It is taken back by reversing its entry. Returns the last entry. Raises PaymentIsGone.
    """
    why = said_why(reason)
    book, payment, _entry = _behind_the_lock(by, payment_id, also=to_id)
    if payment.patient_id is None or payment.patient_id == to_id:
        sentence = _("It stands on that account already.")
        raise PaymentIsGone(sentence, chart=sentence)
    parts = [one for one in queries.payments_on_receipt(payment.number) if not one.voided_at and one.kept]
    if CardCharge.objects.filter(payment__in=parts, state=CardCharge.State.RETURNING).exists():
        raise PaymentIsGone(_("Its card is being given back. Wait for the card company."))
    _must_be_there(payment.patient_id, sum((one.kept for one in parts), ZERO))
    entries = [_moved(book, one, to_id, why) for one in parts]
    if not entries:
        raise PaymentIsGone(_("All of it was given back already."))
    return entries[-1]


@command(needs=Can.REFUND)
def refund_payment(
    by: Actor,
    /,
    *,
    payment_id: UUID,
    amount: Decimal,
    method: str,
    reason: str,
    location_id: UUID | None = None,
    number: str = "",
) -> LedgerEntry:
    """Give a payment of an earlier day back, or a part of it: what it had paid is owed again.

    Raises PaymentIsGone, MoreThanWasTaken beyond what is left of it or where the card company is to give it back.
    """
    money = amount_above_zero(amount, what=_("The refund"))
    book, payment, _entry = _behind_the_lock(by, payment_id)
    left = payment.kept - queries.given_back_of(payment.pk)
    if money > left:
        sentence = _("Only %(left)s is left of that payment.") % {"left": say(left)}
        raise MoreThanWasTaken(sentence, amount=sentence)
    if getattr(payment, "card_charge", None):
        raise MoreThanWasTaken(_("The card company took this. Give it back on the page of the card payment."))
    if method == Payment.Method.CARD:
        _came_by_card(left if payment.method == Payment.Method.CARD else ZERO, money)
    _must_be_there(payment.patient_id, money)
    entry = _gave_back(
        book, payment.patient_id, money, method, reason, location_id, payment=payment, number=number
    )
    PlanPart.lower(by, payment, most=left - money)
    return entry


def _stands_again(by: Actor, move: LedgerEntry) -> None:
    """Let a payment whose move was taken back count for the visit for which it was taken."""
    payment = Payment.objects.select_related("entry").filter(pk__in=[move.source_id]).first()
    taken_for = payment.entry.lines.exclude(visit_id=None).first() if payment and payment.entry else None
    if payment is None or taken_for is None:
        return
    payment.visit_id = taken_for.visit_id
    payment.save(update_fields=["visit_id"])
    record(by, "ledger.payment.stands-again", payment, receipt=payment.number, visit=str(payment.visit_id))
    followers.tell_came_back(by, [payment])


def _moved(book: Book, payment: Payment, to_id: UUID, why: str) -> LedgerEntry:
    at = {"location_id": payment.location_id}
    entry = book.post(
        kind=LedgerEntry.Kind.TRANSFER,
        sides=[
            rules.debit("unapplied", payment.kept, patient_id=payment.patient_id, **at),
            rules.credit("unapplied", payment.kept, patient_id=to_id, **at),
        ],
        service_on=payment.received_on,
        memo=why,
        source_kind=MOVED,
        source_id=payment.pk,
    )
    PlanPart.lower(book.by, payment, most=ZERO)
    visit_id, payment.visit_id = payment.visit_id, None
    payment.save(update_fields=["visit_id"])
    record(
        book.by,
        "ledger.payment.moved",
        entry,
        patients=[one for one in (payment.patient_id, to_id) if one],
        receipt=payment.number,
        amount=payment.kept,
        visit=str(visit_id or ""),
        reason=why,
    )
    payment.visit_id = visit_id  # whoever follows asks which visit it was for
    followers.tell_went_back(book.by, payment.patient_id, [payment])
    payment.visit_id = None
    return entry
