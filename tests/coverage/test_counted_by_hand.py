"""A clerk says under which authorization a visit counts, or under none and why; counted, warned of, taken back."""

from typing import Any

import pytest
from django.urls import reverse

from daysheet.coverage import authorizing, commands
from daysheet.coverage.by_hand import NotForThisVisit
from daysheet.coverage.granted import granted, hints
from daysheet.coverage.models import Authorization
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.schedule import commands as schedule
from daysheet.schedule.models import Appointment
from daysheet.visits import commands as visits
from tests import cast, desk, make
from tests.coverage.test_authorizations import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(practice: Any) -> House:
    return House(practice)


def counts(house: House) -> dict[str, str]:
    rows = authorizing.authorizations(house.patient.pk)
    return {one.held.number: one.counts for one in granted(rows, house.today)}


def choose(house: House, one: Appointment, **said: Any) -> Appointment:
    version = Appointment.objects.get(pk=one.pk).version
    return schedule.count_appointment_under(house.by, appointment_id=one.pk, version=version, **said)


def told_as(one: Appointment) -> tuple[Any, Any, dict[str, str]]:
    one.refresh_from_db()
    return one.authorization_id, one.referral_id, one.by_hand


def test_another_is_chosen_and_counted_and_the_choice_is_taken_back(house: House) -> None:
    first, second = house.enter("AUTH1"), house.enter("AUTH2", visits_approved=9)
    booked = house.book()
    assert booked.authorization_id == first.pk
    choose(house, booked, authorization_id=second.pk)
    assert told_as(booked) == (second.pk, None, {"prior": ""})
    assert counts(house) == {
        "AUTH1": "0 of 3 used, 0 booked, 3 left",
        "AUTH2": "0 of 9 used, 1 booked, 8 left",
    }
    schedule.undo_count_of_appointment(house.by, appointment_id=booked.pk)
    assert told_as(booked) == (first.pk, None, {})
    with pytest.raises(NotForThisVisit, match="Nothing was said by hand"):
        schedule.undo_count_of_appointment(house.by, appointment_id=booked.pk)


def test_none_needs_a_reason_and_then_nothing_is_missing_any_more(house: House) -> None:
    house.card.plan.needs_authorization = True
    house.card.plan.save()
    held, booked = house.enter("AUTH1"), house.book()
    with pytest.raises(NotForThisVisit) as no:
        choose(house, booked, none_of="prior", because="  ")
    assert (list(no.value.fields), told_as(booked)) == (["because"], (held.pk, None, {}))
    choose(house, booked, none_of="prior", because="none needed for this visit")
    assert told_as(booked) == (None, None, {"prior": "none needed for this visit"})
    assert counts(house)["AUTH1"] == "0 of 3 used, 0 booked, 3 left"
    asked: dict[str, Any] = {"today": house.today, "under": (None, None)}
    day = booked.on_day
    assert hints(house.patient.pk, day, ["Follow-up"], by_hand=booked.by_hand, **asked) == []


def test_it_is_worked_out_again_when_the_clerk_says_so(house: House) -> None:
    held, booked = house.enter("AUTH1"), house.book()
    choose(house, booked, none_of="prior", because="wrong plan")
    choose(house, booked)
    assert told_as(booked) == (held.pk, None, {})


def test_what_was_said_by_hand_stays_when_another_is_entered(house: House) -> None:
    first, second = house.enter("AUTH1"), house.enter("AUTH2", what_for=["Therapy"])
    for_other, under_none = house.book(days=3), house.book(days=4)
    choose(house, for_other, authorization_id=second.pk)
    choose(house, under_none, none_of="prior", because="free of charge")
    house.enter("AUTH3", visits_approved=99)
    assert told_as(for_other)[0] == second.pk
    assert told_as(under_none)[0] is None
    commands.mark_authorization_in_error(house.by, authorization_id=second.pk, version=1, reason="twice")
    assert told_as(for_other) == (first.pk, None, {})


def test_a_moved_visit_keeps_what_was_said_while_it_holds_the_new_day(house: House) -> None:
    house.enter("AUTH1")
    second = house.enter("AUTH2", ends_on=house.today.replace(year=house.today.year + 1))
    booked = house.book()
    choose(house, booked, authorization_id=second.pk)
    booked.refresh_from_db()
    at = booked.starts_at.replace(minute=0) + (booked.ends_at - booked.starts_at) * 6
    new = schedule.move_appointment(house.by, appointment_id=booked.pk, version=booked.version, starts_at=at)
    assert told_as(new) == (second.pk, None, {"prior": ""})


