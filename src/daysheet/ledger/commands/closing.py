"""The close of the day: proven from the entries, kept as a sheet, locked for ever."""

from datetime import date

from django.utils.translation import gettext as _

from daysheet.documents.commands import keep_document
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import Practice
from daysheet.kernel.money import say
from daysheet.ledger import papers, queries
from daysheet.ledger.checks import NeedsReason, no_card_numbers, over_or_short
from daysheet.ledger.commands.book import Book
from daysheet.ledger.commands.drawers import DayIsClosed, NotCounted
from daysheet.ledger.models import Daysheet, PostingDay
from daysheet.ledger.queries import DayFigures
from daysheet.ledger.rules import in_words


class DayIsOpen(Refusal):
    """An earlier day must be closed first, or the day has not come yet."""


class BooksDoNotBalance(Refusal):
    """The book does not prove itself: by how much and where stands in the sentence."""


@command(needs=Can.CLOSE_DAY)
def close_day(by: Actor, /, *, day: date, open_visits: int, reason: str = "") -> Daysheet:
    """Close a day for ever: prove the book, keep the sheet, lock the posting day.

    Raises BooksDoNotBalance saying by how much and where, and NotCounted while a drawer of the day is open: its
    cash could never go to the bank. A drawer that differs, cash without a drawer, and open visits take a reason
    and Can.CLOSE_DAY_OPEN. Days are closed in their order.
    """
    Book.lock(by)
    no_card_numbers(reason=reason)
    posting = _day_to_close(by, day)
    _prove_the_book()
    figures = queries.day_figures(day)
    if figures.proof.off_by != 0:
        raise BooksDoNotBalance(
            f"Charges less payments less adjustments are {say(abs(figures.proof.off_by))} off the change of receivables."
        )
    if figures.listed != figures.proof.payments:
        raise BooksDoNotBalance(
            f"The deposit list comes to {say(figures.listed)}, the payments to {say(figures.proof.payments)}."
        )
    through = queries.receivables_through(day)
    if figures.receivables_after != through:
        raise BooksDoNotBalance(
            f"The day ends with {say(figures.receivables_after)} due, the books with {say(through)}: "
            f"{say(abs(figures.receivables_after - through))} apart since the last close."
        )
    left_open = [one.name for one in figures.drawers if one.is_open]
    if left_open:
        raise NotCounted(
            _("Count and close the cash drawer first: %(where)s.") % {"where": ", ".join(left_open)}
        )
    _what_is_open_has_a_reason(by, figures, open_visits, reason)
    sheet = _keep_sheet(by, posting, figures, open_visits, reason.strip())
    posting.closed_at = by.now
    posting.save(update_fields=["closed_at"])
    record(
        by,
        "ledger.day.closed",
        sheet,
        day=day,
        entries=sheet.entries,
        over_short=sheet.drawer_over_short,
        open_visits=open_visits,
        reason=reason,
    )
    return sheet


def _day_to_close(by: Actor, day: date) -> PostingDay:
    today = local_day(by.now, Practice.objects.get(pk=by.practice_id).zone)
    if day > today:
        raise DayIsOpen("That day has not come yet.")
    last = queries.last_closed_day()
    if last and day <= last:
        raise DayIsClosed(f"{in_words(day)} is closed. Only reversals on a later day change it now.")
    if PostingDay.objects.filter(day=day, is_history=True).exists():
        raise DayIsClosed(
            f"{in_words(day)} holds what was brought from earlier books. It is not closed here."
        )
    earlier = (
        PostingDay.objects.filter(
            day__lt=day, closed_at__isnull=True, entries__isnull=False, is_history=False
        )
        .order_by("day")
        .first()
    )
    if earlier:
        raise DayIsOpen(f"Close {in_words(earlier.day)} first: it has entries and is open.")
    posting, _is_new = PostingDay.objects.get_or_create(day=day)
    return PostingDay.objects.select_for_update().get(pk=posting.pk)


def _prove_the_book() -> None:
    troubles = queries.troubles(closed_days=False)
    if troubles:
        more = f" And {len(troubles) - 3} more." if len(troubles) > 3 else ""
        raise BooksDoNotBalance(" ".join(one.sentence for one in troubles[:3]) + more)


def _what_is_open_has_a_reason(by: Actor, figures: DayFigures, open_visits: int, reason: str) -> None:
    open_things = [f"{one.name}: the drawer is not counted" for one in figures.drawers if one.is_uncounted]
    open_things += [
        f"{one.name}: the drawer is {over_or_short(one.over_short)}"
        for one in figures.drawers
        if one.over_short
    ]
    if open_visits:
        open_things.append("1 visit is open" if open_visits == 1 else f"{open_visits} visits are open")
    if not open_things:
        return
    told = "; ".join(open_things)
    if not by.can(Can.CLOSE_DAY_OPEN):
        raise NeedsReason(f"{told}. Settle it, or ask a manager to close the day.")
    if not reason.strip():
        raise NeedsReason(f"{told}. Settle it, or say why the day closes so.", reason="Say why.")


def _keep_sheet(
    by: Actor, posting: PostingDay, figures: DayFigures, open_visits: int, reason: str
) -> Daysheet:
    count, digest = queries.day_hash(figures.day)
    document = keep_document(
        by,
        kind="daysheet",
        title=f"Day sheet {figures.day:%Y-%m-%d}",
        media_type="application/pdf",
        content=papers.daysheet(by, figures, open_visits=open_visits, reason=reason),
        patients={one.patient_id for one in figures.deposits if one.patient_id},
    )
    return Daysheet.objects.create(
        posting_day=posting,
        day=figures.day,
        charges=figures.proof.charges,
        payments=figures.proof.payments,
        adjustments=figures.proof.adjustments,
        receivables_before=figures.receivables_before,
        receivables_after=figures.receivables_after,
        drawer_over_short=figures.over_short,
        entries=count,
        entries_hash=digest,
        open_visits=open_visits,
        reason=reason,
        figures=papers.sheet_as_text(figures),
        document=document,
        closed_at=by.now,
        closed_by=by.name,
    )
