"""Holding a time while it is booked: for one open page of one person, three minutes, renewed by touching the page."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models.functions import Now

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.practice.models import Provider
from daysheet.schedule.commands.asked import NotOnTheBooks
from daysheet.schedule.held import HOLDS_FOR, NOBODY
from daysheet.schedule.models import HeldTime
from daysheet.schedule.rules import LONGEST

TOPIC = "holds"


class NobodysPage(Refusal):
    """A hold belongs to a person and to a page that is open in a browser."""


@command(needs=Can.BOOK_APPOINTMENT)
def hold_time(by: Actor, /, *, page: str, provider_id: UUID, starts_at: datetime, minutes: int) -> HeldTime:
    """Hold a clinician's time for an open page, or renew it; what the page held before is let go.

    It keeps nobody from booking that time. Raises NobodysPage, or NotOnTheBooks for a clinician of nobody here.
    """
    if by.user_id is None or not page:
        raise NobodysPage("A time is held for somebody at an open page.")
    if not Provider.objects.filter(id=provider_id).exists():
        raise NotOnTheBooks("That clinician is not on the books. Choose another one.")
    HeldTime.objects.filter(until__lte=Now()).delete()
    where = {"provider_id": provider_id, "starts_at": starts_at}
    is_new = not HeldTime.objects.filter(user_id=by.user_id, page=page, **where).exists()
    held, _made = HeldTime.objects.update_or_create(
        user_id=by.user_id,
        page=page,
        defaults=where
        | {
            "held_by": by.name,
            "ends_at": starts_at + timedelta(minutes=min(max(minutes, 1), LONGEST)),
            "until": Now() + HOLDS_FOR,
        },
    )
    record(
        by,
        "schedule.time.held",
        provider=str(provider_id),
        at=starts_at.isoformat(),
        renewed=not is_new,
    )
    if is_new:  # a renewal changes nothing that another screen shows
        announce(by.practice_id, TOPIC)
    return held


@command(needs=Can.BOOK_APPOINTMENT)
def let_time_go(by: Actor, /, *, page: str) -> int:
    """Let go what an open page of one's own holds; return how many times that were."""
    gone, _which = HeldTime.objects.filter(user_id=by.user_id or NOBODY, page=page).delete()
    record(by, "schedule.time.let-go", held=gone)
    if gone:
        announce(by.practice_id, TOPIC)
    return gone
