"""A file as documents: one for each set, with its typed content and all that is wrong with it."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .envelope import EnvelopeReader, Group, Interchange, InterchangeAck, TransactionSet
from .guides.acks import GRAMMAR_999, GroupAck, read_999
from .guides.attachment import GRAMMAR_275, PatientInformation, read_275
from .guides.claim import Claim, ClaimBatch, balance_claim
from .guides.dental import GRAMMAR_837D
from .guides.dental_reading import read_837d, stream_837d
from .guides.eligibility import GRAMMAR_270, GRAMMAR_271, AnswerBatch, InquiryBatch
from .guides.eligibility_reading import read_270, read_271
from .guides.enrolment import GRAMMAR_834, Enrolment, Member
from .guides.enrolment_reading import read_834, stream_834
from .guides.institutional import GRAMMAR_837I
from .guides.institutional_reading import read_837i, stream_837i
from .guides.premium import (
    GRAMMAR_820,
    PremiumGroup,
    PremiumPayment,
    balance_premium,
    read_820,
    stream_820,
)
from .guides.professional import GRAMMAR_837P
from .guides.professional_reading import read_837p, stream_837p
from .guides.remittance import GRAMMAR_835, ClaimPayment, Remittance, balance
from .guides.remittance_reading import read_835, stream_835
from .guides.request import GRAMMAR_277RFAI, RequestBatch, read_277rfai
from .guides.review import GRAMMAR_278, AuthorizationRequestBatch, AuthorizationResponseBatch
from .guides.review_reading import read_278
from .guides.status import GRAMMAR_277CA, StatusReport, read_277ca
from .guides.status_answer import GRAMMAR_277, StatusAnswerFile, read_277
from .guides.status_inquiry import GRAMMAR_276, StatusInquiryFile, read_276
from .loop import Grammar
from .problems import Problem, Severity
from .record import record
from .segment import Delimiters, Segment
from .text import SegmentStream, Source
from .write import render_segments

Content = (
    InquiryBatch
    | AnswerBatch
    | ClaimBatch[Any]
    | Remittance
    | GroupAck
    | StatusReport
    | InterchangeAck
    | StatusInquiryFile
    | StatusAnswerFile
    | PatientInformation
    | RequestBatch
    | AuthorizationRequestBatch
    | AuthorizationResponseBatch
    | Enrolment
    | PremiumPayment
)
Part = ClaimPayment | Claim | Member | PremiumGroup
"""What a set is streamed by: a claim, a remitted claim, a member, whom premiums are paid for."""


class Guide(NamedTuple):
    """How a kind of set is read: its loops and its typed reader."""

    grammar: Grammar
    read: Callable[[TransactionSet], Content]


READERS: dict[str, Guide] = {
    "270": Guide(GRAMMAR_270, read_270),
    "271": Guide(GRAMMAR_271, read_271),
    "837P": Guide(GRAMMAR_837P, read_837p),
    "837I": Guide(GRAMMAR_837I, read_837i),
    "837D": Guide(GRAMMAR_837D, read_837d),
    "835": Guide(GRAMMAR_835, read_835),
    "277CA": Guide(GRAMMAR_277CA, read_277ca),
    "278": Guide(GRAMMAR_278, read_278),
    "999": Guide(GRAMMAR_999, read_999),
    "276": Guide(GRAMMAR_276, read_276),
    "277": Guide(GRAMMAR_277, read_277),
    "277RFAI": Guide(GRAMMAR_277RFAI, read_277rfai),
    "275": Guide(GRAMMAR_275, read_275),
    "834": Guide(GRAMMAR_834, read_834),
    "834HIX": Guide(GRAMMAR_834, read_834),
    "820": Guide(GRAMMAR_820, read_820),
    "820HIX": Guide(GRAMMAR_820, read_820),
}

GRAMMARS: dict[str, Grammar] = {kind: guide.grammar for kind, guide in READERS.items()}
"""The loops of every kind of set that is known."""
STREAMED: dict[str, Callable[[TransactionSet], Iterator[Part]]] = {
    "835": stream_835,
    "837P": stream_837p,
    "837I": stream_837i,
    "837D": stream_837d,
    "834": stream_834,
    "834HIX": stream_834,
    "820": stream_820,
    "820HIX": stream_820,
}
"""The sets that are handed out piece by piece."""


@record
class Document:
    """One set, or one TA1, as it was received."""

    kind: str
    content: Content | None
    interchange: Interchange
    group: Group | None
    control_number: str
    guide: str
    segments: tuple[Segment, ...]
    problems: tuple[Problem, ...] = ()


@record
class File:
    """A whole file in memory; `problems` holds the faults of the envelopes, documents hold their own."""

    documents: tuple[Document, ...]
    interchanges: tuple[Interchange, ...]
    problems: tuple[Problem, ...]
    segments: tuple[Segment, ...]

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Return the faults of the envelopes and of every document."""
        return self.problems + tuple(item for document in self.documents for item in document.problems)


