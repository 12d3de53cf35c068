"""A small load: so many clients, each on one connection kept open, each asking when it has its answer."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

LONGEST = 60.0
"""Seconds that one load may last at most."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: its address, and its form when it is a POST."""

    path: str
    form: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Load:
    """What a load came to."""

    times: list[float]
    """Milliseconds of each answer."""
    seconds: float
    statuses: dict[int, int]

    @property
    def rate(self) -> float:
        """Return answers a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0


def load(port: int, asks: Sequence[Ask], cookie: str, token: str, *, clients: int) -> Load:
    """Ask everything once, shared among the clients; only this machine's own address is ever asked."""

    async def in_time() -> Load:
        async with asyncio.timeout(LONGEST):
            return await _load(port, asks, cookie, token, clients)

    return asyncio.run(in_time())


async def _load(port: int, asks: Sequence[Ask], cookie: str, token: str, clients: int) -> Load:
    waiting = list(reversed(asks))
    times: list[float] = []
    statuses: dict[int, int] = {}

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while waiting:
            head = request_of(waiting.pop(), port, cookie, token)
            began = time.perf_counter()
            writer.write(head)
            status = await answer_of(reader)
            times.append((time.perf_counter() - began) * 1000)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*[client() for _ in range(clients)])
    return Load(times, time.perf_counter() - began, statuses)


def request_of(ask: Ask, port: int, cookie: str, token: str) -> bytes:
    """Return a request as it goes over the line."""
    head = f"Host: 127.0.0.1:{port}\r\nCookie: {cookie}\r\nAccept: text/html\r\nAccept-Encoding: identity\r\n"
    if not ask.form:
        return f"GET {ask.path} HTTP/1.1\r\n{head}\r\n".encode()
    body = urlencode([*ask.form, ("csrfmiddlewaretoken", token)])
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    return f"POST {ask.path} HTTP/1.1\r\n{head}{kind}Content-Length: {len(body)}\r\n\r\n{body}".encode()


async def answer_of(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end; return its status."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:] if b": " in line)
    if b"content-length" in fields:
        await reader.readexactly(int(fields[b"content-length"]))
    elif fields.get(b"transfer-encoding") == b"chunked":
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    return status
