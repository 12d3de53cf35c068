"""A patient's account as a child would keep it, in cents: what the ledger is held against."""

from dataclasses import dataclass, field
from datetime import date

from daysheet.ledger.models import LedgerEntry


def usd(cents: int) -> str:
    """Write cents as money."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


@dataclass(eq=False)
class Thing:
    """Something owed for: a charge, or what came back from the bank after it was refunded (no entry)."""

    on: date
    number: int
    entry: LedgerEntry | None
    cents: int = 0
    insurance: int = 0
    owed: int = 0
    applied: int = 0
    since: int = 0
    """When it first came onto the patient's own account."""
    answers: list[tuple[int, int, int]] = field(default_factory=list)
    """What the plan paid, took off and left to the patient, as far as it stands."""
    heard: int = 0
    is_gone: bool = False


@dataclass(eq=False)
class Act:
    """A transfer or a write-off that may be taken back: what it did to each thing."""

    entry: LedgerEntry
    did: list[tuple[Thing, int, int]]
    adjusted: int = 0


@dataclass(eq=False)
class Account:
    """One patient's things and credit."""

    things: list[Thing] = field(default_factory=list)
    credit: int = 0
    anew: dict[date, Thing] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    steps: int = 0

    def thing(self, on: date, entry: LedgerEntry | None, cents: int) -> Thing:
        """Add a thing."""
        self.steps += 1
        self.things.append(Thing(on, self.steps, entry, cents))
        return self.things[-1]

    def owe(self, thing: Thing, cents: int) -> None:
        """Change what the patient owes for a thing."""
        self.steps += 1
        thing.since = thing.since or (self.steps if cents else 0)
        thing.owed += cents

    def line(self) -> list[Thing]:
        """Return what has come onto the patient's account, the oldest first."""
        return sorted((one for one in self.things if one.since), key=lambda one: (one.on, one.since))

    def put(self, thing: Thing, cents: int) -> None:
        """Put credit to a thing, or take it back."""
        thing.applied, thing.owed, self.credit = (
            thing.applied + cents,
            thing.owed - cents,
            self.credit - cents,
        )

    def settle(self, today: date) -> None:
        """Move cents between credit and things until neither is wrong."""
        line = self.line()
        for thing in line:
            if thing.owed < 0:
                self.put(thing, thing.owed)
        for thing in reversed([one for one in line if one not in self.anew.values()]):
            self.put(thing, -max(0, min(thing.applied, -self.credit)))
        if self.credit < 0:
            if today not in self.anew:
                self.anew[today] = self.thing(today, None, 0)
            self.owe(self.anew[today], -self.credit)
            self.credit = 0
        for thing in self.line():
            self.put(thing, max(0, min(thing.owed, self.credit)))

    def spread(self, cents: int) -> list[tuple[Thing, int]]:
        """Return how cents are spread over what is owed, the oldest first."""
        parts = []
        for thing in self.line():
            part = max(0, min(thing.owed, cents))
            cents -= part
            parts += [(thing, part)] if part else []
        return parts

    @staticmethod
    def may_be_taken_back(did: list[tuple[Thing, int, int]]) -> bool:
        """Say whether all that an act made due is still there."""
        return all(
            (insurance <= 0 or one.insurance >= insurance) and (owed <= 0 or one.owed + one.applied >= owed)
            for one, insurance, owed in did
        )

    @property
    def still_there(self) -> int:
        """Return what of the patient's money has not been given back."""
        held = [one for one in self.things if one not in self.anew.values()]
        return self.credit + sum(max(one.applied, 0) for one in held)

    @property
    def charges(self) -> list[Thing]:
        """Return the things that are charges."""
        return [one for one in self.things if one.entry]

    @property
    def insurance(self) -> int:
        """Return what is due from the plan."""
        return sum(one.insurance for one in self.things)

    @property
    def owes(self) -> int:
        """Return what the patient owes."""
        return sum(one.owed for one in self.things)
