"""The drawer: opened, carried from, counted, closed, approved by another, opened again."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.ledger import coins, commands, queries
from daysheet.ledger.models import CashDrawer, DeskRules, DrawerCount, DrawerMove
from daysheet.tasks.models import WorkqueueItem
from tests import cast
from tests.ledger.conftest import Office

PIECES = st.dictionaries(st.sampled_from(sorted(coins.WORTH)), st.integers(0, coins.MOST_PIECES))


def opened(office: Office, amount: str = "100.00", **more: Any) -> CashDrawer:
    return commands.open_drawer(
        office.rosa, location_id=office.door.pk, opening_float=Decimal(amount), **more
    )


def counted(office: Office, drawer: CashDrawer, amount: str) -> CashDrawer:
    drawer.refresh_from_db()
    return commands.count_drawer(
        office.rosa, drawer_id=drawer.pk, version=drawer.version, counted=Decimal(amount)
    )


def closed(office: Office, drawer: CashDrawer, reason: str = "") -> CashDrawer:
    return commands.close_drawer(office.rosa, drawer_id=drawer.pk, version=drawer.version, reason=reason)


def carry(amount: str, **more: str) -> dict[str, Any]:
    return {"amount": Decimal(amount), "counted_by": "Rosa", "reason": "too much in it"} | more


@given(PIECES, PIECES)
def test_pieces_come_to_a_sum_that_is_never_below_zero_and_adds_up(
    one: dict[str, int], other: dict[str, int]
) -> None:
    both = {key: one.get(key, 0) + other.get(key, 0) for key in {*one, *other}}
    assert coins.sum_of(one) >= 0
    assert coins.sum_of(both) == coins.sum_of(one) + coins.sum_of(other)
    assert coins.sum_of(one) == coins.sum_of(one).quantize(Decimal("0.01"))
    assert coins.are_pieces(one)


@pytest.mark.parametrize("pieces", [{"n20": -1}, {"n20": 10000}, {"n3": 1}, {"n20": True}])
def test_odd_pieces_are_none(pieces: dict[str, int]) -> None:
    assert not coins.are_pieces(pieces)


def test_a_drawer_should_hold_its_float_the_cash_and_what_was_carried(office: Office) -> None:
    office.pay("60.00")
    drawer = opened(office)
    office.pay("15.00")
    office.pay("9.00", method="check", check_number="1182")
    commands.drop_cash(office.rosa, drawer_id=drawer.pk, **carry("50.00"))
    commands.pay_in(office.rosa, drawer_id=drawer.pk, **carry("20.00", reason="coins"))
    assert queries.drawer_expected(drawer) == Decimal("145.00")
    assert [(one.expected, one.name) for one in queries.drawers(cast.MONDAY)] == [
        (Decimal("145.00"), "Main St")
    ]


def test_no_more_goes_to_the_safe_than_should_be_there(office: Office) -> None:
    drawer = opened(office)
    DeskRules.objects.create(is_blind=False)
    with pytest.raises(commands.NotEnoughCash):
        commands.drop_cash(office.rosa, drawer_id=drawer.pk, **carry("100.01"))
    assert not DrawerMove.objects.exists()


def test_before_a_blind_count_no_refusal_tells_what_should_be_there(office: Office) -> None:
    drawer = opened(office)
    commands.drop_cash(office.rosa, drawer_id=drawer.pk, **carry("100.01"))
    assert queries.drawer_expected(drawer) == Decimal("-0.01")
    drawer = commands.count_drawer(
        office.rosa, drawer_id=drawer.pk, version=drawer.version, counted=Decimal(0)
    )
    assert drawer.over_short == Decimal("0.01")
    with pytest.raises(commands.NotEnoughCash):
        commands.drop_cash(office.rosa, drawer_id=drawer.pk, **carry("1.00"))
    assert queries.troubles() == []


def test_a_witness_is_somebody_else(office: Office) -> None:
    drawer = opened(office)
    with pytest.raises(Exception, match="somebody other"):
        commands.drop_cash(office.rosa, drawer_id=drawer.pk, **carry("5.00", witness=" rosa "))


def test_pieces_and_sum_must_agree_and_every_count_is_kept(office: Office) -> None:
    drawer = opened(office)
    facts = {"drawer_id": drawer.pk, "version": drawer.version, "pieces": {"n20": 4, "n10": 2}}
    with pytest.raises(commands.NotAnAmount, match=r"\$100\.00, the sum says \$99\.00"):
        commands.count_drawer(office.rosa, counted=Decimal("99.00"), **facts)
    commands.count_drawer(office.rosa, **facts)
    counted(office, drawer, "98.00")
    kept = list(DrawerCount.objects.order_by("at", "id"))
    assert [(one.counted, one.pieces, one.is_blind) for one in kept] == [
        (Decimal("100.00"), {"n20": 4, "n10": 2}, True),
        (Decimal("98.00"), {}, True),
    ]


def test_a_small_difference_takes_a_reason(office: Office) -> None:
    drawer = counted(office, opened(office), "95.00")
    with pytest.raises(commands.NeedsReason, match=r"\$5\.00 short"):
        closed(office, drawer)
    assert closed(office, drawer, "wrong change").state == "closed"


def test_a_large_difference_takes_a_second_person(office: Office) -> None:
    drawer = closed(office, counted(office, opened(office), "80.00"), "a note is missing")
    assert drawer.state == "waiting"
    with pytest.raises(commands.NeedsAnother):
        commands.approve_drawer(office.rosa, drawer_id=drawer.pk, version=drawer.version)
    with pytest.raises(commands.DrawerIsClosed, match="waits for a second person"):
        office.pay("5.00")
    item = WorkqueueItem.objects.get(kind="drawer")
    assert (item.role, item.state) == ("office_manager", "open")
    assert "Main St is $20.00 short and waits" in item.sentence
    for move in (commands.drop_cash, commands.pay_in):
        with pytest.raises(commands.DrawerIsClosed, match="waits for a second person"):
            move(office.rosa, drawer_id=drawer.pk, amount=Decimal(5), counted_by="Rosa", reason="change")
    drawer = commands.approve_drawer(office.ana, drawer_id=drawer.pk, version=drawer.version)
    assert (drawer.state, drawer.closed_by, drawer.approved_by) == (
        "closed",
        office.rosa.name,
        office.ana.name,
    )
    item.refresh_from_db()
    assert item.state == "closed"
    assert queries.troubles() == []


def test_a_drawer_that_waits_may_be_counted_again(office: Office) -> None:
    drawer = closed(office, counted(office, opened(office), "80.00"), "a note is missing")
    drawer = counted(office, drawer, "100.00")
    assert (drawer.state, drawer.reason) == ("counted", "")
    assert WorkqueueItem.objects.get(kind="drawer").state == "closed"
    assert closed(office, drawer).state == "closed"


def test_cash_after_the_count_asks_for_another(office: Office) -> None:
    drawer = counted(office, opened(office), "100.00")
    office.pay("7.00")
    with pytest.raises(commands.NotCounted, match="Cash moved since"):
        closed(office, drawer)


def test_a_closed_drawer_takes_no_cash_until_a_manager_opens_it(office: Office) -> None:
    drawer = closed(office, counted(office, opened(office), "100.00"))
    with pytest.raises(commands.DrawerIsClosed):
        office.pay("5.00")
    office.pay("5.00", method="card", card_brand="Visa", card_last4="4242", approval="A1")
    facts = {"drawer_id": drawer.pk, "version": drawer.version}
    with pytest.raises(NotPermitted):
        commands.reopen_drawer(office.rosa, reason="late patient", **facts)
    with pytest.raises(commands.NeedsReason):
        commands.reopen_drawer(office.ana, reason=" ", **facts)
    drawer = commands.reopen_drawer(office.ana, reason="late patient", **facts)
    assert (drawer.state, drawer.counted, drawer.reopen_reason) == ("open", None, "late patient")
    office.pay("5.00")
    assert queries.drawer_expected(drawer) == Decimal("105.00")


def test_a_page_that_was_overtaken_changes_nothing(office: Office) -> None:
    drawer = opened(office)
    counted(office, drawer, "100.00")
    with pytest.raises(StaleForm):
        commands.close_drawer(office.rosa, drawer_id=drawer.pk, version=1)
    assert CashDrawer.objects.get().state == "counted"


def test_everybody_may_keep_a_drawer_of_their_own(office: Office) -> None:
    shared, own = opened(office), opened(office, "50.00", is_own=True)
    with pytest.raises(commands.DrawerIsOpen):
        opened(office, "50.00", is_own=True)
    mine = office.pay("8.00")
    office.pay("6.00", by=office.ben)
    assert queries.drawer_expected(own) == Decimal("58.00")
    assert queries.drawer_expected(shared) == Decimal("106.00")
    commands.void_payment(office.ben, payment_id=mine.pk, reason="typed twice")
    assert queries.drawer_expected(own) == Decimal("50.00")
    assert queries.drawer_expected(shared) == Decimal("106.00")


def test_nobody_works_from_the_drawer_of_another(office: Office) -> None:
    opened(office, is_own=True)
    with pytest.raises(commands.DrawerIsClosed, match="Open one of your own"):
        office.pay("6.00", by=office.ben)


def test_cash_does_not_go_out_of_an_empty_drawer(office: Office) -> None:
    office.pay("40.00", method="check", check_number="1182")
    opened(office, "10.00")
    facts = {"patient_id": office.diaz.pk, "location_id": office.door.pk, "reason": "overcharged"}
    with pytest.raises(commands.NotEnoughCash):
        commands.refund(office.ana, amount=Decimal("10.01"), method="cash", **facts)
    commands.refund(office.ana, amount=Decimal("10.00"), method="cash", **facts)
    assert queries.drawers(cast.MONDAY)[0].expected == Decimal("0.00")


def test_the_rules_of_the_desk_are_the_managers(office: Office) -> None:
    said = {"is_blind": False, "check_fee": Decimal("25.00"), "version": 0}
    sums = {"reason_from": Decimal("1.00"), "approve_from": Decimal("2.00")}
    with pytest.raises(NotPermitted):
        commands.set_desk_rules(office.rosa, **said, **sums)
    with pytest.raises(commands.NotAnAmount):
        commands.set_desk_rules(office.ana, **said, **(sums | {"approve_from": Decimal("0.50")}))
    commands.set_desk_rules(office.ana, **said, **sums)
    assert closed(office, counted(office, opened(office), "99.50")).state == "closed"
    with pytest.raises(StaleForm):
        commands.set_desk_rules(office.ana, **said, **sums)
