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
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.problems import Problem
from daysheet.formats.x12.segment import Segment

TABLES = Path(__file__).parent / "structure"
MANY = 1_000_000_000
Fault = tuple[str, str, int, int]
"""Code, sentence, element, component."""
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


class Line(NamedTuple):
    """One segment at its place: when this line speaks of it, how often it stands there, its elements."""

    segment: str
    condition: int
    values: frozenset[str]
    least: int
    most: int
    rank: int
    elements: tuple[Element, ...]
    last: int
    key: str


class Place:
    """One loop of a guide: its segments by id, which of them must be there, and the loops inside."""

    __slots__ = ("by_id", "inner", "needed", "ranks")

    def __init__(self) -> None:
        self.by_id: dict[str, list[Line]] = {}
        self.needed: list[Line] = []
        self.inner: dict[str, tuple[int, int]] = {}
        self.ranks: dict[str, int] = {}


Structure = dict[str, Place]


@cache
def structure_of(kind: str) -> Structure | None:
    """Return the table of a kind of set, or None where there is none yet."""
    file = TABLES / f"{kind}.txt"
    return parse(file.read_text("utf-8")) if file.is_file() else None


def form_of(kind: str, guide: str, head: Loop) -> str:
    """Return the form of a set, which has its own table and rules: its kind, save for reviews (278).

    A review asks (278) or answers (278R), as its BHT02 says; of other guides (278X) only the levels are judged.
    """
    if kind != "278":
        return kind
    if guide[6:10] not in ("X217", ""):
        return "278X"
    bht = head.first("BHT")
    return "278R" if bht is not None and bht[2] == "11" else "278"


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
    return found


def faults(structure: Structure, loop: Loop, *, within: str = "") -> Iterator[Problem]:
    """Return what a loop, with the loops inside it, is or holds against its guide, in the order of the file."""
    place = structure.get(loop.id)
    if place is None:
        for inner in loop.loops:
            yield from faults(structure, inner, within=loop.id)
        return
    lacking = _lacking_loops(structure, place, loop)
    excused = {name for lost in lacking for name in structure.get(lost, Place()).by_id}
    yield from _segments(place, loop, excused)
    met: dict[str, int] = {}
    for number, inner in enumerate(loop.loops, 1):
        if len(inner.segments) == 1 and _is_again(inner, loop.loops[number : number + 1]):
            opener = inner.segments[0]
            yield _problem(
                "segment.too-many", f"{opener.id} stands here twice, word for word.", inner.id, opener
            )
            continue
        met[inner.id] = met.get(inner.id, 0) + 1
        most = place.inner.get(inner.id, (0, MANY))[1]
        if met[inner.id] == most + 1:
            message = f"Loop {inner.id} stands here more than {_times(most)}."
            yield _problem("loop.too-many", message, inner.id, inner.segments[0])
        yield from faults(structure, inner, within=loop.id)
    last = loop.segments[-1] if loop.segments else None
    for lost in lacking:
        opens = next(iter(structure[lost].by_id), "") if lost in structure else ""
        if any(
            _strays(inner, opens) for inner in loop.loops
        ):  # it is there, and told: it names itself wrongly
            continue
        message = f"Loop {lost} is missing: it begins with {opens}."
        yield _problem("loop.missing", message, lost, last, segment=opens)


def _is_again(inner: Loop, behind: list[Loop]) -> bool:
    """Return whether a loop is its first segment alone, and the next loop begins with the same."""
    return not inner.loops and any(
        one.id == inner.id and one.segments[:1] == inner.segments for one in behind
    )


def _strays(loop: Loop, opens: str) -> bool:
    """Return whether a segment that opens loops stands within one that it does not open."""
    return loop.segments[0].id == opens and any(item.id == opens for item in loop.segments[1:])


def _lacking_loops(structure: Structure, place: Place, loop: Loop) -> list[str]:
    present = {inner.id for inner in loop.loops}
    return [name for name, (least, _most) in place.inner.items() if least and name not in present]


def _segments(place: Place, loop: Loop, excused: set[str]) -> Iterator[Problem]:
    met: dict[Line, int] = {}
    unnamed: set[str] = set()  # segments that do not say which one they are
    reached = strange = 0
    opener = loop.segments[0].id if loop.segments else ""
    for number, item in enumerate(loop.segments):
        lines = place.by_id.get(item.id)
        if lines is None:
            if item.id not in excused and item.id not in ("ST", "SE", "GS", "GE", "ISA", "IEA"):
                if not strange or strange != number:  # what follows a stranger belongs to it
                    message = f"{item.id} has no place in loop {loop.id}."
                    yield _problem("segment.unexpected", message, loop.id, item)
                strange = number + 1
            continue
        line = _line_for(lines, item)
        if line is None:
            unnamed.add(item.id)
            if item.id not in excused:
                yield _unknown_use(lines, loop.id, item)
            continue
        if number and item.id == opener and line.most == 1 and line in met:
            message = f"{item.id}01 is {item[1][:20] or 'empty'}: no loop of the guide begins so here."
            yield _problem("element.value", message, loop.id, item, 1)
            break  # what follows belongs to the loop that is not known
        if line.rank < reached:
            yield _problem("segment.order", f"{item.id} stands too late in loop {loop.id}.", loop.id, item)
        reached = max(reached, line.rank)
        count = met[line] = met.get(line, 0) + 1
        if count == line.most + 1:
            message = f"{line.key} stands in loop {loop.id} more than {_times(line.most)}."
            yield _problem("segment.too-many", message, loop.id, item)
        for code, message, element, _component in check_elements(line, item):
            yield _problem(code, message, loop.id, item, element)
    for line in place.needed:
        if line not in met and line.segment not in unnamed:
            message = f"{line.key} is missing in loop {loop.id}."
            after = loop.segments[-1] if loop.segments else None
            yield _problem("segment.missing", message, loop.id, after, segment=line.segment)


