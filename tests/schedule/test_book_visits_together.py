"""Visits booked at one press: a chain for a patient, a family; all or none, and taken back as one."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from daysheet.kernel.access import NotPermitted
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import AuditLine
from daysheet.patients.models import Patient, PatientPhone
from daysheet.schedule import commands, seeking
from daysheet.schedule.models import Appointment, GroupVisit, ProviderHours, VisitGroup
from tests import make
from tests.desk import hidden_fields
from tests.house import House, appointment, clinician, desk, furnished, hours
from tests.schedule.needing import NINE

HTMX = {"HTTP_HX_REQUEST": "true"}
TWENTY = timedelta(minutes=20)


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def visit(house: House, n: int = 0, **more: object) -> commands.VisitFact:
    """A visit of Ms. Diaz with Dr. Lee on Tuesday, so many turns after nine."""
    facts = {
        "patient_id": house.diaz.id,
        "provider_id": house.lee.id,
        "location_id": house.door.id,
        "type_id": house.follow_up.id,
        "starts_at": NINE + n * TWENTY,
    } | more
    return commands.VisitFact(**facts)  # type: ignore[arg-type]


def family(house: House) -> list[commands.VisitFact]:
    return [visit(house), visit(house, 1, patient_id=house.ann.id)]


def test_a_family_is_booked_and_taken_back_as_one(house: House) -> None:
    group = commands.book_together(house.rosa, sort="family", visits=family(house), reason="Colds")
    assert [one.number for one in group.visits.order_by("number")] == [1, 2]
    assert set(Appointment.objects.values_list("booking", "reason")) == {("scheduled", "Colds")}
    line = AuditLine.objects.get(action="schedule.group.booked")
    assert set(line.patient_ids) == {house.diaz.id, house.ann.id}
    assert commands.undo_together(house.rosa, group_id=group.pk) == 2
    assert set(Appointment.objects.values_list("booking", flat=True)) == {"entered_in_error"}
    with pytest.raises(commands.GroupIsOver):
        commands.undo_together(house.rosa, group_id=group.pk)


def test_where_one_cannot_be_none_is_booked(house: House) -> None:
    appointment(house, NINE + TWENTY, patient=make.patient("Roy"))
    with pytest.raises(commands.OneStandsAgainst, match=r"Visit 2, Tue, Mar 10, 2026, 9:20 a\.m\..*taken"):
        commands.book_together(house.rosa, sort="family", visits=family(house))
    assert Appointment.objects.count() == 1
    assert not VisitGroup.objects.exists()


def test_one_that_was_cancelled_alone_stays_out_of_the_taking_back(house: House) -> None:
    group = commands.book_together(house.rosa, sort="family", visits=family(house))
    first = group.visits.get(number=1).appointment
    commands.cancel_appointment(house.rosa, appointment_id=first.pk, version=None, reason="Ill", late=False)
    assert commands.undo_together(house.rosa, group_id=group.pk) == 1
    first.refresh_from_db()
    assert first.booking == "cancelled"


@pytest.mark.parametrize("number", [1, 6])
def test_two_to_five_are_booked_together(house: House, number: int) -> None:
    with pytest.raises(Refusal):
        commands.book_together(house.rosa, sort="chain", visits=[visit(house, n) for n in range(number)])
    assert not Appointment.objects.exists()


def test_only_who_books_books_together(house: House) -> None:
    with pytest.raises(NotPermitted):
        commands.book_together(house.auditor, sort="family", visits=family(house))
    assert not Appointment.objects.exists()


def test_the_household_is_who_shares_a_phone_or_the_name_and_the_address(house: House) -> None:
    son, far, gone = make.patient("Diaz", "Luis"), make.patient("Diaz", "Far"), make.patient("Diaz", "Gone")
    roy = make.patient("Roy")
    Patient.objects.filter(pk__in=[house.diaz.pk, house.ann.pk]).update(street="1 Elm St", zip="10001")
    Patient.objects.filter(pk=son.pk).update(street="1 elm st", zip="10001")
    Patient.objects.filter(pk=far.pk).update(street="9 Oak St", zip="10001")
    Patient.objects.filter(pk=gone.pk).update(street="1 Elm St", zip="10001", status="deceased")
    house.diaz.refresh_from_db()
    PatientPhone.objects.all().delete()
    for one in (house.diaz, roy):
        PatientPhone.objects.create(patient=one, number="+15555550100")
    assert [one.given for one in seeking.household(house.diaz)] == [son.given, roy.given]


def form(browser: Client, page: str) -> dict[str, str]:
    return hidden_fields(browser.get(page).content.decode(), form=f' method="post" action="{page}"')


def ways(body: str) -> list[str]:
    return [part.split('"', 1)[0] for part in body.split('name="choice" value="')[1:]]


@pytest.mark.parametrize("htmx", [{}, HTMX], ids=["plain", "htmx"])
def test_the_desk_finds_and_books_a_chain(rosa: Client, house: House, htmx: dict[str, str]) -> None:
    lab = make.visit_type("Lab", 15)
    page = f"/schedule/book/{house.diaz.id}/several/"
    fields = form(rosa, page)
    typed = {
        "type_1": str(lab.id),
        "type_2": str(house.follow_up.id),
        "least_2": "2",
        "most_2": "5",
        "where": str(house.door.id),
        "from_day": "3/10/2026",
        "part": "any",
        "reason": "Physical",
    }
    answer = rosa.post(page, fields | typed, **htmx)  # type: ignore[arg-type]
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "Tue Mar 10, 2026" in body
    assert "over 2 days" in body
    assert not Appointment.objects.exists()
    book = typed | {"choice": ways(body)[0], "book": "", "_once": "second"}
    assert rosa.post(page, fields | book, **htmx).status_code in (200, 303, 204)  # type: ignore[arg-type]
    days = list(Appointment.objects.order_by("starts_at").values_list("on_day", "type__name"))
    assert [(f"{day:%m-%d}", name) for day, name in days] == [("03-10", "Lab"), ("03-12", "Follow-up")]
    group = VisitGroup.objects.get()
    here = f"/schedule/together/{group.pk}/"
    body = rosa.get(here).content.decode()
    assert "DIAZ, Maria" in body
    visit = Appointment.objects.earliest("starts_at")
    assert here in rosa.get(f"/schedule/appointments/{visit.pk}/").content.decode()
    act = f"{here}undo/"
    fields = hidden_fields(body, form=f' method="post" action="{act}"')
    assert rosa.post(act, fields, **htmx).status_code in (200, 303, 204)  # type: ignore[arg-type]
    assert set(Appointment.objects.values_list("booking", flat=True)) == {"entered_in_error"}
    again = rosa.post(act, fields | {"_once": "third"})
    assert again.status_code == 409


def test_who_does_not_use_a_plan_says_so_once_for_the_whole_chain(rosa: Client, house: House) -> None:
    make.coverage(house.diaz, make.plan())
    page, kind = f"/schedule/book/{house.diaz.id}/several/", str(house.follow_up.id)
    typed = {"type_1": kind, "type_2": kind, "least_2": "2", "from_day": "3/10/2026", "pays_self": "on"}
    body = rosa.post(page, form(rosa, page) | typed).content.decode()
    assert 'name="pays_self"' in body
    answer = rosa.post(page, form(rosa, page) | typed | {"choice": ways(body)[0], "book": "", "_once": "c"})
    assert answer.status_code == 303
    assert list(Appointment.objects.values_list("pays_self", flat=True)) == [True, True]


def test_the_desk_finds_and_books_a_family_by_chart_number(rosa: Client, house: House) -> None:
    page = f"/schedule/book/{house.diaz.id}/family/"
    fields = form(rosa, page)
    kind = str(house.follow_up.id)
    typed = {
        f"comes_{house.diaz.id}": "on",
        f"kind_{house.diaz.id}": kind,
        "charts": str(house.ann.chart_number),
        "where": "",
        "from_day": "3/10/2026",
        "part": "any",
    }
    body = rosa.post(page, fields | typed).content.decode()
    assert "LEE, Ann" in body  # whoever is named by number comes
    typed |= {f"comes_{house.ann.id}": "on", f"kind_{house.ann.id}": kind}
    assert "40 minutes in all" in body
    assert "the same clinician for all" in body
    answer = rosa.post(page, fields | typed | {"choice": ways(body)[0], "book": "", "_once": "c"})
    assert answer.status_code == 303
    starts = Appointment.objects.order_by("starts_at").values_list("starts_at", "patient__family")
    assert list(starts) == [(NINE, "Diaz"), (NINE + TWENTY, "Lee")]
    assert VisitGroup.objects.get().sort == "family"


def test_of_a_family_each_who_has_a_plan_is_asked_alone(rosa: Client, house: House) -> None:
    page, kind = f"/schedule/book/{house.diaz.id}/family/", str(house.follow_up.id)
    third = make.patient("Cho", "Ken")
    typed = {"where": "", "from_day": "3/10/2026", "part": "any"}
    typed["charts"] = f"{house.ann.chart_number} {third.chart_number}"
    for one in (house.diaz, house.ann, third):
        typed |= {f"comes_{one.id}": "on", f"kind_{one.id}": kind}
    body = rosa.post(page, form(rosa, page) | typed).content.decode()
    assert 'name="pays_self"' not in body
    plan = make.plan()
    make.coverage(house.diaz, plan)
    make.coverage(third, plan)
    body = rosa.post(page, form(rosa, page) | typed).content.decode()
    asked = re.findall(r'name="pays_self" value="([^"]+)"', body)
    assert asked == [str(house.diaz.id), str(third.id)]
    typed |= {"pays_self": str(third.id)}
    looked = rosa.post(page, form(rosa, page) | typed).content.decode()
    assert re.findall(r'name="pays_self" value="([^"]+)" checked', looked) == [str(third.id)]
    strange = rosa.post(page, form(rosa, page) | typed | {"pays_self": str(house.door.id)})
    assert strange.status_code == 422
    answer = rosa.post(page, form(rosa, page) | typed | {"choice": ways(body)[0], "book": "", "_once": "c"})
    assert answer.status_code == 303
    assert list(Appointment.objects.filter(pays_self=True).values_list("patient_id", flat=True)) == [third.id]
    assert Appointment.objects.count() == 3


def test_who_may_book_outside_the_hours_says_why_for_all_of_them(house: House) -> None:
    ProviderHours.objects.all().delete()
    hours(house.lee, house.door, 1, time(9), time(9, 20))
    browser, page = desk(house, "office_manager", "ana"), f"/schedule/book/{house.diaz.id}/family/"
    visits = family(house)
    with pytest.raises(commands.OneStandsAgainst, match="Visit 2") as no:
        commands.book_together(house.rosa, sort="family", visits=visits, hours_reason="Both have a cold")
    assert no.value.fields == {}
    told = form(browser, page) | {
        f"{name}_{one.pk}": value
        for one in (house.diaz, house.ann)
        for name, value in (("comes", "on"), ("kind", str(house.follow_up.pk)))
    }
    told |= {"charts": str(house.ann.chart_number), "book": "", "from_day": "3/10/2026", "part": "any"}
    told["choice"] = "_".join(
        f"{one.provider_id}.{one.location_id}.{int(one.starts_at.timestamp()) // 60}" for one in visits
    )
    asked = browser.post(page, told)
    assert (asked.status_code, Appointment.objects.exists()) == (409, False)
    body = asked.content.decode()
    assert 'name="hours_reason"' in body
    assert f'value="{told["choice"]}" checked' in body
    assert browser.post(page, told | {"hours_reason": "Both have a cold", "_once": "x"}).status_code == 303
    reasons = Appointment.objects.order_by("starts_at").values_list("hours_reason", flat=True)
    assert list(reasons) == ["", "Both have a cold"]


def test_two_of_a_family_with_the_same_name_are_told_apart_on_each_way(rosa: Client, house: House) -> None:
    page = f"/schedule/book/{house.diaz.id}/family/"
    namesake = make.patient("Diaz", "Maria", born_on=date(2015, 4, 2))
    kind = str(house.follow_up.id)
    typed = {"charts": f"{namesake.chart_number}", "where": "", "from_day": "3/10/2026", "part": "any"}
    for one in (house.diaz, namesake):
        typed |= {f"comes_{one.id}": "on", f"kind_{one.id}": kind}
    body = rosa.post(page, form(rosa, page) | typed).content.decode()
    line = next(one for one in body.splitlines() if "way-line" in one)
    assert f"DIAZ, Maria, Apr 2, 2015, {namesake.chart_number}" in line
    assert f", {house.diaz.chart_number}, Dr. Lee" in line


def test_a_chart_number_that_nobody_has_is_said(rosa: Client, house: House) -> None:
    page = f"/schedule/book/{house.diaz.id}/family/"
    typed = {"charts": "999999", "from_day": "3/10/2026", f"comes_{house.diaz.id}": "on"}
    answer = rosa.post(page, form(rosa, page) | typed)
    assert answer.status_code == 422
    assert "No patient has this chart number: 999999." in answer.content.decode()


def test_side_by_side_takes_two_clinicians(rosa: Client, house: House) -> None:
    hours(house.osei, house.door, 1, time(10), time(11))
    page = f"/schedule/book/{house.diaz.id}/family/"
    kind = str(house.follow_up.id)
    typed = {
        f"comes_{house.diaz.id}": "on",
        f"kind_{house.diaz.id}": kind,
        f"comes_{house.ann.id}": "on",
        f"kind_{house.ann.id}": kind,
        "charts": str(house.ann.chart_number),
        "from_day": "3/10/2026",
        "side_by_side": "on",
    }
    body = rosa.post(page, form(rosa, page) | typed).content.decode()
    assert "10:00 am" in body
    assert "20 minutes in all" in body
    wrong = rosa.post(page, form(rosa, page) | typed | {"who": str(house.lee.id)})
    assert wrong.status_code == 422
    assert "Side by side takes two clinicians" in wrong.content.decode()


def test_where_nothing_fits_together_other_ways_are_offered(rosa: Client, house: House) -> None:
    page = f"/schedule/book/{house.diaz.id}/several/"
    kind = str(house.follow_up.id)
    typed = {"type_1": kind, "type_2": kind, "who_2": str(house.osei.id), "from_day": "3/10/2026"}
    body = rosa.post(page, form(rosa, page) | typed).content.decode()
    assert "Nothing fits" in body
    assert f"/schedule/patients/{house.diaz.id}/wait/" in body


@pytest.mark.parametrize("choice", ["", "x", "a.b.c_d.e.f", "1.2.3", "_", "..9_..9"])
def test_what_is_no_way_is_refused(rosa: Client, house: House, choice: str) -> None:
    page = f"/schedule/book/{house.diaz.id}/several/"
    kind = str(house.follow_up.id)
    typed = {"type_1": kind, "type_2": kind, "from_day": "3/10/2026", "choice": choice, "book": ""}
    assert rosa.post(page, form(rosa, page) | typed).status_code == 422
    assert not Appointment.objects.exists()


def test_a_time_that_was_taken_meanwhile_is_told_and_new_ways_are_shown(rosa: Client, house: House) -> None:
    page = f"/schedule/book/{house.diaz.id}/several/"
    kind = str(house.follow_up.id)
    fields = form(rosa, page)
    typed = {"type_1": kind, "type_2": kind, "least_2": "0", "from_day": "3/10/2026", "reason": "Cough"}
    chosen = ways(rosa.post(page, fields | typed).content.decode())[0]
    appointment(house, NINE, patient=house.ann)
    answer = rosa.post(page, fields | typed | {"choice": chosen, "book": "", "_once": "b"})
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was booked." in body
    assert 'value="Cough"' in body
    assert chosen not in ways(body)
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("typed", [{"least_2": "9", "most_2": "3"}, {"type_2": ""}, {"from_day": "soon"}])
def test_a_chain_that_cannot_be_read_is_said(rosa: Client, house: House, typed: dict[str, str]) -> None:
    page = f"/schedule/book/{house.diaz.id}/several/"
    kind = str(house.follow_up.id)
    usual = {"type_1": kind, "type_2": kind, "from_day": "3/10/2026"}
    assert rosa.post(page, form(rosa, page) | usual | typed).status_code == 422


@pytest.mark.parametrize("sort", ["several", "family"])
def test_finding_takes_the_same_statements_whatever_the_rows(rosa: Client, house: House, sort: str) -> None:
    page = f"/schedule/book/{house.diaz.id}/{sort}/"
    kind = str(house.follow_up.id)
    typed = {"type_1": kind, "type_2": kind, "from_day": "3/10/2026", "least_2": "1", "most_2": "9"}
    typed |= {"charts": str(house.ann.chart_number)}
    for who in (house.diaz.id, house.ann.id):
        typed |= {f"comes_{who}": "on", f"kind_{who}": kind}
    fields = form(rosa, page)
    counts = []
    for n in range(3):
        for k in range(n * 4):
            who = clinician(f"Doctor{n}{k}", house.door)
            hours(who, house.door, 1, time(9), time(12))
            appointment(house, NINE + timedelta(days=n, minutes=20 * k), provider=who, patient=make.patient())
        with CaptureQueriesContext(connection) as heard:
            assert rosa.post(page, fields | typed | {"_once": f"n{n}"}).status_code == 200
        counts.append(len(heard))
    # A family that one clinician sees on few days alone reads one more piece of the book.
    assert counts[1] == counts[2] <= counts[0] <= counts[1] + 10, counts
    assert counts[0] <= 40, counts


CLERKS, ROUNDS = 6, 6


@pytest.fixture
def desks() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(CLERKS) as pool:
        yield pool
        all_in = Barrier(CLERKS)

        def leave() -> None:
            all_in.wait()
            connection.close()

        list(pool.map(lambda _: leave(), range(CLERKS)))


@pytest.mark.django_db(transaction=True)
def test_of_many_desks_with_families_at_one_time_one_wins_and_no_half_is_booked(
    desks: ThreadPoolExecutor,
) -> None:
    office = furnished()
    with office.open():
        hours(office.osei, office.door, 1, time(9), time(12))
        pairs = [(make.patient(f"A{n}").id, make.patient(f"B{n}").id) for n in range(CLERKS)]
    for turn in range(ROUNDS):
        start = Barrier(CLERKS)

        def ask(number: int, turn: int = turn, start: Barrier = start) -> str:
            one, other = pairs[number]
            # Half of the desks name the clinicians the other way round: no two wait for each other.
            first, second = (office.lee, office.osei)[:: 1 if number % 2 else -1]
            visits = [
                visit(office, turn, patient_id=one, provider_id=first.id),
                visit(office, turn, patient_id=other, provider_id=second.id),
            ]
            start.wait()
            try:
                commands.book_together(office.rosa, sort="family", visits=visits)
            except Refusal as no:
                return type(no).__name__
            return "done"

        said = sorted(desks.map(ask, range(CLERKS)))
        assert said == ["OneStandsAgainst"] * (CLERKS - 1) + ["done"]
    with office.open():
        assert Appointment.objects.count() == GroupVisit.objects.count() == 2 * ROUNDS
        assert VisitGroup.objects.count() == ROUNDS
