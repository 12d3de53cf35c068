"""The page behind a link on which a patient asks for a visit: birth date, wish, free times, what became of it."""

from datetime import timedelta

from django.core.cache import cache
from django.test import Client

from daysheet.mailroom.models import PortalLink
from daysheet.patients.models import Patient
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, VisitRequest
from daysheet.tasks.models import WorkqueueItem
from tests import make
from tests.asked import asked, born, key, let_in, offered, opened
from tests.desk import hidden_fields
from tests.house import House, appointment
from tests.reminded import TUESDAY, path_of, reminded, system

TEN = TUESDAY + timedelta(hours=1)


def send(house: House, browser: Client, path: str, **said: object) -> "object":
    """Choose a kind, see the times, and send."""
    body = browser.get(path, {"kind": str(house.follow_up.pk), "part": "any"}).content.decode()
    form = hidden_fields(body, form='id="ask-act"')
    return browser.post(path, form | {"slot": "", "reason": ""} | said)


def test_a_link_and_the_birth_date_open_the_wish_and_a_chosen_time_is_booked(house: House) -> None:
    opened(house)
    row, path = offered(house)
    browser = let_in(path, house.diaz)
    body = browser.get(path).content.decode()
    assert "In an emergency, call 911." in body
    assert "Diaz" not in body
    times = browser.get(path, {"kind": str(house.follow_up.pk)}).content.decode()
    assert key(house, TEN) in times
    assert send(house, browser, path, slot=key(house, TEN)).status_code == 303
    assert "Your visit is booked" in browser.get(path).content.decode()
    assert Appointment.objects.get().patient == house.diaz
    row.refresh_from_db()
    assert row.was_at_once


def test_without_the_birth_date_nothing_is_shown_and_nothing_is_sent(house: House) -> None:
    opened(house)
    _row, path = offered(house)
    browser = Client()
    form = hidden_fields(browser.get(path).content.decode())
    wrong = browser.post(path, form | born(house.diaz) | {"born_on_2": "1950"})
    assert (wrong.status_code, "This did not fit." in wrong.content.decode()) == (422, True)
    said = {"act": "send", "kind": str(house.follow_up.pk), "slot": key(house, TEN)}
    assert "Birth date" in browser.post(path, form | said).content.decode()
    assert not Appointment.objects.exists()
    for _n in range(2):
        browser.post(path, form | born(house.diaz) | {"born_on_2": "1950"})
    assert browser.get(path).status_code == 404
    assert PortalLink.objects.get().revoked_at is not None


def test_the_birth_date_is_asked_again_after_ten_minutes(house: House) -> None:
    opened(house)
    _row, path = offered(house)
    browser = let_in(path, house.diaz)
    assert "What kind of visit?" in browser.get(path).content.decode()
    cache.clear()  # what was seen last is forgotten
    assert "Birth date of the patient" in browser.get(path).content.decode()


def test_a_time_that_was_taken_meanwhile_is_said_and_what_was_typed_stays(house: House) -> None:
    opened(house)
    _row, path = offered(house)
    browser = let_in(path, house.diaz)
    appointment(house, TEN, patient=house.ann)
    answer = send(house, browser, path, slot=key(house, TEN), reason="form for work")
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "That time has just been taken. Choose another one." in body
    assert "form for work" in body
    assert key(house, TEN + timedelta(minutes=20)) in body


def test_who_is_restricted_or_inactive_is_sent_to_the_desk_in_kind_words(house: House) -> None:
    opened(house)
    _row, path = offered(house)
    Patient.objects.filter(pk=house.diaz.pk).update(status="deceased")
    browser = let_in(path, house.diaz)
    times = browser.get(path, {"kind": str(house.follow_up.pk)}).content.decode()
    assert "We will find a time and tell you." in times
    assert "deceased" not in times
    send(house, browser, path)
    body = browser.get(path).content.decode()
    assert "We have what you asked for." in body
    assert WorkqueueItem.objects.get().reason_code == "REQUEST-DECEASED"


