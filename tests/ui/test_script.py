"""What the script adds to a plain page, and that nothing is lost without it."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.template import engines
from playwright.sync_api import Browser, Page, expect

from daysheet.ledger.forms import PaymentForm
from daysheet.ui.forms import DayField, Form
from tests.patience import PATIENCE, until
from tests.ui.carrying import carry
from tests.ui.gallery_server import furnished, serving

pytestmark = pytest.mark.browser

FORM = """
{% import "ui/forms.html" as f with context %}
<div id="box">{{ f.form_open("/save/", id="the-form", target="#box", draft="/draft/") }}
{% if wrong %}<div class="error-summary" tabindex="-1" data-error-summary>Copay is missing.</div>{% endif %}
<label for="copay">Copay</label><input id="copay" name="copay" class="form-control" value="{{ typed }}">
{{ f.buttons("Save") }}{{ f.form_close() }}</div>
"""
LIST = """
{% import "ui/buttons.html" as b with context %}
<section id="board" data-live="visits" hx-get="/board/" hx-trigger="live" hx-swap="outerHTML"><h2>Here</h2>
{{ b.acts_open("here", "#told" if told is defined else none) }}<ul data-rows data-typeahead>{% for name in names %}
<li data-row tabindex="-1" id="row-{{ name }}" data-name="{{ name }}">{{ name }}
{{ b.press("/press/" ~ name ~ "/", "Check in", primary=true, says="Check in " ~ name) }}
<a href="/panel/{{ name }}/" data-panel>panel</a></li>{% endfor %}</ul></form><p>{{ turn }}</p></section>
"""
TWO_FORMS = """
{% import "ui/forms.html" as f with context %}
<section id="board" data-live="visits" hx-get="/board/" hx-trigger="live" hx-swap="outerHTML"><h2>Check in</h2>
{{ f.form_open("/tick/", target="#board") }}<button class="btn">Tick</button>{{ f.form_close() }}
{{ f.form_open("/sign/", target="#board") }}<label for="signed">Signed by</label><input id="signed" name="signed">
<label for="phone">Phone</label><input id="phone" name="phone" value="{{ phone }}">
<label for="how">How</label><select id="how" name="how"><option value="a">at the desk</option>
<option value="b">by mail</option></select>
<button class="btn">Keep</button>{{ f.form_close() }}<p>{{ turn }}</p></section>
"""
GUARDED = """
{% import "ui/forms.html" as f with context %}
<div id="box">{{ f.form_open("/pay/", form=form, target="#box") }}
{{ f.field(form.approval) }}{{ f.field(form.check_number) }}<button class="btn">Take</button>{{ f.form_close() }}</div>
"""
PAGE = """{% extends 'ui/base.html' %}{% block title %}Test{% endblock %}
{% block heading %}<h1>Test</h1>{% endblock %}{% block content %}BODY{% endblock %}"""


NEVER: tuple[int, str, dict[str, str]] = (503, "", {})
"""What is answered to a question that nobody let be answered."""


class Desk:
    """The server's side of a test page: what came in, what goes out next."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, dict[str, list[str]]]] = []
        self.answers: dict[str, Callable[[], tuple[int, str, dict[str, str]]]] = {}
        self.address = ""
        self.ways: dict[str, Any] = {}
        self.lock = threading.Lock()

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, str, dict[str, str]]:
        with self.lock:
            self.heard.append((method, path, parse_qs(body.decode(errors="replace"))))
        found = self.answers.get(path.partition("?")[0])
        return found() if found else (404, "", {})

    def posts(self, path: str) -> int:
        return sum(1 for method, where, _fields in self.heard if (method, where) == ("POST", path))

    def shows(self, path: str, body: str, *, whole: bool = True, status: int = 200, **context: Any) -> None:
        ways = {"live_url": "/sse/"} if "data-live" in body else {}
        template = PAGE.replace("BODY", body) if whole else body

        def draw() -> tuple[int, str, dict[str, str]]:
            return (
                status,
                engines["jinja2"].from_string(template).render(context, furnished(**ways, **self.ways)),
                {},
            )

        self.answers[path] = draw


@pytest.fixture
def desk() -> Iterator[Desk]:
    with ExitStack() as stack:
        made = Desk()
        made.address = stack.enter_context(serving(made.answer))
        yield made


