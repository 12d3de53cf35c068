"""Reading the files about work: wages, outlook, crosswalk, price levels, tasks and tools."""

import re

from daysheet.academy.figures.loading.rows import Row, Rows
from daysheet.academy.figures.loading.table import TOP, Table, real, whole, words, year_of
from daysheet.academy.figures.trade import ALL_INDUSTRIES, CIPS, DIRECT, FIPS, NATION, OCCUPATIONS, SETTINGS

OEWS_COLUMNS = (
    "AREA",
    "AREA_TITLE",
    "AREA_TYPE",
    "PRIM_STATE",
    "NAICS",
    "OCC_CODE",
    "TOT_EMP",
    "EMP_PRSE",
    "A_MEAN",
    "MEAN_PRSE",
    "A_PCT10",
    "A_PCT25",
    "A_MEDIAN",
    "A_PCT75",
    "A_PCT90",
)
TOP_WAGE = 239_200
"""The OEWS writes # for a yearly wage of at least this much."""


def area_code(code: str, kind: str) -> str:
    """Return an area as seven digits, as the OEWS time series writes it: nation 0000000, state 0600000, metro 0041860."""
    if kind == "1":
        return NATION
    return f"{int(code):02d}00000" if kind == "2" else f"{int(code):07d}"


def read_oews(table: Table) -> Rows:
    """Give areas and wages of the trade."""
    year, seen = year_of(table.file), set()
    for row in table.records(*OEWS_COLUMNS):
        cell = dict(zip(OEWS_COLUMNS, row, strict=True))
        soc, industry = str(cell["OCC_CODE"]).strip(), str(cell["NAICS"]).strip().zfill(6)
        kind = str(cell["AREA_TYPE"]).strip()
        if soc not in OCCUPATIONS or kind not in {"1", "2", "4", "6"}:
            continue
        if industry != ALL_INDUSTRIES and industry not in SETTINGS:
            continue
        area = area_code(str(cell["AREA"]).strip(), kind)
        if area != NATION and area not in seen:
            seen.add(area)
            yield (
                "areas",
                {
                    "area": area,
                    "kind": "S" if kind == "2" else "M",
                    "name": words(cell["AREA_TITLE"]) or area,
                    "state": words(cell["PRIM_STATE"]),
                },
            )
        yield "wages", {"area": area, "industry": industry, "soc": soc, "year": year, **_wage(cell)}


def _wage(cell: Row) -> Row:
    yearly = {"p10": "A_PCT10", "p25": "A_PCT25", "p50": "A_MEDIAN", "p75": "A_PCT75", "p90": "A_PCT90"}
    capped = any(str(cell[name]).strip() == TOP for name in yearly.values())
    return {
        "jobs": whole(cell["TOT_EMP"]),
        "jobs_rse": real(cell["EMP_PRSE"]),
        "mean": whole(cell["A_MEAN"]),
        **{
            ours: TOP_WAGE if str(cell[theirs]).strip() == TOP else whole(cell[theirs])
            for ours, theirs in yearly.items()
        },
        "wage_rse": real(cell["MEAN_PRSE"]),
        "top_coded": int(capped),
    }


def oews_slices(table: Table) -> dict[str, str]:
    """Return which wages a file replaces: the national file only the nation's own row."""
    year = year_of(table.file)
    if "national" in table.title.lower() or "national" in table.file.name.lower():
        return {"wages": f"year = {year} and area = '{NATION}' and industry = '{ALL_INDUSTRIES}'"}
    return {"wages": f"year = {year}", "areas": "kind != 'N'"}


def outlook_is(table: Table) -> bool:
    """Whether this is the table of occupational projections."""
    return table.title == "Table 1.2" and any("EMPLOYMENT MATRIX CODE" in name for name in table.columns)


def years(table: Table) -> tuple[int, int]:
    """Return the base year and the target year."""
    found = sorted(
        {int(year) for name in table.columns for year in re.findall(r"EMPLOYMENT, (20\d\d)", name)}
    )
    return (found[0], found[-1]) if found else (0, 0)


