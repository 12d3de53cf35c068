"""Reminders in words for the desk: what went by which way, how it went, what was answered, what may be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import Envelope
from daysheet.schedule import reminders
from daysheet.schedule.models import Reminder, ReminderRule, ReminderTry, ReminderVisit
from daysheet.schedule.showing import say_clock

WAYS = {"sms": gettext_lazy("Text message"), "email": gettext_lazy("E-mail"), "voice": gettext_lazy("Call")}
HOW = {
    "link": gettext_lazy("by the link"),
    "sms": gettext_lazy("by text"),
    "voice": gettext_lazy("during the call"),
}
ANSWER_TONES = {"confirmed": "done", "cannot_come": "stop", "call_me": "attention"}
Mark = tuple[str, str]
"""A tone and a word."""


@dataclass(frozen=True, slots=True)
class TryLine:
    """One envelope of a message: by which way, when, how it went."""

    envelope_id: UUID
    way: str
    at: datetime
    mark: Mark


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A message about a visit, as the visit's page shows it."""

    visit: ReminderVisit
    reminder: Reminder
    why: str
    together: int
    """How many visits the message is about."""
    mark: Mark
    tries: list[TryLine]
    answer: Mark | None
    answered: str
    wrote: str
    may_stop: bool
    may_revoke: bool
    is_fresh: bool
    """It waits to leave or has just left: no other is sent by hand."""


@dataclass(frozen=True, slots=True)
class CallLine:
    """A patient who is to be called about a visit, and why."""

    visit: ReminderVisit
    why: Mark
    wrote: str
    phone: str


def lines_about(appointment_id: UUID, *, now: datetime, zone: ZoneInfo) -> list[ReminderLine]:
    """Return what was sent about a visit, the latest first."""
    return [_line(one, now, zone) for one in reminders.about([appointment_id]).get(appointment_id, [])]


def confirmations_of(appointment_id: UUID, zone: ZoneInfo) -> list[tuple[UUID, Mark]]:
    """Return the e-mails that confirm a visit and how far each got, the latest first."""
    return [(one.pk, carried(one, zone)) for one in mail.written_about(appointment_id)]


def call_lines(rows: Sequence[ReminderVisit], phones: dict[UUID, str]) -> list[CallLine]:
    """Return the patients who are to be called, with the number to call."""
    return [
        CallLine(one, _needs(one.reminder), one.reminder.wrote, phones.get(one.patient_id, ""))
        for one in rows
    ]


def ways(channels: Iterable[str]) -> str:
    """Return channels in words, in their turn."""
    return ", ".join(str(WAYS.get(one, one)) for one in channels)


def hours(rule: ReminderRule) -> str:
    """Return the hours in which a rule sends: 9:00 am to 8:00 pm."""
    return _("%(since)s to %(until)s") % {
        "since": say_clock(rule.from_clock),
        "until": say_clock(rule.to_clock),
    }


def _line(one: ReminderVisit, now: datetime, zone: ZoneInfo) -> ReminderLine:
    sent, link = one.reminder, one.reminder.link
    return ReminderLine(
        visit=one,
        reminder=sent,
        why=one.rule.name if one.rule else _("Sent by %(who)s") % {"who": sent.made_by},
        together=getattr(one, "together", 1),
        mark=_went(sent, zone),
        tries=[_try(each, zone) for each in sent.tries.all()],
        answer=(ANSWER_TONES[one.answer], str(one.get_answer_display())) if one.answer else None,
        answered=_answered(one, zone),
        wrote=sent.wrote,
        may_stop=sent.state == Reminder.State.ON_ITS_WAY and _waits(sent.envelope),
        may_revoke=link is not None and link.is_live(now),
        is_fresh=reminders.is_fresh(sent, now),
    )


def _went(sent: Reminder, zone: ZoneInfo) -> Mark:
    if sent.state == Reminder.State.STOPPED:
        return ("neutral", _("Stopped"))
    if sent.state == Reminder.State.NOT_REACHED:
        return ("stop", _("Not reached"))
    return carried(sent.envelope, zone)


def _try(each: ReminderTry, zone: ZoneInfo) -> TryLine:
    return TryLine(
        each.envelope_id, str(WAYS.get(each.channel, each.channel)), each.at, carried(each.envelope, zone)
    )


def carried(envelope: Envelope | None, zone: ZoneInfo) -> Mark:
    """Return how far an envelope got."""
    if envelope is None:
        return ("neutral", _("Made"))
    if envelope.state == Envelope.State.QUEUED and envelope.next_try_at is not None:
        words = _("Leaves %(at)s") if not envelope.attempts else _("Tried again %(at)s")
        return ("active", words % {"at": say_stamp(envelope.next_try_at, zone)})
    if envelope.state in (Envelope.State.SENT, Envelope.State.ACCEPTED) and envelope.sent_at is not None:
        return ("done", _("Sent %(at)s") % {"at": say_stamp(envelope.sent_at, zone)})
    if envelope.state == Envelope.State.STOPPED:
        return ("neutral", _("Stopped"))
    return ("stop", _("Did not arrive"))


def _waits(envelope: Envelope | None) -> bool:
    return envelope is not None and envelope.can_be_stopped


def _answered(one: ReminderVisit, zone: ZoneInfo) -> str:
    if one.answered_at is None:
        return ""
    last = f"{say_stamp(one.answered_at, zone)}, {HOW.get(one.answered_how, one.answered_how)}"
    before = (
        _("before: %(answer)s, %(at)s")
        % {
            "answer": ReminderVisit.Answer(each["answer"]).label,
            "at": say_stamp(datetime.fromisoformat(each["at"]), zone),
        }
        for each in reversed(one.earlier)
    )
    return "; ".join((last, *before))


def _needs(sent: Reminder) -> Mark:
    if sent.asks == Reminder.Asks.CALL:
        return ("attention", _("Asks for a call"))
    if sent.asks == Reminder.Asks.WROTE:
        return ("attention", _("Wrote: read it"))
    return ("stop", _("Not reached"))


def say_stamp(at: datetime, zone: ZoneInfo) -> str:
    """Return day and time of day at the door: Mar 9, 9:15 am."""
    there = at.astimezone(zone)
    return f"{dateformat.format(there, 'M j')}, {say_clock(there.time())}"
