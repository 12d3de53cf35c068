"""What rooms above do when what is due was adjusted, money was taken or went back: registered by them at start-up."""

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.kernel.ending import at_the_end
from daysheet.ledger.models import Payment

adjusted: list[Callable[[Actor, Collection[UUID]], None]] = []
"""What is done after something of some visits was written off, or that was taken back."""

taken: list[Callable[[Actor, Sequence[Payment]], None]] = []
"""What is done after money was taken: the parts of one receipt."""
went_back: list[Callable[[Actor, UUID, Sequence[Payment]], None]] = []
"""What is done after money of a patient went back: by which payments, or none where credit was refunded."""

came_back: list[Callable[[Actor, Sequence[Payment]], None]] = []
"""What is done after payments that had been moved to another account stand for their visits again."""

cleared: list[Callable[[Actor, Collection[UUID]], None]] = []
"""What is done at the end of a command in which patients came to owe nothing; some of them may owe again by then."""


def tell(by: Actor, visit_ids: Collection[UUID | None]) -> None:
    """Let the rooms above look at the visits whose bills have changed."""
    found = {one for one in visit_ids if one}
    for follow in adjusted if found else ():
        follow(by, found)


def tell_taken(by: Actor, payments: Sequence[Payment]) -> None:
    """Let the rooms above look at what was paid."""
    for follow in taken:
        follow(by, payments)


def tell_came_back(by: Actor, payments: Sequence[Payment]) -> None:
    """Let the rooms above look at what is paid after all."""
    for follow in came_back:
        follow(by, payments)


def tell_went_back(by: Actor, patient_id: UUID | None, payments: Sequence[Payment] = ()) -> None:
    """Let the rooms above look at what is not paid any more."""
    if patient_id is None:
        return
    for follow in went_back:
        follow(by, patient_id, payments)


def tell_cleared(by: Actor, patient_ids: Collection[UUID]) -> None:
    """Let the rooms above look, at the end, at the patients who owe nothing any more."""
    for follow in cleared if patient_ids else ():
        at_the_end(by, follow, patient_ids)
