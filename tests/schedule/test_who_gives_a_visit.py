"""A kind of visit names who gives it, and every door of the book keeps to that; who may overbook gives a reason."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.access import Actor
from daysheet.kernel.models import AuditLine
from daysheet.practice.models import Provider
from daysheet.schedule import changing, commands, giving, proposals, queries, requests, seeking, waitlist
from daysheet.schedule.changing import Change
from daysheet.schedule.models import Appointment, AppointmentType, TypeGiver
from daysheet.visits.models import Visit
from tests import make
from tests.cast import MONDAY, NOW
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, hours
from tests.schedule.waiting import freed, waits

TUESDAY = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # 10:00 am
HEART = "207RC0000X"
SAID = "Echo is given by Dr. Osei."


@pytest.fixture
def echo(house: House) -> AppointmentType:
    """An echo, which Dr. Osei the cardiologist gives; both clinicians see patients on weekdays."""
    for weekday in range(5):
        hours(house.osei, house.door, weekday, time(9), time(12))
    Provider.objects.filter(pk=house.osei.pk).update(taxonomy=HEART)
    kind = make.visit_type("Echo", 40)
    return commands.set_who_gives(house.ana, type_id=kind.pk, taxonomies=[HEART])


def book(house: House, kind: AppointmentType, by: Actor | None = None, **more: Any) -> Appointment:
    facts: dict[str, Any] = {
        "patient_id": house.diaz.id,
        "provider_id": house.lee.id,
        "location_id": house.door.id,
        "type_id": kind.id,
        "starts_at": TUESDAY,
    }
    return commands.book_appointment(by or house.rosa, **facts | more)


def slots(kind: AppointmentType, who: list[Any] | None, **more: Any) -> list[Any]:
    asked = {"location_id": None, "first_day": MONDAY, "last_day": MONDAY + timedelta(days=3), "now": NOW}
    return queries.open_slots(type_id=kind.pk, provider_ids=who, **asked | {"limit": 500} | more)


def by_name(house: House) -> dict[str, Any]:
    return {"provider_ids": [house.lee.pk]}


def by_team(house: House) -> dict[str, Any]:
    return {"team_ids": [commands.add_team(house.ana, name="Heart", provider_ids=[house.osei.pk]).pk]}


WAYS: list[tuple[Callable[[House], dict[str, Any]], str]] = [
    (lambda house: {}, "Lee Osei"),
    (by_name, "Lee"),
    (by_team, "Osei"),
    (lambda house: {"taxonomies": [HEART]}, "Osei"),
    (lambda house: {"taxonomies": ["207Q00000X"]}, "Lee"),
    (lambda house: {"taxonomies": ["2080P0202X"]}, ""),
    (lambda house: by_name(house) | by_team(house), "Lee Osei"),
    (lambda house: by_team(house) | {"taxonomies": [HEART]}, "Osei"),
]


@pytest.mark.parametrize(("named", "gives"), WAYS)
def test_the_finder_offers_what_a_walk_through_all_who_give_it_finds(
    house: House, echo: AppointmentType, named: Callable[[House], dict[str, Any]], gives: str
) -> None:
    appointment(house, TUESDAY)
    commands.set_who_gives(house.ana, type_id=echo.pk, **named(house))
    everyone = make.visit_type("Of the same length", 40)
    names = {house.lee.pk: "Lee", house.osei.pk: "Osei"}
    walked = [one for one in slots(everyone, None) if names[one.provider_id] in gives.split()]
    assert slots(echo, None) == walked
    for who, name in names.items():
        theirs = [one for one in walked if one.provider_id == who]
        assert slots(echo, [who]) == theirs
        assert giving.given_by(giving.who_gives([echo.pk]), echo.pk, who) is (name in gives.split())
        if name in gives.split():
            assert book(house, echo, provider_id=who, starts_at=theirs[-1].starts_at).limit_reason == ""
            continue
        with pytest.raises(commands.NotGivenBy):
            book(house, echo, provider_id=who, starts_at=TUESDAY)


def test_who_has_left_gives_nothing_and_the_finder_still_takes_its_statements(
    house: House, echo: AppointmentType
) -> None:
    with CaptureQueriesContext(connection) as heard:
        assert slots(echo, None)
    assert len(heard) == 5
    Provider.objects.filter(pk=house.osei.pk).update(left_on=MONDAY)
    assert slots(echo, None) == []
    assert giving.why_not(echo, None).startswith("Nobody who works here gives Echo.")


def test_a_booking_with_somebody_else_says_who_gives_it_and_leaves_no_trace(
    house: House, echo: AppointmentType
) -> None:
    with pytest.raises(commands.NotGivenBy, match=SAID) as no:
        book(house, echo, limit_reason="she asked for it")
    assert no.value.fields == {}
    with pytest.raises(commands.NotGivenBy, match=SAID):
        book(house, echo, is_walk_in=True, starts_at=NOW)
    assert not Appointment.objects.exists()
    assert book(house, echo, provider_id=house.osei.pk).limit_reason == ""


def test_who_may_overbook_gives_a_reason_that_holds_for_that_clinician_alone(
    house: House, echo: AppointmentType
) -> None:
    with pytest.raises(commands.NotGivenBy, match="say why it is booked") as no:
        book(house, echo, house.ana)
    assert list(no.value.fields) == ["limit_reason"]
    one = book(house, echo, house.ana, limit_reason="Dr. Osei looks on")
    assert one.limit_reason == "Dr. Osei looks on"
    later = {"version": None, "starts_at": TUESDAY + timedelta(hours=1)}
    moved = commands.move_appointment(house.ana, appointment_id=one.pk, **later)
    assert moved.limit_reason == "Dr. Osei looks on"
    third = make.provider("Park", "Min", at=house.door, number=9)
    with pytest.raises(commands.NotGivenBy):
        commands.move_appointment(house.ana, appointment_id=moved.pk, **later, provider_id=third.pk)


def test_a_card_carried_to_another_column_asks_who_may_and_refuses_who_may_not(
    house: House, echo: AppointmentType
) -> None:
    one = book(house, echo, provider_id=house.osei.pk)
    address = "/schedule/2026-03-10/"
    for role, name, asks in (("receptionist", "rosa", False), ("office_manager", "ana", True)):
        client = desk(house, role, name)
        fields = hidden_fields(client.get(address).content.decode(), form="data-calendar-move")
        typed = {"card": str(one.pk), "version": "1", "column": str(house.lee.pk)}
        typed["starts_at"] = "2026-03-10T11:00"
        answer = client.post(f"{address}carry/day/", fields | typed, HTTP_HX_REQUEST="true")
        assert (answer.status_code, SAID in answer.content.decode()) == (409, True)
        assert ('name="limit_reason"' in answer.content.decode()) is asks
    one.refresh_from_db()
    assert (one.provider_id, one.booking) == (house.osei.pk, "scheduled")


def test_a_booked_visit_becomes_no_visit_that_its_clinician_does_not_give(
    house: House, echo: AppointmentType
) -> None:
    one = book(house, house.follow_up)
    with pytest.raises(commands.NotGivenBy, match=SAID):
        commands.change_appointment(house.rosa, appointment_id=one.pk, version=None, type_id=echo.pk)
    changed = commands.change_appointment(
        house.ana, appointment_id=one.pk, version=None, type_id=echo.pk, limit_reason="Dr. Osei looks on"
    )
    assert (changed.type_id, changed.limit_reason) == (echo.pk, "Dr. Osei looks on")


def test_a_series_and_visits_in_a_row_keep_to_it(house: House, echo: AppointmentType) -> None:
    with pytest.raises(commands.OneStandsAgainst, match=SAID):
        commands.book_series(
            house.rosa,
            patient_id=house.diaz.pk,
            provider_id=house.lee.pk,
            location_id=house.door.pk,
            type_id=echo.pk,
            first_on=TUESDAY.date(),
            clock=time(10),
            every=1,
            unit="week",
            weekdays=[1],
            starts=[TUESDAY, TUESDAY + timedelta(days=7)],
        )
    kinds = seeking.kinds([echo.pk, house.follow_up.pk])
    assert kinds[house.follow_up.pk].provider_ids is None
    assert kinds[echo.pk].with_whom(house.lee.pk).provider_ids == frozenset()
    asked: dict[str, Any] = {"location_id": None, "first": MONDAY, "now": NOW, "part": "any"}
    wishes = [kinds[house.follow_up.pk].whose(house.diaz.pk), kinds[echo.pk].whose(house.diaz.pk)]
    chained = seeking.find_chains(wishes, **asked)
    assert {choice[1].provider_id for choice in chained} == {house.osei.pk}
    family = [kinds[house.follow_up.pk].whose(house.diaz.pk), kinds[echo.pk].whose(house.ann.pk)]
    found = seeking.find_families(family, side_by_side=False, **asked)
    assert {pick.provider_id for choice in found for pick in choice} == {house.osei.pk}


def test_the_preview_of_a_series_says_at_each_visit_who_gives_it(house: House, echo: AppointmentType) -> None:
    there = f"/schedule/book/{house.diaz.pk}/series/"
    typed = {
        "type": str(echo.pk),
        "where": str(house.door.pk),
        "first_on": "3/10/2026",
        "clock": "10",
        "unit": "week",
    }
    typed |= {"every": "1", "times": "2"}
    for role, name, asks in (("receptionist", "rosa", False), ("office_manager", "ana", True)):
        client = desk(house, role, name)
        fields = hidden_fields(client.get(there).content.decode(), form='id="series-form"')
        body = client.post(there, fields | typed | {"who": str(house.lee.pk)}).content.decode()
        assert (body.count(SAID), "free</span>" in body, 'name="limit_reason"' in body) == (2, False, asks)
        fields = hidden_fields(client.get(there).content.decode(), form='id="series-form"')
        body = client.post(there, fields | typed | {"who": str(house.osei.pk)}).content.decode()
        assert (SAID in body, 'name="limit_reason"' in body) == (False, False)
    assert not Appointment.objects.exists()


def test_the_preview_of_a_change_says_it_but_of_what_was_booked_so_for_a_reason(
    house: House, echo: AppointmentType
) -> None:
    facts: dict[str, Any] = {
        "patient_id": house.diaz.pk,
        "provider_id": house.lee.pk,
        "location_id": house.door.pk,
    }
    facts |= {"first_on": TUESDAY.date(), "clock": time(10), "every": 1, "unit": "week", "weekdays": [1]}
    starts = [TUESDAY, TUESDAY + timedelta(days=7)]
    plain = commands.book_series(house.rosa, **facts, type_id=house.follow_up.pk, starts=starts)
    rows = changing.preview(changing.places(plain.pk), Change(type_id=echo.pk), now=NOW)
    assert [one.against for one in rows] == [(SAID,)] * 2
    commands.set_who_gives(house.ana, type_id=house.follow_up.pk, taxonomies=[HEART])
    rows = changing.preview(changing.places(plain.pk), Change(clock=time(11)), now=NOW)
    assert [one.against for one in rows] == [("Follow-up is given by Dr. Osei.",)] * 2
    commands.set_who_gives(house.ana, type_id=house.follow_up.pk)
    commands.undo_series(house.rosa, series_id=plain.pk)
    why = {"limit_reason": "Dr. Osei looks on"}
    looked = commands.book_series(house.ana, **facts, type_id=echo.pk, starts=starts, **why)
    for change, against in ((Change(clock=time(11)), ()), (Change(type_id=house.follow_up.pk), ())):
        rows = changing.preview(changing.places(looked.pk), change, now=NOW)
        assert [one.against for one in rows] == [against] * 2


def test_a_freed_time_is_offered_to_nobody_whose_visit_its_clinician_does_not_give(
    house: House, echo: AppointmentType
) -> None:
    gone = freed(house, minutes=40)
    waits(house, type_id=echo.pk)
    assert waitlist.fitting([gone], NOW)[gone.pk] == []
    with pytest.raises(commands.NobodyFits):
        commands.offer_slot(house.rosa, freed_by_id=gone.pk)
    theirs = freed(house, TUESDAY + timedelta(hours=1), 40, provider=house.osei)
    assert [one.wish.type_id for one in waitlist.fitting([theirs], NOW)[theirs.pk]] == [echo.pk]


def test_a_usual_clinician_who_does_not_give_it_is_not_proposed(house: House, echo: AppointmentType) -> None:
    AppointmentType.objects.exclude(pk=echo.pk).update(is_active=False)
    type(house.diaz).objects.filter(pk=house.diaz.pk).update(usual_provider=house.lee)
    body = desk(house).get(f"/schedule/book/{house.diaz.pk}/").content.decode()
    assert "Nothing is free" not in body
    assert f"{house.osei.pk}.{house.door.pk}." in body


def test_a_walk_in_is_seen_by_who_gives_the_visit(house: House, echo: AppointmentType) -> None:
    there = f"/desk/walk-in/{house.diaz.pk}/"
    typed = {"provider_id": str(house.lee.pk), "type_id": str(echo.pk)}
    for role, name, asks in (("receptionist", "rosa", False), ("office_manager", "ana", True)):
        client = desk(house, role, name)
        fields = hidden_fields(client.get(there).content.decode(), form='id="walk-in-form"')
        body = client.post(there, fields | typed).content.decode()
        assert (SAID in body, 'name="limit_reason"' in body, Visit.objects.count()) == (True, asks, 0)
    fields = hidden_fields(body, form='id="walk-in-form"')
    assert client.post(there, fields | typed | {"limit_reason": "Dr. Osei looks on"}).status_code == 303
    line = AuditLine.objects.get(action="visits.visit.walked-in")
    assert line.details["given_all_the_same"] == "Dr. Osei looks on"


def test_from_home_only_times_of_who_gives_it_are_free(house: House, echo: AppointmentType) -> None:
    there = (house.door.pk, TUESDAY)
    assert not requests.is_free(echo.pk, house.diaz, (house.lee.pk, *there), NOW)
    assert requests.is_free(echo.pk, house.diaz, (house.osei.pk, *there), NOW)


def test_who_is_out_hands_over_to_those_alone_who_give_it(house: House, echo: AppointmentType) -> None:
    mine = book(house, echo, provider_id=house.osei.pk)
    plain = appointment(house, TUESDAY, provider=house.lee, patient=house.ann)
    found = proposals.propose([mine, plain], how="other", now=NOW)
    assert mine.pk not in found
    assert found[plain.pk].provider_id == house.osei.pk
    assert proposals.propose([mine], how="same", now=NOW)[mine.pk].provider_id == house.osei.pk


def test_a_team_that_gives_a_visit_is_not_forgotten(house: House, echo: AppointmentType) -> None:
    named = by_team(house)
    commands.set_who_gives(house.ana, type_id=echo.pk, **named)
    with pytest.raises(commands.StrangeTeam, match="Echo is given by this team"):
        commands.remove_team(house.ana, team_id=named["team_ids"][0])
    commands.set_who_gives(house.ana, type_id=echo.pk)
    commands.remove_team(house.ana, team_id=named["team_ids"][0])
    assert not TypeGiver.objects.exists()


def test_the_page_of_a_visit_type_says_who_gives_it(house: House, echo: AppointmentType) -> None:
    ana = desk(house, "office_manager", "ana")
    page = f"/schedule/types/{echo.pk}/"
    body = ana.get(page).content.decode()
    assert f"Cardiology {HEART}: Dr. Osei" in body
    fields = hidden_fields(body, form=f"{page}given/")
    assert ana.post(f"{page}given/", fields | {"people": [str(house.lee.pk)]}).status_code == 303
    assert giving.who_gives([echo.pk]) == {echo.pk: {house.lee.pk}}
    fields = hidden_fields(ana.get(page).content.decode(), form=f"{page}given/")
    assert ana.post(f"{page}given/", fields | {"people": ["nobody"]}).status_code == 422
    asked = {"type": str(echo.pk), "who": str(house.osei.pk), "from_day": "3/10/2026", "part": "any"}
    shown = desk(house).get(f"/schedule/book/{house.diaz.pk}/slots/", asked).content.decode()
    assert "Echo is given by Dr. Lee." in shown
