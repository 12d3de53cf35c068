"""Check-in and check-out at the desk, by plain forms: each step, each undo, the money, the way out."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from daysheet.coverage.models import Authorization
from daysheet.frontdesk import commands
from daysheet.frontdesk.checkin import money_of
from daysheet.kernel.errors import Refusal
from daysheet.kernel.models import AuditLine
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import Balance, Payment
from daysheet.patients.models import Patient
from daysheet.privacy.models import Consent
from daysheet.schedule.models import Appointment
from daysheet.tasks.models import WorkqueueItem
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit, VisitStep
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

TEN = cast.NOW


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


@pytest.fixture
def visit(house: House) -> Visit:
    """Ms. Diaz has come; her plan's card says a copay of thirty dollars, and she owes 12.40 from before."""
    plan = make.plan()
    plan.office_copay = Decimal("30.00")
    plan.save()
    make.coverage(house.diaz, plan)
    Balance.objects.create(patient=house.diaz, owes=Decimal("12.40"))
    return visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)


def post(rosa: Client, visit: Visit, tail: str, page: str = "check-in/", **typed: str) -> int:
    address, to = f"/desk/visits/{visit.id}/{page}", f"/desk/visits/{visit.id}/{tail}"
    fields = hidden_fields(rosa.get(address).content.decode(), form=f'action="{to}"')
    return rosa.post(to, fields | typed).status_code


def state(visit: Visit, kind: str) -> tuple[str, str]:
    step = VisitStep.objects.get(visit=visit, kind=kind)
    return step.state, step.reason


def test_the_page_names_every_step_and_where_the_amount_comes_from(rosa: Client, visit: Visit) -> None:
    body = rosa.get(f"/desk/visits/{visit.id}/check-in/").content.decode()
    for words in ("Identity", "Phone and address", "Coverage today", "Notice of privacy practices", "Copay"):
        assert words in body
    assert "copay 30.00 + old 12.40" in body
    assert 'value="42.40"' in body
    assert "what the Blue PPO card says" in body


def test_a_step_is_ticked_put_off_and_opened_again(rosa: Client, visit: Visit) -> None:
    tail = "check_in/steps/demographics/"
    assert post(rosa, visit, tail, act="do") == 303
    assert state(visit, "demographics") == ("done", "")
    assert post(rosa, visit, tail, act="undo") == 303
    assert post(rosa, visit, tail, act="not_now", reason="too ill to say") == 303
    assert state(visit, "demographics") == ("not_now", "too ill to say")
    # Nobody types a NUL, and the database keeps none: the rest of what was sent stays.
    assert post(rosa, visit, tail, act="not_now", reason="too tired\x00 to say") == 303
    assert state(visit, "demographics") == ("not_now", "too tired to say")


def test_what_the_patient_says_is_compared_and_the_chart_is_not_read_out(rosa: Client, visit: Visit) -> None:
    Patient.objects.filter(id=visit.patient_id).update(street="12 Main St")
    wrong = {"born_on_0": "3", "born_on_1": "15", "born_on_2": "1962", "street": "12 Main"}
    assert post(rosa, visit, "check-in/identity/", **wrong) == 409
    assert state(visit, "identity")[0] == "open"
    assert post(rosa, visit, "check-in/identity/", **wrong | {"born_on_1": "14"}) == 303
    assert state(visit, "identity")[0] == "done"


def test_the_notice_is_signed_by_name_or_not_with_a_reason(rosa: Client, visit: Visit) -> None:
    assert post(rosa, visit, "check-in/notice/", signed_by="", reason="") == 409
    assert post(rosa, visit, "check-in/notice/", reason="Emergency") == 303
    assert state(visit, "privacy_notice") == ("not_now", "Emergency")
    visits.undo_step(cast.rosa(visit.practice_id), visit_id=visit.id, stage="check_in", kind="privacy_notice")
    assert post(rosa, visit, "check-in/notice/", signed_by="Maria Diaz") == 303
    assert Consent.objects.filter(signed_by="Maria Diaz", kind="npp").count() == 1
    assert state(visit, "privacy_notice")[0] == "done"


