"""What is moved, taken off or brought along: transfers, write-offs, old balances, reversals by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, say, usd
from daysheet.ledger import followers, queries, rules
from daysheet.ledger.checks import amount_above_zero, said_why
from daysheet.ledger.commands.book import Book, EntryIsReversed
from daysheet.ledger.commands.filling import PlanPart
from daysheet.ledger.commands.misplaced import _stands_again
from daysheet.ledger.commands.payments import CARD_RETURN, CHECK_FEE, _must_be_there
from daysheet.ledger.models import LedgerEntry, LedgerLine, Payment
from daysheet.ledger.queries.payments import GIVEN_BACK, MOVED
from daysheet.ledger.rules import Side

Due = Literal["insurance", "patient"]
IN_WORDS = {"insurance": "due from the plan", "patient": "due from the patient"}


class MoreThanIsDue(Refusal):
    """The amount is more than what is due where it is taken from."""


@command(needs=Can.ADJUST)
def transfer(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    amount: Decimal,
    from_account: Due,
    to_account: Due,
    reason: str,
    charge_id: UUID | None = None,
    claim_id: UUID | None = None,
    visit_id: UUID | None = None,
    payer_id: UUID | None = None,
) -> LedgerEntry:
    """Make what is due from the plan due from the patient, or the other way round."""
    money = amount_above_zero(amount)
    why = said_why(reason)
    if from_account == to_account:
        raise Refusal("It is due there already.")
    book = Book.open(by, [patient_id])
    sides: list[Side] = []
    for_plan = to_account == "insurance"
    for part in _parts(patient_id, from_account, money, charge_id, visit_id, for_plan=for_plan):
        payer = payer_id or part.payer_id
        sides += _across(part, from_account, to_account, payer_id=payer, claim_id=claim_id, why=why)
    entry = _post(book, LedgerEntry.Kind.TRANSFER, sides, claim_id=claim_id, why=why)
    record(
        by,
        "ledger.balance.transferred",
        entry,
        patients=[patient_id],
        amount=money,
        to=to_account,
        reason=reason,
    )
    return entry


@command(needs=Can.ADJUST)
def write_off(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    amount: Decimal,
    reason: str,
    account: Literal["write_off", "contract", "plan_other"] = "write_off",
    charge_id: UUID | None = None,
    claim_id: UUID | None = None,
    from_account: Due = "patient",
) -> LedgerEntry:
    """Give up what is due: an adjustment of the office, with its reason; never more than is due."""
    money = amount_above_zero(amount)
    why = said_why(reason)
    book = Book.open(by, [patient_id])
    sides: list[Side] = []
    for part in _parts(patient_id, from_account, money, charge_id, None):
        payer = part.payer_id if from_account == "insurance" else None
        sides += _across(part, from_account, account, payer_id=payer, claim_id=claim_id, why=why)
    entry = _post(book, LedgerEntry.Kind.ADJUSTMENT, sides, claim_id=claim_id, why=why)
    record(by, "ledger.balance.written-off", entry, patients=[patient_id], amount=money, reason=reason)
    followers.tell(by, [side.visit_id for side in sides])
    return entry


@command(needs=Can.IMPORT_DATA)
def bring_forward(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    amount: Decimal,
    service_on: date,
    memo: str,
    source_key: str,
    account: Due = "patient",
    payer_id: UUID | None = None,
) -> LedgerEntry:
    """Bring an old balance from earlier books: owed when above zero, credit when below; once by its source."""
    money = usd(amount)
    if money == ZERO:
        raise Refusal("A balance of zero needs no entry.")
    book = Book.open(by, [patient_id])
    if before := book.posted_before(source_key):
        record(by, "ledger.balance.seen-again", before, patients=[patient_id])
        return before
    into = account if money > 0 else "unapplied"
    who = {
        "patient_id": patient_id,
        "payer_id": payer_id if account == "insurance" else None,
        "service_on": service_on,
    }
    entry = book.post(
        kind=LedgerEntry.Kind.BROUGHT_FORWARD,
        sides=[rules.signed(into, money, **who), rules.signed("brought_forward", -money, **who)],
        service_on=service_on,
        memo=memo,
        source_kind="import",
        source_key=source_key,
    )
    record(by, "ledger.balance.brought-forward", entry, patients=[patient_id], amount=money)
    return entry


@command(needs=Can.ADJUST)
def reverse_entry(by: Actor, /, *, entry_id: UUID, reason: str) -> LedgerEntry:
    """Take an adjustment, a transfer, an old balance, a refund or a check's fee back by its mirror image, once.

    A refund's cash comes into a drawer of today; what the card company gave back stays given. Payments have doors of
    their own (void, returned check, give back), charges theirs, and what a plan said is taken back as a whole claim,
    on its remittance: claim, deposit and book stay alike.
    """
    entry = LedgerEntry.objects.get(pk=entry_id)
    if entry.kind == LedgerEntry.Kind.REFUND and entry.source_kind == CARD_RETURN:
        raise EntryIsReversed("The card company gave that back: take the card again.")
    if entry.kind in {LedgerEntry.Kind.PAYMENT, LedgerEntry.Kind.RETURNED_CHECK}:
        raise EntryIsReversed("A payment is voided, refunded or returned, not reversed.")
    if entry.kind == LedgerEntry.Kind.CHARGE and entry.source_kind != CHECK_FEE:
        raise EntryIsReversed("A charge is voided on the slip of its visit.")
    if entry.kind in {LedgerEntry.Kind.APPLY, LedgerEntry.Kind.REVERSAL}:
        raise EntryIsReversed("The office makes this entry by itself. Reverse what it stands on.")
    if entry.kind == LedgerEntry.Kind.INSURANCE_PAYMENT or entry.source_kind == "remittance":
        raise EntryIsReversed(
            "A remittance posted this. Take the whole claim back on the page of the remittance: "
            "claim, deposit and book stay alike."
        )
    patients = sorted({line.patient_id for line in entry.lines.all() if line.patient_id})
    book = Book.open(by, patients)
    if entry.source_kind == MOVED:
        there = entry.lines.get(amount__lt=0)
        _must_be_there(there.patient_id, -there.amount)
    back = _comes_back(entry)
    for_plan = PlanPart.again(by, *back) if back else PlanPart()
    mirrored = book.reverse(entry, reason=reason)
    if back:
        for_plan.raise_to(by, back[0])
    record(by, "ledger.entry.reversed", mirrored, patients=patients, reverses=entry.number, reason=reason)
    if entry.source_kind == MOVED:
        _stands_again(by, entry)
    followers.tell(by, [line.visit_id for line in entry.lines.all()])
    return mirrored


def _comes_back(entry: LedgerEntry) -> tuple[Payment, Decimal] | None:
    """Return which payment stands again, and by how much, once its refund or its move is taken back."""
    if entry.source_kind not in (GIVEN_BACK, MOVED):
        return None
    payment = Payment.objects.filter(pk__in=[entry.source_id]).first()
    line = entry.lines.filter(account="unapplied", amount__gt=0).first()
    return (payment, line.amount) if payment and line else None


def _across(
    part: Side, from_account: str, into: str, *, payer_id: UUID | None, claim_id: UUID | None, why: str
) -> list[Side]:
    """Return both sides of what goes from where it is due into another account."""
    who = {
        "patient_id": part.patient_id,
        "payer_id": payer_id,
        "provider_id": part.provider_id,
        "location_id": part.location_id,
        "visit_id": part.visit_id,
        "charge_id": part.charge_id,
        "claim_id": None if part.is_own else claim_id or part.claim_id,
        "service_on": part.service_on,
        "reason_code": why,
        "is_own": part.is_own,
    }
    return [rules.debit(into, part.amount, **who), rules.credit(from_account, part.amount, **who)]


def _post(
    book: Book, kind: LedgerEntry.Kind, sides: list[Side], *, claim_id: UUID | None, why: str
) -> LedgerEntry:
    return book.post(
        kind=kind,
        sides=sides,
        service_on=sides[0].service_on,
        memo=why,
        source_kind="claim" if claim_id else "",
        source_id=claim_id,
    )


def _parts(
    patient_id: UUID,
    account: str,
    amount: Decimal,
    charge_id: UUID | None,
    visit_id: UUID | None,
    *,
    for_plan: bool = False,
) -> list[Side]:
    """Return what is due, the oldest first, up to the amount; for a plan nothing that is the patient's own.

    Raises MoreThanIsDue.
    """
    rows = LedgerLine.objects.filter(patient_id=patient_id, account=account)
    if for_plan:
        rows = rows.filter(is_own=False)
    if charge_id:
        rows = rows.filter(charge_id=charge_id)
    elif visit_id:
        rows = rows.filter(visit_id=visit_id)
    lines = [
        rules.PatientLine(number, False, Side(*rest))
        for number, *rest in rows.values_list("entry__number", *queries.SIDE_FIELDS)
    ]
    spread = rules.oldest_first(rules.items_of(lines), amount)
    due = sum((part for _, part in spread), ZERO)
    if due < amount:
        sentence = f"Only {say(due)} is {IN_WORDS[account]} here."
        raise MoreThanIsDue(sentence, amount=sentence)
    return [replace(item.who, amount=part) for item, part in spread]
