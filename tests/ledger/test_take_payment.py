"""Money over the desk: the receipt, what it pays, the credit it leaves."""

from decimal import Decimal

import pytest

from daysheet.kernel.errors import NotPermitted, Refusal
from daysheet.kernel.models import AuditLine
from daysheet.ledger import commands, queries
from daysheet.ledger.models import LedgerEntry, LedgerLine, Payment
from tests import cast
from tests.ledger.conftest import FEB_20, Office


def test_a_payment_goes_to_the_oldest_service_day_first(office: Office) -> None:
    new = office.charge("30.00")
    old = office.charge("42.40", on=FEB_20)
    office.pay("50.00")
    due = queries.charge_balances([old.source_id, new.source_id])  # type: ignore[list-item]
    assert due[old.source_id].patient == Decimal("0.00")  # type: ignore[index]
    assert due[new.source_id].patient == Decimal("22.40")  # type: ignore[index]
    assert office.holds() == ("0.00", "22.40", "0.00")


def test_a_payment_over_the_balance_leaves_visible_credit(office: Office) -> None:
    office.charge("30.00")
    office.pay("50.00")
    assert office.holds() == ("0.00", "0.00", "20.00")


def test_a_copay_before_the_charge_is_credit_until_the_share_is_known(office: Office) -> None:
    office.pay("30.00", purpose="copay")
    charge = office.charge("180.00", to="insurance")
    assert office.holds() == ("180.00", "0.00", "30.00")
    office.answer(charge, "72.00", ("CO", "45", "60.00"), ("PR", "1", "30.00"), ("PR", "2", "18.00"))
    assert office.holds() == ("0.00", "18.00", "0.00")


def test_a_copay_over_the_charge_is_just_credit(office: Office) -> None:
    office.pay("30.00", purpose="copay")
    office.charge("12.00")
    assert office.holds() == ("0.00", "0.00", "18.00")


