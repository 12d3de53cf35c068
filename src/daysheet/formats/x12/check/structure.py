"""What a loop, its segments and their elements are against the table of their guide (SNIP 2)."""

import re
from collections.abc import Callable, Iterator

from daysheet.formats.x12.loop import Loop
from daysheet.formats.x12.problems import Problem
from daysheet.formats.x12.segment import Segment

from .patterns import pattern_of
from .table import MANY, Element, Line, Place, Structure

Fault = tuple[str, str, int, int]
"""Code, sentence, element, component."""


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


def faults(structure: Structure, loop: Loop) -> list[Problem]:
    """Return what a loop, with the loops inside it, is or holds against its guide, in the order of the file."""
    found: list[Problem] = []
    _judge(structure, loop, found, _NONE)
    return found


_NONE: frozenset[str] = frozenset()


def without_doubles(loop: Loop) -> list[Problem]:
    """Take loops out that are their first segment alone, word for word the next loop's; return what to say of them.

    So with a list of codes (HI) that stands there twice. What follows from a double is then not met by any rule.
    """
    found: list[Problem] = []
    if loop.id == "2300":
        _drop_double_codes(loop, found)
    for number, inner in enumerate(loop.loops[:-1]):
        if len(inner.segments) == 1 and is_again(inner, loop.loops[number + 1]):
            found.append(double(inner))
    if found:
        told = {one.position for one in found}
        loop.loops = [one for one in loop.loops if one.segments[0].position not in told]
    for inner in loop.loops:
        if inner.loops:
            found += without_doubles(inner)
    return found


def _drop_double_codes(loop: Loop, found: list[Problem]) -> None:
    kept: list[Segment] = []
    for item in loop.segments:
        if item.id == "HI" and kept and kept[-1].elements == item.elements:
            found.append(_problem("segment.too-many", "HI stands here twice, word for word.", loop.id, item))
        else:
            kept.append(item)
    loop.segments = kept


def is_again(loop: Loop, behind: Loop | None) -> bool:
    """Return whether a loop is its first segment alone, and the next loop begins with the same."""
    return (
        behind is not None
        and len(loop.segments) == 1
        and not loop.loops
        and behind.id == loop.id
        and behind.segments[:1] == loop.segments
    )


def double(loop: Loop) -> Problem:
    """Return what is said of a loop's first segment that stands there twice."""
    opener = loop.segments[0]
    return _problem("segment.too-many", f"{opener.id} stands here twice, word for word.", loop.id, opener)


def _judge(structure: Structure, loop: Loop, found: list[Problem], lost_above: frozenset[str]) -> None:
    place = structure.get(loop.id)
    if place is None:
        for inner in loop.loops:
            _judge(structure, inner, found, lost_above)
        return
    lacking = _lacking_loops(place, loop) if place.needed_loops else []
    # what would stand in a loop that is missing strays into the one before; the loop is told, not each of them
    excused = lost_above.union(*(_lines_of(structure, lost) for lost in lacking)) if lacking else lost_above
    _segments(place, loop, excused, found)
    met: dict[str, int] = {}
    for inner in loop.loops:
        met[inner.id] = met.get(inner.id, 0) + 1
        most = place.inner.get(inner.id, _ANY)[1]
        told = len(found)
        if met[inner.id] == most + 1:
            message = f"Loop {inner.id} stands here more than {_times(most)}."
            found.append(_problem("loop.too-many", message, inner.id, inner.segments[0]))
        _judge(structure, inner, found, excused)
        if met[inner.id] > most and any(_names_another(one, inner) for one in found[told:]):
            del found[told + 1 :]  # a level that lost its beginning: what follows here is its own
            break
    last = loop.segments[-1] if loop.segments else None
    for lost in lacking:
        opens = next(iter(_lines_of(structure, lost)), "")
        if any(
            _strays(inner, opens) for inner in loop.loops
        ):  # it is there, and told: it names itself wrongly
            continue
        message = f"Loop {lost} is missing: it begins with {opens}."
        found.append(_problem("loop.missing", message, lost, last, segment=opens))


def _names_another(one: Problem, loop: Loop) -> bool:
    return one.element == 1 and one.code == "element.value" and one.position == loop.segments[0].position


def _strays(loop: Loop, opens: str) -> bool:
    """Return whether a segment that opens loops stands within one that it does not open."""
    return loop.segments[0].id == opens and any(item.id == opens for item in loop.segments[1:])


_ANY = (0, MANY)


def _lines_of(structure: Structure, loop: str) -> dict[str, list[Line]]:
    return structure[loop].by_id if loop in structure else {}


def _lacking_loops(place: Place, loop: Loop) -> list[str]:
    present = {inner.id for inner in loop.loops}
    return [name for name in place.needed_loops if name not in present]


