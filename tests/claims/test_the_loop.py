"""A claim goes out and comes back paid: 837P, 999, 277CA, 835, posted to the cent, all by commands."""

from decimal import Decimal

import pytest

from tests.claims.office import Loop

pytestmark = pytest.mark.django_db


def test_a_visit_is_billed_acknowledged_paid_and_posted() -> None:
    loop = Loop()
    loop.meet_deductible()
    claim = loop.sent()
    assert loop.story(claim) == ["made", "sent", "ta1_accepted", "received_999", "accepted_277"]
    assert (claim.state, claim.next_owner, claim.payer_control) == ("accepted", "payer", "BLUE100000001")
    assert [item.state for item in loop.outgoing()] == ["accepted"]

    loop.pay()
    claim = loop.again(claim)
    assert loop.story(claim)[5:] == ["paid"]
    assert (claim.state, claim.next_owner) == ("paid", "patient")
    assert loop.due(claim) == (Decimal("0.00"), Decimal("49.20"))
    (remittance,) = loop.remittances()
    assert (remittance.state, remittance.amount, remittance.trace) == (
        "posted",
        Decimal("76.80"),
        "BLUE10000001",
    )
    assert loop.items() == []
