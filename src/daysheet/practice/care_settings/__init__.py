"""Care settings: what a kind of practice begins with, as the files beside this one say it. Pure."""

import tomllib
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from functools import cache
from importlib import resources

SETTINGS = (
    "family",
    "cardiology",
    "dermatology",
    "orthopedics",
    "dental",
    "urgent_care",
    "outpatient_center",
    "hospital_department",
    "billing_service",
    "insurer",
)
"""The settings that come with Daysheet, each a file of its name."""
SAMPLE = "sample"
"""What stands behind the words of a fee until the office has put its own price there."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """Things, rooms or second staff of one kind that a visit can be promised."""

    what: str
    sort: str
    names: tuple[str, ...]
    is_room: bool = False
    """Its names are rooms of the setting."""


@dataclass(frozen=True, slots=True)
class VisitKind:
    """A kind of visit: how long, for whom, what it takes, what the patient is told, what is usually done."""

    name: str
    minutes: int
    before: int = 0
    after: int = 0
    prep: str = ""
    youngest: int | None = None
    oldest: int | None = None
    sex: str = ""
    patients: str = "all"
    """all, new, established"""
    copay: bool = True
    copay_service: str = "98"
    """The service type (EB03) by which a plan names the copay: of the visit, else of its setting."""
    needs: tuple[tuple[str, int], ...] = ()
    services: tuple[str, ...] = ()
    """Codes of the fees, the visit itself first."""
    by: tuple[str, ...] = ()
    """The specialties that give it, by their taxonomy codes; none: everybody."""

    @property
    def prep_es(self) -> str:
        """Return what the patient is told, in Spanish; empty where nobody has put it so."""
        return in_spanish().get(self.prep, "")


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A form to read and sign, or to fill in."""

    title: str
    text: str
    title_es: str = ""
    text_es: str = ""
    questions: str = ""
    consent: str = ""
    is_signed: bool = True


@dataclass(frozen=True, slots=True)
class CheckInAsk:
    """A step at check-in: of whom, how often, whether it must be done. A form is named by its title."""

    step: str
    form: str
    often: str
    is_required: bool
    visit: str = ""
    youngest: int | None = None
    oldest: int | None = None


@dataclass(frozen=True, slots=True)
class SampleFee:
    """A service in the office's own words, with a price to begin from."""

    code: str
    label: str
    amount: Decimal
    is_favourite: bool = True
    revenue: str = ""
    """The revenue code of a service of the facility."""
    mouth_need: str = ""
    """What a dentist's line must name: tooth, surfaces, area."""
    is_prosthesis: bool = False


@dataclass(frozen=True, slots=True)
class Clinician:
    """An invented clinician of the demonstration."""

    given: str
    family: str
    credential: str
    taxonomy: str


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The practice in which a setting is played: its name, its people, and what they come with."""

    name: str
    clinicians: tuple[Clinician, ...] = ()
    first: tuple[str, ...] = ()
    """The kinds of visit of somebody who comes for the first time."""
    later: tuple[tuple[str, int], ...] = ()
    """The kinds of visit of known patients, each with its weight."""
    walk_in: str = ""
    follow_up: str = ""
    reasons: tuple[str, ...] = ()
    diagnoses: tuple[tuple[str, ...], ...] = ()
    extras: tuple[str, ...] = ()
    """Codes that are now and then on a slip beside the visit's own."""
    mouth: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """By code: the teeth or areas that its lines name, as they are typed on the slip."""
    prostheses: tuple[str, ...] = ()
    """Codes of crowns, bridges and dentures: their lines say whether one is replaced."""
    ages: tuple[tuple[int, int], ...] = ()
    """Middle ages of patients, each with its weight; none: all ages."""
    clients: tuple[str, ...] = ()
    """Of a billing service: the settings of the practices that it works for."""


@dataclass(frozen=True, slots=True)
class CareSetting:
    """All that a setting brings."""

    key: str
    name: str
    about: str
    kind: str
    """office, billing, payer: what sort of practice it is founded as"""
    claim: str
    """professional, dental, institutional, or none"""
    claim_words: str
    """What becomes of its claims in this version, in a sentence."""
    place_of_service: str
    opens: tuple[str, ...]
    """What its desk can do here, a sentence each."""
    lacks: tuple[str, ...]
    """What it cannot do here yet, a sentence each."""
    demonstration: Demonstration
    rooms: tuple[str, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    opening: tuple[tuple[int, time, time], ...] = ()
    """When the door is open: weekday (0 is Monday), from, to."""
    clinic: tuple[tuple[int, time, time], ...] = ()
    """When a clinician sees patients."""
    visits: tuple[VisitKind, ...] = ()
    forms: tuple[FormSheet, ...] = ()
    check_in: tuple[CheckInAsk, ...] = ()
    fees: tuple[SampleFee, ...] = ()
    discount_percent: Decimal | None = None
    """What comes off for who pays without a plan."""
    others_note: str = ""
    """Who else may send a bill, as an estimate says it."""
    services: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Codes by kind of visit."""
    words: str = ""
    """The trade whose words its screens use; empty: a medical office's."""
    specialties: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The specialties of its visits in words, each with its taxonomy codes."""
    bill_type: str = ""
    """Where it bills for the facility too (837I): the first two digits of the type of bill."""

    @property
    def claims(self) -> frozenset[str]:
        """Return the kinds of claim that such a practice bills; none for an insurer."""
        own = frozenset((self.claim,)) - {"none"}
        return own | {"institutional"} if self.bill_type else own


@cache
def care_setting(key: str) -> CareSetting | None:
    """Return a setting that comes with Daysheet; None where there is none of that key."""
    from daysheet.practice.care_settings.reading import read_setting

    if key not in SETTINGS:
        return None
    file = resources.files("daysheet.practice.care_settings").joinpath(f"{key}.toml")
    return read_setting(key, file.read_text("utf-8"))


@cache
def in_spanish() -> dict[str, str]:
    """Return what the settings' kinds of visit tell the patient: the Spanish words by the English."""
    file = resources.files("daysheet.practice.care_settings").joinpath("spanish.toml")
    return tomllib.loads(file.read_text("utf-8"))


def care_settings() -> list[CareSetting]:
    """Return the settings that come with Daysheet, in their order."""
    return [one for key in SETTINGS if (one := care_setting(key))]
