"""The demonstration has injuries, an insurer for each, and enrolments that stand half way."""

from datetime import date, datetime, time

import pytest

from daysheet.coverage.enrolment import PayerEnrolment
from daysheet.coverage.injury import CaseAppointment, InjuryCase
from daysheet.kernel.clock import local_instant
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.site.simulate.cases import play_cases
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.day import book_day
from daysheet.site.simulate.founding import found_office
from daysheet.site.simulate.played import PlayedPractice

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 3, 2)


def test_two_who_come_soon_were_hurt_and_the_office_is_enrolled_in_part() -> None:
    zone = Practice(name="Played").zone
    before = local_instant(datetime.combine(date(2026, 2, 27), time(13)), zone)
    office = found_office(name="Played", now=before, seed="cases", answer_days=1)
    play = PlayedPractice(office, Chance("cases"), 5)
    eve = local_instant(datetime.combine(date(2026, 2, 27), time(17)), zone)
    with acting_in(office.practice.id):
        book_day(play, MONDAY, eve, 9)
        play_cases(play, MONDAY, local_instant(datetime.combine(MONDAY, time(6)), zone))
        assert InjuryCase.objects.count() == CaseAppointment.objects.count() == 2
        assert PayerEnrolment.objects.exists()
