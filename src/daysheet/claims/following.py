"""What claims do when something happens in a room below."""

from uuid import UUID

from daysheet.claims import commands, queries
from daysheet.kernel.access import Actor


def line_is_voided(by: Actor, charge_id: UUID, reason: str) -> None:
    """Take a line that is voided on the slip off its claims; refused while a payer has one of them."""
    for claim_id in queries.claims_with(charge_id):
        commands.take_line_off(by, claim_id=claim_id, charge_id=charge_id, reason=reason)
