"""What visits need besides a clinician, in the played office: an ultrasound, a helper, a room, an interpreter."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands as schedule
from daysheet.schedule import queries as book
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.schedule.slots import OpenSlot
from daysheet.site.simulate.played import PlayedPractice

NAME = "Ultrasound"
PREP = "Drink three glasses of water in the hour before, and eat nothing for six hours before."
SCANS, DAYS_APART = 6, 2


@transaction.atomic
def supply_visits(play: PlayedPractice, today: date, now: datetime) -> None:
    """Keep resources, let a kind of visit need them, book some, and book one visit of the day over another."""
    office, door = play.office, play.office.locations[0]
    manager = office.by("office_manager", now)
    kept: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("equipment", "Ultrasound machine", {"location_id": door.id}),
        ("room", "Procedure room", {"room_id": office.rooms[door.id][-1].id}),
        ("staff", "Medical assistant", {"location_id": door.id}),
        ("staff", "Medical assistant", {"location_id": door.id}),
    )
    things = [schedule.add_resource(manager, sort=sort, what=what, **more) for sort, what, more in kept]
    schedule.add_resource(manager, sort="interpreter", what="Spanish interpreter", language="es")
    scan = schedule.add_appointment_type(manager, name=NAME, minutes=30)
    schedule.set_what_a_visit_takes(
        manager,
        type_id=scan.id,
        needs={one.kind_id: 1 for one in things},
        before_minutes=5,
        after_minutes=10,
        prep=PREP,
        youngest=12,
    )
    for provider in office.providers[:2]:
        schedule.add_overbook_rule(
            manager, provider_id=provider.id, from_clock=time(8), to_clock=time(17), highest_lane=1
        )
    for number in range(SCANS):
        _book_scan(play, scan, today + timedelta(days=number * DAYS_APART), now, number)
    _book_over(play, now)


def _book_scan(play: PlayedPractice, scan: AppointmentType, day: date, now: datetime, number: int) -> None:
    slots = book.open_slots(
        type_id=scan.id,
        provider_ids=None,
        location_id=play.office.locations[0].id,
        first_day=day,
        last_day=day + timedelta(days=7),
        now=now,
        limit=1,
    )
    for slot in slots:
        _try_to_book(play, now, number, type_id=scan.id, slot=slot, reason="As ordered")


def _book_over(play: PlayedPractice, now: datetime) -> None:
    """Let the manager put somebody beside the next visit of the first clinician."""
    taken = (
        Appointment.objects.filter(booking="scheduled", provider=play.office.providers[0])
        .after(now + timedelta(hours=1))
        .order_by("starts_at")
        .first()
    )
    if taken is not None:
        _try_to_book(
            play,
            now,
            SCANS,
            type_id=play.office.types["Sick visit"].id,
            slot=taken,
            reason="fever since the night",
            overbook_reason="Is ill today and cannot wait",
        )


def _try_to_book(
    play: PlayedPractice, now: datetime, number: int, *, slot: OpenSlot | Appointment, **facts: Any
) -> None:
    """Book a known patient; the next one where this one is elsewhere or too young."""
    by = play.office.by("office_manager", now)
    chance = play.chance.of("needs more", number)
    for turn in range(4):
        try:
            schedule.book_appointment(
                by,
                patient_id=chance.of(turn).one_of(play.known).id,
                provider_id=slot.provider_id,
                location_id=slot.location_id,
                starts_at=slot.starts_at,
                **facts,
            )
        except Refusal:
            continue
        return
