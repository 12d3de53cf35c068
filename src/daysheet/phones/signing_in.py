"""The sockets of lines that sign in at an exchange: one connection a line, opened anew when it is lost.

By TCP and TLS the calls come along the connection that we opened, so that nothing in the office
need be reachable from outside.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import ip_network
from typing import Protocol

from daysheet.formats.sip.message import Frames, NotSip
from daysheet.formats.sip.registering import Exchange, Out, Registration, Standing
from daysheet.formats.sip.watching import Line, Peer, Told

log = logging.getLogger(__name__)
TICK, CONNECTS, LEAVES = 0.1, 10.0, 1.0
"""Seconds: between two looks at the clock, to open a connection, to sign off at the end."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A line that signs in, and where."""

    line: Line
    exchange: Exchange


class Wire(Protocol):
    """What the listener lends: its one socket for datagrams, its connections, and its ear."""

    links: dict[int, asyncio.StreamWriter]

    def send_datagram(self, data: bytes, to: tuple[str, int]) -> None:
        """Send by the socket on which calls come in, so that they find back."""

    def hear(self, data: bytes, peer: Peer) -> None:
        """Hear a message that is no answer to us."""

    def family(self) -> int:
        """Return the address family of that socket."""

    def port(self) -> int:
        """Return the port of that socket."""


