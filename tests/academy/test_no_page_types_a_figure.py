"""A figure on a page comes from the registry, the pack or the certificates' file: no template holds one of its own."""

import re
from pathlib import Path

import pytest

from daysheet.academy.facts import words

PAGES = sorted((Path(words.__file__).parents[1] / "jinja2" / "academy").glob("*.html"))
NOT_PROSE = re.compile(r"\{#.*?#\}|<svg.*?</svg>|\{\{.*?\}\}|\{%.*?%\}|<[^>]*>", re.DOTALL)
NO_FIGURE = re.compile(r"CC BY 4\.0|\(lines \d+-\d+\)|Months = 12 x|of 100 earn less")
"""A licence's version, lines of the guide, twelve months a year, and how a part of a hundred is said."""


def prose(text: str) -> str:
    return NO_FIGURE.sub(" ", NOT_PROSE.sub(" ", text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_template_types_no_figure(page: Path) -> None:
    assert re.findall(r".{0,40}\d.{0,40}", prose(page.read_text())) == []


def test_the_sweep_sees_a_typed_figure() -> None:
    typed = '<p class="w-2">{% trans a=5 %}Pay is {{ a }}, about $45,930.{% endtrans %}</p>'
    assert re.findall(r"[\d,]+\d", prose(typed)) == ["45,930"]
