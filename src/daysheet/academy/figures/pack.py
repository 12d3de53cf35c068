"""The only door to the figures: read-only, whichever pack is newest."""

import sqlite3
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

SHIPPED = Path(__file__).parent.parent / "pack" / "academy.sqlite"
_local = threading.local()


def loaded() -> Path:
    """Return where a pack lies that this office loaded itself."""
    return Path(settings.STATE) / "academy" / "academy.sqlite"


def place() -> Path:
    """Return the pack that pages read: the office's own, else the shipped one."""
    own = loaded()
    return own if own.is_file() else SHIPPED


def edition() -> str:
    """Return a word that changes when the figures change."""
    file = place()
    state = file.stat()
    return f"{file}:{state.st_size}:{state.st_mtime_ns}"


def rows(sql: str, given: Sequence[Any] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
    """Return the rows of one statement; columns by name."""
    return _connection().execute(sql, given).fetchall()


def row(sql: str, given: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Row | None:
    """Return the first row of one statement, or None."""
    found: sqlite3.Row | None = _connection().execute(sql, given).fetchone()
    return found


def source(name: str) -> sqlite3.Row | None:
    """Return where figures with this source id come from."""
    return row("select * from sources where id = ?", (name,))


class _Link(sqlite3.Connection):
    """A thread's own way into the pack; it closes with its thread."""

    def __del__(self) -> None:
        self.close()


def _connection() -> sqlite3.Connection:
    now = edition()
    if getattr(_local, "edition", None) != now:
        link = sqlite3.connect(
            f"file:{place()}?mode=ro&immutable=1", uri=True, factory=_Link, check_same_thread=False
        )
        link.row_factory = sqlite3.Row
        _local.link, _local.edition = link, now
    kept: sqlite3.Connection = _local.link
    return kept
