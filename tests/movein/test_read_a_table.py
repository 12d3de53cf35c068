"""A table out of bytes: any delimiter, quotes, encodings, ragged rows, workbooks; and what is no table."""

import io
import re
import zipfile

import openpyxl
import pytest

from daysheet.movein.rules import sheets
from daysheet.movein.rules.sheets import Unreadable, harmless, read_sheet

ROWS = [["ID", "Name"], ["1", "Muñoz, José"], ["2", 'He said "hi"']]


def as_csv(sign: str) -> str:
    return "\r\n".join(sign.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in ROWS)


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_shape_of_csv_is_read_alike(sign: str, encoding: str) -> None:
    sheet = read_sheet(as_csv(sign).encode(encoding))
    assert [sheet.columns, *(row.cells for row in sheet.rows)] == ROWS


def test_empty_rows_are_none_and_numbers_are_those_of_a_spreadsheet() -> None:
    sheet = read_sheet(b"\n\nA,B\n\n1,2\n,,\n3\n")
    assert [(row.number, row.cells) for row in sheet.rows] == [(5, ["1", "2"]), (7, ["3", ""])]


def test_the_title_of_a_report_above_the_names_is_none_of_them() -> None:
    sheet = read_sheet(b"Northside old export;;;\nas of 3/1\n\nId;Name;Tel;Plan\n7;Roe;;Blue\n")
    assert sheet.columns == ["Id", "Name", "Tel", "Plan"]
    assert [(row.number, row.cells) for row in sheet.rows] == [(5, ["7", "Roe", "", "Blue"])]
    assert [row.cells for row in read_sheet(b"Name\nRoe\nPoe\n").rows] == [["Roe"], ["Poe"]]


def test_a_row_with_more_cells_than_columns_says_so() -> None:
    sheet = read_sheet(b"A,B\n1,2,3\n1,2,,\n")
    assert [row.is_ragged for row in sheet.rows] == [True, False]


def test_columns_without_a_name_or_with_the_same_one_are_told_apart() -> None:
    assert read_sheet(b"A,,A,A,\n1,2,3,4,5\n").columns == ["A", "Column 2", "A (2)", "A (3)"]


def test_a_quote_that_holds_lines_is_one_cell() -> None:
    assert read_sheet(b'A,B\n1,"x\ny"\n').rows[0].cells == ["1", "x\ny"]


def test_a_byte_of_another_program_spoils_no_other_name() -> None:
    names = "ID,Name\n1,Muñoz\n2,José\n".encode() + b"3,Ren\xe9e\n"
    sheet = read_sheet(names)
    assert [row.cells[1] for row in sheet.rows] == ["Muñoz", "José", "Renée"]
    assert sheet.shape == ", utf-8"
    old = "ID,Name\n1,Muñoz\n2,José\n".encode("cp1252")
    assert [row.cells[1] for row in read_sheet(old).rows] == ["Muñoz", "José"]


def test_zero_signs_are_left_out() -> None:
    assert read_sheet(b"A,B\n1,a\0b\n").rows[0].cells == ["1", "ab"]


