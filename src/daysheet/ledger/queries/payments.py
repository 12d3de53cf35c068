"""What became of a payment: moved to another account, given back."""

from decimal import Decimal
from uuid import UUID

from django.db.models import DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from daysheet.kernel.money import ZERO
from daysheet.ledger.models import LedgerEntry, LedgerLine, Payment
from daysheet.ledger.queries.days import MONEY

MOVED = "payment_moved"
GIVEN_BACK = "payment_given_back"


def over_the_desk() -> Combinable:
    """Return, for use beside payments, what of each was given back over the desk and not taken back."""
    back = LedgerLine.objects.filter(
        entry__source_kind=GIVEN_BACK, entry__source_id=OuterRef("pk"), account__in=MONEY
    )
    sums = back.order_by().values("entry__source_id").annotate(back=ZERO - Sum("amount")).values("back")
    return Coalesce(Subquery(sums), ZERO, output_field=DecimalField(max_digits=12, decimal_places=2))


def still_kept() -> Combinable:
    """Return, for use beside payments, what of each has gone back neither to its card nor over the desk."""
    return F("amount") - Coalesce(F("card_charge__returned"), ZERO) - over_the_desk()


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
