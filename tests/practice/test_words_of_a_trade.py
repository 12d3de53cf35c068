"""A dental office says operatory where others say room: on its screens, and only there."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation
from jinja2 import Environment

import daysheet
from daysheet.kernel.models import AuditLine, Practice
from daysheet.practice.models import AddedSetting, Location
from daysheet.ui.trade import TRADES, in_words_of
from tests import desk, make

ROOT = Path(daysheet.__file__).parent
BLANK = re.compile(r"%\((\w+)\)")
SAID_ALIKE = re.compile(
    r"[Ww]aiting room|rooms, (equipment, )?visit types|rooms, forms and sample fees|[Pp]rocedure room|special rooms"
    r"|%\(room\)s|\{room\}|HIPAA FAQ"
)
"""Rooms that are no operatories, and settings that speak of every office."""


def said() -> Iterator[str]:
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(words)), *_more]):
                    yield words
    pages = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    for path in sorted(ROOT.rglob("jinja2/**/*.html")):
        for _line, _function, words in pages.extract_translations(path.read_text()):
            yield from (words,) if isinstance(words, str) else filter(None, words or ())


@pytest.fixture(scope="module")
def sentences() -> set[str]:
    return set(said())


def catalogue(trade: str) -> dict[str, str]:
    text = (ROOT / f"locale/en_X-{trade}/LC_MESSAGES/django.po").read_text()
    return dict(re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', text, re.MULTILINE))


@pytest.mark.parametrize("trade", TRADES)
def test_a_trade_says_only_what_the_house_says_and_keeps_its_blanks(trade: str, sentences: set[str]) -> None:
    own = catalogue(trade)
    assert sorted(own.keys() - sentences) == []
    for english, told in own.items():
        assert told != english
        assert sorted(BLANK.findall(english)) == sorted(BLANK.findall(told))
        with in_words_of(trade):
            assert translation.gettext(english) == told  # the compiled catalogue is that of the text


def test_no_sentence_about_a_room_is_forgotten(sentences: set[str]) -> None:
    rooms = {one for one in sentences if re.search(r"\b[Rr]oom(s|ed)?\b", SAID_ALIKE.sub("", one))}
    assert len(rooms) > 30
    assert sorted(rooms - catalogue("dental").keys()) == []


def test_the_catalogue_is_sound(tmp_path: Path) -> None:
    for trade in TRADES:
        text = ROOT / f"locale/en_X-{trade}/LC_MESSAGES/django.po"
        try:
            subprocess.run(["msgfmt", "-c", "-o", tmp_path / "out.mo", text], check=True)
        except FileNotFoundError:
            pytest.skip("msgfmt (gettext) is not on this machine")


def test_another_language_than_english_stays_what_it_is() -> None:
    with translation.override("es"), in_words_of("dental"):
        assert translation.get_language() == "es"
    with in_words_of("circus"):
        assert translation.gettext("Rooms") == "Rooms"


@pytest.fixture
def browser(practice: Practice) -> Client:
    make.location()
    return desk.signed_in(make.member("office_manager", "ana"))


def heading(browser: Client) -> str:
    body = browser.get("/desk/rooms/").content.decode()
    found = re.search(r"<h1[^>]*>([^<]+)", body)
    assert found is not None
    return found[1].strip()


def added(browser: Client, setting: str) -> None:
    door = str(Location.objects.get().pk)
    assert browser.post(f"/office/settings/{setting}/add/", {"location_id": door}).status_code == 303


@pytest.mark.django_db
def test_the_words_come_with_an_offices_first_setting_and_go_with_it(browser: Client) -> None:
    assert heading(browser) == "Which rooms are free?"
    assert "Words of the screens" in browser.get("/office/settings/dental/").content.decode()
    added(browser, "dental")
    assert Practice.objects.get().words == "dental"
    assert heading(browser) == "Which operatories are free?"
    assert 'lang="en-x-dental"' in browser.get("/desk/rooms/").content.decode()
    browser.post(f"/office/settings/{AddedSetting.objects.get().pk}/take-back/", {})
    assert heading(browser) == "Which rooms are free?"


@pytest.mark.django_db
def test_a_second_setting_leaves_the_offices_words_and_the_office_chooses(browser: Client) -> None:
    added(browser, "family")
    assert "Words of the screens" not in browser.get("/office/settings/dental/").content.decode()
    added(browser, "dental")
    assert heading(browser) == "Which rooms are free?"
    assert "Speak as a dental office" in browser.get("/office/settings/").content.decode()
    answer = browser.post("/office/settings/words/dental/", {})
    assert answer.status_code == 303
    assert heading(browser) == "Which operatories are free?"
    browser.post("/office/settings/words/medical/", {})
    assert heading(browser) == "Which rooms are free?"
    assert AuditLine.objects.filter(action="practice.words.chosen").count() == 2


@pytest.mark.django_db
def test_words_that_nobody_has_are_refused_with_a_sentence(browser: Client) -> None:
    answer = browser.post("/office/settings/words/circus/", {})
    assert answer.status_code == 409
    assert "Choose whose words the screens use." in answer.content.decode()
    assert Practice.objects.get().words == ""
