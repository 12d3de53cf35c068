"""The e-mail that confirms a visit: asked for at booking, kept up when the visit is moved, cancelled or taken back."""

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import Envelope
from daysheet.patients.models import Patient
from daysheet.schedule.confirming import was_confirmed, write_confirmation
from daysheet.schedule.models import Appointment


class NoAddress(Refusal):
    """The patient has no e-mail address to confirm to."""


def _confirm(by: Actor, appointment: Appointment) -> None:
    email = _address_of(appointment)
    if not email:
        raise NoAddress(
            "The patient has no e-mail address. Book without the message, or add the address first.",
            confirm_by_email="There is no e-mail address in the chart.",
        )
    write_confirmation(by, appointment=appointment, email=email)


def _is_to_be_confirmed(old: Appointment) -> bool:
    """Return whether a visit that is moved was confirmed, and can be so again."""
    return was_confirmed(old.pk) and bool(_address_of(old))


def _confirm_as_before(by: Actor, stands: Appointment, *, instead_of: Appointment | None = None) -> None:
    """Confirm a visit that stands again where its e-mail was kept back, or where another time was told instead."""
    own = {one.state for one in mail.written_about(stands.pk)}
    told_otherwise = instead_of is not None and was_confirmed(instead_of.pk)
    email = _address_of(stands) if told_otherwise or own == {Envelope.State.STOPPED} else ""
    if email and stands.starts_at > by.now:
        write_confirmation(by, appointment=stands, email=email)


def _address_of(appointment: Appointment) -> str:
    return Patient.objects.values_list("email", flat=True).get(id=appointment.patient_id)
