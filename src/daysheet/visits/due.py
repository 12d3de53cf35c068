"""What is asked of a patient at check-in, and why: by kind of visit, age, and what was done before. Pure."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from uuid import UUID

from daysheet.visits.rules import StepPlan

EVERY_VISIT, YEARLY, ONCE, CHANGED, NEVER = "every_visit", "yearly", "once", "changed", "never"
OFTEN = (EVERY_VISIT, YEARLY, CHANGED, ONCE, NEVER)
"""How often a step can be asked, the strictest first."""
FORM = "form-"
"""A step that fills in a form of the office is called after it: form-treatment."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One rule of the office: a step, of whom, how often, and whether it must be done."""

    kind: str
    often: str
    is_required: bool = False
    type_id: UUID | None = None
    youngest: int | None = None
    oldest: int | None = None

    def is_for(self, guest: "Guest") -> bool:
        """Return whether it speaks of a patient's visit."""
        fits_type = self.type_id is None or self.type_id == guest.type_id
        old_enough = self.youngest is None or guest.age >= self.youngest
        return fits_type and old_enough and (self.oldest is None or guest.age <= self.oldest)


@dataclass(frozen=True, slots=True)
class Guest:
    """What is known of a patient and a visit when the patient arrives."""

    age: int
    today: date
    type_id: UUID | None = None
    takes_copay: bool = True
    is_covered: bool = False
    owes: bool = False
    lacks_authorization: bool = False
    is_remote: bool = False
    copay_is_nothing: bool = False
    """It is known that no copay may be asked: the plan names one of nothing, or a rule protects the patient."""

    def has(self, kind: str) -> bool:
        """Return whether there is anything to do for a step of a kind at all."""
        matters = {
            "card": self.is_covered,
            "copay": self.takes_copay,
            "old_balance": self.owes,
            "authorization": self.lacks_authorization,
            "telehealth_consent": self.is_remote,
        }
        return matters.get(kind, True)


@dataclass(frozen=True, slots=True)
class Last:
    """When a step was done last, and whether what it is about has changed since."""

    on: date | None = None
    is_changed: bool = False


NOT_YET = Last()


@cache
def shipped() -> tuple[Ask, ...]:
    """Return what is asked where the office has said nothing, in the order of the desk."""
    table = tomllib.loads(resources.files("daysheet.visits").joinpath("check_in.toml").read_text("utf-8"))
    return tuple(Ask(kind, row["often"], row["required"]) for kind, row in table.items())


def in_force(own: Iterable[Ask]) -> list[Ask]:
    """Return the office's rules, and for steps that it says nothing about those that are shipped."""
    by_kind: dict[str, list[Ask]] = {ask.kind: [ask] for ask in shipped()}
    said: dict[str, list[Ask]] = {}
    for ask in own:
        said.setdefault(ask.kind, []).append(ask)
    by_kind.update(said)
    return [ask for asks in by_kind.values() for ask in asks]


def the_ask(asks: Iterable[Ask], guest: Guest) -> Ask | None:
    """Return the one rule that counts among those of a step: the most exact one, then the strictest."""
    fitting = [ask for ask in asks if ask.is_for(guest)]
    if not fitting:
        return None
    return min(
        fitting,
        key=lambda ask: (
            ask.type_id is None,
            ask.youngest is None and ask.oldest is None,
            OFTEN.index(ask.often),
            not ask.is_required,
        ),
    )


def is_due(ask: Ask, last: Last, today: date) -> bool:
    """Return whether a step must be done now, given when it was done last."""
    if ask.often == EVERY_VISIT or last.on is None:
        return True
    if ask.often == YEARLY:
        return last.is_changed or today >= a_year_after(last.on)
    return ask.often == CHANGED and last.is_changed


def a_year_after(day: date) -> date:
    """Return the same day of the next year; after Feb 29 the first of March."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 3, 1)


def steps_due(asks: Sequence[Ask], guest: Guest, last: Mapping[str, Last]) -> list[StepPlan]:
    """Return the ordered to-do of a check-in; what was done before and is not due again stands on file."""
    plans = []
    for kind in dict.fromkeys(ask.kind for ask in asks):
        ask = the_ask((one for one in asks if one.kind == kind), guest)
        if ask is None or ask.often == NEVER or not guest.has(kind):
            continue
        before = last.get(kind, NOT_YET)
        is_required = ask.is_required and (guest.is_covered or kind not in ("coverage", "copay"))
        on_file = not is_due(ask, before, guest.today) or (kind == "copay" and guest.copay_is_nothing)
        plans.append(StepPlan("check_in", kind, is_required, on_file, ask.often, before.on))
    return plans
