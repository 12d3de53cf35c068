"""What a plan says, in the book: paid, taken off, left to the patient; once, and taken back whole."""

from decimal import Decimal

import pytest

from daysheet.ledger import commands, queries
from daysheet.ledger.models import LedgerEntry, LedgerLine, Payment
from daysheet.ledger.rules import PlanClaim, PlanPosting
from tests import cast
from tests.ledger.conftest import Office

PAID = ("72.00", ("CO", "45", "60.00"), ("PR", "1", "30.00"), ("PR", "2", "18.00"))
TAKEN_BACK = ("-72.00", ("CO", "45", "-60.00"), ("PR", "1", "-30.00"), ("PR", "2", "-18.00"))


def test_a_remitted_claim_leaves_to_the_patient_what_the_plan_says(office: Office) -> None:
    charge = office.charge("180.00", to="insurance")
    entry = office.answer(charge, *PAID)
    assert office.holds() == ("0.00", "48.00", "0.00")
    assert sorted(entry.lines.values_list("account", "amount", "group_code", "reason_code")) == [
        ("contract", Decimal("60.00"), "CO", "45"),
        ("eft", Decimal("72.00"), "", ""),
        ("insurance", Decimal("-180.00"), "", ""),
        ("patient", Decimal("18.00"), "PR", "2"),
        ("patient", Decimal("30.00"), "PR", "1"),
    ]


def test_the_same_remitted_claim_posts_once(office: Office) -> None:
    charge = office.charge("180.00", to="insurance")
    first = office.answer(charge, *PAID)
    assert office.answer(charge, *PAID).pk == first.pk
    assert office.holds() == ("0.00", "48.00", "0.00")


def test_a_reversal_undoes_the_answer_and_frees_what_the_patient_paid(office: Office) -> None:
    charge = office.charge("180.00", to="insurance")
    office.answer(charge, *PAID)
    office.pay("48.00")
    office.answer(charge, *TAKEN_BACK, key="BLUE1/0098500/1/1")
    assert office.holds() == ("180.00", "0.00", "48.00")
    office.answer(charge, "100.00", ("CO", "45", "60.00"), ("PR", "3", "20.00"), key="BLUE1/0098500/1/2")
    assert office.holds() == ("0.00", "0.00", "28.00")
    figures = queries.claim_figures()[charge.source_id]  # type: ignore[index]
    assert (figures.payer_paid, figures.adjusted["CO"]) == (Decimal("100.00"), Decimal("60.00"))
    assert (figures.patient_responsibility, figures.patient_paid) == (Decimal("20.00"), Decimal("20.00"))


def test_other_adjustments_stand_apart_from_the_contract(office: Office) -> None:
    charge = office.charge("100.00", to="insurance")
    office.answer(charge, "80.00", ("OA", "23", "15.00"), ("PI", "16", "5.00"))
    assert office.holds() == ("0.00", "0.00", "0.00")
    assert LedgerLine.objects.filter(account="plan_other").count() == 2


def whole_payment(office: Office, amount: str, provider_level: str) -> Payment | None:
    charges = [office.charge("180.00", to="insurance"), office.charge("60.00", to="insurance")]
    lines = []
    for charge, paid, off in zip(charges, ("72.00", "50.00"), ("108.00", "10.00"), strict=True):
        side = charge.lines.get(account="charges")
        posting = PlanPosting(
            office.diaz.pk,
            None,
            side.visit_id,
            side.charge_id,
            office.dr_lee.pk,
            Decimal(paid),
            [("CO", "45", Decimal(off))],
        )
        lines.append(PlanClaim(f"BLUE1/T1/{charge.number}/1", [posting]))
    return commands.post_plan_payment(
        office.ben,
        payer_id=office.blue.pk,
        amount=Decimal(amount),
        trace="T1",
        received_on=cast.MONDAY,
        lines=lines,
        provider_level=Decimal(provider_level),
        source_key="BLUE1/T1",
    )


def test_a_whole_payment_is_its_claims_less_the_provider_level(office: Office) -> None:
    payment = whole_payment(office, "100.00", "22.00")
    assert payment is not None
    figures = queries.day_figures(cast.MONDAY)
    assert figures.payments_by_method == {"eft": Decimal("100.00")}
    assert figures.adjustments_by_kind == {"contract": Decimal("118.00"), "provider_level": Decimal("22.00")}
    assert [(d.method, d.source, d.who, d.amount) for d in figures.deposits] == [
        ("eft", "T1", "Blue PPO", Decimal("100.00"))
    ]
    assert figures.proof.off_by == 0


