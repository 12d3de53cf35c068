"""The coverage table: each of the guide's 434 lines once, and each place it names holds what the row promises."""

import html
import re
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.academy.facts import entries, registry

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parents[2] / "docs" / "rooms" / "academy-coverage.md"
ROW = re.compile(r"^\| (\d+)(?:-(\d+))? \| ([a-z ]+) \| (.+) \|$")
LINES = 434
Row = tuple[int, set[str], list[str]]


def rows() -> list[Row]:
    """Each line of the guide: its number, its kinds, its places."""
    found = [match.groups() for line in TABLE.read_text().splitlines() if (match := ROW.match(line))]
    return [
        (line, set(kinds.split(" and ")), re.findall(r"`([^`]+)`", places))
        for first, last, kinds, places in found
        for line in range(int(first), int(last or first) + 1)
    ]


@cache
def page(name: str) -> str:
    answer = Client().get(reverse(name))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@cache
def lines_of(name: str) -> set[int]:
    """The guide's lines that a page says it shows."""
    held = re.findall(r'data-line="([\d, ]+)"', page(name))
    return {int(one) for group in held for one in group.split(",")}


def pages(places: list[str]) -> list[str]:
    return [one for one in places if one.startswith("academy:")]


def test_each_line_stands_in_the_table_once() -> None:
    assert [line for line, _kinds, _places in rows()] == list(range(1, LINES + 1))


def test_each_place_opens_and_only_rules_and_pictures_have_none() -> None:
    for line, kinds, places in rows():
        assert bool(pages(places)) is not bool(kinds & {"rule of a table", "picture"}), line
        assert all(page(one) for one in pages(places))


def test_the_numbers_of_a_line_are_those_of_the_registry_and_on_its_page() -> None:
    told = {line: places for line, kinds, places in rows() if "numbers" in kinds}
    held = {line for fact in registry.facts() for line in fact.guide_lines}
    assert told.keys() == held
    for fact in registry.facts():
        for line in fact.guide_lines:
            assert any(fnmatch(fact.key, one) for one in told[line]), (line, fact.key)
            shown = [one for one in pages(told[line]) if line in lines_of(one)]
            assert any(fact.guide_shown in page(one) or _bare(fact) in page(one) for one in shown), (
                line,
                fact.key,
            )


def _bare(fact: registry.Fact) -> str:
    """The number alone, as a table with the unit in its head has it."""
    return f"{fact.guide_value:,f}"


def test_duties_and_entries_are_those_of_the_lists_and_on_their_pages() -> None:
    listed = {"duty": entries.duties(), "entry": entries.entries()}
    for kind, all_of_it in listed.items():
        told = {line: places for line, kinds, places in rows() if kind in kinds}
        assert told.keys() == {one.line for one in all_of_it}
        for line, places in told.items():
            assert any(line in lines_of(one) for one in pages(places)), line


def test_each_answer_stands_under_its_question() -> None:
    answers = [(line, places) for line, kinds, places in rows() if "answer" in kinds]
    assert answers
    for line, places in answers:
        assert any(line - 1 in lines_of(one) for one in pages(places)), line


def test_each_table_of_the_guide_is_a_table_on_its_page() -> None:
    for line, kinds, places in rows():
        if "head of a table" in kinds:
            assert any("<table" in page(one) for one in pages(places)), line
