"""What a cell means: days, times, amounts, telephone numbers, sexes, states, names. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import phonenumbers

from daysheet.kernel.money import NotMoney, usd
from daysheet.patients.rules.languages import ENGLISH, language_of

NOTHING = frozenset({"", "null", "none", "n/a", "na", "nil", "-", "--", "unknown", "\\n"})
NO_DAY = frozenset({"0000-00-00", "0001-01-01", "1/1/0001", "01/01/0001", "0", "00/00/0000", "1/1/1800"})
MONTHS = {name: place for place, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
)}  # fmt: skip
SEXES: Mapping[str, str] = {
    "f": "F", "female": "F", "woman": "F", "girl": "F", "mujer": "F", "m": "M", "male": "M", "man": "M", "boy": "M",
    "u": "U", "x": "U", "o": "U", "other": "U", "unk": "U", "nonbinary": "U", "asku": "U", "undifferentiated": "U",
}  # fmt: skip
YES = frozenset({"y", "yes", "true", "t", "1", "x", "si"})
NO = frozenset({"n", "no", "false", "f", "0"})
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "v", "md", "phd", "esq"})
STATUSES: Mapping[str, str] = {
    "active": "active", "a": "active", "patient": "active", "current": "active", "yes": "active",
    "inactive": "inactive", "i": "inactive", "archived": "inactive", "discharged": "inactive", "no": "inactive",
    "deceased": "deceased", "d": "deceased", "dead": "deceased", "prospective": "prospective",
    "prospect": "prospective", "lead": "prospective",
}  # fmt: skip
RELATIONS: Mapping[str, str] = {
    "self": "self", "18": "self", "insured": "self", "subscriber": "self", "01": "spouse", "spouse": "spouse",
    "husband": "spouse", "wife": "spouse", "partner": "spouse", "19": "child", "child": "child", "son": "child",
    "daughter": "child", "dependent": "child", "other": "other", "g8": "other",
}  # fmt: skip
RANKS: Mapping[str, int] = {
    "1": 1, "p": 1, "primary": 1, "first": 1, "2": 2, "s": 2, "secondary": 2, "second": 2, "3": 3, "t": 3,
    "tertiary": 3, "third": 3,
}  # fmt: skip
AUDIENCES: Mapping[str, str] = {
    "everybody": "everybody", "everyone": "everybody", "all": "everybody", "anyone": "everybody", "any": "everybody",
    "all staff": "everybody", "desk": "desk", "front desk": "desk", "reception": "desk", "scheduling": "desk",
    "front office": "desk", "check in": "desk", "phones": "phones", "phone": "phones", "calls": "phones",
    "call center": "phones", "billing": "billing", "biller": "billing", "accounting": "billing", "claims": "billing",
    "money": "billing", "clinical": "clinical", "clinician": "clinical", "provider": "clinical", "nurse": "clinical",
    "doctor": "clinical", "nursing": "clinical", "medical": "clinical",
}  # fmt: skip
MONEY = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?")

INTERVAL = re.compile(
    r"(?:(?P<years>\d{1,2})y(?:ears?|rs?)?)?(?:(?P<months>\d{1,3})m(?:onths?|o|os|ths?)?)?"
    r"(?:\d{1,3}w(?:eeks?|ks?)?)?(?:\d{1,3}d(?:ays?)?)?"
)


class Misread(ValueError):
    """A value that cannot be what its column says; the text is the code of the sentence."""


def unquoted(text: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from reading a formula."""
    text = text.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def bare(text: str) -> str:
    """Return what a cell says; empty where it says in a word that nothing is known."""
    text = unquoted(text)
    return "" if text.casefold() in NOTHING else text


@lru_cache(maxsize=16384)
def a_day(text: str, *, day_first: bool, today: date, born: bool = False) -> date | None:
    """Return the day a cell names; two digits of a year are of this century unless that cannot be."""
    said = text.strip().split("T")[0] if re.match(r"\d{4}-\d\d?-\d\d?T", text) else text.strip()
    if not said or said in NO_DAY or said.startswith(("0000", "0001-01-01")):
        return None
    said = re.sub(r"\s+\d{1,2}:\d{2}.*$", "", said)
    if said in NO_DAY:
        return None
    if re.fullmatch(r"\d{8}", said):
        return _day(int(said[:4]), int(said[4:6]), int(said[6:]))
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", said):
        return _day(*map(int, found.groups()))
    if found := re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})", said):
        one, two, year = found.groups()
        month, day = (two, one) if day_first else (one, two)
        return _day(_year(year, today, born), int(month), int(day))
    if found := re.fullmatch(r"([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4}|\d{2})", said):
        name, day, year = found.groups()
        return _day(_year(year, today, born), MONTHS.get(name[:3].casefold(), 0), int(day))
    if found := re.fullmatch(r"(\d{1,2})[- ]([A-Za-z]{3,9})\.?[- ,]+(\d{4}|\d{2})", said):
        day, name, year = found.groups()
        return _day(_year(year, today, born), MONTHS.get(name[:3].casefold(), 0), int(day))
    raise Misread("day")


