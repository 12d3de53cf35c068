"""The demonstration practice: made by the product itself, the same for the same seed and day."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from daysheet.claims import commands as claims
from daysheet.claims.models import Claim
from daysheet.kernel import clock
from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_day, local_instant
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import commands as ledger
from daysheet.payer import commands as payer
from daysheet.practice import commands as practice
from daysheet.practice import queries as people_of
from daysheet.practice.founding import set_aside, set_training_clock
from daysheet.practice.models import User
from daysheet.site.simulate.asking import ask_from_home
from daysheet.site.simulate.calls import play_calls
from daysheet.site.simulate.cases import play_cases
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.day import book_day, new_patient, play_day
from daysheet.site.simulate.elsewhere import play_elsewhere
from daysheet.site.simulate.founding import STAFF, PlayedOffice, found_office
from daysheet.site.simulate.moving import leave_a_file
from daysheet.site.simulate.papers import bring_papers
from daysheet.site.simulate.patterns import shape_weeks
from daysheet.site.simulate.paying import promise_to_pay
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.prices import tell_prices
from daysheet.site.simulate.recalls import play_recalls
from daysheet.site.simulate.reminding import play_reminders
from daysheet.site.simulate.standing import play_people
from daysheet.site.simulate.supplying import supply_visits
from daysheet.site.simulate.waiting import fill_waitlist
from daysheet.site.simulate.week import day_before, working_days
from daysheet.tasks import commands as tasks
from daysheet.tasks.models import WorkqueueItem

NAME = "Northside Family Medicine"
SEED = "northside"
PATIENTS, VISITS, TODAY_VISITS = 600, 12, 24
DAYS_BACK, DAYS_AHEAD = 30, 60
ASKED_DAYS = 4  # answers of the last days stand on the screens; older ones would only cost the first start
MID_MORNING = time(10, 18)
ERRANDS = (
    ("call_back", "asks about the bill of the last visit", "receptionist", 4),
    ("call_back", "wants the results of the blood test explained", "clinician", 6),
    ("other", "school form is waiting for a signature", "clinician", 26),
    ("call_back", "moved house: new address to write down", "receptionist", 3),
    ("eligibility", "has a new card: ask for a copy at the next visit", "receptionist", 50),
    ("other", "records of the former doctor have not come yet", "receptionist", 70),
    ("call_back", "cannot come on Friday: offer another time", "receptionist", 2),
    ("other", "payment plan asked for: talk with the manager", "office_manager", 30),
    ("other", "complaint about the wait on Tuesday", "office_manager", 20),
    ("other", "wants to know who saw the chart", "privacy_officer", 90),
)


def demo_day(now: datetime, practice: Practice | None = None) -> date:
    """Return the working day on which the demonstration stands: today, or the Friday before."""
    zone = practice.zone if practice else Practice(name=NAME).zone
    day = local_day(now, zone)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day


def make_demo(
    *, now: datetime, seed: str = SEED, tell: Callable[[int, int], None] = lambda done, of: None
) -> Practice:
    """Make the demonstration practice anew; an earlier one is kept under another name."""
    set_aside(name=NAME)
    today = demo_day(now)
    past = working_days(today - timedelta(days=DAYS_BACK), DAYS_BACK)
    past = [day for day in past if day < today]
    first = local_instant(datetime.combine(day_before(past[0]), time(13)), Practice(name=NAME).zone)
    office = found_office(name=NAME, now=first, seed=seed, is_demo=True)
    play = PlayedPractice(office, Chance(seed), VISITS, asks_from=today - timedelta(days=ASKED_DAYS))
    steps = len(past) + 4
    with acting_in(office.practice.id):
        _members(office, first)
        _register(play, first, past[0])
        tell(1, steps)
        for done, day in enumerate(past):
            eve = local_instant(datetime.combine(day_before(day), time(17, 20)), office.practice.zone)
            play_day(play, day, book_day(play, day, eve, VISITS))
            tell(done + 2, steps)
        eve = local_instant(datetime.combine(day_before(today), time(17, 20)), office.practice.zone)
        visits = book_day(play, today, eve, TODAY_VISITS)
        _book_ahead(play, today, eve)
        tell(steps - 1, steps)
        standing = local_instant(datetime.combine(today, MID_MORNING), office.practice.zone)
        play_day(play, today, visits, until=standing)
        _appeal(play, standing)
        _errands(play, standing)
        fill_waitlist(play, today, standing)
        supply_visits(play, today, standing)
        tell_prices(play, today, standing)
        promise_to_pay(play, today, standing)
        play_calls(play, standing)
        bring_papers(office, standing)
        leave_a_file(office.by("office_manager", standing), standing)
        play_reminders(play, standing)
        play_recalls(play, today, standing)
        ask_from_home(play, standing)
        play_cases(play, today, standing)
        play_people(play, today, standing)
        play_elsewhere(play, today, standing)
        shape_weeks(play, today, standing)
        _caller(office, standing)
        for one in (office.practice, office.twin):
            set_training_clock(practice_id=one.id, at=standing, runs_since=clock.system_now())
    tell(steps, steps)
    return office.practice


def _members(office: PlayedOffice, now: datetime) -> None:
    """Give each role a person whose card stands on the sign-in page."""
    door = office.locations[0]
    for role, name in STAFF.items():
        _member(office.by("system", now), role, name, door.id)
    with acting_in(office.twin.id):
        _member(office.clerk_at_payer(now), "insurance_clerk", "Ida Fenwick", None)


def _member(by: Actor, role: str, name: str, location_id: UUID | None) -> None:
    username = f"demo-{role}"
    known = User.objects.filter(username=username).first()
    if known is not None:
        end_earlier_places(known, by.now)
    practice.add_member(
        by,
        username=username,
        display_name=name,
        role=role,
        location_id=location_id,
        user_id=known.pk if known else None,
    )


def end_earlier_places(person: User, now: datetime) -> None:
    """End the places that a person of the demonstration had in earlier ones."""
    for place in people_of.places_of(person.pk):
        with acting_in(place.practice_id):
            practice.end_membership(
                Actor.system(practice_id=place.practice.id, now=now), membership_id=place.pk
            )


@transaction.atomic
def _register(play: PlayedPractice, now: datetime, day: date) -> None:
    """Register the practice's patients, one in ten with a balance from before."""
    for number in range(PATIENTS - VISITS * 2):
        patient = new_patient(play, now, day)
        old = play.chance.of("brought forward", number)
        if old.happens(10):
            ledger.bring_forward(
                play.office.by("system", now),
                patient_id=patient.id,
                amount=Decimal(old.number(1500, 24000)) / 100,
                service_on=day - timedelta(days=old.number(40, 400)),
                memo="Balance of the former system",
                source_key=f"former/{number}",
            )
    ledger.close_day(
        play.office.by("office_manager", now),
        day=now.date(),
        reason="Balances brought forward",
        open_visits=0,
    )