class SignIn:
    """One line at one exchange, for as long as both are kept."""

    def __init__(
        self, signed: Signed, wire: Wire, tells: Callable[[Told], None], changed: Callable[[], None]
    ) -> None:
        self.signed, self._wire, self._tells, self._changed = signed, wire, tells, changed
        self._registration = Registration(signed.exchange, signed.line.user)
        self._link = 0
        self._hosts: tuple[str, ...] = ()
        self._port = 0
        self._post: Callable[[bytes], None] | None = None
        self._task = asyncio.get_running_loop().create_task(self._run())

    @property
    def line(self) -> Line:
        """Return the line with the ways by which its exchange may ring it now."""
        more = tuple(ip_network(one) for one in self._hosts)
        return replace(self.signed.line, hosts=(*self.signed.line.hosts, *more), link=self._link)

    def answers(self, data: bytes, peer: Peer) -> bool:
        """Take in an answer that came as a datagram; say whether it came from this exchange."""
        if peer.host not in self._hosts or peer.port != self._port:
            return False
        self._do(self._registration.hear(data, now=_now()))
        return True

    async def end(self) -> None:
        """Sign off and let go."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(max(0.0, self._registration.due - _now()))
            word = ""
            try:
                await self._once()
            except ssl.SSLCertVerificationError:
                word = "certificate"
            except ssl.SSLError:
                word = "tls"
            except socket.gaierror:
                word = "name"
            except (OSError, TimeoutError, NotSip):
                word = "lost" if self._registration.is_in else "unreachable"
            except Exception as bug:
                log.error("an exchange broke its sign-in: %s", type(bug).__name__)
                word = "strange"
            if word:
                self._do(self._registration.fail(word, now=_now()))

    async def _once(self) -> None:
        host, port = self.signed.exchange.door
        if self.signed.exchange.by == "UDP":
            await self._by_datagrams(host, port)
        else:
            await self._by_connection(host, port)

    async def _by_datagrams(self, host: str, port: int) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECTS):
            found = await loop.getaddrinfo(host, port, family=self._wire.family(), type=socket.SOCK_DGRAM)
        family, _type, _proto, _name, to = found[0]
        theirs = str(to[0]).partition("%")[0]
        with socket.socket(
            family, socket.SOCK_DGRAM
        ) as probe:  # sends nothing: it asks by which address we go there
            probe.connect(to)
            ours = probe.getsockname()[0]
        self._hosts, self._port = (theirs,), port
        self._changed()
        self._post = lambda data: self._wire.send_datagram(data, (theirs, port))
        try:
            self._do(self._registration.begin((ours, self._wire.port()), now=_now()))
            while not self._registration.rests:
                await asyncio.sleep(TICK)
                self._do(self._registration.tick(now=_now()))
        except asyncio.CancelledError:
            self._do(self._registration.leave(now=_now()))
            raise

    async def _by_connection(self, host: str, port: int) -> None:
        context = trusted(self.signed.exchange.authority) if self.signed.exchange.by == "TLS" else None
        async with asyncio.timeout(CONNECTS):
            reader, writer = await asyncio.open_connection(host, port, ssl=context, limit=2**16)
        try:
            await self._talk(reader, writer)
        finally:
            self._wire.links.pop(self._link, None)
            self._link = 0
            self._changed()
            await _closed(writer)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = writer.get_extra_info("peername")[:2], writer.get_extra_info("sockname")[:2]
        peer = Peer(theirs[0].partition("%")[0], theirs[1], "TCP", id(writer))
        self._link = peer.link
        self._wire.links[peer.link] = writer
        self._changed()
        registration, frames = self._registration, Frames()
        self._post = writer.write
        self._do(registration.begin(ours, now=_now()))
        try:
            while not registration.rests:
                for whole in frames.feed(await _came(reader)):
                    if whole[:4].upper() == b"SIP/":
                        self._do(registration.hear(whole, now=_now()))
                    elif whole:
                        self._wire.hear(whole, peer)
                self._do(registration.tick(now=_now()))
                async with asyncio.timeout(CONNECTS):
                    await writer.drain()
        except asyncio.CancelledError:
            self._do(registration.leave(now=_now()))
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(LEAVES):
                    await writer.drain()
            raise

    def _do(self, out: Sequence[Out]) -> None:
        for one in out:
            if isinstance(one, Standing):
                told = Told(self.signed.line.key, "exchange", standing=one.word, seconds=one.seconds)
                self._tells(told)
            elif self._post:
                self._post(one)


class SignIns:
    """All lines that sign in; kept in step with what the offices keep."""

    def __init__(self, wire: Wire, tells: Callable[[Told], None], changed: Callable[[], None]) -> None:
        self._wire, self._tells, self._changed = wire, tells, changed
        self._open: dict[str, SignIn] = {}

    async def keep(self, signed: Sequence[Signed]) -> None:
        """Sign in what is new, sign off what is gone or differs."""
        wanted = {one.line.key: one for one in signed}
        for key, one in list(self._open.items()):
            kept = wanted.get(key)
            if kept is None or (kept.exchange, kept.line.user) != (one.signed.exchange, one.signed.line.user):
                del self._open[key]
                await one.end()
        for key, new in wanted.items():
            if key in self._open:
                self._open[key].signed = new
            else:
                self._open[key] = SignIn(new, self._wire, self._tells, self._changed)

    def dressed(self, lines: Sequence[Line]) -> list[Line]:
        """Return lines with the ways by which their exchanges may ring them now."""
        return [self._open[one.key].line if one.key in self._open else one for one in lines]

    def answers(self, data: bytes, peer: Peer) -> None:
        """Give an answer that came as a datagram to whom it is for."""
        for one in list(self._open.values()):
            one.answers(data, peer)

    async def end(self) -> None:
        """Sign all off."""
        await asyncio.gather(*(one.end() for one in self._open.values()))
        self._open.clear()


def trusted(authority: str) -> ssl.SSLContext:
    """Return what a certificate is checked by: these authorities alone, or those that this machine believes.

    The name that was dialled must stand in the certificate (RFC 5922 section 7). Raises ssl.SSLError or ValueError
    where the text holds no certificate.
    """
    if not authority.isascii():
        raise ValueError("a certificate as text is plain ASCII")
    context = ssl.create_default_context(cadata=authority or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


async def _closed(writer: asyncio.StreamWriter) -> None:
    """Close a connection; by TLS the other side says goodbye too, and is not waited for if it does not."""
    writer.close()
    try:
        async with asyncio.timeout(LEAVES):
            await writer.wait_closed()
    except TimeoutError:
        writer.transport.abort()
    except OSError:
        log.debug("an exchange had gone before")


async def _came(reader: asyncio.StreamReader) -> bytes:
    """Return what has come within a tick, or nothing. Raises ConnectionError when the other side has gone."""
    try:
        async with asyncio.timeout(TICK):
            data = await reader.read(2**16)
    except TimeoutError:
        return b""
    if not data:
        raise ConnectionResetError
    return data


def _now() -> float:
    return asyncio.get_running_loop().time()