def test_another_time_is_answered_and_the_same_press_again_is_told_the_same(house: House) -> None:
    opened(house, "desk")
    row, path = offered(house)
    browser = let_in(path, house.diaz)
    send(house, browser, path)
    row.refresh_from_db()
    facts = {"provider_id": house.lee.pk, "location_id": house.door.pk, "type_id": house.follow_up.pk}
    commands.offer_other_time(house.rosa, request_id=row.pk, version=row.version, starts_at=TEN, **facts)
    body = browser.get(path).content.decode()
    assert "We can offer you this time" in body
    form = hidden_fields(body, form='class="portal-answers"')
    for _press in range(2):
        assert browser.post(path, form | {"act": "yes"}).status_code == 303
    assert Appointment.objects.get().starts_at == TEN


def test_yes_to_a_time_that_is_gone_is_told_and_brought_back_to_the_desk(house: House) -> None:
    opened(house, "desk")
    row, path = offered(house)
    browser = let_in(path, house.diaz)
    send(house, browser, path)
    row.refresh_from_db()
    facts = {"provider_id": house.lee.pk, "location_id": house.door.pk, "type_id": house.follow_up.pk}
    commands.offer_other_time(house.rosa, request_id=row.pk, version=row.version, starts_at=TEN, **facts)
    form = hidden_fields(browser.get(path).content.decode(), form='class="portal-answers"')
    appointment(house, TEN, patient=house.ann)
    answer = browser.post(path, form | {"act": "yes"})
    assert answer.status_code == 409
    assert "This time was taken meanwhile." in answer.content.decode()
    assert VisitRequest.objects.get().state == "asked"


def test_the_patient_takes_it_back(house: House) -> None:
    opened(house)
    _row, path = offered(house)
    browser = let_in(path, house.diaz)
    send(house, browser, path, slot=key(house, TEN))
    form = hidden_fields(browser.get(path).content.decode(), form='class="portal-answers"')
    browser.post(path, form | {"act": "withdraw"})
    assert "You took it back" in browser.get(path).content.decode()
    assert not Appointment.objects.get().holds


def test_in_spanish_every_page_speaks_it(house: House) -> None:
    opened(house)
    Patient.objects.filter(pk=house.diaz.pk).update(language="es")
    _row, path = offered(house)
    assert "Pedir una cita" in Client().get(path).content.decode()
    browser = let_in(path, house.diaz)
    assert "Cita de control" in browser.get(path).content.decode()
    assert "Ask for a visit" in browser.get(f"{path}?language=en").content.decode()


def test_the_short_address_of_a_message_leads_there_and_a_dead_one_nowhere(house: House) -> None:
    opened(house)
    row, path = offered(house)
    short = path.replace("visit/", "")
    assert Client().get(short)["Location"] == path
    _again, new = offered(house)
    assert new != path
    dead = Client().get(short)
    assert (dead.status_code, "This link does not work any more" in dead.content.decode()) == (404, True)
    assert row.state == "offered"


def test_who_cannot_come_is_led_on_to_ask_for_another_time(house: House) -> None:
    opened(house)
    _booked, sent = reminded(house)
    cache.clear()
    browser = Client()
    form = hidden_fields(browser.get(path_of(sent)).content.decode())
    told = browser.post(path_of(sent), form | {"answer": "cannot_come"}).content.decode()
    path = "/p/" + told.split('href="/p/')[1].split('"')[0]
    assert path.endswith("/visit/")
    assert browser.get(path).status_code == 200


def test_a_wish_with_strange_answers_is_shown_again(house: House) -> None:
    opened(house)
    _row, path = offered(house)
    browser = let_in(path, house.diaz)
    kind = str(house.follow_up.pk)
    for said in ({"kind": "x"}, {"kind": kind, "weekdays": "9"}, {"kind": kind, "earliest": "soon"}):
        assert browser.get(path, said).status_code == 422
    assert send(house, browser, path, slot="x", kind="x").status_code == 422
    other = make.visit_type("Secret", 30)
    assert send(house, browser, path, kind=str(other.pk)).status_code == 422


def test_a_kiosk_opens_no_such_link(house: House) -> None:
    opened(house)
    _row, path = offered(house)
    browser = let_in(path, house.diaz)
    session = browser.session
    session["_kiosk"] = {"practice": str(house.practice.pk), "kiosk": str(house.door.pk)}
    session.save()
    assert browser.get(path).status_code in (303, 404)
    assert asked(house, TEN, house.ann).state == "booked"
    assert system(house).practice_id == house.practice.pk
