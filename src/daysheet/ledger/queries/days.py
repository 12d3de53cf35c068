"""What a day of the book says: its figures, its deposits, its drawers, its hash."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Max, Prefetch, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from daysheet.kernel.clock import local_day
from daysheet.kernel.models import Practice
from daysheet.kernel.money import ZERO
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.ledger.models import (
    Account,
    BankDeposit,
    CashDrawer,
    Daysheet,
    DrawerMove,
    LedgerEntry,
    LedgerLine,
    Payment,
    PostingDay,
)
from daysheet.ledger.rules import CLASS_OF, Proof, prove
from daysheet.practice.models import Location, Provider

RECEIVABLES = tuple(account for account, kind in CLASS_OF.items() if kind == "receivable")
MONEY = tuple(account for account, kind in CLASS_OF.items() if kind == "money")
NO_DOOR = "No location"


@dataclass(slots=True)
class Part:
    """A provider's or a door's part of the day."""

    name: str
    charges: Decimal = ZERO
    payments: Decimal = ZERO
    adjustments: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Deposit:
    """A line of the deposit list: what goes to the bank, came there by itself, or went back (below zero)."""

    method: str
    receipt: str
    source: str
    """Check number, card, trace, or why it went back."""
    who: str
    patient_id: UUID | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Drawer:
    """A cash drawer of a day as it stands now, or the cash of a door where none was opened, or of no door at all."""

    location_id: UUID | None
    """None: cash that was taken at no location."""
    name: str
    row: CashDrawer | None
    opening_float: Decimal
    cash: Decimal
    """What cash came in, less what went out."""
    dropped: Decimal = ZERO
    paid_in: Decimal = ZERO

    @property
    def expected(self) -> Decimal:
        """Return what should lie in the drawer."""
        return self.opening_float + self.cash + self.paid_in - self.dropped

    @property
    def counted(self) -> Decimal | None:
        """Return what was counted, or None when nobody has."""
        return self.row.counted if self.row else None

    @property
    def over_short(self) -> Decimal:
        """Return how much more was counted than should be there; below zero: short."""
        return ZERO if self.counted is None else self.counted - self.expected

    @property
    def is_open(self) -> bool:
        """Return whether it was opened and nobody has closed it."""
        return self.row is not None and self.row.closed_at is None

    @property
    def is_uncounted(self) -> bool:
        """Return whether there is something to count and nobody has."""
        return self.counted is None and (self.row is not None or self.cash != 0)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The figures of a day, proven from its lines."""

    day: date
    proof: Proof
    receivables_before: Decimal
    payments_by_method: dict[str, Decimal]
    adjustments_by_kind: dict[str, Decimal]
    by_provider: list[Part]
    by_location: list[Part]
    deposits: list[Deposit] = field(default_factory=list)
    drawers: list[Drawer] = field(default_factory=list)
    bank_deposits: list[BankDeposit] = field(default_factory=list)
    """What was made ready for the bank on the day."""
    entries: int = 0

    @property
    def receivables_after(self) -> Decimal:
        """Return the receivables at the end of the day, net of unapplied credit."""
        return self.receivables_before + self.proof.change

    @property
    def listed(self) -> Decimal:
        """Return what the deposit list comes to: the payments of the day."""
        return sum((one.amount for one in self.deposits), ZERO)

    @property
    def over_short(self) -> Decimal:
        """Return what all drawers of the day are over, or short when below zero."""
        return sum((drawer.over_short for drawer in self.drawers), ZERO)


def last_closed_day(*, before: date | None = None) -> date | None:
    """Return the latest closed day of the book, if there is one (before a day)."""
    closed = PostingDay.objects.filter(closed_at__isnull=False)
    if before:
        closed = closed.filter(day__lt=before)
    last: date | None = closed.aggregate(last=Max("day"))["last"]
    return last


def next_open_day(today: date) -> date:
    """Return the day that entries post to: today, or the first day after the last closed one."""
    last = last_closed_day()
    return max(today, last + timedelta(days=1)) if last else today


def posting_day(now: datetime) -> date:
    """Return the day that a posting of that moment falls on: today at the practice, or the next open day."""
    return next_open_day(today_at(now))


def today_at(now: datetime) -> date:
    """Return the day that it is at the practice, closed or not."""
    return local_day(now, Practice.objects.get(pk=acting_practice_id() or UUID(int=0)).zone)


def past_days() -> QuerySet[Daysheet]:
    """Return the closed days, the newest first."""
    return Daysheet.objects.order_by("-day")


def day_lines(day: date) -> QuerySet[LedgerEntry]:
    """Return the entries posted on a day with their lines, in the order of posting."""
    return (
        LedgerEntry.objects.filter(posted_on=day)
        .select_related("reverses")
        .prefetch_related(
            Prefetch("lines", LedgerLine.objects.order_by("pk")), "lines__patient", "lines__provider"
        )
        .order_by("number")
    )


