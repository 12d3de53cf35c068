"""Reading the education department's files: IPEDS and the College Scorecard."""

import re
from typing import Any

from daysheet.academy.figures.loading.rows import Rows
from daysheet.academy.figures.loading.table import Table, real, whole, words, year_of
from daysheet.academy.figures.trade import CIPS


def read_schools(table: Table) -> Rows:
    """Give the directory: one row a school."""
    names = (
        "UNITID",
        "INSTNM",
        "CITY",
        "STABBR",
        "ZIP",
        "LATITUDE",
        "LONGITUD",
        "SECTOR",
        "ICLEVEL",
        "CONTROL",
        "OPEID",
        "WEBADDR",
        "NPRICURL",
        "CYACTIVE",
        "CBSA",
    )
    for (
        unit,
        name,
        city,
        state,
        zip_,
        lat,
        lon,
        sector,
        level,
        control,
        opeid,
        web,
        price,
        act,
        cbsa,
    ) in table.records(*names):
        yield (
            "schools",
            {
                "unitid": whole(unit),
                "name": words(name) or "",
                "city": words(city),
                "state": words(state),
                "zip": (words(zip_) or "")[:5] or None,
                "lat": real_place(lat),
                "lon": real_place(lon),
                "sector": whole(sector),
                "level": whole(level),
                "control": whole(control),
                "opeid": words(opeid),
                "website": _address(web),
                "net_price_url": _address(price),
                "is_closed": 0 if whole(act) == 1 else 1,
                "cbsa": words(cbsa),
            },
        )


def _address(value: Any) -> str | None:
    """Return a web address without its scheme and last stroke: every page writes https before it."""
    text = words(value)
    return None if text is None else re.sub(r"^https?://", "", text, flags=re.I).rstrip("/") or None


def real_place(value: Any) -> float | None:
    """Return a coordinate in degrees: here -1 and -2 would be places, but no US school lies there."""
    number = real(value)
    return None if number is None else round(number, 5)


def read_completions(table: Table) -> Rows:
    """Give awards by school, program, level and year; first majors only."""
    year = year_of(table.file)
    sums: dict[tuple[int, str, int], int] = {}
    for unit, cip, major, award, awards in table.records(
        "UNITID", "CIPCODE", "MAJORNUM", "AWLEVEL", "CTOTALT"
    ):
        code = str(cip).strip().strip('"')
        if code not in CIPS or whole(major) != 1:
            continue
        key = (int(whole(unit) or 0), code, int(whole(award) or 0))
        sums[key] = sums.get(key, 0) + int(whole(awards) or 0)
    for (unit_id, code, level), count in sums.items():
        yield "completions", {"unitid": unit_id, "cip": code, "award": level, "year": year, "awards": count}


def read_program_prices(table: Table) -> Rows:
    """Give prices and lengths of the largest programs of a school."""
    year, places = year_of(table.file), {name: n for n, name in enumerate(table.columns)}
    slots = [n for n in range(1, 7) if f"CIPCODE{n}" in places]
    for row in table.rows:
        for n in slots:
            code = str(row[places[f"CIPCODE{n}"]]).strip().strip('"')
            if code not in CIPS:
                continue
            cell = {
                name: row[places[f"{name}{n}"]]
                for name in ("CIPTUIT", "CIPSUPP", "CIPLGTH", "PRGMSR", "MTHCMP")
            }
            yield (
                "program_prices",
                {
                    "unitid": whole(row[0]),
                    "cip": code,
                    "year": year,
                    "n": n,
                    "tuition": whole(cell["CIPTUIT"]),
                    "supplies": whole(cell["CIPSUPP"]),
                    "months": real(cell["MTHCMP"]),
                    "length": whole(cell["CIPLGTH"]),
                    "unit": {1: "clock", 2: "credit"}.get(whole(cell["PRGMSR"]) or 0),
                },
            )