def test_a_form_with_mistakes_comes_back_with_the_focus_on_its_summary(desk: Desk, tab: Page) -> None:
    desk.shows("/", FORM, typed="", wrong=False)
    desk.shows("/save/", FORM, whole=False, status=422, typed="fourty", wrong=True)
    tab.goto(desk.address)
    tab.fill("#copay", "fourty")
    tab.keyboard.press("Control+Enter")
    expect(tab.locator("[data-error-summary]")).to_be_focused()
    assert tab.input_value("#copay") == "fourty"
    expect(tab).to_have_title(re.compile("^Error: Test"))


def test_a_double_press_sends_one_form(desk: Desk, tab: Page) -> None:
    def slowly() -> tuple[int, str, dict[str, str]]:
        time.sleep(0.3)
        return 200, "<div id='box'>Saved</div>", {}

    desk.shows("/", FORM, typed="", wrong=False)
    desk.answers["/save/"] = slowly
    tab.goto(desk.address)
    tab.evaluate(
        "() => { const b = document.querySelector('#the-form button'); b.click(); b.click(); b.click(); }"
    )
    expect(tab.locator("#box")).to_have_text("Saved")
    assert desk.posts("/save/") == 1


def test_a_refusal_at_the_door_is_read_aloud_and_the_typed_words_stay(desk: Desk, tab: Page) -> None:
    desk.shows("/", FORM, typed="", wrong=False)
    said = "<h1>Nothing was saved</h1><p>This page belongs to another practice.</p>"
    page = f"<!doctype html><html><body><main>{said}</main></body></html>"
    desk.answers["/save/"] = lambda: (409, page, {})
    tab.goto(desk.address)
    tab.fill("#copay", "40")
    tab.click("#the-form button")
    expect(tab.locator("#failure")).to_contain_text(
        "Nothing was saved. This page belongs to another practice."
    )
    assert tab.input_value("#copay") == "40"


def test_what_is_typed_is_kept_as_a_draft_two_seconds_later(desk: Desk, tab: Page) -> None:
    desk.shows("/", FORM, typed="", wrong=False)
    desk.answers["/draft/"] = lambda: (204, "", {})
    tab.goto(desk.address)
    tab.fill("#copay", "40")
    expect(tab.locator("[data-draft-note]")).to_contain_text("not yet saved")
    [draft] = [body for method, path, body in desk.heard if (method, path) == ("POST", "/draft/")]
    assert '"copay"\r\n\r\n40' in str(draft).replace("\\r\\n", "\r\n")
    assert "_once" not in str(draft)


def test_a_draft_is_offered_on_return_and_brought_back_on_request(desk: Desk, tab: Page) -> None:
    desk.shows("/", FORM, typed="", wrong=False)
    kept = '{"fields": {"copay": ["42.40"]}, "kept": "2026-03-09T14:12:00Z"}'
    desk.answers["/draft/"] = lambda: (200, kept, {"Content-Type": "application/json"})
    tab.goto(desk.address)
    expect(tab.locator(".draft-offer")).to_contain_text("and not saved.")
    assert tab.input_value("#copay") == ""
    tab.get_by_role("button", name="Bring it back").click()
    expect(tab.locator("#copay")).to_have_value("42.40")
    assert any(path.startswith("/draft/?page=%2Fsave%2F") for _method, path, _body in desk.heard)


DAY = """
{% import "ui/forms.html" as f with context %}{{ f.form_open("/save/", form=form) }}
{{ f.day(form.day) }}{{ f.form_close() }}"""


def test_a_day_is_said_in_words_while_it_is_typed(desk: Desk, tab: Page) -> None:
    class Book(Form):
        day = DayField(label="Day")

    desk.shows("/", DAY, form=Book(today=date(2026, 3, 9)))
    desk.answers["/ui/day/"] = lambda: (200, "Mon Mar 23, 2026", {"Content-Type": "text/plain"})
    tab.goto(desk.address)
    tab.locator("#id_day").press_sequentially("+2w")
    expect(tab.locator("[data-day-echo]")).to_have_text("Mon Mar 23, 2026")
    assert any(path == "/ui/day/?q=%2B2w" for _method, path, _body in desk.heard)


