"""A visit that is given up or moved: the own check-in ends with it, or goes along with what the patient said."""

from datetime import datetime, time
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.live import announce
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import PortalLink
from daysheet.portal import rules
from daysheet.portal.models import SelfCheckIn
from daysheet.schedule.models import Appointment

State = SelfCheckIn.State
OF_THE_OLD_DAY = (rules.ALSO, rules.ALSO_VISITS)
ASKED_ON_THE_DAY = (rules.VISITS, rules.MONEY, rules.HERE)


@command(needs=Can.BOOK_APPOINTMENT)
def end_with_visit(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """End an own check-in whose visit is not planned any more: its code and its link open nothing."""
    row = SelfCheckIn.objects.select_for_update(of=("self",)).get(pk=row_id)
    if row.link_id and PortalLink.objects.get(pk=row.link_id).is_live(by.now):
        mailroom.revoke_link(by, link_id=row.link_id)
    row.code, row.code_until = "", None
    row.ended_from = row.state
    row.state, row.ended_at = State.ENDED, by.now
    return _keep(by, row, "ended-with-visit")


@command(needs=Can.MOVE_PATIENT)
def stand_again_with_visit(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Let an own check-in that ended with its visit go on: the visit stands after all, and so does its link."""
    row = SelfCheckIn.objects.select_for_update(of=("self",)).get(pk=row_id)
    ended = PortalLink.objects.filter(used_at=None, expires_at__gt=by.now, revoked_at=row.ended_at)
    if row.link_id and ended.filter(pk=row.link_id).exists():  # taken back at another moment, somebody did it
        mailroom.let_link_hold_again(by, link_id=row.link_id)
    was_done = row.ended_from == State.FINISHED
    row.state, row.ended_from = State.FINISHED if was_done else State.OFFERED, ""
    row.ended_at = row.ended_at if was_done else None
    return _keep(by, row, "stands-again")


@command(needs=Can.BOOK_APPOINTMENT)
def go_over(by: Actor, /, *, row_id: UUID, to_id: UUID) -> SelfCheckIn:
    """Let an own check-in go along to the appointment that the visit was moved to; its link holds until that day ends.

    What the patient said and signed stays; what is asked on the day is asked again.
    """
    row = SelfCheckIn.objects.select_for_update(of=("self",)).get(pk=row_id)
    booked = Appointment.objects.select_related("location").get(pk=to_id)
    until = datetime.combine(booked.on_day, time(23, 59), tzinfo=booked.location.zone)
    if row.link_id and PortalLink.objects.get(pk=row.link_id).is_live(by.now):
        mailroom.keep_link_until(by, link_id=row.link_id, expires_at=until)
    row.appointment, row.visit, row.location = booked, None, booked.location
    row.code, row.code_until = "", None
    row.waits_in_car, row.called_at, row.called_by = False, None, ""
    row.said = {name: value for name, value in row.said.items() if name not in OF_THE_OLD_DAY}
    row.done = [step for step in row.done if step not in ASKED_ON_THE_DAY]
    row.steps = list(row.done)
    if row.state != State.ENDED:
        row.state, row.ended_at = State.OFFERED, None
    return _keep(by, row, "gone-over")


def _keep(by: Actor, row: SelfCheckIn, verb: str) -> SelfCheckIn:
    row.save()
    record(by, f"portal.self-check-in.{verb}", row, patients=[row.patient_id])
    announce(by.practice_id, "visits", str(row.appointment_id))
    return row
