"""A practice to play in: its doors, rooms, people, visit types, fees, and the payer twin at the other end."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from daysheet.charges import commands as charges
from daysheet.coverage import commands as coverage
from daysheet.coverage.models import InsurancePlan
from daysheet.formats.x12.names import LONGEST_NAME
from daysheet.kernel.access import Actor
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.mailroom import commands as mailroom
from daysheet.payer import commands as payer
from daysheet.payer import queries as twin
from daysheet.practice import commands as practice
from daysheet.practice.care_settings import CareSetting
from daysheet.practice.founding import found_practice
from daysheet.practice.models import ExamRoom, Location, Provider
from daysheet.practice.rules import npi_from
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import AppointmentType
from daysheet.site.simulate.repertoire import FAMILY, Repertoire, repertoire
from daysheet.visits import commands as visits

CLINICIANS = (("Grace", "Lee", "MD"), ("Kofi", "Osei", "MD"), ("Elena", "Moreau", "NP"))
DOORS = (
    ("Main St", "12 Main St", "Springfield", "01103", 4),
    ("Harbor Rd", "80 Harbor Rd", "Holyoke", "01040", 2),
)
VISIT_TYPES = (("Follow-up", 20, False, True), ("Sick visit", 20, False, True), ("New patient", 40, True, True),
               ("Physical", 40, False, True), ("Nurse visit", 10, False, False))  # fmt: skip
FEES = (("X0010", "Office visit, short", "95.00"), ("X0020", "Office visit, middle", "145.00"),
        ("X0030", "Office visit, long", "210.00"), ("X0040", "New patient visit", "240.00"),
        ("X0050", "Yearly physical", "225.00"), ("X0060", "Nurse visit", "40.00"), ("X0015", "Exercise, 15 min", "60.00"),
        ("L0110", "Blood count", "28.00"), ("L0120", "Sugar, long-term", "34.00"), ("L0130", "Throat swab", "22.00"),
        ("V0210", "Vaccine given", "31.00"))  # fmt: skip


@dataclass(slots=True)
class PlayedOffice:
    """A founded practice with everything that a day needs, by name."""

    practice: Practice
    twin: Practice
    staff: dict[str, Actor] = field(default_factory=dict)
    locations: list[Location] = field(default_factory=list)
    rooms: dict[UUID, list[ExamRoom]] = field(default_factory=dict)
    providers: list[Provider] = field(default_factory=list)
    types: dict[str, AppointmentType] = field(default_factory=dict)
    plans: dict[tuple[str, str], InsurancePlan] = field(default_factory=dict)
    """By payer id on the wire and plan key."""
    plays: Repertoire = FAMILY

    def by(self, role: str, now: datetime) -> Actor:
        """Return the person of a role at a moment."""
        return self.staff[role].at(now)

    def clerk_at_payer(self, now: datetime) -> Actor:
        """Return the payer's own software at a moment."""
        return Actor.system(practice_id=self.twin.id, now=now, name="Payer twin")

    def known_plans(self) -> dict[str, tuple[str, ...]]:
        """Return the plan keys by payer id."""
        found: dict[str, list[str]] = {}
        for payer_id, plan in self.plans:
            found.setdefault(payer_id, []).append(plan)
        return {payer_id: tuple(keys) for payer_id, keys in found.items()}


def found_office(
    *,
    name: str,
    now: datetime,
    seed: str,
    is_demo: bool = False,
    answer_days: int | None = None,
    clock: bool = True,
    setting: CareSetting | None = None,
    twin_name: str = "",
) -> PlayedOffice:
    """Found a practice of three clinicians and two doors, with its payers at the other end of a loopback.

    With a care setting it is the one practice of that setting's demonstration, as the setting itself furnishes it.
    `answer_days` shortens every payer's days to payment, so that a short play sees its money.
    """
    own_clock = now if clock else None
    with connection.cursor() as cursor:
        # A play that the machine's fall cuts short may lose its last moment, never its balance.
        cursor.execute("set synchronous_commit = off")
    office = PlayedOffice(
        practice=found_practice(name=name, now=now, is_training=True, is_demo=is_demo, clock_at=own_clock),
        twin=found_practice(
            name=twin_name or f"{name}: payers",
            now=now,
            kind="payer",
            is_training=True,
            is_demo=is_demo,
            clock_at=own_clock,
        ),
    )
    for role, person in STAFF.items():
        office.staff[role] = Actor.of_role(
            role, practice_id=office.practice.id, user_id=None, name=person, now=now, workstation="desk"
        )
    office.staff["system"] = Actor.system(practice_id=office.practice.id, now=now)
    with acting_in(office.practice.id):
        if setting is None:
            _places(office, now)
            _books(office, now.date())
        else:
            furnish(office, setting, now)
        _wire(office, now, seed, answer_days)
    return office


STAFF = {
    "receptionist": "Rosa Marin",
    "biller": "Ben Okafor",
    "coder": "Cora Winters",
    "clinician": "Dr. Grace Lee",
    "office_manager": "Ana Petrov",
    "privacy_officer": "Pia Nolan",
    "billing_clerk": "Bo Langley",
    "auditor": "Ines Roth",
}


