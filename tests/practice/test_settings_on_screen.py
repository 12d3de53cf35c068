"""The pages of the care settings: what would come is shown before it comes, added at one press, taken back at one."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.models import Practice
from daysheet.practice.models import AddedPiece, AddedSetting, ExamRoom, Location
from daysheet.schedule.models import AppointmentType
from tests import desk, make

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def browser(practice: Practice) -> Client:
    return desk.signed_in(make.member("office_manager", "ana"))


def test_the_list_names_the_settings_of_offices_and_none_of_another_kind(browser: Client) -> None:
    body = browser.get("/office/settings/").content.decode()
    for name in ("Family practice", "Dental practice", "Urgent care", "Hospital outpatient department"):
        assert name in body
    assert "Insurer" not in body
    assert "Billing service" not in body
    assert browser.get("/office/settings/billing_service/").status_code == 404
    assert browser.get("/office/settings/insurer/").status_code == 404
    assert (
        "Both are opened by the page that founds a practice"
        in browser.get("/office/settings/").content.decode()
    )
    assert browser.get("/office/settings/circus/").status_code == 404


def test_what_would_come_is_shown_and_nothing_comes_by_looking(browser: Client) -> None:
    make.location()
    body = browser.get("/office/settings/dental/").content.decode()
    assert "Operatory 1" in body
    assert "Checkup and cleaning" in body
    assert "60 min, Hygiene chair, Hygienist" in body
    assert "The charge slip makes a dental claim (837D)" in body
    assert "Pieces to come: " in body
    assert not AppointmentType.objects.exists()
    assert not AddedSetting.objects.exists()


def test_a_press_brings_it_and_the_page_says_what_is_here(browser: Client) -> None:
    door = make.location()
    answer = browser.post("/office/settings/dental/add/", {"location_id": str(door.pk)})
    assert (answer.status_code, answer["Location"]) == (303, "/office/settings/dental/")
    body = browser.get("/office/settings/dental/").content.decode()
    assert "All of it is here." in body
    assert "Take Dental practice back" in body
    assert set(ExamRoom.objects.values_list("location__name", flat=True)) == {"Main St"}


def test_the_message_of_a_new_setting_takes_it_back_and_that_of_an_addition_does_not(
    browser: Client, practice: Practice
) -> None:
    from daysheet.schedule import commands as schedule
    from tests import cast

    door = make.location()
    path = "/office/settings/family/add/"
    browser.post(path, {"location_id": str(door.pk)})
    undo = f"/office/settings/{AddedSetting.objects.get().pk}/take-back/"
    body = browser.get("/office/settings/family/").content.decode()
    assert body.count(undo) == 2
    kind = AppointmentType.objects.get(name="ECG")
    schedule.retire_appointment_type(cast.ana(practice.pk), type_id=kind.pk)
    browser.post(path, {"location_id": str(door.pk)})
    assert browser.get("/office/settings/family/").content.decode().count(undo) == 1
    assert browser.post(undo)["Location"] == "/office/settings/family/"
    assert not AppointmentType.objects.filter(is_active=True).exists()


def test_a_location_that_keeps_its_place_of_service_is_named(browser: Client) -> None:
    make.location()
    body = browser.get("/office/settings/hospital_department/").content.decode()
    assert "Main St keeps place of service 11; claims of this setting name 22." in body
    assert "keeps place of service" not in browser.get("/office/settings/family/").content.decode()


def test_a_new_location_gets_the_settings_place_of_service(browser: Client) -> None:
    make.location()
    answer = browser.post("/office/settings/urgent_care/add/", {"new_location": "Crossroads"})
    assert answer.status_code == 303
    door = Location.objects.get(name="Crossroads")
    assert (door.place_of_service, door.is_main) == ("20", False)
    assert ExamRoom.objects.filter(location=door).count() == 7


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({}, 422, "write what the new one is called"),
        ({"new_location": "Main St"}, 409, "There is a location of that name already."),
        ({"location_id": "00000000-0000-0000-0000-000000000001"}, 422, "location"),
    ],
)
def test_an_answer_that_will_not_do_brings_nothing_and_loses_nothing_typed(
    browser: Client, sent: dict[str, str], status: int, sentence: str
) -> None:
    make.location()
    for more in ({}, HTMX):
        answer = browser.post("/office/settings/dental/add/", sent, **more)
        body = answer.content.decode()
        assert (answer.status_code, sentence in body) == (status, True), body
        assert ("<html" in body) == (not more)
        if sent.get("new_location") == "Main St":
            assert 'value="Main St"' in body
    assert not AppointmentType.objects.exists()
    assert not AddedSetting.objects.exists()


def test_pressing_twice_says_that_all_is_here(browser: Client) -> None:
    door = make.location()
    browser.post("/office/settings/family/add/", {"location_id": str(door.pk)})
    answer = browser.post("/office/settings/family/add/", {"location_id": str(door.pk)})
    assert answer.status_code == 409
    assert "All of Family practice is here already." in answer.content.decode()


def test_what_was_taken_off_by_hand_comes_again_alone(browser: Client, practice: Practice) -> None:
    from daysheet.schedule import commands as schedule
    from tests import cast

    door = make.location()
    browser.post("/office/settings/family/add/", {"location_id": str(door.pk)})
    kind = AppointmentType.objects.get(name="Newborn check")
    schedule.retire_appointment_type(cast.ana(practice.pk), type_id=kind.pk)
    assert "Pieces to come: 1." in browser.get("/office/settings/family/").content.decode()
    browser.post("/office/settings/family/add/", {"location_id": str(door.pk)})
    kind.refresh_from_db()
    assert kind.is_active
    assert AddedPiece.objects.filter(part="visits", name="Newborn check").count() == 1


def test_it_is_taken_back_from_its_page_once(browser: Client) -> None:
    make.location()
    door = Location.objects.get()
    browser.post("/office/settings/family/add/", {"location_id": str(door.pk)})
    added = AddedSetting.objects.get()
    page = browser.get("/office/settings/family/").content.decode()
    fields = desk.hidden_fields(page, form=f'action="/office/settings/{added.pk}/take-back/"')
    path = f"/office/settings/{added.pk}/take-back/"
    assert browser.post(path, fields)["Location"] == "/office/settings/family/"
    assert not AppointmentType.objects.filter(is_active=True).exists()
    again = browser.post(path, {key: value for key, value in fields.items() if key != "_once"})
    assert again.status_code == 409
    assert "Somebody has changed this setting meanwhile." in again.content.decode()


def test_the_desk_neither_sees_nor_adds_a_setting(practice: Practice) -> None:
    rosa = desk.signed_in(make.member())
    assert rosa.get("/office/settings/").status_code == 403
    assert rosa.post("/office/settings/family/add/", {"new_location": "Main"}).status_code == 403
    assert not AddedSetting.objects.exists()


def test_the_page_takes_the_same_statements_for_a_small_setting_and_a_large_one(browser: Client) -> None:
    make.location()

    def statements(setting: str) -> int:
        with CaptureQueriesContext(connection) as heard:
            assert browser.get(f"/office/settings/{setting}/").status_code == 200
        return len(heard)

    statements("family")  # the first look draws the templates
    assert statements("hospital_department") == statements("dental") <= 26


def test_who_opens_a_practice_says_what_kind_it_is() -> None:
    make.practice(is_training=True, is_demo=True)
    sent = {
        "name": "Elm Dental",
        "setting": "dental",
        "zone_name": "America/Chicago",
        "display_name": "Ines Carver",
        "username": "ines",
        "password": "four quiet rivers run",
        "again": "four quiet rivers run",
    }
    ana = Client()
    assert "What kind of practice it is" in ana.get("/open/").content.decode()
    assert ana.post("/open/", sent | {"setting": "circus"}).status_code == 422
    assert "An insurer is played" in ana.get("/open/").content.decode()
    assert ana.post("/open/", sent)["Location"] == "/office/"
    made = Practice.objects.get(name="Elm Dental")
    assert made.kind == "office"
    with make.acting(made):
        door = Location.objects.get()
        assert (door.name, door.zone_name) == ("Main office", "America/Chicago")
        assert AppointmentType.objects.filter(name="Filling").exists()
        assert AddedSetting.objects.get().added_by == "Daysheet"
    assert "Added" in ana.get("/office/settings/").content.decode()


def test_a_billing_service_is_founded_as_one() -> None:
    make.practice(is_training=True, is_demo=True)
    sent = {
        "name": "Harbor Billing",
        "setting": "billing_service",
        "zone_name": "America/New_York",
        "display_name": "Bo Langley",
        "username": "bo",
        "password": "four quiet rivers run",
        "again": "four quiet rivers run",
    }
    assert Client().post("/open/", sent).status_code == 303
    made = Practice.objects.get(name="Harbor Billing")
    assert made.kind == "billing"
    with make.acting(made):
        assert AddedSetting.objects.get().setting == "billing_service"
        assert not AppointmentType.objects.exists()
