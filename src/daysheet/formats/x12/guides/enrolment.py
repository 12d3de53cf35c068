"""The enrolment file (834): who is covered from when to when, told by a sponsor. Guide 005010X220A1.

The exchanges' own guide (005010X307) is read by the same loops, as far as they are alike.
"""

from datetime import date, datetime
from decimal import Decimal

from daysheet.formats.x12.loop import Grammar, rule
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment

from .parts import Amount, Dates, Party, Quantity, Reference, find_reference


@record
class Ways:
    """How to reach somebody (PER): pairs of a kind (HP, WP, CP, TE, EM, ...) and a number."""

    code: str
    name: str = ""
    ways: tuple[tuple[str, str], ...] = ()


@record
class Person:
    """Somebody named for a member (NM1), or only a place; `party.entity` says as what."""

    party: Party
    ways: tuple[Ways, ...] = ()
    county: tuple[str, ...] = ()
    """Kind and code of a smaller place, then a part of another country (N405 to N407)."""
    marital: str = ""
    races: tuple[tuple[str, ...], ...] = ()
    citizenship: str = ""
    collected: tuple[str, str] = ("", "")
    """How the race was told (DMG10, DMG11)."""
    extras: tuple[Segment, ...] = ()


@record
class Income:
    """What a member earns (ICM): how often, how much, hours, place of work, salary grade."""

    frequency: str
    amount: Decimal
    hours: Decimal | None = None
    place: str = ""
    grade: str = ""


@record
class Language:
    """A language (LUI) by code or in words, and how well it is used."""

    qualifier: str = ""
    code: str = ""
    words: str = ""
    use: str = ""


@record
class Health:
    """What a plan asks of a member's health (HLH): tobacco or alcohol, height, weight."""

    code: str
    height: Decimal | None = None
    weight: Decimal | None = None


@record
class Disability:
    """Why somebody cannot work (DSB), with its days (360, 361)."""

    kind: str
    code_kind: str = ""
    code: str = ""
    dates: tuple[Dates, ...] = ()
    extras: tuple[Segment, ...] = ()


@record
class IdCard:
    """A card to be made (IDC)."""

    plan: str
    kind: str
    count: Decimal | None = None
    action: str = ""


@record
class CoverageProvider:
    """A provider somebody chose (2310); `relation` says whether as a new patient (NM110)."""

    number: str
    provider: Person
    relation: str = ""
    changed_on: date | None = None
    change_reason: str = ""
    extras: tuple[Segment, ...] = ()


@record
class OtherCoverage:
    """Another plan of a member (2320) with its payers (2330)."""

    rank: str
    policy: str = ""
    coordination: str = ""
    services: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    payers: tuple[Person, ...] = ()
    extras: tuple[Segment, ...] = ()


@record
class Coverage:
    """One line of insurance (HD): health, dental, vision, ... and whom it covers (`level`)."""

    maintenance: str
    line: str
    plan: str = ""
    level: str = ""
    late: str = ""
    dates: tuple[Dates, ...] = ()
    amounts: tuple[Amount, ...] = ()
    references: tuple[Reference, ...] = ()
    cards: tuple[IdCard, ...] = ()
    providers: tuple[CoverageProvider, ...] = ()
    others: tuple[OtherCoverage, ...] = ()
    extras: tuple[Segment, ...] = ()

    def starts_on(self) -> date | None:
        """Return the day on which the cover begins (348)."""
        return next((item.starts_on for item in self.dates if item.qualifier == "348"), None)

    def ends_on(self) -> date | None:
        """Return the day on which the cover ends (349)."""
        return next((item.starts_on for item in self.dates if item.qualifier == "349"), None)


@record
class Category:
    """What a sponsor reports beside (2700, 2750): a name with a number and a day."""

    number: str
    name: str = ""
    entity: str = "75"
    id_qualifier: str = ""
    id: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    extras: tuple[Segment, ...] = ()


