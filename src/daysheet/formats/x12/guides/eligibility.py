"""Eligibility: the records of the question (270) and the answer (271). Guide 005010X279A1."""

from datetime import date, datetime
from decimal import Decimal

from daysheet.formats.x12.loop import Grammar, rule
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment

from .parts import Dates, Party, Procedure, Reference, find_reference


@record
class EligibilityInquiry:
    """Does this person have cover on this day? A dependent is named only without an id of their own."""

    payer: Party
    provider: Party
    subscriber: Party
    trace: str = ""
    trace_origin: str = ""
    dependent: Party | None = None
    relationship: str = ""
    service_types: tuple[str, ...] = ("30",)
    served_on: date | None = None
    served_to: date | None = None
    extras: tuple[Segment, ...] = ()


@record
class InquiryBatch:
    """The questions of one 270; `reference` is BHT03."""

    reference: str
    at: datetime | None
    inquiries: tuple[EligibilityInquiry, ...]


@record
class Trace:
    """A trace number that somebody put on the way (TRN): kind, number, origin."""

    kind: str
    number: str
    origin: str = ""


@record
class Rejection:
    """Why the payer did not answer, and what it asks for next (AAA)."""

    level: str
    reason: str
    follow_up: str = ""
    valid: str = "N"


@record
class Delivery:
    """How often and how much (HSD), element by element as it stands."""

    values: tuple[str, ...]


@record
class Benefit:
    """One statement of the plan (EB with its loop). `percent` 0.2 is 20 percent."""

    code: str
    coverage_level: str = ""
    service_types: tuple[str, ...] = ()
    insurance_type: str = ""
    plan: str = ""
    period: str = ""
    amount: Decimal | None = None
    percent: Decimal | None = None
    quantity_qualifier: str = ""
    quantity: Decimal | None = None
    authorization: str = ""
    network: str = ""
    procedure: Procedure | None = None
    deliveries: tuple[Delivery, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    messages: tuple[str, ...] = ()
    others: tuple[Party, ...] = ()
    extras: tuple[Segment, ...] = ()

    def reference(self, qualifier: str) -> str:
        """Return the first number with this meaning, or empty text."""
        return find_reference(self.references, qualifier)


@record
class EligibilityAnswer:
    """What the payer says of one person; `trace` is the number of our question, echoed."""

    payer: Party
    provider: Party | None = None
    subscriber: Party | None = None
    dependent: Party | None = None
    relationship: str = ""
    trace: str = ""
    trace_origin: str = ""
    payer_traces: tuple[Trace, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    dates: tuple[Dates, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    extras: tuple[Segment, ...] = ()

    @property
    def active(self) -> bool | None:
        """Return whether there is cover; None when the answer does not say."""
        codes = [benefit.code for benefit in self.benefits]
        plan = [item.code for item in self.benefits if not item.service_types or "30" in item.service_types]
        for said in (plan, codes):
            if any(code in _INACTIVE for code in said):
                return False
            if any(code in _ACTIVE for code in said):
                return True
        return None

    @property
    def patient(self) -> Party | None:
        """Return the person the answer is about."""
        return self.dependent or self.subscriber


@record
class AnswerBatch:
    """The answers of one 271; `reference` is BHT03."""

    reference: str
    at: datetime | None
    answers: tuple[EligibilityAnswer, ...]


_ACTIVE = frozenset("12345")
_INACTIVE = frozenset("678")
_BENEFIT = rule("2110 EB", rule("2115 III"), rule("2120 NM1"))
_QUESTION = rule("2110 EQ")


def _levels(detail: object) -> Grammar:
    inner = _BENEFIT if detail == "EB" else _QUESTION
    return Grammar(
        rule("2000A HL 3=20", rule("2100A NM1"), streamed=True),
        rule("2000B HL 3=21", rule("2100B NM1"), streamed=True),
        rule("2000C HL 3=22", rule("2100C NM1", inner), inner, streamed=True),
        rule("2000D HL 3=23", rule("2100D NM1", inner), inner, streamed=True),
    )


GRAMMAR_270 = _levels("EQ")
GRAMMAR_271 = _levels("EB")
