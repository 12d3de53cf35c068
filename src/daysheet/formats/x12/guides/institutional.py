"""The institutional claim (837I): its records and its loops. Guide 005010X223A2."""

from datetime import date
from decimal import Decimal

from daysheet.formats.x12.loop import Grammar, rule
from daysheet.formats.x12.record import record

from .claim import Claim, ClaimLine, Drug
from .parts import Party


@record
class Diagnosis:
    """A diagnosis, and whether it was present on admission: Y, N, U, W, or empty where nobody asks (HI C022-9)."""

    code: str
    present: str = ""


@record
class HospitalProcedure:
    """What was done in the hospital (ICD-10-PCS), and on which day."""

    code: str
    done_on: date | None = None


@record
class Occurrence:
    """Something that happened on a day, or lasted some days (HI BH, BI)."""

    code: str
    starts_on: date | None
    ends_on: date | None = None


@record
class ValueCode:
    """A figure with its meaning (HI BE): dollars, days or a count, as the code says."""

    code: str
    value: Decimal


@record
class HospitalLine(ClaimLine):
    """One service of a stay or a visit (SV2): by its revenue code, with a procedure where the guide asks for one."""

    revenue_code: str = ""
    unit: str = "UN"
    non_covered: Decimal | None = None
    drug: Drug | None = None


@record
class InstitutionalClaim(Claim):
    """One claim of a hospital or clinic. `bill_type` is two digits, such as 11; hours are four digits."""

    lines: tuple[HospitalLine, ...]
    bill_type: str = "11"
    statement_from: date | None = None
    statement_to: date | None = None
    admitted_on: date | None = None
    admission_hour: str = ""
    discharge_hour: str = ""
    admission_type: str = ""
    admission_source: str = ""
    patient_status: str = ""
    principal: Diagnosis | None = None
    admitting: str = ""
    reasons: tuple[str, ...] = ()
    causes: tuple[Diagnosis, ...] = ()
    drg: str = ""
    diagnoses: tuple[Diagnosis, ...] = ()
    procedures: tuple[HospitalProcedure, ...] = ()
    spans: tuple[Occurrence, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    values: tuple[ValueCode, ...] = ()
    conditions: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    patient_estimate: Decimal | None = None
    attending: Party | None = None
    operating: Party | None = None
    other_operating: Party | None = None


CLAIM_NUMBERS = (("referral", "9F"), ("prior_authorization", "G1"), ("original_claim", "F8"), ("trace", "D9"))
CLAIM_PROVIDERS = (
    ("attending", "71", "2310A", "AT"),
    ("operating", "72", "2310B", ""),
    ("other_operating", "ZZ", "2310C", ""),
    ("rendering", "82", "2310D", ""),
    ("facility", "77", "2310E", ""),
    ("referring", "DN", "2310F", ""),
)
_LINE = rule(
    "2400 LX",
    rule("2410 LIN"),
    rule("2420A NM1 1=72"),
    rule("2420B NM1 1=ZZ"),
    rule("2420C NM1 1=82"),
    rule("2420D NM1 1=DN"),
    rule("2430 SVD"),
)
_OTHER = rule(
    "2320 SBR",
    rule("2330A NM1 1=IL"),
    rule("2330B NM1 1=PR"),
    rule("2330C NM1 1=71"),
    rule("2330D NM1 1=72"),
    rule("2330E NM1 1=ZZ"),
    rule("2330F NM1 1=77"),
    rule("2330G NM1 1=82"),
    rule("2330H NM1 1=DN"),
    rule("2330I NM1 1=85"),
)
_CLAIM = rule(
    "2300 CLM",
    rule("2310A NM1 1=71"),
    rule("2310B NM1 1=72"),
    rule("2310C NM1 1=ZZ"),
    rule("2310D NM1 1=82"),
    rule("2310E NM1 1=77"),
    rule("2310F NM1 1=DN"),
    _OTHER,
    _LINE,
    streamed=True,
)
GRAMMAR_837I = Grammar(
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
