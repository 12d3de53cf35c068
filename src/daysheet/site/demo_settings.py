"""The demonstration of a care setting: a practice of its own beside the ordinary one, with its people to sign in as."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from daysheet.kernel import clock
from daysheet.kernel.access import Actor
from daysheet.kernel.clock import local_instant
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.practice import commands as practice
from daysheet.practice.care_settings import CareSetting, care_setting
from daysheet.practice.founding import set_aside, set_training_clock
from daysheet.practice.models import User
from daysheet.site.demo import MID_MORNING, demo_day, end_earlier_places
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.day import book_day, new_patient, play_day
from daysheet.site.simulate.founding import STAFF, PlayedOffice, found_office
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.week import ANSWER_DAYS, day_before, setting_named, working_days

PATIENTS, VISITS, DAYS_AHEAD = 24, 8, 5
ROLES = ("receptionist", "biller", "clinician", "office_manager")
ABROAD = ("biller", "billing_clerk")
"""Who of a billing service works in each of its clients' practices."""


def make_setting_demo(
    key: str, *, now: datetime, tell: Callable[[int, int], None] = lambda done, of: None
) -> list[Practice]:
    """Make the demonstration of a setting anew: two days are over, the third is in its morning.

    Of a billing service it is its clients' practices; of an insurer the company, and an office that asks it.
    """
    held = setting_named(key)
    clients = [one for client in held.demonstration.clients if (one := care_setting(client))]
    own = [(held, held.demonstration.name)]
    names = [(one, f"{one.demonstration.name} for {held.demonstration.name}") for one in clients] or own
    insurer = held.demonstration.name if held.kind == "payer" else ""
    offices: list[PlayedOffice] = []
    for number, (setting, name) in enumerate(names):
        for earlier in (insurer, name):
            set_aside(name=earlier)
        offices.append(_play(setting, name, now, key, insurer))
        tell(number + 1, len(names) + 1)
    _seat(held, offices, now)
    tell(len(names) + 1, len(names) + 1)
    return [offices[0].twin] if insurer else [office.practice for office in offices]


def _play(held: CareSetting, name: str, now: datetime, seed: str, insurer: str) -> PlayedOffice:
    """Found one practice and play it up to this morning; some visits are booked for the days to come."""
    today = demo_day(now)
    yesterday = day_before(today)
    past = [day_before(yesterday), yesterday]
    zone = Practice(name=name).zone
    first = local_instant(datetime.combine(day_before(past[0]), time(13)), zone)
    office = found_office(
        name=name,
        now=first,
        seed=seed,
        is_demo=True,
        answer_days=ANSWER_DAYS,
        setting=held,
        twin_name=insurer,
    )
    play = PlayedPractice(office, Chance(seed), VISITS)
    standing = local_instant(datetime.combine(today, MID_MORNING), zone)
    with acting_in(office.practice.id):
        for _number in range(PATIENTS):
            new_patient(play, first, past[0])
        for day in (*past, today):
            visits = book_day(play, day, _eve(day, office), VISITS)
            play_day(play, day, visits, until=standing if day == today else None)
        for day in working_days(today + timedelta(days=1), DAYS_AHEAD):
            book_day(play, day, standing, VISITS)
        for one in (office.practice, office.twin):
            set_training_clock(practice_id=one.id, at=standing, runs_since=clock.system_now())
    return office


def _eve(day: date, office: PlayedOffice) -> datetime:
    return local_instant(datetime.combine(day_before(day), time(17, 20)), office.practice.zone)


def _seat(held: CareSetting, offices: Sequence[PlayedOffice], now: datetime) -> None:
    """Give each person of the demonstration a place, and a card on the sign-in page."""
    first = offices[0]
    if held.kind == "payer":
        with acting_in(first.twin.id):
            _sit(held, "insurance_clerk", "Ida Fenwick", [(first.clerk_at_payer(now), None)])
        return
    for role in ABROAD if held.kind == "billing" else ROLES:
        places = [(office.by("system", now), office.locations[0].id) for office in offices]
        name = STAFF[role]
        if role == "clinician":
            told = held.demonstration.clinicians[0]
            name = f"{told.given} {told.family}, {told.credential}"
        _sit(held, role, name, places)


def _sit(held: CareSetting, role: str, name: str, places: Sequence[tuple[Actor, UUID | None]]) -> None:
    username = f"demo-{held.key}-{role}"
    known = User.objects.filter(username=username).first()
    if known is not None:
        end_earlier_places(known, places[0][0].now)
    for by, location_id in places:
        with acting_in(by.practice_id):
            sits = practice.add_member(
                by,
                username=username,
                display_name=name,
                role=role,
                location_id=location_id,
                user_id=known.pk if known else None,
            )
            known = sits.user
