"""The pages that say who, how and why otherwise: differences, method, sources, the guide by topic."""

import re

import pytest
from django.test import Client

from daysheet.academy.facts import entries, registry, words
from daysheet.academy.figures import pack

pytestmark = pytest.mark.django_db


def page(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert len(answer.content) <= 50_000
    return answer.content.decode()


def test_all_51_differences_are_listed_with_their_facts() -> None:
    shown = page("/academy/differences/")
    assert re.findall(r'<tr id="d(\d+)"', shown) == [str(number) for number in range(1, 52)]
    assert "<b>$45,930 a year</b> <small>guide: $44,640 a year</small>" in shown


def test_the_method_opens_a_figure_to_its_source_and_error() -> None:
    shown = page("/academy/method/")
    assert 'data-fact="pay.national.median" data-line="205"' in shown
    for word in ("OEWS May 2025", "0.3 %", "961,610", "public domain", "2,080"):
        assert word in shown


def test_every_source_tells_publisher_release_hash_licence_and_trust() -> None:
    shown = page("/academy/sources/")
    for row in pack.rows("select * from sources"):
        assert f'id="{row["id"]}"' in shown
        assert row["sha256"] in shown
    assert "not yet verified" in shown


@pytest.mark.parametrize("topic", list(words.topics()))
def test_each_topic_shows_all_its_numbers(topic: str) -> None:
    shown = page(f"/academy/guide/?topic={topic}")
    for fact in registry.facts(topic + "."):
        assert f'data-fact="{fact.key}" data-line="{fact.lines}"' in shown


def test_the_guide_page_names_every_entry_and_duty() -> None:
    shown = page("/academy/guide/?topic=<script>")
    held = {int(line) for line in re.findall(r'data-line="(\d+)"', shown)}
    assert held == {one.line for one in (*entries.entries(), *entries.duties())}


def test_tables_are_there_for_a_program_to_read() -> None:
    rows = Client().get("/academy/data/facts.json").json()["rows"]
    assert len(rows) == len(registry.facts())
    assert Client().get("/academy/data/facts.csv").content.count(b"\n") == len(rows) + 1
    assert len(Client().get("/academy/data/differences.json").json()["rows"]) == 51
    assert len(Client().get("/academy/data/sources.csv").content.splitlines()) == 1 + len(
        pack.rows("select id from sources")
    )


def test_every_topic_holds_every_fact_once() -> None:
    told = [fact.key for topic in words.topics() for fact in registry.facts(topic + ".")]
    assert sorted(told) == sorted(fact.key for fact in registry.facts())
