"""A kept card named for a visit: nothing is held before the fourth day ahead, and the hold goes where the visit goes."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from daysheet.frontdesk import commands
from daysheet.frontdesk.checkin import NotThere
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import StaleForm
from daysheet.kernel.jobs import holding
from daysheet.kernel.models import Practice
from daysheet.ledger import carding, jobs, queries
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import CardCharge, CardForVisit, SavedCard
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment
from daysheet.tasks.models import WorkqueueItem
from tests import cast, desk, make
from tests.desk import hidden_fields
from tests.house import House, appointment, furnished


@pytest.fixture
def house(db: None) -> Iterator[House]:
    one = furnished()
    Practice.objects.filter(pk=one.practice.pk).update(is_training=True, clock_at=cast.NOW)
    with one.open(), holding():
        ledger.set_card_door(one.ana, version=0, company="loopback")
        yield one


def kept(house: House, token: str = "saved_test_visa") -> SavedCard:
    return SavedCard.objects.create(
        patient=house.diaz, token=token, brand="Visa", last4="4242", saved_at=cast.NOW, saved_by="Rosa"
    )


def booked(house: House, days: int) -> Appointment:
    return appointment(house, cast.NOW + timedelta(days=days))


def named(house: House, visit: Appointment, **more: Any) -> CardForVisit:
    facts: dict[str, Any] = {"amount": Decimal(30), "purpose": "copay", "consented_by": "Maria Diaz"} | more
    card = facts.pop("card", None) or kept(house)
    return commands.name_card_ahead(house.rosa, appointment_id=visit.pk, card_id=card.pk, **facts)


def carry_on(house: House, charge: CardCharge, now: datetime = cast.NOW) -> CardCharge:
    carding.carry_on(Actor.system(practice_id=house.practice.pk, now=now), charge_id=charge.pk)
    charge.refresh_from_db()
    return charge


def held(house: House, row: CardForVisit) -> CardCharge:
    row.refresh_from_db()
    charge = ledger.hold_for_visit(house.rosa, card_for_visit_id=row.pk, version=row.version)
    return carry_on(house, charge)


def at(house: House, days: int) -> None:
    Practice.objects.filter(pk=house.practice.pk).update(clock_at=cast.NOW + timedelta(days=days))


def calls() -> list[tuple[str, str]]:
    return list(
        WorkqueueItem.objects.filter(kind="card").order_by("number").values_list("reason_code", "state")
    )


def test_nothing_is_held_before_the_fourth_day_and_then_a_person_is_called_once(house: House) -> None:
    row = named(house, booked(house, 9))
    with pytest.raises(ledger.CardIsWrong, match="next four days"):
        ledger.hold_for_visit(house.rosa, card_for_visit_id=row.pk, version=row.version)
    jobs.look_after_cards(practice_id=str(house.practice.pk))
    assert calls() == []
    at(house, 5)
    for _ in range(2):
        jobs.look_after_cards(practice_id=str(house.practice.pk))
    assert calls() == [("to_hold", "open")]
    item = WorkqueueItem.objects.get(kind="card")
    assert "Hold $30.00 on Visa 4242" in item.sentence
    assert item.link == f"/money/cards/for-visits/{row.pk}/"
    row.refresh_from_db()
    rosa = house.rosa.at(cast.NOW + timedelta(days=5))
    charge = ledger.hold_for_visit(rosa, card_for_visit_id=row.pk, version=row.version)
    charge = carry_on(house, charge, rosa.now)
    assert (charge.state, charge.for_day, charge.amount) == ("held", row.for_day, Decimal(30))
    assert charge.capture_before is not None
    assert calls() == [("to_hold", "closed")]
    assert not queries.cards_to_hold(date(2026, 3, 7)).exists()


def test_a_hold_is_pressed_once(house: House) -> None:
    row = named(house, booked(house, 2))
    held(house, row)
    with pytest.raises(StaleForm):
        ledger.hold_for_visit(house.rosa, card_for_visit_id=row.pk, version=1)
    row.refresh_from_db()
    with pytest.raises(ledger.CardIsWrong, match="held for this visit already"):
        ledger.hold_for_visit(house.rosa, card_for_visit_id=row.pk, version=row.version)
    assert CardCharge.objects.count() == 1


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_cancelled_visit_lets_the_hold_go_and_stands_again_without_one(
    house: House, is_answered: bool
) -> None:
    visit = booked(house, 2)
    row = named(house, visit)
    charge = ledger.hold_for_visit(house.rosa, card_for_visit_id=row.pk, version=row.version)
    if is_answered:
        carry_on(house, charge)
    gone = schedule.cancel_appointment(
        house.rosa, appointment_id=visit.pk, version=None, reason="The patient is ill"
    )
    assert carry_on(house, charge).state == "released"
    row.refresh_from_db()
    assert (row.ended_with_visit, row.ended_because) == (True, "The visit was given up")
    schedule.reopen_appointment(house.rosa, appointment_id=gone.pk)
    row.refresh_from_db()
    assert (row.ended_at, row.called_at) == (None, None)
    assert list(queries.cards_to_hold(cast.MONDAY)) == [row]


@pytest.mark.parametrize(("days", "state"), [(3, "held"), (9, "released")])
def test_a_moved_visit_takes_the_card_along_and_a_hold_as_far_as_it_lasts(
    house: House, days: int, state: str
) -> None:
    visit = booked(house, 2)
    row = named(house, visit)
    charge = held(house, row)
    new = schedule.move_appointment(
        house.rosa,
        appointment_id=visit.pk,
        version=None,
        starts_at=visit.starts_at + timedelta(days=days - 2),
    )
    row.refresh_from_db()
    assert (row.appointment_id, row.for_day, row.ended_at) == (new.pk, new.on_day, None)
    assert carry_on(house, charge).state == state
    assert charge.for_day == (new.on_day if state == "held" else visit.on_day)
    at(house, days - 3)
    jobs.look_after_cards(practice_id=str(house.practice.pk))
    assert calls() == ([] if state == "held" else [("to_hold", "open")])


def test_a_declined_card_comes_back_to_the_list(house: House) -> None:
    row = named(house, booked(house, 2), card=kept(house, "saved_test_declined"))
    jobs.look_after_cards(practice_id=str(house.practice.pk))
    assert held(house, row).state == "declined"
    jobs.look_after_cards(practice_id=str(house.practice.pk))
    assert calls() == [("to_hold", "closed"), ("to_hold", "open")]
    assert "was declined" in WorkqueueItem.objects.get(kind="card", state="open").sentence


def test_another_card_takes_the_place_while_nothing_is_held(house: House) -> None:
    visit = booked(house, 2)
    first, second = named(house, visit), named(house, visit, amount=Decimal(45))
    first.refresh_from_db()
    assert first.ended_because == "Another was named"
    held(house, second)
    with pytest.raises(ledger.CardIsWrong, match="Let it go first"):
        named(house, visit)
    second.refresh_from_db()
    ledger.drop_card_for_visit(house.rosa, card_for_visit_id=second.pk, version=second.version)
    charge = CardCharge.objects.get()
    assert carry_on(house, charge).state == "released"


def test_a_hold_that_the_desk_lets_go_is_not_asked_for_again(house: House) -> None:
    charge = held(house, named(house, booked(house, 2)))
    ledger.begin_release(house.rosa, charge_id=charge.pk, version=charge.version, reason="Pays cash")
    assert carry_on(house, charge).state == "released"
    jobs.look_after_cards(practice_id=str(house.practice.pk))
    assert calls() == []


def test_a_card_that_is_forgotten_waits_for_no_visit(house: House) -> None:
    row = named(house, booked(house, 2))
    ledger.remove_card(house.rosa, card_id=row.card_id)
    row.refresh_from_db()
    assert row.ended_because == "The card is kept no more."


def test_a_card_is_named_with_consent_for_a_booked_visit_of_its_own_patient(house: House) -> None:
    visit = booked(house, 2)
    with pytest.raises(ledger.CardIsWrong, match="who agreed"):
        named(house, visit, consented_by=" ")
    foreign = SavedCard.objects.create(
        patient=house.ann,
        token="saved_test_visa",
        brand="Visa",
        last4="4242",
        saved_at=cast.NOW,
        saved_by="x",
    )
    with pytest.raises(ledger.CardIsWrong, match="not kept any more"):
        named(house, visit, card=foreign)
    schedule.cancel_appointment(house.rosa, appointment_id=visit.pk, version=None, reason="ill")
    with pytest.raises(NotThere):
        named(house, visit)
    assert not CardForVisit.objects.exists()


def test_nothing_is_named_for_who_may_not_be_asked(house: House) -> None:
    plan = make.plan("Sunrise Medicaid", "SUNRISE", kind="medicaid")
    make.coverage(house.diaz, plan)
    visit = booked(house, 2)
    for purpose in ("copay", "prepayment"):
        with pytest.raises(ledger.NothingMayBeAsked):
            named(house, visit, purpose=purpose)


def test_the_card_is_named_and_held_on_screen(house: House) -> None:
    browser = desk.signed_in(make.member("receptionist", "rosa-card", at=house.door))
    visit = booked(house, 2)
    there = reverse("frontdesk:card-ahead", args=[visit.pk])
    assert "No card is kept" in browser.get(there).content.decode()
    card = kept(house)
    body = browser.get(there).content.decode()
    typed = {"card": str(card.pk), "amount": "30", "purpose": "copay", "consented_by": "Maria Diaz"}
    answer = browser.post(there, hidden_fields(body, form='id="card-ahead-form"') | typed)
    assert answer["Location"] == reverse("schedule:appointment", args=[visit.pk])
    row = CardForVisit.objects.get()
    assert browser.post(reverse("ledger:card-for-visit-drop", args=[row.pk])).status_code == 303  # Undo
    row.refresh_from_db()
    assert row.ended_because == "Taken back at the desk"
    browser.post(
        there, hidden_fields(browser.get(there).content.decode(), form='id="card-ahead-form"') | typed
    )
    row = CardForVisit.objects.get(ended_at=None)
    panel = browser.get(there, HTTP_HX_REQUEST="true").content.decode()
    assert "$30.00 on Visa 4242" in panel
    assert "<html" not in panel
    page = browser.get(reverse("ledger:card-for-visit", args=[row.pk])).content.decode()
    assert "Hold $30.00 now" in page
    assert "Maria Diaz agreed" in page
    assert "Hold $30.00 now" in browser.get(reverse("ledger:cards")).content.decode()
    hold = reverse("ledger:card-for-visit-hold", args=[row.pk])
    answer = browser.post(hold, hidden_fields(page, form=f'action="{hold}"'))
    charge = CardCharge.objects.get()
    assert answer["Location"] == reverse("ledger:card", args=[charge.pk])
