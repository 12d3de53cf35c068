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
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """Return many new UUIDv7 of one moment, for rows that are made together."""
    millis = int(clock.system_now().timestamp() * 1000)
    head = (millis & (1 << 48) - 1) << 80 | 0x7 << 76 | 0b10 << 62
    chance = os.urandom(10 * count)
    tails = (int.from_bytes(chance[at : at + 10], "big") for at in range(0, 10 * count, 10))
    return [UUID(int=head | (tail >> 62 & 0xFFF) << 64 | tail & (1 << 62) - 1) for tail in tails]
