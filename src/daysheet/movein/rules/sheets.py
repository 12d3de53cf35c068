"""A table out of the bytes of a file: CSV of any shape, or the first filled sheet of a workbook. Pure."""

import codecs
import csv
import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import Any

LARGEST = 64 * 1024 * 1024
LARGEST_UNPACKED = 512 * 1024 * 1024
MOST_PACKED = 4000
MOST_TIMES = 400
"""A part of a workbook that grows by more than this when unpacked is a bomb, not a table."""
MOST_COLUMNS, MOST_ROWS = 500, 1_000_000
LONGEST_CELL = 32_767
"""What a cell of a spreadsheet holds at most; more than that is a quote that is never closed."""
DELIMITERS = ",;\t|"
ZEROS = re.compile(r'(?:\[[^\]]*\])?(0[0\\"-]*0)(?:;@)?')
"""A number format that shows so many digits: 00000, 000\\-00\\-0000."""
UNWORKED = re.compile(
    rb"<c\b([^>]*)>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>", re.ASCII
)
"""A formula in a sheet without what it comes to: a program wrote it, and no spreadsheet has worked it out."""
MOST_SEARCHED = 128 * 1024 * 1024
LOOKED_AT = 40
TOLD_AFTER = 5000
MOST_TITLES = 6
"""So many rows of one cell above the names of the columns are a title; more are a list."""
STRAYS = "daysheet.movein.strays"
STRANGE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
"""What no line of a table holds."""


class Unreadable(ValueError):
    """A file that is no table; `code` says why, `facts` where."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the file: its number as a spreadsheet counts, and its cells."""

    number: int
    cells: Sequence[str]
    is_ragged: bool = False
    """It holds more cells than there are columns."""


@dataclass(slots=True)
class Sheet:
    """A table: the names of its columns, its rows, and how it was read."""

    columns: list[str]
    rows: list[Row] = field(default_factory=list)
    shape: str = ""
    """The delimiter and encoding, or xlsx."""
    name: str = ""
    """What the sheet of a workbook is called."""
    others: list[str] = field(default_factory=list)
    """The filled sheets beside it, which are not read."""


