"""How a visit flows: from state to state, back again, out of the house."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.practice.models import ExamRoom
from daysheet.schedule import commands as schedule
from daysheet.visits import queries
from daysheet.visits.models import FlowEvent, Visit
from daysheet.visits.rules import BY_ITS_OWN_ACT, OVER, Stamp, may_follow, standing_stamps, still_open


class WrongState(Refusal):
    """The visit is in a state from which this does not follow."""


class RoomInUse(Refusal):
    """Somebody is in that room, and nobody said why two patients go in."""


class StepsAreOpen(Refusal):
    """A required step is neither done nor put off with a reason."""


class NothingToUndo(Refusal):
    """There is no act on this visit that could be taken back."""


@command(needs=Can.MOVE_PATIENT)
def move_on(
    by: Actor,
    /,
    *,
    visit_id: UUID,
    to: str,
    room_id: UUID | None = None,
    version: int | None = None,
    because: str = "",
) -> Visit:
    """Take a patient to a room, to the clinician, or to the check-out desk.

    Where somebody is in the room it needs a reason, which the stamp keeps. Raises WrongState when that does not follow,
    RoomInUse, and StaleForm when somebody else moved the patient.
    """
    visit = _held(visit_id, version)
    if to in BY_ITS_OWN_ACT:
        raise WrongState(f"Use {BY_ITS_OWN_ACT[to]} for that.")
    _must_follow(visit, to)
    if room_id:
        _must_be_free(visit, room_id, because)
    _stamp(by, visit, to, room_id=room_id or visit.room_id, reason=because.strip())
    record(by, "visits.visit.moved-on", visit, to=to)
    return visit


@command(needs=Can.MOVE_PATIENT)
def check_in(by: Actor, /, *, visit_id: UUID, version: int | None = None) -> Visit:
    """Say that all is done at the desk and the patient may be called.

    Raises StepsAreOpen while a required step is neither done nor put off with a reason.
    """
    visit = _held(visit_id, version)
    _must_follow(visit, Visit.Flow.CHECKED_IN)
    _must_be_complete(visit, "check_in")
    _stamp(by, visit, Visit.Flow.CHECKED_IN)
    record(by, "visits.visit.checked-in", visit)
    return visit


@command(needs=Can.MOVE_PATIENT)
def check_out(by: Actor, /, *, visit_id: UUID, version: int | None = None) -> Visit:
    """Let the patient go; the appointment is completed.

    Raises StepsAreOpen while a required step of check-out is neither done nor put off with a reason.
    """
    visit = _held(visit_id, version)
    _must_follow(visit, Visit.Flow.CHECKED_OUT)
    _must_be_complete(visit, "check_out")
    _stamp(by, visit, Visit.Flow.CHECKED_OUT)
    if visit.appointment_id:
        schedule.complete_appointment(by, appointment_id=visit.appointment_id)
    record(by, "visits.visit.checked-out", visit)
    return visit


@command(needs=Can.MOVE_PATIENT)
def left_without_being_seen(by: Actor, /, *, visit_id: UUID, reason: str) -> Visit:
    """Note that the patient went away before being seen, and why."""
    if not reason.strip():
        raise Refusal("Say why the patient left.", reason="Write a reason, even if it is not known.")
    visit = _held(visit_id, None)
    _must_follow(visit, Visit.Flow.LWOBS)
    _stamp(by, visit, Visit.Flow.LWOBS, reason=reason.strip())
    record(by, "visits.visit.left-without-being-seen", visit, reason=reason.strip())
    return visit


@command(needs=Can.MOVE_PATIENT)
def step_back(by: Actor, /, *, visit_id: UUID, reason: str = "", version: int | None = None) -> Visit:
    """Undo the last act on a visit: the state, room and minutes before it stand again.

    Undoing the arrival takes the patient off the list of those here. Raises NothingToUndo.
    """
    visit = _held(visit_id, version)
    events = list(queries.events(visit_id))
    standing = standing_stamps([Stamp(event.to_state, event.is_undo) for event in events])
    if not standing or visit.is_imported:
        raise NothingToUndo("There is nothing to undo on this visit.")
    if visit.is_round:
        raise NothingToUndo("This visit was away from the office. Take it off the list of its day.")
    undone = events[standing[-1]]
    before = events[standing[-2]] if len(standing) > 1 else None
    to = before.to_state if before else Visit.Flow.UNDONE.value
    FlowEvent.objects.create(
        visit=visit,
        at=by.now,
        by_name=by.name,
        from_state=visit.flow,
        to_state=to,
        room_id=before.room_id if before else None,
        is_undo=True,
        reason=reason.strip(),
    )
    if undone.to_state == Visit.Flow.CHECKED_OUT and visit.appointment_id:
        schedule.reopen_appointment(by, appointment_id=visit.appointment_id)
    visit.flow = to
    visit.flow_since = before.at if before else by.now
    visit.room_id = before.room_id if before else None
    visit.ended_at = by.now if before is None else None
    _keep(by, visit)
    record(by, "visits.visit.stepped-back", visit, undone=undone.to_state, to=to)
    return visit


def _must_be_free(visit: Visit, room_id: UUID, because: str) -> None:
    """Hold the room, so that of two who want the last one only one gets it. Raises WrongState or RoomInUse."""
    room = ExamRoom.objects.select_for_update().filter(id=room_id, location_id=visit.location_id).first()
    if room is None:
        raise WrongState(
            _("That room is not at this location. Choose another."), room_id=_("Choose another room.")
        )
    inside = queries.in_rooms(visit.service_on).filter(room_id=room_id).exclude(pk=visit.pk).first()
    if inside is not None and not because.strip():
        who = f"{inside.patient.given} {inside.patient.family}"
        raise RoomInUse(
            _("%(who)s is in %(room)s. Choose another room, or say why both go there.")
            % {"who": who, "room": room.name},
            room_id=_("Choose another room."),
        )


def _held(visit_id: UUID, version: int | None) -> Visit:
    """Return a visit, locked against others, in the version that the page showed."""
    visit = Visit.objects.select_for_update().filter(id=visit_id).first()
    if visit is None:
        raise WrongState("That visit is not on the books.")
    if version is not None and visit.version != version:
        raise StaleForm(
            f"Somebody moved this patient meanwhile: the visit is now {visit.get_flow_display().lower()}. "
            "Nothing of yours was kept. Look at it, then decide."
        )
    return visit


def _stamp(by: Actor, visit: Visit, to: str, *, room_id: UUID | None = None, reason: str = "") -> None:
    """Put a visit into a state and write the stamp; whoever is over gives the room back."""
    FlowEvent.objects.create(
        visit=visit,
        at=by.now,
        by_name=by.name,
        from_state="" if to == Visit.Flow.ARRIVED else visit.flow,
        to_state=to,
        room_id=room_id,
        reason=reason,
    )
    visit.flow = to
    visit.flow_since = by.now
    visit.room_id = room_id
    visit.ended_at = by.now if to in OVER else None
    _keep(by, visit)


def _keep(by: Actor, visit: Visit) -> None:
    visit.version += 1
    visit.save(update_fields=["flow", "flow_since", "room", "ended_at", "version"])
    announce(by.practice_id, "visits", str(visit.id))


def _must_follow(visit: Visit, to: str) -> None:
    if not may_follow(visit.flow, to):
        words = Visit.Flow(to).label.lower() if to in Visit.Flow.values else to
        raise WrongState(
            f"The visit is {visit.get_flow_display().lower()}: {words} does not follow. Reload the board."
        )


def _must_be_complete(visit: Visit, stage: str) -> None:
    rows = queries.steps(visit.id, stage)
    missing = still_open((step.words, step.is_required, step.state) for step in rows)
    if missing:
        raise StepsAreOpen(f"Still open: {', '.join(missing)}. Do it, or say why not now.")
