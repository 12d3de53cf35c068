"""A clinician's calendar feed: the token that opens it, and the text of RFC 5545 that says Busy and no more."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from daysheet.schedule.busy_times import Busy

FOLD = 75
"""Octets of a line, RFC 5545 3.1."""


def new_token(practice_id: UUID) -> str:
    """Return an address part that nobody can guess; it begins with the practice that it opens."""
    return f"{practice_id.hex}-{secrets.token_urlsafe(24)}"


def practice_of(token: str) -> UUID | None:
    """Return the practice that a token speaks of, or None where it is no token."""
    start, point, rest = token.partition("-")
    if not (point and rest and len(token) <= 100 and len(start) == 32):
        return None
    try:
        return UUID(hex=start)
    except ValueError:
        return None


def hash_of(token: str) -> str:
    """Return a token as it is kept; it is long and random, so one round is enough."""
    return sha256(token.encode()).hexdigest()


def calendar(name: str, busy: Iterable[Busy], *, now: datetime) -> bytes:
    """Return the calendar: for each span one event with its times and the word Busy, and the door where it matters."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Daysheet//Calendar feed//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for one in busy:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{sha256(one.key).hexdigest()[:32]}@daysheet",
            f"DTSTAMP:{_utc(now)}",
            *_span(one),
            "SUMMARY:Busy",
            *([f"LOCATION:{escaped(one.where)}"] if one.where else ()),
            "TRANSP:OPAQUE",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _span(one: Busy) -> tuple[str, str]:
    if one.day is None:
        return f"DTSTART:{_utc(one.begins)}", f"DTEND:{_utc(one.ends)}"
    until = one.day + timedelta(days=1)
    return f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}", f"DTEND;VALUE=DATE:{until:%Y%m%d}"


def escaped(text: str) -> str:
    """Return a text as a value of RFC 5545 3.3.11."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, "\\" + sign)
    return "\\n".join(text.splitlines())


def folded(line: str) -> bytes:
    """Return a line in pieces of at most 75 octets, never within a character."""
    pieces, piece = [], b""
    for sign in line:
        octets = sign.encode()
        if len(piece) + len(octets) > FOLD:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
