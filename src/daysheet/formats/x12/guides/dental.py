"""The dental claim (837D): its records and its loops. Guide 005010X224A2."""

from datetime import date
from decimal import Decimal

from daysheet.formats.x12.loop import Grammar, rule
from daysheet.formats.x12.record import record

from .claim import Claim, ClaimLine
from .parts import Party, Procedure


@record
class Tooth:
    """A tooth that was treated, and which of its surfaces (TOO)."""

    number: str
    surfaces: tuple[str, ...] = ()
    numbering: str = "JP"


@record
class ToothStatus:
    """A tooth that is missing (M) or is to be drawn (E) (DN2)."""

    number: str
    status: str


@record
class Orthodontics:
    """A treatment by braces: months in all, months left, and words (DN1)."""

    months: Decimal | None = None
    months_left: Decimal | None = None
    words: str = ""


@record
class DentalLine(ClaimLine):
    """One service of a dentist (SV3). `areas` are those of the mouth; `prosthesis` is I first, R replacement."""

    procedure: Procedure
    place: str = ""
    areas: tuple[str, ...] = ()
    prosthesis: str = ""
    pointers: tuple[int, ...] = ()
    teeth: tuple[Tooth, ...] = ()


@record
class DentalClaim(Claim):
    """One claim of a dentist; where it has no day of service its lines do. `predetermination` asks and bills nothing."""

    lines: tuple[DentalLine, ...]
    place: str = "11"
    signature_on_file: str = "Y"
    related_causes: tuple[str, ...] = ()
    accident_state: str = ""
    special_program: str = ""
    is_predetermination: bool = False
    served_on: date | None = None
    served_to: date | None = None
    orthodontics: Orthodontics | None = None
    tooth_status: tuple[ToothStatus, ...] = ()
    diagnoses: tuple[str, ...] = ()
    patient_paid: Decimal | None = None
    predetermination: str = ""
    assistant: Party | None = None
    supervising: Party | None = None


CLAIM_NUMBERS = (
    ("predetermination", "G3"),
    ("original_claim", "F8"),
    ("referral", "9F"),
    ("prior_authorization", "G1"),
    ("trace", "D9"),
)
CLAIM_PROVIDERS = (
    ("referring", "DN", "2310A", "RF"),
    ("rendering", "82", "2310B", "PE"),
    ("facility", "77", "2310C", ""),
    ("assistant", "DD", "2310D", "AS"),
    ("supervising", "DQ", "2310E", ""),
)
_LINE = rule(
    "2400 LX",
    rule("2420A NM1 1=82"),
    rule("2420B NM1 1=DD"),
    rule("2420C NM1 1=DQ"),
    rule("2420D NM1 1=77"),
    rule("2430 SVD"),
)
_OTHER = rule(
    "2320 SBR",
    rule("2330A NM1 1=IL"),
    rule("2330B NM1 1=PR"),
    rule("2330C NM1 1=DN,P3"),
    rule("2330D NM1 1=82"),
    rule("2330E NM1 1=DQ"),
    rule("2330F NM1 1=85"),
    rule("2330G NM1 1=77"),
    rule("2330H NM1 1=DD"),
)
_CLAIM = rule(
    "2300 CLM",
    rule("2310A NM1 1=DN,P3"),
    rule("2310B NM1 1=82"),
    rule("2310C NM1 1=77"),
    rule("2310D NM1 1=DD"),
    rule("2310E NM1 1=DQ"),
    _OTHER,
    _LINE,
    streamed=True,
)
GRAMMAR_837D = Grammar(
    rule("1000A NM1 1=41"),
    rule("1000B NM1 1=40"),
    rule(
        "2000A HL 3=20",
        rule("2010AA NM1 1=85"),
        rule("2010AB NM1 1=87"),
        rule("2010AC NM1 1=PE"),
        _CLAIM,
        streamed=True,
    ),
    rule("2000B HL 3=22", rule("2010BA NM1 1=IL"), rule("2010BB NM1 1=PR"), _CLAIM, streamed=True),
    rule("2000C HL 3=23", rule("2010CA NM1 1=QC"), _CLAIM, streamed=True),
    _CLAIM,
)
