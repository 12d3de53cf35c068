"""What the guide names without a number: duties, settings, jobs, employers; and where it contradicts itself."""

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from daysheet.academy.facts.registry import HERE, Fact, fact, facts

TOPIC_PAGES = {
    "pay.national": "pay",
    "pay.entry": "pay",
    "pay.hourly": "pay",
    "pay.experience": "pay",
    "experience": "pay",
    "pay.setting": "pay",
    "premium": "pay",
    "pay.state": "pay-states",
    "outlook": "ladder",
    "ladder": "ladder",
    "duration": "path",
    "path": "path",
    "program": "programs",
    "cost": "cost",
    "cert": "certificates",
}
"""The page that shows the numbers of a topic."""
LISTED = ("certificates", "path", "ladder")
"""Pages that tell the guide's entries in their own words, and list them as they stand below."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty of the job; its number is the guide's line."""

    line: int
    group: str
    told: str
    room: str
    url: str = ""
    way: str = ""
    from_home: bool = False

    @property
    def words(self) -> str:
        """Return the duty in the reader's language."""
        return gettext(self.told)

    @property
    def where(self) -> str:
        """Return the way to the place where the duty is done, in the reader's language."""
        return gettext(self.way) if self.way else ""

    @property
    def address(self) -> str:
        """Return the screen of Daysheet where the duty is done, or nothing while its room is coming."""
        try:
            return reverse(self.url) if self.url else ""
        except NoReverseMatch:
            return ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing the guide names, in our words, with its line and the page that tells it."""

    line: int
    group: str
    page: str
    told: str

    @property
    def words(self) -> str:
        """Return the entry in the reader's language."""
        return gettext(self.told)


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where the guide contradicts itself or the figures, and what we show instead."""

    number: int
    lines: str
    told: str
    show: str
    answer: str
    keys: tuple[str, ...]

    @property
    def words(self) -> str:
        """Return what differs, in the reader's language."""
        return gettext(self.told)

    @property
    def shown(self) -> str:
        """Return what the pages show instead, in the reader's language."""
        return gettext(self.answer)

    @property
    def facts(self) -> list[Fact]:
        """Return the numbers that are concerned."""
        return [fact(key) for key in self.keys]


@cache
def duties() -> tuple[Duty, ...]:
    """Return the duties in the guide's order."""
    return tuple(
        Duty(
            int(line), told["group"], told["words"], told["room"], told.get("url", ""), told.get("where", ""),
            told.get("from_home", False),
        )
        for line, told in _read("duties").items()
    )  # fmt: skip


@cache
def _entries() -> tuple[Entry, ...]:
    return tuple(
        Entry(int(line), group, f"academy:{held['page']}", words)
        for group, held in _read("entries").items()
        for line, words in held.items()
        if line != "page"
    )


def entries(group: str = "") -> tuple[Entry, ...]:
    """Return what the guide names in one group (`setting`, `job`, `employer`, ...), or everything."""
    return tuple(entry for entry in _entries() if group in ("", entry.group))


def told_on(page: str) -> tuple[list[Fact], list[Entry]]:
    """Return what the guide says about the matter of a page: its numbers, and what it names there."""
    numbers = [one for topic, place in TOPIC_PAGES.items() if place == page for one in facts(f"{topic}.")]
    named = [one for one in entries() if one.page == f"academy:{page}"] if page in LISTED else []
    return numbers, named


@cache
def differences() -> tuple[Difference, ...]:
    """Return every known difference, by its number."""
    return tuple(
        Difference(one["number"], one["lines"], one["words"], one["show"], one["shown"], tuple(one["keys"]))
        for one in _read("differences")["difference"]
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))
