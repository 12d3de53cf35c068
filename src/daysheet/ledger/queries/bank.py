"""Cash and checks on their way to the bank: the drawer as it stands, what is still here, the slips."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Sum, When

from daysheet.kernel.money import ZERO
from daysheet.ledger.models import (
    BankDeposit,
    CashDrawer,
    DeskRules,
    DrawerCount,
    DrawerMove,
    LedgerLine,
    Payment,
    PostingDay,
)
from daysheet.ledger.queries.days import cash_lines


@dataclass(frozen=True, slots=True)
class ToBank:
    """A closed drawer and what of it goes to the bank."""

    row: CashDrawer
    to_bank: Decimal
    """What was counted less the float that stays, what was dropped, less what was paid in."""


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """The cash and checks of a day against the slips that took them to the bank."""

    cash: Decimal
    over_short: Decimal
    """What the closed drawers of the day are over; below zero: short."""
    cash_on_slips: Decimal
    checks: Decimal
    checks_on_slips: Decimal

    @property
    def cash_here(self) -> Decimal:
        """Return the cash of the day that no slip has taken."""
        return self.cash + self.over_short - self.cash_on_slips

    @property
    def checks_here(self) -> Decimal:
        """Return the checks of the day that no slip has taken."""
        return self.checks - self.checks_on_slips

    @property
    def is_matched(self) -> bool:
        """Return whether slips have taken all of it."""
        return self.cash_here == 0 and self.checks_here == 0


@dataclass(frozen=True, slots=True)
class Slip:
    """A deposit with what lies in its bag."""

    deposit: BankDeposit
    drawers: list[ToBank]
    checks: list[Payment]


def desk_rules() -> DeskRules:
    """Return how the acting practice counts; what holds where nobody has said anything, not yet kept."""
    return DeskRules.objects.first() or DeskRules()


def drawer_row(drawer_id: UUID) -> CashDrawer | None:
    """Return a drawer with its door and its slip."""
    return CashDrawer.objects.select_related("location", "station", "deposit").filter(pk=drawer_id).first()


def moved_to_safe(drawers: Iterable[CashDrawer]) -> dict[UUID, Decimal]:
    """Return by drawer what was dropped less what was paid in; one statement."""
    signed = Case(When(kind=DrawerMove.Kind.DROP, then=F("amount")), default=-F("amount"))
    rows = DrawerMove.objects.filter(drawer__in=list(drawers)).values_list("drawer_id")
    return defaultdict(lambda: ZERO, rows.annotate(total=Sum(signed)).order_by())


def drawers_to_bank() -> list[ToBank]:
    """Return the closed drawers whose cash has not gone to the bank, the oldest first."""
    rows = CashDrawer.objects.filter(closed_at__isnull=False, deposit__isnull=True)
    return _to_bank(list(rows.select_related("location", "station").order_by("day", "location__name")))


def checks_to_bank() -> list[Payment]:
    """Return the checks of patients that stand and have not gone to the bank.

    A plan's check is not among them: its amount grows with the claims that it pays until all of them are posted.
    """
    rows = Payment.objects.filter(
        method=Payment.Method.CHECK, voided_at__isnull=True, deposit__isnull=True, entry__isnull=False
    )
    return list(rows.select_related("patient", "entry").order_by("number", "part"))


def cash_payments(drawer: CashDrawer) -> QuerySet[Payment]:
    """Return the cash payments that went through a drawer and stand."""
    entries = cash_lines(drawer).values("entry")
    return Payment.objects.filter(method=Payment.Method.CASH, entry__in=entries, voided_at__isnull=True)


def bank_deposits() -> QuerySet[BankDeposit]:
    """Return the deposits, the newest first."""
    return BankDeposit.objects.order_by("-number")


def deposit_slip(deposit: BankDeposit) -> Slip:
    """Return a deposit with its drawers and checks."""
    drawers = CashDrawer.objects.filter(deposit=deposit).select_related("location", "station")
    checks = Payment.objects.filter(deposit=deposit, method=Payment.Method.CHECK)
    return Slip(
        deposit,
        _to_bank(list(drawers.order_by("day", "location__name"))),
        list(checks.select_related("patient").order_by("number", "part")),
    )


def drawers_left_open(before: date) -> list[CashDrawer]:
    """Return the drawers of earlier days that nobody has closed while their day is still open."""
    closed = PostingDay.objects.filter(closed_at__isnull=False).values("day")
    rows = CashDrawer.objects.filter(closed_at__isnull=True, day__lt=before).exclude(day__in=closed)
    return list(rows.select_related("location", "station").order_by("day", "location__name"))


def drawer_moves(drawer: CashDrawer) -> list[DrawerMove]:
    """Return what was carried between a drawer and the safe, in its order."""
    return list(drawer.moves.order_by("at", "id"))


def drawer_counts(drawer: CashDrawer) -> list[DrawerCount]:
    """Return every count of a drawer, the first one first."""
    return list(drawer.counts.order_by("at", "id"))


def drawer_cash(drawer: CashDrawer) -> list[LedgerLine]:
    """Return the cash that went through a drawer: payments, refunds, what was taken back."""
    return list(cash_lines(drawer).select_related("entry", "entry__payment").order_by("entry__number", "id"))


def on_its_way(day: date) -> OnItsWay:
    """Return where the cash and checks of a day are now: on slips, or still in the house."""
    drawers = _to_bank(list(CashDrawer.objects.filter(day=day, closed_at__isnull=False)))
    on_slips = sum((one.to_bank for one in drawers if one.row.deposit_id), ZERO)
    cash = LedgerLine.objects.filter(posted_on=day, account="cash").aggregate(total=Sum("amount"))["total"]
    went = Q(voided_at__isnull=True) | Q(
        deposit__isnull=False
    )  # a check that bounced was on its slip all the same
    checks = Payment.objects.filter(went, entry__posted_on=day, method=Payment.Method.CHECK).aggregate(
        total=Sum("amount"), on_slips=Sum("amount", filter=Q(deposit__isnull=False))
    )
    return OnItsWay(
        cash=cash or ZERO,
        over_short=sum((one.row.over_short or ZERO for one in drawers), ZERO),
        cash_on_slips=on_slips,
        checks=checks["total"] or ZERO,
        checks_on_slips=checks["on_slips"] or ZERO,
    )


def _to_bank(rows: list[CashDrawer]) -> list[ToBank]:
    moved = moved_to_safe(rows) if rows else defaultdict(lambda: ZERO)
    return [ToBank(row, (row.counted or ZERO) - row.opening_float + moved[row.pk]) for row in rows]
