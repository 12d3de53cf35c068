"""Where a clinician and a patient meet by video: as typed for the visit, else as the pattern of the office makes it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.crypto import salted_hmac

from daysheet.kernel.tenancy import acting_practice_id
from daysheet.schedule.models import Appointment, AppointmentMeeting, MeetingAddress
from daysheet.schedule.remote import VIDEO, address_from

ROOM_LETTERS = 20
LINE = """
with recursive line as (
    select %(appointment)s::uuid as at, 0 as hops
    union all
    select a.id, l.hops + 1 from line l join appointment a on a.practice_id = %(practice)s and a.moved_to_id = l.at
)
select at from line order by hops"""


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where a visit by video meets, and whether somebody typed that for this visit."""

    link: str
    is_typed: bool = False


NOWHERE = Meeting("")


def meeting_of(appointment: Appointment, mode: str = "") -> Meeting:
    """Return where an appointment meets by video; no link where it is not by video, or the office has no address.

    `mode` is how its visit takes place, where that has begun.
    """
    if (mode or appointment.type.mode) != VIDEO:
        return NOWHERE
    found = AppointmentMeeting.objects.filter(appointment_id__in=(line := line_of(appointment)))
    typed = sorted(found, key=lambda one: line.index(one.appointment_id))  # a move takes it along
    if typed:
        return Meeting(typed[0].link, is_typed=True)
    rows = MeetingAddress.objects.filter(Q(provider=appointment.provider_id) | Q(provider=None))
    held = {one.provider_id: one.pattern for one in rows}
    pattern = held.get(appointment.provider_id) or held.get(None, "")
    return Meeting(address_from(pattern, room=room_of(appointment), clinician=appointment.provider.family))


def line_of(appointment: Appointment) -> list[UUID]:
    """Return an appointment and those from which it was moved, the last first."""
    with connection.cursor() as cursor:
        cursor.execute(LINE, {"practice": acting_practice_id(), "appointment": appointment.pk})
        return [pk for (pk,) in cursor.fetchall()]


def room_of(appointment: Appointment) -> str:
    """Return a room that nobody guesses: another one for each appointment, always the same for one."""
    return salted_hmac("daysheet.meeting", str(appointment.pk), algorithm="sha256").hexdigest()[:ROOM_LETTERS]


def addresses() -> list[MeetingAddress]:
    """Return the office's patterns, that of every clinician first."""
    rows = MeetingAddress.objects.select_related("provider")
    return sorted(rows, key=lambda one: (one.provider_id is not None, str(one.provider or "")))