@transaction.atomic
def furnish(office: PlayedOffice, held: CareSetting, now: datetime) -> None:
    """Let a care setting furnish a practice, as a manager does by its page, and let clinicians begin to work."""
    by = office.by("office_manager", now)
    _on_paper(office, now, held.demonstration.clinicians[0].taxonomy, held.demonstration.name)
    added = practice.add_setting(by, setting=held.key, zone_name=office.practice.zone_name)
    door = Location.objects.get(pk=added.location_id)
    office.locations, office.plays = [door], repertoire(held)
    special = {name for one in held.equipment if one.is_room for name in one.names}
    rooms = list(ExamRoom.objects.filter(location=door).order_by("rank"))
    office.rooms[door.id] = [room for room in rooms if room.name not in special] or rooms
    _line(by, door)
    for rank, who in enumerate(held.demonstration.clinicians):
        clinician = practice.add_provider(
            by,
            given=who.given,
            family=who.family,
            credential=who.credential,
            npi=npi_from(40_200_001 + rank),
            taxonomy=who.taxonomy,
            location_id=door.id,
            rank=rank + 1,
        )
        hours = [(door.id, day, begins, ends) for day, begins, ends in held.clinic]
        schedule.set_provider_hours(by, provider_id=clinician.id, hours=hours)
        office.providers.append(clinician)
    office.types = {one.name: one for one in AppointmentType.objects.all()}


def _on_paper(office: PlayedOffice, now: datetime, taxonomy: str, legal_name: str) -> None:
    practice.set_up_office(
        office.by("office_manager", now),
        legal_name=legal_name,
        npi=npi_from(40_100_001),
        tax_id="900000001",
        taxonomy=taxonomy,
        street="12 Main St",
        city="Springfield",
        state="MA",
        zip="011030001",
        phone="+14135550100",
    )


def _line(by: Actor, door: Location) -> None:
    """Give a door its desks that call and the letters of its tokens."""
    for name in ("Desk 1", "Desk 2"):
        visits.add_calling_point(by, location_id=door.id, name=name)
    visits.add_token_category(by, location_id=door.id, letter="A", words="Booked")
    visits.add_token_category(
        by, location_id=door.id, letter="W", words="Walk-in", takes_walk_ins=True, first=50
    )


def _places(office: PlayedOffice, now: datetime) -> None:
    by = office.by("office_manager", now)
    _on_paper(office, now, "207Q00000X", office.practice.name)
    week = [(day, time(8), time(17)) for day in range(5)]
    for rank, (name, street, city, code, rooms) in enumerate(DOORS):
        door = practice.add_location(
            by,
            name=name,
            street=street,
            city=city,
            state="MA",
            zip=f"{code}0001",
            phone="+14135550100",
            is_main=rank == 0,
        )
        office.locations.append(door)
        office.rooms[door.id] = [
            practice.add_room(by, location_id=door.id, name=f"Room {number + 1}", rank=number + 1)
            for number in range(rooms)
        ]
        practice.set_opening_hours(by, location_id=door.id, hours=week)
        _line(by, door)
    for rank, (given, family, credential) in enumerate(CLINICIANS):
        door = office.locations[0 if rank < 2 else 1]
        who = practice.add_provider(
            by,
            given=given,
            family=family,
            credential=credential,
            npi=npi_from(40_200_001 + rank),
            taxonomy="207Q00000X" if credential == "MD" else "363LF0000X",
            location_id=door.id,
            rank=rank + 1,
        )
        hours = [
            (door.id, day, *half) for day in range(5) for half in ((time(8), time(12)), (time(13), time(17)))
        ]
        schedule.set_provider_hours(by, provider_id=who.id, hours=hours)
        office.providers.append(who)


def _books(office: PlayedOffice, today: date) -> None:
    by = office.staff["office_manager"]
    for name, minutes, for_new, copay in VISIT_TYPES:
        office.types[name] = schedule.add_appointment_type(
            by, name=name, minutes=minutes, takes_copay=copay, for_new_patients=for_new
        )
    for code, label, amount in FEES:
        charges.set_fee(
            by,
            code=code,
            label=label,
            amount=Decimal(amount),
            starts_on=today - timedelta(days=900),
            is_favourite=code not in FAMILY.extras,
        )


def _wire(office: PlayedOffice, now: datetime, seed: str, answer_days: int | None) -> None:
    by = office.by("office_manager", now)
    partner = mailroom.add_partner(
        by,
        name="Clearwater Exchange",
        transport="loopback",
        our_id="NORTHSIDE",
        their_id="CLEARWATER",
        other_practice_id=office.twin.id,
    )
    mailroom.add_partner(by, name="E-mail", transport="smtp", our_id="", their_id="")
    for profile in twin.profiles().values():
        company = coverage.add_payer(
            by,
            name=profile.name,
            payer_id=profile.payer_id,
            partner_id=partner.id,
            filing_code=FILING.get(profile.payer_id[:3], "CI"),
            filing_limit_days=profile.filing_limit_days,
            phone=profile.phone,
            street=profile.street,
            city=profile.city,
            state=profile.state,
            zip=profile.zip,
        )
        for key, plan in profile.plans.items():
            office.plans[profile.payer_id, key] = coverage.add_plan(
                by, payer_id=company.id, name=plan.name, kind=plan.kind
            )
    clerk = office.clerk_at_payer(now)
    with acting_in(office.twin.id):
        mailroom.add_partner(
            clerk,
            name=office.practice.name[:LONGEST_NAME].rstrip(),
            transport="loopback",
            our_id="CLEARWATER",
            their_id="NORTHSIDE",
            other_practice_id=office.practice.id,
        )
        payer.set_dice(clerk, seed=seed, answer_days=answer_days)


FILING = {"BLU": "BL", "FED": "MB", "SUN": "MC"}
