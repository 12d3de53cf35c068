"""The same file about invented people, so that it may be sent to somebody who helps.

Every name, number, address and birth date becomes another of the same shape; what was equal stays equal, so that a
claim and its payment still belong together. Counts, codes, days of service and amounts stay. The key is thrown away
with the run.
"""

import hmac
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from hashlib import sha256

from .guides.reading import to_day
from .labels import labels
from .numbers import is_npi, is_routing_number, is_social_security
from .payload import replaced
from .segment import BinarySegment, Delimiters, Segment
from .text import SegmentStream, Source
from .write import render_segments

FAMILIES = (
    "ABERNASH BELLOWICK CARROWAY DUNSTABEL ELDERWICK FARROWGATE GRIMSHAWE HOLLOWELL INGLETHORP JESSAMINE KETTERLEY"
    " LARKSPUR MARROWBY NETHERCOT OAKHANGER PEMBERLIN QUILLFEATHER ROOKWOOD SALTMARSHE THISTLEWAY UNDERHALL VELLACOTT"
).split()
GIVEN = "ADALIA BRAMWELL CORISANDE DORIAN ELSPETH FENWICK GWENDA HOLLIS ISOLDE JOCELIN KERENZA LEOPOLD MIRABEL".split()
FIRMS = (
    "BRIGHTWATER",
    "CLOVERFIELD",
    "DRIFTWOOD",
    "EVENFALL",
    "FOXGLOVE",
    "GREENBOUGH",
    "HEATHERSTONE",
    "IVYBRIDGE",
)
TOWNS = (
    "EASTMERE",
    "FALLOWFORD",
    "HARROWGATE",
    "LINDENVALE",
    "MOSSBRIDGE",
    "PINEHOLLOW",
    "STONEFIELD",
    "WILLOWBY",
)
FREE_TEXT = "TEXT REMOVED"
LABORATORY = re.compile(r"\d{2}D\d{7}")
LONGEST_SHIFT = 300
"""Days by which a birth date moves back."""
TRIES = 20
"""How often another number is looked for when one stands for somebody already."""
MOST_KNOWN, MOST_SIGNS = 300_000, 16 << 20
"""Inventions that are kept, and the signs of them; beyond that a later meeting makes the same again."""
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

SHAPES: dict[str, dict[int, str]] = {
    "ISA": {6: "id", 8: "id"}, "GS": {2: "id", 3: "id"}, "BHT": {3: "id"},
    "NM1": {3: "family", 4: "given", 5: "given", 7: "given", 9: "id", 12: "family"},
    "N1": {2: "firm", 4: "id"}, "N2": {1: "firm", 2: "firm"}, "N3": {1: "street", 2: "text"},
    "N4": {1: "town", 3: "zip", 6: "zip"},
    "DMG": {2: "born"}, "PAT": {6: "born"}, "INS": {12: "born"},
    "REF": {2: "id", 3: "text", 4: "id"}, "PER": {2: "given", 4: "id", 6: "id", 8: "id"},
    "TRN": {2: "id", 3: "tax", 4: "id"}, "CLM": {1: "id"}, "CLP": {1: "id", 7: "id"}, "SBR": {3: "id", 4: "firm"},
    "SVD": {1: "id"}, "PWK": {6: "id", 7: "text"}, "NTE": {2: "text"}, "MSG": {1: "text"}, "K3": {1: "text"},
    "PLB": {1: "id"}, "EB": {5: "firm"},
    "BPR": {7: "bank", 9: "id", 10: "tax", 11: "id", 13: "bank", 15: "id"}, "RDM": {2: "given", 3: "id"},
    "III": {4: "text"}, "BGN": {2: "id", 6: "id"}, "STC": {9: "id", 12: "text"}, "EFI": {2: "text"},
    "HCR": {2: "id"}, "CR1": {7: "street", 8: "street", 9: "text", 10: "text"},
    "CR2": {10: "text", 11: "text"}, "CR5": {5: "text", 9: "text"},
    "ACT": {1: "id", 2: "family", 6: "id"}, "HD": {4: "text"}, "COB": {2: "id"}, "IK4": {4: "id"},
    "ENT": {4: "id"}, "RMR": {2: "id"}, "ICM": {4: "text"}, "IDC": {1: "text"},
}  # fmt: skip
"""Which elements are what, by segment: somebody's number, a family name, a given name, a street, a town, a ZIP code, a
birth or death date, free text."""
_INNER = {"PLB": (3, 5, 7, 9, 11, 13)}
"""Composites whose second part is somebody's number."""


def places_of(segment: Segment) -> dict[int, str]:
    """Return which elements of a segment name somebody, and what they are. The day of an expected birth is one."""
    if segment.id == "DTP" and segment[1] == "ABC":
        return {3: "born"}
    return SHAPES.get(segment.id, {})


def mask(source: Source, key: bytes) -> Iterator[bytes]:
    """Return the masked file in pieces. The same key gives the same invented people; keep it to nobody."""
    masker = _Masker(key)
    for segment in SegmentStream(source):
        yield render_segments((masker.masked(segment),))


