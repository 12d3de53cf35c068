"""The manager's pages of the book: kinds of visit, clinicians' weeks at each door, absences."""

from datetime import UTC, date, datetime, time, timedelta
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.kernel.models import AuditLine, Practice
from daysheet.practice.models import Location, Provider
from daysheet.schedule import commands, queries
from daysheet.schedule.commands.setting import TwoPlacesAtOnce
from daysheet.schedule.forms import WEEKDAYS
from daysheet.schedule.models import Absence, AppointmentType, ProviderHours
from daysheet.schedule.rules import UnreadableTime, clashing_day, read_spans, say_spans, say_week
from tests import cast, desk, make
from tests.house import House, appointment

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(practice: Practice) -> Location:
    return make.location()


@pytest.fixture
def lee(door: Location) -> Provider:
    return make.provider(at=door)


def manager() -> desk.Client:
    return desk.signed_in(make.member("office_manager", "ana"))


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("8-12, 1-5", [(time(8), time(12)), (time(13), time(17))]),
        ("8:30 am to 12:15 pm and 13:00-17:00", [(time(8, 30), time(12, 15)), (time(13), time(17))]),
        ("9-8", [(time(9), time(20))]),
        ("1-5; 8-12", [(time(8), time(12)), (time(13), time(17))]),
        ("", []),
    ],
)
def test_a_line_of_hours_is_read_as_it_is_meant(typed: str, spans: list[tuple[time, time]]) -> None:
    assert read_spans(typed) == spans


@pytest.mark.parametrize("typed", ["8", "8-", "12-8 am", "25-26", "8-12-5", "mornings"])
def test_a_line_that_is_no_hours_is_refused_in_a_sentence(typed: str) -> None:
    with pytest.raises(UnreadableTime):
        read_spans(typed)


@given(st.lists(st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)), min_size=2, max_size=2))
def test_hours_are_read_back_as_they_are_shown(ends: list[time]) -> None:
    begins, until = sorted(ends)
    if begins < until:
        assert read_spans(say_spans([(begins, until)])) == [(begins, until)]


def test_two_spans_of_a_day_may_touch_but_not_overlap() -> None:
    assert clashing_day([(0, time(8), time(12)), (0, time(12), time(17))]) is None
    assert clashing_day([(1, time(8), time(12)), (1, time(11), time(17))]) == 1


def test_a_visit_type_is_added_changed_retired_and_brought_back(practice: Practice) -> None:
    browser = manager()
    assert (
        browser.post(
            "/schedule/types/", {"name": "Physical", "minutes": "40", "takes_copay": "on"}
        ).status_code
        == 303
    )
    kind = AppointmentType.objects.get()
    assert (kind.name, kind.minutes, kind.takes_copay, kind.for_new_patients) == ("Physical", 40, True, False)
    browser.post(f"/schedule/types/{kind.id}/", {"name": "Yearly physical", "minutes": "45"})
    kind.refresh_from_db()
    assert (kind.name, kind.minutes, kind.takes_copay) == ("Yearly physical", 45, False)
    browser.post(f"/schedule/types/{kind.id}/retire/")
    assert not queries.types().exists()
    assert b"Yearly physical" in browser.get("/schedule/types/").content
    browser.post(f"/schedule/types/{kind.id}/restore/")
    assert [one.name for one in queries.types()] == ["Yearly physical"]
    line = AuditLine.objects.get(action="schedule.appointment_type.changed")
    assert line.details["changed"]["minutes"] == [40, 45]


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"name": "Physical", "minutes": "3"}, 422, "5"),
        ({"name": "", "minutes": "20"}, 422, "Name is missing."),
        ({"name": "Follow-up", "minutes": "20"}, 409, "already"),
    ],
)
def test_a_visit_type_that_cannot_be_is_refused_and_nothing_is_lost(
    practice: Practice, sent: dict[str, str], status: int, sentence: str
) -> None:
    make.visit_type()
    answer = manager().post("/schedule/types/", sent)
    assert (answer.status_code, sentence in answer.content.decode()) == (status, True)
    assert f'value="{sent["minutes"]}"' in answer.content.decode()
    assert AppointmentType.objects.count() == 1


def test_a_type_does_not_take_the_name_of_another(practice: Practice) -> None:
    make.visit_type()
    other = make.visit_type("Physical", 40)
    answer = manager().post(f"/schedule/types/{other.id}/", {"name": "Follow-up", "minutes": "40"})
    assert answer.status_code == 409
    other.refresh_from_db()
    assert other.name == "Physical"


