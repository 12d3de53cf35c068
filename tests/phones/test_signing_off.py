"""A line signs off in whichever moment it is asked to: between two words, and while one comes in."""

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path

from daysheet.formats.sip.registering import Exchange
from daysheet.formats.sip.watching import Line, Peer
from daysheet.phones.signing_in import Signed, SignIns
from tests.patience import PATIENCE
from tests.phones.test_an_exchange_takes_us_in import certificates

LINE = Line("line", "desk-test", ())
MOMENTS = 80
"""Turns of the loop: some of them fall on the very one in which a wait is over."""


class Ear:
    """A listener that hears nothing."""

    def __init__(self) -> None:
        self.links: dict[int, asyncio.StreamWriter] = {}

    def send_datagram(self, data: bytes, to: tuple[str, int]) -> None:
        raise AssertionError

    def hear(self, data: bytes, peer: Peer) -> None:
        raise AssertionError

    def family(self) -> int:
        raise AssertionError

    def port(self) -> int:
        raise AssertionError


async def keeps_alive(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Say nothing but that the connection stands, at every turn."""
    with suppress(OSError):
        while not writer.is_closing():
            writer.write(b"\r\n")
            await writer.drain()
            await asyncio.sleep(0)


async def signs_off_at_every_moment() -> None:
    async with await asyncio.start_server(keeps_alive, "127.0.0.1", 0) as server:
        where = Exchange("127.0.0.1", "TCP", "101", "quiet", port=server.sockets[0].getsockname()[1])
        for moment in range(MOMENTS):
            ear = Ear()
            signs = SignIns(ear, lambda _told: None, lambda: None)
            await signs.keep([Signed(LINE, where)])
            while not ear.links:
                await asyncio.sleep(0)
            for _ in range(moment):
                await asyncio.sleep(0)
            async with asyncio.timeout(PATIENCE):
                await signs.end()
            assert not ear.links


def test_a_line_signs_off_in_whichever_moment_it_is_asked_to() -> None:
    asyncio.run(signs_off_at_every_moment())


async def says_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(2**16):
        pass
    writer.close()


async def leaves_by_tls(folder: Path) -> None:
    kept, secret = certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(kept, secret)
    async with await asyncio.start_server(says_nothing, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        where = Exchange("127.0.0.1", "TLS", "101", "quiet", port=port, authority=kept.read_text())
        ear = Ear()
        signs = SignIns(ear, lambda _told: None, lambda: None)
        await signs.keep([Signed(LINE, where)])
        async with asyncio.timeout(PATIENCE):
            while not ear.links:
                await asyncio.sleep(0.01)
            (link,) = ear.links.values()
            held = link.get_extra_info("socket")
            await signs.end()
        assert held.fileno() == -1


def test_by_tls_the_connection_is_closed_when_it_has_signed_off(tmp_path: Path) -> None:
    asyncio.run(leaves_by_tls(tmp_path))
