"""A plan whose answer names another payer: it is marked, and the other one is put before it, both or neither."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from daysheet.coverage import banner, batches, commands, queries
from daysheet.coverage.models import Authorization, Coverage, EligibilityInquiry
from daysheet.coverage.rules.needs import act_of
from daysheet.coverage.showing import marks_of
from daysheet.formats import x12
from daysheet.kernel.errors import NotPermitted, StaleForm
from tests import cast, desk, make
from tests.coverage.answering import ACTIVE, COPAY, reply, take_in

pytestmark = pytest.mark.django_db
HARBOR = x12.Party("HARBOR HMO", id_qualifier="PI", id="HARB1", entity="PRP")
FIRST = x12.Benefit("R", service_types=("30",), references=(x12.Reference("1W", "HM77"),), others=(HARBOR,))
AFTER = replace(FIRST, others=(replace(HARBOR, entity="SEP"),))
NAMED = ("attention", "Another payer named")


def answered(office: Any, *benefits: x12.Benefit, **more: Any) -> EligibilityInquiry:
    card = make.coverage(make.patient(), make.plan(by_partner=make.partner()), **more)
    asked = commands.ask_eligibility(cast.rosa(office.pk), coverage_id=card.pk, service_on=cast.MONDAY)
    take_in(office.pk, reply(asked, ACTIVE, COPAY, *benefits))
    return asked


def harbor() -> Any:
    return make.plan("Harbor HMO", "HARB1", by_partner=make.partner("Harbor", their_id="HARBOR"))


def put(office: Any, asked: EligibilityInquiry, plan: Any, **more: Any) -> commands.Switched:
    asked.coverage.refresh_from_db()
    facts = {"version": asked.coverage.version, "member_id": "HM77", "from_on": cast.MONDAY} | more
    return commands.put_first(cast.rosa(office.pk), coverage_id=asked.coverage_id, plan_id=plan.pk, **facts)


def ranks() -> list[tuple[str, int, Any, Any]]:
    rows = Coverage.objects.select_related("plan").order_by("starts_on", "rank")
    return [(one.plan.name, one.rank, one.starts_on, one.ends_on) for one in rows]


def test_covered_is_not_all_that_is_said_while_another_payer_is_named(office: Any) -> None:
    asked = answered(office, FIRST)
    who = asked.patient_id
    assert marks_of(queries.standing([who], cast.MONDAY)[who]) == [("done", "Covered"), NAMED]
    shown = banner.parts([who], cast.MONDAY)[who]["coverage"]
    assert [one for one, _words in shown] == ["eligible", "other_payer"]
    make.coverage(asked.patient, harbor(), rank=2, member_id="HM77")
    assert NAMED not in marks_of(queries.standing([who], cast.MONDAY)[who])
    (need,) = batches.needs([(who, cast.MONDAY)], today=cast.MONDAY, zone=office.zone)[who, cast.MONDAY]
    assert (need.kind, need.coverage.rank if need.coverage else 0) == ("unasked", 2)


def test_the_act_follows_from_whom_the_answer_names(office: Any) -> None:
    who = answered(office, AFTER).patient_id
    need = batches.needs([(who, cast.MONDAY)], today=cast.MONDAY, zone=office.zone)[who, cast.MONDAY][0]
    assert act_of(need.kind, other=need.other) == "second"
    assert "may pay after this plan" in need.standing.next_action
    assert act_of("other_payer", other={"is_manager": True}) == "switch"
    assert act_of("other_payer", other={"name": "HARBOR HMO"}) == "first"
    assert act_of("inactive", other={"name": "HARBOR HMO"}) == "switch"
    assert act_of("inactive") == "card"


def test_one_press_puts_it_first_and_keeps_the_plan_on_file_as_second(office: Any) -> None:
    asked = answered(office, FIRST)
    plan, begun = harbor(), asked.coverage.starts_on
    paper = Authorization.objects.create(
        patient=asked.patient, coverage=asked.coverage, kind="prior", number="A1", starts_on=begun
    )
    browser = desk.signed_in(make.member())
    page = browser.get(reverse("coverage:eligibility-answer", args=[asked.pk])).text
    address = reverse("coverage:payer-first", args=[asked.pk, 3])
    assert address in page
    assert reverse("coverage:payer-switch", args=[asked.pk, 3]) not in page
    shown = browser.get(address).text
    assert "stays and pays after it, as secondary" in shown
    assert 'value="HM77"' in shown
    sent = desk.hidden_fields(shown, form='id="switch-form"') | {
        "plan": str(plan.pk), "member_id": "HM77", "from_on": "3/9/2026", "relationship": "self",
    }  # fmt: skip
    assert browser.post(address, sent | {"from_on": "some day"}).status_code == 422
    assert browser.post(address, sent | {"relationship": "spouse"}).status_code == 409
    sent = desk.hidden_fields(browser.get(address).text, form='id="switch-form"') | sent
    assert browser.post(address, sent).status_code == 303
    assert sorted(ranks(), key=lambda one: one[1:3]) == [
        ("Blue PPO", 1, begun, cast.MONDAY),
        ("Harbor HMO", 1, cast.MONDAY, None),
        ("Blue PPO", 2, cast.MONDAY, None),
    ]
    second = Coverage.objects.get(rank=2)
    paper.refresh_from_db()
    assert (second.member_id, paper.coverage_id) == ("XJ4001", second.pk)
    asked_now = EligibilityInquiry.objects.filter(state="asked").values_list("coverage__rank", flat=True)
    assert sorted(asked_now) == [1, 2]


def test_what_was_verified_in_the_month_goes_on_where_the_plan_pays_second(office: Any) -> None:
    qmb = x12.Benefit("1", service_types=("30",), insurance_type="QM")
    asked = answered(office, FIRST, qmb)
    who, next_month = asked.patient_id, cast.MONDAY + timedelta(days=40)
    later = commands.ask_eligibility(
        cast.rosa(office.pk), coverage_id=asked.coverage_id, service_on=next_month
    )
    take_in(office.pk, reply(later, ACTIVE, COPAY))
    assert queries.qmb_answer(who, cast.MONDAY) is not None
    thursday = cast.MONDAY + timedelta(days=3)
    done = put(office, asked, harbor(), from_on=thursday)
    assert done.old.pk != asked.coverage_id
    for day in (cast.MONDAY, thursday, thursday + timedelta(days=4)):
        assert queries.qmb_answer(who, day) is not None, day
        assert queries.copay_due(who, day)[0] == 0, day
    stands = queries.standing_of([done.old], thursday)[done.old.pk]
    assert (stands.state, stands.is_qmb, stands.waits) == ("covered", True, False)
    assert stands.answer is not None
    assert len(queries.benefit_lines(stands.answer.pk)) == 4
    assert queries.standing_of([done.old], next_month)[done.old.pk].state == "covered"
    assert queries.qmb_answer(who, next_month) is None
    assert done.old.enrollment_verified_at == cast.NOW


def test_what_was_said_of_an_earlier_month_does_not_go_on(office: Any) -> None:
    asked = answered(office, FIRST, x12.Benefit("1", service_types=("30",), insurance_type="QM"))
    april = cast.MONDAY + timedelta(days=40)
    put(office, asked, harbor(), from_on=april)
    assert queries.qmb_answer(asked.patient_id, april) is None
    assert EligibilityInquiry.objects.count() == 1


def test_a_plan_that_began_on_that_day_only_changes_its_rank_and_keeps_its_answer(office: Any) -> None:
    asked = answered(office, FIRST, starts_on=cast.MONDAY)
    done = put(office, asked, harbor())
    assert (done.old.pk, done.old.rank, done.new.rank) == (asked.coverage_id, 2, 1)
    assert queries.latest_answer(asked.patient_id, asked.coverage_id) is not None


def test_the_second_plan_becomes_the_third_and_a_fourth_is_refused(office: Any) -> None:
    asked = answered(office, FIRST)
    make.coverage(asked.patient, make.plan("Sunrise", "SUN"), rank=2)
    put(office, asked, harbor())
    held = queries.coverages_on(asked.patient_id, cast.MONDAY)
    assert [(one.plan.name, one.rank) for one in held] == [("Harbor HMO", 1), ("Blue PPO", 2), ("Sunrise", 3)]
    asked.coverage = held[1]
    asked.coverage_id = held[1].pk
    with pytest.raises(commands.RankIsTaken, match="three plans at most"):
        put(office, asked, make.plan("Mill", "MILL"))


def test_what_cannot_be_leaves_all_as_it_was(office: Any) -> None:
    asked, plan = answered(office, FIRST), harbor()
    before = ranks()
    with pytest.raises(commands.DaysAreWrong, match="already"):
        put(office, asked, asked.coverage.plan)
    with pytest.raises(StaleForm):
        put(office, asked, plan, version=7)
    commands.end_coverage(cast.rosa(office.pk), coverage_id=asked.coverage_id, ends_on=cast.MONDAY, version=1)
    with pytest.raises(commands.DaysAreWrong, match="has ended"):
        put(office, asked, plan, from_on=cast.MONDAY + timedelta(days=1))
    with pytest.raises(NotPermitted):
        commands.put_first(
            cast.auditor(office.pk), coverage_id=asked.coverage_id, version=1, plan_id=plan.pk,
            member_id="X", from_on=cast.MONDAY,
        )  # fmt: skip
    assert len(ranks()) == len(before) == 1


def test_a_card_behind_the_plan_on_file_knows_whom_the_answer_named(office: Any) -> None:
    asked = answered(office, AFTER)
    harbor()
    browser = desk.signed_in(make.member())
    page = browser.get(reverse("coverage:eligibility-answer", args=[asked.pk])).text
    address = (
        f"{reverse('coverage:coverage-add', args=[asked.patient_id])}?rank=2&amp;answer={asked.pk}&amp;line=3"
    )
    assert address in page
    assert reverse("coverage:payer-first", args=[asked.pk, 3]) not in page
    shown = browser.get(address.replace("&amp;", "&")).text
    assert 'value="HM77"' in shown
    assert "Harbor HMO" in shown.split("<datalist")[0]
    assert 'value="HM77"' not in browser.get(address.replace("&amp;", "&").replace("line=3", "line=9")).text
