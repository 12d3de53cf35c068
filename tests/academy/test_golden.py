"""The pack says what the raw files say: read here again by a small reader that shares nothing with the loader."""

import csv
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median
from xml.etree import ElementTree

import pytest

PACK = Path(__file__).resolve().parents[2] / "src" / "daysheet" / "academy" / "pack" / "academy.sqlite"
DIRECT = {"51.0710", "51.0711", "51.0712", "51.0714", "51.0716"}
XML = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def asked(sql: str, *given: object) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{PACK}?mode=ro&immutable=1", uri=True)) as link:
        return link.execute(sql, given).fetchall()


def workbook(path: Path, sheet: int) -> Iterator[dict[str, str]]:
    """A sheet's rows as column letter to text, straight from the XML."""
    with zipfile.ZipFile(path) as book:
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            for item in ElementTree.parse(book.open("xl/sharedStrings.xml")).getroot():
                shared.append("".join(text.text or "" for text in item.iter(f"{XML}t")))
        root = ElementTree.parse(book.open(f"xl/worksheets/sheet{sheet}.xml")).getroot()
        for row in root.iter(f"{XML}row"):
            cells = {}
            for cell in row:
                place = "".join(sign for sign in cell.get("r", "") if sign.isalpha())
                value = cell.find(f"{XML}v")
                inline = "".join(text.text or "" for text in cell.iter(f"{XML}t"))
                text = (value.text or "") if value is not None else inline
                cells[place] = shared[int(text)] if cell.get("t") == "s" else text
            yield cells


def test_the_pack_is_small_and_every_row_says_its_source() -> None:
    assert PACK.stat().st_size <= 4_000_000
    known = {row[0] for row in asked("select id from sources")}
    tables = [row[0] for row in asked("select name from sqlite_master where type = 'table'")]
    assert {"schools", "wages", "completions", "outlook", "parities", "tasks", "tools"} <= set(tables)
    for table in set(tables) - {"sources", "meta"}:
        assert {row[0] for row in asked(f"select distinct source_id from {table}")} <= known
    assert len(asked("select soc from occupations")) == 12
    assert all(len(row[0]) == 64 for row in asked("select sha256 from sources"))


def test_national_wages_stand_as_in_the_official_workbook(public_files: Path) -> None:
    rows = workbook(public_files / "national_M2025_dl.xlsx", 1)
    head = {name: place for place, name in next(rows).items()}
    columns = ["TOT_EMP", "A_PCT10", "A_PCT25", "A_MEDIAN", "A_PCT75", "A_PCT90"]
    wanted = {row[0] for row in asked("select soc from occupations")}
    official = {
        row[head["OCC_CODE"]]: tuple(int(float(row[head[name]])) for name in columns)
        for row in rows
        if row.get(head["OCC_CODE"]) in wanted
    }
    ours = asked(
        "select soc, jobs, p10, p25, p50, p75, p90 from wages where area = '0000000' and industry = '000000'"
    )
    assert {row[0]: row[1:] for row in ours} == official
    assert official["43-6013"] == (961610, 35930, 38570, 45930, 50580, 60530)


STATES = """CA 54490 WA 58100 DC 49180 CT 48500 OR 50130 MA 50290 NY 47710 MN 50030 AZ 45820 NJ 48660 RI 46860 AK 47870
MD 47850 VT 48200 NH 48410 WY 44430 ND 45390 GA 43160 NV 46990 HI 49920 VA 46180 CO 46920 DE 44500 NM 44230 ME 46990
MO 43980 IL 46670 WI 48380 NE 46100 ID 44920 UT 44330 TN 39940 OH 44280 IN 44060 PA 44930 MS 36290 TX 42910 FL 41730
KS 43020 SC 40170 IA 40980 WV 38430 MI 41100 NC 44190 MT 43740 OK 38330 KY 38750 AL 36930 SD 45810 AR 37000
LA 36930""".split()


def test_the_medians_of_51_states_stand_as_published() -> None:
    expected = dict(zip(STATES[::2], map(int, STATES[1::2]), strict=True))
    ours = asked(
        "select a.state, w.p50 from wages w join areas a using (area)"
        " where w.soc = '43-6013' and w.industry = '000000' and a.kind = 'S'"
    )
    assert len(expected) == 51
    assert {state: wage for state, wage in ours if state in expected} == expected


def test_schools_and_awards_stand_as_in_the_completions(public_files: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    cips = ", ".join(f"'{cip}'" for cip in DIRECT)
    raw = duckdb.sql(
        f"select UNITID, sum(CTOTALT) from read_parquet('{public_files}/c2024_a.parquet')"
        f" where CIPCODE in ({cips}) and MAJORNUM = 1 group by 1"
    ).fetchall()
    ours = asked(
        f"select unitid, sum(awards) from completions where year = 2024 and cip in ({cips}) group by 1"
    )
    assert dict(ours) == {unit: int(count) for unit, count in raw}
    assert (len(ours), sum(row[1] for row in ours)) == (712, 26187)
    assert asked("select count(distinct unitid), sum(awards) from completions where year = 2024") == [
        (1916, 88807)
    ]


def test_every_school_of_the_directory_is_there_with_its_place(public_files: Path) -> None:
    with (public_files / "hd2024.csv").open(encoding="utf-8-sig", newline="") as stream:
        raw = {
            int(row["UNITID"]): (row["INSTNM"].strip(), row["ZIP"][:5], round(float(row["LATITUDE"]), 5))
            for row in csv.DictReader(stream)
        }
    ours = {row[0]: row[1:] for row in asked("select unitid, name, zip, lat from schools")}
    assert len(ours) == 6072
    assert {key: (" ".join(name.split()), zip_, lat) for key, (name, zip_, lat) in raw.items()} == ours


def test_program_prices_have_the_published_middle() -> None:
    cips = ", ".join(f"'{cip}'" for cip in DIRECT)
    prices = [
        row[0]
        for row in asked(f"select tuition from program_prices where tuition is not null and cip in ({cips})")
    ]
    assert (len(prices), round(median(prices) + 0.01)) == (162, 15038)


def test_the_outlook_stands_as_projected(public_files: Path) -> None:
    found = [
        row
        for sheet in range(1, 13)
        for row in workbook(public_files / "occupation_2024-2034.xlsx", sheet)
        if row.get("B") == "43-6013" and row.get("L")
    ]
    ours = asked("select jobs_base, jobs_target, change_pct, openings from outlook where soc = '43-6013'")
    assert ours == [(850.0, 885.3, 4.2, 85.9)]
    assert any((float(row["D"]), float(row["E"])) == ours[0][:2] for row in found if row["D"] and row["E"])


def test_price_levels_stand_as_published(public_files: Path) -> None:
    with (public_files / "SARPP_STATE_2008_2023.csv").open(newline="") as stream:
        raw = [row for row in csv.reader(stream) if len(row) > 20 and row[4] == "5"]
    ours = {row[0]: row[1] for row in asked("select state, all_items from parities where year = 2023")}
    assert len(ours) == 52
    assert sorted(ours.values()) == sorted(float(row[-1]) for row in raw)