class _Masker:
    """One run: the same original becomes the same invention."""

    def __init__(self, key: bytes) -> None:
        self.key = key
        self.known: dict[tuple[str, str], str] = {}
        self.numbers: set[str] = set()
        self.signs = 0
        self.has_documents = False

    def masked(self, segment: Segment) -> Segment:
        if isinstance(segment, BinarySegment):
            self.has_documents = True
            return replaced(segment)
        if self.has_documents and segment.id not in labels("segment"):  # it may be a piece of a document
            return Segment(["ZZZ"], segment.delimiters, segment.position)
        places = places_of(segment)
        if not places:
            return segment
        elements = list(segment.elements)
        is_firm = segment.id == "NM1" and segment[2] == "2"
        for place, shape in places.items():
            value = elements[place] if place < len(elements) else ""
            if value.strip():
                elements[place] = self.invented(
                    "firm" if is_firm and shape == "family" else shape, value, segment
                )
        for place in _INNER.get(segment.id, ()):
            if place < len(elements):
                elements[place] = self._second(elements[place], segment)
        return Segment(elements, segment.delimiters, segment.position)

    def invented(self, shape: str, value: str, segment: Segment) -> str:
        """Return what stands for a value; ISA keeps its width."""
        plain = value.strip()
        found = self.known.get((shape, plain))
        if found is None:
            if len(self.known) >= MOST_KNOWN or self.signs > MOST_SIGNS:
                self.known.clear()
                self.numbers.clear()
                self.signs = 0
            found = self.known[shape, plain] = self._new(shape, plain, segment)
            self.signs += len(plain) + len(found)
        found = _without_signs(found, value, segment.delimiters)
        return found.ljust(len(value)) if len(value) > len(plain) else found

    def _second(self, value: str, segment: Segment) -> str:
        first, sign, rest = value.partition(segment.delimiters.component)
        return f"{first}{sign}{self.invented('id', rest, segment)}" if rest else value

    def _new(self, shape: str, value: str, segment: Segment) -> str:
        """Return an invention; a number that stands for nothing else yet, where its shape has room for one."""
        digest = hmac.new(self.key, f"{_kin(shape)} {value}".encode("utf-8", "replace"), sha256).digest()
        made = self._made(shape, value, digest, segment)
        for _ in range(TRIES):
            if shape != "id" or made not in self.numbers:
                break
            digest = sha256(digest).digest()
            made = self._made(shape, value, digest, segment)
        if shape == "id":
            self.numbers.add(made)
        return made

    def _made(self, shape: str, value: str, digest: bytes, segment: Segment) -> str:
        pick = int.from_bytes(digest[:4], "big")
        match shape:
            case "family":
                return FAMILIES[pick % len(FAMILIES)]
            case "given":
                return GIVEN[pick % len(GIVEN)]
            case "firm":
                return f"{FIRMS[pick % len(FIRMS)]} {pick % 900 + 100}"
            case "street":
                return f"{pick % 9000 + 1000} INVENTED WAY"
            case "town":
                return TOWNS[pick % len(TOWNS)]
            case "text":
                return FREE_TEXT
            case "born":
                return _earlier(value, pick)
            case "zip":
                return _shaped(value, digest, keep=0)
            case "tax":
                return _shaped(value, digest, keep=1)
            case "bank":
                return _checked(value, digest, is_routing_number)
        if is_npi(value):
            return _checked(value, digest, is_npi)
        made = _shaped(value, digest, keep=0)
        while is_social_security(value) and not is_social_security(made):
            digest = sha256(digest).digest()
            made = _shaped(value, digest, keep=0)
        return f"{made[:2]}D{made[3:]}" if LABORATORY.fullmatch(value) else made


def _kin(shape: str) -> str:
    """Return the shape whose inventions these share: an account or tax number is a number like others."""
    return "id" if shape in ("bank", "tax") else shape


def _without_signs(made: str, value: str, delimiters: Delimiters) -> str:
    """Return an invention without a separator that the original does not have: any sign may be one, a digit too."""
    for sign in delimiters:
        if sign in made and sign and sign not in value:
            other = next(one for one in _LETTERS if one not in delimiters)
            made = made.replace(sign, other)
    return made


def _shaped(value: str, digest: bytes, keep: int) -> str:
    """Return digits for digits and letters for letters, other signs as they are; never the value itself.

    A value without a digit or letter to change says nothing of anybody and stays.
    """
    if not any(sign.isdigit() or sign.isalpha() for sign in value[keep:]):
        return value
    while (told := _once_shaped(value, digest, keep)) == value:
        digest = sha256(digest).digest()
    return told


def _once_shaped(value: str, digest: bytes, keep: int) -> str:
    made, block = [], digest
    for place, sign in enumerate(value):
        at = place % len(digest)
        if (
            place and not at
        ):  # each block from the one before: a long value costs no more a sign than a short one
            block = sha256(block).digest()
        if place < keep:
            made.append(sign)
        elif sign.isdigit():
            made.append(str(block[at] % 9 + (1 if place == 0 else 0)))
        elif sign.isalpha():
            made.append(_LETTERS[block[at] % len(_LETTERS)])
        else:
            made.append(sign)
    return "".join(made)


def _checked(value: str, digest: bytes, is_sound: Callable[[str], bool]) -> str:
    """Return a number of the same length whose check digit comes out, when the original's did."""
    first = "1" if len(value) == 10 else _shaped(value[:1], digest, 0)
    stem = first + _shaped(value[1:-1], digest[1:] + digest[:1], 0) if len(value) > 2 else value
    if not is_sound(value):
        return _shaped(value, digest, 0)
    made = next((stem + str(last) for last in range(10) if is_sound(stem + str(last))), value)
    return made if made != value else _checked(value, sha256(digest).digest(), is_sound)


def _earlier(value: str, pick: int) -> str:
    """Return a birth date some days earlier; what is no date is removed."""
    day = to_day(value)
    if day is None:
        return "19000102"
    moved = max(day.toordinal() - 1 - pick % LONGEST_SHIFT, date(1, 1, 1).toordinal())
    return f"{date.fromordinal(1) + timedelta(days=moved - 1):%Y%m%d}".rjust(8, "0")
