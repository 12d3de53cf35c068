"""What rooms above do when the office has adjusted what is due: registered by them at start-up."""

from collections.abc import Callable, Collection
from uuid import UUID

from daysheet.kernel.access import Actor

adjusted: list[Callable[[Actor, Collection[UUID]], None]] = []
"""What is done after something of some visits was written off, or that was taken back."""


def tell(by: Actor, visit_ids: Collection[UUID | None]) -> None:
    """Let the rooms above look at the visits whose bills have changed."""
    found = {one for one in visit_ids if one}
    for follow in adjusted if found else ():
        follow(by, found)
