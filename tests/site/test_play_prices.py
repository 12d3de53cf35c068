"""The demonstration holds deposits on cards, also where those who come next may be asked for nothing."""

from datetime import date, datetime, time

import pytest

from daysheet.kernel.clock import local_instant
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger.models import CardCharge
from daysheet.schedule.models import Appointment
from daysheet.site.simulate.chance import Chance
from daysheet.site.simulate.day import book_day
from daysheet.site.simulate.founding import found_office
from daysheet.site.simulate.played import PlayedPractice
from daysheet.site.simulate.prices import tell_prices
from tests import make

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = date(2026, 2, 27), date(2026, 3, 2)


def test_who_has_medicaid_and_comes_next_is_asked_for_no_deposit_and_the_others_are() -> None:
    zone = Practice(name="Played").zone
    office = found_office(
        name="Played",
        now=local_instant(datetime.combine(FRIDAY, time(13)), zone),
        seed="prices",
        answer_days=1,
    )
    play = PlayedPractice(office, Chance("prices"), 5)
    eve = local_instant(datetime.combine(FRIDAY, time(17)), zone)
    with acting_in(office.practice.id):
        book_day(play, MONDAY, eve, 9)
        first = Appointment.objects.holding().after(eve).order_by("starts_at", "id")[0].patient
        make.coverage(first, make.plan("Sunrise Medicaid", "SUNRISE2", kind="medicaid"), rank=2)
        tell_prices(play, FRIDAY, eve)
        holds = CardCharge.objects.filter(kind="hold")
        assert sorted(holds.values_list("state", flat=True)) == ["declined", "held"]
        assert not holds.filter(patient=first).exists()
