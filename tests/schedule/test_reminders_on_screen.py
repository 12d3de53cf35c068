"""Reminders on screen: the rules, the visit's page, the list of those to be called, the test telephone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.mailroom import commands as mailroom
from daysheet.mailroom.models import Envelope, OptOut
from daysheet.schedule import commands
from daysheet.schedule.models import Reminder, ReminderRule, ReminderVisit, ReminderWish
from daysheet.tasks.models import WorkqueueItem
from tests import make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, furnished
from tests.reminded import BASE, TUESDAY, delivered, phone, ready, reminded


@pytest.fixture
def house(db: None, settings: Any) -> Iterator[House]:
    settings.PUBLIC_URL = BASE
    office = furnished()
    with office.open():
        ready(office)
        phone(office.diaz)
        yield office


def visit_page(booked: Any) -> str:
    return reverse("schedule:appointment", args=[booked.pk])


def press(browser: Client, page: str, act: str, **more: Any) -> HttpResponse:
    """Press the button of a form on a page."""
    shown = browser.get(page).content.decode()
    return browser.post(act, hidden_fields(shown, form=f'action="{act}"') | more)  # type: ignore[return-value]


def test_the_visits_page_shows_what_went_and_what_was_answered(house: House) -> None:
    booked, sent = reminded(house)
    rosa = desk(house)
    page = rosa.get(visit_page(booked)).content.decode()
    assert "One day before" in page
    assert "Leaves Mar 9, 10:03 am" in page
    delivered(house, sent)
    commands.answer_reminder(house.rosa, reminder_id=sent.pk, answer="confirmed")
    page = rosa.get(visit_page(booked)).content.decode()
    assert "Sent Mar 9, 10:04 am" in page
    assert "Will come" in page
    assert "by the link" in page


def test_the_desk_sends_one_and_stops_it(house: House) -> None:
    booked = appointment(house, TUESDAY)
    rosa = desk(house)
    assert "Nothing was sent about this visit." in rosa.get(visit_page(booked)).content.decode()
    now = reverse("schedule:appointment-remind", args=[booked.pk])
    assert press(rosa, visit_page(booked), now).status_code == 303
    one = ReminderVisit.objects.get()
    assert "Send a reminder now" not in rosa.get(visit_page(booked)).content.decode()
    stop = reverse("schedule:reminder-stop", args=[one.pk])
    assert press(rosa, visit_page(booked), stop).status_code == 303
    assert Envelope.objects.get().state == "stopped"
    page = rosa.get(visit_page(booked)).content.decode()
    assert "Sent by Rosa Marin" not in page  # a signed-in Rosa is called Rosa
    assert "Stopped" in page
    assert "Send a reminder now" in page


def test_a_refusal_is_a_sentence_on_the_page_and_a_piece_for_htmx(house: House) -> None:
    nobody = appointment(house, TUESDAY, patient=house.ann)
    rosa = desk(house)
    now = reverse("schedule:appointment-remind", args=[nobody.pk])
    whole = press(rosa, visit_page(nobody), now)
    assert whole.status_code == 409
    assert "No way is open to write to this patient." in whole.content.decode()
    piece = rosa.post(now, headers={"HX-Request": "true"})
    assert piece.status_code == 409
    assert piece.content.decode().lstrip().startswith('<section id="reminded"')
    assert "No way is open to write to this patient." in piece.content.decode()


def test_the_desk_takes_the_link_and_the_answer_back(house: House) -> None:
    booked, sent = reminded(house)
    delivered(house, sent)
    one = sent.visits.get()
    rosa = desk(house)
    revoke = reverse("schedule:reminder-revoke", args=[one.pk])
    assert press(rosa, visit_page(booked), revoke).status_code == 303
    sent.refresh_from_db()
    assert sent.link is not None
    assert sent.link.revoked_at is not None
    commands.answer_reminder(house.rosa, reminder_id=sent.pk, answer="cannot_come", how="sms")
    back = reverse("schedule:answer-take-back", args=[one.pk])
    assert press(rosa, visit_page(booked), back).status_code == 303
    booked.refresh_from_db()
    assert booked.booking == "scheduled"


def test_a_call_is_asked_for_done_and_undone(house: House) -> None:
    _, sent = reminded(house)
    commands.answer_reminder(house.rosa, reminder_id=sent.pk, answer="call_me")
    rosa, page = desk(house), reverse("schedule:to-call")
    shown = rosa.get(page).content.decode()
    assert "DIAZ, Maria" in shown
    assert "Asks for a call" in shown
    item = WorkqueueItem.objects.get()
    assert (item.kind, item.role, item.state) == ("call_back", "receptionist", "open")
    assert "Diaz" not in item.sentence
    settle = reverse("schedule:reminder-settle", args=[sent.pk])
    assert press(rosa, page, settle).status_code == 303
    item.refresh_from_db()
    assert item.state == "closed"
    assert "Nobody has to be called" in rosa.get(page).content.decode()
    twice = rosa.post(settle, headers={"HX-Request": "true"})
    assert (twice.status_code, "Somebody has done this already." in twice.content.decode()) == (409, True)
    rosa.post(reverse("schedule:reminder-open", args=[sent.pk]))
    assert "DIAZ, Maria" in rosa.get(page).content.decode()
    assert WorkqueueItem.objects.exclude(state="closed").count() == 1


def test_the_list_asks_as_many_statements_for_thirty_as_for_one(house: House) -> None:
    rosa, page, counts = desk(house), reverse("schedule:to-call"), []
    for first, many in ((0, 1), (1, 30)):
        for n in range(first, many):
            who = make.patient(f"Many{n}")
            booked = appointment(house, TUESDAY.replace(minute=2 * n), minutes=1, patient=who)
            sent = Reminder.objects.create(
                patient=who,
                location=house.door,
                on_day=booked.on_day,
                state="not_reached",
                from_clock="09:00",
                to_clock="20:00",
                made_at=booked.booked_at,
                made_by="Daysheet",
            )
            ReminderVisit.objects.create(
                reminder=sent, appointment=booked, patient=who, made_at=booked.booked_at
            )
        with CaptureQueriesContext(connection) as heard:
            assert rosa.get(page).status_code == 200
        counts.append(len(heard))
    assert counts[0] == counts[1]


def test_the_board_shows_how_far_the_reminder_got(house: House) -> None:
    _, sent = reminded(house)
    rosa = desk(house)
    board = f"{reverse('frontdesk:board')}?day=2026-03-10"
    assert "Reminded by" not in rosa.get(board).content.decode()
    delivered(house, sent)
    assert "Reminded by text message" in rosa.get(board).content.decode()
    Reminder.objects.filter(pk=sent.pk).update(state="not_reached")
    assert "Not reached" in rosa.get(board).content.decode()


def test_a_manager_begins_with_the_usual_rules_changes_one_and_takes_it_out_of_use(house: House) -> None:
    ReminderRule.objects.all().delete()
    ana = desk(house, "office_manager", "ana")
    page = reverse("schedule:reminder-rules")
    assert press(ana, page, reverse("schedule:reminder-rules-usual")).status_code == 303
    shown = ana.get(page).content.decode()
    assert "Three days before" in shown
    assert "9:00 am to 8:00 pm" in shown
    assert "Not set up in this office: E-mail" in shown
    rule = ReminderRule.objects.get(name="One day before")
    change = reverse("schedule:reminder-rule", args=[rule.pk])
    told = {
        "name": "Two days before",
        "type": str(house.follow_up.pk),
        "lead": "2",
        "unit": "days",
        "first": "voice",
        "second": "sms",
        "third": "",
        "from_clock": "10",
        "to_clock": "6 pm",
    }
    wrong = press(ana, change, change, **told | {"to_clock": "soon"})
    assert wrong.status_code == 422
    assert 'value="Two days before"' in wrong.content.decode()
    none = press(ana, change, change, **told | {"to_clock": "9 am"})
    assert (none.status_code, "The hours end after they begin." in none.content.decode()) == (409, True)
    assert press(ana, change, change, **told).status_code == 303
    rule.refresh_from_db()
    assert (rule.lead_minutes, rule.channels, rule.version) == (2880, ["voice", "sms"], 2)
    use = reverse("schedule:reminder-rule-use", args=[rule.pk])
    assert press(ana, page, use).status_code == 303
    rule.refresh_from_db()
    assert not rule.is_active
    assert press(ana, page, use).status_code == 303
    rule.refresh_from_db()
    assert rule.is_active


def test_a_patients_wish_is_noted(house: House) -> None:
    rosa, page = desk(house), reverse("schedule:reminder-wish", args=[house.diaz.pk])
    answer = press(rosa, page, page, prefers="voice", no_email="on")
    assert answer.status_code == 303
    kept = ReminderWish.objects.get()
    assert (kept.prefers, kept.no_email, kept.no_reminders) == ("voice", True, False)
    assert press(rosa, page, page, prefers="fax").status_code == 422


def test_the_test_telephone_shows_what_arrived_and_answers(house: House) -> None:
    _, sent = reminded(house)
    rosa, page = desk(house), reverse("mailroom:telephone")
    assert "Nothing arrived yet." in rosa.get(page).content.decode()
    delivered(house, sent)
    assert "You have a visit on Tuesday, March 10" in rosa.get(page).content.decode()
    answer = press(rosa, page, page, number="sms:+14135550142", text="STOP")
    assert answer.status_code == 303
    kept = Envelope.objects.get(kind="sms-reply")
    mailroom.handle_envelope(house.ana, envelope_id=kept.pk)
    assert OptOut.objects.exists()
    assert press(rosa, page, page, number="sms:+19995550000", text="1").status_code == 422


def test_an_envelope_of_a_text_and_of_its_answer_are_read_as_words(house: House) -> None:
    _, sent = reminded(house)
    delivered(house, sent)
    kept = mailroom.receive_text(house.ana, channel="sms", sender=sent.address, text="<b>Hola</b>")
    ana = desk(house, "office_manager", "ana")
    page = ana.get(reverse("mailroom:envelope", args=[sent.envelope_id])).content.decode()
    assert "You have a visit on" in page
    answer = ana.get(reverse("mailroom:envelope", args=[kept.pk])).content.decode()
    assert "&lt;b&gt;Hola&lt;/b&gt;" in answer


def test_a_real_office_has_no_test_telephone(house: House) -> None:
    type(house.practice).objects.filter(pk=house.practice.pk).update(is_training=False, clock_at=None)
    rosa = desk(house)
    assert rosa.get(reverse("mailroom:telephone")).status_code == 404
