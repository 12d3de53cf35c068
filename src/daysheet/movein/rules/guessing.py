"""Which column tells what: guessed from the names of the columns and from what stands in them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz import fuzz

from daysheet.movein.rules import values
from daysheet.movein.rules.fields import KINDS, Field, Kind

SURE, LIKELY = 100, 86
SAMPLE = 200


@dataclass(frozen=True, slots=True)
class Reading:
    """Which column tells each field, how days are written, and what values mean that the old system wrote as numbers."""

    columns: Mapping[str, str] = field(default_factory=dict)
    day_first: bool = False
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By field: what a cell says, and what it means."""


def spoken(name: str) -> str:
    """Return the name of a column in small words: PatientLName and patient_l_name are alike."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return " ".join(re.findall(r"[a-z0-9]+", parted.casefold()))


def likeness(column: str, one: Field) -> int:
    """Return how surely a column of that name tells a field: 0 to 100."""
    if "#" in column:
        return max(likeness(column.replace("#", " number "), one), likeness(column.replace("#", " "), one))
    said = spoken(column)
    tight = said.replace(" ", "")
    if not said:
        return 0
    known = (*one.names, one.key.replace("_", " "))
    best = 0
    for place, name in enumerate(known):
        if said == name or tight == name.replace(" ", ""):
            return SURE - min(place, 9)
        if len(tight) > 4 and len(name) > 4:
            best = max(
                best, round(fuzz.ratio(said, name) * 0.98), round(fuzz.token_sort_ratio(said, name) * 0.97)
            )
    return best if best >= LIKELY else 0


def columns_of(kind: Kind, columns: Sequence[str]) -> dict[str, str]:
    """Return which column tells each field, the surest pairs first; a column tells one thing."""
    pairs = [
        (likeness(column, one), -place, column, one.key)
        for place, column in enumerate(columns)
        for one in kind.fields.values()
    ]
    found: dict[str, str] = {}
    for score, _, column, key in sorted(pairs, key=lambda pair: (-pair[0], -pair[1])):
        if score and key not in found and column not in found.values():
            found[key] = column
    if "family" in found and "given" in found:
        found.pop("name", None)
    if "name" in found and "family" not in found:
        found.pop("given", None)
    return found


def kind_of(columns: Sequence[str]) -> str:
    """Return what kind of file has such columns, as far as their names tell."""
    best, most = "patients", 2.5  # less than that is no sign of anything
    for kind in KINDS.values():
        found = columns_of(kind, columns)
        whole = all(any(key in found for key in group) for group in kind.needs)
        score = 10.0 * whole + sum(2 for key in kind.marks if key in found) + len(found) / 10
        if kind.key == "patients" and "born_on" not in found:
            score -= 6
        if score > most:
            best, most = kind.key, score
    return best


def writes_day_first(kind: Kind, columns: Mapping[str, str], rows: Sequence[Mapping[str, str]]) -> bool:
    """Return whether the days of a file can only be meant as day, month, year."""
    days = [
        columns[key] for key, one in kind.fields.items() if one.reader in {"day", "born"} and key in columns
    ]
    first, second = 0, 0
    for row in rows[:SAMPLE]:
        for column in days:
            if found := re.match(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}", row.get(column, "")):
                first += int(found[1]) > 12
                second += int(found[2]) > 12
    return first > 0 and second == 0


def readable_days(texts: Sequence[str], *, day_first: bool, today: date) -> int:
    """Return how many of some cells are days when they are read one way."""
    found = 0
    for text in texts:
        try:
            found += values.a_day(text, day_first=day_first, today=today) is not None
        except values.Misread:
            continue
    return found
