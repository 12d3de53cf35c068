"""Which plan pays first: each rule by its source, unknown facts as questions, no federal rule broken."""

from dataclasses import replace
from datetime import date
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.coverage.rules import order as rules
from daysheet.coverage.rules.order import Household, Order, Plan, medicare_questions_are_due, order_of

TODAY = date(2026, 3, 9)
AGED = Household(date(1955, 1, 2), TODAY)
YOUNG = Household(date(1985, 1, 2), TODAY)
CHILD = Household(date(2018, 5, 5), TODAY, parents="together")


def plan(number: int, kind: rules.Kind = "group", **more: object) -> Plan:
    return Plan(UUID(int=number), f"Plan {number}", kind, **more)  # type: ignore[arg-type]


MEDICARE, MEDICAID, TRICARE = plan(1, "medicare"), plan(2, "medicaid"), plan(3, "tricare")
JOB = plan(4, work="working", size="100_or_more", covered_since=date(2020, 1, 1))
SPOUSES = plan(5, work="working", size="100_or_more", is_own=False, covered_since=date(2021, 1, 1))
MOTHERS = plan(6, is_own=False, is_childs=True, holder_born_on=date(1985, 9, 1), work="working")
FATHERS = plan(7, is_own=False, is_childs=True, holder_born_on=date(1990, 3, 1), work="working")


def first(found: Order) -> list[int]:
    assert found.is_settled, found.questions
    return [place.plan.id.int for place in found.places]


@pytest.mark.parametrize(
    ("plans", "household", "order", "source"),
    [
        ([MEDICARE, JOB], AGED, [4, 1], rules.WORKED_FOR),
        ([MEDICARE, replace(JOB, size="20_to_99")], AGED, [4, 1], rules.WORKED_FOR),
        ([MEDICARE, replace(JOB, size="under_20")], AGED, [1, 4], rules.WORKED_FOR),
        ([MEDICARE, replace(JOB, work="retired")], AGED, [1, 4], rules.WORKED_FOR),
        ([MEDICARE, replace(JOB, work="cobra")], AGED, [1, 4], rules.WORKED_FOR),
        ([MEDICARE, SPOUSES], AGED, [5, 1], rules.WORKED_FOR),
        ([MEDICARE, JOB], YOUNG, [4, 1], rules.DISABLED),
        ([MEDICARE, replace(JOB, size="20_to_99")], YOUNG, [1, 4], rules.DISABLED),
        ([MEDICARE, plan(8, "individual")], AGED, [1, 8], rules.WORKED_FOR),
        ([MEDICARE, TRICARE], AGED, [1, 3], rules.MILITARY),
        ([MEDICARE, MEDICAID], AGED, [1, 2], rules.LAST_RESORT),
        ([TRICARE, JOB], YOUNG, [4, 3], rules.MILITARY),
        ([TRICARE, MEDICAID], YOUNG, [3, 2], rules.LAST_RESORT),
        ([JOB, SPOUSES], YOUNG, [4, 5], rules.MODEL),
        ([MOTHERS, FATHERS], CHILD, [7, 6], rules.MODEL),
        ([JOB, replace(SPOUSES, is_own=True, work="retired")], YOUNG, [4, 5], rules.MODEL),
        ([replace(JOB, work="cobra"), replace(SPOUSES, is_own=True, work="retired")], YOUNG, [5, 4], rules.MODEL),
        ([JOB, replace(JOB, id=UUID(int=9), covered_since=date(2019, 1, 1))], YOUNG, [9, 4], rules.MODEL),
    ],
)  # fmt: skip
def test_two_plans_by_their_rule(
    plans: list[Plan], household: Household, order: list[int], source: str
) -> None:
    for turned in permutations(plans):
        found = order_of(turned, household)
        assert first(found) == order
        assert found.places[0].why is not None
        assert found.places[0].why.source == source


