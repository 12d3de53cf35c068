"""Prior authorization: the records of the request for review and of the answer (278). Guide 005010X217.

One set speaks of one event (2000E): an admission, a referral, or services. What a request asks and what an answer says
stand in the same record; the answer adds decisions (HCR) or refusals (AAA).
"""

from datetime import date, datetime
from decimal import Decimal

from daysheet.formats.x12.labels import label
from daysheet.formats.x12.loop import Grammar, rule
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import Segment

from .claim import Attachment
from .dental import Tooth
from .eligibility import Delivery, Rejection
from .parts import Dates, Party, Procedure, Reference, find_reference

_CERTIFIED = frozenset(("A1", "A2", "A6"))


@record
class Review:
    """What is to be reviewed (UM): category AR, HS, IN or SC, and whether it is new (I) or changes an earlier one.

    `causes` are the components of UM05: up to three causes, then state and country of an accident.
    """

    category: str
    certification: str = "I"
    service_type: str = ""
    place: str = ""
    place_kind: str = ""
    frequency: str = ""
    causes: tuple[str, ...] = ()
    level_of_service: str = ""
    condition: str = ""
    prognosis: str = ""
    release: str = ""
    delay: str = ""


@record
class Decision:
    """What the payer decided (HCR). `number` is the authorization that stands in the claim (REF G1)."""

    action: str
    number: str = ""
    reasons: tuple[str, ...] = ()
    second_opinion: str = ""

    @property
    def certified(self) -> bool:
        """Return whether something was certified: all of it, a part, or another thing than asked."""
        return self.action in _CERTIFIED

    @property
    def denied(self) -> bool:
        """Return whether nothing was certified."""
        return self.action == "A3"

    @property
    def pended(self) -> bool:
        """Return whether the payer still looks at it."""
        return self.action == "A4"

    @property
    def contact_payer(self) -> bool:
        """Return whether the payer wants a call."""
        return self.action == "CT"

    @property
    def words(self) -> str:
        """Return the decision in our words."""
        return label("review_action", self.action) or self.action


@record
class ReviewTrace:
    """A number on the way (TRN): kind 1 of who sends, kind 2 sent back; `division` says more of the origin."""

    kind: str
    number: str
    origin: str = ""
    division: str = ""


@record
class ReviewDiagnosis:
    """A diagnosis, and since when it is known (one component of HI)."""

    code: str
    qualifier: str = "ABF"
    known_on: date | None = None


@record
class Admission:
    """How somebody comes into a house (CL1): kind, source, status, and the status in a nursing home."""

    kind: str
    source: str = ""
    status: str = ""
    nursing: str = ""


@record
class AuthorizedService:
    """One service of an event (2000F).

    `form` is SV1, SV2 or SV3; `through` ends a range of procedures; `rest` holds the elements of that segment that
    have no field, in order.
    """

    procedure: Procedure | None = None
    form: str = "SV1"
    through: str = ""
    revenue_code: str = ""
    charge: Decimal | None = None
    unit: str = ""
    units: Decimal | None = None
    rest: tuple[str, ...] = ()
    traces: tuple[ReviewTrace, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    review: Review | None = None
    decision: Decision | None = None
    previous_number: str = ""
    administrative_number: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    diagnoses: tuple[ReviewDiagnosis, ...] = ()
    teeth: tuple[Tooth, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    messages: tuple[str, ...] = ()
    providers: tuple[Party, ...] = ()
    extras: tuple[Segment, ...] = ()


@record
class Authorization:
    """One event to be reviewed, or reviewed: who asks whom, about whom, for what, and what was decided.

    A payer that refuses a request names only as many levels as it came to; `rejections` say at which level: `system`
    (2000A), `payer`, `requester`, `subscriber`, `dependent` (2010A to D) or `event` (2000E). `previous_number` is an
    earlier authorization (REF BB), `administrative_number` what the payer calls the case (REF NT); `certificates` are
    CRC, CR1, CR2, CR5 and CR6 as they stand.
    """

    payer: Party
    requester: Party | None = None
    subscriber: Party | None = None
    dependent: Party | None = None
    relationship: str = ""
    traces: tuple[ReviewTrace, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    review: Review | None = None
    decision: Decision | None = None
    previous_number: str = ""
    administrative_number: str = ""
    references: tuple[Reference, ...] = ()
    dates: tuple[Dates, ...] = ()
    diagnoses: tuple[ReviewDiagnosis, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    admission: Admission | None = None
    certificates: tuple[Segment, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    messages: tuple[str, ...] = ()
    providers: tuple[Party, ...] = ()
    services: tuple[AuthorizedService, ...] = ()
    extras: tuple[Segment, ...] = ()

    @property
    def patient(self) -> Party | None:
        """Return whom it is about."""
        return self.dependent or self.subscriber

    @property
    def trace(self) -> str:
        """Return the requester's own number: sent back (2) in an answer, its own (1) in a request."""
        for kind in ("2", "1"):
            for item in self.traces:
                if item.kind == kind:
                    return item.number
        return ""

    @property
    def number(self) -> str:
        """Return the authorization number for the claim (REF G1), or empty text: certified, or of a service."""
        for one in (self.decision, *(service.decision for service in self.services)):
            if one is not None and one.certified and one.number:
                return one.number
        return ""

    def reference(self, qualifier: str) -> str:
        """Return the first number with this meaning, or empty text."""
        return find_reference(self.references, qualifier)

    def when(self, qualifier: str) -> Dates | None:
        """Return the first date with this meaning: AAH event, 435 admission, 007 and 036 certified from and until."""
        return next((item for item in self.dates if item.qualifier == qualifier), None)


def parts_of(item: Authorization) -> tuple["Part", ...]:
    """Return the event and its services, all of which may be decided or refused."""
    return (item, *item.services)


def is_answered(item: Authorization) -> bool:
    """Return whether a payer has decided (HCR) or refused (AAA) the event, a service or somebody named."""
    for part in parts_of(item):
        if part.decision is not None or part.rejections:
            return True
        if any(one.id == "AAA" for who in part.providers for one in who.extras):
            return True
    return False


@record
class AuthorizationRequestBatch:
    """The content of a request (BHT02 13); `reference` is BHT03, `type_code` RU where places are reserved."""

    reference: str
    at: datetime | None
    authorizations: tuple[Authorization, ...]
    type_code: str = ""
    purpose: str = "13"


@record
class AuthorizationResponseBatch:
    """The content of an answer (BHT02 11); `reference` is that of the request, `type_code` 19 when more follows."""

    reference: str
    at: datetime | None
    authorizations: tuple[Authorization, ...]
    type_code: str = "18"
    purpose: str = "11"

    @property
    def more_follows(self) -> bool:
        """Return whether the payer will say more later."""
        return self.type_code == "19"


Part = Authorization | AuthorizedService
_SERVICE = rule("2000F HL 3=SS", rule("2010F NM1"))
GRAMMAR_278 = Grammar(
    rule("2000A HL 3=20", rule("2010A NM1"), streamed=True),
    rule("2000B HL 3=21", rule("2010B NM1"), streamed=True),
    rule("2000C HL 3=22", rule("2010C NM1"), streamed=True),
    rule("2000D HL 3=23", rule("2010D NM1"), streamed=True),
    rule("2000E HL 3=EV", rule("2010E NM1"), _SERVICE, streamed=True),
    rule("2000F HL 3=SS", rule("2010F NM1"), streamed=True),  # a service whose event is missing
)
