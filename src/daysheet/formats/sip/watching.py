"""A telephone that rings and never answers: it hears of a call together with the others and takes it from nobody.

It says 180 Ringing to INVITE and waits for CANCEL, which tells whether another telephone answered or the caller hung up.
No sockets and no clock: what came goes in, what is to be sent and what is to be told comes out.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address

from daysheet.formats.sip import digest
from daysheet.formats.sip.address import number_of, user_of, via
from daysheet.formats.sip.message import Message, NotSip, read, write

WATCHES = 90.0
"""Seconds after which we leave a call that nobody answers or ends: no caller waits for a telephone that only listens."""
T1, T2, LINGERS = 0.5, 4.0, 32.0
"""The timers of RFC 3261: the first repetition, the longest rest between two, how long a transaction is remembered."""
MOST_CALLS = 1000
BURST, A_SECOND = 200.0, 100.0
"""How many messages a host may send at once, and each second after that; what is more is not heard and comes again."""
ALLOW = ("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS")
ELSEWHERE = {("sip", "200"), ("q.850", "26")}
"""The reasons of a CANCEL (RFC 3326) that say: answered elsewhere."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the listener needs it: its own name in addresses, from where it may ring, and its secret if it asks."""

    key: str
    user: str
    hosts: tuple[IPv4Network | IPv6Network, ...]
    secret: str = ""
    link: int = 0
    """The connection that we opened to the exchange of this line; what comes by it may ring the line."""

    def names(self, host: str) -> bool:
        """Return whether this line may be rung from an address."""
        found = ip_address(host)
        return any(found in one for one in self.hosts)

    def is_rung_by(self, peer: "Peer") -> bool:
        """Return whether this line may be rung from there."""
        return bool(self.link and self.link == peer.link) or self.names(peer.host)


@dataclass(frozen=True, slots=True)
class Peer:
    """Where a message came from and an answer goes: the address, and the connection it came by."""

    host: str
    port: int
    by: str = "UDP"
    link: int = 0


@dataclass(frozen=True, slots=True)
class Send:
    """What is to be sent, and where."""

    data: bytes
    to: Peer


@dataclass(frozen=True, slots=True)
class Told:
    """What happened on a call of a line: ringing, answered, ended; that it was heard at all; how its exchange stands."""

    line: str
    event: str
    call: str = ""
    number: str = field(default="", repr=False)
    standing: str = ""
    """With the event `exchange`: how it stands there, by a word of ours."""
    seconds: int = 0
    """With it: for how long the line is signed in."""


Said = Send | Told


@dataclass(slots=True)
class _Call:
    """A call that rings here, or has just ceased to."""

    line: Line
    name: str
    invite: Message
    to: Peer
    tag: str
    until: float
    last: bytes = b""
    is_over: bool = False
    again: float = 0.0
    rest: float = T1


