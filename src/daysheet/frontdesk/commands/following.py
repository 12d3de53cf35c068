"""The follow-up at check-out: an appointment that is it already, and one that was booked and is taken back."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.frontdesk import checkin
from daysheet.frontdesk.checkin import NotThere
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands as schedule
from daysheet.schedule import queries as schedule_queries
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries
from daysheet.visits.models import VisitStep

STEP = {"stage": "check_out", "kind": "follow_up"}


class MayNotBook(Refusal):
    """Who may not book takes no appointment back."""


@command(needs=Can.MOVE_PATIENT)
def take_as_follow_up(by: Actor, /, *, visit_id: UUID, appointment_id: UUID) -> VisitStep:
    """Say that an appointment of the patient that stands already is the follow-up; the step is done. Raises NotThere."""
    visit = checkin.on_the_books(visit_id)
    if not schedule_queries.of_patient(visit.patient_id, since=by.now).filter(pk=appointment_id).exists():
        raise NotThere(_("That appointment does not stand any more. Choose another."))
    step = visits.do_step(by, visit_id=visit_id, said=f"{checkin.IS_IT}{appointment_id}", **STEP)
    record(
        by, "frontdesk.follow-up.stands", step, patients=[visit.patient_id], appointment=str(appointment_id)
    )
    return step


@command(needs=Can.BOOK_APPOINTMENT)
def undo_follow_up(by: Actor, /, *, visit_id: UUID, appointment_id: UUID) -> VisitStep:
    """Take a follow-up back that was booked at check-out: the appointment with it, and the step is open again.

    Raises NotThere when the step no longer names it, and what undo_booking raises.
    """
    step = visit_queries.steps(visit_id, "check_out").filter(kind="follow_up").first()
    if checkin.named_by(step, made=True) != appointment_id:
        raise NotThere(_("The follow-up has been changed since. Look at the step."))
    schedule.undo_booking(by, appointment_id=appointment_id)
    opened = visits.undo_step(by, visit_id=visit_id, **STEP)
    patients = [opened.visit.patient_id]
    record(by, "frontdesk.follow-up.taken-back", opened, patients=patients, appointment=str(appointment_id))
    return opened


def _take_back(by: Actor, visit_id: UUID) -> None:
    """Take back the appointment that the follow-up's step has booked, while it stands as it was booked.

    Raises MayNotBook for who may move patients alone.
    """
    step = visit_queries.steps(visit_id, "check_out").filter(kind="follow_up").first()
    made = checkin.named_by(step, made=True)
    patient_id = checkin.on_the_books(visit_id).patient_id
    if made is None or not schedule_queries.of_patient(patient_id, since=by.now).filter(pk=made).exists():
        return
    if not by.can(Can.BOOK_APPOINTMENT):
        raise MayNotBook(_("The follow-up is booked. Somebody who books appointments takes it back."))
    schedule.undo_booking(by, appointment_id=made)
