"""What a licence says beside what the chart says: a proposal for each field. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from daysheet.formats.aamva import Licence

FIELDS = ("family", "given", "middle", "suffix", "born_on", "sex", "street", "city", "state", "zip")
ROMAN = frozenset({"II", "III", "IV", "V"})
WORDS = {"street": {"street": "st", "avenue": "ave", "road": "rd", "drive": "dr", "lane": "ln"}}
SMALL_PLACES = re.compile(r"\b(Mc)([a-z])|\b(O')([a-z])")


@dataclass(frozen=True, slots=True)
class Proposal:
    """One field of the chart, as a card says it and as the chart says it."""

    field: str
    said: str | date
    """As it would stand in the chart."""
    held: str | date
    is_cut: bool = False
    """The card has no room for the whole of it."""

    @property
    def is_same(self) -> bool:
        """Return whether both say the same, whatever the capitals and the spelling of Street."""
        said, held = _plain(self.field, self.said), _plain(self.field, self.held)
        return said == held or (self.is_cut and held.startswith(said))


def proposals(licence: Licence, chart: Mapping[str, str | date]) -> list[Proposal]:
    """Return what a licence says of the fields of a chart, without those that it does not tell."""
    street = " ".join(filter(None, (licence.street, licence.street2)))
    said: dict[str, str | date | None] = {
        "family": as_written(licence.family),
        "given": as_written(licence.given),
        "middle": as_written(licence.middle),
        "suffix": as_written(licence.suffix)
        if licence.suffix.upper() not in ROMAN
        else licence.suffix.upper(),
        "born_on": licence.born_on,
        "sex": licence.sex if licence.sex in ("M", "F") else "",
        "street": as_written(street),
        "city": as_written(licence.city),
        "state": licence.state,
        "zip": licence.zip,
    }
    return [
        Proposal(name, value, _held(name, chart), name in licence.cut)
        for name in FIELDS
        if (value := said[name])
    ]


def _held(name: str, chart: Mapping[str, str | date]) -> str | date:
    """Return what the chart says; a street may stand there in two lines."""
    if name == "street":
        return " ".join(filter(None, (str(chart.get("street", "")), str(chart.get("street2", "")))))
    return chart.get(name, "")


def as_written(text: str) -> str:
    """Return a text of capitals as people write it: MCDONALD-O'BRIEN is McDonald-O'Brien."""
    if not text.isupper():
        return text
    words = re.sub(r"[^\W\d_]+('[^\W\d_]+)?", lambda word: word[0].capitalize(), text)
    return SMALL_PLACES.sub(lambda part: (part[1] or part[3]) + (part[2] or part[4]).upper(), words)


def _plain(field: str, value: str | date) -> str:
    if isinstance(value, date):
        return value.isoformat()
    words = re.sub(r"[^\w\s]", " ", value.casefold()).split()
    if field == "zip":
        return re.sub(r"\W", "", value)[:5]
    short = WORDS.get(field, {})
    return " ".join(short.get(word, word) for word in words)
