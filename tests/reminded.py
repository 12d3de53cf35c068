"""Reminders in tests: the usual rules, a patient who may be written to, the message that went, its link."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from daysheet.kernel.access import Actor
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import texts
from daysheet.mailroom.delivery import deliver_envelope
from daysheet.mailroom.models import Envelope
from daysheet.patients.models import Patient, PatientPhone
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, Reminder, ReminderRule
from tests import cast
from tests.house import House, appointment

BASE = "https://visits.northside.example"
TUESDAY = cast.NOW + timedelta(hours=23)
"""9 am on the next day in New York."""


def ready(house: House) -> None:
    """Give the office a telephone to play with, and one rule: a day before, from nine to eight."""
    mailroom.open_telephone(house.ana)
    one_rule()


def one_rule(**more: Any) -> ReminderRule:
    """Keep a rule: a day before, text, e-mail, call."""
    facts = {
        "name": "One day before",
        "lead_minutes": 24 * 60,
        "channels": ["sms", "email", "voice"],
        "from_clock": time(9),
        "to_clock": time(20),
    }
    return ReminderRule.objects.create(**facts | more)


def phone(of: Patient, number: str = "+14135550142", **more: Any) -> PatientPhone:
    """Let a patient be texted."""
    return PatientPhone.objects.create(patient=of, number=number, **{"may_text": True} | more)


def system(house: House, now: datetime = cast.NOW) -> Actor:
    """Return Daysheet itself at a moment."""
    return cast.system(house.practice.pk, now)


def reminded(house: House, starts_at: datetime = TUESDAY, **more: Any) -> tuple[Appointment, Reminder]:
    """Book a visit, and let its message be written."""
    booked = appointment(house, starts_at, **more)
    commands.send_due_reminders(system(house))
    return booked, Reminder.objects.get(visits__appointment=booked)


def delivered(house: House, reminder: Reminder, now: datetime = cast.NOW + timedelta(minutes=4)) -> Envelope:
    """Carry the present envelope of a message."""
    assert reminder.envelope_id is not None
    deliver_envelope(system(house, now), envelope_id=reminder.envelope_id)
    return Envelope.objects.get(pk=reminder.envelope_id)


def words(reminder: Reminder) -> str:
    """Return the words of the present envelope of a text or call."""
    envelope = Envelope.objects.get(pk=reminder.envelope_id)
    return texts.unpacked(bytes(envelope.content)).text


def path_of(reminder: Reminder) -> str:
    """Return the path of the link in a message."""
    found = re.search(re.escape(BASE) + r"(/p/\S+)", words(reminder))
    assert found
    return found[1]
