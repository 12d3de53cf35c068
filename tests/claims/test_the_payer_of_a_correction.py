"""A claim that follows another goes to its payer, whatever the coverage says; a void is not stopped by its reason."""

from datetime import date, timedelta

import pytest

from daysheet.claims import commands, pages
from daysheet.claims.models import Claim
from daysheet.coverage.models import Coverage, Payer
from daysheet.formats import x12
from daysheet.kernel.jobs import holding
from tests import cast, make
from tests.claims.office import Loop
from tests.claims.test_cases_of_injury import enter, under

pytestmark = pytest.mark.django_db


def another_plan(loop: Loop) -> Payer:
    """The card was of another plan: it is edited."""
    with make.acting(loop.office):
        plan = make.plan("Green HMO", "GREEN1", by_partner=loop.partner)
        Coverage.objects.filter(pk=loop.coverage.pk).update(plan=plan)
        return plan.payer


def taken_back(loop: Loop, claim: Claim) -> Claim:
    claim = loop.again(claim)
    with holding() as held:
        commands.void_claim(loop.by(), claim_id=claim.pk, version=claim.version, reason="Wrong plan")
    loop.run(held)
    with make.acting(loop.office):
        return Claim.objects.get(replaces=claim)


def receivers(loop: Loop) -> list[tuple[str, str]]:
    """Frequency and payer of what left, in order."""
    read = [doc for one in loop.outgoing() for doc in x12.read(bytes(one.content))]
    return [(wire.frequency, wire.payer.id) for doc in read for wire in doc.content.claims]


def test_a_void_goes_to_the_payer_that_has_the_claim() -> None:
    loop = Loop()
    claim = loop.sent()
    loop.pay()
    another_plan(loop)
    void = taken_back(loop, claim)
    assert (void.payer_id, void.state) == (claim.payer_id, "accepted")
    assert receivers(loop) == [("1", "BLUE1"), ("8", "BLUE1")]


def test_a_replacement_goes_to_the_payer_that_has_the_claim() -> None:
    loop = Loop()
    claim = loop.sent()
    loop.pay()
    another_plan(loop)
    loop.resend(loop.again(claim), because="Other number", referral="REF9")
    assert receivers(loop) == [("1", "BLUE1"), ("7", "BLUE1")]


def test_a_claim_that_waits_for_the_plan_before_is_held() -> None:
    loop = Loop()
    claim = loop.made()
    another_plan(loop)
    loop.send(claim)
    claim = loop.again(claim)
    assert claim.state == "held"
    with make.acting(loop.office):
        (mend,) = pages.claim_page(claim, today=cast.MONDAY)["mends"]
    assert mend.finding.rule == "payer-of-coverage"
    assert (
        "This coverage is with Green HMO now, and the claim goes to Blue PPO: take it back, then make it anew."
        in mend.finding.sentence
    )


def test_a_void_of_a_claim_whose_coverage_did_not_hold_leaves() -> None:
    loop = Loop()
    claim = loop.sent()
    loop.pay()
    with make.acting(loop.office):
        Coverage.objects.filter(pk=loop.coverage.pk).update(ends_on=cast.MONDAY - timedelta(days=30))
    assert taken_back(loop, claim).state == "accepted"


def test_a_void_of_a_claim_whose_visit_went_under_a_case_leaves() -> None:
    loop = Loop()
    claim = loop.sent()
    loop.pay(date(2026, 3, 25))
    with make.acting(loop.office):
        visit = Claim.objects.select_related("visit").get(pk=claim.pk).visit
    under(loop, enter(loop), visit)
    assert taken_back(loop, claim).state == "accepted"
