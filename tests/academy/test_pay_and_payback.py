"""Reading a wage curve and paying back a course: never outside what is published, never a false promise."""

from datetime import date
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daysheet.academy.pay.rules import (
    PUBLISHED,
    Curve,
    buying_power,
    by_experience,
    curve,
    percentile_of,
    wage_at,
)
from daysheet.academy.planner.rules.entry import ENTRY, may_sit
from daysheet.academy.planner.rules.payback import (
    Costs,
    forgone_wages,
    grid,
    net_cost,
    payback_months,
)
from daysheet.academy.planner.rules.renewal import RENEWALS, standing, years_on

NATION = Curve(((10, 35930), (25, 38570), (50, 45930), (75, 50580), (90, 60530)))


@st.composite
def curves(draw: st.DrawFn) -> Curve:
    wages = sorted(draw(st.lists(st.integers(15_000, 239_200), min_size=5, max_size=5)))
    kept = draw(st.lists(st.sampled_from(range(5)), min_size=0, max_size=5, unique=True))
    return curve({f"p{PUBLISHED[i]}": wages[i] for i in kept})


@given(curves(), st.floats(0, 100), st.floats(0, 100))
def test_a_higher_percentile_never_earns_less(of: Curve, one: float, other: float) -> None:
    low, high = wage_at(of, min(one, other)), wage_at(of, max(one, other))
    if low is not None and high is not None:
        assert low <= high


@given(curves(), st.floats(0, 100))
def test_nothing_is_read_outside_the_published_points(of: Curve, percentile: float) -> None:
    wage = wage_at(of, percentile)
    if wage is None:
        return
    assert of.low is not None
    assert of.high is not None
    assert of.low <= wage <= of.high
    assert of.points[0][0] <= percentile <= of.points[-1][0]


def test_a_published_point_is_read_as_published() -> None:
    assert [wage_at(NATION, point) for point in PUBLISHED] == [35930, 38570, 45930, 50580, 60530]


@pytest.mark.parametrize(
    ("wage", "stands"), [(38_000, 22), (44_000, 43), (52_000, 77), (35_000, "under"), (70_000, "over")]
)
def test_the_guides_bands_stand_where_our_mapping_says(wage: int, stands: object) -> None:
    assert percentile_of(NATION, wage) in ({stands, 77} if stands == 77 else {stands})


def test_the_first_and_the_last_span_stay_open() -> None:
    spans = by_experience(NATION)
    assert spans[0].low is None
    assert spans[-1].high is None
    assert all(one.high == other.low for one, other in pairwise(spans))


def test_a_suppressed_curve_says_nothing() -> None:
    nothing = curve({"p10": None, "p50": None})
    assert wage_at(nothing, 50) is None
    assert percentile_of(nothing, 40_000) is None


def test_buying_power_is_the_wage_itself_at_the_nations_prices() -> None:
    assert buying_power(45_930, 100) == 45_930
    assert buying_power(54_490, 112.6) < 54_490


@given(st.integers(0, 200_000), st.integers(-50_000, 100_000))
def test_payback_is_never_negative_and_never_exactly_without_gain(net: int, gain: int) -> None:
    months = payback_months(net, gain)
    assert (months == "never") == (gain <= 0)
    if months != "never":
        assert months >= 0
        assert months * gain >= 12 * net
        assert months == 0 or (months - 1) * gain < 12 * net


@pytest.mark.parametrize(
    ("low", "high", "total"),
    [
        (Costs(2000, 100, 100, 30, 100, 155), Costs(8000, 300, 300, 75, 200, 155), (2485, 9030)),
        (Costs(3000, 200, 100, 30, 100, 155), Costs(10000, 500, 300, 75, 200, 155), (3585, 11230)),
        (Costs(5000, 300, 100, 30, 100, 155), Costs(12000, 600, 300, 75, 200, 155), (5685, 13330)),
        (Costs(1500, 50, 100, 30, 100, 155), Costs(5000, 150, 300, 75, 200, 155), (1935, 5880)),
        (Costs(10000, 0, 100, 30, 100, 155), Costs(20000, 0, 300, 75, 200, 155), (10385, 20730)),
    ],
)
def test_a_program_costs_the_sum_of_its_parts(low: Costs, high: Costs, total: tuple[int, int]) -> None:
    assert (low.total, high.total) == total


def test_aid_above_the_cost_is_not_paid_out() -> None:
    assert net_cost(2000, [7395]) == 0
    assert net_cost(2000, [500], forgone=300) == 1800
    assert forgone_wages(30_000, 24_000, 6) == 3_000
    assert forgone_wages(20_000, 24_000, 6) == 0


def test_a_pay_that_is_not_published_leaves_its_field_empty() -> None:
    rows = grid([1000, 2000], [38_570, None, 30_000], 38_010)
    assert rows[0][1].months is None
    assert rows[0][2].months == "never"
    assert rows[1][0].months == 43


CMAA = list(product([0, 1], repeat=3))


@pytest.mark.parametrize(("school", "program", "years"), CMAA)
def test_who_may_sit_the_cmaa(school: int, program: int, years: int) -> None:
    said = may_sit(ENTRY["cmaa"], {"high_school": school, "program": program, "office_years": years})
    assert (said.answer == "yes") == bool(school and (program or years))
    if said.answer == "not yet" and school:
        assert {way[0].key for way in said.missing} == {"program", "office_years"}


@pytest.mark.parametrize(
    ("training", "hours", "answer"), [(720, 160, "yes"), (719, 160, "unknown"), (720, 159, "unknown")]
)
def test_the_cmas_has_other_routes_so_nobody_is_told_no(training: int, hours: int, answer: str) -> None:
    assert may_sit(ENTRY["cmas"], {"program_hours": training, "externship_hours": hours}).answer == answer


def test_an_unseen_rule_tells_nobody_yes_or_no() -> None:
    assert may_sit(ENTRY["cbcs"], {"high_school": 1}).answer == "unknown"


def test_management_exams_ask_what_their_issuers_ask() -> None:
    assert may_sit(ENTRY["cmom"], {"management_years": 2}).answer == "not yet"
    assert may_sit(ENTRY["cmom"], {"management_years": 2, "management_training": 1}).answer == "yes"
    assert may_sit(ENTRY["cppm"], {"management_years": 2}).answer == "yes"
    assert may_sit(ENTRY["rhit"], {}).missing[0][0].key == "him_degree"


def test_a_certificate_of_february_29_runs_out_on_the_28th() -> None:
    assert years_on(date(2024, 2, 29), 2) == date(2026, 2, 28)
    assert years_on(date(2024, 2, 29), 4) == date(2028, 2, 29)


def test_a_tracker_says_what_is_open_and_when_to_be_reminded() -> None:
    now = standing(date(2025, 1, 10), RENEWALS["cmaa"], 4, date(2026, 11, 25))
    assert (now.expires_on, now.days_left, now.credits_open) == (date(2027, 1, 10), 46, 6)
    assert now.remind_on == (date(2026, 12, 11), date(2027, 1, 3))
    late = standing(date(2020, 1, 10), RENEWALS["cmom"], 0, date(2026, 11, 25))
    assert late.days_left < 0
    assert late.credits_open is None
