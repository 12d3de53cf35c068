"""The academy's front door: short answers with figures of today, open ways on, search that says what it found."""

import re

import pytest
from django.test import Client

from daysheet.academy.facts.entries import duties, entries

pytestmark = pytest.mark.django_db
PAGES = ["", "job/", "jobs/", "start/", "who/", "questions/", "search/", "search/?q=college"]


def body(path: str) -> str:
    answer = Client().get(f"/academy/{path}")
    assert answer.status_code == 200
    assert len(answer.content) <= 50_000
    assert not answer.cookies
    return answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_needs_no_script_and_leads_only_to_open_pages(path: str) -> None:
    page = body(path)
    assert "<script" not in page
    inside = {link.split("#")[0] for link in re.findall(r'href="(/academy/[^"]*)"', page)}
    assert inside
    assert [
        link for link in sorted(inside) if Client().get(link.replace("&amp;", "&")).status_code != 200
    ] == []


def test_the_short_answer_shows_todays_figure_and_what_the_guide_says() -> None:
    page = body("")
    assert "$45,930" in page
    assert "the guide says $44,640" in page


def test_every_duty_and_setting_stands_on_the_job_page() -> None:
    page = body("job/")
    assert all(f'data-line="{duty.line}"' in page for duty in duties())
    assert all(f'data-line="{one.line}"' in page for one in entries("setting"))


def test_all_twelve_questions_are_answered() -> None:
    page = body("questions/")
    assert all(f'data-line="{one.line}"' in page for one in entries("question"))
    assert "Washington" in page


@pytest.mark.parametrize(
    ("asked", "finds"),
    [
        ("texas", "Pay in Texas"),
        ("CMAA", "May I sit the exam?"),
        ("salary", "Pay in every state"),
        ("%", "Search"),
        ("zzzz", "Nothing found"),
    ],
)
def test_one_box_finds_places_certificates_and_pages(asked: str, finds: str) -> None:
    assert finds in Client().get("/academy/search/", {"q": asked}).content.decode()


def test_hostile_words_come_back_as_words() -> None:
    page = Client().get("/academy/search/", {"q": "<script>alert(1)</script>' or 1=1 --"}).content.decode()
    assert "<script" not in page


def test_the_map_of_the_site_names_only_open_pages() -> None:
    found = re.findall(
        r"<loc>http://testserver([^<]+)</loc>", Client().get("/academy/sitemap.xml").content.decode()
    )
    assert len(found) > 10
    assert all(Client().get(path).status_code == 200 for path in found)
