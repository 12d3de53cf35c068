"""One layer at a time: what is to be known stands on the page, and nothing opens over it by itself."""

import re
from pathlib import Path

from django.template import engines

from tests.ui.gallery_server import Elements, furnished

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "daysheet"
BANNER = '{% import "ui/banner.html" as banner with context %}{{ banner.patient(who) }}'


def test_complaint_popups_alerts_stand_in_the_banner_as_three_chips_and_a_number() -> None:
    alerts = [("stop", f"alert {n}") for n in range(5)]
    who = {"family": "Diaz", "given": "Maria", "chart": 10442, "alerts": alerts}
    drawn = engines["jinja2"].from_string(BANNER).render({"who": who}, furnished())
    shown, _more, folded = drawn.partition("<details")
    assert [words for _tone, words in alerts if words in shown] == ["alert 0", "alert 1", "alert 2"]
    assert "+2" in folded
    assert "alert 3" in folded
    assert "alert 4" in folded
    assert {
        tag for tag, attrs in Elements(drawn).found if tag == "dialog" or "dialog" in attrs.get("role", "")
    } == set()


def test_complaint_popups_only_the_list_of_keys_is_a_dialog_and_no_script_asks_in_a_box() -> None:
    pages = {path: path.read_text() for path in PACKAGE.rglob("*.html")}
    scripts = {path: path.read_text() for path in (PACKAGE / "ui" / "static" / "src").glob("*.js")}
    assert len(scripts) > 10
    assert [path.name for path, text in pages.items() if "<dialog" in text] == ["_shell.html"]
    assert [path.name for path, text in pages.items() if "hx-confirm" in text or "hx-prompt" in text] == []
    boxes = re.compile(r"(?<![\w.])(?:window\.)?(?:alert|confirm|prompt)\(|window\.open\(")
    assert [path.name for path, text in scripts.items() if boxes.search(text)] == []
    opened = [path.name for path, text in scripts.items() if "showModal" in text]
    assert opened == ["keys.js"]
    assert (
        'if (document.querySelector("dialog[open]")) return;'
        in scripts[PACKAGE / "ui" / "static" / "src" / "keys.js"]
    )
