"""Rules of visits asked for from home: who is sent to the desk, and until when the desk answers. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

LINK_HOLDS = timedelta(days=30)
MOST_MISSES = 3
"""So many wrong birth dates, and the links are taken back."""
DAYS, SHOWN, A_DAY = 60, 12, 4
"""How far ahead free times are looked for, how many are shown, and how many of one day."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What counts of a patient who asks, on the day of asking."""

    status: str = "active"
    is_restricted: bool = False
    missed: int = 0
    """Visits missed within a year."""
    has_one: bool = False
    """A visit of the kind is booked and still to come."""


def why_desk(asker: Asker, *, is_at_once: bool, most_missed: int, has_time: bool) -> str:
    """Return why a person of the office decides on a request; empty where it may be booked at once."""
    if asker.status in ("deceased", "inactive"):
        return asker.status
    if asker.is_restricted:
        return "restricted"
    if asker.missed >= most_missed:
        return "missed"
    if asker.has_one:
        return "has_one"
    if not is_at_once:
        return "kind"
    return "" if has_time else "wish"


def answer_by(now: datetime, zone: ZoneInfo) -> datetime:
    """Return until when the desk answers: the same hour of the next weekday, at the latest at its end of the day."""
    local = now.astimezone(zone)
    day = local.date() + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    clock = min(max(local.time(), time(9)), time(17))
    return datetime.combine(day, clock, tzinfo=zone)
