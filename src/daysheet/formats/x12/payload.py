"""The document inside an attachment: how it is packed for the wire, and what it is, told without parsing it."""

from binascii import Error, a2b_base64, b2a_base64
from typing import NamedTuple

from .segment import BinarySegment, Segment

CCDA, CDA, XML, HL7, PDF, TEXT, NOTHING, OTHER = (
    "C-CDA XML", "CDA XML", "XML", "HL7 message", "PDF", "text", "nothing", "unknown",
)  # fmt: skip
FROM_HL7 = frozenset((CCDA, CDA, HL7))
_SIGNATURES = (
    (b"%PDF-", PDF), (b"II*\0", "TIFF image"), (b"MM\0*", "TIFF image"), (b"\xff\xd8\xff", "JPEG image"),
    (b"\x89PNG\r\n", "PNG image"), (b"GIF8", "GIF image"), (b"{\\rtf", "RTF"), (b"PK\x03\x04", "ZIP archive"),
    (b"MSH|", HL7),
)  # fmt: skip
_LOOKED_AT = 1 << 16
_LONGEST_HEADERS = 1 << 14
_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n \t")


class Inside(NamedTuple):
    """A document without its packing; the type and the file name are what the sender says they are."""

    document: bytes
    media_type: str = ""
    file_name: str = ""

    @property
    def kind(self) -> str:
        """Return what the document is: C-CDA XML, PDF, text and so on."""
        return kind_of(self.document)


def kind_of(document: bytes) -> str:
    """Return what bytes are, by their first signs alone."""
    head = bytes(document[:_LOOKED_AT])
    if not head.strip():
        return NOTHING
    for sign, kind in _SIGNATURES:
        if head.startswith(sign):
            return kind
    text = _text(head)
    if text is None:
        return OTHER
    text = text.removeprefix("\ufeff").lstrip()
    if not text.startswith("<"):
        return TEXT
    if "<ClinicalDocument" in text or ":ClinicalDocument" in text:
        return CCDA
    return CDA if "urn:hl7-org:v3" in text else XML


