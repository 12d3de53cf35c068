"""When the clinicians of a sheet see patients there, and what of each day lies outside: drawn behind the visits.

The hours come with the clinicians themselves: no statement more.
"""

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any, NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.practice.models import Provider
from daysheet.schedule.rules import holds_on, say_spans
from daysheet.schedule.sheets import Sheet

FIELDS = ("location_id", "weekday", "begins", "ends", "from_on", "until_on", "turn")
Spans = list[tuple[time, time]]


class Hours(NamedTuple):
    """A span of a weekday in which a clinician sees patients at a door."""

    location_id: UUID
    weekday: int
    begins: time
    ends: time
    from_on: date | None
    until_on: date | None
    turn: int


def open_spans(one: Provider, day: date, location_id: UUID | None) -> Spans | None:
    """Return when a clinician of a sheet sees patients on a day at a door, or at any; None: no hours are set."""
    rows = [_read(told) for told in vars(one)["own_hours"]]
    if not rows:
        return None
    found: Spans = []
    for row in rows:
        here = location_id in (None, row.location_id) and row.weekday == day.weekday()
        if not here or not holds_on(day, row.from_on, row.until_on, row.turn):
            continue
        if found and row.begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], row.ends))
        else:
            found.append((row.begins, row.ends))
    return found


def write_hours(
    sheet: Sheet, people: Iterable[Provider], days: Sequence[date], location_id: UUID | None, by: str
) -> None:
    """Write on each column of a sheet which hours are its clinician's there; with `by` "day" a column is a day of one."""
    known = {str(one.pk): one for one in people}
    for column in sheet.columns:
        if by == "day":
            one, day = next(iter(known.values()), None), date.fromisoformat(column.key)
        else:
            one, day = known.get(column.key), days[0]
        spans = open_spans(one, day, location_id) if one else None
        if spans is None:
            continue
        column.hours = spans
        told = {"spans": say_spans(spans)}
        column.behind.insert(0, _("Hours: %(spans)s") % told if spans else _("No hours here on this day"))


def _read(told: dict[str, Any]) -> Hours:
    return Hours(
        location_id=UUID(told["location_id"]),
        weekday=told["weekday"],
        begins=time.fromisoformat(told["begins"]),
        ends=time.fromisoformat(told["ends"]),
        from_on=date.fromisoformat(told["from_on"]) if told["from_on"] else None,
        until_on=date.fromisoformat(told["until_on"]) if told["until_on"] else None,
        turn=told["turn"],
    )
