"""Double entry as pure rules: accounts and their classes, sides, settling of credit, the day's identity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from daysheet.kernel.money import ZERO, usd

CLASS_OF: Mapping[str, str] = {
    "insurance": "receivable",
    "patient": "receivable",
    "unapplied": "receivable",
    "charges": "revenue",
    "brought_forward": "revenue",
    "cash": "money",
    "check": "money",
    "card": "money",
    "eft": "money",
    "contract": "adjustment",
    "write_off": "adjustment",
    "plan_other": "adjustment",
    "provider_level": "adjustment",
}
"""The class of each account; the day sheet's proof is a sentence about the four classes."""

ACCOUNT_OF_GROUP: Mapping[str, str] = {
    "CO": "contract",
    "PI": "plan_other",
    "OA": "plan_other",
    "PR": "patient",
}
"""Where a plan's adjustment goes, by its group (835 CAS01): only PR is owed by the patient."""


class Unbalanced(ValueError):
    """The sides of an entry do not sum to zero: a bug, never a person's mistake."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of an entry before it is written: debit above zero, credit below, and whose money it is."""

    account: str
    amount: Decimal
    patient_id: UUID | None = None
    payer_id: UUID | None = None
    provider_id: UUID | None = None
    location_id: UUID | None = None
    visit_id: UUID | None = None
    charge_id: UUID | None = None
    claim_id: UUID | None = None
    service_on: date | None = None
    group_code: str = ""
    reason_code: str = ""
    drawer_id: UUID | None = None
    is_own: bool = False
    """The patient's own affair: no plan can ever be asked for it."""

    def turned(self) -> "Side":
        """Return the opposite side."""
        return replace(self, amount=-self.amount)


def debit(account: str, amount: Decimal, **who: object) -> Side:
    """Return a debit of an amount above zero."""
    return _side(account, _above_zero(amount), who)


def credit(account: str, amount: Decimal, **who: object) -> Side:
    """Return a credit of an amount above zero."""
    return _side(account, -_above_zero(amount), who)


def signed(account: str, amount: Decimal, **who: object) -> Side:
    """Return a debit, or for an amount below zero a credit: for takebacks, which negate every figure."""
    return _side(account, usd(amount), who)


def balanced(sides: Iterable[Side]) -> list[Side]:
    """Return the sides that are not zero. Raises Unbalanced unless they sum to zero."""
    kept = [side for side in sides if side.amount != 0]
    total = sum((side.amount for side in kept), ZERO)
    if total != 0:
        raise Unbalanced(f"the sides sum to {total}")
    return kept


def mirror(sides: Iterable[Side]) -> list[Side]:
    """Return the exact reversal of an entry's sides."""
    return [side.turned() for side in sides]


# --- What a plan paid -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanPosting:
    """What a remittance says about one charge (or, without a charge, about the claim as a whole)."""

    patient_id: UUID
    claim_id: UUID | None
    visit_id: UUID | None
    charge_id: UUID | None
    provider_id: UUID | None
    paid: Decimal
    adjustments: Sequence[tuple[str, str, Decimal]] = ()
    """(group, reason, amount): CO 45 60.00. A reversal negates all, as the 835 does."""
    location_id: UUID | None = None
    service_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanClaim:
    """A remitted claim as it is posted: one entry, once, by its key (payer, trace, claim, rank)."""

    source_key: str
    postings: Sequence[PlanPosting]
    source_id: UUID | None = None
    is_reversal: bool = False


def plan_sides(posting: PlanPosting, *, payer_id: UUID, money: str) -> list[Side]:
    """Return the sides of what a plan paid, took off and left to the patient for one charge."""
    who = {
        "patient_id": posting.patient_id,
        "payer_id": payer_id,
        "provider_id": posting.provider_id,
        "location_id": posting.location_id,
        "visit_id": posting.visit_id,
        "charge_id": posting.charge_id,
        "claim_id": posting.claim_id,
        "service_on": posting.service_on,
    }
    sides = [signed(money, posting.paid, **who)]
    for group, reason, amount in posting.adjustments:
        account = ACCOUNT_OF_GROUP.get(group, "plan_other")
        sides.append(signed(account, amount, group_code=group, reason_code=reason, **who))
    total = sum((side.amount for side in sides), ZERO)
    return [*sides, signed("insurance", -total, **who)]


# --- What a patient owes, and credit ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A line of a patient's own account, as far as settling needs it."""

    entry_number: int
    is_application: bool
    side: Side


@dataclass(slots=True)
class Item:
    """A thing the patient owes for: a charge, a visit, or the old balance of a day."""

    service_on: date
    first: int
    who: Side
    owed: Decimal = field(default=ZERO)
    applied: Decimal = field(default=ZERO)
    """What of the patient's money has been put to it."""


@dataclass(frozen=True, slots=True)
class Move:
    """Credit put to an item (above zero), or taken back from it (below); no item: newly owed."""

    item: Item | None
    amount: Decimal


def item_key(side: Side) -> object:
    """Return what tells a thing that is owed for from another."""
    return side.charge_id or side.visit_id or side.service_on


