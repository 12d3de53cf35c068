"""What a patient's data must be, and what is done to it before it is kept. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

LONGEST_NAME = 120
LONGEST_TEXT = 300
LONGEST_LIFE = 130
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
PHONE = re.compile(r"\+[1-9]\d{6,14}")
STEERING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"))


@dataclass(frozen=True, slots=True)
class PhoneFact:
    """A telephone number and what the patient allows on it."""

    number: str
    kind: str = "mobile"
    may_text: bool = False
    may_leave_message: bool = False


@dataclass(frozen=True, slots=True)
class ContactFact:
    """A person around the patient."""

    name: str
    relationship: str = ""
    phone: str = ""
    is_emergency: bool = True
    may_hear: bool = False


@dataclass(frozen=True, slots=True)
class GuarantorFact:
    """Who owes what the plan does not pay, when it is not the patient."""

    name: str
    relationship: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class ChartFact:
    """A line of the chart abstract, as another system told it."""

    kind: str
    label: str
    code_system: str = ""
    code: str = ""
    began_on: date | None = None
    ended_on: date | None = None
    source: str = ""


def tidy(text: str) -> str:
    """Return a typed text single-spaced, without control signs and signs that turn the reading direction.

    A text of which nothing can be seen (spaces of no width, joiners) is no text.
    """
    if text.isascii() and text.isprintable():  # as nearly all are
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text).translate(STEERING)
    seen = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in composed)
    spaced = " ".join(seen.split())
    return spaced if any(unicodedata.category(sign)[0] not in "CZ" for sign in spaced) else ""


def birth_trouble(born_on: date, *, today: date) -> str:
    """Return what is wrong with a birth date: `future`, `old`, or nothing."""
    if born_on > today:
        return "future"
    return "old" if today.year - born_on.year > LONGEST_LIFE else ""


def too_long(texts: dict[str, str], *, names: Iterable[str]) -> dict[str, int]:
    """Return the fields whose text is longer than may be kept, with the most letters they may have."""
    named = set(names)
    most = {field: LONGEST_NAME if field in named else LONGEST_TEXT for field in texts}
    return {field: most[field] for field, text in texts.items() if len(text) > most[field]}


def age(born_on: date, *, on: date) -> int:
    """Return the completed years of life on a day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def is_email(text: str) -> bool:
    """Return whether a text can be an e-mail address."""
    return bool(EMAIL.fullmatch(text))


def is_phone(text: str) -> bool:
    """Return whether a text is a telephone number as it is kept: +15552010142."""
    return bool(PHONE.fullmatch(text))