def read_year_prices(table: Table) -> Rows:
    """Give charges of an academic year."""
    year = year_of(table.file)
    books = "CHG4AY3" if "CHG4AY3" in table.columns else "UNITID"
    names = ("UNITID", "CHG2AY3", "CHG3AY3", "TUITION2", "FEE2", books)
    for unit, in_state, out_state, tuition, fees, book in table.records(*names):
        row = {
            "unitid": whole(unit),
            "year": year,
            "in_state": whole(in_state),
            "out_state": whole(out_state),
            "tuition": whole(tuition),
            "fees": whole(fees),
            "books": whole(book) if books != "UNITID" else None,
        }
        if any(row[name] is not None for name in ("in_state", "out_state", "tuition")):
            yield "school_prices", row


def read_tuition(table: Table) -> Rows:
    """Give in-state and out-of-state tuition with fees."""
    inside = next(name for name in table.columns if name.startswith("TUITION_FEES_INSTATE"))
    outside = next(name for name in table.columns if "OUTSTATE" in name)
    for unit, in_state, out_state in table.records("UNITID", inside, outside):
        if whole(in_state) is None and whole(out_state) is None:
            continue
        yield (
            "school_prices",
            {
                "unitid": whole(unit),
                "year": int(inside[-4:]),
                "in_state": whole(in_state),
                "out_state": whole(out_state),
                "tuition": None,
                "fees": None,
                "books": None,
            },
        )


def read_distance(table: Table) -> Rows:
    """Give students who study by distance."""
    year = max(int(name[-4:]) for name in table.columns if re.fullmatch(r"DE_ENROLL_\d{4}", name))
    some = next(name for name in table.columns if name in {f"SDE_ENROLL_{year}", "SDE_ENROLL_TOTAL"})
    for unit, total, all_online, some_online in table.records(
        "UNITID", f"TOTAL_ENROLL_{year}", f"DE_ENROLL_{year}", some
    ):
        if whole(total) is not None:
            yield (
                "school_online",
                {
                    "unitid": whole(unit),
                    "year": year,
                    "students": whole(total),
                    "all_online": whole(all_online),
                    "some_online": whole(some_online),
                    "offers_distance": None,
                },
            )


def read_school_facts(table: Table) -> Rows:
    """Give which schools offer distance courses."""
    year = year_of(table.file)
    for unit, offers in table.records("UNITID", "DISTCRS"):
        value = whole(offers)
        if value == 1:
            yield (
                "school_online",
                {
                    "unitid": whole(unit),
                    "year": year,
                    "students": None,
                    "all_online": None,
                    "some_online": None,
                    "offers_distance": value,
                },
            )


def read_program_online(table: Table) -> Rows:
    """Give programs that can be done by distance."""
    year = year_of(table.file)
    for unit, cip, programs, online in table.records("UNITID", "CIPCODE", "PTOTAL", "PTOTALDE"):
        code = str(cip).strip().strip('"')
        if code in CIPS:
            yield (
                "program_online",
                {
                    "unitid": whole(unit),
                    "cip": code,
                    "year": year,
                    "programs": whole(programs),
                    "online": whole(online),
                },
            )


def read_results(table: Table) -> Rows:
    """Give earnings and debt by field of study; all of 51.07 in one."""
    names = [
        "UNITID",
        "OPEID6",
        "CIPCODE",
        "CREDLEV",
        "EARN_MDN_1YR",
        "EARN_MDN_4YR",
        "DEBT_ALL_STGP_ANY_MDN",
    ]
    for unit, ope, cip, level, one, four, debt in table.records(*names):
        if str(cip).strip().strip('"').zfill(4) != "5107":
            continue
        yield (
            "program_results",
            {
                "unitid": whole(unit) or 0,
                "opeid6": words(ope) or "",
                "cip4": "5107",
                "level": whole(level),
                "year": "newest",
                "earnings_1yr": whole(one),
                "earnings_4yr": whole(four),
                "debt": whole(debt),
            },
        )
