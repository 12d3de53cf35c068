"""What another system says about one patient, in the office's words, before anything is written. Pure."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from daysheet.patients.rules import ChartFact, ContactFact, PhoneFact

UNNAMED = "unnamed"
"""The key of the clinician whom a file does not name."""


@dataclass(frozen=True, slots=True)
class Skip:
    """What was left out, how often, and why, in a sentence."""

    what: str
    why: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Person:
    """Who the patient is; `system` and `key` name the same person when the file comes again."""

    system: str
    key: str
    family: str
    given: str
    born_on: date
    middle: str = ""
    suffix: str = ""
    former_family: str = ""
    sex: str = "U"
    died_on: date | None = None
    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    email: str = ""
    language: str = "en"
    phones: tuple[PhoneFact, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    contacts: tuple[ContactFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Clinician:
    """Who saw the patient, by the key the file uses. Numbers of real facilities never come along."""

    key: str
    family: str
    given: str = ""


@dataclass(frozen=True, slots=True)
class Encounter:
    """A visit that took place under another system."""

    key: str
    clinician: str
    began_at: datetime
    ended_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it will be named here: the payer, the product, its kind and how claims call it (SBR09)."""

    payer: str
    name: str
    kind: str = "other"
    filing_code: str = "CI"


@dataclass(frozen=True, slots=True)
class Cover:
    """That a plan covers the patient from a day to a day (the first without it)."""

    plan: Plan
    starts_on: date
    ends_on: date | None
    member_id: str
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Bill:
    """A claim and what became of it: what was charged, what a plan paid and left, what the patient paid."""

    key: str
    encounter: str
    service_on: date
    plan: Plan | None
    charge: Decimal
    plan_paid: Decimal
    shares: tuple[tuple[str, Decimal], ...] = ()
    """(reason, amount) that the plan left to the patient: 1 deductible, 2 coinsurance, 3 copay, empty: not told."""
    own_payments: tuple[tuple[str, Decimal], ...] = ()
    """(money account, amount) that the patient paid, where the file tells."""


@dataclass(slots=True)
class Record:
    """All that a file says about one patient, and what of it was left out."""

    person: Person
    clinicians: dict[str, Clinician] = field(default_factory=dict)
    encounters: list[Encounter] = field(default_factory=list)
    chart: list[ChartFact] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    bills: list[Bill] = field(default_factory=list)
    skipped: list[Skip] = field(default_factory=list)
