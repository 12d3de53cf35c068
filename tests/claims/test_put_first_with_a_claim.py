"""A plan that was put first stays once a claim was made for it, or an estimate that reckons with it."""

from datetime import timedelta

import pytest

from daysheet.charges.models import Estimate
from daysheet.claims import commands as claims
from daysheet.coverage import commands
from daysheet.coverage.models import Coverage
from daysheet.kernel.jobs import holding
from tests import cast, make
from tests.claims.office import Loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def loop() -> Loop:
    return Loop()


def put_first(loop: Loop) -> commands.Switched:
    with make.acting(loop.office):
        other = make.plan("Harbor HMO", "HARB1", by_partner=loop.partner)
    return commands.put_first(
        loop.by("rosa"), coverage_id=loop.coverage.pk, version=1, plan_id=other.pk, member_id="HM77",
        from_on=cast.MONDAY,
    )  # fmt: skip


def ranks(loop: Loop) -> list[tuple[str, int]]:
    with make.acting(loop.office):
        rows = Coverage.objects.filter(entered_in_error_at=None).order_by("starts_on", "rank")
        return list(rows.values_list("plan__name", "rank"))


def test_a_claim_keeps_it_until_it_is_void(loop: Loop) -> None:
    done = put_first(loop)
    loop.coverage = done.new
    claim = loop.made()
    with pytest.raises(commands.PlansAreUsed, match=f"Claim {claim.control} is made for Harbor HMO"):
        commands.undo_put_first(loop.by("rosa"), coverage_id=done.new.pk)
    assert ranks(loop) == [("Blue PPO", 1), ("Harbor HMO", 1), ("Blue PPO", 2)]
    with holding():
        claims.void_claim(loop.by(), claim_id=claim.pk, version=claim.version, reason="The plan was wrong")
    commands.undo_put_first(loop.by("rosa"), coverage_id=done.new.pk)
    assert ranks(loop) == [("Blue PPO", 1)]


def test_an_estimate_keeps_it(loop: Loop) -> None:
    done = put_first(loop)
    with make.acting(loop.office):
        Estimate.objects.create(
            number=7, kind="insured", patient=loop.diaz, provider=loop.dr_lee, location=loop.door,
            coverage=done.new, service_on=cast.MONDAY + timedelta(days=9), for_what="Visit", has_coverage=True,
            uses_coverage=True, asked_at=cast.NOW, asked_by="Rosa", state="given",
        )  # fmt: skip
    with pytest.raises(commands.PlansAreUsed, match="Estimate 7 reckons with it"):
        commands.undo_put_first(loop.by("rosa"), coverage_id=done.new.pk)
