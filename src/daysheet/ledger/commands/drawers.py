"""The cash drawer of a door: opened with a float, counted, over or short with a reason."""

from decimal import Decimal
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.ledger import queries
from daysheet.ledger.checks import NeedsReason, amount_in_drawer, no_card_numbers, over_or_short
from daysheet.ledger.commands.book import Book
from daysheet.ledger.models import CashDrawer, PostingDay
from daysheet.ledger.rules import in_words


class DayIsClosed(Refusal):
    """The day is closed for ever."""


@command(needs=Can.TAKE_PAYMENT)
def open_drawer(by: Actor, /, *, location_id: UUID, opening_float: Decimal) -> CashDrawer:
    """Open a door's drawer for the day with what lies in it."""
    book = Book.open(by)
    if CashDrawer.objects.filter(location_id=location_id, day=book.day.day).exists():
        raise Refusal("This drawer is open already today.")
    drawer = CashDrawer.objects.create(
        location_id=location_id,
        day=book.day.day,
        opening_float=amount_in_drawer(opening_float, field="opening_float"),
        opened_by=by.name,
        opened_at=by.now,
    )
    record(by, "ledger.drawer.opened", drawer, opening_float=drawer.opening_float, day=drawer.day)
    return drawer


@command(needs=Can.TAKE_PAYMENT)
def count_drawer(by: Actor, /, *, drawer_id: UUID, counted: Decimal, reason: str = "") -> CashDrawer:
    """Count a drawer against its float and the cash that moved; again, if need be, until the close."""
    Book.lock(by)
    no_card_numbers(reason=reason)
    drawer = CashDrawer.objects.select_for_update().get(pk=drawer_id)
    if PostingDay.objects.filter(day=drawer.day, closed_at__isnull=False).exists():
        raise DayIsClosed(f"{in_words(drawer.day)} is closed. Its drawer stays as it was counted.")
    drawer.counted = amount_in_drawer(counted, field="counted")
    drawer.expected = queries.drawer_expected(drawer.location_id, drawer.day)
    drawer.over_short = drawer.counted - drawer.expected
    if drawer.over_short and not reason.strip():
        raise NeedsReason(
            f"The drawer is {over_or_short(drawer.over_short)}. Count again, or say why.",
            reason="Say why, or count again.",
        )
    drawer.reason, drawer.counted_by, drawer.counted_at = reason.strip(), by.name, by.now
    drawer.save(update_fields=["counted", "expected", "over_short", "reason", "counted_by", "counted_at"])
    record(
        by,
        "ledger.drawer.counted",
        drawer,
        counted=drawer.counted,
        over_short=drawer.over_short,
        reason=reason,
    )
    return drawer