def test_a_cash_copay_is_taken_once_with_a_receipt_and_can_be_voided(rosa: Client, visit: Visit) -> None:
    assert post(rosa, visit, "check_in/pay/", amount="30", method="cash") == 303
    payment = Payment.objects.get()
    assert (payment.amount, payment.method, payment.visit_id) == (Decimal("30.00"), "cash", visit.id)
    assert state(visit, "copay")[0] == "done"
    undo = f"check_in/pay/{payment.id}/undo/"
    assert post(rosa, visit, undo, reason=" ") == 409
    payment.refresh_from_db()
    assert payment.voided_at is None
    assert post(rosa, visit, undo, reason="Wrong amount") == 303
    payment.refresh_from_db()
    assert (payment.voided_at is not None, payment.void_reason) == (True, "Wrong amount")
    assert state(visit, "copay")[0] == "open"


def test_only_who_has_just_taken_money_takes_it_back_without_a_reason(house: House, visit: Visit) -> None:
    def taken() -> Payment:
        return commands.take_copay(house.rosa, visit_id=visit.id, amount=Decimal(1), method="cash")

    first, later = taken(), replace(house.rosa, now=TEN + timedelta(minutes=3))
    for by in (later, house.ana):
        with pytest.raises(Refusal, match="Say why the receipt is voided"):
            commands.undo_copay(by, visit_id=visit.id, payment_id=first.pk)
    assert not Payment.objects.exclude(voided_at=None).exists()
    assert commands.undo_copay(house.rosa, visit_id=visit.id, payment_id=first.pk).void_reason
    assert commands.undo_copay(
        later, visit_id=visit.id, payment_id=taken().pk, reason="Wrong patient"
    ).voided_at


def owes(house: House, amount: str) -> None:
    """Ms. Diaz owes an amount from another system."""
    ledger.bring_forward(
        cast.system(house.practice.pk),
        patient_id=house.diaz.pk,
        amount=Decimal(amount),
        service_on=cast.MONDAY - timedelta(days=60),
        memo="former system",
        source_key=f"former/{amount}",
    )


def test_voiding_what_was_paid_at_check_out_opens_its_own_step_alone(house: House, visit: Visit) -> None:
    Balance.objects.all().delete()
    owes(house, "12.40")
    rosa, later = cast.rosa(visit.practice_id), cast.rosa(visit.practice_id).at(TEN + timedelta(hours=1))
    commands.take_copay(rosa, visit_id=visit.id, amount=Decimal("42.40"), method="cash")
    owes(house, "20.00")
    second = commands.take_copay(later, visit_id=visit.id, amount=Decimal("20.00"), method="cash")
    done = [state(visit, kind)[0] for kind in ("copay", "old_balance", "balance")]
    assert done == ["done", "done", "done"]
    commands.undo_copay(later, visit_id=visit.id, payment_id=second.pk)
    assert [state(visit, kind)[0] for kind in ("copay", "old_balance", "balance")] == ["done", "done", "open"]


def test_voiding_one_of_two_opens_the_copay_only_when_the_rest_does_not_cover_it(
    house: House, visit: Visit
) -> None:
    rosa = cast.rosa(visit.practice_id)
    first = commands.take_copay(rosa, visit_id=visit.id, amount=Decimal("10.00"), method="cash")
    commands.take_copay(rosa, visit_id=visit.id, amount=Decimal("32.40"), method="cash")
    commands.undo_copay(rosa, visit_id=visit.id, payment_id=first.pk)
    assert state(visit, "copay")[0] == "done"
    second = Payment.objects.get(voided_at=None)
    commands.undo_copay(rosa, visit_id=visit.id, payment_id=second.pk)
    assert state(visit, "copay")[0] == "open"


