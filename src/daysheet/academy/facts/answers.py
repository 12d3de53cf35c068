"""What answers a number of the guide today: a reference such as `wage:0000000:000000:43-6013:p50`, looked up anew.

The words of a reference: `wage` and `hourly` (area, industry, occupation, column), `outlook` (occupation, column),
`program` (months or tuition: the median of the direct programs), `school` (control, level: the median yearly charge of
schools with direct programs; or books), `exam`, `fee`, `renewal` (certificate), `ours` (a number this academy set).
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from daysheet.academy.figures import pack
from daysheet.academy.figures.trade import DIRECT, HOURS_A_YEAR
from daysheet.academy.planner.rules.catalogue import Certificate, certificates

_WAGE_COLUMNS = ("jobs", "mean", "p10", "p25", "p50", "p75", "p90")
_OUTLOOK_COLUMNS = (
    "base_year",
    "target_year",
    "jobs_base",
    "jobs_target",
    "change_pct",
    "openings",
    "median",
)
_IN_THOUSANDS = ("jobs_base", "jobs_target", "openings")
_DIRECT = ", ".join(f"'{cip}'" for cip in DIRECT)


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure with where it comes from, how sure it is and how it is made."""

    value: Decimal
    source: str
    source_id: str = ""
    release: str = ""
    as_of: str = ""
    licence: str = ""
    formula: str = ""
    count: int | None = None
    error: Decimal | None = None
    """Relative standard error, percent, as the publisher prints it."""
    confirmed: bool = True


def answer(reference: str, source: str = "") -> Answer | None:
    """Return today's figure for a reference, or None when the pack has none."""
    kind, *words = reference.split(":")
    if kind == "ours":
        return Answer(Decimal(words[0]), source)
    return _KINDS[kind](words)


def _sourced(value: object, source_id: str, formula: str, **more: object) -> Answer:
    told = pack.source(source_id)
    where = (
        {}
        if told is None
        else {"release": told["release"], "as_of": told["retrieved"], "licence": told["licence"]}
    )
    name = f"{told['publisher']}, {told['file']}" if told else source_id
    return Answer(Decimal(str(value)), name, source_id, formula=formula, **where, **more)  # type: ignore[arg-type]


def _wage(words: Sequence[str]) -> Answer | None:
    area, industry, soc, column = words
    if column not in _WAGE_COLUMNS:
        raise KeyError(column)
    row = pack.row(
        "select * from wages where area = ? and industry = ? and soc = ? order by year desc",
        (area, industry, soc),
    )
    if row is None or row[column] is None:
        return None
    error = row["jobs_rse" if column == "jobs" else "wage_rse"]
    return _sourced(
        row[column],
        row["source_id"],
        "as published",
        count=row["jobs"],
        error=None if error is None else Decimal(str(error)),
    )


def _hourly(words: Sequence[str]) -> Answer | None:
    yearly = _wage(words)
    if yearly is None:
        return None
    hour = (yearly.value / HOURS_A_YEAR).quantize(Decimal("0.01"))
    return _sourced(
        hour, yearly.source_id, f"yearly / {HOURS_A_YEAR}", count=yearly.count, error=yearly.error
    )


def _outlook(words: Sequence[str]) -> Answer | None:
    soc, column = words
    if column not in _OUTLOOK_COLUMNS:
        raise KeyError(column)
    row = pack.row("select * from outlook where soc = ? order by base_year desc", (soc,))
    if row is None or row[column] is None:
        return None
    value = Decimal(str(row[column]))
    if column in _IN_THOUSANDS:
        return _sourced(int(value * 1000), row["source_id"], "published in thousands, x 1000")
    return _sourced(value, row["source_id"], "as published")


def _program(words: Sequence[str]) -> Answer | None:
    column = {"months": "months", "tuition": "tuition"}[words[0]]
    found = pack.rows(
        f"select {column} as value, source_id from program_prices where cip in ({_DIRECT}) and {column} > 0"  # noqa: S608 - names of ours
    )
    return _middle(found, "median of the direct programs that schools priced")


def _school(words: Sequence[str]) -> Answer | None:
    if words[0] == "books":
        return _middle(
            pack.rows(
                "select books as value, source_id from school_prices where books > 0 "
                "and year = (select max(year) from school_prices where books is not null)"
            ),
            "median of all schools, one year of books and supplies",
        )
    found = pack.rows(
        "select in_state as value, p.source_id from school_prices p join schools s using (unitid) "  # noqa: S608
        f"where control = ? and level = ? and in_state > 0 "
        f"and unitid in (select unitid from completions where cip in ({_DIRECT})) "
        "and year = (select max(year) from school_prices)",
        (int(words[0]), int(words[1])),
    )
    return _middle(found, "median of schools that gave awards in direct programs, one year, tuition and fees")


def _middle(rows: Iterable[sqlite3.Row], formula: str) -> Answer | None:
    held = list(rows)
    if not held:
        return None
    middle = median(Decimal(str(row["value"])) for row in held)
    return _sourced(middle.quantize(Decimal(1)), held[0]["source_id"], formula, count=len(held))


def _certificate(key: str) -> Certificate | None:
    return next((one for one in certificates() if one.key == key), None)


def _exam(words: Sequence[str]) -> Answer | None:
    one = _certificate(words[0])
    if one is None or not one.exams:
        return None
    plan = one.exams[-1]
    value = Decimal(plan.items) if words[1] == "items" else Decimal(plan.minutes) / 60
    formula = "questions that count" if words[1] == "items" else "minutes / 60"
    return Answer(round(value, 2), plan.source, as_of=plan.as_of, formula=formula, confirmed=plan.confirmed)


def _fee(words: Sequence[str]) -> Answer | None:
    one = _certificate(words[0])
    told = [fee for fee in one.fees if not fee.source.startswith("the guide")] if one else []
    if not told:
        return None
    fee = told[-1]
    return Answer(Decimal(fee.value), fee.source, as_of=fee.as_of, confirmed=fee.confirmed)


def _renewal(words: Sequence[str]) -> Answer | None:
    one = _certificate(words[0])
    if one is None:
        return None
    return Answer(Decimal(one.renewal.years), one.issuer, confirmed=one.renewal.confirmed)


_KINDS: dict[str, Callable[[Sequence[str]], Answer | None]] = {
    "wage": _wage,
    "hourly": _hourly,
    "outlook": _outlook,
    "program": _program,
    "school": _school,
    "exam": _exam,
    "fee": _fee,
    "renewal": _renewal,
}
