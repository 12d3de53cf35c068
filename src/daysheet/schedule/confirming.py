"""The message that confirms an appointment: when, where, whom to call; never why, never a name in the subject."""

from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import Envelope
from daysheet.practice.models import Location, Office
from daysheet.schedule.messages import said_day, said_place, spoken
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.schedule.reminding import GRACE


def was_confirmed(appointment_id: UUID) -> bool:
    """Return whether a visit was confirmed by an e-mail that has left or is about to."""
    return any(one.state != Envelope.State.STOPPED for one in mail.written_about(appointment_id))


def write_confirmation(by: Actor, *, appointment: Appointment, email: str) -> None:
    """Put the confirmation into the outbox, in the patient's language; it waits, so that undo keeps it."""
    place = Location.objects.get(id=appointment.location_id)
    office = Office.objects.first()
    kind = AppointmentType.objects.only("prep", "prep_es", "mode").get(id=appointment.type_id)
    name = office.legal_name if office else place.name
    local = appointment.starts_at.astimezone(place.zone)
    address = ", ".join(part for part in (place.name, place.street, place.city) if part)
    phone = place.phone or (office.phone if office else "")
    language = spoken(appointment.patient.language)
    prep = (kind.prep_es if language == "es" else "") or kind.prep
    with translation.override(language):
        at = f"{local:%I:%M %p %Z}".removeprefix("0")
        lines = [
            _("You have an appointment at %(office)s.") % {"office": name},
            "",
            _("When: %(when)s") % {"when": _("%(day)s at %(at)s") % {"day": said_day(local), "at": at}},
            _("Where: %(where)s") % {"where": said_place(address, kind.mode)},
            "",
            *([_("Before you come: %(prep)s") % {"prep": prep}, ""] if prep else []),
            _cannot_come(phone),
        ]
        subject_line = _("Your appointment at %(office)s") % {"office": name}
    mailroom.post_email(
        by,
        to=email,
        subject_line=subject_line,
        text="\n".join(lines) + "\n",
        subject=appointment,
        patient_ids=[appointment.patient_id],
        not_before=by.now + GRACE,
    )


def _cannot_come(phone: str) -> str:
    if not phone:
        return _("Can you not come? Call us as soon as you can, so that somebody else may have the time.")
    return _(
        "Can you not come? Call us at %(phone)s as soon as you can, so that somebody else may have the time."
    ) % {"phone": phone}
