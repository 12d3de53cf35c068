"""One pattern for a line of a table, that a segment matches only when nothing is wrong with its elements (SNIP 2).

A pattern is stricter than its line: a 29th of February, a number with five digits of cents or digits of another script
do not match. Such a segment is looked at element by element, which gives the verdict; the pattern only spares the look.
"""

import re

from .table import Element, Line

_DAY = "[12][0-9]{3}(?:(?:0[1-9]|1[0-2])(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])(?:29|30)|(?:0[13578]|1[02])31)"
_TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-9]{2,4})?"
_FORMS = {"D8": _DAY, "RD8": f"{_DAY}-{_DAY}", "DT": f"{_DAY}{_TIME}", "TM": _TIME}
"""What a date looks like, by what the element before it says."""
_NEVER = re.compile("(?!)")


def pattern_of(line: Line) -> re.Pattern[str]:
    """Return the pattern of a line, for elements that are joined by stars."""
    named = {element.position: element for element in line.elements}
    if line.segment in ("BIN", "BDS") or len(named) < len(line.elements):
        return _NEVER  # the bytes of a document may hold stars
    pattern, needed = r"\**", False  # empty elements behind the last one are no fault
    position = line.last
    while position > 0:
        element, before = named.get(position), named.get(position - 1)
        if element is not None and element.kind == "span":
            if before is None or not before.values or not element.required:
                return _NEVER
            value, position = _told_day(before), position - 1
        else:
            value = "[^*]*" if element is None else _value(element)
        needed = needed or (element is not None and element.required)
        pattern = rf"\*{value}{pattern}" if needed else rf"(?:\*{value}{pattern})?"
        position -= 1
    return re.compile(re.escape(line.segment) + pattern)


def _told_day(before: Element) -> str:
    """Return two elements: how a date is written, and the date."""
    forms = [rf"{form}\*{_FORMS[form]}" for form in sorted(before.values) if form in _FORMS]
    return f"(?:{'|'.join(forms)})" if forms else "(?!)"


def _value(element: Element) -> str:
    if element.empty:
        return ""
    value = _filled(element)
    return value if element.required else f"(?:{value})?"


def _filled(element: Element) -> str:
    most = element.most or 30
    if element.values:
        return "(?:" + "|".join(re.escape(value) for value in sorted(element.values) if value) + ")"
    match element.kind:
        case "an" if element.most:
            return f"[^*]{{{max(element.least, 1)},{element.most}}}"
        case "r":
            cents = min(4, most - 1)
            fraction = rf"|[0-9]{{0,{most - cents}}}\.[0-9]{{1,{cents}}}" if cents else ""
            return f"-?(?:[0-9]{{1,{most}}}{fraction})"
        case "n":
            return f"-?[0-9]{{{max(element.least, 1)},{most}}}"
        case "day":
            return _DAY
        case "tm":
            return _TIME
        case _:
            return "[^*]+"