def is_no_end(day: date) -> bool:
    """Return whether a last day says that there is none: 12/31/9999, 12/31/2999, 12/31/2099."""
    return day.year >= 2200 or day == date(2099, 12, 31)


def a_time(text: str) -> time | None:
    """Return the time of day a cell names: 9:15, 09:15:00, 2:30 PM, or the end of a day and time.

    One that names its zone (Z, -05:00) bears it; a span (9:15 - 9:45) is no time.
    """
    found = re.search(
        r"(?:^|[T\s])(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*([AaPp])?\.?[Mm]?\.?\s*(Z|[+-]\d\d:?\d\d)?$",
        text,
    )
    if not text:
        return None
    if not found or ":" in text[: found.start()]:
        raise Misread("time")
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            raise Misread("time")
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        raise Misread("time")
    return time(hour, minute, tzinfo=_offset(found[4]))


def has_day(text: str) -> bool:
    """Return whether a cell that names a time names its day too."""
    return re.search(r"\d[T\s]+\d{1,2}:\d{2}", text) is not None


def money(text: str) -> Decimal | None:
    """Return an amount; below zero by a minus, brackets or CR, or by two of them at once."""
    said = text.replace("$", "").replace("\u2212", "-").replace("USD", "").strip()
    if not said:
        return None
    below = said.startswith("(") and said.endswith(")")
    said = said[1:-1].strip() if below else said
    for mark in ("CR", "cr", "Cr"):
        if said.endswith(mark):
            below, said = True, said.removesuffix(mark).strip()
    if said.startswith("-") or said.endswith("-"):
        below, said = True, said.strip("-").strip()
    said = said.removeprefix("+").strip()
    if not MONEY.fullmatch(said) or not any(sign.isdigit() for sign in said):
        raise Misread("money")
    try:
        amount = usd(said.replace(",", "").rstrip("."))
    except NotMoney as no:
        raise Misread("money") from no
    return -amount if below else amount


@lru_cache(maxsize=4096)
def phone(text: str) -> str:
    """Return a telephone number as it is kept: +15552010142."""
    said = re.split(r"\s*(?:x|ext\.?|#)\s*\d", text, maxsplit=1, flags=re.I)[0]
    digits = re.sub(r"\D", "", said)
    if digits and set(digits) == {"0"}:
        return ""
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) == 10 and not said.strip().startswith("+"):
        return f"+1{digits}"
    if said.strip().startswith("+"):
        try:
            number = phonenumbers.parse(said, None)
        except phonenumbers.NumberParseException as no:
            raise Misread("phone") from no
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise Misread("phone")


def sex(text: str) -> str:
    """Return F, M or U."""
    return _of(SEXES, text, "sex", "U")


def status(text: str) -> str:
    """Return the status of a chart."""
    return _of(STATUSES, text, "status", "active")


def relation(text: str) -> str:
    """Return what the patient is to the subscriber."""
    return _of(RELATIONS, text, "relation", "self")


def audience(text: str) -> str:
    """Return for whom an alert is, as this office names it."""
    return _of(AUDIENCES, text, "audience", "")


def rank(text: str) -> int:
    """Return in which place a plan pays."""
    key = text.casefold().strip()
    if key and key not in RANKS:
        raise Misread("rank")
    return RANKS.get(key, 1)


def flag(text: str) -> bool:
    """Return yes or no."""
    key = text.casefold().strip()
    if key and key not in YES | NO:
        raise Misread("flag")
    return key in YES


def minutes(text: str) -> int | None:
    """Return a length in minutes: 20, 20 min, 0:20."""
    if not text:
        return None
    if found := re.fullmatch(r"(\d{1,2}):(\d{2})(?::00)?", text):
        return int(found[1]) * 60 + int(found[2])
    if found := re.fullmatch(r"(\d{1,4})(?:\.0+)?\s*(?:m|min|mins|minutes)?", text, re.I):
        return int(found[1])
    raise Misread("minutes")


def seconds(text: str) -> int | None:
    """Return in minutes a length that is told in seconds."""
    if not text:
        return None
    if not re.fullmatch(r"\d{1,6}", text):
        raise Misread("minutes")
    return int(text) // 60


def months(text: str) -> int | None:
    """Return after how many months something comes again: 6, 6 months, 1y, 6m1d; weeks and days beside them are left."""
    said = re.sub(r"[\s,]+", "", text.casefold())
    if not said:
        return None
    if re.fullmatch(r"\d{1,3}", said):
        found = int(said)
    elif told := INTERVAL.fullmatch(said):
        found = int(told["years"] or 0) * 12 + int(told["months"] or 0)
    else:
        raise Misread("months")
    if not 1 <= found <= 120:
        raise Misread("months")
    return found


def pattern(text: str) -> int | None:
    """Return in minutes a length that is drawn, five minutes a sign: //XXXX// is 40."""
    if not text:
        return None
    if not re.fullmatch(r"[/X]{1,288}", text, re.I):
        raise Misread("minutes")
    return len(text) * 5


