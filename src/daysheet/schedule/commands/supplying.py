"""Keeping what visits need: resources, what a kind of visit takes, and where a clinician may be booked over."""

from collections.abc import Mapping
from datetime import time
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.practice.models import ExamRoom
from daysheet.schedule.models import (
    HIGHEST_LANE,
    Appointment,
    AppointmentType,
    OverbookRule,
    Resource,
    ResourceHold,
    ResourceKind,
    TypeNeed,
)
from daysheet.schedule.rules import LONGEST_BUFFER

MOST_NEEDED = 9
OLDEST = 130


class KindIsOfAnotherSort(Refusal):
    """Resources of that kind are kept already, and are something else."""


@command(needs=Can.MANAGE_OFFICE)
def add_resource(
    by: Actor,
    /,
    *,
    sort: str,
    what: str,
    name: str = "",
    location_id: UUID | None = None,
    room_id: UUID | None = None,
    language: str = "",
) -> Resource:
    """Add one thing or person that can be promised to a visit; resources of the same words are of one kind.

    A resource that is an exam room takes over what is booked in that room. Refuses a name or a room that is in use.
    """
    if sort not in ResourceKind.Sort.values:
        raise Refusal(_("Say what sort of resource it is."), sort=_("Choose one of the list."))
    if not what.strip():
        raise Refusal(_("Say what it is, such as ultrasound."), what=_("Write what it is."))
    if sort == ResourceKind.Sort.INTERPRETER and not language:
        raise Refusal(_("Say which language is interpreted."), language=_("Choose a language."))
    room = ExamRoom.objects.filter(id=room_id).first() if room_id else None
    if room_id and (room is None or location_id not in (None, room.location_id)):
        raise Refusal(
            _("That room is not at this location. Choose another."), room=_("Choose a room of the location.")
        )
    kind = _kind(sort, what.strip(), language if sort == ResourceKind.Sort.INTERPRETER else "")
    used = Refusal(
        _("There is a resource of that name already. Choose another name."), name=_("This name is in use.")
    )
    twice = Refusal(
        _("That room is a resource already. Choose another room."), room=_("This room is a resource already.")
    )
    with refusing(resource_name_is_free=used, room_is_one_resource=twice):
        one = Resource.objects.create(
            kind=kind,
            name=name.strip() or _free_name(kind, room),
            location_id=room.location_id if room else location_id,
            room=room,
        )
    taken = _take_over(by, one)
    record(by, "schedule.resource.added", one, name=one.name, kind=kind.name, taken_over=taken)
    announce(by.practice_id, "schedule")
    return one


@command(needs=Can.MANAGE_OFFICE)
def retire_resource(by: Actor, /, *, resource_id: UUID) -> Resource:
    """Promise a resource no more; what it is promised to stays."""
    one = Resource.objects.get(id=resource_id)
    one.is_active = False
    one.save(update_fields=["is_active"])
    record(by, "schedule.resource.retired", one, name=one.name)
    return one


@command(needs=Can.MANAGE_OFFICE)
def restore_resource(by: Actor, /, *, resource_id: UUID) -> Resource:
    """Promise a retired resource again."""
    one = Resource.objects.get(id=resource_id)
    one.is_active = True
    one.save(update_fields=["is_active"])
    record(by, "schedule.resource.restored", one, name=one.name, taken_over=_take_over(by, one))
    return one


@command(needs=Can.MANAGE_OFFICE)
def set_what_a_visit_takes(
    by: Actor,
    /,
    *,
    type_id: UUID,
    needs: Mapping[UUID, int],
    before_minutes: int = 0,
    after_minutes: int = 0,
    prep: str = "",
    prep_es: str = "",
    youngest: int | None = None,
    oldest: int | None = None,
    for_sex: str = "",
) -> AppointmentType:
    """Say what a kind of visit takes beside its minutes and for whom it is; what is booked already stays as it is."""
    if not (0 <= before_minutes <= LONGEST_BUFFER and 0 <= after_minutes <= LONGEST_BUFFER):
        raise Refusal(_("At most %(n)d minutes are kept before and after a visit.") % {"n": LONGEST_BUFFER})
    ages = [age for age in (youngest, oldest) if age is not None]
    if ages != sorted(ages) or not all(0 <= age <= OLDEST for age in ages):
        raise Refusal(
            _("The ages go from the youngest to the oldest, in years."), oldest=_("Check the ages.")
        )
    if for_sex not in ("", "F", "M") or not all(0 <= one <= MOST_NEEDED for one in needs.values()):
        raise Refusal(_("Choose from the lists, and at most %(n)d of a kind.") % {"n": MOST_NEEDED})
    kind = AppointmentType.objects.get(id=type_id)
    new = {
        "before_minutes": before_minutes,
        "after_minutes": after_minutes,
        "prep": prep.strip(),
        "prep_es": prep_es.strip(),
        "youngest": youngest,
        "oldest": oldest,
        "for_sex": for_sex,
    }
    AppointmentType.objects.filter(id=type_id).update(**new)
    TypeNeed.objects.filter(type=kind).delete()
    TypeNeed.objects.bulk_create(
        TypeNeed(type=kind, kind_id=one, count=count) for one, count in needs.items() if count
    )
    told = {str(one): count for one, count in needs.items() if count}
    record(by, "schedule.appointment_type.needs-set", kind, needs=told, new=new)
    kind.refresh_from_db()
    return kind


