"""What stands about kiosks and the patients' own check-ins."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from daysheet.documents import queries as documents
from daysheet.documents.models import Document
from daysheet.frontdesk.checkin import money_ahead, money_of
from daysheet.kernel.models import Practice
from daysheet.kernel.ready import Ready, Told
from daysheet.mailroom import queries as mail
from daysheet.patients import queries as patients
from daysheet.patients.models import Bringing, Patient
from daysheet.patients.rules import age
from daysheet.portal import rules
from daysheet.portal.models import Kiosk, SelfCheckIn
from daysheet.schedule import recalls
from daysheet.schedule.meetings import meeting_of
from daysheet.schedule.models import Appointment, ReminderWish
from daysheet.schedule.remote import OFFICE, VIDEO, is_remote
from daysheet.schedule.rules import HOLDING
from daysheet.visits import line
from daysheet.visits import queries as visits
from daysheet.visits.ahead import asked_ahead
from daysheet.visits.models import Visit

LIVE = (SelfCheckIn.State.OFFERED, SelfCheckIn.State.DOING, SelfCheckIn.State.HELPED)
OWN_HAND = (rules.AT_KIOSK, rules.ON_PHONE)


def kiosk(kiosk_id: UUID) -> Kiosk | None:
    """Return a kiosk that is open."""
    return Kiosk.objects.select_related("location").filter(pk=kiosk_id, closed_at=None).first()


def open_kiosks() -> QuerySet[Kiosk]:
    """Return the kiosks that are open, newest first."""
    return Kiosk.objects.select_related("location").filter(closed_at=None).order_by("-opened_at", "-id")


def self_check_in(row_id: UUID) -> SelfCheckIn | None:
    """Return a patient's own check-in with its people."""
    return _whole().filter(pk=row_id).first()


def by_link(link_id: UUID) -> SelfCheckIn | None:
    """Return the own check-in that a link opens."""
    return _whole().filter(link_id=link_id).first()


def of_visit(visit_id: UUID) -> SelfCheckIn | None:
    """Return the own check-in of a visit, or of its appointment."""
    return _whole().filter(Q(visit_id=visit_id) | Q(appointment__visit__id=visit_id)).first()


def of_appointment(appointment_id: UUID) -> SelfCheckIn | None:
    """Return the own check-in of an appointment."""
    return SelfCheckIn.objects.filter(appointment_id=appointment_id).first()


def of_the_day(visit_ids: Sequence[UUID], appointment_ids: Sequence[UUID]) -> list[Any]:
    """Return the own check-ins of visits and appointments, with whether the desk noted who brings: one statement."""
    return OF_THE_DAY(visits=list(visit_ids), appointments=list(appointment_ids))


def _of_the_day() -> QuerySet[Any]:
    rows = SelfCheckIn.objects.filter(
        Q(visit_id__one_of=Told("visits")) | Q(appointment_id__one_of=Told("appointments"))
    )
    noted = Bringing.objects.filter(visit_id=OuterRef("visit_id")).exclude(by_name__in=OWN_HAND)
    return rows.exclude(state=SelfCheckIn.State.ENDED).annotate(is_brought=Exists(noted))


OF_THE_DAY: Ready[Any] = Ready(_of_the_day)


def brought_by_own_word(row: SelfCheckIn) -> list[Bringing]:
    """Return who brings a child to the visits that have begun as the own check-in noted it, not the desk."""
    return list(Bringing.objects.filter(visit_id__in=visit_ids(row), by_name__in=OWN_HAND))


def visit_here(appointment_id: UUID) -> UUID | None:
    """Return the visit of an appointment whose patient has come and not left yet."""
    rows = Visit.objects.open().filter(appointment_id=appointment_id)
    return rows.values_list("pk", flat=True).first()


def forms_ahead(visit_id: UUID) -> list[UUID]:
    """Return the forms that were signed before the arrival for the appointment of a visit."""
    said = SelfCheckIn.objects.filter(appointment__visit__id=visit_id).values_list("said", flat=True).first()
    return [UUID(one) for one in (said or {}).get(rules.FORMS, [])]


def others_today(row: SelfCheckIn, now: datetime) -> list[Appointment]:
    """Return the patient's other visits of that day at that door whose patient is still expected, earliest first."""
    day = row.appointment.on_day if row.appointment else row.visit.service_on if row.visit else None
    if day is None:
        return []
    rows = Appointment.objects.select_related("type", "provider", "location").filter(
        Q(visit__isnull=True) | Q(visit__flow="undone"),
        patient_id=row.patient_id,
        location_id=row.location_id,
        on_day=day,
        booking="scheduled",
        ends_at__gt=now,
        type__mode=OFFICE,
    )
    return [one for one in rows.order_by("starts_at") if one.pk != row.appointment_id]


def way_to(patient_id: UUID, practice: Practice) -> tuple[str, str] | None:
    """Return the channel and the address by which a patient may be written to now, the preferred first, or None."""
    reached = recalls.reach([patient_id], mail.ways_out(practice))
    every = {"sms": reached.sms.get(patient_id, ""), "email": reached.email.get(patient_id, "")}
    wish = ReminderWish.objects.filter(patient_id=patient_id).values_list("prefers", flat=True).first()
    ways = sorted((one for one in every if every[one]), key=lambda one: one != wish)
    return (ways[0], every[ways[0]]) if ways else None


def is_in_car(row: SelfCheckIn) -> bool:
    """Return whether the patient waits in the car and has not been called in."""
    return row.waits_in_car and row.called_at is None


