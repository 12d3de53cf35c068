"""Driver licences and ID cards of North America: what stands in the barcode on the back, read as plain facts.

The card design standard of the AAMVA, versions 1 (2000) to 10 (2020). Reading proposes: that a card is genuine is
nowhere proved.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

LONGEST = 4096
"""More bytes than a PDF417 barcode can hold."""
MOST_PARTS = 10
HEADER = re.compile(rb"@[\n\r\x1c-\x1e ]{1,4}(ANSI |AAMVA)([0-9]{6})([0-9]{2})")
ELEMENT = re.compile(r"(?:^|(?<=\n))([A-Z]{3})([^\n\r]*)")
KINDS = {b"DL": "licence", b"ID": "identity card", b"EN": "enhanced licence"}
SEXES = {"1": "M", "2": "F", "9": "U", "M": "M", "F": "F"}
NOTHING = {"NONE", "UNAVL", "UNAVAIL", "N/A"}
CUT = {"DDE": "family", "DDF": "given", "DDG": "middle"}
CANADA = frozenset({"AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read: a code, and the element in which it stands."""

    code: str
    """not_a_licence, too_long, too_new, no_data, not_a_date, no_name"""
    element: str = ""


@dataclass(frozen=True, slots=True)
class Licence:
    """What a card says of its holder, in its own spelling."""

    kind: str
    issuer: str
    version: int
    number: str = ""
    family: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    born_on: date | None = None
    sex: str = ""
    """M, F, U, or nothing."""
    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""
    issued_on: date | None = None
    expires_on: date | None = None
    cut: frozenset[str] = frozenset()
    """The names that the issuer says are cut short: family, given, middle."""

    @property
    def issuer_name(self) -> str:
        """Return the state or province that gave the card, or its number where it is not known."""
        return issuers().get(self.issuer, ("", self.issuer))[1]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a barcode gave: the card if it is one, and what of it could not be read."""

    licence: Licence | None
    problems: tuple[Problem, ...] = ()


@cache
def issuers() -> dict[str, tuple[str, str]]:
    """Return the issuers by their number: code and name of the state or province."""
    table = resources.files("daysheet.formats.aamva").joinpath("issuers.tsv").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {number: (code, name) for number, code, name in rows}


def read(content: bytes) -> Reading:
    """Return what the bytes of a card's barcode say; whatever stands in them, it is an answer and no failure."""
    if len(content) > LONGEST:
        return Reading(None, (Problem("too_long"),))
    header = HEADER.search(content[:64])
    if header is None:
        return Reading(None, (Problem("not_a_licence"),))
    version = int(header[3])
    kind, body = _body(content, header, version)
    if not body:
        return Reading(None, (Problem("no_data"),))
    elements = _elements(body)
    problems = [Problem("too_new")] if version > 10 else []
    licence = _licence(kind, header[2].decode(), version, elements, problems)
    if not licence.family and not licence.given:
        problems.append(Problem("no_name", "DCS"))
    return Reading(licence, tuple(problems))


def _body(content: bytes, header: re.Match[bytes], version: int) -> tuple[str, bytes]:
    """Return the part that speaks of the holder: where the header says, or where it stands after all."""
    place = header.end() + (2 if version >= 2 else 0)  # the issuer's own version, since 2003
    count = content[place : place + 2]
    place += 2
    for _number in range(min(int(count), MOST_PARTS) if count.isdigit() else 0):
        name, offset, length = (
            content[place : place + 2],
            content[place + 2 : place + 6],
            content[place + 6 : place + 10],
        )
        place += 10
        if name in KINDS and offset.isdigit() and length.isdigit():
            part = content[int(offset) : int(offset) + int(length)]
            if part.startswith(name):
                return KINDS[name], part[2:]
    found = re.search(rb"(DL|ID|EN)(?=(?:DA|DB|DC)[A-Z])", content[header.end() :])  # offsets are often wrong
    return (KINDS[found[1]], content[header.end() + found.end() :]) if found else ("", b"")


def _elements(body: bytes) -> dict[str, str]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    text = text.split("\r", 1)[0]  # the next part is the issuer's own
    found: dict[str, str] = {}
    for name, value in ELEMENT.findall(text):
        clean = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
        if clean.upper() not in NOTHING:
            found.setdefault(name, clean)
    return found


def _licence(
    kind: str, issuer: str, version: int, found: Mapping[str, str], problems: list[Problem]
) -> Licence:
    family, given, middle, suffix = _names(found)
    state = (found.get("DAJ") or found.get("DAO", "")).upper()[:2]
    country = found.get("DCG", "").upper() or ("CAN" if state in CANADA else "")
    is_canadian = country == "CAN" or (not country and issuers().get(issuer, ("", ""))[0] in CANADA)
    year_first = version < 2 or is_canadian
    days = {name: _day(found.get(name, ""), name, year_first, problems) for name in ("DBB", "DBD", "DBA")}
    return Licence(
        kind=kind,
        issuer=issuer,
        version=version,
        number=found.get("DAQ", ""),
        family=family,
        given=given,
        middle=middle,
        suffix=suffix,
        born_on=days["DBB"],
        sex=SEXES.get(found.get("DBC", "")[:1].upper(), ""),
        street=found.get("DAG") or found.get("DAL", ""),
        street2=found.get("DAH") or found.get("DAM", ""),
        city=found.get("DAI") or found.get("DAN", ""),
        state=state,
        zip=_zip(found.get("DAK") or found.get("DAP", ""), is_canadian=is_canadian),
        country=country,
        issued_on=days["DBD"],
        expires_on=days["DBA"],
        cut=frozenset(name for flag, name in CUT.items() if found.get(flag, "")[:1] == "T"),
    )


def _names(found: Mapping[str, str]) -> tuple[str, str, str, str]:
    """Return family, given, middle and suffix: four ways of writing them, by the years."""
    family = found.get("DCS") or found.get("DAB", "")
    given, middle = found.get("DAC", ""), found.get("DAD", "")
    if not given and (both := found.get("DCT", "")):  # 2003 and 2005: all given names in one
        first, _comma, rest = both.partition(",") if "," in both else both.partition(" ")
        given, middle = first.strip(), middle or rest.strip(" ,").replace(",", " ")
    if not family and (whole := found.get("DAA", "")):  # 2000: FAMILY,GIVEN,MIDDLE
        parts = [part.strip() for part in whole.replace("@", ",").split(",")] + ["", "", ""]
        family, given, middle = parts[0], given or parts[1], middle or parts[2]
    return family, given, middle, found.get("DCU") or found.get("DAE", "")


def _day(text: str, element: str, year_first: bool, problems: list[Problem]) -> date | None:
    """Return a day of eight digits: the year first in Canada and in the year 2000, else last."""
    if not text:
        return None
    digits = text.replace("-", "").replace("/", "")
    if re.fullmatch(r"[0-9]{8}", digits):
        first = (int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        last = (int(digits[4:]), int(digits[:2]), int(digits[2:4]))
        for year, month, day in (first, last) if year_first else (last, first):
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if 1850 <= found.year <= 2200:  # else the halves were taken the wrong way round
                return found
    problems.append(Problem("not_a_date", element))
    return None


def _zip(text: str, *, is_canadian: bool) -> str:
    if is_canadian:
        return text.upper()
    digits = re.sub(r"[^0-9]", "", text)[:9]
    return digits[:5] if len(digits) < 9 or digits.endswith("0000") else digits
