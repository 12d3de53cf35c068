"""What the mailroom can tell from the bytes alone, and how long it waits between tries."""

from datetime import timedelta

from daysheet.formats import x12

MOST_TRIES = 8
LEASE = timedelta(minutes=5)
"""How long a try may take before another worker may think it lost."""


def wait_before_next_try(attempts: int) -> timedelta:
    """Return the pause after so many failed tries: one minute, doubled each time, an hour at most."""
    return timedelta(minutes=min(60, 2 ** max(0, attempts - 1)))


def fault_of(content: bytes, seen: x12.Piece) -> str:
    """Return why a file cannot be taken as an interchange, in a sentence; empty when it can."""
    if not content.strip():
        return "The file is empty. It is kept; ask the sender to send it again."
    if not seen.is_interchange:
        return (
            "The file does not begin as an X12 interchange. It is kept as it came; ask the sender what it is."
        )
    if not seen.is_whole:
        return (
            "The file is cut off before its end mark. It is kept as it came; ask the sender to send it again."
        )
    return ""