def day_figures(day: date) -> DayFigures:
    """Return the figures of a day from its lines; a constant number of statements."""
    names: dict[UUID | None, str] = {None: "Not one provider's"}
    names |= {one.pk: str(one) for one in Provider.objects.all()}
    doors: dict[UUID | None, str] = {None: NO_DOOR}
    doors |= dict(Location.objects.values_list("pk", "name"))
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    providers: dict[str, Part] = {}
    locations: dict[str, Part] = {}
    rows = (
        LedgerLine.objects.filter(posted_on=day)
        .values_list("account", "provider_id", "location_id")
        .annotate(total=Sum("amount"))
        .order_by()
    )
    for account, provider_id, location_id, total in rows:
        sums[account] += total
        _add(providers, names.get(provider_id, ""), account, total)
        _add(locations, doors.get(location_id, ""), account, total)
    return DayFigures(
        day=day,
        proof=prove(sums),
        receivables_before=receivables(before=day),
        payments_by_method=_of_class(sums, "money"),
        adjustments_by_kind=_of_class(sums, "adjustment"),
        by_provider=[providers[name] for name in sorted(providers)],
        by_location=[locations[name] for name in sorted(locations)],
        deposits=_deposits(day),
        drawers=_drawers(day, doors),
        bank_deposits=list(BankDeposit.objects.filter(made_on=day).exclude(state="void").order_by("number")),
        entries=LedgerEntry.objects.filter(posted_on=day).count(),
    )


def receivables(*, before: date) -> Decimal:
    """Return the receivables at the beginning of a day, from the last close before it and the lines since."""
    lines = LedgerLine.objects.filter(account__in=RECEIVABLES, posted_on__lt=before)
    last = Daysheet.objects.filter(day__lt=before).order_by("-day").first()
    if last:
        lines = lines.filter(posted_on__gt=last.day)
    since = lines.aggregate(total=Sum("amount"))["total"] or ZERO
    return (last.receivables_after if last else ZERO) + since


def drawer_expected(row: CashDrawer) -> Decimal:
    """Return what should lie in a drawer: its float and the cash that moved, to and from the safe too."""
    moved = cash_lines(row).aggregate(total=Sum("amount"))["total"]
    carried = _moves([row])[row.pk]
    return row.opening_float + (moved or ZERO) + carried["pay_in"] - carried["drop"]


def drawer_of(entry: LedgerEntry) -> UUID | None:
    """Return the drawer that an entry's cash went through; none where none stood open at its door."""
    line = entry.lines.filter(account="cash").first()
    if line is None or line.drawer_id or line.location_id is None:
        return line.drawer_id if line else None
    there = CashDrawer.objects.filter(location_id=line.location_id, day=line.posted_on, holds_loose=True)
    return there.values_list("pk", flat=True).first()


def cash_lines(row: CashDrawer) -> QuerySet[LedgerLine]:
    """Return the cash that went through a drawer; the first one of a door holds its loose cash too."""
    own = Q(drawer=row)
    if row.holds_loose:
        own |= Q(drawer__isnull=True, location_id=row.location_id, posted_on=row.day)
    return LedgerLine.objects.filter(own, account="cash")


def drawers(day: date) -> list[Drawer]:
    """Return the drawers of a day: those opened, and doors where cash moved without one."""
    doors: dict[UUID | None, str] = {None: NO_DOOR}
    doors |= dict(Location.objects.values_list("pk", "name"))
    return _drawers(day, doors)


def day_hash(day: date) -> tuple[int, str]:
    """Return how many entries a day holds and the SHA-256 over them and their lines, in order."""
    digest = hashlib.sha256()
    lines: dict[UUID, list[Any]] = defaultdict(list)
    for line in LedgerLine.objects.filter(entry__posted_on=day).order_by("id").iterator():
        lines[line.entry_id].append(
            [
                line.pk, line.account, f"{line.amount:.2f}", line.posted_on, line.patient_id, line.payer_id,
                line.provider_id, line.location_id, line.visit_id, line.charge_id, line.claim_id, line.service_on,
                line.group_code, line.reason_code, *(["own"] if line.is_own else []),
            ]
        )  # fmt: skip
    count = 0
    for entry in LedgerEntry.objects.filter(posted_on=day).order_by("number").iterator():
        count += 1
        facts = [
            entry.pk, entry.number, entry.kind, entry.posted_on, entry.service_on, entry.at, entry.by_name, entry.memo,
            entry.reverses_id, entry.source_kind, entry.source_id, entry.source_key, lines[entry.pk],
        ]  # fmt: skip
        digest.update(orjson.dumps(facts, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE))
    return count, digest.hexdigest()


