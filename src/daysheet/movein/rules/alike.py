"""Rows that are very like a chart that is here, or like a row before them. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daysheet.movein.rules.judging import Judged
from daysheet.patients.matching import NO_BIRTH, Reason, Strength, Who, likeness
from daysheet.patients.names import plain

CROWD = 200
"""Born on one day in one file: more than this is a date that somebody filled in, and only equal names count."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart that is here, as far as telling people apart needs it."""

    patient_id: UUID
    chart_number: int
    who: Who


@dataclass(frozen=True, slots=True)
class Twin:
    """A row and whom it is like: a chart, or a row before it."""

    row: int
    reasons: Sequence[Reason]
    patient_id: UUID | None = None
    chart_number: int | None = None
    other_row: int | None = None


def who_of(judged: Judged) -> Who:
    """Return a row as telling people apart sees one."""
    says = judged.says
    phones = (says.get("phone_mobile"), says.get("phone_home"), says.get("phone_work"))
    return Who(
        family=says.get("family", ""),
        given=says.get("given", ""),
        born_on=says.get("born_on"),
        middle=says.get("middle", ""),
        suffix=says.get("suffix", ""),
        sex=says.get("sex", ""),
        phones=tuple(number for number in phones if number),
        email=says.get("email", ""),
        street=says.get("street", ""),
        zip=says.get("zip", ""),
    )


def twins(rows: Iterable[Judged], charts: Iterable[Chart]) -> dict[int, Twin]:
    """Return the rows that are strongly like a chart or like an earlier row, by the number of the row."""
    born: dict[date, list[Chart]] = defaultdict(list)
    for chart in charts:
        if chart.who.born_on:
            born[chart.who.born_on].append(chart)
    before: dict[date, list[tuple[Who, int]]] = defaultdict(list)
    found: dict[int, Twin] = {}
    for judged in rows:
        who = who_of(judged)
        if not judged.is_good or who.born_on is None:
            continue
        twin = _of_chart(judged.number, who, born[who.born_on]) or _of_row(
            judged.number, who, before[who.born_on]
        )
        if twin:
            found[judged.number] = twin
        before[who.born_on].append((who, judged.number))
    return found


def _of_chart(row: int, who: Who, charts: Sequence[Chart]) -> Twin | None:
    for chart in charts:
        reasons = _reasons(who, chart.who, len(charts))
        if reasons:
            return Twin(row, reasons, chart.patient_id, chart.chart_number)
    return None


def _of_row(row: int, who: Who, rows: Sequence[tuple[Who, int]]) -> Twin | None:
    for other, number in rows:
        reasons = _reasons(who, other, len(rows))
        if reasons:
            return Twin(row, reasons, other_row=number)
    return None


def _reasons(new: Who, known: Who, crowd: int) -> Sequence[Reason]:
    same = plain(new.family) == plain(known.family) and plain(new.given) == plain(known.given)
    if new.born_on in NO_BIRTH or crowd > CROWD:
        shared = {*new.phones} & {*known.phones} or (new.email and new.email == known.email)
        return likeness(new, known).reasons if same and shared else ()
    if not same and plain(new.family)[:1] != plain(known.family)[:1] and new.family[:1] != known.given[:1]:
        return ()  # cheap, and right for all but a few: names that begin otherwise are other names
    verdict = likeness(new, known)
    return verdict.reasons if verdict.strength is Strength.STRONG else ()
