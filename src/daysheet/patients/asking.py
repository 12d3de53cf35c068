"""What was typed into the one search box: words, digits and birth dates, told apart. Pure."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from daysheet.patients.names import LONGEST_WORD, plain, words

MOST_TERMS = 6
LONGEST_TEXT = 200
SMALLEST_PART = 4
OLDEST = 130
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
FILLERS = frozenset({"chart", "born", "dob", "phone", "tel", "mrn", "patient", "number", "no"})
NAMED = "|".join(MONTHS)
DATES = re.compile(
    r"(?<!\d)(?:"
    r"(?P<y1>[12]\d{3})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})"
    r"|(?P<m2>\d{1,2})[-/.](?P<d2>\d{1,2})[-/.](?P<y2>\d{4}|\d{2})"
    rf"|(?P<m3>(?:{NAMED})[a-z]*)\.? +(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,? +(?P<y3>\d{{4}}|\d{{2}})"
    rf"|(?P<d4>\d{{1,2}}) +(?P<m4>(?:{NAMED})[a-z]*)\.?,? +(?P<y4>\d{{4}}|\d{{2}})"
    r"|(?P<m5>\d{2})(?P<d5>\d{2})(?P<y5>(?:19|20)\d{2})"
    r")(?!\d)",
    re.IGNORECASE,
)
PHONES = re.compile(
    r"(?<!\d)(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])?\d{3}[ .-]\d{4}(?!\d)|(?<!\d)\(\d{3}\) ?\d{7}(?!\d)"
)
MIXED = re.compile(r"(?<!\S)(?=\S*[0-9])(?=\S*[A-Za-z])[A-Za-z0-9-]+(?!\S)")


class Kind(StrEnum):
    """What a part of the question is."""

    WORD = "word"
    DIGITS = "digits"
    BORN = "born"


@dataclass(frozen=True, slots=True)
class Term:
    """One part of the question: a word, a run of digits, or a birth date with its possible meanings."""

    kind: Kind
    text: str
    days: tuple[date, ...] = ()


def terms(text: str, *, today: date) -> tuple[Term, ...]:
    """Return the parts of a question, at most six."""
    rest = text[:LONGEST_TEXT].replace("\x00", " ")
    found: list[Term] = []
    for match in list(DATES.finditer(rest)):
        days = _days(match, today)
        packed = match["m5"] is not None
        if packed and not days:
            continue
        found.append(Term(Kind.BORN, match[0], days))
        rest = rest.replace(match[0], " ", 1)
    for match in list(PHONES.finditer(rest)):
        found.append(Term(Kind.DIGITS, national(match[0])))
        rest = rest.replace(match[0], " ", 1)
    for mixed in MIXED.findall(rest):
        found.append(Term(Kind.WORD, plain(mixed).replace(" ", "")[:LONGEST_WORD]))
        rest = rest.replace(mixed, " ", 1)
    found += _loose(rest)
    return tuple(dict.fromkeys(found))[:MOST_TERMS]


def national(text: str) -> str:
    """Return the digits of a telephone number without the country's 1."""
    digits = "".join(sign for sign in text if sign in "0123456789")
    return digits[1:] if len(digits) == 11 and digits[0] == "1" else digits


def _loose(text: str) -> Iterator[Term]:
    for word in words(text):
        if word.isascii() and word.isdigit():
            yield Term(Kind.DIGITS, national(word))
        elif word not in FILLERS:
            yield Term(Kind.WORD, word)


def _days(match: re.Match[str], today: date) -> tuple[date, ...]:
    year, month, day = next(
        (match[f"y{n}"], match[f"m{n}"], match[f"d{n}"]) for n in range(1, 6) if match[f"y{n}"] is not None
    )
    number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
    years = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)]
    pairs = [(number, int(day))]
    if number > 12 and month.isdigit():
        pairs = [(int(day), number)]  # 14/3/1962: only one reading is a day
    found = []
    for one in years:
        for at_month, at_day in pairs:
            with suppress(ValueError):
                found.append(date(one, at_month, at_day))
    return tuple(day for day in found if day <= today and today.year - day.year <= OLDEST)
