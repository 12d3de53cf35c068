"""What lies behind the visits of a day: kept time, who is away or on call, holidays, held times; drawn, never carried.

Three statements for any number of clinicians and days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from daysheet.kernel.clock import day_bounds
from daysheet.kernel.ready import Ready, Told
from daysheet.schedule import kept
from daysheet.schedule.blocks import Block, is_on, released_at
from daysheet.schedule.held import Held
from daysheet.schedule.kept_words import say_moment
from daysheet.schedule.models import Absence
from daysheet.schedule.rules import say_spans
from daysheet.schedule.sheets import Sheet
from daysheet.schedule.slots import WallClock, minute_of

LAST = time(23, 59)


@dataclass(frozen=True, slots=True)
class Shade:
    """A part of a clinician's day, on the wall clock, with what it is."""

    provider_id: UUID | None
    """None: everybody's."""
    day: date
    begins: time
    ends: time
    words: str
    tone: str

    @property
    def line(self) -> str:
        """Return it in one line."""
        if (self.begins, self.ends) == (time(0), LAST):
            return self.words
        return f"{say_spans([(self.begins, self.ends)])} {self.words}"


def shades(
    days: Sequence[date],
    *,
    provider_ids: Sequence[UUID],
    location_id: UUID | None,
    zone: ZoneInfo,
    now: datetime,
    keeping: Sequence[UUID] | None = None,
    held: Iterable[Held] = (),
) -> list[Shade]:
    """Return what lies behind the visits of some days, the earliest first.

    `keeping` says who keeps time at all, where that is known: for nobody nothing is asked. `held` are the times that
    others hold while they book.
    """
    asked = provider_ids if keeping is None else keeping
    found = [
        *(_blocks(days, asked, location_id, now) if asked else ()),
        *_absences(days, provider_ids, location_id, zone),
        *_held(days, held, zone),
    ]
    return sorted(found, key=lambda one: (one.day, one.begins, one.ends, one.words))


def shade(sheet: Sheet, found: Iterable[Shade], by: str) -> list[dict[str, Any]]:
    """Write what lies behind the visits over each column of a sheet, and return it as the calendar draws it."""
    drawn: list[dict[str, Any]] = []
    for one in found:
        for column in sheet.columns:
            key = one.day.isoformat() if by == "day" else str(one.provider_id or column.key)
            if column.key != key:
                continue
            column.behind.append(one.line)
            drawn.append(
                {
                    "id": f"behind-{len(drawn)}",
                    "column": key,
                    "begins": f"{sheet.day.isoformat()}T{one.begins:%H:%M}",
                    "ends": f"{sheet.day.isoformat()}T{one.ends:%H:%M}",
                    "name": one.words,
                    "tone": one.tone,
                    "behind": True,
                    "fixed": True,
                }
            )
    return drawn


def _blocks(
    days: Sequence[date], provider_ids: Sequence[UUID], location_id: UUID | None, now: datetime
) -> Iterable[Shade]:
    keeps = kept.kept_time(provider_ids)
    keeps.blocks = [one for one in keeps.blocks if location_id in (None, one.location_id)]
    booked = keeps.booked(days[0], days[-1])
    for day in days:
        for block in keeps.blocks:
            if is_on(block, day):
                count = booked.get((block.id, day), 0)
                words, is_open = _words(block, day, count, now, keeps.wall)
                tone = "neutral" if is_open else "hold"
                yield Shade(block.provider_id, day, block.begins, block.ends, words, tone)


def _words(block: Block, day: date, count: int, now: datetime, wall: WallClock) -> tuple[str, bool]:
    share = f" ({count}/{block.most})" if block.most is not None else ""
    released = released_at(block, day, wall)
    enough = block.least if block.least is not None else block.most
    if (released is not None and minute_of(now) >= released) or (enough is not None and count >= enough):
        return _("%(name)s%(share)s, now open to all") % {"name": block.name, "share": share}, True
    if released is None:
        return _("kept for %(name)s%(share)s") % {"name": block.name, "share": share}, False
    return _("kept for %(name)s%(share)s until %(when)s") % {
        "name": block.name,
        "share": share,
        "when": say_moment(released, block.zone),
    }, False


def _absences(
    days: Sequence[date], provider_ids: Sequence[UUID], location_id: UUID | None, zone: ZoneInfo
) -> Iterable[Shade]:
    since, until = day_bounds(days[0], zone)[0], day_bounds(days[-1], zone)[1]
    asked = ABSENCES[bool(location_id)]
    rows = list(asked(providers=list(provider_ids), location=location_id, since=since, until=until))
    for row in _once_each(rows, location_id):
        for day in days:
            first, last = day_bounds(day, zone)
            if row.starts_at >= last or row.ends_at <= first:
                continue
            begins = row.starts_at.astimezone(zone).time() if row.starts_at > first else time(0)
            ends = row.ends_at.astimezone(zone).time() if row.ends_at < last else LAST
            tone = "active" if row.sort == Absence.Sort.ON_CALL else "neutral"
            if begins < ends:
                yield Shade(row.provider_id, day, begins, ends, _say(row), tone)


def _once_each(rows: Sequence[Absence], location_id: UUID | None) -> list[Absence]:
    """Return what is shown of absences: of a holiday a door's own span where one door is asked for, else the office's."""
    if location_id is None:
        return [one for one in rows if one.part_of_id is None]
    own = {one.part_of_id for one in rows}
    return [one for one in rows if one.pk not in own]


def _away(at_one: bool) -> QuerySet[Absence]:
    rows = Absence.objects.filter(
        Q(provider_id__one_of=Told("providers")) | Q(provider_id__isnull=True),
        starts_at__lt=Told("until"),
        ends_at__gt=Told("since"),
    )
    return rows.filter(Q(location_id=Told("location")) | Q(location_id__isnull=True)) if at_one else rows


ABSENCES = {at_one: Ready(partial(_away, at_one)) for at_one in (False, True)}


def _held(days: Sequence[date], held: Iterable[Held], zone: ZoneInfo) -> Iterable[Shade]:
    # Until when is left to the finder: a renewed hold is no news to the other screens.
    for one in held:
        begins, ends = one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)
        last = ends.time() if ends.date() == begins.date() else LAST
        if begins.date() in days and begins.time() < last:
            words = _("held by %(who)s") % {"who": one.who}
            yield Shade(one.provider_id, begins.date(), begins.time(), last, words, "hold")


def _say(row: Absence) -> str:
    what = str(Absence.Sort(row.sort).label) if row.provider_id or row.sort != "away" else _("Closed")
    return f"{what}: {row.reason}" if row.reason else what


def days_from(first: date, count: int) -> list[date]:
    """Return so many days from one on."""
    return [first + timedelta(days=n) for n in range(count)]
