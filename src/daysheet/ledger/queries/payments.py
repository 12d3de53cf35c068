"""What became of a payment: moved to another account, given back."""

from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from daysheet.kernel.money import ZERO
from daysheet.ledger.models import LedgerEntry, LedgerLine, Payment
from daysheet.ledger.queries.days import MONEY

MOVED = "payment_moved"
GIVEN_BACK = "payment_given_back"


def move_of(payment_id: UUID) -> LedgerEntry | None:
    """Return the entry that moved a payment to another account, while it stands."""
    moves = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.TRANSFER, source_kind=MOVED, reversed_by=None)
    return moves.filter(source_id=payment_id).first()


def paid_by_card(patient_id: UUID) -> Decimal:
    """Return what of a patient's money came by card and did not go back to it."""
    lines = LedgerLine.objects.filter(patient_id=patient_id, account=Payment.Method.CARD)
    return max(lines.aggregate(total=Sum("amount"))["total"] or ZERO, ZERO)


def refund(entry_id: UUID) -> tuple[LedgerEntry, LedgerLine] | None:
    """Return money that went back over the desk, with the line that says how; None where an entry is no such thing."""
    rows = LedgerEntry.objects.filter(pk=entry_id, kind=LedgerEntry.Kind.REFUND)
    entry = rows.exclude(source_kind="card_return").select_related("reversed_by").first()
    line = entry.lines.filter(account__in=MONEY, patient__isnull=False).first() if entry else None
    return (entry, line) if entry and line else None


def given_back_of(payment_id: UUID) -> Decimal:
    """Return what of a payment was given back over the desk, as far as it was not taken back."""
    lines = LedgerLine.objects.filter(entry__source_kind=GIVEN_BACK, entry__source_id=payment_id)
    return -(lines.filter(account__in=MONEY).aggregate(total=Sum("amount"))["total"] or ZERO)
