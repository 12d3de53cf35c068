"""Which part of a payment fills the payment plan of the patient; called while the book is locked."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Self
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, say
from daysheet.ledger import queries
from daysheet.ledger.asking import asking
from daysheet.ledger.models import Payment, PaymentPlan, PlanPayment
from daysheet.ledger.queries import PlanStanding

PLAN = "plan"


class MoreThanThePlan(Refusal):
    """There is no plan to pay, or less is left of it."""


@dataclass(frozen=True, slots=True)
class PlanPart:
    """What of a payment fills which plan, seen before the payment is posted."""

    standing: PlanStanding | None = None
    amount: Decimal = ZERO

    @classmethod
    def of(cls, by: Actor, patient_id: UUID, purpose: str, amount: Decimal) -> Self:
        """Return the plan that a payment fills, and by how much.

        A payment said to be for the plan fills it whole. One for the balance pays first what is not under the plan.
        Raises MoreThanThePlan.
        """
        runs = PaymentPlan.objects.filter(patient_id=patient_id, state="running")
        if purpose not in {PLAN, "balance"} or (purpose == "balance" and not runs.exists()):
            return cls()
        may_ask = asking(patient_id).may_ask
        standing = queries.plan_standing(patient_id, today=queries.posting_day(by.now), most=may_ask)
        if purpose == "balance":
            left = standing.keeping.left if standing else ZERO
            return cls(standing, min(max(amount - (may_ask - left), ZERO), left))
        if standing is None:
            sentence = _("No payment plan runs on this account. Take it as a payment of the balance.")
            raise MoreThanThePlan(sentence)
        if amount > standing.keeping.left:
            sentence = _("Only %(left)s is left of the plan.") % {"left": say(standing.keeping.left)}
            raise MoreThanThePlan(sentence, amount=sentence)
        return cls(standing, amount)

    @classmethod
    def again(cls, by: Actor, payment: Payment, amount: Decimal) -> Self:
        """Return what fills which plan of an amount of a payment that comes back, as if it were taken now.

        More than is left of the plan is no fault then: the rest pays the balance.
        """
        patient_id, purpose = payment.patient_id, payment.purpose
        if patient_id is None:
            return cls()
        if purpose != PLAN:
            return cls.of(by, patient_id, purpose, amount)
        may_ask = asking(patient_id).may_ask
        standing = queries.plan_standing(patient_id, today=queries.posting_day(by.now), most=may_ask)
        return cls(standing, min(amount, standing.keeping.left if standing else ZERO))

    def raise_to(self, by: Actor, payment: Payment) -> None:
        """Let a payment of which a part came back fill its plan by so much more."""
        if self.standing is None or self.amount <= ZERO:
            return
        held, is_new = PlanPayment.objects.get_or_create(
            payment=payment, defaults={"plan": self.standing.plan, "amount": self.amount}
        )
        if not is_new and held.plan_id == self.standing.plan.pk:
            held.amount = min(held.amount + self.amount, payment.amount)
            held.save(update_fields=["amount"])
        record(by, "ledger.plan.filled", held.plan, amount=self.amount)

    def fill(self, by: Actor, payments: Sequence[Payment]) -> None:
        """Put the part to the plan, payment by payment."""
        if self.standing is None or self.amount <= ZERO:
            return
        left = self.amount
        for payment in payments:
            filled = min(left, payment.amount)
            if filled > ZERO:
                PlanPayment.objects.create(plan=self.standing.plan, payment=payment, amount=filled)
                left -= filled
        record(by, "ledger.plan.filled", self.standing.plan, amount=self.amount)

    @staticmethod
    def lower(by: Actor, payment: Payment, *, most: Decimal) -> None:
        """Let a payment of which a part went back fill no more of its plan than is left of it."""
        held = PlanPayment.objects.filter(payment=payment, amount__gt=most).first()
        if held is None:
            return
        if most > ZERO:
            held.amount = most
            held.save(update_fields=["amount"])
        else:
            held.delete()
        record(by, "ledger.plan.filled-less", held.plan, amount=most)