def workbook(rows: list[list[object]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("number_format", "value", "shown"),
    [
        ("00000", 42, "00042"),
        ("00000", 42.0, "00042"),
        ("00000\\-0000", 22070001, "02207-0001"),
        ("000\\-00\\-0000", 12345678, "012-34-5678"),
        ("00000", 1234567, "1234567"),
        ("0", 42, "42"),
        ("0.00", 42, "42"),
        ("General", 42, "42"),
        ("00000", -42, "-42"),
        ("00000", 4.5, "4.5"),
    ],
)
def test_a_number_keeps_the_zeros_that_its_format_shows(number_format: str, value: float, shown: str) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Member ID", "Name"])
    book.active.append([value, "Roe"])
    book.active["A2"].number_format = number_format
    book.save(out)
    assert read_sheet(out.getvalue()).rows[0].cells == [shown, "Roe"]


def test_other_filled_sheets_are_named() -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Cover"
    for name in ("Patients", "Balances", "Empty", "Notes"):
        page = book.create_sheet(name)
        if name != "Empty":
            page.append(["ID", "Name"])
            page.append([1, name])
    book.save(out)
    sheet = read_sheet(out.getvalue())
    assert [row.cells for row in sheet.rows] == [["1", "Patients"]]
    assert (sheet.name, sheet.others) == ("Patients", ["Balances", "Notes"])


def test_a_workbook_is_read_as_its_cells_are_shown() -> None:
    from datetime import date, datetime

    sheet = read_sheet(
        workbook(
            [
                ["A", "B", "C", "D"],
                [1, 2.0, date(1962, 3, 14), datetime(2026, 3, 9, 14, 30)],
                [2.5, True, None, "x"],
            ]
        )
    )
    assert [row.cells for row in sheet.rows] == [
        ["1", "2", "1962-03-14", "2026-03-09 14:30:00"],
        ["2.5", "yes", "", "x"],
    ]


def changed(content: bytes, old: str, new: str) -> bytes:
    """Return a workbook whose sheet was written by another program."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(out, "w") as made:
        for name in packed.namelist():
            part = packed.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert re.search(old.encode(), part)
                part = re.sub(old.encode(), new.encode(), part)
            made.writestr(name, part)
    return out.getvalue()


@pytest.mark.parametrize("told", ['<dimension ref="A1"/>', '<dimension ref="A1:B2"/>', ""])
def test_a_workbook_that_says_it_is_smaller_than_it_is_loses_no_row(told: str) -> None:
    content = workbook([["ID", "Due"], *([n, "40.00"] for n in range(30))])
    sheet = read_sheet(changed(content, r"<dimension[^>]*/>", told))
    assert (sheet.columns, len(sheet.rows)) == (["ID", "Due"], 30)


def test_an_amount_is_read_as_a_spreadsheet_shows_it() -> None:
    sheet = read_sheet(workbook([["ID", "Due"], [1, 0.1 + 0.2], [2, 30.199999999999996], [3, 1234.56]]))
    assert [row.cells[1] for row in sheet.rows] == ["0.3", "30.2", "1234.56"]


def test_a_formula_that_was_never_worked_out_is_not_read_as_nothing() -> None:
    content = workbook([["ID", "Due"], [1, "=20+20"]])
    with pytest.raises(Unreadable) as no:
        read_sheet(content)
    assert (no.value.code, no.value.facts) == ("unworked", {"cell": "B2"})
    worked_out = changed(content, r"</f><v ?/?>(</v>)?", "</f><v>40</v>")
    assert read_sheet(worked_out).rows[0].cells == ["1", "40"]
    no_text = changed(content, r'<c r="B2"[^>]*>', '<c r="B2" t="str">')
    assert read_sheet(no_text).rows[0].cells == ["1", ""]


def test_a_bomb_is_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "x")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 20_000_000)
    with pytest.raises(Unreadable) as no:
        read_sheet(out.getvalue())
    assert no.value.code == "bomb"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n\0", "empty"),
        (b"%PDF-1.4", "foreign"),
        (b"<html><table><tr><td>Name</td></tr></table>", "foreign"),
        (bytes(range(1, 32)) * 40, "foreign"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_workbook"),
        (b"PK\x03\x04", "damaged"),
        (b'A\n"' + b"x" * 5_000_000, "long_cell"),
        (b"A,B\n" + b"x" * 5_000_000 + b",1\n", "long_cell"),
        (b",".join(b"c%d" % n for n in range(600)), "many_columns"),
    ],
    ids=["nothing", "blank", "pdf", "page", "noise", "xls", "zip", "open quote", "long cell", "wide"],
)
def test_what_is_no_table_says_why(content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as no:
        read_sheet(content)
    assert no.value.code == code


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\rx", " =1"], ids=repr)
def test_no_cell_is_written_out_as_a_formula(cell: str) -> None:
    assert harmless(cell).startswith("'")
    assert sheets.written(["A"], [[cell]]).splitlines()[1].strip('"').startswith("'")
