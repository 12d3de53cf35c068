"""Many appointments at once, as another system tells of them: plain ones are written together, all others one by one."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from daysheet.coverage.models import Authorization
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.many import insert_many
from daysheet.patients.models import Patient
from daysheet.practice.models import Location, Provider
from daysheet.schedule import giving
from daysheet.schedule.clashes import Wanted, taken_among
from daysheet.schedule.commands.booking import (
    _end,
    _take_turns_of,
    _tell_screens,
    _telling_who_is_taken,
    book_appointment,
)
from daysheet.schedule.limits import Limits
from daysheet.schedule.matching import LIVE
from daysheet.schedule.models import (
    Appointment,
    AppointmentType,
    BookingRestriction,
    ScheduleBlock,
    SlotOffer,
    TypeNeed,
)

PROMISED = "Promised by the system before"
"""Why a visit stands against a rule of the office: the patient was told of it already."""


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit to come, as another system tells of it."""

    patient_id: UUID
    provider_id: UUID
    location_id: UUID
    type_id: UUID
    starts_at: datetime
    minutes: int | None = None
    reason: str = ""


@dataclass(slots=True)
class _Plain:
    """What makes a visit plain: nothing that is asked of a booking has anything to say about it."""

    kinds: dict[UUID, AppointmentType]
    doors: dict[UUID, ZoneInfo]
    clinicians: set[UUID]
    patients: set[UUID]
    givers: giving.Givers = field(default_factory=dict)
    """Who gives those kinds that not all give."""
    spans: dict[UUID, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))
    """What the visits before it keep, by clinician and by patient."""

    @classmethod
    def now(cls, visits: Sequence[NewVisit]) -> "_Plain":
        """Return what is plain among the kinds, doors, clinicians and patients of some visits: nine statements."""
        kinds = AppointmentType.objects.in_bulk({one.type_id for one in visits})
        needing = set(TypeNeed.objects.filter(type_id__in=kinds).values_list("type_id", flat=True))
        doors = Location.objects.filter(pk__in={one.location_id for one in visits}, closed_on__isnull=True)
        clinicians = {one.provider_id for one in visits}
        work = Provider.objects.filter(pk__in=clinicians, left_on__isnull=True).values_list("pk", flat=True)
        blocked = ScheduleBlock.objects.filter(provider_id__in=clinicians, is_active=True)
        offered = SlotOffer.objects.filter(provider_id__in=clinicians, answer__in=LIVE)
        asked = blocked.values_list("provider_id").union(offered.values_list("provider_id"))
        patients = {one.patient_id for one in visits}
        living = Patient.objects.filter(pk__in=patients).exclude(status=Patient.Status.DECEASED)
        ruled = Authorization.objects.filter(patient_id__in=patients, entered_in_error_at__isnull=True)
        barred = BookingRestriction.objects.filter(patient_id__in=patients, ended_at__isnull=True)
        special = ruled.values_list("patient_id").union(barred.values_list("patient_id"))
        return cls(
            {key: kind for key, kind in kinds.items() if key not in needing and kind.limits == Limits()},
            {door.pk: door.zone for door in doors},
            set(work) - {key for (key,) in asked},
            set(living.values_list("pk", flat=True)) - {key for (key,) in special},
            giving.who_gives(list(kinds)),
        )

    def made(self, by: Actor, new: NewVisit) -> Appointment | None:
        """Return the appointment of a plain visit; None where somebody has to look at it. What it keeps is noted."""
        kind, zone = self.kinds.get(new.type_id), self.doors.get(new.location_id)
        if kind is None or zone is None or new.starts_at < by.now:
            return None
        if not giving.given_by(self.givers, kind.pk, new.provider_id):
            return None
        try:
            ends_at = _end(new.starts_at, kind.minutes if new.minutes is None else new.minutes)
        except Refusal:
            return None
        since = new.starts_at - timedelta(minutes=kind.before_minutes)
        until = ends_at + timedelta(minutes=kind.after_minutes)
        free = self._keep(new.provider_id, since, until) & self._keep(new.patient_id, since, until)
        if not free or new.provider_id not in self.clinicians or new.patient_id not in self.patients:
            return None
        return Appointment(
            patient_id=new.patient_id,
            provider_id=new.provider_id,
            location_id=new.location_id,
            type_id=new.type_id,
            starts_at=new.starts_at,
            ends_at=ends_at,
            on_day=local_day(new.starts_at, zone),
            kept_from=since if kind.before_minutes else None,
            kept_until=until if kind.after_minutes else None,
            reason=new.reason.strip(),
            booked_at=by.now,
            booked_by=by.name,
        )

    def _keep(self, whose: UUID, since: datetime, until: datetime) -> bool:
        """Note a span, and return whether no earlier one of the same clinician or patient meets it."""
        free = all(until <= begins or ends <= since for begins, ends in self.spans[whose])
        self.spans[whose].append((since, until))
        return free


@command(needs=Can.BOOK_APPOINTMENT)
def take_in_visits(by: Actor, /, *, visits: Sequence[NewVisit]) -> list[Appointment | Refusal]:
    """Book visits that another system has promised; what is refused of one keeps that one out and no other.

    A visit about which no rule of the office has anything to say is written together with its like, in so many
    statements for any number. Every other goes by the door of all bookings, in the order in which it came.
    """
    came: dict[int, Appointment | Refusal] = {}
    keys = {key for one in visits for key in (one.provider_id, one.patient_id)}
    _take_turns_of(keys, ())
    plain: dict[int, Appointment] = {}
    if by.can(Can.OVERBOOK):  # hours are asked of all others at the door
        looked = _Plain.now(visits)
        made = {n: found for n, one in enumerate(visits) if (found := looked.made(by, one))}
        taken = _clashing(made)
        plain = {n: found for n, found in made.items() if n not in taken}
    try:
        with _telling_who_is_taken():
            insert_many(list(plain.values()))
    except Refusal:
        plain = {}
    came |= plain
    for n, one in enumerate(visits):
        if n not in came:
            came[n] = _by_the_door(by, one)
    record(
        by,
        "schedule.appointments.taken-in",
        patients=list(dict.fromkeys(one.patient_id for one in plain.values())),
        count=len(plain),
    )
    _tell_screens(by)
    return [came[n] for n in range(len(visits))]


def _by_the_door(by: Actor, one: NewVisit) -> Appointment | Refusal:
    why = PROMISED if by.can(Can.OVERBOOK) else ""
    try:
        with transaction.atomic():
            return book_appointment(
                by,
                patient_id=one.patient_id,
                provider_id=one.provider_id,
                location_id=one.location_id,
                type_id=one.type_id,
                starts_at=one.starts_at,
                minutes=one.minutes,
                reason=one.reason,
                overbook_reason=why,
                limit_reason=why,
                block_reason=why,
                hours_reason=why,
            )
    except Refusal as no:
        return no


def _clashing(made: dict[int, Appointment]) -> Collection[int]:
    """Return which of some appointments meet one that stands: of the clinician, or of the patient."""
    return taken_among({n: Wanted(one.provider_id, one.patient_id, *one.keeps) for n, one in made.items()})
