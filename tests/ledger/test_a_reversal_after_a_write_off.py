"""A plan takes back what it left to the patient after the office gave it up: no credit comes that nobody paid."""

from decimal import Decimal

import pytest

from daysheet.ledger import commands, queries
from daysheet.ledger.models import LedgerEntry
from tests.ledger.conftest import Office

PAID = ("60.00", ("PR", "2", "40.00"))
TAKEN_BACK = ("-60.00", ("PR", "2", "-40.00"))


def given_up(office: Office, amount: str, charge: LedgerEntry | None = None) -> LedgerEntry:
    return commands.write_off(
        office.ben,
        patient_id=office.diaz.pk,
        amount=Decimal(amount),
        reason="hardship",
        charge_id=charge.source_id if charge else None,
    )


def proven() -> bool:
    return queries.troubles() == []


def test_a_write_off_is_taken_back_with_the_share_that_it_gave_up(office: Office) -> None:
    charge = office.charge("100.00", to="insurance")
    office.answer(charge, *PAID)
    off = given_up(office, "40.00")
    assert office.holds() == ("0.00", "0.00", "0.00")
    office.answer(charge, *TAKEN_BACK, key="back")
    assert office.holds() == ("100.00", "0.00", "0.00")
    assert off.reversed_by.memo == "The plan took its answer back: there is nothing to give up."
    with pytest.raises(commands.EntryIsReversed):
        commands.reverse_entry(office.ben, entry_id=off.pk, reason="again")
    office.answer(charge, "90.00", ("PR", "2", "10.00"), key="anew")
    assert office.holds() == ("0.00", "10.00", "0.00")
    assert proven()


def test_what_the_patient_paid_of_it_comes_back_and_no_more(office: Office) -> None:
    charge = office.charge("100.00", to="insurance")
    office.answer(charge, *PAID)
    office.pay("25.00")
    given_up(office, "15.00")
    office.answer(charge, *TAKEN_BACK, key="back")
    assert office.holds() == ("100.00", "0.00", "25.00")
    assert proven()


def test_a_write_off_of_two_bills_stands_for_the_other(office: Office) -> None:
    other, charge = office.charge("30.00"), office.charge("100.00", to="insurance")
    office.answer(charge, *PAID)
    given_up(office, "70.00")
    office.answer(charge, *TAKEN_BACK, key="back")
    assert office.holds() == ("100.00", "0.00", "0.00")
    left = queries.charge_balances([other.source_id, charge.source_id])  # type: ignore[list-item]
    assert [left[one.source_id].patient for one in (other, charge)] == [0, 0]  # type: ignore[index]
    assert proven()


def test_what_is_taken_back_in_part_is_given_up_for_the_rest(office: Office) -> None:
    charge = office.charge("100.00", to="insurance")
    office.answer(charge, *PAID)
    given_up(office, "40.00", charge)
    office.answer(charge, "0.00", ("PR", "2", "-10.00"), ("CO", "45", "10.00"), key="less")
    assert office.holds() == ("0.00", "0.00", "0.00")
    assert proven()


def test_a_share_that_was_moved_to_a_plan_is_moved_back(office: Office) -> None:
    charge = office.charge("100.00", to="insurance")
    office.answer(charge, *PAID)
    commands.transfer(
        office.ben,
        patient_id=office.diaz.pk,
        amount=Decimal("40.00"),
        from_account="patient",
        to_account="insurance",
        charge_id=charge.source_id,
        reason="second plan",
    )
    office.answer(charge, *TAKEN_BACK, key="back")
    assert office.holds() == ("100.00", "0.00", "0.00")
    assert proven()


def test_a_reversal_of_a_share_that_still_stands_leaves_other_write_offs_alone(office: Office) -> None:
    other, charge = office.charge("30.00"), office.charge("100.00", to="insurance")
    office.answer(charge, *PAID)
    off = given_up(office, "30.00", other)
    office.answer(charge, *TAKEN_BACK, key="back")
    assert office.holds() == ("100.00", "0.00", "0.00")
    assert not LedgerEntry.objects.filter(reverses=off).exists()