def test_receipts_are_numbered_and_say_what_a_card_may_say(office: Office) -> None:
    first = office.pay("5.00")
    second = office.pay("7.50", method="card", card_brand="Visa", card_last4="4242", approval="A1B2C3")
    assert (first.number, second.number) == (1, 2)
    assert (second.card_brand, second.card_last4, second.approval) == ("Visa", "4242", "A1B2C3")
    assert second.received_on == cast.MONDAY


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("0.00", "The payment must be above zero."),
        ("-5.00", "The payment must be above zero."),
        ("100000.01", "The payment is more than $100,000.00. Check the figure."),
        ("99999999999.00", "The payment cannot be taken. That amount is too large to be money here."),
        ("1.005", "The payment cannot be taken. Money has no fractions of a cent."),
        ("NaN", "The payment cannot be taken. That amount is too large to be money here."),
    ],
)
def test_an_odd_amount_is_refused_in_a_sentence(office: Office, amount: str, sentence: str) -> None:
    with pytest.raises(Refusal) as no:
        office.pay(amount)
    assert no.value.sentence == sentence
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"approval": "4111 1111 1111 1111"},
        {"card_brand": "Visa 4111-1111-1111-1111"},
        {"check_number": "4111111111111"},
        {"approval": "6011000990139424123"},
    ],
)
def test_a_card_number_typed_anywhere_is_refused_and_kept_nowhere(
    office: Office, typed: dict[str, str]
) -> None:
    with pytest.raises(Refusal) as no:
        office.pay(
            "5.00", method="card", **({"card_brand": "Visa", "card_last4": "1111", "approval": "A1"} | typed)
        )
    assert "card number" in no.value.sentence
    assert not Payment.objects.exists()
    assert not AuditLine.objects.filter(practice_id=office.practice.pk, action__startswith="ledger.").exists()


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"method": "check"}, "check_number"),
        ({"method": "card", "card_last4": "42", "approval": "A"}, "card_last4"),
        ({"method": "card", "card_last4": "4242"}, "approval"),
        ({"method": "eft"}, "method"),
    ],
)
def test_a_method_must_be_told_in_full(office: Office, how: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as no:
        office.pay("5.00", **how)
    assert field in no.value.fields


def test_someone_who_may_not_take_money_changes_nothing(office: Office) -> None:
    with pytest.raises(NotPermitted):
        office.pay("5.00", by=cast.auditor(office.practice.pk))
    assert not LedgerEntry.objects.exists()
    assert not Payment.objects.exists()


def test_a_payment_of_today_is_voided_by_its_mirror(office: Office) -> None:
    office.charge("42.40", on=FEB_20)
    office.charge("30.00")
    payment = office.pay("60.00")
    assert office.holds() == ("0.00", "12.40", "0.00")
    voided = commands.void_payment(office.rosa, payment_id=payment.pk, reason="typed twice")
    assert voided.void_reason == "typed twice"
    assert office.holds() == ("0.00", "72.40", "0.00")
    assert sum(LedgerLine.objects.filter(account="cash").values_list("amount", flat=True)) == 0
    with pytest.raises(commands.PaymentIsGone):
        commands.void_payment(office.rosa, payment_id=payment.pk, reason="again")


def test_a_payment_of_yesterday_is_not_voided(office: Office) -> None:
    payment = office.pay("60.00")
    tuesday = office.rosa.at(cast.NOW.replace(day=10))
    with pytest.raises(commands.PaymentIsGone, match="earlier day"):
        commands.void_payment(tuesday, payment_id=payment.pk, reason="late")
    assert office.holds() == ("0.00", "0.00", "60.00")


def test_a_returned_check_is_owed_again_the_newest_visit_first(office: Office) -> None:
    old = office.charge("40.00", on=FEB_20)
    new = office.charge("30.00")
    office.pay("40.00")
    check = office.pay("30.00", method="check", check_number="1182")
    commands.return_check(office.ana, payment_id=check.pk, reason="no funds")
    due = queries.charge_balances([old.source_id, new.source_id])  # type: ignore[list-item]
    assert [due[one.source_id].patient for one in (old, new)] == [Decimal("0.00"), Decimal("30.00")]  # type: ignore[index]
    with pytest.raises(Refusal, match="Only a check"):
        commands.return_check(office.ana, payment_id=office.pay("1.00").pk, reason="no")


def test_a_returned_check_whose_credit_was_refunded_is_owed_anew(office: Office) -> None:
    check = office.pay("30.00", method="check", check_number="1182")
    commands.refund(
        office.ana, patient_id=office.diaz.pk, amount=Decimal("30.00"), method="cash", reason="overcharged"
    )
    commands.return_check(office.ana, payment_id=check.pk, reason="no funds")
    assert office.holds() == ("0.00", "30.00", "0.00")


def test_a_refund_takes_credit_alone(office: Office) -> None:
    office.charge("10.00")
    office.pay("25.00")
    with pytest.raises(commands.NoSuchCredit, match=r"holds \$15.00 of credit"):
        commands.refund(
            office.ana, patient_id=office.diaz.pk, amount=Decimal("15.01"), method="cash", reason="other"
        )
    commands.refund(
        office.ana, patient_id=office.diaz.pk, amount=Decimal("15.00"), method="cash", reason="overcharged"
    )
    assert office.holds() == ("0.00", "0.00", "0.00")
    with pytest.raises(NotPermitted):
        commands.refund(
            office.rosa, patient_id=office.diaz.pk, amount=Decimal("1.00"), method="cash", reason="x"
        )


def test_what_was_refunded_is_not_voided_too(office: Office) -> None:
    payment = office.pay("30.00")
    commands.refund(
        office.ana, patient_id=office.diaz.pk, amount=Decimal("10.00"), method="cash", reason="overcharged"
    )
    with pytest.raises(commands.PaymentIsGone, match=r"Only \$20\.00 of it is still there"):
        commands.void_payment(office.rosa, payment_id=payment.pk, reason="typed twice")
    assert office.holds() == ("0.00", "0.00", "20.00")


def test_what_pays_a_bill_is_still_there_to_be_voided(office: Office) -> None:
    office.charge("25.00")
    payment = office.pay("30.00")
    commands.refund(
        office.ana, patient_id=office.diaz.pk, amount=Decimal("5.00"), method="cash", reason="overcharged"
    )
    with pytest.raises(commands.PaymentIsGone, match=r"Only \$25\.00"):
        commands.void_payment(office.rosa, payment_id=payment.pk, reason="typed twice")
    office.pay("5.00")
    commands.void_payment(office.rosa, payment_id=payment.pk, reason="typed twice")
    assert office.holds() == ("0.00", "25.00", "0.00")