def also(row: SelfCheckIn) -> list[Appointment]:
    """Return the other visits for which the patient said to be here, as they are booked, earliest first."""
    chosen = row.said.get(rules.ALSO, [])
    if not chosen:
        return []
    rows = Appointment.objects.select_related("type", "provider", "location")
    return list(rows.filter(pk__in=chosen, booking__in=HOLDING).order_by("starts_at"))


def visit_ids(row: SelfCheckIn) -> list[UUID]:
    """Return the visits of an own check-in that have begun, its own first."""
    others = [UUID(one) for one in row.said.get(rules.ALSO_VISITS, [])]
    return [*([row.visit_id] if row.visit_id else []), *others]


def due_steps(row: SelfCheckIn, now: datetime) -> list[str]:
    """Return the steps of the check-in that are open for a patient, before or after the arrival, of all visits."""
    begun = visit_ids(row)
    if row.visit_id:
        found = [step.kind for one in begun for step in visits.steps(one, "check_in") if step.state == "open"]
    else:
        found = [plan.kind for plan in asked_ahead(row.appointment, now)] if row.appointment else []
    if not row.said.get(rules.ALSO_VISITS):
        found += [plan.kind for one in also(row) for plan in asked_ahead(one, now)]
    return list(dict.fromkeys(found))


def id_sent(row: SelfCheckIn) -> list[Document]:
    """Return the pictures of a photo ID that the patient sent and nobody has looked at, oldest first."""
    return list(documents.sent(row.patient_id, "photo_id"))


def is_id_settled(row: SelfCheckIn) -> bool:
    """Return whether the desk is done with the photo ID at every visit that has begun and asks for it."""
    every = [step for one in visit_ids(row) for step in visits.steps(one, "check_in")]
    states = {step.state for step in every if step.kind == rules.PHOTO_ID}
    return bool(states) and "open" not in states


def screens_of(row: SelfCheckIn, now: datetime) -> list[str]:
    """Return the screens that a patient goes through."""
    years = age(row.patient.born_on, on=now.astimezone(row.location.zone).date())
    has_others = not is_remote(mode_of(row)) and bool(others_today(row, now))
    return rules.screens(due_steps(row, now), age=years, is_phone=row.is_phone, has_others=has_others)


def mode_of(row: SelfCheckIn) -> str:
    """Return how the visit takes place: as it stands once it has begun, before as its kind says."""
    if row.visit is not None:
        return row.visit.mode
    return row.appointment.type.mode if row.appointment else OFFICE


@dataclass(frozen=True, slots=True)
class WayIn:
    """What a patient of a visit by video or phone is told who waits for it."""

    mode: str
    expected: datetime | None
    """On the door's wall clock."""
    phone: str
    is_open: bool
    link: str
    is_over: bool


def token_of(row: SelfCheckIn) -> str:
    """Return by which number the wall calls the patient of an own check-in; nothing before the arrival."""
    visit_id = row.visit_id
    if visit_id is None and row.appointment_id:
        here = Visit.objects.filter(appointment_id=row.appointment_id)
        visit_id = here.values_list("pk", flat=True).first()
    return line.token_of(visit_id)


def way_in(row: SelfCheckIn) -> WayIn | None:
    """Return how a patient joins who is done and waits; None where the visit is in the office."""
    mode = mode_of(row)
    if not is_remote(mode):
        return None
    visit, booked = row.visit, row.appointment
    is_open = mode == VIDEO and visit is not None and visit.meeting_opened_at is not None
    meeting = appointment_of(row)
    return WayIn(
        mode=mode,
        expected=booked.starts_at.astimezone(row.location.zone) if booked else None,
        phone=contact_of(row.patient)["phone"],
        is_open=is_open,
        link=meeting_of(meeting, mode).link if is_open and meeting else "",
        is_over=visit is not None and visit.is_over,
    )


def appointment_of(row: SelfCheckIn) -> Appointment | None:
    """Return the appointment of an own check-in with its clinician and kind, for its link."""
    rows = Appointment.objects.select_related("type", "provider", "location")
    return rows.filter(pk=row.appointment_id).first() if row.appointment_id else None


def contact_of(patient: Patient) -> dict[str, str]:
    """Return what the chart says of how a patient is reached."""
    first = patient.phones.order_by("rank", "id").first()
    held = {name: getattr(patient, name) for name in rules.CONTACT_FIELDS if name != "phone"}
    return {"phone": first.number if first else ""} | held


def money_due(row: SelfCheckIn) -> Decimal:
    """Return what the desk will ask for, before the arrival too when it is known; of several visits it says it."""
    if row.said.get(rules.ALSO):
        return Decimal(0)
    booked = appointment_of(row) if row.visit is None else None
    money = money_of(row.visit) if row.visit else money_ahead(booked) if booked else None
    return money.to_take if money else Decimal(0)


@dataclass(frozen=True, slots=True)
class Watched:
    """An own check-in as the desk watches it."""

    row: SelfCheckIn
    patient: Patient
    changes: list[rules.Change]

    @property
    def open_changes(self) -> list[rules.Change]:
        """Return what nobody has decided yet."""
        return [one for one in self.changes if one.field not in self.row.settled]


def watched(row: SelfCheckIn) -> Watched:
    """Return an own check-in with what was proposed beside the chart."""
    patient = patients.patient(row.patient_id)
    return Watched(row, patient, rules.changes(row.said.get(rules.CONTACT, {}), contact_of(patient)))


def _whole() -> QuerySet[SelfCheckIn]:
    return SelfCheckIn.objects.select_related(
        "patient", "location", "appointment__type", "appointment__location", "visit", "kiosk"
    )
