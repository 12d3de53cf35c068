"""The coins and bills of a count, and what they come to."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from daysheet.kernel.money import ZERO

NOTES = (
    ("n100", Decimal("100.00"), _("$100 bills")),
    ("n50", Decimal("50.00"), _("$50 bills")),
    ("n20", Decimal("20.00"), _("$20 bills")),
    ("n10", Decimal("10.00"), _("$10 bills")),
    ("n5", Decimal("5.00"), _("$5 bills")),
    ("n2", Decimal("2.00"), _("$2 bills")),
    ("n1", Decimal("1.00"), _("$1 bills")),
)
COINS = (
    ("c100", Decimal("1.00"), _("$1 coins")),
    ("c50", Decimal("0.50"), _("Half dollars")),
    ("c25", Decimal("0.25"), _("Quarters")),
    ("c10", Decimal("0.10"), _("Dimes")),
    ("c5", Decimal("0.05"), _("Nickels")),
    ("c1", Decimal("0.01"), _("Pennies")),
)
WORTH = {key: worth for key, worth, _words in (*NOTES, *COINS)}
WORDS = {key: words for key, _worth, words in (*NOTES, *COINS)}
MOST_PIECES = 9999


def are_pieces(pieces: Mapping[str, int]) -> bool:
    """Return whether every key names a coin or note, and every number is a whole one that a drawer can hold."""
    return all(
        key in WORTH and not isinstance(number, bool) and 0 <= number <= MOST_PIECES
        for key, number in pieces.items()
    )


def sum_of(pieces: Mapping[str, int]) -> Decimal:
    """Return what the pieces come to; a key that names no coin is a bug."""
    return sum((WORTH[key] * count for key, count in pieces.items()), ZERO)
