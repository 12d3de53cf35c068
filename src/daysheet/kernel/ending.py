"""What is looked at once, when the outermost command has done all of its work and before its commit.

A command may pass through a state that does not last: a bill is taken back and posted anew. What follows from how
things stand is asked at the end, in the same transaction.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from daysheet.kernel.access import Actor

Follow = Callable[[Actor, Collection[UUID]], None]
Gathered = dict[Follow, tuple[Actor, dict[UUID, None]]]

_open: ContextVar[tuple[UUID, Gathered] | None] = ContextVar("looked_at_at_the_end", default=None)


def at_the_end(by: Actor, follow: Follow, ids: Collection[UUID]) -> None:
    """Let something look once at all ids that are gathered for it until the end; outside of a command at once."""
    held = _open.get()
    if held is None:
        follow(by, ids)
    elif ids:
        _by, gathered = held[1].setdefault(follow, (by, {}))
        gathered.update(dict.fromkeys(ids))


@contextmanager
def ending(practice_id: UUID) -> Iterator[None]:
    """Look at what was gathered when the outermost command of a practice ends well."""
    held = _open.get()
    if held is not None and held[0] == practice_id:
        yield
        return
    gathered: Gathered = {}
    token = _open.set((practice_id, gathered))
    try:
        yield
        while gathered:
            follow, (by, ids) = gathered.popitem()
            follow(by, list(ids))
    finally:
        _open.reset(token)
