"""What a licence proposes beside the chart: the same is told as the same, however it is spelled."""

from dataclasses import replace
from datetime import date

import pytest

from daysheet.patients.cards import as_written, proposals
from tests.pictures import LICENCE

CHART = {
    "family": "Diaz",
    "given": "Maria",
    "middle": "",
    "suffix": "",
    "born_on": date(1962, 3, 14),
    "sex": "F",
    "street": "12 Elm Street",
    "street2": "",
    "city": "Springfield",
    "state": "MA",
    "zip": "011030001",
}


def test_the_same_person_at_the_same_place_differs_in_nothing() -> None:
    assert [one.field for one in proposals(LICENCE, CHART) if not one.is_same] == []


def test_what_differs_is_proposed_as_people_write_it() -> None:
    moved = replace(LICENCE, street="7 OAK LN", street2="APT 2", family="O'BRIEN")
    found = {one.field: one for one in proposals(moved, CHART) if not one.is_same}
    assert {name: one.said for name, one in found.items()} == {
        "family": "O'Brien",
        "street": "7 Oak Ln Apt 2",
    }
    assert found["street"].held == "12 Elm Street"


def test_a_name_that_the_card_cuts_short_is_the_same_as_the_whole_one() -> None:
    cut = replace(LICENCE, given="MAR", cut=frozenset({"given"}))
    assert [one.field for one in proposals(cut, CHART) if not one.is_same] == []
    assert [one.field for one in proposals(replace(cut, cut=frozenset()), CHART) if not one.is_same] == [
        "given"
    ]


def test_what_the_card_does_not_tell_is_not_proposed() -> None:
    bare = replace(LICENCE, sex="U", city="", born_on=None)
    assert {"sex", "city", "born_on", "middle"} & {one.field for one in proposals(bare, CHART)} == set()


@pytest.mark.parametrize(
    ("capitals", "written"),
    [
        ("MCDONALD", "McDonald"),
        ("O'NEIL-SMITH", "O'Neil-Smith"),
        ("DE LA CRUZ", "De La Cruz"),
        ("Diaz", "Diaz"),
    ],
    ids=["mc", "o and hyphen", "several", "no capitals"],
)
def test_capitals_are_written_as_names_are(capitals: str, written: str) -> None:
    assert as_written(capitals) == written