def read_sheet(content: bytes, *, tell: Callable[[int], None] | None = None) -> Sheet:
    """Return the table that the bytes of a file hold; `tell` hears how many rows are read so far. Raises Unreadable."""
    if not content.strip(b"\0 \r\n\t"):
        raise Unreadable("empty")
    if len(content) > LARGEST:
        raise Unreadable("large", most=LARGEST // 1024 // 1024)
    if content[:4] == b"PK\x03\x04":
        names: list[str] = []
        sheet = _table(_workbook(content, names), "xlsx", tell)
        sheet.name, sheet.others = names[0], names[1:]
        return sheet
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable("old_workbook")
    if content[:5] == b"%PDF-":
        raise Unreadable("foreign")
    text, encoding = decoded(content)
    head = text[:2000]
    if head.lstrip().startswith("<") or len(STRANGE.findall(head)) > len(head) // 20:
        raise Unreadable("foreign")
    delimiter = delimiter_of(text)
    shape = f"{'tab' if delimiter == chr(9) else delimiter} {encoding}"
    return _table(_lines(text, delimiter), shape, tell)


def decoded(content: bytes) -> tuple[str, str]:
    """Return a file's text and the encoding it was in; NULs and the mark of the byte order are left out."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if content.startswith(mark):
            return _without_nul(content[len(mark) :].decode(encoding, "replace")), encoding
    head = content[:2000]
    if head.count(b"\0") > len(head) // 4:
        encoding = "utf-16-le" if head[1::2].count(b"\0") >= head[::2].count(b"\0") else "utf-16-be"
        return _without_nul(content.decode(encoding, "replace")), encoding
    try:
        return _without_nul(content.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        return _with_strays(content)


def _with_strays(content: bytes) -> tuple[str, str]:
    """Return the text of a file that is not quite UTF-8: some bytes of another program, or none of it is."""
    mixed, plain = content.decode("utf-8", STRAYS), content.decode("cp1252", "replace")
    strays = len(mixed) - len(content.decode("utf-8", "ignore"))
    if len(plain) - len(mixed) > strays:  # letters of several bytes: more than could come about by chance
        return _without_nul(mixed), "utf-8"
    return _without_nul(plain), "cp1252"


def _as_cp1252(no: UnicodeError) -> tuple[str, int]:
    assert isinstance(no, UnicodeDecodeError)
    return no.object[no.start : no.end].decode("cp1252", "replace"), no.end


codecs.register_error(STRAYS, _as_cp1252)


def delimiter_of(text: str) -> str:
    """Return the sign between the cells: the one that parts the first lines into the most equal rows."""
    best, most = ",", 0.0
    for sign in DELIMITERS:
        try:
            widths = [len(one) for one in islice(csv.reader(_split(text), delimiter=sign), LOOKED_AT) if one]
        except csv.Error:
            continue
        if not widths or max(widths) < 2:
            continue
        usual = max(set(widths), key=widths.count)
        score = (usual - 1) * widths.count(usual) / len(widths)
        if score > most:
            best, most = sign, score
    return best


def written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a CSV that a spreadsheet opens without doing what a cell says."""
    out = io.StringIO()
    out.write("\ufeff")
    pen = csv.writer(out)
    pen.writerow([harmless(one) for one in columns])
    for cells in rows:
        pen.writerow([harmless(one) for one in cells])
    return out.getvalue()


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.lstrip()[:1] in {"=", "+", "-", "@"} or cell[:1] in {"\t", "\r"} else cell


def _without_nul(text: str) -> str:
    return text.replace("\0", "").removeprefix("\ufeff")


def _split(text: str) -> Iterator[str]:
    return iter(io.StringIO(text, newline=""))


def _lines(text: str, delimiter: str) -> Iterator[Sequence[str]]:
    reader = csv.reader(_split(text), delimiter=delimiter)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as no:
            code = "long_cell" if "limit" in str(no) else "quotes"
            raise Unreadable(code, line=reader.line_num, most=LONGEST_CELL) from no
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise Unreadable("long_cell", line=reader.line_num, most=LONGEST_CELL)
        yield cells


def _table(lines: Iterator[Sequence[str]], shape: str, tell: Callable[[int], None] | None = None) -> Sheet:
    """Return the table whose first filled row names its columns; empty rows are none.

    Rows of one filled cell above it are the title of a report, when what follows them is wider.
    """
    sheet = Sheet([], shape=shape)
    for number, cells in _without_title(
        (n, [cell.strip() for cell in raw]) for n, raw in enumerate(lines, 1)
    ):
        if not sheet.columns:
            sheet.columns = _named(cells)
            continue
        width = len(sheet.columns)
        extra = any(cells[width:])
        kept = cells if extra else cells[:width]
        sheet.rows.append(Row(number, kept + [""] * (width - len(kept)), is_ragged=extra))
        if tell and not len(sheet.rows) % TOLD_AFTER:
            tell(len(sheet.rows))
        if len(sheet.rows) > MOST_ROWS:
            raise Unreadable("many_rows", most=MOST_ROWS)
    if not sheet.columns:
        raise Unreadable("empty")
    return sheet


def _without_title(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Return the filled rows with their numbers, without those of one cell that stand above wider ones."""
    narrow: list[tuple[int, list[str]]] = []
    filled = ((number, cells) for number, cells in lines if any(cells))
    for number, cells in filled:
        if sum(map(bool, cells)) > 1:
            if len(narrow) <= MOST_TITLES:
                narrow = []
            yield from narrow
            yield number, cells
            yield from filled
            return
        narrow.append((number, cells))
    yield from narrow


def _named(cells: Sequence[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MOST_COLUMNS:
        raise Unreadable("many_columns", most=MOST_COLUMNS)
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = " ".join(cell.split())[:80] or f"Column {place}"
        again = 2
        while name in names:
            name = f"{name.rsplit(' (', 1)[0]} ({again})"
            again += 1
        names.append(name)
    return names


def _workbook(content: bytes, names: list[str]) -> Iterator[Sequence[str]]:
    """Return the rows of the first filled sheet; its name, and those of other filled ones, are put to the names."""
    import openpyxl  # slow to start, and only workbooks need it

    _must_be_no_bomb(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and extensions that do not matter to a table
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheets = [one for one in book.worksheets if one.sheet_state == "visible"]
            for sheet in sheets:
                sheet.reset_dimensions()  # some programs say a sheet is smaller than it is
                if names:
                    names += [sheet.title] if _is_filled(sheet) else []
                    continue
                found = False
                _must_be_worked_out(content, sheet)
                for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1):
                    cells = [_shown(cell) for cell in row]
                    found = found or any(cells)
                    yield cells
                names += [sheet.title] if found else []
    except Unreadable:
        raise
    except Exception as no:  # a damaged workbook fails in as many ways as its library has lines
        raise Unreadable("damaged") from no


def _must_be_worked_out(content: bytes, sheet: Any) -> None:
    """Refuse a sheet with a formula that was never worked out: its cell would be read as empty."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        path = sheet._worksheet_path
        if packed.getinfo(path).file_size > MOST_SEARCHED:
            return
        for found in UNWORKED.finditer(packed.read(path)):
            if b't="str"' not in found[1]:  # that one comes to no text at all
                place = re.search(rb'r="([A-Z]{1,3}[0-9]{1,7})"', found[1])
                raise Unreadable("unworked", cell=place[1].decode() if place else "?")


def _must_be_no_bomb(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as no:
        raise Unreadable("damaged") from no
    if not any(one.filename == "[Content_Types].xml" for one in parts):
        raise Unreadable("foreign")
    grown = any(
        one.file_size > 1024 * 1024 and one.file_size > MOST_TIMES * max(one.compress_size, 1)
        for one in parts
    )
    if len(parts) > MOST_PACKED or grown or sum(one.file_size for one in parts) > LARGEST_UNPACKED:
        raise Unreadable("bomb")


def _is_filled(sheet: Any) -> bool:
    """Return whether anything stands in the first rows of a sheet."""
    rows = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1, max_row=LOOKED_AT)
    return any(_cell(value) for row in rows for value in row)


def _shown(cell: Any) -> str:
    """Return a cell as the spreadsheet shows it: a number with a format of zeros keeps those at its front."""
    value = cell.value
    if type(value) not in {int, float} or value < 0 or value != int(value):
        return _cell(value)
    zeros = ZEROS.fullmatch(cell.number_format or "")
    if not zeros:
        return _cell(value)
    form = zeros[1].replace("\\", "").replace('"', "")
    digits = str(int(value))
    if len(digits) > form.count("0"):
        return digits
    left = iter(digits.zfill(form.count("0")))
    return "".join(next(left) if sign == "0" else sign for sign in form)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        bare = value.time() == time(0)
        return value.date().isoformat() if bare else value.replace(microsecond=0).isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(float(f"{value:.15g}"))  # as it is shown
    text = str(value).replace("\0", "")
    if len(text) > LONGEST_CELL:
        raise Unreadable("long_cell", line=0, most=LONGEST_CELL)
    return text
