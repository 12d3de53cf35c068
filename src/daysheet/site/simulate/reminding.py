"""Reminders of a played morning: what went out, what was answered, and who has to be called."""

from datetime import datetime, timedelta

from django.db import transaction

from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.delivery import deliver_envelope
from daysheet.mailroom.models import Envelope
from daysheet.patients.models import PatientPhone
from daysheet.schedule import commands, reminders
from daysheet.schedule.models import Appointment, Reminder
from daysheet.site.simulate.played import PlayedPractice

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
