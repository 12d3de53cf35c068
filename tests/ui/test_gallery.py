"""The gallery: every component, in both densities, light and dark, on three widths."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template import engines
from playwright.sync_api import Browser

from daysheet.ui import assets, views
from tests.ui.gallery_server import Elements, furnished, serving

KIBI = 1000


def drawn(**screen: object) -> str:
    return views.gallery(furnished(**screen)).content.decode()  # type: ignore[arg-type]


def test_nothing_stands_inline_that_the_security_policy_would_stop() -> None:
    page = Elements(drawn())
    tags = [tag for tag, attrs in page.found if tag == "style" or (tag == "script" and "src" not in attrs)]
    names = {name for _tag, attrs in page.found for name in attrs}
    assert tags == []
    assert [name for name in names if name == "style" or name.startswith(("on", "hx-on", "x-on"))] == []
    assert [
        link for link in page.values("src", "href") if link.startswith(("http", "//", "javascript"))
    ] == []


def test_ids_stand_once_and_every_reference_finds_its_id() -> None:
    page = Elements(drawn())
    ids = Counter(page.values("id"))
    assert [name for name, times in ids.items() if times > 1] == []
    named = [
        one for many in page.values("aria-describedby", "aria-labelledby", "for") for one in many.split()
    ]
    assert [name for name in named if name not in ids] == []
    links = [link[1:] for link in page.values("href") if link.startswith("#wrong_")]
    assert len(links) == 7
    assert [name for name in links if name not in ids] == []


def test_every_writing_form_carries_its_tokens() -> None:
    forms = [
        form
        for form in Elements(drawn()).forms
        if form[0].get("method") == "post" and form[0].get("role") != "search"
    ]
    assert len(forms) > 10
    for form in forms:
        assert {"csrfmiddlewaretoken", "_form", "_once"} <= {field.get("name") for field in form}


def test_a_page_of_furniture_alone_leaves_room_for_its_content() -> None:
    bare = engines["jinja2"].from_string("{% extends 'ui/base.html' %}").render({}, furnished())
    assert len(bare.encode()) < 24 * KIBI  # of the 60 a page may weigh
    assert len(assets.sprite().encode()) < 15 * KIBI


def test_no_name_of_a_person_stands_in_the_title() -> None:
    title = re.search("<title>(.*)</title>", drawn())
    assert title
    assert "Diaz" not in title[1]


def test_an_icon_that_nobody_drew_is_a_bug() -> None:
    with pytest.raises(KeyError, match="no icon 'unicorn'"):
        assets.icon("unicorn")


def test_the_built_files_stay_inside_their_budgets() -> None:
    if not assets.MANIFEST.exists():
        pytest.skip("the browser's files are not built (node build.mjs)")
    names = json.loads(assets.MANIFEST.read_text())
    packed = {
        name: len(gzip.compress((assets.MANIFEST.parent / built).read_bytes()))
        for name, built in names.items()
    }
    assert packed["app.css"] < 30 * KIBI
    assert packed["app.js"] < 50 * KIBI
    assert packed["app.js"] + packed["calendar.js"] < 150 * KIBI
    css = (assets.MANIFEST.parent / names["app.css"]).read_text()
    assert "url(" not in css  # no font, no foreign host, no data: address


def test_the_lock_of_the_browsers_packages_names_no_registry() -> None:
    lock = json.loads((Path(__file__).parents[2] / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """The gallery under an address that tells theme and density: /dark-compact."""

    def answer(_method: str, path: str, _body: bytes) -> tuple[int, str, dict[str, str]]:
        theme, _dash, density = path.strip("/").partition("-")
        if theme not in {"light", "dark"}:
            return 404, "", {}
        return 200, drawn(theme=theme, density=density, is_training=density == "compact"), {}

    with serving(answer) as address:
        yield address


@pytest.mark.browser
@pytest.mark.parametrize(
    ("look", "width"),
    [("light-comfortable", 1280), ("dark-compact", 1280), ("dark-comfortable", 768), ("light-compact", 360)],
)
def test_axe_finds_nothing_serious(chromium: Browser, gallery: str, look: str, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page.goto(f"{gallery}/{look}")
    page.evaluate("scrollTo(0, 0)")
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )
    serious = [
        (each["id"], [node["html"][:120] for node in each["nodes"]])
        for each in found.response["violations"]
        if each["impact"] in {"serious", "critical"}
    ]
    page.close()
    assert serious == []


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 768, 1280])
def test_the_page_never_scrolls_sideways(chromium: Browser, gallery: str, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{gallery}/light-comfortable")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


@pytest.mark.browser
def test_every_target_is_at_least_24_pixels(chromium: Browser, gallery: str) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{gallery}/light-compact")
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, a.btn, select, summary, input:not([type=hidden]), .nav a, .sort')]
        .filter(e => e.checkVisibility()).map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
        .filter(([, box]) => box.width > 1 && (box.height < 22 || box.width < 22)).map(([text]) => text)"""
    )
    page.close()
    assert [each for each in small if "day-picker" not in each] == []


@pytest.mark.browser
def test_tab_reaches_everything_and_leaves_it_again(chromium: Browser, gallery: str) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{gallery}/light-comfortable")
    page.focus(".skip")
    seen = []
    for _ in range(400):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                "document.activeElement === document.body ? 'body' : document.activeElement.outerHTML.slice(0, 60)"
            )
        )
        if seen[-1] == "body":
            break
    page.close()
    assert seen[-1] == "body"
    assert any("data-drawer-close" in each or "Close" in each for each in seen)