@pytest.mark.parametrize(("months", "order"), [(0, [4, 1]), (29, [4, 1]), (30, [1, 4])])
def test_kidney_failure_turns_after_thirty_months(months: int, order: list[int]) -> None:
    since = date(2026 - (months + 9) // 12, (3 - months - 1) % 12 + 1, 1)
    household = replace(YOUNG, kidney_since=since, was_disabled="no")
    assert first(order_of([MEDICARE, replace(JOB, work="retired")], household)) == order


def test_after_those_months_medicare_pays_first_though_the_job_is_held_now() -> None:
    """42 CFR 411.163; SSA POMS HI 00801.247: at the end of the period, even by a job held now."""
    for job in (JOB, replace(JOB, work="", size="")):
        for household in (YOUNG, AGED):
            found = order_of([MEDICARE, job], replace(household, kidney_since=date(2023, 9, 1)))
            assert first(found) == [1, 4]
            assert found.places[0].why is not None
            assert found.places[0].why.source == rules.STAYS_FIRST


def test_a_visit_before_the_kidneys_failed_goes_by_the_rules_of_that_day() -> None:
    later = replace(YOUNG, kidney_since=date(2026, 4, 1))
    assert first(order_of([MEDICARE, replace(JOB, work="retired")], later)) == [1, 4]


OLD = replace(AGED, kidney_since=date(2026, 1, 1))


@pytest.mark.parametrize(
    ("job", "order", "source"),
    [
        (replace(JOB, work="retired"), [1, 4], rules.STAYS_FIRST),
        (replace(JOB, size="under_20"), [1, 4], rules.STAYS_FIRST),
        (replace(JOB, size="20_to_99"), [4, 1], rules.KIDNEY),
    ],
)
def test_where_medicare_paid_first_by_age_before_the_kidneys_failed_it_stays_first(
    job: Plan, order: list[int], source: str
) -> None:
    found = order_of([MEDICARE, job], OLD)
    assert first(found) == order
    assert found.places[0].why is not None
    assert found.places[0].why.source == source


DISABLED = replace(YOUNG, kidney_since=date(2026, 1, 1), was_disabled="yes")


@pytest.mark.parametrize(
    ("job", "order", "source"),
    [
        (replace(JOB, work="retired"), [1, 4], rules.STAYS_FIRST),
        (replace(JOB, size="20_to_99"), [1, 4], rules.STAYS_FIRST),
        (JOB, [4, 1], rules.KIDNEY),
    ],
)
def test_where_medicare_paid_first_by_disability_before_the_kidneys_failed_it_stays_first(
    job: Plan, order: list[int], source: str
) -> None:
    found = order_of([MEDICARE, job], DISABLED)
    assert first(found) == order
    assert found.places[0].why is not None
    assert found.places[0].why.source == source


def test_disability_is_asked_only_where_it_decides() -> None:
    unsaid = replace(DISABLED, was_disabled="")
    small = replace(JOB, size="20_to_99")
    (asked,) = order_of([MEDICARE, small], unsaid).questions
    assert (asked.key, asked.plan_id) == ("was_disabled", MEDICARE.id)
    assert first(order_of([MEDICARE, JOB], unsaid)) == [4, 1]
    assert first(order_of([MEDICARE, small], replace(unsaid, was_disabled="no"))) == [4, 1]
    assert first(order_of([MEDICARE, replace(small, work="")], replace(unsaid, was_disabled="no"))) == [4, 1]
    unsaid = replace(unsaid, kidney_since=date(2023, 9, 1))  # the months are over
    assert first(order_of([MEDICARE, small], unsaid)) == [1, 4]


def test_whether_it_did_is_asked() -> None:
    for job, key in ((replace(JOB, work=""), "work"), (replace(JOB, size=""), "size")):
        assert [one.key for one in order_of([MEDICARE, job], OLD).questions] == [key]


def test_with_joint_custody_or_a_decree_that_names_both_the_birthday_decides() -> None:
    assert first(order_of([MOTHERS, FATHERS], replace(CHILD, parents="jointly"))) == [7, 6]


def test_custody_that_is_known_is_not_asked_of_two_others() -> None:
    step = replace(MOTHERS, id=UUID(int=8), covered_since=date(2019, 1, 1))
    fathers = replace(FATHERS, covered_since=date(2020, 1, 1))
    apart = replace(CHILD, parents="apart", custody=MOTHERS.id)
    asked = order_of([MOTHERS, fathers, step], apart).questions
    assert [(one.key, one.plan_id) for one in asked] == [("of_child", fathers.id), ("of_child", step.id)]
    ended = order_of([fathers, step], apart)
    assert [one.key for one in ended.questions] == ["custody"]


def test_parents_apart_and_their_spouses_pay_in_the_order_of_the_states_model() -> None:
    """Whatever job stands behind a plan, and however long it is held."""
    hers = replace(MOTHERS, of_child="custodian", work="cobra", covered_since=date(2025, 1, 1))
    her_husbands = replace(MOTHERS, id=UUID(int=8), of_child="custodians_spouse", work="retired")
    his = replace(FATHERS, of_child="parent", covered_since=date(2019, 1, 1))
    his_wifes = replace(FATHERS, id=UUID(int=9), of_child="parents_spouse", covered_since=date(2010, 1, 1))
    apart = replace(CHILD, parents="apart")
    for turned in permutations([hers, her_husbands, his, his_wifes]):
        found = order_of(turned, apart)
        assert first(found) == [6, 8, 7, 9]
        assert all(place.why and place.why.source == rules.MODEL for place in found.places[:-1])
    assert first(order_of([his_wifes, her_husbands], apart)) == [8, 9]
    assert first(order_of([his_wifes, his], apart)) == [7, 9]
    assert first(order_of([his, her_husbands], replace(apart, ordered=his.id))) == [7, 8]
    unsaid = order_of([his, replace(her_husbands, of_child="")], apart)
    assert [(one.key, one.plan_id) for one in unsaid.questions] == [("of_child", UUID(int=8))]


def test_two_plans_of_one_parent_apart_go_by_the_job_and_the_length() -> None:
    one = replace(MOTHERS, of_child="custodian", covered_since=date(2020, 1, 1))
    other = replace(one, id=UUID(int=8), covered_since=date(2019, 1, 1))
    assert first(order_of([one, other], replace(CHILD, parents="apart"))) == [8, 6]


def test_a_case_pays_for_its_own_injury_alone() -> None:
    case = plan(10, "workers")
    assert first(order_of([JOB, case], replace(YOUNG, is_injury_of_the_case=True))) == [10, 4]
    assert first(order_of([JOB, case], YOUNG)) == [4]


def test_the_year_of_birth_does_not_count_and_one_birthday_leaves_it_to_the_longer() -> None:
    same = replace(MOTHERS, holder_born_on=date(1960, 3, 1), covered_since=date(2015, 1, 1))
    longer = replace(FATHERS, covered_since=date(2010, 1, 1))
    assert first(order_of([same, longer], CHILD)) == [7, 6]
    for work in ("", "retired"):  # the longer one, whatever stands behind it
        assert first(order_of([same, replace(longer, work=work)], CHILD)) == [7, 6]


def test_a_court_comes_before_custody_and_custody_before_birthdays() -> None:
    apart = replace(CHILD, parents="apart", custody=MOTHERS.id)
    assert first(order_of([MOTHERS, FATHERS], apart)) == [6, 7]
    assert first(order_of([MOTHERS, FATHERS], replace(apart, ordered=FATHERS.id))) == [7, 6]


@pytest.mark.parametrize(
    ("plans", "household", "asked"),
    [
        ([MEDICARE, replace(JOB, work="")], AGED, {("work", 4)}),
        ([MEDICARE, replace(JOB, size="")], AGED, {("size", 4)}),
        ([MOTHERS, FATHERS], replace(CHILD, parents=""), {("parents", None)}),
        ([MOTHERS, FATHERS], replace(CHILD, parents="apart"), {("custody", None)}),
        ([replace(MOTHERS, holder_born_on=None), FATHERS], CHILD, {("birthday", 6)}),
        ([replace(JOB, work=""), replace(SPOUSES, is_own=True, work="")], YOUNG, {("work", 4), ("work", 5)}),
        ([JOB, plan(13, "")], YOUNG, {("through", 13)}),
        ([plan(11, "individual"), plan(12, "individual")], YOUNG, {("ask_plans", None)}),
    ],
)
def test_what_is_not_known_is_asked_and_not_guessed(
    plans: list[Plan], household: Household, asked: set[tuple[str, int | None]]
) -> None:
    found = order_of(plans, household)
    assert not found.is_settled
    assert {(one.key, one.plan_id.int if one.plan_id else None) for one in found.questions} == asked
    assert all(one.sentence.endswith(("?", ".")) for one in found.questions)


def test_where_the_states_rules_would_go_round_the_federal_ones_decide() -> None:
    """A retired person's own plan, Medicare, and the plan of a spouse who works: the spouse's, Medicare, the own."""
    own = replace(JOB, work="retired")
    for turned in permutations([own, MEDICARE, SPOUSES]):
        assert first(order_of(turned, AGED)) == [5, 1, 4]


def test_one_plan_or_none_needs_no_rule() -> None:
    assert first(order_of([JOB], YOUNG)) == [4]
    assert order_of([], YOUNG) == Order(())


def test_medicares_questions_come_again_after_ninety_days() -> None:
    assert medicare_questions_are_due(None, today=TODAY, has_medicare=True)
    assert not medicare_questions_are_due(date(2025, 12, 10), today=TODAY, has_medicare=True)
    assert medicare_questions_are_due(date(2025, 12, 9), today=TODAY, has_medicare=True)
    assert not medicare_questions_are_due(None, today=TODAY, has_medicare=False)


kinds = st.sampled_from(["", "group", "individual", "medicare", "medicaid", "tricare", "workers", "auto"])
days = st.none() | st.dates(date(1930, 1, 1), date(2010, 12, 31))
any_plan = st.builds(
    Plan, st.uuids(), st.just("A plan"), kinds, is_own=st.booleans(), is_childs=st.booleans(), holder_born_on=days,
    work=st.sampled_from(["", "working", "retired", "cobra"]), of_child=st.sampled_from(["", *rules.APART]),
    size=st.sampled_from(["", "under_20", "20_to_99", "100_or_more"]), covered_since=days,
)  # fmt: skip
any_household = st.builds(
    Household, st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.just(TODAY), is_injury_of_the_case=st.booleans(),
    kidney_since=st.none() | st.dates(date(2020, 1, 1), TODAY),
    was_disabled=st.sampled_from(["", "yes", "no"]), parents=st.sampled_from(["", "together", "apart", "jointly"]),
)  # fmt: skip


@given(st.lists(any_plan, max_size=6, unique_by=lambda one: one.id), any_household, st.randoms())
def test_any_plans_stand_in_one_order_whatever_order_they_come_in(
    plans: list[Plan], household: Household, chance: object
) -> None:
    found = order_of(plans, household)
    again = list(plans)
    chance.shuffle(again)  # type: ignore[attr-defined]
    assert order_of(again, household).places == found.places
    placed = [place.plan for place in found.places]
    beside_cases = [one for one in placed if one.kind not in ("workers", "auto")]
    if any(not one.kind for one in beside_cases) and len(beside_cases) > 1:
        assert not found.is_settled
        return
    counts = [one for one in plans if one.kind not in ("workers", "auto") or household.is_injury_of_the_case]
    assert sorted(placed, key=lambda one: one.id) == sorted(counts, key=lambda one: one.id)
    ranks = {"workers": 0, "auto": 0}
    last = [ranks.get(one.kind, 2 if one.kind == "medicaid" else 1) for one in placed]
    assert last == sorted(last)  # cases first, Medicaid last
    if any(one.kind == "tricare" for one in placed):
        after = placed[next(at for at, one in enumerate(placed) if one.kind == "tricare") :]
        assert {one.kind for one in after} <= {"tricare", "medicaid"}