def _book_ahead(play: PlayedPractice, today: date, now: datetime) -> None:
    for day in working_days(today + timedelta(days=1), 60):
        if (day - today).days > DAYS_AHEAD:
            return
        many = VISITS if (day - today).days < 21 else VISITS // 2
        book_day(play, day, now, many)


@transaction.atomic
def _appeal(play: PlayedPractice, now: datetime) -> None:
    """Appeal the oldest denial, as a biller has done by mid-morning."""
    claim = Claim.objects.filter(state="denied").order_by("number").first()
    if claim is not None:
        claims.note_appeal(
            play.office.by("biller", now),
            claim_id=claim.pk,
            version=claim.version,
            how="Letter with the visit note, by mail",
        )


@transaction.atomic
def _caller(office: PlayedOffice, now: datetime) -> None:
    """Let a plan know the person who will call first: the README names him, the office does not know him yet."""
    with acting_in(office.twin.id):
        payer.enroll_member(
            office.clerk_at_payer(now),
            payer_id="BLUE1",
            member_id="BP10000001",
            family="Quill",
            given="Robin",
            born_on=date(1980, 5, 6),
            starts_on=date(now.year - 1, 1, 1),
        )


@transaction.atomic
def _errands(play: PlayedPractice, now: datetime) -> None:
    """Put what a real desk has lying about onto the work list, where the days have left fewer than ten rows.

    Whatever of it was put there before stays the only one of its kind.
    """
    by = play.office.by("receptionist", now)
    own = Q(sentence__in=[_sentence(what) for _kind, what, _role, _hours in ERRANDS], subject_id__isnull=True)
    there = set(WorkqueueItem.objects.filter(own).values_list("sentence", flat=True))
    waiting = WorkqueueItem.objects.exclude(own).exclude(state="closed").count()
    for number, (kind, what, role, hours) in enumerate(ERRANDS[: max(3, 10 - waiting)]):
        if _sentence(what) in there:
            continue
        patient = play.chance.of("errand", number).one_of(play.known)
        tasks.open_item(
            by,
            kind=kind,
            reason_code=kind,
            sentence=_sentence(what),
            due_at=now + timedelta(hours=hours - 3),
            source_of_due="office rule",
            role=role,
            patient_id=patient.id,
            link=f"/patients/{patient.id}/",
        )


def _sentence(what: str) -> str:
    return what[0].upper() + what[1:]
