"""The recalls on screen: the lists, one patient's recall, which visits come again."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.access import Actor
from daysheet.schedule import commands
from daysheet.schedule.models import NoRecalls, Recall, RecallContact, RecallType, WaitlistEntry
from daysheet.schedule.recalling import Step
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, desk
from tests.schedule.test_bring_in_who_is_due import with_a_phone
from tests.schedule.test_recalls import seen, yearly

HX = {"HX-Request": "true"}


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def due(house: House) -> Recall:
    yearly(house, steps=[Step(0, "call")])
    seen(house, 400)
    commands.work_out_recalls(house.ana)
    return Recall.objects.get()


def desk_of(due: Recall) -> Actor:
    return cast.rosa(due.practice_id)


def post(browser: Client, due: Recall, act: str, **typed: str) -> tuple[int, str]:
    page = f"/schedule/recalls/{due.pk}/"
    body = browser.get(page).content.decode()
    tokens = hidden_fields(body, form=f'action="{page}{act}/"')
    answer = browser.post(f"{page}{act}/", tokens | typed, headers=HX)
    return answer.status_code, answer.content.decode()


def test_the_list_shows_who_is_due_and_leads_to_booking(rosa: Client, house: House, due: Recall) -> None:
    with_a_phone(house.diaz)
    shown = rosa.get("/schedule/recalls/").content.decode()
    assert "DIAZ, Maria" in shown
    assert shown.index("(555) 201-0142") < shown.index("</th>", shown.index("DIAZ, Maria"))  # beside the name
    assert "Call" in shown
    book = re.search(r'href="(/schedule/book/[^"]+)"', shown)
    assert book
    page = rosa.get(book[1].replace("&amp;", "&")).content.decode()
    assert f'value="{due.type.visit_type_id}" selected' in page
    assert "Nobody stands on this list" in rosa.get("/schedule/recalls/?list=next").content.decode()
    assert rosa.get("/schedule/recalls/?list=nonsense&type=nonsense").status_code == 200


def test_the_waitlist_is_entered_from_the_row_as_due(rosa: Client, house: House, due: Recall) -> None:
    address = f"/schedule/patients/{house.diaz.id}/wait/?recall={due.pk}"
    body = rosa.get(address).content.decode()
    assert address.replace("&", "&amp;") in body
    typed = {"type": str(house.follow_up.pk), "priority": "3", "notice": "120", "source": "recall"}
    answer = rosa.post(address, hidden_fields(body, form='id="wait-form"') | typed)
    assert answer.status_code == 303
    assert WaitlistEntry.objects.get().source == "recall"
    assert "on the waitlist" in rosa.get("/schedule/recalls/").content.decode()


def test_a_call_is_noted_on_the_page_and_taken_back(rosa: Client, due: Recall) -> None:
    status, _body = post(rosa, due, "contact", way="call", outcome="left_message", words="With her son")
    assert status == 200
    made = RecallContact.objects.get()
    shown = rosa.get(f"/schedule/recalls/{due.pk}/").content.decode()
    assert "With her son" in shown
    address = f"/schedule/recall-contacts/{made.pk}/undo/"
    assert rosa.post(address, hidden_fields(shown, form=f'action="{address}"')).status_code == 303
    assert "With her son" not in rosa.get(f"/schedule/recalls/{due.pk}/").content.decode()


def test_a_call_is_noted_by_one_press_on_the_list(rosa: Client, due: Recall) -> None:
    shown = rosa.get("/schedule/recalls/").content.decode()
    address = f"/schedule/recalls/{due.pk}/contact/"
    answer = rosa.post(address, hidden_fields(shown, form=f'action="{address}"'))
    assert answer["Location"] == "/schedule/recalls/"
    assert RecallContact.objects.get().outcome == "left_message"
    shown = rosa.get("/schedule/recalls/").content.decode()
    assert "Call: left a message" in shown
    assert "/schedule/recall-contacts/" in shown
    commands.stop_recall(desk_of(due), recall_id=due.pk, version=None, why="declined")
    shown = rosa.get("/schedule/recalls/?list=stopped").content.decode()
    address = f"/schedule/recalls/{due.pk}/reactivate/"
    assert rosa.post(address, hidden_fields(shown, form=f'action="{address}"')).status_code == 303
    due.refresh_from_db()
    assert due.stopped == ""


def test_stopping_asks_for_the_reason_and_loses_nothing(rosa: Client, due: Recall) -> None:
    status, body = post(rosa, due, "stop", why="later", words="After the move")
    assert status == 422
    assert "After the move" in body
    assert body.lstrip().startswith('<div id="recall"')
    status, _body = post(rosa, due, "stop", why="later", until="4/20/2026", words="After the move")
    assert status == 200
    shown = rosa.get(f"/schedule/recalls/{due.pk}/").content.decode()
    assert "Wants to be asked later" in shown
    assert post(rosa, due, "reactivate")[0] == 200
    due.refresh_from_db()
    assert due.stopped == ""


def test_a_day_is_set_by_hand(rosa: Client, due: Recall) -> None:
    assert post(rosa, due, "day", due_on="3/20/2026", reason="Dr. Lee")[0] == 200
    assert "Dr. Lee" in rosa.get(f"/schedule/recalls/{due.pk}/").content.decode()
    assert post(rosa, due, "day", due_on="2 o'clock", reason="x")[0] == 422
    assert post(rosa, due, "day", due_on="", every_months="0")[0] == 422
    assert post(rosa, due, "day", due_on="", every_months="6")[0] == 200
    assert "Comes again after 6 months" in rosa.get(f"/schedule/recalls/{due.pk}/").content.decode()


def test_no_contact_is_noted_and_ended(rosa: Client, due: Recall) -> None:
    assert post(rosa, due, "silence", reason="")[0] == 422
    assert post(rosa, due, "silence", reason="Please do not call")[0] == 200
    assert NoRecalls.objects.exists()
    assert post(rosa, due, "speak")[0] == 200
    assert not NoRecalls.objects.exists()


def test_a_patient_is_recalled_by_hand(rosa: Client, house: House, due: Recall) -> None:
    address = f"/schedule/patients/{house.ann.id}/recall/"
    body = rosa.get(address).content.decode()
    tokens = hidden_fields(body, form='id="recall-add-form"')
    assert rosa.post(address, tokens, headers=HX).status_code == 422
    typed = {"type": str(due.type_id), "due_on": "4/2/2026", "reason": "New here"}
    assert rosa.post(address, hidden_fields(body, form='id="recall-add-form"') | typed).status_code == 303
    assert Recall.objects.filter(patient=house.ann).exists()


def test_the_manager_says_which_visits_come_again(house: House) -> None:
    ana = desk(house, "office_manager", "ana")
    address = "/schedule/recall-types/add/"
    body = ana.get(address).content.decode()
    typed = {
        "name": "Physical",
        "every_months": "12",
        "visit_type": str(house.follow_up.pk),
        "lapses_after_months": "12",
        "most_contacts": "3",
        "way_1": "letter",
        "side_1": "before",
    }
    tokens = hidden_fields(body, form='id="recall-type-form"')
    assert ana.post(address, tokens | typed, headers=HX).status_code == 422
    assert ana.post(address, tokens | typed | {"days_1": "30"}).status_code == 303
    kept = RecallType.objects.get()
    assert [(one.days, one.way) for one in kept.steps.all()] == [(-30, "letter")]
    shown = ana.get(f"/schedule/recall-types/{kept.pk}/").content.decode()
    assert 'value="30"' in shown
    body = ana.get("/schedule/recall-types/").content.decode()
    use = f"/schedule/recall-types/{kept.pk}/use/"
    assert ana.post(use, hidden_fields(body, form=f'action="{use}"') | {"use": "no"}).status_code == 303
    assert "Used no more" in ana.get("/schedule/recall-types/").content.decode()


def test_the_list_takes_the_same_statements_for_few_and_for_many(
    rosa: Client, house: House, due: Recall
) -> None:
    counts = []
    for many in (1, 30):
        for n in range(many):
            seen(house, 400, make.patient(f"Due{many}x{n}"))
        commands.work_out_recalls(house.ana)
        with CaptureQueriesContext(connection) as heard:
            assert rosa.get("/schedule/recalls/").status_code == 200
        counts.append(len(heard))
    assert counts[0] == counts[1]
    assert counts[0] <= 24
