"""What goes to the bank: closed drawers and checks on one slip, and what the bank says of it."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents.commands import keep_document
from daysheet.documents.models import Document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.money import ZERO, say
from daysheet.kernel.numbers import next_number
from daysheet.ledger import papers, queries
from daysheet.ledger.checks import NeedsReason, amount_in_drawer, no_card_numbers, said_why
from daysheet.ledger.commands.book import Book
from daysheet.ledger.models import BankDeposit, CashDrawer, Payment, PostingDay
from daysheet.ledger.rules import in_words

FARTHEST = timedelta(days=30)


class NothingToDeposit(Refusal):
    """Nothing was chosen, or the drawers chosen hold no more than their floats."""


class IsElsewhere(Refusal):
    """A drawer or check was taken to the bank by another slip, or is not there any more."""


class BankSaidSo(Refusal):
    """The bank has spoken of the deposit, or it was taken apart: nothing more is to be done with it so."""


@command(needs=Can.CLOSE_DAY)
def make_deposit(
    by: Actor, /, *, drawer_ids: Collection[UUID], check_ids: Collection[UUID], bank_on: date
) -> BankDeposit:
    """Put the cash of closed drawers and checks on one slip; each of them goes to the bank once.

    Raises IsElsewhere when another slip took one of them first.
    """
    book = Book.open(by)
    drawers = [one for one in queries.drawers_to_bank() if one.row.pk in set(drawer_ids)]
    checks = [one for one in queries.checks_to_bank() if one.pk in set(check_ids)]
    if len(drawers) != len(set(drawer_ids)) or len(checks) != len(set(check_ids)):
        raise IsElsewhere(
            _("Some of it is on another slip by now, or was taken back. Look at the list again.")
        )
    cash = sum((one.to_bank for one in drawers), ZERO)
    total = sum((one.amount for one in checks), ZERO)
    if cash < 0:
        raise NothingToDeposit(
            _("These drawers hold less than their floats. Leave out those that paid money out.")
        )
    if cash + total == 0:
        raise NothingToDeposit(_("Choose the drawers and checks that go to the bank."))
    if not book.day.day - FARTHEST <= bank_on <= book.day.day + FARTHEST:
        sentence = _("Write a bank day within 30 days of %(day)s.") % {"day": in_words(book.day.day)}
        raise Refusal(sentence, bank_on=sentence)
    deposit = BankDeposit.objects.create(
        number=next_number("deposit"),
        bank_on=bank_on,
        made_on=book.day.day,
        cash=cash,
        checks=total,
        made_at=by.now,
        by_name=by.name,
    )
    for one in drawers:
        CashDrawer.objects.filter(pk=one.row.pk, deposit__isnull=True).update(deposit=deposit)
        queries.cash_payments(one.row).update(deposit=deposit)
    Payment.objects.filter(pk__in=[one.pk for one in checks], deposit__isnull=True).update(deposit=deposit)
    record(
        by,
        "ledger.deposit.made",
        deposit,
        patients={one.patient_id for one in checks if one.patient_id},
        number=deposit.number,
        cash=cash,
        checks=total,
    )
    return deposit


@command(needs=Can.CLOSE_DAY)
def settle_deposit(
    by: Actor, /, *, deposit_id: UUID, bank_said: Decimal, version: int, reason: str = ""
) -> BankDeposit:
    """Write down what the bank credited: the same confirms the deposit, another sum takes a reason."""
    Book.lock(by)
    no_card_numbers(reason=reason)
    deposit = BankDeposit.objects.select_for_update().get(pk=deposit_id)
    _is_as_shown(deposit, version)
    if deposit.state in (BankDeposit.State.CONFIRMED, BankDeposit.State.VOID):
        raise BankSaidSo(_("The bank has confirmed this deposit, or it was taken apart."))
    money = amount_in_drawer(bank_said, field="bank_said")
    if money != deposit.total and not reason.strip():
        sentence = _("The bank says %(bank)s, the slip %(slip)s. Say why they differ.")
        raise NeedsReason(
            sentence % {"bank": say(money), "slip": say(deposit.total)}, reason=_("Say why they differ.")
        )
    is_same = money == deposit.total
    deposit.state = BankDeposit.State.CONFIRMED if is_same else BankDeposit.State.DIFFERS
    deposit.bank_said, deposit.bank_reason = money, reason.strip()
    deposit.settled_at, deposit.settled_by, deposit.version = by.now, by.name, deposit.version + 1
    deposit.save()
    record(
        by,
        f"ledger.deposit.{deposit.state}",
        deposit,
        number=deposit.number,
        bank_said=money,
        reason=deposit.bank_reason,
    )
    return deposit


@command(needs=Can.CLOSE_DAY)
def void_deposit(by: Actor, /, *, deposit_id: UUID, reason: str, version: int) -> BankDeposit:
    """Take a slip apart that has not gone to the bank: its drawers and checks wait for another.

    Raises BankSaidSo once the bank has spoken, and when the day that it stands on is closed.
    """
    why = said_why(reason)
    Book.lock(by)
    deposit = BankDeposit.objects.select_for_update().get(pk=deposit_id)
    _is_as_shown(deposit, version)
    if deposit.state != BankDeposit.State.MADE:
        raise BankSaidSo(_("The bank has spoken of this deposit, or it was taken apart before."))
    if PostingDay.objects.filter(day=deposit.made_on, closed_at__isnull=False).exists():
        sentence = _(
            "The slip stands on the sheet of %(day)s, which is closed. Say what the bank credited instead."
        )
        raise BankSaidSo(sentence % {"day": in_words(deposit.made_on)})
    CashDrawer.objects.filter(deposit=deposit).update(deposit=None)
    Payment.objects.filter(deposit=deposit).update(deposit=None)
    deposit.state, deposit.bank_reason, deposit.version = BankDeposit.State.VOID, why, deposit.version + 1
    deposit.settled_at, deposit.settled_by = by.now, by.name
    deposit.save()
    record(by, "ledger.deposit.void", deposit, number=deposit.number, reason=why)
    return deposit


@command(needs=Can.CLOSE_DAY)
def print_slip(by: Actor, /, *, deposit_id: UUID) -> Document:
    """Print a deposit slip as a paper; the same paper again when it was printed before."""
    deposit = BankDeposit.objects.get(pk=deposit_id)
    title = f"Deposit {deposit.number}"
    kept = Document.objects.filter(subject_id=deposit.pk, kind="deposit", title=title).first()
    slip = queries.deposit_slip(deposit)
    named = {one.patient_id for one in slip.checks if one.patient_id}
    if kept is None:
        kept = keep_document(
            by,
            kind="deposit",
            title=title,
            media_type="application/pdf",
            content=papers.deposit_slip(by, slip),
            subject=deposit,
            patients=named,
        )
    record(by, "ledger.deposit.printed", deposit, patients=named, number=deposit.number)
    return kept


def _is_as_shown(deposit: BankDeposit, version: int) -> None:
    if deposit.version != version:
        raise StaleForm(_("Somebody changed this deposit while the page stood open. Look again."))
