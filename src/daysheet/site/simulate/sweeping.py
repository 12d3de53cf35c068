"""What the office's own clock does while a day is played: offers go on and run out, reminders and recalls leave."""

from datetime import date, datetime, timedelta

from daysheet.kernel.clock import local_day
from daysheet.kernel.jobs import later
from daysheet.schedule import offers_out, recalls, reminders, waitlist
from daysheet.site.simulate.played import PlayedPractice

FIRST, LAST, EVERY = (8, 0), (16, 45), timedelta(minutes=15)
RANK = 5000
"""After what people do at the same moment."""


def plan_sweeps(play: PlayedPractice, day: date) -> None:
    """Put the looks of the office's clock on the agenda."""
    at = play.moment(day, *FIRST)
    while at <= play.moment(day, *LAST):
        play.plan(at, RANK, lambda now: look_round(play, now))
        at += EVERY


def look_round(play: PlayedPractice, now: datetime) -> None:
    """Leave the work that is due, as the periodic jobs of the office do, for this practice alone."""
    practice = play.office.practice
    if offers_out.to_follow().exists():
        later("schedule.follow_offers", practice_id=practice.pk)
    for freed_by_id in offers_out.to_offer(now):
        later("schedule.offer_freed_time", practice_id=practice.pk, appointment_id=freed_by_id)
    outlived = waitlist.outlived_entries(local_day(now, practice.zone), now)
    if waitlist.expired_offers(now).exists() or outlived.exists():
        later("schedule.expire_offers", practice_id=practice.pk)
    if reminders.rules().exists():
        later("schedule.send_reminders", practice_id=practice.pk)
    if recalls.goes_now(practice, now):
        later("schedule.send_recalls", practice_id=practice.pk)
