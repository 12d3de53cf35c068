"""The cash drawer against plain cents: whatever three desks do in any order, drawer, slips and book say the same."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from daysheet.documents.models import PrintStation
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import AuditLine
from daysheet.ledger import commands, queries
from daysheet.ledger.models import BankDeposit, CashDrawer, DrawerCount, DrawerMove, Payment
from tests import cast, make
from tests.ledger.conftest import Office, furnish
from tests.ledger.model import usd

ASKS_REASON, ASKS_ANOTHER = 1, 2000
"""Cents from which a drawer that differs takes a reason, and a second person."""
CENTS = st.integers(1, 9_000)
WHO = st.sampled_from(["rosa", "ana", "ben"])
SEAT = st.sampled_from(["", "", "left", "right"])
"""At which station somebody sits; nowhere that the office knows, otherwise."""
CLERK = st.sampled_from(["rosa", "ana"])
OFF = st.sampled_from([0, 0, 0, 1, -1, -350, 1999, -2000, 4000])
OFF_OR_NOT = st.sampled_from([0, 0, 0, -350, -2000, 4000, None])


@dataclass(eq=False)
class Box:
    """A drawer as the model knows it, in cents."""

    id: UUID
    keeper: str
    day: date
    opening: int
    holds_loose: bool
    seat: str = ""
    cash: int = 0
    safe: int = 0
    """Paid in less dropped."""
    counted: int | None = None
    expected: int | None = None
    counted_by: str = ""
    closed_by: str = ""
    state: str = "open"
    slip: UUID | None = None
    version: int = 1


@dataclass(eq=False)
class Taken:
    """A payment as the model knows it."""

    id: UUID
    cents: int
    day: date
    method: str
    box: Box | None = None
    slip: UUID | None = None
    is_gone: bool = False


@dataclass(eq=False)
class Bag:
    """A slip as the model knows it."""

    cash: int
    checks: int
    made_on: date
    boxes: list[Box] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    state: str = "made"


def attempt(act: Callable[[], Any], refusals: set[str]) -> Any:
    """Do an act that must meet one of these refusals and then write nothing, or succeed where there is none."""
    lines = AuditLine.objects.count()
    try:
        made = act()
    except Refusal as no:
        met = type(no).__name__
    else:
        assert not refusals
        return made
    assert met in refusals
    assert AuditLine.objects.count() == lines
    return None


class Desks(RuleBasedStateMachine):
    """Rosa, Ana and Ben at one door: a drawer of the door, drawers of their own, day after day."""

    def __init__(self) -> None:
        super().__init__()
        self.grown = (0, 0)
        self.stack = ExitStack()
        self.stack.enter_context(make.acting(make.practice(f"Practice {new_id()}")))
        self.office: Office = furnish(make.Practice.objects.order_by("-created_at")[0])
        stations = [PrintStation.objects.create(name=name) for name in ("left", "right")]
        self.seats = {one.name: one.pk for one in stations}
        self.now, self.today = cast.NOW, cast.MONDAY
        self.closed_until: date | None = None
        self.boxes: list[Box] = []
        self.taken: list[Taken] = []
        self.bags: dict[UUID, Bag] = {}
        self.loose: dict[date, int] = {}
        self.credit, self.is_blind, self.rules_version = 0, True, 0
        self.posted: set[date] = set()

    def teardown(self) -> None:
        """Leave the practice, its book proven."""
        assert queries.troubles() == []
        self.stack.close()

    # The plain model

    def by(self, name: str, seat: str = "") -> Actor:
        actor: Actor = getattr(self.office, name)
        return replace(actor.at(self.now), station_id=self.seats.get(seat))

    @property
    def day(self) -> date:
        """The day that is posted to."""
        return max(self.today, self.closed_until + timedelta(days=1)) if self.closed_until else self.today

    def lies_in(self, box: Box) -> int:
        """What should lie in a drawer."""
        return box.opening + box.cash + box.safe + (self.loose.get(box.day, 0) if box.holds_loose else 0)

    def is_over(self, box: Box) -> bool:
        """Whether the day of a drawer is closed for ever."""
        return self.closed_until is not None and box.day <= self.closed_until

    def through(self, who: str, cents: int, seat: str = "") -> tuple[Box | None, set[str]]:
        """The drawer through which cash of somebody who sits somewhere goes now, and what refuses it."""
        there = [one for one in self.boxes if one.day == self.day]
        if not there:
            return None, set()
        box = self.box_at(there, who, seat)
        return box, self.against(box, cents) if box else {"DrawerIsClosed"}

    def box_at(self, there: Sequence[Box], who: str, seat: str) -> Box | None:
        """The drawer for who sits somewhere: the seat's own, else one that stands nowhere, else the door's."""
        own = [one for one in there if one.keeper == who]
        if seat and not self.holder(seat, but=who):
            for one in own:
                if one.seat == seat:
                    return one
        for one in own:
            if not one.seat:
                return one
        if own and not seat:
            still = [one for one in own if one.state != "closed"]
            if len(still) > 1:
                return None
            return still[0] if still else own[-1]
        return next((one for one in there if not one.keeper), None)

    def held_on(self, box: Box) -> bool:
        """Whether another drawer stands, not closed, where and when this one stood."""
        others = [one for one in self.boxes if (one.seat, one.day) == (box.seat, box.day) and one is not box]
        return any(one.state != "closed" for one in others)

    def holder(self, seat: str, *, but: str = "") -> Box | None:
        """The drawer of a seat that is not closed today."""
        for one in self.boxes:
            if (one.seat, one.day) == (seat, self.day) and one.state != "closed" and one.keeper != but:
                return one
        return None

    def against(self, box: Box | None, cents: int) -> set[str]:
        """What refuses cash that goes through a drawer."""
        if box is None:
            return set()
        if box.state in ("waiting", "closed"):
            return {"DrawerIsClosed"}
        return {"NotEnoughCash"} if cents < 0 and self.lies_in(box) + cents < 0 else set()

    def went(self, box: Box | None, cents: int, day: date) -> None:
        """Note cash that moved."""
        self.posted.add(day)
        if box is None:
            self.loose[day] = self.loose.get(day, 0) + cents
        else:
            box.cash += cents

    def a_box(self, data: st.DataObject, *states: str) -> Box:
        """Choose a drawer: mostly one of a state to which the act belongs."""
        fits = [one for one in self.boxes if one.state in states and not self.is_over(one)]
        return data.draw(st.sampled_from(fits if fits and data.draw(st.integers(0, 4)) else self.boxes))

    def stands(self, box: Box) -> set[str]:
        """What refuses whatever is done to a drawer that is closed, or whose day is."""
        if self.is_over(box):
            return {"DayIsClosed"}
        return {"DrawerIsClosed"} if box.state == "closed" else set()

    def reopened(self, box: Box) -> None:
        box.counted = box.expected = None
        box.counted_by = box.closed_by = ""
        box.state = "open"

    # What the desk does

    @initialize(is_open=st.sampled_from([True, True, True, False]), cents=CENTS)
    def begin_the_day(self, is_open: bool, cents: int) -> None:
        """Begin with some cash taken, mostly into the drawer of the door."""
        if is_open:
            self.open_one("rosa", 10_000, False)
        self.take_cash_and_give_change("rosa", cents, 5)

    @rule(who=WHO, cents=st.integers(0, 20_000), is_own=st.booleans(), seat=SEAT)
    def open_one(self, who: str, cents: int, is_own: bool, seat: str = "") -> None:
        keeper = who if is_own or seat else ""
        there = [one for one in self.boxes if one.day == self.day]
        is_there = any((one.keeper, one.seat) == (keeper, seat) for one in there)
        is_held = bool(seat) and self.holder(seat) is not None
        drawer = attempt(
            lambda: commands.open_drawer(
                self.by(who),
                location_id=self.office.door.pk,
                opening_float=Decimal(usd(cents)),
                is_own=is_own,
                station_id=self.seats.get(seat),
            ),
            {"DrawerIsOpen"} if is_there or is_held else set(),
        )
        if drawer:
            self.boxes.append(Box(drawer.pk, keeper, self.day, cents, not there, seat))

    @rule(who=WHO, cents=CENTS, more=st.integers(0, 2_000), seat=SEAT)
    def take_cash_and_give_change(self, who: str, cents: int, more: int, seat: str = "") -> None:
        box, no = self.through(who, cents, seat)
        handed = Decimal(usd(cents + more))
        if payment := attempt(
            lambda: self.office.pay(usd(cents), by=self.by(who, seat), tendered=handed), no
        ):
            assert payment.tendered - payment.amount == Decimal(usd(more))
            self.taken.append(Taken(payment.pk, cents, self.day, "cash", box))
            self.went(box, cents, self.day)
            self.credit += cents

    @rule(who=WHO, cents=CENTS)
    def take_a_check(self, who: str, cents: int) -> None:
        payment = self.office.pay(usd(cents), by=self.by(who), method="check", check_number="1182")
        self.taken.append(Taken(payment.pk, cents, self.day, "check"))
        self.posted.add(self.day)
        self.credit += cents

    @precondition(lambda self: self.credit)
    @rule(data=st.data(), over=st.sampled_from([0, 0, 0, 1]), seat=SEAT)
    def refund_in_cash(self, data: st.DataObject, over: int, seat: str) -> None:
        cents = self.credit + 1 if over else data.draw(st.integers(1, self.credit))
        box, no = self.through("ana", -cents, seat)
        done = attempt(
            lambda: commands.refund(
                self.by("ana", seat),
                patient_id=self.office.diaz.pk,
                amount=Decimal(usd(cents)),
                method="cash",
                reason="overpaid",
                location_id=self.office.door.pk,
            ),
            {"NoSuchCredit"} if over else no,
        )
        if done:
            self.went(box, -cents, self.day)
            self.credit -= cents

    @precondition(lambda self: self.taken)
    @rule(data=st.data(), who=CLERK)
    def void_one(self, data: st.DataObject, who: str) -> None:
        one = data.draw(st.sampled_from(self.taken))
        no = set[str]()
        if one.is_gone or one.cents > self.credit or one.day != self.day or one.slip:
            no = {"PaymentIsGone"}
        elif one.method == "cash":
            first = next((it for it in self.boxes if it.day == one.day and it.holds_loose), None)
            no = self.against(one.box or first, -one.cents)
        if attempt(lambda: commands.void_payment(self.by(who), payment_id=one.id, reason="twice"), no):
            one.is_gone = True
            self.credit -= one.cents
            if one.method == "cash":
                self.went(one.box, -one.cents, one.day)

    @precondition(lambda self: self.boxes)
    @rule(data=st.data(), who=WHO, cents=CENTS, is_drop=st.booleans())
    def carry(self, data: st.DataObject, who: str, cents: int, is_drop: bool) -> None:
        box = self.a_box(data, "open", "counted")
        no = self.stands(box) or ({"DrawerIsClosed"} if box.state == "waiting" else set())
        is_hidden = self.is_blind and box.counted is None
        if not no and is_drop and cents > self.lies_in(box) and not is_hidden:
            no = {"NotEnoughCash"}
        act = commands.drop_cash if is_drop else commands.pay_in
        facts = {"drawer_id": box.id, "amount": Decimal(usd(cents)), "counted_by": "Rosa", "reason": "change"}
        if attempt(lambda: act(self.by(who), **facts), no):  # type: ignore[arg-type]
            box.safe += -cents if is_drop else cents

    @precondition(lambda self: self.boxes)
    @rule(data=st.data(), who=WHO, off=OFF, is_old=st.sampled_from([False, False, False, True]))
    def count_one(self, data: st.DataObject, who: str, off: int, is_old: bool) -> None:
        self.count(self.a_box(data, "open", "counted", "waiting"), who, off, is_old=is_old)

    def count(self, box: Box, who: str, off: int, *, is_old: bool = False) -> None:
        sum_in_it = max(self.lies_in(box) + off, 0)
        no = self.stands(box) or ({"StaleForm"} if is_old else set())
        facts = {"drawer_id": box.id, "version": box.version - is_old, "counted": Decimal(usd(sum_in_it))}
        if attempt(lambda: commands.count_drawer(self.by(who), **facts), no):  # type: ignore[arg-type]
            self.reopened(box)
            box.counted, box.expected, box.counted_by = sum_in_it, self.lies_in(box), who
            box.state = "counted"
            box.version += 1

    def off_by(self, box: Box) -> int | None:
        """How much a drawer is over by a count that still holds."""
        if box.counted is None or box.expected is None or box.expected != self.lies_in(box):
            return None
        return box.counted - box.expected

    @precondition(lambda self: self.boxes)
    @rule(data=st.data(), who=WHO, says_why=st.sampled_from([True, True, False]), off=OFF_OR_NOT)
    def close_one(self, data: st.DataObject, who: str, says_why: bool, off: int | None) -> None:
        """Close a drawer, mostly counted just before."""
        box = self.a_box(data, "open", "counted", "waiting")
        if off is not None:
            self.count(box, who, off)
        off, no = self.off_by(box), self.stands(box)
        if not no and off is None:
            no = {"NotCounted"}
        elif not no and off is not None and abs(off) >= ASKS_REASON and not says_why:
            no = {"NeedsReason"}
        reason = "wrong change" if says_why else ""
        facts = {"drawer_id": box.id, "version": box.version, "reason": reason}
        if attempt(lambda: commands.close_drawer(self.by(who), **facts), no):  # type: ignore[arg-type]
            box.closed_by, box.version = who, box.version + 1
            box.state = "waiting" if abs(off or 0) >= ASKS_ANOTHER else "closed"

    @precondition(lambda self: any(one.state == "waiting" for one in self.boxes))
    @rule(data=st.data(), who=CLERK)
    def approve_one(self, data: st.DataObject, who: str) -> None:
        box = self.a_box(data, "waiting")
        no = set[str]()
        if self.is_over(box):
            no = {"DayIsClosed"}
        elif box.state != "waiting":
            no = {"NotCounted"}
        elif who in (box.counted_by, box.closed_by):
            no = {"NeedsAnother"}
        act = commands.approve_drawer
        if attempt(lambda: act(self.by(who), drawer_id=box.id, version=box.version), no):
            box.state, box.version = "closed", box.version + 1

    @precondition(lambda self: any(one.state in ("closed", "waiting") for one in self.boxes))
    @rule(data=st.data())
    def open_again(self, data: st.DataObject) -> None:
        box = self.a_box(data, "closed", "waiting")
        no = set[str]()
        if self.is_over(box):
            no = {"DayIsClosed"}
        elif box.state in ("open", "counted"):
            no = {"DrawerIsOpen"}
        elif box.slip:
            no = {"IsDeposited"}
        elif box.seat and box.state == "closed" and self.held_on(box):
            no = {"DrawerIsOpen"}
        facts = {"drawer_id": box.id, "version": box.version, "reason": "a late patient"}
        if attempt(lambda: commands.reopen_drawer(self.by("ana"), **facts), no):  # type: ignore[arg-type]
            self.reopened(box)
            box.version += 1

    @rule(data=st.data(), who=CLERK, reaches=st.sampled_from([False, False, True]))
    def take_to_the_bank(self, data: st.DataObject, who: str, reaches: bool) -> None:
        """Put drawers and checks on a slip; one time in three also what is not there for it."""
        ready = [one for one in self.boxes if one.state == "closed" and not one.slip]
        checks = [one for one in self.taken if one.method == "check" and not one.slip and not one.is_gone]
        here: list[Any] = [*(self.boxes if reaches else ready), *checks]
        if not here:
            return
        chosen = data.draw(st.lists(st.sampled_from(here), min_size=1, unique=True))
        boxes = [one for one in chosen if isinstance(one, Box)]
        papers = [one for one in chosen if isinstance(one, Taken)]
        cash = sum((one.counted or 0) - one.opening - one.safe for one in boxes)
        total = sum(one.cents for one in papers)
        no = set[str]()
        if not set(boxes) <= set(ready):
            no = {"IsElsewhere"}
        elif cash < 0 or cash + total == 0:
            no = {"NothingToDeposit"}
        slip = attempt(
            lambda: commands.make_deposit(
                self.by(who),
                drawer_ids=[one.id for one in boxes],
                check_ids=[one.id for one in papers],
                bank_on=self.day,
            ),
            no,
        )
        if slip:
            through = [one for one in self.taken if one.method == "cash" and self.box_of(one) in boxes]
            taken = [*papers, *(one for one in through if not one.is_gone)]
            assert not any(one.slip for one in taken)
            self.bags[slip.pk] = Bag(cash, total, self.day, boxes, taken)
            for one in [*boxes, *taken]:
                one.slip = slip.pk

    def box_of(self, one: Taken) -> Box | None:
        """The drawer to which the cash of a payment belongs."""
        first = next((it for it in self.boxes if it.day == one.day and it.holds_loose), None)
        return one.box or first

    @precondition(lambda self: self.bags)
    @rule(data=st.data())
    def take_a_slip_apart(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.bags)))
        bag = self.bags[key]
        is_late = self.closed_until is not None and bag.made_on <= self.closed_until
        facts = {"deposit_id": key, "version": 1 if bag.state == "made" else 2, "reason": "wrong bag"}
        no = {"BankSaidSo"} if bag.state != "made" or is_late else set[str]()
        if attempt(lambda: commands.void_deposit(self.by("rosa"), **facts), no):  # type: ignore[arg-type]
            bag.state = "void"
            for one in [*bag.boxes, *bag.taken]:
                one.slip = None

    @rule(is_blind=st.booleans())
    def count_blind_or_open(self, is_blind: bool) -> None:
        commands.set_desk_rules(
            self.by("ana"),
            is_blind=is_blind,
            reason_from=Decimal(usd(ASKS_REASON)),
            approve_from=Decimal(usd(ASKS_ANOTHER)),
            check_fee=Decimal(0),
            version=self.rules_version,
        )
        self.is_blind, self.rules_version = is_blind, self.rules_version + 1

    @rule(is_done=st.sampled_from([True, True, True, False]))
    def close_the_day(self, is_done: bool) -> None:
        """Close the day; three times in four only after its last drawer."""
        day, no = self.day, set[str]()
        if is_done and not any(one.slip for one in self.boxes if one.day == day):
            return
        if day > self.today or any(one < day and self.is_open_day(one) for one in self.posted):
            no = {"DayIsOpen"}
        elif any(one.day == day and one.state != "closed" for one in self.boxes):
            no = {"NotCounted"}
        act = commands.close_day
        if attempt(lambda: act(self.by("ana"), day=day, open_visits=0, reason="as it is"), no):
            self.closed_until = day

    def is_open_day(self, day: date) -> bool:
        return self.closed_until is None or day > self.closed_until

    @rule(is_next_day=st.sampled_from([False, False, False, True]))
    def time_goes(self, is_next_day: bool) -> None:
        self.now += timedelta(days=1) if is_next_day else timedelta(minutes=5)
        self.today += timedelta(days=is_next_day)

    # What holds after every act

    @invariant()
    def every_drawer_is_what_the_cents_say(self) -> None:
        rows = {one.pk: one for one in CashDrawer.objects.select_related("location")}
        assert len(rows) == len(self.boxes)
        for box in self.boxes:
            row = rows[box.id]
            keeper = getattr(self.office, box.keeper).user_id if box.keeper else None
            assert (row.keeper_id, row.day, row.location_id) == (keeper, box.day, self.office.door.pk)
            assert row.station_id == self.seats.get(box.seat)
            assert (row.state, row.version, row.deposit_id) == (box.state, box.version, box.slip)
            assert (row.opening_float, row.holds_loose) == (Decimal(usd(box.opening)), box.holds_loose)
            assert queries.drawer_expected(row) == Decimal(usd(self.lies_in(box)))
            if box.counted is not None and box.expected is not None:
                assert (row.counted, row.expected) == (Decimal(usd(box.counted)), Decimal(usd(box.expected)))
            if box.state == "closed":
                assert box.expected == self.lies_in(box)  # a closed drawer takes no cash

    @invariant()
    def every_payment_went_to_the_bank_once_at_most(self) -> None:
        rows = dict(Payment.objects.values_list("pk", "deposit_id"))
        assert rows == {one.id: one.slip for one in self.taken}
        slips = {one.pk: (one.cash, one.checks, one.state) for one in BankDeposit.objects.all()}
        assert slips == {
            key: (Decimal(usd(bag.cash)), Decimal(usd(bag.checks)), bag.state)
            for key, bag in self.bags.items()
        }
        standing = [one for bag in self.bags.values() if bag.state != "void" for one in bag.taken]
        assert len({one.id for one in standing}) == len(standing)
        assert not any(one.is_gone for one in standing)

    @invariant()
    def counts_and_carries_only_grow(self) -> None:
        grown = (DrawerCount.objects.count(), DrawerMove.objects.count())
        assert all(now - was in (0, 1) for now, was in zip(grown, self.grown, strict=True))
        self.grown = grown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("plays", "acts"), [(16, 28), pytest.param(120, 50, marks=pytest.mark.nightly)], ids=["short", "long"]
)
def test_the_drawer_agrees_with_plain_cents_whatever_the_desks_do(plays: int, acts: int) -> None:
    run_state_machine_as_test(
        Desks,
        settings=settings(
            max_examples=plays,
            stateful_step_count=acts,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
