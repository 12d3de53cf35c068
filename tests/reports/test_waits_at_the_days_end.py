"""The waits at the day's end: medians, 90th percentiles, what the day counted, and what is left out."""

import csv
import io
import statistics
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from daysheet.kernel.models import AuditLine
from daysheet.kernel.numbers import next_number
from daysheet.reports import rules, waits
from daysheet.reports.rules import Standing, passage, spread, starts_late
from daysheet.schedule.models import Appointment
from daysheet.visits import commands
from daysheet.visits.models import FlowEvent, Visit
from tests import cast, make
from tests.house import House, appointment, desk, furnished

PATH = ("arrived", "checked_in", "roomed", "with_provider", "ready_for_checkout", "checked_out")


@pytest.fixture
def house(db: None) -> Iterator[House]:
    """The office, acting in the test's own transaction."""
    office = furnished()
    with office.open():
        yield office


def came(house: House, *minutes: int, booked: Appointment | None = None, last: str = "") -> Visit:
    """Let somebody through the house: a stamp of each state after so many minutes from ten o'clock."""
    states = PATH[: len(minutes)]
    visit = Visit.objects.create(
        number=next_number("visit"),
        patient=house.diaz,
        provider=house.lee,
        location=house.door,
        appointment=booked,
        service_on=cast.MONDAY,
        flow=last or states[-1],
        flow_since=cast.NOW,
        arrived_at=cast.NOW + timedelta(minutes=minutes[0]),
    )
    for state, after in zip(states, minutes, strict=True):
        stamp(visit, state, after)
    if last:
        stamp(visit, last, minutes[-1] + 1)
    return visit


def stamp(visit: Visit, state: str, after: int, *, is_undo: bool = False) -> None:
    """Write a stamp."""
    FlowEvent.objects.create(
        visit=visit,
        at=cast.NOW + timedelta(minutes=after),
        by_name="Rosa Marin",
        to_state=state,
        is_undo=is_undo,
    )


def of_monday(house: House) -> waits.Waits:
    return waits.waits(cast.MONDAY, cast.MONDAY, zone=house.door.zone)


@given(st.lists(st.integers(0, 500).map(float), min_size=2, max_size=60))
def test_median_and_ninetieth_are_those_of_the_standard_library(values: list[float]) -> None:
    found = spread([*values, None])
    assert found.count == len(values)
    assert found.median == pytest.approx(statistics.median(values))
    assert found.ninetieth == pytest.approx(statistics.quantiles(values, n=10, method="inclusive")[8])


def test_of_one_visit_both_figures_are_its_own_and_of_none_there_is_none() -> None:
    assert spread([7.0]) == rules.Spread(1, 7.0, 7.0)
    assert spread([None]) == rules.Spread(0, None, None)


def test_a_state_counts_from_its_first_stamp() -> None:
    at = [cast.NOW + timedelta(minutes=n) for n in (0, 10, 20, 30, 40, 50)]
    states = ("arrived", "roomed", "with_provider", "roomed", "with_provider", "checked_out")
    told = passage(Standing(*pair) for pair in zip(at, states, strict=True))
    assert (told.to_room, told.to_clinician, told.to_end, told.cycle) == (10, 10, 30, 50)


def test_a_walk_in_is_counted_under_the_kind_that_was_chosen(house: House) -> None:
    visit = came(house, 0, 2, 10, 20, 40, 45)
    visit.type = house.follow_up
    visit.save()
    found = waits.waits(cast.MONDAY, cast.MONDAY, zone=house.door.zone)
    assert ([line.name for line in found.by_type], found.counts.walk_ins) == (["Follow-up"], 1)


def test_who_went_straight_to_the_clinician_has_no_wait_for_a_room() -> None:
    at = [cast.NOW + timedelta(minutes=n) for n in (0, 10, 20, 30)]
    told = passage(
        Standing(*pair)
        for pair in zip(at, ("arrived", "with_provider", "roomed", "checked_out"), strict=True)
    )
    assert (told.to_room, told.to_clinician, told.to_end, told.cycle) == (None, None, 20, 30)


def test_a_late_start_is_more_than_a_quarter_of_an_hour() -> None:
    early = cast.NOW - timedelta(minutes=5)
    assert not starts_late(cast.NOW, early, cast.NOW + timedelta(minutes=15))
    assert starts_late(cast.NOW, early, cast.NOW + timedelta(minutes=16))
    assert not starts_late(None, early, cast.NOW)


def test_a_patient_who_comes_late_makes_no_start_late() -> None:
    came_at = cast.NOW + timedelta(minutes=20)
    assert not starts_late(cast.NOW, came_at, cast.NOW + timedelta(minutes=35))
    assert starts_late(cast.NOW, came_at, cast.NOW + timedelta(minutes=36))


