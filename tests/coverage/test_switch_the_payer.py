"""Another payer in the place of the one on file: both coverages change or none, and the new plan is asked."""

from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from daysheet.coverage import commands, protecting, queries
from daysheet.coverage.models import Coverage, EligibilityInquiry, InsurancePlan
from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.ledger.protected import nothing_for_missed
from tests import cast, desk, make
from tests.coverage.answering import ACTIVE, reply, take_in

pytestmark = pytest.mark.django_db
OTHER = x12.Benefit(
    "MC",
    service_types=("30",),
    references=(x12.Reference("1W", "HM77"),),
    others=(x12.Party("HARBOR HMO", id_qualifier="PI", id="HARB1", entity="PR"),),
)


@pytest.fixture
def asked(office: Any) -> EligibilityInquiry:
    card = make.coverage(make.patient(), make.plan(by_partner=make.partner()))
    question = commands.ask_eligibility(cast.rosa(office.pk), coverage_id=card.pk, service_on=cast.MONDAY)
    take_in(office.pk, reply(question, ACTIVE, OTHER))
    return question


def harbor() -> Any:
    return make.plan("Harbor HMO", "HARB1", by_partner=make.partner("Harbor", their_id="HARBOR"))


def test_the_answer_leads_to_a_preview_and_one_press_switches_and_asks(
    office: Any, asked: EligibilityInquiry
) -> None:
    plan = harbor()
    browser = desk.signed_in(make.member())
    page = browser.get(reverse("coverage:eligibility-answer", args=[asked.pk])).content.decode()
    address = reverse("coverage:payer-switch", args=[asked.pk, 2])
    assert address in page
    shown = browser.get(address).content.decode()
    assert "What will happen" in shown
    assert 'value="HM77"' in shown
    sent = desk.hidden_fields(shown, form='id="switch-form"') | {
        "plan": str(plan.pk), "member_id": "HM77", "from_on": "3/9/2026",
    }  # fmt: skip
    assert browser.post(address, sent | {"from_on": "some day"}).status_code == 422
    assert browser.post(address, sent).status_code == 303
    old, new = Coverage.objects.order_by("starts_on")
    assert (old.ends_on, new.starts_on, new.plan_id) == (date(2026, 3, 9), date(2026, 3, 9), plan.pk)
    assert (new.rank, new.member_id) == (1, "HM77")
    assert EligibilityInquiry.objects.filter(coverage=new, service_on=cast.MONDAY).count() == 1


def switch(office: Any, asked: EligibilityInquiry, plan: Any, **more: Any) -> Any:
    facts = {"version": 1, "member_id": "HM77", "from_on": cast.MONDAY} | more
    return commands.switch_payer(
        cast.rosa(office.pk), coverage_id=asked.coverage_id, plan_id=plan.pk, **facts
    )


def test_a_refusal_leaves_both_as_they_were(office: Any, asked: EligibilityInquiry) -> None:
    plan = harbor()
    held = asked.coverage
    with pytest.raises(commands.DaysAreWrong, match="never true"):
        switch(office, asked, plan, from_on=held.starts_on)
    with pytest.raises(commands.DaysAreWrong, match="already"):
        switch(office, asked, held.plan)
    with pytest.raises(StaleForm):
        switch(office, asked, plan, version=7)
    assert Coverage.objects.get().ends_on is None


def test_who_may_not_edit_coverage_may_not_switch(office: Any, asked: EligibilityInquiry) -> None:
    with pytest.raises(NotPermitted):
        commands.switch_payer(
            cast.auditor(office.pk),
            coverage_id=asked.coverage_id,
            version=1,
            plan_id=asked.coverage.plan_id,
            member_id="X",
            from_on=cast.MONDAY,
        )


