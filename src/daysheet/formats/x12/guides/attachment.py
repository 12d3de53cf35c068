"""Papers for a claim (275): sent with it, or because a payer asked. Guide 006020X314; 005010X210, X211, X215 are read.

The structure is that of the base 275 and of the companion guides that payers publish. Where those leave a detail open
it is read leniently (BIN or BDS, any filter, numbers and days in any order) and written in one plain form: 1000A payer,
1000B submitter, 1000C provider, 1000D patient; in each LX its TRN, STC, REF, DTP 368, then CAT, EFI, OOI and BDS (BIN
for a document without a filter). TRN01 is 1 with the number that the claim named (PWK06), 2 with that of the question.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from daysheet.formats.x12 import payload
from daysheet.formats.x12.envelope import GUIDES, TransactionSet, moment
from daysheet.formats.x12.loop import Grammar, Loop, rule
from daysheet.formats.x12.problems import CannotBuild
from daysheet.formats.x12.record import record
from daysheet.formats.x12.segment import BinarySegment, Segment, binary_segment, segment
from daysheet.formats.x12.write import OutgoingSet

from . import reading, writing
from .asking import Question, first_loinc, fits, read_question, write_question
from .parts import Dates, Party, Reference, find_reference

UNASKED, ANSWER = "02", "11"
FILTERS = ("", "ASC", "B64")
OBJECT = segment("OOI", "1", "47", "ATTACHMENT")
PROVIDERS = ("1P", "85", "77", "82", "FA", "P3", "SJ", "71")


@record
class AttachedDocument:
    """A document as it travels: `data` are the bytes of BIN02 or BDS03, `filter` is BDS01 (empty for a BIN).

    `form` is CAT02: HL for a document by HL7, IA for an image, TX for text. `document`, `kind` and `file_name` say what
    the data are without their packing.
    """

    data: bytes
    filter: str = ""
    form: str = ""
    report: str = "AE"
    security: str = ""
    extras: tuple[Segment, ...] = ()

    @property
    def document(self) -> bytes:
        """Return the document itself: filter and MIME headers are taken off."""
        return payload.opened(self.data, self.filter).document

    @property
    def kind(self) -> str:
        """Return what the document is (C-CDA XML, PDF, text), told by its first bytes; nothing is parsed."""
        return payload.opened(self.data, self.filter).kind

    @property
    def file_name(self) -> str:
        """Return the file name that the sender gives, or empty text."""
        return payload.opened(self.data, self.filter).file_name


@record
class ClaimAttachment:
    """One paper of a claim (LX): its control number, what was asked, and the document.

    `control_number` is PWK06 of the claim, or TRN02 of the question when `is_answer`.
    """

    control_number: str
    documents: tuple[AttachedDocument, ...]
    is_answer: bool = False
    questions: tuple[Question, ...] = ()
    references: tuple[Reference, ...] = ()
    sent: Dates | None = None
    origin: str = ""
    origin_detail: str = ""
    extras: tuple[Segment, ...] = ()

    @property
    def loinc(self) -> str:
        """Return the LOINC code of the kind of document, or empty text."""
        return first_loinc(self.questions)

    @property
    def document(self) -> bytes:
        """Return the first document itself, or nothing."""
        return self.documents[0].document if self.documents else b""


@record
class PatientInformation:
    """One 275: the papers for one claim. `purpose` is 02 when nobody asked, 11 in answer to a 277RFAI."""

    purpose: str
    reference: str
    at: datetime | None
    payer: Party
    submitter: Party
    provider: Party
    patient: Party
    attachments: tuple[ClaimAttachment, ...] = ()
    references: tuple[Reference, ...] = ()
    served: Dates | None = None
    extras: tuple[Segment, ...] = ()

    @property
    def payer_claim_number(self) -> str:
        """Return the payer's number of the claim (REF 1K), or empty text."""
        return find_reference(self.references, "1K")

    @property
    def claim_id(self) -> str:
        """Return our number of the claim (REF EJ, X1), or empty text."""
        return find_reference(self.references, "EJ") or find_reference(self.references, "X1")


GRAMMAR_275 = Grammar(
    rule("1000A NM1 1=PR,X3"),
    rule("1000B NM1 1=41"),
    rule(f"1000C NM1 1={','.join(PROVIDERS)}"),
    rule("1000D NM1 1=QC,IL"),
    rule("2000A LX", rule("2100A NM1"), rule("2110A CAT"), streamed=True),
)


