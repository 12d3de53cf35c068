"""What a care setting brings to the book of time: resources, visit types with what they take, clinicians' hours."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.practice import queries as office
from daysheet.practice.care_settings import CareSetting, Equipment, VisitKind
from daysheet.practice.models import ExamRoom, Provider
from daysheet.practice.setting_parts import COMES, HERE, RETIRED, Part, Piece, brings
from daysheet.schedule import commands
from daysheet.schedule.models import AppointmentType, ProviderHours, Resource, ResourceKind

STATES = {True: HERE, False: RETIRED, None: COMES}


def register() -> None:
    """Register the three parts."""
    brings(Part("resources", 30, resources, add_resources, retire_resources))
    brings(Part("visits", 31, visit_types, add_visit_types, retire_visit_types))
    brings(Part("clinicians", 32, clinicians, add_clinicians_hours, leave_clinicians_hours))


def resources(held: CareSetting, location_id: UUID | None) -> list[Piece]:
    """Return a setting's equipment, special rooms and second staff as they stand in the practice."""
    here = dict(Resource.objects.values_list("name", "is_active"))
    return [
        Piece(name, one.what if one.what != name else "", STATES[here.get(name)])
        for one in held.equipment
        for name in one.names
    ]


def add_resources(by: Actor, held: CareSetting, pieces: Sequence[Piece], location_id: UUID) -> dict[str, str]:
    """Add resources at a door, or promise them again."""
    kinds = {name: one for one in held.equipment for name in one.names}
    known = dict(Resource.objects.values_list("name", "id"))
    return {
        piece.name: str(
            commands.restore_resource(by, resource_id=known[piece.name]).pk
            if piece.state == RETIRED
            else _resource(by, kinds[piece.name], piece.name, location_id).pk
        )
        for piece in pieces
    }


def _resource(by: Actor, one: Equipment, name: str, location_id: UUID) -> Resource:
    room = ExamRoom.objects.filter(location_id=location_id, name=name).first() if one.is_room else None
    return commands.add_resource(
        by,
        sort=one.sort,
        what=one.what,
        name=name,
        location_id=location_id,
        room_id=room.pk if room and not Resource.objects.filter(room=room).exists() else None,
    )


def retire_resources(by: Actor, brought: Mapping[str, str]) -> None:
    """Promise no more what still bears the name with which it came."""
    for one in Resource.objects.filter(pk__in=brought.values(), name__in=brought, is_active=True):
        commands.retire_resource(by, resource_id=one.pk)


def visit_types(held: CareSetting, location_id: UUID | None) -> list[Piece]:
    """Return the kinds of visit of a setting as they stand in the practice."""
    here = dict(AppointmentType.objects.values_list("name", "is_active"))
    return [
        Piece(one.name, f"{one.minutes} min" + _takes(one), STATES[here.get(one.name)], one.prep)
        for one in held.visits
    ]


def _takes(one: VisitKind) -> str:
    return "".join(f", {what}" + (f" x {count}" if count > 1 else "") for what, count in one.needs)


def add_visit_types(
    by: Actor, held: CareSetting, pieces: Sequence[Piece], location_id: UUID
) -> dict[str, str]:
    """Add kinds of visit with all that they take, or book retired ones again as they were."""
    kinds = dict(ResourceKind.objects.values_list("name", "id"))
    known = dict(AppointmentType.objects.values_list("name", "id"))
    told = {one.name: one for one in held.visits}
    works = set(Provider.objects.filter(left_on__isnull=True).values_list("taxonomy", flat=True))
    # Beside another setting only: where the office has one kind of clinician, all of them give its visits.
    beside = office.stands_beside(held.key)
    found = {}
    for piece in pieces:
        if piece.state == RETIRED:
            kind = commands.restore_appointment_type(by, type_id=known[piece.name])
        else:
            kind = _visit_type(by, told[piece.name], kinds)
            if beside and works & set(told[piece.name].by):
                commands.set_who_gives(by, type_id=kind.pk, taxonomies=told[piece.name].by)
        found[piece.name] = str(kind.pk)
    return found


def _visit_type(by: Actor, one: VisitKind, kinds: Mapping[str, UUID]) -> AppointmentType:
    kind = commands.add_appointment_type(
        by,
        name=one.name,
        minutes=one.minutes,
        takes_copay=one.copay,
        copay_service=one.copay_service,
        for_new_patients=one.patients == "new",
        for_established_patients=one.patients == "established",
    )
    lower = {name.casefold(): id_ for name, id_ in kinds.items()}
    needs = [(what.casefold(), count) for what, count in one.needs]
    return commands.set_what_a_visit_takes(
        by,
        type_id=kind.pk,
        # what bears the name here and is something else is left out: the manager says what is needed
        needs={lower[what]: count for what, count in needs if what in lower},
        before_minutes=one.before,
        after_minutes=one.after,
        prep=one.prep,
        prep_es=one.prep_es,
        youngest=one.youngest,
        oldest=one.oldest,
        for_sex=one.sex,
    )


def retire_visit_types(by: Actor, brought: Mapping[str, str]) -> None:
    """Book no more what still bears the name with which it came; what is booked stays."""
    for kind in AppointmentType.objects.filter(pk__in=brought.values(), name__in=brought, is_active=True):
        commands.retire_appointment_type(by, type_id=kind.pk)


def clinicians(held: CareSetting, location_id: UUID | None) -> list[Piece]:
    """Return the clinicians of a door who have no hours yet: they get the setting's week."""
    if not held.clinic or location_id is None:
        return []
    those = [one for one in office.providers() if one.location_id == location_id]
    busy = set(ProviderHours.objects.filter(provider__in=those).values_list("provider_id", flat=True))
    return [Piece(str(one)) for one in those if one.pk not in busy]


def add_clinicians_hours(
    by: Actor, held: CareSetting, pieces: Sequence[Piece], location_id: UUID
) -> dict[str, str]:
    """Give the setting's week to clinicians without hours."""
    names = {piece.name for piece in pieces}
    found = {}
    for one in office.providers():
        if one.location_id == location_id and str(one) in names:
            hours = [(location_id, day, begins, ends) for day, begins, ends in held.clinic]
            commands.set_provider_hours(by, provider_id=one.pk, hours=hours)
            found[str(one)] = str(one.pk)
    return found


def leave_clinicians_hours(by: Actor, brought: Mapping[str, str]) -> None:
    """Leave clinicians' hours as they stand: visits are booked in them."""
