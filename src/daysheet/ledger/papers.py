"""The facts of the room's papers: receipt, statement, day sheet; letters makes the PDF of them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.kernel.money import say
from daysheet.ledger.models import LedgerEntry, LedgerLine, Payment
from daysheet.ledger.queries import Bill, DayFigures, PlanStanding, Slip
from daysheet.ledger.queries.days import ACCOUNT_WORDS
from daysheet.ledger.rules import in_words
from daysheet.letters import pdf
from daysheet.letters import queries as letters
from daysheet.patients.models import Patient
from daysheet.patients.paying import who_pays
from daysheet.practice import queries as practices
from daysheet.ui import words


def receipt(by: Actor, parts: Sequence[Payment]) -> bytes:
    """Return the receipt of a payment as PDF: one line for each way in which it was paid."""
    payment, standing = parts[0], [one for one in parts if not one.voided_at]
    purposes = {"copay": _("Copay"), "prepayment": _("Payment ahead"), "plan": _("Payment plan")}
    purpose = purposes.get(payment.purpose, _("Payment"))
    void = _("VOID: %(why)s")
    notes = [void % {"why": one.void_reason} for one in parts if one.voided_at] if not standing else []
    is_split = len(parts) > 1
    lines: list[list[str]] = []
    for one in parts:
        words = f"{purpose}: {how_paid(one)}" if is_split else purpose
        words += f" ({void % {'why': one.void_reason}})" if one.voided_at and standing else ""
        lines += [[words, say(one.amount)], *_tendered(one)]
    total = sum((one.amount for one in standing or parts), Decimal("0.00"))
    facts = {
        "title": _("Receipt %(number)s") % {"number": payment.number},
        "facts": [
            [_("Day"), in_words(payment.received_on)],
            [_("Patient"), str(payment.patient or "")],
            [_("Chart"), str(payment.patient.chart_number) if payment.patient else ""],
            *([] if is_split else [[_("Paid by"), how_paid(payment)]]),
            [_("Taken by"), payment.by_name],
        ],
        "lines": lines,
        "total": [_("Paid"), say(total)],
        "notes": notes or [_("Thank you.")],
    }
    return pdf.render("receipt", letters.frame(by) | facts)


def refund(by: Actor, entry: LedgerEntry, line: LedgerLine) -> bytes:
    """Return the slip of money that went back as PDF, to be signed by who had it."""
    patient, method = line.patient, str(Payment.Method(line.account).label)
    gone = getattr(entry, "reversed_by", None)
    facts = {
        "title": _("Refund slip %(number)s") % {"number": entry.number},
        "facts": [
            [_("Day"), in_words(entry.posted_on)],
            [_("Patient"), str(patient or "")],
            [_("Chart"), str(patient.chart_number) if patient else ""],
            [_("Given back"), method],
            [_("Given by"), entry.by_name],
        ],
        "lines": [[_("Refund: %(why)s") % {"why": entry.memo}, say(-line.amount)]],
        "total": [_("Given back"), say(-line.amount)],
        "notes": [_("VOID: %(why)s") % {"why": gone.memo}]
        if gone
        else [_("Received by ____________________")],
    }
    return pdf.render("receipt", letters.frame(by) | facts)


def _tendered(payment: Payment) -> list[list[str]]:
    if payment.tendered is None:
        return []
    return [[_("Handed over"), say(payment.tendered)], [_("Change given"), say(payment.change_due)]]


def how_paid(payment: Payment) -> str:
    """Return how a payment was made, as the receipt says it."""
    if payment.method == Payment.Method.CARD:
        facts = {"brand": payment.card_brand, "last4": payment.card_last4, "approval": payment.approval}
        said = _("%(brand)s card ending %(last4)s, approval %(approval)s") % facts
        return f"{said}, {payment.card_read}" if payment.card_read else said
    if payment.method == Payment.Method.CHECK:
        return _("Check %(number)s") % {"number": payment.check_number}
    return _("Cash") if payment.method == Payment.Method.CASH else ACCOUNT_WORDS[payment.method]


def statement(
    by: Actor,
    patient: Patient,
    bill: Bill,
    *,
    number: int,
    made_on: date,
    due_on: date,
    asks: Decimal,
    plan: PlanStanding | None = None,
) -> bytes:
    """Return a statement as PDF: one amount, until when, how, and one plain sentence a line."""
    office = practices.office()
    phone = words.phone(office.phone) if office and office.phone else ""
    call = _("Call us if you have questions, or if you need more time.")
    facts = {
        "title": _("Statement %(number)s") % {"number": number},
        "to": _addressee(patient, made_on),
        "owe_words": _("You owe") if asks == bill.amount else _("Please pay now"),
        "owe": say(asks),
        "until": _("Please pay by %(day)s.") % {"day": in_words(due_on)},
        "facts": [
            [_("Made on"), in_words(made_on)],
            [_("Patient"), f"{patient.given} {patient.family}"],
            [_("Chart"), str(patient.chart_number)],
        ],
        "columns": [
            {"label": _("Date"), "width": "auto"},
            {"label": _("What happened")},
            {"label": _("Your part"), "end": True},
        ],
        "lines": [
            [in_words(line.on), line.text, say(line.effect) if line.effect else ""] for line in bill.lines
        ],
        "total": ["", _("You owe"), say(bill.amount)],
        "how": [
            *_under_plan(plan, due_on),
            _("You can pay at the desk, or send a check with your chart number on it."),
            f"{call} {phone}".strip(),
        ],
    }
    return pdf.render("statement", letters.frame(by) | facts)


def _under_plan(plan: PlanStanding | None, until: date) -> list[str]:
    if plan is None or not plan.keeping.left:
        return []
    facts = {
        "left": say(plan.keeping.left),
        "number": plan.plan.number,
        "often": plan.often,
        "due": say(plan.due_until(until)),
        "day": in_words(until),
    }
    return [
        _("%(left)s of this is under your payment plan %(number)s (%(often)s).") % facts
        + " "
        + _("Of the plan, %(due)s is to be paid until %(day)s.") % facts
    ]


def daysheet(by: Actor, figures: DayFigures, *, open_visits: int, reason: str) -> bytes:
    """Return the day sheet as PDF, the proof first."""
    practice = Practice.objects.get(pk=by.practice_id)
    notes = [
        _("Closed by %(who)s on %(when)s.") % {"who": by.name, "when": _moment(by.now, practice)},
        _("%(count)s entries in the book.") % {"count": figures.entries},
    ]
    if open_visits:
        notes.append(_("Open visits: %(count)s.") % {"count": open_visits})
    if reason:
        notes.append(_("Closed so because: %(why)s") % {"why": reason})
    facts = {
        "title": _("Day sheet, %(day)s") % {"day": in_words(figures.day)},
        "proof": {
            "balanced": figures.proof.off_by == 0,
            "sentence": proof_sentence(figures),
            "lines": [
                _("Receivables %(before)s to %(after)s, net of unapplied credit.")
                % {"before": say(figures.receivables_before), "after": say(figures.receivables_after)}
            ],
        },
        "notes": notes,
        "parts": [part for part in _parts(figures) if part["rows"]],
    }
    return pdf.render("daysheet", letters.frame(by) | facts)


def proof_sentence(figures: DayFigures) -> str:
    """Return the proof of the day as one sentence."""
    proof = figures.proof
    change = _("up %(amount)s") if proof.change >= 0 else _("down %(amount)s")
    return _(
        "Charges %(charges)s - payments %(payments)s - adjustments %(adjustments)s = receivables %(change)s"
    ) % {
        "charges": _plain(proof.charges),
        "payments": _plain(proof.payments),
        "adjustments": _plain(proof.adjustments),
        "change": change % {"amount": _plain(abs(proof.change))},
    }


def sheet_as_text(figures: DayFigures) -> dict[str, Any]:
    """Return the figures of a day as they are kept: money as text, names as they were."""
    return {
        "payments_by_method": {key: f"{amount:.2f}" for key, amount in figures.payments_by_method.items()},
        "adjustments_by_kind": {key: f"{amount:.2f}" for key, amount in figures.adjustments_by_kind.items()},
        "by_provider": [_texts(asdict(part)) for part in figures.by_provider],
        "by_location": [_texts(asdict(part)) for part in figures.by_location],
        "deposits": [_texts(asdict(one)) for one in figures.deposits],
        "drawers": [
            _texts(
                {
                    "name": one.name,
                    "opening_float": one.opening_float,
                    "cash": one.cash,
                    "dropped": one.dropped,
                    "paid_in": one.paid_in,
                    "expected": one.expected,
                    "counted": one.counted,
                    "over_short": one.over_short,
                    "reason": one.row.reason if one.row else "",
                }
            )
            for one in figures.drawers
        ],
        "bank_deposits": [
            _texts(
                {
                    "number": one.number,
                    "bank_on": one.bank_on,
                    "cash": one.cash,
                    "checks": one.checks,
                    "total": one.total,
                }
            )
            for one in figures.bank_deposits
        ],
    }


def deposit_slip(by: Actor, slip: Slip) -> bytes:
    """Return a deposit slip as PDF: drawers, checks with payer and number, the sums."""
    deposit = slip.deposit
    rows = [
        [_("Cash"), f"{one.row.name}, {in_words(one.row.day)}", "", _plain(one.to_bank)]
        for one in slip.drawers
    ]
    rows += [
        [_("Check"), str(one.patient or ""), one.check_number, _plain(one.amount)] for one in slip.checks
    ]
    facts = {
        "title": _("Deposit slip %(number)s") % {"number": deposit.number},
        "facts": [
            [_("Bank day"), in_words(deposit.bank_on)],
            [_("Made by"), deposit.by_name],
            [_("Total cash"), say(deposit.cash)],
            [_("Total of checks"), f"{say(deposit.checks)} ({len(slip.checks)})"],
        ],
        "columns": [
            {"label": _("How"), "width": "auto"},
            {"label": _("From")},
            {"label": _("Number")},
            {"label": _("Amount"), "end": True},
        ],
        "rows": rows,
        "total": [_("Total"), "", "", _plain(deposit.total)],
        "notes": [_("Counted by ____________________   Taken to the bank by ____________________")],
    }
    return pdf.render("table", letters.frame(by) | facts)


def _addressee(patient: Patient, today: date) -> list[str]:
    """Return to whom a bill is written; without an address where none of theirs is known."""
    pays = who_pays(patient, today=today)
    if pays.at is None:
        return [pays.name]
    town = f"{pays.at.city}, {pays.at.state} {pays.at.zip}".strip(" ,")
    return [line for line in (pays.name, pays.at.street, town) if line]


def _parts(figures: DayFigures) -> Iterable[dict[str, Any]]:
    money = {"label": _("Amount"), "end": True}
    three = [{"label": word, "end": True} for word in (_("Charges"), _("Payments"), _("Adjustments"))]
    proof = figures.proof
    total = [_("Total"), _plain(proof.charges), _plain(proof.payments), _plain(proof.adjustments)]
    for title, amounts, whole in (
        (_("Payments by method"), figures.payments_by_method, proof.payments),
        (_("Adjustments"), figures.adjustments_by_kind, proof.adjustments),
    ):
        rows = [[ACCOUNT_WORDS[account], _plain(amount)] for account, amount in amounts.items()]
        yield {
            "title": title,
            "columns": [{"label": _("Kind")}, money],
            "rows": rows,
            "total": [_("Total"), _plain(whole)],
        }
    for title, label, parts in (
        (_("By provider"), _("Provider"), figures.by_provider),
        (_("By location"), _("Location"), figures.by_location),
    ):
        rows = [
            [one.name, _plain(one.charges), _plain(one.payments), _plain(one.adjustments)] for one in parts
        ]
        yield {"title": title, "columns": [{"label": label}, *three], "rows": rows, "total": total}
    yield _drawer_part(figures)
    yield _bank_part(figures)
    rows = [
        [ACCOUNT_WORDS[one.method], one.receipt, one.who, one.source, _plain(one.amount)]
        for one in figures.deposits
    ]
    columns = [{"label": word} for word in (_("How"), _("Receipt"), _("From"), _("Number"))]
    whole = sum((one.amount for one in figures.deposits), Decimal("0.00"))
    yield {
        "title": _("Deposit list"),
        "columns": [*columns, money],
        "rows": rows,
        "total": [_("Total"), "", "", "", _plain(whole)],
    }


def _drawer_part(figures: DayFigures) -> dict[str, Any]:
    words = (
        _("Float"),
        _("Cash"),
        _("Paid in"),
        _("Dropped"),
        _("Expected"),
        _("Counted"),
        _("Over or short"),
    )
    rows = [
        [
            one.name,
            _plain(one.opening_float),
            _plain(one.cash),
            _plain(one.paid_in),
            _plain(one.dropped),
            _plain(one.expected),
            _("not counted") if one.counted is None else _plain(one.counted),
            _plain(one.over_short),
        ]
        for one in figures.drawers
    ]
    return {
        "title": _("Cash drawers"),
        "columns": [{"label": _("Drawer")}, *({"label": word, "end": True} for word in words)],
        "rows": rows,
    }


def _bank_part(figures: DayFigures) -> dict[str, Any]:
    money = [{"label": word, "end": True} for word in (_("Cash"), _("Checks"), _("Total"))]
    rows = [
        [str(one.number), in_words(one.bank_on), _plain(one.cash), _plain(one.checks), _plain(one.total)]
        for one in figures.bank_deposits
    ]
    return {
        "title": _("Made ready for the bank"),
        "columns": [{"label": _("Slip")}, {"label": _("Bank day")}, *money],
        "rows": rows,
    }


def _moment(at: datetime, practice: Practice) -> str:
    there = at.astimezone(practice.zone)
    return (
        f"{in_words(there.date())} at {there.hour % 12 or 12}:{there:%M} {'am' if there.hour < 12 else 'pm'}"
    )


def _plain(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _texts(facts: dict[str, Any]) -> dict[str, str | None]:
    return {
        key: None if v is None else f"{v:.2f}" if isinstance(v, Decimal) else str(v)
        for key, v in facts.items()
    }
