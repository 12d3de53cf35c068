"""One line of the wire: an id and its elements, split only as far as somebody looks."""

from typing import NamedTuple


class Delimiters(NamedTuple):
    """The four signs that separate the pieces of one interchange."""

    element: str = "*"
    repetition: str = "^"
    component: str = ":"
    terminator: str = "~"


STANDARD = Delimiters()


class Segment:
    """An id with its elements; element 0 is the id, and an absent element reads as empty text."""

    __slots__ = ("delimiters", "elements", "id", "position")

    def __init__(self, elements: list[str], delimiters: Delimiters = STANDARD, position: int = 0) -> None:
        self.elements = elements
        self.id = elements[0]
        self.delimiters = delimiters
        self.position = position

    def __getitem__(self, index: int) -> str:
        elements = self.elements
        return elements[index] if index < len(elements) else ""

    def __len__(self) -> int:
        return len(self.elements)

    def components(self, index: int) -> list[str]:
        """Return the components of one element."""
        return self[index].split(self.delimiters.component)

    def component(self, index: int, part: int) -> str:
        """Return one component of an element, counted from 1, or empty text."""
        parts = self.components(index)
        return parts[part - 1] if part <= len(parts) else ""

    def repeats(self, index: int) -> tuple[str, ...]:
        """Return the repetitions of one element, empty ones left out."""
        value, sign = self[index], self.delimiters.repetition
        parts = value.split(sign) if sign else [value]
        return tuple(part for part in parts if part)

    def text(self, delimiters: Delimiters | None = None) -> str:
        """Return the segment as it stands on the wire, without its terminator."""
        own = self.delimiters
        if delimiters is None or delimiters == own:
            return own.element.join(self.elements)
        if self.id == "ISA":
            return _isa_text(self.elements, delimiters)
        return delimiters.element.join(_translate(value, own, delimiters) for value in self.elements)

    def octets(self, delimiters: Delimiters | None = None) -> bytes:
        """Return the segment as the bytes of the wire, without its terminator."""
        return self.text(delimiters).encode("utf-8")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Segment) and self.text(STANDARD) == other.text(STANDARD)

    def __hash__(self) -> int:
        return hash(self.text(STANDARD))

    def __repr__(self) -> str:
        return f"Segment({self.text(STANDARD)!r})"


DATA_AT = {"BIN": 2, "BDS": 3}
"""The segments that hold a document, and the element it is; the element before says how many bytes it has."""


class BinarySegment(Segment):
    """A segment that ends with a document (BIN, BDS): bytes that may be anything, counted and never split.

    The last element holds one sign a byte. `fault` is what was wrong with the count, as code and sentence.
    """

    __slots__ = ("fault",)

    def __init__(
        self,
        elements: list[str],
        delimiters: Delimiters = STANDARD,
        position: int = 0,
        fault: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(elements, delimiters, position)
        self.fault = fault

    @property
    def data(self) -> bytes:
        """Return the document as it stands on the wire."""
        return self.elements[-1].encode("latin-1")

    def text(self, delimiters: Delimiters | None = None) -> str:
        """Return the segment as text, one sign for each byte of the document; no separator in it is changed."""
        return self._head(delimiters) + self.elements[-1]

    def octets(self, delimiters: Delimiters | None = None) -> bytes:
        """Return the segment as the bytes of the wire, the document byte for byte."""
        return self._head(delimiters).encode("utf-8") + self.data

    def _head(self, delimiters: Delimiters | None) -> str:
        own = delimiters or self.delimiters
        return "".join(value + own.element for value in self.elements[:-1])

    def __repr__(self) -> str:
        return f"Segment({self._head(STANDARD)!r} and {len(self.elements[-1])} bytes)"


def binary_segment(name: str, data: bytes, code: str = "") -> BinarySegment:
    """Return an outgoing BIN, or a BDS with the code of its filter, with the length of its document."""
    values = [code, str(len(data))] if name == "BDS" else [str(len(data))]
    return BinarySegment([name, *values, data.decode("latin-1")])


def _translate(value: str, old: Delimiters, new: Delimiters) -> str:
    repeats = value.split(old.repetition) if old.repetition else [value]
    repeats = [_clean(part, old, new) for part in repeats]
    return new.repetition.join(repeats)


def _clean(value: str, old: Delimiters, new: Delimiters) -> str:
    parts = value.split(old.component) if old.component else [value]
    signs = {ord(sign): " " for sign in new if sign}
    return new.component.join(part.translate(signs) for part in parts)


def _isa_text(elements: list[str], new: Delimiters) -> str:
    values = list(elements)
    if len(values) > 16:
        values[16] = new.component
    if len(values) > 11 and not values[11].isalnum():
        values[11] = new.repetition
    return new.element.join(values)


def segment(*values: str) -> Segment:
    """Return an outgoing segment with the standard separators, empty elements at its end cut off."""
    elements = list(values)
    while len(elements) > 1 and not elements[-1]:
        elements.pop()
    return Segment(elements)


def composite(*parts: str) -> str:
    """Return the parts as one element, empty parts at its end cut off."""
    return ":".join(parts).rstrip(":")
