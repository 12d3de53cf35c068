"""Several visits on one day: one check-in asks for which the patient is here, and asks the rest once."""

from datetime import timedelta

from django.core.cache import cache
from django.test import Client

from daysheet.portal import commands, queries
from daysheet.portal.models import SelfCheckIn
from daysheet.schedule.models import Appointment
from daysheet.visits.models import Visit, VisitStep
from tests import cast
from tests.desk import hidden_fields
from tests.house import House, appointment, desk
from tests.portal.test_kiosk import HERE, born, coded, do, kiosk, start, through


def second(house: House, **more: "object") -> Appointment:
    return appointment(house, cast.NOW + timedelta(hours=4), provider=house.osei, **more)


def step_state(visit: Visit, kind: str) -> str:
    return VisitStep.objects.get(visit=visit, stage="check_in", kind=kind).state


def test_the_first_screen_says_which_visits_there_are_and_never_why(house: House) -> None:
    second(house, reason="knee")
    row, browser = coded(house), kiosk(house)
    assert start(house, browser, row.code)["Location"] == f"{HERE}1/"
    body = browser.get(f"{HERE}1/").content.decode()
    assert "Your visits today" in body
    assert "10:20 am, Dr. Lee" in body
    assert "2:00 pm, Dr. Osei" in body
    assert "knee" not in body
    assert "Follow-up" not in body


def test_all_that_are_ticked_are_checked_in_and_the_questions_are_asked_once(house: House) -> None:
    other = second(house)
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    assert do(browser, 1, here_for=str(other.pk)).status_code == 303
    row.refresh_from_db()
    assert through_rest(browser, row)["Location"].startswith("/p/here/end/")
    first, also = Visit.objects.order_by("appointment__starts_at")
    assert (first.flow, also.flow, also.appointment) == ("arrived", "arrived", other)
    forms = [one for one in row.steps if one.startswith("form-")]
    assert forms
    for kind in ("demographics", "privacy_notice"):
        assert step_state(first, kind) == step_state(also, kind) == "done"


def through_rest(browser: Client, row: SelfCheckIn) -> "object":
    answer: object = None
    for number, step in enumerate(row.steps, 1):
        if step == "visits":
            continue
        said = {
            "contact": queries.contact_of(row.patient),
            "insurance": {"answer": "none"},
            "photo_id": {"answer": "none"},
            "here": {"place": "inside"},
        }.get(step, {})
        if step.startswith("form-"):
            said = {"signed_by": "Maria Diaz", "agrees": "on"}
        answer = do(browser, number, **said)
        assert answer.status_code == 303, answer.content.decode()
    return answer


def test_what_is_not_ticked_is_not_checked_in(house: House) -> None:
    other = second(house)
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    assert do(browser, 1).status_code == 303
    row.refresh_from_db()
    through_rest(browser, row)
    assert Visit.objects.count() == 1
    assert not Visit.objects.filter(appointment=other).exists()


def test_another_door_another_day_another_patient_and_what_is_cancelled_are_not_listed(house: House) -> None:
    appointment(house, cast.NOW + timedelta(days=1))
    second(house, patient=house.ann)
    appointment(house, cast.NOW + timedelta(hours=2), booking="cancelled")
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    row.refresh_from_db()
    assert "visits" not in row.steps


def test_nobody_elses_visit_is_checked_in_by_a_strange_answer(house: House) -> None:
    second(house)
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    strange = appointment(house, cast.NOW + timedelta(hours=5), patient=house.ann)
    assert do(browser, 1, here_for=str(strange.pk)).status_code == 422
    row.refresh_from_db()
    commands.keep_visits(house.rosa, row_id=row.pk, appointment_ids=[strange.pk])
    assert not Visit.objects.filter(appointment=strange).exists()


def test_on_the_own_phone_all_arrive_with_i_am_here(house: House) -> None:
    cache.clear()
    other = second(house)
    booked = appointment(house, cast.NOW + timedelta(minutes=40))
    row, token = commands.offer_link(house.rosa, appointment_id=booked.pk)
    path, browser = f"/p/{token}/check-in/", Client()
    form = hidden_fields(browser.get(path).content.decode())
    browser.post(path, form | born(house))
    do(browser, 1, here_for=str(other.pk))
    assert not Visit.objects.exists()
    row.refresh_from_db()
    assert through_rest(browser, row)["Location"] == "/p/here/wait/"
    assert {one.appointment_id for one in Visit.objects.all()} == {booked.pk, other.pk}
    assert all(step_state(one, "demographics") == "done" for one in Visit.objects.all())


def test_a_second_visit_that_was_cancelled_meanwhile_does_not_stop_i_am_here(house: House) -> None:
    cache.clear()
    other = second(house)
    booked = appointment(house, cast.NOW + timedelta(minutes=40))
    row, token = commands.offer_link(house.rosa, appointment_id=booked.pk)
    path, browser = f"/p/{token}/check-in/", Client()
    form = hidden_fields(browser.get(path).content.decode())
    browser.post(path, form | born(house))
    do(browser, 1, here_for=str(other.pk))
    type(other).objects.filter(pk=other.pk).update(booking="cancelled")
    row.refresh_from_db()
    assert through_rest(browser, row)["Location"] == "/p/here/wait/"
    assert [one.appointment_id for one in Visit.objects.all()] == [booked.pk]


def test_the_board_says_it_of_both(house: House) -> None:
    other = second(house)
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    do(browser, 1, here_for=str(other.pk))
    row.refresh_from_db()
    through_rest(browser, row)
    assert desk(house, name="nora").get("/desk/").content.decode().count("Did the steps alone") == 2


def test_one_visit_alone_asks_as_before(house: House) -> None:
    row, browser = coded(house), kiosk(house)
    start(house, browser, row.code)
    row.refresh_from_db()
    assert row.steps[0] == "contact"
    assert through(browser, row).status_code == 303
