"""Identity: UUIDv7 keys, made here because they sort by the time of their making."""

import os
from uuid import UUID

from daysheet.kernel import clock


def read_id(text: str | None) -> UUID | None:
    """Return the id that a form or an address names, or nothing where the text is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): 48 bits of milliseconds, the rest random."""
    millis = int(clock.system_now().timestamp() * 1000)
    tail = int.from_bytes(os.urandom(10), "big")
    value = (
        (millis & (1 << 48) - 1) << 80
        | 0x7 << 76
        | (tail >> 62 & 0xFFF) << 64
        | 0b10 << 62
        | tail & (1 << 62) - 1
    )
    return UUID(int=value)
