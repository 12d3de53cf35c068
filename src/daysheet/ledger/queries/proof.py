"""The book proven again from its rows, and what leaves it for a second reader."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from daysheet.kernel.money import ZERO, say
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.ledger.models import Daysheet, LedgerEntry, LedgerLine, PostingDay
from daysheet.ledger.queries.days import RECEIVABLES, day_figures, day_hash


@dataclass(frozen=True, slots=True)
class Trouble:
    """A place in the book that does not hold, and by how much, in a sentence."""

    place: str
    sentence: str


@dataclass(slots=True)
class ClaimFigures:
    """What posted remittances say about a claim, reversals netted."""

    payer_paid: Decimal = ZERO
    adjusted: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(("CO", "OA", "PI"), ZERO))
    patient_responsibility: Decimal = ZERO
    patient_paid: Decimal = ZERO
    written_off: Decimal = ZERO


def troubles(*, closed_days: bool = True) -> list[Trouble]:
    """Return every place where the acting practice's book does not prove itself; none when it is sound.

    Entries sum to zero and miss no number, lines stand on their entry's day, balances equal their lines,
    payments and plans' deposits equal their entries, and closed days are what they were.
    """
    found = [*_unbalanced(), *_gaps(), *_strays(), *_balances(), *_payments(), *_deposits()]
    found += [*_drawers(), *_bank_deposits()]
    if closed_days:
        for sheet in Daysheet.objects.order_by("day"):
            found += _closed_day(sheet)
        found += _days_without_sheet()
    return found


def entries_export() -> list[dict[str, Any]]:
    """Return every entry of the acting practice with its lines, money as text."""
    lines: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for line in LedgerLine.objects.order_by("entry__number", "id").iterator():
        lines[line.entry_id].append(
            {
                "account": line.account,
                "amount": f"{line.amount:.2f}",
                "patient": line.patient_id and str(line.patient_id),
                "payer": line.payer_id and str(line.payer_id),
                "provider": line.provider_id and str(line.provider_id),
                "charge": line.charge_id and str(line.charge_id),
                "claim": line.claim_id and str(line.claim_id),
                "service_on": line.service_on and line.service_on.isoformat(),
                "group": line.group_code,
                "reason": line.reason_code,
            }
        )
    return [
        {
            "number": entry.number,
            "kind": entry.kind,
            "posted_on": entry.posted_on.isoformat(),
            "service_on": entry.service_on.isoformat() if entry.service_on else None,
            "memo": entry.memo,
            "reverses": entry.reverses.number if entry.reverses else None,
            "source_key": entry.source_key,
            "lines": lines[entry.pk],
        }
        for entry in LedgerEntry.objects.select_related("reverses").order_by("number").iterator()
    ]


def claim_figures() -> dict[UUID, ClaimFigures]:
    """Return what the book says about each claim of the acting practice that a plan has answered; one statement."""
    found: dict[UUID, ClaimFigures] = defaultdict(ClaimFigures)
    rows = (
        LedgerLine.objects.filter(claim_id__isnull=False)
        .values_list("claim_id", "account", "group_code", "entry__kind")
        .annotate(total=Sum("amount"))
        .order_by()
    )
    for claim_id, account, group, kind, total in rows:
        if claim_id is None:
            continue
        figures = found[claim_id]
        if account in {"eft", "check"}:
            figures.payer_paid += total
        elif account in {"contract", "plan_other"} and group:
            figures.adjusted[group if group in figures.adjusted else "OA"] += total
        elif account == "patient" and group == "PR":
            figures.patient_responsibility += total
        elif account == "patient" and kind == LedgerEntry.Kind.APPLY:
            figures.patient_paid -= total
        elif account in {"write_off", "contract", "plan_other"}:
            figures.written_off += total
    return dict(found)


def _unbalanced() -> list[Trouble]:
    rows = (
        LedgerLine.objects.values_list("entry__number")
        .annotate(total=Sum("amount"))
        .exclude(total=0)
        .order_by()
    )
    return [
        Trouble(
            f"entry {number}", f"Ledger entry {number} does not sum to zero: it is off by {say(abs(total))}."
        )
        for number, total in rows
    ]


def _gaps() -> list[Trouble]:
    rows = _ask(
        """select e.number - 1 from (select number, lag(number, 1, 0::bigint) over (order by number) as before
             from ledger_entry where practice_id = %s) e where e.before <> e.number - 1
           union all
           select c.next - 1 from counter c where c.practice_id = %s and c.name = 'ledger entry'
             and c.next - 1 > (select coalesce(max(number), 0) from ledger_entry where practice_id = c.practice_id)
           order by 1""",
        2,
    )
    missing = [
        Trouble(f"entry {n}", f"Ledger entry {n} is missing: the numbers have a gap there.") for (n,) in rows
    ]
    bare = _ask(
        """select e.number from ledger_entry e where e.practice_id = %s and not exists
             (select 1 from ledger_line l where l.entry_id = e.id) order by 1""",
        1,
    )
    return missing + [Trouble(f"entry {n}", f"Ledger entry {n} has lost its lines.") for (n,) in bare]


def _strays() -> list[Trouble]:
    rows = _ask(
        """select distinct e.number from ledger_line l join ledger_entry e on e.id = l.entry_id
             join posting_day d on d.id = e.posting_day_id
            where e.practice_id = %s and (l.posted_on <> e.posted_on or d.day <> e.posted_on) order by 1""",
        1,
    )
    return [Trouble(f"entry {n}", f"Ledger entry {n} stands on two different days.") for (n,) in rows]


def _balances() -> list[Trouble]:
    rows = _ask(
        """select p.chart_number, coalesce(b.insurance, 0), coalesce(b.owes, 0), coalesce(b.credit, 0),
                  coalesce(s.insurance, 0), coalesce(s.owes, 0), coalesce(s.credit, 0)
             from (select patient_id, sum(amount) filter (where account = 'insurance') as insurance,
                          sum(amount) filter (where account = 'patient') as owes,
                          - sum(amount) filter (where account = 'unapplied') as credit
                     from ledger_line where practice_id = %s and patient_id is not null group by patient_id) s
             full join (select * from balance where practice_id = %s) b on b.patient_id = s.patient_id
             join patient p on p.id = coalesce(s.patient_id, b.patient_id)
            where (coalesce(b.insurance, 0), coalesce(b.owes, 0), coalesce(b.credit, 0)) is distinct from
                  (coalesce(s.insurance, 0), coalesce(s.owes, 0), coalesce(s.credit, 0))
            order by 1""",
        2,
    )
    words = ("due from plans", "owed by the patient", "unapplied credit")
    found = []
    for chart, *figures in rows:
        for word, kept, proven in zip(words, figures[:3], figures[3:], strict=True):
            if kept != proven:
                found.append(
                    Trouble(
                        f"balance of chart {chart}",
                        f"Chart {chart}: the balance says {say(kept)} {word}, its entries say {say(proven)}: "
                        f"{say(abs(kept - proven))} apart.",
                    )
                )
    return found


def _payments() -> list[Trouble]:
    rows = _ask(
        """select p.number, p.amount, (select coalesce(sum(l.amount), 0) from ledger_line l
                                        where l.entry_id = p.entry_id and l.account = p.method) as booked
             from payment p where p.practice_id = %s and p.entry_id is not null
              and p.amount <> (select coalesce(sum(l.amount), 0) from ledger_line l
                                where l.entry_id = p.entry_id and l.account = p.method) order by 1""",
        1,
    )
    return [
        Trouble(f"receipt {n}", f"Receipt {n} says {say(said)}, its entry says {say(booked)}.")
        for n, said, booked in rows
    ]


def _deposits() -> list[Trouble]:
    rows = _ask(
        """select p.number, p.amount, coalesce(s.booked, 0)
             from payment p
             left join (select l.payer_id, regexp_replace(e.memo, ' taken back$', '') as trace, sum(l.amount) as booked
                          from ledger_line l join ledger_entry e on e.id = l.entry_id
                         where l.practice_id = %s and l.account in ('eft', 'check') and l.payer_id is not null
                         group by 1, 2) s on s.payer_id = p.payer_id and s.trace = p.trace
            where p.practice_id = %s and p.trace <> '' and p.voided_at is null
              and p.amount <> coalesce(s.booked, 0) order by 1""",
        2,
    )
    return [
        Trouble(
            f"receipt {n}",
            f"The plan's deposit, receipt {n}, says {say(said)}, its claims say {say(booked)}.",
        )
        for n, said, booked in rows
    ]


CASH_OF_DRAWER = """coalesce((select sum(l.amount) from ledger_line l where l.practice_id = c.practice_id
    and l.account = 'cash' and (l.drawer_id = c.id or (c.holds_loose and l.drawer_id is null
    and l.location_id = c.location_id and l.posted_on = c.day))), 0)"""


def _drawers() -> list[Trouble]:
    """Look whether closed drawers say what went through them, and whether none holds less than nothing."""
    rows = _ask(
        f"""select d.day, d.name, d.expected, d.proven, d.counted - d.proven, d.over_short from (
              select c.day, p.name, c.expected, c.counted, c.over_short, c.opening_float + {CASH_OF_DRAWER}
                     + coalesce((select sum(case m.kind when 'drop' then - m.amount else m.amount end)
                                   from drawer_move m where m.drawer_id = c.id), 0) as proven
                from cash_drawer c join location p on p.id = c.location_id
               where c.practice_id = %s and c.closed_at is not null) d
            where (d.expected, d.over_short) is distinct from (d.proven, d.counted - d.proven) order by 1, 2""",  # noqa: S608
        1,
    )
    return [
        Trouble(
            f"drawer of {day}",
            f"The drawer at {name} of {day} closed with {say(said)} expected and {say(over)} over, "
            f"what went through it says {say(proven)} and {say(truly)}.",
        )
        for day, name, said, proven, truly, over in rows
    ]


def _bank_deposits() -> list[Trouble]:
    """Look whether every deposit is what its drawers and checks come to."""
    rows = _ask(
        f"""select b.number, b.cash, b.checks, coalesce(d.cash, 0), coalesce(k.checks, 0)
              from bank_deposit b
              left join (select c.deposit_id, sum({CASH_OF_DRAWER} + c.over_short) as cash
                           from cash_drawer c where c.practice_id = %s group by 1) d on d.deposit_id = b.id
              left join (select p.deposit_id, sum(p.amount) as checks from payment p
                          where p.practice_id = %s and p.method = 'check' group by 1) k on k.deposit_id = b.id
             where b.practice_id = %s and b.state <> 'void'
               and (b.cash, b.checks) is distinct from (coalesce(d.cash, 0), coalesce(k.checks, 0)) order by 1""",  # noqa: S608
        3,
    )
    return [
        Trouble(
            f"deposit {n}",
            f"Deposit {n} says {say(cash)} cash and {say(checks)} checks, "
            f"what lies in it {say(true_cash)} and {say(true_checks)}.",
        )
        for n, cash, checks, true_cash, true_checks in rows
    ]


def _closed_day(sheet: Daysheet) -> list[Trouble]:
    place = f"day {sheet.day}"
    figures, (count, digest) = day_figures(sheet.day), day_hash(sheet.day)
    found = []
    if (count, digest) != (sheet.entries, sheet.entries_hash):
        found.append(
            Trouble(
                place, f"The closed day {sheet.day} was touched: its entries are not those it closed with."
            )
        )
    said = (
        sheet.charges,
        sheet.payments,
        sheet.adjustments,
        sheet.receivables_after - sheet.receivables_before,
    )
    proof = figures.proof
    if said != (proof.charges, proof.payments, proof.adjustments, proof.change):
        found.append(Trouble(place, f"The day sheet of {sheet.day} does not say what its entries say."))
    if figures.listed != proof.payments:
        found.append(Trouble(place, f"The deposit list of {sheet.day} does not come to its payments."))
    listed = sheet.figures.get("bank_deposits", [])
    if sheet.drawer_over_short != figures.over_short or [one["number"] for one in listed] != [
        str(one.number) for one in figures.bank_deposits
    ]:
        found.append(
            Trouble(place, f"The day sheet of {sheet.day} does not say what its drawers and deposits say.")
        )
    through = receivables_through(sheet.day)
    if sheet.receivables_after != through:
        found.append(
            Trouble(
                place,
                f"The day sheet of {sheet.day} ends with {say(sheet.receivables_after)} due, "
                f"the books with {say(through)}.",
            )
        )
    return found


def receivables_through(day: date) -> Decimal:
    """Return the receivables at the end of a day from all lines, leaning on no close before it."""
    lines = LedgerLine.objects.filter(account__in=RECEIVABLES, posted_on__lte=day)
    return lines.aggregate(total=Sum("amount"))["total"] or ZERO


def _days_without_sheet() -> list[Trouble]:
    days = PostingDay.objects.filter(closed_at__isnull=False, daysheet__isnull=True).order_by("day")
    return [Trouble(f"day {row.day}", f"The day {row.day} is closed without a day sheet.") for row in days]


def _ask(question: str, times: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, [acting_practice_id()] * times)
        return list(cursor.fetchall())
