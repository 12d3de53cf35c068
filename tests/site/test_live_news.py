"""A screen hears of changes in its own practice, by topic and key, and of any gap."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from daysheet.kernel.clock import system_now
from daysheet.kernel.live import stream_address
from daysheet.kernel.together import coming
from daysheet.site.asgi import FrontDoor
from daysheet.site.live import CHANNEL, PING, Hub, Listener
from daysheet.site.static import StaticFiles
from tests.patience import PATIENCE
from tests.throwaway import Throwaway

OURS, THEIRS = "0190aaaa-0000-7000-8000-000000000001", "0190aaaa-0000-7000-8000-000000000002"


def rosa_only(cookies: Mapping[str, str]) -> Listener | None:
    """Rosa, and the wall of her waiting room."""
    known = {"rosa": Listener(OURS, "rosa"), "wall": Listener(OURS, "wall", frozenset({"visits"}))}
    return known.get(cookies.get("daysheet_session", ""))


async def no_pages(*_: object) -> None:
    raise AssertionError("a stream is never a page")


class Browser:
    """One browser with an open stream."""

    def __init__(
        self,
        door: FrontDoor,
        topics: str,
        *,
        session: str = "rosa",
        again: bool = False,
        since: int | str | None = None,
    ) -> None:
        headers = [(b"cookie", f"daysheet_session={session}".encode())]
        headers += [(b"last-event-id", b"1")] if again else []
        self.scope = {
            "type": "http",
            "method": "GET",
            "path": "/sse/",
            "query_string": (f"topics={topics}" + (f"&since={since}" if since is not None else "")).encode(),
            "headers": headers,
        }
        self.gone = asyncio.Event()
        self.said: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.task = asyncio.ensure_future(door(self.scope, self._receive, self.said.put))

    async def _receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def hears(self) -> MutableMapping[str, Any]:
        async with asyncio.timeout(PATIENCE):
            return await self.said.get()

    async def event(self) -> tuple[str, str]:
        while True:
            text = (await self.hears()).get("body", b"").decode()
            if "event: " in text:
                lines = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
                return lines["event"], json.loads(lines["data"])["key"]

    async def leave(self) -> None:
        self.gone.set()
        async with asyncio.timeout(PATIENCE):
            await self.task


def live(test_database: Throwaway, story: Callable[[FrontDoor], Awaitable[None]]) -> None:
    async def run() -> None:
        hub = Hub(test_database.server.dsn("daysheet_app"))
        hub.open()
        door = FrontDoor(no_pages, StaticFiles([]), hub, rosa_only)
        try:
            while not hub.connected:
                await asyncio.sleep(0.01)
            await story(door)
        finally:
            hub.close()
            await asyncio.sleep(0)

    asyncio.run(run())


def announce(test_database: Throwaway, practice: str, topic: str, key: str = "") -> None:
    with psycopg.connect(test_database.server.dsn("daysheet_app")) as link:
        payload = json.dumps({"practice": practice, "topic": topic, "key": key})
        link.execute("select pg_notify(%s, %s)", [CHANNEL, payload])


def test_a_screen_hears_its_topics_of_its_practice_and_nothing_else(test_database: Throwaway) -> None:
    async def story(door: FrontDoor) -> None:
        rosa = Browser(door, "visits,tasks")
        assert (await rosa.hears())["status"] == 200
        await rosa.hears()
        for practice, topic in ((THEIRS, "visits"), (OURS, "mail"), (OURS, "visits")):
            announce(test_database, practice, topic, "7")
        assert await rosa.event() == ("visits", "7")
        assert rosa.said.empty()
        await rosa.leave()
        assert door.hub.readers == set()

    live(test_database, story)


def test_a_wall_hears_of_visits_alone(test_database: Throwaway) -> None:
    async def story(door: FrontDoor) -> None:
        for topics in ("mail", "visits,mail"):
            curious = Browser(door, topics, session="wall")
            assert (await curious.hears())["status"] == 403
            await curious.leave()
        wall = Browser(door, "visits", session="wall")
        assert (await wall.hears())["status"] == 200
        await wall.leave()

    live(test_database, story)


def test_after_a_gap_the_screen_is_told_to_reload(test_database: Throwaway) -> None:
    async def story(door: FrontDoor) -> None:
        rosa = Browser(door, "visits")
        await rosa.hears()
        with psycopg.connect(test_database.server.dsn("postgres"), autocommit=True) as link:
            link.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'daysheet_app' "
                "and datname = current_database() and query like 'listen %'"  # the ear alone, not this test's own
            )
        assert await rosa.event() == ("resync", "")
        announce(test_database, OURS, "visits", "8")
        assert await rosa.event() == ("visits", "8")
        returning = Browser(door, "visits", again=True)
        assert await returning.event() == ("resync", "")
        await rosa.leave()
        await returning.leave()

    live(test_database, story)


def test_a_screen_too_far_behind_reloads_instead_of_catching_up(test_database: Throwaway) -> None:
    async def story(door: FrontDoor) -> None:
        rosa = Browser(door, "visits")
        await rosa.hears()
        await rosa.hears()
        (reader,) = door.hub.readers
        for n in range(101):
            reader.put(("visits", str(n)))
        assert await rosa.event() == ("resync", "")
        await rosa.leave()

    live(test_database, story)


def stamp() -> int:
    """Return the moment by which a page says that it was drawn."""
    with coming(at=system_now()):
        return int(parse_qs(urlsplit(stream_address()).query)["since"][0])


async def kept(door: FrontDoor, count: int) -> None:
    """Wait until the door has heard so much."""
    while len(door.hub._kept) < count:
        await asyncio.sleep(0.01)


def test_a_page_hears_at_once_what_changed_while_it_was_on_its_way(test_database: Throwaway) -> None:
    async def story(door: FrontDoor) -> None:
        announce(test_database, OURS, "visits", "before the page was asked for")
        await kept(door, 1)
        while (since := stamp()) <= door.hub._kept[0][0]:
            await asyncio.sleep(0.001)
        for practice, topic in ((THEIRS, "visits"), (OURS, "mail"), (OURS, "visits"), (OURS, "visits")):
            announce(test_database, practice, topic, "7")
        await kept(door, 5)
        rosa = Browser(door, "visits", since=since)
        assert await rosa.event() == ("visits", "7")
        announce(test_database, OURS, "visits", "8")
        assert await rosa.event() == ("visits", "8")
        for silent in (Browser(door, "visits"), Browser(door, "visits", since="yesterday")):
            assert (await silent.hears())["status"] == 200
            await silent.hears()
            assert silent.said.empty()
            await silent.leave()
        await rosa.leave()

    live(test_database, story)


def test_a_page_from_before_what_is_kept_is_told_to_reload(
    test_database: Throwaway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(door: FrontDoor) -> None:
        old = Browser(door, "visits", since=1)
        assert await old.event() == ("resync", "")
        await old.leave()
        since = stamp()
        for key in "1234":
            announce(test_database, THEIRS, "visits", key)
        while not any(event == ("visits", "4") for _at, _practice, event in door.hub._kept):
            await asyncio.sleep(0.01)
        assert len(door.hub._kept) == 2
        late = Browser(door, "visits", since=since)
        assert await late.event() == ("resync", "")
        await late.leave()

    monkeypatch.setattr("daysheet.site.live.KEPT", 2)
    live(test_database, story)


def test_a_page_is_stamped_with_the_moment_at_which_its_request_came() -> None:
    drawn: list[str] = []

    async def page(*_: object) -> None:
        drawn.append(stream_address())

    scope = {"type": "http", "method": "POST", "path": "/desk/"}
    before = stamp()
    asyncio.run(FrontDoor(page, StaticFiles([]), Hub(""), rosa_only)(scope, no_pages, no_pages))
    after = stamp()
    assert before <= int(drawn[0].removeprefix("/sse/?since=")) <= after
    assert stream_address() == "/sse/"


@pytest.mark.parametrize(
    ("topics", "session", "status"),
    [
        ("visits", "nobody", 403),
        ("", "rosa", 400),
        ("../etc", "rosa", 400),
        (",".join("a" * 30), "rosa", 400),
    ],
)
def test_a_stranger_and_a_shapeless_wish_are_refused(
    test_database: Throwaway, topics: str, session: str, status: int
) -> None:
    async def story(door: FrontDoor) -> None:
        browser = Browser(door, topics, session=session)
        assert (await browser.hears())["status"] == status
        await browser.leave()

    live(test_database, story)


def test_sixty_screens_hear_each_act_once_and_in_order(test_database: Throwaway) -> None:
    async def story(door: FrontDoor) -> None:
        screens = [Browser(door, "visits") for _ in range(60)]
        for screen in screens:
            assert (await screen.hears())["status"] == 200
            await screen.hears()
        for key in ("1", "2", "3"):
            announce(test_database, OURS, "visits", key)
        heard = [[await screen.event() for _ in range(3)] for screen in screens]
        assert heard == [[("visits", "1"), ("visits", "2"), ("visits", "3")]] * 60
        assert all(screen.said.empty() for screen in screens)
        for screen in screens:
            await screen.leave()

    live(test_database, story)


def test_two_hundred_open_streams_end_at_once_when_the_process_leaves(test_database: Throwaway) -> None:
    async def story(door: FrontDoor) -> None:
        browsers = [Browser(door, "visits") for _ in range(200)]
        for browser in browsers:
            assert (await browser.hears())["status"] == 200
        announce(test_database, OURS, "visits", "9")
        assert [await browser.event() for browser in browsers] == [("visits", "9")] * 200
        door.hub.close()
        async with asyncio.timeout(PING / 2):
            await asyncio.gather(*(browser.task for browser in browsers))

    live(test_database, story)
