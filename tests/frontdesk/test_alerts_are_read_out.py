"""What must be read of a patient is ticked where the work is done: booking, check-in, a call, money."""

import re
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.kernel.jobs import holding
from daysheet.ledger import carding
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import CardCharge, Payment
from daysheet.patients import commands as patients
from daysheet.patients.models import AlertStep, PatientAlert
from daysheet.patients.rules.alerts import AlertFact
from daysheet.phones import commands as phones
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast
from tests.asked import asked, key, opened
from tests.desk import hidden_fields
from tests.house import House, appointment, desk
from tests.reminded import TUESDAY
from tests.schedule.waiting import freed, waits

WORDS = "Needs the lift, two people"
PLACES = ("book", "check_in", "call", "check_out", "money")


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def alert(house: House) -> PatientAlert:
    """An alert that must be ticked wherever the desk works."""
    fact = AlertFact(WORDS, places=PLACES, must_confirm=True)
    return patients.write_alert(house.rosa, patient_id=house.diaz.pk, today=cast.MONDAY, fact=fact)


def read_at() -> list[str]:
    return list(AlertStep.objects.filter(kind="read").order_by("at", "id").values_list("place", flat=True))


def send(rosa: Client, page: str, form: str, to: str = "", **said: Any) -> Any:
    body = rosa.get(page).content.decode()
    assert WORDS in body
    return rosa.post(to or page, hidden_fields(body, form=form) | said)


def test_a_booking_waits_for_the_tick_and_keeps_what_was_chosen(
    rosa: Client, house: House, alert: PatientAlert
) -> None:
    page = reverse("schedule:appointment-book", args=[house.diaz.pk])
    slot = re.search(r'name="slot" value="([^"]+)" checked', rosa.get(page).content.decode())
    assert slot
    own = {"slot": slot[1], "reason": "cough"}
    refused = send(rosa, page, 'id="book-act"', **own)
    body = refused.content.decode()
    assert (refused.status_code, Appointment.objects.count()) == (409, 0)
    assert "Read the alert and tick it" in body
    assert 'value="cough"' in body
    booked = send(rosa, page, 'id="book-act"', alert_read=alert.tick, **own)
    assert (booked.status_code, Appointment.objects.count(), read_at()) == (303, 1, ["book"])


def test_a_series_waits_for_the_tick(rosa: Client, house: House, alert: PatientAlert) -> None:
    page = reverse("schedule:series-book", args=[house.diaz.pk])
    facts = {"type": house.follow_up.pk, "who": house.lee.pk, "where": house.door.pk, "first_on": "3/10"}
    facts |= {"clock": "10", "every": "1", "unit": "week", "times": "2", "book": "1"}
    refused = send(rosa, page, 'id="series-form"', **facts)
    assert (refused.status_code, Appointment.objects.count()) == (409, 0)
    assert "Read the alert and tick it" in refused.content.decode()
    booked = send(rosa, page, 'id="series-form"', **facts, alert_read=alert.tick)
    assert (booked.status_code, Appointment.objects.count(), read_at()) == (303, 2, ["book"])


def test_a_change_of_a_series_waits_for_the_tick(rosa: Client, house: House, alert: PatientAlert) -> None:
    told = {"patient_id": house.diaz.pk, "provider_id": house.lee.pk, "location_id": house.door.pk}
    told |= {"type_id": house.follow_up.pk, "first_on": TUESDAY.date(), "clock": time(9), "weekdays": []}
    starts = [TUESDAY, TUESDAY + timedelta(days=7)]
    series = schedule.book_series(house.rosa, **told, every=1, unit="week", starts=starts)
    page = reverse("schedule:series-change", args=[series.pk])
    typed = {"visit": "1", "scope": "all", "clock": "10"}
    shown = send(rosa, page, 'id="series-change"', **typed, look="1").content.decode()
    assert WORDS in shown
    sent = hidden_fields(shown, form='id="series-change"') | typed | {"move": "1"}
    sent["visits"] = re.findall(r'name="visits" value="([^"]+)"', shown)
    refused = rosa.post(page, sent)
    assert (refused.status_code, Appointment.objects.count()) == (409, 2)
    assert "Read the alert and tick it" in refused.content.decode()
    again = sent | hidden_fields(refused.content.decode(), form='id="series-change"')
    assert rosa.post(page, again | {"alert_read": alert.tick}).status_code == 303
    assert (Appointment.objects.count(), read_at()) == (4, ["book"])


