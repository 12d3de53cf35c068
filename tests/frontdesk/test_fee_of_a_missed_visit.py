"""The desk decides about the fee of a missed visit: by the office's rule, with the reason, and takes it back."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from daysheet.charges.models import Charge
from daysheet.claims import queries as claims
from daysheet.frontdesk import commands
from daysheet.frontdesk.missed_visits import missed_visit
from daysheet.kernel.access import Can
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.ids import new_id
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.models import MissedFee
from daysheet.schedule import commands as schedule
from daysheet.schedule import missed_fees, waitlist
from daysheet.schedule.missing import FeeRule, fee_of
from daysheet.schedule.models import Appointment, MissedFeeRule
from daysheet.visits import commands as visits
from daysheet.visits.models import Visit
from tests import cast, make
from tests.desk import hidden_fields
from tests.house import House, appointment, desk

HX = {"HX-Request": "true"}
A, B = new_id(), new_id()


@pytest.mark.parametrize(
    ("type_id", "outcome", "amount"),
    [(A, "no_show", 40), (A, "late_cancelled", 30), (B, "no_show", 25), (B, "late_cancelled", 20)],
)
def test_the_closest_rule_holds(type_id: Any, outcome: str, amount: int) -> None:
    rules = [
        FeeRule(None, "", 1, Decimal(20)),
        FeeRule(None, "no_show", 1, Decimal(25)),
        FeeRule(A, "", 1, Decimal(30)),
        FeeRule(A, "no_show", 0, Decimal(40)),
    ]
    fee = fee_of(rules, type_id=type_id, outcome=outcome, number=1)
    assert fee is not None
    assert fee.amount == amount
    assert fee.is_forgiven is (amount != 40)
    assert fee_of([], type_id=A, outcome="no_show", number=1) is None


def rule(house: House, **more: Any) -> MissedFeeRule:
    facts = {"type_id": None, "outcome": "", "forgiven": 1, "amount": Decimal(25)} | more
    return schedule.keep_missed_fee_rule(house.ana, **facts)


def missed(house: House, days: int = 3, **more: Any) -> Appointment:
    return appointment(house, cast.NOW - timedelta(days=days), **{"booking": "no_show", **more})


def test_the_first_is_forgiven_and_the_second_costs(house: House) -> None:
    rule(house)
    first, second = missed(house, 90), missed(house)
    for one, forgiven in ((first, True), (second, False)):
        found = missed_visit(one.pk)
        assert found is not None
        assert found.fee is not None
        assert found.fee.is_forgiven is forgiven
    missed(house, 500)
    assert missed_visit(first.pk).fee.number == 1  # type: ignore[union-attr]


def test_it_is_charged_by_the_rule_and_stands_on_no_claim(house: House) -> None:
    rule(house)
    one = missed(house)
    with pytest.raises(commands.NotMissed, match=r"at most \$25\.00"):
        commands.charge_missed(house.rosa, appointment_id=one.pk, amount=Decimal(30), reason="x")
    commands.charge_missed(house.rosa, appointment_id=one.pk, amount=Decimal(25), reason="No call")
    assert books.balance(house.diaz.pk).owes == Decimal(25)
    assert not Charge.objects.exists()
    assert claims.visits_to_bill() == []


def test_without_a_rule_or_for_a_visit_that_was_kept_nothing_is_charged(house: House) -> None:
    one = missed(house)
    with pytest.raises(commands.NotMissed):
        commands.charge_missed(house.rosa, appointment_id=one.pk, amount=Decimal(5), reason="x")
    rule(house)
    kept = missed(house, 9, booking="completed")
    with pytest.raises(commands.NotMissed):
        commands.charge_missed(house.rosa, appointment_id=kept.pk, amount=Decimal(5), reason="x")
    with pytest.raises(commands.NotMissed):
        commands.waive_missed(house.rosa, appointment_id=kept.pk, reason="x")


def test_a_visit_that_stands_again_takes_its_fee_back(house: House) -> None:
    rule(house)
    one = missed(house)
    commands.charge_missed(house.rosa, appointment_id=one.pk, amount=Decimal(25), reason="No call")
    schedule.undo_no_show(house.rosa, appointment_id=one.pk)
    assert books.balance(house.diaz.pk).owes == Decimal(0)
    assert MissedFee.objects.get().taken_back_at is not None


def test_who_may_not_touch_the_book_is_told_to_ask_for_the_fee_first(house: House) -> None:
    rule(house)
    one = missed(house)
    commands.charge_missed(house.rosa, appointment_id=one.pk, amount=Decimal(25), reason="No call")
    without = replace(house.rosa, may=house.rosa.may - {Can.ENTER_CHARGES})
    with pytest.raises(commands.FeeStands, match="Ask the front desk"):
        schedule.undo_no_show(without, appointment_id=one.pk)
    assert books.balance(house.diaz.pk).owes == Decimal(25)


def test_rules_are_kept_once_for_each_kind_and_by_the_manager(house: House) -> None:
    kept = rule(house)
    for wrong in (
        {},
        {"amount": Decimal(0)},
        {"amount": Decimal(501)},
        {"forgiven": 21},
        {"outcome": "late"},
        {"type_id": kept.pk},
    ):
        with pytest.raises(schedule.StrangeFee):
            rule(house, **wrong)
    with pytest.raises(NotPermitted):
        schedule.keep_missed_fee_rule(house.rosa, type_id=None, outcome="", forgiven=0, amount=Decimal(5))
    with pytest.raises(StaleForm):
        rule(house, rule_id=kept.pk, version=9)
    schedule.use_missed_fee_rule(house.ana, rule_id=kept.pk, version=1, is_active=False)
    rule(house, amount=Decimal(30))
    with pytest.raises(schedule.StrangeFee):
        schedule.use_missed_fee_rule(house.ana, rule_id=kept.pk, version=2, is_active=True)


@pytest.fixture
def rosa(house: House) -> Client:
    return desk(house)


def test_the_desk_decides_on_the_page_and_takes_it_back(rosa: Client, house: House) -> None:
    rule(house, forgiven=0)
    one = missed(house)
    address = f"/desk/missed/{one.pk}/fee/"
    assert address in rosa.get("/schedule/missed/").content.decode()
    body = rosa.get(address).content.decode()
    assert "the rule says $25.00" in body
    tokens = hidden_fields(body, form='id="missed-fee-form"')
    piece = rosa.post(address, tokens | {"decision": "charge", "amount": "25"}, headers=HX)
    assert piece.status_code == 422
    assert piece.content.decode().lstrip().startswith('<div id="missed-fee"')
    typed = tokens | {"decision": "charge", "amount": "30", "reason": "No call"}
    piece = rosa.post(address, typed, headers=HX)
    assert piece.status_code == 409
    assert "No call" in piece.content.decode()
    body = rosa.get(address).content.decode()
    typed = hidden_fields(body, form='id="missed-fee-form"')
    assert (
        rosa.post(address, typed | {"decision": "charge", "amount": "25", "reason": "No call"}).status_code
        == 303
    )
    shown = rosa.get(address).content.decode()
    assert "Charged: $25.00" in shown
    undo = f"/desk/missed-fees/{MissedFee.objects.get().pk}/undo/"
    assert rosa.post(undo, hidden_fields(shown, form=f'action="{undo}"')).status_code == 303
    assert 'id="missed-fee-form"' in rosa.get(address).content.decode()


def test_of_a_medicaid_patient_only_no_fee_can_be_chosen(rosa: Client, house: House) -> None:
    rule(house, forgiven=0)
    make.coverage(house.diaz, make.plan("MassHealth", "MASSHLTH", kind="medicaid"))
    one = missed(house)
    body = rosa.get(f"/desk/missed/{one.pk}/fee/").content.decode()
    assert "42 CFR 447.15" in body
    assert 'value="charge"' not in body
    tokens = hidden_fields(body, form='id="missed-fee-form"')
    assert rosa.post(f"/desk/missed/{one.pk}/fee/", tokens | {"reason": "Medicaid"}).status_code == 303
    assert MissedFee.objects.get().state == "waived"


def test_of_a_medicaid_patient_the_reason_is_not_that_the_first_is_forgiven(
    rosa: Client, house: House
) -> None:
    rule(house, forgiven=1)
    make.coverage(house.diaz, make.plan("MassHealth", "MASSHLTH", kind="medicaid"))
    body = rosa.get(f"/desk/missed/{missed(house).pk}/fee/").content.decode()
    assert "The first is forgiven" not in body
    assert 'value="No fee may be asked of this patient"' in body


def test_the_manager_keeps_the_fees_on_screen(house: House) -> None:
    ana = desk(house, "office_manager", "ana")
    address = "/schedule/missed-fees/add/"
    tokens = hidden_fields(ana.get(address).content.decode(), form='id="missed-fee-rule-form"')
    assert ana.post(address, tokens | {"amount": "abc", "forgiven": "1"}, headers=HX).status_code == 422
    assert ana.post(address, tokens | {"amount": "25", "forgiven": "1"}).status_code == 303
    kept = MissedFeeRule.objects.get()
    tokens = hidden_fields(ana.get(address).content.decode(), form='id="missed-fee-rule-form"')
    assert ana.post(address, tokens | {"amount": "30", "forgiven": "0"}, headers=HX).status_code == 409
    page = f"/schedule/missed-fees/{kept.pk}/"
    assert 'value="25.00"' in ana.get(page).content.decode()
    body = ana.get("/schedule/missed-fees/").content.decode()
    tokens = hidden_fields(body, form=f'action="{page}use/"')
    assert ana.post(f"{page}use/", tokens | {"use": "no"}).status_code == 303
    assert "Used no more" in ana.get("/schedule/missed-fees/").content.decode()


# --- Left without being seen ------------------------------------------------------------------------------


def left(house: House, days: int = 0) -> Appointment:
    """Let Ms. Diaz come, and leave before she is seen."""
    one = appointment(house, cast.NOW)
    visit = visits.arrive(house.rosa, appointment_id=one.pk)
    commands.let_go_unseen(house.rosa, visit_id=visit.pk, reason="could not wait")
    day = cast.MONDAY - timedelta(days=days)
    at = cast.NOW - timedelta(days=days)
    Visit.objects.filter(pk=visit.pk).update(service_on=day, arrived_at=at)
    Appointment.objects.filter(pk=one.pk).update(on_day=day, starts_at=at, ends_at=at + timedelta(minutes=20))
    return one


def test_who_left_without_being_seen_costs_nothing_unless_a_rule_names_it(house: House) -> None:
    rule(house, forgiven=0)
    one = left(house)
    found = missed_visit(one.pk)
    assert found is not None
    assert (found.is_missed, found.fee, found.may_charge) == (True, None, False)
    with pytest.raises(commands.NotMissed, match="has set no fee"):
        commands.charge_missed(house.rosa, appointment_id=one.pk, amount=Decimal(5), reason="x")
    rule(house, outcome="lwobs", forgiven=0, amount=Decimal(15))
    found = missed_visit(one.pk)
    assert found is not None
    assert "the rule says $15.00" in found.words


def test_the_first_leaving_within_a_year_is_forgiven_as_the_rule_says(house: House) -> None:
    rule(house, outcome="lwobs", forgiven=1, amount=Decimal(15))
    first, second = left(house, 30), left(house)
    told = [missed_visit(one.pk) for one in (first, second)]
    assert [one.fee.is_forgiven for one in told if one and one.fee] == [True, False]


def test_the_fee_of_leaving_is_taken_back_when_the_patient_is_seen_after_all(house: House) -> None:
    rule(house, outcome="lwobs", forgiven=0, amount=Decimal(15))
    one = left(house)
    commands.charge_missed(house.rosa, appointment_id=one.pk, amount=Decimal(15), reason="Third time")
    assert books.balance(house.diaz.pk).owes == Decimal(15)
    commands.step_back(house.rosa, visit_id=Visit.objects.get(appointment=one).pk)
    assert books.balance(house.diaz.pk).owes == Decimal(0)
    assert MissedFee.objects.get().taken_back_at is not None
    with pytest.raises(commands.NotMissed):
        commands.waive_missed(house.rosa, appointment_id=one.pk, reason="x")


def test_the_desk_is_led_to_the_fee_only_where_a_rule_asks_one(rosa: Client, house: House) -> None:
    for there in ("/desk/", "/fee/"):
        if there == "/fee/":
            rule(house, outcome="lwobs", forgiven=0, amount=Decimal(15))
        one = appointment(house, cast.NOW)
        visit = visits.arrive(house.rosa, appointment_id=one.pk)
        page = f"/desk/visits/{visit.pk}/left/"
        form = hidden_fields(rosa.get(page).content.decode(), form="left-form")
        went = rosa.post(page, form | {"reason": "could not wait"})
        assert went.status_code == 303
        assert went["Location"].endswith(there)
        Appointment.objects.filter(pk=one.pk).update(booking="entered_in_error")


def test_the_list_of_missed_visits_says_what_was_decided_about_each_fee(rosa: Client, house: House) -> None:
    rule(house, forgiven=0)
    charged = missed(house, 3)
    body = rosa.get("/schedule/missed/").content.decode()
    assert "fee not decided" in body
    commands.charge_missed(house.rosa, appointment_id=charged.pk, amount=Decimal(25), reason="No call")
    waived = missed(house, 2, patient=house.ann)
    commands.waive_missed(house.rosa, appointment_id=waived.pk, reason="Snow")
    body = rosa.get("/schedule/missed/").content.decode()
    assert "fee $25.00" in body
    assert "no fee: Snow" in body
    assert "fee not decided" not in body


def test_a_fee_that_is_not_decided_stays_on_the_list_when_the_patient_is_booked_again(
    rosa: Client, house: House
) -> None:
    rule(house)
    first, second = missed(house, 40), missed(house, 3)
    appointment(house, cast.NOW + timedelta(days=2))
    body = rosa.get("/schedule/missed/").content.decode()
    assert f"/desk/missed/{second.pk}/fee/" in body
    assert "booked again" in body
    assert "Book DIAZ" not in body
    assert f"/desk/missed/{first.pk}/fee/" not in body  # the rule forgives the first
    made = commands.waive_missed(house.rosa, appointment_id=second.pk, reason="Snow")
    assert "DIAZ" not in rosa.get("/schedule/missed/").content.decode()
    ledger.take_back_missed_fee(house.rosa, fee_id=made.pk, reason="Decided again")
    assert "DIAZ" in rosa.get("/schedule/missed/").content.decode()
    schedule.close_missed(house.rosa, appointment_id=second.pk, version=None, because="Called")
    assert "DIAZ" not in rosa.get("/schedule/missed/").content.decode()


@pytest.mark.parametrize(
    ("more", "stays"),
    [
        ({}, True),
        ({"outcome": "late_cancelled"}, False),
        ({"outcome": "no_show"}, True),
        ({"outcome": "lwobs"}, False),
        ({"forgiven": 1}, False),
    ],
)
def test_only_a_visit_that_costs_a_fee_by_the_rule_stays_so(
    house: House, more: dict[str, Any], stays: bool
) -> None:
    rule(house, **{"forgiven": 0, **more})
    one = missed(house)
    appointment(house, cast.NOW + timedelta(days=2))
    unpaid = missed_fees.undecided(missed_fees.as_rules(), cast.NOW)
    assert [row.pk for row in waitlist.missed(cast.NOW, unpaid=unpaid)] == [one.pk] * stays


def test_the_rule_of_the_kind_of_visit_is_the_closest(house: House) -> None:
    rule(house, forgiven=0)
    rule(house, type_id=house.follow_up.pk, forgiven=2)
    missed(house)
    assert list(missed_fees.undecided(missed_fees.as_rules(), cast.NOW)) == []
