"""X12 5010 on the wire between office and payer: read, balanced, acknowledged, explained and written.

Bad input gives problems, never exceptions; money is Decimal; what is not understood is kept as it stands.
"""

from .acknowledge import Acknowledged, acknowledge
from .documents import Content, Document, File, parse, read, render, segments, stream
from .envelope import GUIDES, EnvelopeReader, Group, Interchange, InterchangeAck, Mailbox, TransactionSet
from .explain import Line, outline, outline_file, plain_words
from .guides.acks import ElementError, GroupAck, SegmentError, SetAck, build_999, read_999
from .guides.claim import Attachment, Drug, LineAdjudication, Note, OtherPayer, Subscriber
from .guides.eligibility import (
    AnswerBatch,
    Benefit,
    Delivery,
    EligibilityAnswer,
    EligibilityInquiry,
    InquiryBatch,
    Rejection,
    Trace,
)
from .guides.eligibility_reading import read_270, read_271
from .guides.eligibility_writing import build_270, build_271
from .guides.parts import (
    Address,
    Adjustment,
    Amount,
    Contact,
    Dates,
    Imbalance,
    Party,
    Procedure,
    Quantity,
    Reference,
)
from .guides.professional import ClaimBatch, ProfessionalClaim, ServiceLine, balance_claim
from .guides.professional_reading import read_837p, stream_837p
from .guides.professional_writing import build_837p
from .guides.remittance import (
    Bank,
    ClaimPayment,
    ProviderAdjustment,
    Remittance,
    ServicePayment,
    Summary,
    balance,
    balance_payment,
    moa,
)
from .guides.remittance_reading import read_835, stream_835
from .guides.remittance_writing import build_835
from .guides.review import (
    Admission,
    Authorization,
    AuthorizationRequestBatch,
    AuthorizationResponseBatch,
    AuthorizedService,
    Decision,
    Diagnosis,
    Review,
    ReviewTrace,
    Tooth,
)
from .guides.review_reading import read_278
from .guides.review_writing import build_278_request, build_278_response
from .guides.status import (
    ClaimStatus,
    LineStatus,
    ProviderStatus,
    Status,
    StatusReport,
    Totals,
    build_277ca,
    read_277ca,
)
from .guides.writing import clean
from .labels import label, label_sets, labels
from .problems import CannotBuild, Problem
from .segment import STANDARD, Delimiters, Segment, segment
from .write import OutgoingGroup, OutgoingSet, render_interchange

__all__ = [
    "GUIDES",
    "STANDARD",
    "Acknowledged",
    "Address",
    "Adjustment",
    "Admission",
    "Amount",
    "AnswerBatch",
    "Attachment",
    "Authorization",
    "AuthorizationRequestBatch",
    "AuthorizationResponseBatch",
    "AuthorizedService",
    "Bank",
    "Benefit",
    "CannotBuild",
    "ClaimBatch",
    "ClaimPayment",
    "ClaimStatus",
    "Contact",
    "Content",
    "Dates",
    "Decision",
    "Delimiters",
    "Delivery",
    "Diagnosis",
    "Document",
    "Drug",
    "ElementError",
    "EligibilityAnswer",
    "EligibilityInquiry",
    "EnvelopeReader",
    "File",
    "Group",
    "GroupAck",
    "Imbalance",
    "InquiryBatch",
    "Interchange",
    "InterchangeAck",
    "Line",
    "LineAdjudication",
    "LineStatus",
    "Mailbox",
    "Note",
    "OtherPayer",
    "OutgoingGroup",
    "OutgoingSet",
    "Party",
    "Problem",
    "Procedure",
    "ProfessionalClaim",
    "ProviderAdjustment",
    "ProviderStatus",
    "Quantity",
    "Reference",
    "Rejection",
    "Remittance",
    "Review",
    "ReviewTrace",
    "Segment",
    "SegmentError",
    "ServiceLine",
    "ServicePayment",
    "SetAck",
    "Status",
    "StatusReport",
    "Subscriber",
    "Summary",
    "Tooth",
    "Totals",
    "Trace",
    "TransactionSet",
    "acknowledge",
    "balance",
    "balance_claim",
    "balance_payment",
    "build_270",
    "build_271",
    "build_277ca",
    "build_278_request",
    "build_278_response",
    "build_835",
    "build_837p",
    "build_999",
    "clean",
    "label",
    "label_sets",
    "labels",
    "moa",
    "outline",
    "outline_file",
    "parse",
    "plain_words",
    "read",
    "read_270",
    "read_271",
    "read_277ca",
    "read_278",
    "read_835",
    "read_837p",
    "read_999",
    "render",
    "render_interchange",
    "segment",
    "segments",
    "stream",
    "stream_835",
    "stream_837p",
]