def test_a_yes_from_the_waitlist_waits_for_the_tick(rosa: Client, house: House, alert: PatientAlert) -> None:
    gone = freed(house)
    waits(house)
    (offer,) = schedule.offer_slot(house.rosa, freed_by_id=gone.pk)
    page, to = (
        reverse("schedule:freed-time", args=[gone.pk]),
        reverse("schedule:offer-answer", args=[offer.pk]),
    )
    fields = hidden_fields(rosa.get(page).content.decode(), form=f'method="post" action="{to}"')
    no = rosa.post(
        to, hidden_fields(rosa.get(page).content.decode(), form=f'action="{to}"') | {"answer": "pending"}
    )
    assert no.status_code == 303  # what books nothing needs no tick
    refused = rosa.post(to, fields)
    body = refused.content.decode()
    assert (refused.status_code, read_at()) == (409, [])
    assert WORDS in body
    again = hidden_fields(body, form='id="yes-form"')
    assert rosa.post(to, again | {"alert_read": alert.tick}).status_code == 303
    assert (Appointment.objects.get(booking="scheduled").patient, read_at()) == (house.diaz, ["book"])


@pytest.mark.parametrize("act", ["book", "offer"])
def test_a_visit_asked_for_from_home_waits_for_the_tick(
    rosa: Client, house: House, alert: PatientAlert, act: str
) -> None:
    opened(house, "desk")
    row = asked(house, TUESDAY)
    page = reverse("schedule:visit-request", args=[row.pk])
    chosen = {"slot": key(house, TUESDAY), "act": act}
    assert send(rosa, page, 'id="request-act"', **chosen).status_code == 409
    assert read_at() == []
    assert send(rosa, page, 'id="request-act"', **chosen, alert_read=alert.tick).status_code == 303
    assert read_at() == ["book"]


def test_a_carried_card_waits_for_the_tick_like_any_move(
    rosa: Client, house: House, alert: PatientAlert
) -> None:
    stands = appointment(house, cast.NOW.replace(day=10))
    day = "/schedule/2026-03-10/"
    fields = hidden_fields(rosa.get(day).content.decode(), form="data-calendar-move")
    told = {
        "card": str(stands.pk),
        "version": "1",
        "column": str(house.lee.pk),
        "starts_at": "2026-03-10T11:00",
    }
    refused = rosa.post(f"{day}carry/day/", fields | told, headers={"HX-Request": "true"})
    body = refused.content.decode()
    assert (refused.status_code, "data-carry-again" in body, alert.tick in body) == (409, True, True)
    moved = rosa.post(f"{day}carry/day/", fields | told | {"alert_read": alert.tick})
    assert (moved.status_code, read_at()) == (303, ["book"])


def test_check_in_waits_for_the_tick(rosa: Client, house: House, alert: PatientAlert) -> None:
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    page = f"/desk/visits/{visit.pk}/check-in/"
    refused = send(rosa, page, 'id="desk-end"')
    assert (refused.status_code, "Read the alert and tick it" in refused.content.decode()) == (409, True)
    send(rosa, page, 'id="desk-end"', alert_read=alert.tick)
    assert read_at() == ["check_in"]
    assert "read by you at" in rosa.get(page).content.decode()
    assert Visit.objects.get().flow == "arrived"


def test_the_next_visit_at_check_out_waits_for_the_tick(
    rosa: Client, house: House, alert: PatientAlert
) -> None:
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).id)
    Visit.objects.update(flow="ready_for_checkout")
    page, to = (f"/desk/visits/{visit.pk}/{end}/" for end in ("check-out", "check-out/follow-up"))
    refused = send(rosa, page, f'action="{to}"', to)
    body = refused.content.decode()
    assert (refused.status_code, "Read the alert and tick it" in body) == (409, True)
    assert (Appointment.objects.count(), read_at()) == (1, [])
    again = hidden_fields(body, form='id="follow-up-form"')
    assert rosa.post(to, again | {"alert_read": alert.tick}).status_code == 303
    assert (Appointment.objects.count(), read_at()) == (2, ["book"])


def test_money_waits_for_the_tick(rosa: Client, house: House, alert: PatientAlert) -> None:
    page = reverse("ledger:payment-take", args=[house.diaz.pk])
    facts = {"amount": "10.00", "method": "cash"}
    assert send(rosa, page, 'id="payment-form"', **facts).status_code == 409
    assert Payment.objects.count() == 0
    assert send(rosa, page, 'id="payment-form"', alert_read=alert.tick, **facts).status_code == 303
    assert (Payment.objects.count(), read_at()) == (1, ["money"])


def test_a_call_shows_it_after_two_identifiers_and_ends_after_the_tick(
    rosa: Client, house: House, alert: PatientAlert
) -> None:
    by = cast.rosa(house.practice.pk, house.practice.now())
    call = phones.log_call(by, dialed="(555) 201-0142", then="open")
    page, end = (reverse(f"phones:{name}", args=[call.pk]) for name in ("call", "call-talk"))
    assert WORDS not in rosa.get(page).content.decode()
    said = {"name": "Maria Diaz", "born_on": house.diaz.born_on}
    assert phones.identify_caller(by, call_id=call.pk, said=said).patient == house.diaz
    facts = {
        "reason": "",
        "caller_name": "",
        "relation": "",
        "note": "",
        "back_to": "",
        "outcome": "answered",
    }
    assert send(rosa, page, 'id="talk-form"', end, **facts).status_code == 409
    assert send(rosa, page, 'id="talk-form"', end, alert_read=alert.tick, **facts).status_code == 303
    call.refresh_from_db()
    assert (call.state, read_at()) == ("done", ["call"])


