"""How the patients of some visits may be written to at this moment, as chart, wishes and the open ways allow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from daysheet.mailroom import queries as mail
from daysheet.schedule import reminders
from daysheet.schedule.models import Appointment
from daysheet.schedule.reminding import GRACE, in_turn, next_awake, stand_in

CHANNELS = ("sms", "email")
"""What is read at once first; a call is made by the desk."""


class Way(NamedTuple):
    """A channel that is open, and the address in it."""

    channel: str
    address: str
    leaves_at: datetime
    """In three minutes, or when the quiet hours end."""


def ways_to(
    visits: Sequence[Appointment],
    now: datetime,
    *,
    until: Mapping[UUID, datetime] | None = None,
    gone: bool = False,
) -> dict[UUID, Way]:
    """Return the way for each visit to come whose patient may be written to; four statements for any number.

    With `gone` also for one that was cancelled.

    Nobody is written to in the quiet hours of the reminders. What could then leave only when it is of no use any more
    (the visit has begun, or `until` has come) leaves by no way: the desk calls.
    """
    if not visits:
        return {}
    open_ways = mail.ways_out(visits[0].practice)
    rules = [reminders.as_rule(one) for one in reminders.rules()]
    last = max(one.starts_at for one in visits)
    found = {}
    for row in reminders.to_come(now + GRACE, last, only=[one.pk for one in visits], gone=gone):
        turn = in_turn(CHANNELS, reachable=row.reachable, open_ways=open_ways, prefers=row.prefers)
        rule = stand_in(row.type_id, rules)
        leaves_at = next_awake(now + GRACE, rule.opens, rule.closes, row.zone)
        if turn and leaves_at < (until or {}).get(row.appointment_id, row.starts_at):
            found[row.appointment_id] = Way(turn[0], row.reachable[turn[0]], leaves_at)
    return found
