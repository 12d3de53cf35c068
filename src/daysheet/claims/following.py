"""What claims do when something happens in a room below."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.claims import commands, queries
from daysheet.claims.models import Claim
from daysheet.coverage.enrolment import PayerMerge
from daysheet.coverage.merging import Counted
from daysheet.kernel.access import Actor


def line_is_voided(by: Actor, charge_id: UUID, reason: str) -> None:
    """Take a line that is voided on the slip off its claims; refused while a payer has one of them."""
    for claim_id in queries.claims_with(charge_id):
        commands.take_line_off(by, claim_id=claim_id, charge_id=charge_id, reason=reason)


def claims_of_payer(payer_id: UUID) -> Sequence[Counted]:
    """Return how many claims of a payer have not left and go over, and how many stay as they were sent."""
    every = Claim.objects.filter(payer_id=payer_id)
    waiting = every.filter(state__in=queries.UNSENT, frequency="1").count()
    return [
        Counted(_("Claims that have not left"), waiting),
        Counted(_("Claims that were sent"), every.count() - waiting, stays=True),
    ]


def payers_merged(by: Actor, gone_id: UUID, kept_id: UUID) -> dict[str, Any]:
    """Let the claims that have not left go to the payer that stays; return which."""
    system = Actor.system(practice_id=by.practice_id, now=by.now, name=by.name)
    went = commands.send_to_kept_payer(system, gone_id=gone_id, kept_id=kept_id)
    return {"claims": [str(pk) for pk in went]}


def payers_apart(by: Actor, merge: PayerMerge, coverage_ids: Sequence[UUID]) -> None:
    """Let the claims that have not left go back to the payer that is taken out of the other one."""
    system = Actor.system(practice_id=by.practice_id, now=by.now, name=by.name)
    commands.send_to_payer_apart(system, merge_id=merge.pk, coverage_ids=coverage_ids)
