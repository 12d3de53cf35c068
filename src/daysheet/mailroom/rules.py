"""What the mailroom can tell from the bytes alone, and how long it waits between tries."""

import re
from datetime import timedelta

ISA_LENGTH = 106  # 16 padded elements; the terminator is the last of them
MOST_TRIES = 8
LEASE = timedelta(minutes=5)
"""How long a try may take before another worker may think it lost."""

BLANK = b"\xef\xbb\xbf\r\n\t "
_GUIDES = {"X222": "837P", "X223": "837I", "X224": "837D"}


def wait_before_next_try(attempts: int) -> timedelta:
    """Return the pause after so many failed tries: one minute, doubled each time, an hour at most."""
    return timedelta(minutes=min(60, 2 ** max(0, attempts - 1)))


def split_interchanges(data: bytes) -> list[bytes]:
    """Return the pieces of a file, one per interchange; together they are every byte of it.

    What stands between two stays with the piece before it; foreign bytes before the first are a piece.
    """
    starts = _openings(data)
    if not starts:
        return [data]
    if data[: starts[0]].strip(BLANK):
        starts.insert(0, 0)
    starts[0] = 0
    return [data[begin:end] for begin, end in zip(starts, [*starts[1:], len(data)], strict=True)]


def kinds_inside(piece: bytes) -> list[str]:
    """Return which sets an interchange holds, by their names here, each once, an acknowledgement first."""
    head = _head(piece)
    if head is None:
        return []
    kinds: dict[str, None] = {}
    for segment in _segments(piece, head):
        parts = [part.strip() for part in segment.split(head[103:104])]
        if parts[0] == b"TA1":
            kinds["TA1"] = None
        elif parts[0] == b"ST" and len(parts) > 1:
            kinds[_kind(parts)] = None
    return sorted(kinds, key=lambda kind: kind != "TA1")


def control_number(piece: bytes) -> str:
    """Return ISA13 of an interchange, or nothing when there is none."""
    head = _head(piece)
    return head[90:99].decode("ascii", "replace").strip() if head else ""


def fault_of(piece: bytes) -> str:
    """Return why a file cannot be taken as an interchange, in a sentence; empty when it can."""
    if not piece.strip():
        return "The file is empty. It is kept; ask the sender to send it again."
    head = _head(piece)
    if head is None:
        return (
            "The file does not begin as an X12 interchange. It is kept as it came; ask the sender what it is."
        )
    end = piece.rfind(b"IEA" + head[3:4])
    if end < 0 or piece.find(head[105:106], end) < 0:
        return (
            "The file is cut off before its end mark. It is kept as it came; ask the sender to send it again."
        )
    return ""


def _openings(data: bytes) -> list[int]:
    found = (match.start() for match in re.finditer(rb"(?<![0-9A-Za-z])ISA(?=[^0-9A-Za-z\s])", data))
    return [at for at in found if _head(data[at : at + ISA_LENGTH]) is not None]


def _head(piece: bytes) -> bytes | None:
    """Return the 106 bytes of the ISA when they are one: sixteen separators where they belong."""
    found = piece.lstrip(BLANK)
    head = found[:ISA_LENGTH]
    if len(head) < ISA_LENGTH or not head.startswith(b"ISA"):
        return None
    return head if head[3:4] == head[6:7] == head[103:104] else None


def _segments(piece: bytes, head: bytes) -> list[bytes]:
    return [segment.strip() for segment in piece.split(head[105:106])]


def _kind(parts: list[bytes]) -> str:
    code = parts[1].decode("ascii", "replace")
    guide = parts[3].decode("ascii", "replace") if len(parts) > 3 else ""
    if code == "837":
        return next((kind for mark, kind in _GUIDES.items() if mark in guide), "837")
    if code == "277":
        return "277CA" if "X214" in guide else "277"
    return code
