"""Live news: a screen elsewhere hears that something changed, never what."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection

from daysheet.kernel.together import came_at

CHANNEL = "daysheet_live"
_gathered: ContextVar[dict[str, None] | None] = ContextVar("news_gathered", default=None)


def stream_address() -> str:
    """Return where a page hears news, with the millisecond at which its request came.

    All that the page shows was read after it, so what changed since then is told when the stream opens. It is the
    machine's own time: a training clock stands still, and every process of the office hears the news for itself.
    """
    at = came_at()
    return f"/sse/?since={int(at.timestamp() * 1000)}" if at else "/sse/"


def announce(practice_id: UUID, topic: str, key: str = "") -> None:
    """Tell every open screen of the practice, at the commit, that a topic changed. No patient data goes along."""
    news = json.dumps({"practice": str(practice_id), "topic": topic, "key": key})
    gathered = _gathered.get()
    if gathered is None:
        _send([news])
    else:
        gathered[news] = None


@contextmanager
def gathering() -> Iterator[None]:
    """Send the news of a command and of those it calls once, when the outermost one ends well."""
    if _gathered.get() is not None:
        yield
        return
    news: dict[str, None] = {}
    token = _gathered.set(news)
    try:
        yield
    finally:
        _gathered.reset(token)
    if news:
        _send(list(news))


def _send(news: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, said) from unnest(%s::text[]) said", [CHANNEL, news])
