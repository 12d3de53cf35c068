"""The rooms of a door: which are free, who is in the others and for how long."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from daysheet.frontdesk import rules
from daysheet.practice.models import ExamRoom
from daysheet.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Inside:
    """Who has a room: in it, or on the way out of it."""

    visit_id: UUID
    patient_id: UUID
    name: str
    provider: str
    state: str
    minutes: int


@dataclass(frozen=True, slots=True)
class RoomNow:
    """A room with everybody who has it now; nobody where it is free."""

    name: str
    door: str
    inside: list[Inside]


def rooms_now(location_id: UUID | None, day: date, now: datetime) -> list[RoomNow]:
    """Return the rooms of a door, or of all, in the order of the office; two statements for any number."""
    rooms = ExamRoom.objects.filter(is_active=True).select_related("location")
    rooms = rooms.filter(location_id=location_id) if location_id else rooms
    held: dict[UUID, list[Inside]] = {}
    rows = Visit.objects.on(day).open().filter(room__isnull=False).select_related("patient", "provider")
    for row in rows.order_by("flow_since"):
        if row.room_id is not None:
            held.setdefault(row.room_id, []).append(_inside(row, now))
    return [
        RoomNow(room.name, "" if location_id else room.location.name, held.get(room.pk, []))
        for room in rooms.order_by("location__name", "rank", "name")
    ]


def _inside(row: Visit, now: datetime) -> Inside:
    return Inside(
        visit_id=row.pk,
        patient_id=row.patient_id,
        name=f"{row.patient.family.upper()}, {row.patient.given}",
        provider=str(row.provider),
        state=row.flow,
        minutes=rules.minutes_between(row.flow_since, now),
    )
