"""The listener: sockets around a telephone that only watches; what it hears goes through the door of all reports.

No number and nothing else of a call is ever written to a log: only how much was not heard, by words of ours.
"""

import asyncio
import logging
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import TypeAlias
from uuid import UUID

from django.db import DatabaseError, close_old_connections, connections, transaction

from daysheet.formats.sip.message import Frames, NotSip
from daysheet.formats.sip.registering import Exchange
from daysheet.formats.sip.watching import Line, Peer, Said, Send, Told, Watcher
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.phones import commands, keys, queries, receiving, rules
from daysheet.phones.commands import Report
from daysheet.phones.models import PhoneLine
from daysheet.phones.signing_in import Signed, SignIns

log = logging.getLogger(__name__)
TICK = 0.1
RELOADS, SAYS, HEARS = 2.0, 300.0, 300.0
"""Seconds: how often the lines are read anew, what was not heard is logged, a sign of life is noted."""
MOST_LINKS, IDLE = 50, 600.0
TRIES = 5

Reads: TypeAlias = Callable[[], Sequence[Line | Signed]]
Tells: TypeAlias = Callable[[Told], None]


@dataclass
class Office:
    """The offices of this installation, or one of them: their lines, and their doors."""

    only: UUID | None = None
    _practices: dict[str, UUID] = field(default_factory=dict)

    def lines(self) -> list[Line | Signed]:
        """Return the lines in use, those that sign in with their exchange, within the walls of each practice."""
        found: list[Line | Signed] = []
        practices: dict[str, UUID] = {}
        for practice in (
            Practice.objects.all() if self.only is None else Practice.objects.filter(pk=self.only)
        ):
            with acting_in(practice.pk), transaction.atomic():
                for one in queries.lines(now=practice.now(), zone=practice.zone):
                    secret = keys.unseal(one.secret) if one.secret else ""
                    line = Line(str(one.pk), one.user, rules.networks(one.hosts), secret)
                    found.append(Signed(line, exchange) if (exchange := _exchange(one)) else line)
                    practices[str(one.pk)] = practice.pk
        self._practices = practices
        return found

    def tell(self, told: Told) -> None:
        """Take in what happened on a line; each event of a call counts once, also after a restart."""
        practice_id = self._practices.get(told.line)
        if practice_id is None:
            return
        with acting_in(practice_id), transaction.atomic():
            if told.event == "heard":
                commands.hear_line(receiving.reporter(practice_id), line_id=UUID(told.line))
                return
            if told.event == "exchange":
                by, seconds = receiving.reporter(practice_id), told.seconds
                commands.note_standing(by, line_id=UUID(told.line), standing=told.standing, seconds=seconds)
                return
            name = f"{told.call}-{told.event}"
            receiving.take_in(
                practice_id, Report(name, told.event, told.call, told.number, came_by=UUID(told.line))
            )


class Teller(threading.Thread):
    """Tells the office what happened, in the order in which it did, beside the sockets; it tries again for a while."""

    def __init__(self, tells: Tells) -> None:
        super().__init__(daemon=True, name="teller")
        self._tells = tells
        self._waiting: queue.Queue[Told | None] = queue.Queue(maxsize=5000)

    def put(self, told: Told) -> None:
        """Queue an event; where thousands wait, the office is gone and one more does not help it."""
        with suppress(queue.Full):
            self._waiting.put_nowait(told)

    def end(self) -> None:
        """Tell what waits and leave."""
        self._waiting.put(None)
        self.join(timeout=3)

    def run(self) -> None:
        """Tell until asked to leave."""
        while (told := self._waiting.get()) is not None:
            for number in range(TRIES):
                try:
                    close_old_connections()
                    self._tells(told)
                    break
                except DatabaseError as no:
                    log.warning("a %s could not be told (%s)", told.event, type(no).__name__)
                    threading.Event().wait(0.2 * 2**number)
        connections.close_all()


