"""What becomes of a message that has not left when its visit is given up: nothing is sent about what is no more."""

from daysheet.kernel.access import Actor
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import queries as mail
from daysheet.schedule.commands.telling import _keep_answers_back
from daysheet.schedule.models import Appointment, Reminder, ReminderVisit


def _let_reminders_go(by: Actor, gone: Appointment) -> None:
    """Stop the messages that still wait to leave and are about visits that are given up, this one the last of them.

    Their rules have not reminded of these visits then: one that stands again is reminded as any other.
    """
    waiting = Reminder.objects.filter(
        visits__appointment=gone,
        state=Reminder.State.ON_ITS_WAY,
        envelope__state="queued",
        envelope__attempts=0,
        envelope__next_try_at__isnull=False,
    )
    gone_ids = list(waiting.exclude(visits__appointment__booking="scheduled").values_list("pk", flat=True))
    # The visit is held already; then the message, its envelope, its link: the order of every act on a message.
    for held in Reminder.objects.select_for_update(of=("self",)).filter(pk__in=gone_ids).order_by("pk"):
        ids = [held.envelope_id] if held.envelope_id else []
        if not mail.those_that_wait(ids):  # it is leaving at this moment
            continue
        mailroom.stop_envelope(by, envelope_id=ids[0])
        if held.link is not None and held.link.is_live(by.now):
            mailroom.revoke_link(by, link_id=held.link.pk)
        held.state, held.version = Reminder.State.STOPPED, held.version + 1
        held.save(update_fields=["state", "version"])
        ReminderVisit.objects.filter(reminder=held).update(rule=None)
    _keep_answers_back(by, gone)