def test_the_week_is_typed_a_line_a_day_at_each_door(door: Location, lee: Provider) -> None:
    make.location("Oak Ave", is_main=False)
    browser = manager()
    sent = {"at_0_0": "8-12, 1-5", "at_0_2": "9-1", "at_1_1": "8-12"}
    assert browser.post(f"/schedule/clinicians/{lee.id}/hours/", sent).status_code == 303
    stands = [
        (h.location.name, h.weekday, h.begins, h.ends) for h in queries.hours_in_force(lee.id, cast.MONDAY)
    ]
    assert stands == [
        ("Main St", 0, time(8), time(12)),
        ("Main St", 0, time(13), time(17)),
        ("Oak Ave", 1, time(8), time(12)),
        ("Main St", 2, time(9), time(13)),
    ]
    assert (
        b'value="8:00 am-12:00 pm, 1:00 pm-5:00 pm"'
        in browser.get(f"/schedule/clinicians/{lee.id}/hours/").content
    )
    assert (
        "Monday 8:00 am-12:00 pm, 1:00 pm-5:00 pm, Main St"
        in browser.get("/schedule/clinicians/").content.decode()
    )


def test_a_week_is_said_in_as_few_lines_as_it_has_kinds_of_days() -> None:
    morning, noon, evening = time(8), time(12), time(17)
    ordinary = [
        (day, begins, ends, "Main St")
        for day in range(5)
        for begins, ends in ((morning, noon), (time(13), evening))
    ]
    assert say_week(ordinary, WEEKDAYS) == ["Monday to Friday 8:00 am-12:00 pm, 1:00 pm-5:00 pm, Main St"]
    mixed = [(0, morning, noon, "Main St"), (1, morning, noon, "Main St"), (4, morning, noon, "Main St")]
    assert say_week([*mixed, (1, time(13), evening, "Oak Ave")], WEEKDAYS) == [
        "Monday, Tuesday, Friday 8:00 am-12:00 pm, Main St",
        "Tuesday 1:00 pm-5:00 pm, Oak Ave",
    ]
    assert say_week([], WEEKDAYS) == []


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"at_0_0": "mornings"}, 422, "8-12, 1-5"),
        ({"at_0_0": "8-12, 11-5"}, 409, "Monday overlap"),
        ({"at_0_0": "8-12", "at_1_0": "11-5"}, 409, "two places at once"),
    ],
)
def test_a_week_that_cannot_be_is_refused_and_the_old_one_holds(
    door: Location, lee: Provider, sent: dict[str, str], status: int, sentence: str
) -> None:
    make.hours(lee, door)
    make.location("Oak Ave", is_main=False)
    answer = manager().post(f"/schedule/clinicians/{lee.id}/hours/", sent)
    assert (answer.status_code, sentence in answer.content.decode()) == (status, True)
    assert ProviderHours.objects.count() == 10


def test_hours_from_a_later_day_leave_today_as_it_is(door: Location, lee: Provider) -> None:
    make.hours(lee, door)
    commands.set_provider_hours(
        cast.ana(lee.practice_id),
        provider_id=lee.id,
        hours=[(door.id, 0, time(10), time(14))],
        from_on=date(2026, 4, 6),
    )
    assert queries.hours_in_force(lee.id, cast.MONDAY).count() == 10
    assert [row.begins for row in queries.hours_in_force(lee.id, date(2026, 4, 6))] == [time(10)]
    assert queries.hours_to_come(lee.id, cast.MONDAY).count() == 1


def set_at(lee: Provider, door: Location, begins: int, from_on: date | None = None, turn: int = 0) -> None:
    commands.set_provider_hours(
        cast.ana(lee.practice_id),
        provider_id=lee.id,
        hours=[(door.id, 0, time(begins), time(14))],
        from_on=from_on,
        turn=turn,
    )


def begins_on(lee: Provider, *days: date) -> list[list[int]]:
    return [[row.begins.hour for row in queries.hours_in_force(lee.id, day)] for day in days]


def test_hours_from_an_earlier_day_end_the_old_ones_and_let_those_stand_that_are_set_for_later(
    door: Location, lee: Provider
) -> None:
    set_at(lee, door, 7)
    set_at(lee, door, 9, date(2026, 6, 1))
    set_at(lee, door, 8, date(2026, 4, 6))
    days = (cast.MONDAY, date(2026, 4, 5), date(2026, 4, 6), date(2026, 5, 31), date(2026, 6, 1))
    assert begins_on(lee, *days) == [[7], [7], [8], [8], [9]]
    set_at(lee, door, 10, date(2026, 4, 6))
    assert begins_on(lee, *days) == [[7], [7], [10], [10], [9]]


def test_hours_set_at_once_leave_those_for_later_and_those_that_are_over(
    door: Location, lee: Provider
) -> None:
    set_at(lee, door, 6)
    set_at(lee, door, 7, date(2026, 2, 2))
    set_at(lee, door, 9, date(2026, 6, 1))
    set_at(lee, door, 8)
    days = (date(2026, 2, 1), date(2026, 2, 2), cast.MONDAY, date(2026, 5, 31), date(2026, 6, 1))
    assert begins_on(lee, *days) == [[6], [8], [8], [8], [9]]


