"""The script of the day board: a row carried to another group is its own button pressed, or it is said why not."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import daysheet

pytestmark = pytest.mark.browser
SCRIPT = Path(daysheet.__file__).parent / "frontdesk/static/frontdesk/board.js"
ROW = '<tr id="{id}" data-row><td><a href="#time">2:00 pm</a></td><th><a href="#who">{who}</a></th><td>{acts}</td></tr>'
GROUP = (
    '<details class="board-group" id="group-{name}" open><summary><h2>{name}</h2></summary>'
    "<table><tbody data-rows>{rows}</tbody></table></details>"
)
BACK = '<button formaction="/back/">Undo last step</button>'
ROWS = {
    "not_here": ROW.format(
        id="late",
        who="FARROW",
        acts='<button formaction="/arrive/">A</button><button formaction="/no-show/">N</button>',
    ),
    "here": ROW.format(
        id="came", who="DIAZ", acts=f'<a class="btn-primary" href="#/check-in/">Check in</a>{BACK}'
    )
    + ROW.format(
        id="leaves", who="COLE", acts=f'<a class="btn-primary" href="#/check-out/">Check out</a>{BACK}'
    ),
    "done": ROW.format(id="left", who="LEE", acts=BACK),
    "cancelled": "",
}
WORDS = (
    '<div id="toasts"></div><template id="board-words" data-here-done="{who} is not ready" '
    'data-nothere-done="{who} has not come" data-other="{who}: no"></template>'
)


@pytest.fixture
def board(tab: Page) -> Page:
    groups = "".join(GROUP.format(name=name, rows=rows) for name, rows in ROWS.items())
    tab.set_content(f'<section id="board">{groups}</section>{WORDS}')
    tab.add_script_tag(path=SCRIPT)
    tab.evaluate(
        "window.pressed = []; document.addEventListener('click', (event) => { event.preventDefault();"
        "window.pressed.push(event.target.getAttribute('formaction') ?? event.target.getAttribute('href')); })"
    )
    return tab


@pytest.mark.parametrize(
    ("row", "to", "pressed", "said"),
    [
        ("late", "here", "/arrive/", ""),
        ("late", "cancelled", "/no-show/", ""),
        ("late", "done", "", "FARROW has not come"),
        ("came", "not_here", "/back/", ""),
        ("came", "done", "", "DIAZ is not ready"),
        ("leaves", "done", "#/check-out/", ""),
        ("leaves", "not_here", "", "COLE: no"),
        ("left", "here", "/back/", ""),
        ("left", "left", "", ""),
    ],
)
def test_a_row_that_is_carried_is_its_button_pressed_or_it_is_said_why_not(
    board: Page, row: str, to: str, pressed: str, said: str
) -> None:
    target = board.locator(f"#group-{to} > summary") if to != row else board.locator("#group-done > summary")
    board.locator(f"#{row} td").first.drag_to(target)
    expect(board.locator("#toasts")).to_have_text(said)
    if pressed:
        board.wait_for_function("window.pressed.length")
    assert board.evaluate("window.pressed") == ([pressed] if pressed else [])
