"""A browser becomes a kiosk, and stops being one."""

from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.portal.models import Kiosk
from daysheet.practice.models import Location


@command(needs=Can.MOVE_PATIENT)
def open_kiosk(by: Actor, /, *, location_id: UUID) -> Kiosk:
    """Let a browser be a kiosk of a door."""
    door = Location.objects.get(pk=location_id)
    made = Kiosk.objects.create(location=door, opened_at=by.now, opened_by=by.name)
    record(by, "portal.kiosk.opened", made, location=str(location_id))
    return made


@command(needs=Can.MOVE_PATIENT)
def close_kiosk(by: Actor, /, *, kiosk_id: UUID) -> Kiosk:
    """End a kiosk; its browser shows nothing of the office any more. Closing it twice is the same."""
    held = Kiosk.objects.select_for_update(of=("self",)).get(pk=kiosk_id)
    if held.closed_at is None:
        held.closed_at, held.closed_by = by.now, by.name
        held.save(update_fields=["closed_at", "closed_by"])
    record(by, "portal.kiosk.closed", held)
    return held