@pytest.mark.parametrize(
    "typed",
    [
        {"amount": "", "method": "cash"},
        {"amount": "-5", "method": "cash"},
        {"amount": "0", "method": "cash"},
        {"amount": "99999999999999", "method": "cash"},
        {"amount": "12.345", "method": "cash"},
        {"amount": "30", "method": "check", "check_number": ""},
        {"amount": "30", "method": "card", "card_brand": "Visa", "card_last4": "12"},
        {"amount": "30", "method": "card", "card_brand": "", "card_last4": "1234"},
        {"amount": "30", "method": "gold"},
    ],
)
def test_money_that_cannot_be_is_refused_and_nothing_is_taken(
    rosa: Client, visit: Visit, typed: dict[str, str]
) -> None:
    assert post(rosa, visit, "check_in/pay/", **typed) in (409, 422)
    assert not Payment.objects.exists()
    assert state(visit, "copay")[0] == "open"


def test_no_field_takes_a_card_number(rosa: Client, visit: Visit) -> None:
    fields = {"amount": "30", "method": "card", "card_brand": "Visa", "card_last4": "4111111111111111"}
    assert post(rosa, visit, "check_in/pay/", **fields) == 422
    assert not Payment.objects.exists()


def test_check_in_is_refused_while_a_step_is_open_and_says_which(rosa: Client, visit: Visit) -> None:
    address = f"/desk/visits/{visit.id}/check-in/"
    fields = hidden_fields(rosa.get(address).content.decode(), form=f'action="{address}"')
    answer = rosa.post(address, fields | {"ticked": ["identity", "demographics"]})
    assert answer.status_code == 409
    assert "Still open: Coverage today, Notice of privacy practices, Copay." in answer.content.decode()
    visit.refresh_from_db()
    assert visit.flow == "arrived"
    assert state(visit, "identity")[0] == "open"  # nothing half done


def test_a_copay_of_nothing_is_on_file_and_one_that_is_named_since_is_asked(
    rosa: Client, house: House
) -> None:
    plan = make.plan()
    plan.office_copay = Decimal(0)
    plan.save()
    make.coverage(house.diaz, plan)
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    page = f"/desk/visits/{visit.id}/check-in/"
    assert state(visit, "copay") == ("done", "on file")
    assert "$0.00, what the Blue PPO card says" in rosa.get(page).content.decode()
    ticks = {"ticked": ["identity", "demographics", "coverage"]}
    visits.not_now(house.rosa, visit_id=visit.id, stage="check_in", kind="privacy_notice", reason="later")
    plan.office_copay = Decimal("25.00")
    plan.save()
    assert "copay 25.00" in rosa.get(page).content.decode()
    end = hidden_fields(rosa.get(page).content.decode(), form='id="desk-end"')
    late = rosa.post(page, end | ticks)
    assert (late.status_code, "named a copay of $25.00 since" in late.content.decode()) == (409, True)
    assert state(visit, "copay") == ("done", "on file")
    assert post(rosa, visit, "check_in/pay/", amount="25", method="cash") == 303
    assert rosa.post(page, end | ticks).status_code == 303


def test_who_owes_no_copay_is_checked_in_without_a_press_for_it(rosa: Client, house: House) -> None:
    plan = make.plan()
    make.coverage(house.diaz, plan)
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    page = f"/desk/visits/{visit.id}/check-in/"
    shown = rosa.get(page).content.decode()
    assert "Plan has not said: take nothing now" in shown
    assert "Nothing due" not in shown
    plan.office_copay = Decimal(0)
    plan.save()
    visits.not_now(house.rosa, visit_id=visit.id, stage="check_in", kind="privacy_notice", reason="later")
    shown = rosa.get(page).content.decode()
    assert "Copay" not in shown[shown.index('id="desk-end"') :]
    end = hidden_fields(shown, form='id="desk-end"')
    assert rosa.post(page, end | {"ticked": ["identity", "demographics", "coverage"]}).status_code == 303
    assert state(visit, "copay")[0] == "done"