def _text(head: bytes) -> str | None:
    """Return bytes as text, or None when they are none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    text = head.decode("utf-8", "replace") if b"\xef" in head or not head.isascii() else head.decode("ascii")
    strange = sum(not (sign.isprintable() or sign in "\r\n\t\f") for sign in text)
    return None if strange > len(text) // 100 else text


def is_base64(data: bytes) -> bool:
    """Return whether bytes are base64 from end to end."""
    return bool(data.strip()) and _BASE64.issuperset(data) and len(b"".join(data.split())) % 4 == 0


def opened(data: bytes, code: str = "") -> Inside:
    """Return the document in the data of a BIN or BDS: the filter (BDS01) and a MIME entity round it are taken off.

    What cannot be taken off stays: the data themselves are the document then.
    """
    if code == "B64":
        data = _from_base64(data)
    return _from_mime(data)


def packed(document: bytes, media_type: str, file_name: str = "", code: str = "B64") -> bytes:
    """Return a document as the data of a BDS: one MIME entity in base64, for the filter B64 in base64 once more."""
    lines = [
        b"MIME-Version: 1.0",
        b"Content-Type: " + _ascii(media_type),
        b"Content-Transfer-Encoding: base64",
    ]
    if file_name:
        name = _ascii(file_name.replace('"', "").replace("\\", ""))
        lines.append(b'Content-Disposition: attachment; filename="' + name + b'"')
    body = b2a_base64(document, newline=False)
    lines += [b"", *(body[at : at + 76] for at in range(0, len(body), 76)), b""]
    entity = b"\r\n".join(lines)
    return b2a_base64(entity, newline=False) if code == "B64" else entity


def _ascii(text: str) -> bytes:
    return "".join(sign if sign.isprintable() else " " for sign in text).encode("ascii", "replace")


def _from_base64(data: bytes) -> bytes:
    try:
        return a2b_base64(data) if is_base64(data) else data
    except Error:
        return data


def _from_mime(data: bytes) -> Inside:
    head, blank, body = _split(data)
    if not blank:
        return Inside(data)
    told: dict[str, str] = {}
    for line in (
        head.decode("ascii", "replace")
        .replace("\r\n", "\n")
        .replace("\n ", " ")
        .replace("\n\t", " ")
        .split("\n")
    ):
        name, colon, value = line.partition(":")
        if colon:
            told[name.strip().lower()] = value.strip()
    if "content-type" not in told and "content-transfer-encoding" not in told:
        return Inside(data)
    if told.get("content-transfer-encoding", "").lower() == "base64":
        body = _from_base64(body)
    name = _parameter(told.get("content-disposition", ""), "filename") or _parameter(
        told.get("content-type", ""), "name"
    )
    return Inside(body, told.get("content-type", "").partition(";")[0].strip().lower(), name)


def _split(data: bytes) -> tuple[bytes, bytes, bytes]:
    start = bytes(data[:40]).lstrip().lower()
    if start.startswith((b"mime-version:", b"content-")):
        first = [
            (at, blank)
            for blank in (b"\r\n\r\n", b"\n\n")
            if (at := data.find(blank, 0, _LONGEST_HEADERS)) >= 0
        ]
        if first:
            at, blank = min(first)
            return data[:at].lstrip(), blank, data[at + len(blank) :]
    return b"", b"", data


def _parameter(text: str, name: str) -> str:
    for part in text.split(";")[1:]:
        key, _, value = part.partition("=")
        if key.strip().lower() == name:
            return value.strip().strip('"')
    return ""


def inside(segment: BinarySegment) -> Inside:
    """Return the document of a BIN or BDS without its packing."""
    return opened(segment.data, segment[1] if segment.id == "BDS" else "")


def without_document(segment: BinarySegment) -> Segment:
    """Return the segment for reading: what the document is, and its size, stand in its place."""
    found = inside(segment)
    return Segment(
        [*segment.elements[:-1], f"({found.kind}, {len(found.document):,} bytes)"],
        segment.delimiters,
        segment.position,
    )


INVENTED = {
    CCDA: b'<ClinicalDocument xmlns="urn:hl7-org:v3"><title>DOCUMENT REMOVED</title></ClinicalDocument>',
    CDA: b'<levelone xmlns="urn:hl7-org:v3/cda"><body>DOCUMENT REMOVED</body></levelone>',
    XML: b"<removed/>",
    HL7: b"MSH|^~\\&|REMOVED",
    PDF: b"%PDF-1.4\n% DOCUMENT REMOVED\n%%EOF\n",
    NOTHING: b"",
}
"""What stands for a document that is taken out; for kinds that are not here some words."""
REMOVED = b"DOCUMENT REMOVED"


def replaced(segment: BinarySegment) -> BinarySegment:
    """Return the segment with a short invented document of the same kind, packed as the first was, and its length."""
    code = segment[1] if segment.id == "BDS" else ""
    unfiltered = _from_base64(segment.data) if code == "B64" else segment.data
    was_mime = bool(_split(unfiltered)[1])
    found = _from_mime(unfiltered)
    data = INVENTED.get(found.kind, REMOVED)
    if was_mime:
        data = packed(data, _kept_type(found.media_type), code=code)
    elif code == "B64":
        data = b2a_base64(data, newline=False)
    head = segment.elements[:-2]
    return BinarySegment(
        [*head, str(len(data)), data.decode("latin-1")], segment.delimiters, segment.position
    )


def _kept_type(media_type: str) -> str:
    """Return a media type that names nobody."""
    known = (
        "text/xml",
        "application/xml",
        "application/pdf",
        "text/plain",
        "application/hl7-v3+xml",
        "image/tiff",
        "image/jpeg",
    )
    return media_type if media_type in known else "application/octet-stream"