def test_the_grid_tells_each_figure_by_network_and_level_with_its_line(office: Any) -> None:
    def year(level: str, period: str, amount: str, network: str) -> x12.Benefit:
        return x12.Benefit("C", level, ("30",), period=period, amount=Decimal(amount), network=network)

    visits = x12.Benefit(
        "F", service_types=("98",), period="29", quantity_qualifier="VS", quantity=Decimal("12")
    )
    doctor = x12.Benefit("L", others=(x12.Party("LEE", first="GRACE", is_person=True, entity="P3"),))
    card = make.coverage(make.patient(), make.plan(by_partner=make.partner()))
    question = commands.ask_eligibility(cast.rosa(office.pk), coverage_id=card.pk, service_on=cast.MONDAY)
    lines = (
        year("IND", "23", "500.00", "Y"), year("IND", "29", "120.00", "Y"),
        year("FAM", "23", "1500.00", "N"), visits, doctor,
    )  # fmt: skip
    take_in(office.pk, reply(question, ACTIVE, *lines))
    page = desk.signed_in(make.member()).get(reverse("coverage:eligibility-answer", args=[question.pk]))
    body = page.content.decode()
    for words in (
        "Deductible, met", "<summary>$380.00", "The difference of two lines", "family", "individual",
        "Visits left: Office visit", "<summary>12", "Network not said", "GRACE LEE", "where this comes from",
    ):  # fmt: skip
        assert words in body


def medicaid_asked(office: Any, plan: Any) -> EligibilityInquiry:
    card = make.coverage(make.patient(), plan)
    question = commands.ask_eligibility(cast.rosa(office.pk), coverage_id=card.pk, service_on=cast.MONDAY)
    take_in(office.pk, reply(question, ACTIVE, OTHER))
    return question


@pytest.mark.parametrize(("kind", "kept"), [("medicaid", True), ("ppo", False)])
def test_the_plan_that_runs_medicaid_protects_as_medicaid_does(office: Any, kind: str, kept: bool) -> None:
    question = medicaid_asked(office, make.plan("Sunrise", "SUN", kind=kind, by_partner=make.partner()))
    plan = harbor()
    InsurancePlan.objects.filter(pk=plan.pk).update(office_copay=Decimal(50))
    browser = desk.signed_in(make.member())
    address = reverse("coverage:payer-switch", args=[question.pk, 2])
    shown = browser.get(address).text
    assert ("is marked as Medicaid managed care" in shown) == kept
    sent = desk.hidden_fields(shown, form='id="switch-form"')
    assert (
        browser.post(
            address, sent | {"plan": str(plan.pk), "member_id": "HM77", "from_on": "3/9/2026"}
        ).status_code
        == 303
    )
    new = Coverage.objects.get(plan=plan)
    assert (new.is_of_medicaid, new.is_medicaid) == (kept, kept)
    assert queries.copay_due(new.patient_id, cast.MONDAY)[0] == (Decimal(0) if kept else Decimal(50))
    assert (protecting.protection_on(new.patient_id, cast.MONDAY) is not None) == kept
    assert bool(nothing_for_missed(new.patient_id, cast.MONDAY)) == kept
    order = queries.paying_order(new.patient, [new], None, day=cast.MONDAY)
    assert (order.places[0].plan.kind == "medicaid") == kept
    panel = browser.get(reverse("coverage:patient-panel", args=[new.patient_id])).text
    assert ("Medicaid managed care" in panel) == kept


def test_the_mark_is_set_and_taken_off_on_the_card(office: Any) -> None:
    card = make.coverage(make.patient(), harbor())
    browser = desk.signed_in(make.member())
    address = reverse("coverage:coverage-edit", args=[card.pk])
    facts = {
        "plan": str(card.plan_id), "member_id": "XJ4001", "rank": "1", "starts_on": "1/1/2026", "relationship": "self",
    }  # fmt: skip
    for sent, is_marked in (({"is_of_medicaid": "on"}, True), ({}, False)):
        hidden = desk.hidden_fields(browser.get(address).text, form='id="coverage-form"')
        assert browser.post(address, hidden | facts | sent).status_code == 303
        card.refresh_from_db()
        assert card.is_of_medicaid == is_marked


def test_what_was_switched_from_medicaid_before_is_marked(office: Any) -> None:
    question = medicaid_asked(office, make.plan("Sunrise", "SUN", kind="medicaid", by_partner=make.partner()))
    new = switch(office, question, harbor()).new
    assert not new.is_of_medicaid
    migration = import_module("daysheet.coverage.migrations.0010_medicaid_managed_care")
    with connection.cursor() as cursor:
        cursor.execute(migration.SWITCHED_BEFORE)
    assert list(Coverage.objects.filter(is_of_medicaid=True)) == [new]
