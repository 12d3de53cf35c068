"""Money taken ahead is set against one copay, once; and what a receipt paid of old debts keeps no credit back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from daysheet.coverage.models import Coverage
from daysheet.frontdesk.board import board
from daysheet.frontdesk.checkin import money_of
from daysheet.kernel.ids import new_id
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.models import CardCharge, Payment
from daysheet.ledger.protected import paid_for
from daysheet.ledger.rules import PlanPosting
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

THIRTY, NOTHING = Decimal(30), Decimal(0)


@pytest.fixture
def first(house: House) -> Visit:
    """Ms. Diaz has come; her plan's card says a copay of thirty dollars."""
    plan = make.plan()
    plan.office_copay = THIRTY
    plan.save()
    make.coverage(house.diaz, plan)
    return visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)


@pytest.fixture
def second(house: House, first: Visit) -> Visit:
    """Another visit of hers, with its own copay, before the plan has answered for the first."""
    roe = make.patient("Roe")
    make.coverage(roe, make.plan("Green HMO", "GREEN1"))
    found = visits.walk_in(house.rosa, patient_id=roe.pk, provider_id=house.lee.pk, location_id=house.door.pk)
    Visit.objects.filter(pk=found.pk).update(patient=house.diaz)
    found.refresh_from_db()
    return found


def take(house: House, amount: str, **more: Any) -> Payment:
    facts: dict[str, Any] = {"method": "cash", "location_id": None, "purpose": "prepayment"} | more
    return ledger.take_payment(house.rosa, patient_id=house.diaz.pk, amount=Decimal(amount), **facts)


def owes_from_before(house: House, amount: str) -> None:
    ledger.bring_forward(
        cast.system(house.practice.pk),
        patient_id=house.diaz.pk,
        amount=Decimal(amount),
        service_on=cast.MONDAY - timedelta(days=60),
        memo="old",
        source_key=f"old/{amount}",
    )


def test_thirty_dollars_ahead_are_set_against_one_copay_alone(
    house: House, first: Visit, second: Visit
) -> None:
    take(house, "30")
    assert (money_of(first).set_against, money_of(second).set_against) == (THIRTY, THIRTY)
    client, address = desk(house), f"/desk/visits/{first.id}/"
    page = client.get(f"{address}check-in/").content.decode()
    to = f"{address}check_in/steps/copay/"
    assert client.post(to, hidden_fields(page, form=f'action="{to}"') | {"act": "do"}).status_code == 303
    assert (money_of(first).set_against, money_of(first).copay_left) == (THIRTY, NOTHING)
    assert (money_of(second).set_against, money_of(second).copay_left) == (NOTHING, THIRTY)
    asked = client.get(f"/money/of/{house.diaz.pk}/take/?purpose=copay&visit={second.id}").content.decode()
    assert 'value="30.00"' in asked

    visits.undo_step(house.rosa, visit_id=first.id, stage="check_in", kind="copay")
    assert money_of(second).set_against == THIRTY


def test_what_was_set_against_a_visit_is_free_when_its_plan_has_answered(
    house: House, first: Visit, second: Visit
) -> None:
    take(house, "30")
    visits.do_step(house.rosa, visit_id=first.id, stage="check_in", kind="copay")
    entry = ledger.post_charge(
        house.rosa,
        patient_id=house.diaz.pk,
        amount=Decimal(100),
        service_on=first.service_on,
        provider_id=house.lee.pk,
        location_id=house.door.pk,
        visit_id=first.pk,
        charge_id=new_id(),
        to="insurance",
        payer_id=first.coverage.plan.payer_id,  # type: ignore[union-attr]
    )
    assert books.free_credit(house.diaz.pk, second.pk) == NOTHING
    ledger.post_remitted_claim(
        cast.ben(house.practice.pk),
        payer_id=first.coverage.plan.payer_id,  # type: ignore[union-attr]
        trace="1",
        source_key="1",
        postings=[
            PlanPosting(
                house.diaz.pk,
                new_id(),
                first.pk,
                entry.source_id,
                house.lee.pk,
                Decimal(80),
                [("CO", "45", Decimal(10)), ("PR", "3", Decimal(10))],
            )
        ],
    )
    assert books.free_credit(house.diaz.pk, second.pk) == Decimal(20)


def test_what_a_receipt_paid_of_old_debts_keeps_no_money_ahead_from_the_next_copay(
    house: House, first: Visit, second: Visit
) -> None:
    owes_from_before(house, "80")
    take(house, "110", purpose="copay", visit_id=first.pk)
    assert books.balance(house.diaz.pk).credit == THIRTY
    assert money_of(second).set_against == NOTHING  # what is left is the copay of the first visit
    take(house, "30")
    assert money_of(second).set_against == THIRTY
    assert money_of(first).copay_left == NOTHING


def test_a_copay_that_is_paid_is_set_against_nothing(house: House, first: Visit) -> None:
    take(house, "30", purpose="copay", visit_id=first.pk)
    take(house, "30")
    visits.do_step(house.rosa, visit_id=first.id, stage="check_in", kind="copay")
    assert books.free_credit(house.diaz.pk) == THIRTY


