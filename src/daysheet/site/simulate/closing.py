"""A clinician who is out for the rest of a played day, a day of snow: everybody is moved, or called and cancelled."""

from datetime import date, datetime, timedelta

from daysheet.kernel.errors import Refusal
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment, Closing, ClosingRow, ProviderHours
from daysheet.schedule.proposals import OTHER, SAME
from daysheet.site.simulate import offering
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.played import PlayedPractice

OUT_AT, SNOW_AT = (8, 20), (11, 50)
OUT_EVERY, SNOW_EVERY = 2, 9
"""On the second day of a run and every second after it a clinician is out; it snows on the fifth of nine."""
LAST_HOURS, NOTICE = timedelta(hours=2), timedelta(hours=1)
MET = 3
"""So many visits of the clinician who is out have to be moved."""
RANK = 4000


def plan_closings(play: PlayedPractice, day: date) -> None:
    """Put on the agenda what closes a part of this day, by its place among the days that are played."""
    if play.days_played % OUT_EVERY == 1:
        play.plan(play.moment(day, *OUT_AT), RANK, lambda now: _clinician_is_out(play, day, now))
    if play.days_played % SNOW_EVERY == 4:
        play.plan(play.moment(day, *SNOW_AT), RANK, lambda now: _it_snows(play, day, now))


def _clinician_is_out(play: PlayedPractice, day: date, now: datetime) -> None:
    """Send the clinician home for whom most is booked: the last visits of the day are met."""
    coming = Appointment.objects.holding().filter(on_day=day, starts_at__gt=now + NOTICE)
    booked = [[one for one in coming if one.provider_id == who.id] for who in play.office.providers]
    most = sorted(booked, key=lambda rows: -len(rows))[0]
    last = sorted(most, key=lambda one: one.starts_at)[-MET:]
    if not last:
        return
    closing = schedule.close_span(
        play.office.by("receptionist", now),
        starts_at=last[0].starts_at,
        ends_at=max(_end_of(play, day), last[-1].ends_at),
        cause="clinician",
        provider_id=last[0].provider_id,
        reason="Ill",
    )
    _work_off(play, closing, (OTHER, SAME), now)


def _it_snows(play: PlayedPractice, day: date, now: datetime) -> None:
    """Send everybody home before the snow comes."""
    ends = _end_of(play, day)
    manager = play.office.by("office_manager", now)
    closing = schedule.close_span(
        manager, starts_at=ends - LAST_HOURS, ends_at=ends, cause="weather", reason="Snow"
    )
    _work_off(play, closing, (SAME,), now)


def _end_of(play: PlayedPractice, day: date) -> datetime:
    """Return when the last clinician goes home on a day."""
    rows = ProviderHours.objects.filter(weekday=day.weekday()).order_by("-ends")
    ends = rows.values_list("ends", flat=True).first()
    return play.moment(day, ends.hour, ends.minute) if ends else play.moment(day, 17)


def _work_off(play: PlayedPractice, closing: Closing, ways: tuple[str, ...], now: datetime) -> None:
    """Work the list off: propose, call one after the other, move who agrees, cancel who finds no time."""
    desk = play.office.by("receptionist", now)
    for place, how in enumerate(ways):
        schedule.propose_for_closing(desk, closing_id=closing.pk, how=how, only_missing=place > 0)
    rows = ClosingRow.objects.filter(closing=closing).select_related("appointment")
    for row in rows.order_by("appointment__starts_at", "appointment__booked_at"):
        chance = play.chance.of("closing", row.appointment.starts_at.isoformat(), str(row.appointment.lane))
        schedule.call_about_row(desk, row_id=row.pk, version=None)
        _decide(play, row, chance, now)


def _decide(play: PlayedPractice, row: ClosingRow, chance: Chance, now: datetime) -> None:
    desk = play.office.by("receptionist", now)
    if row.proposed_at is not None and chance.happens(85):
        try:
            schedule.move_row(desk, row_id=row.pk, version=None)
        except Refusal as no:
            schedule.note_refusal(desk, row_id=row.pk, sentence=no.sentence)
        else:
            moved = Appointment.objects.get(moved_from=row.appointment_id)
            if moved.on_day == row.appointment.on_day:
                offering.join(play, moved, now, "moved")
            return
    schedule.cancel_row(desk, row_id=row.pk, version=None)
