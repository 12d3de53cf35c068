"""A time that was given up, and people who wait for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from daysheet.patients.models import Patient
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, WaitlistEntry
from tests import make
from tests.house import House, appointment

FREED = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
"""Tuesday, ten in the morning; the tests stand at ten on Monday."""


def freed(house: House, at: datetime = FREED, minutes: int = 20, **more: Any) -> Appointment:
    """Return an appointment of Dr. Lee that was cancelled, its time free."""
    gone = appointment(house, at, minutes, **{"patient": house.ann, **more})
    return commands.cancel_appointment(house.rosa, appointment_id=gone.id, version=None, reason="ill")


def waits(house: House, patient: Patient | None = None, **wish: Any) -> WaitlistEntry:
    """Put a patient on the list for a follow-up with anybody."""
    who = patient or house.diaz
    facts = {"patient_id": who.id, "type_id": house.follow_up.id, **wish}
    return commands.add_to_waitlist(house.rosa, **facts)


def many(house: House, count: int, **wish: Any) -> list[WaitlistEntry]:
    """Put as many people on the list, one after the other."""
    return [waits(house, make.patient(f"Waiting{n}"), **wish) for n in range(count)]


def later(house: House, **after: int) -> Any:
    """Return Rosa, some time later."""
    from tests import cast

    return cast.rosa(house.practice.pk, cast.NOW + timedelta(**after))
