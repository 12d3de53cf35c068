"""What a file may hold: its kinds, the fields of each, how each is read and what its column is often called. Pure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Field:
    """A thing that a column may tell."""

    key: str
    reader: str = "text"
    """text, day, born, or one of values.READERS"""
    names: Sequence[str] = ()
    """What old systems call such a column, in small letters and single-spaced."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its fields, and which of them a row cannot be without (one of each group)."""

    key: str
    fields: Mapping[str, Field]
    needs: Sequence[Sequence[str]]
    marks: Sequence[str] = ()
    """Fields whose presence tells this kind of file from the others."""


def _kinds() -> dict[str, Kind]:
    text = resources.files("daysheet.movein.rules").joinpath("fields.toml").read_text("utf-8")
    return {
        key: Kind(
            key,
            {
                name: Field(name, one.get("reader", "text"), tuple(one["names"]))
                for name, one in told["fields"].items()
            },
            tuple(map(tuple, told["needs"])),
            tuple(told["marks"]),
        )
        for key, told in tomllib.loads(text).items()
    }


KINDS: Mapping[str, Kind] = _kinds()
"""In the order in which a practice moves: the patients first, the rest finds them by the old system's number."""
