"""The cash drawer of a door: opened with a float, carried to and from the safe, counted, closed, re-opened."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.documents import queries as papers
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.money import say
from daysheet.ledger import coins, queries
from daysheet.ledger.checks import (
    NeedsReason,
    NotAnAmount,
    amount_above_zero,
    amount_in_drawer,
    no_card_numbers,
    over_or_short,
    said_why,
)
from daysheet.ledger.commands.book import Book, DrawerIsClosed, NotEnoughCash
from daysheet.ledger.drawer_here import is_held
from daysheet.ledger.models import CashDrawer, DeskRules, DrawerCount, DrawerMove, PostingDay
from daysheet.ledger.rules import in_words
from daysheet.tasks import commands as tasks

TASK = "drawer"


class DayIsClosed(Refusal):
    """The day is closed for ever."""


class DrawerIsOpen(Refusal):
    """The drawer is open: it was opened before, or nothing is there to open again."""


class NotCounted(Refusal):
    """The drawer must be counted first, or counted again because cash moved since."""


class IsDeposited(Refusal):
    """It went to the bank: what stands on a deposit slip stays as it is."""


class NeedsAnother(Refusal):
    """A second person looks at it: neither who counted the drawer nor who asked to close it."""


@command(needs=Can.TAKE_PAYMENT)
def open_drawer(
    by: Actor,
    /,
    *,
    location_id: UUID,
    opening_float: Decimal,
    is_own: bool = False,
    station_id: UUID | None = None,
) -> CashDrawer:
    """Open a drawer for the day with what lies in it: the door's, or one's own from which nobody else works.

    One at a station is its opener's. Raises DrawerIsOpen when that one was opened today, or somebody holds the station's.
    """
    book = Book.open(by)
    is_open = DrawerIsOpen(_("This drawer is open already today."))
    keeper_id = by.user_id if is_own or station_id else None
    there = CashDrawer.objects.filter(location_id=location_id, day=book.day.day)
    if there.filter(keeper_id=keeper_id, station_id=station_id).exists():
        raise is_open
    if station_id:
        _may_stand_at(station_id, location_id, keeper_id)
        _nobody_holds(station_id, book.day.day)
    with refusing(cash_drawer_is_one_a_day=is_open):
        drawer = CashDrawer.objects.create(
            location_id=location_id,
            day=book.day.day,
            keeper_id=keeper_id,
            keeper=by.name if keeper_id else "",
            station_id=station_id,
            holds_loose=not there.exists(),
            opening_float=amount_in_drawer(opening_float, field="opening_float"),
            opened_by=by.name,
            opened_at=by.now,
        )
    record(by, "ledger.drawer.opened", drawer, opening_float=drawer.opening_float, day=drawer.day)
    return drawer


@command(needs=Can.TAKE_PAYMENT)
def drop_cash(
    by: Actor, /, *, drawer_id: UUID, amount: Decimal, counted_by: str, reason: str, witness: str = ""
) -> DrawerMove:
    """Carry cash from a drawer to the safe. Raises NotEnoughCash beyond what should lie in it.

    Before a blind count nothing is refused: a refusal would tell what should lie in it; the count tells what is short.
    """
    drawer = _standing(by, drawer_id)
    _waits_for_nobody(drawer)
    is_hidden = drawer.counted is None and queries.desk_rules().is_blind
    if amount_above_zero(amount) > queries.drawer_expected(drawer) and not is_hidden:
        sentence = _("The drawer should hold less than that. Count again what you take out.")
        raise NotEnoughCash(sentence, amount=sentence)
    return _moved(by, drawer, DrawerMove.Kind.DROP, amount, counted_by, witness, reason)


@command(needs=Can.TAKE_PAYMENT)
def pay_in(
    by: Actor, /, *, drawer_id: UUID, amount: Decimal, counted_by: str, reason: str, witness: str = ""
) -> DrawerMove:
    """Carry change from the safe into a drawer. Raises DrawerIsClosed while it waits for a second person."""
    drawer = _standing(by, drawer_id)
    _waits_for_nobody(drawer)
    return _moved(by, drawer, DrawerMove.Kind.PAY_IN, amount, counted_by, witness, reason)


@command(needs=Can.TAKE_PAYMENT)
def count_drawer(
    by: Actor,
    /,
    *,
    drawer_id: UUID,
    version: int,
    counted: Decimal | None = None,
    pieces: Mapping[str, int] | None = None,
) -> CashDrawer:
    """Count a drawer, coin by coin or as a sum. Every count is kept; the last one stands until the close."""
    drawer = _standing(by, drawer_id, version)
    money = _sum_counted(counted, pieces or {})
    drawer.counted = money
    drawer.expected = queries.drawer_expected(drawer)
    drawer.over_short = money - drawer.expected
    drawer.counted_by, drawer.counted_by_id, drawer.counted_at = by.name, by.user_id, by.now
    _not_asked(drawer)
    drawer.version += 1
    drawer.save()
    DrawerCount.objects.create(
        drawer=drawer,
        pieces={key: count for key, count in (pieces or {}).items() if count},
        counted=money,
        expected=drawer.expected,
        is_blind=queries.desk_rules().is_blind,
        by_name=by.name,
        at=by.now,
    )
    record(by, "ledger.drawer.counted", drawer, counted=money, over_short=drawer.over_short)
    tasks.close_items_of(by, subject_id=drawer.pk, kind=TASK, action_code="done")
    return drawer


@command(needs=Can.TAKE_PAYMENT)
def close_drawer(by: Actor, /, *, drawer_id: UUID, version: int, reason: str = "") -> CashDrawer:
    """Close a counted drawer: no cash moves through it any more.

    Raises NotCounted when cash moved since the count, and NeedsReason from the difference that the office set.
    From the larger difference that it set, the close waits for a second person.
    """
    no_card_numbers(reason=reason)
    drawer = _standing(by, drawer_id, version)
    off = _what_was_counted(drawer)
    asks = queries.desk_rules()
    if abs(off) >= asks.reason_from and not reason.strip():
        sentence = _("The drawer is %(how)s. Count again, or say why.")
        raise NeedsReason(sentence % {"how": over_or_short(off)}, reason=_("Say why, or count again."))
    drawer.reason, drawer.asked_at = reason.strip(), by.now
    drawer.closed_by, drawer.closed_by_id = by.name, by.user_id
    if abs(off) < asks.approve_from:
        drawer.closed_at = by.now
    drawer.version += 1
    drawer.save()
    how = "closed" if drawer.closed_at else "close-asked"
    record(by, f"ledger.drawer.{how}", drawer, over_short=off, reason=drawer.reason)
    if drawer.closed_at is None:
        _call_a_manager(by, drawer, off)
    return drawer


@command(needs=Can.CLOSE_DAY)
def approve_drawer(by: Actor, /, *, drawer_id: UUID, version: int) -> CashDrawer:
    """Close a drawer that waits, as a second person who saw the difference and the reason. Raises NeedsAnother."""
    Book.lock(by)
    drawer = _of_open_day(drawer_id)
    _is_as_shown(drawer, version)
    if drawer.state != "waiting":
        raise NotCounted(_("This drawer waits for nobody."))
    off = _what_was_counted(drawer)
    if _is_one_of(by, drawer):
        raise NeedsAnother(_("Somebody other than who counted and closed it looks at the difference."))
    drawer.approved_by, drawer.approved_by_id, drawer.closed_at = by.name, by.user_id, by.now
    drawer.version += 1
    drawer.save()
    record(by, "ledger.drawer.approved", drawer, over_short=off, reason=drawer.reason)
    tasks.close_items_of(by, subject_id=drawer.pk, kind=TASK, action_code="done")
    return drawer


@command(needs=Can.CLOSE_DAY_OPEN)
def reopen_drawer(by: Actor, /, *, drawer_id: UUID, version: int, reason: str) -> CashDrawer:
    """Open a closed drawer again, by a manager and with a reason; it is counted and closed anew."""
    why = said_why(reason)
    Book.lock(by)
    drawer = _of_open_day(drawer_id)
    _is_as_shown(drawer, version)
    if drawer.asked_at is None:
        raise DrawerIsOpen(_("This drawer is open."))
    if drawer.deposit_id:
        raise IsDeposited(_("This drawer's cash is on a deposit slip. It stays closed."))
    if drawer.station_id and drawer.closed_at:
        _nobody_holds(drawer.station_id, drawer.day)
    was_off, was_closed_by = drawer.over_short, drawer.closed_by
    drawer.counted = drawer.expected = drawer.over_short = drawer.counted_at = drawer.counted_by_id = None
    drawer.counted_by = ""
    _not_asked(drawer)
    drawer.reopened_by, drawer.reopen_reason, drawer.version = by.name, why, drawer.version + 1
    drawer.save()
    record(by, "ledger.drawer.reopened", drawer, reason=why, over_short=was_off, closed_by=was_closed_by)
    tasks.close_items_of(by, subject_id=drawer.pk, kind=TASK, action_code="done")
    return drawer


@command(needs=Can.MANAGE_OFFICE)
def set_desk_rules(
    by: Actor,
    /,
    *,
    is_blind: bool,
    reason_from: Decimal,
    approve_from: Decimal,
    check_fee: Decimal,
    version: int,
) -> DeskRules:
    """Say how drawers are counted, from which difference on more is asked, and the fee of a returned check."""
    Book.lock(by)
    kept = queries.desk_rules()
    if kept.version != version:
        raise StaleForm(_("Somebody changed this while the page stood open. Look again."))
    kept.is_blind, kept.reason_from = is_blind, amount_above_zero(reason_from)
    kept.approve_from = amount_above_zero(approve_from)
    if kept.approve_from < kept.reason_from:
        sentence = _("A second person is asked from no less than a reason is.")
        raise NotAnAmount(sentence, approve_from=sentence)
    kept.check_fee, kept.version = amount_in_drawer(check_fee, field="check_fee"), kept.version + 1
    kept.save()
    record(
        by,
        "ledger.desk-rules.set",
        kept,
        is_blind=is_blind,
        reason_from=kept.reason_from,
        approve_from=kept.approve_from,
        check_fee=kept.check_fee,
    )
    return kept


def _may_stand_at(station_id: UUID, location_id: UUID, keeper_id: UUID | None) -> None:
    """Refuse a station that is not used, stands at another location, or would have a drawer of nobody."""
    station = papers.print_station(station_id)
    if station is None or keeper_id is None:
        raise Refusal(_("This station is not used any more. Say again at which one you sit."))
    if station.location_id not in (None, location_id):
        where = {"station": station, "door": station.location}
        sentence = (
            _("%(station)s stands at %(door)s. Choose that location, or a drawer at no station.") % where
        )
        raise Refusal(sentence, location_id=sentence)


def _nobody_holds(station_id: UUID, day: date) -> None:
    """Refuse while a drawer stands at a station that is not closed: it tells who holds it."""
    rows = CashDrawer.objects.filter(station_id=station_id, day=day, closed_at__isnull=True)
    if held := rows.select_related("station").first():
        raise DrawerIsOpen(is_held(held))


def _of_open_day(drawer_id: UUID) -> CashDrawer:
    drawer = CashDrawer.objects.select_for_update().get(pk=drawer_id)
    if PostingDay.objects.filter(day=drawer.day, closed_at__isnull=False).exists():
        sentence = _("%(day)s is closed. Its drawer stays as it was counted.")
        raise DayIsClosed(sentence % {"day": in_words(drawer.day)})
    return drawer


def _standing(by: Actor, drawer_id: UUID, version: int | None = None) -> CashDrawer:
    """Return a drawer that is not closed, locked; as it was shown, where a version is given."""
    Book.lock(by)
    drawer = _of_open_day(drawer_id)
    if drawer.closed_at:
        sentence = _("%(who)s has closed this drawer. A manager can open it again.")
        raise DrawerIsClosed(sentence % {"who": drawer.closed_by})
    if version is not None:
        _is_as_shown(drawer, version)
    return drawer


def _waits_for_nobody(drawer: CashDrawer) -> None:
    """Refuse to move cash in a drawer whose count waits for a second person."""
    if drawer.asked_at:
        raise DrawerIsClosed(
            _(
                "The count of this drawer waits for a second person. Let it be approved, or count it again first."
            )
        )


def _is_as_shown(drawer: CashDrawer, version: int) -> None:
    if drawer.version != version:
        raise StaleForm(_("Somebody counted this drawer while the page stood open. Look at it again."))


def _moved(
    by: Actor, drawer: CashDrawer, kind: str, amount: Decimal, counted_by: str, witness: str, reason: str
) -> DrawerMove:
    money, why = amount_above_zero(amount), said_why(reason)
    no_card_numbers(counted_by=counted_by, witness=witness)
    counter, saw = " ".join(counted_by.split()), " ".join(witness.split())
    if not counter:
        raise Refusal(_("Say who counted it."), counted_by=_("Say who counted it."))
    if saw and saw.casefold() == counter.casefold():
        sentence = _("The witness is somebody other than who counted.")
        raise Refusal(sentence, witness=sentence)
    move = DrawerMove.objects.create(
        drawer=drawer,
        kind=kind,
        amount=money,
        counted_by=counter,
        witness=saw,
        reason=why,
        by_name=by.name,
        at=by.now,
    )
    record(by, f"ledger.drawer.{kind.replace('_', '-')}", drawer, amount=money, reason=why)
    return move


def _not_asked(drawer: CashDrawer) -> None:
    """Take back what was said at a close: nobody asks for it now."""
    drawer.asked_at = drawer.closed_at = drawer.closed_by_id = drawer.approved_by_id = None
    drawer.closed_by = drawer.approved_by = drawer.reason = ""


def _call_a_manager(by: Actor, drawer: CashDrawer, off: Decimal) -> None:
    """Put on the manager's work list that a drawer waits for a second person."""
    sentence = _("The cash drawer at %(where)s is %(how)s and waits for a second person.")
    tasks.open_item(
        by,
        kind=TASK,
        reason_code="waits_for_another",
        sentence=sentence % {"where": drawer.name, "how": over_or_short(off)},
        due_at=by.now + timedelta(hours=1),
        source_of_due=_("before the day is closed"),
        role="office_manager",
        subject=drawer,
        link=f"/money/drawer/{drawer.pk}/",
    )


