"""X12 5010 on the wire between office and payer: read, balanced, acknowledged, explained and written.

Bad input gives problems, never exceptions; money is Decimal; what is not understood is kept as it stands.
"""

from .acknowledge import Acknowledged, acknowledge
from .documents import Content, Document, File, parse, read, render, segments, stream
from .envelope import GUIDES, EnvelopeReader, Group, Interchange, InterchangeAck, Mailbox, TransactionSet
from .explain import Line, outline, outline_file, plain_words
from .guides.acks import ElementError, GroupAck, SegmentError, SetAck, build_999, read_999
from .guides.claim import (
    Attachment,
    Claim,
    ClaimBatch,
    ClaimLine,
    Drug,
    LineAdjudication,
    Note,
    OtherPayer,
    Subscriber,
    balance_claim,
)
from .guides.dental import DentalClaim, DentalLine, Orthodontics, Tooth, ToothStatus
from .guides.dental_reading import read_837d, stream_837d
from .guides.dental_writing import build_837d
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
from .guides.institutional import (
    Diagnosis,
    HospitalLine,
    HospitalProcedure,
    InstitutionalClaim,
    Occurrence,
    ValueCode,
)
from .guides.institutional_reading import read_837i, stream_837i
from .guides.institutional_writing import build_837i
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
from .guides.professional import ProfessionalClaim, ServiceLine
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
from .guides.status_answer import (
    AnsweredLine,
    StatusAnswer,
    StatusAnswerFile,
    answer_to,
    build_277,
    read_277,
)
from .guides.status_inquiry import AskedLine, StatusInquiry, StatusInquiryFile, build_276, read_276
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
    "Amount",
    "AnswerBatch",
    "AnsweredLine",
    "AskedLine",
    "Attachment",
    "Bank",
    "Benefit",
    "CannotBuild",
    "Claim",
    "ClaimBatch",
    "ClaimLine",
    "ClaimPayment",
    "ClaimStatus",
    "Contact",
    "Content",
    "Dates",
    "Delimiters",
    "Delivery",
    "DentalClaim",
    "DentalLine",
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
    "HospitalLine",
    "HospitalProcedure",
    "Imbalance",
    "InquiryBatch",
    "InstitutionalClaim",
    "Interchange",
    "InterchangeAck",
    "Line",
    "LineAdjudication",
    "LineStatus",
    "Mailbox",
    "Note",
    "Occurrence",
    "Orthodontics",
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
    "Segment",
    "SegmentError",
    "ServiceLine",
    "ServicePayment",
    "SetAck",
    "Status",
    "StatusAnswer",
    "StatusAnswerFile",
    "StatusInquiry",
    "StatusInquiryFile",
    "StatusReport",
    "Subscriber",
    "Summary",
    "Tooth",
    "ToothStatus",
    "Totals",
    "Trace",
    "TransactionSet",
    "ValueCode",
    "acknowledge",
    "answer_to",
    "balance",
    "balance_claim",
    "balance_payment",
    "build_270",
    "build_271",
    "build_276",
    "build_277",
    "build_277ca",
    "build_835",
    "build_837d",
    "build_837i",
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
    "read_276",
    "read_277",
    "read_277ca",
    "read_835",
    "read_837d",
    "read_837i",
    "read_837p",
    "read_999",
    "render",
    "render_interchange",
    "segment",
    "segments",
    "stream",
    "stream_835",
    "stream_837d",
    "stream_837i",
    "stream_837p",
]
