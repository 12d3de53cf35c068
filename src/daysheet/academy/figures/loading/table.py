"""A public file as a table: its columns by name, row by row, whatever its encoding and its slips."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daysheet.kernel.errors import Refusal

SUFFIXES = {".csv", ".txt", ".xlsx", ".parquet"}
MISSING = {"", ".", "-1", "-2", "-3", "*", "**", "NA", "N/A", "PrivacySuppressed", "PS", "—", "NULL"}
"""How publishers say "not there": IPEDS '.', -1, -2; OEWS * and **; Scorecard PS; BLS a dash."""
TOP = "#"
MOST_CELLS = 3000


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file: its columns as written there, in capitals, and its rows."""

    file: Path
    title: str
    columns: tuple[str, ...]
    rows: Iterator[Sequence[Any]]

    def records(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Give the named columns of each row. Raises Refusal for a column that is not there."""
        if lacking := [name for name in names if name not in self.columns]:
            raise Refusal(
                f"{self.file.name}: it has no column {lacking[0]}. It is another edition than the academy knows."
            )
        places = [self.columns.index(name) for name in names]
        for row in self.rows:
            yield tuple(row[place] if place < len(row) else None for place in places)


def whole(value: Any) -> int | None:
    """Return a whole number, or None where the publisher has none; a decimal is rounded."""
    number = real(value)
    return None if number is None else round(number)


def real(value: Any) -> float | None:
    """Return a number, or None where the publisher has none."""
    if isinstance(value, int | float) and not isinstance(value, bool):  # a number in a workbook is a number
        return float(value)
    text = str(value if value is not None else "").strip().strip('"').strip()
    if text in MISSING or text == TOP:
        return None
    try:
        number = float(text.replace(",", "").removeprefix("$"))
    except ValueError:
        return None
    return number if number == number and abs(number) < 1e15 else None


def words(value: Any) -> str | None:
    """Return a text without its outer blanks, or None."""
    text = " ".join(str(value if value is not None else "").replace("\xa0", " ").split())
    return None if text in MISSING else text


def year_of(file: Path) -> int:
    """Return the year in a file's name, as IPEDS names its files (hd2024.csv)."""
    found = re.search(r"(?<!\d)(20\d\d)(?!\d)|(?<=[a-z])(20\d\d)", file.name, re.I)
    if not found:
        raise Refusal(
            f"{file.name}: its name holds no year. Name it as its publisher does, such as hd2024.csv."
        )
    return int(found[1] or found[2])


def tables(file: Path) -> Iterator[Table]:
    """Give the tables of a file: one of a text file, one per sheet of a workbook. Raises Refusal in a sentence."""
    kind = file.suffix.lower()
    if kind == ".xlsx":
        yield from _sheets(file)
    elif kind == ".parquet":
        yield _parquet(file)
    else:
        yield _text(file)


def _text(file: Path) -> Table:
    with file.open("rb") as stream:
        if b"\0" in stream.read(1 << 16):
            raise Refusal(f"{file.name}: this is not a text table.")
    encoding = "utf-8-sig" if _is_utf8(file) else "latin-1"
    with file.open(encoding=encoding, newline="") as text:
        first = text.readline(200_000)
    mark = "\t" if "\t" in first else ","
    columns = tuple(name.strip().strip('"').upper() for name in next(csv.reader([first], delimiter=mark), ()))
    return Table(file, file.name, columns, _lines(file, encoding, mark, len(columns)))


def _is_utf8(file: Path) -> bool:
    """Whether a file is UTF-8, read in pieces: some are larger than the memory that a small machine can spare."""
    decode = codecs.getincrementaldecoder("utf-8")().decode
    try:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                decode(block)
            decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _lines(file: Path, encoding: str, mark: str, wide: int) -> Iterator[Sequence[str]]:
    short = 0
    with file.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=mark)
        next(reader, None)
        try:
            for row in reader:
                if short:
                    raise Refusal(f"{file.name}: line {short} has too few columns. The file is damaged.")
                if len(row) > MOST_CELLS:
                    raise Refusal(
                        f"{file.name}: line {reader.line_num} has {len(row)} columns. The file is damaged."
                    )
                if len(row) > 1 or (row and row[0].strip() and wide == 1):
                    if len(row) < wide:
                        short = reader.line_num
                        continue
                    yield row
        except csv.Error as no:
            raise Refusal(f"{file.name}: line {reader.line_num} cannot be read ({no}).") from no
        if short:
            raise Refusal(f"{file.name}: the file is cut off in line {short}. Download it again.")


def _sheets(file: Path) -> Iterator[Table]:
    import openpyxl  # only the loader needs it

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, EOFError) as no:
        raise Refusal(
            f"{file.name}: this workbook cannot be opened. It is cut off or not a workbook."
        ) from no
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        head: Sequence[Any] = ()
        for row in _first(rows, 12):
            if sum(1 for cell in row if cell not in (None, "")) >= 4:
                head = row
                break
        columns = tuple(" ".join(str(cell or "").split()).upper() for cell in head)
        yield Table(file, sheet.title, columns, _guarded(file, rows))


def _guarded(file: Path, rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    try:
        yield from rows
    except Exception as no:  # a damaged sheet raises whatever its XML or ZIP reader raises
        raise Refusal(f"{file.name}: a sheet of this workbook is damaged.") from no


def _first(rows: Iterator[Sequence[Any]], count: int) -> Iterator[Sequence[Any]]:
    for _ in range(count):
        row = next(rows, None)
        if row is None:
            return
        yield row


def _parquet(file: Path) -> Table:
    import duckdb  # only the loader needs it

    try:
        link = duckdb.connect()
        found = link.execute("select * from read_parquet(?)", [str(file)])
        columns = tuple(column[0].strip().upper() for column in found.description or ())
    except duckdb.Error as no:
        raise Refusal(
            f"{file.name}: this Parquet file cannot be opened. It is cut off or not Parquet."
        ) from no

    def give() -> Iterator[Sequence[Any]]:
        try:
            while block := found.fetchmany(20_000):
                yield from block
        except duckdb.Error as no:
            raise Refusal(f"{file.name}: this Parquet file is damaged.") from no

    return Table(file, file.name, columns, give())


def looks_like_data(file: Path) -> bool:
    """Whether a file claims to be a table: prose and notes beside the data are left alone."""
    if file.suffix.lower() not in SUFFIXES or file.name.startswith("."):
        return False
    if file.suffix.lower() != ".txt":
        return True
    with file.open("rb") as stream:
        return b"\t" in io.BytesIO(stream.read(4096)).readline()