def test_with_nothing_missing_one_press_ticks_and_checks_in(rosa: Client, house: House, visit: Visit) -> None:
    for kind in ("coverage", "privacy_notice", "copay"):
        visits.do_step(house.rosa, visit_id=visit.id, stage="check_in", kind=kind)
    address = f"/desk/visits/{visit.id}/check-in/"
    fields = hidden_fields(rosa.get(address).content.decode(), form=f'action="{address}"')
    answer = rosa.post(address, fields | {"ticked": ["identity", "demographics"]})
    visit.refresh_from_db()
    assert (answer.status_code, answer["Location"], visit.flow) == (303, "/desk/", "checked_in")
    assert "Maria Diaz is checked in." in rosa.get("/desk/").content.decode()


def test_nobody_attests_identity_by_a_box_that_was_ticked_before(
    rosa: Client, house: House, visit: Visit
) -> None:
    address = f"/desk/visits/{visit.id}/check-in/"
    ends = 'form="desk-end" name="ticked" value="identity"'
    body = rosa.get(address).content.decode()
    assert 'id="step-identity" data-autofocus' in body
    assert (ends in body, "Open: Identity" in body) == (False, True)
    for kind in ("coverage", "privacy_notice", "copay"):
        visits.do_step(house.rosa, visit_id=visit.id, stage="check_in", kind=kind)
    body = rosa.get(address).content.decode()
    end = body[body.index('id="desk-end"') :]
    ticked = re.findall(r'name="ticked" value="(\w+)" checked', end)
    assert (ticked, ends in body) == (["demographics"], True)
    assert post(rosa, visit, "check-in/", ticked="demographics") == 409
    assert state(visit, "identity")[0] == "open"


def ready(visit: Visit) -> Visit:
    Visit.objects.filter(id=visit.id).update(flow="ready_for_checkout")
    visit.refresh_from_db()
    return visit


def test_check_out_asks_for_the_slip_and_the_follow_up(rosa: Client, visit: Visit) -> None:
    ready(visit)
    page = f"/desk/visits/{visit.id}/check-out/"
    assert post(rosa, visit, "check-out/", page="check-out/") == 409
    assert post(rosa, visit, "check_out/steps/charges/", "check-out/", act="not_now", reason="later") == 303
    assert (
        post(rosa, visit, "check_out/steps/follow_up/", "check-out/", act="not_now", reason="Not needed")
        == 303
    )
    assert rosa.get(page).status_code == 200
    assert post(rosa, visit, "check_out/pay/", "check-out/", amount="30", method="cash") == 303
    assert post(rosa, visit, "check-out/", page="check-out/") == 303
    visit.refresh_from_db()
    assert (visit.flow, visit.appointment.booking) == ("checked_out", "completed")


def test_a_copay_that_was_put_off_at_check_in_comes_back_at_check_out(
    rosa: Client, house: House, visit: Visit
) -> None:
    visits.not_now(house.rosa, visit_id=visit.id, stage="check_in", kind="copay", reason="Terminal is down")
    ready(visit)
    for kind in ("charges", "follow_up"):
        visits.not_now(house.rosa, visit_id=visit.id, stage="check_out", kind=kind, reason="later")
    page = "check-out/"
    assert "Required and open: Balance" in rosa.get(f"/desk/visits/{visit.id}/{page}").content.decode()
    assert post(rosa, visit, "check-out/", page) == 409
    assert post(rosa, visit, "check_out/pay/", page, amount="10", method="cash") == 303
    assert (post(rosa, visit, "check-out/", page), state(visit, "balance")[0]) == (409, "open")
    put_off = {"act": "not_now", "reason": "Bill me"}
    assert post(rosa, visit, "check_out/steps/balance/", page, **put_off) == 303
    assert post(rosa, visit, "check-out/", page) == 303


def test_nothing_is_asked_at_check_out_where_the_copay_is_paid(
    rosa: Client, house: House, owing_nothing: Visit
) -> None:
    commands.take_copay(house.rosa, visit_id=owing_nothing.id, amount=Decimal(30), method="cash")
    ready(owing_nothing)
    for kind in ("charges", "follow_up"):
        visits.not_now(house.rosa, visit_id=owing_nothing.id, stage="check_out", kind=kind, reason="later")
    assert post(rosa, owing_nothing, "check-out/", "check-out/") == 303


