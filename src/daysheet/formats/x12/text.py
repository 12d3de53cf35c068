"""From bytes to segments: find the separators by counting, then stream in constant memory."""

import codecs
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from .problems import Problem
from .segment import Delimiters, Segment

CHUNK = 1 << 18
_BLANK = " \t\r\n\0\x0b\x0c"
_LONGEST_HEADER = 400
_LONGEST_SEGMENT = 1 << 20

Source = bytes | bytearray | memoryview | BinaryIO | Iterable[bytes]


def _one_byte_a_sign(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("daysheet-x12", _one_byte_a_sign)


def chunks(source: Source) -> Iterator[bytes]:
    """Return the bytes of a source in pieces."""
    if isinstance(source, bytes | bytearray | memoryview):
        data = bytes(source)
        for start in range(0, len(data), CHUNK):
            yield data[start : start + CHUNK]
    elif hasattr(source, "read"):
        while piece := source.read(CHUNK):
            yield piece
    else:
        yield from source


def find_delimiters(header: str) -> tuple[Delimiters, int, bool] | None:
    """Return the separators of an ISA, the length of the header, and whether it was cut short.

    The sixteenth element separator is counted, so a header of any length is read. None when there are
    not sixteen elements. The guides put them at 3, 82, 104 and 105; the counted places agree.
    """
    element = header[3:4]
    if not element:
        return None
    at = 3
    starts = [at]
    for _ in range(15):
        at = header.find(element, at + 1)
        if at < 0:
            return None
        starts.append(at)
    component, terminator, end = header[at + 1 : at + 2], header[at + 2 : at + 3], at + 3
    lacking = header.startswith(("GS", "TA1"), at + 2)
    if lacking:  # ISA16 is missing: what stands in its place is the terminator
        component, terminator, end = ":", header[at + 1 : at + 2], at + 2
    if not terminator:
        return None
    repetition = header[starts[10] + 1 : starts[11]].strip()
    if len(repetition) != 1 or repetition.isalnum() or repetition in (element, component, terminator):
        repetition = ""
    return Delimiters(element, repetition, component, terminator), end, lacking


class SegmentStream:
    """The segments of a source, one after the other; `problems` fills while they are read."""

    def __init__(self, source: Source) -> None:
        self.problems: list[Problem] = []
        self._chunks = chunks(source)
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="daysheet-x12")
        self._text = ""
        self._ended = False
        self._first = True

    def __iter__(self) -> Iterator[Segment]:
        while self._seek_header():
            found = self._header()
            if found is None:
                continue
            yield from self._body(*found)

    def _more(self) -> bool:
        """Promise more text in the buffer, or say that the source has ended."""
        if self._ended:
            return False
        piece = next(self._chunks, None)
        if piece is None:
            self._ended = True
            self._text += self._decoder.decode(b"", True)
            return False
        if self._first:
            self._first = False
            piece = self._without_mark(piece)
        self._text += self._decoder.decode(piece)
        return True

    def _without_mark(self, piece: bytes) -> bytes:
        if len(piece) < 3 and b"\xef\xbb\xbf".startswith(piece):
            piece += next(self._chunks, b"")
        if piece.startswith(b"\xef\xbb\xbf"):
            self._note("note", "text.bom", "The file starts with a byte order mark; it was skipped.")
            return piece[3:]
        return piece

    def _seek_header(self) -> bool:
        """Promise that the buffer starts with ISA; False at the end of the file."""
        skipped = ""
        while True:
            at = self._text.find("ISA")
            if at >= 0:
                skipped += self._text[:at].strip(_BLANK)[:40]
                self._text = self._text[at:]
                break
            skipped = (skipped + self._text[:-2].strip(_BLANK))[:40]
            self._text = self._text[-2:]
            if not self._more():
                skipped, self._text = skipped + self._text.strip(_BLANK), ""
                break
        if skipped.strip(_BLANK):
            self._note(
                "warning", "text.outside", "There is text outside any interchange; it was skipped.", skipped
            )
        return bool(self._text)

    def _header(self) -> tuple[Delimiters, Segment] | None:
        while len(self._text) < _LONGEST_HEADER and self._more():
            pass
        found = find_delimiters(self._text[:_LONGEST_HEADER])
        if found is None:
            self._note(
                "error",
                "text.header",
                "An interchange header has fewer than sixteen elements.",
                self._text[:40],
            )
            self._text = self._text[3:]
            return None
        delimiters, end, lacking = found
        header = self._text[: end - len(delimiters.terminator)]
        self._text = self._text[end:]
        if lacking:
            self._note(
                "warning", "text.header-component", "The interchange header does not name its component sign."
            )
        elif end != 106:
            self._note(
                "warning", "text.header-length", f"The interchange header has {end} signs where 106 belong."
            )
        return delimiters, Segment(header.split(delimiters.element), delimiters)

    def _body(self, delimiters: Delimiters, header: Segment) -> Iterator[Segment]:
        yield header
        element, _, _, terminator = delimiters
        blank = "".join(sign for sign in _BLANK if sign != terminator and sign != element)
        while True:
            pieces = self._text.split(terminator)
            rest = pieces.pop()
            for index, piece in enumerate(pieces):
                if piece[:1] <= " ":
                    piece = piece.lstrip(blank)
                    if not piece:
                        continue
                head = piece[:3]
                if head == "ISA":
                    self._text = terminator.join([piece, *pieces[index + 1 :], rest])
                    return
                yield Segment(piece.split(element), delimiters)
                if head == "IEA":
                    self._text = terminator.join([*pieces[index + 1 :], rest])
                    return
            self._text = rest
            if rest.lstrip(blank).startswith("ISA" + element):
                self._text = rest.lstrip(blank)
                return
            if len(rest) > _LONGEST_SEGMENT:
                self._note(
                    "error", "text.endless", "A segment of over a million signs has no end; reading stopped."
                )
                self._text, self._ended = "", True
                return
            if not self._more():
                break
        yield from self._tail(delimiters, blank)

    def _tail(self, delimiters: Delimiters, blank: str) -> Iterator[Segment]:
        tail, self._text = self._text.strip(blank), ""
        if tail.startswith("IEA" + delimiters.element):
            yield Segment(tail.split(delimiters.element), delimiters)
        elif tail:
            message = "The file ends in the middle of a segment; that piece was left out."
            self._note("error", "text.cut", message, tail[:40])

    def _note(self, severity: str, code: str, message: str, value: str = "") -> None:
        assert severity in ("error", "warning", "note")
        self.problems.append(Problem(severity, code, message, value=value))  # type: ignore[arg-type]
