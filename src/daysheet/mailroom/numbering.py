"""The numbers on the outside of interchanges: one counter per trading partner, never reused."""

from uuid import UUID

from daysheet.kernel.numbers import next_number


def next_interchange(partner_id: UUID) -> int:
    """Return the next ISA13 for a partner; it also serves as the group's number (GS06)."""
    return next_number(f"interchange {partner_id}")
