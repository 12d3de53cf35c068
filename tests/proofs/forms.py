"""The forms of a page, read as a browser reads them: where each goes, what it carries, what may be typed."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import resolve

HIDDEN_PARTS = {"csrfmiddlewaretoken", "_form", "_once", "_draft"}


@dataclass(frozen=True, slots=True)
class Control:
    """One named control: its kind, what stands in it, and between what one chooses."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageForm:
    """A posting form of a page, with one of its buttons."""

    action: str
    controls: tuple[Control, ...]
    says: str = ""
    is_upload: bool = False

    @property
    def address(self) -> str:
        """Return the name of the address that answers it."""
        return resolve(urlsplit(self.action).path).view_name

    @property
    def shape(self) -> tuple[str, ...]:
        """Return what tells it from another form: its address and the names that it carries."""
        return (self.address, *sorted({one.name for one in self.controls} - HIDDEN_PARTS))

    def names(self) -> set[str]:
        """Return the names of its controls."""
        return {one.name for one in self.controls}

    def body(self, typed: Callable[[Control], str | None] | None = None) -> dict[str, list[str]]:
        """Return what a browser would send; `typed` says what a person puts into an open control."""
        sent: dict[str, list[str]] = {}
        radios: dict[str, list[Control]] = {}
        for one in self.controls:
            if one.kind == "radio":
                radios.setdefault(one.name, []).append(one)
            elif one.kind == "checkbox":
                if one.is_on or (typed and typed(one)):
                    sent.setdefault(one.name, []).append(one.value or "on")
            elif one.kind in {"hidden", "submit"}:
                sent.setdefault(one.name, []).append(one.value)
            elif one.kind != "file":
                words = typed(one) if typed else None
                sent.setdefault(one.name, []).append(one.value if words is None else words)
        for name, choices in radios.items():
            words = typed(replace(choices[0], options=tuple(one.value for one in choices))) if typed else None
            on = [one.value for one in choices if one.is_on] or [choices[0].value]
            sent[name] = [words] if words is not None else on[:1]
        return sent


@dataclass
class _Open:
    action: str
    is_upload: bool
    controls: list[Control] = field(default_factory=list)
    buttons: list[tuple[str, Control | None]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.found: list[PageForm] = []
        self.form: _Open | None = None
        self.select: tuple[str, list[str], list[str]] | None = None
        self.textarea: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "form" and told.get("method", "").lower() == "post":
            action = urljoin(self.base, told.get("action", ""))
            self.form = _Open(action, told.get("enctype", "").startswith("multipart"))
        elif self.form is None or ("disabled" in told):
            return
        elif tag == "input" and told.get("name"):
            self._input(told)
        elif tag == "select" and told.get("name"):
            self.select = (told["name"], [], [])
        elif tag == "option" and self.select:
            self.select[1].append(told.get("value", ""))
            if "selected" in told:
                self.select[2].append(told.get("value", ""))
        elif tag == "textarea" and told.get("name"):
            self.textarea = [told["name"], ""]
        elif tag == "button" and told.get("type", "submit") == "submit":
            goal = urljoin(self.base, told["formaction"]) if told.get("formaction") else self.form.action
            named = Control(told["name"], "submit", told.get("value", "")) if told.get("name") else None
            self.form.buttons.append((goal, named))

    def _input(self, told: dict[str, str]) -> None:
        kind = told.get("type", "text").lower()
        one = Control(told["name"], kind, told.get("value", ""), "checked" in told)
        if self.form and kind == "submit":
            self.form.buttons.append((self.form.action, one))
        elif self.form:
            self.form.controls.append(one)

    def handle_data(self, data: str) -> None:
        if self.textarea is not None:
            self.textarea[1] += data

    def handle_endtag(self, tag: str) -> None:
        if self.form is None:
            return
        if tag == "select" and self.select:
            name, options, chosen = self.select
            value = (chosen or options or [""])[0]
            self.form.controls.append(Control(name, "select", value, options=tuple(options)))
            self.select = None
        elif tag == "textarea" and self.textarea:
            self.form.controls.append(Control(self.textarea[0], "textarea", self.textarea[1].lstrip("\n")))
            self.textarea = None
        elif tag == "form":
            for (
                goal,
                named,
            ) in self.form.buttons:  # one without a button is sent by the calendar's script alone
                more = (named,) if named else ()
                self.found.append(
                    PageForm(
                        goal, (*self.form.controls, *more), named.value if named else "", self.form.is_upload
                    )
                )
            self.form = None


def forms_of(body: str, *, at: str) -> list[PageForm]:
    """Return the posting forms of a page that stands at an address, one for each of their buttons."""
    reader = _Reader(at)
    reader.feed(body)
    return reader.found