@record
class Member:
    """One person and what becomes of the cover (INS). `maintenance`: 021 new, 001 changed, 024 ended, 025 again."""

    person: Person
    is_subscriber: bool
    relationship: str
    maintenance: str
    subscriber_id: str
    reason: str = ""
    benefit_status: str = ""
    medicare: str = ""
    medicare_reason: str = ""
    cobra: str = ""
    employment: str = ""
    student: str = ""
    is_handicapped: bool | None = None
    died_on: date | None = None
    confidentiality: str = ""
    birth_sequence: str = ""
    group_number: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    classes: tuple[tuple[str, ...], ...] = ()
    income: Income | None = None
    amounts: tuple[Amount, ...] = ()
    health: Health | None = None
    languages: tuple[Language, ...] = ()
    incorrect: Person | None = None
    mailing: Person | None = None
    employers: tuple[Person, ...] = ()
    schools: tuple[Person, ...] = ()
    custodial: Person | None = None
    responsible: tuple[Person, ...] = ()
    drop_off: Person | None = None
    others: tuple[Person, ...] = ()
    disabilities: tuple[Disability, ...] = ()
    coverages: tuple[Coverage, ...] = ()
    categories: tuple[Category, ...] = ()
    extras: tuple[Segment, ...] = ()

    def reference(self, qualifier: str) -> str:
        """Return the first number with this meaning, or empty text."""
        return find_reference(self.references, qualifier)

    @property
    def is_ended(self) -> bool:
        """Return whether the cover of this person ends (INS03 024)."""
        return self.maintenance == "024"


@record
class Broker:
    """Who stands between sponsor and payer (1000C: BO broker, TV administrator), with accounts (ACT)."""

    party: Party
    account: str = ""
    second_account: str = ""
    extras: tuple[Segment, ...] = ()


@record
class Enrolment:
    """One 834. `action` (BGN08): 2 changes only, 4 the whole list, RX the whole list to compare with."""

    reference: str
    at: datetime | None
    sponsor: Party
    payer: Party
    members: tuple[Member, ...] = ()
    purpose: str = "00"
    action: str = "2"
    zone: str = ""
    original: str = ""
    policy: str = ""
    dates: tuple[Dates, ...] = ()
    totals: tuple[Quantity, ...] = ()
    brokers: tuple[Broker, ...] = ()
    others: tuple[Party, ...] = ()
    extras: tuple[Segment, ...] = ()


RESPONSIBLE = "6Y,9K,E1,EI,EXS,GB,GD,J6,LR,QD,S1,TZ,X4"
GRAMMAR_834 = Grammar(
    rule("1000A N1 1=P5"),
    rule("1000B N1 1=IN"),
    rule("1000C N1 1=BO,TV", rule("1100C ACT")),
    rule("1000D N1"),
    rule(
        "2000 INS",
        rule("2100A NM1 1=IL,74"),
        rule("2100B NM1 1=70"),
        rule("2100C NM1 1=31"),
        rule("2100D NM1 1=36"),
        rule("2100E NM1 1=M8"),
        rule("2100F NM1 1=S3"),
        rule(f"2100G NM1 1={RESPONSIBLE}"),
        rule("2100H NM1 1=45"),
        rule("2100I NM1 1=2J,P5"),
        rule("2200 DSB"),
        rule("2300 HD", rule("2310 LX"), rule("2320 COB", rule("2330 NM1 1=36,GW,IN"))),
        rule("LS LS", rule("2700 LX", rule("2750 N1"))),
        rule("LE LE"),
        streamed=True,
    ),
)
"""1000D and 2100I hold whom only the exchanges' guide (or a mistake) names there."""
# which field of a member holds whom, and whether there may be several
SINGLE = {"2100B": "incorrect", "2100C": "mailing", "2100F": "custodial", "2100H": "drop_off"}
SEVERAL = {"2100D": "employers", "2100E": "schools", "2100G": "responsible", "2100I": "others"}
PEOPLE = ("2100B", "2100C", "2100D", "2100E", "2100F", "2100G", "2100H", "2100I")
ENTITIES = {"2100B": "70", "2100C": "31", "2100D": "36", "2100E": "M8", "2100F": "S3", "2100H": "45"}
