"""Payment plans as they stand: how one is kept, what is due, what the banner says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from daysheet.kernel.clock import local_day
from daysheet.kernel.models import Practice
from daysheet.kernel.money import ZERO, say, usd
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.ledger.instalments import Due, Keeping, due_until, keeping
from daysheet.ledger.models import PaymentPlan, PlanPayment


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """A plan that runs, and how it is kept today."""

    plan: PaymentPlan
    dues: tuple[Due, ...]
    keeping: Keeping
    today: date

    @property
    def late_until(self) -> date:
        """Return the last day of an instalment that is late today when it is not paid."""
        return self.today - timedelta(days=self.plan.grace_days + 1)

    @property
    def each(self) -> Decimal:
        """Return the usual instalment."""
        return self.dues[-2].amount if len(self.dues) > 1 + bool(self.plan.down) else self.dues[-1].amount

    @property
    def often(self) -> str:
        """Return such as "$50.00 a month"."""
        words = {
            "week": _("%(amount)s a week"),
            "two_weeks": _("%(amount)s every two weeks"),
            "month": _("%(amount)s a month"),
        }
        return words[self.plan.every] % {"amount": say(self.each)}

    @property
    def words(self) -> str:
        """Return how it is kept, as the desk reads it: plan: $50.00 a month, next Dec 5, kept."""
        held = self.keeping
        if held.state == "done":
            return _("plan: paid")
        facts = {
            "often": self.often,
            "day": f"{held.next_on:%b %-d}",
            "due": say(held.due),
            "late": say(held.late),
        }
        if held.state == "late":
            return _("plan: %(often)s, %(late)s late since %(since)s") % (
                facts | {"since": f"{held.late_since:%b %-d}"}
            )
        if held.state == "due" and held.next_on == self.today:
            return _("plan: %(often)s, %(due)s due today") % facts
        if held.state == "due":
            return _("plan: %(often)s, %(due)s due since %(day)s") % facts
        return _("plan: %(often)s, next %(day)s, kept") % facts

    @property
    def tone(self) -> str:
        """Return how loudly it is said."""
        return {"late": "stop", "due": "attention"}.get(self.keeping.state, "neutral")

    def due_until(self, day: date) -> Decimal:
        """Return what is to be paid under it until a day."""
        return min(due_until(self.dues, self.keeping.paid, day), self.keeping.left)


def read_dues(plan: PaymentPlan) -> tuple[Due, ...]:
    """Return the instalments of a plan as they were agreed."""
    return tuple(Due(date.fromisoformat(on), usd(amount)) for on, amount in plan.dues)


def plan_standing(patient_id: UUID, *, today: date, most: Decimal | None = None) -> PlanStanding | None:
    """Return the plan of a patient that runs, and how it is kept; one statement. `most` is what may be asked at all."""
    row = _counted(PaymentPlan.objects.filter(patient_id=patient_id, state="running")).first()
    return _stands(row, today, most) if row else None


def plan_standings(*, today: date) -> list[PlanStanding]:
    """Return every plan that runs, the latest ones first, then by the day of the next instalment; one statement."""
    rows = _counted(PaymentPlan.objects.filter(state="running")).select_related("patient__balance", "card")
    found = [_stands(row, today, _owed(row)) for row in rows]
    rank = {"late": 0, "due": 1, "kept": 2, "done": 3}
    return sorted(
        found, key=lambda one: (rank[one.keeping.state], one.keeping.next_on or date.max, one.plan.number)
    )


def plans_by_patient(patient_ids: Sequence[UUID]) -> dict[UUID, PlanStanding]:
    """Return the running plan of each of some patients, where there is one, as of today; two statements."""
    rows = _counted(PaymentPlan.objects.filter(patient_id__in=list(patient_ids), state="running"))
    practice = Practice.objects.get(pk=acting_practice_id() or UUID(int=0))
    today = local_day(practice.now(), practice.zone)
    rows = rows.select_related("patient__balance")
    return {row.patient_id: _stands(row, today, _owed(row)) for row in rows}


def payment_plan(plan_id: UUID) -> PaymentPlan | None:
    """Return one plan with its patient, or None."""
    rows = PaymentPlan.objects.select_related("patient", "card", "document", "replaces")
    return _counted(rows).filter(pk=plan_id).first()


def stands(plan: PaymentPlan, *, today: date, most: Decimal | None = None) -> PlanStanding:
    """Return how a plan that was read by `payment_plan` is kept."""
    return _stands(plan, today, most)


def shown_dues(standing: PlanStanding) -> list[tuple[Due, Decimal, str]]:
    """Return each instalment with what was paid of it, and how it stands: paid, late, due or ahead."""
    left, rows = standing.keeping.paid, []
    for one in standing.dues:
        filled = min(left, one.amount)
        left -= filled
        rows.append((one, filled, "paid" if filled == one.amount else _said(one, standing)))
    return rows


def plans_of(patient_id: UUID) -> QuerySet[PaymentPlan]:
    """Return every plan of a patient, the latest first."""
    return PaymentPlan.objects.filter(patient_id=patient_id).order_by("-number")


def filled_by(plan_id: UUID) -> list[PlanPayment]:
    """Return the payments that fill a plan, the earliest first, those taken back among them."""
    rows = PlanPayment.objects.filter(plan_id=plan_id).select_related("payment")
    return list(rows.order_by("payment__received_at", "payment__part"))


def _counted(rows: QuerySet[PaymentPlan]) -> QuerySet[PaymentPlan]:
    money: DecimalField[Decimal, Decimal] = DecimalField(max_digits=12, decimal_places=2)
    standing = Q(fills__payment__voided_at__isnull=True)
    return rows.annotate(
        paid=Coalesce(Sum(F("fills__amount"), filter=standing), Value(ZERO), output_field=money)
    )


def _owed(plan: PaymentPlan) -> Decimal | None:
    balance = getattr(plan.patient, "balance", None)
    return max(balance.owes - balance.credit, ZERO) if balance else None


def _stands(plan: PaymentPlan, today: date, most: Decimal | None) -> PlanStanding:
    dues = read_dues(plan)
    paid: Decimal = getattr(plan, "paid", ZERO)
    held = keeping(dues, paid, today=today, grace=plan.grace_days, most=most)
    return PlanStanding(plan, dues, held, today)


def _said(one: Due, standing: PlanStanding) -> str:
    held = standing.keeping
    if held.late_since is not None and held.late_since <= one.on <= standing.late_until:
        return "late"
    return "due" if one.on <= standing.today else "ahead"
