"""The certificates: what each is for, its exams, fees and results, each number with where it was seen and when."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from daysheet.academy.planner.rules.entry import ENTRY, Rule
from daysheet.academy.planner.rules.renewal import RENEWALS, Renewal

FILE = Path(__file__).parent.parent / "certificates.toml"


@dataclass(frozen=True, slots=True)
class Exam:
    """One form of an exam: scored and unscored questions, minutes, and its parts with their questions."""

    form: str
    items: int
    minutes: int
    source: str
    as_of: str
    confirmed: bool
    unscored: int = 0
    items_to: int | None = None
    parts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Fee:
    """What somebody says the exam costs, dollars; never without who says it and when."""

    value: int
    source: str
    as_of: str
    confirmed: bool
    says: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Which part of the candidates passed in a year, percent, and of how many."""

    part: float
    year: int
    confirmed: bool
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """One certificate of the trade."""

    key: str
    short: str
    name: str
    issuer: str
    address: str
    for_whom: str
    lines: str
    entry: Rule
    renewal: Renewal
    exams: tuple[Exam, ...]
    fees: tuple[Fee, ...]
    results: tuple[Result, ...]

    @property
    def fees_conflict(self) -> bool:
        """Two sources name different fees for the same candidate."""
        return len({fee.value for fee in self.fees if not fee.says}) > 1


@cache
def certificates() -> tuple[Certificate, ...]:
    """Return all certificates in the order a newcomer meets them."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["certificate"]
    return tuple(
        Certificate(
            **{
                name: row[name] for name in ("key", "short", "name", "issuer", "address", "for_whom", "lines")
            },
            entry=ENTRY[row["key"]],
            renewal=RENEWALS[row["key"]],
            exams=tuple(
                Exam(**{**exam, "parts": tuple((word, items) for word, items in exam.get("parts", ()))})
                for exam in row.get("exam", ())
            ),
            fees=tuple(Fee(**fee) for fee in row.get("fee", ())),
            results=tuple(
                Result(one["part"], one["year"], one["confirmed"], one.get("of"))
                for one in row.get("result", ())
            ),
        )
        for row in rows
    )
