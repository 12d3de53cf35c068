"""What the box on top of every page finds beside patients: pages and acts, as the rooms' apps name them.

A room lists `VERBS` in its apps.py; an entry of the main menu (`NAV`) is found by its own words without more.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.urls import NoReverseMatch, reverse

from daysheet.kernel.access import Actor, Can

SHOWN = 5
LONGEST = 200
OFFICES = ("office", "billing")
FILLERS = frozenset(
    {"a", "an", "and", "by", "for", "from", "in", "of", "on", "out", "the", "to", "up", "with"}
)
"""Words that tell nothing at the edge between an act and the patient: book FOR ortega, payment FROM ortega."""


@dataclass(frozen=True, slots=True)
class Verb:
    """A page or an act: its words, its route, who may, and how else a clerk calls it."""

    label: Any
    name: str
    needs: Can
    also: tuple[str, ...] = ()
    of_patient: bool = False
    """Whether the route names a patient: it is found by its words with a patient's after them."""
    kinds: tuple[str, ...] = OFFICES
    of_visit: bool = False
    """Whether the act concerns a visit: who has one today, or next, is meant before others of the name."""

    @property
    def phrases(self) -> list[tuple[str, ...]]:
        """Return all its names as words."""
        return [said(text) for text in (str(self.label), *self.also)]

    def url(self, *args: object) -> str:
        """Return its address; nothing where the room is not there."""
        try:
            return reverse(self.name, args=args)
        except NoReverseMatch:
            return ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a text asks for beside patients."""

    pages: list[Verb]
    is_exact: bool
    """Whether the first page was named wholly, not by the beginnings of its words."""
    act: Verb | None
    """The act for a patient with which the text begins."""
    of_whom: str
    """The rest of the text: whom the act is for. Without an act: the whole text."""
    wants_whom: Sequence[Verb] = ()
    """Acts that the text may mean and that still lack a patient."""


def said(text: str) -> tuple[str, ...]:
    """Return a text's words in small letters, without signs."""
    return tuple(re.findall(r"[^\W_]+", text.casefold()))


def find(text: str, *, by: Actor, kind: str) -> Found:
    """Return the pages and the act that a person's text asks for, of those that the person may; no SQL."""
    asked = said(text[:LONGEST])
    mine = [verb for verb in _every() if by.can(verb.needs) and kind in verb.kinds]
    pages = [verb for verb in mine if not verb.of_patient]
    exact = [verb for verb in pages if asked in verb.phrases]
    begun = [verb for verb in pages if verb not in exact and _begins(asked, verb)]
    acts = [verb for verb in mine if verb.of_patient]
    act, whom = (None, "") if exact else _act(text[:LONGEST], acts)
    if act and whom:
        return Found(begun[:SHOWN], False, act, whom)
    bare = [act] if act else [] if exact else [verb for verb in acts if _begins(asked, verb)]
    return Found((exact + begun)[:SHOWN], bool(exact), None, text, bare[:2])


def _act(text: str, acts: list[Verb]) -> tuple[Verb | None, str]:
    """Return the act that the longest beginning of a text names, and the rest without its fillers."""
    parts = text.split()
    for size in range(len(parts), 0, -1):
        begun = said(" ".join(parts[:size]))
        for verb in acts:
            if begun in verb.phrases:
                rest = parts[size:]
                while rest and rest[0].casefold() in FILLERS:
                    rest = rest[1:]
                return verb, " ".join(rest)
    return None, ""


def _begins(asked: tuple[str, ...], verb: Verb) -> bool:
    """Return whether every word asked for begins a word of one of the names; a single letter tells nothing."""
    if len("".join(asked)) < 2:
        return False
    return any(
        all(any(word.startswith(part) for word in phrase) for part in asked) for phrase in verb.phrases
    )


@cache
def _every() -> tuple[Verb, ...]:
    """Return every verb of the rooms at hand; a page that a menu and a list both name stands once."""
    found: dict[tuple[str, bool, str], Verb] = {}
    for verb in _told():
        if verb.of_patient or verb.url():
            found.setdefault((verb.name, verb.of_patient, str(verb.label).casefold()), verb)
    return tuple(found.values())


def _told() -> Iterator[Verb]:
    for config in apps.get_app_configs():
        room = import_module(type(config).__module__)
        yield from getattr(room, "VERBS", ())
        for entry in getattr(room, "NAV", ()):
            yield Verb(entry[1], entry[2], entry[4], kinds=entry[6] if len(entry) > 6 else OFFICES)
