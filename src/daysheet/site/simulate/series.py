"""Visits that repeat, in a played office: a series is made, one of its visits is moved, another one is cancelled."""

from datetime import date, datetime, timedelta
from uuid import UUID

from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands as schedule
from daysheet.schedule import queries as book
from daysheet.schedule.models import SeriesVisit
from daysheet.schedule.slots import OpenSlot
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.visits import may_come

VISITS = 4
MADE_AT = (13, 20)
RANK = 4000


def plan_series(play: PlayedPractice, day: date) -> None:
    """On the first day of every week somebody begins a series."""
    if play.days_played % 5 == 0:
        play.plan(play.moment(day, *MADE_AT), RANK, lambda now: make_series(play, day, now))


def make_series(play: PlayedPractice, day: date, now: datetime) -> None:
    """Book a visit a week for somebody, move the second to the next free time, and cancel the last."""
    office, chance = play.office, play.chance.of("series", day)
    kind, provider = office.types[office.plays.follow_up], chance.one_of(office.providers)
    door, desk = play.door_of(provider), office.by("receptionist", now)
    able = [one for one in play.known if may_come(one, kind, day)]
    if not able:
        return
    first = day + timedelta(days=21)
    weeks = [first + timedelta(weeks=number) for number in range(VISITS)]
    found = [_slots(play, provider.id, kind.id, one, now) for one in weeks]
    if not all(found):
        return
    clock = found[0][0].starts_at.astimezone(door.zone).time()
    patient = chance.one_of(able)
    try:
        series = schedule.book_series(
            desk, patient_id=patient.id, provider_id=provider.id, location_id=door.id, type_id=kind.id,
            first_on=first, clock=clock, every=1, unit="week", weekdays=[first.weekday()],
            starts=[one[0].starts_at for one in found], reason="Treatment once a week",
            limit_reason=office.plays.limit_reason,
        )  # fmt: skip
    except Refusal:
        return  # one of them stands against: the desk finds single visits
    rows = list(SeriesVisit.objects.filter(series=series).order_by("number"))
    schedule.cancel_appointment(
        desk, appointment_id=rows[-1].appointment_id, version=None, reason="Patient cannot come then"
    )
    other = found[1][-1]
    if other.starts_at != found[1][0].starts_at:
        schedule.move_appointment(
            desk,
            appointment_id=rows[1].appointment_id,
            version=None,
            starts_at=other.starts_at,
            limit_reason=office.plays.limit_reason,
        )


def _slots(
    play: PlayedPractice, provider_id: UUID, type_id: UUID, day: date, now: datetime
) -> list[OpenSlot]:
    provider = next(one for one in play.office.providers if one.id == provider_id)
    return list(
        book.open_slots(
            type_id=type_id, provider_ids=[provider.id], location_id=play.door_of(provider).id,
            first_day=day, last_day=day, now=now, limit=4,
        )
    )  # fmt: skip
