"""Teams, languages, days and hours asked of a time; the best times and why; what stands against others."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.access import NotPermitted
from daysheet.kernel.errors import StaleForm
from daysheet.schedule import commands, patterns
from daysheet.schedule.models import ClinicianTeam, ProviderLanguage
from daysheet.schedule.ranking import Why, ranked
from daysheet.schedule.slots import OpenSlot, moment_of
from tests import make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, hours
from tests.schedule.needing import NINE
from tests.schedule.test_keep_time_for_visits import block
from tests.schedule.test_screens_of_the_book import book_address

HTMX = {"HTTP_HX_REQUEST": "true"}
LEE, OSEI = UUID(int=1), UUID(int=2)
DOOR = UUID(int=3)


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def ana(house: House) -> Client:
    return desk(house, "office_manager", "ana")


def asked(house: House, **more: object) -> str:
    facts = {"type": house.follow_up.id, "from_day": "2026-03-10", "part": "any", "who": "", "where": ""}
    return book_address(house, **facts | more)


def slot(who: UUID, day: int, minute: int, left: int = 0) -> OpenSlot:
    begins = 29_000_160 + 600 + day * 1440 + minute
    at = moment_of(begins)
    return OpenSlot(at.date(), who, DOOR, at, moment_of(begins + 20), left)


def test_the_soonest_comes_first_and_says_so() -> None:
    early, late = slot(LEE, 0, 0, 60), slot(LEE, 1, 0, 60)
    best = ranked([late, early], usual_id=None, shortest=10)
    assert [(one.slot, one.why) for one in best] == [(early, (Why.SOONEST,)), (late, ())]


def test_the_usual_clinician_is_worth_two_days_and_not_three() -> None:
    other = slot(OSEI, 0, 0, 60)
    for days, first in ((1, LEE), (3, OSEI)):
        best = ranked([other, slot(LEE, days, 0, 60)], usual_id=LEE, shortest=10)
        assert best[0].slot.provider_id == first


def test_a_gap_that_fits_nothing_is_avoided_on_the_same_day_alone() -> None:
    wasting, meeting = slot(LEE, 0, 0, 5), slot(LEE, 0, 200, 0)
    best = ranked([wasting, meeting], usual_id=None, shortest=10)
    assert [one.slot for one in best] == [meeting, wasting]
    assert best[0].why == (Why.MEETS,)
    assert best[1].why == (Why.SOONEST, Why.WASTES)
    assert ranked([wasting, slot(LEE, 1, 0, 0)], usual_id=None, shortest=10)[0].slot == wasting


def test_what_clashes_comes_last() -> None:
    one, other = slot(LEE, 0, 0, 60), slot(LEE, 1, 0, 60)
    assert ranked([one, other], usual_id=None, shortest=10, clashing={one.key})[0].slot == other
    assert ranked([], usual_id=None, shortest=10) == []


def test_weekdays_and_hours_narrow_the_times(rosa: Client, house: House) -> None:
    body = rosa.get(asked(house, weekdays="3", after="10:30", before="11:30")).content.decode()
    assert "Thu Mar 12, 2026" in body
    assert "Tue Mar 10, 2026</legend>" not in body
    assert "10:30 am" in body
    assert "11:20 am" not in body


@pytest.mark.parametrize(
    ("typed", "said"),
    [({"after": "soon"}, "Write a time"), ({"after": "11", "before": "10"}, "That is before the hour")],
)
def test_hours_that_cannot_be_are_said(rosa: Client, house: House, typed: dict[str, str], said: str) -> None:
    assert said in rosa.get(asked(house, **typed)).content.decode()


def test_a_team_is_looked_for_as_one(rosa: Client, house: House) -> None:
    hours(house.osei, house.door, 1, time(8), time(9))
    team = commands.add_team(house.ana, name="Blue", provider_ids=[house.osei.id])
    body = rosa.get(asked(house, team=team.id)).content.decode()
    assert "8:00 am" in body
    assert "9:00 am" not in body


def test_a_patients_language_is_proposed_where_a_clinician_speaks_it(rosa: Client, house: House) -> None:
    hours(house.osei, house.door, 1, time(8), time(9))
    commands.set_languages(house.ana, provider_id=house.osei.id, languages=["es"])
    house.diaz.__class__.objects.filter(pk=house.diaz.pk).update(language="es")
    body = rosa.get(f"/schedule/book/{house.diaz.id}/").content.decode()
    assert '<option value="es" selected' in body
    assert "8:00 am" in body
    assert "1:00 pm" not in body
    house.diaz.__class__.objects.filter(pk=house.diaz.pk).update(usual_provider=house.lee)
    body = rosa.get(f"/schedule/book/{house.diaz.id}/").content.decode()
    assert '<option value="es" selected' not in body


def test_what_is_asked_goes_with_the_booking(rosa: Client, house: House) -> None:
    page = asked(house, weekdays="3", after="10:30")
    body = rosa.get(page).content.decode()
    assert '<input type="hidden" name="weekdays" value="3">' in body
    assert '<input type="hidden" name="after" value="10:30 am">' in body


def test_kept_time_that_stands_against_an_earlier_one_is_said(rosa: Client, house: House) -> None:
    block(house, make.visit_type("New patient", 40), release=0)
    body = rosa.get(asked(house)).content.decode()
    assert "Why no earlier time" in body
    assert "This time is kept for New patients until" in body
    assert "Tue Mar 10, 2026" in body


def test_where_nothing_fits_other_ways_are_offered(rosa: Client, house: House) -> None:
    body = rosa.get(asked(house, who=house.osei.id)).content.decode()
    assert "Nobody who is asked for sees patients there on these days." in body
    assert "With anyone" in body
    assert f"/schedule/patients/{house.diaz.id}/wait/" in body
    wider = body.split('<a href="/schedule/book/', 1)
    assert len(wider) == 2


def test_who_may_not_book_over_sees_the_refusal_and_loses_nothing(rosa: Client, house: House) -> None:
    block(house, make.visit_type("New patient", 40))
    page = asked(house, who=house.lee.id, where=house.door.id)
    body = rosa.get(page).content.decode()
    fields = hidden_fields(body, form='<form method="post" action="/schedule/')
    typed = {"slot": "other", "day": "3/10/2026", "clock": "9:00", "reason": "Cough"}
    answer = rosa.post(page.partition("?")[0], fields | typed)
    assert answer.status_code == 409
    assert "This time is kept for New patients." in answer.content.decode()
    assert 'value="Cough"' in answer.content.decode()


def test_a_manager_books_into_kept_time_with_a_reason(ana: Client, house: House) -> None:
    block(house, make.visit_type("New patient", 40))
    page = asked(house, who=house.lee.id, where=house.door.id)
    fields = hidden_fields(ana.get(page).content.decode(), form='<form method="post" action="/schedule/')
    typed = {"slot": "other", "day": "3/10/2026", "clock": "9:00"}
    answer = ana.post(page.partition("?")[0], fields | typed)
    assert "Say why it is booked into kept time." in answer.content.decode()
    fields = hidden_fields(answer.content.decode(), form='<form method="post" action="/schedule/')
    answer = ana.post(page.partition("?")[0], fields | typed | {"block_reason": "Fever"})
    assert answer.status_code == 303
    visit = house.diaz.appointments.get()
    assert visit.block_reason == "Fever"
    assert "Booked into kept time because" in ana.get(f"/schedule/appointments/{visit.id}/").content.decode()


def test_a_manager_names_a_team_changes_it_and_forgets_it(ana: Client, house: House) -> None:
    page = "/schedule/teams/"
    assert "No team yet" in ana.get(page).content.decode()
    fields = hidden_fields(ana.get(page).content.decode(), form=f' method="post" action="{page}"')
    typed = {"name": "Blue", "people": [str(house.lee.id)]}
    assert ana.post(page, fields | typed).status_code == 303
    team = ClinicianTeam.objects.get()
    here = f"/schedule/teams/{team.id}/"
    fields = hidden_fields(ana.get(here).content.decode(), form=f' method="post" action="{here}"')
    assert ana.post(here, fields | {"name": "Red", "people": [str(house.osei.id)]}).status_code == 303
    assert patterns.members(team.id) == [house.osei.id]
    stale = ana.post(here, fields | {"_once": "another", "name": "Green", "people": [str(house.lee.id)]})
    assert stale.status_code == 409
    act = f"{here}remove/"
    fields = hidden_fields(ana.get(page).content.decode(), form=f' method="post" action="{act}"')
    assert ana.post(act, fields).status_code == 303
    assert not ClinicianTeam.objects.exists()


@pytest.mark.parametrize("htmx", [{}, HTMX], ids=["plain", "htmx"])
def test_a_team_of_nobody_is_refused_and_its_name_stays(
    ana: Client, house: House, htmx: dict[str, str]
) -> None:
    page = "/schedule/teams/"
    fields = hidden_fields(ana.get(page).content.decode(), form=f' method="post" action="{page}"')
    answer = ana.post(page, fields | {"name": "Blue"}, **htmx)  # type: ignore[arg-type]
    assert answer.status_code == 409
    assert 'value="Blue"' in answer.content.decode()
    assert not ClinicianTeam.objects.exists()


def test_two_teams_have_two_names(house: House) -> None:
    commands.add_team(house.ana, name="Blue", provider_ids=[house.lee.id])
    with pytest.raises(commands.StrangeTeam):
        commands.add_team(house.ana, name="Blue", provider_ids=[house.osei.id])
    with pytest.raises(NotPermitted):
        commands.add_team(house.rosa, name="Red", provider_ids=[house.osei.id])
    team = ClinicianTeam.objects.get()
    with pytest.raises(StaleForm):
        commands.change_team(house.ana, team_id=team.id, version=9, name="Red", provider_ids=[house.lee.id])


def test_a_manager_notes_the_languages_of_a_clinician(ana: Client, house: House) -> None:
    page = f"/schedule/clinicians/{house.lee.id}/languages/"
    fields = hidden_fields(ana.get(page).content.decode(), form=f' method="post" action="{page}"')
    assert ana.post(page, fields | {"languages": ["es", "zh"]}).status_code == 303
    assert sorted(ProviderLanguage.objects.values_list("language", flat=True)) == ["es", "zh"]
    assert "Speaks" in ana.get(f"/schedule/clinicians/{house.lee.id}/hours/").content.decode()
    fields = hidden_fields(ana.get(page).content.decode(), form=f' method="post" action="{page}"')
    assert ana.post(page, fields | {"languages": ["tlh"]}).status_code == 422


def test_a_manager_keeps_time_changes_it_and_takes_it_off(ana: Client, house: House) -> None:
    new = make.visit_type("New patient", 40)
    page = f"/schedule/clinicians/{house.lee.id}/blocks/"
    assert "Nothing is kept" in ana.get(page).content.decode()
    fields = hidden_fields(ana.get(page).content.decode(), form=f' method="post" action="{page}"')
    typed = {
        "name": "New patients",
        "types": [str(new.id)],
        "where": str(house.door.id),
        "weekdays": ["1", "3"],
        "hours": "9-10",
        "release": "2",
        "release_unit": "days",
        "most": "2",
    }
    assert ana.post(page, fields | typed).status_code == 303
    one, other = house.lee.blocks.order_by("weekday")
    body = ana.get(page).content.decode()
    assert "2 days before" in body
    assert "at most 2" in body
    here = f"/schedule/blocks/{one.id}/"
    fields = hidden_fields(ana.get(here).content.decode(), form=f' method="post" action="{here}"')
    two = ana.post(here, fields | typed)
    assert (two.status_code, "A block stands on one weekday" in two.content.decode()) == (422, True)
    changed = {"weekdays": ["2"], "hours": "1-2", "_once": "another"}
    assert ana.post(here, fields | typed | changed).status_code == 303
    one.refresh_from_db()
    assert (one.weekday, one.begins, one.version) == (2, time(13), 2)
    act = f"/schedule/blocks/{other.id}/retire/"
    fields = hidden_fields(ana.get(page).content.decode(), form=f' method="post" action="{act}"')
    assert ana.post(act, fields).status_code == 303
    other.refresh_from_db()
    assert not other.is_active
    again = f"/schedule/blocks/{other.id}/restore/"
    assert ana.post(again, fields | {"_once": "third"}).status_code == 303


@pytest.mark.parametrize("htmx", [{}, HTMX], ids=["plain", "htmx"])
def test_a_block_that_cannot_be_kept_loses_nothing_that_was_typed(
    ana: Client, house: House, htmx: dict[str, str]
) -> None:
    page = f"/schedule/clinicians/{house.lee.id}/blocks/"
    fields = hidden_fields(ana.get(page).content.decode(), form=f' method="post" action="{page}"')
    typed = {"name": "Held", "where": str(house.door.id), "weekdays": ["1"], "hours": "9-10"}
    answer = ana.post(page, fields | typed, **htmx)  # type: ignore[arg-type]
    assert answer.status_code == 409
    assert "Say when it is open to all" in answer.content.decode()
    assert 'value="Held"' in answer.content.decode()
    unread = ana.post(page, fields | typed | {"hours": "9", "_once": "x"}, **htmx)  # type: ignore[arg-type]
    assert unread.status_code == 422
    assert not house.lee.blocks.exists()


def test_kept_time_is_drawn_on_the_day_and_the_week(rosa: Client, house: House) -> None:
    block(house, make.visit_type("New patient", 40), release=0, most=2)
    for page in ("/schedule/2026-03-10/", f"/schedule/2026-03-10/week/?provider={house.lee.id}"):
        body = rosa.get(page).content.decode()
        assert "9:00 am-10:00 am kept for New patients (0/2) until Tue Mar 10, 2026" in body
        assert "behind" in body


def test_the_page_to_book_takes_the_same_statements_whatever_is_kept(rosa: Client, house: House) -> None:
    counts = []
    for n in range(3):
        for k in range(n * 3):
            block(house, make.visit_type(f"Kind {n}{k}", 20), begins=time(9 + k), ends=time(10 + k), most=2)
            appointment(house, NINE + timedelta(days=n, minutes=30 * k), patient=house.ann)
        with CaptureQueriesContext(connection) as heard:
            assert rosa.get(asked(house)).status_code == 200
        counts.append(len(heard))
    assert counts[1] == counts[2]
    assert counts[2] - counts[0] <= 1  # one more where a session counts what is booked in it
    assert date(2026, 3, 10).weekday() == 1
