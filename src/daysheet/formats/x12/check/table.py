"""What a guide asks of loops, segments and elements (SNIP 2), as tables that a person can read and mend.

One line of a table (`structure/*.txt`) names a segment where it may stand:

    2300  DTP  1=454      0-1   1=454 2=D8 3!day
    loop  id   when       how   elements: position, then
                          often   ! must be there    ? may be there    - must be empty
                                  = must be one of   ~ may be one of   nothing after a position: anything
                                  then a kind, with lengths: an1-50 r1-18 n1-6 day span tm

A line `2000B > 2010BA 1` says how often a loop stands in another. The positions are those of the guide; the words
of the guide are not here. An element that no line names must be empty.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLES = Path(__file__).parent / "structure"
MANY = 1_000_000_000
_ELEMENT = re.compile(r"^(\d+)([!?=~-]?)(.*)$")
_KIND = re.compile(r"^(an|r|n|day|span|tm)(?:(\d+)-(\d+))?$")


class Element(NamedTuple):
    """What one element must be."""

    position: int
    required: bool
    empty: bool
    values: frozenset[str]
    kind: str
    least: int
    most: int


class Line:
    """One segment at its place: when this line speaks of it, how often it stands there, its elements.

    `uses` counts how often a line was looked at and `good` is its pattern (see `patterns`). Two lines are never equal.
    """

    __slots__ = (
        "condition", "elements", "good", "key", "last", "least", "most", "rank", "segment", "uses", "values",
    )  # fmt: skip

    def __init__(
        self,
        segment: str,
        condition: int,
        values: frozenset[str],
        often: tuple[int, int],
        rank: int,
        elements: tuple[Element, ...],
    ) -> None:
        self.segment, self.condition, self.values, self.rank, self.elements = (
            segment, condition, values, rank, elements,
        )  # fmt: skip
        self.least, self.most = often
        self.last = max((one.position for one in elements), default=0)
        self.key = f"{segment} {'/'.join(sorted(values))}" if len(values) == 1 else segment
        self.uses = 0
        self.good: re.Pattern[str] | None = None


class Place:
    """One loop of a guide: its segments by id, which of them must be there, and the loops inside."""

    __slots__ = ("by_id", "by_value", "inner", "needed", "needed_loops", "ranks")

    def __init__(self) -> None:
        self.by_id: dict[str, list[Line]] = {}
        self.by_value: dict[str, tuple[int, dict[str, Line], Line | None]] = {}
        self.needed: list[Line] = []
        self.needed_loops: list[str] = []
        self.inner: dict[str, tuple[int, int]] = {}
        self.ranks: dict[str, int] = {}

    def prepare(self, name: str) -> None:
        """Note which line speaks of a segment, by the element that decides it, so that one look finds the line."""
        lines = self.by_id[name]
        chosen = {line.condition for line in lines if line.condition}
        if len(chosen) > 1:
            raise ValueError(f"the lines of {name} depend on different elements")
        by_value: dict[str, Line] = {}
        otherwise: Line | None = None
        for line in lines:
            if otherwise is None and line.condition:
                for value in line.values:
                    by_value.setdefault(value, line)
            elif otherwise is None:
                otherwise = line
        self.by_value[name] = (max(chosen, default=0), by_value, otherwise)


Structure = dict[str, Place]


def structure_of(kind: str) -> Structure | None:
    """Return the table of a kind of set, or None where there is none yet."""
    # a kind comes from the file: it is looked up among the tables, and never becomes a path
    return _table(kind) if kind in _kinds() else None


@cache
def _kinds() -> frozenset[str]:
    return frozenset(file.stem for file in TABLES.glob("*.txt"))


@cache
def _table(kind: str) -> Structure:
    return parse((TABLES / f"{kind}.txt").read_text("utf-8"))


def parse(text: str) -> Structure:
    """Return a table. Raises ValueError for a line that says nothing."""
    found: Structure = {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        place = found.setdefault(words[0], Place())
        if len(words) == 4 and words[1] == ">":
            place.inner[words[2]] = _often(words[3])
        elif len(words) >= 4:
            _add(place, words[1:], number)
        else:
            raise ValueError(f"line {number} says nothing")
    for place in found.values():
        place.needed_loops = [name for name, (least, _most) in place.inner.items() if least]
        for name in place.by_id:
            place.prepare(name)
    return found


def _add(place: Place, words: list[str], number: int) -> None:
    name, words = words[0], words[1:]
    condition, values = 0, frozenset[str]()
    if words and "=" in words[0] and not words[0][0].isalpha():
        at, _, listed = words[0].partition("=")
        condition, values = int(at), frozenset(listed.split("|"))
        words = words[1:]
    if words and words[0] == "*":
        words = words[1:]
    if not words:
        raise ValueError(f"line {number} does not say how often")
    often = _often(words[0])
    elements = tuple(_element(word, number) for word in words[1:])
    if condition and not any(one.position == condition for one in elements):
        elements = (Element(condition, True, False, values, "", 0, 0), *elements)
    rank = place.ranks.setdefault(name, len(place.ranks) + 1)
    line = Line(name, condition, values, often, rank, elements)
    place.by_id.setdefault(name, []).append(line)
    if line.least:
        place.needed.append(line)


def _often(word: str) -> tuple[int, int]:
    first, dash, last = word.partition("-")
    return int(first), (int(first) if not dash else MANY if last == "*" else int(last))


def _element(word: str, number: int) -> Element:
    match = _ELEMENT.match(word)
    if match is None:
        raise ValueError(f"line {number}: {word} says nothing of an element")
    position, sign, rest = int(match[1]), match[2], match[3]
    if sign in ("=", "~"):
        return Element(position, sign == "=", False, frozenset(rest.split("|")), "", 0, 0)
    kind = _KIND.match(rest) if rest else None
    if rest and kind is None:
        raise ValueError(f"line {number}: {word} names no kind")
    least, most = (int(kind[2]), int(kind[3])) if kind and kind[2] else (0, 0)
    return Element(position, sign == "!", sign == "-", frozenset(), kind[1] if kind else "", least, most)
