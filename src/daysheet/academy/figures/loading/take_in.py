"""Taking public files into a pack: all are read before anything is written; the new pack replaces the old at once."""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from daysheet.academy.figures.loading.kinds import KINDS, Kind
from daysheet.academy.figures.loading.table import Table, looks_like_data, tables
from daysheet.kernel.errors import Refusal

SCHEMA = Path(__file__).parent.parent / "schema.sql"
SMALLEST_SHARE = 2
"""A file with less than half of the rows that stand now is taken for a cut-off one."""


@dataclass(slots=True)
class Part:
    """What one recognised table of a file gives: rows per table of the pack, and which rows there they replace."""

    file: Path
    source: dict[str, str]
    slices: dict[str, str]
    rows: dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Change:
    """How one table of the pack differs after a file."""

    file: str
    table: str
    added: int
    changed: int
    gone: int
    examples: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What a load did."""

    files: list[tuple[str, str]] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def is_nothing_new(self) -> bool:
        """Every file said what the pack said before."""
        return not self.changes


def read_files(
    files: Iterable[Path], on: date, tell: Callable[[int, int], None]
) -> tuple[list[Part], list[str]]:
    """Return what the files hold and the names of those that are no tables. Raises Refusal for one that is not known."""
    known, alone, parts = sorted(files), [], []
    for count, file in enumerate(known):
        tell(count, len(known))
        if not looks_like_data(file):
            alone.append(file.name)
            continue
        if file.stat().st_size == 0:
            raise Refusal(f"{file.name}: the file is empty. Download it again.")
        found = [_part(kind, table, on) for table in tables(file) for kind in KINDS if kind.knows(table)]
        if not found:
            raise Refusal(
                f"{file.name}: no public file that the academy knows has such a header. Take it out of the folder."
            )
        parts += found
    return parts, alone


def take_in(parts: list[Part], base: Path | None, target: Path) -> list[Change]:
    """Write a pack of the base and these parts to the target, at once; return what differs from the base."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".new")
    os.close(handle)
    fresh = Path(name)
    try:
        if base is None:
            fresh.unlink()
        else:
            shutil.copyfile(base, fresh)
        link = sqlite3.connect(fresh)
        try:
            if base is None:
                link.executescript(f"pragma page_size = 2048; {SCHEMA.read_text(encoding='utf-8')}")
            changes = [change for part in parts for change in _apply(link, part)]
            link.commit()
            link.execute("vacuum")
        finally:
            link.close()
        if changes or base is None:
            fresh.chmod(0o644)
            fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return changes


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _part(kind: Kind, table: Table, on: date) -> Part:
    source = kind.source(table)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in kind.slices(table)}
    for name, row in kind.read(table):
        rows.setdefault(name, []).append({**row, "source_id": source})
    if not any(rows.values()) and not kind.may_be_empty:
        raise Refusal(
            f"{table.file.name}: it holds no row of the trade. It is cut off, or not the file it seems to be."
        )
    told = {
        "id": source,
        "file": table.file.name,
        "publisher": kind.publisher,
        "release": kind.release(table),
        "retrieved": on.isoformat(),
        "sha256": digest(table.file),
        "licence": kind.licence,
        "trust": kind.trust(table),
    }
    return Part(table.file, told, kind.slices(table), rows)


def _apply(link: sqlite3.Connection, part: Part) -> list[Change]:
    changes = []
    for name, rows in part.rows.items():
        condition = part.slices.get(name)
        changes += _replace(link, part, name, condition, rows)
    link.execute(
        "insert into sources values (:id, :file, :publisher, :release, :retrieved, :sha256, :licence, :trust)"
        " on conflict (id) do update set file = excluded.file, release = excluded.release, trust = excluded.trust,"
        " sha256 = excluded.sha256, retrieved = excluded.retrieved where sha256 != excluded.sha256",
        part.source,
    )
    return changes


def _replace(
    link: sqlite3.Connection, part: Part, name: str, condition: str | None, rows: list[dict[str, Any]]
) -> list[Change]:
    columns = [row[1] for row in link.execute(f"pragma table_info({name})")]
    keys = [
        row[1] for row in sorted(link.execute(f"pragma table_info({name})"), key=lambda r: r[5]) if row[5]
    ]
    new: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for row in rows:
        key = tuple(row.get(column) for column in keys)
        if None in key and name != "program_results":
            raise Refusal(f"{part.file.name}: a row has no {keys[key.index(None)]}. The file is damaged.")
        if key in new:
            raise Refusal(f"{part.file.name}: it names {_named(keys, key)} twice. The file is damaged.")
        new[key] = tuple(row.get(column) for column in columns)
    places = [columns.index(column) for column in keys]
    found = link.execute(f"select * from {name} where {condition}") if condition else ()  # noqa: S608 - our own words
    old = {tuple(row[place] for place in places): row for row in found}
    if len(old) > 20 and len(new) * SMALLEST_SHARE < len(old):
        raise Refusal(
            f"{part.file.name}: it holds {len(new):,} rows for {name} where {len(old):,} stand. It seems to be cut off."
        )
    added, gone = [key for key in new if key not in old], [key for key in old if key not in new]
    changed = [key for key in new if key in old and new[key] != old[key]]
    if not (added or gone or changed):
        return []
    link.executemany(f"delete from {name} where " + " and ".join(f"{k} is ?" for k in keys), gone)  # noqa: S608
    marks = ", ".join("?" for _ in columns)
    fresh = [new[key] for key in [*added, *changed]]
    link.executemany(f"insert or replace into {name} values ({marks})", fresh)  # noqa: S608
    examples = tuple(_named(keys, key) for key in [*added, *changed, *gone][:3])
    return [Change(part.file.name, name, len(added), len(changed), len(gone), examples)]


def _named(keys: list[str], key: tuple[Any, ...]) -> str:
    return " ".join(f"{column} {value}" for column, value in zip(keys, key, strict=True))
