"""What becomes of a message that has not left when its visit is given up: nothing is sent about what is no more."""

from daysheet.kernel.access import Actor
from daysheet.mailroom import commands as mailroom
from daysheet.schedule.models import Appointment, Reminder


def _let_reminders_go(by: Actor, gone: Appointment) -> None:
    """Stop the messages that still wait to leave and are about this visit alone."""
    waiting = Reminder.objects.filter(
        visits__appointment=gone,
        state=Reminder.State.ON_ITS_WAY,
        envelope__state="queued",
        envelope__attempts=0,
        envelope__next_try_at__isnull=False,
    )
    for held in waiting.exclude(visits__appointment__booking="scheduled").select_related("link"):
        mailroom.stop_envelope(by, envelope_id=held.envelope_id)  # type: ignore[arg-type]
        if held.link is not None and held.link.is_live(by.now):
            mailroom.revoke_link(by, link_id=held.link.pk)
        held.state, held.version = Reminder.State.STOPPED, held.version + 1
        held.save(update_fields=["state", "version"])
