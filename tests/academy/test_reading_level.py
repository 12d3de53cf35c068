"""The pages are written for sixth to eighth grade, by the Flesch-Kincaid formula over their running text."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.academy.home import words

pytestmark = pytest.mark.django_db

HIGHEST = 8.0
SHORT = 6
"""Lines of fewer words are labels, not sentences."""
LEFT_OUT = {
    "table",
    "nav",
    "header",
    "footer",
    "script",
    "style",
    "svg",
    "h1",
    "h2",
    "h3",
    "select",
    "dl",
    "details",
}
PARAGRAPHS = {"p", "li", "figcaption"}


class RunningText(HTMLParser):
    """The sentences of a page's main part, without tables, figures and what is folded away."""

    def __init__(self) -> None:
        super().__init__()
        self.within, self.is_main = 0, False
        self.open: list[str] | None = None
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_main |= tag == "main"
        self.within += tag in LEFT_OUT
        if tag in PARAGRAPHS:
            self.open = []

    def handle_endtag(self, tag: str) -> None:
        self.within -= tag in LEFT_OUT
        if tag in PARAGRAPHS and self.open is not None:
            self.found.append(" ".join("".join(self.open).split()))
            self.open = None

    def handle_data(self, data: str) -> None:
        if self.is_main and not self.within and self.open is not None:
            self.open.append(data)


def syllables(word: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", word.lower()))
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and groups > 1
    return max(groups - silent, 1)


def grade(paragraphs: list[str]) -> float:
    """The school grade that the text asks for."""
    text = " ".join(one if one[-1] in ".!?" else f"{one}." for one in paragraphs)
    sentences = [one for one in re.split(r"[.!?:;]+(?:\s|$)", text) if re.search("[A-Za-z]", one)]
    said = re.findall(r"[A-Za-z']+", text)
    return 0.39 * len(said) / len(sentences) + 11.8 * sum(map(syllables, said)) / len(said) - 15.59


@pytest.mark.parametrize("page", [page.name for page in words.pages()])
def test_a_page_can_be_read_in_eighth_grade(page: str) -> None:
    text = RunningText()
    text.feed(Client().get(reverse(f"academy:{page}")).content.decode())
    paragraphs = [one for one in text.found if len(one.split()) >= SHORT]
    assert not paragraphs or grade(paragraphs) <= HIGHEST


def test_the_measure_knows_easy_from_hard() -> None:
    assert grade(["The cat sat on the mat. It was a good cat."]) < 2
    hard = "Administrative professionals facilitate interdisciplinary communication throughout ambulatory organizations"
    assert grade([hard]) > 20
