"""The waitlist in words: what somebody would take, why they are asked first, what came of an offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.schedule.matching import Match
from daysheet.schedule.models import BookingRestriction, WaitlistEntry
from daysheet.schedule.waitlist import MatchRow
from daysheet.ui.words import day as say_day

NOTICES = (0, 60, 120, 240, 1440, 2880, 10080)
"""Minutes of notice that are offered to choose from."""
TONES = {
    "ready": "active",
    "pending": "attention",
    "viewed": "attention",
    "accepted": "done",
    "accepted_failed": "stop",
    "slot_gone": "neutral",
    "declined": "neutral",
    "declined_stop": "stop",
    "chose_another": "neutral",
    "expired": "hold",
    "failed": "attention",
    "unable": "stop",
    "waiting": "neutral",
    "offered": "active",
    "booked": "done",
    "withdrawn": "neutral",
}
Against = Mapping[UUID, Sequence[BookingRestriction]]
"""What stands against booking patients."""
PRIORITY_TONES = {1: "stop", 2: "attention", 3: "neutral"}


@dataclass(frozen=True, slots=True)
class WaitLine:
    """Somebody who waits, as a row of the list shows it."""

    entry: WaitlistEntry
    wish: str
    days: int
    tone: str
    state: str
    state_tone: str
    asked: str = ""
    """What has come of the message about the time that is offered."""


@dataclass(frozen=True, slots=True)
class MatchLine:
    """Somebody who fits a freed time, as its page shows it."""

    row: MatchRow
    why: str
    held: Sequence[str] = ()
    """What stands against simply booking the patient, in words."""


def wait_line(entry: WaitlistEntry, names: Mapping[UUID, str], now: datetime, *, asked: str = "") -> WaitLine:
    """Return a row of the list."""
    return WaitLine(
        entry,
        wish_in_words(entry, names),
        max((now - entry.added_at).days, 0),
        PRIORITY_TONES[entry.priority],
        entry.get_state_display(),
        TONES[entry.state],
        asked,
    )


def wish_in_words(entry: WaitlistEntry, names: Mapping[UUID, str]) -> str:
    """Return what a patient would take, in one line."""
    people = [names[one] for one in entry.provider_ids if one in names]
    parts = [_(" or ").join(people) if people else _("with anyone")]
    if entry.location:
        parts.append(_("at %(where)s") % {"where": entry.location.name})
    if entry.weekdays:
        parts.append(", ".join(str(WEEKDAYS_ABBR[one]) for one in entry.weekdays))
    if entry.from_clock and entry.to_clock:
        parts.append(
            _("%(since)s to %(until)s")
            % {"since": say_clock(entry.from_clock), "until": say_clock(entry.to_clock)}
        )
    elif entry.from_clock:
        parts.append(_("from %(since)s on") % {"since": say_clock(entry.from_clock)})
    elif entry.to_clock:
        parts.append(_("done by %(until)s") % {"until": say_clock(entry.to_clock)})
    if entry.earliest_on:
        parts.append(_("not before %(day)s") % {"day": say_day(entry.earliest_on)})
    if entry.latest_on:
        parts.append(_("by %(day)s") % {"day": say_day(entry.latest_on)})
    if entry.moves:
        on = say_day(entry.moves.on_day)
        parts.append(_("earlier than %(day)s") % {"day": on})
    parts.append(say_notice(entry.notice_minutes))
    return "; ".join(parts)


def why_in_words(row: MatchRow, zone: ZoneInfo) -> str:
    """Return what speaks for asking somebody, in the order in which it counts."""
    match: Match = row.match
    parts = [str(row.entry.get_priority_display())]
    parts.append(
        ngettext("waits %(n)d day", "waits %(n)d days", match.days_waiting) % {"n": match.days_waiting}
        if match.days_waiting
        else _("asked today")
    )
    parts.append(
        ngettext("leaves %(n)d minute empty", "leaves %(n)d minutes empty", match.left_over)
        % {"n": match.left_over}
        if match.left_over
        else _("fills the time")
    )
    before = match.wish.before
    if before:
        gained = (before.astimezone(zone).date() - match.starts_at.astimezone(zone).date()).days
        parts.append(
            ngettext("%(n)d day earlier than booked", "%(n)d days earlier than booked", gained)
            % {"n": gained}
            if gained
            else _("earlier on the same day")
        )
    return ", ".join(parts)


def match_lines(rows: Sequence[MatchRow], zone: ZoneInfo, held: Against) -> list[MatchLine]:
    """Return who fits, each with what speaks for them, and what stands against simply booking them."""
    return [MatchLine(row, why_in_words(row, zone), say_held(held, row.entry.patient_id)) for row in rows]


def say_held(held: Against, patient_id: UUID) -> list[str]:
    """Return what stands against simply booking a patient, in words."""
    return [f"{one.get_kind_display()}: {one.reason}" for one in held.get(patient_id, ())]


def say_notice(minutes: int) -> str:
    """Return how long before the visit somebody must hear of it."""
    if not minutes:
        return _("comes at once")
    if minutes % 1440 == 0:
        days = minutes // 1440
        return ngettext("needs %(n)d day of notice", "needs %(n)d days of notice", days) % {"n": days}
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("needs %(n)d hour of notice", "needs %(n)d hours of notice", hours) % {"n": hours}
    return _("needs %(n)d minutes of notice") % {"n": minutes}


def say_clock(clock: time) -> str:
    """Return a time of day as the desk says it."""
    return f"{clock.hour % 12 or 12}:{clock:%M} {'am' if clock.hour < 12 else 'pm'}"
