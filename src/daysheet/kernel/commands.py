"""The one door for writes: a command opens the transaction, asks the permission, and refuses silence."""

import inspect
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import listening
from daysheet.kernel.ending import ending
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import gathering
from daysheet.kernel.tenancy import acting_in

log = logging.getLogger("daysheet.commands")
P = ParamSpec("P")
R = TypeVar("R")
TRIES = 3
inside: ContextVar[int] = ContextVar("commands_open", default=0)
"""How many commands are open; above zero while a write is allowed."""


class SilentCommand(AssertionError):
    """A command ended without a line in the diary: a bug, and all of it is rolled back."""


class Door(Protocol):
    """What a decorated command carries beside its call."""

    needs: Can


def command(
    *, needs: Can
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Make a function a command: `by` first, all else by name; one transaction, one permission, one diary line.

    Two commands that wait for each other are parted by the database, which takes one of them back whole; that
    one is done again from its beginning, so no desk reads of it.
    """

    def build(act: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        first, *others = inspect.signature(act).parameters.values()
        if first.kind is not first.POSITIONAL_ONLY or any(p.kind is not p.KEYWORD_ONLY for p in others):
            raise TypeError(f"{act.__qualname__}: write it as (by, /, *, name=...)")

        @wraps(act)
        def door(by: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            by.must(needs)
            if inside.get():
                return within(by, *args, **kwargs)
            is_spent = any(isinstance(one, Iterator) for one in (*args, *kwargs.values()))
            for tried in range(1, TRIES + 1):
                try:
                    return within(by, *args, **kwargs)
                except OperationalError as broken:
                    # What is read once, such as a stream, is empty at a second try.
                    if tried == TRIES or is_spent or not isinstance(broken.__cause__, DeadlockDetected):
                        raise
                    log.warning("%s.%s met another command and is done again", act.__module__, act.__name__)
            raise AssertionError("a try returns or raises")

        def within(by: Actor, /, *args: P.args, **kwargs: P.kwargs) -> R:
            is_outermost = inside.get() == 0
            token = inside.set(inside.get() + 1)
            try:
                # A refusal inside takes all of the outermost command back: no savepoint for inner ones.
                with (
                    acting_in(by.practice_id),
                    transaction.atomic(savepoint=is_outermost),
                    gathering(),
                    listening(by.practice_id) as page,
                ):
                    with ending(by.practice_id):
                        result = act(by, *args, **kwargs)
                    if not page.heard:
                        raise SilentCommand(f"{act.__module__}.{act.__name__} recorded nothing")
                    return result
            finally:
                inside.reset(token)

        door.needs = needs  # type: ignore[attr-defined]
        return door

    return build


@contextmanager
def refusing(**sentences: Refusal) -> Iterator[None]:
    """Turn a broken constraint, by its name, into the refusal that the desk reads.

    Deferred constraints are checked here too, so that the refusal comes now and not at the end.
    """
    try:
        with transaction.atomic():
            yield
            connection.check_constraints()
    except IntegrityError as broken:
        name = getattr(getattr(broken.__cause__, "diag", None), "constraint_name", None)
        if name in sentences:
            raise sentences[name] from broken
        raise
