"""A row of a file as a record of its kind: what it says, what is wrong with it, what could not be understood. Pure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from daysheet.movein.rules import values
from daysheet.movein.rules.fields import Field, Kind
from daysheet.movein.rules.guessing import Reading
from daysheet.movein.rules.sheets import Row, Sheet
from daysheet.patients.rules import alerts, tidy
from daysheet.patients.rules.languages import ANOTHER

LONGEST: Mapping[str, int] = {"note": 4000, "alert": 4000, "text": 4000, "reason": 2000, "label": 200}
NAMES = frozenset({"family", "given", "name", "subscriber_family", "subscriber_given", "subscriber_name"})
"""People are called Na and Null."""
USUAL_LENGTH = 120
KNOWN_BY: Mapping[str, Sequence[str]] = {
    "coverages": ("patient_key", "payer", "member_id"),
    "appointments": ("patient_key", "starts_on", "starts_time"),
    "recalls": ("patient_key", "type"),
    "notes": ("patient_key", "text"),
    "alerts": ("patient_key", "alert"),
    "balances": ("patient_key",),
    "fees": ("code", "starts_on"),
}
"""What a row without a key of its own is known by, with how often it came: the same in a later file, whatever it says."""
MUST_BE_READ = frozenset(
    {
        "born_on", "starts_on", "starts_time", "due_on", "patient_due", "plan_due", "amount", "rank", "ends_on",
        "audience", "until_on",
    }
)  # fmt: skip
"""What cannot be read in these stops a row; elsewhere it is told and the rest of the row is taken."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a cell: the column's name, the code of the sentence, what stands there."""

    column: str
    code: str
    said: str = ""

    def told(self) -> list[str]:
        """Return the flaw as it is kept."""
        return [self.column, self.code, self.said[:80]]


@dataclass(slots=True)
class Judged:
    """A row as it is understood."""

    number: int
    key: str
    says: dict[str, Any] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)
    """Any of them, and the row is not taken."""
    lost: list[Flaw] = field(default_factory=list)
    """What could not be understood and is kept as words."""

    @property
    def is_good(self) -> bool:
        """Return whether the row can be taken."""
        return not self.flaws

    def mark(self) -> str:
        """Return a print of what the row says: a second file with the same row has the same."""
        told = "\x1f".join(f"{key}={self.says[key]!r}" for key in sorted(self.says))
        return hashlib.sha256(told.encode()).hexdigest()[:32]


