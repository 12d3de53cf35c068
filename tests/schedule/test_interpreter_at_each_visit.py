"""Every way of booking takes the interpreter whom the patient needs: together, as a series, from the waitlist, next."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client

from daysheet.schedule import changing, commands, waitlist
from daysheet.schedule.changing import Change
from daysheet.schedule.models import Appointment, Resource
from daysheet.visits import commands as visits
from tests import make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk, hours
from tests.schedule.needing import NINE, book, held, resource
from tests.schedule.waiting import FREED, freed, waits

SPANISH = "Interpreter for Spanish"


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def ines(house: House) -> Resource:
    """The one interpreter whom the office has."""
    return resource(house, SPANISH, "interpreter", name="Ines", language="es")


def page(house: House, sort: str) -> str:
    return f"/schedule/book/{house.diaz.id}/{sort}/"


def opened(rosa: Client, house: House, sort: str) -> tuple[str, dict[str, str]]:
    body = rosa.get(page(house, sort)).content.decode()
    return body, hidden_fields(body, form='id="together-form"')


def typed(house: House, ines: Resource) -> dict[str, str]:
    kind = str(house.follow_up.id)
    told = {"type_1": kind, "type_2": kind, "least_2": "0", "from_day": "3/10/2026"}
    told |= {"charts": str(house.ann.chart_number), "interpreter": str(ines.kind_id)}
    for who in (house.diaz.id, house.ann.id):
        told |= {f"comes_{who}": "on", f"kind_{who}": kind}
    return told


def ways(body: str) -> list[str]:
    return re.findall(r'name="choice" value="([^"]+)"', body)


@pytest.mark.parametrize("sort", ["several", "family"])
def test_each_visit_is_booked_with_the_interpreter_when_the_interpreter_is_free(
    rosa: Client, house: House, ines: Resource, sort: str
) -> None:
    taken = commands.book_appointment(
        house.ana,
        patient_id=make.patient("Roy").id,
        provider_id=house.osei.id,
        location_id=house.door.id,
        type_id=house.follow_up.id,
        starts_at=NINE,
        minutes=60,
        also_needs=[ines.kind_id],
    )
    assert held(taken) == ["Ines"]
    _body, fields = opened(rosa, house, sort)
    found = ways(rosa.post(page(house, sort), fields | typed(house, ines)).content.decode())
    first = min(int(part.split(".")[2]) for part in found[0].split("_"))
    assert first * 60 == (NINE + timedelta(hours=1)).timestamp()
    answer = rosa.post(
        page(house, sort), fields | typed(house, ines) | {"choice": found[0], "book": "", "_once": "b"}
    )
    assert answer.status_code == 303
    booked = Appointment.objects.filter(booking="scheduled").exclude(id=taken.id)
    assert [held(one) for one in booked] == [["Ines"], ["Ines"]]


def test_side_by_side_asks_for_two_interpreters(rosa: Client, house: House, ines: Resource) -> None:
    hours(house.osei, house.door, 1, time(9), time(12))
    _body, fields = opened(rosa, house, "family")
    told = typed(house, ines) | {"side_by_side": "on"}
    assert ways(rosa.post(page(house, "family"), fields | told).content.decode()) == []
    resource(house, SPANISH, "interpreter", name="Juan", language="es")
    assert ways(rosa.post(page(house, "family"), fields | told | {"_once": "b"}).content.decode())


def test_the_interpreter_whom_the_patient_needs_is_proposed(
    rosa: Client, house: House, ines: Resource
) -> None:
    chosen = f'<option value="{ines.kind_id}" selected>'
    assert chosen not in opened(rosa, house, "several")[0]
    house.diaz.__class__.objects.filter(pk=house.diaz.pk).update(language="es", needs_interpreter=True)
    for sort in ("several", "family"):
        assert chosen in opened(rosa, house, sort)[0]


def test_an_office_without_interpreters_is_asked_nothing(rosa: Client, house: House) -> None:
    assert "Interpreter at each visit" not in opened(rosa, house, "family")[0]


@pytest.fixture
def needs_one(house: House, ines: Resource) -> House:
    """Ms. Diaz speaks Spanish and needs an interpreter at every visit."""
    house.diaz.__class__.objects.filter(pk=house.diaz.pk).update(language="es", needs_interpreter=True)
    house.diaz.refresh_from_db()
    return house


def busy(house: House, ines: Resource, at: datetime, minutes: int = 60) -> Appointment:
    """Let Ines be with another patient, whom Dr. Osei sees."""
    return commands.book_appointment(
        house.ana,
        patient_id=make.patient(f"Roy{at:%m%d%H%M}").id,
        provider_id=house.osei.id,
        location_id=house.door.id,
        type_id=house.follow_up.id,
        starts_at=at,
        minutes=minutes,
        also_needs=[ines.kind_id],
    )


def test_a_series_is_looked_at_booked_and_changed_with_the_interpreter(
    rosa: Client, needs_one: House, ines: Resource
) -> None:
    house = needs_one
    busy(house, ines, NINE + timedelta(days=7))
    address = f"/schedule/book/{house.diaz.id}/series/"
    shown = rosa.get(address).content.decode()
    told = {"type": house.follow_up.id, "who": house.lee.id, "where": house.door.id, "first_on": "3/10"}
    told |= {"clock": "9:00", "every": "1", "unit": "week", "times": "2"}
    fields = hidden_fields(shown, form='id="series-form"') | {name: str(one) for name, one in told.items()}
    looked = rosa.post(address, fields).content.decode()
    assert "what the visit needs is promised to others" in looked
    assert rosa.post(address, fields | {"book": "", "_once": "b"}).status_code == 303
    first, second = Appointment.objects.filter(patient=house.diaz).order_by("starts_at")
    assert [held(first), held(second)] == [["Ines"], ["Ines"]]
    assert second.starts_at == NINE + timedelta(days=7, hours=1)
    series = first.in_series.series
    rows = changing.preview(changing.places(series.pk), Change(clock=time(9, 30)), now=house.rosa.now)
    assert [one.against for one in rows] == [(), ("what the visit needs is promised to others",)]


def test_who_waits_and_needs_an_interpreter_is_asked_only_when_one_is_free(
    needs_one: House, ines: Resource
) -> None:
    house = needs_one
    gone = freed(house)
    waits(house)
    other = busy(house, ines, FREED)
    assert waitlist.count_of_matches(gone, house.rosa.now) == 0
    commands.cancel_appointment(house.rosa, appointment_id=other.id, version=None, reason="ill")
    (offer,) = commands.offer_slot(house.rosa, freed_by_id=gone.id)
    commands.answer_offer(house.rosa, offer_id=offer.id, answer="accepted")
    assert held(Appointment.objects.get(patient=house.diaz)) == ["Ines"]


def test_a_visit_that_comes_earlier_takes_along_the_interpreter_that_it_has(
    house: House, ines: Resource
) -> None:
    gone = freed(house)
    later = book(house, house.follow_up, FREED + timedelta(days=7), also_needs=[ines.kind_id])
    waits(house, source="booked", moves_id=later.id)
    other = busy(house, ines, FREED)
    assert waitlist.count_of_matches(gone, house.rosa.now) == 0
    commands.cancel_appointment(house.rosa, appointment_id=other.id, version=None, reason="ill")
    (offer,) = commands.offer_slot(house.rosa, freed_by_id=gone.id)
    commands.answer_offer(house.rosa, offer_id=offer.id, answer="accepted")
    assert held(Appointment.objects.get(patient=house.diaz, booking="scheduled")) == ["Ines"]


def test_where_the_office_has_no_interpreter_for_the_language_nobody_is_left_out(needs_one: House) -> None:
    house = needs_one
    house.diaz.__class__.objects.filter(pk=house.diaz.pk).update(language="fr")
    waits(house)
    (offer,) = commands.offer_slot(house.rosa, freed_by_id=freed(house).id)
    commands.answer_offer(house.rosa, offer_id=offer.id, answer="accepted")
    assert held(Appointment.objects.get(patient=house.diaz)) == []


def test_the_follow_up_at_check_out_is_found_and_booked_with_the_interpreter(
    rosa: Client, needs_one: House, ines: Resource
) -> None:
    house = needs_one
    came = visits.arrive(house.rosa, appointment_id=appointment(house, house.rosa.now).id)
    came.__class__.objects.filter(pk=came.pk).update(flow="ready_for_checkout")
    nine = datetime(2026, 6, 8, 13, 0, tzinfo=UTC)  # three months later
    busy(house, ines, nine)
    page = f"/desk/visits/{came.pk}/check-out/"
    body = rosa.get(page).content.decode()
    address = f"{page}follow-up/"
    fields = hidden_fields(body, form=f'action="{address}"')
    assert int(fields["minute"]) * 60 == (nine + timedelta(hours=1)).timestamp()
    assert rosa.post(address, fields).status_code == 303
    assert held(Appointment.objects.get(patient=house.diaz, starts_at__gt=house.rosa.now)) == ["Ines"]


def test_a_closing_proposes_times_at_which_the_interpreter_of_the_visit_is_free(
    house: House, ines: Resource
) -> None:
    met = book(house, house.follow_up, NINE, also_needs=[ines.kind_id])
    bare = book(house, house.follow_up, NINE + timedelta(minutes=20), patient_id=house.ann.id)
    day = (NINE - timedelta(hours=9), NINE + timedelta(hours=15))
    closing = commands.close_span(
        house.rosa, provider_id=house.lee.id, starts_at=day[0], ends_at=day[1], cause="clinician"
    )
    busy(house, ines, NINE + timedelta(days=1))
    assert commands.propose_for_closing(house.rosa, closing_id=closing.id, how="same") == 2
    rows = {one.appointment_id: one for one in closing.rows.all()}
    assert rows[met.id].proposed_at == NINE + timedelta(days=1, hours=1)
    assert rows[bare.id].proposed_at == NINE + timedelta(days=1)
    commands.move_row(house.rosa, row_id=rows[met.id].id, version=rows[met.id].version)
    met.refresh_from_db()
    assert met.moved_to is not None
    assert held(met.moved_to) == ["Ines"]
