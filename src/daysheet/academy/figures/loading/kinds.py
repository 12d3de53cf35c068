"""The kinds of public file: how each is recognised by its header, and the rows it gives to the pack."""

from collections.abc import Callable
from dataclasses import dataclass

from daysheet.academy.figures.loading import schools, work
from daysheet.academy.figures.loading.rows import Rows
from daysheet.academy.figures.loading.table import Table, year_of

PUBLIC = "US federal work, public domain"
OFFICIAL, EXTRACT = "official", "third-party extract, unverified"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its publisher, how to know it, how to read it, and which part of the pack it replaces."""

    key: str
    publisher: str
    knows: Callable[[Table], bool]
    read: Callable[[Table], Rows]
    slices: Callable[[Table], dict[str, str]]
    """Table of the pack -> condition (SQL) of the rows that this file replaces."""
    release: Callable[[Table], str]
    source: Callable[[Table], str]
    licence: str = PUBLIC
    trust: Callable[[Table], str] = lambda _table: OFFICIAL
    may_be_empty: bool = False
    """A part of a large file may hold no row of the trade and still be sound."""


def has(*names: str) -> Callable[[Table], bool]:
    """Return a test for a header that holds all of these columns."""
    return lambda table: set(names) <= set(table.columns)


def _year(table: Table) -> int:
    return year_of(table.file)


def _extract(table: Table) -> str:
    return (
        EXTRACT if table.file.suffix.lower() == ".parquet" or "IS_CIP_6DIGIT" in table.columns else OFFICIAL
    )


def _by_year(name: str) -> Callable[[Table], dict[str, str]]:
    return lambda table: {name: f"year = {_year(table)}"}


def _named(prefix: str) -> Callable[[Table], str]:
    return lambda table: f"{prefix}{_year(table)}"


def _tuition_year(table: Table) -> str:
    return next(name for name in table.columns if name.startswith("TUITION_FEES_INSTATE"))[-4:]


NCES, BLS = "National Center for Education Statistics (IPEDS)", "Bureau of Labor Statistics"
ONET = "O*NET, US Department of Labor"
KINDS = (
    Kind(
        "directory",
        NCES,
        has("UNITID", "INSTNM", "LATITUDE", "LONGITUD", "ZIP"),
        schools.read_schools,
        lambda _t: {"schools": "1"},
        lambda t: f"directory {_year(t)}",
        _named("hd"),
    ),
    Kind(
        "completions",
        NCES,
        has("UNITID", "CIPCODE", "MAJORNUM", "AWLEVEL", "CTOTALT"),
        schools.read_completions,
        _by_year("completions"),
        lambda t: f"completions {_year(t)}",
        _named("c"),
        trust=_extract,
    ),
    Kind(
        "programs online",
        NCES,
        has("UNITID", "CIPCODE", "PTOTAL", "PTOTALDE"),
        schools.read_program_online,
        _by_year("program_online"),
        lambda t: f"programs by distance {_year(t)}",
        _named("cdep"),
    ),
    Kind(
        "program prices",
        NCES,
        has("UNITID", "CIPCODE1", "CIPTUIT1", "MTHCMP1"),
        schools.read_program_prices,
        _by_year("program_prices"),
        lambda t: f"charges by program {_year(t)}-{(_year(t) + 1) % 100}",
        _named("icpy"),
    ),
    Kind(
        "year prices",
        NCES,
        has("UNITID", "TUITION2", "FEE2", "CHG2AY3", "CHG3AY3"),
        schools.read_year_prices,
        lambda t: {"school_prices": f"source_id = 'ay{_year(t)}'"},
        lambda t: f"charges of the year {_year(t)}-{(_year(t) + 1) % 100}",
        _named("ay"),
    ),
    Kind(
        "school facts",
        NCES,
        has("UNITID", "DISTCRS", "DISTNCED"),
        schools.read_school_facts,
        lambda t: {"school_online": f"source_id = 'ic{_year(t)}'"},
        lambda t: f"characteristics {_year(t)}-{(_year(t) + 1) % 100}",
        _named("ic"),
    ),
    Kind(
        "tuition",
        NCES,
        lambda t: "UNITID" in t.columns and any(n.startswith("TUITION_FEES_INSTATE") for n in t.columns),
        schools.read_tuition,
        lambda t: {"school_prices": f"source_id = 't{_tuition_year(t)}'"},
        lambda t: f"tuition {_tuition_year(t)}",
        lambda t: f"t{_tuition_year(t)}",
        trust=lambda _t: EXTRACT,
    ),
    Kind(
        "distance students",
        NCES,
        lambda t: "UNITID" in t.columns and any(n.startswith("DE_ENROLL_") for n in t.columns),
        schools.read_distance,
        lambda _t: {"school_online": "source_id = 'de'"},
        lambda t: "students by distance to " + max(n[-4:] for n in t.columns if n.startswith("DE_ENROLL_")),
        lambda _t: "de",
        trust=lambda _t: EXTRACT,
    ),
    Kind(
        "field of study",
        "College Scorecard, US Department of Education",
        has("UNITID", "OPEID6", "CIPCODE", "CREDLEV", "EARN_MDN_1YR"),
        schools.read_results,
        lambda _t: {"program_results": "1"},
        lambda _t: "field of study, newest",
        lambda _t: "scorecard",
        may_be_empty=True,
    ),
    Kind(
        "wages",
        BLS,
        has("AREA", "NAICS", "OCC_CODE", "A_MEDIAN", "A_PCT10"),
        work.read_oews,
        work.oews_slices,
        lambda t: f"OEWS May {_year(t)}",
        lambda t: f"w{_year(t)}" + ("n" if "national" in t.file.name.lower() else "a"),
    ),
    Kind(
        "outlook",
        BLS,
        work.outlook_is,
        work.read_outlook,
        lambda t: {"outlook": f"base_year = {work.years(t)[0]}"},
        lambda t: "Employment projections {}-{}".format(*work.years(t)),
        lambda t: f"ep{work.years(t)[0]}",
    ),
    Kind(
        "outlook reasons",
        BLS,
        lambda t: t.title == "Table 1.12" and any("FACTORS" in n for n in t.columns),
        work.read_reasons,
        lambda t: {"outlook_reasons": f"base_year = {t.columns[0][:4]}"},
        lambda t: f"Employment projections {t.columns[0][:4]}",
        lambda t: f"ep{t.columns[0][:4]}",
    ),
    Kind(
        "crosswalk",
        "NCES and BLS",
        lambda t: t.title in ("CIP-SOC", t.file.name) and has("CIP2020CODE", "SOC2018CODE")(t),
        work.read_crosswalk,
        lambda _t: {"cips": "1", "crosswalk": "1"},
        lambda _t: "CIP 2020 to SOC 2018",
        lambda _t: "cipsoc",
    ),
    Kind(
        "price levels",
        "Bureau of Economic Analysis",
        has("GEOFIPS", "LINECODE", "TABLENAME"),
        work.read_parities,
        lambda _t: {"parities": "1"},
        lambda t: "regional price parities to " + max(n for n in t.columns if n.isdigit()),
        lambda _t: "rpp",
    ),
    Kind(
        "tasks",
        ONET,
        has("O*NET-SOC CODE", "TASK ID", "TASK"),
        work.read_tasks,
        lambda _t: {"tasks": "1"},
        lambda _t: "O*NET tasks",
        lambda _t: "onett",
        licence="CC BY 4.0",
    ),
    Kind(
        "tools",
        ONET,
        has("O*NET-SOC CODE", "EXAMPLE", "COMMODITY TITLE"),
        work.read_tools,
        lambda _t: {"tools": "1"},
        lambda _t: "O*NET technology",
        lambda _t: "onetk",
        licence="CC BY 4.0",
    ),
)
