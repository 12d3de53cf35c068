"""The pages that keep resources, needs and rules for booking over, and the booking page that minds them."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.mailroom.models import Envelope
from daysheet.schedule import commands
from daysheet.schedule.models import Appointment, OverbookRule, Resource, TypeNeed
from tests import make
from tests.desk import hidden_fields
from tests.house import House, clinician, desk
from tests.schedule.needing import NINE, REASON, book, held, resource, rule, scan
from tests.schedule.test_screens_of_the_book import book_address, first_slot, form_of

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def ana(house: House) -> Client:
    return desk(house, "office_manager", "ana")


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def fields(browser: Client, page: str, action: str) -> dict[str, str]:
    body = browser.get(page).content.decode()
    return hidden_fields(body, form=f' method="post" action="{action}"')


def asked(house: House, **more: object) -> str:
    """Return the address of the page to book for Tuesday with Dr. Lee."""
    facts = {"who": house.lee.id, "where": house.door.id, "from_day": "2026-03-10", "part": "any"}
    return book_address(house, **facts | more)


def test_a_manager_keeps_a_resource_and_takes_it_off_again(ana: Client, house: House) -> None:
    page = "/schedule/resources/"
    assert "Nothing yet" in ana.get(page).content.decode()
    typed = {"sort": "equipment", "what": "Ultrasound", "location": str(house.door.id)}
    assert ana.post(page, fields(ana, page, page) | typed).status_code == 303
    one = Resource.objects.get()
    body = ana.get(page).content.decode()
    assert "Ultrasound 1" in body
    act = f"/schedule/resources/{one.id}/retire/"
    assert ana.post(act, fields(ana, page, act)).status_code == 303
    act = f"/schedule/resources/{one.id}/restore/"
    assert "Promise it again" in ana.get(page).content.decode()
    assert ana.post(act, fields(ana, page, act)).status_code == 303
    one.refresh_from_db()
    assert one.is_active


@pytest.mark.parametrize("htmx", [{}, HTMX], ids=["plain", "htmx"])
def test_a_resource_that_cannot_be_kept_loses_nothing_that_was_typed(
    ana: Client, house: House, htmx: dict[str, str]
) -> None:
    page = "/schedule/resources/"
    typed = {"sort": "interpreter", "what": "Spanish interpreter", "name": "By phone"}
    answer = ana.post(page, fields(ana, page, page) | typed, **htmx)  # type: ignore[arg-type]
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Say which language is interpreted." in body
    assert 'value="By phone"' in body
    assert Resource.objects.count() == 0


def test_the_page_of_resources_takes_the_same_statements_for_one_and_for_many(
    ana: Client, house: House
) -> None:
    counts = []
    for n in (1, 8):
        for _ in range(n):
            resource(house)
        with CaptureQueriesContext(connection) as heard:
            ana.get("/schedule/resources/")
        counts.append(len(heard))
    assert counts[0] == counts[1]


def test_a_manager_says_what_a_visit_takes(ana: Client, house: House) -> None:
    one = resource(house)
    page, act = (f"/schedule/types/{house.follow_up.id}/{tail}" for tail in ("", "takes/"))
    typed = {f"need_{one.kind_id}": "2", "after_minutes": "10", "prep": "Eat nothing", "youngest": "18"}
    assert ana.post(act, fields(ana, page, act) | typed).status_code == 303
    house.follow_up.refresh_from_db()
    assert (house.follow_up.after_minutes, house.follow_up.prep, house.follow_up.youngest) == (
        10,
        "Eat nothing",
        18,
    )
    assert TypeNeed.objects.get().count == 2
    assert 'value="2"' in ana.get(page).content.decode()


@pytest.mark.parametrize(
    ("typed", "status"),
    [({"before_minutes": "500"}, 422), ({"youngest": "40", "oldest": "20"}, 409)],
    ids=["too-long", "ages-reversed"],
)
def test_what_a_visit_cannot_take_is_said_at_its_form(
    ana: Client, house: House, typed: dict[str, str], status: int
) -> None:
    page, act = (f"/schedule/types/{house.follow_up.id}/{tail}" for tail in ("", "takes/"))
    for htmx in ({}, HTMX):
        answer = ana.post(act, fields(ana, page, act) | typed | {"prep": "Bring water"}, **htmx)  # type: ignore[arg-type]
        assert answer.status_code == status
        assert "Bring water" in answer.content.decode()


def test_a_rule_for_booking_over_stands_on_the_clinicians_page_until_it_is_removed(
    ana: Client, house: House
) -> None:
    page, act = (
        f"/schedule/clinicians/{house.lee.id}/hours/",
        f"/schedule/clinicians/{house.lee.id}/overbook/",
    )
    typed = {"hours": "8-12", "highest_lane": "2", "weekday": "1", "type": str(house.follow_up.id)}
    assert ana.post(act, fields(ana, page, act) | typed).status_code == 303
    one = OverbookRule.objects.get()
    assert (one.weekday, one.highest_lane, f"{one.to_clock:%H:%M}") == (1, 2, "12:00")
    body = ana.get(page).content.decode()
    assert "8:00 am-12:00 pm" in body
    assert ana.post(act, fields(ana, page, act) | typed, **HTMX).status_code == 409  # type: ignore[arg-type]
    assert ana.post(act, fields(ana, page, act) | typed | {"hours": "8-12, 1-5"}).status_code == 422
    remove = f"/schedule/overbook/{one.id}/remove/"
    assert ana.post(remove, fields(ana, page, remove)).status_code == 303
    assert OverbookRule.objects.count() == 0


def test_the_page_to_book_says_what_the_visit_takes_and_what_to_tell_the_patient(
    rosa: Client, house: House
) -> None:
    kind = scan(house, resource(house), before_minutes=10, prep="Eat nothing for six hours before")
    body = rosa.get(asked(house, type=kind.id)).content.decode()
    assert "Needs: Ultrasound." in body
    assert "10 minutes before, 0 after" in body
    assert "Eat nothing for six hours before" in body


def test_the_page_to_book_says_why_no_earlier_time_fits(rosa: Client, house: House) -> None:
    one = resource(house)
    kind = scan(house, one)
    long = make.visit_type("Long", 480)
    commands.set_what_a_visit_takes(house.ana, type_id=long.id, needs={one.kind_id: 1})
    book(house, long, provider_id=clinician("Park", house.door).id, patient_id=house.ann.id)
    body = rosa.get(asked(house, type=kind.id)).content.decode()
    assert "Ultrasound: none is free before Wed Mar 11, 2026." in body


def test_a_visit_is_booked_from_the_page_with_all_that_it_needs(rosa: Client, house: House) -> None:
    kind = scan(house, resource(house))
    address = asked(house, type=kind.id)
    assert rosa.post(address, form_of(rosa, address) | {"slot": first_slot(rosa, address)}).status_code == 303
    made = Appointment.objects.get()
    assert held(made) == ["Ultrasound 1"]
    body = rosa.get(f"/schedule/appointments/{made.id}/").content.decode()
    assert "Ultrasound 1" in body


def test_a_resource_that_was_just_taken_is_said_and_the_next_times_are_offered(
    rosa: Client, house: House
) -> None:
    kind = scan(house, resource(house))
    address = asked(house, type=kind.id)
    typed = form_of(rosa, address) | {"slot": first_slot(rosa, address)}
    book(house, kind, patient_id=house.ann.id, provider_id=clinician("Park", house.door).id)
    answer = rosa.post(address, typed, **HTMX)  # type: ignore[arg-type]
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Not enough is free then" in body
    assert body.count('id="offered_') == 3


def test_an_interpreter_is_asked_for_where_the_chart_says_that_one_is_needed(
    rosa: Client, house: House
) -> None:
    spanish = resource(house, "Spanish interpreter", "interpreter", location_id=None, language="es")
    house.diaz.language, house.diaz.needs_interpreter = "es", True
    type(house.diaz).objects.filter(id=house.diaz.id).update(language="es", needs_interpreter=True)
    address = book_address(house)
    body = rosa.get(address).content.decode()
    assert f'<option value="{spanish.kind_id}" selected>' in body
    rosa.post(address, form_of(rosa, address) | {"slot": first_slot(rosa, address)})
    assert held(Appointment.objects.get()) == ["Spanish interpreter 1"]


def test_a_visit_not_meant_for_the_patient_asks_for_a_reason_on_the_page(rosa: Client, house: House) -> None:
    kind = make.visit_type("Narrow", 30, oldest=17)
    address = asked(house, type=kind.id)
    assert "up to 17 years" in rosa.get(address).content.decode()
    typed = form_of(rosa, address) | {"slot": first_slot(rosa, address)}
    answer = rosa.post(address, typed)
    assert answer.status_code == 409
    assert "Say why it is booked all the same." in answer.content.decode()
    typed = form_of(rosa, address) | {"slot": first_slot(rosa, address), "limit_reason": "Her own wish"}
    assert rosa.post(address, typed).status_code == 303
    assert Appointment.objects.get().limit_reason == "Her own wish"


def over_it(browser: Client, house: House, **more: str) -> tuple[int, str]:
    address = f"/schedule/book/{house.ann.id}/"
    typed = form_of(browser, address) | {
        "who": str(house.lee.id),
        "where": str(house.door.id),
        "slot": "other",
        "day": "2026-03-10",
        "clock": "9:00",
        **more,
    }
    answer = browser.post(address, typed)
    return answer.status_code, answer.content.decode()


def test_a_manager_books_over_with_a_reason_and_the_day_shows_it_beside(ana: Client, house: House) -> None:
    rule(house)
    book(house, house.follow_up)
    assert over_it(ana, house)[0] == 409
    assert over_it(ana, house, overbook_reason=REASON)[0] == 303
    made = Appointment.objects.get(lane=1)
    body = ana.get("/schedule/2026-03-10/").content.decode()
    assert "overbooked" in body
    assert '"flags": ["overbooked"]' in body  # the card of the calendar says so too
    assert '<li class="lanes">' in body
    assert "overbooked" in ana.get("/schedule/2026-03-10/?as=list").content.decode()
    body = ana.get(f"/schedule/appointments/{made.id}/").content.decode()
    assert REASON in body


def test_the_desk_has_no_field_for_booking_over(rosa: Client, house: House) -> None:
    rule(house)
    book(house, house.follow_up)
    assert 'name="overbook_reason"' not in rosa.get(book_address(house)).content.decode()
    rosa.raise_request_exception = False
    assert over_it(rosa, house, overbook_reason=REASON)[0] in (403, 409)
    assert Appointment.objects.count() == 1


def test_the_confirmation_tells_what_to_do_before(rosa: Client, house: House) -> None:
    type(house.diaz).objects.filter(id=house.diaz.id).update(email="maria@example.org")
    kind = scan(house, prep="Eat nothing for six hours before")
    book(house, kind, NINE + timedelta(days=1), confirm_by_email=True)
    assert b"Before you come: Eat nothing for six hours before" in bytes(Envelope.objects.get().content)


@pytest.mark.parametrize(
    ("spanish", "told"),
    [
        ("No coma nada durante seis horas", "Antes de venir: No coma nada durante seis horas"),
        ("", "Antes de venir: Eat nothing for six hours before"),
    ],
)
def test_who_speaks_spanish_is_told_in_spanish_what_to_do_before(
    rosa: Client, house: House, spanish: str, told: str
) -> None:
    type(house.diaz).objects.filter(id=house.diaz.id).update(email="maria@example.org", language="es")
    house.diaz.refresh_from_db()
    kind = scan(house, prep="Eat nothing for six hours before", prep_es=spanish)
    book(house, kind, NINE + timedelta(days=1), confirm_by_email=True)
    assert told in message_from_bytes(bytes(Envelope.objects.get().content), policy=default).get_content()
    shown = rosa.get(asked(house, type=kind.id)).content.decode()
    assert ('<p lang="es">' in shown) is bool(spanish)
