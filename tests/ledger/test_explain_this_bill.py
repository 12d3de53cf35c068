"""The account in plain words: it adds up, whatever happened."""

from decimal import Decimal

from daysheet.ledger import commands, queries
from tests.ledger.conftest import FEB_20, Office


def adds_up(office: Office) -> bool:
    standing = queries.balance(office.diaz.pk)
    told = sum((line.effect for line in queries.explain(office.diaz.pk)), Decimal(0))
    return told == standing.owes - standing.credit


def told(office: Office) -> list[str]:
    return [line.text for line in queries.explain(office.diaz.pk)]


def test_everything_that_can_happen_is_said_and_adds_up(office: Office) -> None:
    commands.bring_forward(
        office.ana,
        patient_id=office.diaz.pk,
        amount=Decimal("12.40"),
        service_on=FEB_20,
        memo="old system",
        source_key="old/1",
    )
    copay = office.pay("30.00", purpose="copay", method="check", check_number="1182")
    charge = office.charge("180.00", to="insurance")
    office.answer(charge, "72.00", ("CO", "45", "60.00"), ("PR", "3", "30.00"), ("OA", "23", "18.00"))
    office.answer(
        charge, "-72.00", ("CO", "45", "-60.00"), ("PR", "3", "-30.00"), ("OA", "23", "-18.00"), key="back"
    )
    commands.transfer(
        office.ben,
        patient_id=office.diaz.pk,
        amount=Decimal("100.00"),
        from_account="insurance",
        to_account="patient",
        charge_id=charge.source_id,
        reason="not covered",
    )
    commands.write_off(office.ben, patient_id=office.diaz.pk, amount=Decimal("40.00"), reason="hardship")
    commands.return_check(office.ana, payment_id=copay.pk, reason="no funds")
    cash = office.pay("5.00")
    commands.void_payment(office.rosa, payment_id=cash.pk, reason="typed twice")
    assert told(office) == [
        "You owed $12.40 from before.",
        "You paid $30.00 by check. Thank you.",
        "Your visit with Dr. Lee cost $180.00. We sent the bill to your plan first.",
        "Your plan's price for it is $120.00. We took off $60.00. You do not owe this part.",
        "Your plan took off $18.00 more. You do not owe this part.",
        "Your plan paid $72.00.",
        "Your copay for this visit is $30.00.",
        "Your plan took back its first answer. It will send a new one.",
        "Your plan does not pay $100.00 of this. It is yours to pay.",
        "We took off $40.00. You do not owe this part.",
        "Your check for $30.00 came back from the bank. You owe it again.",
        "You paid $5.00 in cash. Thank you.",
        "We took back the payment of $5.00.",
    ]
    assert adds_up(office)
    bill = queries.bill(office.diaz.pk)
    assert bill.amount == queries.balance(office.diaz.pk).owes == Decimal("72.40")
    assert sum((line.effect for line in bill.lines), Decimal(0)) == bill.amount


def test_two_lines_of_a_visit_are_one_cost(office: Office) -> None:
    visit = office.charge("120.00")
    line = visit.lines.get(account="charges")
    office.charge("60.00", visit_id=line.visit_id)
    assert told(office) == ["Your visit with Dr. Lee cost $180.00."]
    assert adds_up(office)


def test_a_denied_visit_is_not_the_patients_to_pay(office: Office) -> None:
    charge = office.charge("180.00", to="insurance")
    office.answer(charge, "0.00", ("CO", "16", "180.00"))
    assert told(office)[1:] == ["Your plan did not pay this. You do not owe this part."]
    assert adds_up(office)


def test_the_staff_sees_the_entries_and_the_plans_codes(office: Office) -> None:
    charge = office.charge("180.00", to="insurance")
    office.answer(charge, "72.00", ("CO", "45", "60.00"), ("PR", "2", "48.00"))
    lines = queries.explain(office.diaz.pk)
    assert [(line.entries, line.source) for line in lines] == [
        ((1,), "charge $180.00"),
        ((2,), "plan 0098412 CO-45, PR-2"),
        ((2,), "plan 0098412 CO-45, PR-2"),
        ((2,), "plan 0098412 PR-2"),
    ]
