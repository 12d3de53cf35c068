"""A patient pays on the own phone: with a kept card or on the company's page, once, whoever takes money meanwhile."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from daysheet.coverage.models import InsurancePlan
from daysheet.frontdesk import commands as frontdesk
from daysheet.frontdesk.checkin import money_of
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import Refusal
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import carding, queries
from daysheet.ledger import commands as ledger
from daysheet.ledger.cardgate.practice_page import practice_page
from daysheet.ledger.models import Balance, CardCharge, Payment, SavedCard
from daysheet.portal import commands
from daysheet.portal.models import SelfCheckIn
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitStep
from tests import cast, make
from tests.house import House, desk, furnished
from tests.portal.test_kiosk import coded, do, kiosk, start
from tests.portal.test_own_phone import come_in, linked
from tests.reminded import BASE, ready

COPAY = Decimal("30.00")


@pytest.fixture
def pays(house: House) -> Iterator[House]:
    """The office trains with practice cards; the plan of Ms. Diaz names a copay, and she let a card be kept."""
    Practice.objects.filter(pk=house.practice.pk).update(is_training=True, clock_at=cast.NOW)
    with holding():
        ledger.set_card_door(house.ana, version=0, company="loopback")
        plan = make.plan()
        make.coverage(house.diaz, plan)
        InsurancePlan.objects.filter(pk=plan.pk).update(office_copay=COPAY)
        SavedCard.objects.create(
            patient=house.diaz,
            token="saved_test_visa",
            brand="Visa",
            last4="4242",
            expires="12/2030",
            saved_at=cast.NOW,
            saved_by="Rosa",
        )
        yield house


def owed(house: House, amount: str) -> None:
    """Let something be owed from before."""
    ledger.bring_forward(
        house.ana,
        patient_id=house.diaz.pk,
        amount=Decimal(amount),
        service_on=cast.MONDAY - timedelta(days=30),
        memo="Before",
        source_key="before/1",
    )


def at_money(house: House, *, has_come: bool = False) -> tuple[Client, SelfCheckIn, int]:
    row, path = linked(house)
    if has_come:
        visits.arrive(house.rosa, appointment_id=row.appointment_id)
    browser, _ = come_in(house, path)
    row.refresh_from_db()
    return browser, row, row.steps.index("money") + 1


def screen(browser: Client, number: int, **query: str) -> str:
    return browser.get(f"/p/here/{number}/", query).content.decode()


def kept() -> str:
    return f"card-{SavedCard.objects.get().pk}"


def carried(house: House) -> CardCharge:
    charge = CardCharge.objects.get()
    carding.carry_on(Actor.system(practice_id=house.practice.pk, now=cast.NOW), charge_id=charge.pk)
    charge.refresh_from_db()
    return charge


def test_a_kept_card_pays_the_copay_before_the_arrival_and_it_is_done_at_check_in(pays: House) -> None:
    browser, row, number = at_money(pays)
    shown = screen(browser, number)
    assert "With your card ending in 4242" in shown
    assert "12/2030" not in shown
    assert do(browser, number, how=kept())["Location"] == f"/p/here/{number}/"
    waiting = screen(browser, number)
    assert ("We ask the card company" in waiting, 'http-equiv="refresh" content="3' in waiting) == (
        True,
        True,
    )
    assert carried(pays).state == "captured"
    payment = Payment.objects.get()
    assert (payment.amount, payment.method, payment.purpose) == (COPAY, "card", "prepayment")
    assert (payment.by_name, payment.card_last4) == ("Patient, on the own phone", "4242")
    paid = screen(browser, number)
    assert "Paid: $30.00 with the card ending in 4242" in paid
    assert 'name="how"' not in paid
    assert do(browser, number).status_code == 303
    visit = visits.arrive(pays.rosa, appointment_id=row.appointment_id)
    assert money_of(visit).to_take == 0
    watched = desk(pays, name="nora").get(reverse("portal:watch", args=[row.pk])).content.decode()
    assert "Pays alone: $30.00, taken" in watched
    assert queries.troubles() == []


def test_who_has_come_pays_copay_and_balance_and_the_steps_are_ticked(pays: House) -> None:
    owed(pays, "12.40")
    browser, row, number = at_money(pays, has_come=True)
    assert "today&#x27;s copay of $30.00, and $12.40 from before" in screen(browser, number).replace(
        "&#39;", "&#x27;"
    )
    do(browser, number, how=kept(), amount="42.40")
    assert carried(pays).state == "captured"
    payment = Payment.objects.get()
    assert (payment.purpose, payment.visit_id) == ("copay", Visit.objects.get().pk)
    assert VisitStep.objects.get(visit_id=payment.visit_id, kind="copay").state == "done"
    assert Balance.objects.get(patient=pays.diaz).owes == 0
    row.refresh_from_db()
    assert row.state == "doing"


def test_the_copay_can_be_paid_alone_and_no_other_sum(pays: House) -> None:
    owed(pays, "12.40")
    browser, _row, number = at_money(pays)
    assert "The rest stays open on your account" in screen(browser, number)
    assert do(browser, number, how=kept(), amount="1.00").status_code == 422
    do(browser, number, how=kept(), amount="30.00")
    carried(pays)
    assert Payment.objects.get().amount == COPAY
    assert "$12.40" in screen(browser, number)


def test_another_card_is_typed_on_the_companys_page_and_found_when_the_patient_is_back(pays: House) -> None:
    browser, _row, number = at_money(pays)
    do(browser, number, how="page")
    charge = carried(pays)
    assert (charge.state, charge.page_url) == (
        "presenting",
        practice_page(pays.practice.pk, f"{charge.pk}:present:1"),
    )
    shown = screen(browser, number)
    assert f'href="{charge.page_url}"' in shown
    assert "Pay at the desk instead" in shown
    there = Client()
    assert "$30.00" in there.get(charge.page_url).content.decode()
    assert there.get("/p/practice-card/forged/").status_code == 404
    back = there.post(charge.page_url, {"shown": "test_mastercard"})
    assert back["Location"].endswith(f"/p/here/{number}/?back=1")
    assert "We ask the card company" in screen(browser, number, back="1")
    assert carried(pays).state == "captured"
    assert "ending in 4444" in screen(browser, number, back="1")
    assert Payment.objects.get().card_read == ""


def test_a_patient_who_never_comes_back_is_found_by_the_sweep(pays: House) -> None:
    browser, _row, number = at_money(pays)
    do(browser, number, how="page")
    charge = carried(pays)
    later = Actor.system(practice_id=pays.practice.pk, now=cast.NOW + timedelta(minutes=21))
    assert charge in queries.silent_cards(later.now)
    carding.carry_on(later, charge_id=charge.pk)
    charge.refresh_from_db()
    assert charge.state == "timed_out"
    assert 'name="how"' in screen(browser, number)


def test_a_declined_card_takes_nothing_and_says_so(pays: House) -> None:
    SavedCard.objects.update(token="saved_test_declined")
    browser, _row, number = at_money(pays)
    do(browser, number, how=kept())
    assert carried(pays).state == "declined"
    shown = screen(browser, number)
    assert ("The card was not accepted" in shown, 'name="how"' in shown) == (True, True)
    assert not Payment.objects.exists()


def test_the_same_press_and_a_second_one_take_it_once(pays: House) -> None:
    browser, row, number = at_money(pays)
    do(browser, number, how=kept())
    with pytest.raises(commands.NotNow, match="under way"):
        commands.pay_alone(pays.ana, row_id=row.pk, amount=COPAY)
    carried(pays)
    with pytest.raises(commands.NotNow, match="sum has changed"):
        commands.pay_alone(pays.ana, row_id=row.pk, amount=COPAY)
    assert CardCharge.objects.count() == Payment.objects.count() == 1


def test_the_desk_takes_nothing_while_the_patient_pays_and_the_phone_nothing_that_the_desk_took(
    pays: House,
) -> None:
    browser, row, number = at_money(pays, has_come=True)
    visit = Visit.objects.get()
    do(browser, number, how="page")
    carried(pays)
    cash = {"visit_id": visit.pk, "amount": COPAY, "method": "cash"}
    with pytest.raises(ledger.PaysAlone, match=r"paying \$30.00 on the own phone"):
        frontdesk.take_copay(pays.rosa, **cash)
    with pytest.raises(ledger.PaysAlone):
        ledger.begin_card(
            pays.rosa,
            patient_id=pays.diaz.pk,
            kind="charge",
            amount=COPAY,
            token="test_visa",
            purpose="copay",
        )
    do(browser, number)  # "Pay at the desk instead"
    assert carried(pays).state == "cancelled"
    frontdesk.take_copay(pays.rosa, **cash)
    with pytest.raises(commands.NotNow, match="sum has changed"):
        commands.pay_alone(pays.ana, row_id=row.pk, amount=COPAY)
    assert Payment.objects.get().method == "cash"


def test_the_desk_cancels_and_a_page_not_yet_there_is_closed_too(pays: House) -> None:
    browser, _row, number = at_money(pays)
    do(browser, number, how="page")
    do(browser, number)
    charge = CardCharge.objects.get()
    assert charge.state == "stopping"
    assert carried(pays).state == "cancelled"


def test_the_desks_card_at_work_keeps_the_phone_away(pays: House) -> None:
    _browser, row, _number = at_money(pays)
    ledger.begin_card(pays.rosa, patient_id=pays.diaz.pk, kind="charge", amount=COPAY, token="test_visa")
    with pytest.raises(commands.NotNow, match="under way"):
        commands.pay_alone(pays.ana, row_id=row.pk, amount=COPAY)


def test_i_will_pay_at_the_desk_stays_the_way_on(pays: House) -> None:
    browser, row, number = at_money(pays)
    assert do(browser, number, how="desk").status_code == 303
    row.refresh_from_db()
    assert "money" in row.done
    assert not CardCharge.objects.exists()


def test_nothing_is_offered_at_a_kiosk_without_a_company_or_to_who_is_protected(pays: House) -> None:
    browser, row, number = at_money(pays)
    InsurancePlan.objects.update(kind="medicaid")
    shown = screen(browser, number)
    assert ('name="how"' in shown, "Please pay at the desk" in shown) == (False, True)
    with pytest.raises(commands.NotNow):
        commands.pay_alone(pays.ana, row_id=row.pk, amount=COPAY)
    InsurancePlan.objects.update(kind="commercial")
    assert 'name="how"' in screen(browser, number)
    ledger.set_card_door(pays.ana, version=1, company="none")
    assert 'name="how"' not in screen(browser, number)


def test_a_kiosk_takes_no_money(pays: House) -> None:
    cache.clear()
    row = coded(pays)
    browser = kiosk(pays)
    start(pays, browser, row.code)
    row.refresh_from_db()
    shown = screen(browser, row.steps.index("money") + 1)
    assert ("Please pay at the desk" in shown, "4242" in shown) == (True, False)
    with pytest.raises(commands.NotNow):
        commands.pay_alone(pays.ana, row_id=row.pk, amount=COPAY)


def test_it_is_all_there_in_spanish(pays: House) -> None:
    browser, _row, number = at_money(pays)
    browser.post("/p/here/language/", {"language": "es", "number": str(number)})
    shown = screen(browser, number)
    assert ("Con su tarjeta que termina en 4242" in shown, "Pagaré en la recepción" in shown) == (True, True)


def furnished_to_pay(name: str) -> tuple[House, SelfCheckIn]:
    """An office outside of a test's own transaction, with a patient who has come and checks in on the own phone."""
    house = furnished(name)
    with house.open(), holding():
        ready(house)
        ledger.set_card_door(house.ana, version=0, company="loopback")
        plan = make.plan()
        make.coverage(house.diaz, plan)
        InsurancePlan.objects.filter(pk=plan.pk).update(office_copay=COPAY)
        row, _path = linked(house)
        visits.arrive(house.rosa, appointment_id=row.appointment_id)
        commands.come_in_by_link(house.ana, link_id=row.link_id, born_on=house.diaz.born_on)
    return house, row


