"""Two workers at one card payment: it is booked once."""

from decimal import Decimal

import pytest

from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import holding
from daysheet.ledger import carding, commands, queries
from daysheet.ledger.models import CardCharge, CardMemory, Payment
from tests import cast, make
from tests.ledger.conftest import furnish
from tests.ledger.test_at_the_same_time import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_many_workers_at_one_card_book_it_once() -> None:
    practice = make.practice(is_training=True, clock_at=cast.NOW)
    with make.acting(practice), holding():
        office = furnish(practice)
        office.charge("500.00")
        commands.set_card_door(office.ana, version=0, company="loopback")
        for _ in range(4):
            commands.begin_card(
                office.rosa, patient_id=office.diaz.pk, kind="charge", amount=Decimal(10), token="test_visa"
            )
        ids = list(CardCharge.objects.values_list("pk", flat=True))
    system = Actor.system(practice_id=practice.pk, now=cast.NOW)
    at_once(practice, 8, 32, lambda number: carding.carry_on(system, charge_id=ids[number % 4]))
    with make.acting(practice):
        assert Payment.objects.count() == 4
        assert CardMemory.objects.count() == 8
        assert office.holds() == ("0.00", "460.00", "0.00")
        assert queries.troubles() == []
