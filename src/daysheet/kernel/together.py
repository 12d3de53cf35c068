"""One reading for all who had asked when it began: sixty screens that hear of an act read the board a few times.

A reading shows all that was so when it began. To a request that had come to the door by then it is as good as its own,
so that is the one rule: nothing older is given, no clock forgets, and who acts reads anew.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

from django.utils.translation import get_language

from daysheet.kernel.tenancy import acting_practice_id

Found = TypeVar("Found")

MOST = 64
"""So many readings are held, the last one of each key."""


@dataclass(slots=True)
class _Last:
    """The last reading under a key; who comes while it is made waits for it."""

    lock: Lock = field(default_factory=Lock)
    began: float = float("-inf")
    found: Any = None


_came: ContextVar[float | None] = ContextVar("came", default=None)
_came_at: ContextVar[datetime | None] = ContextVar("came_at", default=None)
_held: OrderedDict[Hashable, _Last] = OrderedDict()
_holding = Lock()


@contextmanager
def coming(*, looks: bool = True, at: datetime | None = None) -> Iterator[None]:
    """Note that a request comes to the door now, one that only looks; one that acts reads alone, as all do without it.

    To be said of each request: what a connection brings next begins in the context of the request before.
    """
    before, stamped = _came.set(time.monotonic() if looks else None), _came_at.set(at)
    try:
        yield
    finally:
        _came.reset(before)
        _came_at.reset(stamped)


def came_at() -> datetime | None:
    """Return when the request came, by the machine's clock; None where the door did not say."""
    return _came_at.get()


def read_together(key: Hashable, read: Callable[[], Found]) -> Found:
    """Return what `read` finds, or what it found for another request of the practice after this one had come.

    The key says all on which the reading depends but the practice and the language. What is found is shared: it is
    looked at and never changed, and holds no more than each who asks by this key may see.
    """
    came = _came.get()
    if came is None:
        return read()
    last = _last((acting_practice_id(), get_language(), key))
    with last.lock:
        if last.began < came:
            began = time.monotonic()
            last.found = read()
            last.began = began
        found: Found = last.found
    return found


def _last(key: Hashable) -> _Last:
    with _holding:
        last = _held.setdefault(key, _Last())
        _held.move_to_end(key)
        while len(_held) > MOST:
            _held.popitem(last=False)
    return last