@pytest.mark.django_db(transaction=True)
def test_the_job_that_acts_for_nobody_finds_the_card_that_was_chosen(settings: Any) -> None:
    settings.PUBLIC_URL = BASE
    house, row = furnished_to_pay("By the job")
    system = Actor.system(practice_id=house.practice.pk, now=cast.NOW)
    with house.open(), holding():
        commands.pay_alone(house.ana, row_id=row.pk, amount=COPAY, back_url="/p/here/1/?back=1")
        charge = CardCharge.objects.get()
    assert not carding.carry_on(system, charge_id=charge.pk)
    with house.open(), holding():
        charge.refresh_from_db()
        assert (charge.state, charge.tries) == ("presenting", 0)  # looked at, and nothing is written by that
        ledger.show_card(system, charge_id=charge.pk, shown="test_mastercard")
    assert carding.carry_on(system, charge_id=charge.pk)
    with house.open():
        assert Payment.objects.get().card_last4 == "4444"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_turn", range(3))
def test_of_desk_and_phone_at_the_same_moment_one_takes_the_copay(settings: Any, _turn: int) -> None:
    settings.PUBLIC_URL = BASE
    house, row = furnished_to_pay(f"Two hands {_turn}")
    with house.open():
        visit = Visit.objects.get()

    def takes(number: int) -> str:
        try:
            with acting_in(house.practice.pk), transaction.atomic(), holding():
                if number % 2:
                    commands.pay_alone(house.ana, row_id=row.pk, amount=COPAY)
                else:
                    frontdesk.take_copay(house.rosa, visit_id=visit.pk, amount=COPAY, method="cash")
        except Refusal as no:
            return type(no).__name__
        finally:
            connection.close()
        return "phone" if number % 2 else "desk"

    with ThreadPoolExecutor(2) as pool:
        told = set(pool.map(takes, range(2)))
    assert told in ({"phone", "PaysAlone"}, {"desk", "NotNow"})
    with house.open():
        assert Payment.objects.count() + CardCharge.objects.count() == 1
