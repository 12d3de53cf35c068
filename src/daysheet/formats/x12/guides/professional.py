"""The professional claim (837P): its records and its loops. Guide 005010X222A1."""

from decimal import Decimal

from daysheet.formats.x12.loop import Grammar, rule
from daysheet.formats.x12.record import record

from .claim import Claim, ClaimLine, Drug
from .parts import Party, Procedure


@record
class ServiceLine(ClaimLine):
    """One service of a visit (SV1)."""

    procedure: Procedure
    pointers: tuple[int, ...] = (1,)
    unit: str = "UN"
    place: str = ""
    emergency: str = ""
    drug: Drug | None = None


@record
class ProfessionalClaim(Claim):
    """One claim of an office. The first diagnosis is the principal one."""

    lines: tuple[ServiceLine, ...]
    diagnoses: tuple[str, ...] = ()
    place: str = "11"
    signature_on_file: str = "Y"
    patient_signature: str = ""
    related_causes: tuple[str, ...] = ()
    accident_state: str = ""
    special_program: str = ""
    patient_paid: Decimal | None = None
    clia: str = ""
    supervising: Party | None = None


# which field of the claim holds which number, and which loop which provider, in the order of the guide
CLAIM_NUMBERS = (
    ("prior_authorization", "G1"),
    ("referral", "9F"),
    ("original_claim", "F8"),
    ("clia", "X4"),
    ("trace", "D9"),
)
CLAIM_PROVIDERS = (
    ("referring", "DN", "2310A", ""),
    ("rendering", "82", "2310B", "PE"),
    ("facility", "77", "2310C", ""),
    ("supervising", "DQ", "2310D", ""),
)

_LINE = rule(
    "2400 LX",
    rule("2410 LIN"),
    rule("2420A NM1 1=82"),
    rule("2420B NM1 1=QB"),
    rule("2420C NM1 1=77"),
    rule("2420D NM1 1=DQ"),
    rule("2420E NM1 1=DK"),
    rule("2420F NM1 1=DN,P3"),
    rule("2420G NM1 1=PW"),
    rule("2420H NM1 1=45"),
    rule("2430 SVD"),
    rule("2440 LQ"),
)
_OTHER = rule(
    "2320 SBR",
    rule("2330A NM1 1=IL"),
    rule("2330B NM1 1=PR"),
    rule("2330C NM1 1=DN,P3"),
    rule("2330D NM1 1=82"),
    rule("2330E NM1 1=77"),
    rule("2330F NM1 1=DQ"),
    rule("2330G NM1 1=85"),
)
_CLAIM = rule(
    "2300 CLM",
    rule("2310A NM1 1=DN,P3"),
    rule("2310B NM1 1=82"),
    rule("2310C NM1 1=77"),
    rule("2310D NM1 1=DQ"),
    rule("2310E NM1 1=PW"),
    rule("2310F NM1 1=45"),
    _OTHER,
    _LINE,
    streamed=True,
)
GRAMMAR_837P = Grammar(
    rule("1000A NM1 1=41"),
    rule("1000B NM1 1=40"),
    rule(
        "2000A HL 3=20",
        rule("2010AA NM1 1=85"),
        rule("2010AB NM1 1=87"),
        rule("2010AC NM1 1=PE"),
        _CLAIM,  # a claim whose insured is missing is still a claim
        streamed=True,
    ),
    rule("2000B HL 3=22", rule("2010BA NM1 1=IL"), rule("2010BB NM1 1=PR"), _CLAIM, streamed=True),
    rule("2000C HL 3=23", rule("2010CA NM1 1=QC"), _CLAIM, streamed=True),
    _CLAIM,
)
