"""How full the days of a month are: what is booked against the hours in which somebody sees patients."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, ExpressionWrapper, F, Sum
from django.db.models.fields import DurationField

from daysheet.kernel.clock import day_bounds
from daysheet.schedule import queries
from daysheet.schedule.models import Appointment
from daysheet.schedule.slots import Closure, Hours, WallClock, openings, without


@dataclass(frozen=True, slots=True)
class Load:
    """A day of the month: how many are booked, for how long, and how long somebody sees patients."""

    day: date
    is_in_month: bool
    booked: int
    booked_minutes: int
    open_minutes: int

    @property
    def is_closed(self) -> bool:
        """Return whether nobody sees patients on it."""
        return not self.open_minutes

    @property
    def percent(self) -> int:
        """Return the part of the open time that is booked, in whole percent; over 100 when it is overbooked."""
        return round(100 * self.booked_minutes / self.open_minutes) if self.open_minutes else 0

    @property
    def tone(self) -> str:
        """Return how the load is marked: nearly full asks for attention."""
        if self.is_closed:
            return "stop" if self.booked else "neutral"
        return "stop" if self.percent >= 100 else "attention" if self.percent >= 85 else "done"


def weeks_around(day: date) -> list[list[date]]:
    """Return the weeks of the month in which a day lies, Monday first, whole."""
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    monday = first - timedelta(days=first.weekday())
    weeks = -(-(after - monday).days // 7)
    return [[monday + timedelta(days=7 * week + n) for n in range(7)] for week in range(weeks)]


def month(day: date, *, location_id: UUID | None, provider_id: UUID | None) -> list[list[Load]]:
    """Return the weeks of a day's month with each day's load; three statements, however much is booked."""
    weeks = weeks_around(day)
    days = [one for week in weeks for one in week]
    booked = _booked(days[0], days[-1], location_id, provider_id)
    hours = queries.hours_of([provider_id] if provider_id else None, location_id)
    free = open_minutes(days, hours, _closures(days, hours))
    return [
        [Load(one, one.month == day.month, *booked.get(one, (0, 0)), free[one]) for one in week]
        for week in weeks
    ]


def open_minutes(
    days: Iterable[date], hours: Sequence[Hours], closures: Sequence[Closure]
) -> Mapping[date, int]:
    """Return for how many minutes clinicians see patients on each day, absences and closed days taken out."""
    wall = WallClock()
    by_weekday = [[row for row in hours if row.weekday == n] for n in range(7)]
    found = {}
    for day in days:
        found[day] = sum(
            piece.ends - piece.begins
            for one in openings(by_weekday[day.weekday()], day, wall)
            for piece in without(
                one.span,
                [
                    cut.span
                    for cut in closures
                    if cut.provider_id in (None, one.provider_id)
                    and cut.location_id in (None, one.location_id)
                ],
            )
        )
    return found


def _booked(
    first: date, last: date, location_id: UUID | None, provider_id: UUID | None
) -> dict[date, tuple[int, int]]:
    rows = Appointment.objects.holding().filter(on_day__gte=first, on_day__lte=last)
    if location_id:
        rows = rows.filter(location_id=location_id)
    if provider_id:
        rows = rows.filter(provider_id=provider_id)
    length = ExpressionWrapper(F("ends_at") - F("starts_at"), output_field=DurationField())
    counted = rows.order_by().values("on_day").annotate(n=Count("id"), length=Sum(length))
    return {row["on_day"]: (row["n"], int(row["length"].total_seconds()) // 60) for row in counted}


def _closures(days: Sequence[date], hours: Sequence[Hours]) -> list[Closure]:
    zones = {row.zone for row in hours}
    if not zones:
        return []
    return queries.closures_between(
        min(day_bounds(days[0], zone)[0] for zone in zones),
        max(day_bounds(days[-1], zone)[1] for zone in zones),
    )