@pytest.mark.parametrize("from_on", [None, date(2026, 4, 6)])
def test_an_end_of_hours_that_is_set_for_a_later_day_stays(
    door: Location, lee: Provider, from_on: date | None
) -> None:
    set_at(lee, door, 7)
    leaves = date(2026, 6, 1)
    commands.set_provider_hours(cast.ana(lee.practice_id), provider_id=lee.id, hours=[], from_on=leaves)
    set_at(lee, door, 8, from_on)
    assert begins_on(lee, date(2026, 5, 31), leaves) == [[8], []]
    set_at(lee, door, 9, leaves)  # who sets hours from that day on lets the clinician stay
    assert begins_on(lee, date(2026, 5, 31), leaves) == [[8], [9]]


def test_hours_of_taking_turns_meet_those_of_every_week_that_begin_later(
    door: Location, lee: Provider
) -> None:
    set_at(lee, door, 9, date(2026, 6, 1))
    with pytest.raises(TwoPlacesAtOnce):
        set_at(lee, door, 8, turn=1)
    commands.set_provider_hours(
        cast.ana(lee.practice_id), provider_id=lee.id, hours=[], from_on=date(2026, 7, 6)
    )
    with pytest.raises(TwoPlacesAtOnce):  # in June they still meet
        set_at(lee, door, 8, turn=1)
    set_at(lee, door, 8, date(2026, 7, 6), turn=1)
    assert begins_on(lee, date(2026, 7, 1), date(2026, 7, 6)) == [[9], [8]]


def test_hours_that_were_set_are_taken_back_once(door: Location, lee: Provider) -> None:
    make.hours(lee, door)
    commands.set_provider_hours(
        cast.ana(lee.practice_id),
        provider_id=lee.id,
        hours=[(door.id, 1, time(9), time(12))],
        from_on=date(2100, 6, 7),
    )
    stood = queries.hours_kept(lee.id, 0)
    browser = manager()
    browser.post(f"/schedule/clinicians/{lee.id}/hours/", {"at_0_0": "8-12"})
    html = browser.get(f"/schedule/clinicians/{lee.id}/hours/").content.decode()
    assert "The hours hold until" in html
    undo = unescape(html.split("/hours/undo/?was=")[1].split('"')[0])
    page = f"/schedule/clinicians/{lee.id}/hours/undo/"
    assert browser.post(page, query_params={"was": undo}).status_code == 303
    assert set(queries.hours_kept(lee.id, 0)) == set(stood)
    again = browser.post(page, query_params={"was": undo})
    assert (again.status_code, "set again meanwhile" in again.content.decode()) == (409, True)


def test_an_absence_of_whole_days_ends_with_its_last_day(door: Location, lee: Provider) -> None:
    sent = {"from_day": "2030-03-09", "to_day": "2030-03-10", "reason": "Course"}
    manager().post(f"/schedule/clinicians/{lee.id}/absences/", sent)
    away = Absence.objects.get()
    # the clocks go forward in the night to March 10: the last day has 23 hours
    assert (away.starts_at, away.ends_at) == (
        datetime(2030, 3, 9, 5, tzinfo=UTC),
        datetime(2030, 3, 11, 4, tzinfo=UTC),
    )


def test_visits_that_are_booked_in_an_absence_lead_to_the_list_on_which_they_are_worked_off(
    house: House,
) -> None:
    browser = desk.signed_in(make.member("office_manager", "ana"))
    page = f"/schedule/clinicians/{house.lee.id}/hours/"
    at = datetime(2100, 3, 9, 15, tzinfo=UTC)
    commands.add_absence(house.ana, provider_id=house.lee.pk, starts_at=at, ends_at=at + timedelta(hours=8))
    assert "/schedule/closings/" not in browser.get(page).content.decode()
    appointment(house, at + timedelta(hours=1))
    assert "/schedule/closings/" in browser.get(page).content.decode()


def test_an_afternoon_away_is_typed_and_taken_back(door: Location, lee: Provider) -> None:
    browser = manager()
    sent = {"from_day": "2030-03-09", "from_clock": "1", "to_clock": "5 pm"}
    browser.post(f"/schedule/clinicians/{lee.id}/absences/", sent)
    away = Absence.objects.get()
    assert (away.starts_at.hour, away.ends_at.hour) == (18, 22)
    answer = browser.post(f"/schedule/absences/{away.id}/remove/")
    assert answer["Location"] == f"/schedule/clinicians/{lee.id}/hours/"
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"from_day": "2030-03-09", "from_clock": "soon"}, 422),
        ({"from_day": "2030-03-09", "to_day": "2030-03-01"}, 409),
    ],
)
def test_an_absence_that_cannot_be_leaves_no_trace(
    door: Location, lee: Provider, sent: dict[str, str], status: int
) -> None:
    answer = manager().post(f"/schedule/clinicians/{lee.id}/absences/", sent)
    assert answer.status_code == status
    assert not Absence.objects.exists()


def test_rosa_at_the_desk_sets_none_of_it(door: Location, lee: Provider) -> None:
    browser = desk.signed_in(make.member())
    for path in ("/schedule/types/", "/schedule/clinicians/", f"/schedule/clinicians/{lee.id}/hours/"):
        assert browser.get(path).status_code == 403
    assert browser.post("/schedule/types/", {"name": "Physical", "minutes": "40"}).status_code == 403
    assert not AppointmentType.objects.exists()