def read(source: Source) -> Iterator[Document]:
    """Return the documents of a file in order; what cannot be read becomes problems, never an exception."""
    return documents(EnvelopeReader(source, is_passing=True))


def documents(reader: EnvelopeReader) -> Iterator[Document]:
    """Return the documents of an envelope reader in order, TA1s where they stand."""
    for tset in reader:
        yield from _acks(reader)
        yield _document(tset)
    yield from _acks(reader)


def _acks(reader: EnvelopeReader) -> Iterator[Document]:
    waiting, reader.acks = reader.acks, []
    for interchange, ack, segment in waiting:
        yield Document("TA1", ack, interchange, None, ack.control_number, "", (segment,))


def _document(tset: TransactionSet) -> Document:
    kept: list[Segment] = []
    tset.segments = _keeping(tset.segments, kept)
    guide = READERS.get(tset.kind)
    content = guide.read(tset) if guide else None
    for _ in tset.segments:
        pass
    if isinstance(content, Remittance | ClaimBatch | PremiumPayment):
        _check_sums(tset, content)
    return Document(
        tset.kind,
        content,
        tset.interchange,
        tset.group,
        tset.control_number,
        tset.guide,
        tuple(kept),
        tuple(tset.problems),
    )


def _keeping(segments: Iterator[Segment], kept: list[Segment]) -> Iterator[Segment]:
    for segment in segments:
        kept.append(segment)
        yield segment


def _check_sums(tset: TransactionSet, content: Remittance | ClaimBatch[Any] | PremiumPayment) -> None:
    """Promise that every sum that does not come out is a problem of the set (SNIP 3)."""
    if isinstance(content, Remittance):
        found = balance(content)
    elif isinstance(content, PremiumPayment):
        found = balance_premium(content)
    else:
        found = [item for claim in content.claims for item in balance_claim(claim)]
    for item in found:
        severity: Severity = "error" if item.severity == "error" else "warning"
        code = f"balance.{item.level.replace(' ', '-')}"
        tset.problems.keep(Problem(severity, code, item.message, 3, value=item.claim_id or str(item.stated)))


def parse(source: Source) -> File:
    """Return a whole file: its documents, its envelopes and its problems."""
    kept: list[Segment] = []
    reader = EnvelopeReader(source, kept)
    found = tuple(documents(reader))
    return File(found, tuple(reader.interchanges), tuple(reader.problems), tuple(kept))


def render(file: File, delimiters: Delimiters | None = None) -> bytes:
    """Return the file again, segment by segment; with `delimiters`, all its separators are those."""
    return render_segments(file.segments, delimiters)


def segments(source: Source) -> Iterator[Segment]:
    """Return the bare segments of a file, envelopes included, in constant memory."""
    return iter(SegmentStream(source))


def stream(source: Source) -> Iterator[tuple[TransactionSet, Part | Content]]:
    """Return claims, remitted claims, members and premiums one at a time, and other sets whole.

    It takes the memory of the largest of them.

    The set that comes with each record collects the problems met so far.
    """
    return contents(EnvelopeReader(source, is_passing=True))


def contents(reader: EnvelopeReader) -> Iterator[tuple[TransactionSet, Part | Content]]:
    """Return the same from an envelope reader, which keeps what was wrong with envelopes and sets."""
    for tset in reader:
        reader.acks.clear()
        if pieces := STREAMED.get(tset.kind):
            for piece in pieces(tset):
                yield tset, piece
        elif guide := READERS.get(tset.kind):
            yield tset, guide.read(tset)
