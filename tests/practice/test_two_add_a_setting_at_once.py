"""Two managers add settings in the same moment: each thing comes once, and whoever was later hears a sentence."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from daysheet.kernel.errors import Refusal
from daysheet.practice import commands
from daysheet.practice.models import AddedSetting, ExamRoom
from daysheet.schedule.models import AppointmentType
from tests import cast, make

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_setting_that_two_add_at_once_comes_once() -> None:
    practice = make.practice()
    with make.acting(practice):
        door = make.location()
    start = Barrier(2)

    def add(_number: int) -> str:
        start.wait()
        try:
            commands.add_setting(cast.ana(practice.pk), setting="dental", location_id=door.pk)
        except Refusal as no:
            return str(no)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(2) as both:
        said = sorted(both.map(add, range(2)))
    assert said[0] == ""
    assert said[1] == "All of Dental practice is here already."
    with make.acting(practice):
        assert AddedSetting.objects.count() == 1
        assert ExamRoom.objects.count() == 6
        assert AppointmentType.objects.count() == 14


def test_two_settings_that_share_visit_types_come_at_once_without_a_quarrel() -> None:
    practice = make.practice()
    with make.acting(practice):
        door = make.location()
    start = Barrier(2)

    def add(setting: str) -> None:
        start.wait()
        try:
            commands.add_setting(cast.ana(practice.pk), setting=setting, location_id=door.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        list(both.map(add, ("family", "dermatology")))
    with make.acting(practice):
        assert AddedSetting.objects.count() == 2
        assert AppointmentType.objects.filter(name__in=("Follow-up", "New patient")).count() == 2
        assert AppointmentType.objects.count() == 14 + 15 - 2
