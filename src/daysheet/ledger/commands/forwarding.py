"""Many old balances at once, as another system tells of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, usd
from daysheet.ledger import rules
from daysheet.ledger.commands.adjustments import Due
from daysheet.ledger.commands.book import Book, Post
from daysheet.ledger.models import LedgerEntry
from daysheet.ledger.rules import Side


@dataclass(frozen=True, slots=True)
class OldBalance:
    """What was open in other books: above zero it is owed, below zero it is credit."""

    patient_id: UUID
    amount: Decimal
    service_on: date
    source_key: str
    """What must not be brought twice."""
    account: Due = "patient"
    payer_id: UUID | None = None


@command(needs=Can.IMPORT_DATA)
def bring_forward_many(by: Actor, /, *, balances: Sequence[OldBalance], memo: str) -> list[LedgerEntry]:
    """Bring old balances from earlier books, each once by its source; all of them or none.

    Returns their entries in the same order; one that was brought before is the entry of that time.
    """
    if any(one.amount == ZERO for one in balances):
        raise Refusal("A balance of zero needs no entry.")
    book = Book.open(by, [one.patient_id for one in balances])
    keys = [one.source_key for one in balances]
    found = {one.source_key: one for one in LedgerEntry.objects.filter(source_key__in=keys)}
    fresh = [one for one in balances if one.source_key not in found]
    posts = [Post(_sides(one), one.service_on, one.source_key) for one in fresh]
    kind = LedgerEntry.Kind.BROUGHT_FORWARD
    made = book.post_alike(posts, kind=kind, memo=memo, source_kind="import") if posts else []
    found |= {one.source_key: one for one in made}
    record(
        by,
        "ledger.balances.brought-forward",
        patients=list(dict.fromkeys(one.patient_id for one in fresh)),
        entries=len(made),
        amount=sum((one.amount for one in fresh), ZERO),
    )
    return [found[key] for key in keys]


def _sides(one: OldBalance) -> list[Side]:
    money = usd(one.amount)
    who = {
        "patient_id": one.patient_id,
        "payer_id": one.payer_id if one.account == "insurance" else None,
        "service_on": one.service_on,
    }
    into = one.account if money > 0 else "unapplied"
    return [rules.signed(into, money, **who), rules.signed("brought_forward", -money, **who)]
