"""A newcomer without a map: reads a page as it came, follows its links, fills its forms by their labels."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "path", "wbr"}


@dataclass
class Piece:
    """One element of a page."""

    tag: str
    told: dict[str, str]
    inside: list["Piece | str"] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator["Piece"]:
        """Return the elements of these kinds in it, in the order of the page."""
        for one in self.inside:
            if isinstance(one, Piece):
                if one.tag in tags:
                    yield one
                yield from one.all(*tags)

    def words(self) -> str:
        """Return what one reads in it."""
        parts = [one if isinstance(one, str) else one.words() for one in self.inside]
        return " ".join(" ".join(parts).split())

    def says(self) -> str:
        """Return the name by which it is called: aria-label, or its words."""
        return self.told.get("aria-label") or self.words()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.path = [Piece("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        piece = Piece(tag, {name: value or "" for name, value in attrs})
        self.path[-1].inside.append(piece)
        if tag not in EMPTY:
            self.path.append(piece)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.path[-1].inside.append(Piece(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in [one.tag for one in self.path]:
            while self.path.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.path[-1].inside.append(data)


class Walker:
    """A browser, the page that it shows, and nothing else."""

    def __init__(self, browser: Client, at: str) -> None:
        self.browser = browser
        self.go(at)

    def go(self, at: str) -> None:
        """Open an address that stands on the page (or the very first one)."""
        self._shows(self.browser.get(at), at)

    def _shows(self, answer: Any, at: str) -> None:
        while answer.status_code in {302, 303}:
            at = urljoin(at, answer["Location"])
            answer = self.browser.get(at)
        self.at, self.status = at, answer.status_code
        reader = _Reader()
        reader.feed(answer.content.decode())
        self.page = reader.path[0]

    def main(self) -> Piece:
        """Return the page without its frame."""
        return next(self.page.all("main"))

    def part(self, mark: str) -> Piece:
        """Return the element that has an id, or the row that names somebody."""
        for one in self.page.all("section", "div", "form", "p", "tr", "li", "nav"):
            if one.told.get("id") == mark or (one.tag in {"tr", "li"} and mark in one.words()):
                return one
        raise AssertionError(f"Nothing called {mark!r} stands at {self.at}: {self.main().words()[:600]}")

    def sees(self, words: str) -> None:
        """Expect words on the page."""
        assert words in self.page.words(), f"{words!r} is not at {self.at}: {self.main().words()[:900]}"

    def follow(self, words: str, within: str = "") -> None:
        """Press the first link that is called so, or that begins so."""
        links = list((self.part(within) if within else self.page).all("a"))
        for fits in (str.__eq__, str.startswith):
            for link in links:
                if fits(link.says(), words) and link.told.get("href"):
                    return self.go(urljoin(self.at, link.told["href"]))
        raise AssertionError(f"No link {words!r} at {self.at}; there are {[one.says() for one in links]}")

    def press(
        self, button: str, typed: dict[str, str] | None = None, within: str = "", file: str = ""
    ) -> None:
        """Fill the form of a button by its labels, and press the button."""
        for form in (self.part(within) if within else self.page).all("form"):
            for pressed in form.all("button"):
                if pressed.says().startswith(button) and "disabled" not in pressed.told:
                    return self._send(form, pressed, typed or {}, file)
        found = [one.says() for one in self.page.all("button")]
        raise AssertionError(f"No button {button!r} at {self.at}; there are {found}")

    def _send(self, form: Piece, pressed: Piece, typed: dict[str, str], file: str) -> None:
        sent = _as_it_stands(form)
        for label, words in typed.items():
            control = _labelled(form, label)
            sent[control.told["name"]] = [_chosen(control, words)]
        for one in form.all("input"):
            if one.told.get("type") == "file" and file:
                sent[one.told["name"]] = SimpleUploadedFile("fees.csv", file.encode(), "text/csv")
        if pressed.told.get("name"):
            sent[pressed.told["name"]] = [pressed.told.get("value", "")]
        goal = urljoin(self.at, pressed.told.get("formaction") or form.told.get("action", ""))
        self._shows(self.browser.post(goal, sent), goal)


def _as_it_stands(form: Piece) -> dict[str, Any]:
    """Return what a browser would send of a form that nobody touched."""
    sent: dict[str, Any] = {}
    for one in form.all("input", "select", "textarea"):
        name, kind = one.told.get("name"), one.told.get("type", "text")
        if not name or kind == "file" or "disabled" in one.told:
            continue
        if kind in {"checkbox", "radio"}:
            if "checked" in one.told:
                sent.setdefault(name, []).append(one.told.get("value", "on"))
        elif one.tag == "select":
            options = list(one.all("option"))
            chosen = [o for o in options if "selected" in o.told] or options[:1]
            sent.setdefault(name, []).extend(o.told.get("value", o.words()) for o in chosen)
        else:
            sent.setdefault(name, []).append(
                one.words() if one.tag == "textarea" else one.told.get("value", "")
            )
    return sent


def _labelled(form: Piece, label: str) -> Piece:
    for one in form.all("label"):
        if one.words().removesuffix(" (optional)") == label or one.words().startswith(label + " "):
            inside = list(one.all("input"))
            controls = inside or [
                c for c in form.all("input", "select", "textarea") if c.told.get("id") == one.told.get("for")
            ]
            if controls:
                return controls[0]
    raise AssertionError(f"No field {label!r}; there are {[one.words() for one in form.all('label')]}")


def _chosen(control: Piece, words: str) -> str:
    """Return the value of the option that begins with the words, or the words."""
    if control.tag != "select":
        return control.told.get("value", "on") if control.told.get("type") in {"checkbox", "radio"} else words
    for option in control.all("option"):
        if option.words().startswith(words):
            return option.told.get("value", option.words())
    raise AssertionError(f"No choice {words!r}; there are {[one.words() for one in control.all('option')]}")
