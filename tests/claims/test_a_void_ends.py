"""A void (8) ends: by the payer's reversal, or by a person where none comes; then its charges can be billed again."""

from datetime import date, timedelta

import pytest

from daysheet.claims import commands, queries
from daysheet.claims.models import Claim
from daysheet.kernel.jobs import holding
from tests import make
from tests.claims.office import Loop
from tests.claims.test_claims_on_screen import body, browser
from tests.claims.test_send_claims import stopped
from tests.claims.test_the_payer_of_a_correction import another_plan, taken_back
from tests.desk import hidden_fields

pytestmark = pytest.mark.django_db


def to_bill(loop: Loop) -> int:
    with make.acting(loop.office):
        return queries.count_to_bill()


def test_a_void_that_the_payer_took_and_never_decides_is_closed_by_a_person() -> None:
    loop = Loop()
    claim = loop.sent()  # taken, not yet decided: nothing was paid that could be reversed
    with make.acting(loop.office):
        Claim.objects.filter(pk=claim.pk).update(state="denied")
        claim.events.create(rank=9, at=loop.now, kind="denied", by_name="Blue PPO")
    void = taken_back(loop, claim)
    assert void.state == "accepted"
    loop.now += timedelta(days=40)
    commands.watch_clocks(loop.by("system"))
    assert ("other", "silent-accepted") in loop.items()

    client = browser(loop)
    shown = body(client, f"/claims/{void.pk}/")
    assert "Close, no more work" in shown
    fields = hidden_fields(shown, form='id="reason-form"') | {"reason": "The payer has it as void"}
    assert client.post(f"/claims/{void.pk}/close/", fields).status_code == 303
    assert loop.again(void).state == "closed"
    assert loop.items() == []
    assert to_bill(loop) == 1
    with make.acting(loop.office):
        assert queries.wrong_states() == []


def test_another_claim_that_the_payer_has_is_not_closed() -> None:
    loop = Loop()
    claim = loop.sent()
    assert "Close, no more work" not in body(browser(loop), f"/claims/{claim.pk}/")
    with pytest.raises(commands.StillWithThePayer):
        commands.close_claim(loop.by(), claim_id=claim.pk, version=claim.version, reason="x")


def test_what_was_paid_voided_and_reversed_is_billed_to_the_right_plan() -> None:
    loop = Loop()
    loop.meet_deductible()
    claim = loop.sent()
    loop.pay()
    green = another_plan(loop)
    void = taken_back(loop, claim)
    assert to_bill(loop) == 0  # while the payer has not taken its money back
    loop.pay(date(2026, 4, 15))
    assert loop.again(void).state == "closed"
    assert loop.due(claim) == (180, 0)
    assert to_bill(loop) == 1
    with holding():
        (second,) = commands.make_due_claims(loop.by())
    assert (second.payer_id, second.charge, to_bill(loop)) == (green.pk, 180, 0)


def test_a_void_that_the_payer_refused_frees_nothing_when_it_is_closed() -> None:
    loop = Loop()
    loop.meet_deductible()
    claim = loop.sent()
    loop.pay()
    void = stopped(loop, claim, "8")
    with make.acting(loop.office):  # the twin refuses no void
        void.events.create(rank=9, at=loop.now, kind="rejected_277", by_name="Blue PPO")
        Claim.objects.filter(pk=void.pk).update(state="rejected")
    void = loop.again(void)
    commands.close_claim(loop.by(), claim_id=void.pk, version=void.version, reason="no more work")
    assert loop.again(void).state == "closed"
    assert to_bill(loop) == 0
