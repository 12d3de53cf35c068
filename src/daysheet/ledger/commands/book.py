"""How every command of the room writes: lock the book, add an entry, keep the balances in step, settle credit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import new_id
from daysheet.kernel.many import insert_many
from daysheet.kernel.money import ZERO
from daysheet.kernel.numbers import next_number, next_numbers
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.ledger import followers, queries, rules
from daysheet.ledger.asking import spared_last
from daysheet.ledger.checks import said_why
from daysheet.ledger.drawer_here import drawer_here
from daysheet.ledger.models import Balance, CashDrawer, LedgerEntry, LedgerLine, PostingDay
from daysheet.ledger.rules import Side

ENTRY_NUMBER = "ledger entry"
BALANCE_FIELD = {"insurance": ("insurance", 1), "patient": ("owes", 1), "unapplied": ("credit", -1)}


@dataclass(frozen=True, slots=True)
class Post:
    """An entry of many that are posted together."""

    sides: Sequence[Side]
    service_on: date
    source_key: str


class EntryIsReversed(Refusal):
    """The entry was reversed before, or is one that the office cannot reverse by hand."""


class OthersStandOnIt(Refusal):
    """What was moved or written off since would be left without what it stands on."""


class DrawerIsClosed(Refusal):
    """The door's drawer of the day is closed: no cash moves through it."""


class NotEnoughCash(Refusal):
    """The drawer should not hold that much cash."""


