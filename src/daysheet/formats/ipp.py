"""The Internet Printing Protocol, as much of it as one paper needs: RFC 8010 (the bytes) and RFC 8011 (their meaning).

A request is a version, an operation, a number, groups of named values, an end, and the paper itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from struct import Struct, error, unpack_from

PRINT_JOB = 0x0002
OPERATION_GROUP, JOB_GROUP, END = 0x01, 0x02, 0x03
CHARSET, LANGUAGE, URI, NAME, MIME, INTEGER = 0x47, 0x48, 0x45, 0x42, 0x49, 0x21
HEAD, LENGTH = Struct(">BBhi"), Struct(">H")
LAST_DELIMITER = 0x0F
"""RFC 8010 3.5.1: 0x00 to 0x0F begin a group or end them all."""
SUCCESSFUL = range(0x0100)
"""RFC 8011 Appendix B: successful-ok and its kin."""
SENTENCES = {
    0x0401: "It does not let this computer print.",
    0x0402: "It asks for a name and password, which this office has not.",
    0x0403: "It does not let this computer print.",
    0x0404: "There is no such printer at that address.",
    0x0406: "There is no such printer at that address.",
    0x0408: "The paper is too large for it.",
    0x040A: "It cannot print this kind of file.",
    0x0503: "It does not speak this version.",
    0x0504: "It is broken or out of order.",
    0x0506: "It takes no papers now. Look whether it is paused.",
    0x0507: "It is busy. Try again.",
}
"""What a status means at the desk."""


class NotIpp(ValueError):
    """The bytes are no answer of a printer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a printer said: whether it took the paper, the number it gave, and its own words."""

    status: int
    request_id: int
    job_id: int | None = None
    message: str = ""

    @property
    def is_taken(self) -> bool:
        """Return whether the printer took the paper."""
        return self.status in SUCCESSFUL

    @property
    def sentence(self) -> str:
        """Return what is wrong, for the desk; empty where nothing is."""
        if self.is_taken:
            return ""
        known = SENTENCES.get(self.status)
        return known or f"It said no ({self.status:#06x}){': ' + self.message[:100] if self.message else ''}."


def print_request(
    *,
    printer: str,
    job_name: str,
    user: str,
    media_type: str,
    paper: bytes,
    request_id: int = 1,
    copies: int = 1,
) -> bytes:
    """Return the bytes that ask a printer to print one paper (Print-Job, RFC 8011 4.2.1)."""
    head = HEAD.pack(1, 1, PRINT_JOB, request_id)
    operation = [
        (CHARSET, "attributes-charset", b"utf-8"),
        (LANGUAGE, "attributes-natural-language", b"en"),
        (URI, "printer-uri", printer.encode()),
        (NAME, "requesting-user-name", _short(user)),
        (NAME, "job-name", _short(job_name)),
        (MIME, "document-format", media_type.encode()),
    ]
    job = [(INTEGER, "copies", copies.to_bytes(4, "big", signed=True))]
    groups = bytes([OPERATION_GROUP]) + _values(operation) + bytes([JOB_GROUP]) + _values(job)
    return head + groups + bytes([END]) + paper


def read_answer(content: bytes) -> Answer:
    """Return what a printer answered. Raises NotIpp."""
    try:
        _major, _minor, status, request_id = HEAD.unpack_from(content)
        said = dict(_read(content))
    except (error, IndexError, UnicodeDecodeError) as bad:
        raise NotIpp("The answer is not a printer's.") from bad
    job = said.get("job-id", b"")
    return Answer(
        status & 0xFFFF,
        request_id,
        int.from_bytes(job, "big", signed=True) if len(job) == 4 else None,
        said.get("status-message", b"").decode("utf-8", "replace"),
    )


def _values(values: Iterable[tuple[int, str, bytes]]) -> bytes:
    return b"".join(
        bytes([tag]) + LENGTH.pack(len(name)) + name.encode() + LENGTH.pack(len(value)) + value
        for tag, name, value in values
    )


def _read(content: bytes) -> Iterable[tuple[str, bytes]]:
    """Yield name and value of each attribute; of one with several values the first."""
    place = HEAD.size
    while (tag := content[place]) != END:
        place += 1
        if tag <= LAST_DELIMITER:
            continue
        name, place = _take(content, place)
        value, place = _take(content, place)
        if name:
            yield name.decode("ascii"), value


def _take(content: bytes, place: int) -> tuple[bytes, int]:
    (size,) = unpack_from(">H", content, place)
    begins = place + 2
    if begins + size > len(content):
        raise IndexError(place)
    return content[begins : begins + size], begins + size


def _short(text: str) -> bytes:
    """Return a name of at most 255 octets (RFC 8011 5.1.3), never cut within a sign."""
    return text.encode()[:255].decode("utf-8", "ignore").encode()