@dataclass
class Watcher:
    """All lines and the calls that ring on them now."""

    lines: Sequence[Line] = ()
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    unheard: Counter[str] = field(default_factory=Counter)
    """How many messages were not heard, by a word of ours."""
    _calls: dict[tuple[str, str], _Call] = field(default_factory=dict)
    _room: dict[str, tuple[float, float]] = field(default_factory=dict)

    def knows(self, peer: Peer) -> bool:
        """Return whether any line may be rung from there."""
        return any(one.is_rung_by(peer) for one in self.lines)

    def hear(self, data: bytes, peer: Peer, *, now: float) -> list[Said]:
        """Take in a message; whoever is not named by a line gets no answer at all."""
        if not self.knows(peer):
            return self._unheard("stranger")
        if not self._has_room(peer.host, now):
            return self._unheard("too many")
        try:
            message = read(data, whole=peer.by == "UDP")
            if not message.is_request:
                return []
            return list(self._asked(_marked(message, peer), peer, now))
        except NotSip as no:
            return self._unheard(no.why)

    def tick(self, *, now: float) -> list[Said]:
        """Say again what may have been lost, leave what nobody ended, forget what is over."""
        said: list[Said] = []
        for key, call in list(self._calls.items()):
            if not call.is_over and now >= call.until:
                said += self._leave(call, 480, "Temporarily Unavailable", "ended", now)
            elif call.is_over and now >= call.until:
                del self._calls[key]
            elif call.is_over and call.again and now >= call.again:
                call.rest = min(T2, call.rest * 2)
                call.again = now + call.rest
                said.append(Send(call.last, call.to))
        if len(self._room) > MOST_CALLS:
            self._room.clear()
        return said

    @property
    def ringing(self) -> int:
        """Return how many calls ring now."""
        return sum(not one.is_over for one in self._calls.values())

    def _unheard(self, why: str) -> list[Said]:
        self.unheard[why] += 1
        return []

    def _has_room(self, host: str, now: float) -> bool:
        left, since = self._room.get(host, (BURST, now))
        left = min(BURST, left + (now - since) * A_SECOND)
        self._room[host] = (max(0.0, left - 1), now)
        return left >= 1

    def _asked(self, message: Message, peer: Peer, now: float) -> Iterator[Said]:
        to = _back(message, peer)
        call = self._calls.get(_transaction(message))
        match message.method:
            case "ACK":
                if call and call.is_over:
                    call.again = 0.0
            case "CANCEL":
                yield from self._cancelled(message, call, to, now)
            case "OPTIONS":
                line = self._line(message, peer)
                yield _answer(message, 200, "OK", to, ALLOW, ("Accept", "application/sdp"))
                if line:
                    yield Told(line.key, "heard")
            case "INVITE" if call:
                yield Send(call.last, to)
            case "INVITE":
                yield from self._invited(message, peer, to, now)
            case "BYE":
                yield from self._hung_up(message, peer, to)
            case _:
                yield _answer(message, 405, "Method Not Allowed", to, ALLOW)

    def _invited(self, message: Message, peer: Peer, to: Peer, now: float) -> Iterator[Said]:
        line = self._line(message, peer)
        if line is None:
            yield _answer(message, 404, "Not Found", to)
        elif "tag=" in message.one("to").rpartition(">")[2].lower():
            yield _answer(message, 481, "Call/Transaction Does Not Exist", to)
        elif wanted := message.values("require"):
            yield _answer(message, 420, "Bad Extension", to, ("Unsupported", ", ".join(wanted)))
        elif line.secret and not self._is_proved(message, line, now):
            yield self._challenge(message, line, to, now)
        elif self._rings_already(message, line):
            yield _answer(message, 482, "Loop Detected", to)
        elif len(self._calls) >= MOST_CALLS:
            yield _answer(message, 503, "Service Unavailable", to, ("Retry-After", "10"))
        else:
            tag = secrets.token_hex(6)
            call = _Call(line, _name(line, message), message, to, tag, now + WATCHES)
            ringing = _answer(message, 180, "Ringing", to, tag=tag)
            call.last = ringing.data
            self._calls[_transaction(message)] = call
            yield ringing
            yield Told(line.key, "ringing", call.name, number_of(message))

    def _cancelled(self, message: Message, call: _Call | None, to: Peer, now: float) -> Iterator[Said]:
        if call is None:
            yield _answer(message, 481, "Call/Transaction Does Not Exist", to)
            return
        yield _answer(message, 200, "OK", to, tag=call.tag)
        if not call.is_over:
            event = "answered" if _is_answered_elsewhere(message) else "ended"
            yield from self._leave(call, 487, "Request Terminated", event, now)

    def _hung_up(self, message: Message, peer: Peer, to: Peer) -> Iterator[Said]:
        """Take a BYE from a system that tells us of the end although we never were part of the talk."""
        line = self._line(message, peer)
        names = {one.name for one in self._calls.values()}
        if line and _name(line, message) in names:
            yield _answer(message, 200, "OK", to)
            yield Told(line.key, "ended", _name(line, message))
        else:
            yield _answer(message, 481, "Call/Transaction Does Not Exist", to)

    def _leave(self, call: _Call, status: int, phrase: str, event: str, now: float) -> list[Said]:
        last = _answer(call.invite, status, phrase, call.to, tag=call.tag)
        call.last, call.is_over, call.until = last.data, True, now + LINGERS
        call.again = now + T1 if call.to.by == "UDP" else 0.0
        return [last, Told(call.line.key, event, call.name)]

    def _line(self, message: Message, peer: Peer) -> Line | None:
        """Return the line that is meant: the one of that name, from a host that it names."""
        user = user_of(message.uri).lower()
        return next((one for one in self.lines if one.user == user and one.is_rung_by(peer)), None)

    def _rings_already(self, message: Message, line: Line) -> bool:
        """Return whether the same call rings here by another way (RFC 3261 section 8.2.2.2)."""
        name = _name(line, message)
        return any(one.name == name and not one.is_over for one in self._calls.values())

    def _is_proved(self, message: Message, line: Line, now: float) -> bool:
        account = digest.Account(line.user, line.secret)
        return any(
            digest.is_right(said, account, method="INVITE", key=self.key, call=message.call_id, now=now)
            for said in message.all("authorization")
        )

    def _challenge(self, message: Message, line: Line, to: Peer, now: float) -> Send:
        told_before = bool(message.all("authorization"))
        if told_before:
            self.unheard["secret"] += 1
        asked = digest.challenges(self.key, call=message.call_id, now=now)
        return _answer(message, 401, "Unauthorized", to, *(("WWW-Authenticate", one) for one in asked))


