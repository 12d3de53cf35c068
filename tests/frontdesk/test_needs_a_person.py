"""The list of coming visits whose plan needs a person: each matter once, by time, with one act."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.coverage import commands as coverage
from daysheet.coverage.models import Coverage, EligibilityInquiry, EligibilityNotNow, Payer
from daysheet.coverage.rules.needs import Facts, act_of, need_of
from daysheet.formats import x12
from daysheet.frontdesk import coming, commands, jobs
from daysheet.kernel.errors import NotPermitted
from daysheet.kernel.jobs import holding
from daysheet.patients.models import Patient
from daysheet.schedule import commands as schedule
from tests import cast, make
from tests.coverage.answering import ACTIVE, reply, take_in
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

AT_TEN = cast.NOW + timedelta(days=1)
TUESDAY = cast.MONDAY + timedelta(days=1)
ENDED = x12.Benefit("6", service_types=("30",))
MANAGED = x12.Benefit(
    "MC", service_types=("30",), others=(x12.Party("HARBOR HMO", id_qualifier="PI", id="HARB1", entity="PR"),)
)


@pytest.fixture(autouse=True)
def quiet() -> Any:
    with holding():
        yield


def booked(house: House, patient: Patient, minutes: int = 0) -> Any:
    return appointment(house, AT_TEN + timedelta(minutes=minutes), patient=patient)


def carded(patient: Patient, name: str = "Blue PPO", payer_id: str = "BLUE1") -> Coverage:
    return make.coverage(patient, make.plan(name, payer_id, by_partner=make.partner("Clearwater")))


def asked(house: House, card: Coverage) -> EligibilityInquiry:
    return coverage.ask_eligibility(house.rosa, coverage_id=card.pk, service_on=TUESDAY)


def listed(house: House, now: datetime = cast.NOW) -> list[tuple[str, str, str]]:
    today: date = now.astimezone(house.door.zone).date()
    found = coming.needs(now=now, today=today, zone=house.door.zone)
    return [(one.appointment.patient.family, one.need.kind, one.act) for one in found.rows]


def test_who_has_no_plan_and_who_has_not_been_asked_stand_there_by_time(house: House) -> None:
    booked(house, house.ann, 30)
    booked(house, house.diaz)
    carded(house.diaz)
    assert listed(house) == [("Diaz", "unasked", "ask"), ("Lee", "none", "add")]


def test_a_plain_yes_and_a_question_on_its_way_need_nobody(house: House) -> None:
    booked(house, house.diaz)
    question = asked(house, carded(house.diaz))
    assert listed(house) == []
    take_in(house.practice.pk, reply(question, ACTIVE))
    assert listed(house) == []


@pytest.mark.parametrize(
    ("answer", "kind", "act"),
    [
        ({"benefits": (ENDED,)}, "inactive", "card"),
        ({"benefits": (ENDED, MANAGED)}, "inactive", "switch"),
        ({"benefits": (ACTIVE, MANAGED)}, "other_payer", "switch"),
        ({"benefits": (ACTIVE, replace(MANAGED, code="R"))}, "other_payer", "first"),
        ({"rejections": (x12.Rejection("subscriber", "75", "C"),)}, "not_found", "card"),
        ({"rejections": (x12.Rejection("provider", "43", "C"),)}, "refused", "ask"),
        ({"rejections": (x12.Rejection("payer", "42", "N", "Y"),)}, "refused", "ask"),
        ({}, "cannot_say", "ask"),
    ],
)
def test_each_answer_that_is_not_a_plain_yes_has_its_act(
    house: House, answer: dict[str, Any], kind: str, act: str
) -> None:
    booked(house, house.diaz)
    question = asked(house, carded(house.diaz))
    benefits = answer.pop("benefits", ())
    take_in(house.practice.pk, reply(question, *benefits, **answer))
    assert listed(house) == [("Diaz", kind, act)]
    page = desk(house).get("/desk/eligibility/").content.decode()
    words = {
        "card": "Open the card",
        "switch": "Switch the payer",
        "ask": "Ask again",
        "first": "Put it first",
    }
    assert words[act] in page


def test_a_payer_of_whom_the_patient_has_a_card_is_no_news(house: House) -> None:
    booked(house, house.diaz)
    make.coverage(house.diaz, make.plan("Harbor HMO", "HARB1"), rank=2, member_id="H1")
    take_in(house.practice.pk, reply(asked(house, carded(house.diaz)), ACTIVE, MANAGED))
    assert listed(house) == [("Diaz", "not_connected", "told")]  # of the second plan; its name is no news


def test_the_day_and_the_page_of_booking_show_that_another_payer_is_named(house: House) -> None:
    booked(house, house.diaz)
    take_in(house.practice.pk, reply(asked(house, carded(house.diaz)), ACTIVE, replace(MANAGED, code="R")))
    rosa = desk(house)
    day = f"/schedule/{TUESDAY.isoformat()}/"
    assert "Another payer named" in rosa.get(day).content.decode()
    assert "Another payer named: HARBOR HMO" in rosa.get(f"/schedule/book/{house.diaz.pk}/").content.decode()
    make.coverage(house.diaz, make.plan("Harbor HMO", "HARB1"), rank=2, member_id="H1")
    assert "Another payer named" not in rosa.get(day).content.decode()


def test_a_silent_payer_stands_there_and_one_that_is_asked_again_by_itself_does_not(house: House) -> None:
    booked(house, house.diaz)
    question = asked(house, carded(house.diaz))
    coverage.give_up_waiting(
        cast.system(house.practice.pk, cast.NOW + timedelta(days=1)), inquiry_id=question.pk
    )
    assert listed(house) == [("Diaz", "silent", "ask")]
    again = coverage.ask_eligibility(
        cast.rosa(house.practice.pk, cast.NOW + timedelta(minutes=9)),
        coverage_id=question.coverage_id,
        service_on=TUESDAY,
    )
    busy = x12.Rejection("payer", "42", "R", "Y")
    take_in(house.practice.pk, reply(again, rejections=(busy,)), cast.NOW + timedelta(minutes=9))
    assert listed(house) == []


def test_one_press_asks_again_and_the_row_is_gone(house: House) -> None:
    visit = booked(house, house.diaz)
    carded(house.diaz)
    rosa = desk(house)
    shown = rosa.get("/desk/eligibility/").content.decode()
    sent = hidden_fields(shown, form='id="needs-acts"')
    piece = rosa.post(reverse("frontdesk:ask-again", args=[visit.pk]), sent, headers={"HX-Request": "true"})
    assert piece.status_code == 200
    assert "DIAZ, Maria" not in piece.content.decode().split('<div class="toast')[0]
    assert EligibilityInquiry.objects.get().appointment_id == visit.pk


def test_not_now_with_a_reason_puts_the_row_aside_and_undo_brings_it_back(house: House) -> None:
    visit = booked(house, house.ann)
    rosa = desk(house)
    address = reverse("frontdesk:put-aside", args=[visit.pk, "none"])
    sent = hidden_fields(rosa.get(address).content.decode(), form='id="put-aside-form"')
    assert rosa.post(address, sent | {"reason": ""}).status_code == 422
    assert rosa.post(address, sent | {"reason": "Brings the card"}).status_code == 303
    assert listed(house) == []
    assert "Brings the card" in rosa.get("/desk/eligibility/").content.decode()
    noted = EligibilityNotNow.objects.get()
    with pytest.raises(coverage.AsideAlready):
        coverage.put_aside(
            house.rosa, patient_id=house.ann.pk, service_on=TUESDAY, kind="none", reason="Once more"
        )
    coverage.take_up(house.rosa, not_now_id=noted.pk)
    assert listed(house) == [("Lee", "none", "add")]


def test_the_list_asks_the_database_no_more_for_more_rows(house: House) -> None:
    rosa = desk(house)
    booked(house, house.diaz)
    carded(house.diaz)
    rosa.get("/desk/eligibility/")
    with CaptureQueriesContext(connection) as one:
        rosa.get("/desk/eligibility/")
    for number in range(4):
        patient = make.patient(f"P{number}")
        make.coverage(patient, make.plan(f"Plan {number}", f"P{number}"))
        booked(house, patient, 30 * (number + 1))
    with CaptureQueriesContext(connection) as five:
        rosa.get("/desk/eligibility/")
    assert len(five) == len(one)


def test_everybody_of_a_day_is_asked_by_one_press_after_a_preview(house: House) -> None:
    booked(house, house.diaz)
    booked(house, house.ann, 30)
    carded(house.diaz)
    rosa = desk(house)
    address = f"/desk/eligibility/day/?day={TUESDAY.isoformat()}"
    shown = rosa.get(address).content.decode()
    assert "Ask 1 plan" in shown
    assert "LEE, Ann" in shown  # cannot be asked: no plan on file
    sent = hidden_fields(shown, form='action="/desk/eligibility/day/"')
    piece = rosa.post("/desk/eligibility/day/", sent, headers={"HX-Request": "true"})
    assert piece.status_code == 200
    assert "1 plan asked" in piece.content.decode()
    assert EligibilityInquiry.objects.get().service_on == TUESDAY


def test_nobody_is_asked_ahead_for_a_visit_that_the_patient_pays(house: House) -> None:
    own, used = booked(house, house.diaz), booked(house, house.ann, 30)
    card = carded(house.diaz)
    make.coverage(house.ann, card.plan)
    schedule.bill_to_patient(house.rosa, appointment_id=own.pk, version=None)
    assert listed(house) == [("Lee", "unasked", "ask")]
    rosa, address = desk(house), f"{reverse('frontdesk:ask-day')}?day={TUESDAY.isoformat()}"
    body = rosa.get(address).content.decode()
    assert "The patient pays this visit: no plan is used" in body
    assert f'href="/schedule/appointments/{own.pk}/"' in body
    assert commands.ask_everybody(house.rosa, day=TUESDAY) == coverage.Asked(1, 0, 0, 1)
    assert EligibilityInquiry.objects.get().appointment_id == used.pk
    assert asked(house, card).coverage == card
    booked(house, house.diaz, 90)  # another visit of that day, for which the plan is used
    found = coming.of_day(TUESDAY, now=cast.NOW + timedelta(days=1), zone=house.door.zone)
    assert "pays_self" not in [one.choice.why for one in found.cannot]


def test_the_night_asks_for_the_days_that_the_office_has_set(house: House) -> None:
    booked(house, house.diaz)
    card = carded(house.diaz)
    jobs.ask_ahead(practice_id=str(house.practice.pk))
    assert EligibilityInquiry.objects.get().coverage_id == card.pk
    jobs.ask_ahead(practice_id=str(house.practice.pk))
    assert EligibilityInquiry.objects.count() == 1


def test_a_payer_to_which_nothing_is_sent_is_told_on_both_pages(house: House) -> None:
    booked(house, house.diaz)
    carded(house.diaz)
    Payer.objects.update(enrolment_rule="block")
    assert listed(house) == [("Diaz", "not_enrolled", "enrol")]
    rosa = desk(house)
    shown = rosa.get(reverse("frontdesk:needs")).text
    assert "Not enrolled: ask by phone" in shown
    assert "only from enrolled offices, and ours has not been started" in shown
    shown = rosa.get(f"/desk/eligibility/day/?day={TUESDAY.isoformat()}").text
    assert "There is nobody to ask for this day." in shown
    assert "The payer takes questions only from enrolled offices: ask by phone" in shown
    jobs.ask_ahead(practice_id=str(house.practice.pk))


def test_the_plan_behind_the_first_is_listed_asked_and_put_aside_too(house: House) -> None:
    visit = booked(house, house.diaz)
    take_in(house.practice.pk, reply(asked(house, carded(house.diaz)), ACTIVE))
    by = make.plan("Sunrise", "SUN", by_partner=Coverage.objects.get().plan.payer.partner)
    second = make.coverage(house.diaz, by, rank=2, member_id="S1")
    assert listed(house) == [("Diaz", "unasked", "ask")]
    coverage.put_aside(
        house.rosa, patient_id=house.diaz.pk, service_on=TUESDAY, kind="unasked", reason="later"
    )
    assert listed(house) == []
    coverage.take_up(house.rosa, not_now_id=EligibilityNotNow.objects.get().pk)
    rosa = desk(house)
    shown = rosa.get("/desk/eligibility/").text
    assert "Sunrise" in shown
    assert f'name="coverage" value="{second.pk}"' in shown
    sent = hidden_fields(shown, form='id="needs-acts"') | {"coverage": str(second.pk)}
    address = reverse("frontdesk:ask-again", args=[visit.pk])
    assert rosa.post(address, sent, headers={"HX-Request": "true"}).status_code == 200
    assert EligibilityInquiry.objects.get(coverage=second).appointment_id == visit.pk
    assert listed(house) == []


def test_the_matter_of_the_first_plan_hides_none_of_the_second_once_it_is_put_aside(house: House) -> None:
    booked(house, house.diaz)
    make.coverage(house.diaz, make.plan("Mill", "MILL"), rank=2, member_id="M1")
    carded(house.diaz)
    assert listed(house) == [("Diaz", "unasked", "ask")]
    coverage.put_aside(
        house.rosa, patient_id=house.diaz.pk, service_on=TUESDAY, kind="unasked", reason="later"
    )
    assert listed(house) == [("Diaz", "not_connected", "told")]


def test_plans_in_a_wrong_order_and_medicares_questions_are_listed_with_the_way_to_them(house: House) -> None:
    booked(house, house.diaz)
    by = make.partner("Clearwater")
    make.coverage(house.diaz, make.plan("Sunrise Medicaid", "SUN", kind="medicaid", by_partner=by))
    medicare = make.plan("Medicare", "MCARE", kind="medicare", by_partner=by)
    make.coverage(house.diaz, medicare, rank=2, member_id="1EG4TE5MK73")
    assert listed(house) == [("Diaz", "wrong_order", "order")]
    rosa = desk(house)
    page = rosa.get("/desk/eligibility/").content.decode()
    assert all(
        one in page for one in ("Plans pay in another order", "Medicare pays first.", "Who pays first")
    )
    for kind, then in (("wrong_order", "questions"), ("questions", "unasked")):
        coverage.put_aside(
            house.rosa, patient_id=house.diaz.pk, service_on=TUESDAY, kind=kind, reason="later"
        )
        assert [one[1] for one in listed(house)] == [then]


def test_who_may_only_read_may_not_put_aside(house: House) -> None:
    with pytest.raises(NotPermitted):
        coverage.put_aside(
            house.auditor, patient_id=house.ann.pk, service_on=TUESDAY, kind="none", reason="no"
        )
    assert not EligibilityNotNow.objects.exists()


def test_matters_and_acts() -> None:
    soon = {"day": TUESDAY, "today": cast.MONDAY}
    assert need_of(Facts("covered", is_due=True), **soon) == "due"
    assert need_of(Facts("unasked", is_connected=False), **soon) == "not_connected"
    assert need_of(Facts("unasked", is_enrolled=False), **soon) == "not_enrolled"
    assert need_of(Facts("unasked"), day=TUESDAY + timedelta(days=5), today=cast.MONDAY) == ""
    assert need_of(Facts("covered", fault="Look at the card."), **soon) == "bad_number"
    assert act_of("refused", "75") == "card"


def test_complaint_16_each_question_carries_the_day_of_its_appointment(house: House) -> None:
    """The third of April, which a flip of day and month makes the fourth of March."""
    appointment(house, datetime(2026, 4, 3, 14, 0, tzinfo=UTC), patient=house.diaz)
    carded(house.diaz)
    rosa = desk(house)
    shown = rosa.get("/desk/eligibility/day/?day=2026-04-03").content.decode()
    sent = hidden_fields(shown, form='action="/desk/eligibility/day/"')
    rosa.post("/desk/eligibility/day/", sent, headers={"HX-Request": "true"})
    question = EligibilityInquiry.objects.get()
    assert question.service_on == date(2026, 4, 3)
    assert question.envelope is not None
    assert b"DTP*291*D8*20260403" in bytes(question.envelope.content)
