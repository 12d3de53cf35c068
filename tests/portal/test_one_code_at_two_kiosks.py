"""One code typed at two kiosks at once opens the check-in at one of them; two codes of the office never are the same."""

from datetime import timedelta

import pytest
from django.core.cache import cache

from daysheet.kernel.access import Actor
from daysheet.portal import commands
from daysheet.portal.models import SelfCheckIn
from daysheet.visits.models import Visit
from tests import cast
from tests.house import House, appointment, furnished
from tests.portal.test_two_answers_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def patient_at(house: House) -> Actor:
    return Actor.system(practice_id=house.practice.pk, now=cast.NOW, name="Patient, at the kiosk")


def test_one_of_two_kiosks_begins_and_the_patient_arrives_once() -> None:
    cache.clear()
    house = furnished()
    with house.open():
        booked = appointment(house, cast.NOW + timedelta(minutes=20))
    row = commands.offer_for_appointment(house.rosa, appointment_id=booked.pk)
    doors = [commands.open_kiosk(house.rosa, location_id=house.door.pk) for _ in range(2)]

    def typed(kiosk_id: object) -> object:
        return lambda: commands.try_code(
            patient_at(house), kiosk_id=kiosk_id, code=row.code, born_on=house.diaz.born_on
        )

    begun = at_once(*(typed(one.pk) for one in doors))
    assert sorted(one is None for one in begun) == [False, True]
    with house.open():
        assert Visit.objects.count() == 1


def test_codes_handed_out_at_once_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    house = furnished()
    with house.open():
        first = appointment(house, cast.NOW + timedelta(minutes=20))
        second = appointment(house, cast.NOW + timedelta(minutes=40), patient=house.ann)
    given = iter([7, 7, 7, 8, 9, 10])
    monkeypatch.setattr("daysheet.portal.commands.offering.secrets.randbelow", lambda _top: next(given))
    offers = (
        lambda: commands.offer_for_appointment(house.rosa, appointment_id=first.pk),
        lambda: commands.offer_for_appointment(house.rosa, appointment_id=second.pk),
    )
    at_once(*offers)
    with house.open():
        codes = list(SelfCheckIn.objects.values_list("code", flat=True))
    assert len(set(codes)) == 2
