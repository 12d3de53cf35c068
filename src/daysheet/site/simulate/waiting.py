"""Who waits for a time, and times that were given up: what a real desk has on its list by mid-morning."""

from datetime import date, datetime, time, timedelta

from django.db import transaction

from daysheet.patients.models import Patient
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.site.simulate.played import PlayedPractice

WAIT, GIVEN_UP = 34, 4
REASONS = (
    "knee hurts on stairs",
    "wants the blood test explained",
    "cough does not go away",
    "form for work",
    "",
)
NOTICE = (0, 60, 120, 240, 1440)
EARLIEST = timedelta(days=2)


@transaction.atomic
def fill_waitlist(play: PlayedPractice, today: date, now: datetime) -> None:
    """Put people on the list over the last weeks, give up a few times to come, and ask about the first of them."""
    with_visit = _wants_earlier(play, now)
    kinds = list(AppointmentType.objects.filter(is_active=True).order_by("rank", "name"))
    waits = {one.patient_id for one in with_visit}
    for number in range(WAIT):
        chance = play.chance.of("waits", number)
        patient: Patient = chance.one_of(play.known)
        if patient.id in waits:
            continue
        waits.add(patient.id)
        mornings = chance.happens(30)
        schedule.add_to_waitlist(
            play.office.by("receptionist", now - timedelta(days=chance.number(0, 24), hours=1)),
            patient_id=patient.id,
            type_id=chance.one_of(kinds).id,
            weekdays=sorted({chance.number(0, 4) for _ in range(2)}) if chance.happens(35) else (),
            from_clock=time(8) if mornings else None,
            to_clock=time(12) if mornings else None,
            latest_on=today + timedelta(days=chance.number(10, 50)) if chance.happens(25) else None,
            notice_minutes=chance.one_of(NOTICE),
            priority=chance.one_of((1, 2, 3), (1, 3, 6)),
            source="recall" if chance.happens(20) else "asked",
            reason=chance.one_of(REASONS),
        )
    _give_up(play, now)


def _wants_earlier(play: PlayedPractice, now: datetime) -> list[Appointment]:
    """Let some who are booked weeks ahead wait for an earlier time with the same clinician."""
    ahead = Appointment.objects.holding().after(now + timedelta(days=14)).order_by("starts_at", "id")
    chosen = list({one.patient_id: one for one in ahead[:160:20]}.values())
    for number, one in enumerate(chosen):
        schedule.add_to_waitlist(
            play.office.by("receptionist", now - timedelta(days=number, hours=2)),
            patient_id=one.patient_id,
            type_id=one.type_id,
            provider_ids=[one.provider_id],
            notice_minutes=240,
            priority=2 if number % 3 == 0 else 3,
            source="booked",
            moves_id=one.id,
        )
    return chosen


def _give_up(play: PlayedPractice, now: datetime) -> None:
    """Cancel a few visits of the coming days; the first time is being offered, and one heard of it already."""
    by = play.office.by("receptionist", now)
    ahead = Appointment.objects.holding().after(now + EARLIEST).order_by("starts_at", "id")
    for number, one in enumerate(list(ahead[: GIVEN_UP * 5 : 5])):
        gone = schedule.cancel_appointment(
            by, appointment_id=one.id, version=None, reason="Patient cannot come then"
        )
        if number == 0:
            offers = schedule.offer_slot(by, freed_by_id=gone.id)
            schedule.answer_offer(by, offer_id=offers[0].id, answer="pending")
