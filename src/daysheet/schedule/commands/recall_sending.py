"""Letters and messages of recalls that go out by themselves: switched by the office, sent in the morning, once each."""

from datetime import time

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.schedule import recalls
from daysheet.schedule.commands.recall_contacts import MOST, _send_due
from daysheet.schedule.commands.recalling import _let_paid_go_on
from daysheet.schedule.models import RecallRun, RecallSending

EARLIEST, LATEST = time(8), time(21)
"""The widest hours: those that 47 CFR 64.1200(c)(1) leaves to solicitations by telephone. A recall is none where it is
care; the hours are kept all the same. Quoted after others, not compared with the regulation itself."""


class StrangeHours(Refusal):
    """Hours in which nothing could go out, or nobody should be written to."""


@command(needs=Can.MANAGE_OFFICE)
def keep_recall_sending(
    by: Actor, /, *, is_on: bool, from_clock: time, to_clock: time, version: int | None = None
) -> RecallSending:
    """Let letters and messages of recalls go out by themselves within some hours, or no more.

    Raises StrangeHours or StaleForm.
    """
    if not EARLIEST <= from_clock < to_clock <= LATEST:
        told = _("Between 8 am and 9 pm, and later than the beginning.")
        raise StrangeHours(_("Nothing can go out at those hours."), to_clock=told)
    meanwhile = _("Somebody changed this meanwhile. Look at it again, then decide.")
    kept = RecallSending.objects.select_for_update().first() or RecallSending(version=0)
    if kept.version != (version or 0):
        raise StaleForm(meanwhile)
    kept.is_on, kept.from_clock, kept.to_clock = is_on, from_clock, to_clock
    kept.changed_at, kept.changed_by, kept.version = by.now, by.name, kept.version + 1
    with refusing(recall_sending_is_one_for_an_office=StaleForm(meanwhile)):
        kept.save()
    record(by, "schedule.recall-sending.kept", kept, is_on=is_on)
    announce(by.practice_id, "recalls")
    return kept


@command(needs=Can.BOOK_APPOINTMENT)
def send_recalls_by_themselves(by: Actor, /) -> RecallRun | None:
    """Write what has come, where the office lets it go by itself, its hours are open and it has not been done today.

    Returns what went out today, or None; so many at once, the next run goes on.
    A step goes out once, however often this runs; what a person has taken back is left to a person.
    """
    practice = Practice.objects.get(pk=by.practice_id)
    sending = RecallSending.objects.select_for_update().first()  # one run at a time
    if sending is None or not recalls.goes_now(practice, by.now):
        record(by, "schedule.recalls.left-alone")
        return None
    today = local_day(by.now, practice.zone)
    _let_paid_go_on(by)
    due = recalls.steps_never_done(today=today, now=by.now, calls=False)
    made = _send_due(by, due, sending.from_clock, sending.to_clock)
    begun = {"first_at": by.now, "last_at": by.now}
    run, _new = RecallRun.objects.get_or_create(on_day=today, defaults=begun)
    run.letters += sum(one.document_id is not None for one in made)
    run.messages += sum(one.envelope_id is not None for one in made)
    run.last_at, run.is_over = by.now, len(made) < MOST
    run.save()
    record(by, "schedule.recalls.sent", patients=[one.patient_id for one in made], contacts=len(made))
    announce(by.practice_id, "recalls")
    return run