@command(needs=Can.MANAGE_OFFICE)
def add_overbook_rule(
    by: Actor,
    /,
    *,
    provider_id: UUID,
    from_clock: time,
    to_clock: time,
    highest_lane: int,
    type_id: UUID | None = None,
    weekday: int | None = None,
) -> OverbookRule:
    """Let a clinician be booked over: so many visits beside the ordinary one, within some hours.

    Refuses a rule for the same visits and hours as one that stands.
    """
    if from_clock >= to_clock:
        raise Refusal(_("The hours end after they begin."), hours=_("Check the hours."))
    if not 0 <= highest_lane <= HIGHEST_LANE or weekday not in (None, *range(7)):
        raise Refusal(_("At most %(n)d visits stand beside the ordinary one.") % {"n": HIGHEST_LANE})
    twice = Refusal(
        _("A rule for these visits and hours stands already. Remove it first."),
        hours=_("There is a rule for these hours."),
    )
    with refusing(overbook_rule_stands_once=twice):
        rule = OverbookRule.objects.create(
            provider_id=provider_id,
            type_id=type_id,
            weekday=weekday,
            from_clock=from_clock,
            to_clock=to_clock,
            highest_lane=highest_lane,
        )
    record(by, "schedule.overbook-rule.added", rule, provider=str(provider_id), says=str(rule))
    return rule


@command(needs=Can.MANAGE_OFFICE)
def remove_overbook_rule(by: Actor, /, *, overbook_rule_id: UUID) -> UUID:
    """Take a rule for booking over away; what is booked stays. Return whose it was."""
    rule = OverbookRule.objects.filter(id=overbook_rule_id).first()
    if rule is None:
        raise Refusal(_("That rule does not stand any more."))
    record(by, "schedule.overbook-rule.removed", rule, provider=str(rule.provider_id), says=str(rule))
    whose = rule.provider_id
    rule.delete()
    return whose


def _kind(sort: str, what: str, language: str) -> ResourceKind:
    kind = ResourceKind.objects.filter(name__iexact=what).first()
    if kind is None:
        return ResourceKind.objects.create(sort=sort, name=what, language=language)
    if (kind.sort, kind.language) != (sort, language):
        raise KindIsOfAnotherSort(
            _("%(what)s is kept already as %(sort)s. Write other words for this one.")
            % {"what": kind.name, "sort": kind.get_sort_display().lower()},
            what=_("These words mean something else already."),
        )
    return kind


def _free_name(kind: ResourceKind, room: ExamRoom | None) -> str:
    """Return a name that nobody has: the room's own, or the kind with the next number."""
    used = set(Resource.objects.values_list("name", flat=True))
    tries = [room.name] if room else []
    return next(
        name for name in [*tries, *(f"{kind.name} {n}" for n in range(1, len(used) + 2))] if name not in used
    )


def _take_over(by: Actor, one: Resource) -> int:
    """Promise a resource that is an exam room to the visits to come in that room; say to how many."""
    if one.room_id is None:
        return 0
    rows = Appointment.objects.holding().filter(room_id=one.room_id, ends_at__gt=by.now)
    rows = rows.exclude(promised__resource=one, promised__is_held=True)
    holds = [
        ResourceHold(appointment=row, resource=one, from_at=row.keeps[0], until_at=row.keeps[1])
        for row in rows
    ]
    with refusing(
        resource_is_free=Refusal(_("That room is promised twice in the book. Move one of the visits first."))
    ):
        ResourceHold.objects.bulk_create(holds, batch_size=1000)
    return len(holds)
