"""A folder of files taken in, one patient after the other: what came, what was known, what was left out and why."""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import DatabaseError

from daysheet.interop import commands, queries
from daysheet.interop.rules.bundle import Setting, records
from daysheet.interop.rules.kinds import Table, Unreadable, bundle_of, looks_like_json, table_of
from daysheet.interop.rules.plans import Reference
from daysheet.interop.rules.record import Record, Skip
from daysheet.interop.rules.tables import records_of_tables
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal

LARGEST = 64 * 1024 * 1024
"""A file above this is not read: it would take more memory than an office machine has to spare."""
Tell = Callable[[int, int], None]


@dataclass(slots=True)
class Report:
    """What an import brought; `files` are those that were damaged or foreign, each with its reason."""

    patients: int = 0
    known: int = 0
    visits: int = 0
    coverages: int = 0
    chart_items: int = 0
    bills: int = 0
    ledger_entries: int = 0
    clinicians: int = 0
    plans: int = 0
    files: list[tuple[str, str]] = field(default_factory=list)
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    changed: bool = False

    @property
    def has_findings(self) -> bool:
        """Return whether a file or a patient was left out whole."""
        return bool(self.files)

    def add(self, taken: commands.Taken) -> None:
        """Count what one record brought."""
        self.changed = True
        self.patients += taken.is_new
        self.known += not taken.is_new
        for name in ("visits", "coverages", "chart_items", "bills", "ledger_entries", "clinicians", "plans"):
            setattr(self, name, getattr(self, name) + getattr(taken, name))
        self.leave_out(taken.skipped)

    def leave_out(self, skips: list[Skip]) -> None:
        """Count what was left out, by what and why."""
        for one in skips:
            self.skipped[one.what, one.why] += one.count


@dataclass(slots=True)
class Shelf:
    """The files of a folder, told apart by what they hold."""

    bundles: list[Path] = field(default_factory=list)
    tables: dict[Path, list[Table]] = field(default_factory=dict)

    def all_tables(self, kind: str) -> list[dict[str, str]]:
        """Return the rows of every table of a kind, wherever it lies."""
        return [
            row for tables in self.tables.values() for one in tables if one.kind == kind for row in one.rows
        ]


def take_in(by: Actor, folder: Path, *, zone: ZoneInfo, tell: Tell = lambda done, of: None) -> Report:
    """Take in every patient of a folder and its folders; each patient is one transaction of its own."""
    report = Report()
    shelf = _sort(folder, report)
    setting = Setting(zone, by.now, _reference(folder, shelf))
    sets = [tables for tables in shelf.tables.values() if any(one.kind == "patients" for one in tables)]
    steps = len(shelf.bundles) + len(sets)
    for done, path in enumerate(shelf.bundles, start=1):
        for record in _records_of(path, folder, setting, report):
            _take(by, record, path.relative_to(folder).as_posix(), report)
        tell(done, steps)
    for done, tables in enumerate(sets, start=len(shelf.bundles) + 1):
        for record in _safely(records_of_tables(tables, setting), report, "the tables"):
            _take(by, record, "the tables", report)
        tell(done, steps)
    return report


def _take(by: Actor, record: Record | Skip, name: str, report: Report) -> None:
    if isinstance(record, Skip):
        report.files.append((name, f"A patient was left out: {record.why}"))
        return
    why = _attempt(by, record, report) and _attempt(by, record, report)  # another import may have come first
    if why:
        report.files.append((name, f"A patient was left out: {why}"))
    else:
        report.leave_out(record.skipped)


def _attempt(by: Actor, record: Record, report: Report) -> str:
    """Take in what is new of a record; return why nothing of it came, if so."""
    try:
        news = queries.within(by.practice_id, record)
        if news is None:
            report.known += 1
        else:
            report.add(commands.import_record(by, record=news))
    except Refusal as no:
        return str(no)
    except DatabaseError as no:
        return f"the database refused a value ({type(no).__name__})."
    return ""


def _records_of(path: Path, folder: Path, setting: Setting, report: Report) -> Iterator[Record | Skip]:
    try:
        bundle = bundle_of(path.read_bytes())
    except (Unreadable, OSError) as no:
        report.files.append((path.relative_to(folder).as_posix(), _why(no)))
        return
    yield from _safely(records(bundle, setting), report, path.relative_to(folder).as_posix())


def _safely(found: Iterator[Record | Skip], report: Report, name: str) -> Iterator[Record | Skip]:
    """Return the records up to one that is put together as no such file is."""
    try:
        yield from found
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as no:
        report.files.append((name, f"The file is put together as no such file is ({type(no).__name__})."))


def _sort(folder: Path, report: Report) -> Shelf:
    shelf = Shelf()
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        try:
            size = _size(path)
            with path.open("rb") as file:
                head = file.read(4096)
                if size == 0:
                    raise Unreadable("The file is empty.")
                if size > LARGEST:
                    raise Unreadable("The file is larger than 64 MB.")
                if looks_like_json(head):
                    shelf.bundles.append(path)
                    continue
                table = table_of(head + file.read())
        except (Unreadable, OSError) as no:
            report.files.append((name, _why(no)))
            continue
        shelf.tables.setdefault(path.parent, []).append(table)
        if table.spoilt:
            lines = ", ".join(map(str, table.spoilt[:5]))
            report.files.append(
                (name, f"The file is cut off or damaged at line {lines}; its other lines were read.")
            )
    return shelf


def _reference(folder: Path, shelf: Shelf) -> Reference:
    """Return the reference tables: those in the folder, else those that lie beside it."""
    found = Reference.of(shelf.all_tables("companies"), shelf.all_tables("plans"))
    beside = folder.resolve().parent / "reference"
    if not found.plans and beside.is_dir():
        other = _sort(beside, Report())
        found = Reference.of(other.all_tables("companies"), other.all_tables("plans"))
    return found


def _files(folder: Path) -> Iterator[Path]:
    for place, inner, names in os.walk(folder):
        inner.sort()
        for name in sorted(names):
            yield Path(place, name)


def _size(path: Path) -> int:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable("It is no file.")
    return found.st_size


def _why(no: Exception) -> str:
    return str(no) if isinstance(no, Unreadable) else "The file cannot be read."