def made_up(items: Iterable[Item], sides: Iterable[Side]) -> dict[object, Decimal]:
    """Return, by item, how much more sides take from it than is still due there and was paid for it.

    So much was moved or written off meanwhile, and would become credit that nobody paid.
    """
    taken: dict[object, Decimal] = {}
    for side in sides:
        taken[item_key(side)] = taken.get(item_key(side), ZERO) + side.amount
    left = {item_key(item.who): item.owed + item.applied for item in items}
    missing = {key: -left.get(key, ZERO) - amount for key, amount in taken.items() if amount < 0}
    return {key: amount for key, amount in missing.items() if amount > 0}


def without(sides: Iterable[Side], given: Mapping[object, Decimal]) -> list[Side]:
    """Return the sides of a write-off or transfer with so much less for some items; what is zero is left out."""
    less = [
        replace(side, amount=side.amount - given.get(item_key(side), ZERO) * (1 if side.amount > 0 else -1))
        for side in sides
    ]
    return [side for side in less if side.amount != 0]


def items_of(lines: Iterable[PatientLine]) -> list[Item]:
    """Return what the lines of one account of a patient say, by item, the oldest service day first."""
    found: dict[object, Item] = {}
    for line in sorted(lines, key=lambda one: one.entry_number):
        side = line.side
        key = item_key(side)
        item = found.get(key)
        if item is None:
            item = found[key] = Item(side.service_on or date.min, line.entry_number, side)
        item.owed += side.amount
        if line.is_application:
            item.applied -= side.amount
        if side.claim_id and side.claim_id != item.who.claim_id:
            item.who = replace(item.who, claim_id=side.claim_id, payer_id=side.payer_id)
    return sorted(found.values(), key=lambda item: (item.service_on, item.first))


def settle(items: Sequence[Item], unapplied: Decimal) -> list[Move]:
    """Return the moves after which no item is overpaid, and no credit lies beside something owed.

    Overpaid items give back to the credit; credit goes to the oldest service day first; credit that is
    gone (a returned check) is taken back from the newest first, and what no item can give is owed anew.
    """
    moves: list[Move] = []
    owed = [item.owed for item in items]
    for index, item in enumerate(items):
        if owed[index] < 0:
            moves.append(Move(item, owed[index]))
            unapplied -= owed[index]
            owed[index] = ZERO
    if unapplied < 0:
        for item in reversed(items):
            back = min(max(item.applied + min(item.owed, ZERO), ZERO), -unapplied)
            if back > 0:
                moves.append(Move(item, -back))
                unapplied += back
        if unapplied < 0:
            moves.append(Move(None, unapplied))
        return moves
    for index, item in enumerate(items):
        part = min(owed[index], unapplied)
        if part > 0:
            moves.append(Move(item, part))
            unapplied -= part
    return moves


def still_there(items: Iterable[Item], unapplied: Decimal) -> Decimal:
    """Return how much of a patient's money is still there: unapplied, or put to a thing that can give it back."""
    given = (max(item.applied + min(item.owed, ZERO), ZERO) for item in items)
    return max(unapplied, ZERO) + sum(given, ZERO)


def settling_sides(moves: Iterable[Move], *, patient_id: UUID, today: date) -> list[Side]:
    """Return the sides of the moves: credit down and the item down, or the other way round."""
    sides: list[Side] = []
    total = ZERO
    for move in moves:
        who = (
            replace(move.item.who, account="patient", amount=-move.amount, group_code="", reason_code="")
            if move.item
            else Side("patient", -move.amount, patient_id=patient_id, service_on=today)
        )
        sides.append(who)
        total += move.amount
    return [*sides, signed("unapplied", total, patient_id=patient_id)]


def oldest_first(items: Iterable[Item], amount: Decimal) -> list[tuple[Item, Decimal]]:
    """Return how an amount is spread over what is owed, the oldest service day first."""
    parts: list[tuple[Item, Decimal]] = []
    for item in items:
        part = min(item.owed, amount)
        if part > 0:
            parts.append((item, part))
            amount -= part
    return parts


# --- The day ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Proof:
    """The day sheet's sentence: charges - payments - adjustments = change of the receivables."""

    charges: Decimal
    payments: Decimal
    adjustments: Decimal
    change: Decimal

    @property
    def off_by(self) -> Decimal:
        """Return by how much the sentence is wrong: zero when the books balance."""
        return self.charges - self.payments - self.adjustments - self.change


def prove(sums: Mapping[str, Decimal]) -> Proof:
    """Return the proof of a span of days from the sum of each account's lines."""
    by_class = dict.fromkeys(("receivable", "revenue", "money", "adjustment"), ZERO)
    for account, amount in sums.items():
        by_class[CLASS_OF[account]] += amount
    return Proof(
        charges=ZERO - by_class["revenue"],
        payments=by_class["money"],
        adjustments=by_class["adjustment"],
        change=by_class["receivable"],
    )


def in_words(day: date) -> str:
    """Return a day as the office writes it: Mar 9, 2026."""
    return f"{day:%b} {day.day}, {day.year}"


def _above_zero(amount: Decimal) -> Decimal:
    money = usd(amount)
    if money <= 0:
        raise Unbalanced(f"a side needs an amount above zero, not {money}")
    return money


def _side(account: str, amount: Decimal, who: Mapping[str, object]) -> Side:
    if account not in CLASS_OF:
        raise Unbalanced(f"there is no account {account}")
    return Side(account, amount, **who)  # type: ignore[arg-type]
