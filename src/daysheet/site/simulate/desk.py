"""What happens at a desk besides the visits: a given-up time finds a taker, the telephone rings, a clinician is late."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from daysheet.schedule import commands as schedule
from daysheet.schedule import lateness
from daysheet.site.simulate import (
    arriving,
    calls,
    cards,
    closing,
    elsewhere,
    offering,
    prices,
    recalls,
    reminding,
    series,
    sweeping,
)
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.played import Act, PlayedPractice
from daysheet.site.simulate.visits import PlayedVisit

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
EVERY = 20
"""Minutes between two looks at what patients have answered."""
OFTEN = (20, 10, 20, 15, 12, 8)


def at_the_desk(
    play: PlayedPractice, day: date, visits: Sequence[PlayedVisit], walk_ins: Sequence[PlayedVisit]
) -> None:
    """Put on the agenda what a day brings besides its visits; decide who gives a time up, and who comes in which way."""
    _one_cancels(play, day, visits)
    coming = [one for one in (*visits, *walk_ins) if one.fate == "comes"]
    arriving.choose_ways(play, day, coming)
    cards.plan_cards(play, day, coming)
    for rank, (at, act) in enumerate(_calls(play, day, len(visits))):
        play.plan(at, 1000 + rank, act)
    for rank, (at, act) in enumerate(_lateness(play, day)):
        play.plan(at, 2000 + rank, act)
    offering.plan_offers(play, day)
    closing.plan_closings(play, day)
    series.plan_series(play, day)
    for minutes in range(35, 510, EVERY):
        at = play.moment(day, 8) + timedelta(minutes=minutes)
        play.plan(at, 3500, lambda now: reminding.hear_of_reminders(play, now))
    play.plan(play.moment(day, 11, 20), 3600, lambda now: recalls.call_for_recalls(play, now))
    elsewhere.plan_round(play, day)
    prices.plan_prices(play, day)
    sweeping.plan_sweeps(play, day)


def _one_cancels(play: PlayedPractice, day: date, visits: Sequence[PlayedVisit]) -> None:
    """Let one of the afternoon cancel in the morning where chance says so of nobody: there is time to fill it."""
    later = [one for one in visits if one.starts_at >= play.moment(day, 11)]
    coming = [one for one in later if one.fate == "comes" and one.appointment_id]
    if len(coming) > 1 and not any(one.fate == "cancels" for one in later):
        play.chance.of("cancels", day).one_of(coming).fate = "cancels"


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
