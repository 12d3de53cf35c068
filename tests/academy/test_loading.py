"""Taking public files in: whole, once, and nothing of a file that is not sound."""

import csv
import json
import shutil
import sqlite3
import tracemalloc
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
    "national_M2020.csv": (
        "AREA,NAICS,OCC_CODE,A_MEDIAN,A_PCT10\n99,000000,43-6013,1,1\n",
        "has no column AREA_TITLE",
    ),
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


OEWS = (
    "AREA,AREA_TITLE,AREA_TYPE,PRIM_STATE,NAICS,NAICS_TITLE,OWN_CODE,OCC_CODE,OCC_TITLE,O_GROUP,TOT_EMP,EMP_PRSE,A_MEAN,MEAN_PRSE,"
    "A_PCT10,A_PCT25,A_MEDIAN,A_PCT75,A_PCT90"
)
ALL_AREAS = f"""{OEWS}
99,U.S.,1,US,000000,All,1235,43-6013,Secretary,detailed,"960,000",0.4,47000,0.3,35000,39000,45000,52000,60000
99,U.S.,1,US,621100,Physicians,1235,43-6013,Secretary,detailed,400000,0.9,46000,0.4,34000,38000,44000,50000,58000
25,Massachusetts,2,MA,000000,All,1235,43-6013,Secretary,detailed,20000,1.9,53000,0.9,40000,45000,51000,59000,67000
44140,"Springfield, MA",4,MA,000000,All,1235,11-9111,Manager,detailed,900,**,*,*,80000,100000,125000,180000,#
2500006,Southwest Massachusetts,6,MA,000000,All,1235,43-6013,Secretary,detailed,**,**,*,*,*,*,*,*,*
72,Guam,3,GU,000000,All,1235,43-6013,Secretary,detailed,1,1,1,1,1,1,1,1,1
25,Massachusetts,2,MA,000000,All,1235,35-3031,Waiter,detailed,1,1,1,1,1,1,1,1,1
"""


def test_wages_of_all_areas_come_from_one_file(tmp_path: Path) -> None:
    written(tmp_path / "files", "all_data_M_2026.csv", ALL_AREAS)
    own = tmp_path / "own.sqlite"
    load(tmp_path / "files", None, own)
    found = asked(
        own, "select area, industry, soc, jobs, p50, p90, top_coded from wages order by soc, area, industry"
    )
    assert found == [
        ("0044140", "000000", "11-9111", 900, 125000, 239200, 1),
        ("0000000", "000000", "43-6013", 960000, 45000, 60000, 0),
        ("0000000", "621100", "43-6013", 400000, 44000, 58000, 0),
        ("2500000", "000000", "43-6013", 20000, 51000, 67000, 0),
        ("2500006", "000000", "43-6013", None, None, None, 0),
    ]
    assert asked(own, "select release, trust from sources") == [("OEWS May 2026", "official")]


def test_a_year_of_all_areas_stands_beside_the_year_before(tmp_path: Path) -> None:
    own = tmp_path / "own.sqlite"
    written(tmp_path / "2026", "all_data_M_2026.csv", ALL_AREAS)
    load(tmp_path / "2026", None, own)
    written(tmp_path / "2027", "all_data_M_2027.csv", ALL_AREAS.replace("45000", "47000"))
    changes = load(tmp_path / "2027", own, own)
    assert [(one.table, one.added, one.gone) for one in changes if one.table == "wages"] == [("wages", 5, 0)]
    assert asked(own, "select year, p50 from wages where area = '0000000' and industry = '000000'") == [
        (2026, 45000),
        (2027, 47000),
    ]


def test_programs_by_distance_say_which_can_be_done_online(tmp_path: Path) -> None:
    head = "UNITID,CIPCODE,PTOTAL,PTOTALDE,PASSOC"
    written(tmp_path / "files", "c2024dep.csv", f"{head}\n164492,51.0716,2,1,0\n164492,48.0508,1,0,0\n")
    own = tmp_path / "own.sqlite"
    load(tmp_path / "files", None, own)
    assert asked(own, "select unitid, cip, year, programs, online from program_online") == [
        (164492, "51.0716", 2024, 2, 1)
    ]


def test_a_large_file_is_read_in_a_stream(tmp_path: Path) -> None:
    head = "UNITID,OPEID6,INSTNM,CIPCODE,CREDLEV,EARN_MDN_1YR,EARN_MDN_4YR,DEBT_ALL_STGP_ANY_MDN"
    other = (
        "1,000001,College of Everything Else and a Long Name,1101,3,PrivacySuppressed,50000,9000\n" * 60_000
    )
    ours = "164492,002117,Anna Maria College,5107,2,31000,PS,PrivacySuppressed\n"
    file = written(tmp_path / "files", "Most-Recent-Cohorts-Field-of-Study.csv", f"{head}\n{other}{ours}")
    own = tmp_path / "own.sqlite"
    tracemalloc.start()
    try:
        load(tmp_path / "files", None, own)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert asked(
        own, "select unitid, opeid6, level, earnings_1yr, earnings_4yr, debt from program_results"
    ) == [(164492, "002117", 2, 31000, None, None)]
    assert peak < file.stat().st_size


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
