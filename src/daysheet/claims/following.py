"""What claims do when something happens in a room below."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.claims import commands, queries
from daysheet.claims.models import Claim
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


def payers_merged(by: Actor, gone_id: UUID, kept_id: UUID) -> None:
    """Let the claims that have not left go to the payer that stays."""
    system = Actor.system(practice_id=by.practice_id, now=by.now, name=by.name)
    commands.send_to_kept_payer(system, gone_id=gone_id, kept_id=kept_id)
