"""Online or in person: the weighing as a truth table, and its page."""

from itertools import combinations

import pytest
from django.test import Client

from daysheet.academy.programs import words
from daysheet.academy.programs.rules.way import IN_PERSON, ONLINE, way

PAGE = "/academy/programs/online-or-in-person/"


def test_every_statement_counts_for_one_side() -> None:
    assert sorted(key for key, _told in words.statements()) == sorted((*ONLINE, *IN_PERSON))


def test_two_more_on_a_side_make_it_clear() -> None:
    for some in range(len(ONLINE) + 1):
        for others in range(len(IN_PERSON) + 1):
            expected = "both" if abs(some - others) < 2 else "online" if some > others else "in_person"
            for chosen in combinations(ONLINE, some):
                assert way([*chosen, *IN_PERSON[:others]]) == ("unsaid" if not some + others else expected)


def test_a_strange_answer_does_not_count() -> None:
    assert way(["hours", "far", "<script>", "hours"]) == "online"


@pytest.mark.django_db
def test_the_page_says_why_and_leads_to_the_schools() -> None:
    page = Client().get(PAGE, {"true": ["hours", "far", "<b>"]}).content.decode()
    assert "Online fits you" in page
    assert page.count("My hours change, or I work by day.") == 2
    assert 'href="/academy/programs/?online=on"' in page
    assert "Tick something first" in Client().get(PAGE, {"true": ""}).content.decode()
    assert "answer-title" not in Client().get(PAGE).content.decode()
