"""The wall around each practice: which practice's rows a statement may see."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection

acting_practice: ContextVar[UUID | None] = ContextVar("acting_practice", default=None)


def acting_practice_id() -> UUID | None:
    """Return the practice that new rows belong to, or None outside any practice."""
    return acting_practice.get()


@contextmanager
def acting_in(practice_id: UUID | None) -> Iterator[None]:
    """Act within one practice: its rows are visible, no others; None sees no practice's rows at all."""
    before = acting_practice.get()
    token = acting_practice.set(practice_id)
    open_already = connection.in_atomic_block and before != practice_id
    if open_already:
        _tell(practice_id)
    try:
        yield
    finally:
        acting_practice.reset(token)
        if open_already and connection.in_atomic_block and not connection.needs_rollback:
            _tell(before)


def _tell(practice_id: UUID | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.practice', %s, true)", [str(practice_id or "")])
