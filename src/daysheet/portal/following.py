"""What becomes of an own check-in when the rooms below give a visit up, move it, or begin it."""

from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.portal import commands, queries
from daysheet.portal.models import SelfCheckIn


def put_forms(by: Actor, visit_id: UUID) -> None:
    """Let what was signed from home stand at the visit that has begun."""
    if queries.forms_ahead(visit_id):
        commands.put_forms_to_visit(by, visit_id=visit_id)


def wait_in_car(by: Actor, visit_id: UUID, in_car: bool) -> None:
    """Let the own phone say what the line knows: wait in the car, or come in."""
    row = queries.of_visit(visit_id)
    if row is not None and row.state != SelfCheckIn.State.ENDED and queries.is_in_car(row) != in_car:
        commands.follow_line(by, row_id=row.pk, in_car=in_car)


def give_up(by: Actor, appointment_id: UUID) -> None:
    """End the own check-in of an appointment that is not planned any more, where there is one."""
    row = queries.of_appointment(appointment_id)
    if row is not None and row.state != SelfCheckIn.State.ENDED:
        commands.end_with_visit(by, row_id=row.pk)


def stand_again(by: Actor, appointment_id: UUID) -> None:
    """Let the own check-in of an appointment that stands after all go on, where it ended with it."""
    row = queries.of_appointment(appointment_id)
    if row is not None and row.state == SelfCheckIn.State.ENDED and row.ended_from:
        commands.stand_again_with_visit(by, row_id=row.pk)


def go_over(by: Actor, old_id: UUID, new_id: UUID) -> None:
    """Let the own check-in of a moved appointment go along; it ends where the new one has its own already."""
    row = queries.of_appointment(old_id)
    if row is None:
        return
    if queries.of_appointment(new_id) is None:
        commands.go_over(by, row_id=row.pk, to_id=new_id)
    elif row.state != SelfCheckIn.State.ENDED:
        commands.end_with_visit(by, row_id=row.pk)
