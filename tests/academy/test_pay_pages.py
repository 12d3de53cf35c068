"""The pay pages: a figure for every place, honest where there is none, and odd input."""

import csv
import io

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from daysheet.academy.figures import pack
from daysheet.academy.pay import queries

pytestmark = pytest.mark.django_db


def body(address: str, **query: str) -> str:
    answer = Client().get(address, query)
    assert answer.status_code == 200
    assert not answer.cookies
    assert len(answer.content) <= 50_000
    return answer.content.decode()


def test_the_nation_is_the_first_answer() -> None:
    page = body("/academy/pay/")
    assert "$45,930" in page
    assert "official" in page


def test_a_state_stands_before_the_nation_with_its_buying_power() -> None:
    page = body("/academy/pay/", state="CA")
    assert "$54,490" in page
    assert "$45,930" in page
    assert "nobody pays this wage" in page
    assert "third-party extract, unverified" in page


def test_an_hour_is_a_year_divided_by_2080() -> None:
    assert "$22.08" in body("/academy/pay/", per="hour")


def test_ones_own_pay_finds_its_place() -> None:
    assert "About 22 of 100" in body("/academy/pay/", wage="38000")
    assert "under the lowest tenth" in body("/academy/pay/", wage="9", per="hour")


def test_the_guides_claims_are_off_until_asked_for_and_never_pass_as_wages() -> None:
    assert "ac-claim" not in body("/academy/pay/", state="MS")
    page = body("/academy/pay/", state="MS", claims="on")
    assert page.count("ac-claim") == 3
    assert "$44,290" in page  # Mississippi's median of 36,290 and CMOM's claim of 8,000
    assert "above the highest tenth there" in page


def test_a_metro_of_another_state_is_left_out() -> None:
    assert "California" in body("/academy/pay/", state="CA", metro="0010180")


def test_pay_that_is_not_released_is_said() -> None:
    row = pack.row(
        "select a.area, a.state, w.soc from wages w join areas a using (area)"
        " where p50 is null and a.kind = 'S' and a.state is not null limit 1"
    )
    assert row is not None
    page = body("/academy/pay/", state=row["state"], soc=row["soc"])
    assert "not released" in page or "does not release" in page


@pytest.mark.parametrize(
    "query",
    [
        {"wage": "-5"},
        {"wage": "9" * 300},
        {"state": "XX"},
        {"soc": "<script>"},
        {"state": "'; drop table wages"},
    ],
    ids=["negative", "huge", "no such state", "script", "sql"],
)
def test_odd_words_get_a_sentence(query: dict[str, str]) -> None:
    page = body("/academy/pay/", **query)
    assert "error-summary" in page
    assert "<script>" not in page


def test_the_states_sort_by_what_one_asks() -> None:
    page = body("/academy/pay/states/", sort="-median")
    assert page.index("Washington</a>") < page.index("California</a>") < page.index("Mississippi</a>")
    assert 'aria-sort="descending"' in page
    assert page.count("ac-tile ") == 51


def test_the_ladder_tells_growth_openings_and_the_caution() -> None:
    page = body("/academy/ladder/")
    assert "+4.2 %" in page
    assert "artificial intelligence" in page
    assert "$123,860" in page


def test_the_table_can_be_taken_along() -> None:
    answer = Client().get("/academy/data/wages.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    mine = [
        row for row in rows if row["soc"] == "43-6013" and row["state"] == "CA" and row["area"] == "0600000"
    ]
    assert [row["p50"] for row in mine] == ["54490"]
    assert (
        Client().get("/academy/data/wages.json").json()["source"]["publisher"] == "Bureau of Labor Statistics"
    )


def test_no_page_of_figures_asks_the_offices_database(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        Client().get("/academy/pay/", {"state": "TX", "wage": "40000"})


def test_every_occupation_of_the_ladder_has_wages() -> None:
    assert all(wage is not None and wage.median for _, wage, _ in queries.ladder())