class _Course:
    """How the segments of a loop follow each other: how often each stood there, and whether the last one strayed.

    What follows a stranger belongs to it: it is told once, until a segment stands where it may.
    """

    __slots__ = ("before", "farthest", "follows", "found", "loop", "met", "reached", "strays")

    def __init__(self, loop: str, found: list[Problem]) -> None:
        self.loop, self.found = loop, found
        self.met: dict[Line, int] = {}
        self.reached = self.before = 0
        self.farthest: Line | None = None
        self.strays = self.follows = False

    def takes(self, line: Line, item: Segment) -> bool:
        """Take the next segment in; return whether its elements are to be looked at."""
        count = self.met.get(line, 0)
        is_late, is_full = line.rank < self.reached, count >= line.most
        if self.strays and (is_late or is_full):
            return False
        self.follows, self.strays = self.strays, is_full
        if is_full:
            if count == line.most:
                message = f"{line.key} stands in loop {self.loop} more than {_times(line.most)}."
                self.found.append(_problem("segment.too-many", message, self.loop, item))
        elif is_late:
            message = f"{item.id} stands too late in loop {self.loop}."
            self.found.append(_problem("segment.order", message, self.loop, item))
            if self.farthest is not None and line.rank >= self.before:  # or one before it stands too early
                self.met[self.farthest] -= 1
                self.reached, self.farthest = line.rank, None
            else:
                self.strays = True
        elif line.rank > self.reached:
            self.before, self.reached, self.farthest = self.reached, line.rank, line
        self.met[line] = count + 1
        return True


def _segments(place: Place, loop: Loop, excused: frozenset[str], found: list[Problem]) -> None:
    course = _Course(loop.id, found)
    unnamed: set[str] = set()  # segments that do not say which one they are
    opener = loop.segments[0].id if loop.segments else ""
    has_stars = bool(loop.segments) and loop.segments[0].delimiters.element == "*"
    for number, item in enumerate(loop.segments):
        listed = place.by_value.get(item.id)
        line = None
        if listed is not None:
            condition, by_value, line = listed
            if condition:
                elements = item.elements
                line = by_value.get(elements[condition] if condition < len(elements) else "", line)
            if line is None:
                unnamed.add(item.id)
        elif item.id in _ENVELOPE:
            continue
        if line is None:
            if not course.strays and item.id not in excused:
                known = place.by_id.get(item.id)
                found.append(_unknown_use(known, loop.id, item) if known else _unexpected(loop.id, item))
            course.strays = True
            continue
        if number and item.id == opener and line.most == 1 and line in course.met:
            if not course.strays:
                message = f"{item.id}01 is {item[1][:20] or 'empty'}: no loop of the guide begins so here."
                found.append(_problem("element.value", message, loop.id, item, 1))
            break  # what follows belongs to the loop that is not known
        if not course.takes(line, item):
            continue
        # one pattern for all elements is several times quicker than a look at each of them
        good = line.good or _pattern(line)
        if good is not None and has_stars and good.fullmatch("*".join(item.elements)):
            continue
        for code, message, element, _component in check_elements(line, item):
            if course.follows and element == 1 and code == "element.value":
                course.strays = True
                break
            found.append(_problem(code, message, loop.id, item, element))
    _missing(place, loop, course.met, unnamed, found)


def _missing(place: Place, loop: Loop, met: dict[Line, int], unnamed: set[str], found: list[Problem]) -> None:
    for line in place.needed:
        if line not in met and line.segment not in unnamed:
            message = f"{line.key} is missing in loop {loop.id}."
            after = loop.segments[-1] if loop.segments else None
            found.append(_problem("segment.missing", message, loop.id, after, segment=line.segment))


def _unexpected(loop: str, item: Segment) -> Problem:
    return _problem("segment.unexpected", f"{item.id} has no place in loop {loop}.", loop, item)


_ENVELOPE = frozenset(("ST", "SE", "GS", "GE", "ISA", "IEA"))


def _pattern(line: Line) -> re.Pattern[str] | None:
    """Return the pattern of a line, once the line has been met a few times.

    To make the patterns of a guide takes longer than to look at every element of a small file.
    """
    line.uses += 1
    if line.uses == _SEVERAL:
        line.good = pattern_of(line)
    return line.good


_SEVERAL = 24


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


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _problem(
    code: str, message: str, loop: str, at: Segment | None, element: int = 0, *, segment: str = ""
) -> Problem:
    name = segment or (at.id if at else "")
    value = at[element] if at is not None and element else ""
    return Problem("error", code, message, 2, loop, name, at.position if at else 0, element, value[:80])
