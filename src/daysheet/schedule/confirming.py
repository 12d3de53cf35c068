"""The message that confirms an appointment: when, where, whom to call; never why, never a name in the subject."""

from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import Envelope
from daysheet.practice.models import Location, Office
from daysheet.schedule.messages import said_place
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.schedule.reminding import GRACE

TEXT = """\
You have an appointment at {office}.

When: {when}
Where: {where}
{prep}
Can you not come? Call us{phone} as soon as you can, so that somebody else may have the time.
"""


def was_confirmed(appointment_id: UUID) -> bool:
    """Return whether a visit was confirmed by an e-mail that has left or is about to."""
    return any(one.state != Envelope.State.STOPPED for one in mail.written_about(appointment_id))


def write_confirmation(by: Actor, *, appointment: Appointment, email: str) -> None:
    """Put the confirmation into the outbox, in the same transaction as the booking; it waits, so that undo keeps it."""
    place = Location.objects.get(id=appointment.location_id)
    office = Office.objects.first()
    kind = AppointmentType.objects.only("prep", "mode").get(id=appointment.type_id)
    name = office.legal_name if office else place.name
    local = appointment.starts_at.astimezone(place.zone)
    address = ", ".join(part for part in (place.name, place.street, place.city) if part)
    phone = place.phone or (office.phone if office else "")
    mailroom.post_email(
        by,
        to=email,
        subject_line=f"Your appointment at {name}",
        text=TEXT.format(
            office=name,
            when=f"{local:%A, %B} {local.day}, {local.year} at {local:%I:%M %p %Z}".replace(" at 0", " at "),
            where=said_place(address, kind.mode),
            prep=f"\nBefore you come: {kind.prep}\n" if kind.prep else "",
            phone=f" at {phone}" if phone else "",
        ),
        subject=appointment,
        patient_ids=[appointment.patient_id],
        not_before=by.now + GRACE,
    )
