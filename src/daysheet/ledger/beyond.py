"""What of a payment goes beyond what was due, and stays as credit."""

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Sum

from daysheet.coverage import copays
from daysheet.coverage import queries as coverage
from daysheet.kernel.money import ZERO
from daysheet.ledger import queries
from daysheet.ledger.asking import visit_known
from daysheet.ledger.models import LedgerEntry, LedgerLine, Payment
from daysheet.ledger.protected import paid_for

CREDIT_ALREADY = frozenset({"prepayment", "plan"})
"""What money may be for that is never over: all of it is credit, or no more is taken than is left."""


def stays_as_credit(parts: Sequence[Payment], *, due: Decimal, credit: Decimal) -> Decimal:
    """Return what of a payment just taken stays as credit: of what was `due`, where the account held some `credit`."""
    payment = parts[0]
    if payment.purpose in CREDIT_ALREADY or payment.patient_id is None:
        return ZERO
    over = sum((one.amount for one in parts), ZERO) - due
    more = queries.balance(payment.patient_id).credit - credit
    return max(min(over, more), ZERO)


def found_as_credit(parts: Sequence[Payment]) -> Decimal:
    """Return what of a payment stays as credit, as the book shows it: neither put to a debt, nor due as a copay."""
    payment = parts[0]
    standing = [one for one in parts if one.voided_at is None]
    if payment.purpose in CREDIT_ALREADY or payment.patient_id is None or not standing:
        return ZERO
    put = LedgerLine.objects.filter(
        entry__kind=LedgerEntry.Kind.APPLY,
        entry__source_kind="payment",
        entry__source_id__in=[one.pk for one in standing],
        account="unapplied",
    )
    kept = sum((one.kept for one in standing), ZERO)
    left = kept - (put.aggregate(all=Sum("amount"))["all"] or ZERO)
    if payment.purpose == "copay":
        left -= max(_copay_of(payment) - (paid_for(payment.visit_id) - kept), ZERO)
    return max(min(left, queries.balance(payment.patient_id).credit), ZERO)


def _copay_of(payment: Payment) -> Decimal:
    """Return what was due as the copay, less the credit that counts for it."""
    visit_id = payment.visit_id
    known = visit_known(visit_id) if visit_id else None
    day = known[1] if known else payment.received_on
    service = copays.of_visit(visit_id)
    copay, _source = coverage.copay_due(payment.patient_id, day, service=service)  # type: ignore[arg-type]
    return max((copay or ZERO) - queries.free_credit(payment.patient_id, visit_id), ZERO)  # type: ignore[arg-type]
