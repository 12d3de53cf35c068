"""A small office, furnished and open: one door, two clinicians, two rooms, two patients, a kind of visit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.test import Client

from daysheet.kernel.access import Actor
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import Practice
from daysheet.kernel.numbers import next_number
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import LedgerEntry
from daysheet.patients.models import Patient
from daysheet.practice.models import Location, Provider
from daysheet.schedule.models import Appointment, AppointmentType, ProviderHours
from tests import cast, make
from tests.desk import signed_in


@dataclass(frozen=True)
class House:
    """The office, with the people at work in it."""

    practice: Practice
    door: Location
    lee: Provider
    osei: Provider
    diaz: Patient
    ann: Patient
    follow_up: AppointmentType

    @property
    def rosa(self) -> Actor:
        """Rosa at the desk, at ten on Monday."""
        return cast.rosa(self.practice.pk)

    @property
    def ana(self) -> Actor:
        """Ana the manager."""
        return cast.ana(self.practice.pk)

    @property
    def nurse(self) -> Actor:
        """Who rooms the patients."""
        return cast.dr_lee(self.practice.pk)

    @property
    def auditor(self) -> Actor:
        """Who may only read."""
        return cast.auditor(self.practice.pk)

    @contextmanager
    def open(self) -> Iterator[None]:
        """Act in this practice, in a transaction."""
        with make.acting(self.practice):
            yield


def furnished(name: str = "Northside Family Medicine") -> House:
    """Build the office; Dr. Lee sees patients on weekdays from nine to noon and from one to five."""
    practice = make.practice(name, is_training=True, clock_at=cast.NOW)
    with make.acting(practice):
        make.office()
        door = make.location()
        lee, osei = make.provider(at=door), make.provider("Osei", "Kwame", at=door, number=8)
        for weekday in range(5):
            hours(lee, door, weekday, time(9), time(12))
            hours(lee, door, weekday, time(13), time(17))
        return House(practice, door, lee, osei, make.patient(), make.patient("Lee", "Ann"), make.visit_type())


def desk(house: House, role: str = "receptionist", name: str = "rosa") -> Client:
    """Return the browser of somebody of a role, signed in at this door."""
    with house.open():
        return signed_in(make.member(role, name, at=house.door))


def hours(who: Provider, at: Location, weekday: int, begins: time, ends: time, **more: Any) -> ProviderHours:
    """Write down office hours of one weekday."""
    return ProviderHours.objects.create(
        provider=who, location=at, weekday=weekday, begins=begins, ends=ends, **more
    )


def clinician(family: str, at: Location) -> Provider:
    """Add a clinician who keeps no hours."""
    return make.provider(family, at=at, number=next_number("test npi", first=20))


def appointment(house: House, starts_at: datetime, minutes: int = 20, **more: Any) -> Appointment:
    """Put an appointment of Ms. Diaz with Dr. Lee on the book without asking any rule."""
    facts = {"patient": house.diaz, "provider": house.lee, "location": house.door, "type": house.follow_up}
    return Appointment.objects.create(
        **facts | more,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        on_day=starts_at.astimezone(house.door.zone).date(),
        booked_at=cast.NOW - timedelta(days=30),
        booked_by="Rosa Marin",
    )


def charged(house: House, amount: str, visit_id: UUID | None = None) -> LedgerEntry:
    """Charge Ms. Diaz herself for a visit of the Monday."""
    return ledger.post_charge(
        house.rosa,
        patient_id=house.diaz.pk,
        amount=Decimal(amount),
        service_on=cast.MONDAY,
        provider_id=house.lee.pk,
        location_id=house.door.pk,
        visit_id=visit_id or new_id(),
        charge_id=new_id(),
        to="patient",
    )
