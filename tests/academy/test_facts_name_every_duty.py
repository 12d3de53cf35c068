"""Duties, settings, jobs and the rest of what the guide names: each is an entry, and each duty leads to its screen."""

from pathlib import Path

from daysheet.academy.facts import entries, registry

ROOMS = Path(entries.__file__).parents[2]


def test_the_guide_has_24_duties_in_four_groups() -> None:
    lines = [duty.line for duty in entries.duties()]
    assert lines == [*range(7, 13), *range(14, 20), *range(21, 27), *range(28, 34)]
    assert {duty.group for duty in entries.duties()} == {"front", "records", "billing", "support"}


def test_a_duty_whose_room_stands_is_linked_to_its_screen() -> None:
    unlinked = [duty.line for duty in entries.duties() if (ROOMS / duty.room).is_dir() and not duty.address]
    assert unlinked == []


def test_a_duty_without_a_room_yet_has_no_link() -> None:
    assert not [duty.line for duty in entries.duties() if duty.address and not (ROOMS / duty.room).is_dir()]


def test_eight_settings_and_five_jobs_and_five_employers() -> None:
    assert [len(entries.entries(group)) for group in ("setting", "job", "employer")] == [8, 5, 5]


def test_an_entry_names_each_line_once_in_its_group() -> None:
    held = [(entry.group, entry.line) for entry in entries.entries()]
    assert len(held) == len(set(held))


def test_51_differences_are_told_without_a_typed_figure() -> None:
    told = entries.differences()
    assert [one.number for one in told] == list(range(1, 52))
    assert {one.show for one in told} == {"R", "N", "U", "F"}
    assert not [one.number for one in told if any(sign.isdigit() for sign in one.words + one.shown)]


def test_a_difference_names_facts_that_exist() -> None:
    known = {fact.key for fact in registry.facts()}
    assert {key for one in entries.differences() for key in one.keys} <= known
