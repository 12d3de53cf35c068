"""Locations, rooms, opening hours and the office's own facts."""

from datetime import time
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.formats.x12.numbers import is_npi
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.practice import queries
from daysheet.practice.models import ExamRoom, Location, Office, OpeningHours
from daysheet.practice.naming import must_fit_wire
from daysheet.practice.rules import bill_type_problem, hours_version, tax_id_is_sound, zip_is_sound


class LocationIsNeeded(Refusal):
    """A location that cannot be closed: the only one, one closed before, or one with visits to come."""


@command(needs=Can.MANAGE_OFFICE)
def set_up_office(
    by: Actor,
    /,
    *,
    legal_name: str,
    npi: str,
    tax_id: str,
    taxonomy: str = "",
    street: str = "",
    street2: str = "",
    city: str = "",
    state: str = "",
    zip: str = "",  # noqa: A002 - the office's word
    phone: str = "",
    email: str = "",
) -> Office:
    """Write down what the practice is on paper and on its claims."""
    if npi and not is_npi(npi):
        raise Refusal(
            "That NPI is not right: its check digit does not fit. Compare it with your letter.",
            npi="Check the NPI.",
        )
    if tax_id and not tax_id_is_sound(tax_id):
        raise Refusal("A tax number has nine digits, like 12-3456789.", tax_id="Nine digits.")
    if zip and not zip_is_sound(zip):
        raise Refusal("A ZIP has five or nine digits.", zip="Five or nine digits.")
    facts = {
        "legal_name": legal_name.strip(),
        "npi": npi,
        "tax_id": tax_id.replace("-", ""),
        "taxonomy": taxonomy,
        "street": street,
        "street2": street2,
        "city": city,
        "state": state.upper(),
        "zip": zip.replace("-", ""),
        "phone": phone,
        "email": email,
    }
    if not facts["legal_name"]:
        raise Refusal("The office needs the name that stands on its claims.", legal_name="Write the name.")
    must_fit_wire(legal_name=facts["legal_name"])
    office, _ = Office.objects.update_or_create(practice_id=by.practice_id, defaults=facts)
    record(by, "practice.office.set_up", office, facts=facts)
    return office


@command(needs=Can.MANAGE_OFFICE)
def add_location(
    by: Actor,
    /,
    *,
    name: str,
    street: str = "",
    city: str = "",
    state: str = "",
    zip: str = "",  # noqa: A002 - the office's word
    phone: str = "",
    npi: str = "",
    place_of_service: str = "11",
    zone_name: str = "America/New_York",
    is_main: bool = False,
) -> Location:
    """Open a door to patients."""
    if not name.strip():
        raise Refusal("A location needs a name.", name="Write a name.")
    must_fit_wire(name=name)
    with refusing(
        location_name_is_free=Refusal(
            "There is a location of that name already.", name="Choose another name."
        ),
        location_main_is_one=Refusal("Another location is the main one already."),
    ):
        location = Location.objects.create(
            name=name.strip(),
            street=street,
            city=city,
            state=state.upper(),
            zip=zip.replace("-", ""),
            phone=phone,
            npi=npi,
            place_of_service=place_of_service,
            zone_name=zone_name,
            is_main=is_main,
        )
    record(by, "practice.location.added", location, name=location.name)
    return location


@command(needs=Can.MANAGE_OFFICE)
def set_bill_type(by: Actor, /, *, location_id: UUID, bill_type: str) -> Location:
    """Say which type of bill the facility's claims of a door have: two digits; empty: that of its care setting."""
    typed = bill_type.strip()
    if typed and (wrong := bill_type_problem(typed)):
        raise Refusal(wrong, bill_type=wrong)
    location = Location.objects.select_for_update().get(pk=location_id)
    old, location.bill_type = location.bill_type, typed
    location.save(update_fields=["bill_type"])
    record(by, "practice.location.bill-type-set", location, old=old, new=typed)
    return location


@command(needs=Can.MANAGE_OFFICE)
def close_location(by: Actor, /, *, location_id: UUID) -> Location:
    """Close a door from today on; what happened there stays. The main one hands its place to the next.

    Raises LocationIsNeeded while it is the only door, or while something is still to happen there.
    """
    doors = list(Location.objects.select_for_update().filter(closed_on__isnull=True).order_by("name"))
    location = next((door for door in doors if door.pk == location_id), None)
    if location is None:
        raise LocationIsNeeded("That location is closed already.")
    if len(doors) == 1:
        raise LocationIsNeeded("The office needs one open location. Add the new one first.")
    for ask in queries.keeps_a_door_open:
        if reason := ask(location_id, by.now):
            raise LocationIsNeeded(reason)
    was_main, location.is_main = location.is_main, False
    location.closed_on = location.today(by.now)
    location.save(update_fields=["closed_on", "is_main"])
    if was_main:
        heir = next(door for door in doors if door.pk != location_id)
        heir.is_main = True
        heir.save(update_fields=["is_main"])
    record(by, "practice.location.closed", location, closed_on=location.closed_on)
    return location


@command(needs=Can.MANAGE_OFFICE)
def add_room(by: Actor, /, *, location_id: UUID, name: str, rank: int = 1) -> ExamRoom:
    """Add a room in which patients are seen."""
    if not name.strip():
        raise Refusal(_("A room needs a name or a number."), name=_("Write a name."))
    with refusing(
        exam_room_name_is_free=Refusal(_("There is a room of that name already."), name=_("Choose another."))
    ):
        room = ExamRoom.objects.create(location_id=location_id, name=name.strip(), rank=rank)
    record(by, "practice.room.added", room, name=room.name)
    return room


@command(needs=Can.MANAGE_OFFICE)
def retire_room(by: Actor, /, *, room_id: UUID) -> ExamRoom:
    """Take a room out of use; what happened there stays."""
    return _in_use(by, room_id, is_active=False)


@command(needs=Can.MANAGE_OFFICE)
def restore_room(by: Actor, /, *, room_id: UUID) -> ExamRoom:
    """Use a room again that was taken out of use."""
    return _in_use(by, room_id, is_active=True)


def _in_use(by: Actor, room_id: UUID, *, is_active: bool) -> ExamRoom:
    room = ExamRoom.objects.select_for_update().get(pk=room_id)
    room.is_active = is_active
    room.save(update_fields=["is_active"])
    record(by, f"practice.room.{'restored' if is_active else 'retired'}", room, name=room.name)
    return room


@command(needs=Can.MANAGE_OFFICE)
def set_opening_hours(
    by: Actor, /, *, location_id: UUID, hours: list[tuple[int, time, time]], version: int | None = None
) -> list[OpeningHours]:
    """Say anew when a door is open: weekday (0 is Monday), from, to.

    Raises StaleForm when `version` is given and the hours are no longer those that it was made of.
    """
    if any(closes <= opens for _, opens, closes in hours):
        raise Refusal("Opening hours must end after they begin.")
    location = Location.objects.select_for_update().get(pk=location_id)
    if version is not None and version != hours_version(queries.hours_of(location_id)):
        raise StaleForm(
            _(
                "Somebody set these hours while your form was open. Nothing of yours is saved: look at them first."
            )
        )
    OpeningHours.objects.filter(location=location).delete()
    rows = OpeningHours.objects.bulk_create(
        OpeningHours(location=location, weekday=day, opens=opens, closes=closes)
        for day, opens, closes in hours
    )
    record(by, "practice.hours.set", location, hours=[f"{d} {o:%H:%M}-{c:%H:%M}" for d, o, c in hours])
    return rows
