"""The demonstration has patients who are due, read as the command line reads: outside any transaction of a test."""

from datetime import date, datetime, time

import pytest
from django.db import transaction

from daysheet.kernel.clock import local_instant
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.schedule import recalls
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.day import book_day
from daysheet.site.simulate.founding import found_office
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.recalls import DUE, play_recalls

pytestmark = pytest.mark.django_db(transaction=True)
FRIDAY, MONDAY = date(2026, 2, 27), date(2026, 3, 2)


def test_who_is_due_stands_on_the_lists_of_the_demonstration() -> None:
    zone = Practice(name="Played").zone
    office = found_office(
        name="Played", now=local_instant(datetime.combine(FRIDAY, time(13)), zone), seed="due", answer_days=1
    )
    play = PlayedPractice(office, Chance("due"), 5)
    eve = local_instant(datetime.combine(FRIDAY, time(17)), zone)
    with acting_in(office.practice.id):
        with transaction.atomic():
            book_day(play, MONDAY, eve, 2 * len(DUE))
        play_recalls(play, FRIDAY, eve)
        with transaction.atomic():
            lists = recalls.counts(today=FRIDAY, now=eve)
    assert all(lists[name] for name in ("overdue", "month", "next", "lapsed", "stopped")), lists
