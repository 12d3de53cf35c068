"""A visit by video at the desk: a word on the board, the consent at check-in, no room, nobody on the wall."""

from datetime import timedelta

import pytest

from daysheet.frontdesk.board import board, day_rows
from daysheet.frontdesk.line import wall_of
from daysheet.kernel.errors import StaleForm
from daysheet.schedule.models import AppointmentType
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitStep, WallPolicy
from tests import cast
from tests.house import House, appointment, desk

SOON = cast.NOW + timedelta(minutes=20)


@pytest.fixture
def visit(house: House) -> Visit:
    AppointmentType.objects.update(mode="video")
    return visits.arrive(house.rosa, appointment_id=appointment(house, SOON).pk)


def marks(house: House) -> list[str]:
    shown = board(location_id=house.door.pk, day=cast.MONDAY, now=cast.NOW, zone=house.door.zone)
    return [words for row in shown.rows for _tone, words in row.alerts]


def consent(visit: Visit) -> VisitStep:
    return VisitStep.objects.get(visit=visit, kind="telehealth_consent")


def test_the_board_says_video_and_once_opened_that_the_patient_may_join(house: House, visit: Visit) -> None:
    assert marks(house) == ["Video"]
    visits.open_meeting(house.rosa, visit_id=visit.pk, version=visit.version)
    assert marks(house) == ["Video, may join"]


def test_who_is_expected_by_phone_is_told_apart_too(house: House) -> None:
    AppointmentType.objects.update(mode="phone")
    appointment(house, SOON)
    assert marks(house) == ["Phone"]


def test_nobody_is_checked_in_without_consent_or_a_reason(house: House, visit: Visit) -> None:
    assert (consent(visit).is_required, consent(visit).often) == (True, "yearly")
    page = desk(house).get(f"/desk/visits/{visit.pk}/check-in/").content.decode()
    assert "Consent to the visit by video or phone" in page
    assert "The patient agrees" in page
    with pytest.raises(visits.StepsAreOpen) as no:
        visits.check_in(house.rosa, visit_id=visit.pk)
    assert "Consent to the visit by video or phone" in no.value.sentence


def test_consent_given_this_year_is_on_file(house: House, visit: Visit) -> None:
    visits.do_step(house.rosa, visit_id=visit.pk, stage="check_in", kind="telehealth_consent")
    Visit.objects.filter(pk=visit.pk).update(flow="checked_out")
    again = visits.arrive(house.rosa, appointment_id=appointment(house, SOON + timedelta(hours=1)).pk)
    assert (consent(again).state, consent(again).reason) == ("done", "on file")


def test_a_visit_that_becomes_one_by_phone_asks_for_consent_and_one_in_the_office_does_not(
    house: House,
) -> None:
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, SOON).pk)
    assert not VisitStep.objects.filter(kind="telehealth_consent").exists()
    visit = visits.say_where(house.rosa, visit_id=visit.pk, version=visit.version, mode="phone")
    assert consent(visit).is_required
    visit = visits.say_where(house.rosa, visit_id=visit.pk, version=visit.version, mode="office")
    assert not consent(visit).is_required


def test_where_the_patient_is_is_asked_only_of_who_is_elsewhere(house: House, visit: Visit) -> None:
    kept = visits.say_at_home(house.rosa, visit_id=visit.pk, version=visit.version, at_home=True)
    assert kept.at_home is True
    with pytest.raises(StaleForm):
        visits.say_at_home(house.rosa, visit_id=visit.pk, version=visit.version, at_home=False)
    visit = visits.say_where(house.rosa, visit_id=visit.pk, version=kept.version, mode="office", at_home=True)
    assert visit.at_home is None
    with pytest.raises(visits.NoMeeting):
        visits.say_at_home(house.rosa, visit_id=visit.pk, version=visit.version, at_home=True)


def test_what_was_not_opened_is_not_closed(house: House, visit: Visit) -> None:
    with pytest.raises(visits.NoMeeting):
        visits.close_meeting(house.rosa, visit_id=visit.pk, version=visit.version)


def test_who_is_elsewhere_stands_in_no_line_and_on_no_wall(house: House, visit: Visit) -> None:
    WallPolicy.objects.create(location=house.door, shows="name")
    assert wall_of(house.door.pk, cast.MONDAY, cast.NOW).following == []
    assert not visit.tokens.exists()  # type: ignore[attr-defined]
    assert [row.mode for row in day_rows(house.door.pk, cast.MONDAY)] == ["video"]


def test_checked_in_by_video_the_next_act_is_the_clinician_and_no_room(house: House, visit: Visit) -> None:
    Visit.objects.filter(pk=visit.pk).update(flow="checked_in")
    page = desk(house).get("/desk/").content.decode()
    assert "With provider: " in page
    assert "Choose a room for " not in page
