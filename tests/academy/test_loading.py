"""Taking public files in: whole, once, and nothing of a file that is not sound."""

import csv
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from daysheet.academy.figures.loading.table import looks_like_data, real, tables, whole, year_of
from daysheet.academy.figures.loading.take_in import Change, read_files, take_in
from daysheet.kernel.errors import Refusal
from daysheet.site.cli import answer

DAY = date(2026, 11, 25)
PACK = Path(__file__).resolve().parents[2] / "src" / "daysheet" / "academy" / "pack" / "academy.sqlite"
SCHOOL = [
    "999001", "Test College", "Springfield", "IL", "62701-1234", "39.8", "-89.6", "4", "2", "1", "00999900",
    "https://www.example.edu/", "", "1", "44100",
]  # fmt: skip
HEAD = "UNITID,INSTNM,CITY,STABBR,ZIP,LATITUDE,LONGITUD,SECTOR,ICLEVEL,CONTROL,OPEID,WEBADDR,NPRICURL,CYACTIVE,CBSA"


def load(folder: Path, base: Path | None, target: Path) -> list[Change]:
    parts, _ = read_files(folder.iterdir(), DAY, lambda _done, _of: None)
    return take_in(parts, base, target)


def asked(pack: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(pack)) as link:
        return link.execute(sql).fetchall()


def written(folder: Path, name: str, text: str | bytes) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_one_more_school_is_one_more_row_and_twice_is_nothing(public_files: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    lines = (public_files / "hd2024.csv").read_text(encoding="utf-8-sig").splitlines()
    names = next(csv.reader([lines[0]]))
    row = dict.fromkeys(names, "-2") | dict(zip(HEAD.split(","), SCHOOL, strict=True))
    lines.append(",".join(row[name] for name in names))
    (folder / "hd2024.csv").write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    own = tmp_path / "own.sqlite"
    changes = load(folder, PACK, own)
    assert [(one.table, one.added, one.changed, one.gone) for one in changes] == [("schools", 1, 0, 0)]
    assert load(folder, own, own) == []
    assert asked(own, "select count(*) from schools") == [(6073,)]
    told = asked(own, "select zip, website, net_price_url from schools where unitid = 999001")
    assert told == [("62701", "www.example.edu", None)]


def test_the_verb_prints_the_difference_and_then_nothing(
    public_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAYSHEET_STATE", str(tmp_path / "state"))
    folder = tmp_path / "files"
    folder.mkdir()
    shutil.copy(public_files / "onet_43-6013_tasks.txt", folder)
    text = (folder / "onet_43-6013_tasks.txt").read_text()
    (folder / "onet_43-6013_tasks.txt").write_text(text.replace("Answer telephones", "Answer calls", 1))
    assert answer(["academy", "load", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changes"][0] == {
        "file": "onet_43-6013_tasks.txt",
        "table": "tasks",
        "added": 0,
        "changed": 1,
        "gone": 0,
    }
    assert answer(["academy", "load", str(folder)]) == 0
    assert "Nothing changed." in capsys.readouterr().out


BROKEN = {
    "hd2024.csv": (f"{HEAD}\n999001,Cut Coll", "cut off in line 2"),
    "hd2025.csv": (f"{HEAD}\n{','.join(SCHOOL)}\n", "seems to be cut off"),
    "directory.csv": (f"{HEAD}\n{','.join(SCHOOL)}\n", "holds no year"),
    "c2024_a.csv": ("UNITID,CIPCODE,MAJORNUM,AWLEVEL,CTOTALT\n", "no row of the trade"),
    "c2024_b.parquet": (b"PAR1 but nothing more", "cannot be opened"),
    "national_M2025_dl.xlsx": (b"PK\x03\x04 not a workbook", "cannot be opened"),
    "foreign.csv": ("name,colour\nrose,red\n", "no public file that the academy knows"),
    "empty.csv": ("", "is empty"),
    "noise.csv": (bytes(range(256)) * 40, "not a text table"),
    "wide.csv": ("UNITID," + ",".join(f"A{n}" for n in range(20_000)), "no public file"),
    "twice2024hd.csv": (f"{HEAD}\n{','.join(SCHOOL)}\n{','.join(SCHOOL)}\n", "twice"),
    "nameless_hd2024.csv": (f"{HEAD}\n{','.join(['', *SCHOOL[1:]])}\n", "has no unitid"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_not_sound_is_refused_by_name_and_nothing_changes(name: str, tmp_path: Path) -> None:
    text, sentence = BROKEN[name]
    written(tmp_path / "files", name, text)
    own = tmp_path / "own.sqlite"
    with pytest.raises(Refusal, match=sentence) as no:
        load(tmp_path / "files", PACK, own)
    assert name in str(no.value)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["files"]


def test_one_bad_file_keeps_the_good_ones_out_too(public_files: Path, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    shutil.copy(public_files / "onet_43-6013_technology.txt", folder)
    written(folder, "foreign.csv", "name,colour\nrose,red\n")
    with pytest.raises(Refusal, match=r"foreign\.csv"):
        load(folder, PACK, tmp_path / "own.sqlite")


def test_an_older_file_in_another_writing_is_read(tmp_path: Path) -> None:
    school = [*SCHOOL]
    school[1] = "Université"
    written(tmp_path / "files", "hd2019.csv", f"{HEAD}\n{','.join(school)}\n".encode("latin-1"))
    own = tmp_path / "own.sqlite"
    load(tmp_path / "files", None, own)
    assert asked(own, "select name from schools") == [("Université",)]


def test_hostile_words_are_only_words(tmp_path: Path) -> None:
    school = [*SCHOOL]
    school[1] = "'); drop table schools; -- <script>"
    written(tmp_path / "files", "hd2024.csv", f"{HEAD}\n{','.join(school)}\n")
    own = tmp_path / "own.sqlite"
    load(tmp_path / "files", None, own)
    assert asked(own, "select count(*) from schools") == [(1,)]


def test_an_official_completions_file_ends_the_doubt(tmp_path: Path) -> None:
    rows = "UNITID,CIPCODE,MAJORNUM,AWLEVEL,CTOTALT\n100,51.0716,1,2,7\n100,51.0716,2,2,9\n100,99,1,2,7\n"
    written(tmp_path / "files", "c2024_a.csv", rows)
    own = tmp_path / "own.sqlite"
    load(tmp_path / "files", None, own)
    assert asked(own, "select unitid, cip, award, awards from completions") == [(100, "51.0716", 2, 7)]
    assert asked(own, "select trust from sources") == [("official",)]


@pytest.mark.parametrize("mark", [".", "-2", "*", "**", "PrivacySuppressed", "", "#", "abc", "1e400", "nan"])
def test_what_is_not_released_is_no_number(mark: str) -> None:
    assert whole(mark) is None


def test_numbers_are_read_as_written() -> None:
    assert (whole("1,040"), real(" 8.5 "), whole(-1)) == (1040, 8.5, -1)
    assert [year_of(Path(name)) for name in ("hd2024.csv", "national_M2025_dl.xlsx")] == [2024, 2025]


def test_notes_beside_the_data_are_left_alone(tmp_path: Path) -> None:
    assert not looks_like_data(written(tmp_path / "f", "INDEX.md", "# notes"))
    assert not looks_like_data(written(tmp_path / "f", "guide.txt", "Prose without a table.\n"))
    assert next(tables(written(tmp_path / "f", "t.txt", "A\tB\n1\t2\n"))).columns == ("A", "B")
