"""What a number, a reason, a clock and a stamp of a telephone system mean. Pure."""

import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from ipaddress import IPv4Network, IPv6Network, ip_network

import phonenumbers

Span = tuple[datetime, datetime]
OFFICE_RULE = timedelta(hours=4)
"""How soon to call back where the reason says nothing."""
WITHHELD = frozenset(("anonymous", "restricted", "private", "unavailable", "unknown"))
"""What telephone systems say in place of a number that is withheld."""
AGAIN = timedelta(hours=1)
"""When to try again somebody who did not answer."""
ENOUGH_TRIES = 3
MOST_MISSES = 3
"""After so many answers that did not match, a call proves nothing any more."""
WINDOW = timedelta(minutes=5)
"""How far a telephone system's stamp may lie from the clock of this machine."""
_MACHINE = re.compile(
    r"((?=[^:]{1,253}(?::|$))[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:]{2,39}\])(?::(\d{1,5}))?",
    re.ASCII,
)
"""The name or address of a machine, in brackets where it has colons, with a port if need be."""
LONGEST_NUMBER = 60
MOST_HOSTS = 20
WIDEST = {4: 16, 6: 48}
"""The widest network that a line may name, by the version of the protocol: an office's own, never the whole world."""
RINGS = timedelta(seconds=90)
"""How long a call may ring of which nothing more is reported."""
LISTEN = timedelta(hours=2)
"""How soon somebody listens to a voicemail."""
AT_ONCE = timedelta(minutes=10)
"""How soon a nurse looks at a red flag."""

OUTCOMES = {
    "answered": "Question answered",
    "booked": "Visit booked or moved",
    "message": "Message taken",
    "transferred": "Passed on",
    "emergency": "Told to call for help at once",
    "reached": "Called back, reached",
    "not_reached": "Could not be reached",
    "left_voicemail": "Voicemail left",
    "wrong_number": "Wrong number",
    "nuisance": "Nuisance call",
    "called": "We called",
    "blocked": "Blocked number",
    "none": "Hung up before an answer",
    "joined": "Put to the call that waits",
}
CHOSEN = (
    "answered",
    "booked",
    "message",
    "emergency",
    "left_voicemail",
    "not_reached",
    "wrong_number",
    "nuisance",
)
"""The outcomes that a person chooses from; the others follow from what was done."""
TOLD_ON = ("answered", "booked", "message")
"""The outcomes after which a reason that always becomes work does so."""


@dataclass(frozen=True, slots=True)
class Route:
    """Whose calls of a reason are, at what hours, and who takes them outside those hours."""

    role: str
    opens: time | None = None
    closes: time | None = None
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class CallClock:
    """How long a caller waits, or a call back still has: the tone of the mark, and the words."""

    tone: str
    words: str


def normalized(dialed: str, *, region: str = "US") -> str:
    """Return a number in its international form, or nothing where it is withheld or no number."""
    try:
        number = phonenumbers.parse(dialed[:LONGEST_NUMBER], region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    number.extension = None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def heard(reported: str) -> str:
    """Return a number that a telephone system reports without scheme and machine; nothing where it is withheld."""
    text = reported.strip()
    if "<" in text and text.endswith(">"):  # a name before the address
        text = text[text.rindex("<") + 1 : -1]
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in ("sip", "sips", "tel"):
        text = rest.partition(";")[0]
    text = text.partition("@")[0].strip()
    return "" if text.casefold() in WITHHELD else text


def taken_by(route: Route, *, at: time) -> str:
    """Return the role that takes a call of this reason at a time of day."""
    if route.opens is None or route.closes is None:
        return route.role
    if route.opens <= route.closes:
        is_open = route.opens <= at < route.closes
    else:  # over midnight
        is_open = at >= route.opens or at < route.closes
    return route.role if is_open else route.fallback or route.role


def due(now: datetime, minutes: int | None, spans: Sequence[Span] = ()) -> datetime:
    """Return until when to call back; the clock rests outside the spans in which the door is open."""
    length = left = timedelta(minutes=minutes) if minutes else OFFICE_RULE
    for begins, ends in spans:
        since = max(now, begins)
        if since + left <= ends:
            return since + left
        left -= max(ends - since, timedelta())
    return now + length


def joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans in their order, those that touch as one."""
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = found[-1][0], max(ends, found[-1][1])
        else:
            found.append((begins, ends))
    return found


def without(spans: Iterable[Span], gaps: Sequence[Span]) -> list[Span]:
    """Return what is left of spans in the order of time when some gaps are cut out of them."""
    left = list(spans)
    for starts, stops in gaps:
        cut = []
        for begins, ends in left:
            cut += [(begins, min(ends, starts)), (max(begins, stops), ends)]
        left = [(begins, ends) for begins, ends in cut if begins < ends]
    return left


def clock_of(due_at: datetime, *, now: datetime) -> CallClock:
    """Return how much time a call back has left, or by how much it is over."""
    if due_at < now:
        return CallClock("stop", f"{span(now - due_at)} over")
    left = due_at - now
    return CallClock("attention" if left < timedelta(hours=1) else "neutral", f"{span(left)} left")


def span(length: timedelta) -> str:
    """Return a length of time as the desk says it: 40 s, 12 min, 2 h, 3 days."""
    seconds = max(0, int(length.total_seconds()))
    for size, most, word in ((1, 60, "s"), (60, 60, "min"), (3600, 48, "h")):
        if seconds < size * most:
            return f"{seconds // size} {word}"
    return f"{seconds // 86400} days"


def sign(secret: str, stamp: str, body: bytes) -> str:
    """Return the signature of a report: HMAC-SHA256 in hex over the stamp, a point and the body."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()


def is_signed(secret: str, stamp: str, body: bytes, signature: str) -> bool:
    """Return whether a report bears the signature of the secret, in a time that does not tell how much is right."""
    return hmac.compare_digest(sign(secret, stamp, body).encode(), signature.strip().lower().encode())


def is_fresh(stamp: str, *, now: datetime) -> bool:
    """Return whether a stamp, seconds since 1970, lies within five minutes of now."""
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    return abs(now.timestamp() - int(stamp)) <= WINDOW.total_seconds()


def is_same(one: str, other: str) -> bool:
    """Return whether two hashes are the same, in a time that does not tell how much of them is."""
    return hmac.compare_digest(one.encode(), other.encode())


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the addresses and networks of a text, one a line; what is none, or too wide, raises ValueError with it."""
    found = []
    for word in dict.fromkeys(text.replace(",", " ").split()):
        try:
            one = ip_network(word, strict=False)
        except ValueError:
            raise ValueError(word) from None
        if one.prefixlen < WIDEST[one.version] or one.is_multicast or one.is_unspecified:
            raise ValueError(word)
        found.append(one)
    return tuple(found)


def host_and_port(text: str) -> tuple[str, int]:
    """Return a machine and its port as people write them, 0 for the usual port. Raises ValueError."""
    found = _MACHINE.fullmatch(text.strip())
    if not found or int(found[2] or 1) not in range(1, 65_536):
        raise ValueError(text)
    return found[1].lower(), int(found[2] or 0)