def test_a_follow_up_in_three_months_is_one_press(rosa: Client, visit: Visit) -> None:
    ready(visit)
    assert post(rosa, visit, "check-out/follow-up/", page="check-out/") == 303
    booked = Appointment.objects.exclude(id=visit.appointment_id).get()
    assert (str(booked.on_day), booked.provider_id) == ("2026-06-08", visit.provider_id)
    assert state(visit, "follow_up")[0] == "done"


def test_the_follow_up_is_named_by_day_and_time_and_undo_takes_the_appointment_back(
    rosa: Client, visit: Visit
) -> None:
    ready(visit)
    page, to = (f"/desk/visits/{visit.id}/{tail}" for tail in ("check-out/", "check-out/follow-up/"))
    fields = hidden_fields(rosa.get(f"{page}?in=1m").content.decode(), form=f'action="{to}"')
    assert fields["in"] == "1m"
    shown = rosa.post(to, fields, HTTP_HX_REQUEST="true").content.decode()
    booked = Appointment.objects.exclude(id=visit.appointment_id).get()
    assert str(booked.on_day) == "2026-04-08"
    assert "Follow-up booked: Wed Apr 8, 2026, 9:00 am with Dr. Lee." in shown
    assert "Wed Apr 8, 2026 9:00 am with Dr. Lee" in rosa.get(page).content.decode()
    undo = f"{to}{booked.id}/undo/"
    assert f'action="{undo}"' in shown
    assert rosa.post(undo, hidden_fields(shown, form=f'action="{undo}"')).status_code == 303
    booked.refresh_from_db()
    assert (booked.booking, state(visit, "follow_up")[0]) == ("entered_in_error", "open")


def test_undo_of_the_step_takes_back_what_the_step_has_booked_and_no_other(
    rosa: Client, house: House, visit: Visit
) -> None:
    ready(visit)
    stood = appointment(house, TEN + timedelta(days=30))
    page, tail = "check-out/", "check_out/steps/follow_up/"
    assert post(rosa, visit, tail, page, act="is-it", appointment=str(stood.id)) == 303
    assert post(rosa, visit, tail, page, act="undo") == 303
    assert post(rosa, visit, "check-out/follow-up/", page) == 303
    booked = Appointment.objects.exclude(id__in=[visit.appointment_id, stood.id]).get()
    assert post(rosa, visit, tail, page, act="undo") == 303
    assert {Appointment.objects.get(id=one.id).booking for one in (stood, booked)} == {
        "scheduled",
        "entered_in_error",
    }
    assert post(rosa, visit, tail, page, act="is-it", appointment=str(booked.id)) == 409
    assert state(visit, "follow_up")[0] == "open"


def test_every_act_at_check_out_keeps_the_interval_that_was_chosen(rosa: Client, visit: Visit) -> None:
    ready(visit)
    page, to = (f"/desk/visits/{visit.id}/{tail}" for tail in ("check-out/", "check_out/steps/hand_over/"))
    fields = hidden_fields(rosa.get(page).content.decode(), form=f'action="{to}"') | {"act": "do"}
    here = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": f"http://testserver{page}?in=1m"}
    shown = rosa.post(to, fields, **here).content.decode()  # type: ignore[arg-type]
    assert 'name="in" value="1m"' in shown


def test_a_minute_that_is_no_number_books_nothing(rosa: Client, visit: Visit) -> None:
    ready(visit)
    assert post(rosa, visit, "check-out/follow-up/", page="check-out/", minute="²") == 404
    assert Appointment.objects.count() == 1


def test_leaving_unseen_needs_a_reason_and_puts_a_call_back_on_the_list(rosa: Client, visit: Visit) -> None:
    assert post(rosa, visit, "left/", page="left/", reason="") == 422
    said = rosa.post(f"/desk/visits/{visit.id}/left/", {"reason": ""}).content.decode()
    assert ("Say why the patient left." in said, "is missing" in said) == (True, False)
    assert post(rosa, visit, "left/", page="left/", reason="Waited an hour") == 303
    visit.refresh_from_db()
    item = WorkqueueItem.objects.get()
    assert (visit.flow, item.kind, item.reason_code) == ("lwobs", "call_back", "LWOBS")
    assert not Payment.objects.exists()


