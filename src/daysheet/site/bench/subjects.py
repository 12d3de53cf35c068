"""What the rows are asked about: people, doors and times of the practice, chosen the same each time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.patients.models import Patient
from daysheet.practice.models import Location, Provider
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.site.bench.filling import patient_key
from daysheet.site.bench.plan import DOORS, NAME, NOW, TODAY, Size, phone

SAMPLE = 120
STRIDE = 797
"""Patients are taken at wide steps, so that no two stand on one page of the disk."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Who and what the rows ask for."""

    practice: Practice
    door: Location
    clinician: Provider
    patients: list[Patient]
    kinds: dict[str, UUID]
    here: list[UUID]
    """Appointments of today at the other doors: those patients arrive."""
    free: list[tuple[UUID, UUID, datetime]]
    """Clinician, door and moment of times that nobody has taken."""
    spare: list[UUID]
    """Patients with nothing booked in the coming weeks: whoever books needs one of them."""

    @property
    def rosa(self) -> Actor:
        """Return who works at the desk."""
        return self._person("receptionist", "Rosa Marin")

    @property
    def ana(self) -> Actor:
        """Return who runs the office."""
        return self._person("office_manager", "Ana Petrov")

    @property
    def today(self) -> date:
        """Return the day on which the practice stands."""
        return TODAY

    def _person(self, role: str, name: str) -> Actor:
        return Actor.of_role(
            role, practice_id=self.practice.id, user_id=None, name=name, now=NOW, workstation="desk"
        )


def subjects(size: Size) -> Subjects:
    """Choose them from the practice."""
    practice = Practice.objects.get(name=NAME)
    with acting_in(practice.id), transaction.atomic():
        wanted = [patient_key(7 + n * STRIDE % size.patients) for n in range(SAMPLE)]
        rows = Patient.objects.in_bulk(wanted)
        here = Appointment.objects.filter(on_day=TODAY, booking="scheduled").exclude(location__name=DOORS[0])
        return Subjects(
            practice,
            Location.objects.get(name=DOORS[0]),
            Provider.objects.get(rank=1),
            [rows[one] for one in wanted if one in rows],
            dict(AppointmentType.objects.values_list("name", "id")),
            list(here.order_by("id").values_list("id", flat=True)),
            _free(),
            [patient_key(size.patients - 1 - n * 3) for n in range(min(5000, size.patients // 6))],
        )


def _free() -> list[tuple[UUID, UUID, datetime]]:
    """Return quarter hours of the coming weeks that lie between two appointments of one clinician."""
    first = TODAY + timedelta(days=3)
    rows = (
        Appointment.objects.filter(on_day__gte=first, booking="scheduled")
        .order_by("provider_id", "starts_at")
        .values_list("provider_id", "location_id", "on_day", "starts_at", "ends_at")
    )
    found, last = [], None
    for row in rows.iterator(chunk_size=5000):
        if last and last[0] == row[0] and last[2] == row[2] and row[3] - last[4] == timedelta(minutes=15):
            found.append((row[0], row[1], last[4]))
        last = row
    # Neighbours of the list are of one clinician: spread, so that two clerks seldom meet at one.
    return [found[n * 613 % len(found)] for n in range(min(len(found), 2000))] if found else []


def phone_of(patient: Patient) -> str:
    """Return a patient's telephone number as a caller says it."""
    digits = phone(patient.chart_number - 10_001)[-10:]
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
