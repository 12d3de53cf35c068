"""Many rows at once are the same rows as one by one, whatever stands in them."""

import pytest
from django.db import connection

from daysheet.kernel.many import array_of, insert_many
from daysheet.kernel.models import Counter, Practice

HOSTILE = (
    "plain",
    'quo"ted',
    "it's",
    "{a,b}",
    "back\\slash",
    "\\u0000 typed as letters",
    "\\x01",
    "line\nand\ttab",
    "Zoë 李 \U0001f600",
    "null",
    "NULL",
    " ",
)


def test_hostile_words_come_back_as_they_went_in(practice: Practice) -> None:
    insert_many([Counter(name=f"{place} {word}", next=place) for place, word in enumerate(HOSTILE)])
    kept = dict(Counter.objects.values_list("next", "name"))
    assert kept == {place: f"{place} {word}" for place, word in enumerate(HOSTILE)}


def test_a_nul_is_left_out_and_nothing_else(practice: Practice) -> None:
    insert_many([Counter(name="a\x00\\u0000b", next=1)])
    assert Counter.objects.filter(name="a\\u0000b").exists()


@pytest.mark.parametrize("words", [HOSTILE, (), ("",), ("a",)])
def test_an_array_is_read_by_the_database_as_it_was(practice: Practice, words: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select %s::text[]", [array_of(words)])
        assert tuple(cursor.fetchone()[0]) == words
