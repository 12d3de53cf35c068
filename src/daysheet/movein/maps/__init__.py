"""Maps of columns: those that come with the product, as the old systems' own documents show them, and the office's."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from daysheet.movein.models import ColumnMap


@dataclass(frozen=True, slots=True)
class KnownMap:
    """A map by its name: which column tells what, and what the old system's values mean."""

    name: str
    kind: str
    system: str
    columns: Mapping[str, str]
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    day_first: bool = False
    source: str = ""
    """The address of the document that shows the layout."""
    is_own: bool = False


@cache
def shipped() -> tuple[KnownMap, ...]:
    """Return the maps that come with the product."""
    found: list[KnownMap] = []
    for path in sorted(resources.files("daysheet.movein.maps").iterdir(), key=lambda one: one.name):
        if not path.name.endswith(".toml"):
            continue
        told = tomllib.loads(path.read_text("utf-8"))
        for kind, one in told["files"].items():
            name = f"{told['system']}: {kind}"
            found.append(
                KnownMap(
                    name,
                    kind,
                    told["system"],
                    one["columns"],
                    one.get("meanings", {}),
                    one.get("day_first", False),
                    one.get("source", told["source"]),
                )
            )
    return tuple(found)


def kept() -> list[KnownMap]:
    """Return the maps that the office keeps."""
    return [
        KnownMap(one.name, one.kind, one.system, one.columns, one.meanings, one.day_first, is_own=True)
        for one in ColumnMap.objects.order_by("kind", "name")
    ]


def fitting(columns: Sequence[str], *, kind: str = "", name: str = "") -> KnownMap | None:
    """Return the map of that name; without a name the one all of whose columns stand in the file, the fullest first."""
    known = [one for one in (*kept(), *shipped()) if not kind or one.kind == kind]
    if name:
        return next((one for one in known if one.name == name), None)
    there = set(columns)
    whole = [one for one in known if len(one.columns) > 2 and set(one.columns.values()) <= there]
    return max(whole, key=lambda one: (len(one.columns), one.is_own), default=None)
