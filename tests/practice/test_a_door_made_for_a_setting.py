"""A location that was made for a care setting: closed with it where nothing was done there, else it stays, named."""

import pytest
from django.urls import reverse

from daysheet.kernel.models import Practice
from daysheet.practice import commands
from daysheet.practice.models import AddedSetting, Location
from tests import cast, desk, make

pytestmark = pytest.mark.django_db


def taken_back(practice: Practice, added: AddedSetting) -> None:
    commands.take_setting_back(cast.ana(practice.pk), added_id=added.pk, version=added.version)


def test_a_door_that_nobody_has_used_is_closed_and_opens_when_the_setting_comes_again(
    practice: Practice,
) -> None:
    make.location()
    ana = cast.ana(practice.pk)
    added = commands.add_setting(ana, setting="dental", new_location="Dental wing")
    wing = Location.objects.get(name="Dental wing")
    assert added.made_doors == [str(wing.pk)]
    taken_back(practice, added)
    wing.refresh_from_db()
    assert wing.closed_on
    commands.add_setting(ana, setting="dental", new_location="Dental wing")
    wing.refresh_from_db()
    assert wing.closed_on is None
    assert Location.objects.filter(closed_on__isnull=True).count() == 2


def test_a_door_at_which_somebody_works_stays_and_so_does_the_only_one(practice: Practice) -> None:
    first = commands.add_setting(cast.ana(practice.pk), setting="family")
    assert first.made_doors == []
    added = commands.add_setting(cast.ana(practice.pk), setting="dental", new_location="Dental wing")
    wing = Location.objects.get(name="Dental wing")
    make.provider(at=wing)
    taken_back(practice, added)
    taken_back(practice, first)
    assert Location.objects.filter(closed_on__isnull=True).count() == 2


def test_the_toast_says_what_became_of_the_door(practice: Practice) -> None:
    door = make.location()
    browser = desk.signed_in(make.member("office_manager", "ana", at=door))
    for name, is_used, sentence in (
        ("East wing", False, "East wing is closed: nothing was done there."),
        ("West wing", True, "West wing is in use and stays open."),
    ):
        browser.post(reverse("practice:setting-add", args=["dental"]), {"new_location": name})
        if is_used:
            make.provider(at=Location.objects.get(name=name))
        added = AddedSetting.objects.get(taken_back_at=None)
        there = browser.post(reverse("practice:setting-take-back", args=[added.pk]))
        assert sentence in browser.get(there["Location"]).content.decode()