def test_rows_answer_to_arrows_enter_and_the_first_letters_of_a_name(desk: Desk, tab: Page) -> None:
    desk.shows("/", LIST, names=["Diaz", "Lee", "Okafor"], turn=1)
    desk.shows("/press/Okafor/", "<p>Checked in</p>")
    tab.goto(desk.address)
    tab.focus("#row-Diaz")
    tab.keyboard.press("ArrowDown")
    expect(tab.locator("#row-Lee")).to_be_focused()
    tab.keyboard.press("End")
    expect(tab.locator("#row-Okafor")).to_be_focused()
    tab.keyboard.press("l")
    expect(tab.locator("#row-Lee")).to_be_focused()
    tab.wait_for_timeout(950)
    tab.keyboard.type("ok")
    expect(tab.locator("#row-Okafor")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_contain_text("Checked in")
    assert desk.posts("/press/Okafor/") == 1


def test_letters_typed_into_a_field_stay_letters(desk: Desk, tab: Page) -> None:
    desk.shows("/", LIST + '<label for="note">Note</label><input id="note">', names=["Diaz"], turn=1)
    tab.goto(desk.address)
    tab.focus("#note")
    tab.keyboard.type("snooze d.")
    assert tab.input_value("#note") == "snooze d."
    expect(tab.locator("#note")).to_be_focused()


def test_f2_goes_to_the_search_and_escape_comes_back(desk: Desk, tab: Page) -> None:
    desk.shows("/", FORM, typed="40", wrong=False)
    tab.goto(desk.address)
    for key in ("F2", "Control+k"):
        tab.focus("#copay")
        tab.keyboard.press(key)
        expect(tab.locator("#top-q")).to_be_focused()
        tab.keyboard.press("Escape")
        expect(tab.locator("#copay")).to_be_focused()
    tab.keyboard.press("Control+/")
    expect(tab.locator("#keys")).to_be_visible()


def test_shift_f2_takes_in_a_walk_in_where_the_page_has_one_and_else_searches(desk: Desk, tab: Page) -> None:
    desk.shows("/", '<a href="/?walk-in" data-walk-in>Walk-in</a>')
    tab.goto(desk.address)
    tab.keyboard.press("Shift+F2")
    expect(tab).to_have_url(f"{desk.address}/?walk-in")
    desk.shows("/", FORM, typed="40", wrong=False)
    tab.goto(desk.address)
    tab.keyboard.press("Shift+F2")
    expect(tab.locator("#top-q")).to_be_focused()


def news_of(desk: Desk) -> threading.Event:
    """Let the desk tell of visits once, whenever the event that is returned is cleared: told, it is set again."""
    quiet = threading.Event()
    quiet.set()

    def stream() -> tuple[int, str, dict[str, str]]:
        tells = not quiet.is_set()
        if tells:  # only then: else what is cleared in this very moment would never be told
            quiet.set()
        news = "event: visits\ndata: 1\n\n" if tells else ""
        return 200, f"retry: 300\n\n{news}", {"Content-Type": "text/event-stream"}

    desk.answers["/sse/"] = stream
    return quiet


def test_news_waits_while_somebody_is_in_the_list_and_comes_when_asked(desk: Desk, tab: Page) -> None:
    desk.shows("/", LIST, names=["Diaz", "Lee"], turn=1)
    desk.shows("/board/", LIST, whole=False, names=["Lee", "Diaz"], turn=2)
    quiet = news_of(desk)
    tab.goto(desk.address)
    tab.focus("#row-Diaz")
    quiet.clear()
    expect(tab.locator(".waits button")).to_have_text("1 change, show")
    assert tab.locator("#board p").inner_text() == "1"
    tab.locator(".waits button").click()
    expect(tab.locator("#board p")).to_have_text("2")
    assert any("/sse/?topics=visits" in path for _method, path, _body in desk.heard)


def news_on_its_way(desk: Desk, tab: Page, body: str) -> threading.Event:
    """Show a page and tell it news; what it asks for then is answered when the event that is returned is set."""
    over, quiet = threading.Event(), news_of(desk)
    desk.shows("/", body, names=["Diaz"], turn=1)
    desk.shows("/board/", body, whole=False, names=["Diaz"], turn=2)
    draw = desk.answers["/board/"]
    desk.answers["/board/"] = lambda: draw() if over.wait(PATIENCE) else NEVER
    tab.goto(desk.address)
    quiet.clear()
    until(
        lambda: any(path == "/board/" for _method, path, _body in desk.heard),
        rest=lambda: tab.wait_for_timeout(20),
    )
    return over


MENU = LIST.replace(
    "<p>", """{% call b.menu("More") %}<li><a href="/slip/">Slip</a></li>{% endcall %}<p>""", 1
)


def test_a_menu_that_opens_while_news_is_on_its_way_stays_open(desk: Desk, tab: Page) -> None:
    over = news_on_its_way(desk, tab, MENU)
    tab.get_by_text("More", exact=True).click()
    over.set()
    expect(tab.locator(".waits button")).to_have_text("1 change, show")
    expect(tab.get_by_role("link", name="Slip")).to_be_visible()
    tab.locator("h1").click()
    expect(tab.locator("#board p")).to_have_text("2")


def test_a_menu_that_is_open_stays_so_when_news_of_an_act_before_it_comes(desk: Desk, tab: Page) -> None:
    desk.shows("/", MENU + '<p id="told"></p>', names=["Diaz"], turn=1, told=True)
    desk.shows("/board/", MENU, whole=False, names=["Diaz"], turn=2, told=True)
    desk.answers["/press/Diaz/"] = lambda: (200, "<p id='told'>Diaz is in</p>", {})
    quiet = news_of(desk)
    tab.goto(desk.address)
    tab.get_by_role("button", name="Check in Diaz").click()
    expect(tab.locator("#told")).to_have_text("Diaz is in")
    tab.get_by_text("More", exact=True).click()
    quiet.clear()
    expect(tab.locator(".waits button")).to_have_text("1 change, show")
    expect(tab.get_by_role("link", name="Slip")).to_be_visible()


def test_news_of_ones_own_act_is_drawn_however_long_the_office_takes(desk: Desk, tab: Page) -> None:
    desk.shows("/", LIST + '<p id="told"></p>', names=["Diaz"], turn=1, told=True)
    desk.shows("/board/", LIST, whole=False, names=["Diaz"], turn=2, told=True)
    over = threading.Event()
    said = (200, "<p id='told'>Diaz is in</p>", {})
    desk.answers["/press/Diaz/"] = lambda: said if over.wait(PATIENCE) else NEVER
    quiet = news_of(desk)
    tab.clock.install()
    tab.goto(desk.address)
    tab.get_by_role("button", name="Check in Diaz").press("Enter")
    until(lambda: desk.posts("/press/Diaz/"), rest=lambda: tab.wait_for_timeout(20))
    tab.clock.run_for(4000)
    tab.clock.pause_at(tab.evaluate("Date.now() + 1000") / 1000)  # what follows comes in one moment
    over.set()
    expect(tab.locator("#told")).to_have_text("Diaz is in")
    tab.get_by_role("link", name="panel").focus()
    quiet.clear()
    expect(tab.locator("#board p")).to_have_text("2")


def test_the_keyboard_keeps_its_place_when_it_came_while_news_was_on_its_way(desk: Desk, tab: Page) -> None:
    over = news_on_its_way(desk, tab, LIST)
    tab.get_by_role("link", name="panel").focus()
    over.set()
    expect(tab.locator(".waits button")).to_have_text("1 change, show")
    expect(tab.get_by_role("link", name="panel")).to_be_focused()
    assert tab.locator("#board p").inner_text() == "1"


def test_words_typed_and_not_sent_outlive_news_and_the_answer_to_another_form(desk: Desk, tab: Page) -> None:
    desk.shows("/", TWO_FORMS, phone="0142", turn=1)
    desk.shows("/tick/", TWO_FORMS, whole=False, phone="0142", turn=2)
    desk.shows("/board/", TWO_FORMS, whole=False, phone="0199", turn=3)
    quiet = news_of(desk)
    tab.goto(desk.address)
    tab.fill("#signed", "Maria Ocampo")
    tab.select_option("#how", "b")
    tab.fill("#phone", "0150")
    tab.get_by_role("button", name="Tick").click()
    expect(tab.locator("#board p")).to_have_text("2")
    quiet.clear()
    expect(tab.locator(".waits button")).to_be_visible()
    now = [tab.input_value(field) for field in ("#signed", "#how", "#phone")]
    assert [tab.locator("#board p").inner_text(), now] == ["2", ["Maria Ocampo", "b", "0150"]]
    tab.locator(".waits button").click()
    expect(tab.locator("#board p")).to_have_text("3")
    now = [tab.input_value(field) for field in ("#signed", "#how", "#phone")]
    assert now == ["Maria Ocampo", "b", "0199"], "what the office changed meanwhile is shown"


def test_a_card_number_that_was_refused_does_not_stay_in_its_box(desk: Desk, tab: Page) -> None:
    number = "4242424242424242"
    desk.shows("/", GUARDED, form=PaymentForm())
    refused = PaymentForm({"approval": number, "check_number": "1182"})
    assert not refused.is_valid()
    desk.shows("/pay/", GUARDED, whole=False, status=422, form=refused)
    tab.goto(desk.address)
    tab.fill("#id_approval", number)
    tab.fill("#id_check_number", "1182")
    tab.get_by_role("button", name="Take").click()
    expect(tab.locator("#id_approval-error")).to_be_visible()
    assert [tab.input_value(field) for field in ("#id_approval", "#id_check_number")] == ["", "1182"]
    assert number not in tab.content()


def test_news_is_shown_at_once_when_nobody_is_in_the_list(desk: Desk, tab: Page) -> None:
    desk.shows("/", LIST, names=["Diaz"], turn=1)
    desk.shows("/board/", LIST, whole=False, names=["Diaz"], turn=2)
    desk.answers["/sse/"] = lambda: (200, "event: visits\ndata: 1\n\n", {"Content-Type": "text/event-stream"})
    tab.goto(desk.address)
    expect(tab.locator("#board p")).to_have_text("2")


def test_minutes_go_on_without_news_but_not_under_words_that_are_typed(desk: Desk, tab: Page) -> None:
    aging = TWO_FORMS.replace('data-live="visits"', 'data-live="visits" data-ages')
    desk.shows("/", aging, turn=1, phone="")
    desk.shows("/board/", aging, whole=False, turn=2, phone="")
    tab.clock.install()
    tab.goto(desk.address)
    tab.clock.run_for(55_000)
    expect(tab.locator("#board")).to_contain_text("1")
    tab.fill("#signed", "Kim Thorne")
    tab.clock.run_for(60_000)
    assert tab.locator("#board").text_content().endswith("1")
    assert [one for one in desk.heard if one[1] == "/board/"] == []
    tab.fill("#signed", "")
    tab.locator("h1").click()
    tab.clock.run_for(10_000)
    expect(tab.locator("#board p")).to_have_text("2")
    asked = len([one for one in desk.heard if one[1] == "/board/"])
    tab.clock.run_for(50_000)
    assert len([one for one in desk.heard if one[1] == "/board/"]) == asked == 1


def tells_under_a_press(desk: Desk, tab: Page, quiet: threading.Event) -> None:
    """Press the button down, tell the news and let it arrive, all in one moment of the page's clock."""
    tab.clock.run_for(1200)  # a hand that rests holds nothing back
    tab.clock.pause_at(tab.evaluate("Date.now() + 1000") / 1000)
    tab.mouse.down()
    quiet.clear()
    assert quiet.wait(PATIENCE)
    told = streams(desk)
    until(lambda: streams(desk) > told, rest=lambda: tab.wait_for_timeout(20))  # the one that told was read


def streams(desk: Desk) -> int:
    return sum(1 for _method, path, _body in desk.heard if path.startswith("/sse/"))


def test_a_press_that_has_begun_is_finished_before_news_is_shown(desk: Desk, tab: Page) -> None:
    desk.shows("/", TWO_FORMS, phone="0142", turn=1)
    desk.shows("/tick/", TWO_FORMS, whole=False, phone="0142", turn=7)
    desk.shows("/board/", TWO_FORMS, whole=False, phone="0142", turn=2)
    quiet = news_of(desk)
    tab.clock.install()
    tab.goto(desk.address)
    tab.get_by_role("button", name="Tick").hover()
    tells_under_a_press(desk, tab, quiet)
    tab.mouse.up()
    tab.clock.resume()
    expect(tab.locator("#board p")).to_have_text(re.compile("[27]"))
    until(lambda: desk.posts("/tick/"), rest=lambda: tab.wait_for_timeout(20))
    tab.wait_for_timeout(300)
    assert desk.posts("/tick/") == 1


def test_news_that_waited_for_a_press_comes_when_it_ends(desk: Desk, tab: Page) -> None:
    desk.shows("/", LIST, names=["Diaz"], turn=1)
    desk.shows("/board/", LIST, whole=False, names=["Diaz"], turn=2)
    quiet = news_of(desk)
    tab.clock.install()
    tab.goto(desk.address)
    tab.locator("#board p").hover()
    tells_under_a_press(desk, tab, quiet)
    assert tab.locator("#board p").inner_text() == "1"
    tab.mouse.up()
    tab.clock.resume()
    expect(tab.locator("#board p")).to_have_text("2")


BANNER = """{% import "ui/banner.html" as banner %}{% extends 'ui/base.html' %}{% block title %}Test{% endblock %}
{% block banner %}{{ banner.patient({"family": "Diaz", "given": "Mo", "born": "3/14/1962", "chart": "42", "owes": 12}) }}
{% endblock %}
{% block heading %}<h1>Test</h1>{% endblock %}{% block content %}<div class="high"><p id="mark">Here</p></div>
{% for _ in range(200) %}<p>A line</p>{% endfor %}{% endblock %}"""


def test_the_banner_shrinks_and_nothing_below_moves(desk: Desk, tab: Page) -> None:
    desk.answers["/"] = lambda: (
        200,
        engines["jinja2"].from_string(BANNER).render({}, furnished()),
        {"Content-Type": "text/html"},
    )
    tab.goto(desk.address)
    place = "document.getElementById('mark').getBoundingClientRect().top + scrollY"
    before = tab.evaluate(place)
    high = tab.locator("[data-banner]").bounding_box()
    tab.evaluate("scrollTo(0, 900)")
    expect(tab.locator("[data-banner].is-small")).to_be_visible()
    small = tab.locator("[data-banner]").bounding_box()
    assert high
    assert small
    assert small["height"] < high["height"]
    assert tab.evaluate(place) == before
    tab.evaluate("scrollTo(0, 0)")
    expect(tab.locator("[data-banner].is-small")).to_have_count(0)
    assert tab.evaluate(place) == before


def test_two_tabs_share_one_stream(desk: Desk, chromium: Browser) -> None:
    desk.shows("/", LIST, names=["Diaz"], turn=1)
    desk.shows("/board/", LIST, whole=False, names=["Diaz"], turn=2)
    over = threading.Event()
    desk.answers["/sse/"] = lambda: (
        (200, "", {"Content-Type": "text/event-stream"}) if over.wait(300) else NEVER
    )
    context = chromium.new_context()
    first, second = context.new_page(), context.new_page()
    first.goto(desk.address)
    until(lambda: streams(desk), rest=lambda: first.wait_for_timeout(20))
    second.goto(desk.address)
    second.wait_for_timeout(300)
    opened = streams(desk)
    context.close()
    over.set()
    assert opened == 1


def test_a_minute_before_the_lock_any_key_keeps_the_screen(desk: Desk, tab: Page) -> None:
    template = PAGE.replace("BODY", "<p>Here</p>")
    request = furnished(lock_after=180, keep_alive_url="/keep-alive/")
    desk.answers["/"] = lambda: (200, engines["jinja2"].from_string(template).render({}, request), {})
    tab.clock.install()
    tab.goto(desk.address)
    tab.clock.run_for(125_000)  # a minute is left to see the notice, two to see it gone
    expect(tab.locator(".lock-notice")).to_contain_text("This screen locks in")
    tab.keyboard.press("Shift")
    expect(tab.locator(".lock-notice")).to_have_count(0)


def test_without_script_the_form_is_sent_and_the_navigation_stands_open(
    desk: Desk, chromium: Browser
) -> None:
    desk.shows("/", FORM, typed="", wrong=False)
    desk.shows("/save/", "<p>Saved</p>")
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(desk.address)
    expect(page.locator(".nav a").first).to_be_visible()
    page.fill("#copay", "40")
    page.click("#the-form button")
    expect(page.locator("main")).to_contain_text("Saved")
    [(_method, _path, sent)] = [each for each in desk.heard if each[1] == "/save/"]
    context.close()
    assert sent["copay"] == ["40"]
    assert {"_form", "_once", "csrfmiddlewaretoken"} <= set(sent)


CALENDAR = """
{% import "ui/calendar.html" as cal with context %}
{% call cal.resources("cal", day, [{"id": "lee", "title": "Dr. Lee"}, {"id": "osei", "title": "Dr. Osei"}], cards,
                      move_url="/move/") %}<p>9:00 DIAZ, Maria</p>{% endcall %}
<script src="{{ asset('calendar.js') }}" defer></script>"""
CARDS = [
    {
        "id": "1",
        "column": "lee",
        "begins": "2026-03-09T09:00",
        "ends": "2026-03-09T09:20",
        "name": "DIAZ, Maria",
    }
    | {"kind": "Follow-up", "tone": "neutral", "word": "Booked", "url": "/visit/1/", "version": 3}
]


def test_a_visit_is_moved_by_keys_and_every_step_is_spoken(desk: Desk, tab: Page) -> None:
    desk.shows("/", CALENDAR, day=date(2026, 3, 9), cards=CARDS)
    desk.answers["/move/"] = lambda: (200, "<p>Moved</p>", {})
    tab.goto(desk.address)
    card = tab.locator('[data-card="1"]')
    card.focus()
    carry(tab, "m", "ArrowDown", "ArrowDown", "ArrowRight")
    expect(tab.locator("#say-politely")).to_have_text("9:30, DIAZ, Maria, Booked, Follow-up, Dr. Osei")
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-calendar-note]")).to_have_text("Moved")
    [sent] = [str(body) for method, path, body in desk.heard if path == "/move/"]
    assert "2026-03-09T09:30" in sent
    assert "osei" in sent


