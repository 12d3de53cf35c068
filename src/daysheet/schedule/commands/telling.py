"""A message of the desk about one visit: laid in the outbox, and kept back while it has not left."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Model

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import Envelope
from daysheet.practice.models import Location, Office
from daysheet.schedule.messages import Words
from daysheet.schedule.models import Appointment, VisitRequest
from daysheet.schedule.reaching import Way


class NobodyToWrite(Refusal):
    """Nobody is left whom a message may reach."""


def _write_about(
    by: Actor, visit: Appointment, way: Way, words: Words, *, subject: Model, until: datetime
) -> Envelope:
    """Lay a message in the outbox; it leaves in three minutes, so that a slip can be taken back, or not at all.

    In the quiet hours it waits for their end.
    """
    patient_ids, leaves_at = [visit.patient_id], way.leaves_at
    if way.channel == "email":
        return mailroom.post_email(
            by,
            to=way.address,
            subject_line=words.subject_line,
            text=words.letter,
            subject=subject,
            patient_ids=patient_ids,
            not_before=leaves_at,
            not_after=until,
        )
    return mailroom.post_text(
        by,
        channel=way.channel,
        to=way.address,
        text=words.text,
        subject=subject,
        patient_ids=patient_ids,
        not_before=leaves_at,
        not_after=until,
    )


def _keep_back(by: Actor, envelope_ids: Iterable[UUID | None]) -> None:
    """Stop what has not left; what is leaving at this moment leaves."""
    for envelope_id in mail.those_that_wait([one for one in envelope_ids if one]):
        mailroom.stop_envelope(by, envelope_id=envelope_id)


def _keep_answers_back(by: Actor, gone: Appointment) -> None:
    """Stop the answer to a request from home about a visit that is given up, as far as it has not left."""
    told = VisitRequest.objects.filter(appointment=gone, envelope__state="queued")
    _keep_back(by, told.values_list("envelope_id", flat=True))


def _office_and_phone(place: Location) -> tuple[str, str]:
    """Return how the office calls itself in a message, and its telephone number."""
    office = Office.objects.first()
    return (
        office.legal_name if office else place.name,
        place.phone or (office.phone if office else ""),
    )