def _what_was_counted(drawer: CashDrawer) -> Decimal:
    """Return how much a drawer is over or short by its last count. Raises NotCounted when cash moved since."""
    if drawer.counted is None or drawer.over_short is None:
        raise NotCounted(_("Count the drawer first."))
    if drawer.expected != queries.drawer_expected(drawer):
        raise NotCounted(_("Cash moved since the count. Count the drawer again."))
    return drawer.over_short


def _is_one_of(by: Actor, drawer: CashDrawer) -> bool:
    if by.user_id is None:
        return by.name in (drawer.counted_by, drawer.closed_by)
    return by.user_id in (drawer.counted_by_id, drawer.closed_by_id)


def _sum_counted(counted: Decimal | None, pieces: Mapping[str, int]) -> Decimal:
    """Return what was counted; where both pieces and a sum are told, they must agree."""
    if not coins.are_pieces(pieces):
        raise NotAnAmount(_("Count coins and bills in whole pieces, none below zero."))
    if counted is None and not pieces:
        raise NotAnAmount(_("Count the pieces, or type the sum."), counted=_("Nothing was counted."))
    if not pieces:
        return amount_in_drawer(counted or coins.sum_of({}), field="counted")
    total = coins.sum_of(pieces)
    if counted is not None and amount_in_drawer(counted, field="counted") != total:
        sentence = _("The pieces come to %(pieces)s, the sum says %(sum)s. Mend one of them.")
        told = sentence % {"pieces": say(total), "sum": say(counted)}
        raise NotAnAmount(told, counted=told)
    return total
