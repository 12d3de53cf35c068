"""The merge of a letter: what stands in braces is filled in once, and what was filled in is never read again. Pure."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

BRACES = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A letter before its facts are filled in."""

    key: str
    title: str
    subject: str
    paragraphs: tuple[str, ...]
    spanish: "Template | None" = None
    """The same in Spanish, of a letter that goes to the patient."""

    def spoken(self, language: str) -> tuple["Template", str]:
        """Return the letter as who is written to reads it, and in which language that is."""
        if language == "es" and self.spanish is not None:
            return self.spanish, "es"
        return self, "en"

    @property
    def fields(self) -> tuple[str, ...]:
        """Return what the letter wants to be told."""
        return tuple(dict.fromkeys(BRACES.findall("\n".join((self.subject, *self.paragraphs)))))


@cache
def templates() -> dict[str, Template]:
    """Return the letters that can be written, by key."""
    table = tomllib.loads(resources.files("daysheet.letters").joinpath("templates.toml").read_text("utf-8"))
    return {key: _read(key, row) for key, row in table.items()}


def _read(key: str, row: Mapping[str, Any]) -> Template:
    spanish = _read(key, row["es"]) if "es" in row else None
    return Template(key, row["title"], row["subject"], tuple(row["paragraphs"]), spanish)


def merge(text: str, facts: Mapping[str, str]) -> str:
    """Return the text with its braces filled in; a brace without a fact is a KeyError."""
    return BRACES.sub(lambda brace: facts[brace[1]], text)
