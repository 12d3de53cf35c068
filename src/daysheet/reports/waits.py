"""The waits of a day or of a span of days, and what the days counted: from the flow's own stamps."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.practice.models import Provider
from daysheet.reports.rules import Passage, Spread, Standing, passage, spreads, starts_late
from daysheet.schedule.models import Appointment
from daysheet.ui.words import span
from daysheet.visits.models import FlowEvent, Visit
from daysheet.visits.rules import Stamp, standing_stamps

MOST_DAYS = 92


@dataclass(frozen=True, slots=True)
class Counts:
    """What the days counted."""

    booked: int
    seen: int
    no_shows: int
    walk_ins: int
    left_unseen: int
    late_starts: int
    still_here: int
    imported: int
    undone: int


@dataclass(frozen=True, slots=True)
class Line:
    """The waits of one clinician, kind of visit or hour."""

    name: str
    visits: int
    parts: dict[str, Spread]


@dataclass(frozen=True, slots=True)
class Waits:
    """The waits of a span of days."""

    first: date
    last: date
    counts: Counts
    whole: Line
    by_clinician: list[Line]
    by_type: list[Line]
    by_hour: list[Line]

    @property
    def groups(self) -> list[tuple[str, str, list[Line]]]:
        """Return the tables: key, title and lines."""
        return [
            ("clinician", _("By clinician"), self.by_clinician),
            ("type", _("By kind of visit"), self.by_type),
            ("hour", _("By hour of arrival"), self.by_hour),
        ]


@dataclass(frozen=True, slots=True)
class _Came:
    """A visit that came through the door, with its times."""

    clinician: str
    type: str
    hour: int
    flow: str
    is_walk_in: bool
    is_late: bool
    passage: Passage


def waits(first: date, last: date, *, zone: ZoneInfo, location_id: UUID | None = None) -> Waits:
    """Return the waits from a day to a day, of a door or of all; three statements whatever the visits.

    An arrival that was undone counts nowhere; an imported visit has no stamps and is only counted.
    """
    door = {"location_id": location_id} if location_id else {}
    rows = list(
        Visit.objects.filter(service_on__range=(first, last), **door)
        .filter(is_round=False)
        .exclude(flow="undone")
        .select_related("provider", "appointment__type", "type")
    )
    live = {row.pk: row for row in rows if not row.is_imported}
    stamps, undone = _standing(first, last, door)
    came = [_came(row, stamps.get(row.pk, []), zone) for row in live.values()]
    bookings = Counter(
        Appointment.objects.filter(on_day__range=(first, last), **door)
        .filter(booking__in=("scheduled", "completed", "no_show"))
        .values_list("booking", flat=True)
    )
    counts = Counts(
        booked=bookings.total(),
        seen=sum(1 for one in came if one.passage.seen_at or one.flow == "checked_out"),
        no_shows=bookings["no_show"],
        walk_ins=sum(1 for one in came if one.is_walk_in),
        left_unseen=sum(1 for one in came if one.flow == "lwobs"),
        late_starts=sum(1 for one in came if one.is_late),
        still_here=sum(1 for one in came if one.flow not in ("checked_out", "lwobs")),
        imported=len(rows) - len(live),
        undone=undone,
    )
    return Waits(
        first,
        last,
        counts,
        _line(_("All visits"), came),
        _lines({name: _of(came, "clinician", name) for name in sorted({one.clinician for one in came})}),
        _lines({name: _of(came, "type", name) for name in sorted({one.type for one in came})}),
        _lines({_hour(hour): _of(came, "hour", hour) for hour in sorted({one.hour for one in came})}),
    )


def drawn(found: Waits) -> list[tuple[str, float, str]]:
    """Return the bars of the page: the median wait in the waiting room by hour of arrival."""
    known = [(line.name, line.parts["to_room"].median) for line in found.by_hour]
    return [(name, value, str(span(value))) for name, value in known if value is not None]


def _standing(first: date, last: date, door: dict[str, UUID]) -> tuple[dict[UUID, list[Standing]], int]:
    """Return the standing stamps by visit, and how many steps were taken back."""
    events: dict[UUID, list[tuple[datetime, str, bool]]] = defaultdict(list)
    found = (
        FlowEvent.objects.filter(
            visit__service_on__range=(first, last),
            visit__is_imported=False,
            visit__is_round=False,
            **{f"visit__{name}": value for name, value in door.items()},
        )
        .exclude(visit__flow="undone")
        .order_by("at", "id")
        .values_list("visit_id", "at", "to_state", "is_undo")
    )
    for visit_id, at, to_state, is_undo in found:
        events[visit_id].append((at, to_state, is_undo))
    stands = {
        visit_id: [
            Standing(told[place][0], told[place][1])
            for place in standing_stamps([Stamp(to_state, is_undo) for _at, to_state, is_undo in told])
        ]
        for visit_id, told in events.items()
    }
    return stands, sum(is_undo for told in events.values() for _at, _to, is_undo in told)


def _came(visit: Visit, stamps: list[Standing], zone: ZoneInfo) -> _Came:
    provider: Provider = visit.provider
    times = passage(stamps)
    booked = visit.appointment
    return _Came(
        clinician=str(provider),
        type=_kind(visit),
        hour=visit.arrived_at.astimezone(zone).hour,
        flow=visit.flow,
        is_walk_in=booked is None,
        is_late=starts_late(booked.starts_at if booked else None, visit.arrived_at, times.seen_at),
        passage=times,
    )


def _kind(visit: Visit) -> str:
    kind = visit.appointment.type if visit.appointment else visit.type
    return kind.name if kind else _("Walk-in")


def _of(came: list[_Came], name: str, value: object) -> list[_Came]:
    return [one for one in came if getattr(one, name) == value]


def _lines(groups: dict[str, list[_Came]]) -> list[Line]:
    return [_line(name, members) for name, members in groups.items()]


def _line(name: str, members: list[_Came]) -> Line:
    return Line(name, len(members), spreads([one.passage for one in members]))


def _hour(hour: int) -> str:
    return f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}"
