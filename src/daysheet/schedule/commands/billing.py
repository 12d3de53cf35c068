"""Who is billed for a coming visit: the plan, or the patient who does not use it. 45 CFR 149.610 asks it at booking."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.schedule.commands.authorizing import _to_come
from daysheet.schedule.models import Appointment


class IsBilledSo(Refusal):
    """The visit is billed so already."""


@command(needs=Can.BOOK_APPOINTMENT)
def bill_to_patient(by: Actor, /, *, appointment_id: UUID, version: int | None) -> Appointment:
    """Say that the patient pays a coming visit and does not use a plan for it: the clock of its estimate begins now.

    Raises IsBilledSo, NotOnTheBooks or StaleForm.
    """
    one = _to_come(appointment_id, version)
    if one.pays_self:
        raise IsBilledSo(_("The patient pays this visit already."))
    one.pays_self_since = by.now
    return _bill(by, one, pays_self=True)


@command(needs=Can.BOOK_APPOINTMENT)
def bill_to_plan(by: Actor, /, *, appointment_id: UUID, version: int | None) -> Appointment:
    """Say that the plan is billed for a coming visit. Raises IsBilledSo, NotOnTheBooks or StaleForm."""
    one = _to_come(appointment_id, version)
    if not one.pays_self:
        raise IsBilledSo(_("The plan is billed for this visit already."))
    return _bill(by, one, pays_self=False)


@command(needs=Can.BOOK_APPOINTMENT)
def undo_bill_to_plan(by: Actor, /, *, appointment_id: UUID) -> Appointment:
    """Let the patient pay again as before it was said that the plan is billed: the clock is that of before.

    Raises IsBilledSo or NotOnTheBooks.
    """
    one = _to_come(appointment_id, None)
    if one.pays_self or one.pays_self_since is None:
        raise IsBilledSo(_("Nothing of that is left to take back."))
    return _bill(by, one, pays_self=True)


def _bill(by: Actor, one: Appointment, *, pays_self: bool) -> Appointment:
    one.pays_self, one.version = pays_self, one.version + 1
    one.save(update_fields=["pays_self", "pays_self_since", "version"])
    record(by, "schedule.appointment.billed", one, to="patient" if pays_self else "plan")
    announce(by.practice_id, "schedule")
    return one


def _billed_as_before(old: Appointment, new: Appointment) -> None:
    """Let a moved appointment be billed to whom the old one was."""
    if old.pays_self:
        new.pays_self, new.pays_self_since = True, old.pays_self_since
        new.save(update_fields=["pays_self", "pays_self_since"])