def test_the_card_that_was_put_down_has_the_focus_on_the_page_that_follows(desk: Desk, tab: Page) -> None:
    desk.shows("/", CALENDAR, day=date(2026, 3, 9), cards=CARDS)
    there = CARDS[0] | {"id": "2", "column": "osei", "begins": "2026-03-09T09:15", "ends": "2026-03-09T09:35"}
    desk.shows("/then/", CALENDAR, day=date(2026, 3, 9), cards=[there])
    desk.answers["/move/"] = lambda: (200, "", {"HX-Redirect": "/then/"})
    tab.goto(desk.address)
    tab.locator('[data-card="1"]').focus()
    carry(tab, "m", "ArrowDown", "ArrowRight")
    tab.keyboard.press("Enter")
    expect(tab.locator('[data-card="2"]')).to_be_focused()
    tab.reload()
    expect(tab.locator('[data-card="2"]')).to_be_visible()
    expect(tab.locator('[data-card="2"]')).not_to_be_focused()


def test_a_refused_move_puts_the_card_back_and_says_why(desk: Desk, tab: Page) -> None:
    desk.shows("/", CALENDAR, day=date(2026, 3, 9), cards=CARDS)
    said = "<div data-error-summary>The 9:15 has just been taken.</div>"
    desk.answers["/move/"] = lambda: (409, said, {})
    tab.goto(desk.address)
    tab.locator('[data-card="1"]').focus()
    carry(tab, "m", "ArrowDown")
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-calendar-note]")).to_have_text("The 9:15 has just been taken.")
    expect(tab.locator('[data-card="1"]')).to_have_attribute(
        "aria-label", "9:00, DIAZ, Maria, Booked, Follow-up, Dr. Lee"
    )


