"""The one place that reads the system's clock; everything else is told the moment as `by.now`."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def system_now() -> datetime:
    """Return this instant in UTC. For the edge only: middleware, jobs, command line, new ids."""
    return datetime.now(UTC)  # noqa: TID251


class NoSuchLocalTime(ValueError):
    """The wall clock skips that time on this day (daylight saving begins)."""


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """Return the day of an instant on the wall clock of a zone."""
    return at.astimezone(zone).date()


def local_instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) of a naive wall-clock time; the earlier one where the hour comes twice.

    Raises NoSuchLocalTime for an hour that daylight saving skips.
    """
    at = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != wall:
        raise NoSuchLocalTime("The clocks go forward then: that time does not exist on this day.")
    return at


def day_bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the half-open span of instants (UTC) of a local day, 23 to 25 hours long."""
    first = datetime(day.year, day.month, day.day, tzinfo=zone)
    after = day + timedelta(days=1)
    last = datetime(after.year, after.month, after.day, tzinfo=zone)
    return first.astimezone(UTC), last.astimezone(UTC)
