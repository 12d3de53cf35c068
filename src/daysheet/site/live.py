"""Live news for open screens: one listening connection per process, one stream per browser.

An event carries a topic and a key and nothing about a patient; the screen asks for its piece again.
After any gap (a cut stream, a lost connection, a reader that was too slow) it is told to `resync`.
A page says since when it may have missed news: the last events are kept, and told when its stream opens.
"""

import asyncio
import json
import logging
import os
import re
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import psycopg

from daysheet.kernel.clock import system_now
from daysheet.kernel.live import CHANNEL
from daysheet.site.static import Message, Send, answer

Receive = Callable[[], Awaitable[Message]]

log = logging.getLogger("daysheet.live")
TOPIC = re.compile(r"[a-z][a-z0-9-]{0,39}")
MOST_TOPICS = 24
PING = 15.0  # seconds between comments that keep proxies and browsers awake
RECHECK = 4  # pings between two looks at the session: a revoked sign-in stops hearing within a minute
LONGEST_MOMENT = 15  # digits of a millisecond, until the year 33658
SLOTS = 100  # events that a slow reader may fall behind
KEPT = 1000  # events that are kept for pages that are on their way to a browser
RESYNC = ("resync", "")


class Listener(NamedTuple):
    """Who is behind the cookies of a stream, and which topics alone it may hear; None for any."""

    practice_id: str
    who: str
    only: frozenset[str] | None = None


MayListen = Callable[[Mapping[str, str]], Listener | None]


@dataclass(eq=False)
class Reader:
    """One open stream."""

    practice_id: str
    topics: frozenset[str]
    events: asyncio.Queue[tuple[str, str] | None] = field(default_factory=lambda: asyncio.Queue(SLOTS + 2))

    def put(self, event: tuple[str, str] | None) -> None:
        """Hand over an event; a reader too far behind forgets its backlog and reloads instead."""
        if event is not None and self.events.qsize() >= SLOTS:
            while not self.events.empty():
                self.events.get_nowait()
            event = RESYNC
        with suppress(asyncio.QueueFull):
            self.events.put_nowait(event)


class Hub:
    """The process's ear at the database, and the readers it passes the news to."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.readers: set[Reader] = set()
        self.connected = False
        self.closed = False
        self._task: asyncio.Task[None] | None = None
        self._kept: deque[tuple[int, str, tuple[str, str]]] = deque()
        self._whole_from: int | None = None
        """The millisecond from which on every event is kept; nothing before the first is heard."""

    def missed(self, practice_id: str, topics: frozenset[str], since: int) -> list[tuple[str, str]]:
        """Return what a practice's reader of these topics has missed since a moment, each once; `resync` if unknown."""
        if self._whole_from is None or since < self._whole_from:
            return [RESYNC]
        told = (event for at, whose, event in self._kept if at >= since and whose == practice_id)
        return list(dict.fromkeys(event for event in told if event[0] in topics))

    def open(self) -> None:
        """Begin to listen."""
        self._task = asyncio.get_running_loop().create_task(self._listen())

    def close(self) -> None:
        """End all streams and stop listening, so that the process can leave at once."""
        self.closed = True
        for reader in list(self.readers):
            reader.put(None)
        if self._task is not None:
            self._task.cancel()

    async def _listen(self) -> None:
        delay = 0.1
        gap = False
        while not self.closed:
            try:
                async with await psycopg.AsyncConnection.connect(self.dsn, autocommit=True) as link:
                    await link.execute(f"listen {CHANNEL}")
                    self.connected, delay = True, 0.1
                    self._whole_from = _now()
                    if gap:
                        self._tell_all(RESYNC)
                    gap = True
                    async for notice in link.notifies():
                        self._pass_on(notice.payload)
            except psycopg.Error:
                log.warning("the database's news were cut; asking again in %.1f s", delay)
            finally:
                self.connected = False
            await asyncio.sleep(delay)
            delay = min(delay * 2, 5.0)

    def _pass_on(self, payload: str) -> None:
        try:
            news = json.loads(payload)
            practice, event = str(news["practice"]), (str(news["topic"]), str(news.get("key", "")))
        except (ValueError, KeyError, TypeError):
            log.warning("a notice on %s was not understood", CHANNEL)
            return
        self._keep(practice, event)
        for reader in self.readers:
            if reader.practice_id == practice and event[0] in reader.topics:
                reader.put(event)

    def _keep(self, practice: str, event: tuple[str, str]) -> None:
        self._kept.append((_now(), practice, event))
        if len(self._kept) > KEPT:
            self._whole_from = self._kept.popleft()[0] + 1

    def _tell_all(self, event: tuple[str, str]) -> None:
        for reader in self.readers:
            reader.put(event)


