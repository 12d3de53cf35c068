"""The line in the waiting room: a token drawn at arrival, called, called again, not here, back in line."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.kernel.numbers import next_number
from daysheet.schedule.models import AppointmentType
from daysheet.visits import followers
from daysheet.visits.models import CallingPoint, TokenCategory, Visit, VisitToken

SHIPPED_LETTER = "A"


class NobodyInLine(Refusal):
    """The line is empty."""


class LineHasMoved(Refusal):
    """The token is no longer where the page showed it."""


@command(needs=Can.MOVE_PATIENT)
def call_next(by: Actor, /, *, point_id: UUID) -> VisitToken:
    """Call the first of the line to a desk; who was called there before has been served.

    Two desks that press at once call two people. Raises NobodyInLine.
    """
    point = _point(point_id)
    token = (
        VisitToken.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(
            location_id=point.location_id,
            on_day=local_day(by.now, point.location.zone),
            state=VisitToken.State.WAITING,
            visit__flow=Visit.Flow.ARRIVED,
        )
        .order_by("line_at", "number")
        .first()
    )
    if token is None:
        raise NobodyInLine(_("Nobody is in line."))
    return _call(by, token, point)


@command(needs=Can.MOVE_PATIENT)
def call_token(by: Actor, /, *, token_id: UUID, point_id: UUID) -> VisitToken:
    """Call somebody out of turn. Raises LineHasMoved where the token is not of this door or was called meanwhile."""
    point, token = _point(point_id), _held(token_id)
    if token.location_id != point.location_id:
        raise LineHasMoved(_("That desk is at another location. Choose one of this door."))
    _must_be(token, VisitToken.State.WAITING, VisitToken.State.NOT_HERE, VisitToken.State.SERVED)
    return _call(by, token, point)


@command(needs=Can.MOVE_PATIENT)
def call_again(by: Actor, /, *, token_id: UUID) -> VisitToken:
    """Call who was called once more: the wall marks it anew."""
    token = _held(token_id)
    _must_be(token, VisitToken.State.CALLED)
    token.called_at, token.calls = by.now, token.calls + 1
    return _keep(by, token, "called-again")


@command(needs=Can.MOVE_PATIENT)
def not_here(by: Actor, /, *, token_id: UUID) -> VisitToken:
    """Note that who was called did not come; the token is kept beside the line."""
    token = _held(token_id)
    _must_be(token, VisitToken.State.CALLED)
    token.state = VisitToken.State.NOT_HERE
    return _keep(by, token, "not-here")


@command(needs=Can.MOVE_PATIENT)
def back_in_line(by: Actor, /, *, token_id: UUID) -> VisitToken:
    """Put somebody back in line: who was not here stands last, who waited in the car keeps the place."""
    token = _held(token_id)
    _must_be(
        token, VisitToken.State.NOT_HERE, VisitToken.State.CALLED, VisitToken.State.IN_CAR,
        VisitToken.State.SERVED,
    )  # fmt: skip
    if token.state == VisitToken.State.NOT_HERE:
        token.line_at = by.now
    was_in_car = token.state == VisitToken.State.IN_CAR
    token.state, token.point = VisitToken.State.WAITING, None
    _keep(by, token, "back-in-line")
    if was_in_car:
        _tell(by, token, in_car=False)
    return token


@command(needs=Can.MOVE_PATIENT)
def wait_in_car(by: Actor, /, *, token_id: UUID) -> VisitToken:
    """Note that somebody waits in the car: called by telephone, never by the wall."""
    token = _held(token_id)
    _must_be(token, VisitToken.State.WAITING, VisitToken.State.NOT_HERE)
    token.state, token.point = VisitToken.State.IN_CAR, None
    _keep(by, token, "waits-in-car")
    _tell(by, token, in_car=True)
    return token


@command(needs=Can.MOVE_PATIENT)
def end_call(by: Actor, /, *, token_id: UUID) -> VisitToken:
    """Note that who was called has been at the desk."""
    token = _held(token_id)
    _must_be(token, VisitToken.State.CALLED)
    token.state = VisitToken.State.SERVED
    return _keep(by, token, "served")


def _draw(by: Actor, visit: Visit, kind: AppointmentType | None) -> VisitToken:
    """Draw the visit's token: the next number of its letter at that door on that day."""
    rows = list(
        TokenCategory.objects.filter(location_id=visit.location_id, dropped_at__isnull=True).order_by(
            "letter"
        )
    )
    by_type = [row for row in rows if kind is not None and kind.pk in row.type_ids]
    by_coming = [row for row in rows if row.takes_walk_ins and visit.appointment_id is None]
    open_to_all = [row for row in rows if not row.type_ids and not row.takes_walk_ins]
    category = next(iter([*by_type, *by_coming, *open_to_all, *rows]), None)
    letter, first = (category.letter, category.first) if category else (SHIPPED_LETTER, 1)
    return VisitToken.objects.create(
        visit=visit,
        location_id=visit.location_id,
        on_day=visit.service_on,
        letter=letter,
        number=next_number(f"token {visit.location_id} {visit.service_on} {letter}", first=first),
        words=category.words if category else "",
        line_at=by.now,
    )


def _stand_last(by: Actor, visit: Visit) -> None:
    """Put who comes after an undone arrival last in line, as one who was never called; the token stays."""
    for token in VisitToken.objects.select_for_update().filter(visit=visit):
        token.state, token.point, token.called_at, token.calls = VisitToken.State.WAITING, None, None, 0
        token.line_at = by.now
        _keep(by, token, "back-in-line")


def _call(by: Actor, token: VisitToken, point: CallingPoint) -> VisitToken:
    for before in VisitToken.objects.select_for_update().filter(point=point, state=VisitToken.State.CALLED):
        before.state = VisitToken.State.SERVED
        before.version += 1
        before.save(update_fields=["state", "version"])
    token.state, token.point = VisitToken.State.CALLED, point
    token.called_at, token.calls = by.now, token.calls + 1
    with refusing(
        calling_point_calls_one_at_a_time=LineHasMoved(
            _("Somebody else has just called to this desk. Look at the line again.")
        )
    ):
        return _keep(by, token, "called")


def _tell(by: Actor, token: VisitToken, *, in_car: bool) -> None:
    for follow in followers.in_the_car:
        follow(by, token.visit_id, in_car)


def _keep(by: Actor, token: VisitToken, what: str) -> VisitToken:
    token.version += 1
    token.save(update_fields=["state", "point", "called_at", "calls", "line_at", "version"])
    record(by, f"visits.token.{what}", token, visit=str(token.visit_id), point=str(token.point or ""))
    announce(by.practice_id, "visits", str(token.visit_id))
    return token


def _held(token_id: UUID) -> VisitToken:
    token = VisitToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None:
        raise LineHasMoved(_("That token is not in the line."))
    return token


def _must_be(token: VisitToken, *states: str) -> None:
    if token.state not in states:
        raise LineHasMoved(
            _("%(token)s is now: %(state)s. Look at the line again.")
            % {"token": token, "state": VisitToken.State(token.state).label}
        )


def _point(point_id: UUID) -> CallingPoint:
    """Return a desk, locked, so that it calls one after the other."""
    point = (
        CallingPoint.objects.select_for_update(of=("self",))
        .select_related("location")
        .filter(pk=point_id, dropped_at__isnull=True)
        .first()
    )
    if point is None:
        raise LineHasMoved(_("That desk no longer calls. Choose another."))
    return point
