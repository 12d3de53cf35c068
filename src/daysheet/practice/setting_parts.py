"""What a setting brings to each room: rooms of the house register what they can show, add and take back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.practice.care_settings import CareSetting

COMES, HERE, RETIRED = "comes", "here", "retired"
"""It is missing and would come; it is here already and stays; it was retired here and would be taken up again."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that a setting brings: what it is called in this practice, and whether it is here."""

    name: str
    detail: str = ""
    state: str = COMES
    note: str = ""
    """What a person reads of it: what a patient is told, what a form says."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one room has to say about a setting."""

    key: str
    rank: int
    """The order in which parts are added: rooms before what stands in them."""
    pieces: Callable[[CareSetting, UUID | None], Sequence[Piece]]
    """What a setting would bring to a door, or to one that is yet to come."""
    add: Callable[[Actor, CareSetting, Sequence[Piece], UUID], Mapping[str, str]]
    """Bring some pieces; return where each is found again."""
    retire: Callable[[Actor, Mapping[str, str]], object]
    """Take pieces back that were brought: by name, where each is."""


PARTS: dict[str, Part] = {}


def brings(part: Part) -> None:
    """Register a room's part; called in its apps.ready()."""
    PARTS[part.key] = part


def parts() -> list[Part]:
    """Return all parts in the order in which they are added."""
    return sorted(PARTS.values(), key=lambda part: part.rank)
