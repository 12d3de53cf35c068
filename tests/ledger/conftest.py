"""An office with a book: Northside, its door, Dr. Lee, Ms. Diaz and her plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from daysheet.coverage.models import Payer
from daysheet.kernel.access import Actor
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import Practice
from daysheet.ledger import commands, queries
from daysheet.ledger.models import LedgerEntry, Payment
from daysheet.ledger.rules import PlanPosting
from daysheet.patients.models import Patient
from daysheet.practice.models import Location, Provider
from daysheet.visits import commands as visits
from tests import cast, make

FEB_20 = date(2026, 2, 20)


@dataclass
class Office:
    """The practice, with the shorthand of the tests."""

    practice: Practice
    door: Location
    dr_lee: Provider
    diaz: Patient
    blue: Payer
    rosa: Actor
    ana: Actor
    ben: Actor

    def charge(
        self,
        amount: str,
        *,
        to: str = "patient",
        on: date = cast.MONDAY,
        of: Patient | None = None,
        visit_id: UUID | None = None,
    ) -> LedgerEntry:
        """Post a charge."""
        return commands.post_charge(
            self.rosa,
            patient_id=(of or self.diaz).pk,
            amount=Decimal(amount),
            service_on=on,
            provider_id=self.dr_lee.pk,
            location_id=self.door.pk,
            visit_id=visit_id or new_id(),
            charge_id=new_id(),
            to=to,  # type: ignore[arg-type]
            payer_id=self.blue.pk if to == "insurance" else None,
        )

    def visit(self) -> UUID:
        """Ms. Diaz comes without having booked."""
        who = {"patient_id": self.diaz.pk, "provider_id": self.dr_lee.pk, "location_id": self.door.pk}
        return visits.walk_in(self.rosa, **who).pk

    def pay(
        self, amount: str, *, by: Actor | None = None, of: Patient | None = None, **more: object
    ) -> Payment:
        """Take cash, unless told otherwise."""
        facts: dict[str, object] = {"method": "cash", "location_id": self.door.pk} | more
        return commands.take_payment(
            by or self.rosa,
            patient_id=(of or self.diaz).pk,
            amount=Decimal(amount),
            **facts,  # type: ignore[arg-type]
        )

    def answer(
        self,
        charge: LedgerEntry,
        paid: str,
        *adjusted: tuple[str, str, str],
        key: str = "",
        of: Patient | None = None,
    ) -> LedgerEntry:
        """Post what the plan says about a charge."""
        line = charge.lines.get(account="charges")
        entry = commands.post_remitted_claim(
            self.ben,
            payer_id=self.blue.pk,
            trace="0098412",
            source_key=key or f"BLUE1/0098412/{charge.number}/1",
            postings=[
                PlanPosting(
                    patient_id=(of or self.diaz).pk,
                    claim_id=charge.source_id,
                    visit_id=line.visit_id,
                    charge_id=line.charge_id,
                    provider_id=self.dr_lee.pk,
                    paid=Decimal(paid),
                    adjustments=[(group, reason, Decimal(amount)) for group, reason, amount in adjusted],
                    location_id=self.door.pk,
                    service_on=charge.service_on,
                )
            ],
        )
        assert entry is not None
        return entry

    def holds(self, of: Patient | None = None) -> tuple[str, str, str]:
        """Return insurance, owes and credit of a patient's account, as text."""
        standing = queries.balance((of or self.diaz).pk)
        return (str(standing.insurance), str(standing.owes), str(standing.credit))


def furnish(practice: Practice) -> Office:
    """Furnish an acting practice."""
    make.office()
    door = make.location()
    return Office(
        practice=practice,
        door=door,
        dr_lee=make.provider(at=door),
        diaz=make.patient(),
        blue=make.plan().payer,
        rosa=cast.rosa(practice.pk),
        ana=cast.ana(practice.pk),
        ben=cast.ben(practice.pk),
    )


@pytest.fixture
def office(db: None) -> Iterator[Office]:
    """The office, acting."""
    with make.acting(make.practice()) as practice:
        yield furnish(practice)
