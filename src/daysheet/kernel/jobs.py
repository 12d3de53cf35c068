"""Jobs: work for later, enqueued in the same transaction as the fact that caused it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from procrastinate.contrib.django import app

Work = Callable[..., None]
_works: dict[str, Work] = {}


@dataclass(frozen=True, slots=True)
class HeldJob:
    """A job that a training clock keeps in its hand instead of the queue."""

    name: str
    kwargs: dict[str, str]
    at: datetime | None

    def run(self) -> None:
        """Do the work now."""
        _works[self.name](**self.kwargs)


_held: ContextVar[list[HeldJob] | None] = ContextVar("held_jobs", default=None)


def job(name: str, *, queue: str = "office") -> Callable[[Work], Work]:
    """Register `room.verb_noun` as a job: it takes ids as text, loads, calls one command, and may run twice."""

    def build(work: Work) -> Work:
        _works[name] = work
        app.task(name=name, queue=queue, retry=5)(work)
        return work

    return build


def later(name: str, *, at: datetime | None = None, **kwargs: UUID | str) -> None:
    """Enqueue a job by its name, at once or not before a moment."""
    texts = {key: str(value) for key, value in kwargs.items()}
    held = _held.get()
    if held is not None:
        held.append(HeldJob(name, texts, at))
        return
    app.configure_task(name, schedule_at=at, allow_unknown=False).defer(**texts)


def known() -> frozenset[str]:
    """Return the names of all jobs that rooms have registered."""
    return frozenset(_works)


@contextmanager
def holding() -> Iterator[list[HeldJob]]:
    """Keep the jobs of the block in a list, for a training clock or a test to run in its own time."""
    held: list[HeldJob] = []
    token = _held.set(held)
    try:
        yield held
    finally:
        _held.reset(token)
