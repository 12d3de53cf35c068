"""The copay step is done when the copay is paid, in whatever way, and open again when that money goes back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from daysheet.frontdesk.checkin import money_of
from daysheet.kernel.access import Actor
from daysheet.kernel.jobs import holding
from daysheet.ledger import carding
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import CardCharge, Payment
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitStep
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

THIRTY = Decimal(30)


@pytest.fixture
def visit(house: House) -> Visit:
    """Ms. Diaz has come; her plan's card says a copay of thirty dollars."""
    plan = make.plan()
    plan.office_copay = THIRTY
    plan.save()
    make.coverage(house.diaz, plan)
    return visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)


def copay(visit: Visit) -> str:
    return VisitStep.objects.get(visit=visit, kind="copay").state


def take(house: House, amount: str = "30", **more: Any) -> Payment:
    facts: dict[str, Any] = {"method": "cash", "location_id": None, "purpose": "copay"} | more
    return ledger.take_payment(house.rosa, patient_id=house.diaz.pk, amount=Decimal(amount), **facts)


def test_a_void_on_the_receipt_opens_the_copay_again(house: House, visit: Visit) -> None:
    payment = take(house, visit_id=visit.pk)
    assert copay(visit) == "done"
    ledger.void_payment(house.rosa, payment_id=payment.pk, reason="wrong patient")
    assert copay(visit) == "open"


def test_it_is_open_again_also_where_the_biller_takes_it_back(house: House, visit: Visit) -> None:
    payment = take(house, visit_id=visit.pk, method="check", check_number="1201")
    ledger.return_check(cast.ben(house.practice.pk), payment_id=payment.pk, reason="no funds")
    assert copay(visit) == "open"


def test_a_biller_who_takes_money_leaves_the_to_do_to_the_desk(house: House, visit: Visit) -> None:
    facts: dict[str, Any] = {"method": "cash", "location_id": None, "purpose": "copay", "visit_id": visit.pk}
    ledger.take_payment(cast.ben(house.practice.pk), patient_id=house.diaz.pk, amount=THIRTY, **facts)
    assert copay(visit) == "open"


@pytest.mark.parametrize("way", ["void", "refund"])
def test_credit_that_was_set_against_the_copay_and_went_back_opens_it(
    house: House, visit: Visit, way: str
) -> None:
    ahead = take(house, purpose="prepayment")
    visits.do_step(house.rosa, visit_id=visit.pk, stage="check_in", kind="copay")
    assert not money_of(visit).copay_left
    if way == "void":
        ledger.void_payment(house.rosa, payment_id=ahead.pk, reason="wrong patient")
    else:
        ledger.refund(
            house.ana, patient_id=house.diaz.pk, amount=THIRTY, method="cash", reason="asked for it"
        )
    assert copay(visit) == "open"
    assert VisitStep.objects.get(visit=visit, kind="copay").set_against == 0


def test_what_goes_back_days_later_opens_no_visit_of_the_past(house: House, visit: Visit) -> None:
    payment = take(house, visit_id=visit.pk, method="check", check_number="1201")
    later = cast.ben(house.practice.pk).at(cast.NOW + timedelta(days=3))
    ledger.return_check(later, payment_id=payment.pk, reason="no funds")
    assert copay(visit) == "done"


def test_a_payment_that_is_moved_and_moved_back_stands_to_its_visit_again(house: House, visit: Visit) -> None:
    payment = take(house, visit_id=visit.pk)
    ben, facts = cast.ben(house.practice.pk), {"payment_id": payment.pk, "reason": "wrong chart"}
    moved = ledger.move_payment(ben, to_id=make.patient("Roe", "John").pk, **facts)
    assert (copay(visit), money_of(visit).paid) == ("open", Decimal(0))
    ledger.reverse_entry(ben, entry_id=moved.pk, reason="it was hers")
    assert (copay(visit), money_of(visit).paid) == ("done", THIRTY)


def by_card(house: House, visit: Visit, *beside: ledger.Way, amount: Decimal = THIRTY) -> CardCharge:
    ledger.set_card_door(house.ana, version=0, company="loopback")
    charge = ledger.begin_card(
        house.rosa,
        patient_id=house.diaz.pk,
        kind="charge",
        amount=amount,
        token="test_visa",
        purpose="copay",
        visit_id=visit.pk,
        beside=beside,
    )
    carding.carry_on(Actor.system(practice_id=house.practice.pk, now=cast.NOW), charge_id=charge.pk)
    charge.refresh_from_db()
    return charge


def test_a_copay_paid_through_the_card_company_is_done_and_not_asked_again(
    house: House, visit: Visit
) -> None:
    with holding():
        assert by_card(house, visit).state == "captured"
    assert copay(visit) == "done"
    page = desk(house).get(f"/desk/visits/{visit.pk}/check-in/").content.decode()
    assert 'id="pay-form"' not in page


def test_a_card_that_goes_back_opens_the_copay_again(house: House, visit: Visit) -> None:
    system = Actor.system(practice_id=house.practice.pk, now=cast.NOW)
    with holding():
        charge = by_card(house, visit)
        ledger.begin_return(house.rosa, charge_id=charge.pk, version=charge.version, reason="wrong card")
        carding.carry_on(system, charge_id=charge.pk)
    assert copay(visit) == "open"


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def test_the_page_of_the_card_says_the_change_and_leads_back_to_check_in(
    rosa: Client, house: House, visit: Visit
) -> None:
    cash = ledger.Way("cash", Decimal(8), tendered=Decimal(10))
    with holding():
        charge = by_card(house, visit, cash, amount=Decimal(22))
    page = rosa.get(f"/money/cards/{charge.pk}/").content.decode()
    assert "Give $2.00 change." in page
    assert f'href="/desk/visits/{visit.pk}/check-in/"' in page


def test_what_is_paid_beyond_the_copay_is_said_as_credit_by_whatever_way(
    rosa: Client, house: House, visit: Visit
) -> None:
    page = f"/desk/visits/{visit.pk}/check-in/"
    body = rosa.get(page).content.decode()
    assert 'data-due="30.00"' in body
    facts = hidden_fields(body, form='id="pay-form"') | {"amount": "42", "method": "cash"}
    assert rosa.post(f"/desk/visits/{visit.pk}/check_in/pay/", facts | {"tendered": "50"}).status_code == 303
    said = rosa.get(page).content.decode()
    assert "$12.00 stays as credit. Give $8.00 change." in said
    ledger.void_payment(house.rosa, payment_id=Payment.objects.get().pk, reason="by card instead")
    with holding():
        charge = by_card(house, visit, amount=Decimal(42))
    assert "$12.00 stays as credit." in rosa.get(f"/money/cards/{charge.pk}/").content.decode()
    assert 'data-parts="amount cash check"' in rosa.get(f"/money/of/{house.diaz.pk}/card/").content.decode()
