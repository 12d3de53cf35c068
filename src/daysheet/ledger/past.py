"""Bills of earlier books as closed entries: pure double entry, and each bill leaves nothing due.

What a file tells is kept as it tells it: the charge, what the plan paid, what it left to the patient, what the
patient paid. What is left over after that was settled in the earlier books in a way the file does not tell;
one last entry against "brought forward" says so, and invents neither a payment nor a write-off.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from daysheet.kernel.money import ZERO, usd
from daysheet.ledger.rules import Side, balanced, signed

SOURCE_KIND = "history"


@dataclass(frozen=True, slots=True)
class PastBill:
    """A bill of earlier books: whose it is, what it came to, and what is known of its payment."""

    source_key: str
    patient_id: UUID
    service_on: date
    charge: Decimal
    visit_id: UUID | None = None
    provider_id: UUID | None = None
    location_id: UUID | None = None
    payer_id: UUID | None = None
    """None: the patient was billed."""
    plan_paid: Decimal = ZERO
    shares: Sequence[tuple[str, Decimal]] = ()
    """(reason, amount) that the plan left to the patient."""
    own_payments: Sequence[tuple[str, Decimal]] = ()
    """(money account, amount) that the patient paid."""


@dataclass(frozen=True, slots=True)
class PastEntry:
    """An entry before it is written."""

    kind: str
    sides: Sequence[Side]
    key: str
    memo: str = ""


def entries_of(bill: PastBill) -> list[PastEntry]:
    """Return the entries of a bill: charged, answered by the plan, paid, and closed, each summing to zero."""
    who: dict[str, Any] = {
        "patient_id": bill.patient_id,
        "provider_id": bill.provider_id,
        "visit_id": bill.visit_id,
        "service_on": bill.service_on,
    }
    due = {"insurance": ZERO, "patient": ZERO}
    to = "insurance" if bill.payer_id else "patient"
    due[to] += usd(bill.charge)
    placed = who | {"location_id": bill.location_id}
    billed = placed | ({"payer_id": bill.payer_id} if bill.payer_id else {})
    found = [
        PastEntry(
            "charge",
            [signed(to, bill.charge, **billed), signed("charges", -bill.charge, **billed)],
            bill.source_key,
        )
    ]
    if bill.payer_id:
        found += _answer(bill, who | {"payer_id": bill.payer_id}, due)
    for rank, (account, paid) in enumerate(bill.own_payments, start=1):
        sides = [signed(account, paid, **who), signed("patient", -paid, **who)]
        due["patient"] -= paid
        found.append(PastEntry("payment", sides, f"{bill.source_key}/paid/{rank}", "before Daysheet"))
    rest = due["insurance"] + due["patient"]
    if any(due.values()):
        sides = [
            signed(account, -amount, **(billed if account == "insurance" else placed))
            for account, amount in due.items()
        ]
        sides.append(signed("brought_forward", rest, **placed))
        found.append(
            PastEntry("brought_forward", sides, f"{bill.source_key}/closed", "settled in earlier books")
        )
    kept = [one for one in found if any(side.amount for side in one.sides)]
    # the first bears the bill's own key: by it the bill is known when it comes again
    return [
        replace(one, sides=balanced(one.sides), key=one.key if place else bill.source_key)
        for place, one in enumerate(kept)
    ]


def _answer(bill: PastBill, who: Mapping[str, Any], due: dict[str, Decimal]) -> list[PastEntry]:
    shares = [(reason, usd(amount)) for reason, amount in bill.shares]
    left = sum((amount for _, amount in shares), ZERO)
    off = usd(bill.plan_paid) + left
    sides = [signed("eft", bill.plan_paid, **who), signed("insurance", -off, **who)]
    sides += [
        signed("patient", amount, group_code="PR", reason_code=reason, **who) for reason, amount in shares
    ]
    due["insurance"] -= off
    due["patient"] += left
    return [PastEntry("insurance_payment", sides, f"{bill.source_key}/plan", "before Daysheet")]