def state(text: str) -> str:
    """Return a state by its two letters; what is no state of the Union stays as it was written."""
    key = " ".join(text.split()).casefold()
    return _states().get(key, text.upper() if len(key) == 2 else text)


def zip_code(text: str) -> str:
    """Return a ZIP code with the zeros that a spreadsheet takes from its front."""
    if re.fullmatch(r"\d{3,4}", text):
        return text.zfill(5)
    if re.fullmatch(r"\d{8,9}", text):
        return f"{text.zfill(9)[:5]}-{text.zfill(9)[5:]}"
    return re.sub(r"-$", "", text)


def language(text: str) -> str:
    """Return the code of a language, English where it is not said, "und" for one that a chart has no code for."""
    return language_of(text) or ENGLISH


def whole_name(text: str) -> dict[str, str]:
    """Return family, given, middle name and suffix of a name in one cell: "Last, First Middle" or "First Last"."""
    said = " ".join(text.split())
    if "," in said:
        family, _, rest = said.partition(",")
        parts = rest.replace(",", " ").split()
    else:
        words = said.split()
        suffix = [words.pop()] if len(words) > 2 and _is_suffix(words[-1]) else []
        family = words[-1] if len(words) > 1 else said
        parts = words[:-1] + suffix if len(words) > 1 else []
    is_initial = (
        re.fullmatch(r"[^,]+, ?[^ ,]+ v\.?", said, re.I) is not None
    )  # "Roe, Ann V" is hardly the fifth
    suffix_words = [word for word in parts if _is_suffix(word) and not is_initial]
    named = [word for word in parts if word not in suffix_words]
    tail = family.split()
    if len(tail) > 1 and _is_suffix(tail[-1]):
        suffix_words.append(tail.pop())
        family = " ".join(tail)
    return {
        "family": family.strip(),
        "given": named[0] if named else "",
        "middle": " ".join(named[1:]),
        "suffix": " ".join(suffix_words),
    }


def whole_place(text: str) -> dict[str, str]:
    """Return city, state and ZIP code of a cell that holds them all: "Springfield, IL 62701", "Albany NY 12207-1234".

    What is missing is empty. Raises Misread where the rest is no name of a city.
    """
    said = " ".join(text.replace("/", ",").split())
    said = re.sub(r"[ ,]+(usa|u\.s\.a\.|us|united states)$", "", said, flags=re.IGNORECASE)
    found = re.search(r"(?:^|[ ,])(\d{5}(?:[- ]?\d{4})?-?)$", said) or re.search(r"[ ,](\d{4})$", said)
    code = found[1].replace(" ", "-") if found else ""
    rest = said[: found.start()] if found else said
    words = rest.replace(",", " , ").split()
    city, region = " ".join(words), ""
    for count in (3, 2, 1):
        tail = " ".join(words[-count:]).replace(".", "").casefold()
        if len(words) > count and tail in _states() and words[:-count] != [","]:
            city, region = " ".join(words[:-count]), _states()[tail]
            break
    city = city.replace(" ,", ",").strip(" ,")
    is_short = len(code) == 4 and not region  # four digits are a ZIP code only behind a state
    if (not city and not code) or any(sign.isdigit() for sign in city) or is_short:
        raise Misread("place")
    if re.fullmatch(r"\d{9}", code):
        code = f"{code[:5]}-{code[5:]}"
    return {"city": city, "state": region, "zip": zip_code(code)}


def moment(day: date, at: time) -> datetime:
    """Return a day and a time of day on the office's wall."""
    return datetime.combine(day, at)


READERS: Mapping[str, Callable[[str], Any]] = {
    "money": money, "phone": phone, "sex": sex, "status": status, "relation": relation, "rank": rank,
    "flag": flag, "audience": audience,
    "minutes": minutes, "months": months, "pattern": pattern, "seconds": seconds, "state": state, "zip": zip_code,
    "language": language, "time": a_time,
}  # fmt: skip


def _offset(said: str | None) -> timezone | None:
    if not said:
        return None
    if said == "Z":
        return UTC
    hours, minutes = int(said[1:3]), int(said[-2:])
    if hours > 14 or minutes > 59:
        raise Misread("time")
    east = timedelta(hours=hours, minutes=minutes)
    return timezone(-east if said[0] == "-" else east)


def _is_suffix(word: str) -> bool:
    return word.strip(".").casefold() in SUFFIXES


def _of(table: Mapping[str, str], text: str, code: str, empty: str) -> str:
    key = text.casefold().strip().strip(".")
    if not key:
        return empty
    if key not in table:
        raise Misread(code)
    return table[key]


def _year(text: str, today: date, born: bool) -> int:
    if len(text) == 4:
        return int(text)
    this = today.year // 100 * 100 + int(text)
    latest = today.year if born else today.year + 20
    return this if this <= latest else this - 100


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as no:
        raise Misread("day") from no


@cache
def _states() -> dict[str, str]:
    text = resources.files("daysheet.movein.rules").joinpath("states.tsv").read_text("utf-8")
    pairs = [line.split("\t") for line in text.splitlines() if line.strip()]
    return {name.casefold(): code for name, code in pairs} | {code.casefold(): code for _, code in pairs}
