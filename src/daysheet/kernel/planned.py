"""Statements that the database plans once: for the written-out readings of the hot paths."""

from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper


def planned_cursor() -> CursorWrapper:
    """Return a cursor whose statements stay planned (see `DatabaseWrapper.planned_cursor`); used with `with`."""
    wrapper: Any = connection
    return wrapper.planned_cursor()  # type: ignore[no-any-return]
