"""Transfers, write-offs, old balances and reversals by hand."""

from decimal import Decimal

import pytest

from daysheet.kernel.errors import NotPermitted, Refusal
from daysheet.ledger import commands
from daysheet.ledger.models import LedgerEntry
from tests.ledger.conftest import FEB_20, Office


def test_a_transfer_makes_the_patient_owe_what_the_plan_does_not_pay(office: Office) -> None:
    charge = office.charge("180.00", to="insurance")
    office.pay("10.00")
    commands.transfer(
        office.ben,
        patient_id=office.diaz.pk,
        amount=Decimal("180.00"),
        from_account="insurance",
        to_account="patient",
        charge_id=charge.source_id,
        reason="not covered on that day",
    )
    assert office.holds() == ("0.00", "170.00", "0.00")


def test_a_write_off_takes_the_oldest_first_and_never_more_than_is_due(office: Office) -> None:
    office.charge("5.00", on=FEB_20)
    office.charge("10.00")
    with pytest.raises(commands.MoreThanIsDue, match=r"Only \$15.00 is due from the patient"):
        commands.write_off(
            office.ben, patient_id=office.diaz.pk, amount=Decimal("15.01"), reason="small balance"
        )
    commands.write_off(office.ben, patient_id=office.diaz.pk, amount=Decimal("7.00"), reason="small balance")
    assert office.holds() == ("0.00", "8.00", "0.00")


def test_a_write_off_needs_a_reason_and_the_permission(office: Office) -> None:
    office.charge("10.00")
    with pytest.raises(Refusal, match="Say why"):
        commands.write_off(office.ben, patient_id=office.diaz.pk, amount=Decimal("1.00"), reason=" ")
    with pytest.raises(NotPermitted):
        commands.write_off(office.rosa, patient_id=office.diaz.pk, amount=Decimal("1.00"), reason="kindness")
    assert LedgerEntry.objects.count() == 1


def test_an_old_balance_comes_once_and_may_be_a_credit(office: Office) -> None:
    for _ in range(2):
        commands.bring_forward(
            office.ana,
            patient_id=office.diaz.pk,
            amount=Decimal("42.40"),
            service_on=FEB_20,
            memo="old system",
            source_key="old/10442",
        )
    assert office.holds() == ("0.00", "42.40", "0.00")
    commands.bring_forward(
        office.ana,
        patient_id=office.diaz.pk,
        amount=Decimal("-50.00"),
        service_on=FEB_20,
        memo="old credit",
        source_key="old/10442/credit",
    )
    assert office.holds() == ("0.00", "0.00", "7.60")


def test_a_write_off_is_taken_back_once_by_its_mirror(office: Office) -> None:
    office.charge("10.00")
    entry = commands.write_off(
        office.ben, patient_id=office.diaz.pk, amount=Decimal("10.00"), reason="mistake"
    )
    commands.reverse_entry(office.ben, entry_id=entry.pk, reason="wrong patient")
    assert office.holds() == ("0.00", "10.00", "0.00")
    with pytest.raises(commands.EntryIsReversed):
        commands.reverse_entry(office.ben, entry_id=entry.pk, reason="again")


def test_a_payment_is_not_reversed_by_hand(office: Office) -> None:
    office.charge("10.00")
    payment = office.pay("10.00")
    applied = LedgerEntry.objects.get(kind="apply")
    for entry_id in (payment.entry_id, applied.pk):
        assert entry_id
        with pytest.raises(commands.EntryIsReversed):
            commands.reverse_entry(office.ben, entry_id=entry_id, reason="no")


def test_a_charge_that_was_written_off_or_moved_is_not_taken_back_into_credit_that_nobody_paid(
    office: Office,
) -> None:
    charge, covered = office.charge("10.00"), office.charge("80.00", to="insurance")
    off = commands.write_off(office.ben, patient_id=office.diaz.pk, amount=Decimal("4.00"), reason="kindness")
    commands.transfer(
        office.ben,
        patient_id=office.diaz.pk,
        amount=Decimal("30.00"),
        from_account="insurance",
        to_account="patient",
        charge_id=covered.source_id,
        reason="not covered",
    )
    for one in (charge, covered):
        with pytest.raises(commands.OthersStandOnIt, match="Take that back first"):
            commands.reverse_charge(office.rosa, entry_id=one.pk, reason="wrong patient")
    assert office.holds() == ("50.00", "36.00", "0.00")
    commands.reverse_entry(office.ben, entry_id=off.pk, reason="mistake")
    commands.reverse_charge(office.rosa, entry_id=charge.pk, reason="wrong patient")
    assert office.holds() == ("50.00", "30.00", "0.00")
