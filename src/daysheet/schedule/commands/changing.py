"""Several visits of a series changed at one press, all or none, and the whole change taken back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.schedule import changing, supply
from daysheet.schedule.changing import Change, Place
from daysheet.schedule.commands.booking import _take_turns_of, move_appointment, undo_booking
from daysheet.schedule.commands.series import NothingLeft, OneStandsAgainst, _grown, _held
from daysheet.schedule.models import Appointment, SeriesVisit
from daysheet.schedule.rules import instants


@command(needs=Can.BOOK_APPOINTMENT)
def change_series(
    by: Actor,
    /,
    *,
    series_id: UUID,
    version: int | None,
    visits: Sequence[tuple[UUID, int]],
    change: Change,
    alone: bool = False,
    limit_reason: str = "",
    hours_reason: str = "",
    why: str = "",
    kind_id: UUID | None = None,
) -> list[Appointment]:
    """Move the chosen visits of a series to what the change says, all of them or none; each in its own week.

    `visits` are the appointments as they were seen, each with its version. With `alone` they are no longer part of
    what is done to several. Raises NothingLeft, StaleForm, or OneStandsAgainst, which says which and why.
    """
    series = _held(series_id, version)
    seen = dict(visits)
    if not seen or change.is_empty:
        raise NothingLeft(_("Nothing is to be changed. Say what is otherwise, and tick the visits."))
    list(Appointment.objects.select_for_update(of=("self",)).filter(pk__in=seen).order_by("pk"))
    chosen = [one for one in changing.places(series_id) if one.appointment.pk in seen]
    if len(chosen) != len(seen) or not all(one.is_to_come(by.now) for one in chosen):
        raise StaleForm(_("Somebody changed a visit of this series meanwhile. Look at them again."))
    _take_all_turns(chosen, change)
    zone = change.zone()
    moved = []
    for one in sorted(chosen, key=lambda one: one.appointment.starts_at):
        was = one.appointment
        try:
            new = move_appointment(
                by,
                appointment_id=was.pk,
                version=seen[was.pk],
                starts_at=_start(one, change, zone or was.location.zone),
                provider_id=change.provider_id,
                location_id=change.location_id,
                type_id=change.type_id,
                minutes=change.minutes,
                reason=change.reason,
                limit_reason=limit_reason,
                hours_reason=hours_reason,
                why=why,
                kind_id=kind_id,
            )
        except StaleForm:
            raise
        except Refusal as no:
            day = dateformat.format(was.on_day, "D, M j, Y")
            raise OneStandsAgainst(f"{day}: {no.sentence}", **no.fields) from no
        moved.append(new)
        if not alone and not one.alone:
            SeriesVisit.objects.filter(pk=one.visit_id).update(appointment=new)
    _grown(series)
    record(by, "schedule.series.changed", series, visits=len(moved), alone=alone)
    return moved


@command(needs=Can.BOOK_APPOINTMENT)
def undo_series_change(by: Actor, /, *, series_id: UUID, appointment_id: UUID) -> int:
    """Take a change of a series back, all that was moved with one appointment and is still booked; return how many.

    Raises NothingLeft, NotOnTheBooks when a patient has come for one, or SlotTaken when an old time is gone meanwhile.
    """
    series = _held(series_id, None)
    rows = {one.appointment.pk: one.appointment for one in changing.places(series_id)}
    named = rows.get(appointment_id)
    together = [
        one.pk
        for one in rows.values()
        if named and one.booking == "scheduled" and one.booked_at == named.booked_at
    ]
    former = Appointment.objects.select_for_update(of=("self",)).filter(moved_to__in=together)
    olds = list(former.order_by("pk"))
    if not olds:
        raise NothingLeft(_("Nothing of that change is left to take back."))
    whose = [pk for one in olds for pk in (one.provider_id, one.patient_id)]
    news = [one.moved_to_id for one in olds if one.moved_to_id]
    _take_turns_of([*whose, *(rows[pk].provider_id for pk in news)], ())
    for pk in news:
        undo_booking(by, appointment_id=pk)
    _grown(series)
    record(by, "schedule.series.change-undone", series, visits=len(news))
    return len(news)


def _take_all_turns(chosen: Sequence[Place], change: Change) -> None:
    """Wait for the turns of all of them at once: two desks that each wait for the other would end each other."""
    rows = [one.appointment for one in chosen]
    whose = [pk for one in rows for pk in (one.provider_id, one.patient_id)]
    needs = supply.demands_of({change.type_id or one.type_id for one in rows}).values()
    speak = supply.interpreters_promised([one.pk for one in rows]).values()
    kinds = [pool.kind_id for need in needs for pool in need.pools] + [pk for each in speak for pk in each]
    _take_turns_of([*whose, change.provider_id], kinds)


def _start(one: Place, change: Change, zone: ZoneInfo) -> datetime:
    moments = instants(one.day(change), one.clock(change), zone)
    if not moments:
        raise Refusal(_("The clocks go forward then: that time does not exist on this day."))
    return moments[0]
