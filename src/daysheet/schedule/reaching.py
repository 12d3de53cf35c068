"""How the patients of some visits may be written to at this moment, as chart, wishes and the open ways allow."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from daysheet.mailroom import queries as mail
from daysheet.schedule import reminders
from daysheet.schedule.models import Appointment
from daysheet.schedule.reminding import GRACE, in_turn

CHANNELS = ("sms", "email")
"""What is read at once first; a call is made by the desk."""


class Way(NamedTuple):
    """A channel that is open, and the address in it."""

    channel: str
    address: str


def ways_to(visits: Sequence[Appointment], now: datetime) -> dict[UUID, Way]:
    """Return the way for each visit to come whose patient may be written to; three statements for any number."""
    if not visits:
        return {}
    open_ways = mail.ways_out(visits[0].practice)
    last = max(one.starts_at for one in visits)
    found = {}
    for row in reminders.to_come(now + GRACE, last, only=[one.pk for one in visits]):
        turn = in_turn(CHANNELS, reachable=row.reachable, open_ways=open_ways, prefers=row.prefers)
        if turn:
            found[row.appointment_id] = Way(turn[0], row.reachable[turn[0]])
    return found
