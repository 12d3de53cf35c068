"""The fee of a missed visit: decided by a person, the patient's own for ever, never asked of a Medicaid patient."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from daysheet.coverage import commands as coverage
from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.ids import new_id
from daysheet.kernel.jobs import holding
from daysheet.ledger import commands, queries
from daysheet.ledger.models import LedgerLine, MissedFee
from daysheet.ledger.queries import troubles
from tests import cast, make
from tests.coverage.answering import ACTIVE, reply, take_in
from tests.ledger.conftest import Office, furnish
from tests.ledger.test_at_the_same_time import at_once

VISIT = UUID("00000000-0000-7000-8000-000000000001")


def charged(office: Office, **more: Any) -> MissedFee:
    facts = {
        "patient_id": office.diaz.pk,
        "appointment_id": VISIT,
        "missed_on": cast.MONDAY,
        "amount": Decimal(25),
        "reason": "Third time",
        "provider_id": office.dr_lee.pk,
        "location_id": office.door.pk,
    }
    return commands.charge_missed_visit(office.rosa, **facts | more)


@pytest.mark.django_db
def test_the_patient_owes_it_and_the_bill_says_why(office: Office) -> None:
    charged(office)
    assert office.holds() == ("0.00", "25.00", "0.00")
    assert queries.bill(office.diaz.pk).lines[0].text == "You missed a visit. The fee for that is $25.00."
    assert queries.bill(office.diaz.pk).amount == Decimal(25)
    assert troubles() == []


@pytest.mark.django_db
def test_it_is_paid_and_taken_back_and_the_money_becomes_credit(office: Office) -> None:
    fee = charged(office)
    office.pay("25.00")
    assert office.holds() == ("0.00", "0.00", "0.00")
    commands.take_back_missed_fee(office.rosa, fee_id=fee.pk, reason="She was here")
    assert office.holds() == ("0.00", "0.00", "25.00")
    with pytest.raises(commands.FeeIsDecided):
        commands.take_back_missed_fee(office.rosa, fee_id=fee.pk, reason="Again")
    assert troubles() == []
    assert charged(office).pk != fee.pk


@pytest.mark.django_db
def test_no_way_leads_it_to_a_plan(office: Office) -> None:
    fee = charged(office)
    asked: dict[str, Any] = {"patient_id": office.diaz.pk, "amount": Decimal(25), "reason": "try"}
    with pytest.raises(commands.MoreThanIsDue):
        commands.transfer(office.ben, **asked, from_account="patient", to_account="insurance")
    with pytest.raises(commands.MoreThanIsDue):
        commands.transfer(
            office.ben, **asked, from_account="patient", to_account="insurance", charge_id=fee.pk
        )
    lines = LedgerLine.objects.filter(charge_id=fee.pk)
    assert all(one.is_own and one.payer_id is None and one.claim_id is None for one in lines)
    owed = lines.get(account="patient")
    for wrong in (
        {"account": "insurance"},
        {"payer_id": office.blue.pk},
        {"claim_id": new_id()},
    ):
        copy = {f.attname: getattr(owed, f.attname) for f in LedgerLine._meta.fields} | {"id": new_id()}
        with pytest.raises(IntegrityError, match="names_no_plan"), transaction.atomic():
            LedgerLine.objects.bulk_create([LedgerLine(**copy | wrong)])


@pytest.mark.django_db
def test_what_is_owed_beside_it_still_goes_to_the_plan(office: Office) -> None:
    charged(office)
    office.charge("80.00", on=date(2026, 3, 10))
    commands.transfer(
        office.ben,
        patient_id=office.diaz.pk,
        amount=Decimal(80),
        reason="The plan answers",
        from_account="patient",
        to_account="insurance",
        payer_id=office.blue.pk,
    )
    assert office.holds() == ("80.00", "25.00", "0.00")
    assert troubles() == []


@pytest.mark.django_db
def test_an_answer_of_a_plan_about_another_service_leaves_it_alone(office: Office) -> None:
    fee = charged(office)
    charge = office.charge("80.00", to="insurance")
    office.answer(charge, "60.00", ("PR", "2", "20.00"))
    assert queries.charge_balances([fee.pk])[fee.pk].patient == Decimal(25)


@pytest.mark.django_db
def test_it_is_written_off_like_anything_owed(office: Office) -> None:
    charged(office)
    commands.write_off(
        office.ben,
        patient_id=office.diaz.pk,
        amount=Decimal(25),
        reason="Hardship",
        claim_id=new_id(),
    )
    assert office.holds() == ("0.00", "0.00", "0.00")
    assert troubles() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "filing"), [("medicaid", "CI"), ("other", "MC")])
def test_medicaid_on_that_day_refuses_it_with_the_source(office: Office, kind: str, filing: str) -> None:
    plan = make.plan("MassHealth", "MASSHLTH", kind=kind)
    plan.payer.filing_code = filing
    plan.payer.save()
    make.coverage(office.diaz, plan, rank=2)
    with pytest.raises(commands.NothingMayBeAsked, match=r"42 CFR 447\.15"):
        charged(office)
    assert not MissedFee.objects.exists()
    commands.waive_missed_visit(
        office.rosa,
        patient_id=office.diaz.pk,
        appointment_id=VISIT,
        missed_on=cast.MONDAY,
        amount=Decimal(0),
        reason="Medicaid",
    )


@pytest.mark.django_db
def test_medicaid_that_had_ended_before_refuses_nothing(office: Office) -> None:
    plan = make.plan("MassHealth", "MASSHLTH", kind="medicaid")
    make.coverage(office.diaz, plan, ends_on=date(2026, 2, 28))
    assert charged(office).amount == Decimal(25)


@pytest.mark.django_db
def test_a_qualified_medicare_beneficiary_is_asked_for_nothing(office: Office) -> None:
    with holding():
        plan = make.plan("Medicare Part B", "MEDICARE", kind="medicare", by_partner=make.partner())
        card = make.coverage(office.diaz, plan)
        asked = coverage.ask_eligibility(office.rosa, coverage_id=card.pk, service_on=cast.MONDAY)
        told = x12.Benefit("1", service_types=("30",), insurance_type="QM")
        take_in(office.practice.pk, reply(asked, ACTIVE, told))
    with pytest.raises(commands.NothingMayBeAsked, match="Qualified Medicare Beneficiary"):
        charged(office)


@pytest.mark.django_db
def test_one_is_decided_once_and_says_why(office: Office) -> None:
    with pytest.raises(commands.NeedsReason):
        charged(office, reason=" ")
    with pytest.raises(commands.NotAnAmount):
        charged(office, amount=Decimal(0))
    with pytest.raises(NotPermitted):
        commands.charge_missed_visit(
            cast.omar(office.practice.pk),
            patient_id=office.diaz.pk,
            appointment_id=VISIT,
            missed_on=cast.MONDAY,
            amount=Decimal(25),
            reason="x",
        )
    charged(office)
    with pytest.raises(commands.FeeIsDecided):
        charged(office)
    assert office.holds() == ("0.00", "25.00", "0.00")


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_charge_once() -> None:
    practice = make.practice()
    with make.acting(practice):
        office = furnish(practice)

    def act(_number: int) -> str:
        try:
            charged(office)
        except commands.FeeIsDecided:
            return "decided"
        return "charged"

    assert sorted(at_once(practice, 6, 6, act)) == ["charged"] + ["decided"] * 5
    with make.acting(practice):
        assert office.holds() == ("0.00", "25.00", "0.00")
        assert troubles() == []
