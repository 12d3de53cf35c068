"""What keeps a day open, and the sheets of the days that are closed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from daysheet.charges import queries as charges
from daysheet.kernel.clock import day_bounds
from daysheet.ledger.models import Daysheet
from daysheet.schedule import queries as schedule
from daysheet.schedule.models import Appointment
from daysheet.visits import queries as visits
from daysheet.visits.models import Visit


@dataclass(frozen=True, slots=True)
class OpenItems:
    """What of a day is not finished: visits in the house, visits without a charge, appointments without an outcome."""

    in_house: list[Visit] = field(default_factory=list)
    uncharged: list[Visit] = field(default_factory=list)
    unresolved: list[Appointment] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many things are open."""
        return len(self.in_house) + len(self.uncharged) + len(self.unresolved)


def open_items(day: date, *, now: datetime, zone: ZoneInfo) -> OpenItems:
    """Return what keeps a day open, in a constant number of statements."""
    in_house = list(visits.open_visits(day))
    inside = {visit.pk for visit in in_house}
    gone = [
        visit
        for visit in visits.of_day(day)
        if visit.pk not in inside and visit.flow == Visit.Flow.CHECKED_OUT
    ]
    bare = charges.visits_without_charges(visit.pk for visit in gone)
    first, last = day_bounds(day, zone)
    undecided = schedule.unresolved(now).filter(starts_at__gte=first, starts_at__lt=last)
    return OpenItems(in_house, [visit for visit in gone if visit.pk in bare], list(undecided))


def sheet(day: date) -> Daysheet | None:
    """Return the sheet of a closed day."""
    return Daysheet.objects.select_related("document").filter(day=day).first()
