"""A reader of 837 and 835 bytes that shares nothing with the product: split, add, and no more."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Sums:
    """What raw files say of a claim."""

    charge: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    adjusted: dict[str, Decimal] = field(
        default_factory=lambda: {"CO": Decimal(0), "OA": Decimal(0), "PI": Decimal(0)}
    )
    patient: Decimal = Decimal(0)


def segments(data: bytes) -> list[list[str]]:
    """The segments of an interchange, each split into its elements."""
    text = data.decode("ascii")
    return [segment.strip().split(text[3]) for segment in text.split(text[105]) if segment.strip()]


def add_up(
    claims: Iterable[bytes], remittances: Iterable[bytes], *, skip: frozenset[str] = frozenset()
) -> dict[str, Sums]:
    """Return what every claim comes to; remittances whose trace is in `skip` were not posted."""
    found: dict[str, Sums] = {}
    for data in claims:
        for parts in segments(data):
            if parts[0] == "CLM":
                found.setdefault(parts[1], Sums()).charge = Decimal(parts[2])
    for data in remittances:
        rows = segments(data)
        if next(parts[2] for parts in rows if parts[0] == "TRN") in skip:
            continue
        current = Sums()
        for parts in rows:
            if parts[0] == "CLP":
                current = found.setdefault(parts[1], Sums())
                current.paid += Decimal(parts[4])
            elif parts[0] == "CAS":
                for at in range(2, len(parts), 3):
                    if not parts[at]:
                        continue
                    amount = Decimal(parts[at + 1])
                    if parts[1] == "PR":
                        current.patient += amount
                    else:
                        current.adjusted[parts[1]] += amount
    return found
