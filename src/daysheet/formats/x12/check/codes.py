"""Code lists as a port: the library knows shapes and what may be shipped; an office brings its own lists.

Licensed lists (procedures, the official words of adjustment reasons) are never here.
"""

import re
from datetime import date
from functools import cache

from daysheet.formats.x12.labels import labels
from daysheet.formats.x12.numbers import is_npi

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
