"""SIP messages, read and written (RFC 3261). What is no message is told by NotSip, and by nothing else.

Bytes that are no UTF-8 are carried through unchanged, since an answer gives Via, From, To and Call-ID back as they came.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

MOST = 65_535
MOST_HEADERS = 256
VERSION = "SIP/2.0"
COMPACT = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
}
ONCE = ("from", "to", "call-id", "cseq")
_TOKEN = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+")
_VERSION = re.compile(r"SIP/2\.0", re.IGNORECASE)
_CSEQ = re.compile(r"(\d{1,10})[ \t]+(\S+)", re.ASCII)


class NotSip(ValueError):
    """What came is no SIP message; `why` is a word of ours, never a piece of what came."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Message:
    """A request (with method and uri) or an answer (with status and phrase): headers in their order, and a body."""

    method: str = ""
    uri: str = ""
    status: int = 0
    phrase: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def is_request(self) -> bool:
        """Return whether something is asked."""
        return bool(self.method)

    def all(self, name: str) -> list[str]:
        """Return the lines of a header, by its long name."""
        name = name.lower()
        return [value for key, value in self.headers if COMPACT.get(key.lower(), key.lower()) == name]

    def one(self, name: str) -> str:
        """Return the first line of a header, or nothing."""
        return next(iter(self.all(name)), "")

    def values(self, name: str) -> list[str]:
        """Return what a header lists, over all its lines."""
        return [part for line in self.all(name) for part in split(line, ",") if part]

    @property
    def call_id(self) -> str:
        """Return the call's own name."""
        return self.one("call-id")

    @property
    def cseq(self) -> tuple[int, str]:
        """Return the number and the method of the transaction."""
        found = _CSEQ.fullmatch(self.one("cseq"))
        if found is None or int(found[1]) >= 2**31:
            raise NotSip("cseq")
        return int(found[1]), found[2]


def read(data: bytes, *, whole: bool = True) -> Message:
    """Read one message; a datagram holds one `whole`, and what lies behind its body is nobody's. Raises NotSip."""
    if len(data) > MOST:
        raise NotSip("size")
    head, blank, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not blank:
        raise NotSip("end")
    if b"\0" in head:
        raise NotSip("nul")
    first, *lines = head.decode("utf-8", "surrogateescape").split("\r\n")
    message = replace(_start(first), headers=tuple(_headers(lines)))
    _judge(message)
    length = length_of(message)
    if length is None:
        if not whole:
            raise NotSip("length")
        length = len(body)
    if length > len(body):
        raise NotSip("cut")
    return replace(message, body=body[:length])


def write(message: Message) -> bytes:
    """Return a message as it goes over the wire, with the length of its body."""
    start = (
        f"{message.method} {message.uri} {VERSION}"
        if message.is_request
        else f"{VERSION} {message.status} {message.phrase}"
    )
    kept = [(name, value) for name, value in message.headers if not _is_length(name)]
    lines = [start, *(f"{name}: {value}" for name, value in kept), f"Content-Length: {len(message.body)}"]
    if any("\r" in line or "\n" in line or "\0" in line for line in lines):
        raise NotSip("line")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + message.body


def length_of(message: Message) -> int | None:
    """Return how long the body says it is, or None where it says nothing."""
    told = set(message.all("content-length"))
    if not told:
        return None
    said = told.pop()
    if told or not (said.isascii() and said.isdigit() and len(said) <= 6):
        raise NotSip("length")
    return int(said)


def split(text: str, at: str) -> list[str]:
    """Split at a sign, but not within quotes or angle brackets."""
    parts, start, quoted, deep, skip = [], 0, False, 0, False
    for place, sign in enumerate(text):
        if skip:
            skip = False
        elif quoted and sign == "\\":
            skip = True
        elif sign == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif sign == "<":
            deep += 1
        elif sign == ">":
            deep = max(0, deep - 1)
        elif sign == at and not deep:
            parts.append(text[start:place].strip())
            start = place + 1
    return [*parts, text[start:].strip()]


class Frames:
    """Cuts the stream of a connection into messages; raises NotSip where it cannot be cut any more."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Take in what came; give back each message that is whole, and an empty one for a sign of life."""
        self._held += data
        while self._held:
            if self._held.startswith(b"\r\n\r\n"):
                self._held = self._held[4:]
                yield b""
                continue
            if self._held.startswith(b"\r\n") and len(self._held) > 2 and self._held[2:3] != b"\r":
                self._held = self._held[2:]
            end = self._held.find(b"\r\n\r\n")
            if end < 0:
                break
            length = length_of(_head(self._held[:end]))
            if length is None:
                raise NotSip("length")
            whole = end + 4 + length
            if whole > MOST:
                raise NotSip("size")
            if len(self._held) < whole:
                break
            yield self._held[:whole]
            self._held = self._held[whole:]
        if len(self._held) > MOST:
            raise NotSip("size")


def _head(data: bytes) -> Message:
    lines = data.decode("utf-8", "surrogateescape").split("\r\n")[1:]
    return Message(headers=tuple(_headers(lines)))


def _start(line: str) -> Message:
    first, _space, rest = line.partition(" ")
    if _VERSION.fullmatch(first):
        status, _space, phrase = rest.partition(" ")
        if not (status.isascii() and status.isdigit() and len(status) == 3 and status[0] in "123456"):
            raise NotSip("status")
        return Message(status=int(status), phrase=_plain(phrase))
    uri, _space, version = rest.partition(" ")
    if not _TOKEN.fullmatch(first) or not uri or not _VERSION.fullmatch(version):
        raise NotSip("start")
    return Message(method=first, uri=_plain(uri))


def _headers(lines: list[str]) -> Iterator[tuple[str, str]]:
    unfolded: list[list[str]] = []
    for line in lines:
        if line[:1] in (" ", "\t"):
            if not unfolded:
                raise NotSip("fold")
            unfolded[-1].append(line.strip(" \t"))
        else:
            unfolded.append([line])
    if len(unfolded) > MOST_HEADERS:
        raise NotSip("headers")
    for pieces in unfolded:
        name, colon, value = " ".join(pieces).partition(":")
        name = name.rstrip(" \t")
        if not colon or not _TOKEN.fullmatch(name):
            raise NotSip("header")
        yield name, _plain(value.strip(" \t"))


def _plain(text: str) -> str:
    if "\r" in text or "\n" in text or "\0" in text:
        raise NotSip("line")
    return text


def _judge(message: Message) -> None:
    if not message.one("via"):
        raise NotSip("via")
    for name in ONCE:
        if len(set(message.all(name))) != 1 or not message.one(name):
            raise NotSip(name)
    if message.cseq[1] != message.method and message.is_request:
        raise NotSip("cseq")


def _is_length(name: str) -> bool:
    return COMPACT.get(name.lower(), name.lower()) == "content-length"