def test_a_payment_that_does_not_balance_posts_nothing(office: Office) -> None:
    with pytest.raises(commands.RemittanceDoesNotBalance, match=r"\$0\.01 apart"):
        whole_payment(office, "100.01", "22.00")
    assert LedgerEntry.objects.filter(kind="insurance_payment").count() == 0
    assert not Payment.objects.exists()


def test_a_plan_that_pays_nothing_leaves_no_deposit(office: Office) -> None:
    charge = office.charge("180.00", to="insurance")
    entry = office.answer(charge, "0.00", ("PR", "1", "180.00"))
    assert office.holds() == ("0.00", "180.00", "0.00")
    assert not entry.lines.filter(account="eft").exists()


def test_what_a_remittance_posted_is_not_taken_back_by_hand(office: Office) -> None:
    entry = office.answer(office.charge("180.00", to="insurance"), *PAID)
    with pytest.raises(commands.EntryIsReversed, match="Take the whole claim back"):
        commands.reverse_entry(office.ben, entry_id=entry.pk, reason="mistake")
    assert office.holds() == ("0.00", "48.00", "0.00")


def test_a_claim_posted_after_its_neighbours_raises_the_deposit(office: Office) -> None:
    payment = whole_payment(office, "100.00", "22.00")
    late = PlanPosting(office.diaz.pk, None, None, None, None, Decimal("30.00"), [])
    for _twice in range(2):
        commands.post_remitted_claim(
            office.ben,
            payer_id=office.blue.pk,
            trace="T1",
            postings=[late],
            source_key="BLUE1/T1/late",
            received_on=cast.MONDAY,
        )
    assert payment is not None
    payment.refresh_from_db()
    (listed,) = queries.day_figures(cast.MONDAY).deposits
    assert (payment.amount, listed.amount) == (Decimal("130.00"), Decimal("130.00"))
    assert queries.troubles() == []


def test_a_claim_taken_back_leaves_the_charge_unanswered_and_its_deposit_is_gone(office: Office) -> None:
    charge = office.charge("180.00", to="insurance")
    side = charge.lines.get(account="charges")
    told = PlanPosting(
        office.diaz.pk,
        None,
        side.visit_id,
        side.charge_id,
        office.dr_lee.pk,
        Decimal("72.00"),
        [("CO", "45", Decimal("60.00")), ("PR", "2", Decimal("48.00"))],
    )
    entry = commands.post_remitted_claim(
        office.ben,
        payer_id=office.blue.pk,
        trace="T9",
        postings=[told],
        source_key="BLUE1/T9/1",
        received_on=cast.MONDAY,
    )
    assert entry is not None
    assert side.charge_id is not None
    assert queries.plan_answers_on(side.charge_id)
    commands.take_back_remitted_claim(office.ben, entry_id=entry.pk, reason="another patient's")
    assert not queries.plan_answers_on(side.charge_id)
    assert office.holds() == ("180.00", "0.00", "0.00")
    assert Payment.objects.get(trace="T9").voided_at is not None
    assert queries.day_figures(cast.MONDAY).deposits == []
    assert queries.troubles() == []
    with pytest.raises(commands.EntryIsReversed):
        commands.take_back_remitted_claim(office.ben, entry_id=entry.pk, reason="again")


def test_a_deposit_that_says_other_than_its_claims_is_named(office: Office) -> None:
    payment = whole_payment(office, "100.00", "22.00")
    assert payment is not None
    Payment.objects.filter(pk=payment.pk).update(amount=Decimal("99.00"))
    (trouble,) = queries.troubles()
    assert trouble.sentence == (
        f"The plan's deposit, receipt {payment.number}, says $99.00, its claims say $100.00."
    )


def test_a_charge_is_no_posting_of_a_plan(office: Office) -> None:
    with pytest.raises(commands.NotAPlansPosting):
        commands.take_back_remitted_claim(
            office.ben, entry_id=office.charge("180.00", to="insurance").pk, reason="x"
        )
