"""The desk asks what decides who pays first, sees the order with its reasons, and sets it by one press."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from daysheet.coverage import commands, queries
from daysheet.coverage.commands import Holder
from daysheet.coverage.models import Coverage, PayingFacts
from daysheet.kernel import clock
from daysheet.kernel.access import Actor
from daysheet.kernel.errors import NotPermitted, StaleForm
from daysheet.kernel.ids import new_id
from daysheet.kernel.models import AuditLine
from tests import cast, desk, make

pytestmark = pytest.mark.django_db
WORKS = Holder("group", "working", "100_or_more")


@pytest.fixture
def aged(office: Any) -> tuple[Coverage, Coverage]:
    """Somebody of 71 with Medicare in the first place and a plan of a job in the second."""
    patient = make.patient(born_on=date(1955, 1, 2))
    medicare = make.coverage(patient, make.plan("Medicare Part B", "MEDICARE", kind="medicare"))
    job = make.coverage(patient, make.plan("Mill Workers PPO", "MILL"), rank=2, member_id="MW1")
    return medicare, job


def rosa(office: Any) -> Any:
    return cast.rosa(office.pk, clock.system_now())


def today(office: Any) -> date:
    return clock.local_day(clock.system_now(), office.zone)


def say(office: Any, card: Coverage, holder: Holder, *, version: int = 0, **more: Any) -> PayingFacts:
    return commands.say_who_holds(
        rosa(office),
        patient_id=card.patient_id,
        day=today(office),
        version=version,
        holders={card.pk: holder},
        **more,
    )


def address(card: Coverage, name: str = "paying-order") -> str:
    return reverse(f"coverage:{name}", args=[card.patient_id])


def test_the_desk_asks_sees_the_order_and_sets_it(office: Any, aged: tuple[Coverage, Coverage]) -> None:
    medicare, job = aged
    browser = desk.signed_in(make.member())
    shown = browser.get(address(job)).content.decode()
    assert "Is Mill Workers PPO through a job, bought by the patient, or TRICARE?" in shown
    (form,) = re.findall(r'<form[^>]*id="order-form"[^>]*>', shown)
    assert 'hx-target="#paying-order"' in form  # the order above the form is drawn anew with it
    assert "questions are due" in shown  # Medicare's
    sent = desk.hidden_fields(shown, form='id="order-form"') | {
        f"through-{job.pk}": "group", f"work-{job.pk}": "working", f"size-{job.pk}": "20_to_99",
    }  # fmt: skip
    piece = browser.post(address(job), sent, headers={"HX-Request": "true"})
    assert piece.status_code == 200
    assert piece.content.decode().lstrip().startswith('<div id="paying-order">')
    shown = browser.get(address(job)).content.decode()
    assert "it pays before Medicare" in shown
    assert "42 CFR 411.172" in shown
    assert "questions are due" not in shown
    fields = desk.hidden_fields(shown, form='id="order-set"')
    answer = browser.post(address(job, "order-set"), fields | {"plan": [str(job.pk), str(medicare.pk)]})
    assert answer.status_code == 303
    assert [one.pk for one in queries.coverages_on(job.patient_id, today(office))] == [job.pk, medicare.pk]
    assert "stand in this order already" in browser.get(address(job)).content.decode()


def test_the_ranks_change_places_and_the_diary_keeps_both(
    office: Any, aged: tuple[Coverage, Coverage]
) -> None:
    medicare, job = aged
    say(office, job, WORKS)
    made = commands.put_in_order(
        rosa(office), patient_id=job.patient_id, day=today(office), order=[job.pk, medicare.pk]
    )
    assert [(one.pk, one.rank) for one in made] == [(job.pk, 1), (medicare.pk, 2)]
    line = AuditLine.objects.get(action="coverage.coverage.put-in-order")
    assert line.patient_ids == [job.patient_id]
    assert line.details["before"] == {str(medicare.pk): 1, str(job.pk): 2}


def test_nothing_is_set_while_something_is_to_be_asked(office: Any, aged: tuple[Coverage, Coverage]) -> None:
    medicare, job = aged
    with pytest.raises(commands.OrderIsOpen):
        commands.put_in_order(
            rosa(office), patient_id=job.patient_id, day=today(office), order=[job.pk, medicare.pk]
        )
    assert [one.pk for one in queries.coverages_on(job.patient_id, today(office))] == [medicare.pk, job.pk]


def test_an_order_that_was_shown_before_the_answers_changed_is_not_set(
    office: Any, aged: tuple[Coverage, Coverage]
) -> None:
    medicare, job = aged
    say(office, job, WORKS)
    say(office, job, Holder("group", "retired", ""), version=1)
    with pytest.raises(StaleForm):
        commands.put_in_order(
            rosa(office), patient_id=job.patient_id, day=today(office), order=[job.pk, medicare.pk]
        )


def test_two_windows_do_not_cover_each_other_up(office: Any, aged: tuple[Coverage, Coverage]) -> None:
    _, job = aged
    say(office, job, WORKS)
    with pytest.raises(StaleForm):
        say(office, job, Holder("individual"))
    assert Coverage.objects.get(pk=job.pk).through == "group"


def test_a_plan_of_somebody_else_is_refused_and_nothing_is_kept(
    office: Any, aged: tuple[Coverage, Coverage]
) -> None:
    _, job = aged
    foreign = make.coverage(make.patient("Okafor", "Joy"), make.plan("Other PPO", "OTHER"))
    with pytest.raises(commands.NotTheirPlan):
        say(office, job, WORKS, ordered_id=foreign.pk)
    with pytest.raises(commands.NotTheirPlan):
        commands.say_who_holds(
            rosa(office), patient_id=job.patient_id, day=today(office), version=0, holders={foreign.pk: WORKS}
        )
    assert not PayingFacts.objects.exists()
    assert Coverage.objects.get(pk=foreign.pk).through == ""


def test_an_earlier_plan_in_the_way_is_told_and_nothing_moves(
    office: Any, aged: tuple[Coverage, Coverage]
) -> None:
    medicare, job = aged
    Coverage.objects.filter(pk=medicare.pk).update(starts_on=date(2015, 1, 1))
    Coverage.objects.filter(pk=job.pk).update(starts_on=date(2020, 1, 1))
    make.coverage(
        medicare.patient,
        make.plan("Old PPO", "OLD"),
        rank=2,
        starts_on=date(2016, 1, 1),
        ends_on=date(2017, 1, 1),
    )
    say(office, job, WORKS)
    with pytest.raises(commands.RankIsTaken, match="earlier or later plan"):
        commands.put_in_order(
            rosa(office), patient_id=job.patient_id, day=today(office), order=[job.pk, medicare.pk]
        )


def test_a_child_of_two_parents_is_asked_about_and_the_birthday_decides(office: Any) -> None:
    child = make.patient("Okafor", "Sam", born_on=date(2018, 5, 5))
    through = {"relationship": "child", "subscriber_family": "Okafor", "subscriber_given": "X"}
    first = make.coverage(
        child, make.plan("Mother PPO", "MOTHER"), **through, subscriber_born_on=date(1985, 9, 1)
    )
    second = make.coverage(
        child,
        make.plan("Father PPO", "FATHER"),
        **through,
        rank=2,
        subscriber_born_on=date(1990, 3, 1),
        member_id="F1",
    )
    browser = desk.signed_in(make.member())
    shown = browser.get(address(first)).content.decode()
    sent = desk.hidden_fields(shown, form='id="order-form"') | {"parents": "together"}
    for one in (first, second):
        sent |= {f"through-{one.pk}": "group", f"work-{one.pk}": "working"}
    browser.post(address(first), sent)
    shown = browser.get(address(first)).content.decode()
    assert "birthday comes earlier in the year" in shown
    order = queries.paying_order(
        child,
        queries.coverages_on(child.pk, today(office)),
        queries.paying_facts(child.pk),
        day=today(office),
    )
    assert [place.plan.name for place in order.places] == ["Father PPO", "Mother PPO"]


def test_two_parents_with_one_plan_are_told_apart_by_name_and_number(office: Any) -> None:
    child, plan = make.patient("Okafor", "Sam", born_on=date(2018, 5, 5)), make.plan()
    through = {"relationship": "child", "subscriber_family": "Okafor"}
    first = make.coverage(
        child, plan, **through, subscriber_given="Ada", subscriber_born_on=date(1985, 9, 1), member_id="M1"
    )
    make.coverage(
        child,
        plan,
        **through,
        subscriber_given="Obi",
        subscriber_born_on=date(1990, 3, 1),
        member_id="F1",
        rank=2,
    )
    browser = desk.signed_in(make.member())
    shown = browser.get(address(first)).content.decode()
    for words in ("Ada Okafor, Blue PPO, member M1", "Obi Okafor, Blue PPO, member F1"):
        assert shown.count(f">{words}</option>") == 2
    sent = desk.hidden_fields(shown, form='id="order-form"') | {"parents": "together"}
    for one in queries.coverages_on(child.pk, today(office)):
        sent |= {f"through-{one.pk}": "group", f"work-{one.pk}": "working"}
    browser.post(address(first), sent)
    shown = browser.get(address(first)).content.decode()
    assert "Obi Okafor&#39;s birthday comes earlier in the year" in shown
    assert "Blue PPO, Obi Okafor" in shown


def test_what_a_court_said_of_a_parent_goes_on_with_the_next_plan_of_that_parent(office: Any) -> None:
    child = make.patient("Okafor", "Sam", born_on=date(2018, 5, 5))
    through = {"relationship": "child", "subscriber_family": "Okafor"}
    ada = through | {"subscriber_given": "Ada", "subscriber_born_on": date(1985, 9, 1)}
    obi = through | {"subscriber_given": "Obi", "subscriber_born_on": date(1990, 3, 1)}
    hers = make.coverage(child, make.plan("Mother PPO", "MOTHER"), **ada)
    make.coverage(child, make.plan("Father PPO", "FATHER"), **obi, rank=2, member_id="F1")
    say(office, hers, WORKS, parents="together", ordered_id=hers.pk)
    next_plan = make.plan("Mother HMO", "HMO")
    commands.switch_payer(
        rosa(office),
        coverage_id=hers.pk,
        version=Coverage.objects.get(pk=hers.pk).version,
        plan_id=next_plan.pk,
        member_id="H1",
        from_on=today(office),
    )
    held = queries.coverages_on(child.pk, today(office))
    for one in held:
        Coverage.objects.filter(pk=one.pk).update(through="group", work="working")
    held = queries.coverages_on(child.pk, today(office))
    order = queries.paying_order(child, held, queries.paying_facts(child.pk), day=today(office))
    assert [place.plan.name for place in order.places] == ["Mother HMO", "Father PPO"]
    assert order.is_settled
    shown = desk.signed_in(make.member()).get(address(hers)).content.decode()
    chosen = re.search(r'<select[^>]*name="ordered".*?</select>', shown, re.DOTALL)
    assert chosen
    assert re.search(r"<option[^>]* selected[^>]*>Ada Okafor, Mother HMO, member H1", chosen[0])


def test_disability_before_the_kidneys_failed_is_asked_and_medicare_stays_first(office: Any) -> None:
    patient = make.patient(born_on=date(1985, 1, 2))
    job = make.coverage(patient, make.plan("Mill Workers PPO", "MILL"), member_id="MW1")
    make.coverage(patient, make.plan("Medicare Part B", "MEDICARE", kind="medicare"), rank=2)
    browser = desk.signed_in(make.member())
    shown = browser.get(address(job)).content.decode()
    sent = desk.hidden_fields(shown, form='id="order-form"') | {
        f"through-{job.pk}": "group", f"work-{job.pk}": "retired", "kidney_since": f"{today(office):%m/%d/%Y}",
    }  # fmt: skip
    browser.post(address(job), sent)
    shown = browser.get(address(job)).content.decode()
    assert "have Medicare by disability already when the kidney failure began?" in shown
    sent |= desk.hidden_fields(shown, form='id="order-form"') | {"was_disabled": "yes"}
    browser.post(address(job), sent)
    shown = browser.get(address(job)).content.decode()
    assert "by disability, when the kidney failure began: it stays first." in shown
    assert re.search(r'<option value="yes" selected', shown)
    assert PayingFacts.objects.get().was_disabled == "yes"


def test_the_spouse_of_the_parent_with_whom_the_child_lives_pays_before_the_other_parent(office: Any) -> None:
    child = make.patient("Okafor", "Sam", born_on=date(2018, 5, 5))
    through = {"relationship": "child", "subscriber_family": "Okafor"}
    obi = through | {"subscriber_given": "Obi", "subscriber_born_on": date(1990, 3, 1)}
    tom = through | {"subscriber_given": "Tom", "subscriber_born_on": date(1988, 9, 1)}
    his = make.coverage(child, make.plan("Father PPO", "FATHER"), **obi)
    step = make.coverage(child, make.plan("Mill PPO", "MILL"), **tom, rank=2, member_id="S1")
    browser = desk.signed_in(make.member())
    shown = browser.get(address(his)).content.decode()
    sent = desk.hidden_fields(shown, form='id="order-form"') | {"parents": "apart"}
    for one, what in ((his, "parent"), (step, "custodians_spouse")):
        sent |= {f"through-{one.pk}": "group", f"of_child-{one.pk}": what}
    refused = browser.post(address(his), sent | {"custody": str(his.pk)})
    assert "its holder is said to be somebody else" in refused.content.decode()
    assert not PayingFacts.objects.exists()
    browser.post(address(his), sent)
    shown = browser.get(address(his)).content.decode()
    assert "The spouse of the parent with whom the child lives pays before the other parent." in shown
    sent = desk.hidden_fields(shown, form='id="order-set"') | {"plan": [str(step.pk), str(his.pk)]}
    assert browser.post(address(his, "order-set"), sent).status_code == 303
    next_one = commands.switch_payer(
        rosa(office), coverage_id=step.pk, version=Coverage.objects.get(pk=step.pk).version,
        plan_id=make.plan("Mill HMO", "MILLH").pk, member_id="S2", from_on=today(office),
    )  # fmt: skip
    assert Coverage.objects.get(pk=next_one.new.pk).of_child == "custodians_spouse"


def test_one_plan_has_nothing_to_put_in_order(office: Any) -> None:
    card = make.coverage(make.patient(), make.plan())
    shown = desk.signed_in(make.member()).get(address(card)).content.decode()
    assert "nothing to put in order" in shown


@pytest.mark.parametrize(
    ("field", "value"),
    [("through", "a friend"), ("work", "' OR 1=1"), ("kidney_since", "the thirtieth of May")],
)
def test_bad_answers_are_told_and_nothing_is_kept(
    office: Any, aged: tuple[Coverage, Coverage], field: str, value: str
) -> None:
    _, job = aged
    browser = desk.signed_in(make.member())
    name = field if field == "kidney_since" else f"{field}-{job.pk}"
    sent = desk.hidden_fields(browser.get(address(job)).content.decode(), form='id="order-form"') | {
        name: value
    }
    assert browser.post(address(job), sent).status_code == 422
    assert browser.post(address(job, "order-set"), {"plan": ["no id"]}).status_code in (409, 422)
    assert not PayingFacts.objects.exists()


def test_who_may_not_edit_coverage_may_not_say_it(office: Any, aged: tuple[Coverage, Coverage]) -> None:
    _, job = aged
    auditor = Actor.of_role(
        "auditor", practice_id=office.pk, user_id=new_id(), name="Ann", now=clock.system_now()
    )
    with pytest.raises(NotPermitted):
        commands.say_who_holds(auditor, patient_id=job.patient_id, day=today(office), version=0, holders={})


def test_the_page_asks_the_database_no_more_for_more_plans(
    office: Any, aged: tuple[Coverage, Coverage]
) -> None:
    _, job = aged
    browser = desk.signed_in(make.member())
    browser.get(address(job))
    with CaptureQueriesContext(connection) as two:
        browser.get(address(job))
    make.coverage(job.patient, make.plan("Third PPO", "THIRD"), rank=3, member_id="T1")
    with CaptureQueriesContext(connection) as three:
        browser.get(address(job))
    assert len(three) == len(two)


def test_another_order_is_said_when_a_card_is_saved_and_on_the_panel(office: Any) -> None:
    patient = make.patient()
    make.coverage(patient, make.plan("Sunrise Medicaid", "SUN", kind="medicaid"))
    make.plan("Medicare Part B", "MEDICARE", kind="medicare")
    browser = desk.signed_in(make.member())
    at = reverse("coverage:coverage-add", args=[patient.pk])
    fields = desk.hidden_fields(browser.get(at).content.decode(), form='id="coverage-form"')
    typed = {"plan": "Medicare Part B", "member_id": "M1", "rank": "2", "starts_on": "1/1/2026"}
    answer = browser.post(at, fields | typed | {"relationship": "self"})
    saved = browser.get(answer["Location"]).content.decode()
    said = "These plans pay in another order: Medicare Part B pays first."
    assert said in saved.replace("&#39;", "'")
    panel = browser.get(reverse("coverage:patient-panel", args=[patient.pk])).content.decode()
    assert said in panel
    assert "questions are due" in panel
    assert reverse("coverage:paying-order", args=[patient.pk]) in panel


def test_plans_that_stand_as_they_pay_say_nothing(office: Any) -> None:
    patient = make.patient()
    make.coverage(patient, make.plan("Blue PPO", "BLUE"))
    make.coverage(patient, make.plan("Sunrise Medicaid", "SUN", kind="medicaid"), rank=2, member_id="S1")
    panel = desk.signed_in(make.member()).get(reverse("coverage:patient-panel", args=[patient.pk]))
    assert "another order" not in panel.content.decode()
