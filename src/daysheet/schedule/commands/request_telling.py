"""A patient who asked from home is told by a message; who cannot be written to is called by the desk."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import links
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import Envelope
from daysheet.practice.models import Location, Office
from daysheet.schedule import messages, recalls
from daysheet.schedule.models import AppointmentType, ReminderWish, VisitRequest
from daysheet.schedule.reaching import CHANNELS
from daysheet.schedule.reminding import CLOSES, GRACE, OPENS, next_awake
from daysheet.schedule.request_words import AskFacts
from daysheet.schedule.requesting import LINK_HOLDS
from daysheet.tasks import commands as tasks

PURPOSE = "ask_visit"
TO_CALL = "call_back"


def _tell(
    by: Actor,
    held: VisitRequest,
    words: Callable[[AskFacts, str], messages.Words],
    *,
    at: datetime | None = None,
    place: Location | None = None,
) -> Envelope | None:
    """Lay the message about a request in the outbox; None where the patient cannot be written to in time.

    It leaves in three minutes, or when the quiet hours end.
    """
    practice = Practice.objects.get(pk=by.practice_id)
    way = _way(held, practice)
    leaves_at = next_awake(by.now + GRACE, OPENS, CLOSES, place.zone if place else practice.zone)
    if way is None or (at is not None and leaves_at >= at):
        return None
    channel, address = way
    said = words(_facts(by, held, practice, at, place), messages.spoken(held.patient.language))
    told: dict[str, Any] = {
        "to": address,
        "subject": held,
        "patient_ids": [held.patient_id],
        "not_before": leaves_at,
        "not_after": at,
    }
    if channel == "email":
        return mailroom.post_email(by, subject_line=said.subject_line, text=said.letter, **told)
    return mailroom.post_text(by, channel=channel, text=said.text, **told)


def _new_link(by: Actor, held: VisitRequest) -> str:
    """Return the token of a new link to a request; the ones before it open the same page."""
    _made, token = mailroom.make_link(
        by, purpose=PURPOSE, patient_id=held.patient_id, expires_at=by.now + LINK_HOLDS, subject=held
    )
    return token


def _ask_the_desk_to_call(by: Actor, held: VisitRequest, due_at: datetime) -> None:
    """Put before the desk that the patient has to be told by telephone."""
    tasks.open_item(
        by,
        kind=TO_CALL,
        reason_code="REQUEST-TELL",
        sentence=_("Call the patient, who asked for a visit from home and cannot be written to."),
        due_at=due_at,
        source_of_due=_("office rule: the next weekday"),
        role="receptionist",
        subject=held,
        patient_id=held.patient_id,
        link=reverse("schedule:visit-request", args=[held.pk]),
    )


def _way(held: VisitRequest, practice: Practice) -> tuple[str, str] | None:
    """Return the channel and the address by which a patient is written to: the preferred first."""
    reached = recalls.reach([held.patient_id], mail.ways_out(practice))
    every = {"sms": reached.sms.get(held.patient_id, ""), "email": reached.email.get(held.patient_id, "")}
    wish = ReminderWish.objects.filter(patient_id=held.patient_id).values_list("prefers", flat=True).first()
    for channel in sorted(CHANNELS, key=lambda one: one != wish):
        if every[channel]:
            return channel, every[channel]
    return None


def _facts(
    by: Actor, held: VisitRequest, practice: Practice, at: datetime | None, place: Location | None
) -> AskFacts:
    office = Office.objects.first()
    link = links.address_of(_new_link(by, held), is_at_home=practice.is_demo or practice.is_training)
    kind = AppointmentType.objects.filter(pk=held.type_id).first() if held.type_id else None
    return AskFacts(
        office=office.legal_name if office else practice.name,
        phone=(place.phone if place else "") or (office.phone if office else ""),
        link=link,
        at=at.astimezone(place.zone) if at and place else None,
        place=", ".join(part for part in (place.name, place.street, place.city) if part) if place else "",
        mode=kind.mode if kind else "office",
    )
