"""Money is taken for a visit of the same patient alone, whatever the address of the page says."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from daysheet.kernel.ids import new_id
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import CardCharge, Payment
from daysheet.ledger.protected import paid_for
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

FIVE = Decimal(5)
SAYS = "That visit is not this patient"


@pytest.fixture
def visit(house: House) -> Visit:
    """Ms. Diaz has come."""
    return visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)


def wish(house: House, **more: Any) -> CardCharge:
    facts = {"patient_id": house.ann.pk, "token": "test_visa", "location_id": house.door.pk} | more
    return ledger.begin_card(house.rosa, **facts)


def test_no_way_to_pay_takes_another_patients_visit(house: House, visit: Visit) -> None:
    ledger.set_card_door(house.ana, version=0, company="loopback")
    facts: dict[str, Any] = {"patient_id": house.ann.pk, "location_id": house.door.pk}
    cash = ledger.Way("cash", FIVE)
    for other in (visit.pk, new_id()):
        for purpose in ("copay", "balance", "prepayment"):
            with pytest.raises(ledger.NotTheirVisit, match=SAYS):
                ledger.take_payment(
                    house.rosa, amount=FIVE, method="cash", purpose=purpose, visit_id=other, **facts
                )
            with pytest.raises(ledger.NotTheirVisit, match=SAYS):
                ledger.take_split(house.rosa, ways=[cash], purpose=purpose, visit_id=other, **facts)
        for kind, amount in (("charge", FIVE), ("hold", FIVE), ("save", Decimal(0))):
            day = cast.MONDAY if kind == "hold" else None
            with pytest.raises(ledger.NotTheirVisit, match=SAYS):
                wish(house, kind=kind, amount=amount, for_day=day, visit_id=other)
    assert not Payment.objects.exists()
    assert not CardCharge.objects.exists()
    assert paid_for(visit.pk) == 0


def test_their_own_is_taken(house: House, visit: Visit) -> None:
    paid = ledger.take_payment(
        house.rosa, patient_id=house.diaz.pk, amount=FIVE, method="cash", location_id=house.door.pk,
        purpose="copay", visit_id=visit.pk,
    )  # fmt: skip
    assert paid.visit_id == visit.pk
    assert paid_for(visit.pk) == FIVE


@pytest.mark.parametrize("name", ["payment-take", "payment-split"])
def test_the_form_of_a_tampered_address_says_it(house: House, visit: Visit, name: str) -> None:
    browser = desk(house)
    address = reverse(f"ledger:{name}", args=[house.ann.pk]) + f"?visit={visit.pk}&purpose=copay"
    sent = hidden_fields(browser.get(address).text, form="id=") | {
        "visit": str(visit.pk), "purpose": "copay", "amount": "5.00", "method": "cash", "cash": "5.00",
    }  # fmt: skip
    answer = browser.post(address, sent)
    assert answer.status_code == 409
    assert SAYS in answer.text
    assert not Payment.objects.exists()
