"""What is settled where it stands and not on the work list: rooms above register here in their apps' ready()."""

from collections.abc import Callable
from uuid import UUID

from daysheet.tasks.models import WorkqueueItem

_waits: dict[tuple[str, str], Callable[[UUID], bool]] = {}


def settles(kind: str, subject_kind: str, waits: Callable[[UUID], bool]) -> None:
    """Register a kind of item whose subject has a page of its own to end it on; `waits`: whether it still does."""
    _waits[kind, subject_kind] = waits


def is_settled_elsewhere(item: WorkqueueItem) -> bool:
    """Return whether an item is of a kind that is ended on the page to which it leads."""
    return bool(item.link) and (item.kind, item.subject_kind) in _waits


def still_waits(item: WorkqueueItem) -> bool:
    """Return whether what an item stands for still waits on its own page."""
    waits = _waits.get((item.kind, item.subject_kind))
    return bool(item.link and item.subject_id and waits and waits(item.subject_id))
