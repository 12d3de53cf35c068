"""The way to the bank: one slip for several drawers and checks, each of them once."""

from decimal import Decimal
from uuid import UUID

import pytest
from django.urls import reverse

from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.ledger import commands, queries
from daysheet.ledger.models import BankDeposit, CashDrawer, Payment
from tests import cast, desk, make
from tests.ledger.conftest import Office
from tests.ledger.test_cash_drawers import carry, closed, counted, opened


def ready(office: Office) -> tuple[CashDrawer, Payment]:
    """Close a drawer with 55.00 for the bank, 5.00 of it over, and take a check of 30.00."""
    drawer = opened(office)
    office.pay("50.00")
    commands.drop_cash(office.rosa, drawer_id=drawer.pk, **carry("20.00"))
    check = office.pay("30.00", method="check", check_number="1182")
    return closed(office, counted(office, drawer, "135.00"), "wrong change"), check


def made(office: Office, drawers: list[UUID], checks: list[UUID]) -> BankDeposit:
    return commands.make_deposit(office.rosa, drawer_ids=drawers, check_ids=checks, bank_on=cast.MONDAY)


def test_a_slip_takes_what_was_counted_above_the_float_and_the_checks(office: Office) -> None:
    drawer, check = ready(office)
    assert [(one.row.pk, one.to_bank) for one in queries.drawers_to_bank()] == [(drawer.pk, Decimal("55.00"))]
    assert queries.on_its_way(cast.MONDAY).cash_here == Decimal("55.00")
    slip = made(office, [drawer.pk], [check.pk])
    assert (slip.cash, slip.checks, slip.total) == (Decimal("55.00"), Decimal("30.00"), Decimal("85.00"))
    assert queries.drawers_to_bank() == queries.checks_to_bank() == []
    way = queries.on_its_way(cast.MONDAY)
    assert (way.is_matched, way.cash_on_slips, way.checks_on_slips) == (True, slip.cash, slip.checks)
    assert queries.troubles() == []


def test_what_is_on_a_slip_is_on_no_other(office: Office) -> None:
    drawer, check = ready(office)
    made(office, [drawer.pk], [])
    with pytest.raises(commands.IsElsewhere):
        made(office, [drawer.pk], [check.pk])
    assert BankDeposit.objects.count() == 1
    with pytest.raises(commands.NothingToDeposit):
        made(office, [], [])


def test_what_went_to_the_bank_is_neither_voided_nor_opened_again(office: Office) -> None:
    drawer, check = ready(office)
    made(office, [drawer.pk], [check.pk])
    with pytest.raises(commands.PaymentIsGone, match="on a deposit slip"):
        commands.void_payment(office.rosa, payment_id=check.pk, reason="typed twice")
    with pytest.raises(commands.IsDeposited):
        commands.reopen_drawer(office.ana, drawer_id=drawer.pk, version=drawer.version, reason="again")


def test_the_bank_confirms_or_differs_with_a_reason(office: Office) -> None:
    drawer, check = ready(office)
    slip = made(office, [drawer.pk], [check.pk])
    facts = {"deposit_id": slip.pk, "version": slip.version}
    with pytest.raises(commands.NeedsReason):
        commands.settle_deposit(office.rosa, bank_said=Decimal("80.00"), **facts)
    slip = commands.settle_deposit(office.rosa, bank_said=Decimal("80.00"), reason="a note too few", **facts)
    assert (slip.state, slip.apart) == ("differs", Decimal("-5.00"))
    with pytest.raises(StaleForm):
        commands.settle_deposit(office.rosa, bank_said=Decimal("85.00"), **facts)
    slip = commands.settle_deposit(
        office.rosa, deposit_id=slip.pk, version=slip.version, bank_said=Decimal("85.00")
    )
    assert (slip.state, slip.apart) == ("confirmed", Decimal("0.00"))
    with pytest.raises(commands.BankSaidSo):
        commands.void_deposit(office.rosa, deposit_id=slip.pk, version=slip.version, reason="wrong")


def test_a_slip_is_taken_apart_while_its_day_is_open(office: Office) -> None:
    drawer, check = ready(office)
    slip = made(office, [drawer.pk], [check.pk])
    slip = commands.void_deposit(office.rosa, deposit_id=slip.pk, version=slip.version, reason="wrong bag")
    assert (slip.state, len(queries.drawers_to_bank()), len(queries.checks_to_bank())) == ("void", 1, 1)
    assert queries.day_figures(cast.MONDAY).bank_deposits == []
    assert queries.troubles() == []
    again = made(office, [drawer.pk], [check.pk])
    commands.close_day(office.ana, day=cast.MONDAY, open_visits=0, reason="as counted")
    with pytest.raises(commands.BankSaidSo, match="which is closed"):
        commands.void_deposit(office.rosa, deposit_id=again.pk, version=again.version, reason="late")


def test_the_closed_day_says_its_drawers_and_slips_and_stays_proven(office: Office) -> None:
    drawer, check = ready(office)
    slip = made(office, [drawer.pk], [check.pk])
    sheet = commands.close_day(office.ana, day=cast.MONDAY, open_visits=0, reason="as counted")
    assert [one["total"] for one in sheet.figures["bank_deposits"]] == ["85.00"]
    assert (sheet.figures["drawers"][0]["dropped"], sheet.drawer_over_short) == ("20.00", Decimal("5.00"))
    commands.settle_deposit(office.rosa, deposit_id=slip.pk, version=1, bank_said=Decimal("85.00"))
    commands.return_check(office.ben, payment_id=check.pk, reason="no funds")
    assert queries.troubles() == []


def test_a_deposit_that_was_tampered_with_is_named(office: Office) -> None:
    drawer, check = ready(office)
    made(office, [drawer.pk], [check.pk])
    BankDeposit.objects.update(cash=Decimal("54.00"))
    assert [one.sentence for one in queries.troubles()] == [
        "Deposit 1 says $54.00 cash and $30.00 checks, what lies in it $55.00 and $30.00."
    ]


def test_a_slip_prints_once(office: Office) -> None:
    drawer, check = ready(office)
    slip = made(office, [drawer.pk], [check.pk])
    first = commands.print_slip(office.rosa, deposit_id=slip.pk)
    assert bytes(first.content).startswith(b"%PDF")
    assert commands.print_slip(office.rosa, deposit_id=slip.pk).pk == first.pk


def test_only_those_who_close_days_go_to_the_bank(office: Office) -> None:
    drawer, _check = ready(office)
    with pytest.raises(NotPermitted):
        commands.make_deposit(
            cast.dr_lee(office.practice.pk), drawer_ids=[drawer.pk], check_ids=[], bank_on=cast.MONDAY
        )
    assert not BankDeposit.objects.exists()


def test_a_check_that_bounced_stands_on_its_slip_and_the_payments_say_so(office: Office) -> None:
    good = office.pay("64.00", method="check", check_number="1181")
    bad = office.pay("18.85", method="check", check_number="1182")
    commands.make_deposit(office.ana, drawer_ids=[], check_ids=[good.pk, bad.pk], bank_on=cast.MONDAY)
    commands.return_check(office.ana, payment_id=bad.pk, reason="no funds")
    way = queries.on_its_way(cast.MONDAY)
    assert (way.checks, way.checks_on_slips) == (Decimal("82.85"), Decimal("82.85"))
    browser = desk.signed_in(make.member("office_manager", "ana-bounce", at=office.door))
    page = browser.get(reverse("ledger:account", args=[office.diaz.pk]) + "?view=payments").content.decode()
    assert "Came back" in page
