"""A person's hold tray, as every day and week of the book shows it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from daysheet.schedule.held import NOBODY
from daysheet.schedule.models import Appointment, TrayVisit

MOST = 20
"""Visits that a tray takes."""
REMEMBERED = timedelta(days=2)
"""So long a placed visit is remembered: when its move is undone, it lies in the tray again."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A visit in the tray, in words."""

    id: UUID
    patient_id: UUID
    version: int
    name: str
    kind: str
    minutes: int
    provider_id: UUID
    room_id: UUID | None
    who: str
    local: datetime
    """When it is booked now, on its door's wall clock."""
    address: str

    def facts(self, by: str) -> dict[str, Any]:
        """Return it as the calendar takes it up: its key, its time of day, the column in which it begins."""
        columns = {"room": self.room_id, "week": self.local.date().isoformat()}
        return {
            "id": str(self.id),
            "version": self.version,
            "name": self.name,
            "kind": self.kind,
            "minutes": self.minutes,
            "clock": f"{self.local:%H:%M}",
            "column": str(columns.get(by, self.provider_id) or ""),
        }


def laid(user_id: UUID | None) -> list[Laid]:
    """Return what lies in somebody's tray, what was laid there first at the top; one statement."""
    rows = _lying(user_id).select_related(
        *(f"appointment__{one}" for one in ("patient", "provider", "location", "type"))
    )
    return [_told(row.appointment) for row in rows.order_by("put_at", "id")[:MOST]]


def is_laid(user_id: UUID | None, appointment_id: UUID) -> bool:
    """Return whether a visit lies in somebody's tray."""
    return _lying(user_id).filter(appointment_id=appointment_id).exists()


def has_begun(visit: Appointment) -> bool:
    """Return whether the patient of a booked visit has come."""
    to_come = Q(visit__isnull=True) | Q(visit__flow="undone")
    return not Appointment.objects.filter(to_come, id=visit.pk).exists()


def of_person(user_id: UUID | None) -> QuerySet[TrayVisit]:
    """Return what somebody has laid into the tray, also what was placed since."""
    return TrayVisit.objects.filter(user_id=user_id or NOBODY)


def _lying(user_id: UUID | None) -> QuerySet[TrayVisit]:
    rows = of_person(user_id).filter(appointment__booking="scheduled")
    return rows.filter(Q(appointment__visit__isnull=True) | Q(appointment__visit__flow="undone"))


def _told(visit: Appointment) -> Laid:
    patient = visit.patient
    called = f" ({patient.preferred})" if patient.preferred else ""
    return Laid(
        id=visit.pk,
        patient_id=visit.patient_id,
        version=visit.version,
        name=f"{patient.family.upper()}, {patient.given}{called}",
        kind=str(visit.type),
        minutes=visit.minutes,
        provider_id=visit.provider_id,
        room_id=visit.room_id,
        who=str(visit.provider),
        local=visit.starts_at.astimezone(visit.location.zone),
        address=reverse("schedule:appointment", args=[visit.pk]),
    )
