"""The kit of `ui/`: its macros are made once a page, so they may know nothing of it but the request."""

from pathlib import Path

import pytest
from django.template import engines
from django.test import RequestFactory
from jinja2 import meta

import daysheet.ui

KIT = sorted(Path(daysheet.ui.__file__).parent.glob("jinja2/ui/*.html"))
IMPORTED = [one for one in KIT if "{% macro" in one.read_text()]


@pytest.mark.parametrize("kit", IMPORTED, ids=lambda one: one.stem)
def test_macros_know_nothing_of_the_page_but_its_request(kit: Path) -> None:
    env = engines["jinja2"].env
    free = meta.find_undeclared_variables(env.parse(kit.read_text()))
    assert free - set(env.globals) <= {"request", "csrf_input"}


def test_an_import_is_made_once_a_page_and_anew_for_the_next_page() -> None:
    env = engines["jinja2"].env
    request = RequestFactory().get("/")
    text = (
        '{% import "ui/page.html" as p with context %}{% import "ui/buttons.html" as b with context %}'
        '{% set made = [p, b] %}{% import "ui/page.html" as p with context %}{{ keep.extend(made + [p]) or "" }}'
    )
    pages = []
    for _n in range(2):
        kept: list[object] = []
        env.from_string(text).render({"request": request, "csrf_input": "", "keep": kept})
        pages.append(kept)
    (first, _buttons, again), (other, *_rest) = pages
    assert first is again
    assert first is not other


def test_a_page_masks_its_token_once() -> None:
    asked: list[int] = []

    class Input:
        def __str__(self) -> str:
            asked.append(1)
            return f'<input value="{len(asked)}">'

    page = engines["jinja2"].env.from_string("{{ csrf_input }}{{ csrf_input }}")
    assert page.render({"csrf_input": Input()}) == '<input value="1"><input value="1">'
    nothing = engines["jinja2"].env.from_string("no form")
    assert nothing.render({"csrf_input": Input()}) == "no form"
    assert len(asked) == 1
