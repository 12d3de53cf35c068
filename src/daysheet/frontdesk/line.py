"""The line as the desk sees it, and the wall as the waiting room sees it."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.frontdesk import rules
from daysheet.frontdesk.board import Found, day_rows, provider_of, short_name
from daysheet.patients.models import PatientPhone
from daysheet.schedule.remote import OFFICE
from daysheet.visits import line
from daysheet.visits.models import CallingPoint, VisitToken, WallPolicy

MARKED_FOR = timedelta(seconds=4)
CALLS_SHOWN = 6
SHOWN_FOR = timedelta(minutes=5)
"""So long a call stands under "Now"; called again, it stands there anew."""


@dataclass(frozen=True, slots=True)
class Called:
    """Who is called where; fresh for four seconds."""

    who: str
    where: str
    at: datetime
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class Wall:
    """What the waiting room reads."""

    called: list[Called] = field(default_factory=list)
    following: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody in line, as the desk sees the row."""

    token: VisitToken
    name: str
    minutes: int
    is_checked_in: bool
    phone: str


@dataclass(frozen=True, slots=True)
class Line:
    """The line of a door: at the desks, in line, not here, in the car."""

    points: list[tuple[CallingPoint, Waiter | None]]
    waiting: list[Waiter]
    not_here: list[Waiter]
    in_car: list[Waiter]

    @property
    def patient_ids(self) -> list[UUID]:
        """Return whom the line shows."""
        at_desks = [one for _point, one in self.points if one]
        every = [*at_desks, *self.waiting, *self.not_here, *self.in_car]
        return [one.token.visit.patient_id for one in every]


def line_of(location_id: UUID | None, day: date, now: datetime) -> Line:
    """Return the line of a door, or of all; three statements whatever its length."""
    rows = list(line.tokens(location_id, day))
    phones = {
        phone.patient_id: phone.number
        for phone in PatientPhone.objects.filter(
            patient_id__in=[row.visit.patient_id for row in rows]
        ).order_by("-rank")
    }
    waiters = [_waiter(row, phones, now) for row in rows]
    states = VisitToken.State
    at = {one.token.point_id: one for one in waiters if one.token.state == states.CALLED}
    return Line(
        [(point, at.get(point.pk)) for point in line.points(location_id)],
        [one for one in waiters if one.token.state == states.WAITING and not one.is_checked_in],
        [one for one in waiters if one.token.state == states.NOT_HERE],
        [one for one in waiters if one.token.state == states.IN_CAR],
    )


def wall_of(location_id: UUID | None, day: date, now: datetime) -> Wall:
    """Return what a door's wall shows, by its policy: tokens, or first names and one letter; never both."""
    rows = day_rows(location_id, day)
    found = [row for row in rows if row.flow and row.visit_id]
    tokens = line.token_names(location_id, day)
    policy = line.policy(location_id)
    by_name = policy.shows == WallPolicy.Shows.NAME
    called: list[Called] = []
    following: list[tuple[datetime, str]] = []
    for row in found:
        token = tokens.get(row.visit_id) if row.visit_id else None
        who = short_name(row) if by_name or token is None else str(token)
        if row.mode != OFFICE or (token is None and not by_name):
            continue  # who is elsewhere is called by no wall
        if row.flow == "roomed" and row.room and row.flow_since:
            called.append(_called(who, row.room, row.flow_since, now))
        elif row.flow in line.IN_LINE and token is not None and token.state == "called" and token.called_at:
            called.append(_called(who, str(token.point), token.called_at, now))
        elif row.flow in line.IN_LINE and (token is None or token.state in ("waiting", "served")):
            following.append((token.line_at if token else row.arrived_at or now, who))
    called = [one for one in called if now - one.at < SHOWN_FOR]
    called.sort(key=lambda one: one.at)
    late = _late(rows, now) if policy.says_late else []
    return Wall(called[-CALLS_SHOWN:], [who for _at, who in sorted(following)], late)


def _waiter(token: VisitToken, phones: dict[UUID, str], now: datetime) -> Waiter:
    visit = token.visit
    return Waiter(
        token=token,
        name=str(visit.patient),
        minutes=rules.minutes_between(visit.arrived_at, now),
        is_checked_in=visit.flow != "arrived",
        phone=phones.get(visit.patient_id, ""),
    )


def _called(who: str, where: str, at: datetime, now: datetime) -> Called:
    return Called(who, where, at, now - at < MARKED_FOR)


def _late(rows: list[Found], now: datetime) -> list[str]:
    """Return a sentence for each clinician who runs late: as the desk has said, else as patients wait beyond their time.

    A patient who comes late makes nobody late; whose patients have all been seen is late no more.
    """
    waits: dict[str, int] = {}
    said: dict[str, int] = {}
    for row in rows:
        who = provider_of(row)
        still = row.flow in (*line.IN_LINE, "roomed") or (row.flow is None and row.booking == "scheduled")
        if row.minutes_late and still:
            said[who] = row.minutes_late
        if row.flow in (*line.IN_LINE, "roomed") and row.starts_at:
            here_since = max(row.starts_at, row.arrived_at or row.starts_at)
            waits[who] = max(waits.get(who, 0), rules.minutes_between(here_since, now))
    late = {who: minutes // 5 * 5 for who, minutes in waits.items() if minutes >= rules.VERY_LATE} | said
    return [
        _("%(who)s runs about %(n)d minutes late.") % {"who": who, "n": minutes}
        for who, minutes in sorted(late.items())
    ]
