"""Several visits at one press: one after the other for a patient, or a family; all or none, and taken back as one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import dateformat
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.practice.models import Location
from daysheet.schedule import supply
from daysheet.schedule.commands.booking import _take_turns_of, book_appointment, undo_booking
from daysheet.schedule.commands.series import OneStandsAgainst
from daysheet.schedule.models import GroupVisit, VisitGroup

MOST_TOGETHER = 5


class GroupIsOver(Refusal):
    """Nothing of what was booked together is left to take back."""


class VisitFact(NamedTuple):
    """One visit of a group: whose, with whom, where, of which kind, when."""

    patient_id: UUID
    provider_id: UUID
    location_id: UUID
    type_id: UUID
    starts_at: datetime
    also_needs: tuple[UUID, ...] = ()
    """Kinds of resource beyond those of its kind, such as an interpreter."""
    pays_self: bool = False
    """The patient pays it and does not use a plan."""


@command(needs=Can.BOOK_APPOINTMENT)
def book_together(
    by: Actor,
    /,
    *,
    sort: str,
    visits: Sequence[VisitFact],
    reason: str = "",
    limit_reason: str = "",
    hours_reason: str = "",
) -> VisitGroup:
    """Book some visits in one transaction, all of them or none.

    Raises OneStandsAgainst, and says which and why; with a reason it is booked as a single visit would be.
    """
    if sort not in VisitGroup.Sort.values or not 2 <= len(visits) <= MOST_TOGETHER:
        raise Refusal(_("Two to %(n)d visits are booked together.") % {"n": MOST_TOGETHER})
    # The turns of all of them at once: two desks that each wait for the other would end each other.
    kinds = supply.demands_of({one.type_id for one in visits}).values()
    _take_turns_of(
        [pk for one in visits for pk in (one.provider_id, one.patient_id)],
        [pool.kind_id for demand in kinds for pool in demand.pools]
        + [pk for one in visits for pk in one.also_needs],
    )
    group = VisitGroup.objects.create(sort=sort, made_at=by.now, made_by=by.name)
    zones = {door.pk: door.zone for door in Location.objects.filter(pk__in={v.location_id for v in visits})}
    said: dict[str, Any] = {"reason": reason, "limit_reason": limit_reason, "hours_reason": hours_reason}
    rows = []
    for number, one in enumerate(visits, start=1):
        try:
            booked = book_appointment(by, **one._asdict(), **said)
        except Refusal as no:
            local = one.starts_at.astimezone(zones.get(one.location_id))
            when = dateformat.format(local, "D, M j, Y, g:i a")
            raise OneStandsAgainst(
                _("Visit %(n)d, %(when)s: %(why)s Nothing was booked.")
                % {"n": number, "when": when, "why": no.sentence},
                **{name: words for name, words in no.fields.items() if name in said},
            ) from no
        rows.append(GroupVisit(group=group, appointment=booked, number=number))
    GroupVisit.objects.bulk_create(rows)
    record(
        by,
        "schedule.group.booked",
        group,
        patients=list({one.patient_id for one in visits}),
        sort=sort,
        visits=len(rows),
    )
    return group


@command(needs=Can.BOOK_APPOINTMENT)
def undo_together(by: Actor, /, *, group_id: UUID) -> int:
    """Take back what was booked together, all of what is still booked of it; return how many.

    Raises GroupIsOver, or NotOnTheBooks when a patient has come for one.
    """
    group = VisitGroup.objects.select_for_update(of=("self",)).filter(pk=group_id).first()
    rows = list(
        GroupVisit.objects.filter(group_id=group_id, appointment__booking="scheduled")
        .select_related("appointment")
        .order_by("appointment_id")
    )
    if group is None or group.undone_at or not rows:
        raise GroupIsOver(_("Nothing of these visits is left to take back."))
    for one in rows:
        undo_booking(by, appointment_id=one.appointment_id)
    group.undone_at, group.version = by.now, group.version + 1
    group.save(update_fields=["undone_at", "version"])
    patients = list({one.appointment.patient_id for one in rows})
    record(by, "schedule.group.undone", group, patients=patients, visits=len(rows))
    return len(rows)
