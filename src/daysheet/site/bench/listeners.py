"""Sixty screens that show the board: how long after an act the last has heard of it, and shows it."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from statistics import median
from typing import Any

import psycopg
from django.db import transaction

from daysheet.kernel.live import CHANNEL, announce
from daysheet.kernel.tenancy import acting_in
from daysheet.site.bench.load import Ask, answer_of, load, request_of
from daysheet.site.bench.served import browser_of, serving
from daysheet.site.bench.subjects import Subjects
from daysheet.site.bench.timing import Measured, part
from daysheet.site.postgres import Server

HEARD, SHOWN = "board-60", "board-60-shown"
BOARD = "/desk/list/"
SCREENS, ROUNDS = 60, 20
WITHIN = 1000.0
"""Milliseconds within which the last screen has to hear, and to show."""
PATIENCE = 60.0


def measured(server: Server, who: Subjects, names: Sequence[str]) -> Iterator[Measured]:
    """Let sixty screens listen over HTTP, and fetch the board anew when they hear of something."""

    def act() -> None:
        with acting_in(who.practice.id), transaction.atomic():
            announce(who.practice.id, "visits")

    with serving(server, floor=False) as port:
        browser = browser_of(who)
        if HEARD in names:
            heard = asyncio.run(_rounds(lambda: _screens(port, browser.cookie, shows=False), act))
            bare = asyncio.run(_rounds(lambda: _ears(server.dsn()), act))
            yield _row(HEARD, f"an act is heard by {SCREENS} screens, the last of them", heard, bare)
        if SHOWN in names:
            shown = asyncio.run(_rounds(lambda: _screens(port, browser.cookie, shows=True), act))
            with serving(server, floor=True) as floor:
                asks = [Ask(BOARD)] * SCREENS
                rounds = [
                    load(floor, asks, browser.cookie, browser.token, clients=SCREENS) for _ in range(ROUNDS)
                ]
            bare = [one.seconds * 1000 for one in rounds[1:]]
            yield _row(SHOWN, f"and shown by {SCREENS} screens; the floor draws as many boards", shown, bare)


def _row(name: str, about: str, mine: list[float], bare: list[float]) -> Measured:
    return Measured(
        name, about, "ms", median(mine), part(mine, 0.95), part(mine, 0.1), median(bare), part(bare, 0.95),
        median(mine) / median(bare), None, f"p95 at most {WITHIN:g} ms", part(mine, 0.95) <= WITHIN,
    )  # fmt: skip


Hear = Callable[[], Coroutine[Any, Any, None]]


async def _rounds(
    opening: Callable[[], Coroutine[Any, Any, list[Hear]]], act: Callable[[], None]
) -> list[float]:
    """Return for each round the milliseconds from the act until the last one has heard."""
    every, found = await opening(), []
    for _ in range(ROUNDS + 1):
        waiting = [asyncio.ensure_future(hear()) for hear in every]
        await asyncio.sleep(0.05)
        began = time.perf_counter()
        await asyncio.to_thread(act)
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*waiting)
        found.append((time.perf_counter() - began) * 1000)
    return found[1:]


async def _screens(port: int, cookie: str, *, shows: bool) -> list[Hear]:
    return [await _screen(port, cookie, shows=shows) for _ in range(SCREENS)]


async def _screen(port: int, cookie: str, *, shows: bool) -> Hear:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET /sse/?topics=visits HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n"
    writer.write(head.encode())
    answer = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in answer.split(b"\r\n", 1)[0]:
        raise RuntimeError("a screen of the bench was not let in")

    async def hear() -> None:
        # Who writes is asked too: a writer that nobody holds is closed, and the stream with it.
        while not writer.is_closing() and b"event: visits" not in await reader.readuntil(b"\n"):
            pass

    if not shows:
        return hear
    inward, outward = await asyncio.open_connection("127.0.0.1", port)

    async def show() -> None:
        await hear()
        outward.write(request_of(Ask(BOARD), port, cookie, ""))
        if await answer_of(inward) != 200:
            raise RuntimeError("a screen of the bench was shown no board")

    return show


async def _ears(address: str) -> list[Hear]:
    found: list[Hear] = []
    for _ in range(SCREENS):
        link = await psycopg.AsyncConnection.connect(address, autocommit=True)
        await link.execute(f"listen {CHANNEL}")
        found.append(_ear(link))
    return found


def _ear(link: psycopg.AsyncConnection[Any]) -> Hear:
    async def hear() -> None:
        async for _ in link.notifies(stop_after=1):
            return

    return hear