def test_when_leaving_unseen_is_taken_back_nobody_is_to_be_called(house: House, visit: Visit) -> None:
    commands.let_go_unseen(house.rosa, visit_id=visit.id, reason="Waited an hour")
    commands.step_back(house.rosa, visit_id=visit.id)
    assert WorkqueueItem.objects.get().state == "closed"


def test_a_walk_in_is_taken_and_goes_on_to_check_in(rosa: Client, house: House) -> None:
    address = f"/desk/walk-in/{house.ann.id}/"
    fields = hidden_fields(rosa.get(address).content.decode(), form=f'action="{address}"')
    answer = rosa.post(address, fields | {"provider_id": str(house.lee.id), "type_id": "", "reason": "cut"})
    visit = Visit.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/desk/visits/{visit.id}/check-in/")
    assert visit.reason == "cut"


def test_a_walk_in_begins_on_the_board_and_whoever_is_found_or_added_goes_on_to_the_arrival(
    rosa: Client, house: House
) -> None:
    begins = f"{reverse('patients:search')}?for=walk-in"
    assert f'data-walk-in href="{begins}"' in rosa.get("/desk/").content.decode()
    form = hidden_fields(rosa.get(begins).content.decode(), form='hx-target="#hits"')
    assert form["for"] == "walk-in"
    shown = rosa.post("/patients/new/", {"q": "Zoe Zeller 3/4/1991", "came_from": "walk-in"}).content.decode()
    said = {"given": "Zoe", "family": "Zeller", "born_on_0": "3", "born_on_1": "4", "born_on_2": "1991"}
    fields = hidden_fields(shown, form='name="came_from"') | {"came_from": "walk-in"}
    added = rosa.post("/patients/new/", fields | said | {"sex": "U", "language": "en"})
    zoe = Patient.objects.get(family="Zeller")
    assert added["Location"] == f"/desk/walk-in/{zoe.pk}/"
    search = reverse("patients:search")
    found = rosa.post(search, form | {"q": "zeller"}, HTTP_HX_REQUEST="true").content.decode()
    assert f'href="/desk/walk-in/{zoe.pk}/" data-primary' in found
    assert 'name="came_from" value="walk-in"' in found
    plain = rosa.post(search, {"q": "zeller"}, HTTP_HX_REQUEST="true").content.decode()
    assert "walk-in" not in plain


def test_who_is_booked_today_is_offered_that_visit_before_a_walk_in(rosa: Client, house: House) -> None:
    booked = appointment(house, TEN + timedelta(minutes=50))
    appointment(house, TEN + timedelta(days=1))
    address, to = f"/desk/walk-in/{house.diaz.id}/", f"/desk/appointments/{booked.id}/arrive/"
    body = rosa.get(address).content.decode()
    assert ("Booked 10:50 am with Dr. Lee" in body, body.count("Arrive for that")) == (True, 1)
    assert rosa.post(to, hidden_fields(body, form=f'action="{to}"')).status_code == 303
    assert Visit.objects.get().appointment_id == booked.id
    assert "Arrive for that" not in rosa.get(address).content.decode()


def test_a_denied_role_takes_no_money(house: House, visit: Visit) -> None:
    lines = AuditLine.objects.count()
    with pytest.raises(Exception, match="take_payment"):
        commands.take_copay(house.nurse, visit_id=visit.id, amount=Decimal("30.00"), method="cash")
    assert not Payment.objects.exists()
    assert AuditLine.objects.count() == lines