def attached(document: bytes, media_type: str = "", file_name: str = "") -> AttachedDocument:
    """Return a document packed for a 275: a MIME entity in base64 (B64), its form told by its first bytes."""
    kind = payload.kind_of(document)
    form = "HL" if kind in payload.FROM_HL7 else "TX" if kind == payload.TEXT else "IA"
    own = media_type or _MEDIA_TYPES.get(kind, "application/octet-stream")
    return AttachedDocument(payload.packed(document, own, file_name), "B64", form, extras=(OBJECT,))


_MEDIA_TYPES = {
    payload.CCDA: "text/xml", payload.CDA: "text/xml", payload.XML: "text/xml", payload.PDF: "application/pdf",
    payload.TEXT: "text/plain", "TIFF image": "image/tiff", "JPEG image": "image/jpeg",
}  # fmt: skip


def build_275(item: PatientInformation) -> OutgoingSet:
    """Return the papers of a claim as a 275.

    Raises CannotBuild when a party, a number or a document is missing, or a document does not fit its filter.
    """
    if item.purpose not in (UNASKED, ANSWER):
        raise CannotBuild("Papers are sent unasked (02) or as an answer (11) (BGN01).")
    if item.at is None:
        raise CannotBuild("The file needs its day (BGN03).")
    if not item.attachments:
        raise CannotBuild("Papers for a claim hold a document at least (2000A LX).")
    time = f"{item.at:%H%M%S}".removesuffix("00")
    reference = writing.required(item.reference, "The number of the file (BGN02)")
    lines = [
        segment("BGN", item.purpose, reference, f"{item.at:%Y%m%d}", "" if time == "0000" else time),
        *_named(item.payer, item.payer.entity or "PR", "1000A"),
        *_named(item.submitter, item.submitter.entity or "41", "1000B"),
        *_named(item.provider, item.provider.entity or "1P", "1000C"),
        *_named(item.patient, item.patient.entity or "QC", "1000D"),
        *writing.refs(item.references),
        *([writing.dtp(item.served)] if item.served else []),
        *item.extras,
    ]
    for number, attachment in enumerate(item.attachments, 1):
        lines += [segment("LX", str(number)), *_attachment(attachment)]
    return OutgoingSet("275", GUIDES["275"], tuple(lines))


def _named(item: Party, entity: str, place: str) -> list[Segment]:
    writing.required(item.name, f"A name ({place} NM103)")
    writing.required(item.id, f"The number of {item.name} ({place} NM109)")
    return writing.party(item, entity)


def _attachment(item: ClaimAttachment) -> Iterator[Segment]:
    if not item.documents:
        raise CannotBuild("A paper for a claim needs its document (2000A BDS).")
    number = writing.required(item.control_number, "The control number of a paper (2000A TRN02)")
    origin = (writing.clean(item.origin), writing.clean(item.origin_detail))
    yield segment("TRN", "2" if item.is_answer else "1", number, *origin)
    for question in item.questions:
        yield write_question(question, "2000A")
    yield from writing.refs(item.references)
    if item.sent:
        yield writing.dtp(item.sent)
    yield from item.extras
    for document in item.documents:
        yield from _document(document)


def _document(item: AttachedDocument) -> Iterator[Segment]:
    form = writing.required(item.form, "The form of a document (2110A CAT02)")
    yield segment("CAT", writing.required(item.report, "The kind of report (2110A CAT01)"), form)
    if item.security:
        yield segment("EFI", writing.clean(item.security))
    yield from item.extras
    if not item.data:
        raise CannotBuild("A document is empty (2110A BDS03).")
    if item.filter not in FILTERS:
        raise CannotBuild(
            f"A document travels as it is (BIN) or as ASC or B64, not as {item.filter} (2110A BDS01)."
        )
    if item.filter == "B64" and not payload.is_base64(item.data):
        raise CannotBuild("A document is not in base64 though its filter says so (2110A BDS03).")
    yield binary_segment("BDS" if item.filter else "BIN", item.data, item.filter)


def read_275(tset: TransactionSet) -> PatientInformation:
    """Return the papers of a 275; what cannot be understood is a problem of the set."""
    found: dict[str, Any] = {"purpose": "", "reference": "", "at": None}
    attachments: list[ClaimAttachment] = []
    for loop in GRAMMAR_275.walk(tset.segments, tset.report):
        if loop.id == "ST":
            found |= _head(tset, loop)
        elif loop.id == "2000A":
            attachments.append(_read_attachment(tset, loop))
    if not attachments:
        tset.report("error", "attachment.missing", "The set holds no document.", loop="2000A")
    return PatientInformation(attachments=tuple(attachments), **found)


