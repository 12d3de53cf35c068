"""A house whose ultrasound visit needs an ultrasound and a helper, with ten minutes before it and five after."""

from datetime import UTC, datetime, time
from typing import Any

from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, AppointmentType, OverbookRule, Resource, ResourceHold
from tests import make
from tests.house import House

NINE = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)  # Tuesday, nine in New York
REASON = "Cannot wait until next week"


def resource(house: House, what: str = "Ultrasound", sort: str = "equipment", **more: Any) -> Resource:
    """Keep one more resource of a kind at the door."""
    facts = {"location_id": house.door.id} | more
    return commands.add_resource(house.ana, sort=sort, what=what, **facts)


def scan(house: House, *resources: Resource, name: str = "Scan", **more: Any) -> AppointmentType:
    """Add a kind of visit of 30 minutes that needs one of each kind of these resources."""
    kind = make.visit_type(name, 30)
    needs = {one.kind_id: 1 for one in resources}
    return commands.set_what_a_visit_takes(house.ana, type_id=kind.id, **{"needs": needs, **more})


def book(house: House, kind: AppointmentType, at: datetime = NINE, **more: Any) -> Appointment:
    """Let Rosa book Ms. Diaz with Dr. Lee, or others."""
    facts = {
        "patient_id": house.diaz.id,
        "provider_id": house.lee.id,
        "location_id": house.door.id,
        "type_id": kind.id,
        "starts_at": at,
    } | more
    return commands.book_appointment(facts.pop("by", house.rosa), **facts)


def held(appointment: Appointment) -> list[str]:
    """Return the names of what is promised to an appointment now."""
    rows = ResourceHold.objects.filter(appointment=appointment, is_held=True)
    return sorted(rows.values_list("resource__name", flat=True))


def rule(house: House, highest: int = 1, **more: Any) -> OverbookRule:
    """Let Dr. Lee be booked over all day."""
    hours = {"from_clock": time(8), "to_clock": time(18)} | more
    return commands.add_overbook_rule(house.ana, provider_id=house.lee.id, highest_lane=highest, **hours)
