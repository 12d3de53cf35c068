"""The card named for a visit to come follows the visit: let go when it is given up, taken along when it moves."""

from dataclasses import replace
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.schedule.models import Appointment


def let_go(by: Actor, appointment_id: UUID) -> None:
    """Let go what is named or held for an appointment that is not planned any more."""
    if books.card_for_appointment(appointment_id):
        ledger.end_card_with_visit(_may(by), appointment_id=appointment_id)


def name_again(by: Actor, appointment_id: UUID) -> None:
    """Let the card be named again for an appointment that stands after all."""
    if books.cards_let_go_with(appointment_id).exists() and not books.card_for_appointment(appointment_id):
        ledger.name_card_again(_may(by), appointment_id=appointment_id)


def go_along(by: Actor, old_id: UUID, new_id: UUID) -> None:
    """Let the card go along with an appointment that was moved: its clock follows the new day."""
    if books.card_for_appointment(old_id):
        day = Appointment.objects.values_list("on_day", flat=True).get(pk=new_id)
        ledger.take_card_along(_may(by), appointment_id=old_id, to_id=new_id, for_day=day)


def _may(by: Actor) -> Actor:
    """Return who asks the company to let go: who may not take money gives up the visit, and the office lets go."""
    if by.can(Can.TAKE_PAYMENT):
        return by
    system = Actor.system(practice_id=by.practice_id, now=by.now, name=by.name)
    return replace(system, station_id=by.station_id)