def test_the_later_window_is_told_that_the_patient_was_moved(
    rosa: Client, house: House, visit: Visit
) -> None:
    for step in visit.steps.filter(stage="check_in"):
        visits.do_step(house.rosa, visit_id=visit.id, stage="check_in", kind=step.kind)
    address = f"/desk/visits/{visit.id}/check-in/"
    fields = hidden_fields(rosa.get(address).content.decode(), form=f'action="{address}"')
    visits.check_in(house.ana.at(TEN + timedelta(minutes=1)), visit_id=visit.id)
    visits.undo_step(house.rosa, visit_id=visit.id, stage="check_in", kind="demographics")
    answer = rosa.post(address, fields | {"ticked": "demographics"})
    assert answer.status_code == 409
    assert "the visit is now checked in" in answer.content.decode()
    assert visit.steps.get(stage="check_in", kind="demographics").state == "open"


@pytest.fixture
def owing_nothing(visit: Visit) -> Visit:
    Balance.objects.update(owes=0)
    return visit


def ahead(house: House, amount: str = "30", **more: Any) -> Payment:
    facts: dict[str, Any] = {"method": "cash", "location_id": None, "purpose": "prepayment"} | more
    return ledger.take_payment(house.rosa, patient_id=house.diaz.pk, amount=Decimal(amount), **facts)


def test_money_taken_ahead_is_set_against_the_copay(rosa: Client, house: House, owing_nothing: Visit) -> None:
    ahead(house, "20")
    body = rosa.get(f"/desk/visits/{owing_nothing.id}/check-in/").content.decode()
    assert 'value="10.00"' in body
    assert "copay 10.00" in body
    assert "$20.00 of the credit is set against it" in body
    address = f"/money/of/{house.diaz.pk}/take/?purpose=copay&visit={owing_nothing.id}"
    asked = rosa.get(address).content.decode()
    assert 'value="10.00"' in asked
    assert "$20.00 of the credit is set against it" in asked
    ahead(house, "10")
    money = money_of(owing_nothing)
    assert (money.copay_left, money.to_take, money.set_against) == (Decimal(0), Decimal(0), Decimal(30))
    assert post(rosa, owing_nothing, "check_in/steps/copay/", act="do") == 303


def test_the_copay_of_another_visit_is_no_money_taken_ahead(house: House, owing_nothing: Visit) -> None:
    earlier = visits.walk_in(
        house.rosa, patient_id=make.patient("Roe").pk, provider_id=house.lee.pk, location_id=house.door.pk
    )
    Visit.objects.filter(pk=earlier.pk).update(patient=house.diaz)
    ahead(house, purpose="copay", visit_id=earlier.pk)
    money = money_of(owing_nothing)
    assert (money.credit, money.set_against, money.to_take) == (Decimal(30), Decimal(0), Decimal(30))


def test_what_was_paid_for_the_visit_is_not_asked_again_on_the_page_of_payments(
    rosa: Client, house: House, owing_nothing: Visit
) -> None:
    ahead(house, "12", purpose="copay", visit_id=owing_nothing.pk)
    asked = rosa.get(f"/money/of/{house.diaz.pk}/take/?purpose=copay&visit={owing_nothing.id}")
    assert 'value="18.00"' in asked.content.decode()


@pytest.mark.parametrize("page", ["payment-take", "payment-split", "card-take"])
def test_taking_money_from_the_patients_page_names_the_copay_of_todays_visit(
    rosa: Client, house: House, visit: Visit, page: str
) -> None:
    address = reverse(f"ledger:{page}", args=[house.diaz.pk])
    body = rosa.get(address).content.decode()
    assert "copay 30.00" in body
    assert (f'name="visit" value="{visit.id}"' in body, 'name="purpose" value="copay"' in body) == (
        True,
        True,
    )
    ahead(house, "42.40", purpose="copay", visit_id=visit.pk)
    assert 'name="purpose" value="balance"' in rosa.get(address).content.decode()


def test_money_may_be_taken_ahead_from_the_appointment(rosa: Client, house: House) -> None:
    booked = appointment(house, TEN + timedelta(days=2))
    page = rosa.get(f"/schedule/appointments/{booked.id}/").content.decode()
    there = f"/money/of/{house.diaz.pk}/take/?purpose=prepayment"
    assert there in page
    assert "It stands as credit until the visit" in rosa.get(there).content.decode()