class Streams:
    """`/sse/?topics=visits,tasks`: server-sent events for one signed-in browser."""

    def __init__(self, hub: Hub, may_listen: MayListen) -> None:
        self.hub = hub
        self._may_listen = may_listen
        self._asker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sse-session")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Stream events until the browser leaves, the sign-in ends or the process stops."""
        topics = _topics(scope["query_string"])
        cookies = _cookies(scope)
        if scope["method"] != "GET" or not topics:
            await answer(send, 400, b"Name the topics to hear: /sse/?topics=visits", [])
            return
        who = await self._ask(cookies)
        if who is None:
            await answer(send, 403, b"Sign in first.", [])
            return
        if who.only is not None and not topics <= who.only:
            await answer(send, 403, b"This screen may not hear that.", [])
            return
        reader = Reader(who.practice_id, topics)
        self.hub.readers.add(reader)
        for event in [RESYNC] if _came_back(scope) else self._missed(reader, scope["query_string"]):
            reader.put(event)
        leaving = asyncio.ensure_future(_until_gone(receive))
        try:
            await self._stream(scope, send, reader, leaving, (cookies, who))
        finally:
            self.hub.readers.discard(reader)
            leaving.cancel()

    async def _stream(
        self,
        scope: Message,
        send: Send,
        reader: Reader,
        leaving: asyncio.Future[None],
        who: tuple[Mapping[str, str], Listener],
    ) -> None:
        headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store")]
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [*headers, (b"x-accel-buffering", b"no")],
            }
        )
        await _write(send, "retry: 2000\nid: 1\n\n: open\n\n")
        quiet = 0
        while not self.hub.closed and not leaving.done():
            nxt = asyncio.ensure_future(reader.events.get())
            both: set[asyncio.Future[Any]] = {nxt, leaving}
            await asyncio.wait(both, timeout=PING, return_when=asyncio.FIRST_COMPLETED)
            if nxt.done():
                event = nxt.result()
                if event is None:
                    break
                await _write(send, _event(event))
                continue
            nxt.cancel()
            quiet += 1
            if quiet % RECHECK == 0 and await self._ask(who[0]) != who[1]:
                break
            if not leaving.done():
                await _write(send, ": ping\n\n")
        if not leaving.done():
            await send({"type": "http.response.body", "body": b""})

    def _missed(self, reader: Reader, query: bytes) -> list[tuple[str, str]]:
        since = parse_qs(query.decode("latin-1")).get("since", [""])[0]
        known = since.isascii() and since.isdigit() and len(since) <= LONGEST_MOMENT
        return self.hub.missed(reader.practice_id, reader.topics, int(since)) if known else []

    async def _ask(self, cookies: Mapping[str, str]) -> Listener | None:
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._asker, self._may_listen, cookies)
        except Exception:
            log.warning("a sign-in could not be checked", exc_info=bool(os.environ.get("DAYSHEET_TRACEBACK")))
            return None


def listening_dsn() -> str:
    """Return where to listen: the application's database, or DAYSHEET_DIRECT_URL past a pooler."""
    from django.db import connections

    if direct := os.environ.get("DAYSHEET_DIRECT_URL"):
        return direct
    settings = connections["default"].settings_dict
    words: dict[str, Any] = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "dbname": settings["NAME"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "application_name": "daysheet live",
    }
    return psycopg.conninfo.make_conninfo("", **{key: value for key, value in words.items() if value})


def _topics(query: bytes) -> frozenset[str]:
    asked = parse_qs(query.decode("latin-1")).get("topics", [""])[0].split(",")
    return (
        frozenset(topic for topic in asked if TOPIC.fullmatch(topic))
        if len(asked) <= MOST_TOPICS
        else frozenset()
    )


def _came_back(scope: Message) -> bool:
    return any(name == b"last-event-id" for name, _ in scope["headers"])


def _now() -> int:
    """Return this millisecond by the clock that pages are stamped by (`kernel.live.stream_address`)."""
    return int(system_now().timestamp() * 1000)


def _cookies(scope: Message) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            with suppress(CookieError):
                jar.load(value.decode("latin-1"))
    return {name: morsel.value for name, morsel in jar.items()}


def _event(event: tuple[str, str]) -> str:
    topic, key = event
    return f"event: {topic}\ndata: {json.dumps({'topic': topic, 'key': key})}\n\n"


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
