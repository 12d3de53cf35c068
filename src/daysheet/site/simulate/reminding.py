"""Reminders of a played day: what went out, what was answered, and who has to be called."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from daysheet.kernel.errors import Refusal
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.delivery import deliver_envelope
from daysheet.mailroom.models import Envelope
from daysheet.patients.models import PatientPhone
from daysheet.schedule import commands, reminders
from daysheet.schedule.models import Appointment, Reminder
from daysheet.site.simulate.played import PlayedPractice

REPLIES = (
    ("1", "yes", "link", "", "3", "2", "Can my son come with me?", "stop"),
    (30, 10, 15, 25, 7, 7, 4, 2),
)
"""What those who are written to on a played day answer; nothing, often."""
SEEN = ("sent", "accepted")
RANK = 3500
SAID = ("1", "1", "3", "yes", "2", "Can my son come with me?", "1", "stop")
"""What the first who were written to answer, one after the other."""
AGO, LEAVES, ANSWERED = timedelta(minutes=70), timedelta(minutes=4), timedelta(minutes=20)


@transaction.atomic
def play_reminders(play: PlayedPractice, now: datetime) -> None:
    """Begin with the usual rules, write to those whose visits are near, and let some answer."""
    mailroom.open_telephone(play.office.by("office_manager", now))
    commands.take_usual_reminder_rules(play.office.by("office_manager", now))
    by = play.office.by("system", now - AGO)
    _wants_none(play, by.now)
    sent = commands.send_due_reminders(by)
    for one in sent:
        if one.envelope_id is not None:
            deliver_envelope(by.at(by.now + LEAVES), envelope_id=one.envelope_id)
    gone = Reminder.objects.filter(pk__in=[one.pk for one in sent], channel="sms", envelope__state="sent")
    for one, said in zip(gone.order_by("on_day", "made_at", "pk"), SAID, strict=False):
        _answers(play, one, said, now - AGO + ANSWERED)


def _answers(play: PlayedPractice, one: Reminder, said: str, at: datetime) -> None:
    """Let a patient answer by text: the reply is kept, and read at once."""
    by = play.office.by("system", at)
    kept: Envelope = mailroom.receive_text(
        by, channel=one.channel, sender=one.address, text=said, key=f"played-{one.pk}"
    )
    mailroom.handle_envelope(by, envelope_id=kept.pk)


def hear_of_reminders(play: PlayedPractice, now: datetime) -> None:
    """Decide what those say to whom a message has gone since the last look, and let the desk call who asks for it."""
    _call_who_asks(play, now)
    rows = Reminder.objects.filter(envelope__state__in=SEEN, settled_at=None).select_related("patient")
    new = [one for one in rows if one.pk not in play.heard]
    for one in sorted(new, key=lambda each: (each.made_at, each.on_day, play.known_number(each.patient_id))):
        play.heard.add(one.pk)
        chance = play.chance.of("reminder", one.on_day, play.known_number(one.patient_id))
        said = chance.one_of(*REPLIES)
        at = now + timedelta(minutes=chance.number(1, 12))
        if said == "link":
            play.plan(at, RANK, partial(_by_link, play, one))
        elif said and one.channel == "sms":
            words = "sí" if said == "yes" and one.language == "es" else said
            play.plan(at, RANK, partial(_answers, play, one, words))


def _by_link(play: PlayedPractice, one: Reminder, now: datetime) -> None:
    try:
        commands.answer_reminder(play.by_link(now), reminder_id=one.pk, answer="confirmed")
    except Refusal:
        return  # the visit is not planned any more


def _call_who_asks(play: PlayedPractice, now: datetime) -> None:
    """Call those who asked for it, or wrote what no rule understands; that is settled then."""
    for one in Reminder.objects.exclude(asks="").filter(settled_at=None).order_by("made_at", "on_day"):
        commands.settle_reminder(play.office.by("receptionist", now), reminder_id=one.pk)


def _wants_none(play: PlayedPractice, at: datetime) -> None:
    """Let the second whose visit is near have said before that they want neither texts nor calls."""
    tomorrow = reminders.to_come(at + timedelta(hours=18), at + timedelta(hours=24))
    for one in tomorrow[1:2]:
        who = Appointment.objects.get(pk=one.appointment_id).patient_id
        phone = PatientPhone.objects.filter(patient_id=who).order_by("rank", "id").first()
        for channel in ("sms", "voice"):
            if phone is not None:
                by = play.office.by("system", at - timedelta(days=9))
                mailroom.opt_out(by, channel=channel, address=phone.number)
