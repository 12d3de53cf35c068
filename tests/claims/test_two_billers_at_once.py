"""Two people make claims at once: each charge is on one claim, once."""

from collections import Counter

import pytest

from daysheet.charges import commands as charges
from daysheet.claims import commands
from daysheet.claims.models import Claim, ClaimLine
from daysheet.kernel.jobs import holding
from tests import make
from tests.claims.office import Loop
from tests.ledger.test_at_the_same_time import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def on_claims(loop: Loop) -> tuple[int, set[int]]:
    """How many claims there are, and how often a charge is on one."""
    with make.acting(loop.office):
        lines = Counter(ClaimLine.objects.values_list("charge_id", flat=True))
        return Claim.objects.count(), set(lines.values())


def test_all_due_claims_are_made_once_whoever_presses() -> None:
    loop = Loop()
    for _ in range(3):
        loop.visit()
    made = at_once(loop.office, 4, 4, lambda _: len(commands.make_due_claims(loop.by())))
    assert (sum(made), on_claims(loop)) == (3, (3, {1}))


def test_a_visit_is_billed_once_and_the_other_hand_is_told() -> None:
    loop = Loop()
    visit = loop.visit()

    def bill(_: int) -> str:
        try:
            commands.make_claim(loop.by(), visit_id=visit.pk)
        except commands.NothingToBill:
            return "billed already"
        return "made"

    assert sorted(at_once(loop.office, 4, 4, bill)) == ["billed already"] * 3 + ["made"]
    assert on_claims(loop) == (1, {1})


def test_a_line_posted_later_comes_once_onto_the_claim_that_waits() -> None:
    loop = Loop()
    claim = loop.made("X0020")
    with holding():
        charges.put_charge(loop.by("ana"), visit_id=claim.visit_id, code="X0015")
        charges.post_charges(loop.by("ana"), visit_id=claim.visit_id)
    at_once(loop.office, 4, 4, lambda _: commands.make_due_claims(loop.by()))
    assert on_claims(loop) == (1, {1})
    assert loop.again(claim).charge == 180
