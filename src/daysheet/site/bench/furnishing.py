"""The small part of the practice, made by the commands of the screens: doors, clinicians, kinds of visit, a plan."""

from dataclasses import dataclass, field
from datetime import time
from uuid import UUID

from daysheet.coverage import commands as coverage
from daysheet.kernel.access import Actor
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom import commands as mailroom
from daysheet.practice import commands as practice
from daysheet.practice.founding import found_practice
from daysheet.practice.rules import npi_from
from daysheet.schedule import commands as schedule
from daysheet.site.bench.plan import COMMON, DOORS, NAME, NOW, Size

ROOMS = 4
HALVES = ((time(7), time(12)), (time(13), time(18)))
STAFF = {"receptionist": "Rosa Marin", "office_manager": "Ana Petrov"}
KINDS = {"Brief": 10, "Follow-up": 15, "Sick visit": 30, "Physical": 60, "Procedure": 240}
"""The last fits nowhere in the coming weeks: its search reads them all."""


@dataclass(slots=True)
class Furniture:
    """The keys of what the rows refer to."""

    practice_id: UUID
    doors: list[UUID] = field(default_factory=list)
    clinicians: list[UUID] = field(default_factory=list)
    kinds: dict[str, UUID] = field(default_factory=dict)
    plan: UUID | None = None
    payer: UUID | None = None


def furnish(size: Size) -> Furniture:
    """Found the practice with its doors, rooms, clinicians, hours, kinds of visit, staff and plan."""
    founded = found_practice(name=NAME, now=NOW, is_training=True, is_demo=True, clock_at=NOW)
    made = Furniture(founded.id)
    by = Actor.system(practice_id=founded.id, now=NOW)
    ana = Actor.of_role("office_manager", practice_id=founded.id, user_id=None, name="Ana Petrov", now=NOW)
    with acting_in(founded.id):
        practice.set_up_office(ana, legal_name=NAME, npi=npi_from(40_300_000), tax_id="900000001")
        for rank, name in enumerate(DOORS):
            door = practice.add_location(ana, name=name, is_main=rank == 0)
            made.doors.append(door.id)
            for number in range(1, ROOMS + 1):
                practice.add_room(ana, location_id=door.id, name=f"Room {number}", rank=number)
            practice.set_opening_hours(
                ana, location_id=door.id, hours=[(day, time(7), time(18)) for day in range(5)]
            )
        for number in range(size.clinicians):
            made.clinicians.append(_clinician(ana, made, size, number))
        for name, minutes in KINDS.items():
            made.kinds[name] = schedule.add_appointment_type(ana, name=name, minutes=minutes).id
        wire = mailroom.add_partner(
            ana,
            name="Clearinghouse",
            transport="folder",
            folder="bench",
            our_id="RIVERBEND",
            their_id="BLUE1",
        )
        payer = coverage.add_payer(ana, name="Blue PPO", payer_id="BLUE1", partner_id=wire.pk)
        made.payer, made.plan = payer.id, coverage.add_plan(ana, payer_id=payer.id, name="Blue PPO").id
        for role, person in STAFF.items():
            practice.add_member(
                by, username=f"demo-{role}", display_name=person, role=role, location_id=made.doors[0]
            )
    return made


def _clinician(ana: Actor, made: Furniture, size: Size, number: int) -> UUID:
    door = made.doors[size.door_of(number)]
    who = practice.add_provider(
        ana,
        given="Kim",
        family=f"{COMMON[number % len(COMMON)]}{'' if number < len(COMMON) else ' Jr'}",
        credential="MD",
        npi=npi_from(40_400_000 + number),
        taxonomy="207Q00000X",
        location_id=door,
        rank=number + 1,
    )
    hours = [(door, day, *half) for day in range(5) for half in HALVES]
    schedule.set_provider_hours(ana, provider_id=who.id, hours=hours)
    return who.id
