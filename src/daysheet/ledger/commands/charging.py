"""Charges come into the book, and go out of it by their mirror image."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.ledger import queries, rules
from daysheet.ledger.checks import amount_above_zero
from daysheet.ledger.commands.book import Book
from daysheet.ledger.models import LedgerEntry
from daysheet.ledger.rules import Side


class ChargeIsAnswered(Refusal):
    """A plan has answered for the charge already."""


class ChargeStands(Refusal):
    """The charge is in the book and cannot be put there again."""


@command(needs=Can.ENTER_CHARGES)
def post_charge(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    amount: Decimal,
    service_on: date,
    provider_id: UUID,
    location_id: UUID,
    visit_id: UUID | None,
    charge_id: UUID,
    to: Literal["insurance", "patient"],
    payer_id: UUID | None = None,
) -> LedgerEntry:
    """Put a charge into the book, due from the plan or from the patient; once for each charge.

    It posts today, or on the next open day, whatever the service day was.
    """
    money = amount_above_zero(amount, what="The charge")
    book = Book.open(by, [patient_id])
    key = f"charge/{charge_id}"
    if before := book.posted_before(key):
        record(by, "ledger.charge.seen-again", before, patients=[patient_id])
        return before
    who = {
        "patient_id": patient_id,
        "payer_id": payer_id if to == "insurance" else None,
        "provider_id": provider_id,
        "location_id": location_id,
        "visit_id": visit_id,
        "charge_id": charge_id,
        "service_on": service_on,
    }
    entry = book.post(
        kind=LedgerEntry.Kind.CHARGE,
        sides=[rules.debit(to, money, **who), rules.credit("charges", money, **who)],
        service_on=service_on,
        source_kind="charge",
        source_id=charge_id,
        source_key=key,
    )
    record(
        by,
        "ledger.charge.posted",
        entry,
        patients=[patient_id],
        amount=money,
        to=to,
        posted_on=entry.posted_on,
    )
    return entry


@command(needs=Can.ENTER_CHARGES)
def reverse_charge(by: Actor, /, *, entry_id: UUID, reason: str, is_corrected: bool = False) -> LedgerEntry:
    """Take a charge out of the book again; what the patient paid for it becomes credit.

    Raises ChargeIsAnswered once a plan has answered for it, but where a corrected one follows on the plan's claim:
    then the answer stays until the plan takes it back.
    """
    entry = LedgerEntry.objects.get(pk=entry_id, kind=LedgerEntry.Kind.CHARGE)
    patients = [line.patient_id for line in entry.lines.all() if line.patient_id]
    book = Book.open(by, patients)
    if not is_corrected and entry.source_id and queries.plan_answers_on(entry.source_id):
        raise ChargeIsAnswered(
            "The plan has answered for this charge. Correct the line on its claim and send that again, "
            "or take the claim back there."
        )
    mirrored = book.reverse(entry, reason=reason, answered=not is_corrected)
    record(by, "ledger.charge.reversed", mirrored, patients=patients, reverses=entry.number, reason=reason)
    return mirrored


@command(needs=Can.ENTER_CHARGES)
def move_charge(
    by: Actor,
    /,
    *,
    entry_id: UUID,
    to: Literal["insurance", "patient"],
    payer_id: UUID | None,
    reason: str,
) -> LedgerEntry:
    """Make a charge due from another plan or from the patient: taken back, and put into the book anew.

    What the patient paid for it becomes credit. Raises ChargeIsAnswered, or OthersStandOnIt.
    """
    reverse_charge(by, entry_id=entry_id, reason=reason)
    entry = LedgerEntry.objects.get(pk=entry_id)
    payer = payer_id if to == "insurance" else None
    sides = [queries.side_of(line) for line in entry.lines.order_by("id")]
    moved = _put_again(
        Book.open(by, [side.patient_id for side in sides]),
        entry,
        [replace(side, payer_id=payer, account=to if side.amount > 0 else side.account) for side in sides],
        reason,
    )
    patients = sorted({side.patient_id for side in sides if side.patient_id})
    record(by, "ledger.charge.moved", moved, patients=patients, was=entry.number, to=to, reason=reason)
    return moved


@command(needs=Can.ENTER_CHARGES)
def repost_charge(by: Actor, /, *, entry_id: UUID, reason: str) -> LedgerEntry:
    """Put a charge that was reversed into the book again as it was; the entry has a key of its own.

    Raises ChargeStands where it was not reversed.
    """
    entry = LedgerEntry.objects.get(pk=entry_id, kind=LedgerEntry.Kind.CHARGE)
    sides = [queries.side_of(line) for line in entry.lines.order_by("id")]
    book = Book.open(by, [side.patient_id for side in sides])
    if not LedgerEntry.objects.filter(reverses=entry).exists():
        raise ChargeStands("This charge is in the book.")
    again = _put_again(book, entry, sides, reason)
    patients = sorted({side.patient_id for side in sides if side.patient_id})
    record(by, "ledger.charge.posted-again", again, patients=patients, was=entry.number, reason=reason)
    return again


def _put_again(book: Book, entry: LedgerEntry, sides: Sequence[Side], reason: str) -> LedgerEntry:
    """Return a charge's next entry, which has a key of its own."""
    before = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.CHARGE, source_id=entry.source_id).count()
    return book.post(
        kind=LedgerEntry.Kind.CHARGE,
        sides=sides,
        service_on=entry.service_on,
        memo=reason,
        source_kind="charge",
        source_id=entry.source_id,
        source_key=f"charge/{entry.source_id}/{before + 1}",
    )
