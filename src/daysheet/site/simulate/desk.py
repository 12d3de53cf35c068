"""What happens at a desk besides the visits: a given-up time finds a taker, the telephone rings, a clinician is late."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands as schedule
from daysheet.schedule import lateness
from daysheet.schedule.models import SlotOffer
from daysheet.site.simulate import calls
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.played import Act, PlayedPractice
from daysheet.site.simulate.visits import PlayedVisit

WAIT = 3
"""Who would rather come tomorrow, and says so on the day before."""
OFFERED, ANSWERED = (8, 12), (8, 25)
SAYS = (("accepted", "pending", "declined"), (55, 20, 25))
GIVES_UP, RUNS_LATE = 6.0, 30.0  # percent: callers who hang up, days on which a clinician is behind
LATE_BY = (15, 20, 30, 40)
REASONS = (
    (calls.BOOK, "Wants the first time next week.", "booked"),
    (calls.BOOK, "Moves a visit to the afternoon.", "booked"),
    (calls.RESULT, "Blood test of last week.", "call_back"),
    (calls.REFILL, "Blood pressure tablets, five days left.", "message"),
    (calls.BILL, "Asks what the plan has paid. Told from the account.", "answered"),
    (calls.RECORDS, "Asks how the school form comes back.", "answered"),
)
OFTEN = (20, 10, 20, 15, 12, 8)


@transaction.atomic
def wait_for(play: PlayedPractice, day: date, now: datetime, booked: Sequence[PlayedVisit]) -> None:
    """Put a few who have no visit on a day on the waitlist for it."""
    coming = {one.patient.id for one in booked}
    for number in range(WAIT):
        chance = play.chance.of("waits for", day, number)
        free = [one for one in play.known if one.id not in coming]
        if not free:
            return
        patient = chance.one_of(free)
        coming.add(patient.id)
        try:
            schedule.add_to_waitlist(
                play.office.by("receptionist", now),
                patient_id=patient.id,
                type_id=play.office.types[play.office.plays.follow_up].id,
                notice_minutes=0,
                latest_on=day,
                priority=3,
                source="asked",
            )
        except Refusal:
            continue  # waits already


def at_the_desk(
    play: PlayedPractice, day: date, visits: Sequence[PlayedVisit]
) -> list[tuple[datetime, int, Act]]:
    """Return the acts of a day besides its visits: the telephone, and a clinician who is behind."""
    acts = [(at, 1000 + rank, act) for rank, (at, act) in enumerate(_calls(play, day, len(visits)))]
    acts += [(at, 2000 + rank, act) for rank, (at, act) in enumerate(_lateness(play, day))]
    return acts


def find_a_taker(play: PlayedPractice, day: date, gone: PlayedVisit) -> list[tuple[datetime, Act]]:
    """Return the acts by which a given-up time is offered, and the visit of whoever takes it."""
    taker = PlayedVisit(
        play.office,
        gone.patient,
        gone.provider,
        gone.location,
        play.office.types[play.office.plays.follow_up],
        gone.starts_at,
        gone.chance.of("taker"),
    )

    def offer(now: datetime) -> None:
        desk = play.office.by("receptionist", now)
        assert gone.appointment_id is not None
        try:
            asked = schedule.offer_slot(desk, freed_by_id=gone.appointment_id)
        except Refusal:
            return  # it is too late for this time, or nobody fits
        for number, one in enumerate(asked):
            _answer(play, taker, one, gone.chance.of("answer", number), now + timedelta(minutes=2 + number))

    def of_the_taker(act: Act) -> Act:
        def play_it(now: datetime) -> None:
            if taker.appointment_id is not None:
                act(now)

        return play_it

    steps = list(taker.acts())
    shift = max(timedelta(0), play.moment(day, *ANSWERED) - steps[0][0])
    return [(play.moment(day, *OFFERED), offer), *((at + shift, of_the_taker(act)) for at, act in steps)]


def _answer(play: PlayedPractice, taker: PlayedVisit, one: SlotOffer, chance: Chance, now: datetime) -> None:
    try:
        said = schedule.answer_offer(
            play.office.by("receptionist", now), offer_id=one.id, answer=chance.one_of(*SAYS)
        )
    except Refusal:
        return  # another was quicker
    if said.answer == "accepted":
        taker.patient, taker.appointment_id = said.patient, said.entry.booked_as_id


def _calls(play: PlayedPractice, day: date, how_many: int) -> list[tuple[datetime, Act]]:
    made: list[tuple[datetime, Act]] = []
    for number in range(how_many):
        chance = play.chance.of("rings", day, number)
        early = chance.happens(50)
        at = play.moment(day, 8) + timedelta(
            minutes=chance.number(5, 179) if early else chance.number(180, 500)
        )
        if chance.happens(GIVES_UP):
            made += [
                (at, _reported(play, number, "ringing")),
                (at + timedelta(minutes=1), _reported(play, number, "ended")),
            ]
        else:
            made.append((at, _talked(play, number, chance)))
    return made


def _talked(play: PlayedPractice, number: int, chance: Chance) -> Act:
    why, said, outcome = chance.one_of(REASONS, OFTEN)

    def act(now: datetime) -> None:
        name = f"{now.date()} {number}"
        calls.talk(play, now, number=name, why=why, said=said, outcome=outcome)

    return act


def _reported(play: PlayedPractice, number: int, event: str) -> Act:
    def act(now: datetime) -> None:
        line = f"{now.date()} {number}"
        calls.report(play, now, number=f"{line} {event}", line=line, event=event)

    return act


def _lateness(play: PlayedPractice, day: date) -> list[tuple[datetime, Act]]:
    chance = play.chance.of("behind", day)
    if not chance.happens(RUNS_LATE):
        return []
    provider, minutes = chance.one_of(play.office.providers), chance.one_of(LATE_BY)

    def say(now: datetime) -> None:
        desk = play.office.by("receptionist", now)
        late = schedule.say_late(desk, provider_id=provider.id, day=day, minutes=minutes)
        for visit in lateness.touched(late, now)[:8]:
            schedule.note_told(desk, late_id=late.pk, appointment_id=visit.pk)

    def end(now: datetime) -> None:
        for late in lateness.running(day):
            schedule.end_lateness(play.office.by("receptionist", now), late_id=late.pk)

    return [(play.moment(day, 9, 40), say), (play.moment(day, 11, 30), end)]
