"""Identity: UUIDv7 keys, made here because they sort by the time of their making."""

import os
from datetime import UTC, datetime, timedelta
from uuid import UUID

from daysheet.kernel import clock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_id(text: str | None) -> UUID | None:
    """Return the id that a form or an address names, or nothing where the text is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): 48 bits of milliseconds, 12 of the part of one, the rest random."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """Return many new UUIDv7 of one moment, in their order, for rows that are made together."""
    millis, micros = divmod((clock.system_now() - EPOCH) // timedelta(microseconds=1), 1000)
    # RFC 9562, 6.2, method 3: two lines of one act are often made within a millisecond, and are read in their order.
    part = micros * 4096 // 1000
    head = (millis & (1 << 48) - 1) << 80 | 0x7 << 76 | part << 64 | 0b10 << 62
    chance = os.urandom(8 * count)
    tails = (int.from_bytes(chance[at : at + 8], "big") & (1 << 62) - 1 for at in range(0, 8 * count, 8))
    return [UUID(int=head | tail) for tail in sorted(tails)]