def test_a_call_that_is_put_to_another_ends_after_the_tick(
    rosa: Client, house: House, alert: PatientAlert
) -> None:
    by = cast.rosa(house.practice.pk, house.practice.now())
    first = phones.log_call(by, dialed="(555) 201-0142", then="call_back")
    call = phones.log_call(by, dialed="(555) 201-0142", then="open")
    said = {"name": "Maria Diaz", "born_on": house.diaz.born_on}
    for one in (first, call):
        phones.identify_caller(by, call_id=one.pk, said=said)
    page, join = reverse("phones:call", args=[call.pk]), reverse("phones:call-join", args=[call.pk, first.pk])
    facts = {"reason": "", "caller_name": "", "relation": "", "note": "", "back_to": ""}
    assert "[name=alert_read]" in rosa.get(page).content.decode()
    assert send(rosa, page, f'hx-post="{join}"', join, **facts).status_code == 409
    call.refresh_from_db()
    assert (call.state, read_at()) == ("open", [])
    assert send(rosa, page, f'hx-post="{join}"', join, alert_read=alert.tick, **facts).status_code == 303
    call.refresh_from_db()
    assert (call.state, read_at()) == ("done", ["call"])


def test_an_alert_that_need_not_be_ticked_stops_nobody(rosa: Client, house: House) -> None:
    fact = AlertFact(WORDS, places=PLACES)
    patients.write_alert(house.rosa, patient_id=house.diaz.pk, today=cast.MONDAY, fact=fact)
    page = reverse("ledger:payment-take", args=[house.diaz.pk])
    assert send(rosa, page, 'id="payment-form"', amount="10.00", method="cash").status_code == 303
    assert read_at() == []


def test_a_call_about_a_child_in_care_says_it_after_two_identifiers(rosa: Client, house: House) -> None:
    house.diaz.born_on = cast.MONDAY.replace(year=2018)
    house.diaz.save()
    facts: dict[str, Any] = {"agency": "County Care", "agency_phone": "+14135550180", "from_on": cast.MONDAY}
    patients.record_care(house.rosa, patient_id=house.diaz.pk, **facts)
    by = cast.rosa(house.practice.pk, house.practice.now())
    call = phones.log_call(by, dialed="(555) 201-0142", then="open")
    page = reverse("phones:call", args=[call.pk])
    said = "Who consents to care is not on file. Ask County Care, (413) 555-0180."
    assert said not in rosa.get(page).content.decode()
    who = {"name": "Maria Diaz", "born_on": house.diaz.born_on}
    phones.identify_caller(by, call_id=call.pk, said=who)
    assert said in rosa.get(page).content.decode()


@pytest.fixture
def company(house: House) -> None:
    ledger.set_card_door(house.ana, version=0, company="loopback")


@pytest.mark.usefixtures("company")
def test_a_card_waits_for_the_tick_as_cash_does(rosa: Client, house: House, alert: PatientAlert) -> None:
    page = reverse("ledger:card-take", args=[house.diaz.pk])
    facts = {"kind": "charge", "amount": "10.00", "card": "test_visa"}
    with holding():
        refused = send(rosa, page, 'id="card-form"', **facts)
        assert (refused.status_code, "Read the alert and tick it" in refused.content.decode()) == (409, True)
        assert not CardCharge.objects.exists()
        assert send(rosa, page, 'id="card-form"', alert_read=alert.tick, **facts).status_code == 303
    assert (CardCharge.objects.count(), read_at()) == (1, ["money"])


@pytest.mark.usefixtures("company")
def test_what_is_held_on_a_card_is_taken_after_the_tick(
    rosa: Client, house: House, alert: PatientAlert
) -> None:
    facts: dict[str, Any] = {"kind": "hold", "token": "test_visa", "for_day": cast.MONDAY + timedelta(days=1)}
    with holding():
        held = ledger.begin_card(house.rosa, patient_id=house.diaz.pk, amount=Decimal(10), **facts)
        carding.carry_on(cast.system(house.practice.pk), charge_id=held.pk)
        page, to = (reverse(f"ledger:{name}", args=[held.pk]) for name in ("card", "card-capture"))
        assert send(rosa, page, f'action="{to}"', to).status_code == 409
        assert read_at() == []
        assert send(rosa, page, f'action="{to}"', to, alert_read=alert.tick).status_code == 303
    held.refresh_from_db()
    assert (held.state, read_at()) == ("capturing", ["money"])
