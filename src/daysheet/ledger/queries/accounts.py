"""What a patient's account holds: the balance, the items owed, the lines."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from daysheet.kernel.money import ZERO
from daysheet.kernel.ready import Ready, Told
from daysheet.ledger.ahead import set_against, without_a_charge
from daysheet.ledger.models import Balance, LedgerEntry, LedgerLine, Payment, PaymentPlan, Statement
from daysheet.ledger.queries.agreements import plans_by_patient
from daysheet.ledger.queries.payments import over_the_desk, still_kept
from daysheet.ledger.rules import Item, PatientLine, Side, items_of, made_up, mirror

OWN_KINDS = (LedgerEntry.Kind.APPLY,)
SIDE_FIELDS = (
    "account",
    "amount",
    "patient_id",
    "payer_id",
    "provider_id",
    "location_id",
    "visit_id",
    "charge_id",
    "claim_id",
    "service_on",
    "group_code",
    "reason_code",
    "drawer_id",
    "is_own",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account holds: due from plans, owed by the patient, unapplied credit."""

    insurance: Decimal = ZERO
    owes: Decimal = ZERO
    credit: Decimal = ZERO
    no_checks: str = ""
    """Why the desk takes no check; empty while it does."""


@dataclass(frozen=True, slots=True)
class ChargeBalance:
    """What is still due for a charge, and from whom."""

    insurance: Decimal = ZERO
    patient: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Return what is due from both."""
        return self.insurance + self.patient


def balance(patient_id: UUID) -> Standing:
    """Return what the patient's account holds; all zero for one who never had a charge."""
    row = Balance.objects.filter(patient_id=patient_id).first()
    return Standing(row.insurance, row.owes, row.credit, row.no_checks) if row else Standing()


def free_credit(patient_id: UUID, visit_id: UUID | None = None) -> Decimal:
    """Return what of a patient's credit is for no other visit and may be set against the copay of this one.

    What was paid for this visit counts for it already; what was paid for another, or set against its copay, waits
    there until its plan has answered. What was paid for a visit that came to nothing waits for no plan. A few
    statements more, and only where there is credit.
    """
    credit = balance(patient_id).credit
    if credit <= 0:
        return ZERO
    ended = without_a_charge(patient_id) - {visit_id}
    kept = {one: amount for one, amount in _kept_for_visits(patient_id).items() if one not in ended}
    for one, amount in set_against(patient_id).items():
        if one != visit_id and one not in ended:
            kept[one] = kept.get(one, ZERO) + amount
    sums: dict[tuple[UUID | None, str], Decimal] = {
        (one, account): total
        for one, account, total in LedgerLine.objects.filter(
            patient_id=patient_id, visit_id__in=list(kept), account__in=("insurance", "charges")
        )
        .values_list("visit_id", "account")
        .annotate(total=Sum("amount"))
    }
    waiting = sum(
        (
            amount
            for one, amount in kept.items()
            if one == visit_id or not sums.get((one, "charges")) or sums.get((one, "insurance"), ZERO) > 0
        ),
        ZERO,
    )
    return max(credit - waiting, ZERO)


def _kept_for_visits(patient_id: UUID) -> dict[UUID, Decimal]:
    """Return, by visit, what was paid for it and is kept, less what of it was put to older debts as it was taken."""
    paid = Payment.objects.filter(patient_id=patient_id, voided_at__isnull=True, visit_id__isnull=False)
    rows = list(paid.values_list("pk", "visit_id", still_kept()))
    applied = dict(
        LedgerLine.objects.filter(
            entry__kind=LedgerEntry.Kind.APPLY,
            entry__source_kind="payment",
            entry__source_id__in=[row[0] for row in rows],
        )
        .filter(account="unapplied")
        .values_list("entry__source_id")
        .annotate(total=Sum("amount"))
        .order_by()
    )
    kept: dict[UUID, Decimal] = {}
    for payment_id, visit_id, amount in rows:
        if visit_id:
            left = max(amount - max(applied.get(payment_id, ZERO), ZERO), ZERO)
            kept[visit_id] = kept.get(visit_id, ZERO) + left
    return kept


