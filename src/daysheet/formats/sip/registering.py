"""A telephone that signs in at an exchange: REGISTER with digest (RFC 3261 sections 10 and 22, RFC 8760), kept alive.

No sockets and no clock: what came goes in; what is to be sent, and how it stands, comes out.
"""

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from daysheet.formats.sip import digest
from daysheet.formats.sip.address import address, via
from daysheet.formats.sip.message import Message, NotSip, read, write
from daysheet.formats.sip.watching import T1, T2

ASKS, LONGEST = 600, 3600
"""Seconds: for how long we ask to be signed in; what an exchange grants beyond the longest is not relied on."""
ALIVE = 25.0
"""Seconds between two signs of life, so that a router between keeps the way back open."""
GIVES_UP = 32.0
"""Seconds after which an exchange that says nothing is out of reach (timer F of RFC 3261)."""
SOON, LATER, LATEST = 30.0, 300.0, 1800.0
"""Seconds: the first rest after no answer, after a no, and the longest there is. Each no doubles it (RFC 5626, 4.5)."""
MOST_CHALLENGES = 3
"""As often an exchange may ask for proof within one try; one that goes on asking is a loop."""
NOES = {401: "password", 407: "password", 403: "refused", 404: "unknown", 410: "unknown"}
FAILS = ("unreachable", "lost", "name", "certificate", "tls", "busy")
"""What passes by itself; all else is a no, and asking again soon would lock the account."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Where a line signs in, over what, and as whom."""

    host: str
    by: str
    """UDP, TCP or TLS"""
    account: str
    secret: str = field(repr=False)
    port: int = 0
    """0: the usual one, 5060 or with TLS 5061."""
    proxy: str = ""
    """The machine to connect to where it is another than the host, with its port if need be."""
    name: str = ""
    """The name of the sign-in where it is another than the account."""
    authority: str = field(default="", repr=False)
    """The certificates (PEM) that are believed, in place of those that this machine believes."""

    @property
    def door(self) -> tuple[str, int]:
        """Return the machine to connect to, and its port."""
        usual = self.port or (5061 if self.by == "TLS" else 5060)
        host, colon, port = (self.proxy or self.host).rpartition(":")
        if self.proxy and colon and port.isdigit() and "]" not in port:
            return host.strip("[]"), int(port)
        return (self.proxy or self.host).strip("[]"), usual


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with an exchange, by a word of ours; when signed in, for how many seconds more."""

    word: str
    seconds: int = 0


@dataclass(slots=True)
class _Asked:
    """A question that is out: what was sent, when it is said again, when it is given up."""

    data: bytes
    branch: str
    number: int
    expires: int
    until: float
    again: float
    rest: float = T1


Out = bytes | Standing


class Registration:
    """One line at one exchange."""

    def __init__(self, exchange: Exchange, user: str, *, chance: Callable[[], float] = random.random) -> None:
        self.exchange, self.standing = exchange, Standing("")
        self.due = 0.0
        self._user, self._chance = user, chance
        self._call, self._tag = secrets.token_hex(12), secrets.token_hex(6)
        self._number, self._failures = 0, 0
        self._ours: tuple[str, int] = ("", 0)
        self._asks, self._answers = ASKS, 0
        self._asked: _Asked | None = None
        self._proof: tuple[str, str, int] | None = None
        """The header that proves, the challenge that it answers, and how often it has."""
        self._alive = 0.0

    @property
    def is_in(self) -> bool:
        """Return whether the exchange has taken us in."""
        return self.standing.word == "registered"

    @property
    def rests(self) -> bool:
        """Return whether nothing is out and we are not in: a connection is of no use till the next try."""
        return self._asked is None and not self.is_in

    def begin(self, ours: tuple[str, int], *, now: float) -> list[Out]:
        """Ask to be signed in from an address of ours, by a way that has just been opened."""
        self._ours, self._answers = ours, 0
        return self._ask(self._asks, now)

    def tick(self, *, now: float) -> list[Out]:
        """Say again what may have been lost, sign in anew in time, give a sign of life."""
        if asked := self._asked:
            if now >= asked.until:
                return self.fail("unreachable", now=now)
            if self.exchange.by == "UDP" and now >= asked.again:
                asked.rest = min(T2, asked.rest * 2)
                asked.again = now + asked.rest
                return [asked.data]
            return []
        if not self.is_in:
            return []
        if now >= self.due:
            self._answers = 0
            return self._ask(self._asks, now)
        if now >= self._alive:
            self._alive = now + ALIVE
            return [b"\r\n\r\n"]
        return []

    def hear(self, data: bytes, *, now: float) -> list[Out]:
        """Take in an answer; what answers nothing that we asked is nobody's."""
        try:
            answer = read(data, whole=self.exchange.by == "UDP")
            asked = self._asked
            if asked is None or answer.is_request or not self._is_to(answer, asked):
                return []
            if answer.status < 200:
                asked.rest = T2
                return []
            self._asked = None
            return self._answered(answer, asked, now)
        except NotSip:
            return []

    def fail(self, word: str, *, now: float, rest: float = 0.0) -> list[Out]:
        """Note that it did not work, and when it is tried again: later each time."""
        self._asked, self._proof = None, None
        self._failures += 1
        first = SOON if word in FAILS else LATER
        wait = min(LATEST, first * 2 ** min(self._failures - 1, 10))
        self.due = now + max(wait * (0.5 + 0.5 * self._chance()), min(rest, float(LONGEST)))
        return self._stands(Standing(word))

    def leave(self, *, now: float) -> list[Out]:
        """Sign off, where we are in: the exchange rings us no more. Nobody waits for the answer."""
        if not self.is_in:
            return []
        self._answers = 0
        return [one for one in self._ask(0, now) if isinstance(one, bytes)]

    def _answered(self, answer: Message, asked: _Asked, now: float) -> list[Out]:
        status = answer.status
        if status in (401, 407):
            return self._challenged(answer, asked, now)
        if 200 <= status < 300:
            return self._taken_in(answer, asked, now)
        if status == 423:
            least = _seconds(answer.one("min-expires"))
            if self._asks == ASKS < least <= 86_400:  # once: who asks for more again leads in a circle
                self._asks = least
                return self._ask(least, now)
            return self.fail("strange", now=now)
        if 300 <= status < 400:  # another address may be anybody's: a person decides
            return self.fail("elsewhere", now=now)
        if status in NOES:
            return self.fail(NOES[status], now=now)
        wait = _seconds(answer.one("retry-after").partition("(")[0].partition(";")[0])
        return self.fail("busy" if status >= 500 or status == 480 else "refused", now=now, rest=wait)

    def _challenged(self, answer: Message, asked: _Asked, now: float) -> list[Out]:
        header, proves = "www-authenticate", "Authorization"
        if answer.status == 407:
            header, proves = "proxy-authenticate", "Proxy-Authorization"
        self._answers += 1
        exchange = self.exchange
        who = digest.Account(exchange.name or exchange.account, exchange.secret)
        for challenge in answer.all(header):
            told = digest.parse(challenge)
            if not digest.answered(challenge, who, method="REGISTER", uri=self._uri):
                continue
            if self._answers > 1 and told.get("stale", "").lower() != "true":
                return self.fail("password", now=now)
            if self._answers > MOST_CHALLENGES:
                return self.fail("strange", now=now)
            self._proof = (proves, challenge, 0)
            return self._ask(asked.expires, now)
        return self.fail("proof", now=now)

    def _taken_in(self, answer: Message, asked: _Asked, now: float) -> list[Out]:
        if asked.expires == 0:
            return []
        granted = min(self._granted(answer, asked), LONGEST)
        if granted <= 0:
            return self.fail("strange", now=now)
        self._failures = 0
        self.due = now + max(2.0, granted * 0.8)
        self._alive = now + ALIVE
        self.standing = Standing("registered", granted)
        return [self.standing]

    def _granted(self, answer: Message, asked: _Asked) -> int:
        """Return for how long we are in: what stands at our own address counts, then Expires (RFC 3261, 10.2.4)."""
        for text in answer.values("contact"):
            try:
                found = address(text)
            except NotSip:
                continue
            if f":{self._user}@" in found.uri and "expires" in found.params:
                return _seconds(found.params["expires"])
        return _seconds(answer.one("expires")) if answer.one("expires") else asked.expires

    def _stands(self, standing: Standing) -> list[Out]:
        changed = standing != self.standing
        self.standing = standing
        return [standing] if changed else []

    def _is_to(self, answer: Message, asked: _Asked) -> bool:
        vias = answer.values("via")
        if len(vias) != 1 or answer.call_id != self._call or answer.cseq != (asked.number, "REGISTER"):
            return False
        return secrets.compare_digest(
            via(vias[0]).params.get("branch", "").encode("utf-8", "surrogateescape"), asked.branch.encode()
        )

    @property
    def _uri(self) -> str:
        port = f":{self.exchange.port}" if self.exchange.port else ""
        return f"sip:{self.exchange.host}{port}"

    def _ask(self, expires: int, now: float) -> list[Out]:
        self._number += 1
        branch = f"z9hG4bK{secrets.token_hex(12)}"
        by, account = self.exchange.by, self.exchange.account
        host = f"[{self._ours[0]}]" if ":" in self._ours[0] else self._ours[0]
        at = f"{host}:{self._ours[1]}"
        whom = f"sip:{account}@{self.exchange.host}"
        contact = f"<sip:{self._user}@{at};transport={by.lower()}>;expires={expires}"
        headers = [
            ("Via", f"SIP/2.0/{by} {at};rport;branch={branch}"),
            ("Max-Forwards", "70"),
            ("From", f"<{whom}>;tag={self._tag}"),
            ("To", f"<{whom}>"),
            ("Call-ID", self._call),
            ("CSeq", f"{self._number} REGISTER"),
            ("Contact", contact),
            ("Expires", str(expires)),
            ("User-Agent", "Daysheet"),
        ]
        if self._proof:
            proves, challenge, count = self._proof
            self._proof = (proves, challenge, count + 1)
            who = digest.Account(self.exchange.name or account, self.exchange.secret)
            said = digest.answered(challenge, who, method="REGISTER", uri=self._uri, count=count + 1)
            headers.append((proves, said))
        data = write(Message("REGISTER", self._uri, headers=tuple(headers)))
        self._asked = _Asked(data, branch, self._number, expires, now + GIVES_UP, now + T1)
        return [data]


def _seconds(text: str) -> int:
    """Return a number of seconds as written; what is none, or beyond reason, is nought."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else 0