class Book:
    """The practice's book, locked until the commit, open at the day that entries post to.

    The locks are taken in one order everywhere: the book, the accounts by id, the day. So the postings of a
    practice queue up instead of deadlocking, and a close sees every entry or makes it wait.
    """

    def __init__(self, by: Actor, day: PostingDay) -> None:
        self.by = by
        self.day = day

    @classmethod
    def open(cls, by: Actor, patient_ids: Iterable[UUID | None] = ()) -> Self:
        """Lock the book and the accounts of the patients, and open it at today, or the next open day."""
        cls.lock(by)
        accounts = sorted({one for one in patient_ids if one})
        if accounts:
            Balance.objects.bulk_create([Balance(patient_id=one) for one in accounts], ignore_conflicts=True)
            list(Balance.objects.filter(patient_id__in=accounts).order_by("patient_id").select_for_update())
        day, _ = PostingDay.objects.get_or_create(day=queries.posting_day(by.now))
        return cls(by, day)

    @staticmethod
    def lock(by: Actor) -> None:
        """Wait for the practice's book: the row that counts its entries is its lock."""
        with connection.cursor() as cursor:
            cursor.execute(
                """insert into counter (id, practice_id, name, next) values (%s, %s, %s, 1)
                   on conflict (practice_id, name) do update set next = counter.next""",
                [new_id(), by.practice_id, ENTRY_NUMBER],
            )

    def move_cash(
        self, location_id: UUID | None, change: Decimal, *, drawer_id: UUID | None = None
    ) -> UUID | None:
        """Return the drawer through which cash comes in or goes out: a given one, or the one for who sits here.

        None where no drawer stands at the door today. Raises DrawerIsClosed, and NotEnoughCash when it should not
        hold what goes out.
        """
        if location_id is None:
            return None
        there = CashDrawer.objects.filter(location_id=location_id, day=self.day.day).select_related("station")
        drawers = [one for one in there.order_by("opened_at", "pk") if drawer_id in (None, one.pk)]
        if not drawers:
            return None
        drawer, why = (drawers[0], "") if drawer_id else drawer_here(drawers, self.by)
        if drawer is None:
            raise DrawerIsClosed(why, method=why)
        if drawer.asked_at:
            sentence = _(
                "The cash drawer here is closed for the day. Take a check or a card, or ask a manager to open it again."
            )
            if drawer.closed_at is None:
                sentence = _(
                    "The cash drawer here is counted and waits for a second person, so no cash moves through it. "
                    "Take a check or a card, or ask a manager to approve it or open it again."
                )
            raise DrawerIsClosed(sentence, method=sentence)
        if change < 0 and queries.drawer_expected(drawer) + change < 0:
            sentence = _(
                "The drawer here does not hold that much cash. Pay change in first, or give a check."
            )
            raise NotEnoughCash(sentence, method=sentence)
        return drawer.pk

    def posted_before(self, source_key: str) -> LedgerEntry | None:
        """Return the entry that a source has posted already."""
        return LedgerEntry.objects.filter(source_key=source_key).first() if source_key else None

    def post(
        self,
        *,
        kind: str,
        sides: Sequence[Side],
        service_on: date | None = None,
        memo: str = "",
        reverses: LedgerEntry | None = None,
        source_kind: str = "",
        source_id: UUID | None = None,
        source_key: str = "",
    ) -> LedgerEntry:
        """Add a balanced entry, change the balances by it, and settle the accounts it touched."""
        kept = rules.balanced(sides)
        entry = LedgerEntry.objects.create(
            number=next_number(ENTRY_NUMBER),
            kind=kind,
            posting_day=self.day,
            posted_on=self.day.day,
            service_on=service_on,
            at=self.by.now,
            by_name=self.by.name,
            memo=memo,
            reverses=reverses,
            source_kind=source_kind,
            source_id=source_id,
            source_key=source_key,
        )
        LedgerLine.objects.bulk_create(self._lines(entry, kept))
        changed = self._keep_balances(kept)
        overpaid = {side.patient_id for side in kept if side.account == "patient" and side.amount < 0}
        if kind != LedgerEntry.Kind.APPLY:
            for patient_id in changed:
                self.settle(patient_id, because_of=entry, look_closer=patient_id in overpaid)
        return entry

    def post_alike(
        self, posts: Sequence[Post], *, kind: str, memo: str, source_kind: str
    ) -> list[LedgerEntry]:
        """Add many balanced entries of one kind, each about its own service day, as `post` adds one.

        So many statements for any number, beside those that settle an account which has credit and owes too.
        """
        numbers = next_numbers(ENTRY_NUMBER, len(posts))
        kept = [rules.balanced(one.sides) for one in posts]
        entries = [
            LedgerEntry(
                number=number,
                kind=kind,
                posting_day=self.day,
                posted_on=self.day.day,
                service_on=one.service_on,
                at=self.by.now,
                by_name=self.by.name,
                memo=memo,
                source_kind=source_kind,
                source_key=one.source_key,
            )
            for number, one in zip(numbers, posts, strict=True)
        ]
        insert_many(entries)
        insert_many(
            [line for entry, sides in zip(entries, kept, strict=True) for line in self._lines(entry, sides)]
        )
        because = {
            side.patient_id: entry
            for entry, sides in zip(entries, kept, strict=True)
            for side in sides
            if side.patient_id
        }
        changed = self._keep_balances([side for sides in kept for side in sides])
        both = Q(credit__lt=0) | Q(credit__gt=0, owes__gt=0)
        for patient_id in (
            Balance.objects.filter(both, patient_id__in=changed)
            .order_by("patient_id")
            .values_list("patient_id", flat=True)
        ):
            self.settle(patient_id, because_of=because[patient_id], look_closer=False)
        return entries

    def settle(
        self, patient_id: UUID, *, because_of: LedgerEntry | None = None, look_closer: bool = True
    ) -> LedgerEntry | None:
        """Put unapplied credit to what the patient owes, oldest first; give back what overpays a thing."""
        standing = Balance.objects.get(patient_id=patient_id)
        if not look_closer and standing.credit >= 0 and (standing.credit == 0 or standing.owes == 0):
            return None
        held = (
            spared_last(patient_id, queries.items(patient_id))
            if standing.credit > 0
            else queries.items(patient_id)
        )
        moves = rules.settle(held, standing.credit)
        if not moves:
            return None
        return self.post(
            kind=LedgerEntry.Kind.APPLY,
            sides=rules.settling_sides(moves, patient_id=patient_id, today=self.day.day),
            source_kind=because_of.source_kind if because_of else "",
            source_id=because_of.source_id if because_of else None,
        )

    def reverse(
        self,
        entry: LedgerEntry,
        *,
        reason: str,
        kind: str = LedgerEntry.Kind.REVERSAL,
        memo: str = "",
        answered: bool = True,
    ) -> LedgerEntry:
        """Add the exact mirror of an entry, once; not `answered`: though a plan has answered for it.

        Raises EntryIsReversed when it has one already, and OthersStandOnIt when part of what it made due has
        gone elsewhere since: the rest of it would become credit that nobody paid.
        """
        why = said_why(reason)
        if LedgerEntry.objects.filter(reverses=entry).exists():
            raise EntryIsReversed("That was taken back already.")
        sides = rules.mirror(queries.side_of(line) for line in entry.lines.order_by("id"))
        if entry.kind == LedgerEntry.Kind.REFUND:
            sides = [self._cash_comes_back(side) for side in sides]
        for account in ("patient", "insurance"):
            own = [side for side in sides if side.account == account]
            for patient_id in {side.patient_id for side in own if side.patient_id}:
                theirs = [side for side in own if side.patient_id == patient_id]
                if rules.made_up(queries.items(patient_id, account, answered=answered), theirs):
                    raise OthersStandOnIt(
                        "Part of it was moved or written off since. Take that back first, then this."
                    )
        return self.post(
            kind=kind,
            sides=sides,
            service_on=entry.service_on,
            memo=memo or why,
            reverses=entry,
            source_kind=entry.source_kind,
            source_id=entry.source_id,
        )

    def _cash_comes_back(self, side: Side) -> Side:
        """Return a side of a refund that is taken back: its cash comes into a drawer of today."""
        if side.account != "cash":
            return side
        return replace(side, drawer_id=self.move_cash(side.location_id, side.amount))

    def _lines(self, entry: LedgerEntry, sides: Sequence[Side]) -> list[LedgerLine]:
        return [
            LedgerLine(
                entry_id=entry.pk,
                posted_on=entry.posted_on,
                **(
                    {name: getattr(side, name) for name in queries.SIDE_FIELDS}
                    | {"service_on": side.service_on or entry.service_on}
                ),
            )
            for side in sides
        ]

    def _keep_balances(self, sides: Sequence[Side]) -> list[UUID]:
        """Change the balances, tell of those on which nothing is owed any more, and return whose they are."""
        change: dict[UUID, dict[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
        for side in sides:
            if side.patient_id and side.account in BALANCE_FIELD:
                name, sign = BALANCE_FIELD[side.account]
                change[side.patient_id][name] += sign * side.amount
        accounts = sorted(change)
        if not accounts:
            return []
        amounts = [[change[one][name] for one in accounts] for name in ("insurance", "owes", "credit")]
        with connection.cursor() as cursor:  # one statement for any number of accounts
            cursor.execute(
                """update balance set insurance = balance.insurance + more.insurance, owes = balance.owes + more.owes,
                          credit = balance.credit + more.credit
                   from unnest(%s::uuid[], %s::numeric[], %s::numeric[], %s::numeric[])
                        as more (patient_id, insurance, owes, credit)
                   where balance.practice_id = %s and balance.patient_id = more.patient_id
                   returning balance.patient_id, balance.owes <= balance.credit
                             and balance.owes - more.owes > balance.credit - more.credit""",
                [accounts, *amounts, acting_practice_id()],
            )
            followers.tell_cleared(self.by, [pk for pk, is_clear in cursor.fetchall() if is_clear])
        return accounts
