"""Rules of missed visits: which fee holds, whether it is forgiven; and what stands against booking a patient. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

LEFT = "lwobs"
"""Left without being seen: the patient came, so that no rule for missed visits is meant by itself."""


class FeeRule(NamedTuple):
    """What a missed visit costs: of a kind or any, by an outcome or both, after so many forgiven within a year."""

    type_id: UUID | None
    outcome: str
    forgiven: int
    amount: Decimal

    def is_for(self, type_id: UUID, outcome: str) -> bool:
        """Return whether it speaks of a visit; of who left without being seen only when it names it."""
        wanted = (outcome,) if outcome == LEFT else ("", outcome)
        return self.type_id in (None, type_id) and self.outcome in wanted


class Fee(NamedTuple):
    """What the office's rule says of one missed visit."""

    amount: Decimal
    forgiven: int
    number: int
    """Which one within a year it is: 1 is the first."""

    @property
    def is_forgiven(self) -> bool:
        """Return whether the rule forgives it."""
        return self.number <= self.forgiven


def fee_of(rules: Iterable[FeeRule], *, type_id: UUID, outcome: str, number: int) -> Fee | None:
    """Return what the closest rule says: one for the kind of visit before one for any, then one for the outcome."""
    fitting = [one for one in rules if one.is_for(type_id, outcome)]
    if not fitting:
        return None
    rule = min(fitting, key=lambda one: (one.type_id is None, one.outcome == ""))
    return Fee(rule.amount, rule.forgiven, number)


class Held(NamedTuple):
    """A restriction on a patient: its kind, since when and until when."""

    kind: str
    since: date
    until: date | None


def against(held: Sequence[Held], *, today: date, day: date) -> list[str]:
    """Return the kinds that stand against booking a patient today for a day."""
    now = {one.kind for one in held if one.since <= today and (one.until is None or one.until >= today)}
    if day == today:
        now.discard("same_day")
    return [kind for kind in ("manager", "same_day", "prepay") if kind in now]
