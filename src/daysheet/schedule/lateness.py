"""Readings of lateness: who runs late today, and whom it touches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from daysheet.practice.models import Provider
from daysheet.schedule.models import Appointment, LateTold, RunningLate
from daysheet.schedule.reaching import Way, ways_to
from daysheet.schedule.waitlist import phones_of

WAITING = ("arrived", "checked_in", "roomed")
TOUCHED = Q(visit__isnull=True) | Q(visit__flow="undone") | Q(visit__flow__in=WAITING)


@dataclass(frozen=True, slots=True)
class LateLine:
    """A visit that a clinician's lateness touches, as the desk works on it."""

    visit: Appointment
    is_here: bool
    expected_at: datetime
    phone: str
    told: LateTold | None
    """That the patient knows; None where the message came back."""
    way: Way | None
    """By which a message would go now; None where no way is open."""


def running(day: date) -> QuerySet[RunningLate]:
    """Return who runs late on a day."""
    rows = RunningLate.objects.filter(on_day=day, ended_at=None).select_related("provider")
    return rows.order_by("provider__family", "pk")


def running_late(late_id: UUID) -> RunningLate | None:
    """Return one lateness that still stands, or None."""
    return RunningLate.objects.filter(pk=late_id, ended_at=None).select_related("provider").first()


def clinicians_of(day: date) -> list[Provider]:
    """Return the clinicians with visits on a day."""
    booked = Appointment.objects.filter(on_day=day, booking="scheduled").values("provider")
    return list(Provider.objects.filter(pk__in=booked).order_by("rank", "family", "given"))


def touched(late: RunningLate, now: datetime) -> QuerySet[Appointment]:
    """Return the visits of the day that wait longer: not over, and their patient not with the clinician yet."""
    rows = Appointment.objects.filter(
        TOUCHED, provider_id=late.provider_id, on_day=late.on_day, booking="scheduled"
    ).exclude(Q(ends_at__lte=now) & (Q(visit__isnull=True) | Q(visit__flow="undone")))
    return rows.select_related("patient", "type", "location", "provider", "visit").order_by("starts_at", "id")


def lines(late: RunningLate, now: datetime) -> list[LateLine]:
    """Return whom a lateness touches, who is here first; a constant number of statements whatever the day holds."""
    visits = list(touched(late, now))
    told = {
        one.appointment_id: one for one in late.told.select_related("envelope").defer("envelope__content")
    }
    back = {pk for pk, one in told.items() if one.envelope is not None and one.envelope.came_back}
    phones = phones_of([one.patient_id for one in visits])
    ways = ways_to([one for one in visits if one.pk not in back], now)
    made = [
        LateLine(
            visit=one,
            is_here=_is_here(one),
            expected_at=one.starts_at + timedelta(minutes=late.minutes),
            phone=phones.get(one.patient_id, ""),
            told=told.get(one.pk) if one.pk not in back else None,
            way=ways.get(one.pk),
        )
        for one in visits
    ]
    return sorted(made, key=lambda line: not line.is_here)


def writable(told: Sequence[LateLine]) -> list[LateLine]:
    """Return whom a message may reach who has not been told: nobody who is in the house already."""
    return [line for line in told if line.way and line.told is None and not line.is_here]


def _is_here(one: Appointment) -> bool:
    visit = getattr(one, "visit", None)
    return visit is not None and visit.flow in WAITING
