"""Money: exact dollars and cents, never a float."""

from decimal import Decimal, InvalidOperation

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
MOST = Decimal("9999999999.99")  # numeric(12,2)


class NotMoney(ValueError):
    """The value is no amount of dollars and whole cents."""


def usd(value: str | int | Decimal) -> Decimal:
    """Return an amount in dollars with two places.

    Refuses floats, fractions of a cent, NaN and amounts beyond numeric(12,2).
    """
    if isinstance(value, bool | float) or not isinstance(value, str | int | Decimal):
        raise NotMoney(f"Money is made from text, whole numbers or Decimal, not from {type(value).__name__}.")
    try:
        amount = Decimal(value)
    except InvalidOperation as bad:
        raise NotMoney("That is not an amount of money.") from bad
    if not amount.is_finite() or abs(amount) > MOST:
        raise NotMoney("That amount is too large to be money here.")
    rounded = amount.quantize(CENT)
    if rounded != amount:
        raise NotMoney("Money has no fractions of a cent.")
    return rounded + ZERO  # turns -0.00 into 0.00


def share(total: Decimal, parts: list[int] | list[Decimal]) -> list[Decimal]:
    """Return the total split in proportion to the parts, to the cent, so that the shares add up to it.

    Cents left over go to the largest remainders, earlier parts first; equal parts of nothing share equally.
    """
    if not parts or any(part < 0 for part in parts):
        raise NotMoney("Shares need at least one part, and no negative ones.")
    cents = int(usd(total) / CENT)
    sign, cents = (-1, -cents) if cents < 0 else (1, cents)
    weights = [Decimal(part) for part in parts]
    whole = sum(weights)
    if whole == 0:
        weights, whole = [Decimal(1)] * len(parts), Decimal(len(parts))
    exact = [cents * weight / whole for weight in weights]
    given = [int(part) for part in exact]
    left = cents - sum(given)
    by_remainder = sorted(range(len(parts)), key=lambda i: (given[i] - exact[i], i))
    for i in by_remainder[:left]:
        given[i] += 1
    return [usd(Decimal(sign * part) * CENT) for part in given]


def say(amount: Decimal) -> str:
    """Return the amount as a desk says it: $1,040.00, and "credit $22.00" below zero."""
    return f"credit ${-amount:,.2f}" if amount < 0 else f"${amount:,.2f}"
