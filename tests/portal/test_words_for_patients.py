"""What patients read and hear: every sentence in Spanish too, with the same blanks, in easy words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from jinja2 import Environment

import daysheet

ROOT = Path(daysheet.__file__).parent
OF_THE_DESK = {
    "beside.py",
    "offering.py",
    "watching.py",
    "kiosks.py",
    "kiosks.html",
    "desk_watch.html",
    "_desk_watch.html",
    "desk_link.html",
}
"""What the desk reads of a patient's own check-in."""
CODE = [
    ROOT / "schedule/messages.py",
    *(
        ROOT / f"schedule/{name}.py"
        for name in ("offer_words", "request_words", "recall_words", "confirming")
    ),
    *sorted((ROOT / "portal").rglob("*.py")),
]
CODE = [one for one in CODE if one.name not in OF_THE_DESK]
PAGES = [one for one in sorted((ROOT / "portal/jinja2/portal").glob("*.html")) if one.name not in OF_THE_DESK]
WORDS_OF_THE_DESK = {"am", "pm"}  # said alike in both languages
BLANK = re.compile(r"%\((\w+)\)")


def said() -> Iterator[tuple[str, ...]]:
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"_", "ngettext"}:
                yield tuple(
                    one.value
                    for one in node.args
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )
    for path in PAGES:
        found = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"]).extract_translations(
            path.read_text()
        )
        for _line, _function, words in found:
            yield (words,) if isinstance(words, str) else tuple(one for one in words if one)


SENTENCES = sorted(set(said()) - {(one,) for one in WORDS_OF_THE_DESK})


def test_the_sentences_are_found() -> None:
    assert len(SENTENCES) >= 28
    assert ("I cannot come",) in SENTENCES


@pytest.mark.parametrize("words", SENTENCES, ids=lambda words: words[0][:40])
def test_each_has_a_spanish_one_that_differs_and_keeps_its_blanks(words: tuple[str, ...]) -> None:
    with translation.override("es"):
        if len(words) == 2:
            spanish = [translation.ngettext(*words, n) for n in (1, 2)]
        else:
            spanish = [translation.gettext(words[0])]
    for english, other in zip(words, spanish, strict=True):
        assert other != english
        assert sorted(BLANK.findall(english)) == sorted(BLANK.findall(other))


def grade(text: str) -> float:
    """Return the school grade of a text by Flesch and Kincaid; syllables are counted by their vowels."""
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)", text)))
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59


def test_the_words_are_those_of_the_sixth_grade() -> None:
    every = " ".join(BLANK.sub("office", one.rstrip(".") + ".") for words in SENTENCES for one in words)
    assert grade(every) < 6
    assert grade("The administrative determination necessitates comprehensive verification.") > 8