def test_it_is_said_while_booking(house: House) -> None:
    house.enter("AUTH1")
    other = house.enter("AUTH2", visits_approved=9)
    facts: dict[str, Any] = {
        "patient_id": house.patient.pk,
        "provider_id": house.lee.pk,
        "location_id": house.door.pk,
        "type_id": house.follow_up.pk,
    }
    at = house.book(days=5).starts_at
    later = at + (at - at.replace(hour=at.hour - 1))
    said = {"authorization_id": other.pk, "none_of": "", "because": ""}
    booked = schedule.book_appointment(house.by, **facts, starts_at=later, counts_under=said)
    assert (booked.authorization_id, booked.by_hand) == (other.pk, {"prior": ""})


def test_the_visit_takes_it_over_and_the_claim_does_not_undo_it(house: House) -> None:
    house.enter("AUTH1")
    booked = house.book()
    choose(house, booked, none_of="prior", because="the study pays")
    Appointment.objects.filter(pk=booked.pk).update(on_day=house.today)
    visit = visits.arrive(house.by, appointment_id=booked.pk)
    assert (visit.authorization_id, visit.by_hand) == (None, {"prior": "the study pays"})
    ben = cast.ben(house.practice.pk, house.now)
    visits.count_under_authorizations(ben, visit_id=visit.pk, codes=["99213"])
    visit.refresh_from_db()
    assert visit.authorization_id is None
    with pytest.raises(schedule.NotOnTheBooks, match="The patient has come"):
        choose(house, booked)
    visits.choose_authorization(house.by, visit_id=visit.pk, version=visit.version)
    visit.refresh_from_db()
    assert visit.authorization_id is not None
    visits.undo_choice_of_authorization(house.by, visit_id=visit.pk)
    visit.refresh_from_db()
    assert (visit.authorization_id, visit.by_hand) == (None, {"prior": "the study pays"})


def test_what_cannot_hold_the_visit_is_refused(house: House) -> None:
    house.enter("AUTH1")
    booked, over = house.book(), house.enter("AUTH2", ends_on=house.today)
    other = make.patient("Quill")
    card = make.coverage(other, house.card.plan)
    theirs = commands.add_authorization(
        house.by, patient_id=other.pk, coverage_id=card.pk, kind="prior", number="X", starts_on=house.today
    )
    for wrong in (over.pk, theirs.pk):
        with pytest.raises(NotForThisVisit):
            choose(house, booked, authorization_id=wrong)
    with pytest.raises(NotForThisVisit):
        choose(house, booked, none_of="luck", because="x")
    with pytest.raises(StaleForm):
        schedule.count_appointment_under(house.by, appointment_id=booked.pk, version=99)
    nobody = cast.auditor(house.practice.pk, house.now)
    with pytest.raises(NotPermitted):
        schedule.count_appointment_under(nobody, appointment_id=booked.pk, version=booked.version)
    assert told_as(booked)[2] == {}


def test_the_page_shows_what_is_left_and_says_it_after_the_choice(house: House) -> None:
    house.enter("AUTH1")
    few = house.enter("AUTH2", visits_approved=5)
    booked = house.book()
    rosa = desk.signed_in(make.member())
    page = reverse("schedule:appointment-authorization", args=[booked.pk])
    body = rosa.get(page).content.decode()
    assert "0 of 5 used, 0 booked, 5 left, 5 visits left" in body
    form = desk.hidden_fields(body, form='id="paper-form"')
    wrong = rosa.post(page, form | {"paper": "none-prior"})
    assert (wrong.status_code, "Say why the visit counts under none" in wrong.content.decode()) == (409, True)
    done = rosa.post(page, form | {"paper": str(few.pk), "_once": "b"})
    assert done.status_code == 303
    shown = rosa.get(done["Location"]).content.decode()
    assert "It counts under Prior authorization AUTH2" in shown
    assert "4 visits left" in shown
    undo = reverse("schedule:appointment-authorization-undo", args=[booked.pk])
    assert undo in shown
    assert rosa.post(undo, desk.hidden_fields(shown, form=f'action="{undo}"')).status_code == 303
    assert Authorization.objects.filter(pk=told_as(booked)[0], number="AUTH1").exists()


def test_the_booking_page_offers_them_only_where_there_are_any(house: House) -> None:
    rosa = desk.signed_in(make.member())
    page = reverse("schedule:appointment-book", args=[house.patient.pk])
    assert "What the visit counts under" not in rosa.get(page).content.decode()
    house.enter("AUTH1")
    assert "What the visit counts under" in rosa.get(page).content.decode()
