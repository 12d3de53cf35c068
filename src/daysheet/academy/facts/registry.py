"""The registry: every number of the guide once, with its lines, and the official figure that stands against it."""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from daysheet.academy.facts import words
from daysheet.academy.facts.answers import Answer, answer
from daysheet.academy.figures import pack
from daysheet.academy.figures.trade import ALL_INDUSTRIES, FIPS, THE_JOB

HERE = Path(__file__).parent
STATUSES = ("agrees", "older", "conflicts", "unsourced", "unknown")


@dataclass(frozen=True, slots=True)
class Fact:
    """One number of the guide, and what the public figures say instead."""

    key: str
    guide_value: Decimal
    guide_lines: tuple[int, ...]
    unit: str
    status: str
    official_value: Decimal | None
    source: str
    source_id: str
    release: str
    as_of: str
    licence: str
    formula: str
    count: int | None
    error: Decimal | None
    reference: str
    bound: str

    @property
    def value(self) -> Decimal:
        """Return the figure to show large: the official one, else the guide's."""
        return self.guide_value if self.official_value is None else self.official_value

    @property
    def label(self) -> str:
        """Return what the number is about."""
        return words.label(self.key)

    @property
    def shown(self) -> str:
        """Return the figure to show large, with its unit."""
        return words.said(self.value, self.unit)

    @property
    def guide_shown(self) -> str:
        """Return the guide's number with its unit."""
        return words.said(self.guide_value, self.unit)

    @property
    def lines(self) -> str:
        """Return the guide's lines as a reader writes them, each once."""
        return ", ".join(str(line) for line in dict.fromkeys(self.guide_lines))


def fact(key: str) -> Fact:
    """Return one fact by its key; a key that nobody wrote down is a bug."""
    return _all(pack.edition())[key]


def facts(begins: str = "") -> tuple[Fact, ...]:
    """Return all facts, or those whose key begins so, in the guide's order of topics."""
    return tuple(one for key, one in _all(pack.edition()).items() if key.startswith(begins))


@lru_cache(maxsize=2)
def _all(_edition: str) -> dict[str, Fact]:
    """Return every fact by key, looked up once per edition of the figures."""
    return {key: _fact(key, told) for key, told in {**_guide(), **_states()}.items()}


@cache
def _guide() -> dict[str, dict[str, Any]]:
    return tomllib.loads((HERE / "guide.toml").read_text(encoding="utf-8"), parse_float=Decimal)


@cache
def _states() -> dict[str, dict[str, Any]]:
    """Return the two numbers of each state: its median and the line of its top tenth."""
    areas = {state: f"{number}00000" for number, state in FIPS.items()}
    found = {}
    with (HERE / "states.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            for word, column in (("median", "p50"), ("top", "p90")):
                found[f"pay.state.{row['state']}.{column if word == 'top' else word}"] = {
                    "is": int(row[word]),
                    "lines": [int(row["line"])],
                    "unit": "usd/year",
                    "official": f"wage:{areas[row['state']]}:{ALL_INDUSTRIES}:{THE_JOB}:{column}",
                }
    return found


def _fact(key: str, told: Mapping[str, Any]) -> Fact:
    reference = told.get("official", "")
    found = answer(reference, told.get("source", "")) if reference else None
    value = Decimal(told["is"])
    return Fact(
        key=key,
        guide_value=value,
        guide_lines=tuple(told["lines"]),
        unit=told["unit"],
        status=_status(value, told, found),
        official_value=found.value if found else None,
        source=found.source if found else "",
        source_id=found.source_id if found else "",
        release=found.release if found else "",
        as_of=found.as_of if found else "",
        licence=found.licence if found else "",
        formula=found.formula if found else "",
        count=found.count if found else None,
        error=found.error if found else None,
        reference=reference,
        bound=told.get("bound", ""),
    )


def _status(value: Decimal, told: Mapping[str, Any], found: Answer | None) -> str:
    """Return how the guide stands to the official figure; an end of a range agrees while the figure lies inside it."""
    if "official" not in told:
        return "unsourced"
    if found is None:
        return "unknown"
    inside = {"low": value <= found.value, "high": found.value <= value, "": found.value == value}
    if inside[told.get("bound", "")]:
        return "agrees" if found.confirmed else "unknown"
    return str(told.get("differs", "older"))
