"""A practice that is being played: its office, its people, chance, and how far it has come."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from heapq import heappop, heappush
from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_instant
from daysheet.kernel.jobs import HeldJob
from daysheet.patients.models import Patient
from daysheet.portal.entering import WHO
from daysheet.practice.founding import set_training_clock
from daysheet.practice.models import Location, Provider
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.founding import PlayedOffice

Act = Callable[[datetime], None]


@dataclass(slots=True)
class PlayedPractice:
    """The practice with its invented people, and what has been played so far."""

    office: PlayedOffice
    chance: Chance
    visits_a_day: int
    known: list[Patient] = field(default_factory=list)
    count: int = 0
    billed: list[tuple[date, UUID]] = field(default_factory=list)
    """Patients with a statement, and the day it was made."""
    clock_at: datetime | None = None
    has_desk: bool = False
    """Whether the desk is played besides the visits: telephone, waitlist, messages, a clinician who is behind."""
    asks_from: date | None = None
    """The first day on which the plans are asked about everybody; none: every day."""
    agenda: list[tuple[datetime, int, int, Act]] = field(default_factory=list)
    """What is still to come of the day that is being played, the earliest on top."""
    planned: int = 0
    outside: list[Callable[[], object]] = field(default_factory=list)
    """What an act leaves to be done once its transaction is over."""
    days_played: int = 0
    walking_in: set[UUID] = field(default_factory=set)
    """Who comes today without an appointment."""
    left: list[HeldJob] = field(default_factory=list)
    """Work that one day has left for the next."""
    heard: set[UUID] = field(default_factory=set)
    """Messages and offers of which it is decided what their patients say."""

    def plan(self, at: datetime, rank: int, act: Act) -> None:
        """Put an act on the day's agenda; of two at one moment the lower rank comes first."""
        heappush(self.agenda, (at, rank, self.planned, act))
        self.planned += 1

    def next_act(self) -> tuple[datetime, Act]:
        """Take the earliest act off the agenda."""
        at, _rank, _number, act = heappop(self.agenda)
        return at, act

    def by_link(self, now: datetime) -> Actor:
        """Return a patient who acts behind a link, without a sign-in."""
        return Actor.system(practice_id=self.office.practice.id, now=now, name=WHO)

    def known_number(self, patient_id: UUID) -> int:
        """Return a patient's place among the invented people: a name for chance that no random id disturbs."""
        return next(number for number, patient in enumerate(self.known) if patient.id == patient_id)

    def door_of(self, provider: Provider) -> Location:
        """Return the door at which a clinician usually works."""
        return next(door for door in self.office.locations if door.id == provider.location_id)

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """Return an instant of a day by the practice's wall clock."""
        return local_instant(datetime.combine(day, time(hour, minute)), self.office.practice.zone)

    def at(self, now: datetime) -> None:
        """Put the practices' clocks to a moment."""
        if now == self.clock_at:
            return
        self.clock_at = now
        for one in (self.office.practice, self.office.twin):
            set_training_clock(practice_id=one.id, at=now)