def walked_in(house: House, **more: Any) -> Visit:
    """Take Ms. Lee as a walk-in who is ready to go."""
    visit = visits.walk_in(
        house.rosa, patient_id=house.ann.pk, provider_id=house.lee.pk, location_id=house.door.pk, **more
    )
    Visit.objects.filter(pk=visit.pk).update(flow="ready_for_checkout")
    return visit


def test_a_walk_in_s_next_visit_is_of_the_kind_that_was_chosen(rosa: Client, house: House) -> None:
    visit = walked_in(house, type_id=house.follow_up.pk)
    assert "check-out/follow-up/" in rosa.get(f"/desk/visits/{visit.id}/check-out/").content.decode()
    assert post(rosa, visit, "check-out/follow-up/", "check-out/") == 303
    assert Appointment.objects.get(patient=house.ann).type_id == house.follow_up.pk
    assert state(visit, "follow_up")[0] == "done"


def test_a_walk_in_of_no_kind_is_offered_other_times_alone(rosa: Client, house: House) -> None:
    body = rosa.get(f"/desk/visits/{walked_in(house).id}/check-out/").content.decode()
    assert ("check-out/follow-up/" in body, "No time is free there" in body) == (False, False)
    assert "Other times" in body


@pytest.mark.parametrize(("act", "kept"), [("do", ""), ("nothing", "nothing to hand over")])
def test_handed_over_and_nothing_to_hand_over_are_two_answers(
    rosa: Client, house: House, act: str, kept: str
) -> None:
    visit = walked_in(house)
    page = rosa.get(f"/desk/visits/{visit.id}/check-out/").content.decode()
    assert 'value="nothing"' in page
    assert post(rosa, visit, "check_out/steps/hand_over/", "check-out/", act=act) == 303
    assert state(visit, "hand_over") == ("done", kept)
    shown = rosa.get(f"/desk/visits/{visit.id}/check-out/").content.decode()
    assert (": nothing to hand over" in shown) is bool(kept)


def test_only_the_hand_over_step_can_have_nothing(rosa: Client, house: House) -> None:
    visit = walked_in(house)
    assert post(rosa, visit, "check_out/steps/follow_up/", "check-out/", act="nothing") == 404


def test_the_hand_over_names_the_referral_of_the_visit(rosa: Client, house: House) -> None:
    given = make.coverage(house.ann, make.plan())
    visit = walked_in(house)
    referral = Authorization.objects.create(
        patient=house.ann,
        coverage=given,
        kind="referral",
        number="R-77",
        from_name="Dr. Vance",
        starts_on=cast.MONDAY,
    )
    Visit.objects.filter(pk=visit.pk).update(referral=referral)
    body = rosa.get(f"/desk/visits/{visit.id}/check-out/").content.decode()
    assert "Referral R-77, Dr. Vance" in body


def test_a_part_of_the_copay_leaves_the_step_open_with_what_is_left(rosa: Client, visit: Visit) -> None:
    assert post(rosa, visit, "check_in/pay/", amount="10", method="cash") == 303
    assert state(visit, "copay")[0] == "open"
    assert money_of(visit).copay_left == Decimal("20.00")
    assert "copay 20.00" in rosa.get(f"/desk/visits/{visit.id}/check-in/").content.decode()
    assert post(rosa, visit, "check_in/pay/", amount="20", method="cash") == 303
    assert state(visit, "copay")[0] == "done"


def test_plans_in_the_wrong_order_are_said_at_check_in(rosa: Client, house: House) -> None:
    make.coverage(house.diaz, make.plan("Sunrise Medicaid", "SUN", kind="medicaid"))
    make.coverage(house.diaz, make.plan("Medicare Part B", "MED", kind="medicare"), rank=2, member_id="M1")
    visit = visits.arrive(house.rosa, appointment_id=appointment(house, TEN).id)
    body = rosa.get(f"/desk/visits/{visit.id}/check-in/").content.decode()
    assert "These plans pay in another order: Medicare Part B pays first." in body
    assert "questions are due" in body
    assert f"/coverage/patient/{house.diaz.pk}/order/" in body