STYLED = """<link rel="stylesheet" href="{{ asset('calendar.css') }}">""" + CALENDAR


def test_complaint_accident_a_slip_of_the_hand_under_eight_pixels_moves_no_visit(
    desk: Desk, tab: Page
) -> None:
    desk.shows("/", STYLED, day=date(2026, 3, 9), cards=CARDS)
    desk.shows("/visit/1/", "<p>The visit</p>")  # where a press that carries nothing leads
    desk.answers["/move/"] = lambda: (200, "<p>Moved</p>", {})
    tab.goto(desk.address)
    box = tab.locator('[data-card="1"]').bounding_box()
    assert box is not None
    for far, moved in ((7, 0), (40, 1)):
        tab.mouse.move(box["x"] + 40, box["y"] + 6)
        tab.mouse.down()
        for n in range(1, far + 1):
            tab.mouse.move(box["x"] + 40, box["y"] + 6 + n)
        tab.mouse.up()
        expect(tab.locator("main")).to_contain_text("Moved" if moved else "The visit")
        assert desk.posts("/move/") == moved
        if not moved:
            tab.goto(desk.address)


def test_complaint_zone_a_browser_in_tokyo_shows_and_sends_the_clock_of_the_door(
    desk: Desk, chromium: Browser
) -> None:
    desk.shows("/", CALENDAR, day=date(2026, 3, 9), cards=CARDS)
    desk.answers["/move/"] = lambda: (200, "<p>Moved</p>", {})
    context = chromium.new_context(timezone_id="Asia/Tokyo", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(desk.address)
    card = page.locator('[data-card="1"]')
    expect(card).to_have_attribute("aria-label", "9:00, DIAZ, Maria, Booked, Follow-up, Dr. Lee")
    card.focus()
    carry(page, "m", "ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-calendar-note]")).to_have_text("Moved")
    context.close()
    [sent] = [str(body) for method, path, body in desk.heard if path == "/move/"]
    assert "2026-03-09T09:15" in sent


