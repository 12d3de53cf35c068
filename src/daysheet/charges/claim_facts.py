"""A claim as the rules look at it: its office, patient, coverage and lines, as plain values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from daysheet.charges.authorization_rules import AuthorizationFacts
from daysheet.charges.case_rules import NO_CASE, CaseClaimFacts
from daysheet.charges.place_rules import SOMEWHERE, PlaceFacts
from daysheet.charges.rules.facility import FacilityFacts
from daysheet.charges.rules.kinds import PROFESSIONAL
from daysheet.charges.rules.mouth import NOWHERE, Mouth


@dataclass(frozen=True, slots=True)
class Place:
    """An address as a claim needs it."""

    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line as far as the rules look at it."""

    number: int
    code: str
    amount: Decimal
    units: Decimal = Decimal(1)
    modifiers: tuple[str, ...] = ()
    pointers: tuple[int, ...] = (1,)
    service_on: date | None = None
    is_void: bool = False
    """It is void on the slip and was not taken off the claim."""
    mouth: Mouth = NOWHERE
    prosthesis: str = ""
    prior_placed_on: date | None = None
    revenue_code: str = ""
    mouth_need: str = ""
    """What the service must name, as the fee says it: tooth, surfaces, area."""
    is_prosthesis: bool = False


@dataclass(frozen=True, slots=True)
class DiagnosisFacts:
    """A diagnosis: known and billable are None when the loaded list does not say."""

    code: str
    is_known: bool | None = None
    is_billable: bool | None = None


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """All that the rules look at, gathered from the office, the patient, the coverage and the charge slip."""

    today: date
    service_on: date
    charge: Decimal
    lines: tuple[LineFacts, ...]
    diagnoses: tuple[DiagnosisFacts, ...]
    office_name: str = ""
    office_npi: str = ""
    office_tax_id: str = ""
    office_place: Place = Place()
    office_phone: str = ""
    provider_name: str = ""
    provider_npi: str = ""
    provider_taxonomy: str = ""
    providers: int = 1
    """How many clinicians the office has."""
    patient_family: str = ""
    patient_given: str = ""
    patient_born_on: date | None = None
    patient_sex: str = ""
    patient_place: Place = Place()
    payer_id: str = ""
    has_way_out: bool = True
    """Whether the payer has a trading partner to send to."""
    file_by: date | None = None
    member_id: str = ""
    relationship: str = "self"
    subscriber_family: str = ""
    subscriber_given: str = ""
    subscriber_born_on: date | None = None
    covered_from: date | None = None
    covered_until: date | None = None
    """The first day without it."""
    place_of_service: str = "11"
    frequency: str = "1"
    payer_control: str = ""
    goes_to: str = ""
    covered_by: str = ""
    """The payer of its coverage, where that is another one than the claim goes to."""
    prior_authorization: str = ""
    authorizations: tuple[AuthorizationFacts, ...] = ()
    case: CaseClaimFacts = NO_CASE
    place: PlaceFacts = SOMEWHERE
    enrolment: str = ""
    """What is said of a payer that takes claims only from enrolled offices."""
    enrolment_stops: bool = False
    claim_kind: str = PROFESSIONAL
    facility: FacilityFacts | None = None
    """What a facility's claim says of the visit; None on others."""
    office_taxonomy: str = ""
    office_bills: frozenset[str] = frozenset((PROFESSIONAL,))
    """The kinds of claim that the office's care settings bill."""
