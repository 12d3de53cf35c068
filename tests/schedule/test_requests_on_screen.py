"""What patients asked for from home, on the desk's screens: the list, one request, its answer, the manager's rule."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.schedule.models import Appointment, SelfBooking, VisitRequest
from daysheet.tasks.models import WorkqueueItem
from tests import make
from tests.asked import asked, key, offered, opened
from tests.desk import hidden_fields
from tests.house import House, appointment, desk
from tests.reminded import BASE, TUESDAY, phone, ready

TEN = TUESDAY + timedelta(hours=1)
LIST = "/schedule/requests/"


def page_of(row: VisitRequest) -> str:
    return reverse("schedule:visit-request", args=[row.pk])


def test_rosa_finds_the_request_on_my_work_and_books_the_time_that_was_asked_for(house: House) -> None:
    opened(house, "desk")
    row, rosa = asked(house, TEN, reason="form for work"), desk(house)
    assert "asks for a visit from home" in rosa.get(reverse("tasks:my-work")).content.decode()
    assert WorkqueueItem.objects.get().link == page_of(row)
    body = rosa.get(page_of(row)).content.decode()
    assert "form for work" in body
    assert f'value="{key(house, TEN)}" checked' in body
    form = hidden_fields(body, form='id="request-act"')
    answer = rosa.post(page_of(row), form | {"slot": key(house, TEN), "act": "book"})
    assert (answer.status_code, Appointment.objects.get().starts_at) == (303, TEN)
    assert "Nothing waits for an answer." in rosa.get(LIST).content.decode()


def test_a_time_that_is_gone_is_said_and_another_one_is_offered(house: House) -> None:
    opened(house, "desk")
    row, rosa = asked(house, TEN), desk(house)
    appointment(house, TEN, patient=house.ann)
    body = rosa.get(page_of(row)).content.decode()
    assert "is not free any more" in body
    form = hidden_fields(body, form='id="request-act"')
    taken = rosa.post(page_of(row), form | {"slot": key(house, TEN), "act": "book"})
    assert taken.status_code == 409
    form = hidden_fields(taken.content.decode(), form='id="request-act"')
    later = key(house, TEN + timedelta(hours=1))
    assert rosa.post(page_of(row), form | {"slot": later, "act": "offer"}).status_code == 303
    assert VisitRequest.objects.get().state == "proposed"


@pytest.mark.parametrize("wish", [{"from_day": "13/45"}, {"type": "none"}, {"part": "night"}])
def test_a_wish_that_cannot_be_read_is_said_and_no_time_is_offered(
    house: House, wish: dict[str, str]
) -> None:
    opened(house, "desk")
    row, rosa = asked(house, TEN), desk(house)
    form = hidden_fields(rosa.get(page_of(row)).content.decode(), form='id="request-act"')
    typed = {
        "type": str(house.follow_up.pk),
        "who": "",
        "where": "",
        "from_day": "3/12",
        "part": "any",
    } | wish
    answer = rosa.get(page_of(row), typed)
    body = answer.content.decode()
    piece = body[body.index('id="visit-request"') :]
    assert answer.status_code == 422
    assert ("data-error-summary" in piece, 'name="slot"' in piece) == (True, False)
    booked = rosa.post(page_of(row), form | typed | {"slot": key(house, TEN), "act": "book"})
    assert (booked.status_code, Appointment.objects.exists()) == (422, False)
    assert VisitRequest.objects.get().state == "asked"


def test_it_is_declined_with_a_reason_and_the_undo_brings_it_back(house: House) -> None:
    ready(house)
    phone(house.diaz)
    opened(house, "desk")
    row, rosa = asked(house), desk(house)
    decline = reverse("schedule:visit-request-decline", args=[row.pk])
    form = hidden_fields(rosa.get(page_of(row)).content.decode(), form='id="decline-form"')
    assert rosa.post(decline, form | {"because": ""}).status_code == 422
    assert rosa.post(decline, form | {"because": "no_time"}).status_code == 303
    assert rosa.post(reverse("schedule:visit-request-undo", args=[row.pk])).status_code == 303
    assert VisitRequest.objects.get().state == "asked"


def test_a_slot_that_is_none_is_a_sentence_and_nothing_is_booked(house: House) -> None:
    opened(house, "desk")
    row, rosa = asked(house, TEN), desk(house)
    form = hidden_fields(rosa.get(page_of(row)).content.decode(), form='id="request-act"')
    for slot in ("", "x", "1.2.3", f"{house.lee.pk}.{house.door.pk}.99999999999999999999"):
        assert rosa.post(page_of(row), form | {"slot": slot, "act": "book"}).status_code == 422
    assert not Appointment.objects.exists()


def test_the_desk_sends_the_link_from_the_patients_panel(house: House, settings: Any) -> None:
    settings.PUBLIC_URL = BASE
    ready(house)
    phone(house.diaz)
    opened(house)
    rosa, link = desk(house), reverse("schedule:asking-link", args=[house.diaz.pk])
    assert link in rosa.get(f"/schedule/patients/{house.diaz.pk}/panel/").content.decode()
    assert rosa.post(link).status_code == 303
    assert VisitRequest.objects.get().envelope is not None
    nobody = rosa.post(reverse("schedule:asking-link", args=[house.ann.pk]))
    assert (nobody.status_code, VisitRequest.objects.count()) == (409, 1)


def test_the_manager_opens_a_kind_and_ends_it(house: House) -> None:
    ana = desk(house, "office_manager", "ana")
    here = reverse("schedule:self-booking", args=[house.follow_up.pk])
    form = hidden_fields(ana.get(here).content.decode(), form='id="self-booking-form"')
    said = {"how": "at_once", "called": "Check-up", "called_es": "", "most_a_day": "3"}
    said |= {"most_missed": "2", "notice_hours": "24"}
    assert ana.post(here, form | said | {"most_a_day": "0"}).status_code == 422
    del form["_once"]
    assert ana.post(here, form | said).status_code == 303
    assert ana.post(here, form | said | {"called": "Other"}).status_code == 409  # somebody was quicker
    rule = SelfBooking.objects.get()
    assert (rule.called, rule.most_a_day, rule.is_active) == ("Check-up", 3, True)
    ana.post(reverse("schedule:self-booking-use", args=[house.follow_up.pk]), {"use": "no"})
    assert not SelfBooking.objects.get().is_active


def test_the_list_takes_the_same_statements_for_few_and_for_many(house: House) -> None:
    opened(house, "desk")
    rosa, counted = desk(house), []
    for turn in range(2):
        for n in range(1 + 4 * turn):
            asked(house, TEN, make.patient(f"Patient{turn}{n}"))
        with CaptureQueriesContext(connection) as heard:
            assert rosa.get(LIST).status_code == 200
        counted.append(len(heard))
    assert counted[0] == counted[1]


def test_a_link_that_was_never_used_stands_on_no_list(house: House) -> None:
    opened(house)
    offered(house)
    assert "Diaz" not in desk(house).get(LIST).content.decode()
