"""What became of a payment: moved to another account, given back."""

from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from daysheet.kernel.money import ZERO
from daysheet.ledger.models import LedgerEntry, LedgerLine
from daysheet.ledger.queries.days import MONEY

MOVED = "payment_moved"
GIVEN_BACK = "payment_given_back"


def move_of(payment_id: UUID) -> LedgerEntry | None:
    """Return the entry that moved a payment to another account, while it stands."""
    moves = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.TRANSFER, source_kind=MOVED, reversed_by=None)
    return moves.filter(source_id=payment_id).first()


def given_back_of(payment_id: UUID) -> Decimal:
    """Return what of a payment was given back over the desk, as far as it was not taken back."""
    lines = LedgerLine.objects.filter(entry__source_kind=GIVEN_BACK, entry__source_id=payment_id)
    return -(lines.filter(account__in=MONEY).aggregate(total=Sum("amount"))["total"] or ZERO)
