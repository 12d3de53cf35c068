"""The charge slip and the claim of a visit by video or phone: place of service and modifier as the payer wants them."""

from datetime import timedelta

import pytest

from daysheet.charges import commands, queries
from daysheet.charges.commands import NothingIsProposed
from daysheet.charges.place_rules import PLACE_RULES, PlaceFacts
from daysheet.charges.placing import placed
from daysheet.coverage.models import Coverage, Payer
from daysheet.coverage.rules.telehealth import shipped
from daysheet.coverage.telehealth_rule import TelehealthRule
from daysheet.kernel.errors import StaleForm
from daysheet.visits import commands as visits
from daysheet.visits.commands import PlaceIsWrong
from daysheet.visits.models import CarePlace, Visit
from tests import cast
from tests.charges.conftest import Desk


def _by_video(desk: Desk, **more: object) -> Visit:
    visit = Visit.objects.get(pk=desk.visit.pk)
    said = {"mode": "video", "version": visit.version} | more
    return visits.say_where(desk.rosa, visit_id=desk.visit.pk, **said)  # type: ignore[arg-type]


def _slip(desk: Desk) -> queries.Slip:
    found = queries.slip(desk.visit.pk)
    assert found is not None
    return found


def test_a_visit_in_the_office_has_the_doors_place_of_service(desk: Desk) -> None:
    assert (_slip(desk).placed.code, _slip(desk).placed.because, _slip(desk).marks) == ("11", "Main St", [])


@pytest.mark.parametrize(
    ("filing", "mode", "at_home", "place", "modifier"),
    [
        ("MB", "video", True, "10", ""),
        ("MB", "video", False, "02", ""),
        ("MB", "phone", None, "10", "93"),
        ("CI", "video", True, "10", "95"),
        ("", "phone", False, "02", "93"),
    ],
)
def test_as_shipped_medicare_wants_no_modifier_by_video(
    filing: str, mode: str, at_home: bool | None, place: str, modifier: str
) -> None:
    wanted = shipped(mode, filing)
    assert (wanted.place(is_at_home=at_home), wanted.modifier) == (place, modifier)
    assert wanted.source


def test_a_video_visit_is_placed_as_its_payer_wants_and_the_slip_says_where_that_comes_from(
    desk: Desk,
) -> None:
    _by_video(desk, at_home=False)
    desk.line()
    slip = _slip(desk)
    assert (slip.placed.code, slip.marks) == ("02", ["95"])
    assert "private payers" in slip.placed.because


def test_what_the_office_knows_of_a_payer_takes_the_place_of_what_is_shipped(desk: Desk) -> None:
    TelehealthRule.objects.create(
        payer=Payer.objects.get(),
        mode="video",
        at_home="11",
        elsewhere="02",
        modifier="GT",
        source="Manual of Blue, page 12",
    )
    _by_video(desk, at_home=True)
    desk.line()
    slip = _slip(desk)
    assert (slip.placed.code, slip.placed.because, slip.marks) == ("11", "Manual of Blue, page 12", ["GT"])


def test_one_press_puts_the_modifier_on_every_line_that_is_not_posted(desk: Desk) -> None:
    _by_video(desk)
    desk.line(modifiers=["25", "GT"])
    desk.line("X0015", modifiers=["95"])
    changed = commands.put_telehealth_modifiers(desk.rosa, visit_id=desk.visit.pk)
    assert [one.modifiers for one in changed] == [["25", "95"]]
    assert _slip(desk).marks == []
    with pytest.raises(NothingIsProposed):
        commands.put_telehealth_modifiers(desk.rosa, visit_id=desk.visit.pk)


def test_in_the_office_no_modifier_is_proposed(desk: Desk) -> None:
    desk.line()
    with pytest.raises(NothingIsProposed):
        commands.put_telehealth_modifiers(desk.rosa, visit_id=desk.visit.pk)


def test_what_somebody_says_of_the_place_of_service_counts_first(desk: Desk) -> None:
    visit = _by_video(desk, place_of_service="11")
    assert (placed(visit).code, placed(visit, said=False).code) == ("11", "10")


def test_a_hospital_gives_its_own_place_of_service(desk: Desk) -> None:
    ward = CarePlace.objects.create(
        name="Mercy Hospital",
        place_of_service="21",
        street="1 Hill Rd",
        city="Springfield",
        state="MA",
        zip="01104",
    )
    visit = _by_video(desk, mode="office", care_place_id=ward.pk, admitted_on=cast.MONDAY - timedelta(days=2))
    assert (placed(visit).code, placed(visit).because) == ("21", "Mercy Hospital")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"mode": "letter"}, "mode"),
        ({"place_of_service": "98"}, "place_of_service"),
        ({"care_place_id": Coverage().pk}, "care_place"),
        ({"admitted_on": cast.MONDAY + timedelta(days=1)}, "admitted_on"),
    ],
)
def test_a_place_that_cannot_be_is_refused_and_nothing_is_changed(
    desk: Desk, said: dict[str, object], field: str
) -> None:
    with pytest.raises(PlaceIsWrong) as no:
        _by_video(desk, **said)
    assert list(no.value.fields) == [field]
    assert Visit.objects.get().mode == "office"


def test_of_two_who_change_the_place_the_second_is_told(desk: Desk) -> None:
    seen = Visit.objects.get().version
    _by_video(desk)
    with pytest.raises(StaleForm):
        _by_video(desk, version=seen)


def _found(place: PlaceFacts, code: str, *marks: str) -> list[str]:
    return [
        name for name, _source, _severity, told in PLACE_RULES for _one in told(place, code, [(1, marks)])
    ]


def test_the_claim_is_looked_through_for_place_and_modifier() -> None:
    blue = PlaceFacts(shipped("video", "CI"))
    assert _found(blue, "10", "95") == []
    assert _found(blue, "11", "95") == ["place-and-visit"]
    assert _found(blue, "02") == ["telehealth-modifier"]
    assert _found(PlaceFacts(shipped("video", "MB")), "10", "95") == ["telehealth-modifier"]
    assert _found(PlaceFacts(), "10") == ["place-and-visit"]
    assert _found(PlaceFacts(), "21") == ["admitted-since"]
    assert _found(PlaceFacts(admitted_on=cast.MONDAY), "21") == []
