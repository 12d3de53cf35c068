"""Code lists as a port: the library knows shapes and what may be shipped; an office brings its own lists.

Licensed lists (procedures, the official words of adjustment reasons) are never here.
"""

import re
from datetime import date
from functools import cache

from daysheet.formats.x12.labels import labels

STATES = frozenset(
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA"
    " RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI FM MH PW AA AE AP".split()
)
_SHAPES = {
    "icd10cm": re.compile(r"[A-TV-Z]\d[0-9A-Z](?:[0-9A-Z]{0,3}[0-9A-Z])?"),
    "icd10pcs": re.compile(r"[0-9A-HJ-NP-Z]{7}"),
    "procedure": re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]"),
    "dental": re.compile(r"D\d{4}"),
    "modifier": re.compile(r"[0-9A-Z]{2}"),
    "taxonomy": re.compile(r"[0-9A-Z]{9}X"),
    "revenue": re.compile(r"\d{4}"),
    "ndc": re.compile(r"\d{11}"),
    "zip": re.compile(r"\d{5}(?:\d{4})?"),
    "clia": re.compile(r"\d{2}D\d{7}"),
}
_LISTS = {
    "pos": "pos",
    "carc": "carc",
    "eb": "eb",
    "service_type": "service_type",
    "plb": "plb",
    "aaa": "aaa",
}
_RARC = re.compile(r"M(?:A)?\d{1,3}|N\d{1,3}")


class Codes:
    """Answers whether a code of a set is valid on a day; a set that nobody filled is judged by its shape alone."""

    def valid(self, name: str, code: str, on: date | None = None) -> bool:
        """Return whether a code is valid. `on` is the day of service, for lists that change."""
        if name == "npi":
            return is_npi(code)
        if name == "state":
            return code in STATES
        if shape := _SHAPES.get(name):
            return shape.fullmatch(code) is not None
        if name == "rarc":
            return _RARC.fullmatch(code) is not None
        if listed := _LISTS.get(name):
            return code in _known(listed)
        return True


@cache
def _known(name: str) -> frozenset[str]:
    return frozenset(labels(name))


def is_npi(text: str) -> bool:
    """Return whether ten digits are a National Provider Identifier: Luhn over 80840 and the number (45 CFR 162.406)."""
    if len(text) != 10 or not (text.isascii() and text.isdigit()) or text[0] not in "12":
        return False
    total = 24
    for place, sign in enumerate(text):
        digit = int(sign)
        if place % 2 == 0:
            digit = digit * 2 - 9 if digit > 4 else digit * 2
        total += digit
    return total % 10 == 0


def is_routing_number(text: str) -> bool:
    """Return whether nine digits are a routing number of a US bank: weights 3, 7, 1, a sum that ten divides."""
    if len(text) != 9 or not (text.isascii() and text.isdigit()):
        return False
    return sum(int(sign) * weight for sign, weight in zip(text, (3, 7, 1) * 3, strict=True)) % 10 == 0
