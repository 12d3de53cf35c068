"""The page behind a link to a time that came free: the birth date, the time, yes or no, a call, what became of it."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from daysheet.mailroom.models import Envelope, PortalLink
from daysheet.patients.commands import write_alert
from daysheet.patients.models import Patient
from daysheet.patients.rules.alerts import AlertFact
from daysheet.schedule import commands
from daysheet.schedule.models import Absence, Appointment, ProviderHours, SlotOffer, WaitlistEntry
from daysheet.tasks.models import WorkqueueItem
from tests import cast, make
from tests.asked import born
from tests.desk import hidden_fields
from tests.house import House, appointment
from tests.offered import asked, let_in, path_of, press, switched, texted
from tests.reminded import system
from tests.schedule.waiting import FREED, freed, waits

RESTRICTED: dict[str, Any] = {"kind": "manager", "reason": "Talk first", "since": cast.MONDAY}


@pytest.fixture
def offer(house: House) -> SlotOffer:
    switched(house)
    return asked(house)


def answer_of(offer: SlotOffer) -> str:
    return SlotOffer.objects.get(pk=offer.pk).answer


def test_the_short_address_leads_to_the_page_and_the_birth_date_opens_it(offer: SlotOffer) -> None:
    path = path_of(offer)
    assert Client().get(path.removesuffix("time/"))["Location"] == path
    first = Client().get(path).content.decode()
    assert "Birth date of the patient" in first
    for hidden in ("Lee", "March 10", "Diaz", "10:00"):
        assert hidden not in first
    body = let_in(path, offer.patient).get(path).content.decode()
    assert "Tuesday, March 10, 2026, 10:00 am, Dr. Lee" in body
    assert "Diaz" not in body
    assert answer_of(offer) == "viewed"


def test_yes_books_the_time_and_the_same_press_again_shows_the_same(offer: SlotOffer) -> None:
    path = path_of(offer)
    browser = let_in(path, offer.patient)
    form = hidden_fields(browser.get(path).content.decode(), form='class="portal-answers"')
    for _press in range(2):
        body = browser.post(path, form | {"act": "yes"}, follow=True).content.decode()
        assert "Your visit is booked" in body
    booked = Appointment.objects.holding().get()
    assert (booked.patient_id, booked.starts_at, booked.booked_by) == (
        offer.patient_id,
        FREED,
        "Patient, by link",
    )
    assert answer_of(offer) == "accepted"
    assert PortalLink.objects.get().revoked_at is not None


def test_yes_moves_the_visit_that_was_to_come_earlier(house: House) -> None:
    switched(house)
    old = appointment(house, FREED + timedelta(days=7))
    offer = asked(house, source="booked", moves_id=old.id)
    path = path_of(offer)
    browser = let_in(path, house.diaz)
    assert "It takes the place of your visit on Tuesday, March 17, 2026" in browser.get(path).content.decode()
    press(browser, path, "yes")
    old.refresh_from_db()
    assert old.booking == "rescheduled"
    assert Appointment.objects.holding().get().starts_at == FREED


def test_no_keeps_the_patient_on_the_list(offer: SlotOffer) -> None:
    path = path_of(offer)
    body = press(let_in(path, offer.patient), path, "no").content.decode()
    assert "You stay on the list." in body
    assert (answer_of(offer), WaitlistEntry.objects.get().state) == ("declined", "waiting")


def test_no_more_offers_takes_the_patient_off_the_list(offer: SlotOffer) -> None:
    path = path_of(offer)
    body = press(let_in(path, offer.patient), path, "stop").content.decode()
    assert "You get no more offers." in body
    assert (answer_of(offer), WaitlistEntry.objects.get().state) == ("declined_stop", "withdrawn")


def test_call_me_is_an_item_of_the_desk_while_the_offer_stands_and_closes_with_the_answer(
    offer: SlotOffer,
) -> None:
    path = path_of(offer)
    browser = let_in(path, offer.patient)
    body = press(browser, path, "call").content.decode()
    assert "We will call you." in body
    assert "Yes, book it" in body
    item = WorkqueueItem.objects.get()
    assert (item.reason_code, item.subject_id, item.state) == ("OFFER-CALL", offer.pk, "open")
    press(browser, path, "yes")
    item.refresh_from_db()
    assert item.state == "closed"


def test_who_is_slower_is_told_kindly_and_stays_on_the_list(house: House) -> None:
    switched(house)
    waits(house)
    waits(house, texted("Quick", 7))
    made = commands.offer_slot(house.rosa, freed_by_id=freed(house).id)
    slow, quick = sorted(made, key=lambda one: one.patient_id != house.diaz.pk)
    press(let_in(path_of(quick), quick.patient), path_of(quick), "yes")
    body = Client().get(path_of(slow)).content.decode()
    assert "This time has been taken." in body
    assert "Lee" not in body
    assert WaitlistEntry.objects.get(patient=house.diaz).state == "waiting"


def test_who_has_the_page_open_and_is_slower_is_told_so(house: House) -> None:
    switched(house)
    offer = asked(house)
    path = path_of(offer)
    browser = let_in(path, house.diaz)
    form = hidden_fields(browser.get(path).content.decode(), form='class="portal-answers"')
    facts = {"provider_id": house.lee.id, "location_id": house.door.id, "type_id": house.follow_up.id}
    commands.book_appointment(house.rosa, patient_id=house.ann.pk, starts_at=FREED, **facts)
    body = browser.post(path, form | {"act": "yes"}, follow=True).content.decode()
    assert "That time has just been taken." in body
    assert "You stay on the list." in body
    assert WaitlistEntry.objects.get().state == "waiting"


def test_a_yes_that_cannot_be_booked_is_brought_before_the_desk(house: House, offer: SlotOffer) -> None:
    commands.restrict_booking(house.ana, patient_id=house.diaz.pk, **RESTRICTED)
    path = path_of(offer)
    body = press(let_in(path, house.diaz), path, "yes").content.decode()
    assert "We could not book it here. We will call you." in body
    assert not Appointment.objects.holding().exists()
    assert (answer_of(offer), WaitlistEntry.objects.get().state) == ("accepted_failed", "waiting")
    item = WorkqueueItem.objects.get(reason_code="OFFER-FAILED")
    assert (item.patient_id, item.state) == (house.diaz.pk, "open")


def test_the_third_wrong_birth_date_ends_the_link_and_the_desk_calls(offer: SlotOffer) -> None:
    cache.clear()
    path = path_of(offer)
    browser = Client()
    form = hidden_fields(browser.get(path).content.decode())
    for _n in range(3):
        wrong = browser.post(path, form | born(offer.patient) | {"born_on_2": "1950"})
        assert (wrong.status_code, "This did not fit." in wrong.content.decode()) == (422, True)
    assert PortalLink.objects.get().revoked_at is not None
    assert answer_of(offer) == "ready"
    over = browser.post(path, form | born(offer.patient))
    assert (over.status_code, "This link is over" in over.content.decode()) == (410, True)


def test_without_the_birth_date_no_answer_is_taken(offer: SlotOffer) -> None:
    cache.clear()
    path = path_of(offer)
    browser = Client()
    form = hidden_fields(browser.get(path).content.decode())
    assert "Birth date" in browser.post(path, form | {"act": "yes"}).content.decode()
    assert not Appointment.objects.holding().exists()
    assert browser.post(path, form | {"born_on_0": "x", "born_on_1": "", "born_on_2": ""}).status_code == 422


def test_a_link_whose_offer_ran_out_says_so_and_names_nothing(house: House, offer: SlotOffer) -> None:
    cache.clear()
    path = path_of(offer)
    SlotOffer.objects.filter(pk=offer.pk).update(expires_at=cast.NOW)
    commands.expire_offers(system(house), today=cast.MONDAY)
    over = Client().get(path.removesuffix("time/"), follow=True)
    body = over.content.decode()
    assert over.status_code == 410
    assert "The time to answer is over." in body
    for hidden in ("Lee", "March", "Diaz"):
        assert hidden not in body


def test_in_spanish_every_page_speaks_it(offer: SlotOffer) -> None:
    Patient.objects.filter(pk=offer.patient_id).update(language="es")
    cache.clear()
    path = path_of(offer)
    assert "Fecha de nacimiento" in Client().get(path).content.decode()
    browser = let_in(path, offer.patient)
    body = browser.get(path).content.decode()
    assert "Hay una hora libre" in body
    assert "No, sigo en la lista" in body
    assert "A time is free" in browser.get(f"{path}?language=en").content.decode()


def test_a_strange_link_opens_nothing(offer: SlotOffer) -> None:
    cache.clear()
    path = path_of(offer)
    wrong = path.replace(path[-12:-6], "AAAAAA")
    assert Client().get(wrong).status_code == 404
    assert Client().get(path.replace("/time/", "/visit/")).status_code == 404


def test_leaving_asks_for_the_birth_date_again(offer: SlotOffer) -> None:
    path = path_of(offer)
    browser = let_in(path, offer.patient)
    assert "Birth date" in press(browser, path, "go").content.decode()


def refused_by_link(house: House, offer: SlotOffer) -> None:
    """Say yes, and see that nothing was booked and the desk is to call."""
    path = path_of(offer)
    body = press(let_in(path, offer.patient), path, "yes").content.decode()
    assert "We could not book it here. We will call you." in body
    assert not Appointment.objects.holding().exists()
    assert (answer_of(offer), WaitlistEntry.objects.get().state) == ("accepted_failed", "waiting")
    assert WorkqueueItem.objects.get(state="open").reason_code == "OFFER-FAILED"


def test_a_yes_into_an_absence_is_not_booked(house: House, offer: SlotOffer) -> None:
    Absence.objects.create(provider=house.lee, starts_at=FREED, ends_at=FREED + timedelta(hours=1))
    refused_by_link(house, offer)


def test_a_yes_into_an_absence_of_who_keeps_no_hours_is_not_booked(house: House, offer: SlotOffer) -> None:
    ProviderHours.objects.all().delete()
    Absence.objects.create(starts_at=FREED, ends_at=FREED + timedelta(hours=1))
    refused_by_link(house, offer)


def test_a_yes_outside_the_hours_that_were_taken_away_is_not_booked(house: House, offer: SlotOffer) -> None:
    ProviderHours.objects.filter(provider=house.lee, weekday=1, begins=time(9)).delete()
    refused_by_link(house, offer)


def test_a_yes_of_a_patient_whose_chart_is_inactive_is_not_booked(house: House, offer: SlotOffer) -> None:
    Patient.objects.filter(pk=house.diaz.pk).update(status="inactive")
    refused_by_link(house, offer)


def test_at_the_desk_a_manager_books_it_all_the_same(house: House, offer: SlotOffer) -> None:
    ProviderHours.objects.filter(provider=house.lee, weekday=1, begins=time(9)).delete()
    commands.answer_offer(house.ana, offer_id=offer.pk, answer="accepted")
    assert Appointment.objects.holding().get().starts_at == FREED


def test_a_yes_past_an_alert_that_must_be_read_is_brought_before_the_desk(
    house: House, offer: SlotOffer
) -> None:
    fact = AlertFact("Call the sister first", "everybody", "attention", None, ("book",), True)
    write_alert(house.rosa, patient_id=house.diaz.pk, today=cast.MONDAY, fact=fact)
    refused_by_link(house, offer)


@pytest.mark.parametrize("fact", [("book", False), ("check_in", True)])
def test_an_alert_that_need_not_be_ticked_at_booking_is_in_nobodys_way(
    house: House, offer: SlotOffer, fact: tuple[str, bool]
) -> None:
    said = AlertFact("Call the sister first", "everybody", "attention", None, (fact[0],), fact[1])
    write_alert(house.rosa, patient_id=house.diaz.pk, today=cast.MONDAY, fact=said)
    path = path_of(offer)
    assert "Your visit is booked" in press(let_in(path, offer.patient), path, "yes").content.decode()


def test_a_page_that_did_not_name_the_visit_gives_none_up(house: House, offer: SlotOffer) -> None:
    path = path_of(offer)
    browser = let_in(path, house.diaz)
    form = hidden_fields(browser.get(path).content.decode(), form='class="portal-answers"')
    facts = {"provider_id": house.osei.id, "location_id": house.door.id, "type_id": house.follow_up.id}
    later = FREED + timedelta(days=7)
    booked = commands.book_appointment(house.rosa, patient_id=house.diaz.pk, starts_at=later, **facts)
    again = browser.post(path, form | {"act": "yes"})
    assert again.status_code == 409
    assert "Your visit was changed meanwhile." in again.content.decode()
    assert "It takes the place of your visit on Tuesday, March 17, 2026" in again.content.decode()
    assert Appointment.objects.holding().get() == booked
    press(browser, path, "yes")
    assert Appointment.objects.holding().get().starts_at == FREED


def test_no_and_a_call_are_taken_from_a_page_that_is_older_than_the_visit(
    house: House, offer: SlotOffer
) -> None:
    path = path_of(offer)
    browser = let_in(path, house.diaz)
    form = hidden_fields(browser.get(path).content.decode(), form='class="portal-answers"')
    facts = {"provider_id": house.osei.id, "location_id": house.door.id, "type_id": house.follow_up.id}
    later = FREED + timedelta(days=7)
    commands.book_appointment(house.rosa, patient_id=house.diaz.pk, starts_at=later, **facts)
    assert browser.post(path, form | {"act": "call"}).status_code == 303
    assert browser.post(path, form | {"act": "no"}).status_code == 303
    assert answer_of(offer) == "declined"


def test_no_more_offers_takes_the_patient_off_for_every_kind_of_visit(house: House, offer: SlotOffer) -> None:
    other = make.visit_type("Physical", minutes=20)
    again = waits(house, type_id=other.pk)
    at = FREED + timedelta(days=1)
    (second,) = commands.offer_slot(house.rosa, freed_by_id=freed(house, at).id, entry_ids=[again.pk])
    path = path_of(offer)
    press(let_in(path, offer.patient), path, "stop")
    assert set(WaitlistEntry.objects.values_list("state", "closed_because")) == {
        ("withdrawn", "Asks for no more calls")
    }
    assert (answer_of(offer), answer_of(second)) == ("declined_stop", "expired")
    assert set(Envelope.objects.values_list("state", flat=True)) == {"stopped"}
    assert not PortalLink.objects.filter(revoked_at=None).exists()