_PARTIES = {"1000A": "payer", "1000B": "submitter", "1000C": "provider", "1000D": "patient"}
_ROLES = {"1000A": "PR", "1000B": "41", "1000C": "1P", "1000D": "QC"}
_OF_A_PERSON = frozenset(("NM1", "N3", "N4", "DMG", "PER", "PRV"))


def _head(tset: TransactionSet, loop: Loop) -> dict[str, Any]:
    found: dict[str, Any] = {}
    references: list[Reference] = []
    extras: list[Segment] = []
    bgn = loop.first("BGN")
    if bgn is not None:
        found |= {"purpose": bgn[1], "reference": bgn[2], "at": moment(bgn[3], bgn[4])}
    else:
        at = loop.segments[0] if loop.segments else None
        tset.report(
            "error", "attachment.bgn-missing", "The set does not say what it is for (BGN).", at, loop="ST"
        )
    extras += [item for item in loop.segments if item.id not in ("ST", "BGN")]
    for inner in loop.loops:
        name = _PARTIES.get(inner.id, "")
        if not name or name in found:
            extras += inner.every()
            continue
        found[name], beside = _party(tset, inner)
        for item in beside:
            if item.id == "REF" and len(item) <= 4:
                references.append(reading.reference(item))
            elif item.id == "DTP" and item[1] == "472" and "served" not in found:
                found["served"] = reading.dates(tset, item)
            else:
                extras.append(item)
    for name in _PARTIES.values():
        if name not in found:
            found[name] = Party("")
            at = loop.segments[0] if loop.segments else None
            tset.report(
                "error", "attachment.party-missing", f"The set does not name the {name}.", at, loop="ST"
            )
    return {**found, "references": tuple(references), "extras": tuple(extras)}


def _party(tset: TransactionSet, loop: Loop) -> tuple[Party, list[Segment]]:
    """Return who a loop names, and what stands behind the patient: numbers and days of the claim."""
    own, beside = loop.segments, []
    if loop.id == "1000D":
        own = [item for item in own if item.id in _OF_A_PERSON]
        beside = [item for item in loop.segments if item.id not in _OF_A_PERSON]
    return reading.party_in_role(tset, Loop(loop.id, own), _ROLES[loop.id]), beside


def _read_attachment(tset: TransactionSet, loop: Loop) -> ClaimAttachment:
    found: dict[str, Any] = {"control_number": ""}
    questions: list[Question] = []
    references: list[Reference] = []
    documents: list[AttachedDocument] = []
    extras: list[Segment] = []
    parts: list[Segment] = []
    for item in [*loop.segments[1:], *(one for inner in loop.loops for one in inner.every())]:
        if isinstance(item, BinarySegment):
            documents.append(_read_document(parts, item))
            parts = []
        elif item.id in ("CAT", "EFI", "OOI") or parts:
            parts.append(item)
        elif item.id == "TRN" and not found["control_number"]:
            found |= {"control_number": item[2], "is_answer": item[1] == "2"}
            found |= {"origin": item[3], "origin_detail": item[4]}
        elif item.id == "STC" and fits(item):
            questions.append(read_question(tset, item))
        elif item.id == "REF" and len(item) <= 4:
            references.append(reading.reference(item))
        elif item.id == "DTP" and item[1] == "368" and "sent" not in found:
            found["sent"] = reading.dates(tset, item)
        else:
            extras.append(item)
    extras += parts
    lx = loop.segments[0]
    if not found["control_number"]:
        # before 006020 the number of a paper stood inside the document
        is_new = tset.guide.startswith("006020")
        message = "The paper has no control number: it cannot be put to its claim."
        tset.report(
            "error" if is_new else "warning",
            "attachment.control-missing",
            message,
            lx,
            loop="2000A",
        )
    if not documents:
        tset.report("error", "attachment.document-missing", "The paper has no document.", lx, loop="2000A")
    return ClaimAttachment(
        documents=tuple(documents), questions=tuple(questions), references=tuple(references), extras=tuple(extras),
        **found,
    )  # fmt: skip


def _read_document(parts: list[Segment], item: BinarySegment) -> AttachedDocument:
    found: dict[str, str] = {"report": ""}
    extras = []
    for part in parts:
        if part.id == "CAT" and "form" not in found and len(part) <= 3:
            found |= {"report": part[1], "form": part[2]}
        elif part.id == "EFI" and "security" not in found and len(part) <= 2:
            found["security"] = part[1]
        else:
            extras.append(part)
    return AttachedDocument(item.data, item[1] if item.id == "BDS" else "", extras=tuple(extras), **found)
