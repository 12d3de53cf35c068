"""Patients who are seen elsewhere, in the played office: by video, on a round in the hospital, in a nursing home."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from daysheet.charges import commands as charges
from daysheet.coverage import commands as coverage
from daysheet.coverage import queries as covers
from daysheet.kernel.errors import Refusal
from daysheet.patients.models import Patient
from daysheet.schedule import commands as schedule
from daysheet.schedule import queries as book
from daysheet.schedule.limits import age_on
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.repertoire import FAMILY
from daysheet.site.simulate.visits import PlayedVisit
from daysheet.visits import commands as visits
from daysheet.visits.models import CarePlace, Visit

BY_VIDEO, SEEN_AWAY = 3, 4
OF_AGE, ROUND_OF, BY_VIDEO_A_DAY = 18, 2, 2
FROM, ENTERED_AT = (9, 20), (12, 15)
RANK = 4600
PLACES = (
    ("Mercy Hospital", "21", "271 Carew St"),
    ("Oak Hill Nursing Home", "32", "14 Oak Hill Rd"),
)


@transaction.atomic
def play_elsewhere(play: PlayedPractice, today: date, now: datetime) -> None:
    """Book visits by video, let one patient have arrived, and enter this morning's round."""
    kind = offer_video(play, now)
    for number in range(BY_VIDEO):
        booked = _book(play, kind, today + timedelta(days=number // 2), now, number)
        if booked is not None and number == 0:
            visits.arrive(play.office.by("receptionist", now), appointment_id=booked.pk)
    _round(play, now)


def offer_video(play: PlayedPractice, now: datetime) -> AppointmentType:
    """Let patients be seen by video: the address of the meetings, and a kind of visit."""
    manager = play.office.by("office_manager", now)
    schedule.set_meeting_address(manager, pattern="https://meet.example.org/{clinician}/{room}")
    return schedule.add_appointment_type(manager, name=FAMILY.video, minutes=20, mode="video")


def go_elsewhere(play: PlayedPractice, now: datetime) -> None:
    """Let a played office see patients by video and in the hospital, where its people do that."""
    if play.office.plays.video:
        play.office.types[play.office.plays.video] = offer_video(play, now)
    if play.office.plays.away:
        add_places(play, now)


@transaction.atomic
def book_by_video(
    play: PlayedPractice, day: date, now: datetime, booked: Sequence[PlayedVisit]
) -> list[PlayedVisit]:
    """Book grown-ups by video for a day, on the day before."""
    if not play.office.plays.video:
        return []
    chance, coming = play.chance.of("by video", day), {one.patient.id for one in booked}
    able = [one for one in play.known if one.id not in coming and age_on(one.born_on, day) >= OF_AGE]
    kind, door = play.office.types[play.office.plays.video], play.office.locations[0]
    slots = book.open_slots(
        type_id=kind.pk, provider_ids=None, location_id=door.id, first_day=day, last_day=day,
        now=play.moment(day, *FROM), limit=BY_VIDEO_A_DAY,
    )  # fmt: skip
    made: list[PlayedVisit] = []
    for slot in slots[:BY_VIDEO_A_DAY] if len(able) > BY_VIDEO_A_DAY else ():
        patient = chance.of(len(made)).one_of(able)
        able.remove(patient)
        try:
            one = schedule.book_appointment(
                play.office.by("receptionist", now), provider_id=slot.provider_id, patient_id=patient.id,
                location_id=door.id, type_id=kind.pk, starts_at=slot.starts_at, reason="Results by video",
            )  # fmt: skip
        except Refusal:
            continue
        provider = next(who for who in play.office.providers if who.id == slot.provider_id)
        visit = PlayedVisit(
            play.office, patient, provider, door, kind, slot.starts_at, chance.of(slot.starts_at)
        )
        visit.appointment_id = one.pk
        made.append(visit)
    return made


def plan_round(play: PlayedPractice, day: date) -> None:
    """Let the first clinician's round of the morning be entered at noon, with what was done."""
    if play.office.plays.away:
        play.plan(play.moment(day, *ENTERED_AT), RANK, lambda now: _enter_round(play, day, now))


def _enter_round(play: PlayedPractice, day: date, now: datetime) -> None:
    clinician, desk = play.office.by("clinician", now), play.office.by("receptionist", now)
    chance, place = (
        play.chance.of("round", day),
        CarePlace.objects.filter(dropped_at=None).order_by("name").first(),
    )
    here = set(Visit.objects.filter(service_on=day).values_list("patient_id", flat=True))
    expected = set(Appointment.objects.filter(on_day=day).values_list("patient_id", flat=True))
    able = [
        one
        for one in play.known
        if one.id not in here | expected | play.walking_in and age_on(one.born_on, day) >= OF_AGE
    ]
    for number in range(min(ROUND_OF, len(able))):
        patient = chance.of(number).one_of(able)
        able.remove(patient)
        visit = visits.enter_round_visit(
            desk,
            patient_id=patient.id,
            provider_id=play.office.providers[0].id,
            location_id=play.office.locations[0].id,
            at=play.moment(day, 7, 5 + 20 * number),
            care_place_id=place.pk if place else None,
            admitted_on=day - timedelta(days=1 + number),
        )
        codes = list(chance.of("why", number).one_of(play.office.plays.diagnoses))
        charges.set_diagnoses(clinician, visit_id=visit.id, codes=codes)
        for code in play.office.plays.away:
            charges.put_charge(clinician, visit_id=visit.id, code=code, pointers=(1,))
        charges.post_charges(desk, visit_id=visit.id)


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
    by, places = play.office.by("receptionist", now), add_places(play, now)
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


def add_places(play: PlayedPractice, now: datetime) -> list[CarePlace]:
    """Write down the hospital and the nursing home in which the clinicians see patients."""
    manager = play.office.by("office_manager", now)
    return [
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
