"""Clocks of claims: a hop that stays silent, and a filing limit that comes near, are put on the work list."""

from datetime import timedelta

from daysheet.claims import queries, rules
from daysheet.claims.commands.story import Story
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.models import Practice

NEAR = timedelta(days=15)


@command(needs=Can.SEND_CLAIMS)
def watch_clocks(by: Actor, /) -> int:
    """Put every silent claim, and every unsent one near its filing limit, on the work list; return how many."""
    story = Story(by)
    today = local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    silent = list(queries.silent_claims(by.now))
    for claim in silent:
        story.ask_for(
            claim,
            kind="other",
            code=f"silent-{claim.state}",
            sentence=f"Claim {claim.number}: {rules.WAITED_FOR[claim.state]}",
            due_at=story.zone_day_end(1),
            source="office rule: silence on the way",
        )
    late = list(queries.claims_near_limit(today + NEAR))
    for claim in late:
        story.ask_for(
            claim,
            kind="other",
            code="filing-limit",
            sentence=f"Claim {claim.number} is not at the payer, which takes it until {claim.file_by:%b} "
            f"{claim.file_by.day}.",
            due_at=story.zone_day_end(0),
            source="payer: filing limit",
        )
    record(by, "claims.clocks.watched", None, silent=len(silent), near_limit=len(late))
    return len(silent) + len(late)