FULL = STYLED.replace('[{"id": "lee", "title": "Dr. Lee"}, {"id": "osei", "title": "Dr. Osei"}]', "columns")


def test_complaint_calendar_twelve_columns_of_three_hundred_cards_stay_wide_and_come_soon(
    desk: Desk, tab: Page
) -> None:
    columns = [{"id": str(n), "title": f"Dr. {n}"} for n in range(12)]
    cards = [
        CARDS[0]
        | {"id": str(n), "column": str(n % 12)}
        | {
            name: f"2026-03-09T{8 + at // 60:02}:{at % 60:02}"
            for name, at in (("begins", k), ("ends", k + 20))
        }
        for n, k in ((n, n // 12 * 20) for n in range(300))
    ]
    desk.shows("/", FULL, day=date(2026, 3, 9), columns=columns, cards=cards)
    tab.goto(desk.address)
    expect(tab.locator("[data-card]")).to_have_count(300)
    narrow = tab.evaluate(
        """() => [...document.querySelectorAll('[data-card]')].map(one => one.getBoundingClientRect().width)
        .filter(width => width < 140).length"""
    )
    assert narrow == 0
    tab.locator("[data-calendar-twin]").click()
    expect(tab.locator("[data-calendar-list]")).to_be_visible()
    expect(tab.locator("[data-calendar-grid]")).to_be_hidden()


def test_without_script_the_list_stands_in_for_the_calendar(desk: Desk, chromium: Browser) -> None:
    desk.shows("/", CALENDAR, day=date(2026, 3, 9), cards=CARDS)
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(desk.address)
    assert page.locator("[data-calendar-list]").inner_text() == "9:00 DIAZ, Maria"
    context.close()


def test_two_rows_of_one_form_are_two_acts_with_two_keys(desk: Desk, tab: Page) -> None:
    desk.shows("/", LIST + '<p id="told"></p>', names=["Diaz", "Lee"], turn=1, told=True)
    for name in ("Diaz", "Lee"):
        desk.answers[f"/press/{name}/"] = lambda name=name: (200, f"<p id='told'>{name} is in</p>", {})  # type: ignore[misc]
    tab.goto(desk.address)
    tab.get_by_role("button", name="Check in Diaz").click()
    expect(tab.locator("#told")).to_have_text("Diaz is in")
    tab.get_by_role("button", name="Check in Lee").click()
    expect(tab.locator("#told")).to_have_text("Lee is in")
    sent = {path: fields["_once"][0] for method, path, fields in desk.heard if method == "POST"}
    assert set(sent) == {"/press/Diaz/", "/press/Lee/"}
    assert sent["/press/Diaz/"] != sent["/press/Lee/"]


OPTIONS = "".join(
    f'<div role="option" id="o-{name}" data-value="{number}" data-words="{name}" data-url="/chart/{name.lower()}/" '
    f'aria-selected="false">{name}</div>'
    for name, number in (("DIAZ", "10442"), ("LEE", "20881"))
)


def test_a_known_patient_is_opened_with_two_keys_and_no_name_in_an_address(desk: Desk, tab: Page) -> None:
    template = PAGE.replace("BODY", "<p>Here</p>")
    request = furnished(palette_url="/palette/")
    desk.answers["/"] = lambda: (200, engines["jinja2"].from_string(template).render({}, request), {})
    desk.answers["/palette/"] = lambda: (200, OPTIONS, {})
    desk.shows("/chart/diaz/", "<p>The chart of Ms. Diaz</p>")
    tab.goto(desk.address)
    tab.keyboard.press("Control+k")
    tab.keyboard.type("mia di")
    expect(tab.get_by_role("option", name="DIAZ")).to_have_attribute("aria-selected", "true")
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_contain_text("The chart of Ms. Diaz")
    assert not any("mia" in path for _method, path, _body in desk.heard)


def test_enter_opens_nobody_who_fits_only_a_part_of_the_words(desk: Desk, tab: Page) -> None:
    template = PAGE.replace("BODY", "<p>Here</p>")
    request = furnished(palette_url="/palette/")
    desk.answers["/"] = lambda: (200, engines["jinja2"].from_string(template).render({}, request), {})
    desk.answers["/palette/"] = lambda: (200, OPTIONS.replace("aria-selected", "data-part aria-selected"), {})
    desk.shows("/search/", "<p>The whole search</p>")
    tab.goto(desk.address)
    tab.keyboard.press("F2")
    tab.keyboard.type("ida diaz")
    expect(tab.get_by_role("option", name="DIAZ")).to_have_attribute("aria-selected", "false")
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_contain_text("The whole search")


def test_enter_on_words_not_yet_answered_asks_and_opens_nobody(desk: Desk, tab: Page) -> None:
    template = PAGE.replace("BODY", "<p>Here</p>")
    request = furnished(palette_url="/palette/")
    desk.answers["/"] = lambda: (200, engines["jinja2"].from_string(template).render({}, request), {})
    desk.answers["/palette/"] = lambda: (200, OPTIONS, {})
    desk.shows("/search/", "<p>The whole search</p>")
    tab.goto(desk.address)
    tab.keyboard.press("F2")
    tab.keyboard.type("diaz")
    expect(tab.get_by_role("option", name="DIAZ")).to_be_visible()
    over = threading.Event()
    desk.answers["/palette/"] = lambda: (200, OPTIONS, {}) if over.wait(300) else NEVER
    tab.keyboard.type("x")
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_contain_text("The whole search")
    over.set()
