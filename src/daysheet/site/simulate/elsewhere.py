"""Patients who are seen elsewhere, in the played office: by video, on a round in the hospital, in a nursing home."""

from datetime import date, datetime, timedelta

from django.db import transaction

from daysheet.coverage import commands as coverage
from daysheet.coverage import queries as covers
from daysheet.kernel.errors import Refusal
from daysheet.patients.models import Patient
from daysheet.schedule import commands as schedule
from daysheet.schedule import queries as book
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.site.simulate.played import PlayedPractice
from daysheet.visits import commands as visits
from daysheet.visits.models import CarePlace

BY_VIDEO, SEEN_AWAY = 3, 4
PLACES = (
    ("Mercy Hospital", "21", "271 Carew St"),
    ("Oak Hill Nursing Home", "32", "14 Oak Hill Rd"),
)


@transaction.atomic
def play_elsewhere(play: PlayedPractice, today: date, now: datetime) -> None:
    """Book visits by video, let one patient have arrived, and enter this morning's round."""
    manager = play.office.by("office_manager", now)
    schedule.set_meeting_address(manager, pattern="https://meet.example.org/{clinician}/{room}")
    kind = schedule.add_appointment_type(manager, name="Video visit", minutes=20, mode="video")
    for number in range(BY_VIDEO):
        booked = _book(play, kind, today + timedelta(days=number // 2), now, number)
        if booked is not None and number == 0:
            visits.arrive(play.office.by("receptionist", now), appointment_id=booked.pk)
    _round(play, now)


def _book(
    play: PlayedPractice, kind: AppointmentType, day: date, now: datetime, number: int
) -> Appointment | None:
    slots = book.open_slots(
        type_id=kind.pk,
        provider_ids=None,
        location_id=play.office.locations[0].id,
        first_day=day,
        last_day=day,
        now=now,
        limit=1,
    )
    for slot in slots:
        try:
            return schedule.book_appointment(
                play.office.by("receptionist", now),
                provider_id=slot.provider_id,
                patient_id=_someone(number).pk,
                location_id=play.office.locations[0].id,
                type_id=kind.pk,
                starts_at=slot.starts_at,
                reason="Results by video",
            )
        except Refusal:
            continue
    return None


def _round(play: PlayedPractice, now: datetime) -> None:
    """Enter whom the first clinician has seen before the office opened; one patient has hours authorized."""
    manager, by = (play.office.by(role, now) for role in ("office_manager", "receptionist"))
    places: list[CarePlace] = [
        visits.add_care_place(
            manager,
            name=name,
            place_of_service=code,
            street=street,
            city="Springfield",
            state="MA",
            zip_code="01104",
        )
        for name, code, street in PLACES
    ]
    for number in range(SEEN_AWAY):
        place = places[number // 3]
        who = _someone(40 + number)
        if number == 0:
            _authorize_hours(play, who, now)
        visits.enter_round_visit(
            by,
            patient_id=who.pk,
            provider_id=play.office.providers[0].id,
            location_id=play.office.locations[0].id,
            at=now - timedelta(hours=3, minutes=-20 * number),
            care_place_id=place.pk,
            admitted_on=now.date() - timedelta(days=1 + number) if place.place_of_service == "21" else None,
        )


def _authorize_hours(play: PlayedPractice, who: Patient, now: datetime) -> None:
    held = covers.coverage_on(who.pk, now.date())
    if held is None:
        return
    coverage.add_authorization(
        play.office.by("receptionist", now),
        patient_id=who.pk,
        coverage_id=held.pk,
        kind="prior",
        number="PA-HOURS-12",
        starts_on=now.date() - timedelta(days=30),
        visits_approved=12,
        counted_in="hours",
    )


def _someone(number: int) -> Patient:
    return Patient.objects.order_by("-chart_number")[60 + number]
