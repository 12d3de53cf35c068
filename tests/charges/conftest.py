"""An office with a fee schedule and Ms. Diaz's visit of Monday."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from daysheet.charges import commands
from daysheet.charges.models import Charge
from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.kernel.numbers import next_number
from daysheet.patients.models import Patient
from daysheet.practice.models import Location, Provider
from daysheet.visits.models import Visit
from tests import cast, make

JAN_1 = date(2026, 1, 1)


@dataclass
class Desk:
    """The practice and the visit at the desk."""

    practice: Practice
    door: Location
    dr_lee: Provider
    diaz: Patient
    visit: Visit
    rosa: Actor
    ana: Actor

    def line(self, code: str = "X0020", **more: object) -> Charge:
        """Put a line on the slip."""
        return commands.put_charge(self.rosa, visit_id=self.visit.pk, code=code, **more)  # type: ignore[arg-type]

    def diagnoses(self, *codes: str) -> None:
        """Put diagnoses on the slip."""
        commands.set_diagnoses(self.rosa, visit_id=self.visit.pk, codes=codes)


def furnish(practice: Practice, *, covered: bool = True) -> Desk:
    """Furnish an acting practice."""
    make.office()
    door = make.location()
    lee, diaz = make.provider(at=door), make.patient()
    visit = Visit.objects.create(
        number=next_number("visit"),
        patient=diaz,
        provider=lee,
        location=door,
        coverage=make.coverage(diaz, make.plan()) if covered else None,
        service_on=cast.MONDAY,
        flow_since=cast.NOW,
        arrived_at=cast.NOW,
    )
    ana = cast.ana(practice.pk)
    for code, label, amount in (
        ("X0020", "Visit, 20 minutes", "120.00"),
        ("X0015", "Exercise, 15 minutes", "60.00"),
    ):
        commands.set_fee(
            ana, code=code, label=label, amount=Decimal(amount), starts_on=JAN_1, is_favourite=True
        )
    return Desk(practice, door, lee, diaz, visit, cast.rosa(practice.pk), ana)


@pytest.fixture
def desk(db: None) -> Iterator[Desk]:
    """The desk, acting, with a covered visit."""
    with make.acting(make.practice()) as practice:
        yield furnish(practice)


@pytest.fixture
def self_pay(db: None) -> Iterator[Desk]:
    """The desk, acting, with a visit that no plan covers."""
    with make.acting(make.practice()) as practice:
        yield furnish(practice, covered=False)