def _name(line: Line, message: Message) -> str:
    """Return by what a call is known to the office: the same after a restart, and nothing of what came in it."""
    text = f"{line.key} {message.call_id}".encode("utf-8", "surrogateescape")
    return f"sip-{hashlib.sha256(text).hexdigest()[:40]}"


def _transaction(message: Message) -> tuple[str, str]:
    """Return what one transaction is known by: the branch and the host of the topmost station."""
    top = via(message.values("via")[0])
    branch = top.params.get("branch", "")
    if not branch.startswith("z9hG4bK"):  # before RFC 3261: the call and its number
        branch = f"{message.call_id} {message.cseq[0]}"
    return branch, f"{top.host.lower()}:{top.port}"


def _marked(message: Message, peer: Peer) -> Message:
    """Note at the topmost station where the message really came from (RFC 3581), so that answers find back."""
    first, *rest = message.values("via")
    top = via(first)
    plain = ";".join(
        part
        for part in first.split(";")
        if part.strip().partition("=")[0].strip().lower() not in ("received", "rport")
    )
    noted = f"{plain};received={peer.host}" + (f";rport={peer.port}" if "rport" in top.params else "")
    others = [(name, value) for name, value in message.headers if name.lower() not in ("via", "v")]
    vias = [("Via", value) for value in (noted, *rest)]
    return Message(message.method, message.uri, 0, "", (*vias, *others), message.body)


def _back(message: Message, peer: Peer) -> Peer:
    """Return where an answer goes: by the same connection, or to the host that asked and the port that it named."""
    top = via(message.values("via")[0])
    if peer.by != "UDP" or "rport" in top.params:
        return peer
    return Peer(peer.host, top.port, peer.by, peer.link)


def _answer(
    message: Message, status: int, phrase: str, to: Peer, *more: tuple[str, str], tag: str = ""
) -> Send:
    headers = [("Via", value) for value in message.all("via")]
    if status < 200:
        headers += [("Record-Route", value) for value in message.all("record-route")]
    whom = message.one("to")
    if "tag=" not in whom.rpartition(">")[2].lower():
        whom = f"{whom};tag={tag or secrets.token_hex(6)}"
    headers += [("From", message.one("from")), ("To", whom)]
    headers += [("Call-ID", message.call_id), ("CSeq", message.one("cseq")), *more]
    return Send(write(Message(status=status, phrase=phrase, headers=tuple(headers))), to)


def _is_answered_elsewhere(message: Message) -> bool:
    for said in message.values("reason"):
        protocol, *rest = said.split(";")
        for part in rest:
            name, _equals, value = part.partition("=")
            if name.strip().lower() == "cause" and (protocol.strip().lower(), value.strip()) in ELSEWHERE:
                return True
    return False
