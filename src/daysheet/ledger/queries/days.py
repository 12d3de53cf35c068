"""What a day of the book says: its figures, its deposits, its drawers, its hash."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Max, QuerySet, Sum

from daysheet.kernel.clock import local_day
from daysheet.kernel.models import Practice
from daysheet.kernel.money import ZERO
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.ledger.models import Account, CashDrawer, Daysheet, LedgerEntry, LedgerLine, Payment, PostingDay
from daysheet.ledger.rules import CLASS_OF, Proof, prove
from daysheet.practice.models import Location, Provider

RECEIVABLES = tuple(account for account, kind in CLASS_OF.items() if kind == "receivable")


@dataclass(slots=True)
class Part:
    """A provider's or a door's part of the day."""

    name: str
    charges: Decimal = ZERO
    payments: Decimal = ZERO
    adjustments: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Deposit:
    """A line of the deposit list: what goes to the bank, or came there by itself."""

    method: str
    receipt: str
    source: str
    """Check number, card, trace."""
    who: str
    patient_id: UUID | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Drawer:
    """A door's cash drawer of a day, as it stands now."""

    location_id: UUID
    name: str
    row: CashDrawer | None
    opening_float: Decimal
    cash: Decimal
    """What cash came in, less what went out."""

    @property
    def expected(self) -> Decimal:
        """Return what should lie in the drawer."""
        return self.opening_float + self.cash

    @property
    def counted(self) -> Decimal | None:
        """Return what was counted, or None when nobody has."""
        return self.row.counted if self.row else None

    @property
    def over_short(self) -> Decimal:
        """Return how much more was counted than should be there; below zero: short."""
        return ZERO if self.counted is None else self.counted - self.expected

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
    entries: int = 0

    @property
    def receivables_after(self) -> Decimal:
        """Return the receivables at the end of the day, net of unapplied credit."""
        return self.receivables_before + self.proof.change

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
    return next_open_day(local_day(now, Practice.objects.get(pk=acting_practice_id() or UUID(int=0)).zone))


def past_days() -> QuerySet[Daysheet]:
    """Return the closed days, the newest first."""
    return Daysheet.objects.order_by("-day")


def day_lines(day: date) -> QuerySet[LedgerEntry]:
    """Return the entries posted on a day with their lines, in the order of posting."""
    return (
        LedgerEntry.objects.filter(posted_on=day)
        .select_related("reverses")
        .prefetch_related("lines", "lines__patient", "lines__provider")
        .order_by("number")
    )


def day_figures(day: date) -> DayFigures:
    """Return the figures of a day from its lines; a constant number of statements."""
    names: dict[UUID | None, str] = {None: "Not one provider's"}
    names |= {one.pk: str(one) for one in Provider.objects.all()}
    doors: dict[UUID | None, str] = {None: "No location"}
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
    cash: dict[UUID | None, Decimal] = defaultdict(lambda: ZERO)
    for account, provider_id, location_id, total in rows:
        sums[account] += total
        _add(providers, names.get(provider_id, ""), account, total)
        _add(locations, doors.get(location_id, ""), account, total)
        if account == "cash":
            cash[location_id] += total
    return DayFigures(
        day=day,
        proof=prove(sums),
        receivables_before=receivables(before=day),
        payments_by_method=_of_class(sums, "money"),
        adjustments_by_kind=_of_class(sums, "adjustment"),
        by_provider=[providers[name] for name in sorted(providers)],
        by_location=[locations[name] for name in sorted(locations)],
        deposits=_deposits(day),
        drawers=_drawers(day, cash, doors),
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


def drawer_expected(location_id: UUID, day: date) -> Decimal:
    """Return what should lie in a door's drawer on a day: its float and the cash that moved."""
    row = CashDrawer.objects.filter(location_id=location_id, day=day).first()
    moved = LedgerLine.objects.filter(posted_on=day, account="cash", location_id=location_id).aggregate(
        total=Sum("amount")
    )["total"]
    return (row.opening_float if row else ZERO) + (moved or ZERO)


def drawers(day: date) -> list[Drawer]:
    """Return the drawers of a day: those opened, and doors where cash moved without one."""
    doors: dict[UUID | None, str] = dict(Location.objects.values_list("pk", "name"))
    rows = LedgerLine.objects.filter(posted_on=day, account="cash").values_list("location_id")
    cash: dict[UUID | None, Decimal] = dict(rows.annotate(total=Sum("amount")).order_by())
    return _drawers(day, cash, doors)


def day_hash(day: date) -> tuple[int, str]:
    """Return how many entries a day holds and the SHA-256 over them and their lines, in order."""
    digest = hashlib.sha256()
    lines: dict[UUID, list[Any]] = defaultdict(list)
    for line in LedgerLine.objects.filter(entry__posted_on=day).order_by("id").iterator():
        lines[line.entry_id].append(
            [
                line.pk, line.account, f"{line.amount:.2f}", line.posted_on, line.patient_id, line.payer_id,
                line.provider_id, line.location_id, line.visit_id, line.charge_id, line.claim_id, line.service_on,
                line.group_code, line.reason_code,
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
    """Return what was taken on a day and still stands; a plan's deposit once, however many claims it paid."""
    taken = Payment.objects.filter(entry__posted_on=day, voided_at__isnull=True).select_related("patient")
    lines = [
        Deposit(row.method, str(row.number), _source(row), str(row.patient), row.patient_id, row.amount)
        for row in taken.order_by("method", "number")
    ]
    return [*lines, *_plan_deposits(day)]


def _plan_deposits(day: date) -> Iterable[Deposit]:
    rows = (
        LedgerLine.objects.filter(posted_on=day, account__in=("eft", "check"), payer__isnull=False)
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


def _drawers(day: date, cash: dict[UUID | None, Decimal], doors: dict[UUID | None, str]) -> list[Drawer]:
    rows = {row.location_id: row for row in CashDrawer.objects.filter(day=day)}
    found = []
    for location_id in {*rows, *(key for key in cash if key)}:
        row = rows.get(location_id)
        found.append(
            Drawer(
                location_id,
                doors.get(location_id, ""),
                row,
                row.opening_float if row else ZERO,
                cash.get(location_id, ZERO),
            )
        )
    return sorted(found, key=lambda drawer: drawer.name)


ACCOUNT_WORDS: dict[str, str] = {str(value): str(label) for value, label in Account.choices}
