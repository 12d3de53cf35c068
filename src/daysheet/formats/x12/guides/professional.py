"""The professional claim (837P): its records, its loops, its sums. Guide 005010X222A1."""

from datetime import date, datetime
from decimal import Decimal

from daysheet.formats.x12.loop import Grammar, rule
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment

from .claim import (
    Attachment,
    ChargedLine,
    Drug,
    LineAdjudication,
    Note,
    OtherPayer,
    Subscriber,
    claim_imbalances,
)
from .parts import Dates, Imbalance, Party, Procedure, Reference, find_reference


@record
class ServiceLine:
    """One service of a visit; `control` is our number for it, which the remittance sends back."""

    number: int
    procedure: Procedure
    charge: Decimal
    units: Decimal
    served_on: date | None
    control: str = ""
    pointers: tuple[int, ...] = (1,)
    unit: str = "UN"
    served_to: date | None = None
    place: str = ""
    emergency: str = ""
    drug: Drug | None = None
    prior_authorization: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    notes: tuple[Note, ...] = ()
    rendering: Party | None = None
    adjudications: tuple[LineAdjudication, ...] = ()
    extras: tuple[Segment, ...] = ()

    def reference(self, qualifier: str) -> str:
        """Return the first number with this meaning, or empty text."""
        return find_reference(self.references, qualifier)


@record
class ProfessionalClaim:
    """One claim of an office. The first diagnosis is the principal one; codes have no dots."""

    claim_id: str
    charge: Decimal
    billing: Party
    subscriber: Subscriber
    payer: Party
    lines: tuple[ServiceLine, ...]
    diagnoses: tuple[str, ...] = ()
    place: str = "11"
    frequency: str = "1"
    patient: Party | None = None
    patient_relationship: str = ""
    pay_to: Party | None = None
    signature_on_file: str = "Y"
    assignment: str = "A"
    benefits_assigned: str = "Y"
    release: str = "Y"
    patient_signature: str = ""
    related_causes: tuple[str, ...] = ()
    accident_state: str = ""
    special_program: str = ""
    delay_reason: str = ""
    patient_paid: Decimal | None = None
    prior_authorization: str = ""
    referral: str = ""
    original_claim: str = ""
    clia: str = ""
    trace: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    notes: tuple[Note, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    referring: Party | None = None
    rendering: Party | None = None
    facility: Party | None = None
    supervising: Party | None = None
    other_payers: tuple[OtherPayer, ...] = ()
    extras: tuple[Segment, ...] = ()

    @property
    def patient_party(self) -> Party:
        """Return the patient: the dependent, or else the subscriber."""
        return self.patient or self.subscriber.party

    def reference(self, qualifier: str) -> str:
        """Return the first number with this meaning, or empty text."""
        return find_reference(self.references, qualifier)


@record
class ClaimBatch:
    """The claims of one 837; `reference` is BHT03, which the payer's acknowledgement sends back."""

    reference: str
    at: datetime | None
    submitter: Party
    receiver: Party
    claims: tuple[ProfessionalClaim, ...]
    kind: str = "CH"
    purpose: str = "00"


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


def balance_claim(claim: ProfessionalClaim) -> list[Imbalance]:
    """Return every sum of the claim that does not come out."""
    lines = [ChargedLine(line.number, line.charge, line.adjudications) for line in claim.lines]
    return claim_imbalances(claim.claim_id, claim.charge, lines, claim.other_payers)
