"""The path, the cost and the certificates in Spanish: every message of these pages, whatever is asked there."""

import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from django.utils.translation import _trans

from daysheet.academy.planner.words import steps
from daysheet.ui import templates

pytestmark = pytest.mark.django_db

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "es" / "LC_MESSAGES" / "django.po"
STEPS = ("basics", "training", "experience", "certificate", "job")
ASKED = [
    "path/",
    "path/?name=Ana&basics-state=done&training-state=now&training-by=6/15/2027&experience-by=1/1/2026",
    "path/?h1-kind=externship&h1-place=Clinic&h1-hours=40",
    "path/?certificate-by=never&h1-kind=job&h1-hours=many",
    "path/?" + "&".join(f"{step}-state=done" for step in STEPS),
    "cost/",
    "cost/?s=1",
    "cost/?s=166638&years=2",
    "cost/?tuition=abc&years=-4&pell=1&books=1e9",
    "cost/?tuition=2000&years=1&pell=300&books=100",
    "certificates/",
]
SAME = {"${number}", "{number} %"}
"""Only figures and abbreviations are the same in both languages."""
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}|%[sd]")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[tuple[str, ...]]]:
    """Collects what is asked of the Spanish catalogue."""
    asked: set[tuple[str, ...]] = set()
    one, many = _trans.gettext, _trans.ngettext

    def hear(message: str) -> str:
        if translation.get_language() == "es":
            asked.add((str(message),))
        return one(message)

    def hear_many(single: str, plural: str, number: int) -> str:
        if translation.get_language() == "es":
            asked.add((str(single), str(plural)))
        return many(single, plural, number)

    monkeypatch.setattr(_trans, "gettext", hear)
    monkeypatch.setattr(_trans, "ngettext", hear_many)
    templates._said.cache_clear()
    yield asked
    templates._said.cache_clear()


def test_every_message_of_the_three_pages_is_told_in_spanish(heard: set[tuple[str, ...]]) -> None:
    for address in ASKED:
        answer = Client().get(f"/academy/es/{address}")
        assert answer.status_code == 200
        assert b'<html lang="es"' in answer.content
    assert Client().post("/academy/es/path/open/").status_code == 422
    asked = {one for one in heard if not {*one} & SAME and re.search("[a-z]{2}", one[0])}
    assert len(asked) > 300
    with translation.override("es"):
        assert [one for one in asked if _told(*one) == one[-1]] == []


def _told(single: str, plural: str = "") -> str:
    return _trans.ngettext(single, plural, 2) if plural else _trans.gettext(single)


def test_placeholders_are_the_same_in_both_languages() -> None:
    told = entries()
    assert len(told) > 300
    for english, spanish in told.items():
        assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(spanish)), english


def test_the_compiled_catalogue_says_what_the_readable_one_says() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {english: compiled.gettext(english) for english in entries()} == entries()


def entries() -> dict[str, str]:
    """The single messages of the readable catalogue."""
    found = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)
    return {_plain(english): _plain(spanish) for english, spanish in found}


def _plain(text: str) -> str:
    return text.replace('\\"', '"').replace("\\\\", "\\")


def test_links_keep_the_language_and_each_page_names_its_twin() -> None:
    page = Client().get("/academy/es/path/?name=Ana").content.decode()
    assert 'action="/academy/es/path/"' in page
    assert 'href="/academy/es/cost/"' in page
    assert '<link rel="alternate" hreflang="en" href="/academy/path/">' in page
    assert '<a class="ac-tongue" href="/academy/path/?name=Ana" lang="en" hreflang="en">English</a>' in page
    english = Client().get("/academy/path/?name=Ana").content.decode()
    assert (
        '<a class="ac-tongue" href="/academy/es/path/?name=Ana" lang="es" hreflang="es">Español</a>'
        in english
    )
    assert "/academy/es/cost/" in Client().get("/academy/sitemap.xml").content.decode()


def test_a_plan_of_a_file_opens_in_the_language_it_was_asked_in() -> None:
    kept = Client().get("/academy/path/my-plan.json?name=Ana").content
    answer = Client().post("/academy/es/path/open/", {"plan": SimpleUploadedFile("my-plan.json", kept)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/academy/es/path/?name=Ana")


def test_an_english_page_after_a_spanish_one_is_english() -> None:
    Client().get("/academy/es/path/")
    assert steps()["basics"].title == "The basics"
    assert b'<html lang="en' in Client().get("/academy/path/").content