def test_the_day_by_clinician_kind_and_hour(house: House) -> None:
    came(house, 0, 2, 10, 20, 40, 45, booked=appointment(house, cast.NOW))
    came(house, 60, 61, 80, 90, 100, 110)
    found = of_monday(house)
    assert [(line.name, line.visits) for line in found.by_clinician] == [("Dr. Lee", 2)]
    assert [(line.name, line.visits) for line in found.by_type] == [("Follow-up", 1), ("Walk-in", 1)]
    assert [(line.name, line.visits) for line in found.by_hour] == [("10 am", 1), ("11 am", 1)]
    assert found.whole.parts["to_room"] == rules.Spread(2, 15.0, 19.0)
    assert found.whole.parts["cycle"].median == 47.5
    assert waits.drawn(found) == [("10 am", 10.0, "10 min"), ("11 am", 20.0, "20 min")]


def test_what_the_day_counts(house: House) -> None:
    came(house, 0, 2, 10, 20, 40, 45, booked=appointment(house, cast.NOW))
    came(house, 0, 2, last="lwobs")
    came(house, 0)
    appointment(house, cast.NOW + timedelta(hours=2), patient=house.ann, booking="no_show")
    counts = of_monday(house).counts
    assert (counts.booked, counts.seen, counts.no_shows, counts.walk_ins) == (2, 1, 1, 2)
    assert (counts.left_unseen, counts.late_starts, counts.still_here) == (1, 1, 1)


def test_a_step_that_was_taken_back_is_left_out_and_told(house: House) -> None:
    visit = came(house, 0, 2, 10)
    stamp(visit, "checked_in", 11, is_undo=True)
    stamp(visit, "roomed", 30)
    found = of_monday(house)
    assert found.whole.parts["to_room"].median == 30
    assert found.counts.undone == 1


def test_an_imported_visit_is_counted_and_has_no_wait(house: House) -> None:
    commands.import_visit(
        cast.ana(house.practice.pk),
        patient_id=house.diaz.pk,
        provider_id=house.lee.pk,
        location_id=house.door.pk,
        service_on=cast.MONDAY,
        reason="from paper",
        source="old-1",
        started_at=cast.NOW,
        ended_at=cast.NOW + timedelta(minutes=20),
    )
    found = of_monday(house)
    assert (found.whole.visits, found.counts.imported, found.counts.seen) == (0, 1, 0)


def test_an_arrival_that_was_undone_counts_nowhere(house: House) -> None:
    came(house, 0, last="undone")
    assert of_monday(house).whole.visits == 0


def test_another_door_is_left_out(house: House) -> None:
    came(house, 0, 2, 10)
    other = make.location("Lake St", is_main=False)
    assert waits.waits(cast.MONDAY, cast.MONDAY, zone=other.zone, location_id=other.pk).whole.visits == 0


def test_the_statements_stay_three_whatever_the_visits(house: House) -> None:
    counted = []
    for _more in range(2):
        for _visit in range(3):
            came(house, 0, 2, 10)
        with CaptureQueriesContext(
            connection,
        ) as told:
            of_monday(house)
        counted.append(len(told))
    assert counted == [3, 3]


def test_the_page_shows_the_figures_and_names_no_patient(house: House) -> None:
    came(house, 0, 2, 10, 20, 40, 45, booked=appointment(house, cast.NOW))
    page = desk(house).get(reverse("reports:waits")).content.decode()
    assert "10 min / 10 min" in page
    assert "Arrived to roomed: median by hour of arrival" in page
    assert "Diaz" not in page
    assert AuditLine.objects.filter(action="reports.waits.viewed").count() == 1


def test_a_day_without_visits_says_so(house: House) -> None:
    page = desk(house).get(reverse("reports:waits"), {"first": "2026-03-01"}).content.decode()
    assert "Nobody came through the door on these days." in page


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("2026-03-09", "2026-03-01", "The last day comes before the first one."),
        ("2025-01-01", "2026-03-01", "That is more than three months. Ask for fewer days."),
        ("soon", "", "Write a day such as"),
    ],
)
def test_days_that_cannot_be_are_refused_and_kept_in_the_box(
    house: House, first: str, last: str, says: str
) -> None:
    answer = desk(house).get(reverse("reports:waits"), {"first": first, "last": last})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert f'value="{first}"' in answer.content.decode()


def test_the_same_tables_come_as_a_file(house: House) -> None:
    came(house, 0, 2, 10, 20, 40, 45, booked=appointment(house, cast.NOW, type=make.visit_type("=1+1")))
    answer = desk(house).get(reverse("reports:waits-csv"), {"first": "2026-03-09"})
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"].startswith("text/csv")
    assert rows[1][:8] == ["2026-03-09", "2026-03-09", "all", "All visits", "1", "1", "10.0", "10.0"]
    assert [row[3] for row in rows[2:]] == ["Dr. Lee", "'=1+1", "10 am"]


def test_a_file_of_unreadable_days_is_not_there(house: House) -> None:
    assert desk(house).get(reverse("reports:waits-csv"), {"first": "soon"}).status_code == 404


def test_who_may_not_see_the_day_sheet_sees_no_waits(house: House) -> None:
    assert desk(house, "privacy_officer", "pat").get(reverse("reports:waits")).status_code == 403
