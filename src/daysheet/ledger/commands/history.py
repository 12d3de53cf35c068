"""Closed bills of earlier books: brought in behind the first day of this book, once, leaving nothing due."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Min

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.numbers import next_numbers
from daysheet.ledger import queries
from daysheet.ledger.commands.book import ENTRY_NUMBER, Book
from daysheet.ledger.models import LedgerEntry, LedgerLine, PostingDay
from daysheet.ledger.past import SOURCE_KIND, PastBill, PastEntry, entries_of


@command(needs=Can.IMPORT_DATA)
def bring_history(by: Actor, /, *, bills: Sequence[PastBill]) -> list[LedgerEntry]:
    """Bring closed bills of earlier books along; a bill whose key is here already is left as it is.

    They stand on the day of history, which lies before the first day of this book and is never closed. Since
    each bill leaves nothing due, no balance and no closed day changes by it.
    """
    Book.lock(by)
    day = _day_of_history(by)
    keys = [bill.source_key for bill in bills]
    known = set(
        LedgerEntry.objects.filter(source_key__in=keys).values_list("source_key", flat=True) if keys else ()
    )
    fresh = {bill.source_key: bill for bill in bills if bill.source_key not in known}
    told = [(bill, entry) for bill in fresh.values() for entry in entries_of(bill)]
    numbers = next_numbers(ENTRY_NUMBER, len(told)) if told else range(0)
    rows = [_row(by, day, number, bill, entry) for number, (bill, entry) in zip(numbers, told, strict=True)]
    LedgerEntry.objects.bulk_create(rows)
    LedgerLine.objects.bulk_create(
        LedgerLine(
            entry=row, posted_on=day.day, **{name: getattr(side, name) for name in queries.SIDE_FIELDS}
        )
        for row, (_, entry) in zip(rows, told, strict=True)
        for side in entry.sides
    )
    record(
        by,
        "ledger.history.brought",
        day,
        patients=sorted({bill.patient_id for bill in bills}),
        bills=len(fresh),
        entries=len(rows),
        known=len(known),
    )
    return rows


def _day_of_history(by: Actor) -> PostingDay:
    """Return the one day of history: found, or made the day before the book begins."""
    found = PostingDay.objects.filter(is_history=True).first()
    if found:
        return found
    first = PostingDay.objects.aggregate(first=Min("day"))["first"]
    today = queries.posting_day(by.now)
    return PostingDay.objects.create(day=min(first or today, today) - timedelta(days=1), is_history=True)


def _row(by: Actor, day: PostingDay, number: int, bill: PastBill, entry: PastEntry) -> LedgerEntry:
    return LedgerEntry(
        number=number,
        kind=entry.kind,
        posting_day=day,
        posted_on=day.day,
        service_on=bill.service_on,
        at=by.now,
        by_name=by.name,
        memo=entry.memo,
        source_kind=SOURCE_KIND,
        source_id=bill.visit_id,
        source_key=entry.key,
    )
