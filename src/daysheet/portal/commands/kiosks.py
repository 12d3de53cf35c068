"""A browser becomes a kiosk or the waiting room's wall, and stops being one."""

from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.portal.models import Kiosk
from daysheet.practice.models import Location


@command(needs=Can.MOVE_PATIENT)
def open_kiosk(by: Actor, /, *, location_id: UUID, is_wall: bool = False) -> Kiosk:
    """Let a browser be a kiosk of a door, or its waiting room's wall."""
    door = Location.objects.get(pk=location_id)
    shows = Kiosk.Shows.WALL if is_wall else Kiosk.Shows.CHECK_IN
    made = Kiosk.objects.create(location=door, shows=shows, opened_at=by.now, opened_by=by.name)
    record(by, "portal.kiosk.opened", made, location=str(location_id), shows=str(shows))
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
