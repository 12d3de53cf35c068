"""The line in the waiting room: tokens of the day, called by one press, and a wall that says no more than it may."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.frontdesk.line import line_of, wall_of
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.patients.models import PatientPhone
from daysheet.schedule import commands as schedule
from daysheet.site.sessions import may_listen
from daysheet.visits import commands as visits
from daysheet.visits import line
from daysheet.visits.models import CallingPoint, Visit, VisitStep, VisitToken
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

LATER = cast.NOW + timedelta(minutes=20)


def came(house: House, family: str = "Brook", **more: Any) -> VisitToken:
    """Take a walk-in and return the token."""
    visit = visits.walk_in(
        house.rosa,
        patient_id=make.patient(family).pk,
        provider_id=house.lee.pk,
        location_id=house.door.pk,
        **more,
    )
    return VisitToken.objects.get(visit=visit)


def point(house: House, name: str = "Door 2") -> CallingPoint:
    return visits.add_calling_point(house.ana, location_id=house.door.pk, name=name)


def at(house: House, minutes: int) -> Actor:
    return house.rosa.at(cast.NOW + timedelta(minutes=minutes))


def wall(house: House) -> Any:
    return wall_of(house.door.pk, cast.MONDAY, cast.NOW + timedelta(minutes=1))


def test_every_arrival_draws_the_next_number_of_the_day(house: House) -> None:
    booked = visits.arrive(house.rosa, appointment_id=appointment(house, cast.NOW).pk)
    assert str(VisitToken.objects.get(visit=booked)) == "A-01"
    assert str(came(house)) == "A-02"


def test_a_letter_for_a_kind_of_visit_and_one_for_walk_ins(house: House) -> None:
    add, door = visits.add_token_category, house.door.pk
    add(house.ana, location_id=door, letter="B", words="Booked")
    add(house.ana, location_id=door, letter="w", words="Walk-in", takes_walk_ins=True, first=50)
    add(house.ana, location_id=door, letter="L", words="Lab", type_ids=[house.follow_up.pk])
    other = make.visit_type("New patient")
    booked = [appointment(house, cast.NOW, patient=make.patient("Ash"), type=other)]
    booked += [appointment(house, cast.NOW + timedelta(hours=1))]
    for one in booked:
        visits.arrive(house.rosa, appointment_id=one.pk)
    came(house)
    assert [str(one) for one in VisitToken.objects.order_by("letter")] == ["B-01", "L-01", "W-50"]


def test_an_arrival_that_is_undone_and_comes_again_keeps_its_token(house: House) -> None:
    booked = appointment(house, cast.NOW)
    visit = visits.arrive(house.rosa, appointment_id=booked.pk)
    visits.step_back(house.rosa, visit_id=visit.pk)
    visits.arrive(house.rosa, appointment_id=booked.pk)
    assert [str(one) for one in VisitToken.objects.all()] == ["A-01"]


def test_who_really_comes_after_an_undone_arrival_stands_last_in_line_and_is_asked_who_they_are(
    house: House,
) -> None:
    booked = appointment(house, cast.NOW)
    visit = visits.arrive(house.rosa, appointment_id=booked.pk)
    visits.call_next(at(house, 1), point_id=point(house).pk)
    visits.do_step(house.rosa, visit_id=visit.pk, stage="check_in", kind="identity")
    visits.step_back(at(house, 2), visit_id=visit.pk)
    other = came(house)
    visits.arrive(at(house, 9), appointment_id=booked.pk)
    token = VisitToken.objects.get(visit=visit)
    assert (str(token), token.state, token.point, token.calls) == ("A-01", "waiting", None, 0)
    assert token.line_at > other.line_at
    assert VisitStep.objects.get(visit=visit, kind="identity").state == "open"


def test_the_desk_tells_the_token_by_which_the_wall_calls(house: House) -> None:
    rosa = desk(house)
    booked = appointment(house, cast.NOW)
    fields = hidden_fields(rosa.get("/desk/").content.decode(), form='<form class="acts"')
    answer = rosa.post(f"/desk/appointments/{booked.id}/arrive/", fields, HTTP_HX_REQUEST="true")
    visit = Visit.objects.get(appointment=booked)
    body = answer.content.decode()
    assert "Maria Diaz has arrived. Tell the patient the number A-01." in body
    assert '<b class="num">A-01</b>' in body[: body.index('id="toasts"')]
    assert "number A-01" in rosa.get(f"/desk/visits/{visit.pk}/check-in/").content.decode()
    assert line.token_of(visit.pk) == "A-01"


def test_the_next_day_begins_anew(house: House) -> None:
    came(house)
    visits.walk_in(
        house.rosa.at(cast.NOW + timedelta(days=1)),
        patient_id=house.ann.pk,
        provider_id=house.lee.pk,
        location_id=house.door.pk,
    )
    assert [one.number for one in VisitToken.objects.order_by("on_day")] == [1, 1]


def test_the_first_of_the_line_is_called_and_the_one_before_has_been_served(house: House) -> None:
    first, second, desk_2 = came(house), came(house, "Cole"), point(house)
    assert visits.call_next(house.rosa, point_id=desk_2.pk).pk == first.pk
    assert visits.call_next(house.rosa, point_id=desk_2.pk).pk == second.pk
    first.refresh_from_db()
    assert first.state == "served"
    with pytest.raises(visits.NobodyInLine):
        visits.call_next(house.rosa, point_id=desk_2.pk)


def test_who_is_not_here_goes_back_in_line_and_stands_last(house: House) -> None:
    first, second, desk_2 = came(house), came(house, "Cole"), point(house)
    visits.call_next(house.rosa, point_id=desk_2.pk)
    visits.call_again(at(house, 1), token_id=first.pk)
    visits.not_here(at(house, 2), token_id=first.pk)
    visits.back_in_line(at(house, 3), token_id=first.pk)
    first.refresh_from_db()
    assert (first.state, first.calls) == ("waiting", 2)
    assert [one.token.pk for one in line_of(house.door.pk, cast.MONDAY, LATER).waiting] == [
        second.pk,
        first.pk,
    ]


def test_a_call_that_is_taken_back_leaves_the_place_in_line(house: House) -> None:
    first, _second, desk_2 = came(house), came(house, "Cole"), point(house)
    visits.call_next(house.rosa, point_id=desk_2.pk)
    visits.back_in_line(at(house, 3), token_id=first.pk)
    assert line_of(house.door.pk, cast.MONDAY, LATER).waiting[0].token.pk == first.pk


def test_who_waits_in_the_car_is_called_by_telephone_and_passed_over(house: House) -> None:
    first, second, desk_2 = came(house), came(house, "Cole"), point(house)
    PatientPhone.objects.create(patient=first.visit.patient, number="+14135550142")
    visits.wait_in_car(house.rosa, token_id=first.pk)
    assert visits.call_next(house.rosa, point_id=desk_2.pk).pk == second.pk
    found = line_of(house.door.pk, cast.MONDAY, LATER)
    assert [(one.token.pk, one.phone) for one in found.in_car] == [(first.pk, "+14135550142")]
    assert wall(house).following == []


def test_the_board_says_who_waits_in_the_car_as_the_line_knows_it(house: House) -> None:
    token, rosa = came(house), desk(house)
    assert "Waits in the car" not in rosa.get("/desk/").content.decode()
    visits.wait_in_car(house.rosa, token_id=token.pk)
    assert "Waits in the car" in rosa.get("/desk/").content.decode()


def test_another_one_is_called_out_of_turn_but_never_at_another_door(house: House) -> None:
    came(house)
    second, desk_2 = came(house, "Cole"), point(house)
    other = make.location("Lake St", is_main=False)
    elsewhere = visits.add_calling_point(house.ana, location_id=other.pk, name="Desk")
    with pytest.raises(visits.LineHasMoved):
        visits.call_token(house.rosa, token_id=second.pk, point_id=elsewhere.pk)
    visits.call_token(house.rosa, token_id=second.pk, point_id=desk_2.pk)
    with pytest.raises(visits.LineHasMoved):
        visits.call_token(house.rosa, token_id=second.pk, point_id=desk_2.pk)


def test_the_wall_shows_tokens_and_no_name_until_the_manager_chose(house: House) -> None:
    token, desk_2 = came(house), point(house)
    came(house, "Cole")
    visits.call_next(house.rosa, point_id=desk_2.pk)
    body = desk(house).get("/desk/wall/").content.decode()
    assert "A-01" in body
    assert "Door 2" in body
    assert "A-02" in body
    assert "Maria" not in body
    assert str(token.visit.patient) not in body


def test_a_call_is_marked_for_four_seconds(house: House) -> None:
    token, desk_2 = came(house), point(house)
    visits.call_token(house.rosa, token_id=token.pk, point_id=desk_2.pk)
    marked = [
        wall_of(house.door.pk, cast.MONDAY, cast.NOW + timedelta(seconds=n)).called[0].is_fresh
        for n in (3, 4)
    ]
    assert marked == [True, False]


def test_a_call_leaves_the_wall_after_five_minutes_and_stands_there_anew_when_called_again(
    house: House,
) -> None:
    token, desk_2 = came(house), point(house)
    visits.call_token(house.rosa, token_id=token.pk, point_id=desk_2.pk)

    def shown(minutes: int) -> list[str]:
        return [
            one.who
            for one in wall_of(house.door.pk, cast.MONDAY, cast.NOW + timedelta(minutes=minutes)).called
        ]

    assert (shown(4), shown(5)) == (["A-01"], [])
    visits.call_again(replace(house.rosa, now=cast.NOW + timedelta(minutes=5)), token_id=token.pk)
    assert shown(6) == ["A-01"]


def test_both_heads_of_the_wall_stand_alike(house: House) -> None:
    body = desk(house).get("/desk/wall/").content.decode()
    assert body.count('<section class="wall-column"') == 2


def test_the_wall_says_who_runs_late_and_in_which_room(house: House) -> None:
    booked = appointment(house, cast.NOW)
    visit = visits.arrive(house.rosa, appointment_id=booked.pk)
    Visit.objects.filter(pk=visit.pk).update(
        flow="roomed", room=make.room(house.door), flow_since=cast.NOW + timedelta(minutes=15)
    )
    found = wall_of(house.door.pk, cast.MONDAY, cast.NOW + timedelta(minutes=18))
    assert [(one.who, one.where) for one in found.called] == [("A-01", "Room 1")]
    assert found.late == ["Dr. Lee runs about 15 minutes late."]


def test_what_the_desk_has_said_of_lateness_stands_on_the_wall_until_it_ends(house: House) -> None:
    appointment(house, LATER)
    said = schedule.say_late(
        house.rosa, provider_id=house.lee.pk, day=cast.MONDAY, minutes=20, reason="a fall in room 2"
    )
    assert wall(house).late == ["Dr. Lee runs about 20 minutes late."]
    assert "fall" not in desk(house).get("/desk/wall/").content.decode()
    schedule.end_lateness(house.rosa, late_id=said.pk)
    assert wall(house).late == []


def test_whose_visits_are_over_is_late_no_more(house: House) -> None:
    booked = appointment(house, cast.NOW)
    schedule.say_late(house.rosa, provider_id=house.lee.pk, day=cast.MONDAY, minutes=20)
    visit = visits.arrive(house.rosa, appointment_id=booked.pk)
    Visit.objects.filter(pk=visit.pk).update(flow="checked_out")
    assert wall(house).late == []


def test_the_manager_lets_the_wall_say_nothing_of_lateness(house: House) -> None:
    appointment(house, LATER)
    schedule.say_late(house.rosa, provider_id=house.lee.pk, day=cast.MONDAY, minutes=20)
    here = reverse("visits:wall-policy", args=[house.door.pk])
    ana = manager(house)
    assert ana.post(here, {"shows": "token"}).status_code == 303
    assert wall(house).late == []
    assert ana.post(here, {"shows": "token", "says_late": "on"}).status_code == 303
    assert wall(house).late == ["Dr. Lee runs about 20 minutes late."]


def test_a_patient_who_came_late_makes_no_clinician_late(house: House) -> None:
    booked = appointment(house, cast.NOW - timedelta(hours=2))
    visits.arrive(house.rosa, appointment_id=booked.pk)
    assert wall(house).late == []


def test_the_wall_bears_the_sentence_for_when_it_is_stale(house: House) -> None:
    assert "Please listen for your name." in desk(house).get("/desk/wall/list/").content.decode()


def test_one_press_calls_the_next_from_the_board(house: House) -> None:
    token, desk_2, rosa = came(house), point(house), desk(house)
    assert reverse("frontdesk:line-list") in rosa.get("/desk/").content.decode()
    answer = rosa.post(reverse("frontdesk:line-next", args=[desk_2.pk]), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'id="line"' in answer.content.decode()
    assert "A-01 to Door 2." in answer.content.decode()
    token.refresh_from_db()
    assert token.state == "called"


@pytest.mark.parametrize(
    ("act", "state"),
    [("again", "called"), ("not-here", "not_here"), ("back", "waiting"), ("served", "served")],
)
def test_each_button_of_a_called_token(house: House, act: str, state: str) -> None:
    token, desk_2, rosa = came(house), point(house), desk(house)
    visits.call_next(house.rosa, point_id=desk_2.pk)
    assert rosa.post(reverse(f"frontdesk:line-{act}", args=[token.pk])).status_code == 303
    token.refresh_from_db()
    assert token.state == state


def test_the_buttons_of_who_waits(house: House) -> None:
    token, desk_2, rosa = came(house), point(house), desk(house)
    assert rosa.post(reverse("frontdesk:line-car", args=[token.pk])).status_code == 303
    assert "In the car" in rosa.get(reverse("frontdesk:line")).content.decode()
    refused = rosa.post(reverse("frontdesk:line-call", args=[token.pk, desk_2.pk]))
    assert refused.status_code == 409
    assert "Waits in the car" in refused.content.decode()


def test_the_line_takes_the_same_statements_whatever_its_length(house: House) -> None:
    point(house)
    counted = []
    for _more in range(2):
        for _one in range(3):
            came(house)
        with CaptureQueriesContext(connection) as told:
            line_of(house.door.pk, cast.MONDAY, LATER)
            wall_of(house.door.pk, cast.MONDAY, LATER)
        counted.append(len(told))
    assert counted == [6, 6]


def test_who_may_only_look_calls_nobody(house: House) -> None:
    token, desk_2 = came(house), point(house)
    with pytest.raises(NotPermitted):
        visits.call_next(house.auditor, point_id=desk_2.pk)
    token.refresh_from_db()
    assert token.state == "waiting"


def manager(house: House) -> Client:
    return desk(house, "office_manager", "ana")


def test_the_manager_chooses_what_the_wall_shows_and_reads_why(house: House) -> None:
    ana = manager(house)
    page = ana.get(reverse("visits:line-rules")).content.decode()
    assert "FAQ 199" in page
    here = reverse("visits:wall-policy", args=[house.door.pk])
    assert ana.post(here, {"shows": "name"}).status_code == 303
    assert ana.post(here, {"shows": "all"}).status_code == 422
    came(house)
    assert wall(house).following == ["Maria B."]


def test_two_managers_do_not_choose_over_each_other(house: House) -> None:
    visits.set_wall_policy(house.ana, location_id=house.door.pk, shows="name", version=0)
    with pytest.raises(StaleForm):
        visits.set_wall_policy(house.ana, location_id=house.door.pk, shows="token", version=0)


def test_a_letter_stands_once_and_what_was_typed_is_kept(house: House) -> None:
    ana, add = manager(house), reverse("visits:category-add")
    said = {"location_id": str(house.door.pk), "letter": "b", "words": "Blood", "first": "10"}
    assert ana.post(add, said).status_code == 303
    again = ana.post(add, said)
    assert again.status_code == 409
    assert 'value="Blood"' in again.content.decode()
    assert ana.post(add, said | {"letter": "7"}).status_code == 409
    assert ana.post(add, said | {"first": "0"}).status_code == 422


def test_letters_and_desks_are_dropped_and_taken_up(house: House) -> None:
    ana = manager(house)
    kept: list[tuple[str, UUID]] = [
        (
            "category",
            visits.add_token_category(house.ana, location_id=house.door.pk, letter="B", words="x").pk,
        ),
        ("point", point(house).pk),
    ]
    for noun, pk in kept:
        assert ana.post(reverse(f"visits:{noun}-drop", args=[pk])).status_code == 303
        assert ana.post(reverse(f"visits:{noun}-take-up", args=[pk])).status_code == 303
    add = reverse("visits:point-add")
    assert ana.post(add, {"location_id": str(house.door.pk), "name": "Door 2"}).status_code == 409
    assert ana.post(add, {"location_id": str(house.door.pk), "name": ""}).status_code == 422
    assert ana.post(add, {"location_id": str(house.door.pk), "name": "Lab"}).status_code == 303


# --- A screen that is the wall and nothing else -----------------------------------------------------------

WALL = "/p/here/wall/"


@pytest.fixture
def screen(house: House) -> Client:
    """The screen in the waiting room, on which Rosa has opened the wall."""
    browser = desk(house)
    opened = browser.post("/p/kiosks/open/", {"door": str(house.door.pk), "shows": "wall"})
    assert opened["Location"] == WALL
    return browser


def test_the_wall_opened_on_a_screen_holds_no_sign_in_and_opens_nothing_else(
    house: House, screen: Client
) -> None:
    token = came(house)
    assert "_auth_user_id" not in screen.session
    assert str(token) in screen.get(WALL).content.decode()
    assert str(token) in screen.get(f"{WALL}list/").content.decode()
    for path in ("/", "/desk/", "/desk/wall/", "/sign-in/", "/lock/", "/p/kiosks/", "/p/here/", "/p/here/1/"):
        answer = screen.get(path)
        assert (answer.status_code, answer["Location"]) == (303, WALL)


def test_it_stays_through_hours_and_a_new_start_of_the_browser(house: House, screen: Client) -> None:
    kept = screen.cookies[settings.SESSION_COOKIE_NAME]
    assert int(kept["max-age"]) > 29 * 24 * 60 * 60  # a cookie with an age outlives the browser
    begun_again = Client()
    begun_again.cookies[settings.SESSION_COOKIE_NAME] = kept.value
    session = begun_again.session
    session["_seen"] = 0
    session.save()
    answer = begun_again.get(f"{WALL}list/")
    assert answer.status_code == 200
    assert settings.SESSION_COOKIE_NAME in answer.cookies  # once a day its time begins anew
    assert settings.SESSION_COOKIE_NAME not in begun_again.get(f"{WALL}list/").cookies


def test_the_desk_closes_it_and_its_screen_shows_nothing_more(house: House, screen: Client) -> None:
    nora = desk(house, name="nora")
    page = nora.get("/p/kiosks/").content.decode()
    assert f"Close the wall at {house.door.name}" in page
    key = screen.session["_kiosk"]["kiosk"]
    listening = {settings.SESSION_COOKIE_NAME: screen.cookies[settings.SESSION_COOKIE_NAME].value}
    assert may_listen(listening) == (str(house.practice.pk), key, {"visits"})
    nora.post(f"/p/kiosks/{key}/close/")
    assert may_listen(listening) is None
    gone = screen.get(f"{WALL}list/", headers={"HX-Request": "true"})
    assert gone["HX-Redirect"] == "/p/here/"
    assert "Nothing is open here" in screen.get("/p/here/").content.decode()
    assert screen.get(WALL)["Location"] == "/p/here/"


def test_no_other_browser_sees_it_and_a_kiosk_is_no_wall(house: House) -> None:
    assert Client().get(WALL)["Location"] == "/p/here/"
    kiosk = desk(house)
    kiosk.post("/p/kiosks/open/", {"door": str(house.door.pk)})
    assert kiosk.get(WALL)["Location"] == "/p/here/"
    assert (
        may_listen({settings.SESSION_COOKIE_NAME: kiosk.cookies[settings.SESSION_COOKIE_NAME].value}) is None
    )
