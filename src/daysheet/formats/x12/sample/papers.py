"""Sample papers for claims: a payer that asks (277RFAI), an office that sends (275), with small invented documents."""

from dataclasses import replace
from datetime import timedelta

from daysheet.formats.x12.guides.asking import Question
from daysheet.formats.x12.guides.attachment import (
    ANSWER,
    UNASKED,
    AttachedDocument,
    ClaimAttachment,
    PatientInformation,
    attached,
    build_275,
)
from daysheet.formats.x12.guides.claim import Attachment
from daysheet.formats.x12.guides.parts import Contact, Dates, Party, Reference
from daysheet.formats.x12.guides.request import (
    AskedProvider,
    InformationRequest,
    ReplyTo,
    RequestBatch,
    RequestedLine,
    build_277rfai,
)
from daysheet.formats.x12.labels import labels
from daysheet.formats.x12.write import OutgoingSet

from .cast import AT, PLAN, TODAY, Cast

TIME_TO_ANSWER = timedelta(days=30)
PER_CLAIM = 4
"""Forms of papers that take turns: C-CDA, PDF, text, and bytes as they are."""
_REVIEW = Contact("MEDICAL REVIEW", phone="8005550100")


def requests(cast: Cast, claims: int) -> OutgoingSet:
    """Return the body of a payer's request for papers, one about each claim; every kind of paper in turn."""
    asked = tuple(_request(cast, number) for number in range(1, claims + 1))
    source = replace(PLAN, entity="PR", contacts=(_REVIEW,))
    receiver = replace(cast.submitter_without_contacts(), entity="")
    return build_277rfai(RequestBatch("R0001", AT, source, receiver, (AskedProvider(_office(cast), asked),)))


def _request(cast: Cast, number: int) -> InformationRequest:
    whole = InformationRequest(
        f"Q{number:06d}", cast.person(number, has_home=False), claim_id=f"C{number:06d}",
        payer_claim_number=f"P{number:06d}", served=Dates("472", cast.day()),
        respond_by=Dates("106", TODAY + TIME_TO_ANSWER),
    )  # fmt: skip
    wanted = Question("R4", _kind(number), on=TODAY, charge=cast.money(40, 900))
    match number % 3:
        case 1:
            return replace(
                whole, questions=(wanted,), reply=ReplyTo(Attachment("OZ", "EL", whole.trace), _REVIEW)
            )
        case 2:
            about = Question("R4", _kind(number), on=TODAY)
            line = RequestedLine(
                cast.procedure(),
                cast.money(20, 400),
                (about,),
                f"L{number:06d}",
                served=Dates("472", cast.day()),
            )
            return replace(whole, lines=(line,))
    narrowed = replace(wanted, more=(("R4", _kind(number + 1), "", "LOI"),))
    return replace(whole, questions=(narrowed,), bill_type="111", medical_record=f"M{number:06d}")


def papers(cast: Cast, claims: int) -> list[OutgoingSet]:
    """Return the bodies of papers, a set for each claim: answers and papers that nobody asked for in turn."""
    return [build_275(_papers(cast, number)) for number in range(1, claims + 1)]


def _papers(cast: Cast, number: int) -> PatientInformation:
    is_answer = number % 2 == 0
    patient = cast.person(number, has_home=False)
    count = 1 + number % 3
    sent = tuple(_paper(patient, number, place, is_answer) for place in range(count))
    return PatientInformation(
        ANSWER if is_answer else UNASKED, f"S{number:06d}", AT, PLAN, cast.submitter, _office(cast), patient, sent,
        (Reference("1K", f"P{number:06d}"), Reference("EJ", f"C{number:06d}")), Dates("472", cast.day()),
    )  # fmt: skip


def _paper(patient: Party, number: int, place: int, is_answer: bool) -> ClaimAttachment:
    letter = "Q" if is_answer else "A"
    return ClaimAttachment(
        f"{letter}{number:06d}{place or ''}", (_document(patient, number + place),), is_answer,
        (Question("R4", _kind(number + place)),), sent=Dates("368", TODAY),
    )  # fmt: skip


def _document(patient: Party, turn: int) -> AttachedDocument:
    name = f"{patient.first.title()} {patient.name.title()}"
    match turn % PER_CLAIM:
        case 1:
            return attached(_ccda(name, turn), file_name="note.xml")
        case 2:
            return attached(_pdf(f"Invented note about {name}"), file_name="note.pdf")
        case 3:
            return attached(
                f"Invented note about {name}.\r\nSeen and well.\r\n".encode(), file_name="note.txt"
            )
    return AttachedDocument(f"Invented note about {name} ~ with every sign: * : ^\r\n".encode(), "", "TX")


def _ccda(name: str, turn: int) -> bytes:
    given, _, family = name.partition(" ")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3">\n'
        '  <templateId root="2.16.840.1.113883.10.20.22.1.1"/>\n'
        f'  <code code="{_kind(turn)}" codeSystem="2.16.840.1.113883.6.1"/>\n  <title>Invented note</title>\n'
        f"  <recordTarget><patientRole><patient><name><given>{given}</given><family>{family}</family></name>"
        "</patient></patientRole></recordTarget>\n"
        "  <component><nonXMLBody><text>Seen and well.</text></nonXMLBody></component>\n</ClinicalDocument>\n"
    ).encode()


def _pdf(words: str) -> bytes:
    """Return one page with one line."""
    drawn = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    text, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(text))
        text += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(parts) + 1
    end = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{len(text)}\n%%EOF\n"
    return f"{text}xref\n0 {size}\n0000000000 65535 f \n{table}{end}".encode("ascii")


def _kind(turn: int) -> str:
    """Return the LOINC code of a kind of paper; in a long file each that we have words for."""
    codes = list(labels("loinc"))
    return codes[turn % len(codes)]


def _office(cast: Cast) -> Party:
    return Party(cast.office.name, id_qualifier="XX", id=cast.office.id)
