"""The waitlist on screen: put on, listed, asked, answered; by form alone and with htmx; statements stay constant."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.models import AuditLine
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, SlotOffer, WaitlistEntry
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, furnished
from tests.schedule.waiting import FREED, freed, many, waits

HTMX = {"HX-Request": "true"}


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def body(answer: HttpResponse) -> str:
    return answer.content.decode()


def form_of(rosa: Client, address: str, action: str) -> dict[str, str]:
    return hidden_fields(body(rosa.get(address)), form=f'<form class="act" method="post" action="{action}"')


def wish_fields(rosa: Client, address: str, house: House, **more: Any) -> dict[str, Any]:
    tokens = hidden_fields(body(rosa.get(address)), form='id="wait-form"')
    return {**tokens, "type": house.follow_up.id, "priority": "2", "notice": "60", "source": "recall", **more}


def test_a_patient_is_put_on_the_list_and_stands_on_it_in_words(rosa: Client, house: House) -> None:
    address = f"/schedule/patients/{house.diaz.id}/wait/"
    sent = wish_fields(
        rosa, address, house, providers=[house.lee.id], weekdays=["1", "3"], from_clock="9", to_clock="12"
    )
    answer = rosa.post(address, sent)
    entry = WaitlistEntry.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/schedule/waitlist/{entry.id}/")
    assert entry.source == "recall"
    shown = body(rosa.get("/schedule/waitlist/"))
    assert "DIAZ, Maria" in shown
    assert "Dr. Lee; Tue, Thu; 9:00 am to 12:00 pm; needs 1 hour of notice" in shown
    assert "On the waitlist." in shown


def test_what_was_typed_stays_when_it_cannot_be_read(rosa: Client, house: House) -> None:
    address = f"/schedule/patients/{house.diaz.id}/wait/"
    sent = wish_fields(rosa, address, house, from_clock="noonish", reason="cough")
    for headers in ({}, HTMX):
        answer = rosa.post(address, sent, headers=headers)
        assert answer.status_code == 422
        assert "Write a time such as" in body(answer)
        assert 'value="cough"' in body(answer)
        assert 'value="noonish"' in body(answer)
    assert body(answer).lstrip().startswith("<form")


def test_a_second_entry_for_the_same_visit_is_refused_in_words(rosa: Client, house: House) -> None:
    waits(house)
    address = f"/schedule/patients/{house.diaz.id}/wait/"
    answer = rosa.post(address, wish_fields(rosa, address, house))
    assert answer.status_code == 409
    assert "waits for this kind of visit already" in body(answer)


def test_from_an_appointment_the_patient_waits_for_an_earlier_time(rosa: Client, house: House) -> None:
    old = appointment(house, FREED + timedelta(days=7))
    assert "Wants an earlier time" in body(rosa.get(f"/schedule/appointments/{old.id}/"))
    address = f"/schedule/appointments/{old.id}/wait/"
    assert rosa.post(address, wish_fields(rosa, address, house)).status_code == 303
    entry = WaitlistEntry.objects.get()
    assert (entry.source, entry.moves_id) == ("booked", old.id)
    shown = body(rosa.get(f"/schedule/appointments/{old.id}/"))
    assert f"/schedule/waitlist/{entry.id}/" in shown
    assert "Wants an earlier time" not in shown


def test_who_cancelled_waits_for_another_time_and_the_freed_one_is_at_hand(
    rosa: Client, house: House
) -> None:
    gone = freed(house)
    page = body(rosa.get(f"/schedule/appointments/{gone.id}/"))
    assert "Wants another time" in page
    assert f"/schedule/freed/{gone.id}/" in page
    address = f"/schedule/appointments/{gone.id}/wait/"
    assert rosa.post(address, wish_fields(rosa, address, house)).status_code == 303
    entry = WaitlistEntry.objects.get()
    assert (entry.source, entry.moves_id, entry.patient_id) == ("cancelled", None, house.ann.id)


def test_a_cancellation_leads_to_those_who_wait_for_its_time(rosa: Client, house: House) -> None:
    waits(house)
    gone = appointment(house, FREED, patient=house.ann)
    address = f"/schedule/appointments/{gone.id}/cancel/"
    tokens = hidden_fields(body(rosa.get(address)), form='id="cancel-form"')
    answer = rosa.post(address, tokens | {"reason": "Patient is ill"})
    assert answer["Location"] == f"/schedule/freed/{gone.id}/"
    shown = body(rosa.get(answer["Location"]))
    assert "1 who waits fits its time." in shown
    assert f"/schedule/appointments/{gone.id}/reopen/" in shown  # undo


def test_the_desk_asks_in_turn_notes_a_yes_and_the_others_are_gone(rosa: Client, house: House) -> None:
    many(house, 2)
    gone = freed(house)
    address = f"/schedule/freed/{gone.id}/"
    shown = body(rosa.get(address))
    assert "In turn, asked today, fills the time" in shown
    piece = rosa.post(f"{address}offer/", form_of(rosa, address, f"{address}offer/"), headers=HTMX)
    assert piece.status_code == 200
    assert body(piece).lstrip().startswith('<section id="freed-time"')
    first, _second = SlotOffer.objects.order_by("entry__added_at", "id")
    answer = f"/schedule/offers/{first.id}/answer/"
    tokens = form_of(rosa, address, answer)
    noted = rosa.post(answer, tokens, headers=HTMX)
    assert noted.status_code == 200
    assert "Booked." in body(noted)
    booked = Appointment.objects.holding().get()
    assert f"/schedule/appointments/{booked.id}/undo/" in body(noted)
    assert "Taken by another" in body(noted)
    assert "This time is taken again." in body(noted)


def test_who_is_not_simply_booked_is_shown_so_and_a_yes_asks_for_the_receipt(
    rosa: Client, house: House
) -> None:
    waits(house)
    gone = freed(house)
    address = f"/schedule/freed/{gone.id}/"
    commands.restrict_booking(
        house.rosa, patient_id=house.diaz.id, kind="prepay", reason="Three missed visits", since=cast.MONDAY
    )
    assert "Only when paid before: Three missed visits" in body(rosa.get(address))
    (offer,) = commands.offer_slot(house.rosa, freed_by_id=gone.id)
    assert "Only when paid before: Three missed visits" in body(rosa.get(address))
    answer = f"/schedule/offers/{offer.id}/answer/"
    refused = rosa.post(answer, form_of(rosa, address, answer), headers=HTMX)
    assert refused.status_code == 409
    assert "then write the receipt" in body(refused)
    again = hidden_fields(body(refused), form='id="yes-form"')
    assert again["answer"] == "accepted"
    long = rosa.post(answer, again | {"limit_reason": "x" * 201}, headers=HTMX)
    assert (long.status_code, SlotOffer.objects.get().answer) == (409, "ready")
    again = hidden_fields(body(long), form='id="yes-form"')
    assert rosa.post(answer, again | {"limit_reason": "Receipt 12"}, headers=HTMX).status_code == 200
    booked = Appointment.objects.holding().get()
    assert (booked.patient_id, booked.limit_reason) == (house.diaz.id, "Receipt 12")


def test_who_only_the_manager_books_is_refused_without_a_field(rosa: Client, house: House) -> None:
    waits(house)
    gone = freed(house)
    (offer,) = commands.offer_slot(house.rosa, freed_by_id=gone.id)
    commands.restrict_booking(
        house.rosa, patient_id=house.diaz.id, kind="manager", reason="Threats", since=cast.MONDAY
    )
    answer = f"/schedule/offers/{offer.id}/answer/"
    refused = rosa.post(answer, form_of(rosa, f"/schedule/freed/{gone.id}/", answer), headers=HTMX)
    assert "Ask a manager to book it." in body(refused)
    assert 'id="yes-form"' not in body(refused)


def test_a_yes_that_comes_too_late_is_told_so(rosa: Client, house: House) -> None:
    many(house, 2)
    gone = freed(house)
    one, two = commands.offer_slot(house.rosa, freed_by_id=gone.id)
    address = f"/schedule/freed/{gone.id}/"
    tokens = form_of(rosa, address, f"/schedule/offers/{two.id}/answer/")
    commands.answer_offer(house.rosa, offer_id=one.id, answer="accepted")
    for headers in ({}, HTMX):
        answer = rosa.post(f"/schedule/offers/{two.id}/answer/", tokens, headers=headers)
        assert answer.status_code == 409
        assert "Another patient has just taken this time." in body(answer)


def test_another_answer_is_noted_from_the_list(rosa: Client, house: House) -> None:
    waits(house)
    gone = freed(house)
    (offer,) = commands.offer_slot(house.rosa, freed_by_id=gone.id)
    address = f"/schedule/freed/{gone.id}/"
    answer = f"/schedule/offers/{offer.id}/answer/"
    sent = form_of(rosa, address, answer) | {"answer": "pending"}
    assert rosa.post(answer, sent).status_code == 303
    assert "Message left" in body(rosa.get(address))


def test_an_entry_is_changed_taken_off_and_put_back(rosa: Client, house: House) -> None:
    entry = waits(house)
    address = f"/schedule/waitlist/{entry.id}/"
    sent = wish_fields(rosa, f"{address}change/", house, reason="knee")
    assert rosa.post(f"{address}change/", sent).status_code == 303
    assert "knee" in body(rosa.get(address))
    tokens = hidden_fields(body(rosa.get(address)), form='id="leave-form"')
    assert rosa.post(f"{address}withdraw/", tokens).status_code == 422
    away = rosa.post(f"{address}withdraw/", tokens | {"because": "Is better"})
    assert away["Location"] == "/schedule/waitlist/"
    assert "Is better" in body(rosa.get("/schedule/waitlist/?state=withdrawn"))
    back = form_of(rosa, address, f"{address}put-back/")
    assert rosa.post(f"{address}put-back/", back).status_code == 303
    entry.refresh_from_db()
    assert entry.state == "waiting"


def test_a_form_of_an_older_version_is_refused(rosa: Client, house: House) -> None:
    entry = waits(house)
    address = f"/schedule/waitlist/{entry.id}/change/"
    sent = wish_fields(rosa, address, house)
    WaitlistEntry.objects.filter(id=entry.id).update(version=5)
    answer = rosa.post(address, sent)
    assert answer.status_code == 409
    assert "Somebody changed this entry meanwhile" in body(answer)


def test_the_list_is_narrowed_and_nonsense_in_the_address_is_passed_over(rosa: Client, house: House) -> None:
    waits(house, provider_ids=[house.osei.id])
    assert "DIAZ" in body(rosa.get(f"/schedule/waitlist/?who={house.osei.id}"))
    assert "DIAZ" not in body(rosa.get(f"/schedule/waitlist/?who={house.lee.id}"))
    assert "DIAZ" not in body(rosa.get("/schedule/waitlist/?state=booked"))
    for tail in ("state=x", "type=1", "who='", "page=-3", "page=x"):
        assert rosa.get(f"/schedule/waitlist/?{tail}").status_code == 200


def test_the_patients_panel_says_what_the_patient_waits_for(rosa: Client, house: House) -> None:
    entry = waits(house)
    panel = body(rosa.get(f"/schedule/patients/{house.diaz.id}/panel/", headers=HTMX))
    assert f"/schedule/waitlist/{entry.id}/" in panel
    assert f"/schedule/patients/{house.diaz.id}/wait/" in panel


def test_every_page_takes_the_same_statements_for_few_and_for_many(rosa: Client, house: House) -> None:
    gone = freed(house)
    addresses = ["/schedule/waitlist/", "/schedule/freed/", f"/schedule/freed/{gone.id}/"]
    counts: list[list[int]] = []
    for size in (1, 7):
        for n in range(size):
            freed(house, FREED + timedelta(days=size, minutes=20 * n), patient=house.ann)
            who = make.patient(f"Some{size}x{n}")
            make.patient(f"Other{size}x{n}")
            waits(house, who, provider_ids=[house.lee.id])
        if size == 1:
            commands.offer_slot(house.rosa, freed_by_id=gone.id)
            waits(house, make.patient("Another"), provider_ids=[house.lee.id])
        counts.append([statements(rosa, address) for address in addresses])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 19, counts  # one of them: who gives the kinds of visit


def statements(rosa: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as heard:
        assert rosa.get(address).status_code == 200
    return len(heard)


def test_who_is_shown_is_written_down(rosa: Client, house: House) -> None:
    waits(house)
    gone = freed(house)
    for address, action in (
        ("/schedule/waitlist/", "schedule.waitlist.viewed"),
        (f"/schedule/freed/{gone.id}/", "schedule.freed-time.viewed"),
    ):
        rosa.get(address)
        assert house.diaz.id in AuditLine.objects.get(action=action).patient_ids


@pytest.mark.parametrize("role", ["billing_clerk", "privacy_officer"])
def test_a_role_without_the_schedule_sees_none_of_it(house: House, role: str) -> None:
    other = desk(house, role, "else")
    entry, gone = waits(house), freed(house)
    for address in ("/schedule/waitlist/", f"/schedule/waitlist/{entry.id}/", f"/schedule/freed/{gone.id}/"):
        answer = other.get(address)
        assert answer.status_code == 403
        assert "DIAZ" not in body(answer)


def test_what_belongs_to_another_practice_is_not_found(house: House) -> None:
    entry, gone = waits(house), freed(house)
    (offer,) = commands.offer_slot(house.rosa, freed_by_id=gone.id)
    stranger = desk(furnished("Elsewhere Clinic"), name="stranger")
    stranger.raise_request_exception = False
    for address in (f"/schedule/waitlist/{entry.id}/", f"/schedule/freed/{gone.id}/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/schedule/offers/{offer.id}/answer/", {"answer": "accepted"}).status_code == 404