class Listener(asyncio.DatagramProtocol):
    """One address, by UDP and TCP, for all lines."""

    def __init__(self, reads: Reads, tells: Tells) -> None:
        self.watcher = Watcher()
        self._reads = reads
        self._teller = Teller(tells)
        self._udp: asyncio.DatagramTransport | None = None
        self._lines: list[Line] = []
        self._signs: SignIns | None = None
        self.links: dict[int, asyncio.StreamWriter] = {}
        self._came = 0
        """How many connections came in; those that we opened ourselves take nobody's place."""
        self._heard: dict[str, float] = {}

    async def listen(
        self, host: str, port: int, *, ready: Callable[[int], None], stop: asyncio.Event
    ) -> None:
        """Listen until asked to stop; `ready` is told the port."""
        fresh = await asyncio.to_thread(self._fresh)
        self._teller.start()
        self._udp, server, port = await self._opened(host, port)
        self._signs = SignIns(self, self._teller.put, self._dress)
        await self._take(fresh)
        ready(port)
        try:
            await asyncio.gather(self._ticks(stop), self._reloads(stop))
        finally:
            await self._signs.end()
            self._udp.close()
            server.close()
            for link in self.links.values():
                link.close()
            await asyncio.to_thread(self._teller.end)

    async def _opened(
        self, host: str, port: int, tries: int = TRIES
    ) -> tuple[asyncio.DatagramTransport, asyncio.Server, int]:
        """Open one port by UDP and TCP; where any will do, one that is free by half is left for another."""
        loop = asyncio.get_running_loop()
        udp, _self = await loop.create_datagram_endpoint(lambda: self, local_addr=(host, port))
        got = int(udp.get_extra_info("sockname")[1])
        try:
            return udp, await asyncio.start_server(self._linked, host, got, limit=2**16), got
        except OSError:
            udp.close()
            if port or not tries:
                raise
        return await self._opened(host, port, tries - 1)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Nothing to do: the socket is kept by who opened it."""

    def error_received(self, exc: Exception) -> None:
        """Go on: a telephone that is gone does not end the others."""
        self.watcher.unheard[type(exc).__name__] += 1

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Hear a datagram: what is asked, or an answer to what we asked an exchange."""
        peer = Peer(_plain(addr[0]), addr[1])
        if data[:4].upper() == b"SIP/" and self._signs:
            self._signs.answers(data, peer)
        else:
            self.hear(data, peer)

    def send_datagram(self, data: bytes, to: tuple[str, int]) -> None:
        """Send by the socket on which calls come in."""
        if self._udp:
            self._udp.sendto(data, to)

    def family(self) -> int:
        """Return the address family of the socket for datagrams; 0 while there is none."""
        held = self._udp.get_extra_info("socket") if self._udp else None
        return int(held.family) if held else 0

    def port(self) -> int:
        """Return the port of that socket."""
        return int(self._udp.get_extra_info("sockname")[1]) if self._udp else 0

    async def _linked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Hear a connection until it ends, is silent for long or cannot be cut into messages."""
        host, port = writer.get_extra_info("peername")[:2]
        peer = Peer(_plain(host), port, "TCP", id(writer))
        if not self.watcher.knows(peer) or self._came >= MOST_LINKS:
            self.watcher.unheard["stranger"] += 1
            writer.close()
            return
        self.links[peer.link] = writer
        self._came += 1
        frames = Frames()
        try:
            while data := await _within(IDLE, reader):
                for whole in frames.feed(data):
                    if whole:
                        self.hear(whole, peer)
                    else:
                        writer.write(b"\r\n")
                await writer.drain()
        except (NotSip, OSError, TimeoutError):
            self.watcher.unheard["connection"] += 1
        finally:
            self.links.pop(peer.link, None)
            self._came -= 1
            writer.close()

    def hear(self, data: bytes, peer: Peer) -> None:
        """Hear a message; one that breaks us is logged by its kind and by nothing of it."""
        try:
            self._do(self.watcher.hear(data, peer, now=asyncio.get_running_loop().time()))
        except Exception as bug:
            log.error("a message broke the listener: %s", type(bug).__name__)

    def _do(self, said: Sequence[Said]) -> None:
        for one in said:
            if isinstance(one, Send):
                self._send(one)
            elif one.event != "heard" or self._is_due(one.line):
                self._teller.put(one)

    def _send(self, one: Send) -> None:
        if one.to.by == "UDP" and self._udp:
            self._udp.sendto(one.data, (one.to.host, one.to.port))
        elif link := self.links.get(one.to.link):
            link.write(one.data)

    def _is_due(self, line: str) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self._heard.get(line, -HEARS) < HEARS:
            return False
        self._heard[line] = now
        return True

    async def _ticks(self, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        says = loop.time() + SAYS
        while not await _stopped(stop, TICK):
            self._do(self.watcher.tick(now=loop.time()))
            if loop.time() >= says:
                says = loop.time() + SAYS
                if self.watcher.unheard:
                    log.warning("not heard: %s", dict(self.watcher.unheard))
                    self.watcher.unheard.clear()

    async def _reloads(self, stop: asyncio.Event) -> None:
        while not await _stopped(stop, RELOADS):
            try:
                await self._take(await asyncio.to_thread(self._fresh))
            except DatabaseError as no:
                log.warning("the lines could not be read anew (%s)", type(no).__name__)

    async def _take(self, fresh: Sequence[Line | Signed]) -> None:
        """Go on with lines as they are kept now."""
        self._lines = [one.line if isinstance(one, Signed) else one for one in fresh]
        if self._signs:
            await self._signs.keep([one for one in fresh if isinstance(one, Signed)])
        self._dress()

    def _dress(self) -> None:
        self.watcher.lines = self._signs.dressed(self._lines) if self._signs else self._lines

    def _fresh(self) -> Sequence[Line | Signed]:
        try:
            return self._reads()
        finally:
            connections.close_all()


def listen(host: str, port: int, *, only: UUID | None = None, say: Callable[[str], None]) -> None:
    """Listen for the lines of every office here, or of one, until SIGTERM or Ctrl-C."""
    office = Office(only)

    async def main() -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        at = f"[{host}]" if ":" in host else host
        await Listener(office.lines, office.tell).listen(
            host, port, ready=lambda got: say(f"telephone lines are heard at sip:{at}:{got}"), stop=stop
        )

    asyncio.run(main())


@contextmanager
def listening(
    reads: Reads, tells: Tells, *, host: str = "127.0.0.1", port: int = 0
) -> Iterator[tuple[Listener, int]]:
    """Listen in a thread of its own for as long as the block lasts; gives the listener and its port."""
    listener, ready = Listener(reads, tells), queue.Queue[int]()
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(
        target=lambda: loop.run_until_complete(listener.listen(host, port, ready=ready.put, stop=stop)),
        daemon=True,
    )
    thread.start()
    try:
        yield listener, ready.get(timeout=60)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(timeout=60)
        loop.close()


def _exchange(line: PhoneLine) -> Exchange | None:
    """Return where a line signs in, or None."""
    secret = keys.opened(line.password) if line.exchange else ""
    if not secret:  # one that cannot be read is never guessed: the exchange would lock the account
        return None
    return Exchange(
        host=line.exchange,
        by=line.exchange_by.upper(),
        account=line.account,
        secret=secret,
        port=line.exchange_port,
        proxy=line.proxy,
        name=line.sign_in_name,
        authority=line.authority,
    )


def _plain(host: str) -> str:
    """Return an address without its zone; an IPv4 address within IPv6 as itself."""
    found = ip_address(host.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(found)


async def _stopped(stop: asyncio.Event, rest: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(rest):
            await stop.wait()
    return stop.is_set()


async def _within(seconds: float, reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(seconds):
        return await reader.read(2**16)
