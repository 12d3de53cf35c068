"""A state's list of eligible training providers (WIOA): its columns by a map, its schools by a confirmed proposal.

The lists are public, but no two states write them alike: the map says which column is which. A school is found by its
federal number (OPEID), else by name and ZIP code, else by name and town; who is not found stays without a school.
"""

import re
import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from daysheet.academy.figures.loading.table import Table, tables, whole, words
from daysheet.academy.figures.loading.take_in import Part, digest
from daysheet.academy.figures.trade import CIPS, FIPS
from daysheet.kernel.errors import Refusal

NEEDED, OPTIONAL = ("provider", "program"), ("city", "zip", "opeid", "cip", "cost")
OF_THE_TRADE = re.compile(
    r"medical (office|admin|secretar|recept|bill|insurance|cod|record)|health (information|unit|office)",
    re.IGNORECASE,
)
"""Where a list has no CIP codes, the program's title says whether it belongs to the trade."""
TRUST = "a state's own list; its schools found by name and confirmed by a person"
NOISE = re.compile(r"\b(the|inc|llc|campus|main|of|at|and|corp|co)\b|[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a map says: the state, its release, and the list's columns by our words (in capitals)."""

    state: str
    release: str
    licence: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One program of the list, and the school it seems to belong to."""

    provider: str
    program: str
    cip: str | None
    cost: int | None
    unitid: int | None
    school: str
    found_by: str


def read_plan(file: Path) -> Plan:
    """Return what a map says. Raises Refusal in a sentence that names the entry to mend."""
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as no:
        raise Refusal(f"{file.name}: this is not TOML ({no}).") from no
    state = str(told.get("state", "")).upper()
    if state not in FIPS.values() or state == "US":
        raise Refusal(f'{file.name}: write the state in two letters, such as state = "MA".')
    columns = told.get("columns")
    if not isinstance(columns, dict) or any(not isinstance(name, str) for name in columns.values()):
        raise Refusal(f"{file.name}: a table [columns] says which column of the list is which.")
    if missing := [word for word in NEEDED if not columns.get(word)]:
        raise Refusal(f"{file.name}: [columns] must name the column of the {missing[0]}.")
    if strange := sorted(set(columns) - {*NEEDED, *OPTIONAL}):
        raise Refusal(f"{file.name}: [columns] knows {', '.join((*NEEDED, *OPTIONAL))}, not {strange[0]}.")
    upper = {word: " ".join(name.split()).upper() for word, name in columns.items()}
    return Plan(
        state, str(told.get("release", "")), str(told.get("licence", "public list of a state")), upper
    )


def proposals(file: Path, plan: Plan, base: Path) -> list[Proposal]:
    """Return the programs of the trade on a list, each with the school it seems to belong to. Raises Refusal."""
    table = _table(file, plan)
    with closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as link:
        schools = _Schools(
            link.execute("select unitid, name, city, zip, opeid from schools where state = ?", (plan.state,))
        )
    named = [word for word in (*NEEDED, *OPTIONAL) if word in plan.columns]
    found: dict[tuple[str, str], Proposal] = {}
    for cells in table.records(*(plan.columns[word] for word in named)):
        row = dict(zip(named, cells, strict=True))
        if one := _proposal(row, schools):
            found.setdefault((one.provider, one.program), one)
    if not found:
        raise Refusal(
            f"{file.name}: it holds no program of the trade. Look whether the map names the right columns."
        )
    return list(found.values())


def part(file: Path, plan: Plan, confirmed: Iterable[Proposal], on: date) -> Part:
    """Return the confirmed programs as a part that `take_in` takes: they replace what stood of that state."""
    source = f"e{plan.state.lower()}"
    rows = [
        {
            "state": plan.state, "provider": one.provider, "program": one.program, "unitid": one.unitid, "cip": one.cip,
            "cost": one.cost, "source_id": source,
        }
        for one in confirmed
    ]  # fmt: skip
    told = {
        "id": source, "file": file.name, "publisher": f"State of {plan.state}: eligible training providers",
        "release": plan.release or on.isoformat(), "retrieved": on.isoformat(), "sha256": digest(file),
        "licence": plan.licence, "trust": TRUST,
    }  # fmt: skip
    return Part(file, told, {"etpl": f"state = '{plan.state}'"}, {"etpl": rows})


def _table(file: Path, plan: Plan) -> Table:
    for table in tables(file):
        if set(plan.columns.values()) <= set(table.columns):
            return table
        lacks = next(name for name in plan.columns.values() if name not in table.columns)
        seen = ", ".join(table.columns[:8])
    raise Refusal(f"{file.name}: it has no column {lacks!r}. Its columns begin: {seen}. Mend the map.")


def _proposal(row: Mapping[str, Any], schools: "_Schools") -> Proposal | None:
    provider, program = words(row["provider"]), words(row["program"])
    if not provider or not program:
        return None
    cip = _cip(row.get("cip"))
    if cip not in CIPS and (cip is not None or not OF_THE_TRADE.search(program)):
        return None
    unitid, school, found_by = schools.find(provider, row)
    return Proposal(provider[:200], program[:200], cip, whole(row.get("cost")), unitid, school, found_by)


def _cip(value: Any) -> str | None:
    """Return a code as 51.0716, whether the list wrote 51.0716, 51.716, 510716 or nothing."""
    digits = re.sub(r"\D", "", words(value) or "")
    return f"{digits[:2]}.{digits[2:6]}" if len(digits) >= 6 else None


class _Schools:
    """The schools of one state by what a list may say of them."""

    def __init__(self, rows: Iterable[tuple[int, str, str, str, str]]) -> None:
        self.ways: dict[str, dict[tuple[str, ...], set[tuple[int, str]]]] = {
            way: defaultdict(set) for way in ("number", "name and ZIP code", "name and town")
        }
        for unitid, name, city, place, opeid in rows:
            one = (unitid, name)
            self.ways["number"][(_opeid(opeid),)].add(one)
            self.ways["name and ZIP code"][(_plain(name), _digits(place)[:5])].add(one)
            self.ways["name and town"][(_plain(name), _plain(city))].add(one)

    def find(self, provider: str, row: Mapping[str, Any]) -> tuple[int | None, str, str]:
        """Return a school's number, its name and how it was found; nothing where none or several fit."""
        name = _plain(provider)
        asked = {
            "number": (_opeid(row.get("opeid")),),
            "name and ZIP code": (name, _digits(row.get("zip"))[:5]),
            "name and town": (name, _plain(row.get("city"))),
        }
        for way, key in asked.items():
            fits = self.ways[way].get(key, set()) if all(key) else set()
            if len(fits) == 1:
                unitid, school = next(iter(fits))
                return unitid, school, way
        return None, "", "not found"


def _opeid(value: Any) -> str:
    """Return the six digits that name a school; two more, if there are any, name a campus."""
    digits = _digits(value)
    return digits.zfill(6 if len(digits) <= 6 else 8)[:6] if digits else ""


def _digits(value: Any) -> str:
    return re.sub(r"\D", "", str(value if value is not None else ""))


def _plain(value: Any) -> str:
    return " ".join(NOISE.sub(" ", str(value if value is not None else "").lower()).split())