def _line_for(lines: list[Line], item: Segment) -> Line | None:
    for line in lines:
        if not line.condition or item[line.condition] in line.values:
            return line
    return None


def _unknown_use(lines: list[Line], loop: str, item: Segment) -> Problem:
    element = lines[0].condition
    known = sorted({value for line in lines for value in line.values})
    told = ", ".join(known[:12])
    message = f"{item.id}{element:02d} is {item[element] or 'empty'}; here it may be {told}."
    return _problem("element.value", message, loop, item, element)


def check_elements(line: Line, item: Segment) -> Iterator[Fault]:
    """Return what is wrong with the elements of one segment."""
    values = item.elements
    count = len(values)
    unknown = 0  # the last element whose value is none of its list: what rests on it is not judged
    for element in line.elements:
        position = element.position
        value = values[position] if position < count else ""
        if not value:
            if element.required:
                yield "element.missing", f"{item.id}{position:02d} is missing.", position, 0
            continue
        if element.empty:
            yield "element.unused", f"{item.id}{position:02d} is not used here.", position, 0
        elif element.values:
            if value not in element.values:
                unknown = position
                known = ", ".join(sorted(element.values)[:12])
                message = f"{item.id}{position:02d} is {value[:20]}; here it may be {known}."
                yield "element.value", message, position, 0
        elif element.kind and not (element.kind == "span" and unknown == position - 1 and unknown):
            wrong = KINDS[element.kind](value, element, item)
            if wrong:
                yield wrong[0], f"{item.id}{position:02d} {wrong[1]}", position, 0
    for position in range(line.last + 1, count):
        if values[position]:  # told once, however many follow
            yield "element.unused", f"{item.id}{position:02d} is not used here.", position, 0
            return


Told = tuple[str, str] | None


def _text(value: str, element: Element, _item: Segment) -> Told:
    return _length(value, element)


def _length(value: str, element: Element) -> Told:
    if element.most and len(value) > element.most:
        return "element.long", f"has {len(value)} signs; {element.most} are allowed."
    if len(value) < element.least:
        return "element.short", f"has {len(value)} signs; it needs {element.least}."
    return None


_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)")
_WHOLE = re.compile(r"-?\d+")


def _number(value: str, element: Element, _item: Segment) -> Told:
    if len(value) > 60 or not _NUMBER.fullmatch(value):
        return "element.number", "is not a number."
    digits = value.replace("-", "").replace(".", "")
    if element.most and len(digits) > element.most:
        return "element.long", f"has {len(digits)} digits; {element.most} are allowed."
    return None


def _whole(value: str, element: Element, _item: Segment) -> Told:
    if len(value) > 60 or not _WHOLE.fullmatch(value):
        return "element.number", "is not a whole number."
    return _length(value.lstrip("-"), element)


def is_day(text: str) -> bool:
    """Return whether eight digits are a day of the calendar."""
    if len(text) != 8 or not text.isascii() or not text.isdigit():
        return False
    month, day = int(text[4:6]), int(text[6:])
    if not (1 <= month <= 12 and 1 <= day <= 31 and text[:4] > "0000"):
        return False
    return day <= 28 or day <= _LAST[month - 1] or (month == 2 and day == 29 and _leap(int(text[:4])))


_LAST = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _day(value: str, _element: Element, _item: Segment) -> Told:
    return None if is_day(value) else ("element.date", "is not a date.")


def _span(value: str, element: Element, item: Segment) -> Told:
    """A date, a span or a date with its hour, as the element before says."""
    form = item[element.position - 1]
    if form == "D8":
        good = is_day(value)
    elif form == "RD8":
        first, dash, last = value.partition("-")
        good = dash == "-" and is_day(first) and is_day(last)
    elif form == "DT":
        good = is_day(value[:8]) and _is_time(value[8:])
    elif form == "TM":
        good = _is_time(value)
    else:
        return None
    return None if good else ("element.date", "is not a date.")


def _is_time(text: str) -> bool:
    return (
        len(text) in (4, 6, 7, 8)
        and text.isascii()
        and text.isdigit()
        and text[:2] < "24"
        and text[2:4] < "60"
    )


def _time(value: str, _element: Element, _item: Segment) -> Told:
    return None if _is_time(value) else ("element.time", "is not a time of day.")


KINDS: dict[str, Callable[[str, Element, Segment], Told]] = {
    "an": _text,
    "r": _number,
    "n": _whole,
    "day": _day,
    "span": _span,
    "tm": _time,
}


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
    least, most = _often(words[0])
    elements = tuple(_element(word, number) for word in words[1:])
    if condition and not any(one.position == condition for one in elements):
        elements = (Element(condition, True, False, values, "", 0, 0), *elements)
    rank = place.ranks.setdefault(name, len(place.ranks) + 1)
    last = max((one.position for one in elements), default=0)
    key = f"{name} {'/'.join(sorted(values))}" if len(values) == 1 else name
    line = Line(name, condition, values, least, most, rank, elements, last, key)
    place.by_id.setdefault(name, []).append(line)
    if least:
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


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _problem(
    code: str, message: str, loop: str, at: Segment | None, element: int = 0, *, segment: str = ""
) -> Problem:
    name = segment or (at.id if at else "")
    value = at[element] if at is not None and element else ""
    return Problem("error", code, message, 2, loop, name, at.position if at else 0, element, value[:80])
