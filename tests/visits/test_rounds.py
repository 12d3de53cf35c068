"""Visits away from the office: a list for a clinician and a day, each row judged, nothing lost; undone where wrong."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.charges import commands as charges
from daysheet.charges import queries as slips
from daysheet.coverage import commands as coverage
from daysheet.coverage.rules.authorizations import Counts
from daysheet.frontdesk.board import day_rows
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.money import usd
from daysheet.reports.queries import open_items
from daysheet.visits import commands, counting, queries, rounds
from daysheet.visits.models import CarePlace, FlowEvent, Visit
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, desk, furnished

EARLY = cast.NOW - timedelta(hours=2)
ADDRESS = "/visits/rounds/"


@pytest.fixture
def ward(house: House) -> CarePlace:
    return place(house)


def place(house: House, name: str = "Mercy Hospital", **more: str) -> CarePlace:
    facts = {
        "place_of_service": "21",
        "street": "1 Hill Rd",
        "city": "Springfield",
        "state": "ma",
        "zip_code": "01104",
    }
    return commands.add_care_place(house.ana, name=name, **facts | more)


def entered(house: House, at: datetime = EARLY, **more: Any) -> Visit:
    facts = {"patient_id": house.diaz.pk, "provider_id": house.lee.pk, "location_id": house.door.pk, "at": at}
    return commands.enter_round_visit(house.rosa, **facts | more)


def test_a_hospital_visit_is_over_at_once_and_has_its_charges_to_come(house: House, ward: CarePlace) -> None:
    visit = entered(house, care_place_id=ward.pk, admitted_on=cast.MONDAY - timedelta(days=1))
    assert (visit.flow, visit.service_on, visit.is_round) == ("checked_out", cast.MONDAY, True)
    assert FlowEvent.objects.get().to_state == "checked_out"
    assert not visit.tokens.exists()  # type: ignore[attr-defined]
    assert [one.pk for one in open_items(cast.MONDAY, now=cast.NOW, zone=house.door.zone).uncharged] == [
        visit.pk
    ]
    slip = slips.slip(visit.pk)
    assert slip is not None
    assert (slip.placed.code, slip.placed.because) == ("21", "Mercy Hospital")


def test_without_a_place_it_was_at_home(house: House) -> None:
    visit = entered(house)
    assert (visit.place_of_service, rounds.place_of(visit)) == ("12", "Patient's home")


def test_it_stands_in_the_day_and_not_on_the_board(house: House) -> None:
    visit = entered(house)
    assert list(queries.of_day(cast.MONDAY)) == [visit]
    assert day_rows(house.door.pk, cast.MONDAY) == []


def test_the_same_visit_is_not_entered_twice_and_after_an_undo_it_may_be(house: House) -> None:
    visit = entered(house)
    with pytest.raises(commands.OnTheListAlready):
        entered(house)
    commands.undo_round_visit(house.rosa, visit_id=visit.pk, version=visit.version)
    assert rounds.entered(house.lee.pk, cast.MONDAY) == []
    assert entered(house).number == visit.number + 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"at": cast.NOW + timedelta(minutes=1)}, "at"),
        ({"at": cast.NOW - timedelta(days=400)}, "at"),
        ({"admitted_on": cast.MONDAY + timedelta(days=1)}, "admitted_on"),
    ],
)
def test_a_time_that_cannot_be_is_refused(house: House, more: dict[str, Any], field: str) -> None:
    with pytest.raises(commands.NotOfThatDay) as no:
        entered(house, **more)
    assert list(no.value.fields) == [field]
    assert not Visit.objects.exists()


def test_who_or_what_is_not_on_the_books_is_refused(house: House, ward: CarePlace) -> None:
    for wrong in ({"patient_id": ward.pk}, {"provider_id": ward.pk}, {"location_id": ward.pk}):
        with pytest.raises(commands.NotToBeSeen):
            entered(house, **wrong)
    commands.drop_care_place(house.ana, place_id=ward.pk)
    with pytest.raises(commands.NotToBeSeen):
        entered(house, care_place_id=ward.pk)


def test_a_visit_with_charges_stays_until_they_are_gone(house: House) -> None:
    visit = entered(house)
    charge = charges.put_charge(house.ana, visit_id=visit.pk, code="X0020", amount=usd("120.00"))
    with pytest.raises(commands.VisitIsHeld):
        commands.undo_round_visit(house.rosa, visit_id=visit.pk, version=visit.version)
    charges.remove_charge(house.ana, charge_id=charge.pk, version=charge.version)
    assert commands.undo_round_visit(house.rosa, visit_id=visit.pk, version=visit.version).flow == "undone"


def test_of_two_who_take_it_off_the_second_is_told_and_the_board_does_not_undo_it(house: House) -> None:
    visit = entered(house)
    with pytest.raises(commands.NothingToUndo):
        commands.step_back(house.rosa, visit_id=visit.pk)
    commands.undo_round_visit(house.rosa, visit_id=visit.pk, version=visit.version)
    with pytest.raises(StaleForm):
        commands.undo_round_visit(house.rosa, visit_id=visit.pk, version=visit.version)


def test_who_may_only_read_enters_nothing(house: House) -> None:
    facts = {"patient_id": house.diaz.pk, "provider_id": house.lee.pk, "location_id": house.door.pk}
    with pytest.raises(NotPermitted):
        commands.enter_round_visit(house.auditor, **facts, at=EARLY)
    with pytest.raises(NotPermitted):
        place_by_rosa(house)


def place_by_rosa(house: House) -> None:
    commands.add_care_place(
        house.rosa, name="X", place_of_service="31", street="1", city="1", state="MA", zip_code="01104"
    )


def test_a_place_is_kept_once_dropped_and_taken_up_again(house: House, ward: CarePlace) -> None:
    assert (ward.state, str(ward)) == ("MA", "Mercy Hospital")
    with pytest.raises(commands.CarePlaceIsWrong):
        place(house)
    place(house, place_of_service="22")
    commands.drop_care_place(house.ana, place_id=ward.pk)
    assert [one.place_of_service for one in queries.care_places()] == ["22"]
    assert len(queries.care_places(also=ward.pk)) == 2
    commands.take_up_care_place(house.ana, place_id=ward.pk)
    assert len(queries.care_places()) == 2


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"street": " "}, "street"),
        ({"place_of_service": "12"}, "place_of_service"),
        ({"place_of_service": "11"}, "place_of_service"),
        ({"npi": "1234567890"}, "npi"),
    ],
)
def test_a_place_without_what_the_claim_needs_is_refused(
    house: House, more: dict[str, str], field: str
) -> None:
    with pytest.raises(commands.CarePlaceIsWrong) as no:
        place(house, **more)
    assert list(no.value.fields) == [field]


def test_the_visit_counts_under_what_is_authorized(house: House) -> None:
    held = make.coverage(house.diaz, make.plan())
    paper = coverage.add_authorization(
        house.ana,
        patient_id=house.diaz.pk,
        coverage_id=held.pk,
        kind="prior",
        number="A1",
        starts_on=date(2026, 1, 1),
        visits_approved=4,
    )
    assert entered(house).authorization_id == paper.pk
    assert counting.under_authorizations([paper.pk], cast.MONDAY) == {paper.pk: Counts(1, 0)}


# --- The screen ---------------------------------------------------------------------------------------


def rows(client: Client, house: House, *typed: dict[str, str], htmx: bool = False) -> Any:
    address = f"{ADDRESS}?provider={house.lee.pk}&day={cast.MONDAY.isoformat()}"
    form = hidden_fields(client.get(address).content.decode(), form='id="round-form"')
    for number, row in enumerate(typed):
        form |= {f"r{number}-{name}": value for name, value in ({"where": "home"} | row).items()}
    return client.post(address, form, headers={"HX-Request": "true"} if htmx else {})


def test_two_rows_are_entered_and_a_time_left_empty_is_that_of_the_row_above(
    house: House, ward: CarePlace
) -> None:
    diaz = make.registered("Okafor", "Joy", born_on=date(1975, 5, 5))
    moss = make.registered("Moss", "Ada", born_on=date(1940, 1, 2))
    answer = rows(
        desk(house),
        house,
        {"who": f"{diaz.chart_number} okafor", "at": "8:30 am", "where": str(ward.pk), "admitted_on": "3/7"},
        {"who": "Moss 1/2/1940"},
    )
    assert answer.status_code == 303, answer.content.decode()
    assert [
        (one.patient_id, rounds.place_of(one), one.arrived_at)
        for one in rounds.entered(house.lee.pk, cast.MONDAY)
    ] == [
        (diaz.pk, "Mercy Hospital", EARLY + timedelta(minutes=30)),
        (moss.pk, "Patient's home", EARLY + timedelta(minutes=30)),
    ]


def test_the_good_rows_are_kept_and_the_others_stay_with_what_was_typed(house: House) -> None:
    moss = make.registered("Moss", "Ada", born_on=date(1940, 1, 2))
    make.registered("Moss", "Ben", born_on=date(1941, 1, 2))
    answer = rows(
        desk(house),
        house,
        {"who": f"{moss.chart_number} moss", "at": "8:30 am"},
        {"who": "moss", "at": "8:40 am"},
        {"who": "nobody 9/9/1999", "at": "soon"},
        htmx=True,
    )
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "1 kept, 2 to look at" in said
    assert said.lstrip().startswith('<section id="rounds"')
    for kept in ('value="moss"', 'value="8:40 am"', 'value="nobody 9/9/1999"', 'value="soon"', "MOSS, Ben"):
        assert kept in said
    assert "Nobody is found by that" in said
    assert Visit.objects.count() == 1


def test_who_is_chosen_among_several_is_taken(house: House) -> None:
    make.registered("Moss", "Ada", born_on=date(1940, 1, 2))
    ben = make.registered("Moss", "Ben", born_on=date(1941, 1, 2))
    assert rows(desk(house), house, {"who": "moss", "at": "8:40 am", "pick": str(ben.pk)}).status_code == 303
    assert Visit.objects.get().patient_id == ben.pk


def test_a_pick_that_was_not_shown_is_not_taken(house: House) -> None:
    make.registered("Moss", "Ada", born_on=date(1940, 1, 2))
    make.registered("Moss", "Ben", born_on=date(1941, 1, 2))
    nora = desk(house)
    for pick in (str(house.diaz.pk), "x"):
        assert rows(nora, house, {"who": "moss", "at": "9", "pick": pick}).status_code == 422
    assert not Visit.objects.exists()


def test_nothing_typed_is_told(house: House) -> None:
    answer = rows(desk(house), house)
    assert "Nothing was typed" in answer.content.decode()


def test_the_last_list_is_taken_with_its_patients_and_places(house: House, ward: CarePlace) -> None:
    entered(house, cast.NOW - timedelta(days=3), care_place_id=ward.pk)
    page = desk(house).get(f"{ADDRESS}?provider={house.lee.pk}&day=today&like=1").content.decode()
    assert f'value="{house.diaz.chart_number} Diaz"' in page
    assert f'<option value="{ward.pk}" selected>' in page


def test_it_is_taken_off_by_a_press_and_what_holds_it_is_said(house: House) -> None:
    visit, nora = entered(house), desk(house)
    page = nora.get(f"{ADDRESS}?provider={house.lee.pk}&day=today").content.decode()
    press = hidden_fields(page, form=f'action="{ADDRESS}{visit.pk}/undo/"')
    charge = charges.put_charge(house.ana, visit_id=visit.pk, code="X0020", amount=usd("120.00"))
    held = nora.post(f"{ADDRESS}{visit.pk}/undo/", press)
    assert (held.status_code, "There are charges on its slip" in held.content.decode()) == (409, True)
    charges.remove_charge(house.ana, charge_id=charge.pk, version=charge.version)
    page = nora.get(f"{ADDRESS}?provider={house.lee.pk}&day=today").content.decode()
    press = hidden_fields(page, form=f'action="{ADDRESS}{visit.pk}/undo/"')
    assert nora.post(f"{ADDRESS}{visit.pk}/undo/", press).status_code == 303
    visit.refresh_from_db()
    assert visit.flow == "undone"


def test_a_day_that_is_none_is_said_at_the_form(house: House) -> None:
    nora = desk(house)
    assert nora.get(f"{ADDRESS}?provider={house.lee.pk}&day=someday").status_code == 422
    assert nora.get(ADDRESS).status_code == 200


def test_the_list_is_read_by_a_constant_number_of_statements(house: House) -> None:
    for minute in range(3):
        entered(house, EARLY + timedelta(minutes=minute))
    with CaptureQueriesContext(connection) as three:
        rounds.entered(house.lee.pk, cast.MONDAY)
    assert len(three) == 1


def test_the_manager_keeps_the_places(house: House) -> None:
    ana = desk(house, "office_manager", "ana")
    form = hidden_fields(ana.get("/visits/places/").content.decode(), form='id="care-place-form"')
    said = {"name": "Oak Home", "place_of_service": "31", "street": "2 Oak", "city": "Holyoke", "state": "MA"}
    lacking = ana.post("/visits/places/", form | said, headers={"HX-Request": "true"})
    assert (lacking.status_code, 'value="Oak Home"' in lacking.content.decode()) == (422, True)
    assert ana.post("/visits/places/", form | said | {"zip_code": "01040"}).status_code == 303
    kept = CarePlace.objects.get()
    assert ana.post(f"/visits/places/{kept.pk}/drop/").status_code == 303
    assert "Take up again" in ana.get("/visits/places/").content.decode()
    assert ana.post(f"/visits/places/{kept.pk}/take-up/").status_code == 303


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_who_enter_the_same_visit_at_once_one_is_told() -> None:
    house = furnished()

    def enter(_n: int) -> str:
        try:
            with house.open():
                entered(house)
            return "kept"
        except commands.OnTheListAlready:
            return "told"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as two:
        assert sorted(two.map(enter, range(2))) == ["kept", "told"]