def test_what_went_back_to_a_card_is_not_paid_any_more(house: House, first: Visit) -> None:
    card = {"method": "card", "card_brand": "Visa", "card_last4": "4242", "approval": "A1"}
    payment = take(house, "30", purpose="copay", visit_id=first.pk, **card)
    CardCharge.objects.create(
        patient=house.diaz, payment=payment, amount=THIRTY, returned=1, state="captured", asked_at=cast.NOW
    )
    facts: dict[str, Any] = {"patient_id": house.diaz.pk, "method": "cash", "reason": "overcharged"}
    ledger.refund(cast.ana(house.practice.pk), amount=Decimal(1), **facts)
    books_say = (money_of(first).paid, paid_for(first.pk), money_of(first).copay_left)
    assert books_say == (Decimal(29), Decimal(29), Decimal(1))
    CardCharge.objects.update(returned=THIRTY)
    assert (money_of(first).receipts, paid_for(first.pk)) == ([], NOTHING)


def on_the_board(house: House, visit: Visit) -> Decimal:
    day = board(location_id=house.door.pk, day=cast.MONDAY, now=cast.NOW, zone=house.door.zone)
    return next(row.due for row in day.rows if row.visit_id == visit.pk)


def test_the_board_asks_what_check_in_asks_before_and_after_the_money(
    house: House, first: Visit, second: Visit
) -> None:
    def due() -> list[Decimal]:
        said = [on_the_board(house, one) for one in (first, second)]
        assert said == [money_of(one).to_take for one in (first, second)]
        return said

    Visit.objects.filter(pk=second.pk).update(copay_due=THIRTY)
    assert due() == [THIRTY, THIRTY]
    take(house, "10", purpose="copay", visit_id=first.pk)
    assert due() == [Decimal(20), THIRTY]
    ahead = take(house, "20")
    assert due() == [NOTHING, Decimal(10)]
    visits.do_step(house.rosa, visit_id=first.pk, stage="check_in", kind="copay")
    assert due() == [NOTHING, THIRTY]
    ledger.void_payment(house.rosa, payment_id=ahead.pk, reason="wrong patient")
    assert due() == [Decimal(20), THIRTY]
    take(house, "50", purpose="copay", visit_id=first.pk)
    assert due() == [NOTHING, THIRTY]
    owes_from_before(house, "12.40")
    due()
    take(house, "30", purpose="copay", visit_id=second.pk)
    assert due()[1] == NOTHING


def test_money_taken_ahead_of_an_appointment_is_set_against_its_copay_on_the_board(
    house: House, first: Visit
) -> None:
    booked = appointment(house, cast.NOW + timedelta(hours=1), patient=house.ann)
    make.coverage(house.ann, Coverage.objects.get(patient=house.diaz).plan)
    facts: dict[str, Any] = {"method": "cash", "location_id": None, "purpose": "prepayment"}
    ledger.take_payment(house.rosa, patient_id=house.ann.pk, amount=Decimal(25), **facts)
    day = board(location_id=house.door.pk, day=cast.MONDAY, now=cast.NOW, zone=house.door.zone)
    assert [row.due for row in day.rows if row.appointment_id == booked.pk] == [Decimal(5)]


@pytest.mark.parametrize("end", ["undone", "lwobs"])
def test_what_was_paid_for_a_visit_that_came_to_nothing_counts_for_the_next(
    house: House, first: Visit, end: str
) -> None:
    take(house, "20", purpose="copay", visit_id=first.pk)
    if end == "undone":
        visits.step_back(house.rosa, visit_id=first.pk)
    else:
        visits.left_without_being_seen(house.rosa, visit_id=first.pk, reason="Waited an hour")
    again = visits.walk_in(
        house.rosa, patient_id=house.diaz.pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    money = money_of(again)
    assert (money.credit, money.set_against, money.copay_left) == (Decimal(20), Decimal(20), Decimal(10))


def test_what_was_set_against_the_copay_of_who_left_unseen_is_free_again(house: House, first: Visit) -> None:
    take(house, "30")
    visits.do_step(house.rosa, visit_id=first.pk, stage="check_in", kind="copay")
    assert books.free_credit(house.diaz.pk) == NOTHING
    visits.left_without_being_seen(house.rosa, visit_id=first.pk, reason="Waited an hour")
    assert books.free_credit(house.diaz.pk) == THIRTY


def test_who_leaves_and_an_arrival_undone_are_told_with_what_was_paid(house: House, first: Visit) -> None:
    client, address = desk(house), f"/desk/visits/{first.id}/"
    number = take(house, "20", purpose="copay", visit_id=first.pk).number
    said = f"$20.00 was taken (receipt {number}): it stands as credit for the next visit."
    there = f'href="{address}check-in/"'
    page = client.get(f"{address}left/").content.decode()
    assert (said in page, there in page) == (True, True)
    fields = hidden_fields(client.get("/desk/").content.decode(), form='<form class="acts"')
    answer = client.post(f"{address}back/", fields, HTTP_HX_REQUEST="true").content.decode()
    toast = answer[answer.index('id="toasts"') :]
    assert (said in toast, there in toast) == (True, True)
    assert f"Void receipt {number}" in client.get(f"{address}check-in/").content.decode()