def banner_part(patient_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return what the banner says of money: owes and credit, for each of the patients."""
    found = {row.patient_id: row for row in BALANCES(patients=list(patient_ids))}
    under = [one for one, row in found.items() if vars(row)["has_plan"]]
    plans = plans_by_patient(under) if under else {}
    return {
        one: {
            "owes": found[one].owes if one in found else ZERO,
            "credit": found[one].credit if one in found else ZERO,
            **(
                {"payment_plan": (plans[one].tone, f"{_('Payment')} {plans[one].words}")}
                if one in plans
                else {}
            ),
        }
        for one in patient_ids
    }


def _balances() -> QuerySet[Balance]:
    runs = PaymentPlan.objects.filter(patient_id=OuterRef("patient_id"), state="running")
    rows = Balance.objects.filter(patient_id__one_of=Told("patients"))
    return rows.annotate(has_plan=Exists(runs))


BALANCES = Ready(_balances)


def items(patient_id: UUID, account: str = "patient", *, answered: bool = True) -> list[Item]:
    """Return what is owed for, oldest service day first, with what was put to each already.

    Not `answered`: as if no plan had answered, with all else that happened.
    """
    held = LedgerLine.objects.filter(patient_id=patient_id, account=account)
    if not answered:
        answer = LedgerEntry.Kind.INSURANCE_PAYMENT
        held = held.exclude(Q(entry__kind=answer) | Q(entry__reverses__kind=answer))
    rows = held.values_list("entry__number", "entry__kind", *SIDE_FIELDS)
    return items_of(PatientLine(number, kind in OWN_KINDS, Side(*rest)) for number, kind, *rest in rows)


def account_lines(patient_id: UUID) -> QuerySet[LedgerEntry]:
    """Return the entries of a patient's account with their lines, the newest first."""
    return (
        LedgerEntry.objects.filter(lines__patient_id=patient_id)
        .distinct()
        .select_related("reverses", "reversed_by", "payment")
        .prefetch_related(
            Prefetch("lines", LedgerLine.objects.order_by("pk")), "lines__provider", "lines__payer"
        )
        .order_by("-number")
    )


def payments_of(patient_id: UUID) -> QuerySet[Payment]:
    """Return the patient's payments, the newest first."""
    rows = Payment.objects.filter(patient_id=patient_id).select_related("entry__reversed_by")
    return rows.order_by("-number", "part")


def payments_on_receipt(number: int) -> list[Payment]:
    """Return the parts of one receipt: one, or several ways of paying at once."""
    rows = Payment.objects.filter(number=number).annotate(over_the_desk=over_the_desk())
    return list(rows.select_related("patient", "payer", "location", "entry__posting_day").order_by("part"))


def statements_of(patient_id: UUID) -> QuerySet[Statement]:
    """Return the statements that a patient was sent, the newest first."""
    return Statement.objects.filter(patient_id=patient_id).order_by("-number")


def who_owes() -> QuerySet[Balance]:
    """Return the accounts on which a patient owes, the most first, each with the day of its last statement."""
    return (
        Balance.objects.filter(owes__gt=0)
        .select_related("patient")
        .annotate(billed_on=Max("patient__statements__made_on"))
        .order_by("-owes", "patient__chart_number")
    )


def owing() -> QuerySet[Balance, Any]:
    """Return the ids of the patients who owe more than lies on their account as credit."""
    return Balance.objects.filter(owes__gt=F("credit")).values_list("patient_id", flat=True)


def charge_balances(charge_ids: Iterable[UUID]) -> dict[UUID, ChargeBalance]:
    """Return what is still due for each charge, by plan and by patient; one statement."""
    wanted = list(charge_ids)
    sums: dict[UUID, dict[str, Decimal]] = defaultdict(dict)
    rows = (
        LedgerLine.objects.filter(charge_id__in=wanted, account__in=("insurance", "patient"))
        .values_list("charge_id", "account")
        .annotate(total=Sum("amount"))
    )
    for charge_id, account, total in rows:
        if charge_id:
            sums[charge_id][account] = total
    return {
        one: ChargeBalance(sums[one].get("insurance", ZERO), sums[one].get("patient", ZERO)) for one in wanted
    }


def claim_balance(claim_id: UUID, charge_ids: Sequence[UUID] = ()) -> ChargeBalance:
    """Return what is still due for a claim: all lines of its charges, and those about the claim as a whole."""
    charges = set(charge_ids) | set(
        LedgerLine.objects.filter(claim_id=claim_id, charge_id__isnull=False).values_list(
            "charge_id", flat=True
        )
    )
    sums = dict(
        LedgerLine.objects.filter(account__in=("insurance", "patient"))
        .filter(Q(charge_id__in=charges) | Q(claim_id=claim_id, charge_id__isnull=True))
        .values_list("account")
        .annotate(total=Sum("amount"))
    )
    return ChargeBalance(sums.get("insurance", ZERO), sums.get("patient", ZERO))


def plan_answers_on(charge_id: UUID) -> bool:
    """Return whether a plan has answered for a charge, and the answer still stands."""
    answer = LedgerEntry.Kind.INSURANCE_PAYMENT
    told = LedgerLine.objects.filter(charge_id=charge_id, account="insurance").filter(
        Q(entry__kind=answer) | Q(entry__reverses__kind=answer)
    )
    return bool(told.aggregate(total=Sum("amount"))["total"])


@dataclass(frozen=True, slots=True)
class Owed:
    """From whom a charge became due when it was posted: a plan, or the patient."""

    account: Literal["insurance", "patient"]
    payer_id: UUID | None = None


def owed_by(entry_id: UUID) -> Owed:
    """Return from whom the charge of an entry became due."""
    line = LedgerLine.objects.filter(entry_id=entry_id).exclude(account="charges").get()
    return Owed("insurance", line.payer_id) if line.account == "insurance" else Owed("patient")


def can_be_reversed(entry_id: UUID) -> bool:
    """Return whether all that an entry made due is still there, or was paid: none of it was moved or written off."""
    mirrored = mirror(side_of(line) for line in LedgerLine.objects.filter(entry_id=entry_id))
    return not any(
        made_up(items(side.patient_id, side.account), [side])
        for side in mirrored
        if side.patient_id and side.account in {"insurance", "patient"}
    )


def given_up(patient_id: UUID) -> QuerySet[LedgerEntry]:
    """Return the entries that took something off a patient's debt by hand and stand: written off, moved to a plan."""
    off = LedgerLine.objects.filter(
        entry=OuterRef("pk"), patient_id=patient_id, account="patient", amount__lt=0
    )
    by_hand = LedgerEntry.objects.filter(
        kind__in=(LedgerEntry.Kind.ADJUSTMENT, LedgerEntry.Kind.TRANSFER), reversed_by=None
    )
    return by_hand.filter(Exists(off)).prefetch_related("lines").order_by("-number")


def side_of(line: LedgerLine) -> Side:
    """Return a written line as a side."""
    return Side(**{name: getattr(line, name) for name in SIDE_FIELDS})
