"""A person at a screen: presses, clicks, typed text, and how many acts it took."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from tests.patience import until

ON_ITS_WAY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
MAIL = 60_000
"""Milliseconds in which an answer comes that goes through two mailrooms."""
SERVER_SAYS_NO = "responded with a status of 4"
"""How Chromium logs an answer of 403, 404, 409 or 422: the office at work, not a fault of the page."""


@dataclass(slots=True)
class Task:
    """One task of the usability targets: what it took, and what it may take."""

    name: str
    most: int
    acts: int = 0


@dataclass(slots=True)
class Person:
    """Somebody signed in to the office in a browser of their own."""

    page: Page
    url: str
    said: list[str] = field(default_factory=list)
    acts: int = 0
    tasks: list[Task] = field(default_factory=list)
    forgiven: str = SERVER_SAYS_NO
    streams: dict[Page, Request] = field(default_factory=dict)
    """The stream of news that a page asked for last."""
    hears: set[Page] = field(default_factory=set)
    """The pages whose stream the office has opened."""

    @classmethod
    def at(cls, browser: Browser, url: str, *, script: bool = True, width: int = 1280) -> "Person":
        """Open a browser of one's own on an office."""
        context = browser.new_context(
            base_url=url, viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        context.set_default_timeout(20_000)
        context.set_default_navigation_timeout(60_000)  # the first page of a program takes its time
        person = cls(context.new_page(), url)
        person.listen(person.page)
        return person

    def listen(self, page: Page) -> None:
        """Remember whatever a page complains about."""
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("console", lambda line: self.said.append(line.text) if line.type == "error" else None)
        page.on("request", lambda one: self._streams(page, one, opened=False))
        page.on("response", lambda one: self._streams(page, one.request, opened=True))

    def _streams(self, page: Page, one: Request, *, opened: bool) -> None:
        if "/sse/" in one.url and opened:
            self.hears |= {page} if self.streams.get(page) == one else set()
        elif "/sse/" in one.url:
            self.streams[page] = one
            self.hears.discard(page)
        elif one.is_navigation_request():  # a page that is left may still ask for its own
            self.streams.pop(page, None)
            self.hears.discard(page)

    @property
    def context(self) -> BrowserContext:
        """The browser of this person."""
        return self.page.context

    def leave(self) -> None:
        """Close the browser; a page that complained fails the test."""
        self.context.close()
        assert [line for line in self.said if not re.search(self.forgiven, line)] == []

    def sign_in(self, role: str) -> None:
        """Press the card of a role on the sign-in page."""
        self.page.goto("/sign-in/")
        self.page.locator(f"button[name=role][value={role}]").click()
        expect(self.page.locator("main h1")).to_be_visible()

    def go(self, address: str) -> None:
        """Open an address, as one follows a bookmark."""
        self.page.goto(address)

    def settled(self) -> None:
        """Wait until the page stands still, as eyes do: what the focus scrolls away is missed by a press."""
        self.page.wait_for_load_state()
        expect(self.page.locator(ON_ITS_WAY)).to_have_count(0)

    # By mouse.

    def click(self, thing: Locator) -> None:
        """Click, and count it."""
        self.acts += 1
        self.settled()
        thing.click()

    def press_button(self, name: str, within: str = "main") -> None:
        """Click the button of that exact name."""
        self.click(self.page.locator(within).get_by_role("button", name=name, exact=True).first)

    def follow(self, name: str, within: str = "main") -> None:
        """Click the link of that exact name."""
        self.click(self.page.locator(within).get_by_role("link", name=name, exact=True).first)

    def fill(self, label: str, text: str, within: str = "main") -> None:
        """Click into a field and type: one act and typed text."""
        box = self.page.locator(within).get_by_label(re.compile(f"^{re.escape(label)}"))
        self.click(box.first)
        box.first.fill(text)

    def choose(self, label: str, words: str, within: str = "main") -> None:
        """Choose an entry of a list by the beginning of its words."""
        box = self.page.locator(within).get_by_label(label, exact=True).first
        entry = box.locator("option", has_text=words).first
        self.acts += 2
        box.select_option(value=entry.get_attribute("value"))

    def look_up(self, form: str, words: str, code: str) -> None:
        """Type words into a form's code search and click the code."""
        box = self.page.locator(form).get_by_role("combobox")
        self.click(box)
        box.press_sequentially(words)
        self.click(self.page.locator(f"{form} [role=option]", has_text=code).first)

    # By keyboard.

    def key(self, *keys: str) -> None:
        """Press keys that are not typed text, and count each."""
        self.settled()
        for one in keys:
            self.acts += 1
            self.page.keyboard.press(one)

    def type(self, text: str) -> None:
        """Type text where the cursor stands."""
        self.page.keyboard.type(text)

    def finds(self, text: str) -> None:
        """Type into the box at the top until its first hit is marked."""
        self.type(text)
        expect(self.page.locator("#top-q-list [role=option][aria-selected=true]")).to_be_visible()

    def tab_to(self, thing: Locator, most: int = 60) -> None:
        """Press Tab until something has the focus, each press an act."""
        for _ in range(most):
            if thing.first.evaluate("one => one === document.activeElement"):
                return
            self.key("Tab")
        raise AssertionError("Tab does not get there.")

    def stands_on(self, name: str) -> Locator:
        """Open the board and go to the row of somebody by keyboard: past the top, into the list, by the surname.

        Uncounted: UI.md 9 says '"Row" = the board row has focus or is in view' of where such a task begins.
        """
        before = self.acts
        self.go("/desk/")
        self.key("Tab", "Enter")  # Skip to the page
        for _ in range(40):
            if self.page.evaluate("() => document.activeElement.matches('[data-row]')"):
                break
            self.key("Tab")
        row = self.row(name)
        for _ in range(4):
            self.type(name.lower())
            if row.evaluate("one => one === document.activeElement"):
                break
            self.page.wait_for_timeout(1000)  # a busy machine lets too long a pause between two letters
        expect(row).to_be_focused()
        self.acts = before
        return row

    # What is seen.

    def puts_a_line_on(self, code: str, name: str, typed: str, *, most: int) -> None:
        """Put a service on the slip by keyboard alone: its code, then a field of the form at most so many Tabs behind."""
        form = self.page.locator("#line-form")
        form.locator("[name=code]").focus()
        self.type(code)
        expect(form.locator("[role=option]").first).to_be_visible()
        self.tab_to(form.locator(f"[name={name}]"), most=most)
        self.type(typed)
        self.key("Enter")

    def sees(self, text: str, within: str = "main") -> None:
        """Wait until a text stands on the screen."""
        expect(self.page.locator(within)).to_contain_text(text)

    def toast(self, text: str) -> None:
        """Wait until the corner says so; if it never does, say what the page says instead."""
        try:
            expect(self.page.locator("#toasts")).to_contain_text(text)
        except AssertionError as never:
            said = self.page.locator("main :is(.notice, .waits), #toasts, [role=alert]").all_inner_texts()
            raise AssertionError(f"Nothing says {text!r}. The page says {said}.") from never

    def is_pdf(self) -> None:
        """Open the file of the paper that is shown, and see that it is one."""
        link = self.page.locator("main").get_by_role("link", name="Download", exact=True)
        answer = self.page.request.get(f"{self.url}{link.first.get_attribute('href')}")
        assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")

    def row(self, name: str) -> Locator:
        """Return the board's row of somebody."""
        return self.page.locator("[data-row]", has_text=name).first

    def listens(self) -> None:
        """Wait until the page's stream of news is open."""
        until(lambda: self.page in self.hears, rest=lambda: self.page.wait_for_timeout(20))

    @contextmanager
    def task(self, name: str, most: int) -> Iterator[Task]:
        """Count the acts of a task against what it may take."""
        one, before = Task(name, most), self.acts
        self.tasks.append(one)
        yield one
        one.acts = self.acts - before
