"""What a patient may pay alone, on the own phone: which sums, with which cards, and what has become of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from daysheet.frontdesk.checkin import Money, money_ahead, money_of
from daysheet.kernel.errors import Refusal
from daysheet.ledger import queries as books
from daysheet.ledger.models import CardCharge, SavedCard
from daysheet.ledger.protected import no_more_than_allowed
from daysheet.portal import queries, rules
from daysheet.portal.models import SelfCheckIn

DESK, PAGE, CARD = "desk", "page", "card-"
"""How it is paid: at the desk, on the company's own page, or with a kept card, whose id stands behind the word."""


@dataclass(frozen=True, slots=True)
class Payable:
    """What can be paid alone: the whole, and the copay alone where something is owed from before."""

    copay: Decimal
    old: Decimal
    purpose: str
    visit_id: UUID | None
    cards: Sequence[SavedCard]

    @property
    def sums(self) -> list[Decimal]:
        """Return the sums to choose from, the whole first."""
        return [self.copay + self.old, *([self.copay] if self.copay and self.old else [])]


def payable(row: SelfCheckIn, today: date) -> Payable | None:
    """Return what a patient may pay on the own phone; None where nothing is, or where the desk must ask for it.

    Before the arrival it is money paid ahead. Nothing is offered to whom a rule protects from being asked.
    """
    if not row.is_phone or row.said.get(rules.ALSO) or books.card_door().company == "none":
        return None
    money = _money(row)
    if money is None or not money.to_take:
        return None
    copay, old = money.copay_left, money.to_take - money.copay_left
    purpose = "copay" if row.visit_id else "prepayment" if copay else "balance"
    day = row.visit.service_on if row.visit else row.appointment.on_day if row.appointment else today
    try:
        no_more_than_allowed(row.patient_id, purpose, copay + old, day=day, visit_id=row.visit_id)
    except Refusal:
        return None
    cards = list(books.saved_cards(row.patient_id)[:5])
    return Payable(copay, old, purpose, row.visit_id, cards)


def paid_alone(row: SelfCheckIn) -> CardCharge | None:
    """Return what the patient paid, or tried to pay last, in this own check-in."""
    return next(iter(books.own_payments_of(row.pk, row.patient_id)), None)


def _money(row: SelfCheckIn) -> Money | None:
    if row.visit:
        return money_of(row.visit)
    booked = queries.appointment_of(row)
    return money_ahead(booked) if booked else None
