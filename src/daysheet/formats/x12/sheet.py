"""A table for people, and how names and amounts stand in it."""

from decimal import Decimal

from .guides.parts import Address, Party
from .hide import STANDS_FOR
from .record import record


@record
class Sheet:
    """A table: every cell is text, amounts have two decimals, `notes` say what no row can."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


def money(amount: Decimal | None) -> str:
    """Return an amount with its cents; empty for none."""
    return "" if amount is None else f"{amount:.2f}"


def name_of(party: Party, is_hidden: bool) -> str:
    """Return how somebody is called, or what stands for it."""
    whole = " ".join(part for part in (party.first, party.middle, party.name, party.suffix) if part)
    return shown(whole, is_hidden) or "somebody unnamed"


def place_of(address: Address | None, is_hidden: bool) -> str:
    """Return where somebody lives in one line."""
    if address is None:
        return ""
    town = " ".join(part for part in (address.city, address.state, address.zip) if part)
    return shown(", ".join(part for part in (address.line1, address.line2, town) if part), is_hidden)


def shown(text: str, is_hidden: bool) -> str:
    """Return text, or what stands for it where it is to be hidden."""
    return STANDS_FOR if text and is_hidden else text
