"""One payment in several ways with one receipt, change on the cash alone; checks that come back."""

from decimal import Decimal

import pytest

from daysheet.ledger import commands, queries
from daysheet.ledger.models import LedgerLine, Payment
from tests import cast
from tests.ledger.conftest import Office

WAYS = [
    commands.Way("cash", Decimal("20.00"), tendered=Decimal("50.00")),
    commands.Way("check", Decimal("30.00"), check_number="1182"),
    commands.Way("card", Decimal("10.00"), card_brand="Visa", card_last4="4242", approval="A1"),
]


def split(office: Office) -> list[Payment]:
    return commands.take_split(office.rosa, patient_id=office.diaz.pk, ways=WAYS, location_id=office.door.pk)


def with_fee(office: Office, fee: str) -> None:
    commands.set_desk_rules(
        office.ana,
        is_blind=True,
        reason_from=Decimal("0.01"),
        approve_from=Decimal("20.00"),
        check_fee=Decimal(fee),
        version=0,
    )


def test_three_ways_make_one_receipt_and_change_is_due_on_the_cash(office: Office) -> None:
    office.charge("60.00")
    parts = split(office)
    assert [(one.number, one.part, one.amount, one.change_due) for one in parts] == [
        (1, 1, Decimal("20.00"), Decimal("30.00")),
        (1, 2, Decimal("30.00"), Decimal("0.00")),
        (1, 3, Decimal("10.00"), Decimal("0.00")),
    ]
    assert office.holds() == ("0.00", "0.00", "0.00")
    assert queries.drawers(cast.MONDAY)[0].cash == Decimal("20.00")
    assert office.pay("1.00").number == 2
    paper = commands.keep_receipt(office.rosa, payment_id=parts[2].pk)
    assert commands.keep_receipt(office.rosa, payment_id=parts[0].pk).pk == paper.pk
    assert queries.troubles() == []


def test_a_way_that_is_refused_takes_all_of_it_back(office: Office) -> None:
    bad = commands.Way("check", Decimal("5.00"))
    with pytest.raises(Exception, match="number of the check"):
        commands.take_split(
            office.rosa, patient_id=office.diaz.pk, ways=[*WAYS, bad], location_id=office.door.pk
        )
    assert not Payment.objects.exists()


def test_less_cash_than_its_part_is_refused(office: Office) -> None:
    with pytest.raises(commands.NotAnAmount, match="less than"):
        office.pay("20.00", tendered=Decimal("19.99"))


def test_a_receipt_is_voided_whole(office: Office) -> None:
    office.charge("60.00")
    parts = split(office)
    commands.void_payment(office.rosa, payment_id=parts[1].pk, reason="wrong patient")
    assert not Payment.objects.filter(voided_at__isnull=True).exists()
    assert office.holds() == ("0.00", "60.00", "0.00")
    with pytest.raises(commands.PaymentIsGone):
        commands.void_payment(office.rosa, payment_id=parts[0].pk, reason="again")
    assert commands.keep_receipt(office.rosa, payment_id=parts[0].pk).title == "Receipt 1 (void)"


def test_one_part_comes_back_from_the_bank_and_the_rest_stands(office: Office) -> None:
    office.charge("60.00")
    parts = split(office)
    commands.return_check(office.ben, payment_id=parts[1].pk, reason="no funds")
    assert office.holds() == ("0.00", "30.00", "0.00")
    paper = commands.keep_receipt(office.rosa, payment_id=parts[0].pk)
    assert paper.title == "Receipt 1 (1 of 3 taken back)"


def test_a_returned_check_costs_the_fee_and_the_desk_takes_no_more(office: Office) -> None:
    with_fee(office, "25.00")
    office.charge("30.00")
    check = office.pay("30.00", method="check", check_number="1182")
    commands.return_check(
        office.ben, payment_id=check.pk, reason="no funds", with_fee=True, no_more_checks=True
    )
    assert office.holds() == ("0.00", "55.00", "0.00")
    told = queries.explain(office.diaz.pk)
    assert told[-1].text == "The bank sent your check back. The fee for that is $25.00."
    assert sum(line.effect for line in told) == Decimal("55.00")
    assert all(one.is_own for one in LedgerLine.objects.filter(entry__source_kind="check_fee"))
    assert LedgerLine.objects.filter(entry__source_kind="check_fee").exists()
    with pytest.raises(commands.ChecksAreRefused, match="Check 1182 came back"):
        office.pay("5.00", method="check", check_number="1183")
    commands.set_checks(office.ben, patient_id=office.diaz.pk, are_taken=True, reason="a year of good ones")
    office.pay("5.00", method="check", check_number="1183")
    assert queries.troubles() == []


def test_no_fee_is_charged_where_the_office_set_none(office: Office) -> None:
    check = office.pay("30.00", method="check", check_number="1182")
    with pytest.raises(Exception, match="set no fee"):
        commands.return_check(office.ben, payment_id=check.pk, reason="no funds", with_fee=True)
    check.refresh_from_db()
    assert check.voided_at is None


def test_the_fee_is_taken_back_by_its_mirror(office: Office) -> None:
    with_fee(office, "25.00")
    check = office.pay("30.00", method="check", check_number="1182")
    commands.return_check(office.ben, payment_id=check.pk, reason="no funds", with_fee=True)
    fee = queries.account_lines(office.diaz.pk).get(source_kind="check_fee", kind="charge")
    commands.reverse_entry(office.ben, entry_id=fee.pk, reason="the bank's mistake")
    assert office.holds() == ("0.00", "0.00", "0.00")
