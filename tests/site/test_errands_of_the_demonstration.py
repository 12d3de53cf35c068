"""What lies about on the demonstration's work list is put there once, read as the command line reads."""

from datetime import date, datetime, time

import pytest
from django.db import transaction

from daysheet.kernel.clock import local_instant
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.site import demo
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.day import book_day
from daysheet.site.simulate.founding import found_office
from daysheet.site.simulate.played import PlayedPractice
from daysheet.tasks import commands as tasks
from daysheet.tasks.models import WorkqueueItem

pytestmark = pytest.mark.django_db(transaction=True)
FRIDAY, MONDAY = date(2026, 2, 27), date(2026, 3, 2)


def test_the_list_is_filled_up_to_ten_and_a_second_time_adds_nothing() -> None:
    zone = Practice(name="Played").zone
    eve = local_instant(datetime.combine(FRIDAY, time(17)), zone)
    office = found_office(name="Played", now=eve, seed="due", answer_days=1)
    play = PlayedPractice(office, Chance("due"), 5)
    with acting_in(office.practice.id):
        with transaction.atomic():
            book_day(play, MONDAY, eve, 4)
            left = WorkqueueItem.objects.exclude(state="closed").count()
            for number in range(6 - left):
                tasks.open_item(
                    office.by("receptionist", eve), kind="other", reason_code="other", sentence=f"Left {number}",
                    due_at=eve, source_of_due="office rule", role="receptionist",
                )  # fmt: skip
        counts = []
        for _again in range(2):
            demo._errands(play, eve)
            with transaction.atomic():
                counts.append(WorkqueueItem.objects.exclude(state="closed").count())
    assert counts == [10, 10]
