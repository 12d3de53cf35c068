"""What the front door asks of the pack."""

import sqlite3

from daysheet.academy.figures import pack
from daysheet.academy.figures.trade import ALL_INDUSTRIES, NATION, THE_JOB

Row = sqlite3.Row


def tasks() -> list[Row]:
    """Return what O*NET says the job does, core tasks first."""
    return pack.rows("select text, kind from tasks where soc = ? order by kind, n", (THE_JOB,))


def tools() -> list[tuple[str, str]]:
    """Return the software of the job: its kind, and examples that are in wide use."""
    rows = pack.rows(
        "select category, example, is_hot from tools where soc = ? order by category, is_hot desc", (THE_JOB,)
    )
    kinds: dict[str, list[str]] = {}
    for row in rows:
        kinds.setdefault(row["category"], []).append(row["example"])
    return [(kind, ", ".join(examples[:5])) for kind, examples in kinds.items()]


def neighbours() -> list[Row]:
    """Return the work beside the job with its middle pay, best paid first."""
    return pack.rows(
        "select o.soc, o.role, w.p50, w.jobs from occupations o join wages w using (soc)"
        " where w.area = ? and w.industry = ? order by w.p50 desc",
        (NATION, ALL_INDUSTRIES),
    )


def medians() -> dict[str, Row]:
    """Return the nation's middle pay of every occupation."""
    return {row["soc"]: row for row in neighbours()}


def best_states() -> list[Row]:
    """Return the five states with the highest middle pay."""
    return pack.rows(
        "select a.name, a.state, w.p50 from wages w join areas a using (area)"
        " where w.soc = ? and w.industry = ? and a.kind = 'S' order by w.p50 desc limit 5",
        (THE_JOB, ALL_INDUSTRIES),
    )


def schools_named(asked: str) -> list[Row]:
    """Return schools with a program of the trade whose name or town holds the words."""
    like = "%" + asked.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    return pack.rows(
        "select s.unitid, s.name, s.city, s.state from schools s"
        " where (s.name like ? escape '\\' or s.city like ? escape '\\')"
        " and exists (select 1 from completions c where c.unitid = s.unitid) order by s.name limit 12",
        (like, like),
    )


def states_named(asked: str) -> list[Row]:
    """Return the states whose name begins so, or whose two letters these are."""
    return pack.rows(
        "select name, state from areas where kind = 'S' and (lower(name) like ? or lower(state) = ?)"
        " order by name limit 6",
        (asked.lower().replace("%", "") + "%", asked.lower()),
    )
