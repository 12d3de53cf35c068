"""Values out of files that nobody here has written: what is not what it should be is empty, never an error. Pure."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from daysheet.kernel.money import CENT, MOST, ZERO
from daysheet.patients.rules import tidy

FIRST_YEAR, LAST_YEAR = 1850, 2200
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGEST = 300
MOST_OF_A_BILL = Decimal(10_000_000)


def text(value: object, most: int = LONGEST) -> str:
    """Return a text as it is kept: one line, no control signs, not endless; numbers become text."""
    if isinstance(value, str) and value.isascii() and value.isprintable() and "  " not in value:
        return value.strip()[:most].strip()  # most texts, at no cost
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return tidy(str(value).replace("\x00", ""))[:most].strip()


def pieces(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list; nothing when it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def texts(value: object) -> list[str]:
    """Return the texts of a list, or the one text where no list stands; empty ones left out."""
    said = value if isinstance(value, list) else [value]
    return [kept for one in said if (kept := text(one))]


def at(value: object, *path: str | int) -> Any:
    """Return what lies at the end of a path of names and places, or None."""
    for step in path:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and len(value) > step:
            value = value[step]
        else:
            return None
    return value


def day(value: object) -> date | None:
    """Return the day at the beginning of a date or an instant as written, when it is a whole one."""
    found = DAY.match(value) if isinstance(value, str) else None
    try:
        written = date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None
    return written if written and FIRST_YEAR <= written.year <= LAST_YEAR else None


def instant(value: object) -> datetime | None:
    """Return a moment with its zone; one without is taken as UTC."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def local_day(value: object, zone: ZoneInfo) -> date | None:
    """Return the day of a moment on the office's wall clock; a bare day is itself."""
    if isinstance(value, str) and len(value) == len("2026-03-09"):
        return day(value)
    moment = instant(value)
    return moment.astimezone(zone).date() if moment else None


def amount(value: object) -> Decimal | None:
    """Return a figure exactly as it is written, noise of binary floats included; None when it is no money."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        figure = Decimal(repr(value) if isinstance(value, float) else value)
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and ZERO <= figure <= MOST else None


def cents(figure: Decimal) -> Decimal:
    """Return a figure rounded to the cent, halves up: 110.46199999999999 is 110.46."""
    return figure.quantize(CENT, ROUND_HALF_UP)


def fits(*figures: Decimal) -> bool:
    """Return whether figures can be those of one bill."""
    return all(ZERO <= figure <= MOST_OF_A_BILL for figure in figures)


def stable(*words: str) -> int:
    """Return a number that is always the same for the same words: choices and numbers are derived from it."""
    return int.from_bytes(sha256("\x1f".join(words).encode("utf-8", "replace")).digest()[:8], "big")


def bare_name(name: object) -> str:
    """Return a name as a person carries it: Synthea's Mosciski958 is Mosciski."""
    return " ".join(filter(None, (re.sub(r"\d+$", "", word) for word in text(name).split())))


def phone(value: object) -> str:
    """Return a North American number as it is kept (+15558873298), or nothing."""
    digits = re.sub(r"\D", "", text(value))
    digits = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
    return f"+1{digits}" if len(digits) == 10 and digits[0] not in "01" else ""


def postal_state(value: object) -> str:
    """Return the two letters of a state that may be written out."""
    written = text(value)
    return _states().get(written.lower(), written)


def zip_code(value: object) -> str:
    """Return a ZIP of five or nine digits, or nothing."""
    digits = re.sub(r"\D", "", text(value))
    return digits if len(digits) in {5, 9} else ""


@cache
def _states() -> dict[str, str]:
    rows = resources.files("daysheet.interop.rules").joinpath("states.tsv").read_text("utf-8").splitlines()
    return {name.lower(): code for name, code in _pairs(rows)}


def _pairs(rows: Iterable[str]) -> Iterable[tuple[str, str]]:
    for row in rows:
        name, code = row.split("\t")
        yield name, code