def read_outlook(table: Table) -> Rows:
    """Give jobs now and to come, openings, schooling."""
    base, target = years(table)

    def column(start: str) -> str:
        return next(name for name in table.columns if name.startswith(start))

    names = [
        next(name for name in table.columns if name.endswith("MATRIX CODE")),
        f"EMPLOYMENT, {base}",
        f"EMPLOYMENT, {target}",
        column("EMPLOYMENT CHANGE, NUMERIC"),
        column("EMPLOYMENT CHANGE, PERCENT"),
        column("OCCUPATIONAL OPENINGS"),
        column("MEDIAN ANNUAL WAGE"),
        column("TYPICAL EDUCATION"),
    ]
    for soc, jobs, later, change, percent, openings, median, school in table.records(*names):
        code = str(soc or "").strip()
        if code in OCCUPATIONS or code == "00-0000":
            yield (
                "outlook",
                {
                    "soc": code,
                    "base_year": base,
                    "target_year": target,
                    "jobs_base": real(jobs),
                    "jobs_target": real(later),
                    "change": real(change),
                    "change_pct": real(percent),
                    "openings": real(openings),
                    "median": whole(median),
                    "education": words(school),
                },
            )


def read_reasons(table: Table) -> Rows:
    """Give why the share of an occupation changes."""
    base = int((re.findall(r"^(20\d\d)", table.columns[0]) or ["0"])[0])
    for row in table.rows:
        title = list(row) + [None] * 5
        soc, industry, reason = words(title[1]), words(title[2]), words(title[4])
        if soc in OCCUPATIONS and reason:
            yield (
                "outlook_reasons",
                {"soc": soc, "base_year": base, "industry": industry or "", "reason": reason},
            )


def read_crosswalk(table: Table) -> Rows:
    """Give programs, and the occupations they lead to."""
    seen = set()
    for cip, title, soc in table.records("CIP2020CODE", "CIP2020TITLE", "SOC2018CODE"):
        code, occupation = str(cip).strip(), str(soc).strip()
        if code in CIPS and code not in seen:
            seen.add(code)
            yield (
                "cips",
                {
                    "cip": code,
                    "title": (words(title) or CIPS[code]).rstrip("."),
                    "kind": "direct" if code in DIRECT else "related",
                },
            )
        if code in CIPS and occupation in OCCUPATIONS:
            yield "crosswalk", {"cip": code, "soc": occupation}


def read_parities(table: Table) -> Rows:
    """Give price levels of the states, last three years."""
    years = [name for name in table.columns if re.fullmatch(r"20\d\d", name)][-3:]
    found: dict[tuple[str, int], Row] = {}
    for code, line, *values in table.records("GEOFIPS", "LINECODE", *years):
        state, name = (
            str(code).strip().strip('"').strip(),
            {5: "all_items", 7: "housing"}.get(whole(line) or 0),
        )
        if name is None or not re.fullmatch(r"\d{5}", state):
            continue
        for year, value in zip(years, values, strict=True):
            row = found.setdefault(
                (state, int(year)),
                {
                    "state": FIPS.get(state[:2], state[:2]),
                    "year": int(year),
                    "all_items": None,
                    "housing": None,
                },
            )
            row[name] = real(value)
    for row in found.values():
        yield "parities", row


def read_tasks(table: Table) -> Rows:
    """Give what the job does, by O*NET."""
    for n, (soc, text, kind) in enumerate(table.records("O*NET-SOC CODE", "TASK", "TASK TYPE"), 1):
        yield (
            "tasks",
            {
                "soc": str(soc)[:7],
                "n": n,
                "text": words(text) or "",
                "kind": (words(kind) or "not rated").lower(),
            },
        )


def read_tools(table: Table) -> Rows:
    """Give the software of the job, by O*NET."""
    for soc, example, category, hot in table.records(
        "O*NET-SOC CODE", "EXAMPLE", "COMMODITY TITLE", "HOT TECHNOLOGY"
    ):
        yield (
            "tools",
            {
                "soc": str(soc)[:7],
                "category": words(category) or "",
                "example": words(example) or "",
                "is_hot": int(words(hot) == "Y"),
            },
        )
