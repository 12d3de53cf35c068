"""From bytes to segments: find the separators by counting, then stream in constant memory.

The buffer holds one sign for each byte, so that the bytes of a document (BIN, BDS) can be counted; what is not ASCII
becomes text when its segment is cut.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from .problems import Problem, Problems
from .segment import DATA_AT, BinarySegment, Delimiters, Segment

CHUNK = 1 << 18
_BLANK = " \t\r\n\0\x0b\x0c"
_LONGEST_HEADER = 400
_LONGEST_SEGMENT = 1 << 20
LARGEST_DOCUMENT = 64 << 20
"""Bytes of a document that are kept; a larger one is a finding."""
_PATIENCE = 8 * LARGEST_DOCUMENT
"""Bytes that wrong lengths may make us look through again; after that reading stops."""
_OVERLAP = 200

Source = bytes | bytearray | memoryview | BinaryIO | Iterable[bytes]


def _one_byte_a_sign(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("daysheet-x12", _one_byte_a_sign)


def _decoded(raw: str) -> str:
    """Return what the bytes say, given as one sign each: UTF-8, and Latin-1 where they are not."""
    return raw if raw.isascii() else raw.encode("latin-1").decode("utf-8", "daysheet-x12")


def _of_the_buffer(sign: str, raw: str) -> str:
    """Return a sign as it stands in the buffer, which may be two or three signs there."""
    if sign.isascii():
        return sign
    whole = sign.encode("utf-8").decode("latin-1")
    return whole if whole in raw else sign


class _Signs(NamedTuple):
    """How one interchange is cut: its delimiters, two of them as they stand in the buffer, blanks between segments."""

    delimiters: Delimiters
    element: str
    terminator: str
    blank: str

    def what_may_follow(self) -> re.Pattern[str]:
        """Return what ends a document whose length is wrong: a terminator, and a segment that may stand there."""
        end, sign = re.escape(self.terminator), re.escape(self.element)
        gap = f"[{re.escape(self.blank)}]{{0,99}}" if self.blank else ""
        ends = rf"(?:SE|LX|GE|ST|IEA|TRN|BIN){sign}\d"
        goes_on = rf"(?:CAT|EFI|OOI|BDS|REF|DTP|STC|SVC){sign}[A-Z\d]{{1,6}}{sign}"
        return re.compile(f"{end}{gap}(?={ends}|{goes_on})")


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

    The sixteenth element separator is counted, so a header of any length is read. None when there are not sixteen
    elements, when a letter or digit would separate, or one sign would separate elements and segments. The guides put
    the signs at 3, 82, 104 and 105; the counted places agree.
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
    if not terminator or terminator == element or element.isalnum() or terminator.isalnum():
        return None
    repetition = header[starts[10] + 1 : starts[11]].strip()
    if len(repetition) != 1 or repetition.isalnum() or repetition in (element, component, terminator):
        repetition = ""
    return Delimiters(element, repetition, component, terminator), end, lacking


def _data_starts(text: str, signs: _Signs) -> int:
    """Return where the document of a BIN or BDS starts, -1 where the elements before it are not all there."""
    at = 3
    if not text.startswith(signs.element, at):
        return -1
    for _ in range(DATA_AT[text[:3]] - 1):
        at = text.find(signs.element, at + len(signs.element), _LONGEST_HEADER)
        if at < 0:
            return -1
    return at + len(signs.element)


def _counted(text: str, start: int, signs: _Signs) -> int | None:
    """Return how many bytes the document is said to have, None where that is no number."""
    told = text[: start - len(signs.element)].rpartition(signs.element)[2].strip()
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 15 else None


def _binary(
    text: str, start: int, end: int, signs: _Signs, fault: tuple[str, str] | None = None
) -> BinarySegment:
    first = _decoded(text[:start]).split(signs.delimiters.element)[:-1]
    return BinarySegment([*first, text[start:end]], signs.delimiters, fault=fault)


def _within(taken: list[str], left: Iterator[str], signs: _Signs) -> BinarySegment | None:
    """Return a document that ends in these pieces just where its count says; what was looked at stands in `taken`."""
    start = _data_starts(taken[0], signs)
    count = _counted(taken[0], start, signs)
    if count is None or count > LARGEST_DOCUMENT:
        return None
    missing = start + count - len(taken[0])
    while missing > 0:
        piece = next(left, None)
        if piece is None:
            return None
        taken.append(piece)
        missing -= len(signs.terminator) + len(piece)
    if missing:
        return None
    text = signs.terminator.join(taken)
    return _binary(text, start, len(text), signs)


def _fault(text: str, start: int, found: int, signs: _Signs) -> tuple[str, str]:
    if found > LARGEST_DOCUMENT:
        message = f"The document has more than {LARGEST_DOCUMENT >> 20} million bytes; it was left out."
        return "envelope.document-size", message
    count = _counted(text, start, signs)
    told = "does not say how many bytes it has" if count is None else f"is said to have {count:,} bytes"
    return "envelope.document-length", f"The document {told}; it has {found:,}."


class SegmentStream:
    """The segments of a source, one after the other; `problems` fills while they are read."""

    def __init__(self, source: Source) -> None:
        self.problems = Problems()
        self._chunks = chunks(source)
        self._ahead: list[str] = []
        self._text = ""
        self._ended = False
        self._first = True
        self._looked_through = 0

    def __iter__(self) -> Iterator[Segment]:
        while self._seek_header():
            found = self._header()
            if found is None:
                continue
            yield from self._body(*found)

    def _more(self) -> bool:
        """Promise more text in the buffer, or say that the source has ended."""
        if self._ahead:
            self._text += self._ahead.pop()
            return True
        if self._ended:
            return False
        piece = next(self._chunks, None)
        if piece is None:
            self._ended = True
            return False
        if self._first:
            self._first = False
            piece = self._without_mark(piece)
        self._text += piece.decode("latin-1")
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
            message = "There is text outside any interchange; it was skipped."
            self._note("warning", "text.outside", message, _decoded(skipped))
        return bool(self._text)

    def _header(self) -> tuple[_Signs, Segment] | None:
        most = 4 * _LONGEST_HEADER  # a sign has four bytes at most
        while len(self._text) < most and self._more():
            pass
        raw = self._text[:most]
        text = _decoded(raw)[:_LONGEST_HEADER]
        found = find_delimiters(text)
        if found is None:
            message = "An interchange header has fewer than sixteen elements or no signs between them."
            self._note("error", "text.header", message, text[:40])
            self._text = self._text[3:]
            return None
        delimiters, end, lacking = found
        length = end
        while not raw.isascii() and _decoded(raw[:length]) != text[:end]:  # a sign may be several bytes
            length += 1
        raw = raw[:length]
        header = text[: end - len(delimiters.terminator)]
        self._text = self._text[length:]
        if lacking:
            self._note(
                "warning", "text.header-component", "The interchange header does not name its component sign."
            )
        elif end != 106:
            self._note(
                "warning", "text.header-length", f"The interchange header has {end} signs where 106 belong."
            )
        element, terminator = (
            _of_the_buffer(sign, raw) for sign in (delimiters.element, delimiters.terminator)
        )
        blank = "".join(sign for sign in _BLANK if sign not in (element, terminator))
        return _Signs(delimiters, element, terminator, blank), Segment(
            header.split(delimiters.element), delimiters
        )

    def _body(self, signs: _Signs, header: Segment) -> Iterator[Segment]:
        yield header
        delimiters, _, terminator, blank = signs
        element = delimiters.element
        while True:
            is_plain = self._text.isascii()
            pieces = self._text.split(terminator)
            rest = pieces.pop()
            left = iter(pieces)
            for piece in left:
                first = piece[:1]
                if first <= " ":
                    piece = piece.lstrip(blank)
                    first = piece[:1]
                    if not first:
                        continue
                head = ""
                if first == "I" or first == "B":
                    head = piece[:3]
                    if head == "ISA":
                        self._text = terminator.join([piece, *left, rest])
                        return
                    if head in DATA_AT and _data_starts(piece, signs) >= 0:
                        taken = [piece]
                        found = _within(taken, left, signs)
                        if found is None:
                            self._text = terminator.join([*taken, *left, rest])
                            found = self._document(signs)
                            if found is not None:
                                yield found
                            break
                        yield found
                        continue
                yield Segment(
                    piece.split(element) if is_plain or piece.isascii() else _decoded(piece).split(element),
                    delimiters,
                )
                if head == "IEA":
                    self._text = terminator.join([*left, rest])
                    return
            else:
                begun = self._after_pieces(rest, signs)
                if begun is False:
                    return
                if begun is None:
                    break
                if begun is not True:
                    yield begun
        yield from self._tail(signs)

    def _after_pieces(self, rest: str, signs: _Signs) -> BinarySegment | bool | None:
        """Return a document that begins in the last piece; True when more was read, None at the end of the file.

        False says that reading ends here: another interchange begins, or a segment has no end.
        """
        self._text = rest
        begins = rest.lstrip(signs.blank) if rest[:1] <= " " else rest
        if begins.startswith("ISA" + signs.element):
            self._text = begins
            return False
        if begins[:3] in DATA_AT and _data_starts(begins, signs) >= 0:
            self._text = begins
            return self._document(signs) or True
        if len(rest) > _LONGEST_SEGMENT:
            message = "A segment of over a million signs has no end; reading stopped."
            self._note("error", "text.endless", message)
            self._text, self._ahead, self._ended = "", [], True
            return False
        return True if self._more() else None

    def _document(self, signs: _Signs) -> BinarySegment | None:
        """Return the document at the start of the buffer and leave what follows; None when the file ends in it.

        A count that is wrong is a fault of the segment: the document then ends before the next thing that looks like
        a segment that may stand there.
        """
        start = _data_starts(self._text, signs)
        count = _counted(self._text, start, signs)
        if count is not None and count <= LARGEST_DOCUMENT:
            end = start + count
            self._fill(end + len(signs.terminator))
            if self._text.startswith(signs.terminator, end):
                found = _binary(self._text, start, end, signs)
                self._keep_from(end + len(signs.terminator))
                return found
        if self._looked_through > _PATIENCE:
            self._note("error", "text.documents", "Too many documents have a wrong length; reading stopped.")
            self._text, self._ahead, self._ended = "", [], True
            return None
        return self._by_eye(start, signs)

    def _by_eye(self, start: int, signs: _Signs) -> BinarySegment | None:
        pattern = signs.what_may_follow()
        head, text = self._text[:start], self._text
        self._looked_through += len(text)
        parts: list[str] = []
        size, at = 0, start
        while (match := pattern.search(text, at)) is None:
            keep = max(at, len(text) - _OVERLAP)
            size += keep - at
            parts = [*parts, text[at:keep]] if size <= LARGEST_DOCUMENT else []
            self._text = text[keep:]
            if not self._more():
                message = "The file ends in the middle of a document; that piece was left out."
                self._note("error", "text.cut", message, _decoded(head)[:40])
                self._text = ""
                return None
            text, at = self._text, 0
            self._looked_through += len(text)
        size += match.start() - at
        self._text = text
        data = "".join([*parts, text[at : match.start()]]) if size <= LARGEST_DOCUMENT else ""
        whole = head + data
        found = _binary(whole, start, len(whole), signs, _fault(head, start, size, signs))
        self._keep_from(match.end())
        return found

    def _fill(self, size: int) -> None:
        """Read until the buffer has so many bytes, or the file ends."""
        parts, length = [self._text], len(self._text)
        while length < size:
            self._text = ""
            if not self._more():
                break
            parts.append(self._text)
            length += len(self._text)
        self._text = "".join(parts)

    def _keep_from(self, start: int) -> None:
        """Leave out what stands before a place; what is more than a piece of the file waits to be read again."""
        text = self._text
        self._text = text[start : start + CHUNK]
        self._ahead += [text[at : at + CHUNK] for at in range(start + CHUNK, len(text), CHUNK)][::-1]

    def _tail(self, signs: _Signs) -> Iterator[Segment]:
        tail, self._text = self._text.strip(signs.blank), ""
        delimiters = signs.delimiters
        if tail.startswith("IEA" + signs.element):
            yield Segment(_decoded(tail).split(delimiters.element), delimiters)
        elif tail:
            message = "The file ends in the middle of a segment; that piece was left out."
            self._note("error", "text.cut", message, _decoded(tail)[:40])

    def _note(self, severity: str, code: str, message: str, value: str = "") -> None:
        assert severity in ("error", "warning", "note")
        self.problems.keep(Problem(severity, code, message, value=value))  # type: ignore[arg-type]
