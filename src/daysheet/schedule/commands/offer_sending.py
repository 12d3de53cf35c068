"""The office's switch for offers by message: not at all, when the desk presses, by themselves."""

from datetime import time

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.schedule.commands.recall_sending import EARLIEST, LATEST, StrangeHours
from daysheet.schedule.models import OfferSending

INTERVALS = (15, 30, 60, 120)
"""Minutes that a batch may have before the next is asked."""


@command(needs=Can.MANAGE_OFFICE)
def keep_offer_sending(
    by: Actor,
    /,
    *,
    mode: str,
    interval_minutes: int,
    from_clock: time,
    to_clock: time,
    version: int | None = None,
) -> OfferSending:
    """Say whether freed times are offered by message, and return what is kept. What is under way goes on.

    Raises StrangeHours or StaleForm.
    """
    if mode not in OfferSending.Mode.values or interval_minutes not in INTERVALS:
        raise Refusal(_("Choose from what is offered."))
    if not EARLIEST <= from_clock < to_clock <= LATEST:
        told = _("Between 8 am and 9 pm, and later than the beginning.")
        raise StrangeHours(_("Nothing can go out at those hours."), to_clock=told)
    meanwhile = _("Somebody changed this meanwhile. Look at it again, then decide.")
    kept = OfferSending.objects.select_for_update().first() or OfferSending(version=0)
    if kept.version != (version or 0):
        raise StaleForm(meanwhile)
    kept.mode, kept.interval_minutes = mode, interval_minutes
    kept.from_clock, kept.to_clock = from_clock, to_clock
    kept.changed_at, kept.changed_by, kept.version = by.now, by.name, kept.version + 1
    with refusing(offer_sending_is_one_for_an_office=StaleForm(meanwhile)):
        kept.save()
    record(by, "schedule.offer-sending.kept", kept, mode=mode)
    announce(by.practice_id, "waitlist")
    return kept