def _add(parts: dict[str, Part], name: str, account: str, total: Decimal) -> None:
    kind = CLASS_OF[account]
    if kind == "receivable":
        return
    part = parts.setdefault(name, Part(name))
    if kind == "revenue":
        part.charges -= total
    elif kind == "money":
        part.payments += total
    else:
        part.adjustments += total


def _of_class(sums: dict[str, Decimal], kind: str) -> dict[str, Decimal]:
    return {account: sums[account] for account, one in CLASS_OF.items() if one == kind and account in sums}


def _deposits(day: date) -> list[Deposit]:
    """Return what came in on a day and what went back, with nothing that was taken back on the day itself.

    It comes to the day's payments. A plan's deposit stands once, however many claims it paid.
    """
    moved = LedgerLine.objects.filter(posted_on=day, account__in=MONEY, payer__isnull=True)
    rows = list(
        moved.select_related("patient", "entry__payment", "entry__reverses__payment").order_by(
            "entry__number"
        )
    )
    mirrored = {one.entry.reverses_id: one.entry_id for one in rows if one.entry.reverses_id}
    gone = {one.entry_id for one in rows if one.entry_id in mirrored}
    gone |= {mirrored[one] for one in gone}
    lines = [_deposit(one) for one in rows if one.entry_id not in gone]
    lines.sort(key=lambda one: (one.method, one.amount < 0))
    return [*lines, *_plan_deposits(day)]


def _deposit(line: LedgerLine) -> Deposit:
    """Return a line of the list for money of a patient that came in or went back."""
    entry = line.entry
    payment = getattr(entry, "payment", None) or getattr(entry.reverses, "payment", None)
    source = _source(payment) if payment else ""
    if line.amount < 0:
        source = ", ".join(filter(None, (source, _why_back(entry))))
    receipt = str(payment.number) if payment else ""
    return Deposit(line.account, receipt, source, str(line.patient or ""), line.patient_id, line.amount)


def _why_back(entry: LedgerEntry) -> str:
    if entry.kind == LedgerEntry.Kind.REFUND:
        return _("refund")
    return _("came back") if entry.kind == LedgerEntry.Kind.RETURNED_CHECK else _("taken back")


def _plan_deposits(day: date) -> Iterable[Deposit]:
    rows = (
        LedgerLine.objects.filter(posted_on=day, account__in=MONEY, payer__isnull=False)
        .values_list("account", "payer__name", "entry__memo")
        .annotate(total=Sum("amount"))
        .order_by("payer__name", "entry__memo")
    )
    totals: dict[tuple[str, str, str], Decimal] = defaultdict(lambda: ZERO)
    for account, payer, memo, total in rows:
        totals[account, payer or "", memo.removesuffix(" taken back")] += total
    return [
        Deposit(account, "", memo, payer, None, total)
        for (account, payer, memo), total in totals.items()
        if total
    ]


def _source(row: Payment) -> str:
    if row.method == Payment.Method.CHECK:
        return row.check_number
    return f"{row.card_brand} {row.card_last4}".strip() if row.method == Payment.Method.CARD else ""


def _drawers(day: date, doors: Mapping[UUID | None, str]) -> list[Drawer]:
    rows = list(CashDrawer.objects.filter(day=day).select_related("location", "station"))
    moves = _moves(rows)
    told = Q(location=None, entry__posting_day__is_history=True)  # earlier books tell of no drawer
    moved = LedgerLine.objects.filter(posted_on=day, account="cash").exclude(told)
    lines = moved.values_list("location_id", "drawer_id")
    cash: dict[UUID | None, Decimal] = defaultdict(lambda: ZERO)
    loose = {row.location_id: row.pk for row in rows if row.holds_loose}
    bare: dict[UUID | None, Decimal] = defaultdict(lambda: ZERO)
    for location_id, drawer_id, total in lines.annotate(total=Sum("amount")).order_by():
        if drawer_id or location_id in loose:
            cash[drawer_id or loose[location_id]] += total
        else:
            bare[location_id] += total
    found = [
        Drawer(
            row.location_id,
            row.name,
            row,
            row.opening_float,
            cash[row.pk],
            moves[row.pk]["drop"],
            moves[row.pk]["pay_in"],
        )
        for row in rows
    ]
    found += [Drawer(one, doors.get(one, ""), None, ZERO, total) for one, total in bare.items()]
    return sorted(found, key=lambda drawer: drawer.name)


def _moves(rows: list[CashDrawer]) -> dict[UUID, dict[str, Decimal]]:
    """Return by drawer what was dropped and what was paid in."""
    found: dict[UUID, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    sums = DrawerMove.objects.filter(drawer__in=[row.pk for row in rows]).values_list("drawer_id", "kind")
    for drawer_id, kind, total in sums.annotate(total=Sum("amount")).order_by():
        found[drawer_id][kind] = total
    return found


ACCOUNT_WORDS: dict[str, str] = {str(value): str(label) for value, label in Account.choices}
