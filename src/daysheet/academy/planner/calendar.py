"""Days as a calendar file (RFC 5545) that phones and computers take in."""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256

CALENDAR = "text/calendar; charset=utf-8"
LINE = 75
"""A line holds at most so many bytes; longer ones go on in the next, which begins with a space."""


def calendar_file(entries: Iterable[tuple[date, str]], *, made_at: datetime) -> str:
    """Return a calendar of whole days, each with its words; the same entry keeps its identity in a newer file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Daysheet//Academy//EN", "CALSCALE:GREGORIAN"]
    for day, words in entries:
        name = sha256(f"{day.isoformat()} {words}".encode()).hexdigest()[:24]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{name}@daysheet",
            f"DTSTAMP:{made_at:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"SUMMARY:{_escaped(words)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(words: str) -> str:
    plain = " ".join(words.split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    pieces, rest = [], line.encode()
    while len(rest) > LINE:
        cut = LINE
        while rest[cut] & 0xC0 == 0x80:  # not inside a letter of several bytes
            cut -= 1
        pieces.append(rest[:cut].decode())
        rest = b" " + rest[cut:]
    return "\r\n".join([*pieces, rest.decode()])
