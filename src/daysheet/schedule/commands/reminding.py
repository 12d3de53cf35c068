"""Sending reminders: what is due goes out, one message a day and address; what fails goes by the next channel."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import links
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import Envelope
from daysheet.practice.models import Location, Office
from daysheet.schedule import messages, reminders
from daysheet.schedule.models import Appointment, Reminder, ReminderTry, ReminderVisit
from daysheet.schedule.reminders import Due, ToCome
from daysheet.schedule.reminding import GRACE, awake_until, in_turn, is_awake, next_awake, stand_in
from daysheet.schedule.showing import say_clock

MOST = 200
"""Messages of one run; the next run goes on."""


class CannotBeReached(Refusal):
    """No channel is open by which this patient may be written to."""


class QuietHours(Refusal):
    """Patients are not written to at this hour."""


class RemindedJustNow(Refusal):
    """A message about this visit waits to leave, or has left within the hour."""


class NothingToStop(Refusal):
    """The message has left, or is stopped already."""


class RemindedMeanwhile(Refusal):
    """Another run has written about one of these visits."""


@command(needs=Can.SEND_MAIL)
def send_due_reminders(by: Actor, /) -> list[Reminder]:
    """Write the messages that are due now."""
    _one_run_at_a_time(by)
    practice = Practice.objects.get(pk=by.practice_id)
    made = [_write(by, practice, group) for group in reminders.due(practice, by.now, most=MOST)]
    record(by, "schedule.reminders.sent", patients=[one.patient_id for one in made], messages=len(made))
    return made


@command(needs=Can.SEND_MAIL)
def follow_fallen_reminders(by: Actor, /) -> list[Reminder]:
    """Go on to the next channel with messages that reached nobody; none left, and the desk has to call."""
    _one_run_at_a_time(by)
    practice = Practice.objects.get(pk=by.practice_id)
    fallen = reminders.fallen(by.now)
    for reminder in fallen:
        _next_channel(by, practice, reminder)
    record(
        by, "schedule.reminders.followed", patients=[one.patient_id for one in fallen], messages=len(fallen)
    )
    return fallen


@command(needs=Can.BOOK_APPOINTMENT)
def send_reminder_now(by: Actor, /, *, appointment_id: UUID) -> Reminder:
    """Write about one visit now, whatever the rules say of when; never in the quiet hours.

    Raises CannotBeReached, QuietHours, or RemindedJustNow where another is on its way.
    """
    _one_run_at_a_time(by)
    _mind_the_last(by, appointment_id)
    visit = next(
        iter(reminders.to_come(by.now + GRACE, by.now + timedelta(days=366), only=[appointment_id])), None
    )
    if visit is None:
        raise CannotBeReached(
            _(
                "There is nobody to write to: the visit is over or not booked, or the patient wants no reminders."
            )
        )
    practice = Practice.objects.get(pk=by.practice_id)
    rule = stand_in(visit.type_id, map(reminders.as_rule, reminders.rules()))
    turn = in_turn(
        rule.channels, reachable=visit.reachable, open_ways=mail.ways_out(practice), prefers=visit.prefers
    )
    if not turn:
        raise CannotBeReached(
            _("No way is open to write to this patient. Call, or add an address to the chart.")
        )
    if not is_awake(by.now + GRACE, rule.opens, rule.closes, visit.zone):
        raise QuietHours(_("Patients are not written to at this hour. Send it in the morning, or call."))
    made = _write(by, practice, [Due(visit, rule, tuple(turn))], by_rule=False)
    record(by, "schedule.reminder.asked-for", made)
    return made


@command(needs=Can.BOOK_APPOINTMENT)
def stop_reminder(by: Actor, /, *, reminder_id: UUID, version: int | None) -> Reminder:
    """Keep a message from leaving, and its link from opening.

    Raises NothingToStop or StaleForm.
    """
    held = _held(reminder_id, version)
    if held.state != Reminder.State.ON_ITS_WAY or held.envelope_id is None:
        raise NothingToStop(_("This message is not on its way any more."))
    try:
        mailroom.stop_envelope(by, envelope_id=held.envelope_id)
    except mailroom.CannotBeStopped as no:
        raise NothingToStop(_("This message has left already. Take its link back instead.")) from no
    if held.link is not None and held.link.is_live(by.now):
        mailroom.revoke_link(by, link_id=held.link.pk)
    held.state, held.version = Reminder.State.STOPPED, held.version + 1
    held.save(update_fields=["state", "version"])
    record(by, "schedule.reminder.stopped", held)
    announce(by.practice_id, "reminders")
    return held


@command(needs=Can.BOOK_APPOINTMENT)
def revoke_reminder_link(by: Actor, /, *, reminder_id: UUID) -> Reminder:
    """Take the link of a message back: it went to the wrong person, or things have changed.

    Raises LinkIsOver.
    """
    held = _held(reminder_id, None)
    if held.link_id is None:
        raise mailroom.LinkIsOver(_("This message carried no link."))
    mailroom.revoke_link(by, link_id=held.link_id)
    record(by, "schedule.reminder.link-revoked", held)
    return held


def _mind_the_last(by: Actor, appointment_id: UUID) -> None:
    """Raise RemindedJustNow where a message about a visit is on its way, or has just gone."""
    sent = [one.reminder for one in reminders.about([appointment_id]).get(appointment_id, ())]
    last = next((one for one in sent if reminders.is_fresh(one, by.now)), None)
    if last is None or last.envelope is None:
        return
    waits = last.envelope.next_try_at if last.envelope.state == Envelope.State.QUEUED else None
    at = (waits or last.envelope.sent_at or last.made_at).astimezone(last.location.zone)
    when = say_clock(at.time()) if at.date() == local_day(by.now, last.location.zone) else f"{at:%b %-d}"
    raise RemindedJustNow(
        (
            _("One leaves %(at)s. Stop that one first, or let it go.")
            if waits
            else _("One left at %(at)s. Wait an hour before the next, or call.")
        )
        % {"at": when}
    )


def _write(by: Actor, practice: Practice, group: Sequence[Due], *, by_rule: bool = True) -> Reminder:
    """Make the message about a group of visits, and its first envelope; where no channel works, the desk must call."""
    first, rule = group[0].visit, group[0].rule
    made = Reminder.objects.create(
        patient_id=first.patient_id,
        location_id=first.location_id,
        on_day=first.on_day,
        language=messages.spoken(first.language),
        channels_left=_shared(group),
        from_clock=rule.opens,
        to_clock=rule.closes,
        made_at=by.now,
        made_by=by.name,
    )
    twice = RemindedMeanwhile(_("Another run has just written about one of these visits."))
    with refusing(visit_is_reminded_once_by_a_rule=twice):
        ReminderVisit.objects.bulk_create(
            ReminderVisit(
                reminder=made,
                appointment_id=one.visit.appointment_id,
                patient_id=one.visit.patient_id,
                rule_id=one.rule.id if by_rule else None,
                made_at=by.now,
            )
            for one in group
        )
    _next_channel(by, practice, made)
    return made


def _shared(group: Sequence[Due]) -> list[str]:
    """Return the channels that lead to one and the same address for all whom a message is about."""
    first = group[0]
    same = [one.visit.reachable for one in group[1:]]
    return [
        channel
        for channel in first.channels
        if all(other.get(channel) == first.visit.reachable[channel] for other in same)
    ]


def _next_channel(by: Actor, practice: Practice, reminder: Reminder) -> None:
    """Send a message by the next channel that is left and works; with none left it has not reached anybody."""
    visits = [one for one in reminders.appointments_of(reminder.pk) if one.starts_at > by.now + GRACE]
    allowed = _allowed(by, visits)
    wished = [one for one in visits if one.pk in allowed]
    if (
        visits and not wished
    ):  # nobody of them wants to hear by a message any more, nor is to be called for it
        reminder.state = Reminder.State.STOPPED
    visits = wished
    open_ways = mail.ways_out(practice)
    place: Location = reminder.location
    leaves_at = next_awake(by.now + GRACE, reminder.from_clock, reminder.to_clock, place.zone)
    left = list(reminder.channels_left)
    sent = None
    while left and visits and sent is None and leaves_at < visits[0].starts_at:
        channel = left.pop(0)
        ways = {allowed[one.pk].reachable.get(channel, "") for one in visits}
        to = ways.pop() if len(ways) == 1 else ""
        if channel in open_ways and to:
            ends_at = min(awake_until(leaves_at, reminder.to_clock, place.zone), visits[0].starts_at)
            sent = _post(by, practice, reminder, visits, channel, to, (leaves_at, ends_at))
    reminder.channels_left = left
    if sent is None and reminder.state != Reminder.State.STOPPED:
        reminder.state = Reminder.State.NOT_REACHED
    reminder.version += 1
    reminder.save()
    announce(by.practice_id, "reminders")


def _allowed(by: Actor, visits: Sequence[Appointment]) -> dict[UUID, ToCome]:
    """Return how the patients of some visits can be reached now, as chart and wishes say; who wants none is left out."""
    if not visits:
        return {}
    last = max(one.starts_at for one in visits)
    rows = reminders.to_come(by.now + GRACE, last, only=[one.pk for one in visits])
    return {one.appointment_id: one for one in rows}


def _post(
    by: Actor,
    practice: Practice,
    reminder: Reminder,
    visits: Sequence[Appointment],
    channel: str,
    to: str,
    span: tuple[datetime, datetime],
) -> Envelope:
    """Put one try of a message into the outbox."""
    concerned = list(dict.fromkeys(one.patient_id for one in visits))
    told: dict[str, Any] = {
        "subject": reminder,
        "patient_ids": concerned,
        "not_before": span[0],
        "not_after": span[1],
    }
    facts = _facts(by, practice, reminder, visits, with_link=channel != "voice")
    if channel == "email":
        subject_line, text = messages.email(facts, reminder.language)
        sent = mailroom.post_email(by, to=to, subject_line=subject_line, text=text, **told)
    else:
        text = (messages.sms if channel == "sms" else messages.voice)(facts, reminder.language)
        sent = mailroom.post_text(by, channel=channel, to=to, text=text, **told)
    reminder.channel, reminder.address, reminder.envelope = channel, to, sent
    ReminderTry.objects.create(reminder=reminder, channel=channel, envelope=sent, at=by.now)
    return sent


def _facts(
    by: Actor, practice: Practice, reminder: Reminder, visits: Sequence[Appointment], *, with_link: bool
) -> messages.Facts:
    place: Location = reminder.location
    office = Office.objects.first()
    link = ""
    if with_link:
        made, token = mailroom.make_link(
            by,
            purpose="visits",
            patient_id=reminder.patient_id,
            expires_at=max(one.starts_at for one in visits),
            subject=reminder,
        )
        link = links.address_of(token, is_at_home=practice.is_demo or practice.is_training)
        if reminder.link is not None and reminder.link.is_live(by.now):
            mailroom.revoke_link(by, link_id=reminder.link.pk)
        reminder.link = made
    return messages.Facts(
        office=office.legal_name if office else place.name,
        place=", ".join(part for part in (place.name, place.street, place.city) if part),
        phone=place.phone or (office.phone if office else ""),
        times=tuple(one.starts_at.astimezone(place.zone) for one in visits),
        link=link,
        mode=messages.mode_of(one.type.mode for one in visits),
    )


def _held(reminder_id: UUID, version: int | None) -> Reminder:
    held = Reminder.objects.select_for_update(of=("self",)).filter(pk=reminder_id).first()
    if held is None:
        raise NothingToStop(_("That message is not on the books."))
    if version is not None and held.version != version:
        raise StaleForm(_("This message has gone on meanwhile. Look at it again, then decide."))
    return held


def _one_run_at_a_time(by: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reminders {by.practice_id}"]
        )
