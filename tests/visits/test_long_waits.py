"""The office says from when on a wait is long: by state, and by kind of visit."""

from datetime import timedelta

import pytest
from django.urls import reverse

from daysheet.frontdesk.board import board
from daysheet.kernel.errors import NotPermitted
from daysheet.visits import commands as visits
from daysheet.visits.models import WaitLimit
from tests import cast
from tests.house import House, appointment, desk


def wait_after(house: House, minutes: int) -> str:
    """Return what the board says of who arrived so many minutes ago."""
    shown = board(
        location_id=house.door.pk,
        day=cast.MONDAY,
        now=cast.NOW + timedelta(minutes=minutes),
        zone=house.door.zone,
    )
    return shown.groups["here"][0].wait[1]


def test_the_limit_of_the_kind_of_visit_counts_before_that_for_all(house: House) -> None:
    visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).pk)
    assert wait_after(house, 12) == "long wait"
    visits.set_wait_limit(house.ana, state="arrived", long_after=30, very_long_after=40)
    assert wait_after(house, 12) == ""
    visits.set_wait_limit(
        house.ana, state="arrived", long_after=5, very_long_after=11, type_id=house.follow_up.pk
    )
    assert wait_after(house, 12) == "very long wait"


def test_the_page_sets_replaces_and_drops(house: House) -> None:
    ana, here = desk(house, "office_manager", "ana"), reverse("visits:wait-limits")
    for long_after in ("7", "8"):
        said = {"state": "roomed", "type_id": "", "long_after": long_after, "very_long_after": "20"}
        assert ana.post(here, said).status_code == 303
    kept = WaitLimit.objects.get()
    assert (kept.long_after, kept.very_long_after) == (8, 20)
    assert "8 min" in ana.get(here).content.decode()
    for status in (303, 404):
        assert ana.post(reverse("visits:limit-drop", args=[kept.pk])).status_code == status
    assert not WaitLimit.objects.exists()


@pytest.mark.parametrize(
    ("long_after", "very", "status"), [("20", "10", 409), ("", "10", 422), ("0", "9", 422)]
)
def test_limits_that_cannot_be_are_refused_and_kept(
    house: House, long_after: str, very: str, status: int
) -> None:
    answer = desk(house, "office_manager", "ana").post(
        reverse("visits:wait-limits"),
        {"state": "roomed", "long_after": long_after, "very_long_after": very},
    )
    assert answer.status_code == status
    assert f'value="{very}"' in answer.content.decode()


def test_the_desk_sets_no_limits(house: House) -> None:
    with pytest.raises(NotPermitted):
        visits.set_wait_limit(house.rosa, state="arrived", long_after=5, very_long_after=9)
    assert not WaitLimit.objects.exists()