class Judge:
    """Reads the rows of one file by its map; remembers the keys that came before."""

    def __init__(self, kind: Kind, mapping: Reading, sheet: Sheet, *, today: date) -> None:
        self.kind, self.mapping, self.today = kind, mapping, today
        places = {name: place for place, name in enumerate(sheet.columns)}
        self.told = [
            (kind.fields[key], places[column], column)
            for key, column in mapping.columns.items()
            if key in kind.fields and column in places
        ]
        self.column = {one.key: column for one, _, column in self.told}
        self.seen: dict[str, int] = {}
        self.alike: Counter[str] = Counter()

    def rows(self, rows: Iterable[Row]) -> Iterator[Judged]:
        """Return each row as it is understood, in the order of the file."""
        for row in rows:
            yield self.one(row)

    def one(self, row: Row) -> Judged:
        """Return one row as it is understood."""
        judged = Judged(row.number, "")
        if row.is_ragged:
            judged.flaws.append(Flaw("", "ragged"))
        for one, place, column in self.told:
            cell = row.cells[place]
            text = values.unquoted(cell) if one.key in NAMES else values.bare(cell)
            text = self.mapping.values.get(one.key, {}).get(text, text)
            self._read(judged, one, column, text)
        self._whole(judged)
        for group in self.kind.needs:
            if not any(judged.says.get(key) not in (None, "") for key in group) and not self._told_of(
                judged, group
            ):
                judged.flaws.append(Flaw(self.column.get(group[0], ""), f"missing_{group[0]}"))
        judged.key = self._key(judged)
        if judged.key in self.seen:
            judged.flaws.append(Flaw(self.column.get("key", ""), "twice", str(self.seen[judged.key])))
        elif judged.is_good:
            self.seen[judged.key] = judged.number
        return judged

    def _read(self, judged: Judged, one: Field, column: str, text: str) -> None:
        try:
            said = self._value(one, text)
            more = self._beside(one, text, said)
        except values.Misread as no:
            flaw = Flaw(column, str(no), text)
            (judged.flaws if one.key in MUST_BE_READ else judged.lost).append(flaw)
            return
        if isinstance(said, str):
            most = LONGEST.get(one.key, USUAL_LENGTH)
            if len(said) > most:
                judged.flaws.append(Flaw(column, "long", str(most)))
                return
        if one.reader == "language" and said == ANOTHER:
            judged.lost.append(Flaw(column, "language", text))
        if said not in (None, ""):
            judged.says[one.key] = said
        judged.says |= more

    def _beside(self, one: Field, text: str, said: Any) -> dict[str, Any]:
        """Return what a cell tells beside its own field: the time that stands with a day, the day of a moment."""
        is_alone = "starts_time" in self.kind.fields and "starts_time" not in self.column
        if one.key == "starts_on" and said and is_alone and ":" in text:
            return {"starts_time": values.a_time(text)}
        if one.key == "starts_time" and said and said.tzinfo and values.has_day(text):
            day = values.a_day(text, day_first=self.mapping.day_first, today=self.today)
            return {"day_of_moment": day}
        return {}

    def _value(self, one: Field, text: str) -> Any:
        if one.reader in {"day", "born"}:
            day = values.a_day(
                text, day_first=self.mapping.day_first, today=self.today, born=one.reader == "born"
            )
            return None if day and one.key in {"ends_on", "until_on"} and values.is_no_end(day) else day
        if one.reader == "text" or not text:
            return " ".join(text.split()) if one.key not in {"note", "alert", "text"} else text
        return values.READERS[one.reader](text)

    def _whole(self, judged: Judged) -> None:
        """Fill in what one cell tells for several: a name in one cell, the time that stands with the day."""
        says = judged.says
        if "name" in says and not says.get("family"):
            says |= {key: said for key, said in values.whole_name(says.pop("name")).items() if said}
        says.pop("name", None)
        if "place" in says:
            self._place(judged, says.pop("place"))
        if self.kind.key == "patients" and says.get("family") and not says.get("given"):
            says["given"] = "Unknown"
        if "subscriber_name" in says:
            name = values.whole_name(says.pop("subscriber_name"))
            says.setdefault("subscriber_family", name["family"])
            says.setdefault("subscriber_given", name["given"])
        if day := says.pop("day_of_moment", None):
            says["starts_on"] = day
        if "seconds" in says:
            says.setdefault("minutes", says.pop("seconds"))
        if "pattern" in says:
            says.setdefault("minutes", says.pop("pattern"))
        if self.kind.key == "patients":
            self._life(judged)
        if self.kind.key == "alerts" and len(tidy(says.get("alert", ""))) > alerts.LONGEST:
            judged.flaws.append(Flaw(self.column["alert"], "long", str(alerts.LONGEST)))

    def _place(self, judged: Judged, text: str) -> None:
        """Fill in city, state and ZIP code from one cell, where no column of their own tells them."""
        try:
            told = values.whole_place(text)
        except values.Misread as no:
            judged.lost.append(Flaw(self.column.get("place", ""), str(no), text))
            return
        for key, said in told.items():
            if said:
                judged.says.setdefault(key, said)

    def _life(self, judged: Judged) -> None:
        born, died = judged.says.get("born_on"), judged.says.get("deceased_on")
        if born and (born > self.today or self.today.year - born.year > 130):
            judged.flaws.append(Flaw(self.column["born_on"], "life", born.isoformat()))
        if born and died and not born <= died <= self.today:
            judged.lost.append(Flaw(self.column["deceased_on"], "death", died.isoformat()))
            judged.says.pop("deceased_on")

    def _told_of(self, judged: Judged, group: Sequence[str]) -> bool:
        """Return whether a group is missing only because what stands there could not be read."""
        columns = {self.column.get(key) for key in group}
        return any(flaw.column in columns for flaw in judged.flaws if flaw.column)

    def _key(self, judged: Judged) -> str:
        """Return what tells a row from every other of its kind: the old system's key, else what it says."""
        if said := judged.says.get("key"):
            return str(said)
        if self.kind.key == "patients":
            return f"row {judged.number}"
        says = judged.says
        if self.kind.key == "notes":
            says = {"text": says.get("alert", "")} | says
        stands_for = "/".join(str(says.get(key, "")) for key in KNOWN_BY[self.kind.key])
        if len(stands_for) > USUAL_LENGTH:
            stands_for = hashlib.sha256(stands_for.encode()).hexdigest()
        self.alike[stands_for] += 1
        return f"{stands_for}/{self.alike[stands_for]}"


def rows_as_dicts(sheet: Sheet, most: int) -> list[dict[str, str]]:
    """Return the first rows by the names of their columns."""
    return [dict(zip(sheet.columns, row.cells, strict=False)) for row in sheet.rows[:most]]
